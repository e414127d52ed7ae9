#include "format/systemd_comments.h"

#include "format/list_text.h"

void
sp_systemd_write_comment(struct sp_buf *out, const char *text)
{
    struct sp_list_fold fold = { .out = out, .indent = "# ", .glue = "" };

    sp_list_fold_text(&fold, sp_str_of(text));
    sp_list_fold_end(&fold);
}

void
sp_systemd_write_heading(struct sp_emission *emission, bool is_allow)
{
    struct sp_buf *out = emission->out;

    sp_list_heading(emission, "# ", "a drop-in for a service of systemd");
    sp_systemd_write_comment(
        out, "Groups are those that mean the same in systemd 252 and the newest version; calls "
             "that joined one of them since are named beside it.");
    if (is_allow) {
        sp_systemd_write_comment(
            out, "What is in @default is allowed without being named.  Numbers of no call, as those "
                 "of a newer kernel, are denied like all others; systemd 256 and newer answer ENOSYS "
                 "for those that it does not know, whatever a unit says.");
    }
}

static bool
is_other(sp_verdict verdict, sp_verdict than)
{
    return verdict != than;
}

/* On the first architecture where the call has conditions. */
static const struct sp_policy_call *
call_with_conditions(const struct sp_systemd_plan *plan, size_t row)
{
    const struct sp_policies *policies = plan->emission->policies;

    for (size_t i = 0; i < policies->all.count; i++) {
        const struct sp_policy_call *call =
            sp_policy_find(&policies->all.at[i], sp_kb_text(sp_kb_syscalls[row].name));
        if (call != NULL && call->clause_count > 0) {
            return call;
        }
    }
    return NULL;
}

/* What is lost, where the text for people can still say it. */
void
sp_systemd_write_lost_conditions(const struct sp_systemd_plan *plan)
{
    struct sp_buf *out = plan->emission->out;
    bool begun = false;

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        const struct sp_policy_call *call =
            plan->calls[i].has_lost_conditions ? call_with_conditions(plan, i) : NULL;
        SP_BUF(lead);

        if (call == NULL) {
            continue;
        }
        if (!begun) {
            sp_buf_char(out, '\n');
            sp_systemd_write_comment(out,
                                     "The profile looks at arguments, which systemd cannot:");
            begun = true;
        }
        sp_buf_format(&lead, "%s%s: ", sp_kb_text(call->call->name),
                      sp_verdict_runs(call->otherwise) ? ", but not" : "");
        sp_list_conditions(plan->emission, call, is_other, call->otherwise, "#   ",
                           sp_buf_part(&lead, &out->failed).ptr);
    }
}
