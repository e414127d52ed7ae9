#include "sem/modelled_level.h"

#include "kb/kb.h"

/* ---- conditions of a rule ---------------------------------------------------------------- */

struct sp_level_conditions
sp_level_conditions(const struct sp_filter_rule *rule, unsigned bits)
{
    struct sp_level_conditions conditions = { .count = 0 };
    uint64_t width = bits == 32 ? UINT32_MAX : UINT64_MAX;

    for (size_t i = 0; i < rule->condition_count && conditions.count < SP_ARGS; i++) {
        struct sp_filter_condition condition = rule->conditions[i];
        condition.mask &= width;
        condition.datum &= width;
        if (condition.mask == 0) {
            continue;
        }
        size_t place = conditions.count++;
        for (; place > 0 && conditions.at[place - 1].index > condition.index; place--) {
            conditions.at[place] = conditions.at[place - 1];
        }
        conditions.at[place] = condition;
    }
    return conditions;
}

bool
sp_level_is_branching(enum sp_operator op)
{
    return op != SP_OPERATOR_EQ && op != SP_OPERATOR_MASKED_EQ;
}

/* ---- tests of a rule --------------------------------------------------------------------- */

/* How libseccomp lays out an operator: what the lower word is asked, and how it goes on. */
static const struct form {
    enum sp_level_op low;
    bool goes_on;  /* by the true exit of the lower word */
    bool is_range;
    unsigned rank;
} forms[] = {
    [SP_OPERATOR_NE] = { SP_LEVEL_EQ, false, false, 2 },
    [SP_OPERATOR_EQ] = { SP_LEVEL_EQ, true, false, 2 },
    [SP_OPERATOR_MASKED_EQ] = { SP_LEVEL_MASKED, true, false, 2 },
    [SP_OPERATOR_LT] = { SP_LEVEL_GE, false, true, 1 },
    [SP_OPERATOR_LE] = { SP_LEVEL_GT, false, true, 1 },
    [SP_OPERATOR_GE] = { SP_LEVEL_GE, true, true, 0 },
    [SP_OPERATOR_GT] = { SP_LEVEL_GT, true, true, 0 },
};

static struct sp_level_test *
new_test(struct sp_arena *arena, const struct sp_filter_condition *condition, bool is_high,
         enum sp_level_op op)
{
    struct sp_level_test *test = sp_arena_new(arena, struct sp_level_test);
    const struct form *form = &forms[condition->op];

    if (test == NULL) {
        return NULL;
    }
    uint32_t mask = (uint32_t)(is_high ? condition->mask >> 32 : condition->mask);
    uint32_t datum = (uint32_t)(is_high ? condition->datum >> 32 : condition->datum);
    *test = (struct sp_level_test){
        .arg = condition->index,
        .is_high = is_high,
        .op = op,
        .rank = form->rank,
        .is_smaller_first = form->rank == 1,
        .mask = mask,
        .datum = datum & mask,
        .whole = condition->datum,
    };
    return test;
}

static struct sp_level *
new_level(struct sp_arena *arena, struct sp_level_test *test)
{
    struct sp_level *level = sp_arena_new(arena, struct sp_level);

    if (level == NULL || test == NULL) {
        return NULL;
    }
    level->first = test;
    return level;
}

/* The tests of one condition; `onward` is where the condition leads to when it holds. */
static struct sp_level *
level_of_condition(struct sp_arena *arena, const struct sp_filter_condition *condition,
                   unsigned bits, struct sp_level_exit onward)
{
    const struct form *form = &forms[condition->op];
    struct sp_level_test *low = new_test(arena, condition, false, form->low);
    struct sp_level *level = new_level(arena, low);

    if (level == NULL) {
        return NULL;
    }
    low->exits[form->goes_on] = onward;
    if (bits == 32) {
        return level;
    }
    enum sp_level_op equal = form->low == SP_LEVEL_MASKED ? SP_LEVEL_MASKED : SP_LEVEL_EQ;
    struct sp_level_test *high = new_test(arena, condition, true, equal);
    struct sp_level *above = new_level(arena, high);
    if (above == NULL) {
        return NULL;
    }
    high->exits[true].deeper = level;
    if (!form->goes_on) {
        high->exits[false] = onward;
    }
    if (!form->is_range) {
        return above;
    }
    struct sp_level_test *greater = new_test(arena, condition, true, SP_LEVEL_GT);
    struct sp_level *top = new_level(arena, greater);
    if (top == NULL) {
        return NULL;
    }
    greater->exits[false].deeper = above;
    if (form->goes_on) {
        greater->exits[true] = onward;
    }
    return top;
}

