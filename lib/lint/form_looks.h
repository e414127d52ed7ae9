/* What a document is when it is no profile. */
#ifndef SP_LINT_FORM_LOOKS_H
#define SP_LINT_FORM_LOOKS_H

#include "lint/lint.h"

/* "a Compose file", "a Kubernetes object of kind `Pod`": reads well behind "this is".  Never
 * NULL; it lives in `lint->arena` or for ever. */
const char *
sp_form_looks_text(const struct sp_lint *lint);

/* True for what nobody writes who does not want a profile: a profile, be it at the wrong place
 * or in pieces. */
bool
sp_form_looks_meant(enum sp_looks looks);

/* The same for a text that could not be read: does it hold words of a profile, in quotes? */
bool
sp_form_text_meant(struct sp_str text);

#endif
