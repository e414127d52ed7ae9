#include "sem/safe_rules.h"

#include "sem/modelled.h"
#include "sem/safe_choices.h"
#include "sem/words.h"

/* Verdicts of one call; a profile that a person wrote has two or three. */
enum { VERDICTS_MAX = 64 };

/* One rule that may be lent (SP_HAZARD_LENT_BLOCK) costs as much as so many others; one of
 * masks that no person would write, as two. */
enum { COST_PLAIN = 1, COST_MASKS = 2, COST_LENT = 8 };

/* So many rules a person may read. */
enum { READABLE = 16 };

/* ---- candidates -------------------------------------------------------------------------- */

/* How the conditions of all verdicts may be written. */
struct manner {
    struct sp_safe_style alone;    /* in rules of one condition */
    struct sp_safe_style product;  /* in rules of several */
    bool by_masks;                 /* the alternatives are masked tests from the start */
};

/* The first ones are the easiest to read, the last ones are always exact, but may be long:
 * NE stands in nobody's way but that of products and other NE; LE asks for numbers below
 * 2^32. */
static const struct manner manners[] = {
    { .alone = { .ne = true, .le = true, .ge = true },
      .product = { .ne = true, .le = true, .ge = true } },
    { .alone = { .ne = true, .le = true, .ge = true } },
    { .alone = { .le = true, .ge = true } },
    { .alone = { .ge = true } },
    { .alone = { .ne = false } },
    { .by_masks = true },
};

/* The verdicts of a call other than the default, and what each asks for. */
struct wanted {
    sp_verdict verdicts[VERDICTS_MAX];
    size_t count;
    struct sp_alternatives words[VERDICTS_MAX];
};

/* In which order the verdicts come, and whether a later one may speak of what an earlier one
 * has settled. */
struct order {
    size_t first;
    bool is_reversed;
    bool overlaps;
};

struct writer {
    struct sp_arena *arena;     /* of the search, as is the store */
    struct sp_dd_store *store;
    sp_dd meaning;
    sp_verdict default_verdict;
    unsigned bits;
    struct wanted wanted;
};

/* Rules that mean it. */
struct candidate {
    struct sp_safe_rules rules;
    bool by_masks;
    bool is_lent;
    bool is_found;
};

/* Maps a verdict to 1, all others to 0. */
static uint32_t
is_verdict(uint32_t value, void *user)
{
    const sp_verdict *verdict = user;

    return value == *verdict;
}

/* The verdict at a place of the order. */
static sp_verdict
verdict_at(const struct wanted *wanted, struct order order, size_t place)
{
    size_t step = order.is_reversed ? wanted->count - place : place;

    return wanted->verdicts[(order.first + step) % wanted->count];
}

/* The alternatives of all verdicts; false when there are too many, or no memory. */
static bool
find_alternatives(struct writer *writer, struct order order, bool by_masks)
{
    struct wanted *wanted = &writer->wanted;
    sp_dd open = sp_dd_leaf(writer->store, 1);

    for (size_t i = 0; i < wanted->count; i++) {
        sp_verdict verdict = verdict_at(wanted, order, i);
        sp_dd condition = sp_dd_map(writer->store, writer->meaning, is_verdict, &verdict);
        struct sp_alternatives *found = &wanted->words[i];
        bool done = by_masks
            ? sp_words_masked_given(writer->arena, writer->store, condition, open, SP_SAFE_MAX,
                                    found)
            : sp_words_given(writer->arena, writer->store, condition, open, SP_SAFE_MAX, found);
        writer->arena->failed |= !done;  /* nothing here is undecided */
        if (!done || found->truncated) {
            return false;
        }
        if (order.overlaps) {
            open = sp_dd_and(writer->store, open, sp_dd_not(writer->store, condition));
        }
    }
    return true;
}

/* ---- rules of one alternative ------------------------------------------------------------ */

