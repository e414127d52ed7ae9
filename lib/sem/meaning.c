#include "sem/meaning.h"

#include "sem/bpf_run.h"
#include "sem/meaning_work.h"

#include <linux/audit.h>

enum { X32_BIT = 0x40000000, ENOSYS_NUMBER = 38 };

/* ---- where a number is decided ----------------------------------------------------------- */

static const struct sp_arch_rules *
find_block(const struct sp_meaning *meaning, uint32_t audit, bool is_x32)
{
    for (size_t i = 0; i < meaning->arch_count; i++) {
        const struct sp_arch_rules *rules = &meaning->arches[i];
        if (rules->arch->audit == audit && (rules->arch->offset == X32_BIT) == is_x32) {
            return rules;
        }
    }
    return NULL;
}

/* libseccomp's part of the filter tells x32 by numbers from its bit on, runc's stub by the
 * bit. */
static const struct sp_arch_rules *
filter_block(const struct sp_meaning *meaning, uint32_t audit, uint32_t nr)
{
    return find_block(meaning, audit, audit == AUDIT_ARCH_X86_64 && nr >= X32_BIT);
}

static bool
is_stubbed(const struct sp_meaning *meaning, uint32_t audit, uint32_t nr)
{
    const struct sp_arch_rules *rules =
        find_block(meaning, audit, audit == AUDIT_ARCH_X86_64 && (nr & X32_BIT) != 0);

    return rules != NULL
        && ((rules->stub != 0 && nr > rules->stub) || (rules->stub_at_zero && nr == 0));
}

/* The number -1, by which tracers skip a call, is let through to the default on x86_64. */
static bool
is_skipped_call(const struct sp_meaning *meaning, uint32_t audit, uint32_t nr)
{
    return audit == AUDIT_ARCH_X86_64 && nr == UINT32_MAX
        && find_block(meaning, audit, false) != NULL;
}

static struct sp_meaning_place
decided(enum sp_decider decider, sp_verdict verdict)
{
    return (struct sp_meaning_place){ .decider = decider, .verdict = verdict };
}

/* Behind runc's stub. */
static struct sp_meaning_place
place_in_filter(const struct sp_meaning *meaning, const struct sp_kb_arch *arch, uint32_t nr)
{
    sp_verdict by_default = meaning->rules.default_verdict;
    const struct sp_arch_rules *rules = filter_block(meaning, arch->audit, nr);
    if (rules == NULL) {
        return is_skipped_call(meaning, arch->audit, nr)
            ? decided(SP_DECIDER_DEFAULT, by_default)
            : decided(SP_DECIDER_BAD_ARCH, SP_VERDICT_KILL_THREAD);
    }
    /* Where the load of the number is lost, the rules compare the audit number of the architecture, which
     * is still in the register: on s390 it is 22, and so is umount. */
    const struct sp_arch_call *call =
        sp_arch_rules_find(rules, rules->headless ? rules->arch->audit : nr);
    if (rules->headless && call == NULL) {
        return decided(SP_DECIDER_HEADLESS, by_default);
    }
    if (call == NULL) {
        return decided(SP_DECIDER_DEFAULT, by_default);
    }
    return (struct sp_meaning_place){
        .decider = SP_DECIDER_RULE, .rules = rules, .call = call,
    };
}

struct sp_meaning_place
sp_meaning_place(const struct sp_meaning *meaning, const struct sp_kb_arch *arch, uint32_t nr)
{
    if (meaning->start == SP_START_UNCONFINED) {
        return decided(SP_DECIDER_UNCONFINED, SP_VERDICT_ALLOW);
    }
    return is_stubbed(meaning, arch->audit, nr)
        ? decided(SP_DECIDER_STUB, SP_VERDICT_ERRNO | ENOSYS_NUMBER)
        : place_in_filter(meaning, arch, nr);
}

/* ---- one call by the model --------------------------------------------------------------- */

/* Most calls: whatever stands behind a rule without conditions, libseccomp passes over. */
static bool
model_plain(struct sp_dd_store *store, const struct sp_arch_call *call,
            struct sp_modelled *ret_modelled)
{
    if (call->count == 0 || call->rules[0].condition_count > 0) {
        return false;
    }
    *ret_modelled = (struct sp_modelled){
        .meaning = sp_dd_leaf(store, call->rules[0].verdict),
    };
    return true;
}

static struct sp_meaning_call *
known_of(const struct sp_meaning *meaning, const struct sp_arch_rules *rules,
         const struct sp_arch_call *call)
{
    return &meaning->work->calls[rules - meaning->arches][call - rules->calls.at];
}

bool
sp_meaning_model(struct sp_meaning *meaning, const struct sp_arch_rules *rules,
                 const struct sp_arch_call *call, struct sp_modelled *ret_modelled)
{
    return model_plain(meaning->store, call, ret_modelled)
        || sp_modelled_make(meaning->store, call->rules, call->count, rules->arch->bits,
                            meaning->rules.default_verdict, meaning->environment.libseccomp,
                            ret_modelled);
}

const struct sp_modelled *
sp_meaning_modelled(struct sp_meaning *meaning, const struct sp_meaning_place *place)
{
    struct sp_meaning_call *known = known_of(meaning, place->rules, place->call);

    if (!known->is_modelled) {
        known->is_modelled = sp_meaning_model(meaning, place->rules, place->call, &known->modelled);
    }
    return known->is_modelled ? &known->modelled : NULL;
}

/* ---- asking ------------------------------------------------------------------------------ */

