/* Tests of rules over data: NAME.json with NAME.expect, which has a line for each finding of the rules
 * under test ("LINE:COLUMN SPnnn SEVERITY"), where there are edits NAME.fixed, the text after
 * them, and where the linter needs them NAME.options ("--arch x86_64 --libseccomp 2.5.4"). */
#ifndef SP_LINT_LINT_TESTING_H
#define SP_LINT_LINT_TESTING_H

#include "base/str.h"
#include "lint/lint.h"
#include "lint/settings.h"

/* Static in each test, so that its memory is never lost when a check fails. */
struct sp_linted {
    struct sp_arena arena;
    struct sp_lint_settings settings;
    struct sp_source *source;
    struct sp_report report;
};

/* Reads a line of environment options; its words are copied into `arena`. */
void
sp_linted_options(struct sp_arena *arena, struct sp_str rest, struct sp_target *ret_target);

/* Lints a text with a line of options; frees what the struct held before. */
void
sp_linted_text(struct sp_linted *linted, struct sp_str input, struct sp_str options);

/* Compares the findings whose codes `is_ours` accepts with NAME.expect. */
void
sp_linted_findings(const char *path, bool (*is_ours)(unsigned code));

/* Compares the text after all edits with NAME.fixed; there must be one exactly when there are edits,
 * and fixing it again must change nothing. */
void
sp_linted_edits(const char *path, bool (*is_ours)(unsigned code));

/* The first finding of a code must say every piece of `message` and of `help`, each of which ends with
 * `|`; `what` names the case when it does not. */
void
sp_linted_says(const struct sp_linted *linted, unsigned code, const char *message,
               const char *help, const char *what);

#endif
