#include "sem/dd_test.h"

/* ---- one diagram --------------------------------------------------------------------- */

static uint32_t
multiply(uint32_t value, void *user)
{
    return value * *(uint32_t *)user;
}

START_TEST(a_map_changes_the_leaves)
{
    for (unsigned table = 0; table < 500; table++) {
        sp_dd diagram = by_choices(mixed_value, table);
        for (uint32_t factor = 0; factor < 3; factor++) {
            sp_dd mapped = sp_dd_map(store, diagram, multiply, &factor);
            for (unsigned row = 0; row < ROWS; row++) {
                uint64_t args[SP_ARGS];
                set_inputs(row, args);
                ck_assert_uint_eq(value_at(mapped, args), factor * mixed_value(row, table));
            }
        }
    }
    ck_assert_uint_eq(sp_dd_map(store, SP_DD_UNDECIDED, multiply, NULL), SP_DD_UNDECIDED);
}
END_TEST

START_TEST(a_fixed_bit_is_no_longer_looked_at)
{
    for (unsigned table = 0; table < 300; table++) {
        sp_dd diagram = by_choices(mixed_value, table);
        for (unsigned i = 0; i < INPUTS; i++) {
            unsigned weight = 1u << (INPUTS - 1 - i);
            for (unsigned value = 0; value < 2; value++) {
                sp_dd fixed = sp_dd_restrict(store, diagram, inputs[i].arg, inputs[i].bit,
                                             value);
                for (unsigned row = 0; row < ROWS; row++) {
                    unsigned seen = value ? row | weight : row & ~weight;
                    ck_assert_int_eq(row_of(fixed, row), (int)mixed_value(seen, table));
                }
                ck_assert_uint_eq(fixed, sp_dd_restrict(store, fixed, inputs[i].arg,
                                                        inputs[i].bit, !value));
            }
        }
    }
}
END_TEST

START_TEST(a_narrow_argument_has_no_upper_bits)
{
    uint64_t state = 4242;
    struct rule rules[RULES];

    for (unsigned round = 0; round < 60; round++) {
        static const unsigned widths[] = { 0, 1, 8, 16, 31, 32, 33, 63, 64 };
        unsigned width = widths[round % 9];
        uint64_t kept = width == 64 ? ALL : ((uint64_t)1 << width) - 1;
        random_rules(&state, rules);
        sp_dd narrow = sp_dd_narrow(store, build(store, rules), 2, width);
        ck_assert_uint_eq(sp_dd_bits(store, narrow, 2) & ~kept, 0);
        for (unsigned i = 0; i < POINTS; i++) {
            uint64_t args[SP_ARGS];
            random_point(&state, rules, args);
            uint32_t value = value_at(narrow, args);
            args[2] &= kept;
            ck_assert_uint_eq(value, decide(rules, args));
        }
    }
}
END_TEST

START_TEST(quantifiers_look_at_all_values_of_their_bits)
{
    for (unsigned table = 1; table < 1u << ROWS; table += 61) {
        sp_dd diagram = by_choices(bit_of_table, table);
        sp_dd any = sp_dd_any(store, diagram, 0, (uint64_t)1 << 63 | 1);
        sp_dd all = sp_dd_all(store, diagram, 0, (uint64_t)1 << 63 | 1);
        sp_dd any_of_one = sp_dd_any(store, diagram, 3, ALL);
        sp_dd all_of_one = sp_dd_all(store, diagram, 0, 1);
        for (unsigned row = 0; row < ROWS; row++) {
            int set = 0;
            for (unsigned upper = 0; upper < 4; upper++) {
                set += (int)bit_of_table(upper << 2 | (row & 3), table);
            }
            ck_assert_int_eq(row_of(any, row), set > 0);
            ck_assert_int_eq(row_of(all, row), set == 4);
            ck_assert_int_eq(row_of(any_of_one, row), (int)(bit_of_table(row | 2, table)
                                                      | bit_of_table(row & ~2u, table)));
            ck_assert_int_eq(row_of(all_of_one, row), (int)(bit_of_table(row | 4, table)
                                                      & bit_of_table(row & ~4u, table)));
        }
    }
    ck_assert_uint_eq(sp_dd_any(store, SP_DD_UNDECIDED, 0, ALL), SP_DD_UNDECIDED);
}
END_TEST

/* ---- asking -------------------------------------------------------------------------- */

