/* SP309: rules of one name each that could be one rule. */
#include "lint/form_text.h"
#include "lint/meaning.h"
#include "lint/meaning_rules.h"
#include "lint/names_find.h"
#include "lint/rules_find.h"

/* Fewer rules than this are a matter of taste; places that are shown. */
enum { MANY = 5, RELATED_MAX = 2 };

struct group {
    const struct sp_rule *first;
    size_t count;
    const struct sp_rule **rules;
};

/* ---- alike ------------------------------------------------------------------------------- */

static bool
same_amount(const struct sp_amount *left, const struct sp_amount *right)
{
    return left->given == right->given && left->value == right->value;
}

static bool
same_conditions(const struct sp_rule *left, const struct sp_rule *right)
{
    bool same = left->condition_count == right->condition_count;

    for (size_t i = 0; i < left->condition_count && same; i++) {
        const struct sp_condition *a = &left->conditions[i];
        const struct sp_condition *b = &right->conditions[i];
        same = a->op == b->op && a->index.value == b->index.value
            && a->value.value == b->value.value && a->value_two.value == b->value_two.value;
    }
    return same;
}

static bool
is_alike(const struct sp_rule *left, const struct sp_rule *right)
{
    return left->action == right->action && same_amount(&left->errno_ret, &right->errno_ret)
        && sp_str_equal(left->errno_name.text, right->errno_name.text)
        && same_conditions(left, right) && sp_rules_same_guards(left, right);
}

/* A comment is a reason to stand apart. */
static bool
is_single(const struct sp_rule *rule)
{
    return rule->names.count == 1 && rule->comment.text.len == 0
        && rule->action != SP_ACTION_NONE;
}

/* ---- telling ----------------------------------------------------------------------------- */

static void
add_name(const struct sp_lint *lint, struct sp_buf *buf, const void *rules_, size_t index)
{
    const struct sp_rule *const *rules = rules_;

    sp_buf_format(buf, "`%s`", sp_form_show(lint, rules[index]->names.at[0].text));
}

static void
tell(const struct sp_lint *lint, const struct group *group)
{
    struct sp_diag *diag = sp_report_add(
        lint->report, 309, sp_at_node(lint->doc, group->first->names.at[0].node),
        "%zu rules with one name each say the same: %s", group->count,
        sp_names_join(lint, group->rules, group->count, SP_NAMES_LISTED, add_name));

    for (size_t i = 1; i < group->count && i <= RELATED_MAX; i++) {
        sp_report_related(lint->report, diag,
                          sp_at_node(lint->doc, group->rules[i]->names.at[0].node),
                          "the same here");
    }
    sp_report_help(lint->report, diag, "write one rule with %zu names", group->count);
}

/* ---- the rule ---------------------------------------------------------------------------- */

/* Groups are few: rules of a file differ in little but their names. */
enum { GROUPS_MAX = 64 };

static void
add(const struct sp_lint *lint, struct group *groups, size_t *count, const struct sp_rule *rule,
    struct sp_arena *arena)
{
    for (size_t i = 0; i < *count; i++) {
        if (is_alike(groups[i].first, rule)) {
            groups[i].rules[groups[i].count++] = rule;
            return;
        }
    }
    if (*count == GROUPS_MAX) {
        return;
    }
    struct group *group = &groups[*count];
    *group = (struct group){
        .first = rule, .count = 1,
        .rules = sp_arena_new_array(arena, lint->profile->rule_count, const struct sp_rule *),
    };
    if (group->rules != NULL) {
        group->rules[0] = rule;
        (*count)++;
    }
}

void
sp_check_split_rules(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct group groups[GROUPS_MAX];
    size_t count = 0;

    for (size_t i = 0; i < lint->profile->rule_count; i++) {
        if (is_single(&lint->profile->rules[i])) {
            add(lint, groups, &count, &lint->profile->rules[i], &scratch);
        }
    }
    for (size_t i = 0; i < count && sp_names_complete(lint, &scratch); i++) {
        if (groups[i].count >= MANY) {
            tell(lint, &groups[i]);
        }
    }
    sp_names_complete(lint, &scratch);
}
