#include "sem/meaning_work.h"

/* ---- how it starts ----------------------------------------------------------------------- */

static void
refuse(struct sp_meaning *meaning, enum sp_start start, const char *why,
       const struct sp_node *where)
{
    meaning->start = start;
    meaning->why = why;
    meaning->where = where;
}

/* A filter that could not be built here says nothing: calls that only it can tell stay
 * undecided. */
static void
settle_start(struct sp_meaning *meaning, const struct sp_compiled *compiled)
{
    const struct sp_filter_rule *rule = compiled->rule;

    if (compiled->result == SP_COMPILE_REFUSED || compiled->result == SP_COMPILE_ENDLESS) {
        refuse(meaning,
               compiled->result == SP_COMPILE_REFUSED ? SP_START_REFUSED : SP_START_ENDLESS,
               compiled->why, rule == NULL || rule->rule == NULL ? NULL : rule->rule->node);
        meaning->rule = rule == NULL ? NULL : rule->rule;
    }
}

const struct sp_compiled *
sp_meaning_compiled(struct sp_meaning *meaning)
{
    struct sp_meaning_work *work = meaning->work;

    if (work->is_compiled) {
        return &work->compiled;
    }
    work->is_compiled = true;
    if (meaning->oci.resolution != SP_RESOLUTION_PROFILE || meaning->rules.refused != NULL) {
        work->compiled = (struct sp_compiled){
            .result = SP_COMPILE_REFUSED, .why = "there is no filter to build",
        };
    } else if (!sp_compile(meaning->arena, &meaning->rules, &meaning->environment, NULL,
                           &work->compiled)) {
        meaning->arena->failed = true;
        work->compiled = (struct sp_compiled){
            .result = SP_COMPILE_FAILED, .why = "out of memory",
        };
    }
    return &work->compiled;
}

/* What the model says of all calls with conditions. */
struct survey {
    unsigned hazards;
    size_t instructions;  /* at most */
    const struct sp_filter_rule *refused;
    const struct sp_filter_rule *against;
};

enum {
    ARCH_INSTRUCTIONS = 8,  /* the check of the architecture, two answers, runc's stub */
    CALL_INSTRUCTIONS = 2,
    CONDITION_INSTRUCTIONS = 8,
};

/* libseccomp takes the rules in listing order and stops at the first one that it refuses. */
static void
note_refusal(struct survey *survey, const struct sp_modelled *modelled)
{
    const struct sp_filter_rule *refused = modelled->refused;

    if (refused != NULL && (survey->refused == NULL || refused->rule < survey->refused->rule)) {
        survey->refused = refused;
        survey->against = modelled->against;
    }
}

static size_t
count_instructions(const struct sp_arch_call *call)
{
    size_t count = CALL_INSTRUCTIONS;

    for (size_t i = 0; i < call->count && (i == 0 || call->rules[0].condition_count > 0); i++) {
        count += call->rules[i].condition_count * CONDITION_INSTRUCTIONS;
    }
    return count;
}

/* Rules of calls without a number decide nothing, but libseccomp refuses contradictions among them,
 * too. */
static bool
survey_nameless(struct sp_meaning *meaning, const struct sp_arch_rules *rules,
                struct survey *survey)
{
    for (size_t i = 0; i < rules->nameless.count; i++) {
        struct sp_modelled modelled;
        if (!sp_meaning_model(meaning, rules, &rules->nameless.at[i], &modelled)) {
            return false;
        }
        survey->hazards |= modelled.hazards;
        note_refusal(survey, &modelled);
    }
    return true;
}

static bool
survey_arch(struct sp_meaning *meaning, const struct sp_arch_rules *rules,
            struct survey *survey)
{
    survey->instructions += ARCH_INSTRUCTIONS;
    for (size_t i = 0; i < rules->calls.count; i++) {
        struct sp_meaning_place place = { .rules = rules, .call = &rules->calls.at[i] };
        survey->instructions += count_instructions(place.call);
        if (place.call->count == 0) {
            continue;
        }
        const struct sp_modelled *modelled = sp_meaning_modelled(meaning, &place);
        if (modelled == NULL) {
            return false;
        }
        survey->hazards |= modelled->hazards;
        note_refusal(survey, modelled);
    }
    return survey_nameless(meaning, rules, survey);
}

