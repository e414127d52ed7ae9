#include "sem/dd.h"
#include "base/testing.h"

#include <stdlib.h>
#include <string.h>

#define ALL UINT64_MAX

/* ---- helpers ----------------------------------------------------------------------------- */

static struct sp_dd_store *store;

static void
open_store(void)
{
    store = sp_dd_store_new(SP_DD_BUDGET);
    ck_assert_ptr_nonnull(store);
}

static void
close_store(void)
{
    ck_assert(!sp_dd_store_is_spent(store));
    sp_dd_store_free(store);
}

static uint64_t
next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state * 0x2545f4914f6cdd1du;
}

static unsigned
below(uint64_t *state, unsigned limit)
{
    return (unsigned)(next_random(state) >> 33) % limit;
}

static bool
compare(enum sp_dd_compare op, uint64_t left, uint64_t right)
{
    switch (op) {
    case SP_DD_EQ: return left == right;
    case SP_DD_NE: return left != right;
    case SP_DD_LT: return left < right;
    case SP_DD_LE: return left <= right;
    case SP_DD_GT: return left > right;
    case SP_DD_GE: return left >= right;
    }
    return false;
}

static uint32_t
value_at(sp_dd diagram, const uint64_t args[SP_ARGS])
{
    uint32_t value = 0;

    ck_assert(sp_dd_eval(store, diagram, args, &value));
    return value;
}

static uint32_t
value_for(sp_dd diagram, uint64_t arg0)
{
    return value_at(diagram, (uint64_t[SP_ARGS]){ arg0 });
}

/* Four bits, far from each other, that stand for the inputs of small functions. The first is the most
 * significant in the order of the diagrams. */
static const struct {
    unsigned arg;
    unsigned bit;
} inputs[] = { { 0, 63 }, { 0, 0 }, { 3, 31 }, { 5, 1 } };

enum { INPUTS = 4, ROWS = 1 << INPUTS };

static void
set_inputs(unsigned row, uint64_t ret_args[SP_ARGS])
{
    memset(ret_args, 0, SP_ARGS * sizeof *ret_args);
    for (unsigned i = 0; i < INPUTS; i++) {
        if (row >> (INPUTS - 1 - i) & 1) {
            ret_args[inputs[i].arg] |= (uint64_t)1 << inputs[i].bit;
        }
    }
}

static sp_dd
input(unsigned i)
{
    return sp_dd_bit(store, inputs[i].arg, inputs[i].bit);
}

/* The function whose value in row r is value(r), by choices from the last input up. */
static sp_dd
by_choices(uint32_t (*value)(unsigned row, unsigned table), unsigned table)
{
    sp_dd rows[ROWS];

    for (unsigned row = 0; row < ROWS; row++) {
        rows[row] = sp_dd_leaf(store, value(row, table));
    }
    for (unsigned i = INPUTS; i-- > 0;) {
        for (unsigned row = 0; row < 1u << i; row++) {
            rows[row] = sp_dd_ite(store, input(i), rows[2 * row + 1], rows[2 * row]);
        }
    }
    return rows[0];
}

static sp_dd
row_condition(unsigned row)
{
    sp_dd all = sp_dd_leaf(store, 1);

    for (unsigned i = 0; i < INPUTS; i++) {
        bool is_set = row >> (INPUTS - 1 - i) & 1;
        all = sp_dd_and(store, is_set ? input(i) : sp_dd_not(store, input(i)), all);
    }
    return all;
}

static uint32_t
bit_of_table(unsigned row, unsigned table)
{
    return table >> row & 1;
}

static uint32_t
mixed_value(unsigned row, unsigned table)
{
    return (table * 2654435761u >> 7 ^ row * 40503u) % 5;
}

/* ---- making ------------------------------------------------------------------------------ */

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

