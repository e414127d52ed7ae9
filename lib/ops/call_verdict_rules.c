#include "ops/call_verdict_work.h"

/* ---- the rules ----------------------------------------------------------------------- */

static struct sp_call_rule *
find_rule(struct sp_call_verdict *into, const struct sp_rule *rule)
{
    for (size_t i = 0; i < into->rules.count; i++) {
        if (into->rules.at[i].rule == rule) {
            return &into->rules.at[i];
        }
    }
    return NULL;
}

/* A rule whose argument indices repeat was given to libseccomp in pieces: one of them is enough. */
static bool
note_rule(struct sp_call_asking *asking, const struct sp_rule *rule, sp_verdict verdict,
          sp_dd condition, bool is_default)
{
    struct sp_call_rule *known = find_rule(asking->into, rule);

    if (known != NULL) {
        known->condition = sp_dd_or(asking->store, known->condition, condition);
        return true;
    }
    known = sp_vec_push(asking->arena, &asking->into->rules);
    if (known == NULL) {
        return false;
    }
    *known = (struct sp_call_rule){
        .rule = rule, .verdict = verdict, .condition = condition, .is_default = is_default,
    };
    return true;
}

static bool
note_filter_rules(struct sp_call_asking *asking)
{
    const struct sp_call_verdict *into = asking->into;
    const struct sp_arch_call *call = sp_call_rules(into->meaning, into->arch, into->nr);

    for (size_t i = 0; call != NULL && i < call->count; i++) {
        const struct sp_filter_rule *rule = &call->rules[i];
        sp_dd condition = sp_modelled_condition(asking->store, rule, into->arch->bits);
        if (rule->rule != NULL && !note_rule(asking, rule->rule, rule->verdict, condition, false)) {
            return false;
        }
    }
    return true;
}

/* The condition of a rule as it is written, which may have none that a filter could ask. */
static sp_dd
written_condition(const struct sp_call_asking *asking, const struct sp_rule *rule)
{
    sp_dd all = sp_dd_leaf(asking->store, 1);

    for (size_t i = 0; i < rule->condition_count; i++) {
        const struct sp_condition *written = &rule->conditions[i];
        if (written->op == SP_OPERATOR_NONE || written->index.value >= SP_ARGS) {
            return sp_dd_leaf(asking->store, 0);
        }
        struct sp_filter_condition condition = sp_filter_condition_of(written);
        struct sp_filter_rule one = { .conditions = &condition, .condition_count = 1 };
        all = sp_dd_and(asking->store, all,
                        sp_modelled_condition(asking->store, &one, asking->into->arch->bits));
    }
    return all;
}

/* Rules that runtimes leave out, because they say what the default action says. */
static bool
note_left_out(struct sp_call_asking *asking)
{
    const struct sp_call_verdict *into = asking->into;
    const struct sp_meaning *meaning = into->meaning;

    for (size_t i = 0; into->text.call != NULL && i < meaning->oci.rules.count; i++) {
        const struct sp_oci_rule *rule = &meaning->oci.rules.at[i];
        if (rule->rule->action == SP_ACTION_NONE
            || !sp_profile_has_word(&rule->names, sp_kb_text(into->text.call->name))) {
            continue;
        }
        sp_verdict verdict = sp_filter_verdict(rule->rule->action, rule->error);
        if (verdict == meaning->rules.default_verdict
            && !note_rule(asking, rule->rule, verdict, written_condition(asking, rule->rule),
                          true)) {
            return false;
        }
    }
    return true;
}

/* Rules lie in one array: their addresses are in listing order. */
static void
sort_rules(struct sp_call_verdict *into)
{
    for (size_t i = 1; i < into->rules.count; i++) {
        struct sp_call_rule rule = into->rules.at[i];
        size_t j = i;
        for (; j > 0 && into->rules.at[j - 1].rule > rule.rule; j--) {
            into->rules.at[j] = into->rules.at[j - 1];
        }
        into->rules.at[j] = rule;
    }
}

/* Words are made for so many rules; further ones say "for some arguments". */
enum { RULES_IN_WORDS = 64 };

static bool
describe_rules(struct sp_call_asking *asking)
{
    struct sp_call_verdict *into = asking->into;
    sp_dd allowed = sp_dd_leaf(asking->store, 0);

    for (size_t i = 0; i < into->rules.count; i++) {
        struct sp_call_rule *rule = &into->rules.at[i];
        uint32_t value = 0;
        rule->holds = sp_dd_eval(asking->store, rule->condition, into->args, &value) && value != 0;
        rule->words = i < RULES_IN_WORDS
            ? sp_call_words(asking->arena, asking->store, into->arch, into->nr, rule->condition)
            : "for some arguments";
        if (rule->words == NULL) {
            return false;
        }
        into->looks_at |= sp_dd_args(asking->store, rule->condition);
        if (sp_verdict_runs(rule->verdict)) {
            allowed = sp_dd_or(asking->store, allowed, rule->condition);
        }
    }
    if (allowed != sp_dd_leaf(asking->store, 0)) {
        into->allowed_words = sp_call_words(asking->arena, asking->store, into->arch, into->nr,
                                            allowed);
        return into->allowed_words != NULL;
    }
    return true;
}

bool
sp_call_asking_rules(struct sp_call_asking *asking)
{
    if (!note_filter_rules(asking) || !note_left_out(asking)) {
        return false;
    }
    sort_rules(asking->into);
    return describe_rules(asking);
}
