/* SP411: several rules that shut one value each out, and together none. */
#include "lint/args_find.h"
#include "lint/meaning_rules.h"

#include <inttypes.h>

/* The condition that wants the argument to be another value than this, or NULL. */
static const struct sp_condition *
unequal(const struct sp_rule *rule)
{
    for (size_t i = 0; i < rule->condition_count; i++) {
        const struct sp_condition *condition = &rule->conditions[i];
        if (condition->op == SP_OPERATOR_NE && sp_args_is_readable(condition)) {
            return condition;
        }
    }
    return NULL;
}

static bool
has_unequal(const struct sp_rule *rule)
{
    return unequal(rule) != NULL;
}

/* The first rule of the call before this one that does the same and shuts out another value
 * of the same argument. */
static const struct sp_rule *
partner_of(const struct sp_args_use *use)
{
    const struct sp_condition *ours = unequal(use->rule);

    for (size_t i = 0; i < use->view->rules->count; i++) {
        const struct sp_rule *other = use->view->rules->rules[i].rule;
        bool is_earlier = other != NULL && other < use->rule;
        const struct sp_condition *theirs = is_earlier ? unequal(other) : NULL;
        if (theirs != NULL && theirs->index.value == ours->index.value
            && theirs->value.value != ours->value.value && other->action == use->rule->action) {
            return other;
        }
    }
    return NULL;
}

/* A call with the value that the partner shuts out, and which gets the rules' answer all the
 * same. */
static bool
find_let_in(const struct sp_lint *lint, const struct sp_args_use *use,
            const struct sp_condition *shut_out, const struct sp_rule *partner,
            uint64_t ret_args[SP_ARGS])
{
    struct sp_dd_store *store = lint->meaning->store;
    sp_dd here = sp_dd_not(store, sp_args_compared(use->view, shut_out));
    uint32_t got;

    here = sp_dd_and(store, here, sp_args_others_compared(use->view, partner, shut_out));
    here = sp_dd_and(store, here, sp_args_others_compared(use->view, use->rule, NULL));
    return sp_dd_find(store, here, NULL, NULL, ret_args)
        && sp_dd_eval(store, sp_lint_verdicts(use->view, SP_READING_KERNEL), ret_args, &got)
        && got != use->view->meaning->rules.default_verdict;
}

static void
look(const struct sp_lint *lint, const struct sp_args_use *use, void *user)
{
    const struct sp_rule *partner = partner_of(use);
    const struct sp_condition *shut_out = partner == NULL ? NULL : unequal(partner);
    uint64_t args[SP_ARGS];

    if (partner == NULL || !find_let_in(lint, use, shut_out, partner, args)) {
        return;
    }
    /* All rules behind the first one are told with it. */
    struct sp_args_find *find = sp_args_note(user, use->view, partner, shut_out, 0);
    if (find != NULL && find->witness == NULL) {
        find->witness = sp_args_witness(lint, use->view, args);
        find->value = (uint64_t)(use->rule - lint->profile->rules);
    }
}

static void
tell(const struct sp_lint *lint, const struct sp_args_find *find)
{
    const struct sp_rule *second = &lint->profile->rules[find->value];
    const struct sp_condition *condition = unequal(second);
    struct sp_diag *diag = sp_report_add(
        lint->report, 411, sp_args_place(lint, condition),
        "this rule takes the %" PRIu64 " of %s that an earlier one shuts out: together they "
                                       "take every value", find->condition->value.value,
        sp_args_name(lint, find->calls.at[0], sp_args_index(condition)));

    diag->witness = find->witness;
    sp_report_related(lint->report, diag, sp_args_place(lint, find->condition),
                      "shut out here, but one rule is enough");
    sp_report_help(lint->report, diag,
                   "allow what lies around the values, with SCMP_CMP_LT, SCMP_CMP_EQ and "
                   "SCMP_CMP_GT in rules of their own");
}

void
sp_check_ne_list(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct sp_args_finds finds = { .arena = &scratch };

    sp_args_each_use(lint, has_unequal, look, &finds);
    sp_args_tell_all(lint, &finds, tell);
}
