#include "sem/proof_testing.h"

#include "format/profile_read.h"
#include "sem/bpf_run.h"
#include "sem/bpf_test.h"
#include "sem/meaning.h"
#include "sem/proof_faithful_testing.h"
#include "sem/random_profiles_testing.h"
#include "text/json_read.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* A profile has a hundred nodes or so; a store is for many. */
enum { STORE_NODES = 1 << 20, STORE_ENOUGH = 1 << 18 };

/* Real filters take a few milliseconds; of those that do not finish one in so many is given more. */
enum { SHORT_MILLISECONDS = 100, LONG_MILLISECONDS = 3000, CONFIRMED = 32 };

enum { REPORTED = 20, DATA_MAX = 64 };

/* A number and what the filter does with it. */
struct number {
    const struct sp_kb_arch *arch;
    uint32_t nr;
    sp_dd does;
};

struct trial {
    struct sp_proof *proof;
    struct sp_arena arena;
    uint64_t seed;
    struct sp_str text;
    const struct sp_profile *profile;
    struct sp_environment environment;
    struct sp_compiled compiled;
    struct sp_meaning *meaning;
    SP_VEC(struct number) numbers;
    uint64_t data[DATA_MAX];  /* what conditions compare with */
    size_t data_count;
    bool differs;
};

/* ---- differences ------------------------------------------------------------------------- */

static void __attribute__((format(printf, 2, 3)))
differ(struct trial *trial, const char *format, ...)
{
    struct sp_proof *proof = trial->proof;
    const struct sp_environment *environment = &trial->environment;
    va_list list;
    char what[200];

    if (trial->differs) {
        return;
    }
    trial->differs = true;
    if (proof->differences++ >= REPORTED) {
        return;
    }
    va_start(list, format);
    vsnprintf(what, sizeof what, format, list);
    va_end(list);
    sp_buf_format(&proof->report, "%s\n  on %s with %s %u.%u.%u: ", what,
                  sp_kb_text(environment->host->name),
                  environment->runtime == SP_RUNTIME_RUNC ? "runc" : "crun",
                  environment->runtime_version.major, environment->runtime_version.minor,
                  environment->runtime_version.patch);
    sp_buf_add(&proof->report, trial->text);
    sp_buf_char(&proof->report, '\n');
}

/* Where two diagrams of a number differ, and what they answer there. */
static void
differ_at(struct trial *trial, const struct sp_kb_arch *arch, uint32_t nr, sp_dd does, sp_dd said,
          const char *what)
{
    struct sp_dd_store *store = trial->proof->store;
    uint64_t args[SP_ARGS] = { 0 };
    uint32_t filter = 0, word = 0;

    if (!sp_dd_differ(store, does, said, args) || !sp_dd_eval(store, does, args, &filter)
        || !sp_dd_eval(store, said, args, &word)) {
        differ(trial, "%s %u: %s is undecided", sp_kb_text(arch->name), nr, what);
        return;
    }
    differ(trial, "%s %u (%#" PRIx64 ", %#" PRIx64 ", %#" PRIx64 ", %#" PRIx64
           "): %s is %#x, the filter answers %#x", sp_kb_text(arch->name), nr, args[0], args[1],
           args[2], args[3], what, word, filter);
}

/* ---- making ------------------------------------------------------------------------------ */

static bool
read_profile(struct trial *trial)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = &trial->arena };
    const struct sp_source *source = sp_source_new(&trial->arena, "random", trial->text);
    struct sp_doc *doc = sp_arena_new(&trial->arena, struct sp_doc);

    if (source == NULL || doc == NULL
        || !sp_json_read(&trial->arena, source, &limits, &report, doc)) {
        return false;
    }
    trial->profile = sp_profile_read(&trial->arena, doc, sp_profile_detect(doc));
    return trial->profile != NULL;
}

static void
note_datum(struct trial *trial, const struct sp_amount *amount)
{
    if (amount->given && trial->data_count < DATA_MAX) {
        trial->data[trial->data_count++] = amount->value;
    }
}

