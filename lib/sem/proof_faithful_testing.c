#include "sem/proof_faithful_testing.h"

#include "sem/modelled.h"

bool
sp_proof_entries_find(struct sp_arena *arena, struct sp_proof_entries *entries,
                      const struct sp_kb_syscall *call)
{
    const struct sp_oci *oci = entries->oci;

    for (size_t i = 0; i < oci->rules.count; i++) {
        if (!sp_profile_has_word(&oci->rules.at[i].names, sp_kb_text(call->name))) {
            continue;
        }
        const struct sp_oci_rule **place = sp_vec_push(arena, &entries->all);
        if (place == NULL) {
            return false;
        }
        *place = &oci->rules.at[i];
    }
    return true;
}

/* No argument twice, and no more bits than the architecture has. */
static bool
is_entry_plain(const struct sp_rule *rule, unsigned bits)
{
    unsigned seen = 0;

    for (size_t i = 0; i < rule->condition_count; i++) {
        struct sp_filter_condition condition = sp_filter_condition_of(&rule->conditions[i]);
        bool is_masked = condition.op == SP_OPERATOR_MASKED_EQ;
        uint64_t widest = is_masked ? condition.mask : condition.datum;
        if ((seen >> condition.index & 1) != 0 || (bits == 32 && widest > UINT32_MAX)) {
            return false;
        }
        seen |= 1u << condition.index;
    }
    return true;
}

static sp_dd
holds(const struct sp_proof_entries *entries, const struct sp_oci_rule *entry)
{
    struct sp_filter_condition conditions[SP_ARGS];
    struct sp_filter_rule rule = { .conditions = conditions };

    for (size_t i = 0; i < entry->rule->condition_count && i < SP_ARGS; i++) {
        conditions[rule.condition_count++] = sp_filter_condition_of(&entry->rule->conditions[i]);
    }
    return sp_modelled_condition(entries->store, &rule, entries->arch->bits);
}

static bool
do_clash(const struct sp_proof_entries *entries, const struct sp_oci_rule *one,
         const struct sp_oci_rule *other)
{
    struct sp_dd_store *store = entries->store;

    return sp_filter_verdict(one->rule->action, one->error)
            != sp_filter_verdict(other->rule->action, other->error)
        && sp_dd_and(store, holds(entries, one), holds(entries, other)) != sp_dd_leaf(store, 0);
}

bool
sp_proof_entries_are_faithful(const struct sp_proof_entries *entries)
{
    for (size_t i = 0; i < entries->all.count; i++) {
        if (!is_entry_plain(entries->all.at[i]->rule, entries->arch->bits)) {
            return false;
        }
        for (size_t j = 0; j < i; j++) {
            if (do_clash(entries, entries->all.at[j], entries->all.at[i])) {
                return false;
            }
        }
    }
    return true;
}

bool
sp_proof_entries_have_conditions(const struct sp_proof_entries *entries)
{
    for (size_t i = 0; i < entries->all.count; i++) {
        if (entries->all.at[i]->rule->condition_count > 0) {
            return true;
        }
    }
    return false;
}
