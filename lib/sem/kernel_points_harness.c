/* The calls at the edges of a filter, with what its meaning says of them. */
#include "sem/bpf_test.h"
#include "sem/kernel_harness.h"

#include <string.h>

/* ---- the edges of conditions ------------------------------------------------------------- */

/* A mask of 64 bits, and then some. */
enum { EDGES = 192 };

/* Values of one argument. */
struct edges {
    uint64_t at[EDGES];
    size_t count;
};

static void
add_edge(struct edges *edges, uint64_t value)
{
    for (size_t i = 0; i < edges->count; i++) {
        if (edges->at[i] == value) {
            return;
        }
    }
    if (edges->count < EDGES) {
        edges->at[edges->count++] = value;
    }
}

/* Each bit of the mask, and the lowest and the highest outside of it. */
static void
add_toggled(struct edges *edges, uint64_t mask, uint64_t value)
{
    for (unsigned bit = 0; bit < 64; bit++) {
        if ((mask >> bit & 1) != 0) {
            add_edge(edges, value ^ UINT64_C(1) << bit);
        }
    }
    if (mask != UINT64_MAX) {
        add_edge(edges, value ^ (~mask & (mask + 1)));
        add_edge(edges, value ^ UINT64_C(1) << (63 - __builtin_clzll(~mask)));
        add_edge(edges, value | ~mask);
    }
}

static void
add_edges(struct edges edges[SP_ARGS], const struct sp_filter_condition *condition)
{
    struct edges *own = &edges[condition->index];
    uint64_t value = condition->datum;
    const uint64_t near[] = {
        value, value - 1, value + 1, value + (UINT64_C(1) << 32), value ^ UINT64_C(1) << 32,
        value | (uint64_t)UINT32_MAX << 32, (uint32_t)value, 0, UINT32_MAX, UINT64_MAX,
    };

    for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
        add_edge(own, near[i]);
    }
    if (condition->op == SP_OPERATOR_MASKED_EQ) {
        add_toggled(own, condition->mask, value);
    }
}

static void
add_rule_edges(struct edges edges[SP_ARGS], const struct sp_filter_rule *rule)
{
    for (size_t i = 0; i < rule->condition_count; i++) {
        add_edges(edges, &rule->conditions[i]);
    }
}

/* ---- one point --------------------------------------------------------------------------- */

/* A call on one ABI, and its diagram. */
struct asked {
    struct sp_meaning *meaning;
    struct kernel_points *points;
    uint32_t abi;
    const struct sp_kb_arch *arch;
    uint32_t nr;  /* with x32's bit */
    sp_dd verdicts;
    bool is_edge;
};

static struct asked
asked_of(struct sp_meaning *meaning, struct kernel_points *points, uint32_t abi, uint32_t nr)
{
    const struct sp_kb_arch *arch = kernel_arch(abi);

    return (struct asked){
        .meaning = meaning, .points = points, .abi = abi, .arch = arch, .nr = nr,
        .verdicts = sp_meaning_of(meaning, arch, nr, SP_READING_KERNEL),
    };
}

/* What the simulation says; the diagram must not say anything else. */
static bool
predict(const struct asked *asked, struct kernel_point *point)
{
    struct sp_call call = kernel_call(&point->record);
    struct sp_outcome outcome;
    uint32_t value;

    if (!sp_meaning_simulate(asked->meaning, asked->arch, &call, &outcome)) {
        return false;
    }
    point->verdict = outcome.verdict;
    point->is_unsure = !outcome.decided
        || !sp_dd_eval(asked->meaning->store, asked->verdicts, call.args, &value)
        || value != outcome.verdict;
    return true;
}

static bool
add_point(const struct asked *asked, const uint64_t args[SP_ARGS])
{
    struct kernel_point *point = sp_vec_push(asked->points->arena, &asked->points->list);

    if (point == NULL) {
        return false;
    }
    point->record = (struct kernel_record){
        .abi = asked->abi, .nr = asked->nr - asked->arch->offset,
    };
    point->is_edge = asked->is_edge;
    memcpy(point->record.args, args, sizeof point->record.args);
    return predict(asked, point);
}

