/* SP401: upper bits of an argument that the filter compares and the kernel does not read. */
#include "lint/args_width.h"

#include "lint/meaning_rules.h"

#include <string.h>

/* Rules with the fault that one view is asked for; each is found by a call of its own. */
enum { ROUNDS = 16 };

/* One call with the bits that the kernel does not read. */
struct narrow {
    const struct sp_lint_view *view;
    uint64_t unread[SP_ARGS];  /* 0 = it reads all that the filter compares */
    sp_dd runs;
    struct sp_args_finds *finds;
};

/* None of a 32-bit ABI, whose registers are cut before the filter sees them. */
static uint64_t
unread(const struct sp_lint_view *view, unsigned arg)
{
    const struct sp_kb_arg *known = sp_args_kb(view->call->call, arg);

    if (view->arch->bits != 64 || known == NULL || known->bits == 0 || known->bits >= 64) {
        return 0;
    }
    return UINT64_MAX << known->bits;
}

/* Where the unread bits of all arguments, but for one, are 0. */
static sp_dd
clean_but(struct sp_dd_store *store, const struct narrow *narrow, unsigned but)
{
    sp_dd clean = sp_dd_leaf(store, 1);

    for (unsigned arg = 0; arg < SP_ARGS; arg++) {
        if (arg != but && narrow->unread[arg] != 0) {
            clean = sp_dd_and(store, clean,
                              sp_dd_compare(store, arg, SP_DD_EQ, narrow->unread[arg], 0));
        }
    }
    return clean;
}

/* The condition for any unread bits of all arguments. */
static sp_dd
with_any(struct sp_dd_store *store, const struct narrow *narrow, sp_dd condition)
{
    for (unsigned arg = 0; arg < SP_ARGS; arg++) {
        if (narrow->unread[arg] != 0) {
            condition = sp_dd_any(store, condition, arg, narrow->unread[arg]);
        }
    }
    return condition;
}

/* Calls without unread bits that are refused, and run once some are set: in one argument,
 * or, for SP_ARGS, in any. */
static sp_dd
slips_of(struct sp_dd_store *store, const struct narrow *narrow, unsigned arg)
{
    sp_dd clean = clean_but(store, narrow, SP_ARGS);
    sp_dd refused = sp_dd_and(store, clean, sp_dd_not(store, narrow->runs));
    sp_dd some;

    if (arg < SP_ARGS) {
        some = sp_dd_and(store, narrow->runs, clean_but(store, narrow, arg));
        some = sp_dd_any(store, some, arg, narrow->unread[arg]);
    } else {
        some = with_any(store, narrow, narrow->runs);
    }
    return sp_dd_and(store, refused, some);
}

/* ---- a call that people know ------------------------------------------------------------- */

static bool
find_value(struct sp_dd_store *store, sp_dd slips, unsigned arg, uint64_t value,
           uint64_t ret_twin[SP_ARGS])
{
    sp_dd here = sp_dd_compare(store, arg, SP_DD_EQ, UINT64_MAX, value);

    return value != 0 && sp_dd_find(store, sp_dd_and(store, slips, here), NULL, NULL, ret_twin);
}

/* A value that the profile names, else one that has a name, else the smallest. */
static bool
find_twin(struct sp_dd_store *store, const struct narrow *narrow, sp_dd slips, unsigned arg,
          uint64_t ret_twin[SP_ARGS])
{
    const struct sp_lint_call *call = narrow->view->call;
    const struct sp_kb_set *set = arg < SP_ARGS ? sp_kb_set_of(call->call, arg) : NULL;

    for (size_t i = 0; arg < SP_ARGS && i < call->rule_count; i++) {
        const struct sp_condition *condition = sp_lint_condition_on(call->rules[i], arg);
        if (condition != NULL
            && find_value(store, slips, arg, condition->value.value, ret_twin)) {
            return true;
        }
    }
    for (size_t i = 0; set != NULL && i < set->values.count; i++) {
        if (find_value(store, slips, arg, sp_kb_constants[set->values.first + i].value,
                       ret_twin)) {
            return true;
        }
    }
    return sp_dd_find(store, slips, NULL, NULL, ret_twin);
}

/* The same call with unread bits, so that it runs. */
static bool
find_upper(struct sp_dd_store *store, const struct narrow *narrow, unsigned but,
           const uint64_t twin[SP_ARGS], uint64_t ret_args[SP_ARGS])
{
    sp_dd here = narrow->runs;

    for (unsigned arg = 0; arg < SP_ARGS; arg++) {
        uint64_t known = but < SP_ARGS && arg != but ? UINT64_MAX : ~narrow->unread[arg];
        here = sp_dd_and(store, here,
                         sp_dd_compare(store, arg, SP_DD_EQ, known, twin[arg] & known));
    }
    return sp_dd_find(store, here, NULL, NULL, ret_args);
}

/* ---- whose fault it is ------------------------------------------------------------------- */

unsigned
sp_args_first_difference(const uint64_t args[SP_ARGS], const uint64_t twin[SP_ARGS])
{
    unsigned arg = 0;

    while (arg < SP_ARGS - 1 && args[arg] == twin[arg]) {
        arg++;
    }
    return arg;
}

