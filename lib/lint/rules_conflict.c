/* SP303, SP304, SP305, SP312: two rules for one call, one of which the other takes away. */
#include "lint/meaning_rules.h"
#include "lint/names_find.h"
#include "lint/rules_find.h"
#include "lint/rules_pair.h"

#include <string.h>

static struct sp_witness *
witness_of(const struct sp_lint *lint, const struct sp_lint_view *view,
           const struct sp_rules_pair *pair)
{
    struct sp_witness *witness = sp_lint_witness(lint, view, pair->args, pair->winner->verdict);

    if (witness != NULL && pair->loser->verdict != pair->winner->verdict) {
        witness->has_instead = true;
        witness->instead = pair->loser->verdict;
        witness->instead_is = "this rule";
    }
    return witness;
}

static void
take(const struct sp_lint *lint, const struct sp_lint_view *view,
     const struct sp_rules_pair *pair, void *user)
{
    struct sp_rules_find *find = sp_rules_add(user, (struct sp_rules_find){
        .rule = pair->loser->rule, .other = pair->winner->rule, .call = view->call->call,
        .kind = pair->kind, .verdict = pair->loser->verdict, .against = pair->winner->verdict,
    });

    if (find != NULL) {
        find->witness = witness_of(lint, view, pair);
    }
}

static void
check(const struct sp_lint *lint, unsigned kinds, sp_rules_tell_slice *tell)
{
    SP_SCRATCH(scratch);
    struct sp_rules_finds finds = { .arena = &scratch };

    sp_rules_each_pair(lint, kinds, take, &finds);
    sp_rules_tell(lint, &finds, tell);
}

/* ---- SP304 ------------------------------------------------------------------------------- */

static void
tell_conflict(const struct sp_lint *lint, struct sp_rules_slice slice)
{
    const struct sp_rules_find *find = &slice.at[0];
    struct sp_diag *diag = sp_report_add(
        lint->report, 304, sp_rules_place(lint, slice),
        "%s: %s here and %s in an earlier rule, which wins", sp_rules_names(lint, slice),
        sp_rules_verdict(lint, find->verdict), sp_rules_verdict(lint, find->against));

    sp_rules_relate(lint, diag, slice, "the earlier rule");
    sp_report_help(lint->report, diag,
                   "keep one of them: of rules without conditions libseccomp takes the first");
    diag->witness = find->witness;
}

void
sp_check_conflicting_actions(const struct sp_lint *lint)
{
    check(lint, 1 << SP_RULES_CONFLICT, tell_conflict);
}

/* ---- SP305 ------------------------------------------------------------------------------- */

/* A container that the guard keeps out, and the call in it. */
struct outside {
    const struct sp_rule *rule;
    struct sp_witness *witness;
};

static bool
look_outside(const struct sp_lint *lint, const struct sp_lint_view *view, void *user)
{
    static const uint64_t args[SP_ARGS];
    struct outside *outside = user;
    sp_dd verdicts = sp_lint_verdicts(view, SP_READING_ENFORCED);
    uint32_t got;

    for (size_t i = 0; view->rules != NULL && i < view->rules->count; i++) {
        if (view->rules->rules[i].rule == outside->rule) {
            return true;
        }
    }
    if (!sp_dd_eval(lint->meaning->store, verdicts, args, &got)) {
        return true;
    }
    outside->witness = sp_lint_witness(lint, view, args, got);
    return false;
}

static const struct sp_lint_call *
call_of(const struct sp_lint *lint, const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < lint->meaning->calls.count; i++) {
        if (lint->meaning->calls.at[i].call == call) {
            return &lint->meaning->calls.at[i];
        }
    }
    return NULL;
}

static void
tell_guarded(const struct sp_lint *lint, struct sp_rules_slice slice)
{
    const struct sp_rules_find *find = &slice.at[0];
    struct outside outside = { .rule = find->rule };
    const struct sp_lint_call *call = call_of(lint, find->call);
    struct sp_diag *diag = sp_report_add(
        lint->report, 305, sp_rules_place(lint, slice),
        "the guard of %s does nothing for %s: another rule answers %s without it",
        slice.is_one_rule ? "this rule" : "these rules", sp_rules_names(lint, slice),
        sp_rules_verdict(lint, find->against));

    sp_rules_relate(lint, diag, slice, "the rule without a guard");
    if (find->verdict == find->against) {
        sp_report_help(lint->report, diag,
                       "remove the %s from the rule without a guard if the guard was meant to "
                       "hold, or else from this one",
                       slice.count == 1 ? "name" : "names");
    } else {
        sp_report_help(lint->report, diag,
                       "put the rule with the guard first: of rules without conditions "
                       "libseccomp takes the first");
    }
    diag->witness = find->witness;
    if (find->verdict == find->against && call != NULL) {
        sp_lint_each_view(lint, call, look_outside, &outside);
        diag->witness = outside.witness == NULL ? find->witness : outside.witness;
    }
}