/* The arguments that the tests are about, as a bit set. */
static unsigned
args_of(const struct sp_tests *tests)
{
    unsigned args = 0;

    for (size_t i = 0; i < tests->all.count; i++) {
        args |= 1u << tests->all.at[i].arg;
    }
    return args;
}

/* The rule with one more condition; `longer` may be NULL (no memory). */
static bool
copy_longer(struct sp_arena *arena, const struct sp_safe_rule *rule,
            const struct sp_filter_condition *condition, struct sp_safe_rule *longer)
{
    if (longer == NULL) {
        return false;
    }
    longer->verdict = rule->verdict;
    for (size_t i = 0; i <= rule->conditions.count; i++) {
        struct sp_filter_condition *added = sp_vec_push(arena, &longer->conditions);
        if (added == NULL) {
            return false;
        }
        *added = i < rule->conditions.count ? rule->conditions.at[i] : *condition;
    }
    return true;
}

/* Every rule with every choice. */
static bool
multiply(struct sp_arena *arena, const struct sp_safe_rules *rules,
         const struct sp_safe_choices *choices, struct sp_safe_rules *ret_product)
{
    struct sp_safe_rules product = { .all = { .at = NULL } };

    if (rules->all.count * choices->any.count > SP_SAFE_MAX) {
        return false;
    }
    for (size_t i = 0; i < rules->all.count; i++) {
        for (size_t j = 0; j < choices->any.count; j++) {
            if (!copy_longer(arena, &rules->all.at[i], &choices->any.at[j],
                             sp_vec_push(arena, &product.all))) {
                return false;
            }
        }
    }
    *ret_product = product;
    return true;
}

/* Always, beside other rules: a rule without conditions would take their place, but libseccomp asks this one
 * last (is_behind, sem/modelled_level.c). */
static bool
add_last(struct sp_arena *arena, struct sp_safe_rule *rule)
{
    struct sp_filter_condition *condition = sp_vec_push(arena, &rule->conditions);

    if (condition == NULL) {
        return false;
    }
    *condition = (struct sp_filter_condition){
        .index = 0, .op = SP_OPERATOR_GE, .mask = UINT64_MAX, .datum = 0
    };
    return true;
}

/* False when there are too many, or no memory. */
static bool
add_alternative(const struct writer *writer, const struct manner *manner,
                const struct sp_tests *tests, sp_verdict verdict, struct sp_safe_rules *rules)
{
    unsigned args = args_of(tests);
    bool is_alone = (args & (args - 1)) == 0;
    struct sp_safe_rules product = { .all = { .at = NULL } };
    struct sp_safe_rule *first = sp_vec_push(writer->arena, &product.all);

    if (first == NULL) {
        return false;
    }
    first->verdict = verdict;
    if (args == 0 && rules->all.count > 0 && !add_last(writer->arena, first)) {
        return false;
    }
    for (unsigned arg = 0; arg < SP_ARGS; arg++) {
        struct sp_safe_style style = is_alone ? manner->alone : manner->product;
        struct sp_safe_choices choices;
        if ((args & 1u << arg) == 0) {
            continue;
        }
        if (!sp_safe_choices_of(writer->arena, tests, arg, writer->bits, style, SP_SAFE_MAX,
                                &choices)
            || !multiply(writer->arena, &product, &choices, &product)) {
            return false;
        }
    }
    for (size_t i = 0; i < product.all.count; i++) {
        struct sp_safe_rule *added =
            rules->all.count < SP_SAFE_MAX ? sp_vec_push(writer->arena, &rules->all) : NULL;
        if (added == NULL) {
            return false;
        }
        *added = product.all.at[i];
    }
    return true;
}

/* The rules of all verdicts in one manner. */
static bool
make_rules(struct writer *writer, struct order order, const struct manner *manner,
           struct sp_safe_rules *ret_rules)
{
    const struct wanted *wanted = &writer->wanted;
    struct sp_safe_rules rules = { .all = { .at = NULL } };

