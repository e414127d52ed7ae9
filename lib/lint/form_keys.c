#include "base/closest.h"
#include "lint/form_errno.h"
#include "lint/form_group.h"
#include "lint/form_rules.h"
#include "lint/form_text.h"

#include <string.h>

/* Where the objects of a kind stand. */
static const char *
place_of(enum sp_object object)
{
    switch (object) {
    case SP_OBJECT_PROFILE:
        return "at the top of a profile";
    case SP_OBJECT_RULE:
        return "in a rule";
    case SP_OBJECT_ARG:
        return "in an entry of `args`";
    case SP_OBJECT_FILTER:
        return "in `includes` and `excludes`";
    case SP_OBJECT_ARCH_MAP:
        return "in an entry of `archMap`";
    }
    return "";
}

/* ---- SP103 --------------------------------------------------------------------------- */

/* Keys that nobody takes for a setting: "x-owner", "_comment", "$schema", "//". */
static bool
is_annotation(struct sp_str key)
{
    return sp_str_has_prefix(key, "x-") || sp_str_has_prefix(key, "_")
        || sp_str_has_prefix(key, "$") || sp_str_has_prefix(key, "//");
}

/* Keys that say themselves that they are for people: nothing is lost when engines pass over
 * them. */
static bool
is_remark(struct sp_str key)
{
    static const char *const remarks[] = { "author", "comment", "comments", "description",
                                           "note", "notes", "title", "version" };

    for (size_t i = 0; i < sizeof remarks / sizeof *remarks; i++) {
        if (sp_str_equal_folded(key, sp_str_of(remarks[i]))) {
            return true;
        }
    }
    return false;
}

/* A key that other kinds of objects have. */
static const struct sp_field *
find_elsewhere(struct sp_str key)
{
    for (size_t i = 0; i < sp_field_count; i++) {
        if (sp_str_equal_folded(key, sp_str_of(sp_fields[i].key))) {
            return &sp_fields[i];
        }
    }
    return NULL;
}

static const char *
find_closest(enum sp_object object, struct sp_str key, unsigned readers)
{
    struct sp_closest closest = sp_closest_to(key);

    for (size_t i = 0; i < sp_field_count; i++) {
        if (sp_fields[i].object == object && (sp_fields[i].readers & readers) != 0) {
            sp_closest_offer(&closest, sp_fields[i].key);
        }
    }
    return closest.count > 0 ? closest.best[0].name : NULL;
}

/* Words for a key that its letters do not give away. */
static const char *
find_synonym(enum sp_object object, struct sp_str key)
{
    static const struct {
        enum sp_object object;
        const char *word;
        const char *key;
    } synonyms[] = {
        { SP_OBJECT_PROFILE, "arches", "architectures" },
        { SP_OBJECT_PROFILE, "archs", "architectures" },
        { SP_OBJECT_PROFILE, "default", "defaultAction" },
        { SP_OBJECT_PROFILE, "rules", "syscalls" },
        { SP_OBJECT_RULE, "arguments", "args" },
        { SP_OBJECT_RULE, "conditions", "args" },
        { SP_OBJECT_RULE, "syscall", "names" },
        { SP_OBJECT_RULE, "syscalls", "names" },
        { SP_OBJECT_ARG, "cmp", "op" },
        { SP_OBJECT_ARG, "operator", "op" },
        { SP_OBJECT_ARG, "val", "value" },
        { SP_OBJECT_FILTER, "architectures", "arches" },
        { SP_OBJECT_FILTER, "capabilities", "caps" },
    };

    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++) {
        if (synonyms[i].object == object
            && sp_str_equal_folded(key, sp_str_of(synonyms[i].word))) {
            return synonyms[i].key;
        }
    }
    return NULL;
}

static void
help_unknown(const struct sp_lint *lint, struct sp_diag *diag,
             const struct sp_form_group *group)
{
    struct sp_str key = group->at[0].node->key;
    const char *synonym = find_synonym(group->object, key);
    const char *closest = synonym != NULL
        ? synonym : find_closest(group->object, key, sp_form_readers(lint));
    const struct sp_field *elsewhere = find_elsewhere(key);

    if (is_remark(key)) {
        diag->severity = SP_SEVERITY_INFO;
        sp_report_help(lint->report, diag,
                       "as a remark it does no harm; `comment` in a rule and keys that start "
                       "with `x-` or `_` are plainly meant for people");
    } else if (closest != NULL) {
        sp_report_help(lint->report, diag,
                       "did you mean `%s`? what stands there now has no effect", closest);
    } else if (elsewhere != NULL) {
        sp_report_help(lint->report, diag, "`%s` belongs %s; where it stands it has no effect",
                       elsewhere->key, place_of(elsewhere->object));
    } else {
        sp_report_help(lint->report, diag,
                       "remove it, or start it with `x-` or `_` if it is meant for people");
    }
}

static void
tell_unknown(const struct sp_lint *lint, const struct sp_form_group *group)
{
    const struct sp_node *first = group->at[0].node;
    struct sp_diag *diag = sp_report_add(lint->report, 103, sp_at_key(lint->doc, first),
                                         "no engine knows the key `%s` %s%s",
                                         sp_form_show(lint, first->key),
                                         place_of(group->object), sp_form_times(lint, group));

    help_unknown(lint, diag, group);
    sp_form_relate(lint, diag, group);
}

