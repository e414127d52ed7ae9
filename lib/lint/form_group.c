#include "lint/form_group.h"

#include <stdlib.h>

/* Places beside the first that are worth reading. */
enum { RELATED_MAX = 4 };

/* By object, key and place. */
static int
compare(const void *left_, const void *right_)
{
    const struct sp_form_found *left = left_;
    const struct sp_form_found *right = right_;

    if (left->object != right->object) {
        return left->object < right->object ? -1 : 1;
    }
    int order = sp_str_compare(left->node->key, right->node->key);
    if (order != 0) {
        return order;
    }
    return (left->node->span.start > right->node->span.start)
        - (left->node->span.start < right->node->span.start);
}

static bool
belong_together(const struct sp_form_found *left, const struct sp_form_found *right)
{
    return left->object == right->object && sp_str_equal(left->node->key, right->node->key);
}

void
sp_form_add(struct sp_form_finds *finds, enum sp_object object, const struct sp_node *node)
{
    struct sp_form_found *found = sp_vec_push(finds->arena, &finds->list);

    if (found != NULL) {
        *found = (struct sp_form_found){ .object = object, .node = node };
    }
}

void
sp_form_gather(const struct sp_lint *lint, sp_object_visit *visit,
               void (*tell)(const struct sp_lint *lint, const struct sp_form_group *group))
{
    SP_SCRATCH(scratch);
    struct sp_form_finds finds = { .lint = lint, .arena = &scratch };

    sp_fields_walk(lint->profile->node, visit, &finds);
    if (scratch.failed) {
        lint->report->failed = true;
        return;
    }
    if (finds.list.count == 0) {
        return;
    }
    qsort(finds.list.at, finds.list.count, sizeof *finds.list.at, compare);
    for (size_t i = 0, next = 0; i < finds.list.count; i = next) {
        const struct sp_form_found *first = &finds.list.at[i];
        for (next = i + 1; next < finds.list.count; next++) {
            if (!belong_together(first, &finds.list.at[next])) {
                break;
            }
        }
        tell(lint, &(struct sp_form_group){
            .object = first->object, .at = first, .count = next - i,
        });
    }
}

void
sp_form_relate(const struct sp_lint *lint, struct sp_diag *diag,
               const struct sp_form_group *group)
{
    for (size_t i = 1; i < group->count && i <= RELATED_MAX; i++) {
        sp_report_related(lint->report, diag, sp_at_key(lint->doc, group->at[i].node),
                          i == RELATED_MAX && group->count > RELATED_MAX + 1
                              ? "here, and further down" : "here, too");
    }
}

const char *
sp_form_times(const struct sp_lint *lint, const struct sp_form_group *group)
{
    const char *text = group->count == 1
        ? "" : sp_arena_format(lint->arena, " (in %zu places)", group->count);

    return text == NULL ? "" : text;
}
