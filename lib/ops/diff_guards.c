/* Which guards have a say in what is answered to a call. */
#include "ops/diff_build.h"

#include "sem/arch_entries.h"
#include "sem/guards.h"

#include <string.h>

bool
sp_diff_build_guards(struct sp_diff_build *build, uint16_t call, const bool *also,
                     struct sp_case_guards *ret_guards)
{
    return sp_case_guards_make_also(build->scratch, build->side->profile,
                                    build->host->asked, call, also, ret_guards);
}

/* One guard that asks for nothing once the question is asked. */
static bool
is_empty_guard(const struct sp_case_guards *guards)
{
    const struct sp_case_guard *only = guards->all.count == 1 ? &guards->all.at[0] : NULL;

    return only != NULL && only->caps == 0 && only->without_caps == 0 && only->from.major == 0
        && only->before.major == 0;
}

/* ---- rules ------------------------------------------------------------------------------- */

/* Old profiles write empty guards everywhere. */
static bool
asks_something(const struct sp_guard *guard)
{
    return guard->caps.count > 0 || guard->arches.count > 0 || guard->min_kernel.node != NULL;
}

static bool
has_guard(const struct sp_rule *rule)
{
    return asks_something(&rule->includes) || asks_something(&rule->excludes);
}

/* What the guards of one rule leave open. */
static bool
find_keeping(struct sp_diff_build *build, size_t index)
{
    struct sp_case_guards guards;

    build->also[index] = true;
    bool fine = sp_diff_build_guards(build, SP_CASES_NONE, build->also, &guards);
    build->also[index] = false;
    if (!fine) {
        return false;
    }
    if (!sp_guards_read_by(build->side->target->engine).guards || is_empty_guard(&guards)) {
        build->keeping[index] = SP_DIFF_KEPT_ALWAYS;
    } else {
        build->keeping[index] =
            guards.all.count == 0 ? SP_DIFF_KEPT_NEVER : SP_DIFF_KEPT_SOMETIMES;
    }
    return true;
}

bool
sp_diff_build_rules(struct sp_diff_build *build)
{
    const struct sp_profile *profile = build->side->profile;

    build->is_guarded = sp_arena_new_array(build->scratch, sp_kb_syscalls_count, bool);
    build->keeping = sp_arena_new_array(build->scratch, profile->rule_count + 1,
                                        enum sp_diff_keeping);
    build->also = sp_arena_new_array(build->scratch, profile->rule_count + 1, bool);
    if (build->is_guarded == NULL || build->keeping == NULL || build->also == NULL) {
        return false;
    }
    for (size_t i = 0; i < profile->rule_count; i++) {
        const struct sp_rule *rule = &profile->rules[i];
        if (has_guard(rule) && !find_keeping(build, i)) {
            return false;
        }
        for (size_t j = 0; j < rule->names.count && has_guard(rule); j++) {
            const struct sp_kb_syscall *call = sp_kb_syscall_find(rule->names.at[j].text);
            if (call != NULL) {
                build->is_guarded[sp_kb_syscall_index(call)] = true;
            }
        }
    }
    return true;
}

/* ---- runc's stub ------------------------------------------------------------------------- */

/* The highest number that a rule names on an architecture: multiplexed calls have none for
 * libseccomp. */
static int64_t
highest(const struct sp_diff_build *build, const struct sp_rule *rule,
        const struct sp_kb_arch *arch)
{
    int64_t number = SP_KB_NO_NUMBER;

    for (size_t i = 0; i < rule->names.count; i++) {
        const struct sp_kb_syscall *call = sp_kb_syscall_find(rule->names.at[i].text);
        int64_t own = call == NULL ? SP_KB_NO_NUMBER : sp_kb_number(arch, call);
        if (own > number
            && !sp_arch_is_multiplexed(arch, build->side->target->libseccomp, call)) {
            number = own;
        }
    }
    return number;
}

/* The stub begins behind the highest number that a kept rule names, so that rules with guards
 * decide about calls that they do not name. */
bool
sp_diff_build_reaches(struct sp_diff_build *build)
{
    const struct sp_profile *profile = build->side->profile;
    const struct sp_meaning *base = build->base;

    build->reaches = sp_arena_new_array(build->scratch, base->arch_count + 1,
                                        struct sp_diff_reach);
    if (build->reaches == NULL) {
        return false;
    }
    for (size_t i = 0; i < base->arch_count; i++) {
        struct sp_diff_reach *reach = &build->reaches[i];
        *reach = (struct sp_diff_reach){ .sure = SP_KB_NO_NUMBER, .all = SP_KB_NO_NUMBER };
        for (size_t j = 0; j < profile->rule_count; j++) {
            int64_t number = build->keeping[j] == SP_DIFF_KEPT_NEVER
                ? SP_KB_NO_NUMBER : highest(build, &profile->rules[j], base->arches[i].arch);
            reach->all = number > reach->all ? number : reach->all;
            if (build->keeping[j] == SP_DIFF_KEPT_ALWAYS && number > reach->sure) {
                reach->sure = number;
            }
        }
    }
    return true;
}

static bool
has_stub(const struct sp_diff_build *build)
{
    return build->side->target->runtime == SP_RUNTIME_RUNC;
}

/* Does the stub's answer to the number hang on rules with guards?  Without any number above 0
 * there is no stub. */
static bool
stub_varies(const struct sp_diff_reach *reach, int64_t number)
{
    return reach->sure < reach->all && number > reach->sure
        && (number <= reach->all || reach->sure <= 0);
}

/* Marks the rules that move the stub of one architecture past the number.  Answers whether
 * there are some. */
static bool
mark_for(struct sp_diff_build *build, size_t index, int64_t number)
{
    const struct sp_profile *profile = build->side->profile;
    const struct sp_kb_arch *arch = build->base->arches[index].arch;
    const struct sp_diff_reach *reach = &build->reaches[index];
    int64_t least = reach->sure <= 0 ? 0 : number;
    bool any = false;

    if (number == SP_KB_NO_NUMBER || !has_stub(build) || !stub_varies(reach, number)) {
        return false;
    }
    for (size_t i = 0; i < profile->rule_count; i++) {
        if (build->keeping[i] == SP_DIFF_KEPT_SOMETIMES
            && highest(build, &profile->rules[i], arch) >= least) {
            build->also[i] = any = true;
        }
    }
    return any;
}

bool
sp_diff_build_also(struct sp_diff_build *build, const struct sp_diff_subject *subject)
{
    bool any = false;

    memset(build->also, 0, build->side->profile->rule_count * sizeof *build->also);
    for (size_t i = 0; i < build->base->arch_count; i++) {
        const struct sp_kb_arch *arch = build->base->arches[i].arch;
        if (subject->call != NULL) {
            any |= mark_for(build, i, sp_kb_number(arch, subject->call));
        } else if (subject->arch == arch) {
            any |= mark_for(build, i, subject->nr);
        }
    }
    return any;
}