static void
note_data(struct trial *trial)
{
    for (size_t i = 0; i < trial->profile->rule_count; i++) {
        const struct sp_rule *rule = &trial->profile->rules[i];
        for (size_t j = 0; j < rule->condition_count; j++) {
            note_datum(trial, &rule->conditions[j].value);
            note_datum(trial, &rule->conditions[j].value_two);
        }
    }
}

/* ---- how it starts ----------------------------------------------------------------------- */

/* Some call must have a shape that makes libseccomp loop. */
static bool
is_endless_expected(struct trial *trial, const struct sp_filter_rules *rules)
{
    for (size_t i = 0; i < rules->arches.count; i++) {
        struct sp_arch_rules arch;
        if (!sp_arch_rules_make(&trial->arena, rules, &trial->environment, rules->arches.at[i],
                                &arch)) {
            return false;
        }
        for (size_t j = 0; j < arch.calls.count + arch.nameless.count; j++) {
            const struct sp_arch_call *call = j < arch.calls.count
                ? &arch.calls.at[j] : &arch.nameless.at[j - arch.calls.count];
            struct sp_modelled modelled;
            if (!sp_modelled_make(trial->proof->store, call->rules, call->count, arch.arch->bits,
                                  rules->default_verdict, trial->environment.libseccomp,
                                  &modelled)) {
                return false;
            }
            if ((modelled.hazards & SP_HAZARD_SHARED_LEVEL) != 0) {
                return true;
            }
        }
    }
    return false;
}

static bool
compile(struct trial *trial, const struct sp_filter_rules *rules)
{
    struct sp_compile_limits limits = { .milliseconds = SHORT_MILLISECONDS };

    if (!sp_compile(&trial->arena, rules, &trial->environment, &limits, &trial->compiled)) {
        return false;
    }
    if (trial->compiled.result == SP_COMPILE_ENDLESS && trial->seed % CONFIRMED == 0) {
        limits.milliseconds = LONG_MILLISECONDS;
        return sp_compile(&trial->arena, rules, &trial->environment, &limits, &trial->compiled);
    }
    return true;
}

/* The filter, before anything is said of it. `ret_is_endless` ends the trial. */
static bool
build(struct trial *trial, bool *ret_is_endless)
{
    struct sp_filter_rules rules;
    struct sp_oci oci;

    *ret_is_endless = false;
    trial->compiled = (struct sp_compiled){ .result = SP_COMPILE_REFUSED };
    if (!sp_resolve(&trial->arena, trial->profile, &trial->environment, &oci)) {
        return false;
    }
    if (oci.resolution != SP_RESOLUTION_PROFILE) {
        return true;
    }
    if (!sp_filter_rules_make(&trial->arena, trial->profile, &oci, &trial->environment, &rules)) {
        return false;
    }
    if (rules.refused != NULL) {
        return true;
    }
    if (!compile(trial, &rules)) {
        return false;
    }
    if (trial->compiled.result == SP_COMPILE_ENDLESS) {
        *ret_is_endless = true;
        trial->proof->endless++;
        if (!is_endless_expected(trial, &rules)) {
            differ(trial, "libseccomp does not finish, and no hazard is told");
        }
    }
    return true;
}

static void
compare_start(struct trial *trial)
{
    const struct sp_meaning *meaning = trial->meaning;
    const struct sp_compiled *compiled = &trial->compiled;
    bool is_late = meaning->rules.refused == NULL && meaning->arch_count > 0;
    bool is_built = compiled->result == SP_COMPILE_PROGRAM;

    if (compiled->result == SP_COMPILE_FAILED) {
        differ(trial, "no filter could be built: %s", compiled->why);
    } else if (is_built != (meaning->start == SP_START_FILTER)) {
        differ(trial, "libseccomp %s, said: %s", is_built ? "builds a filter" : compiled->why,
               meaning->why == NULL ? "it starts" : meaning->why);
    } else if (compiled->rule != NULL && compiled->rule->rule != meaning->rule) {
        differ(trial, "libseccomp refuses entry %td, said: %td",
               compiled->rule->rule - trial->profile->rules,
               meaning->rule == NULL ? -1 : meaning->rule - trial->profile->rules);
    }
    if (!is_built) {
        trial->proof->refused_late += is_late;
        trial->proof->refused += !is_late;
    }
}

/* ---- as it is written ------------------------------------------------------------------- */