void
sp_check_guard_shadowed(const struct sp_lint *lint)
{
    check(lint, 1 << SP_RULES_GUARDED, tell_guarded);
}

/* ---- SP312 ------------------------------------------------------------------------------- */

static const char *
why_swallowed(const struct sp_rules_find *find)
{
    size_t lost = find->rule->condition_count;
    size_t won = find->other->condition_count;

    if (won == 0) {
        return "a rule without conditions replaces all that have some, wherever it stands";
    }
    if (won < lost) {
        return "where a rule with fewer conditions holds, libseccomp drops the longer one";
    }
    if (find->rule->conditions[0].index.value != find->other->conditions[0].index.value) {
        return "libseccomp tests the argument with the higher number first";
    }
    return "libseccomp orders tests by operator and value, not by the list";
}

static void
tell_swallowed(const struct sp_lint *lint, struct sp_rules_slice slice)
{
    const struct sp_rules_find *find = &slice.at[0];
    bool is_narrowed = find->kind == SP_RULES_NARROWED;
    struct sp_diag *diag = sp_report_add(
        lint->report, 312, sp_rules_place(lint, slice),
        is_narrowed
            ? "%s: a later rule with a narrower condition wins over this one: %s, not %s"
            : "%s: this rule loses against another one: %s, not %s",
        sp_rules_names(lint, slice), sp_rules_verdict(lint, find->against),
        sp_rules_verdict(lint, find->verdict));

    diag->severity = is_narrowed ? SP_SEVERITY_WARNING : SP_SEVERITY_NONE;
    sp_report_label(lint->report, diag, "%s", why_swallowed(find));
    sp_rules_relate(lint, diag, slice, "the rule that wins");
    sp_report_help(lint->report, diag,
                   "write conditions that no call meets twice: one rule for each verdict");
    diag->witness = find->witness;
}

void
sp_check_swallowed_rule(const struct sp_lint *lint)
{
    check(lint, 1 << SP_RULES_SWALLOWED | 1 << SP_RULES_NARROWED, tell_swallowed);
}

/* ---- SP303 ------------------------------------------------------------------------------- */

static void
tell_ordered(const struct sp_lint *lint, struct sp_rules_slice slice)
{
    const struct sp_rules_find *find = &slice.at[0];
    struct sp_diag *diag = sp_report_add(
        lint->report, 303, sp_rules_place(lint, slice),
        "%s: this rule overlaps an earlier one, which wins only because it stands first",
        sp_rules_names(lint, slice));

    sp_report_label(lint->report, diag, "%s there, %s here",
                    sp_rules_verdict(lint, find->against),
                    sp_rules_verdict(lint, find->verdict));
    sp_rules_relate(lint, diag, slice, "the earlier rule");
    sp_report_help(lint->report, diag,
                   "put the exception first, or write conditions that no call meets twice");
    diag->witness = find->witness;
}

/* What SP312 says of a rule and call is not said again. */
void
sp_check_order_dependent(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct sp_rules_finds finds = { .arena = &scratch };
    struct sp_rules_finds told = { .arena = &scratch };
    size_t kept = 0;

    sp_rules_each_pair(lint, 1 << SP_RULES_ORDERED, take, &finds);
    if (finds.list.count == 0) {
        return;
    }
    sp_rules_each_pair(lint, 1 << SP_RULES_SWALLOWED | 1 << SP_RULES_NARROWED, take, &told);
    for (size_t i = 0; i < finds.list.count; i++) {
        if (!sp_rules_has(&told, finds.list.at[i].rule, finds.list.at[i].call)) {
            finds.list.at[kept++] = finds.list.at[i];
        }
    }
    finds.list.count = kept;
    sp_rules_tell(lint, &finds, tell_ordered);
}
