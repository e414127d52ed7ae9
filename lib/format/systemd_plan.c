#include "format/systemd_plan.h"

#include "format/systemd_multiplex.h"
#include "sem/verdict.h"

#include <errno.h>
#include <string.h>

/* ---- verdicts ------------------------------------------------------------------------ */

/* The nearest thing that systemd has.  SIGSYS kills where nobody handles it; without a
 * tracer or a listener calls get ENOSYS (seccomp(2)). */
sp_verdict
sp_systemd_sayable(sp_verdict verdict)
{
    switch (verdict & SP_VERDICT_ACTION) {
    case SP_VERDICT_KILL_THREAD:
    case SP_VERDICT_TRAP:
        return SP_VERDICT_KILL_PROCESS;
    case SP_VERDICT_TRACE:
    case SP_VERDICT_NOTIFY:
        return SP_VERDICT_ERRNO | ENOSYS;
    default:
        return verdict;
    }
}

/* As the kernel orders actions (kernel/seccomp.c, seccomp_run_filters). */
bool
sp_systemd_lets_more_through(sp_verdict verdict, sp_verdict than)
{
    return (int32_t)(verdict & SP_VERDICT_ACTION) > (int32_t)(than & SP_VERDICT_ACTION);
}

void
sp_systemd_write_error(sp_verdict verdict, struct sp_buf *buf)
{
    const struct sp_kb_errno *row = sp_kb_errno_by_number(verdict & SP_VERDICT_DATA);

    if ((verdict & SP_VERDICT_ACTION) != SP_VERDICT_ERRNO) {
        sp_buf_text(buf, "kill");
    } else if (row != NULL) {
        sp_buf_text(buf, sp_kb_text(row->name));
    } else {
        sp_buf_format(buf, "%u", verdict & SP_VERDICT_DATA);
    }
}

void
sp_systemd_became(sp_verdict verdict, struct sp_buf *buf)
{
    switch (verdict & SP_VERDICT_ACTION) {
    case SP_VERDICT_ALLOW:
        sp_buf_text(buf, "they are allowed");
        break;
    case SP_VERDICT_LOG:
        sp_buf_text(buf, "they are allowed and logged");
        break;
    case SP_VERDICT_ERRNO:
        sp_buf_text(buf, "they fail with ");
        sp_systemd_write_error(verdict, buf);
        break;
    default:
        sp_buf_text(buf, "they kill the process");
        break;
    }
}

/* ---- losses -------------------------------------------------------------------------- */

/* `call` may be NULL: what is lost is the default. */
static void
lose(struct sp_emission *emission, const char *call, const char *what, sp_verdict verdict,
     const char *more)
{
    SP_BUF(became);

    sp_systemd_became(verdict, &became);
    sp_buf_text(&became, more);
    const char *text = sp_buf_part(&became, &emission->losses->failed).ptr;
    if (call == NULL) {
        sp_losses_add_default(emission->losses, verdict, what, text);
    } else {
        sp_losses_add(emission->losses, call, what, text);
    }
}

static void
lose_action(struct sp_emission *emission, const char *call, sp_verdict verdict)
{
    SP_BUF(what);

    if (sp_systemd_sayable(verdict) == verdict) {
        return;
    }
    sp_buf_text(&what, "systemd has no action ");
    sp_verdict_write(verdict & SP_VERDICT_ACTION, &what);
    lose(emission, call, sp_buf_part(&what, &emission->losses->failed).ptr,
         sp_systemd_sayable(verdict), "");
}

static sp_verdict
plan_default(struct sp_emission *emission, sp_verdict verdict)
{
    sp_verdict said = sp_systemd_sayable(verdict);

    lose_action(emission, NULL, verdict);
    if (said == SP_VERDICT_ERRNO) {
        said |= EPERM;
        lose(emission, NULL, "SystemCallErrorNumber= takes no 0", said, "");
    }
    return said;
}

/* ---- calls --------------------------------------------------------------------------- */

/* What a call gets on one architecture: the one verdict that lets through most. */
static sp_verdict
verdict_on(const struct sp_policy *policy, const char *name)
{
    const struct sp_policy_call *call = sp_policy_find(policy, name);

    return call == NULL ? policy->default_verdict : sp_policy_widest(call);
}

static bool
has_conditions_on(const struct sp_policy *policy, const char *name)
{
    const struct sp_policy_call *call = sp_policy_find(policy, name);

    return call != NULL && !sp_dd_is_leaf(policy->store, call->meaning);
}

bool
sp_systemd_has_number(const struct sp_policy *policy, size_t row)
{
    return sp_kb_number(policy->arch, &sp_kb_syscalls[row]) != SP_KB_NO_NUMBER;
}

/* What a name is on the architectures that have a number for it. */
struct facets {
    bool has_number;
    bool has_conditions;
    bool differs;        /* between architectures */
    sp_verdict widest;
};

