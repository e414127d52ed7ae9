/* The calls that a container is asked for. */
#include "sem/engine_harness.h"

#include <string.h>

enum { NUMBERS = 601 };

static struct engine_record *
add_record(struct engine_run *run, unsigned abi, uint32_t nr, uint32_t mode)
{
    struct engine_record *record = engine_need(sp_vec_push(run->arena, &run->records));

    *record = (struct engine_record){ .abi = abi, .nr = nr, .mode = mode };
    return record;
}

static void
add_expected(struct engine_run *run, const struct engine_expected *expected, uint32_t mode)
{
    struct engine_record *record = add_record(run, expected->abi, expected->nr, mode);

    memcpy(record->args, expected->args, sizeof record->args);
    const struct engine_expected **place = engine_need(sp_vec_push(run->arena, &run->expected));
    *place = expected;
}

/* Calls of x32 are never made: kernels without it answer ENOSYS, as they do for TRACE. */
static void
add_table(struct engine_run *run)
{
    for (size_t i = 0; i < run->job->calls.count; i++) {
        const struct engine_expected *expected = &run->job->calls.at[i];
        add_expected(run, expected, MODE_MARKED);
        add_expected(run, expected, MODE_THREAD);
        if (expected->abi != ABI_X32) {
            add_expected(run, expected, MODE_PLAIN);
        }
    }
}

/* With arguments of all ones, which are no address, descriptor or process.  A thread costs more,
 * but tells what is killed. */
static void
add_numbers(struct engine_run *run)
{
    enum { THREAD_EACH = 16 };

    for (unsigned abi = 0; abi < ABIS; abi++) {
        for (uint32_t nr = 0; nr < NUMBERS; nr++) {
            struct engine_record *record =
                add_record(run, abi, nr, nr % THREAD_EACH == 0 ? MODE_THREAD : MODE_MARKED);
            memset(record->args, 0xff, sizeof record->args);
        }
    }
}

/* socketcall and ipc, which serve many calls by their first argument. */
static void
add_multiplexed(struct engine_run *run)
{
    static const uint32_t numbers[] = { 102, 117 };
    enum { SUBCALLS = 26 };

    for (size_t i = 0; i < 2; i++) {
        for (uint64_t sub = 0; sub < SUBCALLS; sub++) {
            add_record(run, ABI_INT80, numbers[i], MODE_MARKED)->args[0] = sub;
            struct engine_record *record = add_record(run, ABI_INT80, numbers[i], MODE_MARKED);
            memset(record->args, 0xff, sizeof record->args);
            record->args[0] = sub;
        }
    }
}

/* Values on both sides of the conditions on one argument. */
enum { VALUES = 128, COMBINATIONS = 800, COMBINATIONS_ALL = 24000 };

struct values {
    uint64_t at[VALUES];
    size_t count;
};

static void
add_value(struct values *values, uint64_t value)
{
    for (size_t i = 0; i < values->count; i++) {
        if (values->at[i] == value) {
            return;
        }
    }
    if (values->count < VALUES) {
        values->at[values->count++] = value;
    }
}

static void
add_sides(struct values *values, const struct sp_filter_condition *condition)
{
    uint64_t datum = condition->datum;

    add_value(values, datum);
    add_value(values, datum - 1);
    add_value(values, datum + 1);
    add_value(values, datum ^ UINT64_C(1) << 32);
    add_value(values, datum ^ UINT64_C(1) << 63);
    if (condition->op == SP_OPERATOR_MASKED_EQ) {
        for (unsigned bit = 0; bit < 64; bit++) {
            add_value(values, datum ^ UINT64_C(1) << bit);
        }
        add_value(values, datum | ~condition->mask);
    }
}

static void
collect_values(const struct engine_run *run, uint16_t call, struct values values[SP_ARGS])
{
    for (size_t i = 0; i < run->meaning->rules.rules.count; i++) {
        const struct sp_filter_rule *rule = &run->meaning->rules.rules.at[i];
        for (size_t j = 0; rule->call == call && j < rule->condition_count; j++) {
            add_sides(&values[rule->conditions[j].index], &rule->conditions[j]);
        }
    }
    for (unsigned i = 0; i < SP_ARGS; i++) {
        if (values[i].count > 0) {
            add_value(&values[i], 0);
            add_value(&values[i], UINT64_MAX);
        }
    }
}

/* All combinations, or many by chance where there are too many. */
static void
add_combinations(struct engine_run *run, unsigned abi, uint32_t nr,
                 const struct values values[SP_ARGS], uint64_t most)
{
    static uint64_t seed = 0x5ec0de;
    uint64_t all = 1;

    for (unsigned i = 0; i < SP_ARGS; i++) {
        all *= values[i].count > 0 && all <= most ? values[i].count : 1;
    }
    bool by_chance = all > most;
    for (uint64_t n = 0; n < (by_chance ? most : all); n++) {
        struct engine_record *record = add_record(run, abi, nr, MODE_MARKED);
        uint64_t rest = n;
        for (unsigned i = 0; i < SP_ARGS; i++) {
            size_t count = values[i].count;
            if (count == 0) {
                continue;
            }
            seed = seed * 6364136223846793005 + 1442695040888963407;
            record->args[i] = values[i].at[(by_chance ? seed >> 33 : rest) % count];
            rest /= count;
        }
    }
}

/* Is this the first rule with conditions of its call? */
static bool
is_first(const struct sp_filter_rules *rules, size_t index)
{
    const struct sp_filter_rule *rule = &rules->rules.at[index];

    for (size_t i = 0; i < index; i++) {
        if (rules->rules.at[i].call == rule->call && rules->rules.at[i].condition_count > 0) {
            return false;
        }
    }
    return rule->condition_count > 0;
}

static void
add_call(struct engine_run *run, uint16_t call, uint64_t most)
{
    struct values values[SP_ARGS] = { { .count = 0 } };

    collect_values(run, call, values);
    for (unsigned abi = 0; abi < ABIS; abi++) {
        int64_t number = sp_kb_number(engine_arch(abi), &sp_kb_syscalls[call]);
        if (number != SP_KB_NO_NUMBER) {
            add_combinations(run, abi, (uint32_t)number & ~(uint32_t)X32_BIT, values, most);
        }
    }
}

static void
add_conditions(struct engine_run *run)
{
    const struct sp_filter_rules *rules = &run->meaning->rules;
    size_t calls = 0;

    for (size_t i = 0; i < rules->rules.count; i++) {
        calls += is_first(rules, i) ? 1 : 0;
    }
    uint64_t most = COMBINATIONS_ALL / ABIS / (calls == 0 ? 1 : calls);
    for (size_t i = 0; i < rules->rules.count; i++) {
        if (is_first(rules, i)) {
            add_call(run, rules->rules.at[i].call, most < COMBINATIONS ? most : COMBINATIONS);
        }
    }
}

void
engine_points(struct engine_run *run)
{
    add_table(run);
    add_numbers(run);
    add_multiplexed(run);
    if (run->meaning != NULL && run->meaning->start == SP_START_FILTER) {
        add_conditions(run);
    }
}
