/* SP416: upper halves of values and masks, which architectures of 32 bits do not have. */
#include "lint/args_find.h"
#include "lint/meaning_rules.h"

#include <inttypes.h>

static bool
is_wide(const struct sp_condition *condition)
{
    return sp_args_is_readable(condition)
        && (condition->value.value > UINT32_MAX
            || (condition->op == SP_OPERATOR_MASKED_EQ
                && condition->value_two.value > UINT32_MAX));
}

static bool
has_wide(const struct sp_rule *rule)
{
    for (size_t i = 0; i < rule->condition_count; i++) {
        if (is_wide(&rule->conditions[i])) {
            return true;
        }
    }
    return false;
}

static bool
is_dropped(const struct sp_condition *condition)
{
    return condition->op == SP_OPERATOR_MASKED_EQ && (condition->value.value & UINT32_MAX) == 0;
}

/* Where the condition holds as it is cut and not as it is written, or the other way round.
 * One that is dropped takes the conditions of the call's other rules with it. */
static sp_dd
where_it_matters(const struct sp_lint *lint, const struct sp_args_use *use,
                 const struct sp_condition *condition)
{
    struct sp_dd_store *store = lint->meaning->store;
    sp_dd cut = sp_args_compared(use->view, condition);
    sp_dd written = sp_args_written(use->view, condition);
    sp_dd differ = sp_dd_ite(store, cut, sp_dd_not(store, written), written);

    if (is_dropped(condition) && use->rule->condition_count == 1) {
        return sp_dd_leaf(store, 1);
    }
    return sp_dd_and(store, differ, sp_args_others_compared(use->view, use->rule, condition));
}

static void
look(const struct sp_lint *lint, const struct sp_args_use *use, void *user)
{
    uint64_t args[SP_ARGS];

    if (use->view->arch->bits != 32) {
        return;
    }
    for (size_t i = 0; i < use->rule->condition_count; i++) {
        const struct sp_condition *condition = &use->rule->conditions[i];
        if (!is_wide(condition)
            || !sp_args_differ(lint, use->view, where_it_matters(lint, use, condition), args)) {
            continue;
        }
        struct sp_args_find *find = sp_args_note(user, use->view, use->rule, condition, 0);
        if (find != NULL && find->witness == NULL) {
            find->witness = sp_args_against_written(lint, use->view, args);
        }
    }
}

static void
tell(const struct sp_lint *lint, const struct sp_args_find *find)
{
    const struct sp_condition *condition = find->condition;
    bool is_masked = condition->op == SP_OPERATOR_MASKED_EQ;
    const char *arches = sp_args_arches(lint, find->arches);
    uint64_t value = condition->value.value;
    struct sp_diag *diag;

    if (is_dropped(condition)) {
        diag = sp_report_add(lint->report, 416, sp_args_place(lint, condition),
                             "on %s nothing is left of the mask 0x%" PRIx64
                             ", and the condition is dropped", arches, value);
    } else {
        value = value > UINT32_MAX ? value : condition->value_two.value;
        diag = sp_report_add(lint->report, 416, sp_args_place(lint, condition),
                             "on %s only the lower half of 0x%" PRIx64
                             " is compared: 0x%" PRIx64, arches, value, value & UINT32_MAX);
    }
    diag->witness = find->witness;
    sp_report_help(lint->report, diag, "%s",
                   is_masked ? "write the condition for the lower 32 bits, or give a rule of "
                               "its own to the architectures of 64 bits"
                             : "arguments have 32 bits there: write a value below 4294967296, "
                               "or give a rule of its own to the architectures of 64 bits");
}

void
sp_check_upper_half(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct sp_args_finds finds = { .arena = &scratch };

    sp_args_each_use(lint, has_wide, look, &finds);
    sp_args_tell_all(lint, &finds, tell);
}