static const struct sp_arch_rules *
rules_of(const struct trial *trial, const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < trial->meaning->arch_count; i++) {
        if (trial->meaning->arches[i].arch == arch) {
            return &trial->meaning->arches[i];
        }
    }
    return NULL;
}

/* Does the number answer for other calls, too (socketcall, ipc)? */
static bool
is_multiplexer(const struct sp_arch_call *call)
{
    for (size_t i = 0; call != NULL && i < call->count; i++) {
        if (call->rules[i].call != call->call) {
            return true;
        }
    }
    return false;
}

static void
count_hazards(struct sp_proof *proof, unsigned hazards, bool deviates)
{
    proof->hazardous++;
    proof->deviating += deviates;
    for (unsigned bit = 0; bit < SP_PROOF_HAZARDS; bit++) {
        if ((hazards >> bit & 1) != 0) {
            proof->hazards[bit]++;
            proof->hazards_deviating[bit] += deviates;
            return;
        }
    }
}

/* runc's stub may answer for a call with rules: of a multiplexed one, whose name has no number for
 * libseccomp, it does not know that it is named. */
static bool
is_stubbed(const struct sp_arch_rules *rules, uint32_t nr)
{
    return rules->stub != 0 && nr > rules->stub;
}

/* (c), for a number with rules, or that entries name. */
static void
compare_intended(struct trial *trial, const struct sp_proof_entries *entries, const struct number *number,
                 unsigned hazards)
{
    const struct sp_arch_rules *rules = rules_of(trial, number->arch);
    struct sp_proof *proof = trial->proof;
    sp_dd intended = sp_meaning_of(trial->meaning, number->arch, number->nr, SP_READING_INTENDED);
    bool is_kept = intended == number->does;
    bool is_plain = !rules->headless && !is_stubbed(rules, number->nr)
        && !is_multiplexer(sp_arch_rules_find(rules, number->nr)) && sp_proof_entries_are_faithful(entries);

    if (hazards != 0) {
        count_hazards(proof, hazards, is_plain && !is_kept);
    }
    if (hazards != 0 || !is_plain) {
        proof->unfaithful++;
        proof->unintended += !is_kept;
        return;
    }
    proof->faithful++;
    proof->plain += !sp_proof_entries_have_conditions(entries);
    if (!is_kept) {
        differ_at(trial, number->arch, number->nr, number->does, intended, "intended");
    }
}

/* ---- numbers ----------------------------------------------------------------------------- */

/* (b), and (c). */
static bool
compare_number(struct trial *trial, const struct sp_kb_arch *arch, uint32_t nr)
{
    struct sp_proof *proof = trial->proof;
    struct sp_meaning *meaning = trial->meaning;
    struct number *number = sp_vec_push(&trial->arena, &trial->numbers);
    const struct sp_kb_syscall *call = sp_kb_syscall_by_number(arch, nr);
    struct sp_proof_entries entries = {
        .store = proof->store, .oci = &meaning->oci, .arch = arch,
    };

    if (number == NULL || (call != NULL && !sp_proof_entries_find(&trial->arena, &entries, call))) {
        return false;
    }
    *number = (struct number){
        .arch = arch, .nr = nr,
        .does = sp_bpf_meaning(proof->store, trial->compiled.program, arch->audit, nr),
    };
    proof->numbers++;
    unsigned hazards = sp_meaning_hazards(meaning, arch, nr);
    sp_dd enforced = sp_meaning_of(meaning, arch, nr, SP_READING_ENFORCED);
    sp_dd modelled = sp_meaning_of(meaning, arch, nr, SP_READING_MODELLED);
    if (sp_dd_has_undecided(proof->store, number->does)) {
        differ(trial, "%s %u cannot be told", sp_kb_text(arch->name), nr);
    } else if (enforced != number->does) {
        differ_at(trial, arch, nr, number->does, enforced, "enforced");
    } else if (hazards == 0 && modelled != number->does) {
        differ_at(trial, arch, nr, number->does, modelled, "modelled");
    }
    const struct sp_arch_rules *rules = rules_of(trial, arch);
    if (rules != NULL
        && (entries.all.count > 0 || sp_arch_rules_find(rules, nr) != NULL)) {
        compare_intended(trial, &entries, number, hazards);
    }
    return true;
}

