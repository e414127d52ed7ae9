#include "sem/words_build.h"

#include <stdlib.h>

bool
sp_words_is_stopped(const struct sp_words_job *job)
{
    return job->stopped || job->arena->failed || sp_dd_store_is_spent(job->store);
}

uint64_t
sp_words_bits(const struct sp_words_job *job, unsigned arg, struct sp_words_task task)
{
    return sp_dd_bits(job->store, task.must, arg) | sp_dd_bits(job->store, task.may, arg);
}

/* ---- lists --------------------------------------------------------------------------- */

struct sp_tests *
sp_words_add(struct sp_words_job *job, struct sp_alternatives *list)
{
    return sp_vec_push(job->arena, &list->any);
}

void
sp_words_add_test(struct sp_words_job *job, struct sp_tests *tests, struct sp_test test)
{
    struct sp_test *added = tests == NULL ? NULL : sp_vec_push(job->arena, &tests->all);

    if (added != NULL) {
        *added = test;
    }
}

void
sp_words_add_single(struct sp_words_job *job, struct sp_alternatives *list,
                    struct sp_test test)
{
    sp_words_add_test(job, sp_words_add(job, list), test);
}

struct sp_test
sp_words_masked(unsigned arg, uint64_t mask, uint64_t value, bool equal)
{
    enum sp_test_kind same = mask == UINT64_MAX ? SP_TEST_EQ : SP_TEST_MASKED;
    enum sp_test_kind other = mask == UINT64_MAX ? SP_TEST_NE : SP_TEST_MASKED_NE;

    return (struct sp_test){
        .arg = arg,
        .kind = equal ? same : other,
        .low = value,
        .high = value,
        .mask = mask,
    };
}

bool
sp_words_is_same_subject(const struct sp_test *left, const struct sp_test *right)
{
    return left->arg == right->arg && left->mask == right->mask;
}

bool
sp_words_is_same_test(const struct sp_test *left, const struct sp_test *right)
{
    return sp_words_is_same_subject(left, right) && left->kind == right->kind
           && left->low == right->low && left->high == right->high;
}

/* ---- order --------------------------------------------------------------------------- */

static int
compare_numbers(uint64_t left, uint64_t right)
{
    return (left > right) - (left < right);
}

static int
compare_tests(const struct sp_test *left, const struct sp_test *right)
{
    int order = compare_numbers(left->arg, right->arg);

    order = order != 0 ? order : compare_numbers(left->low, right->low);
    order = order != 0 ? order : compare_numbers(left->high, right->high);
    order = order != 0 ? order : compare_numbers(left->kind, right->kind);
    return order != 0 ? order : compare_numbers(left->mask, right->mask);
}

static int
compare_alternatives(const void *left, const void *right)
{
    const struct sp_tests *first = left;
    const struct sp_tests *second = right;
    int order = 0;

    for (size_t i = 0; order == 0 && i < first->all.count && i < second->all.count; i++) {
        order = compare_tests(&first->all.at[i], &second->all.at[i]);
    }
    return order != 0 ? order : compare_numbers(first->all.count, second->all.count);
}

void
sp_words_sort(struct sp_alternatives *list)
{
    if (list->any.count > 1) {
        qsort(list->any.at, list->any.count, sizeof *list->any.at, compare_alternatives);
    }
}

/* ---- costs --------------------------------------------------------------------------- */

/* In halves of a plain "a = 1". */
enum {
    COST_PLAIN = 2,
    COST_NOT = 3,
    COST_BOTH_ENDS = 3,
    COST_MASK = 3,
    COST_PLAIN_MASKED_RANGE = 4,  /* of the lower half, or told value by value */
    COST_MASKED_RANGE = 8,
    COST_ODD_MASK = 12,   /* so that up to four values are told one by one */
    COST_ALTERNATIVE = 1,  /* but none for a value, which stands in a set of values */
};

/* So many values are told one by one. */
enum { SHORT_RANGE = 4 };

/* A mask that leaves out a few bits: it joins values that happen to be neighbours in a cube,
 * where a reader looks for flags. */
