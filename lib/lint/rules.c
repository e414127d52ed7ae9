#include "lint/form_rules.h"
#include "lint/lint.h"
#include "lint/meaning_rules.h"
#include "lint/names_rules.h"

#define DOCUMENT(code_, check_) \
    { .code = code_, .phase = SP_PHASE_DOCUMENT, .check = check_ }
#define PROFILE(code_, check_) \
    { .code = code_, .phase = SP_PHASE_PROFILE, .check = check_ }
#define MEANING(code_, check_) \
    { .code = code_, .phase = SP_PHASE_MEANING, .check = check_ }

const struct sp_lint_rule sp_lint_rules[] = {
    PROFILE(102, sp_form_duplicate_keys),
    PROFILE(103, sp_form_unknown_keys),
    PROFILE(104, sp_form_key_case),
    PROFILE(105, sp_form_wrong_types),
    DOCUMENT(106, sp_form_not_a_profile),
    DOCUMENT(107, sp_form_runs_unconfined),
    PROFILE(108, sp_form_unknown_actions),
    PROFILE(109, sp_form_unknown_operators),
    PROFILE(110, sp_form_unknown_flags),
    PROFILE(111, sp_form_unknown_architectures),
    PROFILE(112, sp_form_legacy_name),
    PROFILE(113, sp_form_empty_names),
    PROFILE(114, sp_form_arch_and_arch_map),
    PROFILE(115, sp_form_bad_min_kernel),
    PROFILE(116, sp_form_too_large),
    PROFILE(117, sp_form_missing_default),
    PROFILE(118, sp_form_null_entries),
    PROFILE(201, sp_check_unknown_syscall),
    PROFILE(202, sp_check_wrong_arch_syscall),
    PROFILE(203, sp_check_removed_syscall),
    PROFILE(204, sp_check_duplicate_name),
    PROFILE(205, sp_check_unknown_capability),
    PROFILE(206, sp_check_unknown_guard_arch),
    PROFILE(207, sp_check_target_libseccomp),
    PROFILE(208, sp_check_numeric_name),
    PROFILE(209, sp_check_pseudo_name),
    MEANING(301, sp_check_rule_never_decides),
    MEANING(302, sp_check_equal_to_default),
    MEANING(303, sp_check_order_dependent),
    MEANING(304, sp_check_conflicting_actions),
    MEANING(305, sp_check_guard_shadowed),
    MEANING(306, sp_check_guard_impossible),
    MEANING(307, sp_check_denies_everything),
    MEANING(308, sp_check_no_effect),
    MEANING(309, sp_check_split_rules),
    MEANING(310, sp_check_redundant_for_caps),
    MEANING(311, sp_check_engine_refuses_pair),
    MEANING(312, sp_check_swallowed_rule),
    MEANING(313, sp_check_dead_name_disables),
    MEANING(314, sp_check_listing_moves_enosys),
    MEANING(401, sp_check_arg_width),
    MEANING(402, sp_check_same_index),
    MEANING(403, sp_check_never_true),
    MEANING(404, sp_check_always_true),
    MEANING(405, sp_check_pointer_argument),
    MEANING(406, sp_check_multiplexer_open),
    MEANING(407, sp_check_clone_mask),
    MEANING(408, sp_check_sibling_unfiltered),
    PROFILE(409, sp_check_index_range),
    MEANING(410, sp_check_value_two),
    MEANING(411, sp_check_ne_list),
    MEANING(412, sp_check_multi_arch_args),
    MEANING(413, sp_check_masked_zero),
    MEANING(414, sp_check_miscompiled),
    MEANING(415, sp_check_compilation),
    MEANING(416, sp_check_upper_half),
    MEANING(417, sp_check_many_conditions),
    MEANING(713, sp_check_start_refused),
};

const size_t sp_lint_rule_count = sizeof sp_lint_rules / sizeof *sp_lint_rules;
