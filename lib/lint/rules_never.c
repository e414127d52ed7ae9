/* SP301: rules that never decide: without them the profile would mean the same everywhere. */
#include "lint/meaning_rules.h"
#include "lint/names_find.h"
#include "lint/rules_find.h"
#include "lint/rules_pair.h"

#include <string.h>

/* More rules of one call than this are not asked about one by one. */
enum { RULES_MAX = 256 };

/* One rule of one call, and those listed behind it which are known to be idle. */
struct search {
    const struct sp_rule *rule;
    const bool *idle;     /* by rule of the profile: for this call */
    bool is_there;        /* in some environment */
    bool decides;
    const struct sp_rule *other;  /* that decides in its place */
    struct sp_witness *witness;
};

/* ---- is it idle? ------------------------------------------------------------------------- */

static bool
is_out(const struct sp_lint *lint, const struct search *search, const struct sp_rule *rule)
{
    return rule == search->rule || search->idle[rule - lint->profile->rules];
}

/* What libseccomp makes of the list without the idle rules, with or without the asked one too.
 * */
static bool
model(const struct sp_lint *lint, const struct search *search, const struct sp_lint_view *view,
      const struct sp_arch_call *call, bool is_without, sp_dd *ret_meaning)
{
    SP_SCRATCH(scratch);
    struct sp_filter_rule *list = sp_arena_new_array(&scratch, call->count + 1,
                                                     struct sp_filter_rule);
    struct sp_modelled modelled;
    size_t count = 0;

    if (list == NULL) {
        lint->arena->failed = true;
        return false;
    }
    for (size_t i = 0; i < call->count; i++) {
        const struct sp_filter_rule *rule = &call->rules[i];
        bool is_ours = rule->call == view->call->row;
        bool is_left_out = is_ours
            && (rule->rule == search->rule ? is_without : is_out(lint, search, rule->rule));
        if (!is_left_out) {
            list[count++] = *rule;
        }
    }
    if (count == 0) {
        *ret_meaning = sp_dd_leaf(lint->meaning->store, view->meaning->rules.default_verdict);
        return true;
    }
    if (!sp_modelled_make(lint->meaning->store, list, count, view->arch->bits,
                          view->meaning->rules.default_verdict,
                          view->meaning->environment.libseccomp, &modelled)) {
        lint->arena->failed = true;
        return false;
    }
    *ret_meaning = modelled.meaning;
    return modelled.hazards == 0
        && !sp_dd_has_undecided(lint->meaning->store, modelled.meaning);
}

/* What cannot be told is not called idle. */
static bool
decides_for(const struct sp_lint *lint, const struct search *search,
            const struct sp_lint_view *view, const struct sp_arch_call *call)
{
    sp_dd with, without;

    return !model(lint, search, view, call, false, &with)
        || !model(lint, search, view, call, true, &without) || with != without;
}

static const struct sp_arch_call *
find_call(const struct sp_lint_view *view, const struct sp_kb_syscall *call)
{
    int64_t number = call == NULL ? SP_KB_NO_NUMBER : sp_kb_number(view->arch, call);

    for (size_t i = 0; number != SP_KB_NO_NUMBER && i < view->meaning->arch_count; i++) {
        if (view->meaning->arches[i].arch == view->arch) {
            return sp_arch_rules_find(&view->meaning->arches[i], (uint32_t)number);
        }
    }
    return NULL;
}

/* The rule may stand for more than its own call: where libseccomp gives rules of a call to its
 * multiplexer, too, for that one. */
static bool
decides_elsewhere(const struct sp_lint *lint, const struct search *search,
                  const struct sp_lint_view *view)
{
    static const char *const multiplexers[] = { "socketcall", "ipc" };

    for (size_t i = 0; i < sizeof multiplexers / sizeof *multiplexers; i++) {
        const struct sp_kb_syscall *call = sp_kb_syscall_find(sp_str_of(multiplexers[i]));
        const struct sp_arch_call *rules = find_call(view, call);
        if (rules != NULL && rules != view->rules
            && decides_for(lint, search, view, rules)) {
            return true;
        }
    }
    return false;
}

static const struct sp_filter_rule *
find_rule(const struct sp_arch_call *call, const struct sp_rule *rule)
{
    for (size_t i = 0; call != NULL && i < call->count; i++) {
        if (call->rules[i].rule == rule) {
            return &call->rules[i];
        }
    }
    return NULL;
}

