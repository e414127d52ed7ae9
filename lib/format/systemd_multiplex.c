#include "format/systemd_multiplex.h"

#include "sem/arch_rules.h"
#include "sem/modelled.h"

#include <string.h>

/* A rule for socket() is one for socketcall(1, ...), too, where there is that (libseccomp
 * src/arch-x86.c, arch-s390.c ...): what these calls mean follows from others. */
static const char *const multiplexers[] = { "ipc", "socketcall" };

bool
sp_systemd_is_multiplexer(size_t row)
{
    for (size_t i = 0; i < sizeof multiplexers / sizeof *multiplexers; i++) {
        if (strcmp(sp_kb_text(sp_kb_syscalls[row].name), multiplexers[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The rules of the plan for a call on an architecture: of row `only`, or of all (SIZE_MAX).
 * False without memory. */
static bool
plan_rules(const struct sp_systemd_plan *plan, const struct sp_kb_arch *arch, size_t only,
           struct sp_arch_rules *ret_rules)
{
    struct sp_arena *arena = plan->emission->arena;
    struct sp_environment environment = plan->emission->policies->environment;
    struct sp_filter_rules rules = { .default_verdict = plan->by_default };
    const struct sp_kb_arch **added = sp_vec_push(arena, &rules.arches);

    environment.runtime = SP_RUNTIME_CRUN;
    if (added == NULL) {
        return false;
    }
    *added = arch;
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        if (only == SIZE_MAX ? plan->calls[i].verdict == plan->by_default : i != only) {
            continue;
        }
        struct sp_filter_rule *rule = sp_vec_push(arena, &rules.rules);
        if (rule == NULL) {
            return false;
        }
        *rule = (struct sp_filter_rule){
            .call = (uint16_t)i, .verdict = plan->calls[i].verdict,
        };
    }
    if (!sp_arch_rules_make(arena, &rules, &environment, arch, ret_rules)) {
        arena->failed = true;
        return false;
    }
    return true;
}

/* What the plan means for a call on an architecture; undecided without memory. */
static sp_dd
planned(const struct sp_systemd_plan *plan, const struct sp_policy *policy, size_t row)
{
    struct sp_version libseccomp = plan->emission->policies->environment.libseccomp;
    struct sp_arch_rules made;
    struct sp_modelled modelled;

    if (!plan_rules(plan, policy->arch, SIZE_MAX, &made)) {
        return SP_DD_UNDECIDED;
    }
    if (made.head_unsure) {
        return SP_DD_UNDECIDED;
    }
    const struct sp_arch_call *call =
        sp_arch_rules_find(&made, (uint32_t)sp_kb_number(policy->arch, &sp_kb_syscalls[row]));
    if (call == NULL || made.headless) {
        return sp_dd_leaf(policy->store, plan->by_default);
    }
    if (!sp_modelled_make(policy->store, call->rules, call->count, policy->arch->bits,
                          plan->by_default, libseccomp, &modelled)) {
        plan->emission->arena->failed = true;
        return SP_DD_UNDECIDED;
    }
    return modelled.meaning;
}

/* ---- calls that are served ----------------------------------------------------------- */

/* The rule that the multiplexer of an architecture has for a call without a number there;
 * NULL when none serves it. */
static const struct sp_arch_call *
serving_rule(const struct sp_systemd_plan *plan, const struct sp_kb_arch *arch, size_t row)
{
    struct sp_arch_rules made;

    if (!plan_rules(plan, arch, row, &made) || made.calls.count == 0
        || made.calls.at[0].rules[0].condition_count == 0) {
        return NULL;
    }
    struct sp_arch_call *call = sp_arena_new(plan->emission->arena, struct sp_arch_call);
    if (call != NULL) {
        *call = made.calls.at[0];
    }
    return call;
}

static bool
has_multiplexer(const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < sizeof multiplexers / sizeof *multiplexers; i++) {
        const struct sp_kb_syscall *call = sp_kb_syscall_find(sp_str_of(multiplexers[i]));
        if (call != NULL && sp_kb_number(arch, call) != SP_KB_NO_NUMBER) {
            return true;
        }
    }
    return false;
}

/* What the multiplexer answers where its first argument is this; where it looks at more,
 * what lets through most. */
static sp_verdict
verdict_where(const struct sp_policy *policy, sp_dd meaning, uint64_t first)
{
    enum { VERDICTS = 8 };
    sp_verdict verdicts[VERDICTS];

    for (unsigned bit = 0; bit < 64; bit++) {
        meaning = sp_dd_restrict(policy->store, meaning, 0, bit, (first >> bit & 1) != 0);
    }
    size_t count = sp_dd_leaves(policy->store, meaning, verdicts, VERDICTS);
    sp_verdict widest = count == 0 ? policy->default_verdict : verdicts[0];
    for (size_t i = 1; i < count && i < VERDICTS; i++) {
        if (sp_systemd_lets_more_through(verdicts[i], widest)) {
            widest = verdicts[i];
        }
    }
    return widest;
}

static void
decide_served(struct sp_systemd_plan *plan, const struct sp_policy *policy, size_t row)
{
    const struct sp_arch_call *rule = serving_rule(plan, policy->arch, row);
    struct sp_systemd_decision *decision = &plan->calls[row];

    if (rule == NULL) {
        return;
    }
    const char *server = sp_kb_text(sp_kb_syscalls[rule->call].name);
    const struct sp_policy_call *call = sp_policy_find(policy, server);
    sp_verdict verdict = call == NULL
        ? policy->default_verdict
        : verdict_where(policy, call->meaning, rule->rules[0].conditions[0].datum);
    bool is_default = verdict == policy->default_verdict;

    verdict = is_default ? plan->by_default : sp_systemd_sayable(verdict);
    if (decision->server == NULL || sp_systemd_lets_more_through(verdict, decision->verdict)) {
        decision->verdict = verdict;
    }
    decision->server = &sp_kb_syscalls[rule->call];
}

void
sp_systemd_decide_served(struct sp_systemd_plan *plan)
{
    const struct sp_policies *policies = plan->emission->policies;

    for (size_t i = 0; i < policies->all.count; i++) {
        const struct sp_policy *policy = &policies->all.at[i];
        if (!has_multiplexer(policy->arch)) {
            continue;
        }
        for (size_t row = 0; row < sp_kb_syscalls_count; row++) {
            if (!plan->calls[row].has_number) {
                decide_served(plan, policy, row);
            }
        }
    }
}

/* ---- what is planned, beside what is wanted ------------------------------------------ */

static uint32_t
sayable_leaf(uint32_t value, void *user)
{
    (void)user;
    return sp_systemd_sayable(value);
}

/* 1 where the left one lets through less. */
static uint32_t
is_narrower(uint32_t left, uint32_t right)
{
    return sp_systemd_lets_more_through(right, left);
}

static enum sp_systemd_fit
fit_on(const struct sp_systemd_plan *plan, const struct sp_policy *policy, size_t row)
{
    static const struct sp_dd_operation narrower = { .id = 64, .combine = is_narrower };
    const struct sp_policy_call *call =
        sp_policy_find(policy, sp_kb_text(sp_kb_syscalls[row].name));
    sp_dd wanted = call == NULL ? sp_dd_leaf(policy->store, plan->by_default)
                                : sp_dd_map(policy->store, call->meaning, sayable_leaf, NULL);
    sp_dd got = planned(plan, policy, row);

    for (unsigned arg = 0; policy->arch->bits == 32 && arg < SP_ARGS; arg++) {
        wanted = sp_dd_narrow(policy->store, wanted, arg, 32);
        got = sp_dd_narrow(policy->store, got, arg, 32);
    }
    if (sp_dd_has_undecided(policy->store, got)) {
        return SP_SYSTEMD_FIT_NOT;
    }
    if (got == wanted) {
        return SP_SYSTEMD_FIT_EQUAL;
    }
    return sp_dd_apply(policy->store, &narrower, got, wanted) == sp_dd_leaf(policy->store, 0)
        ? SP_SYSTEMD_FIT_WIDER : SP_SYSTEMD_FIT_NOT;
}

enum sp_systemd_fit
sp_systemd_fit_of(const struct sp_systemd_plan *plan, size_t row)
{
    const struct sp_policies *policies = plan->emission->policies;
    enum sp_systemd_fit worst = SP_SYSTEMD_FIT_EQUAL;

    for (size_t i = 0; i < policies->all.count; i++) {
        enum sp_systemd_fit fit = sp_systemd_has_number(&policies->all.at[i], row)
            ? fit_on(plan, &policies->all.at[i], row) : SP_SYSTEMD_FIT_EQUAL;
        worst = fit > worst ? fit : worst;
    }
    return worst;
}
