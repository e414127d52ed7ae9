/* What a user wants of the linter: which rules, how severe, for which target. */
#ifndef SP_LINT_SETTINGS_H
#define SP_LINT_SETTINGS_H

#include "lint/lint.h"

#include <stdbool.h>

struct sp_lint_settings {
    struct sp_arena *arena;  /* the lists live here */
    struct sp_selection selection;
    bool selected;              /* --select was given: the rest is off */
    enum sp_severity *severities;  /* by row of sp_kb_rules; NONE = as the rule says */
    struct sp_target target;
};

/* All rules on, as severe as they are. False when there is no memory. */
bool
sp_lint_settings_init(struct sp_lint_settings *settings, struct sp_arena *arena);

/* Comma-separated words; false when one names no rule, and then nothing changed. */
bool
sp_lint_settings_select(struct sp_lint_settings *settings, struct sp_str words);

bool
sp_lint_settings_ignore(struct sp_lint_settings *settings, struct sp_str words);

/* "SP201=error"; false when it is no such assignment. */
bool
sp_lint_settings_severity(struct sp_lint_settings *settings, struct sp_str assignment);

/* Takes the findings out of a report that are not wanted, and gives the rest the wanted
 * severity. */
void
sp_lint_settings_apply(const struct sp_lint_settings *settings, struct sp_report *report);

/* "error", "warning", "info", "style". */
const char *
sp_severity_text(enum sp_severity severity);

#endif
