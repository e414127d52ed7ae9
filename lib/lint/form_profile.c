#include "base/buf.h"
#include "lint/form_looks.h"
#include "lint/form_rules.h"
#include "lint/form_text.h"

/* What an object in Kubernetes' store may hold (limit of ConfigMap and Secret). */
enum { KUBERNETES_BYTES = 1024 * 1024 };

/* How deep a profile that is not at the top is looked for. */
enum { NESTED_DEPTH = 4 };

static struct sp_place
at_top(const struct sp_lint *lint)
{
    return sp_at_node(lint->doc, lint->doc->root);
}

/* ---- SP106 --------------------------------------------------------------------------- */

/* Not for a profile, be it at the wrong place; SP107 speaks of it, and of what is empty. */
static bool
is_something_else(enum sp_looks looks)
{
    switch (looks) {
    case SP_LOOKS_RULES:
    case SP_LOOKS_RULE:
    case SP_LOOKS_MANIFEST:
    case SP_LOOKS_COMPOSE:
    case SP_LOOKS_FIRECRACKER:
    case SP_LOOKS_OTHER:
        return true;
    case SP_LOOKS_PROFILE:
    case SP_LOOKS_CONFIG:
    case SP_LOOKS_CONFIG_BARE:
    case SP_LOOKS_EMPTY:
    case SP_LOOKS_NESTED:
        break;
    }
    return false;
}

static const char *
looks_help(enum sp_looks looks)
{
    switch (looks) {
    case SP_LOOKS_RULES:
        return "it looks like the value of `syscalls` alone: put it into an object, beside a "
               "`defaultAction`";
    case SP_LOOKS_RULE:
        return "put it into the list `syscalls` of an object that has a `defaultAction`, too";
    case SP_LOOKS_MANIFEST:
        return "give the profile itself; the object names its file under "
               "`securityContext.seccompProfile`, or holds the profile in its `spec`";
    case SP_LOOKS_COMPOSE:
        return "give the file that `security_opt: seccomp=FILE` names";
    case SP_LOOKS_FIRECRACKER:
        return "container engines want `defaultAction` and `syscalls` instead of "
               "`default_action` and `filter`";
    case SP_LOOKS_PROFILE:
    case SP_LOOKS_CONFIG:
    case SP_LOOKS_CONFIG_BARE:
    case SP_LOOKS_EMPTY:
    case SP_LOOKS_NESTED:
    case SP_LOOKS_OTHER:
        break;
    }
    return "a profile is an object with `defaultAction`, `syscalls`, and perhaps "
           "`architectures` or `archMap`";
}

void
sp_form_not_a_profile(const struct sp_lint *lint)
{
    if (!is_something_else(lint->detected.looks)) {
        return;
    }
    struct sp_diag *diag = sp_report_add(lint->report, 106, at_top(lint),
                                         "this is %s, not a seccomp profile",
                                         sp_form_looks_text(lint));
    sp_report_help(lint->report, diag, "%s", looks_help(lint->detected.looks));
}

/* ---- SP107 --------------------------------------------------------------------------- */

/* The test that engines make before they take a file for "no seccomp" (moby/profiles
 * seccomp/seccomp_linux.go; the same in containers-common and runc). */
static bool
is_void(const struct sp_node *object)
{
    return !sp_form_is_filled(sp_form_member(object, "defaultAction"))
        && !sp_form_is_filled(sp_form_member(object, "syscalls"));
}

