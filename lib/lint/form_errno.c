#include "lint/form_errno.h"

#include "base/closest.h"
#include "lint/form_group.h"
#include "lint/form_text.h"

/* What Docker answers when no number is given; the same in every engine. */
enum { EPERM_NUMBER = 1 };

struct keys {
    const char *action;
    const char *word;    /* containers-common's */
    const char *number;  /* everybody's */
};

static const struct keys *
keys_of(enum sp_object object)
{
    static const struct keys profile = { "defaultAction", "defaultErrno", "defaultErrnoRet" };
    static const struct keys rule = { "action", "errno", "errnoRet" };

    if (object == SP_OBJECT_PROFILE) {
        return &profile;
    }
    return object == SP_OBJECT_RULE ? &rule : NULL;
}

/* The errno string of an object; NULL when there is none to speak of. */
static const struct sp_node *
word_of(enum sp_object object, const struct sp_node *node)
{
    const struct keys *keys = keys_of(object);
    const struct sp_node *word = keys == NULL ? NULL : sp_node_member(node, keys->word);

    return word != NULL && word->kind == SP_NODE_STRING && word->text.len > 0 ? word : NULL;
}

/* ---- SP103 --------------------------------------------------------------------------- */

/* What Docker answers. */
static uint64_t
number_beside(const struct keys *keys, const struct sp_node *object)
{
    const struct sp_node *node = sp_node_member(object, keys->number);
    uint64_t number = EPERM_NUMBER;

    if (node != NULL && node->kind == SP_NODE_NUMBER) {
        (void)sp_node_u64(node, &number);
    }
    return number;
}

/* Two numbers that differ are worse than one that Docker does not read. */
static bool
has_number(const struct sp_form_group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        if (sp_node_member(group->at[i].node->parent, keys_of(group->object)->number) != NULL) {
            return true;
        }
    }
    return false;
}

static bool
takes_errno(const struct sp_node *action)
{
    return sp_node_is_string(action, "SCMP_ACT_ERRNO")
        || sp_node_is_string(action, "SCMP_ACT_TRACE");
}

static void
visit_readers(void *user, enum sp_object object, const struct sp_node *node)
{
    const struct sp_node *word = word_of(object, node);
    uint64_t number;

    if (word == NULL || !sp_kb_errno_read(word->text, &number)
        || !takes_errno(sp_node_member(node, keys_of(object)->action))) {
        return;
    }
    if (number != number_beside(keys_of(object), node)) {
        sp_form_add(user, object, word);
    }
}

static const char *
show_errno(const struct sp_lint *lint, uint64_t number)
{
    const struct sp_kb_errno *row = sp_kb_errno_by_number(number);
    const char *text = row != NULL
        ? sp_kb_text(row->name)
        : sp_arena_format(lint->arena, "errno %ju", (uintmax_t)number);

    return text == NULL ? "" : text;
}

static void
tell_readers(const struct sp_lint *lint, const struct sp_form_group *group)
{
    const struct sp_node *word = group->at[0].node;
    const struct keys *keys = keys_of(group->object);
    uint64_t number = 0;
    uint64_t docker = number_beside(keys, word->parent);

    (void)sp_kb_errno_read(word->text, &number);
    struct sp_diag *diag = sp_report_add(
        lint->report, 103, sp_at_key(lint->doc, word),
        "only Podman, Buildah and CRI-O know the key `%s`%s: they answer %s, Docker answers %s",
        keys->word, sp_form_times(lint, group), show_errno(lint, number),
        show_errno(lint, docker));
    sp_report_help(lint->report, diag, "write `%s` %ju, which all engines read", keys->number,
                   (uintmax_t)number);
    diag->severity = has_number(group) ? SP_SEVERITY_NONE : SP_SEVERITY_INFO;
    sp_form_relate(lint, diag, group);
}

void
sp_form_errno_readers(const struct sp_lint *lint)
{
    if ((sp_form_readers(lint) & SP_READER_CONTAINERS) != 0) {
        sp_form_gather(lint, visit_readers, tell_readers);
    }
}

/* ---- SP105 --------------------------------------------------------------------------- */

static const char *
find_closest(struct sp_str word)
{
    struct sp_closest closest = sp_closest_to(word);

    for (size_t i = 0; i < sp_kb_errnos_count; i++) {
        sp_closest_offer(&closest, sp_kb_text(sp_kb_errnos[i].name));
    }
    return closest.count > 0 ? closest.best[0].name : NULL;
}

static void
visit_words(void *user, enum sp_object object, const struct sp_node *node)
{
    const struct sp_lint *lint = *(const struct sp_lint *const *)user;
    const struct sp_node *word = word_of(object, node);
    uint64_t number;

    if (word == NULL || sp_kb_errno_read(word->text, &number)) {
        return;
    }

    const char *closest = find_closest(word->text);
    struct sp_diag *diag = sp_report_add(
        lint->report, 105, sp_at_node(lint->doc, word),
        "`%s` must be a number or the name of an errno, not `%s`", keys_of(object)->word,
        sp_form_show(lint, word->text));
    if (closest != NULL) {
        sp_report_help(lint->report, diag, "did you mean `%s`? Podman refuses the file",
                       closest);
    } else {
        sp_report_help(lint->report, diag,
                       "write a name such as `ENOSYS`: Podman refuses the file");
    }
}

void
sp_form_errno_words(const struct sp_lint *lint)
{
    if ((sp_form_readers(lint) & SP_READER_CONTAINERS) != 0) {
        sp_fields_walk(lint->profile->node, visit_words, &lint);
    }
}