static bool
is_two(uint32_t value, void *user)
{
    ++*(unsigned *)user;
    return value == 2;
}

/* Rows are numbered in the order of the bits: the first of them is the smallest. */
START_TEST(witnesses_are_the_smallest)
{
    for (unsigned table = 0; table < 2000; table++) {
        sp_dd diagram = by_choices(mixed_value, table);
        uint64_t expected[SP_ARGS];
        uint64_t args[SP_ARGS] = { 1, 2, 3 };
        unsigned asked = 0;
        unsigned row = 0;
        while (row < ROWS && mixed_value(row, table) != 2) {
            row++;
        }
        ck_assert_int_eq(sp_dd_find(store, diagram, is_two, &asked, args), row < ROWS);
        ck_assert_uint_le(asked, 5);
        if (row == ROWS) {
            ck_assert_uint_eq(args[2], 3);  /* untouched */
            continue;
        }
        set_inputs(row, expected);
        ck_assert_mem_eq(args, expected, sizeof args);
        ck_assert_uint_eq(value_at(diagram, args), 2);
    }
}
END_TEST

START_TEST(differences_are_the_smallest)
{
    for (unsigned table = 0; table < 3000; table++) {
        unsigned other = table * 7 % 3000;
        sp_dd left = sp_dd_ite(store, by_choices(bit_of_table, table * 31 & 0x5a5a),
                               SP_DD_UNDECIDED, by_choices(mixed_value, table));
        sp_dd right = by_choices(mixed_value, other);
        uint64_t expected[SP_ARGS];
        uint64_t args[SP_ARGS];
        unsigned row = 0;
        while (row < ROWS && (row_of(left, row) == -1
                              || mixed_value(row, table) == mixed_value(row, other))) {
            row++;
        }
        ck_assert_int_eq(sp_dd_differ(store, left, right, args), row < ROWS);
        if (row < ROWS) {
            set_inputs(row, expected);
            ck_assert_mem_eq(args, expected, sizeof args);
        }
    }
}
END_TEST

START_TEST(the_width_bypass_is_found)
{
    sp_dd denied = sp_dd_compare(store, 0, SP_DD_EQ, ALL, 40);
    sp_dd read = sp_dd_narrow(store, denied, 0, 32);
    uint64_t args[SP_ARGS];

    ck_assert(sp_dd_differ(store, denied, read, args));
    ck_assert_uint_eq(args[0], 0x100000028);
    ck_assert(!sp_dd_differ(store, denied, denied, args));
}
END_TEST

START_TEST(what_a_diagram_looks_at_is_known)
{
    sp_dd family = sp_dd_compare(store, 0, SP_DD_EQ, 0xffff, 40);
    sp_dd flags = sp_dd_compare(store, 5, SP_DD_EQ, 0x7e020000, 0);
    sp_dd both = sp_dd_and(store, family, flags);

    ck_assert_uint_eq(sp_dd_args(store, both), 1 | 1 << 5);
    ck_assert_uint_eq(sp_dd_args(store, family), 1);
    ck_assert_uint_eq(sp_dd_args(store, sp_dd_leaf(store, 1)), 0);
    ck_assert_uint_eq(sp_dd_bits(store, both, 0), 0xffff);
    ck_assert_uint_eq(sp_dd_bits(store, both, 5), 0x7e020000);
    ck_assert_uint_eq(sp_dd_bits(store, both, 5), 0x7e020000);  /* no marks were left */
    ck_assert_uint_eq(sp_dd_bits(store, both, 3), 0);
    ck_assert_uint_eq(sp_dd_size(store, both), 16 + 7 + 2);
    ck_assert_uint_eq(sp_dd_size(store, both), 16 + 7 + 2);
    ck_assert_uint_eq(sp_dd_size(store, SP_DD_UNDECIDED), 1);

    struct sp_dd_branch branch = sp_dd_branch(store, both);
    ck_assert_uint_eq(branch.arg, 0);
    ck_assert_uint_eq(branch.bit, 15);
    ck_assert_uint_eq(branch.high, sp_dd_leaf(store, 0));
    ck_assert_uint_eq(branch.low, sp_dd_restrict(store, both, 0, 15, false));
}
END_TEST