/* Of the filter alone: whatever runc puts before it is looked at elsewhere. */
static sp_dd
by_program(struct sp_meaning *meaning, const struct sp_kb_arch *arch, uint32_t nr)
{
    const struct sp_compiled *compiled = sp_meaning_compiled(meaning);

    if (compiled->result != SP_COMPILE_PROGRAM) {
        return SP_DD_UNDECIDED;
    }
    struct sp_bpf filter = {
        .at = compiled->program.at + compiled->stub,
        .count = compiled->program.count - compiled->stub,
    };
    return sp_bpf_meaning(meaning->store, filter, arch->audit, nr);
}

/* Does the filter hold code for several rules of the call? */
static bool
has_structure(const struct sp_arch_call *call)
{
    for (size_t i = 0; i < call->count; i++) {
        if (call->rules[i].condition_count == 0) {
            return false;
        }
    }
    return call->count > 1;
}

/* libseccomp lays equal code of all calls out once: what is wrong with one call may be lent to others. */
static unsigned
hazards_of(const struct sp_meaning *meaning, const struct sp_meaning_place *place,
           const struct sp_modelled *modelled)
{
    bool may_borrow = meaning->work->hazards != 0 && modelled->hazards == 0
        && has_structure(place->call);

    return modelled->hazards | (may_borrow ? SP_HAZARD_LENT_BLOCK : 0)
        | (place->rules->head_unsure ? SP_HAZARD_UNSURE_HEAD : 0);
}

static sp_dd
enforced(struct sp_meaning *meaning, const struct sp_meaning_place *place)
{
    struct sp_meaning_call *known = known_of(meaning, place->rules, place->call);
    const struct sp_modelled *modelled = sp_meaning_modelled(meaning, place);

    if (modelled == NULL) {
        return SP_DD_UNDECIDED;
    }
    if (!known->is_enforced) {
        bool is_proven = hazards_of(meaning, place, modelled) == 0
            && !sp_dd_has_undecided(meaning->store, modelled->meaning);
        known->enforced = is_proven
            ? modelled->meaning : by_program(meaning, place->rules->arch, place->call->nr);
        known->is_enforced = true;
    }
    return known->enforced;
}

/* Where only the filter can tell whether the load of the number is lost, a number of no rule may be taken
 * for that of the architecture (see sp_meaning_place). */
static bool
may_be_another(const struct sp_meaning *meaning, const struct sp_kb_arch *arch, uint32_t nr)
{
    const struct sp_arch_rules *rules = filter_block(meaning, arch->audit, nr);

    return rules != NULL && rules->head_unsure
        && sp_arch_rules_find(rules, rules->arch->audit) != NULL;
}

static sp_dd
at_place(struct sp_meaning *meaning, const struct sp_kb_arch *arch, uint32_t nr,
         struct sp_meaning_place place, bool is_modelled)
{
    if (place.decider == SP_DECIDER_DEFAULT && may_be_another(meaning, arch, nr)) {
        return is_modelled ? SP_DD_UNDECIDED : by_program(meaning, arch, nr);
    }
    if (place.decider != SP_DECIDER_RULE) {
        return sp_dd_leaf(meaning->store, place.verdict);
    }
    if (!is_modelled) {
        return enforced(meaning, &place);
    }
    const struct sp_modelled *modelled = sp_meaning_modelled(meaning, &place);
    return modelled == NULL || place.rules->head_unsure ? SP_DD_UNDECIDED : modelled->meaning;
}

static sp_dd
filtered(struct sp_meaning *meaning, const struct sp_kb_arch *arch, uint32_t nr,
         bool is_modelled)
{
    return at_place(meaning, arch, nr, sp_meaning_place(meaning, arch, nr), is_modelled);
}

sp_dd
sp_meaning_of(struct sp_meaning *meaning, const struct sp_kb_arch *arch, uint32_t nr,
              enum sp_reading reading)
{
    if (meaning->start == SP_START_UNCONFINED) {
        return sp_dd_leaf(meaning->store, SP_VERDICT_ALLOW);
    }
    if (meaning->oci.resolution != SP_RESOLUTION_PROFILE
        || (meaning->start != SP_START_FILTER && reading != SP_READING_INTENDED)) {
        return SP_DD_UNDECIDED;
    }
    switch (reading) {
    case SP_READING_INTENDED:
        return sp_meaning_intended(meaning, arch, nr);
    case SP_READING_MODELLED:
    case SP_READING_ENFORCED:
        return filtered(meaning, arch, nr, reading == SP_READING_MODELLED);
    case SP_READING_UNSTUBBED:
        return at_place(meaning, arch, nr, place_in_filter(meaning, arch, nr), false);
    case SP_READING_KERNEL:
        break;
    }
    return sp_meaning_passes_kernel(meaning, arch, nr)
        ? sp_dd_leaf(meaning->store, SP_VERDICT_ALLOW)
        : sp_meaning_in_kernel(meaning->store, filtered(meaning, arch, nr, false));
}

unsigned
sp_meaning_hazards(struct sp_meaning *meaning, const struct sp_kb_arch *arch, uint32_t nr)
{
    struct sp_meaning_place place = sp_meaning_place(meaning, arch, nr);

    if (place.decider == SP_DECIDER_DEFAULT && may_be_another(meaning, arch, nr)) {
        return SP_HAZARD_UNSURE_HEAD;
    }
    if (place.decider != SP_DECIDER_RULE) {
        return 0;
    }
    const struct sp_modelled *modelled = sp_meaning_modelled(meaning, &place);
    return modelled == NULL ? 0 : hazards_of(meaning, &place, modelled);
}
