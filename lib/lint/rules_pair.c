#include "lint/rules_pair.h"

#include "lint/rules_find.h"

/* Pairs with conditions that are compared in one file; past these, only those without. */
enum { COMPARED_MAX = 2000 };

enum {
    ABOUT_CONDITIONS = 1 << SP_RULES_SWALLOWED | 1 << SP_RULES_NARROWED | 1 << SP_RULES_ORDERED,
};

struct search {
    unsigned kinds;
    sp_rules_pair_visit *visit;
    void *user;
    size_t compared;
};

/* Two rules of a view, the first one listed before the second. */
struct two {
    const struct sp_lint *lint;
    const struct sp_lint_view *view;
    const struct sp_filter_rule *first;
    const struct sp_filter_rule *second;
    sp_dd enforced;
};

/* ---- rules that are passed over ---------------------------------------------------------- */

/* Does some argument stand twice? */
static bool
repeats(const struct sp_rule *rule)
{
    uint64_t seen = 0;

    for (size_t i = 0; i < rule->condition_count; i++) {
        uint64_t bit = UINT64_C(1) << (rule->conditions[i].index.value & 63);
        if ((seen & bit) != 0) {
            return true;
        }
        seen |= bit;
    }
    return false;
}

bool
sp_rules_is_odd(const struct sp_filter_rule *rule, unsigned bits)
{
    uint64_t width = bits == 32 ? UINT32_MAX : UINT64_MAX;

    for (size_t i = 0; i < rule->condition_count; i++) {
        const struct sp_filter_condition *condition = &rule->conditions[i];
        bool is_masked = condition->op == SP_OPERATOR_MASKED_EQ;
        if ((condition->datum & ~width) != 0 || (condition->mask & width) == 0
            || (is_masked && (condition->mask & ~width) != 0)) {
            return true;
        }
    }
    return repeats(rule->rule);
}

/* ---- which kind -------------------------------------------------------------------------- */

static sp_dd
condition_of(const struct two *two, const struct sp_filter_rule *rule)
{
    return sp_modelled_condition(two->lint->meaning->store, rule, two->view->arch->bits);
}

/* Does `rule` hold for a part only of what `than` holds for? */
static bool
is_narrower(const struct two *two, const struct sp_filter_rule *rule,
            const struct sp_filter_rule *than)
{
    struct sp_dd_store *store = two->lint->meaning->store;
    sp_dd here = condition_of(two, rule);
    sp_dd there = condition_of(two, than);

    return here != there
        && sp_dd_and(store, here, sp_dd_not(store, there)) == sp_dd_leaf(store, 0);
}

/* Would the verdict be another one if the two rules changed places? */
static bool
depends_on_order(const struct two *two, const struct sp_rules_pair *pair)
{
    SP_SCRATCH(scratch);
    const struct sp_lint_view *view = two->view;
    const struct sp_meaning *meaning = view->meaning;
    struct sp_dd_store *store = two->lint->meaning->store;
    size_t count = view->rules->count;
    struct sp_filter_rule *list = sp_arena_new_array(&scratch, count, struct sp_filter_rule);
    struct sp_modelled swapped;
    uint32_t verdict;

    if (list == NULL) {
        two->lint->arena->failed = true;
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct sp_filter_rule *rule = &view->rules->rules[i];
        list[i] = rule == two->first ? *two->second : rule == two->second ? *two->first : *rule;
    }
    return sp_modelled_make(store, list, count, view->arch->bits,
                            meaning->rules.default_verdict, meaning->environment.libseccomp,
                            &swapped)
        && sp_dd_eval(store, swapped.meaning, pair->args, &verdict)
        && verdict != pair->winner->verdict;
}

/* The first of two rules without conditions has won. */
static enum sp_rules_kind
kind_of_plain(const struct two *two, const struct sp_rules_pair *pair)
{
    bool loser = sp_rules_is_guarded(two->lint, pair->loser->rule);
    bool winner = sp_rules_is_guarded(two->lint, pair->winner->rule);

    if (pair->winner != two->first || (winner && !loser)) {
        return SP_RULES_APART;
    }
    if (!winner) {
        return loser ? SP_RULES_GUARDED : SP_RULES_CONFLICT;
    }
    return sp_rules_same_guards(pair->loser->rule, pair->winner->rule) ? SP_RULES_CONFLICT
                                                                       : SP_RULES_CLASH;
}

static enum sp_rules_kind
kind_of(const struct two *two, const struct sp_rules_pair *pair)
{
    bool is_first = pair->loser == two->first;

    if (pair->loser->condition_count == 0 && pair->winner->condition_count == 0) {
        return kind_of_plain(two, pair);
    }
    /* An exception for some containers is meant to win. */
    if (sp_rules_is_guarded(two->lint, pair->winner->rule)
        && !sp_rules_is_guarded(two->lint, pair->loser->rule)) {
        return SP_RULES_APART;
    }
    if (pair->winner->condition_count == 0) {
        return SP_RULES_SWALLOWED;
    }
    if (is_narrower(two, pair->loser, pair->winner)) {
        return !is_first && depends_on_order(two, pair) ? SP_RULES_ORDERED : SP_RULES_SWALLOWED;
    }
    bool is_winner_narrower = is_narrower(two, pair->winner, pair->loser);
    if (is_first) {
        return is_winner_narrower ? SP_RULES_NARROWED : SP_RULES_SWALLOWED;
    }
    return !is_winner_narrower && depends_on_order(two, pair) ? SP_RULES_ORDERED
                                                              : SP_RULES_APART;
}