START_TEST(leaves_are_listed_in_order)
{
    sp_dd diagram = SP_DD_UNDECIDED;
    uint32_t values[8] = { 0 };

    for (uint32_t i = 0; i < 6; i++) {
        uint32_t value = i * 0x9e3779b9u;
        diagram = sp_dd_ite(store, sp_dd_compare(store, 1, SP_DD_EQ, ALL, i),
                            sp_dd_leaf(store, value), diagram);
    }
    ck_assert_uint_eq(sp_dd_leaves(store, diagram, values, 8), 6);
    for (unsigned i = 1; i < 6; i++) {
        ck_assert_uint_lt(values[i - 1], values[i]);
    }

    uint32_t first[3] = { 0, 0, 0xabcd };
    ck_assert_uint_eq(sp_dd_leaves(store, diagram, first, 2), 6);
    ck_assert_mem_eq(first, values, 2 * sizeof *first);
    ck_assert_uint_eq(first[2], 0xabcd);
    ck_assert_uint_eq(sp_dd_leaves(store, diagram, NULL, 0), 6);
    ck_assert_uint_eq(sp_dd_leaves(store, SP_DD_UNDECIDED, values, 8), 0);
}
END_TEST

/* ---- limits -------------------------------------------------------------------------- */

/* Everything once, in a store of any budget.  A result is right or undecided. */
static void
try_all(struct sp_dd_store *small, const struct rule rules[RULES], uint64_t *state)
{
    sp_dd meaning = build(small, rules);
    sp_dd condition = rule_condition(small, &rules[0]);
    uint64_t args[SP_ARGS] = { 0 };
    uint32_t factor = 3;
    uint32_t value;

    (void)sp_dd_map(small, meaning, multiply, &factor);
    (void)sp_dd_restrict(small, meaning, 2, 5, true);
    (void)sp_dd_narrow(small, meaning, 2, 32);
    (void)sp_dd_any(small, condition, 0, 0xff);
    (void)sp_dd_all(small, condition, 4, ALL);
    (void)sp_dd_apply(small, &op_add, meaning, condition);
    (void)sp_dd_copy(small, store, build(store, rules));
    (void)sp_dd_differ(small, meaning, condition, args);
    (void)sp_dd_find(small, meaning, NULL, NULL, args);
    (void)sp_dd_size(small, meaning);
    if (meaning == SP_DD_UNDECIDED) {
        ck_assert(sp_dd_store_is_spent(small));
        return;
    }
    for (unsigned i = 0; i < POINTS; i++) {
        random_point(state, rules, args);
        ck_assert(sp_dd_eval(small, meaning, args, &value));
        ck_assert_uint_eq(value, decide(rules, args));
    }
}

START_TEST(a_spent_budget_answers_undecided)
{
    uint64_t state = 31337;
    struct rule rules[RULES];
    unsigned spent = 0;

    for (size_t budget = 0; budget < 1500; budget += 1 + budget / 10) {
        struct sp_dd_store *small = sp_dd_store_new(budget);
        ck_assert_ptr_nonnull(small);
        for (unsigned round = 0; round < 5; round++) {
            random_rules(&state, rules);
            try_all(small, rules, &state);
            ck_assert_uint_le(sp_dd_store_size(small), budget < 3 ? 3 : budget);
        }
        spent += sp_dd_store_is_spent(small);
        if (sp_dd_store_is_spent(small)) {
            ck_assert_uint_eq(sp_dd_leaf(small, 0), SP_DD_UNDECIDED);
            ck_assert_uint_eq(sp_dd_bit(small, 0, 0), SP_DD_UNDECIDED);
            ck_assert_uint_eq(sp_dd_compare(small, 0, SP_DD_EQ, ALL, 1), SP_DD_UNDECIDED);
        }
        sp_dd_store_free(small);
    }
    ck_assert_uint_gt(spent, 20);
}
END_TEST

/* The bits of an argument, compared with those of another far behind it: 2^n nodes for n
 * bits. */
static sp_dd
equal_arguments(struct sp_dd_store *into, unsigned bits)
{
    sp_dd all = sp_dd_leaf(into, 1);

    for (unsigned bit = 0; bit < bits; bit++) {
        sp_dd second = sp_dd_bit(into, 1, bit);
        sp_dd same = sp_dd_ite(into, sp_dd_bit(into, 0, bit), second, sp_dd_not(into, second));
        all = sp_dd_and(into, all, same);
    }
    return all;
}

