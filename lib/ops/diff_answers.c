/* What a side answers on one host, as records. */
#include "ops/diff_build.h"

/* Environments looked at to tell how containers start; a profile that is refused has no more to
 * say. */
enum { STARTS_MAX = 64 };

/* What runc's stub answers: ENOSYS, by its number on this machine and most others. */
#define STUB_VERDICT (SP_VERDICT_ERRNO | 38u)

struct sp_meaning *
sp_diff_build_meaning(struct sp_diff_build *build, const struct sp_environment *environment)
{
    for (size_t i = 0; i < build->meanings.count; i++) {
        const struct sp_environment *known = &build->meanings.at[i]->environment;
        if (known->caps == environment->caps
            && sp_version_compare(known->kernel, environment->kernel) == 0) {
            return build->meanings.at[i];
        }
    }
    struct sp_meaning **place = sp_vec_push(build->scratch, &build->meanings);
    if (place == NULL
        || !sp_meaning_make(build->scratch, build->side->sides->store,
                            build->side->profile, environment, place)) {
        build->meanings.count -= place != NULL;
        return NULL;
    }
    return *place;
}

/* ---- answers ----------------------------------------------------------------------------- */

/* Does runc's stub answer the number?  The meaning says so for the first arguments. */
static bool
is_stubbed(struct sp_meaning *meaning, const struct sp_kb_arch *arch, uint32_t nr)
{
    const struct sp_call call = { .arch = arch->audit, .nr = nr };
    struct sp_outcome outcome;

    for (size_t i = 0; i < meaning->arch_count; i++) {
        const struct sp_arch_rules *rules = &meaning->arches[i];
        if (rules->arch == arch && (rules->stub != 0 || rules->stub_at_zero)) {
            return sp_meaning_simulate(meaning, arch, &call, &outcome)
                && outcome.decider == SP_DECIDER_STUB;
        }
    }
    return false;
}

static void
fill_place(struct sp_meaning *meaning, int64_t number, struct sp_diff_record *record,
           struct sp_diff_place *place)
{
    if (number == SP_KB_NO_NUMBER) {
        place->verdicts = SP_DIFF_ABSENT;
        return;
    }
    place->verdicts = sp_meaning_of(meaning, place->arch, (uint32_t)number,
                                    SP_READING_ENFORCED);
    place->is_stubbed = place->verdicts == sp_dd_leaf(meaning->store, STUB_VERDICT)
        && is_stubbed(meaning, place->arch, (uint32_t)number);
    record->is_undecided |= sp_dd_has_undecided(meaning->store, place->verdicts);
}

static bool
fill_places(struct sp_diff_build *build, struct sp_meaning *meaning,
            const struct sp_diff_subject *subject, struct sp_diff_record *record,
            struct sp_diff_answer *answer)
{
    struct sp_diff_place *places = sp_arena_new_array(build->scratch, record->place_count + 1,
                                                      struct sp_diff_place);

    if (places == NULL) {
        return false;
    }
    for (size_t i = 0; i < record->place_count; i++) {
        bool is_call = subject->call != NULL;
        places[i].arch = is_call ? build->host->blocks.at[i].arch : subject->arch;
        fill_place(meaning, is_call ? sp_kb_number(places[i].arch, subject->call) : subject->nr,
                   record, &places[i]);
    }
    answer->places = places;
    answer->by_default = meaning->rules.default_verdict;
    return true;
}

static bool
fill_answer(struct sp_diff_build *build, const struct sp_diff_subject *subject,
            struct sp_diff_record *record, struct sp_diff_answer *answer)
{
    struct sp_meaning *meaning = sp_diff_build_meaning(build, answer->environment);

    if (meaning == NULL) {
        return false;
    }
    answer->start = meaning->start;
    answer->why = meaning->why;
    return meaning->start != SP_START_FILTER
        || fill_places(build, meaning, subject, record, answer);
}

/* ---- records ----------------------------------------------------------------------------- */

/* The environments that make a difference by these guards; where there is none, the base
 * alone. */
static bool
make_cases(struct sp_diff_build *build, const struct sp_case_guards *guards,
           struct sp_cases *ret_cases)
{
    struct sp_cases cases = { .undecided = false };

    if (guards->all.count > 0) {
        return sp_cases_of_guards(build->scratch, build->host->asked, guards, ret_cases);
    }
    struct sp_case *only = sp_vec_push(build->scratch, &cases.all);
    if (only == NULL) {
        return false;
    }
    only->environment = build->host->base;
    *ret_cases = cases;
    return true;
}

const struct sp_diff_record *
sp_diff_build_record(struct sp_diff_build *build, const struct sp_diff_subject *subject,
            const struct sp_case_guards *guards)
{
    bool is_start = subject->call == NULL && subject->arch == NULL;
    struct sp_diff_record record = { .asked = build->host->asked, .guards = *guards };
    struct sp_cases cases;

    if (!make_cases(build, guards, &cases)) {
        return NULL;
    }
    record.too_many = cases.undecided;
    record.answer_count = cases.all.count;
    record.place_count = subject->call != NULL ? build->host->blocks.count : !is_start;
    if (is_start && record.answer_count > STARTS_MAX) {
        record.answer_count = STARTS_MAX;
        record.too_many = true;
    }
    struct sp_diff_answer *answers = sp_arena_new_array(build->scratch, record.answer_count,
                                                        struct sp_diff_answer);
    if (answers == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < record.answer_count; i++) {
        answers[i].environment = &cases.all.at[i].environment;
        if (!fill_answer(build, subject, &record, &answers[i])) {
            return NULL;
        }
    }
    record.answers = answers;
    return sp_diff_record_intern(build->side->sides, &record);
}

/* Of a call or a number: by the guards of all rules that have a say. */
const struct sp_diff_record *
sp_diff_build_record_of(struct sp_diff_build *build, const struct sp_diff_subject *subject)
{
    bool moves = sp_diff_build_also(build, subject);
    size_t row = subject->call == NULL ? 0 : sp_kb_syscall_index(subject->call);
    bool is_guarded = subject->call != NULL && build->is_guarded[row];
    struct sp_case_guards guards = build->none;

    if ((moves || is_guarded)
        && !sp_diff_build_guards(build, is_guarded ? (uint16_t)row : (uint16_t)SP_CASES_NONE,
                        moves ? build->also : NULL, &guards)) {
        return NULL;
    }
    return sp_diff_build_record(build, subject, &guards);
}

bool
sp_diff_build_records(struct sp_diff_build *build)
{
    struct sp_diff_host *host = build->host;

    host->records = sp_arena_new_array(build->side->sides->arena, sp_kb_syscalls_count,
                                       const struct sp_diff_record *);
    if (host->records == NULL) {
        return false;
    }
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        const struct sp_diff_subject subject = { .call = &sp_kb_syscalls[i] };
        host->records[i] = sp_diff_build_record_of(build, &subject);
        if (host->records[i] == NULL) {
            return false;
        }
    }
    return true;
}
