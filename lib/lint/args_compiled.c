/* SP414: rules of which libseccomp makes something else. */
#include "lint/args_find.h"
#include "lint/meaning_rules.h"

enum { VERDICTS = 16, RELATED = 3 };

/* Why, by the shape of the rules (sem/modelled.h); the first that fits is told. */
static const struct {
    unsigned hazard;
    const char *why;
    const char *help;
} shapes[] = {
    { SP_HAZARD_LOST_RULE,
      "SCMP_CMP_EQ and SCMP_CMP_NE of one argument are taken for one test, and a rule is lost",
      "do not use SCMP_CMP_NE beside a rule of several conditions" },
    { SP_HAZARD_SHARED_LEVEL,
      "the second conditions of these rules are put into one list, and each rule gets those of "
      "the other",
      "let rules of several conditions use SCMP_CMP_EQ and SCMP_CMP_MASKED_EQ alone" },
    { SP_HAZARD_STALE_REGISTER,
      "the filter compares another argument than the rule says, for it was loaded before",
      "let rules of several conditions use SCMP_CMP_EQ and SCMP_CMP_MASKED_EQ alone" },
    { SP_HAZARD_WIDE_RANGE,
      "the filter takes the upper half for the lower one, for it was loaded before",
      "keep the values of SCMP_CMP_LT and SCMP_CMP_LE below 4294967296" },
    { SP_HAZARD_LENT_BLOCK,
      "its code is shared with that of another call, which has other values at hand",
      "write rules of one condition each, or with other values than those of other calls" },
};

static uint32_t
equals(uint32_t leaf, void *value)
{
    return leaf == *(const uint32_t *)value;
}

/* Where some rule with this verdict holds, or, for the default, none at all. */
static sp_dd
where_right(const struct sp_lint_view *view, sp_verdict verdict)
{
    struct sp_dd_store *store = view->meaning->store;
    sp_dd right = sp_dd_leaf(store, 0);
    sp_dd any = right;

    for (size_t i = 0; i < view->rules->count; i++) {
        const struct sp_filter_rule *rule = &view->rules->rules[i];
        sp_dd holds = sp_modelled_condition(store, rule, view->arch->bits);
        any = sp_dd_or(store, any, holds);
        right = rule->verdict == verdict ? sp_dd_or(store, right, holds) : right;
    }
    return verdict == view->meaning->rules.default_verdict
        ? sp_dd_or(store, right, sp_dd_not(store, any)) : right;
}

/* Where the filter answers something else than what is written, and no rule of the filter gives
 * that answer, or libseccomp's own order of the rules gives another one. */
static bool
find_wrong(const struct sp_lint *lint, const struct sp_lint_view *view,
           uint64_t ret_args[SP_ARGS])
{
    struct sp_dd_store *store = lint->meaning->store;
    sp_dd enforced = sp_lint_verdicts(view, SP_READING_ENFORCED);
    sp_dd written = sp_lint_verdicts(view, SP_READING_INTENDED);
    sp_dd modelled = sp_lint_verdicts(view, SP_READING_MODELLED);
    sp_dd nowhere = sp_dd_leaf(store, 0);
    uint32_t verdicts[VERDICTS];
    size_t count = sp_dd_leaves(store, enforced, verdicts, VERDICTS);

    for (size_t i = 0; i < count && i < VERDICTS; i++) {
        sp_dd here = sp_dd_map(store, enforced, equals, &verdicts[i]);
        here = sp_dd_and(store, here,
                         sp_dd_not(store, sp_dd_map(store, written, equals, &verdicts[i])));
        sp_dd wrong = sp_dd_and(store, here, sp_dd_not(store, where_right(view, verdicts[i])));
        if (sp_dd_find(store, wrong, NULL, NULL, ret_args)
            || sp_dd_differ(store, sp_dd_ite(store, here, enforced, nowhere),
                            sp_dd_ite(store, here, modelled, nowhere), ret_args)) {
            return true;
        }
    }
    return false;
}

