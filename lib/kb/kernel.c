#include "kb/kernel.h"

#include <stdio.h>

struct sp_kernel_text
sp_kernel_text(sp_kernel kernel)
{
    struct sp_kernel_text text = { .text = "" };

    unsigned major = kernel >> 16 & 0xff;
    unsigned minor = kernel >> 8 & 0xff;
    unsigned patch = kernel & 0xff;

    if (patch != 0) {
        snprintf(text.text, sizeof text.text, "%u.%u.%u", major, minor, patch);
    } else if (kernel != 0) {
        snprintf(text.text, sizeof text.text, "%u.%u", major, minor);
    }
    return text;
}
