#include "base/vec.h"
#include "format/fields.h"
#include "lint/form_rules.h"
#include "lint/form_text.h"

#include <stdlib.h>

/* Places of one key that are worth pointing at, the second of which is the finding's own. */
enum { PLACES_MAX = 6 };

struct members {
    const struct sp_lint *lint;
    struct sp_arena *arena;
    SP_VEC(const struct sp_node *) list;  /* of one object; filled again for the next */
};

/* The members of one object that share a key, in order. */
struct same {
    const struct sp_node *const *at;
    size_t count;
    unsigned readers;  /* of the key, as far as they read this text */
};

static int
compare(const void *left_, const void *right_)
{
    const struct sp_node *left = *(const struct sp_node *const *)left_;
    const struct sp_node *right = *(const struct sp_node *const *)right_;
    int order = sp_str_compare(left->key, right->key);

    return order != 0 ? order : (left->index > right->index) - (left->index < right->index);
}

static bool
have_one_value(const struct sp_lint *lint, const struct same *same)
{
    struct sp_str first = sp_source_slice(lint->doc->source, same->at[0]->span);

    for (size_t i = 1; i < same->count; i++) {
        if (!sp_str_equal(first, sp_source_slice(lint->doc->source, same->at[i]->span))) {
            return false;
        }
    }
    return true;
}

/* " (`SCMP_ACT_ALLOW`)": only values that fit into a sentence are shown. */
static const char *
show_kept(const struct sp_lint *lint, const struct sp_node *node)
{
    const char *text = NULL;

    if (node->kind == SP_NODE_STRING || node->kind == SP_NODE_NUMBER) {
        text = sp_arena_format(lint->arena, " (`%s`)", sp_form_show(lint, node->text));
    }
    return text == NULL ? "" : text;
}

/* Which of them each engine keeps: Go's decoder the last, crun's the first (measured with runc
 * 1.1.5, crun 1.8.1 and 1.26). */
static const char *
show_keepers(const struct sp_lint *lint, const struct same *same)
{
    const struct sp_node *last = same->at[same->count - 1];
    const char *readers = sp_form_readers_text(same->readers);
    const char *text;

    if ((same->readers & SP_READER_OCI) != 0) {
        text = sp_arena_format(lint->arena, "the last counts for %s%s, the first for crun%s",
                               readers, show_kept(lint, last), show_kept(lint, same->at[0]));
    } else {
        text = sp_arena_format(lint->arena, "the last counts for %s%s", readers,
                               show_kept(lint, last));
    }
    return text == NULL ? "" : text;
}

static const char *
show_times(const struct sp_lint *lint, size_t count)
{
    const char *text = count == 2 ? "twice" : sp_arena_format(lint->arena, "%zu times", count);

    return text == NULL ? "" : text;
}

static void
tell(const struct sp_lint *lint, const struct same *same)
{
    bool harmless = have_one_value(lint, same);
    const struct sp_node *first = same->at[0];
    struct sp_diag *diag = sp_report_add(
        lint->report, 102, sp_at_key(lint->doc, same->at[1]), "`%s` is given %s%s%s",
        sp_form_show(lint, first->key), show_times(lint, same->count),
        harmless ? " with the same value" : ": ", harmless ? "" : show_keepers(lint, same));

    if (harmless || sp_str_is(first->key, "comment")) {
        diag->severity = SP_SEVERITY_WARNING;
    }
    if (harmless) {
        sp_report_help(lint->report, diag, "keep one of them");
    } else if (sp_str_is(first->key, "syscalls") && first->kind == SP_NODE_ARRAY) {
        sp_report_help(lint->report, diag,
                       "make one list of them: Go decodes the last list over the first, so "
                       "that its rules keep `errnoRet` and `args` of the rules that stood "
                       "there before wherever they give none");
    } else {
        sp_report_help(lint->report, diag, "keep the one that is meant");
    }
    sp_report_related(lint->report, diag, sp_at_key(lint->doc, first), "the first is here");
    for (size_t i = 2; i < same->count && i < PLACES_MAX; i++) {
        sp_report_related(lint->report, diag, sp_at_key(lint->doc, same->at[i]), "and here");
    }
}

static void
visit(void *user, enum sp_object object, const struct sp_node *node)
{
    struct members *members = user;
    const struct sp_node **at;

    members->list.count = 0;
    for sp_node_each(member, node) {
        const struct sp_node **place = sp_vec_push(members->arena, &members->list);
        if (place == NULL) {
            return;
        }
        *place = member;
    }
    if (members->list.count < 2) {
        return;
    }

    at = members->list.at;
    qsort(at, members->list.count, sizeof *at, compare);
    for (size_t i = 0, next = 0; i < members->list.count; i = next) {
        for (next = i + 1; next < members->list.count; next++) {
            if (!sp_str_equal(at[i]->key, at[next]->key)) {
                break;
            }
        }
        const struct sp_field *field = sp_form_field(object, at[i]->key);
        unsigned readers = field == NULL ? 0 : field->readers & sp_form_readers(members->lint);
        if (next - i > 1 && readers != 0) {
            tell(members->lint, &(struct same){
                .at = at + i, .count = next - i, .readers = readers,
            });
        }
    }
}

/* The way from the top of a runtime configuration to its profile. */
static void
check_way(struct members *members)
{
    const struct sp_node *node = members->lint->profile->node;

    for (; node->parent != NULL; node = node->parent) {
        members->list.count = 0;
        for sp_node_each(member, node->parent) {
            const struct sp_node **place = sp_str_equal(member->key, node->key)
                ? sp_vec_push(members->arena, &members->list) : NULL;
            if (place != NULL) {
                *place = member;
            }
        }
        if (members->list.count > 1) {
            tell(members->lint, &(struct same){
                .at = members->list.at, .count = members->list.count, .readers = SP_READER_OCI,
            });
        }
    }
}

void
sp_form_duplicate_keys(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct members members = { .lint = lint, .arena = &scratch };

    sp_fields_walk(lint->profile->node, visit, &members);
    check_way(&members);
    if (scratch.failed) {
        lint->report->failed = true;
    }
}
