#include "lint/lint.h"

#include "text/json_read.h"

static void
ask(const struct sp_lint *lint, enum sp_lint_phase phase)
{
    for (size_t i = 0; i < sp_lint_rule_count; i++) {
        if (sp_lint_rules[i].phase == phase) {
            sp_lint_rules[i].check(lint);
        }
    }
}

/* Asks what can be asked of a document that was read. */
static void
check(struct sp_lint *lint)
{
    lint->detected = sp_profile_detect(lint->doc);
    lint->profile = sp_profile_read(lint->arena, lint->doc, lint->detected);
    if (lint->profile == NULL) {
        return;
    }
    ask(lint, SP_PHASE_DOCUMENT);
    if (lint->profile->node != NULL) {
        ask(lint, SP_PHASE_PROFILE);
    }
}

/* A finding that does not say how severe it is, is as severe as its rule. */
static void
decide_severities(struct sp_report *report)
{
    for (size_t i = 0; i < report->diags.count; i++) {
        struct sp_diag *diag = report->diags.at[i];
        const struct sp_kb_rule *rule = sp_kb_rule_find(diag->code);
        if (diag->severity == SP_SEVERITY_NONE) {
            diag->severity = rule == NULL ? SP_SEVERITY_ERROR : rule->severity;
        }
    }
}

bool
sp_lint_source(struct sp_arena *arena, const struct sp_source *source,
               const struct sp_doc_limits *limits, const struct sp_lint_target *target,
               struct sp_report *report)
{
    struct sp_doc *doc = sp_arena_new(arena, struct sp_doc);

    if (doc == NULL) {
        return false;
    }
    if (sp_json_read(arena, source, limits, report, doc)) {
        struct sp_lint lint = {
            .arena = arena, .doc = doc, .target = target, .report = report,
        };
        check(&lint);
    }
    decide_severities(report);
    sp_report_sort(report);
    return !report->failed && !arena->failed;
}
