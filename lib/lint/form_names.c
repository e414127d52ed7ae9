#include "lint/form_group.h"
#include "lint/form_rules.h"
#include "lint/form_text.h"

/* ---- SP112 --------------------------------------------------------------------------- */

/* The legacy name of a rule; NULL when there is none to speak of. */
static const struct sp_node *
legacy_name(const struct sp_node *rule)
{
    const struct sp_node *name = sp_node_member(rule, "name");

    return name != NULL && name->kind == SP_NODE_STRING && name->text.len > 0 ? name : NULL;
}

static void
tell_both(const struct sp_lint *lint, const struct sp_node *name, const struct sp_node *names)
{
    bool config = lint->detected.dialect == SP_DIALECT_CONFIG
        || lint->detected.dialect == SP_DIALECT_SPO;
    struct sp_diag *diag = sp_report_add(
        lint->report, 112, sp_at_key(lint->doc, name),
        "rule has `name` (`%s`) and `names`: %s", sp_form_show(lint, name->text),
        config ? "runc and crun read `names` alone" : "Docker and Podman refuse the file");

    diag->severity = config ? SP_SEVERITY_WARNING : SP_SEVERITY_ERROR;
    sp_report_help(lint->report, diag, "put it into `names`");
    sp_report_related(lint->report, diag, sp_at_key(lint->doc, names), "`names` is here");
}

static void
visit_legacy(void *user, enum sp_object object, const struct sp_node *node)
{
    struct sp_form_finds *finds = user;
    const struct sp_node *name = object == SP_OBJECT_RULE ? legacy_name(node) : NULL;
    const struct sp_node *names = sp_form_member(node, "names");

    if (name == NULL) {
        return;
    }
    if (sp_form_is_filled(names)) {
        tell_both(finds->lint, name, names);
    } else {
        sp_form_add(finds, object, name);
    }
}

static void
edit_legacy(const struct sp_lint *lint, struct sp_diag *diag, const struct sp_form_group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        const struct sp_node *name = group->at[i].node;
        struct sp_str value = sp_source_slice(lint->doc->source, name->span);
        if (sp_form_member(name->parent, "names") == NULL) {
            sp_report_edit(lint->report, diag,
                           (struct sp_span){ .start = name->key_span.start,
                                             .end = name->span.end },
                           "\"names\": [%.*s]", SP_STR_ARG(value));
        }
    }
}

static void
tell_legacy(const struct sp_lint *lint, const struct sp_form_group *group)
{
    const struct sp_node *name = group->at[0].node;
    bool config = lint->detected.dialect == SP_DIALECT_CONFIG
        || lint->detected.dialect == SP_DIALECT_SPO;
    struct sp_diag *diag = sp_report_add(
        lint->report, 112, sp_at_key(lint->doc, name),
        "`name` is the old form of `names`%s: %s", sp_form_times(lint, group),
        config ? "runc passes over the rule, crun refuses the file"
               : "Docker and Podman read it, containerd and runc pass over the rule, crun "
                 "refuses the file");

    diag->severity = config ? SP_SEVERITY_ERROR : SP_SEVERITY_NONE;
    sp_report_help(lint->report, diag, "write `\"names\": [\"%s\"]`",
                   sp_form_show(lint, name->text));
    edit_legacy(lint, diag, group);
    sp_form_relate(lint, diag, group);
}

void
sp_form_legacy_name(const struct sp_lint *lint)
{
    sp_form_gather(lint, visit_legacy, tell_legacy);
}

/* ---- SP113 --------------------------------------------------------------------------- */

/* Something stands there, be it of the wrong type: SP105 speaks of that. */
static bool
is_something(const struct sp_node *member, enum sp_node_kind kind)
{
    return member != NULL && member->kind != SP_NODE_NULL
        && (member->kind != kind || sp_form_is_filled(member));
}

static void
check_entries(const struct sp_lint *lint, const struct sp_words *names)
{
    for (size_t i = 0; i < names->count; i++) {
        if (names->at[i].text.len > 0) {
            continue;
        }
        struct sp_diag *diag = sp_report_add(
            lint->report, 113, sp_at_node(lint->doc, names->at[i].node),
            "a name is empty: runc refuses to start, crun passes over it");
        sp_report_help(lint->report, diag, "write the name of a system call, or remove it");
    }
}

static void
check_rule(const struct sp_lint *lint, const struct sp_rule *rule)
{
    const struct sp_node *names = sp_form_member(rule->node, "names");
    const struct sp_node *name = sp_form_member(rule->node, "name");
    bool required = names == NULL || names->kind == SP_NODE_NULL;

    if (is_something(names, SP_NODE_ARRAY)) {
        check_entries(lint, &rule->names);
        return;
    }
    if (is_something(name, SP_NODE_STRING)) {
        return;
    }
    struct sp_diag *diag = sp_report_add(
        lint->report, 113, sp_at_node(lint->doc, names == NULL ? rule->node : names),
        "rule has no names: it has no effect%s", required ? ", and crun refuses the file" : "");
    sp_report_help(lint->report, diag, "name at least one system call, or remove the rule");
}

void
sp_form_empty_names(const struct sp_lint *lint)
{
    for (size_t i = 0; i < lint->profile->rule_count; i++) {
        check_rule(lint, &lint->profile->rules[i]);
    }
}