START_TEST(exponential_questions_end_at_the_budget)
{
    struct sp_dd_store *small = sp_dd_store_new(20000);
    sp_dd fits = equal_arguments(small, 10);
    uint64_t args[SP_ARGS] = { 77, 77 };
    uint32_t value;

    ck_assert_uint_ne(fits, SP_DD_UNDECIDED);
    ck_assert_uint_gt(sp_dd_size(small, fits), 2048);
    ck_assert_uint_eq(equal_arguments(small, 64), SP_DD_UNDECIDED);
    ck_assert(sp_dd_store_is_spent(small));
    ck_assert_uint_le(sp_dd_store_size(small), 20000);
    ck_assert(sp_dd_eval(small, fits, args, &value));  /* what was made before stays */
    ck_assert_uint_eq(value, 1);
    args[1] = 78;
    ck_assert(sp_dd_differ(small, fits, 1, args));
    sp_dd_store_free(small);
}
END_TEST

/* Both hold 512 nodes and never hold together, which only the last bit shows: all pairs of
 * nodes are looked at, none is made. */
static sp_dd
never_together(struct sp_dd_store *into)
{
    sp_dd last = sp_dd_bit(into, 5, 0);
    sp_dd left = last;
    sp_dd right = sp_dd_not(into, last);

    for (unsigned bit = 0; bit < 8; bit++) {
        sp_dd low = sp_dd_bit(into, 1, bit);
        sp_dd high = sp_dd_bit(into, 1, bit + 8);
        left = sp_dd_and(into, left, sp_dd_ite(into, sp_dd_bit(into, 0, bit), low,
                                               sp_dd_not(into, low)));
        right = sp_dd_and(into, right, sp_dd_ite(into, sp_dd_bit(into, 0, bit + 8), high,
                                                 sp_dd_not(into, high)));
    }
    ck_assert_uint_ne(left, SP_DD_UNDECIDED);
    ck_assert_uint_ne(right, SP_DD_UNDECIDED);
    return sp_dd_and(into, left, right);
}

START_TEST(long_questions_end_at_the_steps)
{
    struct sp_dd_store *small = sp_dd_store_new(2048 + 512);

    ck_assert_uint_eq(never_together(store), sp_dd_leaf(store, 0));
    ck_assert_uint_eq(never_together(small), SP_DD_UNDECIDED);
    ck_assert(sp_dd_store_is_spent(small));
    sp_dd_store_free(small);
}
END_TEST

START_TEST(stores_that_did_the_same_are_the_same)
{
    struct sp_dd_store *other = sp_dd_store_new(SP_DD_BUDGET);
    uint64_t first = 8;
    uint64_t second = 8;
    struct rule rules[RULES];

    for (unsigned round = 0; round < 100; round++) {
        random_rules(&first, rules);
        sp_dd here = build(store, rules);
        random_rules(&second, rules);
        ck_assert_uint_eq(build(other, rules), here);
    }
    ck_assert_uint_eq(sp_dd_store_size(store), sp_dd_store_size(other));
    sp_dd_store_free(other);
}
END_TEST

SP_SUITE(dd_ask)
{
    TCase *tcase = sp_testing_case(suite, "ask");

    tcase_add_checked_fixture(tcase, open_store, close_store);
    tcase_add_test(tcase, a_map_changes_the_leaves);
    tcase_add_test(tcase, a_fixed_bit_is_no_longer_looked_at);
    tcase_add_test(tcase, a_narrow_argument_has_no_upper_bits);
    tcase_add_test(tcase, quantifiers_look_at_all_values_of_their_bits);
    tcase_add_test(tcase, witnesses_are_the_smallest);
    tcase_add_test(tcase, differences_are_the_smallest);
    tcase_add_test(tcase, the_width_bypass_is_found);
    tcase_add_test(tcase, what_a_diagram_looks_at_is_known);
    tcase_add_test(tcase, leaves_are_listed_in_order);

    TCase *limits = sp_testing_case(suite, "limits");
    tcase_add_checked_fixture(limits, open_store, close_store);
    tcase_add_test(limits, a_spent_budget_answers_undecided);
    tcase_add_test(limits, exponential_questions_end_at_the_budget);
    tcase_add_test(limits, long_questions_end_at_the_steps);
    tcase_add_test(limits, stores_that_did_the_same_are_the_same);
}
