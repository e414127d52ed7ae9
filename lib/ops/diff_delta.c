/* What two records make: the verdicts that differ, for which arguments, in which
 * environments. */
#include "ops/diff_work.h"

#include <string.h>

/* Verdicts of one call that are told apart. */
enum { VERDICTS_MAX = 64 };

/* A delta on its way: its environments are told when all are known. */
struct found {
    struct sp_diff_delta delta;
    bool *chosen;  /* by case */
};

struct comparing {
    struct sp_diff_sides *sides;
    struct sp_arena *scratch;
    struct sp_diff_deltas *deltas;
    struct sp_case_guards guards;  /* of both */
    struct sp_cases cases;
    SP_VEC(struct found) calls;
    SP_VEC(struct found) starts;
};

/* ---- finds ------------------------------------------------------------------------------- */

static bool
is_same(const struct sp_diff_delta *left, const struct sp_diff_delta *right)
{
    return left->arch == right->arch && left->from == right->from && left->to == right->to
        && left->is_default == right->is_default && left->condition == right->condition
        && (left->arch != NULL || (left->from_answer->start == right->from_answer->start
                                   && left->to_answer->start == right->to_answer->start));
}

static bool
choose(struct found *found, size_t count, const struct sp_diff_delta *delta, size_t index)
{
    for (size_t i = 0; i < count; i++) {
        if (is_same(&found[i].delta, delta)) {
            found[i].chosen[index] = true;
            return true;
        }
    }
    return false;
}

/* The first case of a find is the one to show: cases come from the usual to the unusual. */
static bool
add_find(struct comparing *comparing, const struct sp_diff_delta *delta, size_t index)
{
    bool is_start = delta->arch == NULL;
    struct found *found = is_start ? comparing->starts.at : comparing->calls.at;
    size_t count = is_start ? comparing->starts.count : comparing->calls.count;

    if (choose(found, count, delta, index)) {
        return true;
    }
    found = is_start ? sp_vec_push(comparing->scratch, &comparing->starts)
                     : sp_vec_push(comparing->scratch, &comparing->calls);
    bool *chosen = sp_arena_new_array(comparing->scratch, comparing->cases.all.count, bool);
    if (found == NULL || chosen == NULL) {
        return false;
    }
    *found = (struct found){ .delta = *delta, .chosen = chosen };
    chosen[index] = true;
    return true;
}

/* ---- verdicts ---------------------------------------------------------------------------- */

static uint32_t
is_equal(uint32_t value, void *user)
{
    return value == *(const uint32_t *)user;
}

static sp_dd
where(struct sp_dd_store *store, sp_dd verdicts, uint32_t verdict)
{
    return sp_dd_is_leaf(store, verdicts) ? sp_dd_leaf(store, 1)
                                          : sp_dd_map(store, verdicts, is_equal, &verdict);
}

static bool
add_undecided(struct comparing *comparing, const struct sp_kb_arch *arch)
{
    struct sp_diff_deltas *deltas = comparing->deltas;

    for (size_t i = 0; i < deltas->undecided.count; i++) {
        if (deltas->undecided.at[i] == arch) {
            return true;
        }
    }
    const struct sp_kb_arch **place = sp_vec_push(comparing->sides->arena, &deltas->undecided);
    if (place != NULL) {
        *place = arch;
    }
    return place != NULL;
}

/* Both sides' answers on one architecture in one case. */
struct pair {
    const struct sp_diff_answer *from_answer;
    const struct sp_diff_answer *to_answer;
    const struct sp_diff_place *from;
    const struct sp_diff_place *to;
    size_t index;  /* of the case */
};

static bool
add_region(struct comparing *comparing, const struct pair *pair, uint32_t from, uint32_t to)
{
    struct sp_dd_store *store = comparing->sides->store;
    uint64_t args[SP_ARGS];
    struct sp_diff_delta delta = {
        .arch = pair->from->arch, .from = from, .to = to,
        .is_default = (pair->from->is_stubbed || from == pair->from_answer->by_default)
            && (pair->to->is_stubbed || to == pair->to_answer->by_default),
        .condition = sp_dd_and(store, where(store, pair->from->verdicts, from),
                               where(store, pair->to->verdicts, to)),
        .environment = &comparing->cases.all.at[pair->index].environment,
        .from_answer = pair->from_answer, .to_answer = pair->to_answer,
    };

    return !sp_diff_find_args(comparing->sides, delta.arch, delta.condition, args)
        || add_find(comparing, &delta, pair->index);
}

static bool
compare_places(struct comparing *comparing, const struct pair *pair)
{
    struct sp_dd_store *store = comparing->sides->store;
    sp_dd from = pair->from->verdicts;
    sp_dd to = pair->to->verdicts;
    uint32_t from_values[VERDICTS_MAX];
    uint32_t to_values[VERDICTS_MAX];

    if (from == SP_DIFF_ABSENT || to == SP_DIFF_ABSENT) {
        return true;
    }
    bool unsure = sp_dd_has_undecided(store, from) || sp_dd_has_undecided(store, to);
    if (unsure && !add_undecided(comparing, pair->from->arch)) {
        return false;
    }
    if (from == to) {
        return true;
    }
    size_t from_count = sp_dd_leaves(store, from, from_values, VERDICTS_MAX);
    size_t to_count = sp_dd_leaves(store, to, to_values, VERDICTS_MAX);
    if (from_count > VERDICTS_MAX || to_count > VERDICTS_MAX) {
        return add_undecided(comparing, pair->from->arch);
    }
    for (size_t i = 0; i < from_count; i++) {
        for (size_t j = 0; j < to_count; j++) {
            if (from_values[i] != to_values[j]
                && !add_region(comparing, pair, from_values[i], to_values[j])) {
                return false;
            }
        }
    }
    return true;
}

