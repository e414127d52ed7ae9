/* The form rules: the file as text and as JSON, before what it means. */
#ifndef SP_LINT_FORM_RULES_H
#define SP_LINT_FORM_RULES_H

#include "lint/lint.h"

void sp_form_duplicate_keys(const struct sp_lint *lint);         /* SP102 */
void sp_form_unknown_keys(const struct sp_lint *lint);           /* SP103 */
void sp_form_key_case(const struct sp_lint *lint);               /* SP104 */
void sp_form_wrong_types(const struct sp_lint *lint);            /* SP105 */
void sp_form_not_a_profile(const struct sp_lint *lint);          /* SP106 */
void sp_form_runs_unconfined(const struct sp_lint *lint);        /* SP107 */
void sp_form_unknown_actions(const struct sp_lint *lint);        /* SP108 */
void sp_form_unknown_operators(const struct sp_lint *lint);      /* SP109 */
void sp_form_unknown_flags(const struct sp_lint *lint);          /* SP110 */
void sp_form_unknown_architectures(const struct sp_lint *lint);  /* SP111 */
void sp_form_legacy_name(const struct sp_lint *lint);            /* SP112 */
void sp_form_empty_names(const struct sp_lint *lint);            /* SP113 */
void sp_form_arch_and_arch_map(const struct sp_lint *lint);      /* SP114 */
void sp_form_bad_min_kernel(const struct sp_lint *lint);         /* SP115 */
void sp_form_too_large(const struct sp_lint *lint);              /* SP116 */
void sp_form_missing_default(const struct sp_lint *lint);        /* SP117 */
void sp_form_null_entries(const struct sp_lint *lint);           /* SP118 */

#endif
