#include "sem/cases.h"

#include "sem/cases_guards.h"

#include <string.h>

/* How the search works.
 *
 * Kernels are taken step by step. On each the search decides capability after capability,
 * but only such as an undecided guard still asks for; where no guard is undecided, the rules
 * that are kept are known, whatever the other capabilities are. It walks from the default to
 * the unusual: the first find of an outcome is the one to show.
 *
 * What all finds of an outcome have in common is its `when`. Some outcomes cannot be said
 * with "these and none of those": a rule that asks for two capabilities and is not kept.
 * Their `when` holds for more than the outcome; anything narrower would be wrong for some
 * of its environments. */

/* Guards looked at before the search gives up: less than a tenth of a second. */
enum { WORK_MAX = 1 << 24 };

/* Twice SP_CASES_MAX, so that the table of outcomes is never more than half full. */
enum { SLOTS = 8192 };

/* What is known of the capabilities at a point of the search. */
struct known {
    uint64_t held;
    uint64_t lacked;
};

/* What the search keeps of a case besides the case. */
struct outcome {
    const uint64_t *kept;  /* a bit for each guard */
    size_t first_step;
    size_t last_step;
};

struct search {
    struct sp_arena *arena;
    struct sp_arena *scratch;
    const struct sp_asked *asked;
    struct sp_cases *cases;
    uint64_t defaults;                /* the capabilities of the first case */
    struct sp_case_guards guards;
    SP_VEC(struct outcome) outcomes;  /* by case */
    uint16_t *slots;                  /* 1 + index of an outcome, by hash */
    uint64_t *kept;                   /* of the outcome at hand */
    size_t kept_words;
    size_t work;
};

/* ---- outcomes ---------------------------------------------------------------------------- */

static uint64_t
hash_kept(const struct search *search)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < search->kept_words; i++) {
        hash = (hash ^ search->kept[i]) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    return hash;
}

/* The slot of the outcome at hand; it holds 0 when the outcome is new. */
static uint16_t *
find_slot(const struct search *search)
{
    const struct outcome *outcomes = search->outcomes.at;
    size_t size = search->kept_words * sizeof *search->kept;
    size_t at = (size_t)(hash_kept(search) % SLOTS);

    while (search->slots[at] != 0
           && memcmp(outcomes[search->slots[at] - 1].kept, search->kept, size) != 0) {
        at = (at + 1) % SLOTS;
    }
    return &search->slots[at];
}

static bool
add_case(struct search *search, struct known known, size_t step, uint16_t *slot)
{
    if (search->cases->all.count == SP_CASES_MAX) {
        search->cases->undecided = true;
        return false;
    }
    uint64_t *kept = sp_arena_new_array(search->scratch, search->kept_words, uint64_t);
    struct outcome *outcome = sp_vec_push(search->scratch, &search->outcomes);
    struct sp_case *added = sp_vec_push(search->arena, &search->cases->all);
    if (kept == NULL || outcome == NULL || added == NULL) {
        return false;
    }
    memcpy(kept, search->kept, search->kept_words * sizeof *kept);
    *outcome = (struct outcome){ .kept = kept, .first_step = step, .last_step = step };
    added->environment = search->asked->base;
    added->environment.kernel = sp_case_guards_kernel(&search->guards, search->asked, step);
    added->environment.caps = (search->defaults | known.held) & ~known.lacked;
    added->when.caps = known.held;
    added->when.without_caps = known.lacked;
    *slot = (uint16_t)search->cases->all.count;
    return true;
}

/* The search comes from newer kernels: the step is the first so far. */
static void
widen_case(struct search *search, struct known known, size_t step, size_t index)
{
    struct sp_when *when = &search->cases->all.at[index].when;
    struct outcome *outcome = &search->outcomes.at[index];

    when->caps &= known.held;
    when->without_caps &= known.lacked;
    outcome->first_step = step;
}

/* ---- search ------------------------------------------------------------------------------ */

static bool
has_kernel(const struct search *search, const struct sp_case_guard *guard, size_t step)
{
    return sp_case_guard_has_kernel(guard, search->guards.steps.at[step]);
}

/* Does the guard fail, whatever else is held? */
static bool
fails(const struct sp_case_guard *guard, struct known known)
{
    return (guard->caps & known.lacked) != 0 || (guard->without_caps & known.held) != 0;
}

/* The capabilities on which the guard still hangs. */
static uint64_t
open_caps(const struct sp_case_guard *guard, struct known known)
{
    return fails(guard, known) ? 0 : (guard->caps & ~known.held)
                                         | (guard->without_caps & ~known.lacked);
}

