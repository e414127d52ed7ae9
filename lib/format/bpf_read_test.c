/* A program becomes the profile that it was made of, call by call; what no profile means is
 * an error at its place. */
#include "base/testing.h"
#include "format/bpf_read.h"
#include "format/bpf_read_work.h"
#include "format/defaults_write.h"
#include "format/profile_read.h"
#include "format/profile_testing.h"
#include "kb/defaults.h"
#include "sem/bpf_run.h"
#include "sem/bpf_test.h"
#include "sem/meaning.h"
#include "sem/random_profiles_testing.h"

#include <linux/audit.h>
#include <string.h>

/* ---- helpers ----------------------------------------------------------------------------- */

struct trip {
    struct sp_arena arena;
    struct sp_dd_store *store;
    struct sp_report report;
    struct sp_doc doc;
    struct sp_meaning *meaning;  /* of the profile that was read */
};

static bool
read_program(struct trip *trip, struct sp_bpf program)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_str text = { .ptr = (const char *)program.at, .len = program.count * 8 };

    trip->report = (struct sp_report){ .arena = &trip->arena };
    bool done = sp_bpf_read(&trip->arena, sp_source_new(&trip->arena, "filter.bpf", text),
                            &limits, &trip->report, &trip->doc);
    ck_assert(!trip->report.failed);
    ck_assert(done == (trip->report.diags.count == 0));
    return done;
}

static struct sp_meaning *
meaning_of(struct trip *trip, const struct sp_profile *profile,
           const struct sp_environment *environment)
{
    struct sp_meaning *meaning;

    ck_assert(sp_meaning_make(&trip->arena, trip->store, profile, environment, &meaning));
    return meaning;
}

/* What was read, as a runtime loads it on the program's own host: the one that adds what was
 * left out. */
static struct sp_meaning *
meaning_again(struct trip *trip, const struct sp_kb_arch *host, bool has_stub)
{
    struct sp_environment again = {
        .engine = SP_ENGINE_OCI,
        .runtime = has_stub ? SP_RUNTIME_RUNC : SP_RUNTIME_CRUN,
        .host = host,
    };
    struct sp_detected detected = {
        .looks = SP_LOOKS_PROFILE, .dialect = SP_DIALECT_BPF, .profile = trip->doc.root,
    };

    return meaning_of(trip, sp_profile_read(&trip->arena, &trip->doc, detected), &again);
}

static sp_dd
possible(struct sp_dd_store *store, const struct sp_kb_arch *arch, sp_dd diagram)
{
    for (unsigned arg = 0; arch->bits == 32 && arg < SP_ARGS; arg++) {
        diagram = sp_dd_narrow(store, diagram, arg, 32);
    }
    return diagram;
}

static void
compare(struct trip *trip, struct sp_bpf program, struct sp_meaning *meaning,
        const struct sp_kb_arch *arch, uint32_t nr)
{
    sp_dd wanted = sp_bpf_meaning(trip->store, program, arch->audit, nr);
    sp_dd got = sp_meaning_of(meaning, arch, nr, SP_READING_ENFORCED);

    /* Check writes a file at each assertion: too slow for every number. */
    if (wanted != got && possible(trip->store, arch, wanted) != possible(trip->store, arch, got)) {
        ck_abort_msg("number %u of %s", nr, sp_kb_text(arch->name));
    }
}

/* Every architecture, those that the filter does not have, too. */
static void
compare_all(struct trip *trip, struct sp_bpf program, struct sp_meaning *meaning)
{
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        const struct sp_kb_arch *arch = &sp_kb_arches[i];
        for (size_t j = 0; j < sp_kb_syscalls_count; j++) {
            int64_t nr = sp_kb_number(arch, &sp_kb_syscalls[j]);
            if (nr != SP_KB_NO_NUMBER) {
                compare(trip, program, meaning, arch, (uint32_t)nr);
            }
        }
        compare(trip, program, meaning, arch, arch->offset + 900);
        compare(trip, program, meaning, arch, UINT32_MAX);
    }
}

static void
check_spans(const struct sp_node *node, size_t size)
{
    ck_assert(node->span.start < node->span.end && node->span.end <= size);
    for sp_node_each(child, node) {
        check_spans(child, size);
    }
}

static void
check_same_tree(const struct sp_node *left, const struct sp_node *right)
{
    ck_assert_int_eq(left->kind, right->kind);
    ck_assert_uint_eq(left->count, right->count);
    ck_assert(left->kind != SP_NODE_STRING || strcmp(left->text.ptr, right->text.ptr) == 0);
    const struct sp_node *other = right->first;
    for (const struct sp_node *child = left->first; child != NULL; child = child->next) {
        check_same_tree(child, other);
        other = other->next;
    }
}

