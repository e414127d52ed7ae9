/* SP410 and SP413: `value` and `valueTwo`, which of them is the mask, and masks of 0. */
#include "lint/args_find.h"
#include "lint/meaning_rules.h"
#include "lint/names_find.h"

#include <inttypes.h>

/* ---- SP410: valueTwo where nothing reads it ---------------------------------------------- */

static bool
is_ignored(const struct sp_condition *condition)
{
    return condition->op != SP_OPERATOR_NONE && condition->op != SP_OPERATOR_MASKED_EQ
        && condition->value_two.given && condition->value_two.value != 0;
}

/* The rest of them, so that a file whose tool writes them everywhere gets one finding. */
static void
relate_rest(const struct sp_lint *lint, struct sp_diag *diag, size_t count)
{
    if (count > 1) {
        sp_report_label(lint->report, diag, "and so are %zu more in this file", count - 1);
    }
}

static void
tell_ignored(const struct sp_lint *lint)
{
    const struct sp_condition *first = NULL;
    size_t count = 0;

    for (size_t i = 0; i < lint->profile->rule_count; i++) {
        const struct sp_rule *rule = &lint->profile->rules[i];
        for (size_t j = 0; j < rule->condition_count; j++) {
            if (is_ignored(&rule->conditions[j])) {
                first = first == NULL ? &rule->conditions[j] : first;
                count++;
            }
        }
    }
    if (first == NULL) {
        return;
    }
    struct sp_diag *diag = sp_report_add(
        lint->report, 410, sp_at_node(lint->doc, first->value_two.node),
        "valueTwo %" PRIu64 " is ignored: %s compares with `value` alone",
        first->value_two.value, sp_args_operator(first));
    relate_rest(lint, diag, count);
    sp_report_help(lint->report, diag,
                   "leave valueTwo out; only SCMP_CMP_MASKED_EQ reads it, as what to compare "
                   "with");
}

/* ---- SP410: datum and mask the other way round ------------------------------------------- */

static bool
is_masked(const struct sp_condition *condition)
{
    return condition->op == SP_OPERATOR_MASKED_EQ && sp_args_is_readable(condition);
}

/* -1 compared under a mask of 32 bits: what is cut off says nothing else. */
static bool
is_sign(uint64_t mask, uint64_t outside)
{
    return mask == UINT32_MAX && outside == ~mask;
}

/* The argument equals valueTwo, or under valueTwo as mask it equals value. */
static sp_dd
meant(struct sp_dd_store *store, const struct sp_condition *condition)
{
    uint64_t value = condition->value.value, two = condition->value_two.value;
    unsigned arg = sp_args_index(condition);

    return sp_dd_or(store, sp_dd_compare(store, arg, SP_DD_EQ, UINT64_MAX, two),
                    sp_dd_compare(store, arg, SP_DD_EQ, two, value));
}

/* A call for which the condition holds although neither reading of it would. */
static struct sp_witness *
find_surprise(const struct sp_lint *lint, const struct sp_args_use *use,
              const struct sp_condition *condition)
{
    struct sp_dd_store *store = lint->meaning->store;
    sp_dd others = sp_args_others_compared(use->view, use->rule, condition);
    sp_dd holds = sp_dd_and(store, others, sp_args_compared(use->view, condition));
    sp_dd surprise = sp_dd_and(store, holds, sp_dd_not(store, meant(store, condition)));
    uint64_t args[SP_ARGS];

    return sp_dd_find(store, surprise, NULL, NULL, args)
        || sp_dd_find(store, holds, NULL, NULL, args)
        ? sp_args_witness(lint, use->view, args) : NULL;
}

static void
look_for_swapped(const struct sp_lint *lint, const struct sp_args_use *use, void *user)
{
    for (size_t i = 0; i < use->rule->condition_count; i++) {
        const struct sp_condition *condition = &use->rule->conditions[i];
        uint64_t outside = condition->value_two.value & ~condition->value.value;
        if (!is_masked(condition) || condition->value.value == 0 || outside == 0
            || is_sign(condition->value.value, outside)) {
            continue;
        }
        struct sp_args_find *find = sp_args_note(user, use->view, use->rule, condition, 0);
        if (find != NULL && find->witness == NULL) {
            find->witness = find_surprise(lint, use, condition);
        }
    }
}

static void
add_swap(const struct sp_lint *lint, struct sp_diag *diag, const struct sp_condition *condition)
{
    sp_report_edit(lint->report, diag, condition->value.node->span, "%" PRIu64,
                   condition->value_two.value);
    sp_report_edit(lint->report, diag, condition->value_two.node->span, "%" PRIu64,
                   condition->value.value);
}

