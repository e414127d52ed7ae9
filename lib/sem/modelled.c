#include "sem/modelled.h"

#include "sem/modelled_level.h"

/* ---- conditions as they are written ------------------------------------------------------ */

static enum sp_dd_compare
compare_of(enum sp_operator op)
{
    static const enum sp_dd_compare compares[] = {
        [SP_OPERATOR_NE] = SP_DD_NE,
        [SP_OPERATOR_LT] = SP_DD_LT,
        [SP_OPERATOR_LE] = SP_DD_LE,
        [SP_OPERATOR_EQ] = SP_DD_EQ,
        [SP_OPERATOR_GE] = SP_DD_GE,
        [SP_OPERATOR_GT] = SP_DD_GT,
        [SP_OPERATOR_MASKED_EQ] = SP_DD_EQ,
    };

    return compares[op];
}

sp_dd
sp_modelled_condition(struct sp_dd_store *store, const struct sp_filter_rule *rule,
                      unsigned bits)
{
    uint64_t width = bits == 32 ? UINT32_MAX : UINT64_MAX;
    sp_dd all = sp_dd_leaf(store, 1);

    for (size_t i = 0; i < rule->condition_count; i++) {
        const struct sp_filter_condition *condition = &rule->conditions[i];
        sp_dd one = sp_dd_compare(store, condition->index, compare_of(condition->op),
                                  condition->mask & width, condition->datum & width);
        all = sp_dd_and(store, all, one);
    }
    return all;
}

/* ---- hazards ----------------------------------------------------------------------------- */

/* What the rules of a call have, counted. */
struct shapes {
    size_t rules;
    size_t longer;              /* rules of several conditions */
    size_t branching_longer;    /* of those, with a branching one */
    size_t branching_early;     /* of those, with a branching one before the last */
    size_t with_ne;
    size_t with_ne_longer;      /* of those, rules of several conditions */
    bool is_mixed;              /* several verdicts */
    unsigned below;             /* arguments with LT or LE */
    unsigned wide;              /* arguments with data of 2^32 and above */
    unsigned wide_masks;        /* arguments with masks of 2^32 and above */
};

static void
count_rule(struct shapes *shapes, const struct sp_level_conditions *conditions)
{
    bool is_longer = conditions->count > 1;
    bool branches = false, branches_early = false, has_ne = false;

    for (size_t i = 0; i < conditions->count; i++) {
        const struct sp_filter_condition *condition = &conditions->at[i];
        unsigned arg = 1u << condition->index;
        bool is_below = condition->op == SP_OPERATOR_LT || condition->op == SP_OPERATOR_LE;
        branches |= sp_level_is_branching(condition->op);
        branches_early |= sp_level_is_branching(condition->op) && i + 1 < conditions->count;
        has_ne |= condition->op == SP_OPERATOR_NE;
        shapes->below |= is_below ? arg : 0;
        bool is_masked = condition->op == SP_OPERATOR_MASKED_EQ;
        shapes->wide |= condition->datum > UINT32_MAX ? arg : 0;
        shapes->wide_masks |= is_masked && condition->mask > UINT32_MAX ? arg : 0;
    }
    shapes->rules++;
    shapes->longer += is_longer;
    shapes->branching_longer += is_longer && branches;
    shapes->branching_early += branches_early;
    shapes->with_ne += has_ne;
    shapes->with_ne_longer += has_ne && is_longer;
}

/* Is there a rule with NE and another one of several conditions? */
static bool
has_lost_rule(const struct shapes *shapes)
{
    if (shapes->with_ne == 0 || shapes->longer == 0) {
        return false;
    }
    return shapes->with_ne > shapes->with_ne_longer || shapes->longer > 1;
}

static unsigned
hazards_of(const struct shapes *shapes)
{
    unsigned hazards = 0;

    if (shapes->rules < 2) {
        return 0;
    }
    if (shapes->branching_early > 1) {
        hazards |= SP_HAZARD_SHARED_LEVEL;
    }
    if (shapes->branching_longer > 0) {
        hazards |= SP_HAZARD_STALE_REGISTER;
    }
    if (has_lost_rule(shapes)) {
        hazards |= SP_HAZARD_LOST_RULE;
    }
    if ((shapes->below & shapes->wide) != 0) {
        hazards |= SP_HAZARD_WIDE_RANGE;
    }
    if (shapes->longer > 0 || shapes->wide != 0 || shapes->wide_masks != 0) {
        hazards |= SP_HAZARD_LENT_BLOCK;
    }
    return hazards;
}

