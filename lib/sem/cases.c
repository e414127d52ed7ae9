#include "sem/cases.h"

#include "sem/resolve.h"

#include <stdlib.h>
#include <string.h>

/* How the search works.
 *
 * For one host a rule's guards say: these capabilities, none of those, and a range of
 * kernels. Many rules say the same, so that the distinct ones among them, here called
 * guards, are few. The search decides capability after capability, but only such as an
 * undecided guard still asks for; where no guard is undecided, the rules that are kept are
 * known, whatever the other capabilities are. It walks from the default to the unusual:
 * the first find of an outcome is the one to show.
 *
 * What all finds of an outcome have in common is its `when`. Some outcomes cannot be said
 * with "these and none of those": a rule that asks for two capabilities and is not kept.
 * Their `when` holds for more than the outcome; anything narrower would be wrong for some
 * of its environments. */

/* Guards looked at before the search gives up: less than a tenth of a second. */
enum { WORK_MAX = 1 << 24 };

/* Twice SP_CASES_MAX, so that the table of outcomes is never more than half full. */
enum { SLOTS = 8192 };

struct guard {
    uint64_t caps;
    uint64_t without_caps;
    struct sp_version from;
    struct sp_version before;  /* 0 = no end */
};

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
    uint64_t defaults;  /* the capabilities of the first case */
    SP_VEC(struct guard) guards;
    SP_VEC(struct sp_version) steps;  /* where kernels begin to differ, from 0.0 up */
    SP_VEC(struct outcome) outcomes;  /* by case */
    uint16_t *slots;                  /* 1 + index of an outcome, by hash */
    uint64_t *kept;                   /* of the outcome at hand */
    size_t kept_words;
    size_t work;
};

/* ---- guards ------------------------------------------------------------------------------ */

static bool
has_guards(const struct search *search)
{
    enum sp_engine engine = search->asked->base.engine;

    return engine == SP_ENGINE_DOCKER || engine == SP_ENGINE_PODMAN || engine == SP_ENGINE_CRIO;
}

static bool
has_word(const struct sp_words *words, const char *wanted)
{
    for (size_t i = 0; i < words->count; i++) {
        if (sp_str_is(words->at[i].text, wanted)) {
            return true;
        }
    }
    return false;
}

static bool
names_host(const struct search *search, const struct sp_words *arches)
{
    const struct sp_environment *base = &search->asked->base;
    const char *word = sp_kb_text(base->engine == SP_ENGINE_DOCKER ? base->host->docker
                                                                   : base->host->containers);

    return *word != '\0' && has_word(arches, word);
}

/* False when a word is no capability: nobody ever has it. */
static bool
read_caps(const struct sp_words *words, uint64_t *ret_caps)
{
    bool all_known = true;

    *ret_caps = 0;
    for (size_t i = 0; i < words->count; i++) {
        const struct sp_kb_cap *cap = sp_kb_cap_find(words->at[i].text);
        if (cap == NULL) {
            all_known = false;
        } else {
            *ret_caps |= UINT64_C(1) << (cap - sp_kb_caps);
        }
    }
    return all_known;
}

/* Only Docker reads minKernel.  A text that is no version stops the container on every kernel
 * and so tells none from another. */
static bool
read_kernel(const struct search *search, const struct sp_guard *guard,
            struct sp_version *ret_version)
{
    return search->asked->base.engine == SP_ENGINE_DOCKER && guard->min_kernel.node != NULL
        && guard->min_kernel.node->kind == SP_NODE_STRING
        && sp_resolve_min_kernel(guard->min_kernel.text, ret_version);
}

static bool
is_zero(struct sp_version version)
{
    return version.major == 0 && version.minor == 0 && version.patch == 0;
}

static bool
is_within(struct sp_version kernel, struct sp_version from, struct sp_version before)
{
    return sp_version_compare(kernel, from) >= 0
        && (is_zero(before) || sp_version_compare(kernel, before) < 0);
}