/* The rule that lets the call run by what it says of the argument, or that refuses the twin
 * so. */
static const struct sp_rule *
rule_at_fault(const struct sp_lint_view *view, const uint64_t args[SP_ARGS],
              const uint64_t twin[SP_ARGS])
{
    unsigned arg = sp_args_first_difference(args, twin);
    const struct sp_rule *rule = sp_lint_decider(view, args);

    if (rule == NULL || sp_lint_condition_on(rule, arg) == NULL) {
        rule = sp_lint_decider(view, twin);
    }
    return rule == NULL || sp_lint_condition_on(rule, arg) == NULL ? NULL : rule;
}

/* Who allows a value past the kernel's bits by its name means that value: a sign, extended. */
static bool
is_meant(const struct sp_condition *condition, uint64_t mask, uint64_t value)
{
    return condition->op == SP_OPERATOR_EQ && (condition->value.value & mask) != 0
        && condition->value.value == value;
}

static struct sp_witness *
show(const struct sp_lint *lint, const struct narrow *narrow, const uint64_t args[SP_ARGS],
     const uint64_t twin[SP_ARGS])
{
    sp_dd verdicts = sp_lint_verdicts(narrow->view, SP_READING_KERNEL);
    struct sp_witness *witness = sp_args_witness(lint, narrow->view, args);
    uint32_t instead;

    if (witness != NULL && sp_dd_eval(lint->meaning->store, verdicts, twin, &instead)) {
        sp_args_instead(witness, instead, NULL);
        witness->has_twin = true;
        memcpy(witness->twin, twin, sizeof witness->twin);
    }
    return witness;
}

static void
note(const struct sp_lint *lint, const struct narrow *narrow, const struct sp_rule *rule,
     const uint64_t args[SP_ARGS], const uint64_t twin[SP_ARGS])
{
    unsigned arg = sp_args_first_difference(args, twin);

    if (is_meant(sp_lint_condition_on(rule, arg), narrow->unread[arg], args[arg])) {
        return;
    }
    struct sp_args_find *find = sp_args_note(narrow->finds, narrow->view, rule, NULL, 0);
    if (find == NULL) {
        return;
    }
    for (unsigned i = 0; i < SP_ARGS; i++) {
        find->args |= args[i] != twin[i] && sp_lint_condition_on(rule, i) != NULL ? 1u << i : 0;
    }
    if (find->witness == NULL) {
        find->witness = show(lint, narrow, args, twin);
    }
}

/* Where the rule holds for some unread bits: what it is at fault for. */
static sp_dd
part_of(struct sp_dd_store *store, const struct narrow *narrow, const struct sp_rule *rule)
{
    sp_dd any = sp_dd_leaf(store, 0);

    for (size_t i = 0; narrow->view->rules != NULL && i < narrow->view->rules->count; i++) {
        const struct sp_filter_rule *taken = &narrow->view->rules->rules[i];
        if (taken->rule == rule) {
            any = sp_dd_or(store, any, sp_modelled_condition(store, taken, 64));
        }
    }
    return with_any(store, narrow, any);
}

/* Tells the rules one by one; true when there was any. */
static bool
find_rules(const struct sp_lint *lint, const struct narrow *narrow, unsigned arg)
{
    struct sp_dd_store *store = lint->meaning->store;
    sp_dd slips = slips_of(store, narrow, arg);
    uint64_t twin[SP_ARGS], args[SP_ARGS];
    unsigned round = 0;

    for (; round < ROUNDS && find_twin(store, narrow, slips, arg, twin); round++) {
        const struct sp_rule *rule = find_upper(store, narrow, arg, twin, args)
            ? rule_at_fault(narrow->view, args, twin) : NULL;
        if (rule == NULL) {
            break;
        }
        note(lint, narrow, rule, args, twin);
        sp_dd rest = sp_dd_and(store, slips, sp_dd_not(store, part_of(store, narrow, rule)));
        if (rest == slips) {
            break;
        }
        slips = rest;
    }
    return round > 0;
}

static bool
look(const struct sp_lint *lint, const struct sp_lint_view *view, void *user)
{
    struct sp_dd_store *store = lint->meaning->store;
    struct narrow narrow = {
        .view = view,
        .runs = sp_lint_runs(lint, sp_lint_verdicts(view, SP_READING_KERNEL)),
        .finds = user,
    };
    bool is_narrow = false, is_found = false;

    for (unsigned arg = 0; arg < SP_ARGS; arg++) {
        uint64_t mask = unread(view, arg);
        narrow.unread[arg] = (sp_dd_bits(store, narrow.runs, arg) & mask) != 0 ? mask : 0;
        is_narrow |= narrow.unread[arg] != 0;
    }
    for (unsigned arg = 0; is_narrow && arg < SP_ARGS; arg++) {
        is_found |= narrow.unread[arg] != 0 && find_rules(lint, &narrow, arg);
    }
    if (is_narrow && !is_found) {
        find_rules(lint, &narrow, SP_ARGS);
    }
    return true;
}

void
sp_check_arg_width(const struct sp_lint *lint)
{
    sp_args_check_calls(lint, look, sp_args_tell_width);
}