/* ---- the points of a rule ---------------------------------------------------------------- */

/* Past so many combinations, as many are drawn. */
enum { COMBINATIONS = 10000 };

static size_t
count_combinations(const struct edges edges[SP_ARGS])
{
    size_t count = 1;

    for (size_t i = 0; i < SP_ARGS; i++) {
        count *= edges[i].count == 0 ? 1 : edges[i].count;
    }
    return count;
}

/* The n-th combination of the rule's own edges; arguments that only other rules ask for are at
 * some edge of theirs, all others are all ones. */
static void
combine(const struct edges own[SP_ARGS], const struct edges all[SP_ARGS], size_t n,
        uint64_t *seed, uint64_t ret_args[SP_ARGS])
{
    for (size_t i = 0; i < SP_ARGS; i++) {
        ret_args[i] = UINT64_MAX;
        if (own[i].count > 0) {
            ret_args[i] = own[i].at[n % own[i].count];
            n /= own[i].count;
        } else if (all[i].count > 0) {
            ret_args[i] = all[i].at[bpf_random_below(seed, (uint32_t)all[i].count)];
        }
    }
}

static bool
add_rule_points(const struct asked *asked, const struct sp_filter_rule *rule,
                const struct edges all[SP_ARGS], uint64_t *seed)
{
    struct edges own[SP_ARGS] = { { .count = 0 } };
    uint64_t args[SP_ARGS];

    add_rule_edges(own, rule);
    size_t count = count_combinations(own);
    size_t made = count < COMBINATIONS ? count : COMBINATIONS;
    for (size_t i = 0; i < made; i++) {
        combine(own, all, count == made ? i : bpf_random(seed) % count, seed, args);
        if (!add_point(asked, args)) {
            return false;
        }
    }
    return true;
}

static bool
add_call_points(const struct asked *asked, const struct sp_arch_call *call, uint64_t *seed)
{
    struct edges all[SP_ARGS] = { { .count = 0 } };

    for (size_t i = 0; i < call->count; i++) {
        add_rule_edges(all, &call->rules[i]);
    }
    for (size_t i = 0; i < call->count; i++) {
        if (call->rules[i].condition_count > 0
            && !add_rule_points(asked, &call->rules[i], all, seed)) {
            return false;
        }
    }
    return true;
}

/* ---- the points of a filter -------------------------------------------------------------- */

static bool
add_conditions(struct sp_meaning *meaning, struct kernel_points *points, uint32_t abi)
{
    uint64_t seed = 0x5ec0de;

    for (size_t i = 0; i < meaning->arch_count; i++) {
        const struct sp_arch_rules *rules = &meaning->arches[i];
        for (size_t j = 0; rules->arch == kernel_arch(abi) && j < rules->calls.count; j++) {
            const struct sp_arch_call *call = &rules->calls.at[j];
            struct asked asked = asked_of(meaning, points, abi, call->nr);
            asked.is_edge = true;
            if (!add_call_points(&asked, call, &seed)) {
                return false;
            }
        }
    }
    return true;
}

static bool
add_numbers(struct sp_meaning *meaning, struct kernel_points *points, uint32_t abi)
{
    uint64_t args[SP_ARGS];

    memset(args, 0xff, sizeof args);
    for (uint32_t nr = 0; nr < KERNEL_NUMBERS; nr++) {
        struct asked asked = asked_of(meaning, points, abi, kernel_arch(abi)->offset + nr);
        if (!add_point(&asked, args)) {
            return false;
        }
    }
    return true;
}

bool
kernel_points_make(struct sp_meaning *meaning, struct kernel_points *points)
{
    for (uint32_t abi = 0; abi < KERNEL_ABIS; abi++) {
        if (!add_numbers(meaning, points, abi) || !add_conditions(meaning, points, abi)) {
            return false;
        }
    }
    return true;
}