/* Takes out of the guard what was asked for. False when it holds in no case. */
static bool
settle_caps(const struct sp_asked *asked, struct guard *guard)
{
    uint64_t held = asked->caps_given ? asked->base.caps : asked->caps_add & ~asked->caps_drop;
    uint64_t lacked = asked->caps_given ? ~asked->base.caps : asked->caps_drop;

    if ((guard->caps & lacked) != 0 || (guard->without_caps & held) != 0) {
        return false;
    }
    guard->caps &= ~held;
    guard->without_caps &= ~lacked;
    return true;
}

static bool
settle_kernel(const struct sp_asked *asked, struct guard *guard)
{
    if (!asked->kernel_given) {
        return true;
    }
    if (!is_within(asked->base.kernel, guard->from, guard->before)) {
        return false;
    }
    guard->from = guard->before = (struct sp_version){ .major = 0 };
    return true;
}

/* False when the rule is kept in no case. */
static bool
read_guard(const struct search *search, const struct sp_rule *rule, struct guard *ret_guard)
{
    struct guard guard = { .caps = 0 };
    const struct sp_words *arches = &rule->includes.arches;

    if (names_host(search, &rule->excludes.arches)
        || (arches->count > 0 && !names_host(search, arches))
        || !read_caps(&rule->includes.caps, &guard.caps)) {
        return false;
    }
    read_caps(&rule->excludes.caps, &guard.without_caps);
    read_kernel(search, &rule->includes, &guard.from);
    if (read_kernel(search, &rule->excludes, &guard.before) && is_zero(guard.before)) {
        return false;
    }
    if (!settle_caps(search->asked, &guard) || !settle_kernel(search->asked, &guard)) {
        return false;
    }
    *ret_guard = guard;
    return true;
}

static int
compare_numbers(uint64_t left, uint64_t right)
{
    return (left > right) - (left < right);
}

static int
compare_guards(const void *left_guard, const void *right_guard)
{
    const struct guard *left = left_guard;
    const struct guard *right = right_guard;
    int order = compare_numbers(left->caps, right->caps);

    if (order == 0) {
        order = compare_numbers(left->without_caps, right->without_caps);
    }
    if (order == 0) {
        order = sp_version_compare(left->from, right->from);
    }
    return order != 0 ? order : sp_version_compare(left->before, right->before);
}

static bool
collect_guards(struct search *search, const struct sp_profile *profile, uint16_t call)
{
    for (size_t i = 0; i < profile->rule_count; i++) {
        const struct sp_rule *rule = &profile->rules[i];
        struct guard guard;
        bool is_asked_for = call == SP_CASES_ALL
            || has_word(&rule->names, sp_kb_text(sp_kb_syscalls[call].name));
        if (!is_asked_for || !read_guard(search, rule, &guard)) {
            continue;
        }
        struct guard *place = sp_vec_push(search->scratch, &search->guards);
        if (place == NULL) {
            return false;
        }
        *place = guard;
    }
    return true;
}

static void
unite_guards(struct search *search)
{
    struct guard *at = search->guards.at;
    size_t count = 0;

    if (search->guards.count == 0) {
        return;
    }
    qsort(at, search->guards.count, sizeof *at, compare_guards);
    for (size_t i = 0; i < search->guards.count; i++) {
        if (count == 0 || compare_guards(&at[count - 1], &at[i]) != 0) {
            at[count++] = at[i];
        }
    }
    search->guards.count = count;
}

/* ---- kernels ----------------------------------------------------------------------------- */

static int
compare_steps(const void *left, const void *right)
{
    return sp_version_compare(*(const struct sp_version *)left,
                              *(const struct sp_version *)right);
}

static bool
add_step(struct search *search, struct sp_version version)
{
    struct sp_version *place = sp_vec_push(search->scratch, &search->steps);

    if (place == NULL) {
        return false;
    }
    *place = version;
    return true;
}

static bool
make_steps(struct search *search)
{
    size_t count = 0;

    if (!add_step(search, (struct sp_version){ .major = 0 })) {
        return false;
    }
    for (size_t i = 0; i < search->guards.count; i++) {
        if (!add_step(search, search->guards.at[i].from)
            || !add_step(search, search->guards.at[i].before)) {
            return false;
        }
    }
    struct sp_version *at = search->steps.at;
    qsort(at, search->steps.count, sizeof *at, compare_steps);
    for (size_t i = 0; i < search->steps.count; i++) {
        if (count == 0 || sp_version_compare(at[count - 1], at[i]) != 0) {
            at[count++] = at[i];
        }
    }
    search->steps.count = count;
    return true;
}

