/* Where the arguments of a call are not in the same places on every architecture. */
#ifndef SP_LINT_ARGS_ABI_H
#define SP_LINT_ARGS_ABI_H

#include "kb/kb.h"

#include <stdbool.h>

/* s390 and s390x, which give clone its stack first (CONFIG_CLONE_BACKWARDS2). */
bool
sp_args_is_s390(const struct sp_kb_arch *arch);

/* The argument of clone or unshare that has the flags. */
unsigned
sp_args_flags(const struct sp_kb_syscall *call, const struct sp_kb_arch *arch);

/* Has it 64 bits everywhere?  On a 32-bit ABI it takes two places then. */
bool
sp_args_is_wide(const struct sp_kb_arg *arg);

#endif
