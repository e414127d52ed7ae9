/* SP409: arguments that no call has, or not this one. */
#include "lint/args_abi.h"
#include "lint/names_arches.h"
#include "lint/names_find.h"
#include "lint/names_rules.h"
#include "model/call.h"

#include <inttypes.h>

/* ---- how many arguments a call has --------------------------------------------------- */

/* The first argument that the kernel certainly does not read.  On a 32-bit ABI a 64-bit value
 * takes two, and some put an empty one before it. */
static size_t
first_unread(const struct sp_kb_syscall *call, bool has_32_bit)
{
    size_t count = call->args.count;

    if (!call->args_known) {
        return SP_ARGS;
    }
    for (size_t i = 0; has_32_bit && i < call->args.count; i++) {
        count += sp_args_is_wide(&sp_kb_args[call->args.first + i]) ? 2 : 0;
    }
    return count < SP_ARGS ? count : SP_ARGS;
}

/* ---- findings ------------------------------------------------------------------------ */

static void
tell_out_of_range(const struct sp_lint *lint, const struct sp_condition *condition)
{
    struct sp_diag *diag = sp_report_add(
        lint->report, 409, sp_at_node(lint->doc, condition->index.node),
        "there is no argument %" PRIu64 ": system calls have six, 0 to 5, and engines refuse "
        "the profile", condition->index.value);

    sp_report_help(lint->report, diag, "count the arguments from 0");
}

static void
add_arg(const struct sp_lint *lint, struct sp_buf *buf, const void *args_, size_t index)
{
    const struct sp_kb_arg *args = args_;

    (void)lint;
    sp_buf_format(buf, "%zu `%s`", index, sp_kb_text(args[index].name));
}

static void
tell_unread(const struct sp_lint *lint, const struct sp_rule *rule,
            const struct sp_condition *condition, const struct sp_kb_syscall *call)
{
    const struct sp_node *node = condition->index.node;
    struct sp_diag *diag = sp_report_add(
        lint->report, 409, sp_at_node(lint->doc, node == NULL ? condition->node : node),
        "`%s`%s %" PRIu64 ": the rule compares what a register happens to hold",
        sp_kb_text(call->name), rule->names.count > 1 ? " and the other calls have no argument"
                                                      : " has no argument",
        condition->index.value);

    diag->severity = SP_SEVERITY_WARNING;
    if (call->args.count == 0) {
        sp_report_help(lint->report, diag, "remove the condition: `%s` takes no arguments",
                       sp_kb_text(call->name));
    } else {
        sp_report_help(lint->report, diag, "the arguments of `%s` are %s",
                       sp_kb_text(call->name),
                       sp_names_join(lint, &sp_kb_args[call->args.first], call->args.count,
                                     SP_ARGS, add_arg));
    }
}

/* The first call of a rule, when every call of it leaves the argument unread; names of no call
 * do not count. */
static const struct sp_kb_syscall *
unreading_call(const struct sp_rule *rule, uint64_t index, bool has_32_bit)
{
    const struct sp_kb_syscall *first = NULL;

    for (size_t i = 0; i < rule->names.count; i++) {
        const struct sp_kb_syscall *call = sp_kb_syscall_find(rule->names.at[i].text);
        if (call != NULL && first_unread(call, has_32_bit) > index) {
            return NULL;
        }
        first = first == NULL ? call : first;
    }
    return first;
}

/* An index that is missing is 0; one of the wrong type is SP105's. */
static void
check_condition(const struct sp_lint *lint, const struct sp_rule *rule,
                const struct sp_condition *condition, bool has_32_bit)
{
    const struct sp_amount *index = &condition->index;

    if (!index->given && index->node != NULL) {
        return;
    }
    if (index->value >= SP_ARGS) {
        tell_out_of_range(lint, condition);
        return;
    }
    const struct sp_kb_syscall *call = unreading_call(rule, index->value, has_32_bit);
    if (call != NULL) {
        tell_unread(lint, rule, condition, call);
    }
}

static void
check_rule(const struct sp_lint *lint, struct sp_names_arches profile,
           const struct sp_rule *rule)
{
    struct sp_names_arches arches;

    if (rule->condition_count == 0) {
        return;
    }
    arches = sp_names_rule_arches(profile, rule);
    for (size_t i = 0; i < rule->condition_count; i++) {
        check_condition(lint, rule, &rule->conditions[i],
                        arches.any || sp_names_has_32_bit(arches.set));
    }
}

void
sp_check_index_range(const struct sp_lint *lint)
{
    struct sp_names_arches arches = sp_names_arches(lint);

    for (size_t i = 0; i < lint->profile->rule_count; i++) {
        check_rule(lint, arches, &lint->profile->rules[i]);
    }
}
