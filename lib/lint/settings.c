#include "lint/settings.h"

#include "base/names.h"
#include "base/version.h"

static const struct sp_name severity_rows[] = {
    { .name = "error", .value = SP_SEVERITY_ERROR },
    { .name = "info", .value = SP_SEVERITY_INFO },
    { .name = "style", .value = SP_SEVERITY_STYLE },
    { .name = "warning", .value = SP_SEVERITY_WARNING },
};

static const struct sp_names severity_names = SP_NAMES(severity_rows);

const char *
sp_severity_text(enum sp_severity severity)
{
    const char *text = sp_names_of(severity_names, (int)severity);

    return text == NULL ? "none" : text;
}

static void
set_all(struct sp_selection *selection, bool on)
{
    for (size_t i = 0; i < sp_kb_rules_count; i++) {
        selection->on[i] = on;
    }
}

bool
sp_lint_settings_init(struct sp_lint_settings *settings, struct sp_arena *arena)
{
    *settings = (struct sp_lint_settings){ .arena = arena };
    settings->selection.on = sp_arena_new_array(arena, sp_kb_rules_count, bool);
    settings->severities = sp_arena_new_array(arena, sp_kb_rules_count, enum sp_severity);
    if (settings->selection.on == NULL || settings->severities == NULL) {
        return false;
    }
    set_all(&settings->selection, true);
    return true;
}

/* Each word is tried on a selection that nobody uses before any of them counts. */
static bool
are_known(struct sp_lint_settings *settings, struct sp_str words)
{
    struct sp_selection trial = {
        .on = sp_arena_new_array(settings->arena, sp_kb_rules_count, bool),
    };
    struct sp_str word;

    if (trial.on == NULL) {
        return false;
    }
    while (sp_str_next(&words, ",", &word)) {
        if (!sp_selection_set(&trial, sp_str_trim(word), true)) {
            return false;
        }
    }
    return true;
}

static bool
set_words(struct sp_lint_settings *settings, struct sp_str words, bool on)
{
    struct sp_str word;

    while (sp_str_next(&words, ",", &word)) {
        sp_selection_set(&settings->selection, sp_str_trim(word), on);
    }
    return true;
}

bool
sp_lint_settings_select(struct sp_lint_settings *settings, struct sp_str words)
{
    if (!are_known(settings, words)) {
        return false;
    }
    if (!settings->selected) {
        set_all(&settings->selection, false);
        settings->selected = true;
    }
    return set_words(settings, words, true);
}

bool
sp_lint_settings_ignore(struct sp_lint_settings *settings, struct sp_str words)
{
    return are_known(settings, words) && set_words(settings, words, false);
}

bool
sp_lint_settings_severity(struct sp_lint_settings *settings, struct sp_str assignment)
{
    struct sp_selection named = {
        .on = sp_arena_new_array(settings->arena, sp_kb_rules_count, bool),
    };
    struct sp_str rules;
    int severity;

    if (named.on == NULL || !sp_str_next(&assignment, "=", &rules)
        || !sp_selection_set(&named, sp_str_trim(rules), true)
        || !sp_names_find(severity_names, sp_str_trim(assignment), &severity)) {
        return false;
    }
    for (size_t i = 0; i < sp_kb_rules_count; i++) {
        if (named.on[i]) {
            settings->severities[i] = (enum sp_severity)severity;
        }
    }
    return true;
}

void
sp_lint_settings_apply(const struct sp_lint_settings *settings, struct sp_report *report)
{
    size_t kept = 0;

    for (size_t i = 0; i < report->diags.count; i++) {
        struct sp_diag *diag = report->diags.at[i];
        const struct sp_kb_rule *rule = sp_kb_rule_find(diag->code);
        size_t row = rule == NULL ? 0 : (size_t)(rule - sp_kb_rules);

        if (rule != NULL && !settings->selection.on[row]) {
            continue;
        }
        if (rule != NULL && settings->severities[row] != SP_SEVERITY_NONE) {
            diag->severity = settings->severities[row];
        }
        report->diags.at[kept++] = diag;
    }
    report->diags.count = kept;
}