/* ---- cases ------------------------------------------------------------------------------- */

static bool
is_stopped(enum sp_start start)
{
    return start == SP_START_REFUSED || start == SP_START_ENDLESS;
}

bool
sp_diff_starts_alike(enum sp_start left, enum sp_start right)
{
    return left == right || (is_stopped(left) && is_stopped(right));
}

static const struct sp_diff_place *
place_of(const struct sp_diff_record *record, const struct sp_diff_answer *answer,
         const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < record->place_count; i++) {
        if (answer->places[i].arch == arch) {
            return &answer->places[i];
        }
    }
    return NULL;
}

static bool
compare_case(struct comparing *comparing, size_t index)
{
    const struct sp_environment *environment = &comparing->cases.all.at[index].environment;
    const struct sp_diff_record *from = comparing->deltas->from;
    const struct sp_diff_record *to = comparing->deltas->to;
    struct pair pair = {
        .from_answer = sp_diff_record_answer(from, environment),
        .to_answer = sp_diff_record_answer(to, environment),
        .index = index,
    };

    if (pair.from_answer == NULL || pair.to_answer == NULL) {
        comparing->deltas->too_many = true;
        return true;
    }
    if (!sp_diff_starts_alike(pair.from_answer->start, pair.to_answer->start)) {
        const struct sp_diff_delta start = {
            .environment = environment,
            .from_answer = pair.from_answer, .to_answer = pair.to_answer,
        };
        return add_find(comparing, &start, index);
    }
    if (pair.from_answer->start != SP_START_FILTER) {
        return true;
    }
    for (size_t i = 0; i < from->place_count; i++) {
        pair.from = &pair.from_answer->places[i];
        pair.to = place_of(to, pair.to_answer, pair.from->arch);
        if (pair.to != NULL && !compare_places(comparing, &pair)) {
            return false;
        }
    }
    return true;
}

/* ---- both -------------------------------------------------------------------------------- */

static bool
finish_find(struct comparing *comparing, const struct found *found, struct sp_diff_delta *delta)
{
    struct sp_arena *arena = comparing->sides->arena;
    struct sp_environment *environment = sp_arena_new(arena, struct sp_environment);
    bool fine;

    *delta = found->delta;
    delta->environment = environment;
    if (environment == NULL
        || !sp_diff_whens_make(arena, comparing->sides->store, &comparing->guards,
                               &comparing->cases, found->chosen, &delta->when, &fine)) {
        return false;
    }
    *environment = *found->delta.environment;
    comparing->deltas->too_many |= !fine;
    if (comparing->deltas->too_many || delta->when.any.count == 0) {
        delta->when = (struct sp_diff_whens){ .any = { .count = 0 } };
        return sp_vec_push(arena, &delta->when.any) != NULL;
    }
    return true;
}

static bool
finish(struct comparing *comparing)
{
    struct sp_arena *arena = comparing->sides->arena;
    struct sp_diff_deltas *deltas = comparing->deltas;

    for (size_t i = 0; i < comparing->calls.count; i++) {
        struct sp_diff_delta *delta = sp_vec_push(arena, &deltas->calls);
        if (delta == NULL || !finish_find(comparing, &comparing->calls.at[i], delta)) {
            return false;
        }
    }
    for (size_t i = 0; i < comparing->starts.count; i++) {
        struct sp_diff_delta *delta = sp_vec_push(arena, &deltas->starts);
        if (delta == NULL || !finish_find(comparing, &comparing->starts.at[i], delta)) {
            return false;
        }
    }
    return true;
}

static bool
compare_records(struct sp_diff_sides *sides, struct sp_diff_deltas *deltas)
{
    SP_SCRATCH(scratch);
    struct comparing comparing = { .sides = sides, .scratch = &scratch, .deltas = deltas };

    if (!sp_case_guards_join(&scratch, &deltas->from->guards, &deltas->to->guards,
                             &comparing.guards)
        || !sp_cases_of_guards(&scratch, deltas->from->asked, &comparing.guards,
                               &comparing.cases)) {
        return false;
    }
    deltas->too_many = comparing.cases.undecided || deltas->from->too_many
        || deltas->to->too_many;
    for (size_t i = 0; i < comparing.cases.all.count; i++) {
        if (!compare_case(&comparing, i)) {
            return false;
        }
    }
    return finish(&comparing) && !scratch.failed;
}

static size_t
slot_of(const struct sp_diff_record *from, const struct sp_diff_record *to)
{
    uint64_t hash = (uint64_t)(uintptr_t)from * UINT64_C(0x9e3779b97f4a7c15);

    hash = (hash ^ (uint64_t)(uintptr_t)to) * UINT64_C(0xbf58476d1ce4e5b9);
    return (size_t)(hash >> 40) % SP_DIFF_SLOTS;
}

const struct sp_diff_deltas *
sp_diff_deltas_of(struct sp_diff_sides *sides, const struct sp_diff_record *from,
                  const struct sp_diff_record *to)
{
    struct sp_diff_deltas **slot = &sides->deltas[slot_of(from, to)];

    for (struct sp_diff_deltas *known = *slot; known != NULL; known = known->next) {
        if (known->from == from && known->to == to) {
            return known;
        }
    }
    struct sp_diff_deltas *deltas = sp_arena_new(sides->arena, struct sp_diff_deltas);
    if (deltas == NULL) {
        return NULL;
    }
    deltas->from = from;
    deltas->to = to;
    if (!compare_records(sides, deltas)) {
        return NULL;
    }
    deltas->next = *slot;
    *slot = deltas;
    return deltas;
}
