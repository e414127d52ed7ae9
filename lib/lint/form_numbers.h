/* Where a whole number belongs: what else stands there, and what was meant. */
#ifndef SP_LINT_FORM_NUMBERS_H
#define SP_LINT_FORM_NUMBERS_H

#include "format/fields.h"
#include "lint/lint.h"

/* SP105 when the value of a number field (SP_FIELD_U32, SP_FIELD_U64) is no number or does not
 * fit.  `node` is not null. */
void
sp_form_check_number(const struct sp_lint *lint, const struct sp_field *field,
                     const struct sp_node *node);

#endif