/* False when the search has done enough; one case is made in any event. */
static bool
work(struct search *search, size_t amount)
{
    search->work += amount;
    if (search->work > WORK_MAX && search->outcomes.count > 0) {
        search->cases->undecided = true;
    }
    return !search->cases->undecided;
}

/* Every guard is decided. */
static bool
record(struct search *search, struct known known, size_t step)
{
    memset(search->kept, 0, search->kept_words * sizeof *search->kept);
    for (size_t i = 0; i < search->guards.all.count; i++) {
        const struct sp_case_guard *guard = &search->guards.all.at[i];
        if (has_kernel(search, guard, step) && !fails(guard, known)) {
            search->kept[i / 64] |= UINT64_C(1) << i % 64;
        }
    }
    uint16_t *slot = find_slot(search);
    if (*slot == 0) {
        return add_case(search, known, step, slot);
    }
    widen_case(search, known, step, *slot - 1u);
    return true;
}

/* Guards before `first` are decided.  No deeper than there are capabilities. */
static bool
explore(struct search *search, struct known known, size_t step, size_t first)
{
    uint64_t open = 0;
    size_t i = first;

    for (; i < search->guards.all.count && open == 0; i++) {
        if (has_kernel(search, &search->guards.all.at[i], step)) {
            open = open_caps(&search->guards.all.at[i], known);
        }
    }
    if (!work(search, i - first + (open == 0 ? search->guards.all.count : 0) + 1)) {
        return false;
    }
    if (open == 0) {
        return record(search, known, step);
    }
    uint64_t bit = open & -open;
    struct known with = { .held = known.held | bit, .lacked = known.lacked };
    struct known without = { .held = known.held, .lacked = known.lacked | bit };
    bool is_default = (search->defaults & bit) != 0;
    return explore(search, is_default ? with : without, step, i - 1)
        && explore(search, is_default ? without : with, step, i - 1);
}

static void
set_kernels(struct search *search)
{
    for (size_t i = 0; i < search->outcomes.count; i++) {
        const struct outcome *outcome = &search->outcomes.at[i];
        struct sp_when *when = &search->cases->all.at[i].when;
        when->from = search->guards.steps.at[outcome->first_step];
        if (outcome->last_step + 1 < search->guards.steps.count) {
            when->before = search->guards.steps.at[outcome->last_step + 1];
        }
    }
}

static bool
search_all(struct search *search)
{
    search->kept_words = search->guards.all.count / 64 + 1;
    search->kept = sp_arena_new_array(search->scratch, search->kept_words, uint64_t);
    search->slots = sp_arena_new_array(search->scratch, SLOTS, uint16_t);
    if (search->kept == NULL || search->slots == NULL) {
        return false;
    }
    for (size_t step = search->guards.steps.count; step > 0; step--) {
        if (!explore(search, (struct known){ .held = 0 }, step - 1, 0)) {
            break;
        }
    }
    if (search->scratch->failed || search->arena->failed) {
        return false;
    }
    set_kernels(search);
    return true;
}

struct sp_asked
sp_asked_of(const struct sp_target *target, const struct sp_kb_arch *host)
{
    return (struct sp_asked){
        .base = {
            .engine = target->engine,
            .engine_version = target->engine_version,
            .runtime = target->runtime,
            .runtime_version = target->runtime_version,
            .libseccomp = target->libseccomp,
            .host = host,
            .kernel = target->kernel,
            .caps = target->caps,
        },
        .kernel_given = target->kernel.major != 0,
        .caps_given = target->caps_given,
        .caps_add = target->caps_add,
        .caps_drop = target->caps_drop,
    };
}

static uint64_t
default_caps(const struct sp_asked *asked)
{
    return asked->caps_given
        ? asked->base.caps
        : (sp_kb_default_caps(SP_KB_DOCKER) | asked->caps_add) & ~asked->caps_drop;
}

bool
sp_cases_of_guards(struct sp_arena *arena, const struct sp_asked *asked,
                   const struct sp_case_guards *guards, struct sp_cases *ret_cases)
{
    SP_SCRATCH(scratch);
    struct sp_cases cases = { .undecided = false };
    struct search search = {
        .arena = arena,
        .scratch = &scratch,
        .asked = asked,
        .cases = &cases,
        .defaults = default_caps(asked),
        .guards = *guards,
    };

    if (!search_all(&search)) {
        return false;
    }
    *ret_cases = cases;
    return true;
}

bool
sp_cases_make(struct sp_arena *arena, const struct sp_profile *profile,
              const struct sp_asked *asked, uint16_t call, struct sp_cases *ret_cases)
{
    SP_SCRATCH(scratch);
    struct sp_case_guards guards;

    return sp_case_guards_make(&scratch, profile, asked, call, &guards)
        && sp_cases_of_guards(arena, asked, &guards, ret_cases);
}
