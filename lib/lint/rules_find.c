#include "lint/rules_find.h"

#include "lint/names_find.h"
#include "ops/answer.h"
#include "sem/guards.h"
#include "sem/verdict.h"

#include <stdlib.h>

/* More rules with the same fault than this are told at once; places that are worth reading. */
enum { FEW_RULES = 6, RELATED_MAX = 3 };

/* ---- gathering --------------------------------------------------------------------------- */

const struct sp_word *
sp_rules_word(const struct sp_rule *rule, const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < rule->names.count; i++) {
        if (sp_kb_syscall_find(rule->names.at[i].text) == call) {
            return &rule->names.at[i];
        }
    }
    return NULL;
}

bool
sp_rules_has(const struct sp_rules_finds *finds, const struct sp_rule *rule,
             const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < finds->list.count; i++) {
        if (finds->list.at[i].rule == rule && finds->list.at[i].call == call) {
            return true;
        }
    }
    return false;
}

struct sp_rules_find *
sp_rules_add(struct sp_rules_finds *finds, struct sp_rules_find find)
{
    for (size_t i = finds->list.count; i > 0 && finds->list.at[i - 1].call == find.call; i--) {
        const struct sp_rules_find *known = &finds->list.at[i - 1];
        if (known->rule == find.rule && known->kind == find.kind) {
            return NULL;
        }
    }
    find.word = sp_rules_word(find.rule, find.call);
    struct sp_rules_find *place = sp_vec_push(finds->arena, &finds->list);
    if (place != NULL) {
        *place = find;
    }
    return place;
}

/* ---- telling ----------------------------------------------------------------------------- */

/* By kind, then by place: rules and their words lie in arrays, in listing order. */
static int
compare(const void *left_, const void *right_)
{
    const struct sp_rules_find *left = left_;
    const struct sp_rules_find *right = right_;

    if (left->kind != right->kind) {
        return left->kind < right->kind ? -1 : 1;
    }
    if (left->rule != right->rule) {
        return left->rule < right->rule ? -1 : 1;
    }
    return (left->word > right->word) - (left->word < right->word);
}

static size_t
end_of_rule(const struct sp_rules_find *at, size_t first, size_t end)
{
    size_t next = first + 1;

    while (next < end && at[next].rule == at[first].rule) {
        next++;
    }
    return next;
}

static void
tell_kind(const struct sp_lint *lint, const struct sp_rules_find *at, size_t count,
          sp_rules_tell_slice *tell)
{
    size_t rules = 0;

    for (size_t i = 0; i < count; i = end_of_rule(at, i, count)) {
        rules++;
    }
    if (rules > FEW_RULES) {
        tell(lint, (struct sp_rules_slice){ .at = at, .count = count });
        return;
    }
    for (size_t i = 0, next = 0; i < count; i = next) {
        next = end_of_rule(at, i, count);
        tell(lint, (struct sp_rules_slice){ .at = &at[i], .count = next - i,
                                            .is_one_rule = true });
    }
}

void
sp_rules_tell(const struct sp_lint *lint, struct sp_rules_finds *finds,
              sp_rules_tell_slice *tell)
{
    struct sp_rules_find *at = finds->list.at;
    size_t count = finds->list.count;

    if (!sp_names_complete(lint, finds->arena) || count == 0) {
        return;
    }
    qsort(at, count, sizeof *at, compare);
    for (size_t i = 0, next = 0; i < count; i = next) {
        for (next = i + 1; next < count && at[next].kind == at[i].kind; next++) {
        }
        tell_kind(lint, &at[i], next - i, tell);
    }
}

/* ---- texts ------------------------------------------------------------------------------- */

const char *
sp_rules_names(const struct sp_lint *lint, struct sp_rules_slice slice)
{
    SP_SCRATCH(scratch);
    const char **names = sp_arena_new_array(&scratch, slice.count, const char *);
    size_t count = 0;

    if (names == NULL) {
        lint->arena->failed = true;
        return "";
    }
    for (size_t i = 0; i < slice.count; i++) {
        bool is_new = true;
        const char *name = sp_kb_text(slice.at[i].call->name);
        for (size_t j = 0; j < count && is_new; j++) {
            is_new = names[j] != name;
        }
        names[count] = name;
        count += is_new;
    }
    return sp_names_join(lint, names, count, SP_NAMES_LISTED, sp_names_quoted);
}

struct sp_place
sp_rules_place(const struct sp_lint *lint, struct sp_rules_slice slice)
{
    const struct sp_rules_find *find = &slice.at[0];

    return sp_at_node(lint->doc, find->word == NULL ? find->rule->node : find->word->node);
}

static bool
is_shown(struct sp_rules_slice slice, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (slice.at[i].other == slice.at[index].other) {
            return true;
        }
    }
    return slice.at[index].other == NULL;
}

void
sp_rules_relate(const struct sp_lint *lint, struct sp_diag *diag, struct sp_rules_slice slice,
                const char *text)
{
    for (size_t i = 0, shown = 0; i < slice.count && shown < RELATED_MAX; i++) {
        const struct sp_rules_find *find = &slice.at[i];
        if (is_shown(slice, i)) {
            continue;
        }
        const struct sp_word *word = sp_rules_word(find->other, find->call);
        sp_report_related(lint->report, diag,
                          sp_at_node(lint->doc, word == NULL ? find->other->node : word->node),
                          "%s", text);
        shown++;
    }
}

const char *
sp_rules_verdict(const struct sp_lint *lint, sp_verdict verdict)
{
    SP_BUF(buf);

    sp_verdict_write(verdict, &buf);
    return sp_names_take(lint, &buf);
}

/* ---- guards ------------------------------------------------------------------------------ */

static bool
guards(struct sp_guards_read read, const struct sp_guard *guard)
{
    return guard->caps.count > 0 || guard->arches.count > 0
        || (read.min_kernel && guard->min_kernel.node != NULL);
}

bool
sp_rules_is_guarded(const struct sp_lint *lint, const struct sp_rule *rule)
{
    struct sp_guards_read read = sp_guards_read_by(lint->meaning->target.engine);

    return read.guards && (guards(read, &rule->includes) || guards(read, &rule->excludes));
}

static bool
same_words(const struct sp_words *left, const struct sp_words *right)
{
    bool same = left->count == right->count;

    for (size_t i = 0; i < left->count && same; i++) {
        same = sp_str_equal(left->at[i].text, right->at[i].text);
    }
    return same;
}

static bool
same_guard(const struct sp_guard *left, const struct sp_guard *right)
{
    return same_words(&left->caps, &right->caps) && same_words(&left->arches, &right->arches)
        && sp_str_equal(left->min_kernel.text, right->min_kernel.text);
}

bool
sp_rules_same_guards(const struct sp_rule *left, const struct sp_rule *right)
{
    return same_guard(&left->includes, &right->includes)
        && same_guard(&left->excludes, &right->excludes);
}

const char *
sp_rules_when(const struct sp_lint *lint, const struct sp_when *when)
{
    SP_BUF(buf);

    sp_buf_text(&buf, "");
    sp_answer_when(when, "", &buf);
    return sp_names_take(lint, &buf);
}