/* The first rule of the filter that holds for these arguments; NULL when none does. */
static const struct sp_rule *
first_holding(const struct sp_lint_view *view, const uint64_t args[SP_ARGS])
{
    struct sp_dd_store *store = view->meaning->store;
    uint32_t holds;

    for (size_t i = 0; i < view->rules->count; i++) {
        const struct sp_filter_rule *rule = &view->rules->rules[i];
        sp_dd condition = sp_modelled_condition(store, rule, view->arch->bits);
        if (sp_dd_eval(store, condition, args, &holds) && holds != 0) {
            return rule->rule;
        }
    }
    return NULL;
}

/* Do two rules ask for a value and for any other than that?  A rule gets lost between them
 * alone. */
static bool
has_opposites(const struct sp_arch_call *call)
{
    unsigned ops[SP_ARGS] = { 0 };

    for (size_t i = 0; i < call->count; i++) {
        for (size_t j = 0; j < call->rules[i].condition_count; j++) {
            const struct sp_filter_condition *condition = &call->rules[i].conditions[j];
            ops[condition->index] |= condition->op == SP_OPERATOR_EQ ? 1
                : condition->op == SP_OPERATOR_NE ? 2 : 0;
        }
    }
    for (unsigned i = 0; i < SP_ARGS; i++) {
        if (ops[i] == 3) {
            return true;
        }
    }
    return false;
}

enum class { LOST, LEAKS };

static void
note(const struct sp_lint *lint, const struct sp_lint_view *view, const uint64_t args[SP_ARGS],
     unsigned hazards, struct sp_args_finds *finds)
{
    const struct sp_rule *lost = first_holding(view, args);
    const struct sp_rule *rule = lost == NULL ? sp_lint_decider(view, args) : lost;
    struct sp_args_find *find = rule == NULL
        ? NULL : sp_args_note(finds, view, rule, NULL, lost == NULL ? LEAKS : LOST);

    if (find != NULL && find->witness == NULL) {
        find->witness = sp_args_against_written(lint, view, args);
        find->value = lost != NULL && has_opposites(view->rules)
            ? hazards | SP_HAZARD_LOST_RULE : hazards & ~(unsigned)SP_HAZARD_LOST_RULE;
    }
}

static bool
look(const struct sp_lint *lint, const struct sp_lint_view *view, void *user)
{
    unsigned hazards = sp_meaning_hazards(view->meaning, view->arch, view->nr);
    uint64_t args[SP_ARGS];

    /* A lost head is SP313's. */
    if (view->rules != NULL && hazards != 0 && (hazards & SP_HAZARD_UNSURE_HEAD) == 0
        && find_wrong(lint, view, args)) {
        note(lint, view, args, hazards, user);
    }
    return true;
}

static void
relate(const struct sp_lint *lint, struct sp_diag *diag, const struct sp_args_find *find)
{
    size_t count = 0;

    for (size_t i = 0; i < lint->profile->rule_count && count < RELATED; i++) {
        const struct sp_rule *rule = &lint->profile->rules[i];
        bool names_it = false;
        for (size_t j = 0; j < rule->names.count; j++) {
            names_it |= sp_str_is(rule->names.at[j].text, sp_kb_text(find->calls.at[0]->name));
        }
        if (names_it && rule != find->rule && rule->condition_count > 0) {
            sp_report_related(lint->report, diag, sp_args_place_rule(lint, rule),
                              "beside this one");
            count++;
        }
    }
}

static void
tell(const struct sp_lint *lint, const struct sp_args_find *find)
{
    struct sp_diag *diag = sp_report_add(
        lint->report, 414, sp_args_place_rule(lint, find->rule),
        "libseccomp makes something else of this rule for %s: it %s", sp_args_calls(lint, find),
        find->class == LOST ? "does not decide where it holds" : "answers calls that it does "
                                                                 "not hold for");

    diag->witness = find->witness;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        if ((find->value & shapes[i].hazard) != 0) {
            sp_report_label(lint->report, diag, "%s", shapes[i].why);
            sp_report_help(lint->report, diag, "%s", shapes[i].help);
            break;
        }
    }
    relate(lint, diag, find);
}

void
sp_check_miscompiled(const struct sp_lint *lint)
{
    sp_args_check_calls(lint, look, tell);
}