/* The newest kernel that a system call is known to have come with. */
static struct sp_version
newest_kernel(void)
{
    sp_kernel newest = 0;

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        if (sp_kb_syscalls[i].since > newest) {
            newest = sp_kb_syscalls[i].since;
        }
    }
    return (struct sp_version){
        .major = (uint16_t)(newest >> 16),
        .minor = newest >> 8 & 0xff,
        .patch = newest & 0xff,
    };
}

/* A kernel that stands for a step.  For the first it is the one that brought seccomp(2). */
static struct sp_version
step_kernel(const struct search *search, size_t step)
{
    static const struct sp_version oldest = { .major = 3, .minor = 17 };
    struct sp_version from = search->steps.at[step];

    if (search->asked->kernel_given) {
        return search->asked->base.kernel;
    }
    if (step == search->steps.count - 1) {
        struct sp_version newest = newest_kernel();
        return sp_version_compare(newest, from) < 0 ? from : newest;
    }
    return is_within(oldest, from, search->steps.at[step + 1]) ? oldest : from;
}

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
    added->environment.kernel = step_kernel(search, step);
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
has_kernel(const struct search *search, const struct guard *guard, size_t step)
{
    return is_within(search->steps.at[step], guard->from, guard->before);
}

/* Does the guard fail, whatever else is held? */
static bool
fails(const struct guard *guard, struct known known)
{
    return (guard->caps & known.lacked) != 0 || (guard->without_caps & known.held) != 0;
}

/* The capabilities on which the guard still hangs. */
static uint64_t
open_caps(const struct guard *guard, struct known known)
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
    for (size_t i = 0; i < search->guards.count; i++) {
        const struct guard *guard = &search->guards.at[i];
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

    for (; i < search->guards.count && open == 0; i++) {
        if (has_kernel(search, &search->guards.at[i], step)) {
            open = open_caps(&search->guards.at[i], known);
        }
    }
    if (!work(search, i - first + (open == 0 ? search->guards.count : 0) + 1)) {
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
        when->from = search->steps.at[outcome->first_step];
        if (outcome->last_step + 1 < search->steps.count) {
            when->before = search->steps.at[outcome->last_step + 1];
        }
    }
}

static bool
search_all(struct search *search)
{
    search->kept_words = search->guards.count / 64 + 1;
    search->kept = sp_arena_new_array(search->scratch, search->kept_words, uint64_t);
    search->slots = sp_arena_new_array(search->scratch, SLOTS, uint16_t);
    if (search->kept == NULL || search->slots == NULL) {
        return false;
    }
    for (size_t step = search->steps.count; step > 0; step--) {
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

static uint64_t
default_caps(const struct sp_asked *asked)
{
    uint64_t caps = 0;

    if (asked->caps_given) {
        return asked->base.caps;
    }
    for (size_t i = 0; i < sp_kb_caps_count; i++) {
        if ((sp_kb_caps[i].defaults & SP_KB_DOCKER) != 0) {
            caps |= UINT64_C(1) << i;
        }
    }
    return (caps | asked->caps_add) & ~asked->caps_drop;
}

bool
sp_cases_make(struct sp_arena *arena, const struct sp_profile *profile,
              const struct sp_asked *asked, uint16_t call, struct sp_cases *ret_cases)
{
    SP_SCRATCH(scratch);
    struct sp_cases cases = { .undecided = false };
    struct search search = {
        .arena = arena,
        .scratch = &scratch,
        .asked = asked,
        .cases = &cases,
        .defaults = default_caps(asked),
    };

    if (has_guards(&search) && !collect_guards(&search, profile, call)) {
        return false;
    }
    unite_guards(&search);
    if (!make_steps(&search) || !search_all(&search)) {
        return false;
    }
    *ret_cases = cases;
    return true;
}
