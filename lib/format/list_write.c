#include "format/list_write.h"

#include "format/list_text.h"

#include <errno.h>

/* What other calls answer when a list is read (format/list_read.h). */
static const sp_verdict by_default = SP_VERDICT_ERRNO | EPERM;

static bool
runs(sp_verdict verdict, sp_verdict than)
{
    (void)than;
    return sp_verdict_runs(verdict);
}

static bool
does_not_run(sp_verdict verdict, sp_verdict than)
{
    return !runs(verdict, than);
}

/* How many of a call's verdicts let it run: all, none, or some. */
enum share {
    SHARE_NONE,
    SHARE_SOME,
    SHARE_ALL,
};

static enum share
share_of(const struct sp_policy_call *call)
{
    size_t running = sp_verdict_runs(call->otherwise) ? 1 : 0;

    for (size_t i = 0; i < call->clause_count; i++) {
        running += sp_verdict_runs(call->clauses[i].verdict) ? 1 : 0;
    }
    if (running == call->clause_count + 1) {
        return SHARE_ALL;
    }
    return running == 0 ? SHARE_NONE : SHARE_SOME;
}

/* Does a call have another verdict than this somewhere? */
static bool
has_other(const struct sp_policy_call *call, sp_verdict verdict)
{
    for (size_t i = 0; i < call->clause_count; i++) {
        if (call->clauses[i].verdict != verdict) {
            return true;
        }
    }
    return call->otherwise != verdict;
}

/* ---- the lines ----------------------------------------------------------------------- */

static void
write_call(const struct sp_emission *emission, const struct sp_policy *policy,
           const struct sp_kb_syscall *row)
{
    const char *name = sp_kb_text(row->name);
    const struct sp_policy_call *call = sp_policy_find(policy, name);
    enum share share = call != NULL ? share_of(call)
        : sp_verdict_runs(policy->default_verdict) ? SHARE_ALL : SHARE_NONE;

    if (share == SHARE_ALL) {
        sp_buf_format(emission->out, "%s\n", name);
    }
    if (call == NULL) {
        return;
    }
    if (share == SHARE_SOME) {
        sp_losses_add(emission->losses, name, "a list has no conditions for arguments",
                      "left out: they are allowed with some arguments only");
    } else if (share == SHARE_ALL && has_other(call, SP_VERDICT_ALLOW)) {
        sp_losses_add(emission->losses, name, "a list does not log",
                      "allowed without a log entry");
    } else if (share == SHARE_NONE && has_other(call, by_default)) {
        sp_losses_add(emission->losses, name, "a list has one answer for all other calls",
                      "denied with EPERM");
    }
}

static void
write_left_out(const struct sp_emission *emission, const struct sp_policy *policy)
{
    bool begun = false;

    for (size_t i = 0; i < policy->calls.count; i++) {
        const struct sp_policy_call *call = &policy->calls.at[i];
        bool mostly = sp_verdict_runs(call->otherwise);
        SP_BUF(lead);

        if (share_of(call) != SHARE_SOME) {
            continue;
        }
        if (!begun) {
            sp_buf_text(emission->out, "\n# allowed with some arguments only, and left out:\n");
            begun = true;
        }
        sp_buf_format(&lead, "%s%s: ", sp_kb_text(call->call->name), mostly ? ", but not" : "");
        struct sp_str text = sp_buf_part(&lead, &emission->out->failed);
        sp_list_conditions(emission, call, mostly ? does_not_run : runs, 0, "#   ", text.ptr);
    }
}

/* ---- losses about the whole ---------------------------------------------------------- */

static const char not_named[] =
    "calls that it does not name, as those of newer kernels, are denied";
static const char not_named_or_logged[] =
    "calls that it does not name, as those of newer kernels, are denied, and none is logged";

static void
lose_default(const struct sp_emission *emission, sp_verdict verdict)
{
    if (sp_verdict_runs(verdict)) {
        sp_losses_add_default(emission->losses, SP_VERDICT_ALLOW,
                              "a list names every call that is allowed",
                              verdict == SP_VERDICT_ALLOW ? not_named : not_named_or_logged);
    } else if (verdict != by_default) {
        sp_losses_add_default(emission->losses, by_default,
                              "a list does not say what other calls answer",
                              "they are denied with EPERM");
    }
}

/* Calls that another architecture has, too, and treats otherwise. */
static void
lose_arch(const struct sp_emission *emission, const struct sp_policy *host,
          const struct sp_policy *other)
{
    const char *arch = sp_kb_text(other->arch->name);
    SP_BUF(what);

    sp_buf_format(&what, "calls of %s are not always allowed as those of %s", arch,
                  sp_kb_text(host->arch->name));
    struct sp_str text = sp_buf_part(&what, &emission->losses->failed);
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        const char *name = sp_kb_text(sp_kb_syscalls[i].name);
        const struct sp_policy_call *left = sp_policy_find(host, name);
        const struct sp_policy_call *right = sp_policy_find(other, name);

        if (sp_kb_number(host->arch, &sp_kb_syscalls[i]) == SP_KB_NO_NUMBER
            || sp_kb_number(other->arch, &sp_kb_syscalls[i]) == SP_KB_NO_NUMBER) {
            continue;
        }
        bool left_runs = left == NULL ? sp_verdict_runs(host->default_verdict)
                                      : share_of(left) == SHARE_ALL;
        bool right_runs = right == NULL ? sp_verdict_runs(other->default_verdict)
                                        : share_of(right) == SHARE_ALL;
        if (left_runs != right_runs) {
            sp_losses_add(emission->losses, name, text.ptr, "the list is that of the host");
        }
    }
}

static void
lose_arches(const struct sp_emission *emission)
{
    const struct sp_policies *policies = emission->policies;
    const char *host = sp_kb_text(policies->all.at[0].arch->name);
    SP_BUF(became);

    if (policies->all.count < 2) {
        return;
    }
    sp_buf_format(&became, "the list is that of %s", host);
    struct sp_str text = sp_buf_part(&became, &emission->losses->failed);
    sp_losses_add(emission->losses, NULL, "a list names no architectures", text.ptr);
    for (size_t i = 1; i < policies->all.count; i++) {
        lose_arch(emission, &policies->all.at[0], &policies->all.at[i]);
    }
}

void
sp_list_write(struct sp_emission *emission)
{
    const struct sp_policy *policy = &emission->policies->all.at[0];

    sp_list_heading(emission, "# ", "calls that are allowed whatever their arguments");
    sp_buf_char(emission->out, '\n');
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        if (sp_kb_number(policy->arch, &sp_kb_syscalls[i]) != SP_KB_NO_NUMBER) {
            write_call(emission, policy, &sp_kb_syscalls[i]);
        }
    }
    write_left_out(emission, policy);
    lose_default(emission, policy->default_verdict);
    lose_arches(emission);
}
