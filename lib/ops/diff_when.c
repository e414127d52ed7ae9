/* In which environments something is so: from cases back to words.
 *
 * For each range of kernels between two steps the chosen cases are a condition over the
 * capabilities, which is made as a diagram of one argument whose bits they are; its words are
 * the alternatives, "with these and without those".  Each is then stretched over the
 * neighbouring ranges of kernels where it implies the condition, too, and what another one
 * covers is left out. */
#include "ops/diff_work.h"

#include "sem/words.h"

enum { ALTERNATIVES_MAX = 64 };

struct span {
    struct sp_when when;
    size_t first;
    size_t last;
};

struct telling {
    struct sp_arena *arena;    /* scratch */
    struct sp_dd_store *store;
    const struct sp_case_guards *guards;
    const struct sp_cases *cases;
    const bool *chosen;
    sp_dd *steps;              /* the condition over capabilities, by step */
    SP_VEC(struct span) spans;
};

/* ---- diagrams of capabilities ------------------------------------------------------------ */

/* A guard may ask for what it excludes: it never holds. */
static sp_dd
caps_diagram(struct sp_dd_store *store, uint64_t caps, uint64_t without)
{
    if ((caps & without) != 0) {
        return sp_dd_leaf(store, 0);
    }
    return sp_dd_compare(store, 0, SP_DD_EQ, caps | without, caps);
}

/* Where the case's outcome is found on the kernels of a step: exactly its guards hold. */
static sp_dd
case_on_step(const struct telling *telling, const struct sp_case *one, size_t step)
{
    struct sp_dd_store *store = telling->store;
    sp_dd all = sp_dd_leaf(store, 1);

    for (size_t i = 0; i < telling->guards->all.count; i++) {
        const struct sp_case_guard *guard = &telling->guards->all.at[i];
        bool is_kept = sp_case_guard_holds(guard, &one->environment);
        bool has_kernel = sp_case_guard_has_kernel(guard, telling->guards->steps.at[step]);
        if (!has_kernel && is_kept) {
            return sp_dd_leaf(store, 0);
        }
        if (has_kernel) {
            sp_dd holds = caps_diagram(store, guard->caps, guard->without_caps);
            all = sp_dd_and(store, all, is_kept ? holds : sp_dd_not(store, holds));
        }
    }
    return all;
}

static bool
make_steps(struct telling *telling)
{
    size_t count = telling->guards->steps.count;

    telling->steps = sp_arena_new_array(telling->arena, count, sp_dd);
    if (telling->steps == NULL) {
        return false;
    }
    for (size_t step = 0; step < count; step++) {
        telling->steps[step] = sp_dd_leaf(telling->store, 0);
        for (size_t i = 0; i < telling->cases->all.count; i++) {
            if (telling->chosen[i]) {
                telling->steps[step] = sp_dd_or(telling->store, telling->steps[step],
                                                case_on_step(telling, &telling->cases->all.at[i], step));
            }
        }
    }
    return true;
}

/* ---- words ------------------------------------------------------------------------------- */

static bool
implies(const struct telling *telling, const struct sp_when *when, size_t step)
{
    struct sp_dd_store *store = telling->store;
    sp_dd alone = caps_diagram(store, when->caps, when->without_caps);

    return sp_dd_and(store, alone, sp_dd_not(store, telling->steps[step])) == sp_dd_leaf(store, 0);
}

static bool
add_span(struct telling *telling, const struct sp_tests *tests, size_t step)
{
    struct span *span = sp_vec_push(telling->arena, &telling->spans);

    if (span == NULL) {
        return false;
    }
    *span = (struct span){ .first = step, .last = step };
    for (size_t i = 0; i < tests->all.count; i++) {
        const struct sp_test *test = &tests->all.at[i];
        span->when.caps |= test->low & test->mask;
        span->when.without_caps |= ~test->low & test->mask;
    }
    while (span->first > 0 && implies(telling, &span->when, span->first - 1)) {
        span->first--;
    }
    while (span->last + 1 < telling->guards->steps.count
           && implies(telling, &span->when, span->last + 1)) {
        span->last++;
    }
    return true;
}