static void
tell_swapped(const struct sp_lint *lint, const struct sp_args_find *find)
{
    const struct sp_condition *condition = find->condition;
    uint64_t mask = condition->value.value, datum = condition->value_two.value;
    bool looks_swapped = (mask & ~datum) == 0;
    struct sp_diag *diag = sp_report_add(
        lint->report, 410, sp_at_node(lint->doc, condition->value_two.node),
        "valueTwo 0x%" PRIx64 " has bits outside of the mask 0x%" PRIx64
        ", and the filter compares with 0x%" PRIx64, datum, mask, datum & mask);

    diag->severity = SP_SEVERITY_WARNING;
    diag->witness = find->witness;
    if (looks_swapped) {
        sp_report_label(lint->report, diag, "this looks like the mask");
        sp_report_help(lint->report, diag,
                       "swap them: `value` is the mask, `valueTwo` what to compare with");
        add_swap(lint, diag, condition);
    } else {
        sp_report_help(lint->report, diag,
                       "`value` is the mask: add the missing bits to it, or take them out of "
                       "`valueTwo`");
    }
}

void
sp_check_value_two(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct sp_args_finds finds = { .arena = &scratch };

    tell_ignored(lint);
    sp_args_each_use(lint, NULL, look_for_swapped, &finds);
    sp_args_tell_all(lint, &finds, tell_swapped);
}

/* ---- SP413: a mask of 0 ------------------------------------------------------------------ */

/* Does another rule of the call have conditions, which the one without any wipes away? */
static bool
wipes_others(const struct sp_args_use *use)
{
    for (size_t i = 0; i < use->view->rules->count; i++) {
        const struct sp_filter_rule *other = &use->view->rules->rules[i];
        if (other->rule != use->rule && other->condition_count > 0
            && use->rule->condition_count == 1) {
            return true;
        }
    }
    return false;
}

/* Neither what valueTwo equals, nor one without its bits. */
static void
find_unmasked(const struct sp_lint *lint, const struct sp_args_use *use,
              struct sp_args_find *find)
{
    struct sp_dd_store *store = lint->meaning->store;
    sp_dd others = sp_args_others_compared(use->view, use->rule, find->condition);
    uint64_t two = find->condition->value_two.value;
    uint64_t args[SP_ARGS];

    if (sp_dd_find(store, others, NULL, NULL, args)) {
        args[find->condition->index.value] = two == 0 ? 1 : two & (~two + 1);
        find->witness = sp_args_witness(lint, use->view, args);
    }
}

static void
look_for_zero(const struct sp_lint *lint, const struct sp_args_use *use, void *user)
{
    for (size_t i = 0; i < use->rule->condition_count; i++) {
        const struct sp_condition *condition = &use->rule->conditions[i];
        if (!is_masked(condition) || condition->value.value != 0) {
            continue;
        }
        struct sp_args_find *find = sp_args_note(user, use->view, use->rule, condition, 0);
        if (find != NULL) {
            find->value |= wipes_others(use);
        }
        if (find != NULL && find->witness == NULL) {
            find_unmasked(lint, use, find);
        }
    }
}

static void
tell_zero(const struct sp_lint *lint, const struct sp_args_find *find)
{
    const struct sp_condition *condition = find->condition;
    uint64_t two = condition->value_two.value;
    bool wipes = find->value != 0;
    struct sp_diag *diag = sp_report_add(
        lint->report, 413, sp_args_place(lint, condition),
        "SCMP_CMP_MASKED_EQ with the mask 0 holds for every value of %s%s",
        sp_args_name(lint, find->calls.at[0], sp_args_index(condition)),
        wipes ? ", and the call's other conditions are lost" : "");

    diag->witness = find->witness;
    if (two == 0 && !wipes) {
        diag->severity = SP_SEVERITY_WARNING;
        sp_report_help(lint->report, diag,
                       "remove the condition, or write a mask into `value`");
    } else if (two == 0) {
        sp_report_help(lint->report, diag, "write a mask into `value`, or remove the rule");
    } else {
        sp_report_help(lint->report, diag,
                       "write the mask into `value`: it is `valueTwo` that the masked argument "
                       "is compared with");
    }
}

void
sp_check_masked_zero(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct sp_args_finds finds = { .arena = &scratch };

    sp_args_each_use(lint, NULL, look_for_zero, &finds);
    sp_args_tell_all(lint, &finds, tell_zero);
}