/* Program to profile to program to profile; false when no profile is found. */
static bool
travel(struct trip *trip, const struct sp_compiled *from, const struct sp_kb_arch *host)
{
    struct sp_bpf program = from->program;

    if (!read_program(trip, program)) {
        return false;
    }
    check_spans(trip->doc.root, program.count * 8);
    struct sp_meaning *meaning = meaning_again(trip, host, from->stub > 0);
    ck_assert_int_eq(meaning->start, SP_START_FILTER);
    compare_all(trip, program, meaning);

    const struct sp_compiled *compiled = sp_meaning_compiled(meaning);
    ck_assert_int_eq(compiled->result, SP_COMPILE_PROGRAM);
    struct sp_doc first = trip->doc;
    bool again = read_program(trip, compiled->program);
    ck_assert_msg(again, "%s", again ? "" : trip->report.diags.at[0]->message);
    check_same_tree(first.root, trip->doc.root);
    return true;
}

static void
begin(struct trip *trip)
{
    memset(trip, 0, sizeof *trip);
    trip->store = sp_dd_store_new(SP_DD_BUDGET);
    ck_assert_ptr_nonnull(trip->store);
}

static void
end(struct trip *trip)
{
    sp_dd_store_free(trip->store);
    sp_arena_free(&trip->arena);
}

/* ---- programs made from profiles --------------------------------------------------------- */

static const struct {
    const char *name;
    enum sp_engine engine;
    enum sp_runtime runtime;
    const char *host;
    bool all_caps;
} defaults[] = {
    { "docker", SP_ENGINE_DOCKER, SP_RUNTIME_CRUN, "x86_64", false },
    { "docker", SP_ENGINE_DOCKER, SP_RUNTIME_RUNC, "x86_64", false },
    { "docker", SP_ENGINE_DOCKER, SP_RUNTIME_RUNC, "x86_64", true },
    { "docker", SP_ENGINE_DOCKER, SP_RUNTIME_RUNC, "aarch64", false },
    { "docker", SP_ENGINE_DOCKER, SP_RUNTIME_RUNC, "s390x", false },
    { "podman", SP_ENGINE_PODMAN, SP_RUNTIME_CRUN, "x86_64", false },
    { "podman", SP_ENGINE_PODMAN, SP_RUNTIME_RUNC, "x86_64", false },
    { "podman", SP_ENGINE_PODMAN, SP_RUNTIME_CRUN, "x86_64", true },
    { "podman", SP_ENGINE_PODMAN, SP_RUNTIME_CRUN, "aarch64", false },
};

START_TEST(a_default_comes_back)
{
    struct trip trip;
    SP_BUF(text);
    struct sp_environment environment = {
        .engine = defaults[_i].engine,
        .runtime = defaults[_i].runtime,
        .host = sp_kb_arch_find(sp_str_of(defaults[_i].host)),
        .kernel = { .major = 7, .minor = 0 },
        .caps = defaults[_i].all_caps ? UINT64_MAX : sp_kb_default_caps(SP_KB_DOCKER),
    };

    begin(&trip);
    sp_defaults_write(sp_kb_default_find(sp_str_of(defaults[_i].name)), &text);
    struct sp_meaning *meaning = meaning_of(
        &trip, sp_testing_profile(&trip.arena, sp_buf_view(&text)), &environment);
    const struct sp_compiled *compiled = sp_meaning_compiled(meaning);
    ck_assert_int_eq(compiled->result, SP_COMPILE_PROGRAM);
    bool done = travel(&trip, compiled, environment.host);
    ck_assert_msg(done, "%s", done ? "" : trip.report.diags.at[0]->message);
    const struct sp_node *arches = sp_node_member(trip.doc.root, "architectures");
    ck_assert(sp_node_is_string(arches->first, sp_kb_text(environment.host->token)));
    end(&trip);
}
END_TEST

static bool
is_safe(struct sp_meaning *meaning)
{
    for (size_t i = 0; i < meaning->arch_count; i++) {
        if (meaning->arches[i].headless || meaning->arches[i].head_unsure) {
            return false;
        }
        for (size_t j = 0; j < meaning->arches[i].calls.count; j++) {
            if (sp_meaning_hazards(meaning, meaning->arches[i].arch,
                                   meaning->arches[i].calls.at[j].nr) != 0) {
                return false;
            }
        }
    }
    return true;
}

/* runc before 1.1.15 leaves out the native architecture that the profile does not name, and
 * runc wants a listener for NOTIFY, which no program names: what was made of those need not
 * come back. */
