/* For validate.c alone. */
#ifndef SP_LINT_VALIDATE_FILTERS_H
#define SP_LINT_VALIDATE_FILTERS_H

#include "lint/validate.h"

/* Builds the filters of every environment that makes a difference and compares them with the model.
 * False when there is no memory. */
bool
sp_validate_filters(const struct sp_lint *lint, struct sp_validity *validity);

#endif
