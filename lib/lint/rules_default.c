/* SP302: rules that answer like the default action. */
#include "lint/meaning_rules.h"
#include "lint/names_find.h"
#include "lint/rules_find.h"

enum kind {
    AS_DEFAULT,   /* the rule changes nothing, and nothing else was meant */
    CARVED_OUT,   /* it was meant to take something out of another rule */
};

struct search {
    struct sp_rules_finds *finds;
    const struct sp_rule *rule;
    const struct sp_kb_syscall *call;
    bool is_told;
};

/* ---- environments ------------------------------------------------------------------------ */

/* The rule as an environment has it; NULL when its guards keep it out. */
static const struct sp_oci_rule *
find_kept(const struct sp_meaning *meaning, const struct sp_rule *rule)
{
    for (size_t i = 0; i < meaning->oci.rules.count; i++) {
        if (meaning->oci.rules.at[i].rule == rule) {
            return &meaning->oci.rules.at[i];
        }
    }
    return NULL;
}

/* ---- what the rule was meant to take away ------------------------------------------------ */

/* The condition of a rule as it is written; 0 when no engine takes it. */
static sp_dd
condition_of(const struct sp_lint *lint, const struct sp_rule *rule, unsigned bits)
{
    struct sp_dd_store *store = lint->meaning->store;
    sp_dd all = sp_dd_leaf(store, 1);

    for (size_t i = 0; i < rule->condition_count; i++) {
        const struct sp_condition *written = &rule->conditions[i];
        if (written->op == SP_OPERATOR_NONE || written->index.value >= SP_ARGS) {
            return sp_dd_leaf(store, 0);
        }
        struct sp_filter_condition condition = sp_filter_condition_of(written);
        struct sp_filter_rule one = { .conditions = &condition, .condition_count = 1 };
        all = sp_dd_and(store, all, sp_modelled_condition(store, &one, bits));
    }
    return all;
}

/* Would a reader expect `rule` to take its calls out of `other`?  It says less than the other
 * does, or it stands first, and the other is no exception for some containers. */
static bool
is_meant(const struct sp_lint *lint, const struct sp_rule *rule, const struct sp_rule *other,
         unsigned bits)
{
    struct sp_dd_store *store = lint->meaning->store;
    bool is_guarded = sp_rules_is_guarded(lint, rule);
    sp_dd here = condition_of(lint, rule, bits);
    sp_dd there = condition_of(lint, other, bits);

    if (sp_rules_is_guarded(lint, other) && !is_guarded) {
        return false;
    }
    bool is_part = here != there
        && sp_dd_and(store, here, sp_dd_not(store, there)) == sp_dd_leaf(store, 0);
    bool is_whole = here != there
        && sp_dd_and(store, there, sp_dd_not(store, here)) == sp_dd_leaf(store, 0);
    return is_part || (rule < other && !is_whole);
}

static uint32_t
is_other(uint32_t verdict, void *by_default)
{
    return verdict != *(const sp_verdict *)by_default;
}

static bool
look(const struct sp_lint *lint, const struct sp_lint_view *view, void *user)
{
    struct search *search = user;
    struct sp_dd_store *store = lint->meaning->store;
    sp_verdict by_default = view->meaning->rules.default_verdict;
    uint64_t args[SP_ARGS];
    uint32_t got;

    if (view->rules == NULL || find_kept(view->meaning, search->rule) == NULL) {
        return true;
    }
    sp_dd enforced = sp_lint_verdicts(view, SP_READING_ENFORCED);
    sp_dd here = condition_of(lint, search->rule, view->arch->bits);
    sp_dd lost = sp_dd_and(store, here, sp_dd_map(store, enforced, is_other, &by_default));
    if (!sp_dd_find(store, lost, NULL, NULL, args)
        || !sp_dd_eval(store, enforced, args, &got)) {
        return true;
    }
    const struct sp_rule *other = sp_lint_decider(view, args);
    if (other == NULL || other == search->rule
        || !is_meant(lint, search->rule, other, view->arch->bits)) {
        return true;
    }
    struct sp_rules_find *find = sp_rules_add(search->finds, (struct sp_rules_find){
        .rule = search->rule, .other = other, .call = search->call, .kind = CARVED_OUT,
        .verdict = by_default, .against = got,
    });
    if (find != NULL) {
        find->witness = sp_lint_witness(lint, view, args, got);
        if (find->witness != NULL) {
            find->witness->has_instead = true;
            find->witness->instead = by_default;
            find->witness->instead_is = "this rule";
        }
    }
    search->is_told = true;
    return false;
}

