#include "sem/dd_test.h"

/* ---- making -------------------------------------------------------------------------- */

START_TEST(leaves_are_shared_and_keep_their_value)
{
    sp_dd allow = sp_dd_leaf(store, SP_VERDICT_ALLOW);

    ck_assert_uint_ne(allow, SP_DD_UNDECIDED);
    ck_assert_uint_eq(allow, sp_dd_leaf(store, SP_VERDICT_ALLOW));
    ck_assert_uint_ne(allow, sp_dd_leaf(store, SP_VERDICT_LOG));
    ck_assert_uint_eq(sp_dd_value(store, allow), SP_VERDICT_ALLOW);
    ck_assert_uint_eq(sp_dd_value(store, sp_dd_leaf(store, 0)), 0);
    ck_assert(sp_dd_is_leaf(store, allow));
    ck_assert(sp_dd_is_leaf(store, SP_DD_UNDECIDED));
    ck_assert(!sp_dd_is_leaf(store, sp_dd_bit(store, 0, 0)));
}
END_TEST

/* Every comparison under every mask of five bits, which lie at three places of the argument. */
START_TEST(comparisons_are_exact_under_masks)
{
    static const unsigned shifts[] = { 0, 30, 59 };
    unsigned shift = shifts[_i % 3];
    enum sp_dd_compare op = (enum sp_dd_compare)(_i / 3);

    for (uint64_t mask = 0; mask < 32; mask++) {
        for (uint64_t datum = 0; datum < 32; datum++) {
            sp_dd made = sp_dd_compare(store, 4, op, mask << shift, datum << shift);
            for (uint64_t arg = 0; arg < 32; arg++) {
                uint64_t args[SP_ARGS] = { [4] = arg << shift | (uint64_t)1 << 40 };
                ck_assert_uint_eq(value_at(made, args), compare(op, arg & mask, datum));
            }
        }
    }
}
END_TEST

START_TEST(comparisons_are_exact_on_whole_arguments)
{
    static const uint64_t data[] = {
        0, 1, 2, 38, 40, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x100000028,
        0x7fffffffffffffff, 0x8000000000000000, UINT64_MAX - 1, UINT64_MAX
    };
    enum { DATA = sizeof data / sizeof *data };

    for (size_t i = 0; i < DATA; i++) {
        for (size_t j = 0; j < DATA; j++) {
            sp_dd made = sp_dd_compare(store, 0, (enum sp_dd_compare)_i, ALL, data[i]);
            for (uint64_t step = 0; step < 3; step++) {
                uint64_t arg = data[j] + step - 1;
                ck_assert_uint_eq(value_for(made, arg),
                                  compare((enum sp_dd_compare)_i, arg, data[i]));
            }
        }
    }
}
END_TEST

START_TEST(a_datum_outside_the_mask_is_never_equal)
{
    sp_dd never = sp_dd_leaf(store, 0);
    sp_dd always = sp_dd_leaf(store, 1);

    ck_assert_uint_eq(sp_dd_compare(store, 0, SP_DD_EQ, 0xff, 0x100), never);
    ck_assert_uint_eq(sp_dd_compare(store, 0, SP_DD_NE, 0xff, 0x101), always);
    ck_assert_uint_eq(sp_dd_compare(store, 0, SP_DD_LT, 0xff, 0x100), always);
    ck_assert_uint_eq(sp_dd_compare(store, 0, SP_DD_GE, 0xff, 0x100), never);
    ck_assert_uint_eq(sp_dd_compare(store, 0, SP_DD_EQ, 0, 0), always);
    ck_assert_uint_eq(sp_dd_compare(store, 0, SP_DD_GE, ALL, 0), always);
    ck_assert_uint_eq(sp_dd_compare(store, 0, SP_DD_GT, ALL, UINT64_MAX), never);
}
END_TEST

/* All functions of four bits, made as choices and as a union of rows, are the same
 * reference. */
START_TEST(equal_functions_are_equal_references)
{
    for (unsigned table = (unsigned)_i; table < 1u << ROWS; table += 8 * 61) {
        sp_dd chosen = by_choices(bit_of_table, table);
        sp_dd joined = sp_dd_leaf(store, 0);
        sp_dd denied = sp_dd_leaf(store, 1);
        for (unsigned row = 0; row < ROWS; row++) {
            uint64_t args[SP_ARGS];
            set_inputs(row, args);
            ck_assert_uint_eq(value_at(chosen, args), bit_of_table(row, table));
            if (bit_of_table(row, table)) {
                joined = sp_dd_or(store, row_condition(row), joined);
            } else {
                denied = sp_dd_and(store, denied, sp_dd_not(store, row_condition(row)));
            }
        }
        ck_assert_uint_eq(chosen, joined);
        ck_assert_uint_eq(chosen, denied);
        ck_assert_uint_eq(chosen, sp_dd_not(store, by_choices(bit_of_table, ~table)));
    }
}
END_TEST