    for (size_t i = 0; i < wanted->count; i++) {
        const struct sp_alternatives *words = &wanted->words[i];
        sp_verdict verdict = verdict_at(wanted, order, i);
        for (size_t j = 0; j < words->any.count; j++) {
            if (!add_alternative(writer, manner, &words->any.at[j], verdict, &rules)) {
                return false;
            }
        }
    }
    *ret_rules = rules;
    return true;
}

struct sp_filter_rule *
sp_safe_rules_rows(struct sp_arena *arena, const struct sp_safe_rules *rules, uint16_t call)
{
    size_t count = rules->all.count;
    struct sp_filter_rule *rows = sp_arena_new_array(arena, count, struct sp_filter_rule);

    for (size_t i = 0; rows != NULL && i < count; i++) {
        rows[i] = (struct sp_filter_rule){
            .call = call,
            .verdict = rules->all.at[i].verdict,
            .conditions = rules->all.at[i].conditions.at,
            .condition_count = rules->all.at[i].conditions.count,
        };
    }
    return rows;
}

/* ---- the proof --------------------------------------------------------------------------- */

/* What libseccomp makes of the rules, before and since 2.6.1: the very meaning, without a
 * shape that it is known to get wrong? */
static bool
is_exact(const struct writer *writer, const struct sp_safe_rules *rules, bool *ret_is_lent)
{
    static const struct sp_version versions[] = { { 2, 5, 4 }, { 0 } };
    size_t count = rules->all.count;
    struct sp_filter_rule *rows = sp_safe_rules_rows(writer->arena, rules, 0);
    struct sp_modelled modelled;

    for (size_t i = 0; rows != NULL && i < sizeof versions / sizeof *versions; i++) {
        if (!sp_modelled_make(writer->store, rows, count, writer->bits, writer->default_verdict,
                              versions[i], &modelled)) {
            writer->arena->failed = true;
            return false;
        }
        if (modelled.meaning != writer->meaning
            || (modelled.hazards & ~(unsigned)SP_HAZARD_LENT_BLOCK) != 0) {
            return false;
        }
        *ret_is_lent = modelled.hazards != 0;
    }
    return rows != NULL;
}

/* ---- the choice -------------------------------------------------------------------------- */

static size_t
cost_of(const struct candidate *candidate)
{
    size_t each = candidate->is_lent ? COST_LENT : COST_PLAIN;

    return candidate->rules.all.count * each * (candidate->by_masks ? COST_MASKS : COST_PLAIN);
}

/* Nothing better is looked for. */
static bool
is_readable(const struct candidate *candidate)
{
    return candidate->is_found && !candidate->is_lent && candidate->rules.all.count <= READABLE;
}

static void
try_manner(struct writer *writer, struct order order, const struct manner *manner,
           struct candidate *best)
{
    struct candidate candidate = { .is_found = true, .by_masks = manner->by_masks };

    if (!make_rules(writer, order, manner, &candidate.rules)
        || (best->is_found && cost_of(&candidate) >= cost_of(best))
        || !is_exact(writer, &candidate.rules, &candidate.is_lent)) {
        return;
    }
    if (!best->is_found || cost_of(&candidate) < cost_of(best)) {
        *best = candidate;
    }
}

/* All manners that start from words, or from masks, until one is found that is readable. */
static void
try_manners(struct writer *writer, struct order order, bool by_masks, struct candidate *best)
{
    if (is_readable(best) || !find_alternatives(writer, order, by_masks)) {
        return;
    }
    for (size_t i = 0; i < sizeof manners / sizeof *manners; i++) {
        if (manners[i].by_masks == by_masks && !is_readable(best) && !writer->arena->failed) {
            try_manner(writer, order, &manners[i], best);
        }
    }
}

static void
try_order(struct writer *writer, struct order order, struct candidate *best)
{
    try_manners(writer, order, false, best);
    try_manners(writer, order, true, best);
}