/* ---- telling ----------------------------------------------------------------------------- */

static void
tell(const struct sp_lint *lint, struct sp_rules_slice slice)
{
    const struct sp_rules_find *find = &slice.at[0];
    struct sp_diag *diag;

    if (find->kind == CARVED_OUT) {
        diag = sp_report_add(
            lint->report, 302, sp_rules_place(lint, slice),
            "%s: this rule takes nothing out of the other one: %s is the default action, and "
            "such rules are dropped", sp_rules_names(lint, slice),
            sp_rules_verdict(lint, find->verdict));
        diag->severity = SP_SEVERITY_WARNING;
        sp_rules_relate(lint, diag, slice, "this rule decides");
        sp_report_help(lint->report, diag, "narrow the conditions of the other rule");
        diag->witness = find->witness;
        return;
    }
    const struct sp_node *node = find->rule->action_node;
    diag = sp_report_add(
        lint->report, 302, sp_at_node(lint->doc, node == NULL ? find->rule->node : node),
        "%s: %s is the default action, %s", sp_rules_names(lint, slice),
        sp_rules_verdict(lint, find->verdict),
        slice.is_one_rule ? "this rule changes nothing" : "these rules change nothing");
    sp_report_help(lint->report, diag, "remove the rule, or keep it as a note for readers: "
                   "engines drop it");
}

/* ---- the rule ---------------------------------------------------------------------------- */

static void
look_at_call(const struct sp_lint *lint, struct sp_rules_finds *finds,
             const struct sp_rule *rule, const struct sp_lint_call *call, sp_verdict verdict)
{
    struct search search = { .finds = finds, .rule = rule, .call = call->call };

    if (call->rule_count > 1) {
        sp_lint_each_view(lint, call, look, &search);
    }
    if (!search.is_told) {
        sp_rules_add(finds, (struct sp_rules_find){
            .rule = rule, .call = call->call, .kind = AS_DEFAULT, .verdict = verdict,
        });
    }
}

/* The environments in which a rule may be there: those of any call that it names. */
static bool
find_scenes(const struct sp_lint *lint, const struct sp_rule *rule,
            struct sp_scene_list *ret_list)
{
    for (size_t i = 0; i < rule->names.count; i++) {
        const struct sp_kb_syscall *call = sp_kb_syscall_find(rule->names.at[i].text);
        if (call != NULL) {
            return sp_scenes_of(lint->meaning->scenes, (uint16_t)sp_kb_syscall_index(call),
                                ret_list);
        }
    }
    return false;
}

static bool
is_default(const struct sp_lint *lint, const struct sp_rule *rule, sp_verdict *ret_verdict)
{
    struct sp_scene_list list;

    if (rule->action == SP_ACTION_NONE || rule->action != lint->profile->default_action
        || !find_scenes(lint, rule, &list)) {
        return false;
    }
    for (size_t i = 0; i < list.count; i++) {
        const struct sp_meaning *meaning = list.at[i].meaning;
        const struct sp_oci_rule *kept =
            meaning->start == SP_START_FILTER ? find_kept(meaning, rule) : NULL;
        if (kept != NULL) {
            *ret_verdict = meaning->rules.default_verdict;
            return sp_filter_verdict(rule->action, kept->error) == *ret_verdict;
        }
    }
    return false;
}

static void
look_at_rule(const struct sp_lint *lint, const struct sp_lint_call *const *calls,
             struct sp_rules_finds *finds, const struct sp_rule *rule)
{
    sp_verdict verdict;

    if (!is_default(lint, rule, &verdict)) {
        return;
    }
    for (size_t i = 0; i < rule->names.count; i++) {
        const struct sp_kb_syscall *call = sp_kb_syscall_find(rule->names.at[i].text);
        if (call != NULL) {
            look_at_call(lint, finds, rule, calls[sp_kb_syscall_index(call)], verdict);
        }
    }
}

void
sp_check_equal_to_default(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct sp_rules_finds finds = { .arena = &scratch };
    const struct sp_lint_call **calls =
        sp_arena_new_array(&scratch, sp_kb_syscalls_count, const struct sp_lint_call *);

    for (size_t i = 0; calls != NULL && i < lint->meaning->calls.count; i++) {
        calls[lint->meaning->calls.at[i].row] = &lint->meaning->calls.at[i];
    }
    for (size_t i = 0; calls != NULL && i < lint->profile->rule_count; i++) {
        look_at_rule(lint, calls, &finds, &lint->profile->rules[i]);
    }
    sp_rules_tell(lint, &finds, tell);
}