/* The hazards that a rule without conditions takes away: the structure is thrown away.  But a rule may
 * be refused while it is made, and where some have several conditions, libseccomp first drops older
 * ones that a newer one implies: what it refuses then hangs on that. */
static unsigned
passing(const struct shapes *shapes)
{
    bool may_refuse = shapes->longer > 0 && shapes->is_mixed;

    return SP_HAZARD_WIDE_RANGE | (may_refuse ? 0 : (unsigned)SP_HAZARD_LENT_BLOCK);
}

/* ---- the state machine ------------------------------------------------------------------- */

struct machine {
    struct sp_arena *arena;
    struct sp_modelled *out;
    unsigned bits;
    struct sp_level level;
    struct sp_level_merge merge;
    const struct sp_filter_rule *unconditional;  /* the first; all behind it is discarded */
    bool can_follow;                            /* the structure is a tree */
};

static bool
take_rule(struct machine *machine, const struct sp_filter_rule *rule)
{
    struct sp_level *added = sp_level_of_rule(machine->arena, rule, machine->bits);

    if (added == NULL) {
        return false;
    }
    if (!sp_level_merge(&machine->level, added, &machine->merge)) {
        machine->out->refused = rule;
        machine->out->against = machine->merge.against;
    }
    return true;
}

/* Counts the conditional rules that libseccomp sees: all before the first unconditional. */
static size_t
survey(struct machine *machine, const struct sp_filter_rule *rules, size_t count)
{
    struct shapes shapes = { .rules = 0 };
    size_t seen = 0;

    for (; seen < count; seen++) {
        struct sp_level_conditions conditions =
            sp_level_conditions(&rules[seen], machine->bits);
        if (conditions.count == 0) {
            machine->unconditional = &rules[seen];
            break;
        }
        count_rule(&shapes, &conditions);
        shapes.is_mixed |= rules[seen].verdict != rules[0].verdict;
    }
    machine->out->hazards = hazards_of(&shapes);
    machine->can_follow = shapes.rules < 2 || shapes.branching_early == 0;
    if (machine->unconditional != NULL) {
        machine->out->hazards &= ~passing(&shapes);
    }
    return seen;
}

static sp_dd
meaning_of(const struct machine *machine, struct sp_dd_store *store, sp_verdict default_verdict)
{
    if (machine->out->refused != NULL) {
        return SP_DD_UNDECIDED;
    }
    if (machine->unconditional != NULL) {
        return sp_dd_leaf(store, machine->unconditional->verdict);
    }
    if (!machine->can_follow) {
        return SP_DD_UNDECIDED;
    }
    return sp_level_meaning(store, &machine->level, sp_dd_leaf(store, default_verdict));
}

bool
sp_modelled_make(struct sp_dd_store *store, const struct sp_filter_rule *rules, size_t count,
                 unsigned bits, sp_verdict default_verdict, struct sp_version libseccomp,
                 struct sp_modelled *ret_modelled)
{
    static const struct sp_version mended = { 2, 6, 1 };
    SP_SCRATCH(scratch);
    struct sp_modelled out = { .meaning = SP_DD_UNDECIDED };
    struct machine machine = {
        .arena = &scratch,
        .out = &out,
        .bits = bits,
        .merge = { .is_false_side_mended = !sp_environment_is_older(libseccomp, mended) },
    };
    size_t seen = survey(&machine, rules, count);

    for (size_t i = 0; machine.can_follow && i < seen && out.refused == NULL; i++) {
        if (!take_rule(&machine, &rules[i])) {
            return false;
        }
    }
    out.meaning = meaning_of(&machine, store, default_verdict);
    *ret_modelled = out;
    return true;
}

/* ---- what a rule is for ------------------------------------------------------------------ */

bool
sp_modelled_decides(struct sp_dd_store *store, const struct sp_filter_rule *rules, size_t count,
                    size_t which, unsigned bits, sp_verdict default_verdict,
                    struct sp_version libseccomp)
{
    SP_SCRATCH(scratch);
    struct sp_filter_rule *others = sp_arena_new_array(&scratch, count, struct sp_filter_rule);
    struct sp_modelled with, without;

    if (others == NULL) {
        return true;
    }
    for (size_t i = 0, kept = 0; i < count; i++) {
        if (i != which) {
            others[kept++] = rules[i];
        }
    }
    /* What cannot be told is not called idle. */
    if (!sp_modelled_make(store, rules, count, bits, default_verdict, libseccomp, &with)
        || !sp_modelled_make(store, others, count - 1, bits, default_verdict, libseccomp,
                             &without)) {
        return true;
    }
    return with.meaning != without.meaning || sp_dd_has_undecided(store, with.meaning);
}