/* ---- looking ----------------------------------------------------------------------------- */

/* Does the filter do what libseccomp's algorithm says?  Elsewhere SP414 speaks. */
static bool
is_modelled(const struct two *two)
{
    const struct sp_lint_view *view = two->view;
    unsigned hazards = sp_meaning_hazards(view->meaning, view->arch, view->nr);

    return hazards == 0
        || (hazards == SP_HAZARD_LENT_BLOCK
            && sp_lint_verdicts(view, SP_READING_MODELLED)
                   == sp_lint_verdicts(view, SP_READING_ENFORCED));
}

static uint32_t
is_verdict(uint32_t value, void *wanted)
{
    return value == *(const sp_verdict *)wanted;
}

static void
visit(struct search *search, const struct two *two, const struct sp_rules_pair *pair)
{
    if ((search->kinds >> pair->kind & 1) != 0) {
        search->visit(two->lint, two->view, pair, search->user);
    }
}

/* A rule without conditions decides for all others of its call: the first one, where there are
 * several. */
static const struct sp_filter_rule *
find_plain(const struct sp_arch_call *call)
{
    for (size_t i = 0; i < call->count; i++) {
        if (call->rules[i].condition_count == 0) {
            return &call->rules[i];
        }
    }
    return NULL;
}

static void
look_at_winner(struct search *search, const struct two *two, sp_dd both,
               const struct sp_filter_rule *winner, const struct sp_filter_rule *loser)
{
    struct sp_dd_store *store = two->lint->meaning->store;
    const struct sp_filter_rule *plain = find_plain(two->view->rules);
    struct sp_rules_pair pair = { .loser = loser, .winner = winner };
    sp_verdict wanted = winner->verdict;

    if (plain != NULL && plain != winner) {
        return;
    }
    sp_dd won = sp_dd_and(store, both, sp_dd_map(store, two->enforced, is_verdict, &wanted));

    if (sp_dd_find(store, won, NULL, NULL, pair.args)) {
        pair.kind = kind_of(two, &pair);
        visit(search, two, &pair);
    }
}

/* A guarded rule beside one that says the same without a guard. */
static void
look_at_same(struct search *search, const struct two *two)
{
    bool is_first_guarded = sp_rules_is_guarded(two->lint, two->first->rule);
    struct sp_rules_pair pair = {
        .kind = SP_RULES_GUARDED,
        .loser = is_first_guarded ? two->first : two->second,
        .winner = is_first_guarded ? two->second : two->first,
    };

    if (pair.winner->condition_count == 0
        && is_first_guarded != sp_rules_is_guarded(two->lint, two->second->rule)) {
        visit(search, two, &pair);
    }
}

static void
look_at(struct search *search, struct two *two)
{
    struct sp_dd_store *store = two->lint->meaning->store;
    const struct sp_lint_view *view = two->view;
    bool is_plain = two->first->condition_count == 0 && two->second->condition_count == 0;
    unsigned bits = view->arch->bits;

    if (two->first->rule == two->second->rule || two->first->call != view->call->row
        || two->second->call != view->call->row || sp_rules_is_odd(two->first, bits)
        || sp_rules_is_odd(two->second, bits)) {
        return;
    }
    if (two->first->verdict == two->second->verdict) {
        look_at_same(search, two);
        return;
    }
    if (!is_plain && ((search->kinds & ABOUT_CONDITIONS) == 0
                      || search->compared++ > COMPARED_MAX || !is_modelled(two))) {
        return;
    }
    two->enforced = sp_lint_verdicts(view, SP_READING_ENFORCED);
    sp_dd both = sp_dd_and(store, condition_of(two, two->first),
                           condition_of(two, two->second));
    look_at_winner(search, two, both, two->first, two->second);
    look_at_winner(search, two, both, two->second, two->first);
}

static bool
look(const struct sp_lint *lint, const struct sp_lint_view *view, void *user)
{
    if (view->rules == NULL) {
        return true;
    }
    for (size_t i = 0; i < view->rules->count; i++) {
        for (size_t j = i + 1; j < view->rules->count; j++) {
            struct two two = {
                .lint = lint, .view = view,
                .first = &view->rules->rules[i], .second = &view->rules->rules[j],
            };
            if (two.first->verdict != two.second->verdict || two.first->condition_count == 0
                || two.second->condition_count == 0) {
                look_at(user, &two);
            }
        }
    }
    return true;
}

void
sp_rules_each_pair(const struct sp_lint *lint, unsigned kinds, sp_rules_pair_visit *visit_pair,
                   void *user)
{
    struct search search = { .kinds = kinds, .visit = visit_pair, .user = user };

    for (size_t i = 0; i < lint->meaning->calls.count; i++) {
        if (lint->meaning->calls.at[i].rule_count > 1) {
            sp_lint_each_view(lint, &lint->meaning->calls.at[i], look, &search);
        }
    }
}
