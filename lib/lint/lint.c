#include "lint/lint.h"

#include "lint/form_looks.h"
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

static bool
finish(const struct sp_lint *lint)
{
    decide_severities(lint->report);
    sp_report_sort(lint->report);
    return !lint->report->failed && !lint->arena->failed;
}

/* Reads the document and finds out what it is; `lint->doc` is NULL when it cannot be read. */
static void
read_document(struct sp_lint *lint, const struct sp_source *source,
              const struct sp_doc_limits *limits)
{
    struct sp_doc *doc = sp_arena_new(lint->arena, struct sp_doc);

    if (doc != NULL && sp_json_read(lint->arena, source, limits, lint->report, doc)) {
        lint->doc = doc;
        lint->detected = sp_profile_detect(doc);
    }
}

bool
sp_lint_source(struct sp_arena *arena, const struct sp_source *source,
               const struct sp_doc_limits *limits, const struct sp_lint_target *target,
               struct sp_report *report)
{
    struct sp_lint lint = { .arena = arena, .target = target, .report = report };

    read_document(&lint, source, limits);
    if (lint.doc != NULL) {
        check(&lint);
    }
    return finish(&lint);
}

bool
sp_lint_member(struct sp_arena *arena, const struct sp_source *source,
               const struct sp_doc_limits *limits, const struct sp_lint_target *target,
               struct sp_report *report, const char **ret_other)
{
    struct sp_lint lint = { .arena = arena, .target = target, .report = report };

    *ret_other = NULL;
    read_document(&lint, source, limits);
    if (lint.doc == NULL && !sp_form_text_meant(source->text)) {
        *ret_other = "no JSON";
        report->diags.count = 0;
    } else if (lint.doc != NULL && !sp_form_looks_meant(lint.detected.looks)) {
        *ret_other = sp_form_looks_text(&lint);
    } else if (lint.doc != NULL) {
        check(&lint);
    }
    return finish(&lint);
}