/* A call for which the rule holds, and who decides about it. */
static void
find_decider(const struct sp_lint *lint, struct search *search, const struct sp_lint_view *view,
             const struct sp_filter_rule *rule)
{
    struct sp_dd_store *store = lint->meaning->store;
    sp_dd holds = sp_modelled_condition(store, rule, view->arch->bits);
    sp_dd verdicts = sp_lint_verdicts(view, SP_READING_ENFORCED);
    uint64_t args[SP_ARGS];
    uint32_t got;

    if (!sp_dd_find(store, holds, NULL, NULL, args)
        || !sp_dd_eval(store, verdicts, args, &got)) {
        return;
    }
    for (size_t i = 0; i < view->rules->count; i++) {
        const struct sp_filter_rule *other = &view->rules->rules[i];
        uint32_t value;
        if (!is_out(lint, search, other->rule) && other->verdict == got
            && !sp_rules_is_odd(other, view->arch->bits)
            && sp_dd_eval(store, sp_modelled_condition(store, other, view->arch->bits), args,
                          &value) && value != 0) {
            search->other = other->rule;
            search->witness = sp_lint_witness(lint, view, args, got);
            return;
        }
    }
}

static bool
look(const struct sp_lint *lint, const struct sp_lint_view *view, void *user)
{
    struct search *search = user;
    const struct sp_filter_rule *rule = find_rule(view->rules, search->rule);

    if (rule == NULL) {
        return true;
    }
    search->is_there = true;
    if (decides_for(lint, search, view, view->rules) || decides_elsewhere(lint, search, view)) {
        search->decides = true;
        return false;
    }
    if (search->other == NULL) {
        find_decider(lint, search, view, rule);
    }
    return true;
}

/* ---- telling ----------------------------------------------------------------------------- */

static void
tell(const struct sp_lint *lint, struct sp_rules_slice slice)
{
    const struct sp_rules_find *find = &slice.at[0];
    struct sp_diag *diag = sp_report_add(
        lint->report, 301, sp_rules_place(lint, slice), "%s: %s never decide%s",
        sp_rules_names(lint, slice), slice.is_one_rule ? "this rule" : "these rules",
        slice.is_one_rule ? "s" : "");

    sp_rules_relate(lint, diag, slice,
                    find->rule->condition_count > 0 && find->other->condition_count == 0
                        ? "this rule decides, without conditions"
                        : "this rule decides");
    sp_report_help(lint->report, diag, "remove the %s here, or what decides in its place",
                   slice.count == 1 ? "name" : "names");
    diag->witness = find->witness;
}

static void
take(const struct sp_lint *lint, const struct sp_lint_view *view,
     const struct sp_rules_pair *pair, void *user)
{
    (void)lint;
    sp_rules_add(user, (struct sp_rules_find){
        .rule = pair->loser->rule, .call = view->call->call,
    });
}

static void
look_at_rule(const struct sp_lint *lint, const struct sp_lint_call *call,
             const struct sp_rule *rule, bool *idle, struct sp_rules_finds *finds)
{
    struct search search = { .rule = rule, .idle = idle };

    sp_lint_each_view(lint, call, look, &search);
    if (!search.is_there || search.decides) {
        return;
    }
    idle[rule - lint->profile->rules] = true;
    if (search.other == NULL || finds == NULL) {
        return;
    }
    struct sp_rules_find *find = sp_rules_add(finds, (struct sp_rules_find){
        .rule = rule, .other = search.other, .call = call->call,
    });
    if (find != NULL) {
        find->witness = search.witness;
    }
}

/* From the last rule to the first, so that of two that say the same the second is idle; those
 * of which another finding speaks before all others. */
static void
look_at_call(const struct sp_lint *lint, const struct sp_lint_call *call, bool *idle,
             const struct sp_rules_finds *told, struct sp_rules_finds *finds)
{
    for (size_t i = call->rule_count; i-- > 0;) {
        if (sp_rules_has(told, call->rules[i], call->call)) {
            look_at_rule(lint, call, call->rules[i], idle, NULL);
        }
    }
    for (size_t i = call->rule_count; i-- > 0;) {
        if (!sp_rules_has(told, call->rules[i], call->call)) {
            look_at_rule(lint, call, call->rules[i], idle, finds);
        }
    }
    for (size_t i = 0; i < call->rule_count; i++) {
        idle[call->rules[i] - lint->profile->rules] = false;
    }
}

void
sp_check_rule_never_decides(const struct sp_lint *lint)
{
    static const unsigned others = 1 << SP_RULES_CONFLICT | 1 << SP_RULES_CLASH
        | 1 << SP_RULES_GUARDED | 1 << SP_RULES_SWALLOWED | 1 << SP_RULES_NARROWED
        | 1 << SP_RULES_ORDERED;
    SP_SCRATCH(scratch);
    struct sp_rules_finds told = { .arena = &scratch };
    struct sp_rules_finds finds = { .arena = &scratch };
    bool *idle = sp_arena_new_array(&scratch, lint->profile->rule_count + 1, bool);

    if (idle == NULL) {
        sp_names_complete(lint, &scratch);
        return;
    }
    sp_rules_each_pair(lint, others, take, &told);
    for (size_t i = 0; i < lint->meaning->calls.count; i++) {
        const struct sp_lint_call *call = &lint->meaning->calls.at[i];
        if (call->rule_count > 1 && call->rule_count <= RULES_MAX) {
            look_at_call(lint, call, idle, &told, &finds);
        }
    }
    sp_rules_tell(lint, &finds, tell);
}