static bool
is_made_again(const struct sp_compiled *compiled, struct sp_str text,
              const struct sp_environment *environment)
{
    bool is_old = environment->runtime_version.major > 0;
    bool notifies = strstr(text.ptr, "SCMP_ACT_NOTIFY") != NULL;

    return compiled->stub == 0 || (!is_old && !notifies);
}

enum result { SKIPPED, READ, NOT_READ, RESULTS };

static enum result
travel_random(uint64_t *seed)
{
    struct trip trip;
    struct sp_environment environment;
    SP_BUF(text);
    enum result result = SKIPPED;

    begin(&trip);
    sp_random_profile(seed, &text, &environment);
    struct sp_meaning *meaning = meaning_of(
        &trip, sp_testing_profile(&trip.arena, sp_buf_view(&text)), &environment);
    if (meaning->start == SP_START_FILTER && is_safe(meaning)) {
        const struct sp_compiled *compiled = sp_meaning_compiled(meaning);
        if (compiled->result == SP_COMPILE_PROGRAM
            && is_made_again(compiled, sp_buf_view(&text), &environment)) {
            result = travel(&trip, compiled, environment.host) ? READ : NOT_READ;
        }
    }
    end(&trip);
    return result;
}

/* Where rules with different actions overlap, 32-bit and 64-bit architectures may part: such
 * a filter has no profile whose rules stand side by side. */
START_TEST(most_safe_profiles_come_back)
{
    enum { PROFILES = 50 };
    uint64_t seed = 31337 + (uint64_t)_i;
    size_t counts[RESULTS] = { 0 };

    for (int i = 0; i < PROFILES; i++) {
        counts[travel_random(&seed)]++;
    }
    ck_assert_uint_ge(counts[READ], PROFILES / 3);
    ck_assert_uint_le(counts[NOT_READ], 2);
}
END_TEST

/* ---- what no profile means --------------------------------------------------------------- */

#define LOAD(offset) INSN(SP_BPF_LD_ABS, offset)
#define EQUAL(k, jt, jf) JUMP(SP_BPF_JEQ, k, jt, jf)
#define RETURN(verdict) INSN(SP_BPF_RET_K, verdict)
#define X86_64_ONLY LOAD(4), EQUAL(AUDIT_ARCH_X86_64, 1, 0), RETURN(0), LOAD(0)

enum { PROGRAM_MAX = 24 };

