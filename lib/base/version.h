/* Versions of kernels, engines and libraries: up to three numbers. */
#ifndef SP_BASE_VERSION_H
#define SP_BASE_VERSION_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct sp_version {
    uint16_t major;
    uint16_t minor;
    uint16_t patch;
};

/* Room for the text of any version. */
enum { SP_VERSION_TEXT = 20 };

/* "6", "6.1" or "6.1.38", each part at most 65535; anything else gives false.
 * Missing parts are 0. */
bool
sp_version_parse(struct sp_str text, struct sp_version *ret_version);

int
sp_version_compare(struct sp_version left, struct sp_version right);

#endif