/* All functions of four bits, made as choices and as a union of rows, are the same reference. */
START_TEST(equal_functions_are_equal_references)
{
    for (unsigned table = (unsigned)_i; table < 1u << ROWS; table += 64) {
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

/* ---- expressions ------------------------------------------------------------------------- */

/* A random rule set: the first of the rules whose comparisons all hold gives the value. */
enum { RULES = 5, COMPARISONS = 3, POINTS = 60 };

struct comparison {
    unsigned arg;
    enum sp_dd_compare op;
    uint64_t mask;
    uint64_t datum;
};

struct rule {
    struct comparison all[COMPARISONS];
    unsigned count;
    uint32_t value;
};

static uint64_t
random_datum(uint64_t *state)
{
    static const uint64_t data[] = {
        0, 1, 5, 38, 40, 0x7e020000, 0x80000000, 0xffffffff, 0x100000000, 0x100000028,
        0x8000000000000000, UINT64_MAX
    };
    unsigned pick = below(state, 16);

    return pick < 12 ? data[pick] : pick < 14 ? next_random(state) % 64 : next_random(state);
}

static struct comparison
random_comparison(uint64_t *state)
{
    static const uint64_t masks[] = {
        0xffffffff, 0x7e020000, 0xff, 0xffffffff00000000, 0x8000000000000001, 0
    };
    unsigned pick = below(state, 12);

    return (struct comparison){
        .arg = below(state, 3) * 2,
        .op = (enum sp_dd_compare)below(state, 6),
        .mask = pick < 6 ? masks[pick] : ALL,
        .datum = random_datum(state),
    };
}

static void
random_rules(uint64_t *state, struct rule rules[RULES])
{
    for (unsigned i = 0; i < RULES; i++) {
        rules[i].count = below(state, COMPARISONS + 1);
        rules[i].value = below(state, 4);
        for (unsigned j = 0; j < rules[i].count; j++) {
            rules[i].all[j] = random_comparison(state);
        }
    }
}

static bool
holds(const struct comparison *each, const uint64_t args[SP_ARGS])
{
    return compare(each->op, args[each->arg] & each->mask, each->datum);
}

static uint32_t
decide(const struct rule rules[RULES], const uint64_t args[SP_ARGS])
{
    for (unsigned i = 0; i < RULES; i++) {
        bool all = true;
        for (unsigned j = 0; j < rules[i].count; j++) {
            all = all && holds(&rules[i].all[j], args);
        }
        if (all) {
            return rules[i].value;
        }
    }
    return 99;
}

static sp_dd
rule_condition(struct sp_dd_store *into, const struct rule *rule)
{
    sp_dd all = sp_dd_leaf(into, 1);

    for (unsigned j = 0; j < rule->count; j++) {
        const struct comparison *each = &rule->all[j];
        all = sp_dd_and(into, all,
                        sp_dd_compare(into, each->arg, each->op, each->mask, each->datum));
    }
    return all;
}

/* From the last rule to the first. */
static sp_dd
build(struct sp_dd_store *into, const struct rule rules[RULES])
{
    sp_dd meaning = sp_dd_leaf(into, 99);

    for (unsigned i = RULES; i-- > 0;) {
        meaning = sp_dd_ite(into, rule_condition(into, &rules[i]),
                            sp_dd_leaf(into, rules[i].value), meaning);
    }
    return meaning;
}

static uint32_t
keep_first(uint32_t left, uint32_t right)
{
    return left != UINT32_MAX ? left : right;
}

/* The same from the first to the last, with "no rule yet" as a value. */
static sp_dd
build_forward(const struct rule rules[RULES])
{
    static const struct sp_dd_operation first = { .id = 16, .combine = keep_first };
    sp_dd meaning = sp_dd_leaf(store, UINT32_MAX);

    for (unsigned i = 0; i <= RULES; i++) {
        sp_dd value = i == RULES ? sp_dd_leaf(store, 99)
                      : sp_dd_ite(store, rule_condition(store, &rules[i]),
                                  sp_dd_leaf(store, rules[i].value),
                                  sp_dd_leaf(store, UINT32_MAX));
        meaning = sp_dd_apply(store, &first, meaning, value);
    }
    return meaning;
}

/* Arguments near what the rules compare with: one less, the same, one more, with other upper halves. */
static void
random_point(uint64_t *state, const struct rule rules[RULES], uint64_t ret_args[SP_ARGS])
{
    for (unsigned i = 0; i < SP_ARGS; i++) {
        const struct rule *rule = &rules[below(state, RULES)];
        uint64_t near = rule->count > 0 ? rule->all[below(state, rule->count)].datum : 7;
        uint64_t upper = next_random(state) << 32;
        switch (below(state, 6)) {
        case 0: ret_args[i] = near - 1; break;
        case 1: ret_args[i] = near; break;
        case 2: ret_args[i] = near + 1; break;
        case 3: ret_args[i] = near | upper; break;
        case 4: ret_args[i] = near ^ (uint64_t)1 << below(state, 64); break;
        default: ret_args[i] = next_random(state); break;
        }
    }
}

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

/* ---- laws of choice, of undecided -------------------------------------------------------- */

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

static uint32_t
add(uint32_t left, uint32_t right)
{
    return left + right;
}

static const struct sp_dd_operation op_add = { .id = 17, .combine = add };

/* A function of four bits with values 0 and 1, and undecided where the other table says so. */
static sp_dd
with_undecided(unsigned table, unsigned undecided)
{
    return sp_dd_ite(store, by_choices(bit_of_table, undecided), SP_DD_UNDECIDED,
                     by_choices(bit_of_table, table));
}

static int
row_of(sp_dd diagram, unsigned row)
{
    uint64_t args[SP_ARGS];
    uint32_t value;

    set_inputs(row, args);
    return sp_dd_eval(store, diagram, args, &value) ? (int)value : -1;
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

/* ---- one diagram ------------------------------------------------------------------------- */

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

/* ---- asking ------------------------------------------------------------------------------ */

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

/* ---- limits ------------------------------------------------------------------------------ */

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

/* The bits of an argument, compared with those of another far behind it: 2^n nodes for n bits. */
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

/* Both hold 512 nodes and never hold together, which only the last bit shows: all pairs of nodes are
 * looked at, none is made. */
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

static void
add_making(Suite *suite)
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

static void
add_asking(Suite *suite)
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
    tcase_add_test(tcase, a_spent_budget_answers_undecided);
    tcase_add_test(tcase, exponential_questions_end_at_the_budget);
    tcase_add_test(tcase, long_questions_end_at_the_steps);
    tcase_add_test(tcase, stores_that_did_the_same_are_the_same);
}

SP_SUITE(dd)
{
    add_making(suite);
    add_asking(suite);
}
