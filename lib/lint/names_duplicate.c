/* SP204: names that stand twice in one rule. */
#include "base/vec.h"
#include "lint/form_text.h"
#include "lint/names_find.h"
#include "lint/names_rules.h"

#include <string.h>

/* Pairs of places that are worth reading. */
enum { RELATED_MAX = 3 };

/* A name that stands again. */
struct again {
    const struct sp_word *word;
    const struct sp_word *first;
};

struct again_list {
    struct again *at;
    size_t count, capacity;
};

struct agains {
    struct again_list list;   /* every place */
    struct again_list names;  /* the first place of each name */
};

/* What was seen of a call: 1 + where in the rule it stands first. */
struct seen_call {
    uint32_t first;
    bool again;
};

struct seen {
    struct seen_call *at;  /* by call; NULL until somebody asks */
    struct sp_arena *arena;
};

/* ---- finding ------------------------------------------------------------------------- */

/* Sorted lists without a duplicate, which most are, need no more than one comparison a name. */
static bool
is_ascending(const struct sp_words *names)
{
    for (size_t i = 1; i < names->count; i++) {
        if (sp_str_compare(names->at[i - 1].text, names->at[i].text) >= 0) {
            return false;
        }
    }
    return true;
}

static void
add(struct seen *seen, struct again_list *list, struct again again)
{
    struct again *place = sp_vec_push(seen->arena, list);

    if (place != NULL) {
        *place = again;
    }
}

static void
look_at(struct seen *seen, struct agains *agains, const struct sp_words *names, size_t index)
{
    const struct sp_kb_syscall *call = sp_kb_syscall_find(names->at[index].text);

    if (call == NULL) {
        return;
    }
    struct seen_call *place = &seen->at[sp_kb_syscall_index(call)];
    if (place->first == 0) {
        place->first = (uint32_t)index + 1;
        return;
    }
    struct again found = { .word = &names->at[index], .first = &names->at[place->first - 1] };
    add(seen, &agains->list, found);
    if (!place->again) {
        add(seen, &agains->names, found);
        place->again = true;
    }
}

/* Names that no call has are SP201's, however often they stand there. */
static void
collect(struct seen *seen, struct agains *agains, const struct sp_words *names)
{
    agains->list.count = 0;
    agains->names.count = 0;
    if (is_ascending(names)) {
        return;
    }
    if (seen->at == NULL) {
        seen->at = sp_arena_new_array(seen->arena, sp_kb_syscalls_count,
                                      struct seen_call);
    } else {
        memset(seen->at, 0, sp_kb_syscalls_count * sizeof *seen->at);
    }
    for (size_t i = 0; seen->at != NULL && i < names->count; i++) {
        look_at(seen, agains, names, i);
    }
}

/* ---- telling ------------------------------------------------------------------------- */

/* Takes elements away, each with the comma before it: none is the first of its list. */
static void
add_edits(const struct sp_lint *lint, struct sp_diag *diag, const struct sp_words *names,
          const struct agains *agains)
{
    const struct sp_node *before = NULL;
    size_t count = agains->list.count < SP_NAMES_EDITS ? agains->list.count : SP_NAMES_EDITS;
    size_t next = 0;

    for sp_node_each(element, names->node) {
        if (next < count && agains->list.at[next].word->node == element && before != NULL) {
            sp_report_edit(lint->report, diag,
                           (struct sp_span){ .start = before->span.end,
                                             .end = element->span.end }, "%s", "");
            next++;
        }
        before = element;
    }
}

static void
add_related(const struct sp_lint *lint, struct sp_diag *diag, const struct agains *agains)
{
    for (size_t i = 0; i < agains->names.count && i < RELATED_MAX; i++) {
        const struct again *again = &agains->names.at[i];
        const char *name = sp_form_show(lint, again->word->text);
        sp_report_related(lint->report, diag, sp_at_node(lint->doc, again->first->node),
                          "`%s` stands here first", name);
        if (i > 0) {
            sp_report_related(lint->report, diag, sp_at_node(lint->doc, again->word->node),
                              "and here again");
        }
    }
}

static void
add_again(const struct sp_lint *lint, struct sp_buf *buf, const void *agains_, size_t index)
{
    const struct again *agains = agains_;

    sp_buf_format(buf, "`%s`", sp_form_show(lint, agains[index].word->text));
}

static void
tell(const struct sp_lint *lint, const struct sp_words *names, const struct agains *agains)
{
    struct sp_diag *diag = sp_report_add(
        lint->report, 204, sp_at_node(lint->doc, agains->list.at[0].word->node),
        "%s %s more than once in this rule",
        sp_names_join(lint, agains->names.at, agains->names.count, SP_NAMES_LISTED, add_again),
        agains->names.count == 1 ? "stands" : "stand");

    sp_report_help(lint->report, diag, "remove what is said again: it changes nothing");
    add_related(lint, diag, agains);
    add_edits(lint, diag, names, agains);
}

void
sp_check_duplicate_name(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct seen seen = { .arena = &scratch };
    struct agains agains = { .list = { .at = NULL } };

    for (size_t i = 0; i < lint->profile->rule_count; i++) {
        const struct sp_words *names = &lint->profile->rules[i].names;
        collect(&seen, &agains, names);
        if (agains.list.count > 0) {
            tell(lint, names, &agains);
        }
    }
    sp_names_complete(lint, &scratch);
}
