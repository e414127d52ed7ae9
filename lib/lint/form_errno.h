/* containers-common's errno strings, `errno` and `defaultErrno`: what they say, who reads. */
#ifndef SP_LINT_FORM_ERRNO_H
#define SP_LINT_FORM_ERRNO_H

#include "lint/lint.h"

/* SP103 where Docker, which does not read the strings, answers with another errno. */
void
sp_form_errno_readers(const struct sp_lint *lint);

/* SP105 where a string is neither a number nor the name of an errno. */
void
sp_form_errno_words(const struct sp_lint *lint);

#endif