static void
refuse_by_model(struct sp_meaning *meaning, const struct survey *survey)
{
    const struct sp_rule *rule = survey->refused->rule;

    refuse(meaning, SP_START_REFUSED,
           "libseccomp refuses a rule that contradicts an earlier one",
           rule == NULL ? NULL : rule->node);
    meaning->rule = rule;
    meaning->against = survey->against == NULL ? NULL : survey->against->rule;
}

/* Does the container start?  The model knows, unless a call lies outside the safe fragment or
 * the program might be too long for the kernel. */
static bool
find_start(struct sp_meaning *meaning)
{
    struct survey survey = { .hazards = 0 };

    for (size_t i = 0; i < meaning->arch_count; i++) {
        if (!survey_arch(meaning, &meaning->arches[i], &survey)) {
            return false;
        }
    }
    meaning->work->hazards = survey.hazards;
    if (survey.hazards != 0 || (survey.refused == NULL && survey.instructions > SP_BPF_MAX)) {
        const struct sp_compiled *compiled = sp_meaning_compiled(meaning);
        settle_start(meaning, compiled);
        if (meaning->start == SP_START_REFUSED && survey.refused != NULL
            && survey.refused->rule == meaning->rule && survey.against != NULL) {
            meaning->against = survey.against->rule;
        }
        if (compiled->result != SP_COMPILE_FAILED) {
            return true;
        }
    }
    if (survey.refused != NULL) {
        refuse_by_model(meaning, &survey);
    }
    return true;
}

static bool
make_arches(struct sp_meaning *meaning)
{
    size_t count = meaning->rules.arches.count;

    meaning->arches = sp_arena_new_array(meaning->arena, count, struct sp_arch_rules);
    meaning->work->calls = sp_arena_new_array(meaning->arena, count, struct sp_meaning_call *);
    if (meaning->arches == NULL || meaning->work->calls == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct sp_arch_rules *rules = &meaning->arches[i];
        if (!sp_arch_rules_make(meaning->arena, &meaning->rules, &meaning->environment,
                                meaning->rules.arches.at[i], rules)) {
            return false;
        }
        meaning->work->calls[i] = sp_arena_new_array(meaning->arena, rules->calls.count + 1,
                                                     struct sp_meaning_call);
        if (meaning->work->calls[i] == NULL) {
            return false;
        }
    }
    meaning->arch_count = count;
    return true;
}

static bool
make_filter(struct sp_meaning *meaning)
{
    if (!sp_filter_rules_make(meaning->arena, meaning->profile, &meaning->oci,
                              &meaning->environment, &meaning->rules)) {
        return false;
    }
    if (meaning->rules.refused != NULL) {
        refuse(meaning, SP_START_REFUSED, meaning->rules.refused, meaning->rules.where);
        return true;
    }
    return make_arches(meaning) && find_start(meaning);
}

static bool
fill(struct sp_meaning *meaning)
{
    if (!sp_resolve(meaning->arena, meaning->profile, &meaning->environment, &meaning->oci)) {
        return false;
    }
    meaning->profile = meaning->oci.profile;
    switch (meaning->oci.resolution) {
    case SP_RESOLUTION_UNCONFINED:
        meaning->start = SP_START_UNCONFINED;
        return true;
    case SP_RESOLUTION_REFUSED:
        refuse(meaning, SP_START_REFUSED, meaning->oci.why, meaning->oci.where);
        return true;
    case SP_RESOLUTION_PROFILE:
        break;
    }
    return make_filter(meaning);
}

bool
sp_meaning_make(struct sp_arena *arena, struct sp_dd_store *store,
                const struct sp_profile *profile, const struct sp_environment *environment,
                struct sp_meaning **ret_meaning)
{
    struct sp_meaning *meaning = sp_arena_new(arena, struct sp_meaning);

    if (meaning == NULL) {
        return false;
    }
    *meaning = (struct sp_meaning){
        .arena = arena,
        .store = store,
        .profile = profile,
        .environment = *environment,
        .start = SP_START_FILTER,
        .work = sp_arena_new(arena, struct sp_meaning_work),
    };
    if (meaning->work == NULL || !fill(meaning) || arena->failed) {
        return false;
    }
    *ret_meaning = meaning;
    return true;
}
