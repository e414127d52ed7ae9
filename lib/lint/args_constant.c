/* SP403 and SP404: conditions that never hold, and conditions that always do. */
#include "lint/args_find.h"
#include "lint/meaning_rules.h"

#include <inttypes.h>

/* What a condition was seen to be, in one view or another. */
enum { SEEN_NEVER = 1, SEEN_ALWAYS = 2, SEEN_OTHERWISE = 4 };

/* A mask of 0 is SP413's. */
static bool
is_ours(const struct sp_condition *condition)
{
    return sp_args_is_readable(condition)
        && (condition->op != SP_OPERATOR_MASKED_EQ || condition->value.value != 0);
}

/* Does it look at no bit of the argument, compared in this width? */
static unsigned
kind_in(struct sp_dd_store *store, const struct sp_condition *condition, unsigned bits)
{
    const struct sp_filter_condition taken = sp_filter_condition_of(condition);
    const struct sp_filter_rule one = { .conditions = &taken, .condition_count = 1 };
    sp_dd holds = sp_modelled_condition(store, &one, bits);

    if (!sp_dd_is_leaf(store, holds) || holds == SP_DD_UNDECIDED) {
        return SEEN_OTHERWISE;
    }
    return sp_dd_value(store, holds) == 0 ? SEEN_NEVER : SEEN_ALWAYS;
}

/* Some architecture may see it as constant: what the others see counts, too. */
static bool
may_be_constant(struct sp_dd_store *store, const struct sp_condition *condition)
{
    return is_ours(condition)
        && (kind_in(store, condition, 64) != SEEN_OTHERWISE
            || kind_in(store, condition, 32) != SEEN_OTHERWISE);
}

/* A call whose argument is what the condition speaks of, and which meets all others. */
static void
note_witness(const struct sp_lint *lint, const struct sp_args_use *use,
             struct sp_args_find *find)
{
    struct sp_dd_store *store = lint->meaning->store;
    sp_dd others = sp_args_others_compared(use->view, use->rule, find->condition);
    uint64_t args[SP_ARGS];

    if (sp_dd_find(store, others, NULL, NULL, args)) {
        find->witness = sp_args_witness(lint, use->view, args);
    }
}

/* Does the one condition say what happens where no other rule of the call has another answer?  Without it the
 * rule would take the place of those. */
static bool
is_last_word(const struct sp_args_use *use)
{
    const struct sp_arch_call *call = use->view->rules;
    bool has_other = false;

    for (size_t i = 0; call != NULL && i < call->count && !has_other; i++) {
        has_other = call->rules[i].condition_count > 0
            && call->rules[i].verdict != call->rules[0].verdict;
    }
    return has_other && use->rule->condition_count == 1;
}

static void
look(const struct sp_lint *lint, const struct sp_args_use *use, void *user)
{
    struct sp_dd_store *store = lint->meaning->store;

    for (size_t i = 0; i < use->rule->condition_count; i++) {
        const struct sp_condition *condition = &use->rule->conditions[i];
        struct sp_args_find *find = may_be_constant(store, condition)
            ? sp_args_note(user, use->view, use->rule, condition, 0) : NULL;
        if (find == NULL) {
            continue;
        }
        unsigned kind = kind_in(store, condition, use->view->arch->bits);
        find->args |= kind == SEEN_ALWAYS && is_last_word(use) ? SEEN_OTHERWISE : kind;
        if (find->witness == NULL) {
            note_witness(lint, use, find);
        }
    }
}

static struct sp_diag *
add(const struct sp_lint *lint, unsigned code, const struct sp_args_find *find,
    const char *when)
{
    const struct sp_condition *condition = find->condition;
    struct sp_diag *diag = sp_report_add(
        lint->report, code, sp_args_place(lint, condition),
        "%s %s %" PRIu64 " %s holds",
        sp_args_name(lint, find->calls.at[0], sp_args_index(condition)),
        sp_args_operator(condition), condition->value.value, when);

    diag->witness = find->witness;
    return diag;
}

static void
tell_never(const struct sp_lint *lint, const struct sp_args_find *find)
{
    if (find->args == SEEN_NEVER && find->witness != NULL) {
        struct sp_diag *diag = add(lint, 403, find, "never");
        sp_report_label(lint->report, diag, "nothing is %s",
                        find->condition->value.value == 0
                            ? "less: arguments have no sign" : "greater: this is the largest");
        sp_report_help(lint->report, diag,
                       "remove the rule, or write the value that was meant");
    }
}

static void
tell_always(const struct sp_lint *lint, const struct sp_args_find *find)
{
    if (find->args == SEEN_ALWAYS && find->witness != NULL) {
        struct sp_diag *diag = add(lint, 404, find, "always");
        sp_report_help(lint->report, diag, "%s",
                       find->rule->condition_count == 1
                           ? "leave `args` out to speak of every such call, or write the value "
                             "that was meant"
                           : "remove the condition, or write the value that was meant");
    }
}

static void
check(const struct sp_lint *lint, sp_args_tell *tell)
{
    SP_SCRATCH(scratch);
    struct sp_args_finds finds = { .arena = &scratch };

    sp_args_each_use(lint, NULL, look, &finds);
    sp_args_tell_all(lint, &finds, tell);
}

void
sp_check_never_true(const struct sp_lint *lint)
{
    check(lint, tell_never);
}

void
sp_check_always_true(const struct sp_lint *lint)
{
    check(lint, tell_always);
}