START_TEST(comparisons_made_differently_are_equal_references)
{
    for (uint64_t datum = 1; datum < 2000; datum += 37) {
        sp_dd less = sp_dd_compare(store, 1, SP_DD_LT, ALL, datum);
        sp_dd equal = sp_dd_compare(store, 1, SP_DD_EQ, ALL, datum);
        sp_dd at_most = sp_dd_compare(store, 1, SP_DD_LE, ALL, datum);
        sp_dd low = sp_dd_compare(store, 1, SP_DD_EQ, 0xffffffff, datum);
        sp_dd high = sp_dd_compare(store, 1, SP_DD_EQ, 0xffffffff00000000, 0);

        ck_assert_uint_eq(less, sp_dd_compare(store, 1, SP_DD_LE, ALL, datum - 1));
        ck_assert_uint_eq(at_most, sp_dd_or(store, less, equal));
        ck_assert_uint_eq(less, sp_dd_and(store, at_most, sp_dd_not(store, equal)));
        ck_assert_uint_eq(equal, sp_dd_and(store, low, high));
        ck_assert_uint_eq(sp_dd_not(store, at_most),
                          sp_dd_compare(store, 1, SP_DD_GT, ALL, datum));
    }
}
END_TEST

/* ---- rule sets ----------------------------------------------------------------------- */

START_TEST(rule_sets_mean_what_they_say)
{
    uint64_t state = 0x9e3779b97f4a7c15u + (uint64_t)_i;
    struct rule rules[RULES];

    for (unsigned round = 0; round < 60; round++) {
        random_rules(&state, rules);
        sp_dd meaning = build(store, rules);
        ck_assert_uint_eq(meaning, build_forward(rules));
        for (unsigned i = 0; i < POINTS; i++) {
            uint64_t args[SP_ARGS];
            random_point(&state, rules, args);
            ck_assert_uint_eq(value_at(meaning, args), decide(rules, args));
        }
    }
}
END_TEST

START_TEST(copies_come_back_as_the_same_reference)
{
    struct sp_dd_store *other = sp_dd_store_new(SP_DD_BUDGET);
    uint64_t state = 77;
    struct rule rules[RULES];

    for (unsigned round = 0; round < 100; round++) {
        random_rules(&state, rules);
        sp_dd meaning = build(store, rules);
        sp_dd there = sp_dd_copy(other, store, meaning);
        ck_assert_uint_eq(there, build(other, rules));
        ck_assert_uint_eq(sp_dd_copy(store, other, there), meaning);
    }
    ck_assert_uint_eq(sp_dd_copy(store, store, 5), 5);
    sp_dd_store_free(other);
}
END_TEST

/* ---- laws of choice, of undecided ---------------------------------------------------- */

START_TEST(choice_obeys_its_laws)
{
    uint64_t state = 5 + (uint64_t)_i;
    struct rule rules[RULES];

    for (unsigned round = 0; round < 100; round++) {
        random_rules(&state, rules);
        sp_dd condition = sp_dd_or(store, rule_condition(store, &rules[0]),
                                   rule_condition(store, &rules[1]));
        sp_dd no = sp_dd_not(store, condition);
        sp_dd then = build(store, rules);
        random_rules(&state, rules);
        sp_dd other = build(store, rules);
        sp_dd choice = sp_dd_ite(store, condition, then, other);

        ck_assert_uint_eq(sp_dd_ite(store, no, other, then), choice);
        ck_assert_uint_eq(sp_dd_ite(store, condition, then, then), then);
        ck_assert_uint_eq(sp_dd_ite(store, condition, choice, other), choice);
        ck_assert_uint_eq(sp_dd_ite(store, condition, then, choice), choice);
        ck_assert_uint_eq(sp_dd_ite(store, condition, sp_dd_leaf(store, 1),
                                    sp_dd_leaf(store, 0)), condition);
        ck_assert_uint_eq(sp_dd_and(store, condition, no), sp_dd_leaf(store, 0));
        ck_assert_uint_eq(sp_dd_or(store, no, condition), sp_dd_leaf(store, 1));
        ck_assert_uint_eq(sp_dd_not(store, no), condition);
    }
}
END_TEST

START_TEST(any_value_but_0_counts_as_true)
{
    sp_dd bit = sp_dd_bit(store, 2, 7);
    sp_dd seven_or_0 = sp_dd_ite(store, bit, sp_dd_leaf(store, 7), sp_dd_leaf(store, 0));
    sp_dd one = sp_dd_leaf(store, 1);

    ck_assert_uint_eq(sp_dd_ite(store, seven_or_0, one, sp_dd_leaf(store, 0)), bit);
    ck_assert_uint_eq(sp_dd_and(store, seven_or_0, one), bit);
    ck_assert_uint_eq(sp_dd_and(store, seven_or_0, seven_or_0), bit);
    ck_assert_uint_eq(sp_dd_or(store, sp_dd_leaf(store, 0), seven_or_0), bit);
    ck_assert_uint_eq(sp_dd_not(store, seven_or_0), sp_dd_not(store, bit));
}
END_TEST

