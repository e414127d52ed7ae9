/* Kernel versions of the knowledge base as text. */
#ifndef SP_KB_KERNEL_H
#define SP_KB_KERNEL_H

#include "kb/kb.h"

struct sp_kernel_text {
    char text[12];
};

/* "5.10", "2.6.23"; "" for an unknown version. */
struct sp_kernel_text
sp_kernel_text(sp_kernel kernel);

#endif
