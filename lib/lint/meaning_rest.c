/* What is left of SP414: the filter answers otherwise than the rules say, and no rule has told why. */
#include "lint/meaning.h"

#include <errno.h>
#include <string.h>

/* runc's answer to calls newer than the profile is no fault of it; what the profile says of the call
 * itself is asked below the stub only. */
static bool
is_stubs(sp_verdict verdict)
{
    return verdict == (SP_VERDICT_ERRNO | ENOSYS);
}

/* Has a finding shown a call of this name?  Then it has told of the difference. */
static bool
is_told(const struct sp_lint *lint, const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < lint->report->diags.count; i++) {
        const struct sp_witness *witness = lint->report->diags.at[i]->witness;
        if (witness != NULL && witness->syscall == call) {
            return true;
        }
    }
    return false;
}

static void
tell(const struct sp_lint *lint, const struct sp_lint_view *view, const uint64_t args[SP_ARGS],
     sp_verdict got, sp_verdict instead)
{
    const struct sp_rule *rule = view->call->rules[0];
    struct sp_diag *diag = sp_report_add(
        lint->report, 414, sp_at_node(lint->doc, rule->node),
        "the filter does not answer to `%s` what the rules say", sp_kb_text(view->call->call->name));
    struct sp_witness *witness = sp_lint_witness(lint, view, args, got);

    sp_report_help(lint->report, diag,
                   "write the rules of a call so that no two of them hold for the same arguments");
    if (witness != NULL) {
        witness->has_instead = true;
        witness->instead = instead;
        witness->instead_is = "as written";
        diag->witness = witness;
    }
}

static bool
look(const struct sp_lint *lint, const struct sp_lint_view *view, void *user)
{
    struct sp_dd_store *store = lint->meaning->store;
    sp_dd written = sp_lint_verdicts(view, SP_READING_INTENDED);
    sp_dd enforced = sp_lint_verdicts(view, SP_READING_ENFORCED);
    uint64_t args[SP_ARGS];
    uint32_t got;
    uint32_t instead;

    (void)user;
    if (written == enforced || !sp_dd_differ(store, written, enforced, args)
        || !sp_dd_eval(store, enforced, args, &got) || !sp_dd_eval(store, written, args, &instead)
        || is_stubs(got)) {
        return true;
    }
    tell(lint, view, args, got, instead);
    return false;
}

void
sp_lint_tell_rest(const struct sp_lint *lint)
{
    for (size_t i = 0; i < lint->meaning->calls.count; i++) {
        const struct sp_lint_call *call = &lint->meaning->calls.at[i];
        if ((call->has_conditions || call->rule_count > 1) && !is_told(lint, call->call)) {
            sp_lint_each_view(lint, call, look, NULL);
        }
    }
}
