/* The names that the installed libseccomp lacks, by number. */
#ifndef SP_SEM_COMPILE_NUMBERS_H
#define SP_SEM_COMPILE_NUMBERS_H

#include "sem/compile_libseccomp.h"

/* Writes to `fd` what answers the calls that only a newer libseccomp knows, and passes all others
 * on to the instructions behind it; nothing when there is no such call.  For the child. */
struct sp_build
sp_compile_numbers(const struct sp_filter_rules *rules, int fd);

#endif
