/* The rules about what a profile does (3xx: rules together; 4xx: arguments; 713), for the table in
 * rules.c. */
#ifndef SP_LINT_MEANING_RULES_H
#define SP_LINT_MEANING_RULES_H

#include "lint/lint.h"

void sp_check_rule_never_decides(const struct sp_lint *lint);
void sp_check_equal_to_default(const struct sp_lint *lint);
void sp_check_order_dependent(const struct sp_lint *lint);
void sp_check_conflicting_actions(const struct sp_lint *lint);
void sp_check_guard_shadowed(const struct sp_lint *lint);
void sp_check_guard_impossible(const struct sp_lint *lint);
void sp_check_denies_everything(const struct sp_lint *lint);
void sp_check_no_effect(const struct sp_lint *lint);
void sp_check_split_rules(const struct sp_lint *lint);
void sp_check_redundant_for_caps(const struct sp_lint *lint);
void sp_check_engine_refuses_pair(const struct sp_lint *lint);
void sp_check_swallowed_rule(const struct sp_lint *lint);
void sp_check_dead_name_disables(const struct sp_lint *lint);
void sp_check_listing_moves_enosys(const struct sp_lint *lint);
void sp_check_arg_width(const struct sp_lint *lint);
void sp_check_same_index(const struct sp_lint *lint);
void sp_check_start_refused(const struct sp_lint *lint);
void sp_check_never_true(const struct sp_lint *lint);
void sp_check_always_true(const struct sp_lint *lint);
void sp_check_pointer_argument(const struct sp_lint *lint);
void sp_check_value_two(const struct sp_lint *lint);
void sp_check_ne_list(const struct sp_lint *lint);
void sp_check_masked_zero(const struct sp_lint *lint);
void sp_check_upper_half(const struct sp_lint *lint);
void sp_check_many_conditions(const struct sp_lint *lint);
void sp_check_multiplexer_open(const struct sp_lint *lint);
void sp_check_clone_mask(const struct sp_lint *lint);
void sp_check_multi_arch_args(const struct sp_lint *lint);
void sp_check_sibling_unfiltered(const struct sp_lint *lint);
void sp_check_miscompiled(const struct sp_lint *lint);
void sp_check_compilation(const struct sp_lint *lint);

#endif
