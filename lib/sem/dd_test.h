/* What the tests of diagrams share: a store, functions of four bits, and random rule sets. */
#ifndef SP_SEM_DD_TEST_H
#define SP_SEM_DD_TEST_H

#include "base/testing.h"
#include "sem/dd.h"

#include <string.h>

#define ALL UINT64_MAX

/* ---- helpers ------------------------------------------------------------------------- */

static struct sp_dd_store *store;

static inline void
open_store(void)
{
    store = sp_dd_store_new(SP_DD_BUDGET);
    ck_assert_ptr_nonnull(store);
}

static inline void
close_store(void)
{
    ck_assert(!sp_dd_store_is_spent(store));
    sp_dd_store_free(store);
}

static inline uint64_t
next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state * 0x2545f4914f6cdd1du;
}

static inline unsigned
below(uint64_t *state, unsigned limit)
{
    return (unsigned)(next_random(state) >> 33) % limit;
}

static inline bool
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

static inline uint32_t
value_at(sp_dd diagram, const uint64_t args[SP_ARGS])
{
    uint32_t value = 0;

    ck_assert(sp_dd_eval(store, diagram, args, &value));
    return value;
}

static inline uint32_t
value_for(sp_dd diagram, uint64_t arg0)
{
    return value_at(diagram, (uint64_t[SP_ARGS]){ arg0 });
}

/* Four bits, far from each other, that stand for the inputs of small functions. The first is
 * the most significant in the order of the diagrams. */
static const struct {
    unsigned arg;
    unsigned bit;
} inputs[] = { { 0, 63 }, { 0, 0 }, { 3, 31 }, { 5, 1 } };

enum { INPUTS = 4, ROWS = 1 << INPUTS };

static inline void
set_inputs(unsigned row, uint64_t ret_args[SP_ARGS])
{
    memset(ret_args, 0, SP_ARGS * sizeof *ret_args);
    for (unsigned i = 0; i < INPUTS; i++) {
        if (row >> (INPUTS - 1 - i) & 1) {
            ret_args[inputs[i].arg] |= (uint64_t)1 << inputs[i].bit;
        }
    }
}

static inline sp_dd
input(unsigned i)
{
    return sp_dd_bit(store, inputs[i].arg, inputs[i].bit);
}

/* The function whose value in row r is value(r), by choices from the last input up. */
static inline sp_dd
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

static inline sp_dd
row_condition(unsigned row)
{
    sp_dd all = sp_dd_leaf(store, 1);

    for (unsigned i = 0; i < INPUTS; i++) {
        bool is_set = row >> (INPUTS - 1 - i) & 1;
        all = sp_dd_and(store, is_set ? input(i) : sp_dd_not(store, input(i)), all);
    }
    return all;
}

static inline uint32_t
bit_of_table(unsigned row, unsigned table)
{
    return table >> row & 1;
}

static inline uint32_t
mixed_value(unsigned row, unsigned table)
{
    return (table * 2654435761u >> 7 ^ row * 40503u) % 5;
}

/* The value in a row; -1 where it is undecided. */
static inline int
row_of(sp_dd diagram, unsigned row)
{
    uint64_t args[SP_ARGS];
    uint32_t value;

    set_inputs(row, args);
    return sp_dd_eval(store, diagram, args, &value) ? (int)value : -1;
}

static inline uint32_t
add(uint32_t left, uint32_t right)
{
    return left + right;
}

static const struct sp_dd_operation op_add = { .id = 17, .combine = add };

/* ---- expressions --------------------------------------------------------------------- */

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

static inline uint64_t
random_datum(uint64_t *state)
{
    static const uint64_t data[] = {
        0, 1, 5, 38, 40, 0x7e020000, 0x80000000, 0xffffffff, 0x100000000, 0x100000028,
        0x8000000000000000, UINT64_MAX
    };
    unsigned pick = below(state, 16);

    return pick < 12 ? data[pick] : pick < 14 ? next_random(state) % 64 : next_random(state);
}

static inline struct comparison
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

static inline void
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

static inline bool
holds(const struct comparison *each, const uint64_t args[SP_ARGS])
{
    return compare(each->op, args[each->arg] & each->mask, each->datum);
}

static inline uint32_t
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

static inline sp_dd
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
static inline sp_dd
build(struct sp_dd_store *into, const struct rule rules[RULES])
{
    sp_dd meaning = sp_dd_leaf(into, 99);

    for (unsigned i = RULES; i-- > 0;) {
        meaning = sp_dd_ite(into, rule_condition(into, &rules[i]),
                            sp_dd_leaf(into, rules[i].value), meaning);
    }
    return meaning;
}

static inline uint32_t
keep_first(uint32_t left, uint32_t right)
{
    return left != UINT32_MAX ? left : right;
}

/* The same from the first to the last, with "no rule yet" as a value. */
static inline sp_dd
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

/* Arguments near what the rules compare with: one less, the same, one more, with other upper
 * halves. */
static inline void
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

#endif
