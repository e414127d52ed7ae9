/* SP209: words that stand for no system call at all. */
#include "lint/form_text.h"
#include "lint/names_find.h"
#include "lint/names_rules.h"

/* Longer lists and more words are not fixed: each edit looks through its list. */
enum { EDITED_LIST_MAX = 500, EDITS_MAX = 100 };

static const struct sp_kb_word *
pseudo_word(struct sp_str name)
{
    const struct sp_kb_word *word = sp_kb_word_find(name);

    return word != NULL && word->kind == SP_WORD_PSEUDO ? word : NULL;
}

/* ---- taking words out of a list ------------------------------------------------------ */

static bool
goes(const struct sp_node *element)
{
    return element->kind == SP_NODE_STRING && pseudo_word(element->text) != NULL;
}

/* What to cut so that an element goes and the list stays a list: the comma before it goes with
 * it, or the one behind it when nothing before it stays. */
static bool
find_cut(const struct sp_node *list, const struct sp_node *element, struct sp_span *ret_span)
{
    const struct sp_node *before = NULL;
    bool stays_before = false;
    bool stays_behind = false;

    for sp_node_each(each, list) {
        bool stays = !goes(each);
        stays_before |= stays && each->index < element->index;
        stays_behind |= stays && each->index > element->index;
        before = each->next == element ? each : before;
    }
    if (stays_before && before != NULL) {
        *ret_span = (struct sp_span){ .start = before->span.end, .end = element->span.end };
        return true;
    }
    if (stays_behind && element->next != NULL) {
        *ret_span = (struct sp_span){ .start = element->span.start,
                                      .end = element->next->span.start };
        return true;
    }
    return false;
}

static void
edit(const struct sp_lint *lint, struct sp_diag *diag, const struct sp_names_find *find)
{
    const struct sp_node *list = find->word->node->parent;
    struct sp_span span;

    if (list->kind == SP_NODE_ARRAY && list->count <= EDITED_LIST_MAX
        && find_cut(list, find->word->node, &span)) {
        sp_report_edit(lint->report, diag, span, "%s", "");
    }
}

/* ---- findings ------------------------------------------------------------------------ */

static void
help(const struct sp_lint *lint, struct sp_diag *diag, const struct sp_kb_word *word)
{
    const char *calls[2];
    size_t count = 0;

    for (; count < 2 && count < word->calls.count; count++) {
        calls[count] = sp_kb_text(sp_names_member(word->calls, count)->name);
    }
    if (count == 0) {
        sp_report_help(lint->report, diag, "remove it");
    } else {
        sp_report_help(lint->report, diag, "remove it, or write %s",
                       sp_names_join(lint, calls, count, count, sp_names_quoted));
    }
}

static void
tell_one(const struct sp_lint *lint, const struct sp_names_find *find)
{
    const struct sp_kb_word *word = pseudo_word(find->word->text);
    struct sp_diag *diag = sp_report_add(
        lint->report, 209, sp_names_place(lint, find), "engines pass over `%s`: %s",
        sp_form_show(lint, find->word->text), sp_kb_text(word->why));

    help(lint, diag, word);
    edit(lint, diag, find);
}

static void
tell_many(const struct sp_lint *lint, struct sp_names_slice slice)
{
    struct sp_diag *diag = sp_report_add(
        lint->report, 209, sp_names_place(lint, &slice.at[0]),
        "engines pass over %zu names that stand for no system call: %s", slice.count,
        sp_names_list(lint, slice));

    sp_report_help(lint->report, diag, "remove them");
    for (size_t i = 0; i < slice.count && i < EDITS_MAX; i++) {
        edit(lint, diag, &slice.at[i]);
    }
    sp_names_relate(lint, diag, slice);
}

static bool
is_pseudo(struct sp_str word)
{
    return pseudo_word(word) != NULL;
}

void
sp_check_pseudo_name(const struct sp_lint *lint)
{
    sp_names_tell_words(lint, is_pseudo, tell_one, tell_many);
}