static bool
is_odd_mask(uint64_t mask)
{
    unsigned width = mask == 0 ? 0 : 64 - (unsigned)__builtin_clzll(mask);
    unsigned bits = (unsigned)__builtin_popcountll(mask);

    return bits < width && bits * 2 > width;
}

static unsigned
mask_cost(uint64_t mask)
{
    return is_odd_mask(mask) ? COST_ODD_MASK : COST_MASK;
}

static unsigned
range_cost(const struct sp_test *test)
{
    if (test->mask != UINT64_MAX) {
        bool is_plain = test->mask == UINT32_MAX || test->high - test->low < SHORT_RANGE;
        return is_plain ? COST_PLAIN_MASKED_RANGE : COST_MASKED_RANGE;
    }
    return test->low == 0 || test->high == UINT64_MAX ? COST_PLAIN : COST_BOTH_ENDS;
}

/* "Not 0" is as plain as a value, and so is one more of several denied values. */
static unsigned
denial_cost(const struct sp_test *test, const struct sp_test *before)
{
    bool is_end = test->low == 0 || test->low == test->mask;
    bool goes_on = before != NULL && before->kind == test->kind
                   && sp_words_is_same_subject(before, test);

    return (is_end || goes_on ? COST_PLAIN : COST_NOT) + mask_cost(test->mask) - COST_MASK;
}

static unsigned
test_cost(const struct sp_test *test, const struct sp_test *before)
{
    switch (test->kind) {
    case SP_TEST_EQ:
        return COST_PLAIN;
    case SP_TEST_RANGE:
        return range_cost(test);
    case SP_TEST_MASKED:
        return mask_cost(test->mask);
    case SP_TEST_NE:
    case SP_TEST_MASKED_NE:
        return denial_cost(test, before);
    }
    return 0;
}

static bool
is_value(const struct sp_tests *tests)
{
    return tests->all.count == 1
           && (tests->all.at[0].kind == SP_TEST_EQ || tests->all.at[0].kind == SP_TEST_MASKED);
}

unsigned
sp_words_cost(const struct sp_alternatives *list)
{
    unsigned cost = 0;

    for (size_t i = 0; i < list->any.count; i++) {
        const struct sp_tests *tests = &list->any.at[i];
        cost += is_value(tests) ? 0 : COST_ALTERNATIVE;
        for (size_t j = 0; j < tests->all.count; j++) {
            const struct sp_test *test = &tests->all.at[j];
            cost += test_cost(test, j > 0 ? test - 1 : NULL);
        }
    }
    return cost;
}

/* ---- back to diagrams ---------------------------------------------------------------- */

static sp_dd
test_diagram(struct sp_dd_store *store, const struct sp_test *test)
{
    switch (test->kind) {
    case SP_TEST_EQ:
    case SP_TEST_MASKED:
        return sp_dd_compare(store, test->arg, SP_DD_EQ, test->mask, test->low);
    case SP_TEST_NE:
    case SP_TEST_MASKED_NE:
        return sp_dd_compare(store, test->arg, SP_DD_NE, test->mask, test->low);
    case SP_TEST_RANGE:
        return sp_dd_and(store,
                         sp_dd_compare(store, test->arg, SP_DD_GE, test->mask, test->low),
                         sp_dd_compare(store, test->arg, SP_DD_LE, test->mask, test->high));
    }
    return SP_DD_UNDECIDED;
}

sp_dd
sp_words_tests_diagram(struct sp_dd_store *store, const struct sp_tests *tests)
{
    sp_dd all = sp_dd_leaf(store, 1);

    for (size_t i = 0; i < tests->all.count; i++) {
        all = sp_dd_and(store, all, test_diagram(store, &tests->all.at[i]));
    }
    return all;
}

sp_dd
sp_words_diagram(struct sp_dd_store *store, const struct sp_alternatives *alternatives)
{
    sp_dd any = sp_dd_leaf(store, 0);

    for (size_t i = 0; i < alternatives->any.count; i++) {
        any = sp_dd_or(store, any, sp_words_tests_diagram(store, &alternatives->any.at[i]));
    }
    return any;
}
