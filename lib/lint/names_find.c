#include "lint/names_find.h"

#include "lint/form_text.h"

#include <stdlib.h>
#include <string.h>

/* Places beside the first that are worth reading. */
enum { RELATED_MAX = 4 };

void
sp_names_add(struct sp_names_finds *finds, struct sp_names_find find)
{
    struct sp_names_find *place = sp_vec_push(finds->arena, &finds->list);

    if (place != NULL) {
        *place = find;
    }
}

/* ---- what is told at once ------------------------------------------------------------ */

/* How one find and how many are told. */
struct tellers {
    void (*one)(const struct sp_lint *lint, const struct sp_names_find *find);
    void (*many)(const struct sp_lint *lint, struct sp_names_slice slice);
};

static void
tell_words(const struct sp_lint *lint, void *user, struct sp_names_slice slice)
{
    const struct tellers *tellers = user;

    if (slice.count == 1) {
        tellers->one(lint, &slice.at[0]);
    } else {
        tellers->many(lint, slice);
    }
}

void
sp_names_tell_words(const struct sp_lint *lint, bool (*is_wanted)(struct sp_str word),
                    void (*one)(const struct sp_lint *lint, const struct sp_names_find *find),
                    void (*many)(const struct sp_lint *lint, struct sp_names_slice slice))
{
    SP_SCRATCH(scratch);
    struct sp_names_finds finds = { .arena = &scratch };
    struct tellers tellers = { .one = one, .many = many };

    for (size_t i = 0; i < lint->profile->rule_count; i++) {
        const struct sp_rule *rule = &lint->profile->rules[i];
        for (size_t j = 0; j < rule->names.count; j++) {
            if (is_wanted(rule->names.at[j].text)) {
                sp_names_add(&finds, (struct sp_names_find){
                    .rule = rule, .word = &rule->names.at[j],
                });
            }
        }
    }
    sp_names_tell(lint, &finds, tell_words, &tellers);
}

bool
sp_names_complete(const struct sp_lint *lint, const struct sp_arena *arena)
{
    if (arena->failed) {
        lint->report->failed = true;
    }
    return !arena->failed;
}

static void
tell_class(const struct sp_lint *lint, const struct sp_names_finds *finds, unsigned class,
           sp_names_tell_slice *tell, void *user)
{
    SP_SCRATCH(scratch);
    struct sp_names_finds some = { .arena = &scratch };

    for (size_t i = 0; i < finds->list.count; i++) {
        if (finds->list.at[i].class == class) {
            sp_names_add(&some, finds->list.at[i]);
        }
    }
    if (sp_names_complete(lint, &scratch) && some.list.count > 0) {
        tell(lint, user, (struct sp_names_slice){ .at = some.list.at,
                                                  .count = some.list.count });
    }
}

void
sp_names_tell(const struct sp_lint *lint, const struct sp_names_finds *finds,
              sp_names_tell_slice *tell, void *user)
{
    if (!sp_names_complete(lint, finds->arena)) {
        return;
    }
    if (finds->list.count > SP_NAMES_FEW) {
        for (unsigned class = 0; class <= SP_NAMES_ALONE; class++) {
            tell_class(lint, finds, class, tell, user);
        }
        return;
    }
    for (size_t i = 0; i < finds->list.count; i++) {
        tell(lint, user, (struct sp_names_slice){ .at = &finds->list.at[i], .count = 1 });
    }
}

/* The finds of one rule, from the first on. */
static struct sp_names_slice
rule_at(const struct sp_names_finds *finds, size_t first)
{
    size_t next = first + 1;

    while (next < finds->list.count
           && finds->list.at[next].rule == finds->list.at[first].rule) {
        next++;
    }
    return (struct sp_names_slice){ .at = &finds->list.at[first], .count = next - first };
}

static bool
are_few_rules(const struct sp_names_finds *finds)
{
    size_t rules = 0;

    for (size_t i = 0; i < finds->list.count && rules <= SP_NAMES_FEW_RULES; rules++) {
        i += rule_at(finds, i).count;
    }
    return rules <= SP_NAMES_FEW_RULES;
}

void
sp_names_tell_rules(const struct sp_lint *lint, const struct sp_names_finds *finds,
                    sp_names_tell_slice *tell, void *user)
{
    if (!sp_names_complete(lint, finds->arena)) {
        return;
    }
    bool few = are_few_rules(finds);
    for (unsigned class = 0; !few && class < SP_NAMES_ALONE; class++) {
        tell_class(lint, finds, class, tell, user);
    }
    for (size_t i = 0; i < finds->list.count;) {
        struct sp_names_slice rule = rule_at(finds, i);
        if (few || rule.at[0].class == SP_NAMES_ALONE) {
            tell(lint, user, rule);
        }
        i += rule.count;
    }
}

static int
compare_texts(const struct sp_names_find *left, const struct sp_names_find *right)
{
    if (left->class != right->class) {
        return left->class < right->class ? -1 : 1;
    }
    return sp_str_compare(left->word->text, right->word->text);
}

