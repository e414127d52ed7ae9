/* SP401 in two parts: which rules are at fault, and what is said of them. */
#ifndef SP_LINT_ARGS_WIDTH_H
#define SP_LINT_ARGS_WIDTH_H

#include "lint/args_find.h"

/* The first argument in which two calls that are not the same differ. */
unsigned
sp_args_first_difference(const uint64_t args[SP_ARGS], const uint64_t twin[SP_ARGS]);

/* Tells of a rule whose `args` can be passed; the twin of its witness is the refused call. */
void
sp_args_tell_width(const struct sp_lint *lint, const struct sp_args_find *find);

#endif