struct sp_level *
sp_level_of_rule(struct sp_arena *arena, const struct sp_filter_rule *rule, unsigned bits)
{
    struct sp_level_conditions conditions = sp_level_conditions(rule, bits);
    struct sp_level_exit onward = { .rule = rule };

    for (size_t i = conditions.count; i-- > 0;) {
        struct sp_level *level = level_of_condition(arena, &conditions.at[i], bits, onward);
        if (level == NULL) {
            return NULL;
        }
        onward = (struct sp_level_exit){ .deeper = level };
    }
    return onward.deeper;
}

/* ---- merging ----------------------------------------------------------------------------- */

static bool
is_same_test(const struct sp_level_test *left, const struct sp_level_test *right)
{
    return left->arg == right->arg && left->is_high == right->is_high && left->op == right->op
        && left->mask == right->mask && left->datum == right->datum;
}

/* Does `right` come before `left` in a level? */
static bool
is_behind(const struct sp_level_test *left, const struct sp_level_test *right)
{
    if (left->arg != right->arg) {
        return left->arg < right->arg;
    }
    if (left->is_high != right->is_high) {
        return right->is_high;
    }
    if (left->rank != right->rank) {
        return left->rank < right->rank;
    }
    return left->is_smaller_first ? left->datum > right->datum : left->datum < right->datum;
}

/* A rule below a level whose verdict is another one. */
static const struct sp_filter_rule *
find_other(const struct sp_level *level, sp_verdict verdict)
{
    if (level == NULL) {
        return NULL;
    }
    for (const struct sp_level_test *test = level->first; test != NULL; test = test->next) {
        for (int side = 1; side >= 0; side--) {
            const struct sp_filter_rule *rule = test->exits[side].rule;
            if (rule == NULL || rule->verdict == verdict) {
                rule = find_other(test->exits[side].deeper, verdict);
            }
            if (rule != NULL) {
                return rule;
            }
        }
    }
    return NULL;
}

static bool
is_leaf(const struct sp_level_test *test)
{
    return test->exits[0].deeper == NULL && test->exits[1].deeper == NULL;
}

/* The exit answers already, and with another verdict. */
static bool
merge_verdicts(struct sp_level_test *old, const struct sp_level_test *added, int side,
               struct sp_level_merge *merge)
{
    struct sp_level_exit *exit = &old->exits[side];

    merge->against = exit->rule;
    bool is_newer = side == 1 ? added->whole > old->whole
                              : merge->is_false_side_mended && added->whole < old->whole;
    if (old->is_high && is_newer) {
        exit->rule = added->exits[side].rule;
    }
    return !is_leaf(old) && !is_leaf(added);
}

static bool
merge_answer(struct sp_level_test *old, const struct sp_level_test *added, int side,
             struct sp_level_merge *merge)
{
    struct sp_level_exit *exit = &old->exits[side];
    const struct sp_filter_rule *rule = added->exits[side].rule;

    if (rule == NULL) {
        return true;
    }
    if (exit->rule != NULL) {
        return exit->rule->verdict == rule->verdict || merge_verdicts(old, added, side, merge);
    }
    merge->against = find_other(exit->deeper, rule->verdict);
    if (merge->against != NULL) {
        return false;
    }
    *exit = (struct sp_level_exit){ .rule = rule };
    return true;
}