static struct facets
facets_of(const struct sp_emission *emission, size_t row)
{
    const struct sp_policies *policies = emission->policies;
    const char *name = sp_kb_text(sp_kb_syscalls[row].name);
    struct facets facets = { .has_number = false };

    for (size_t i = 0; i < policies->all.count; i++) {
        const struct sp_policy *policy = &policies->all.at[i];
        if (!sp_systemd_has_number(policy, row)) {
            continue;
        }
        sp_verdict verdict = verdict_on(policy, name);
        facets.has_conditions = facets.has_conditions || has_conditions_on(policy, name);
        facets.differs = facets.differs
            || (facets.has_number
                && sp_systemd_sayable(verdict) != sp_systemd_sayable(facets.widest));
        if (!facets.has_number || sp_systemd_lets_more_through(verdict, facets.widest)) {
            facets.widest = verdict;
        }
        facets.has_number = true;
    }
    return facets;
}

/* A call that has the profile's default has what became of that. */
static void
decide(struct sp_systemd_plan *plan, size_t row)
{
    struct sp_emission *emission = plan->emission;
    const char *name = sp_kb_text(sp_kb_syscalls[row].name);
    struct facets facets = facets_of(emission, row);
    bool is_default = facets.widest == emission->policies->all.at[0].default_verdict;
    sp_verdict said = is_default ? plan->by_default : sp_systemd_sayable(facets.widest);

    plan->calls[row] = (struct sp_systemd_decision){
        .has_number = facets.has_number,
        .has_lost_conditions = facets.has_conditions,
        .verdict = facets.has_number ? said : plan->by_default,
    };
    if (!facets.has_number) {
        return;
    }
    if (facets.has_conditions) {
        lose(emission, name, "systemd cannot look at arguments", said, " with all of them");
    }
    if (facets.differs) {
        lose(emission, name, "systemd says one thing for all architectures", said,
             " on all of them");
    }
    if (!is_default) {
        lose_action(emission, name, facets.widest);
    }
}

/* ---- multiplexed calls --------------------------------------------------------------- */

/* The actions that systemd has not, also where the call has them from the default. */
static void
lose_actions(struct sp_emission *emission, size_t row)
{
    enum { VERDICTS = 8 };
    const struct sp_policies *policies = emission->policies;
    const char *name = sp_kb_text(sp_kb_syscalls[row].name);

    for (size_t i = 0; i < policies->all.count; i++) {
        const struct sp_policy_call *call = sp_policy_find(&policies->all.at[i], name);
        sp_verdict verdicts[VERDICTS];
        size_t count = call == NULL ? 0 : sp_dd_leaves(policies->all.at[i].store, call->meaning,
                                                       verdicts, VERDICTS);
        for (size_t j = 0; j < count && j < VERDICTS; j++) {
            lose_action(emission, name, verdicts[j]);
        }
    }
}

/* With its conditions, the call is best left to those that it serves; else it is decided as
 * others. */
static void
decide_multiplexer(struct sp_systemd_plan *plan, size_t row)
{
    struct sp_emission *emission = plan->emission;
    struct facets facets = facets_of(emission, row);
    const char *name = sp_kb_text(sp_kb_syscalls[row].name);

    plan->calls[row].has_number = facets.has_number;
    plan->calls[row].verdict = plan->by_default;
    if (!facets.has_number) {
        return;
    }
    if (facets.has_conditions) {
        enum sp_systemd_fit fit = sp_systemd_fit_of(plan, row);
        plan->calls[row].has_lost_conditions = fit == SP_SYSTEMD_FIT_WIDER;
        if (fit == SP_SYSTEMD_FIT_WIDER) {
            sp_losses_add(emission->losses, name, "systemd cannot look at arguments",
                          "it allows what the calls that it serves are allowed");
        }
        if (fit != SP_SYSTEMD_FIT_NOT) {
            lose_actions(emission, row);
            return;
        }
    }
    decide(plan, row);
    if (!sp_losses_has(emission->losses, name)
        && sp_systemd_fit_of(plan, row) != SP_SYSTEMD_FIT_EQUAL) {
        lose(emission, name, "systemd says the same for a call and for those that it serves",
             plan->calls[row].verdict, "");
    }
}

bool
sp_systemd_plan_make(struct sp_emission *emission, struct sp_systemd_plan *ret_plan)
{
    struct sp_systemd_plan plan = {
        .emission = emission,
        .calls = sp_arena_new_array(emission->arena, sp_kb_syscalls_count,
                                    struct sp_systemd_decision),
    };

    if (plan.calls == NULL) {
        return false;
    }
    plan.by_default = plan_default(emission, emission->policies->all.at[0].default_verdict);
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        plan.calls[i].verdict = plan.by_default;
        if (!sp_systemd_is_multiplexer(i)) {
            decide(&plan, i);
        }
    }
    sp_systemd_decide_served(&plan);
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        if (sp_systemd_is_multiplexer(i)) {
            decide_multiplexer(&plan, i);
        }
    }
    *ret_plan = plan;
    return !emission->arena->failed;
}