static int
compare_numbers(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

struct list {
    SP_VEC(uint32_t) all;
};

static bool
add_number(struct trial *trial, struct list *list, uint32_t nr)
{
    uint32_t *place = sp_vec_push(&trial->arena, &list->all);

    if (place != NULL) {
        *place = nr;
    }
    return place != NULL;
}

static bool
add_call(struct trial *trial, const struct sp_kb_arch *arch, const struct sp_kb_syscall *call,
         struct list *list)
{
    int64_t nr = sp_kb_number(arch, call);

    return nr == SP_KB_NO_NUMBER || add_number(trial, list, (uint32_t)nr);
}

/* Numbers with a rule, those of names whose rules were passed over, multiplexers, and odd ones. */
static bool
list_numbers(struct trial *trial, const struct sp_arch_rules *rules, struct list *list)
{
    static const uint32_t odd[] = {
        0, 1, 511, 0x3fffffff, 0x40000000, 0x400001ff, 0x7fffffff, 0x80000000, 0xbfffffff,
        0xffffffff,
    };
    const struct sp_filter_rules *all = &trial->meaning->rules;
    bool done = true;

    for (size_t i = 0; i < rules->calls.count && done; i++) {
        done = add_number(trial, list, rules->calls.at[i].nr);
    }
    for (size_t i = 0; i < all->named.count && done; i++) {
        done = add_call(trial, rules->arch, &sp_kb_syscalls[all->named.at[i]], list);
    }
    for (size_t i = 0; i < sizeof odd / sizeof *odd && done; i++) {
        done = add_number(trial, list, odd[i]);
    }
    done = done && add_call(trial, rules->arch, sp_kb_syscall_find(SP_STR("socketcall")), list)
        && add_call(trial, rules->arch, sp_kb_syscall_find(SP_STR("ipc")), list);
    if (done) {
        qsort(list->all.at, list->all.count, sizeof *list->all.at, compare_numbers);
    }
    return done;
}

static bool
compare_arch(struct trial *trial, const struct sp_arch_rules *rules)
{
    struct list list = { .all = { .count = 0 } };

    if (!list_numbers(trial, rules, &list)) {
        return false;
    }
    for (size_t i = 0; i < list.all.count; i++) {
        if ((i == 0 || list.all.at[i] != list.all.at[i - 1])
            && !compare_number(trial, rules->arch, list.all.at[i])) {
            return false;
        }
    }
    return true;
}

/* All architectures of the filter, and one that it may lack. */
static bool
compare_arches(struct trial *trial)
{
    static const char *const others[] = { "x86", "x86_64", "arm", "s390", "riscv64" };
    const char *other = others[bpf_random_below(&trial->seed, sizeof others / sizeof *others)];

    for (size_t i = 0; i < trial->meaning->arch_count; i++) {
        if (!compare_arch(trial, &trial->meaning->arches[i])) {
            return false;
        }
    }
    return compare_number(trial, sp_kb_arch_find(sp_str_of(other)), 3);
}

/* ---- points ------------------------------------------------------------------------------ */

/* At an edge of some condition, or beside it. */
static uint64_t
draw_argument(struct trial *trial)
{
    uint64_t *seed = &trial->seed;
    uint64_t datum = trial->data_count == 0
        ? 0 : trial->data[bpf_random_below(seed, (uint32_t)trial->data_count)];

    switch (bpf_random_below(seed, 12)) {
    case 0:
        return datum + 1;
    case 1:
        return datum - 1;
    case 2:
        return datum + (UINT64_C(1) << 32);
    case 3:
        return datum ^ UINT64_C(1) << bpf_random_below(seed, 64);
    case 4:
        return (uint32_t)datum;
    case 5:
        return bpf_random_below(seed, 2) == 0 ? 0 : UINT64_MAX;
    case 6:
        return bpf_random(seed);
    default:
        return datum;
    }
}

/* One of which arguments decide, where there is one. */
static const struct number *
draw_number(struct trial *trial)
{
    const struct number *number = NULL;

    for (unsigned tried = 0; tried < 8; tried++) {
        size_t at = bpf_random_below(&trial->seed, (uint32_t)trial->numbers.count);
        number = &trial->numbers.at[at];
        if (!sp_dd_is_leaf(trial->proof->store, number->does)) {
            break;
        }
    }
    return number;
}

/* (a), and the way of one call as it is told. */
static bool
compare_point(struct trial *trial)
{
    const struct number *number = draw_number(trial);
    struct sp_call call = { .arch = number->arch->audit, .nr = number->nr };
    struct sp_outcome outcome;
    uint32_t value = 0;

    for (unsigned i = 0; i < SP_ARGS; i++) {
        call.args[i] = draw_argument(trial);
    }
    sp_verdict verdict = sp_bpf_run(trial->compiled.program, &call, NULL);
    trial->proof->points++;
    if (!sp_dd_eval(trial->proof->store, number->does, call.args, &value) || value != verdict) {
        differ(trial, "%s %u: the diagram is not what the instructions do",
               sp_kb_text(number->arch->name), number->nr);
    }
    if (!sp_meaning_simulate(trial->meaning, number->arch, &call, &outcome)) {
        return false;
    }
    if (outcome.decider != SP_DECIDER_KERNEL && (!outcome.decided || outcome.verdict != verdict)) {
        differ(trial, "%s %u: the simulated call ends otherwise",
               sp_kb_text(number->arch->name), number->nr);
    }
    return true;
}

/* ---- one profile ------------------------------------------------------------------------- */

static bool
run(struct trial *trial)
{
    struct sp_proof *proof = trial->proof;
    bool is_endless;

    if (!read_profile(trial)) {
        return false;
    }
    note_data(trial);
    if (!build(trial, &is_endless)) {
        return false;
    }
    if (is_endless) {
        return true;
    }
    if (!sp_meaning_make(&trial->arena, proof->store, trial->profile, &trial->environment,
                         &trial->meaning)) {
        return false;
    }
    compare_start(trial);
    if (trial->compiled.result != SP_COMPILE_PROGRAM
        || trial->meaning->start != SP_START_FILTER) {
        return true;
    }
    if (!compare_arches(trial)) {
        return false;
    }
    for (unsigned i = 0; i < SP_PROOF_POINTS; i++) {
        if (!compare_point(trial)) {
            return false;
        }
    }
    return true;
}

static bool
has_store(struct sp_proof *proof)
{
    if (proof->store != NULL && sp_dd_store_size(proof->store) > STORE_ENOUGH) {
        sp_dd_store_free(proof->store);
        proof->store = NULL;
    }
    if (proof->store == NULL) {
        proof->store = sp_dd_store_new(STORE_NODES);
    }
    return proof->store != NULL;
}

bool
sp_proof_profile(struct sp_proof *proof, struct sp_str text,
                 const struct sp_environment *environment, uint64_t seed)
{
    struct trial trial = {
        .proof = proof, .text = text, .environment = *environment, .seed = seed,
    };

    proof->profiles++;
    if (!has_store(proof)) {
        return false;
    }
    bool done = run(&trial);
    sp_arena_free(&trial.arena);
    return done;
}

/* ---- a series ---------------------------------------------------------------------------- */

/* Neighbouring numbers must not give alike sequences. */
static uint64_t
seed_of(uint64_t series, size_t number)
{
    uint64_t seed = series * UINT64_C(0x9e3779b97f4a7c15) + number;

    seed = (seed ^ seed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    seed = (seed ^ seed >> 27) * UINT64_C(0x94d049bb133111eb);
    return (seed ^ seed >> 31) | 1;
}

static bool
prove_random(struct sp_proof *proof, uint64_t seed)
{
    struct sp_environment environment;
    SP_BUF(text);

    sp_random_profile(&seed, &text, &environment);
    return !text.failed && sp_proof_profile(proof, sp_buf_view(&text), &environment, seed);
}

bool
sp_proof_series(struct sp_proof *proof, uint64_t series, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        if (!prove_random(proof, seed_of(series, i))) {
            return false;
        }
    }
    return true;
}

void
sp_proof_free(struct sp_proof *proof)
{
    sp_dd_store_free(proof->store);
    sp_buf_free(&proof->report);
}