/* What is lost where a key of Docker's and Podman's stands in a runtime configuration. */
struct loss {
    const char *key;
    const char *lost;
    const char *help;
};

/* NULL for keys that do not matter here (`comment`) or that another rule speaks of (`name`). */
static const struct loss *
find_loss(const char *key)
{
    static const struct loss losses[] = {
        { "archMap", "no architecture is added", "list the architectures in `architectures`" },
        { "defaultErrno", "it sets no errno", "give the number in `defaultErrnoRet`" },
        { "errno", "it sets no errno", "give the number in `errnoRet`" },
        { "excludes", "the rule always applies", "keep only the rules that are needed here" },
        { "includes", "the rule always applies", "keep only the rules that are needed here" },
    };

    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        if (strcmp(losses[i].key, key) == 0) {
            return &losses[i];
        }
    }
    return NULL;
}

static void
tell_foreign(const struct sp_lint *lint, const struct sp_form_group *group,
             const struct sp_field *field)
{
    const struct loss *loss = find_loss(field->key);

    if (loss == NULL) {
        return;
    }
    struct sp_diag *diag = sp_report_add(
        lint->report, 103, sp_at_key(lint->doc, group->at[0].node),
        "runc and crun, who read a runtime configuration, do not know the key `%s`%s: %s",
        field->key, sp_form_times(lint, group), loss->lost);
    sp_report_help(lint->report, diag, "%s", loss->help);
    sp_form_relate(lint, diag, group);
}

static void
visit_unknown(void *user, enum sp_object object, const struct sp_node *node)
{
    struct sp_form_finds *finds = user;
    unsigned readers = sp_form_readers(finds->lint) | SP_READER_SECPROF;

    for sp_node_each(member, node) {
        const struct sp_field *field = sp_form_field(object, member->key);
        if (field == NULL ? !is_annotation(member->key) : (field->readers & readers) == 0) {
            sp_form_add(finds, object, member);
        }
    }
}

static void
tell_unread(const struct sp_lint *lint, const struct sp_form_group *group)
{
    const struct sp_field *field = sp_form_field(group->object, group->at[0].node->key);

    if (field == NULL) {
        tell_unknown(lint, group);
    } else {
        tell_foreign(lint, group, field);
    }
}

void
sp_form_unknown_keys(const struct sp_lint *lint)
{
    sp_form_gather(lint, visit_unknown, tell_unread);
    sp_form_errno_readers(lint);
}

/* ---- SP104 --------------------------------------------------------------------------- */

/* Other members of the same object that Go takes for the same key. */
static bool
has_twin(const struct sp_node *node)
{
    for sp_node_each(member, node->parent) {
        if (member != node && sp_str_equal_folded(member->key, node->key)) {
            return true;
        }
    }
    return false;
}

static void
visit_case(void *user, enum sp_object object, const struct sp_node *node)
{
    struct sp_form_finds *finds = user;

    for sp_node_each(member, node) {
        const struct sp_field *field = sp_form_field(object, member->key);
        if (field != NULL && !sp_str_is(member->key, field->key)
            && (field->readers & sp_form_readers(finds->lint)) != 0) {
            sp_form_add(finds, object, member);
        }
    }
}

/* crun takes a key in another letter case for one it does not know. */
static const char *
crun_text(const struct sp_field *field)
{
    if ((field->readers & SP_READER_OCI) == 0) {
        return "";
    }
    return sp_form_is_required(field->object, sp_str_of(field->key))
        ? ", refused by crun" : ", passed over by crun";
}

static void
help_case(const struct sp_lint *lint, struct sp_diag *diag, const struct sp_form_group *group,
          const char *key)
{
    if (has_twin(group->at[0].node)) {
        sp_report_help(lint->report, diag, "`%s` is given, too: keep one of them", key);
    } else {
        sp_report_help(lint->report, diag,
                       "write `%s`, which every engine reads", key);
    }
    for (size_t i = 0; i < group->count; i++) {
        if (!has_twin(group->at[i].node)) {
            sp_report_edit(lint->report, diag, group->at[i].node->key_span, "\"%s\"", key);
        }
    }
}

static void
tell_case(const struct sp_lint *lint, const struct sp_form_group *group)
{
    const struct sp_node *first = group->at[0].node;
    const struct sp_field *field = sp_form_field(group->object, first->key);
    struct sp_diag *diag = sp_report_add(
        lint->report, 104, sp_at_key(lint->doc, first),
        "`%s` is `%s` in another letter case%s: accepted by %s%s",
        sp_form_show(lint, first->key), field->key, sp_form_times(lint, group),
        sp_form_readers_text(field->readers & sp_form_readers(lint)), crun_text(field));

    help_case(lint, diag, group, field->key);
    sp_form_relate(lint, diag, group);
}

void
sp_form_key_case(const struct sp_lint *lint)
{
    sp_form_gather(lint, visit_case, tell_case);
}
