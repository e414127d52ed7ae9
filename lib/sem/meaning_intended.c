#include "sem/meaning_work.h"

#include <stdlib.h>

/* ---- which rules name a call ------------------------------------------------------------- */

/* Rules lie in one array: their addresses are in listing order. */
static int
compare_uses(const void *left, const void *right)
{
    const struct sp_meaning_use *a = left;
    const struct sp_meaning_use *b = right;

    if (a->call != b->call) {
        return a->call < b->call ? -1 : 1;
    }
    return (a->rule > b->rule) - (a->rule < b->rule);
}

static bool
add_uses(struct sp_meaning *meaning, const struct sp_oci_rule *rule)
{
    for (size_t i = 0; i < rule->names.count; i++) {
        const struct sp_kb_syscall *call = sp_kb_syscall_find(rule->names.at[i].text);
        if (call == NULL) {
            continue;
        }
        struct sp_meaning_use *use = sp_vec_push(meaning->arena, &meaning->work->uses);
        if (use == NULL) {
            return false;
        }
        *use = (struct sp_meaning_use){
            .call = (uint16_t)sp_kb_syscall_index(call), .rule = rule,
        };
    }
    return true;
}

static bool
make_index(struct sp_meaning *meaning)
{
    struct sp_meaning_work *work = meaning->work;

    for (size_t i = 0; i < SP_MEANING_WIDTHS; i++) {
        work->intents[i] = sp_arena_new_array(meaning->arena, sp_kb_syscalls_count,
                                              struct sp_meaning_intent);
        if (work->intents[i] == NULL) {
            return false;
        }
    }
    work->uses.count = 0;
    for (size_t i = 0; i < meaning->oci.rules.count; i++) {
        if (!add_uses(meaning, &meaning->oci.rules.at[i])) {
            return false;
        }
    }
    if (work->uses.count > 0) {
        qsort(work->uses.at, work->uses.count, sizeof *work->uses.at, compare_uses);
    }
    work->is_indexed = true;
    return true;
}

/* ---- rules as they are written ----------------------------------------------------------- */

/* False when it can never hold: runtimes refuse it. */
static bool
read_condition(const struct sp_condition *written, struct sp_filter_condition *ret_condition)
{
    if (written->op == SP_OPERATOR_NONE || written->index.value >= SP_ARGS) {
        return false;
    }
    *ret_condition = sp_filter_condition_of(written);
    return true;
}

/* Compared in full width, whatever the architecture: where registers have 32 bits, the upper
 * half of an argument is 0. */
static sp_dd
all_conditions(struct sp_dd_store *store, const struct sp_rule *rule, unsigned bits)
{
    sp_dd all = sp_dd_leaf(store, 1);

    for (size_t i = 0; i < rule->condition_count; i++) {
        struct sp_filter_condition condition;
        if (!read_condition(&rule->conditions[i], &condition)) {
            return sp_dd_leaf(store, 0);
        }
        struct sp_filter_rule one = { .conditions = &condition, .condition_count = 1 };
        sp_dd holds = sp_modelled_condition(store, &one, 64);
        if (bits < 64) {
            holds = sp_dd_narrow(store, holds, condition.index, bits);
        }
        all = sp_dd_and(store, all, holds);
    }
    return all;
}

static sp_dd
before(struct sp_dd_store *store, const struct sp_oci_rule *rule, unsigned bits, sp_dd others)
{
    enum sp_action action = rule->rule->action;

    if (action == SP_ACTION_NONE) {
        return others;
    }
    sp_dd verdict = sp_dd_leaf(store, sp_filter_verdict(action, rule->error));
    return sp_dd_ite(store, all_conditions(store, rule->rule, bits), verdict, others);
}

static sp_dd
default_verdict(const struct sp_meaning *meaning)
{
    return sp_dd_leaf(meaning->store, sp_filter_verdict(meaning->oci.default_action,
                                                        meaning->oci.default_error));
}

/* From the last rule to the first, so that the first one has its way. */
static sp_dd
make_intent(const struct sp_meaning *meaning, uint16_t call, unsigned bits)
{
    const struct sp_meaning_work *work = meaning->work;
    sp_dd verdicts = default_verdict(meaning);

    for (size_t i = work->uses.count; i-- > 0 && work->uses.at[i].call >= call;) {
        if (work->uses.at[i].call == call) {
            verdicts = before(meaning->store, work->uses.at[i].rule, bits, verdicts);
        }
    }
    return verdicts;
}

/* What a number stands for; x86_64 and x32 are told apart by the number alone. */
struct named {
    const struct sp_kb_syscall *call;  /* NULL = nothing */
    unsigned bits;
};

static struct named
find_named(const struct sp_kb_arch *arch, uint32_t nr)
{
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        const struct sp_kb_arch *other = &sp_kb_arches[i];
        const struct sp_kb_syscall *call =
            other->audit == arch->audit ? sp_kb_syscall_by_number(other, nr) : NULL;
        if (call != NULL) {
            return (struct named){ .call = call, .bits = other->bits };
        }
    }
    return (struct named){ .call = NULL };
}

sp_dd
sp_meaning_intended(struct sp_meaning *meaning, const struct sp_kb_arch *arch, uint32_t nr)
{
    struct sp_meaning_work *work = meaning->work;
    struct named named = find_named(arch, nr);

    if (meaning->oci.default_action == SP_ACTION_NONE) {
        return SP_DD_UNDECIDED;
    }
    if (named.call == NULL) {
        return default_verdict(meaning);
    }
    if (!work->is_indexed && !make_index(meaning)) {
        return SP_DD_UNDECIDED;
    }
    uint16_t index = (uint16_t)sp_kb_syscall_index(named.call);
    struct sp_meaning_intent *intent = &work->intents[named.bits == 64][index];
    if (!intent->is_made) {
        intent->verdicts = make_intent(meaning, index, named.bits);
        intent->is_made = true;
    }
    return intent->verdicts;
}
