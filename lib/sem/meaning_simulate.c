#include "sem/bpf_run.h"
#include "sem/meaning_work.h"

#include <string.h>

enum {
    RULES_MAX = sizeof ((struct sp_outcome *)0)->rules
        / sizeof *((struct sp_outcome *)0)->rules,
};

/* ---- which rules hold -------------------------------------------------------------------- */

static bool
holds(const struct sp_meaning *meaning, const struct sp_filter_rule *rule, unsigned bits,
      const struct sp_call *call)
{
    sp_dd condition;
    uint32_t value;

    if (rule->condition_count == 0) {
        return true;
    }
    condition = sp_modelled_condition(meaning->store, rule, bits);
    return sp_dd_eval(meaning->store, condition, call->args, &value) && value != 0;
}

/* One of several rules with the same verdict: those without conditions replace all others, else
 * the first listed one is as good as any. */
static bool
is_better(const struct sp_filter_rule *rule, const struct sp_filter_rule *than)
{
    return than == NULL || (rule->condition_count == 0 && than->condition_count > 0);
}

static const struct sp_filter_rule *
deciding_rule(const struct sp_meaning *meaning, const struct sp_meaning_place *place,
              const struct sp_call *call, sp_verdict verdict)
{
    const struct sp_filter_rule *best = NULL;

    for (size_t i = 0; i < place->call->count; i++) {
        const struct sp_filter_rule *rule = &place->call->rules[i];
        if (rule->verdict == verdict && is_better(rule, best)
            && holds(meaning, rule, place->rules->arch->bits, call)) {
            best = rule;
        }
    }
    return best;
}

/* Where libseccomp's output deviates, a rule may answer for calls that it does not hold for. */
static const struct sp_filter_rule *
leaking_rule(const struct sp_meaning_place *place, sp_verdict verdict)
{
    for (size_t i = 0; i < place->call->count; i++) {
        if (place->call->rules[i].verdict == verdict) {
            return &place->call->rules[i];
        }
    }
    return NULL;
}

static void
list_rules(const struct sp_meaning *meaning, const struct sp_meaning_place *place,
           const struct sp_call *call, struct sp_outcome *outcome)
{
    const struct sp_filter_rule *first = outcome->rule_count > 0 ? outcome->rules[0] : NULL;

    for (size_t i = 0; i < place->call->count && outcome->rule_count < RULES_MAX; i++) {
        const struct sp_filter_rule *rule = &place->call->rules[i];
        if (rule != first && holds(meaning, rule, place->rules->arch->bits, call)) {
            outcome->rules[outcome->rule_count++] = rule;
        }
    }
}

static void
explain(const struct sp_meaning *meaning, const struct sp_meaning_place *place,
        const struct sp_call *call, struct sp_outcome *outcome)
{
    const struct sp_filter_rule *rule = NULL;

    outcome->decider = SP_DECIDER_DEFAULT;
    if (outcome->decided) {
        rule = deciding_rule(meaning, place, call, outcome->verdict);
        if (rule == NULL && outcome->verdict != meaning->rules.default_verdict) {
            rule = leaking_rule(place, outcome->verdict);
        }
    }
    if (rule != NULL) {
        outcome->decider = SP_DECIDER_RULE;
        outcome->rules[outcome->rule_count++] = rule;
    }
    list_rules(meaning, place, call, outcome);
}

/* ---- the verdict ------------------------------------------------------------------------- */

/* For what a diagram could not say, the program is run. */
static bool
run(struct sp_meaning *meaning, const struct sp_kb_arch *arch, const struct sp_call *call,
    sp_verdict *ret_verdict)
{
    const struct sp_compiled *compiled = sp_meaning_compiled(meaning);
    struct sp_call asked = *call;

    if (compiled->result != SP_COMPILE_PROGRAM) {
        return false;
    }
    asked.arch = arch->audit;
    *ret_verdict = sp_bpf_run(compiled->program, &asked, NULL);
    return true;
}

static void
by_rules(struct sp_meaning *meaning, const struct sp_kb_arch *arch, const struct sp_call *call,
         const struct sp_meaning_place *place, struct sp_outcome *outcome)
{
    sp_dd verdicts = sp_meaning_of(meaning, arch, call->nr, SP_READING_ENFORCED);

    outcome->decided = sp_dd_eval(meaning->store, verdicts, call->args, &outcome->verdict)
        || run(meaning, arch, call, &outcome->verdict);
    explain(meaning, place, call, outcome);
}

/* A number of no rule, which the filter may take for that of the architecture. */
static void
by_unsure_head(struct sp_meaning *meaning, const struct sp_kb_arch *arch,
               const struct sp_call *call, struct sp_outcome *outcome)
{
    sp_dd verdicts = sp_meaning_of(meaning, arch, call->nr, SP_READING_ENFORCED);

    outcome->decided = sp_dd_eval(meaning->store, verdicts, call->args, &outcome->verdict)
        || run(meaning, arch, call, &outcome->verdict);
    if (outcome->verdict != meaning->rules.default_verdict) {
        outcome->decider = SP_DECIDER_HEADLESS;
    }
}

static void
by_filter(struct sp_meaning *meaning, const struct sp_kb_arch *arch, const struct sp_call *call,
          struct sp_outcome *outcome)
{
    struct sp_meaning_place place = sp_meaning_place(meaning, arch, call->nr);

    if (place.decider == SP_DECIDER_RULE) {
        by_rules(meaning, arch, call, &place, outcome);
    } else {
        outcome->decided = true;
        outcome->decider = place.decider;
        outcome->verdict = place.verdict;
        if (sp_meaning_hazards(meaning, arch, call->nr) != 0) {
            by_unsure_head(meaning, arch, call, outcome);
        }
    }
    outcome->verdict = sp_meaning_cap_errno(outcome->verdict);
}

bool
sp_meaning_simulate(struct sp_meaning *meaning, const struct sp_kb_arch *arch,
                    const struct sp_call *call, struct sp_outcome *ret_outcome)
{
    struct sp_outcome outcome = { .decided = false, .decider = SP_DECIDER_DEFAULT };
    bool has_filter = meaning->start == SP_START_FILTER;

    if (has_filter && sp_meaning_passes_kernel(meaning, arch, call->nr)) {
        outcome = (struct sp_outcome){
            .decided = true, .verdict = SP_VERDICT_ALLOW, .decider = SP_DECIDER_KERNEL,
        };
    } else if (has_filter || meaning->start == SP_START_UNCONFINED) {
        by_filter(meaning, arch, call, &outcome);
    }
    if (meaning->arena->failed) {
        return false;
    }
    *ret_outcome = outcome;
    return true;
}