/* Rules that overlap are written only where others are many or none: a reader has to know which of them
 * libseccomp asks first. */
static void
search(struct writer *writer, struct candidate *best)
{
    size_t count = writer->wanted.count;
    struct candidate other = { .is_found = false };

    try_order(writer, (struct order){ .first = 0 }, best);
    for (size_t i = 0; i < 2 * count && count > 1 && !is_readable(best) && !is_readable(&other);
         i++) {
        try_order(writer, (struct order){
            .first = i / 2, .is_reversed = i % 2 == 1, .overlaps = true
        }, &other);
    }
    if (other.is_found && (!best->is_found || cost_of(&other) < cost_of(best))) {
        *best = other;
    }
}

/* The rules in the arena of the caller. */
static bool
copy_rules(struct sp_arena *arena, const struct sp_safe_rules *from,
           struct sp_safe_rules *ret_rules)
{
    struct sp_safe_rules rules = { .all = { .at = NULL } };

    for (size_t i = 0; i < from->all.count; i++) {
        const struct sp_safe_rule *rule = &from->all.at[i];
        struct sp_safe_rule *added = sp_vec_push(arena, &rules.all);
        if (added == NULL) {
            return false;
        }
        added->verdict = rule->verdict;
        for (size_t j = 0; j < rule->conditions.count; j++) {
            struct sp_filter_condition *condition = sp_vec_push(arena, &added->conditions);
            if (condition == NULL) {
                return false;
            }
            *condition = rule->conditions.at[j];
        }
    }
    *ret_rules = rules;
    return true;
}

/* The verdicts that need rules; false when there are too many. */
static bool
find_verdicts(struct writer *writer)
{
    sp_verdict leaves[VERDICTS_MAX];
    size_t count = sp_dd_leaves(writer->store, writer->meaning, leaves, VERDICTS_MAX);

    for (size_t i = 0; i < count && count <= VERDICTS_MAX; i++) {
        if (leaves[i] != writer->default_verdict) {
            writer->wanted.verdicts[writer->wanted.count++] = leaves[i];
        }
    }
    return count <= VERDICTS_MAX;
}

static enum sp_safe_result
write_rules(struct sp_arena *arena, struct writer *writer, struct sp_safe_rules *ret_rules)
{
    struct candidate best = { .is_found = false };

    if (writer->wanted.count == 0) {
        *ret_rules = best.rules;
        return SP_SAFE_OK;
    }
    search(writer, &best);
    if (writer->arena->failed || sp_dd_store_failed(writer->store)) {
        return SP_SAFE_NO_MEMORY;
    }
    if (!best.is_found) {
        return SP_SAFE_UNWRITABLE;
    }
    return copy_rules(arena, &best.rules, ret_rules) ? SP_SAFE_OK : SP_SAFE_NO_MEMORY;
}

/* In a store of its own, so that trying spends nobody's budget. */
enum sp_safe_result
sp_safe_rules_of(struct sp_arena *arena, struct sp_dd_store *store, sp_dd meaning,
                 sp_verdict default_verdict, unsigned bits, struct sp_safe_rules *ret_rules)
{
    SP_SCRATCH(scratch);
    struct writer writer = {
        .arena = &scratch,
        .store = sp_dd_store_new(SP_DD_BUDGET),
        .default_verdict = default_verdict,
        .bits = bits,
    };
    enum sp_safe_result result = SP_SAFE_UNWRITABLE;

    if (writer.store == NULL) {
        return SP_SAFE_NO_MEMORY;
    }
    writer.meaning = sp_dd_copy(writer.store, store, meaning);
    if (sp_dd_store_failed(writer.store)) {
        result = SP_SAFE_NO_MEMORY;
    } else if (!sp_dd_has_undecided(writer.store, writer.meaning) && find_verdicts(&writer)) {
        result = write_rules(arena, &writer, ret_rules);
    }
    sp_dd_store_free(writer.store);
    return result;
}