static const struct sp_node *
find_nested(const struct sp_node *object, unsigned depth)
{
    for sp_node_each(member, object) {
        const struct sp_node *found = NULL;
        if (member->kind == SP_NODE_OBJECT) {
            found = sp_form_is_filled(sp_form_member(member, "defaultAction")) ? member
                : depth > 1 ? find_nested(member, depth - 1) : NULL;
        }
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

static void
help_nested(const struct sp_lint *lint, struct sp_diag *diag)
{
    const struct sp_node *nested = find_nested(lint->doc->root, NESTED_DEPTH);
    SP_BUF(pointer);

    if (nested == NULL) {
        sp_report_help(lint->report, diag, "make the profile itself the top of the file");
        return;
    }
    sp_node_pointer(nested, &pointer);
    sp_report_help(lint->report, diag, "make the object at `%s` the top of the file",
                   sp_form_show(lint, sp_buf_view(&pointer)));
    sp_report_related(lint->report, diag, sp_at_key(lint->doc, nested),
                      "this looks like the profile");
    if (pointer.failed) {
        lint->report->failed = true;
    }
}

static void
tell_config(const struct sp_lint *lint)
{
    const struct sp_node *profile = lint->detected.profile;

    if (profile == NULL) {
        struct sp_diag *diag = sp_report_add(
            lint->report, 107, at_top(lint),
            "this runtime configuration has no object `linux.seccomp`: the container runs "
            "without a filter");
        sp_report_help(lint->report, diag, "put a profile there");
        return;
    }
    struct sp_diag *diag = sp_report_add(
        lint->report, 107, sp_at_key(lint->doc, profile),
        "`linux.seccomp` has neither `defaultAction` nor rules: runc starts the container "
        "without a filter, crun refuses the file");
    sp_report_help(lint->report, diag, "write a `defaultAction`");
}

static void
tell_void(const struct sp_lint *lint)
{
    struct sp_diag *diag = sp_report_add(
        lint->report, 107, at_top(lint),
        "neither `defaultAction` nor rules at the top: Docker and Podman start the container "
        "without any filter, and without a message");

    if (lint->detected.looks == SP_LOOKS_NESTED) {
        help_nested(lint, diag);
    } else {
        sp_report_help(lint->report, diag,
                       "write a `defaultAction`; to run without a filter, say "
                       "`seccomp=unconfined` where everybody can see it");
    }
}

void
sp_form_runs_unconfined(const struct sp_lint *lint)
{
    const struct sp_node *root = lint->doc->root;
    const struct sp_node *profile = lint->detected.profile;

    bool is_config = lint->detected.dialect == SP_DIALECT_CONFIG;

    /* Engines decode JSON alone. */
    if ((!lint->is_json && !is_config) || lint->detected.dialect == SP_DIALECT_SPO) {
        return;
    }
    if (is_config) {
        if (profile == NULL || is_void(profile)) {
            tell_config(lint);
        }
    } else if (root->kind == SP_NODE_NULL || (root->kind == SP_NODE_OBJECT && is_void(root))) {
        tell_void(lint);
    }
}

/* ---- SP117 --------------------------------------------------------------------------- */

void
sp_form_missing_default(const struct sp_lint *lint)
{
    const struct sp_node *profile = lint->profile->node;
    const struct sp_node *given = sp_form_member(profile, "defaultAction");
    const char *text = "no `defaultAction`";
    bool is_spo = lint->detected.dialect == SP_DIALECT_SPO;

    if (sp_form_is_filled(given)
        || (!is_spo && !sp_form_is_filled(sp_form_member(profile, "syscalls")))) {
        return;
    }
    if (given != NULL && given->kind == SP_NODE_NULL) {
        text = "`defaultAction` is null";
    } else if (given != NULL && given->kind == SP_NODE_STRING) {
        text = "`defaultAction` is empty";
    }
    struct sp_diag *diag = sp_report_add(lint->report, 117,
                                         sp_at_node(lint->doc, given == NULL ? profile : given),
                                         "%s%s", text,
                                         is_spo ? ": Kubernetes refuses the object"
                                                : ", although there are rules: runc and crun refuse "
                                                  "to start");
    sp_report_help(lint->report, diag,
                   "say what happens to calls that no rule names, such as `SCMP_ACT_ERRNO`");
}

/* ---- SP114 --------------------------------------------------------------------------- */

static const struct sp_node *
filled_member(const struct sp_node *object, const char *key)
{
    const struct sp_node *member = sp_form_member(object, key);

    return member != NULL && member->kind == SP_NODE_ARRAY && member->count > 0 ? member : NULL;
}

void
sp_form_arch_and_arch_map(const struct sp_lint *lint)
{
    const struct sp_node *list = filled_member(lint->profile->node, "architectures");
    const struct sp_node *map = filled_member(lint->profile->node, "archMap");

    if (list == NULL || map == NULL || (sp_form_readers(lint) & SP_READER_DOCKER) == 0) {
        return;
    }
    bool list_first = list->span.start < map->span.start;
    struct sp_diag *diag = sp_report_add(
        lint->report, 114, sp_at_key(lint->doc, list_first ? map : list),
        "`architectures` and `archMap` are both given: Docker and Podman refuse the file");
    sp_report_help(lint->report, diag,
                   "keep `archMap`, which adds the 32-bit architectures of the host it runs "
                   "on, or `architectures`, which containerd, runc and crun read, too");
    sp_report_related(lint->report, diag, sp_at_key(lint->doc, list_first ? list : map),
                      "the other is here");
}

/* ---- SP116 --------------------------------------------------------------------------- */

void
sp_form_too_large(const struct sp_lint *lint)
{
    size_t bytes = lint->doc->source->text.len;

    enum sp_dialect dialect = lint->detected.dialect;

    if (bytes <= KUBERNETES_BYTES || dialect == SP_DIALECT_CONFIG
        || (sp_dialect_is_foreign(dialect) && dialect != SP_DIALECT_SPO)) {
        return;
    }
    struct sp_diag *diag = sp_report_add(lint->report, 116, sp_at_span(lint->doc->source, 0, 0),
                                         "%zu bytes are more than an object of Kubernetes may "
                                         "hold, %d", bytes, KUBERNETES_BYTES);
    diag->severity = SP_SEVERITY_WARNING;
    sp_report_help(lint->report, diag,
                   "put names with the same action into one rule, and leave out white space");
}