/* A function of four bits with values 0 and 1, and undecided where the other table says so. */
static sp_dd
with_undecided(unsigned table, unsigned undecided)
{
    return sp_dd_ite(store, by_choices(bit_of_table, undecided), SP_DD_UNDECIDED,
                     by_choices(bit_of_table, table));
}

START_TEST(undecided_swallows_what_it_meets)
{
    uint64_t state = 99 + (uint64_t)_i;

    for (unsigned round = 0; round < 200; round++) {
        sp_dd left = with_undecided(below(&state, 1 << ROWS), below(&state, 1 << ROWS));
        sp_dd right = with_undecided(below(&state, 1 << ROWS), below(&state, 1 << ROWS));
        sp_dd both = sp_dd_and(store, left, right);
        sp_dd either = sp_dd_or(store, left, right);
        sp_dd sum = sp_dd_apply(store, &op_add, left, right);
        sp_dd choice = sp_dd_ite(store, left, right, sp_dd_leaf(store, 5));
        sp_dd same = sp_dd_ite(store, left, right, right);
        sp_dd no = sp_dd_not(store, left);

        for (unsigned row = 0; row < ROWS; row++) {
            int l = row_of(left, row);
            int r = row_of(right, row);
            bool lost = l < 0 || r < 0;
            ck_assert_int_eq(row_of(both, row), lost ? -1 : (l && r));
            ck_assert_int_eq(row_of(either, row), lost ? -1 : (l || r));
            ck_assert_int_eq(row_of(sum, row), lost ? -1 : l + r);
            ck_assert_int_eq(row_of(choice, row), l < 0 ? -1 : l == 1 ? r : 5);
            ck_assert_int_eq(row_of(same, row), l < 0 ? -1 : r);
            ck_assert_int_eq(row_of(no, row), l < 0 ? -1 : !l);
        }
        ck_assert_uint_eq(both, sp_dd_and(store, right, left));
        ck_assert_uint_eq(either, sp_dd_or(store, right, left));
    }
}
END_TEST

START_TEST(undecided_parts_are_known)
{
    sp_dd bit = sp_dd_bit(store, 1, 3);
    sp_dd part = sp_dd_ite(store, bit, SP_DD_UNDECIDED, sp_dd_leaf(store, 1));
    uint64_t args[SP_ARGS] = { 0, 8 };
    uint32_t value;

    ck_assert(!sp_dd_has_undecided(store, bit));
    ck_assert(sp_dd_has_undecided(store, part));
    ck_assert(sp_dd_has_undecided(store, SP_DD_UNDECIDED));
    ck_assert(!sp_dd_eval(store, part, args, &value));
    args[1] = 0;
    ck_assert(sp_dd_eval(store, part, args, &value));
    ck_assert(!sp_dd_has_undecided(store, sp_dd_restrict(store, part, 1, 3, false)));
    ck_assert_uint_eq(sp_dd_ite(store, part, bit, bit),
                      sp_dd_ite(store, bit, SP_DD_UNDECIDED, sp_dd_leaf(store, 0)));
    ck_assert_uint_eq(sp_dd_and(store, part, sp_dd_leaf(store, 0)),
                      sp_dd_ite(store, bit, SP_DD_UNDECIDED, sp_dd_leaf(store, 0)));
}
END_TEST

SP_SUITE(dd)
{
    TCase *tcase = sp_testing_case(suite, "make");

    tcase_add_checked_fixture(tcase, open_store, close_store);
    tcase_add_test(tcase, leaves_are_shared_and_keep_their_value);
    tcase_add_loop_test(tcase, comparisons_are_exact_under_masks, 0, 18);
    tcase_add_loop_test(tcase, comparisons_are_exact_on_whole_arguments, 0, 6);
    tcase_add_test(tcase, a_datum_outside_the_mask_is_never_equal);
    tcase_add_loop_test(tcase, equal_functions_are_equal_references, 0, 8);
    tcase_add_test(tcase, comparisons_made_differently_are_equal_references);
    tcase_add_loop_test(tcase, rule_sets_mean_what_they_say, 0, 10);
    tcase_add_test(tcase, copies_come_back_as_the_same_reference);
    tcase_add_loop_test(tcase, choice_obeys_its_laws, 0, 3);
    tcase_add_test(tcase, any_value_but_0_counts_as_true);
    tcase_add_loop_test(tcase, undecided_swallows_what_it_meets, 0, 3);
    tcase_add_test(tcase, undecided_parts_are_known);
}
