/* Comparisons of a policy say what tests of arguments say. */
#include "format/minijail_terms.h"

#include "base/testing.h"

#define LOW UINT64_C(0xffffffff)

static const struct sp_test tests[] = {
    { .arg = 0, .kind = SP_TEST_EQ, .low = 7, .high = 7, .mask = UINT64_MAX },
    { .arg = 1, .kind = SP_TEST_NE, .low = 1, .high = 1, .mask = UINT64_MAX },
    { .arg = 2, .kind = SP_TEST_RANGE, .low = 3, .high = 300, .mask = UINT64_MAX },
    { .arg = 2, .kind = SP_TEST_RANGE, .low = 3, .high = UINT64_MAX, .mask = UINT64_MAX },
    { .arg = 2, .kind = SP_TEST_RANGE, .low = 0, .high = UINT64_MAX, .mask = UINT64_MAX },
    { .arg = 3, .kind = SP_TEST_RANGE, .low = 0, .high = 41, .mask = LOW },
    { .arg = 3, .kind = SP_TEST_RANGE, .low = 42, .high = LOW, .mask = LOW },
    { .arg = 3, .kind = SP_TEST_RANGE, .low = 40, .high = 1000, .mask = LOW },
    { .arg = 3, .kind = SP_TEST_RANGE, .low = 1, .high = 0xfffffffe, .mask = LOW },
    { .arg = 3, .kind = SP_TEST_RANGE, .low = 0x80000000, .high = LOW, .mask = LOW },
    { .arg = 4, .kind = SP_TEST_MASKED, .low = 0, .high = 0, .mask = 0x7e020000 },
    { .arg = 4, .kind = SP_TEST_MASKED, .low = 5, .high = 5, .mask = LOW },
    { .arg = 5, .kind = SP_TEST_MASKED_NE, .low = 5, .high = 5, .mask = LOW },
    { .arg = 5, .kind = SP_TEST_MASKED_NE, .low = 6, .high = 6, .mask = 6 },
    { .arg = 5, .kind = SP_TEST_MASKED_NE, .low = 0, .high = 0, .mask = 6 },
};

enum { TESTS = sizeof tests / sizeof *tests };

static sp_dd
atom_diagram(struct sp_dd_store *store, const struct sp_minijail_atom *atom)
{
    switch (atom->op) {
    case SP_MINIJAIL_EQ:
        return sp_dd_compare(store, atom->arg, SP_DD_EQ, UINT64_MAX, atom->value);
    case SP_MINIJAIL_NE:
        return sp_dd_compare(store, atom->arg, SP_DD_NE, UINT64_MAX, atom->value);
    case SP_MINIJAIL_LE:
        return sp_dd_compare(store, atom->arg, SP_DD_LE, UINT64_MAX, atom->value);
    case SP_MINIJAIL_GE:
        return sp_dd_compare(store, atom->arg, SP_DD_GE, UINT64_MAX, atom->value);
    case SP_MINIJAIL_ANY_OF:
        return sp_dd_compare(store, atom->arg, SP_DD_NE, atom->value, 0);
    case SP_MINIJAIL_NONE_OF:
        break;
    }
    return sp_dd_compare(store, atom->arg, SP_DD_EQ, atom->value, 0);
}

static sp_dd
terms_diagram(struct sp_dd_store *store, const struct sp_minijail_terms *terms)
{
    sp_dd any = sp_dd_leaf(store, 0);

    for (size_t i = 0; i < terms->any.count; i++) {
        sp_dd all = sp_dd_leaf(store, 1);
        for (size_t j = 0; j < terms->any.at[i].atoms.count; j++) {
            all = sp_dd_and(store, all, atom_diagram(store, &terms->any.at[i].atoms.at[j]));
        }
        any = sp_dd_or(store, any, all);
    }
    return any;
}

START_TEST(comparisons_say_what_tests_say)
{
    SP_SCRATCH(arena);
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
    size_t told = 0;

    for (size_t i = 0; i < TESTS; i++) {
        for (size_t j = 0; j < TESTS; j++) {
            struct sp_minijail_terms terms = { .any = { .at = NULL } };
            struct sp_alternatives words = { .any = { .at = NULL } };
            struct sp_tests *both = sp_vec_push(&arena, &words.any);

            *sp_vec_push(&arena, &both->all) = tests[i];
            *sp_vec_push(&arena, &both->all) = tests[j];
            if (!sp_minijail_terms_add(&arena, both, 64, &terms)) {
                continue;
            }
            told++;
            ck_assert_msg(terms_diagram(store, &terms) == sp_words_diagram(store, &words),
                          "%zu and %zu", i, j);
        }
    }
    ck_assert_uint_gt(told, TESTS * TESTS * 9 / 10);
    sp_dd_store_free(store);
}
END_TEST

START_TEST(conditions_that_are_too_long_are_not_told)
{
    SP_SCRATCH(arena);
    struct sp_minijail_terms terms = { .any = { .at = NULL } };
    struct sp_tests long_tests = { .all = { .at = NULL } };

    for (unsigned arg = 0; arg < 3; arg++) {
        *sp_vec_push(&arena, &long_tests.all) = (struct sp_test){
            .arg = arg, .kind = SP_TEST_RANGE, .mask = LOW, .low = 0x55555555,
            .high = 0xaaaaaaab,
        };
    }
    ck_assert(!sp_minijail_terms_add(&arena, &long_tests, 64, &terms));
    ck_assert_uint_eq(terms.any.count, 0);
    ck_assert(!arena.failed);
}
END_TEST

SP_SUITE(minijail_terms)
{
    TCase *tcase = sp_testing_case(suite, "minijail_terms");

    tcase_add_test(tcase, comparisons_say_what_tests_say);
    tcase_add_test(tcase, conditions_that_are_too_long_are_not_told);
}