/* By class, text and place. */
static int
compare(const void *left_, const void *right_)
{
    const struct sp_names_find *left = left_;
    const struct sp_names_find *right = right_;
    int order = compare_texts(left, right);

    if (order != 0) {
        return order;
    }
    return (left->word->node->span.start > right->word->node->span.start)
        - (left->word->node->span.start < right->word->node->span.start);
}

void
sp_names_tell_texts(const struct sp_lint *lint, const struct sp_names_finds *finds,
                    sp_names_tell_slice *tell, void *user)
{
    if (!sp_names_complete(lint, finds->arena) || finds->list.count == 0) {
        return;
    }
    qsort(finds->list.at, finds->list.count, sizeof *finds->list.at, compare);
    for (size_t i = 0, next = 0; i < finds->list.count; i = next) {
        const struct sp_names_find *first = &finds->list.at[i];
        for (next = i + 1; next < finds->list.count; next++) {
            if (compare_texts(first, &finds->list.at[next]) != 0) {
                break;
            }
        }
        tell(lint, user, (struct sp_names_slice){ .at = first, .count = next - i });
    }
}

/* ---- texts --------------------------------------------------------------------------- */

const char *
sp_names_take(const struct sp_lint *lint, const struct sp_buf *buf)
{
    const char *text = buf->failed ? NULL : sp_arena_copy(lint->arena, sp_buf_view(buf));

    if (text == NULL) {
        lint->arena->failed = true;
        return "";
    }
    return text;
}

const char *
sp_names_join(const struct sp_lint *lint, const void *items, size_t count, size_t max,
              sp_names_item *item)
{
    SP_BUF(buf);
    /* "and 1 more" takes as much room as the item. */
    size_t shown = count <= max + 1 ? count : max;

    for (size_t i = 0; i < shown; i++) {
        if (i > 0) {
            sp_buf_text(&buf, i + 1 == count ? " and " : ", ");
        }
        item(lint, &buf, items, i);
    }
    if (shown < count) {
        sp_buf_format(&buf, " and %zu more", count - shown);
    }
    return sp_names_take(lint, &buf);
}

static void
add_name(const struct sp_lint *lint, struct sp_buf *buf, const void *finds_, size_t index)
{
    const struct sp_names_find *finds = finds_;

    sp_buf_format(buf, "`%s`", sp_form_show(lint, finds[index].word->text));
}

const char *
sp_names_list(const struct sp_lint *lint, struct sp_names_slice slice)
{
    return sp_names_join(lint, slice.at, slice.count, SP_NAMES_LISTED, add_name);
}

void
sp_names_quoted(const struct sp_lint *lint, struct sp_buf *buf, const void *texts_,
                size_t index)
{
    const char *const *texts = texts_;

    (void)lint;
    sp_buf_format(buf, "`%s`", texts[index]);
}

const char *
sp_names_default(const struct sp_lint *lint)
{
    const char *text = sp_names_of(sp_action_names, (int)lint->profile->default_action);

    return text == NULL ? "" : text;
}

/* ---- places and questions ------------------------------------------------------------ */

struct sp_place
sp_names_place(const struct sp_lint *lint, const struct sp_names_find *find)
{
    return sp_at_node(lint->doc, find->word->node);
}

void
sp_names_relate(const struct sp_lint *lint, struct sp_diag *diag, struct sp_names_slice slice)
{
    for (size_t i = 1; i < slice.count && i <= RELATED_MAX; i++) {
        sp_report_related(lint->report, diag, sp_names_place(lint, &slice.at[i]),
                          i == RELATED_MAX && slice.count > RELATED_MAX + 1
                              ? "here, and further down" : "here, too");
    }
}

void
sp_names_relate_rules(const struct sp_lint *lint, struct sp_diag *diag,
                      struct sp_names_slice slice)
{
    if (slice.at[0].rule != slice.at[slice.count - 1].rule) {
        sp_names_relate(lint, diag, slice);
    }
}

bool
sp_names_has(const struct sp_rule *rule, const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < rule->names.count; i++) {
        if (sp_str_is(rule->names.at[i].text, sp_kb_text(call->name))) {
            return true;
        }
    }
    return false;
}

bool
sp_names_runs(enum sp_action action)
{
    return action == SP_ACTION_ALLOW || action == SP_ACTION_LOG;
}

bool
sp_names_is_written(const struct sp_lint *lint, const struct sp_word *word)
{
    struct sp_str written = sp_source_slice(lint->doc->source, word->node->span);

    return !sp_dialect_is_foreign(lint->profile->dialect)
        || lint->profile->dialect == SP_DIALECT_SPO || sp_str_equal(written, word->text);
}

bool
sp_names_is_hole(const struct sp_lint *lint, const struct sp_rule *rule)
{
    return sp_names_runs(lint->profile->default_action) && rule->action != SP_ACTION_NONE
        && !sp_names_runs(rule->action);
}
