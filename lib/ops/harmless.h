/* Calls that do nothing when all bits of their arguments are set. */
#ifndef SP_OPS_HARMLESS_H
#define SP_OPS_HARMLESS_H

#include <stdbool.h>
#include <stddef.h>

/* Is `name` a call that changes nothing and comes back at once, on every ABI, when every
 * argument is all ones, made by a process of its own?  It asks only about the process itself,
 * or there is no such descriptor, address, process or flag. */
bool
sp_harmless_has(const char *name);

/* The n-th name, in order; NULL past the last. */
const char *
sp_harmless_name(size_t n);

#endif
