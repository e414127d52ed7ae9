#include "lint/lint.h"

#include "format/read.h"
#include "lint/form_looks.h"
#include "lint/meaning.h"
#include "lint/validate_filters.h"

static void
ask(const struct sp_lint *lint, enum sp_lint_phase phase)
{
    for (size_t i = 0; i < sp_lint_rule_count; i++) {
        if (sp_lint_rules[i].phase == phase) {
            sp_lint_rules[i].check(lint);
        }
    }
}

/* Rules about text that engines cannot read as it was meant. */
static bool
is_about_form(unsigned code)
{
    static const unsigned codes[] = { 101, 102, 105, 106, 107, 108, 109, 111, 117, 118 };

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (codes[i] == code) {
            return true;
        }
    }
    return false;
}

/* Where some of it could not be read, what the rest means is not what its writer meant. */
static bool
could_be_read(const struct sp_report *report)
{
    for (size_t i = 0; i < report->diags.count; i++) {
        if (is_about_form(report->diags.at[i]->code)) {
            return false;
        }
    }
    return true;
}

/* What could not be decided is said: a clean report would look like an answer. */
static void
tell_undecided(const struct sp_lint *lint)
{
    struct sp_diag *diag = sp_report_add(
        lint->report, 116, sp_at_node(lint->doc, lint->profile->node),
        "the conditions are too intricate: what the profile means could not be decided within %d "
        "nodes", SP_DD_BUDGET);

    sp_report_help(lint->report, diag, "compare with fewer values, ranges and masks for one call");
}

static void
ask_meaning(struct sp_lint *lint)
{
    const struct sp_dd_store *store = lint->meaning->store;

    ask(lint, SP_PHASE_MEANING);
    sp_lint_tell_rest(lint);
    if (lint->validity != NULL && !sp_validate_filters(lint, lint->validity)) {
        lint->arena->failed = true;
    }
    if (sp_dd_store_failed(store)) {
        lint->arena->failed = true;
    } else if (sp_dd_store_is_spent(store)) {
        tell_undecided(lint);
    }
}

static void
check_meaning(struct sp_lint *lint)
{
    if (!could_be_read(lint->report)) {
        return;
    }
    if (sp_lint_meaning_make(lint)) {
        ask_meaning(lint);
    } else {
        lint->arena->failed = true;
    }
    sp_lint_meaning_free(lint);
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
        check_meaning(lint);
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

/* An edit of one language is nonsense in another, and so is the pointer to a value of a tree that was made
 * of a text without values. */
static void
fit_to_language(struct sp_report *report, enum sp_dialect dialect)
{
    bool has_tree = !sp_dialect_is_foreign(dialect) || dialect == SP_DIALECT_SPO;

    for (size_t i = 0; i < report->diags.count; i++) {
        struct sp_diag *diag = report->diags.at[i];
        diag->edits.count = 0;
        if (has_tree) {
            continue;
        }
        diag->place.node = NULL;
        for (size_t j = 0; j < diag->related.count; j++) {
            diag->related.at[j].place.node = NULL;
        }
    }
}

static bool
finish(const struct sp_lint *lint)
{
    if (!lint->is_json) {
        fit_to_language(lint->report, lint->detected.dialect);
    }
    decide_severities(lint->report);
    sp_report_sort(lint->report);
    return !lint->report->failed && !lint->arena->failed;
}

/* Reads the document and finds out what it is; `lint->doc` is NULL when it cannot be read. */
static void
read_document(struct sp_lint *lint, const struct sp_source *source, struct sp_lint_reading reading)
{
    struct sp_doc *doc = sp_arena_new(lint->arena, struct sp_doc);

    lint->is_json = sp_read_is_json(source, reading.dialect);
    if (doc != NULL && sp_read_document(lint->arena, source, reading.limits, reading.dialect,
                                        lint->report, doc, &lint->detected)) {
        lint->doc = doc;
    }
}

static bool
check_source(struct sp_lint *lint, const struct sp_source *source, struct sp_lint_reading reading)
{
    read_document(lint, source, reading);
    if (lint->doc != NULL) {
        check(lint);
    }
    return finish(lint);
}

/* Somebody wanted it to be a profile, although it cannot be read. */
static bool
is_meant(const struct sp_lint *lint, const struct sp_source *source, struct sp_lint_reading reading)
{
    return lint->is_json ? sp_form_text_meant(source->text)
                         : sp_read_is_meant(source, reading.dialect);
}

static const char *
unreadable_text(const struct sp_lint *lint, const struct sp_source *source,
                struct sp_lint_reading reading)
{
    const char *text = sp_arena_format(lint->arena, "no %s",
                                       sp_read_language(source, reading.dialect));

    return text == NULL ? "" : text;
}

static bool
check_member(struct sp_lint *lint, const struct sp_source *source, struct sp_lint_reading reading,
             const char **ret_other)
{
    *ret_other = NULL;
    read_document(lint, source, reading);
    if (lint->doc == NULL && !is_meant(lint, source, reading)) {
        *ret_other = unreadable_text(lint, source, reading);
        lint->report->diags.count = 0;
    } else if (lint->doc != NULL && !sp_form_looks_meant(lint->detected.looks)) {
        *ret_other = sp_form_looks_text(lint);
    } else if (lint->doc != NULL) {
        check(lint);
    }
    return finish(lint);
}

bool
sp_lint_source(struct sp_arena *arena, const struct sp_source *source,
               struct sp_lint_reading reading, const struct sp_target *target,
               struct sp_report *report)
{
    struct sp_lint lint = { .arena = arena, .target = target, .report = report };

    return check_source(&lint, source, reading);
}

bool
sp_lint_member(struct sp_arena *arena, const struct sp_source *source,
               struct sp_lint_reading reading, const struct sp_target *target,
               struct sp_report *report, const char **ret_other)
{
    struct sp_lint lint = { .arena = arena, .target = target, .report = report };

    return check_member(&lint, source, reading, ret_other);
}

bool
sp_validate_source(struct sp_arena *arena, const struct sp_source *source,
                   struct sp_lint_reading reading, const struct sp_target *target,
                   struct sp_report *report, struct sp_validity *ret_validity)
{
    struct sp_lint lint = {
        .arena = arena, .target = target, .report = report, .validity = ret_validity,
    };

    *ret_validity = (struct sp_validity){ .was_read = false };
    return check_source(&lint, source, reading);
}

bool
sp_validate_member(struct sp_arena *arena, const struct sp_source *source,
                   struct sp_lint_reading reading, const struct sp_target *target,
                   struct sp_report *report, const char **ret_other,
                   struct sp_validity *ret_validity)
{
    struct sp_lint lint = {
        .arena = arena, .target = target, .report = report, .validity = ret_validity,
    };

    *ret_validity = (struct sp_validity){ .was_read = false };
    return check_member(&lint, source, reading, ret_other);
}
