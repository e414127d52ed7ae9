/* Numbers where names belong: `59`, `0x3b`, `syscall_0x1b3`. */
#ifndef SP_LINT_NAMES_NUMBER_H
#define SP_LINT_NAMES_NUMBER_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* True and the number when the name is one, bare or as trace tools write a call that they have
 * no name for. */
bool
sp_names_number(struct sp_str name, uint64_t *ret_number);

#endif
