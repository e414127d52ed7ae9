/* SP402: one argument tested more than once in a rule. */
#include "lint/args_find.h"
#include "lint/meaning_rules.h"

/* The first condition on an argument that an earlier one looks at, too. */
static const struct sp_condition *
repeated(const struct sp_rule *rule, const struct sp_condition **ret_first)
{
    for (size_t i = 1; i < rule->condition_count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (rule->conditions[i].index.value == rule->conditions[j].index.value) {
                *ret_first = &rule->conditions[j];
                return &rule->conditions[i];
            }
        }
    }
    return NULL;
}

static bool
repeats(const struct sp_rule *rule)
{
    const struct sp_condition *first;

    return repeated(rule, &first) != NULL;
}

/* The condition under which one of the rules holds that libseccomp gets in place of this
 * one. */
static sp_dd
any_taken(const struct sp_args_use *use)
{
    const struct sp_lint_view *view = use->view;
    struct sp_dd_store *store = view->meaning->store;
    sp_dd any = sp_dd_leaf(store, 0);

    for (size_t i = 0; i < view->rules->count; i++) {
        const struct sp_filter_rule *taken = &view->rules->rules[i];
        if (taken->rule == use->rule && taken->call == view->call->row) {
            any = sp_dd_or(store, any, sp_modelled_condition(store, taken, view->arch->bits));
        }
    }
    return any;
}

/* Values of one argument that exclude each other: their writer can only have meant "or". */
static bool
are_alternatives(const struct sp_rule *rule)
{
    for (size_t i = 0; i < rule->condition_count; i++) {
        const struct sp_condition *condition = &rule->conditions[i];
        if (condition->index.value != rule->conditions[0].index.value
            || (condition->op != SP_OPERATOR_EQ && condition->op != SP_OPERATOR_MASKED_EQ)) {
            return false;
        }
    }
    return true;
}

enum class { SOME_MORE, ALL, ALTERNATIVES };

static void
look(const struct sp_lint *lint, const struct sp_args_use *use, void *user)
{
    struct sp_dd_store *store = lint->meaning->store;
    sp_dd all = sp_args_all_written(use->view, use->rule);
    sp_dd any = any_taken(use);
    enum class class = any == sp_dd_leaf(store, 1) ? ALL : SOME_MORE;
    uint64_t args[SP_ARGS];

    if (all == sp_dd_leaf(store, 0) && are_alternatives(use->rule)) {
        class = ALTERNATIVES;
    }
    if (!sp_args_differ(lint, use->view, sp_dd_and(store, any, sp_dd_not(store, all)), args)) {
        return;
    }
    struct sp_args_find *find = sp_args_note(user, use->view, use->rule, NULL, class);
    if (find != NULL && find->witness == NULL) {
        find->witness = sp_args_against_written(lint, use->view, args);
    }
}

static const char *
help_of(const struct sp_args_find *find)
{
    switch ((enum class)find->class) {
    case ALL:
        return "one SCMP_CMP_NE in a rule is the most: to shut out several values, allow what "
               "lies around them, with SCMP_CMP_LT, SCMP_CMP_EQ and SCMP_CMP_GT in rules of "
               "their own";
    case ALTERNATIVES:
        return "write a rule for each value, as that is what it becomes";
    case SOME_MORE:
        break;
    }
    return "test each argument once in a rule: list the values in rules of their own, or take "
           "a range with SCMP_CMP_MASKED_EQ";
}

static void
tell(const struct sp_lint *lint, const struct sp_args_find *find)
{
    static const char *const effects[] = {
        [SOME_MORE] = "any of them is enough",
        [ALL] = "any of them is enough, and one always holds",
        [ALTERNATIVES] = "one of the values is enough",
    };
    const struct sp_condition *first = NULL;
    const struct sp_condition *second = repeated(find->rule, &first);
    struct sp_diag *diag = sp_report_add(
        lint->report, 402, sp_args_place_index(lint, second),
        "this rule tests %s more than once, so runtimes make a rule of each of its %zu "
        "conditions: %s",
        sp_args_name(lint, find->calls.at[0], sp_args_index(second)),
        find->rule->condition_count, effects[find->class]);

    diag->severity = find->class == ALTERNATIVES ? SP_SEVERITY_INFO : SP_SEVERITY_NONE;
    diag->witness = find->witness;
    sp_report_help(lint->report, diag, "%s", help_of(find));
    sp_report_related(lint->report, diag, sp_args_place_index(lint, first),
                      "the argument is tested here first");
}

void
sp_check_same_index(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct sp_args_finds finds = { .arena = &scratch };

    sp_args_each_use(lint, repeats, look, &finds);
    sp_args_tell_all(lint, &finds, tell);
}
