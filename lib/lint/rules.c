#include "lint/form_rules.h"
#include "lint/lint.h"
#include "lint/names_rules.h"

#define DOCUMENT(code_, check_) \
    { .code = code_, .phase = SP_PHASE_DOCUMENT, .check = check_ }
#define PROFILE(code_, check_) \
    { .code = code_, .phase = SP_PHASE_PROFILE, .check = check_ }

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
    PROFILE(409, sp_check_index_range),
};

const size_t sp_lint_rule_count = sizeof sp_lint_rules / sizeof *sp_lint_rules;