/* `ret_is_done`: the older rule is shorter, nothing more is looked at. */
static bool
merge_deeper(struct sp_level_test *old, struct sp_level_test *added, int side,
             struct sp_level_merge *merge, bool *ret_is_done)
{
    struct sp_level_exit *exit = &old->exits[side];
    struct sp_level *deeper = added->exits[side].deeper;

    *ret_is_done = false;
    if (deeper == NULL) {
        return true;
    }
    if (exit->deeper != NULL) {
        return sp_level_merge(exit->deeper, deeper, merge);
    }
    if (exit->rule != NULL) {
        *ret_is_done = true;
    } else {
        exit->deeper = deeper;
    }
    return true;
}

static bool
merge_test(struct sp_level_test *old, struct sp_level_test *added, struct sp_level_merge *merge)
{
    bool is_done;

    if (!merge_answer(old, added, 1, merge) || !merge_answer(old, added, 0, merge)
        || !merge_deeper(old, added, 1, merge, &is_done)) {
        return false;
    }
    return is_done || merge_deeper(old, added, 0, merge, &is_done);
}

bool
sp_level_merge(struct sp_level *level, struct sp_level *added, struct sp_level_merge *merge)
{
    struct sp_level_test *test = added->first;  /* a rule has one test in each level */
    struct sp_level_test **link = &level->first;

    for (; *link != NULL; link = &(*link)->next) {
        if (is_same_test(*link, test)) {  /* also where it stands behind by its operator */
            return merge_test(*link, test, merge);
        }
        if (is_behind(*link, test)) {
            break;
        }
    }
    test->next = *link;
    *link = test;
    return true;
}

/* ---- meaning ----------------------------------------------------------------------------- */

static sp_dd
condition_of(struct sp_dd_store *store, const struct sp_level_test *test)
{
    static const enum sp_dd_compare compares[] = {
        [SP_LEVEL_EQ] = SP_DD_EQ,
        [SP_LEVEL_MASKED] = SP_DD_EQ,
        [SP_LEVEL_GT] = SP_DD_GT,
        [SP_LEVEL_GE] = SP_DD_GE,
    };
    unsigned shift = test->is_high ? 32 : 0;

    return sp_dd_compare(store, test->arg, compares[test->op], (uint64_t)test->mask << shift,
                         (uint64_t)test->datum << shift);
}

static sp_dd
exit_meaning(struct sp_dd_store *store, const struct sp_level_exit *exit, sp_dd otherwise)
{
    if (exit->rule != NULL) {
        return sp_dd_leaf(store, exit->rule->verdict);
    }
    return exit->deeper != NULL ? sp_level_meaning(store, exit->deeper, otherwise) : otherwise;
}

static struct sp_level_test *
reverse(struct sp_level_test *first)
{
    struct sp_level_test *reversed = NULL;

    while (first != NULL) {
        struct sp_level_test *next = first->next;
        first->next = reversed;
        reversed = first;
        first = next;
    }
    return reversed;
}

/* From the last test to the first: turned round and back, so that no list is too long. */
sp_dd
sp_level_meaning(struct sp_dd_store *store, const struct sp_level *level, sp_dd otherwise)
{
    struct sp_level_test *last = reverse(level->first);
    sp_dd meaning = otherwise;

    for (const struct sp_level_test *test = last; test != NULL; test = test->next) {
        sp_dd holds = exit_meaning(store, &test->exits[1], meaning);
        sp_dd fails = exit_meaning(store, &test->exits[0], meaning);
        meaning = sp_dd_ite(store, condition_of(store, test), holds, fails);
    }
    reverse(last);
    return meaning;
}

size_t
sp_level_size(const struct sp_level *level)
{
    size_t size = 0;

    if (level == NULL) {
        return 0;
    }
    for (const struct sp_level_test *test = level->first; test != NULL; test = test->next) {
        size += 1 + sp_level_size(test->exits[0].deeper) + sp_level_size(test->exits[1].deeper);
    }
    return size;
}