/* False when there is no memory. */
static bool
tell_step(struct telling *telling, size_t step, bool *fine)
{
    struct sp_alternatives words;

    if (!sp_words_masked_given(telling->arena, telling->store, telling->steps[step],
                               sp_dd_leaf(telling->store, 1), ALTERNATIVES_MAX, &words)) {
        *fine = false;
        return !telling->arena->failed;
    }
    *fine &= !words.truncated;
    for (size_t i = 0; i < words.any.count; i++) {
        if (!add_span(telling, &words.any.at[i], step)) {
            return false;
        }
    }
    return true;
}

static bool
covers(const struct span *wide, const struct span *narrow)
{
    return (wide->when.caps & ~narrow->when.caps) == 0
        && (wide->when.without_caps & ~narrow->when.without_caps) == 0
        && wide->first <= narrow->first && wide->last >= narrow->last;
}

/* Of two that cover each other the first stays. */
static bool
is_covered(const struct telling *telling, size_t index)
{
    const struct span *span = &telling->spans.at[index];

    for (size_t i = 0; i < telling->spans.count; i++) {
        const struct span *other = &telling->spans.at[i];
        if (i != index && covers(other, span) && (i < index || !covers(span, other))) {
            return true;
        }
    }
    return false;
}

static int
compare_numbers(uint64_t left, uint64_t right)
{
    return (left > right) - (left < right);
}

static int
compare_whens(const struct sp_when *left, const struct sp_when *right)
{
    int order = compare_numbers(left->caps, right->caps);

    order = order != 0 ? order : compare_numbers(left->without_caps, right->without_caps);
    order = order != 0 ? order : sp_version_compare(left->from, right->from);
    return order != 0 ? order : sp_version_compare(left->before, right->before);
}

static bool
collect(struct sp_arena *arena, const struct telling *telling, struct sp_diff_whens *whens)
{
    for (size_t i = 0; i < telling->spans.count; i++) {
        const struct span *span = &telling->spans.at[i];
        if (is_covered(telling, i)) {
            continue;
        }
        struct sp_when *when = sp_vec_push(arena, &whens->any);
        if (when == NULL) {
            return false;
        }
        *when = span->when;
        when->from = telling->guards->steps.at[span->first];
        if (span->last + 1 < telling->guards->steps.count) {
            when->before = telling->guards->steps.at[span->last + 1];
        }
    }
    for (size_t i = 1; i < whens->any.count; i++) {
        struct sp_when when = whens->any.at[i];
        size_t j = i;
        for (; j > 0 && compare_whens(&whens->any.at[j - 1], &when) > 0; j--) {
            whens->any.at[j] = whens->any.at[j - 1];
        }
        whens->any.at[j] = when;
    }
    return true;
}

static bool
is_all(const struct sp_cases *cases, const bool *chosen)
{
    for (size_t i = 0; i < cases->all.count; i++) {
        if (!chosen[i]) {
            return false;
        }
    }
    return true;
}

bool
sp_diff_whens_make(struct sp_arena *arena, struct sp_dd_store *store,
                   const struct sp_case_guards *guards, const struct sp_cases *cases,
                   const bool *chosen, struct sp_diff_whens *ret_whens, bool *ret_fine)
{
    SP_SCRATCH(scratch);
    struct sp_diff_whens whens = { .any = { .count = 0 } };
    struct telling telling = {
        .arena = &scratch, .store = store, .guards = guards, .cases = cases, .chosen = chosen,
    };
    bool fine = true;

    if (is_all(cases, chosen)) {
        *ret_fine = true;
        *ret_whens = whens;
        return sp_vec_push(arena, &ret_whens->any) != NULL;
    }
    if (!make_steps(&telling)) {
        return false;
    }
    for (size_t step = 0; step < guards->steps.count; step++) {
        if (!tell_step(&telling, step, &fine)) {
            return false;
        }
    }
    if (!collect(arena, &telling, &whens)) {
        return false;
    }
    *ret_whens = whens;
    *ret_fine = fine && !sp_dd_store_is_spent(store) && whens.any.count > 0;
    return true;
}

int
sp_diff_whens_compare(const struct sp_diff_whens *left, const struct sp_diff_whens *right)
{
    for (size_t i = 0; i < left->any.count && i < right->any.count; i++) {
        int order = compare_whens(&left->any.at[i], &right->any.at[i]);
        if (order != 0) {
            return order;
        }
    }
    return compare_numbers(left->any.count, right->any.count);
}

bool
sp_diff_whens_equal(const struct sp_diff_whens *left, const struct sp_diff_whens *right)
{
    return left->any.count == right->any.count && sp_diff_whens_compare(left, right) == 0;
}