static const struct {
    const char *message;  /* a part of it; NULL: it is read */
    struct sp_span span;
    size_t cut;           /* bytes that are missing at the end */
    struct sp_bpf_insn insns[PROGRAM_MAX];
} programs[] = {
    { NULL, { 0, 0 }, 0, { RETURN(0) } },
    { NULL, { 0, 0 }, 0,
      { X86_64_ONLY, JUMP(SP_BPF_JGE, 0x40000000, 0, 1), RETURN(0), EQUAL(39, 0, 1),
        RETURN(SP_VERDICT_ALLOW), RETURN(SP_VERDICT_ERRNO | 1) } },
    { "the file is empty", { 0, 0 }, 8, { RETURN(0) } },
    { "within an instruction", { 8, 11 }, 5, { LOAD(0), RETURN(0) } },
    { "instruction 2 of 2: instruction that seccomp does not have", { 8, 16 }, 0,
      { LOAD(0), INSN(0xffff, 1) } },
    { "instruction 1 of 2: load past the end", { 0, 8 }, 0, { LOAD(64), RETURN(0) } },
    { "instruction 1 of 1: program that does not end with a return", { 0, 8 }, 0, { LOAD(0) } },
    { "an architecture that is not asked for (0x2) are answered with ALLOW", { 0, 8 }, 0,
      { RETURN(SP_VERDICT_ALLOW) } },
    { "not asked for (0xc00000ff) are answered with TRAP", { 0, 48 }, 0,
      { LOAD(4), EQUAL(0xc00000ff, 0, 1), RETURN(SP_VERDICT_TRAP), LOAD(0), EQUAL(1, 0, 0),
        RETURN(0) } },
    { "instruction pointer", { 32, 40 }, 0,
      { X86_64_ONLY, LOAD(8), EQUAL(7, 0, 1), RETURN(SP_VERDICT_ALLOW),
        RETURN(SP_VERDICT_ERRNO) } },
    { "number 4000 is no call of `x86_64`, and is answered with ALLOW, while others are with "
      "ERRNO(EPERM)", { 32, 40 }, 0,
      { X86_64_ONLY, EQUAL(4000, 0, 1), RETURN(SP_VERDICT_ALLOW),
        RETURN(SP_VERDICT_ERRNO | 1) } },
    { "a profile has no word for an answer to `getpid`", { 48, 56 }, 0,
      { X86_64_ONLY, JUMP(SP_BPF_JGE, 0x40000000, 0, 1), RETURN(0), EQUAL(39, 0, 1),
        RETURN(SP_VERDICT_TRAP | 5), RETURN(SP_VERDICT_ERRNO | 1) } },
    { "a profile has no word for the default answer", { 0, 72 }, 0,
      { X86_64_ONLY, JUMP(SP_BPF_JGE, 0x40000000, 0, 1), RETURN(0), EQUAL(39, 0, 1),
        RETURN(SP_VERDICT_ALLOW), RETURN(SP_VERDICT_ERRNO | 4095) } },
    { "`aarch64` and `riscv64` have different answers for `getpid`", { 32, 40 }, 0,
      { LOAD(4), EQUAL(AUDIT_ARCH_AARCH64, 4, 0), EQUAL(AUDIT_ARCH_RISCV64, 0, 2), LOAD(0),
        EQUAL(172, 3, 2), RETURN(0), LOAD(0), RETURN(SP_VERDICT_ERRNO | 1),
        RETURN(SP_VERDICT_ALLOW) } },
    { "numbers that are nobody's are answered with ERRNO(EPERM) on `aarch64`, and with TRAP on "
      "`riscv64`", { 0, 48 }, 0,
      { LOAD(4), EQUAL(AUDIT_ARCH_AARCH64, 2, 0), EQUAL(AUDIT_ARCH_RISCV64, 2, 0), RETURN(0),
        RETURN(SP_VERDICT_ERRNO | 1), RETURN(SP_VERDICT_TRAP) } },
    { "cannot be followed to an answer for `getpid`", { 48, 56 }, 0,
      { X86_64_ONLY, JUMP(SP_BPF_JGE, 0x40000000, 0, 1), RETURN(0), EQUAL(39, 0, 6), LOAD(16),
        INSN(SP_BPF_TAX, 0), LOAD(24), JUMP(SP_BPF_JEQ | BPF_X, 0, 0, 1),
        RETURN(SP_VERDICT_ALLOW), RETURN(SP_VERDICT_ERRNO | 2), RETURN(SP_VERDICT_ERRNO | 1) } },
    { "numbers above 500 of `aarch64` are answered with ENOSYS", { 0, 72 }, 0,
      { LOAD(4), EQUAL(AUDIT_ARCH_AARCH64, 1, 0), RETURN(0), LOAD(0), EQUAL(172, 0, 1),
        RETURN(SP_VERDICT_ALLOW), JUMP(SP_BPF_JGT, 500, 0, 1), RETURN(SP_BPF_ENOSYS),
        RETURN(SP_VERDICT_ERRNO | 1) } },
};

START_TEST(what_no_profile_means_is_an_error)
{
    struct trip trip;
    struct sp_bpf program = { .at = programs[_i].insns };
    struct sp_doc_limits limits = SP_DOC_LIMITS;

    begin(&trip);
    while (program.count < PROGRAM_MAX
           && (program.at[program.count].code != 0 || program.at[program.count].k != 0)) {
        program.count++;
    }
    struct sp_str text = { .ptr = (const char *)program.at,
                           .len = program.count * 8 - programs[_i].cut };
    trip.report = (struct sp_report){ .arena = &trip.arena };
    bool done = sp_bpf_read(&trip.arena, sp_source_new(&trip.arena, "filter.bpf", text),
                            &limits, &trip.report, &trip.doc);
    ck_assert(done == (programs[_i].message == NULL));
    if (!done) {
        ck_assert_uint_eq(trip.report.diags.count, 1);
        const struct sp_diag *diag = trip.report.diags.at[0];
        ck_assert_msg(strstr(diag->message, programs[_i].message) != NULL, "%s", diag->message);
        ck_assert_ptr_nonnull(diag->help);
        ck_assert_uint_eq(diag->place.span.start, programs[_i].span.start);
        ck_assert_uint_eq(diag->place.span.end, programs[_i].span.end);
    }
    end(&trip);
}
END_TEST

SP_SUITE(bpf_read)
{
    TCase *trips = sp_testing_case(suite, "trips");
    tcase_add_loop_test(trips, a_default_comes_back, 0, sizeof defaults / sizeof *defaults);
    tcase_add_loop_test(trips, most_safe_profiles_come_back, 0, 12);

    TCase *faults = sp_testing_case(suite, "faults");
    tcase_add_loop_test(faults, what_no_profile_means_is_an_error, 0,
                        sizeof programs / sizeof *programs);
}
