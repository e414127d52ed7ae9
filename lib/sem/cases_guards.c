#include "sem/cases_guards.h"

#include "sem/guards.h"

#include <stdlib.h>
#include <string.h>

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

bool
sp_case_guard_has_kernel(const struct sp_case_guard *guard, struct sp_version step)
{
    return is_within(step, guard->from, guard->before);
}

/* Sorts, and keeps one of each that compare as equal: the new count. */
static size_t
unite(void *all, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    unsigned char *at = all;
    size_t kept = 1;

    if (count == 0) {
        return 0;
    }
    qsort(all, count, size, compare);
    for (size_t i = 1; i < count; i++) {
        if (compare(at + (kept - 1) * size, at + i * size) != 0) {
            memmove(at + kept++ * size, at + i * size, size);
        }
    }
    return kept;
}

/* ---- guards ------------------------------------------------------------------------------ */

/* Takes out of the guard what was asked for. False when it holds in no case. */
static bool
settle_caps(const struct sp_asked *asked, struct sp_case_guard *guard)
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
settle_kernel(const struct sp_asked *asked, struct sp_case_guard *guard)
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

/* False when the rule is kept on no kernel.  A text that is no version stops the container on
 * every kernel and so tells none from another. */
static bool
read_kernels(enum sp_engine engine, const struct sp_rule *rule, struct sp_case_guard *guard)
{
    sp_guards_min_kernel(engine, &rule->includes, &guard->from);
    return !sp_guards_min_kernel(engine, &rule->excludes, &guard->before)
        || !is_zero(guard->before);
}

/* False when the rule is kept in no case. */
static bool
read_guard(const struct sp_asked *asked, const struct sp_rule *rule,
           struct sp_case_guard *ret_guard)
{
    const struct sp_words *arches = &rule->includes.arches;
    struct sp_guards_caps caps = sp_guards_caps(&rule->includes.caps);
    struct sp_case_guard guard = {
        .caps = caps.set, .without_caps = sp_guards_caps(&rule->excludes.caps).set,
    };

    if (caps.has_unknown || sp_guards_names_host(&asked->base, &rule->excludes.arches)
        || (arches->count > 0 && !sp_guards_names_host(&asked->base, arches))
        || !read_kernels(asked->base.engine, rule, &guard)
        || !settle_caps(asked, &guard) || !settle_kernel(asked, &guard)) {
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
    const struct sp_case_guard *left = left_guard;
    const struct sp_case_guard *right = right_guard;
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
is_asked_for(const struct sp_rule *rule, uint16_t call)
{
    return call == SP_CASES_ALL
        || (call != SP_CASES_NONE
            && sp_profile_has_word(&rule->names, sp_kb_text(sp_kb_syscalls[call].name)));
}

static void
unite_guards(struct sp_case_guards *guards)
{
    guards->all.count = unite(guards->all.at, guards->all.count, sizeof *guards->all.at,
                              compare_guards);
}

static bool
collect_guards(struct sp_arena *arena, const struct sp_profile *profile,
               const struct sp_asked *asked, uint16_t call, const bool *also,
               struct sp_case_guards *guards)
{
    for (size_t i = 0; i < profile->rule_count; i++) {
        const struct sp_rule *rule = &profile->rules[i];
        struct sp_case_guard guard;
        bool is_also = also != NULL && also[i];
        if ((!is_also && !is_asked_for(rule, call)) || !read_guard(asked, rule, &guard)) {
            continue;
        }
        struct sp_case_guard *place = sp_vec_push(arena, &guards->all);
        if (place == NULL) {
            return false;
        }
        *place = guard;
    }
    unite_guards(guards);
    return true;
}

/* ---- kernels ----------------------------------------------------------------------------- */

static int
compare_steps(const void *left, const void *right)
{
    return sp_version_compare(*(const struct sp_version *)left,
                              *(const struct sp_version *)right);
}

static bool
add_step(struct sp_arena *arena, struct sp_case_guards *guards, struct sp_version version)
{
    struct sp_version *place = sp_vec_push(arena, &guards->steps);

    if (place == NULL) {
        return false;
    }
    *place = version;
    return true;
}

static bool
collect_steps(struct sp_arena *arena, struct sp_case_guards *guards)
{
    if (!add_step(arena, guards, (struct sp_version){ .major = 0 })) {
        return false;
    }
    for (size_t i = 0; i < guards->all.count; i++) {
        if (!add_step(arena, guards, guards->all.at[i].from)
            || !add_step(arena, guards, guards->all.at[i].before)) {
            return false;
        }
    }
    guards->steps.count = unite(guards->steps.at, guards->steps.count,
                                sizeof *guards->steps.at, compare_steps);
    return true;
}

/* For the first step it is the one that brought seccomp(2). */
struct sp_version
sp_case_guards_kernel(const struct sp_case_guards *guards, const struct sp_asked *asked,
                      size_t step)
{
    static const struct sp_version oldest = { .major = 3, .minor = 17 };
    struct sp_version from = guards->steps.at[step];

    if (asked->kernel_given) {
        return asked->base.kernel;
    }
    if (step == guards->steps.count - 1) {
        struct sp_version newest = sp_kb_newest_kernel();
        return sp_version_compare(newest, from) < 0 ? from : newest;
    }
    return is_within(oldest, from, guards->steps.at[step + 1]) ? oldest : from;
}

/* ---- both -------------------------------------------------------------------------------- */

bool
sp_case_guards_make_also(struct sp_arena *arena, const struct sp_profile *profile,
                         const struct sp_asked *asked, uint16_t call, const bool *also,
                         struct sp_case_guards *ret_guards)
{
    struct sp_case_guards guards = { .all = { .count = 0 } };

    if (sp_guards_read_by(asked->base.engine).guards
        && !collect_guards(arena, profile, asked, call, also, &guards)) {
        return false;
    }
    if (!collect_steps(arena, &guards)) {
        return false;
    }
    *ret_guards = guards;
    return true;
}

bool
sp_case_guards_make(struct sp_arena *arena, const struct sp_profile *profile,
                    const struct sp_asked *asked, uint16_t call,
                    struct sp_case_guards *ret_guards)
{
    return sp_case_guards_make_also(arena, profile, asked, call, NULL, ret_guards);
}

static bool
add_guards(struct sp_arena *arena, const struct sp_case_guards *from, struct sp_case_guards *guards)
{
    for (size_t i = 0; i < from->all.count; i++) {
        struct sp_case_guard *place = sp_vec_push(arena, &guards->all);
        if (place == NULL) {
            return false;
        }
        *place = from->all.at[i];
    }
    return true;
}

bool
sp_case_guards_join(struct sp_arena *arena, const struct sp_case_guards *left,
                    const struct sp_case_guards *right, struct sp_case_guards *ret_guards)
{
    struct sp_case_guards guards = { .all = { .count = 0 } };

    if (!add_guards(arena, left, &guards) || !add_guards(arena, right, &guards)) {
        return false;
    }
    unite_guards(&guards);
    if (!collect_steps(arena, &guards)) {
        return false;
    }
    *ret_guards = guards;
    return true;
}

bool
sp_case_guard_holds(const struct sp_case_guard *guard, const struct sp_environment *environment)
{
    return (guard->caps & ~environment->caps) == 0
        && (guard->without_caps & environment->caps) == 0
        && is_within(environment->kernel, guard->from, guard->before);
}
