/* Rules SP201 to SP209 and SP409: names, guards' words, argument numbers. */
#ifndef SP_LINT_NAMES_RULES_H
#define SP_LINT_NAMES_RULES_H

#include "lint/lint.h"

void
sp_check_unknown_syscall(const struct sp_lint *lint);

void
sp_check_wrong_arch_syscall(const struct sp_lint *lint);

void
sp_check_removed_syscall(const struct sp_lint *lint);

void
sp_check_duplicate_name(const struct sp_lint *lint);

void
sp_check_unknown_capability(const struct sp_lint *lint);

void
sp_check_unknown_guard_arch(const struct sp_lint *lint);

void
sp_check_target_libseccomp(const struct sp_lint *lint);

void
sp_check_numeric_name(const struct sp_lint *lint);

void
sp_check_pseudo_name(const struct sp_lint *lint);

void
sp_check_index_range(const struct sp_lint *lint);

#endif
