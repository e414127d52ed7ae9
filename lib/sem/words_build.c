#include "sem/words_build.h"

#include <limits.h>

bool
sp_words_is_stopped(const struct sp_words_job *job)
{
    return job->stopped || job->arena->failed || sp_dd_store_is_spent(job->store);
}

/* ---- lists ---------------------------------------------------------------------------------- */

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
sp_words_add_single(struct sp_words_job *job, struct sp_alternatives *list, struct sp_test test)
{
    sp_words_add_test(job, sp_words_add(job, list), test);
}

struct sp_test
sp_words_masked(unsigned arg, uint64_t mask, uint64_t value, bool equal)
{
    bool whole = mask == UINT64_MAX;

    return (struct sp_test){
        .arg = arg,
        .kind = equal ? whole ? SP_TEST_EQ : SP_TEST_MASKED : whole ? SP_TEST_NE : SP_TEST_MASKED_NE,
        .low = value,
        .high = value,
        .mask = mask,
    };
}

/* ---- costs ---------------------------------------------------------------------------------- */

/* In halves of a plain "a = 1". */
enum {
    COST_PLAIN = 2,
    COST_NOT = 3,
    COST_BOTH_ENDS = 3,
    COST_MASK = 3,
    COST_MASKED_RANGE = 4,
    COST_ODD_MASK = 12,  /* so that up to four values are told one by one */
    COST_ALTERNATIVE = 1,
};

/* A mask that leaves out a few bits: it joins values that happen to be neighbours in a cube, where a reader
 * looks for flags. */
static bool
is_odd_mask(uint64_t mask)
{
    unsigned width = mask == 0 ? 0 : 64 - (unsigned)__builtin_clzll(mask);
    unsigned bits = (unsigned)__builtin_popcountll(mask);

    return bits < width && bits * 2 > width;
}

static unsigned
range_cost(const struct sp_test *test)
{
    if (test->mask != UINT64_MAX) {
        return COST_MASKED_RANGE;
    }
    return test->low == 0 || test->high == UINT64_MAX ? COST_PLAIN : COST_BOTH_ENDS;
}

static unsigned
test_cost(const struct sp_test *test)
{
    switch (test->kind) {
    case SP_TEST_EQ:
        return COST_PLAIN;
    case SP_TEST_NE:
        return COST_NOT;
    case SP_TEST_RANGE:
        return range_cost(test);
    case SP_TEST_MASKED:
    case SP_TEST_MASKED_NE:
        return is_odd_mask(test->mask) ? COST_ODD_MASK : COST_MASK;
    }
    return 0;
}

unsigned
sp_words_cost(const struct sp_alternatives *list)
{
    unsigned cost = 0;

    for (size_t i = 0; i < list->any.count; i++) {
        const struct sp_tests *tests = &list->any.at[i];
        cost += COST_ALTERNATIVE;
        for (size_t j = 0; j < tests->all.count; j++) {
            cost += test_cost(&tests->all.at[j]);
        }
    }
    return cost;
}

/* ---- back to diagrams ----------------------------------------------------------------------- */

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
