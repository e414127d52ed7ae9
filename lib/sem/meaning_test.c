/* What a profile means, against the filter that libseccomp builds from it. */
#include "base/buf.h"
#include "base/testing.h"
#include "format/defaults_write.h"
#include "format/profile_testing.h"
#include "sem/bpf_run.h"
#include "sem/bpf_test.h"
#include "sem/meaning.h"

#include <errno.h>

#define ARCHES "\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"],"
#define PROFILE(action, rules) \
    "{\"defaultAction\":\"SCMP_ACT_" action "\",\"syscalls\":[" rules "]}"
#define ABIS(action, rules) \
    "{" ARCHES "\"defaultAction\":\"SCMP_ACT_" action "\",\"syscalls\":[" rules "]}"
#define RULE(names, action, rest) \
    "{\"names\":[" names "],\"action\":\"SCMP_ACT_" action "\"" rest "}"
#define ARGS(one) ",\"args\":[" one "]"
#define TWO(one, other) ARGS(one "," other)
#define ARG(index, value, op) \
    "{\"index\":" #index ",\"value\":" #value ",\"op\":\"SCMP_CMP_" #op "\"}"
#define MASKED(index, mask, value) \
    "{\"index\":" #index ",\"value\":" #mask ",\"valueTwo\":" #value \
    ",\"op\":\"SCMP_CMP_MASKED_EQ\"}"
#define ERRNO(number) ",\"errnoRet\":" #number
#define KCMP "\"kcmp\""
#define REST RULE("\"read\",\"write\",\"open\",\"futex_waitv\"", "ALLOW", "")

#define ALLOWED SP_VERDICT_ALLOW
#define FAILS(number) (SP_VERDICT_ERRNO | (number))

struct test {
    struct sp_arena arena;
    struct sp_dd_store *store;
    struct sp_meaning *meaning;
};

static void
end(struct test *test)
{
    sp_dd_store_free(test->store);
    sp_arena_free(&test->arena);
}

#define TEST(name) __attribute__((cleanup(end))) struct test name = { .store = NULL }

static const struct sp_kb_arch *
arch_of(const char *name)
{
    const struct sp_kb_arch *arch = sp_kb_arch_find(sp_str_of(name));

    ck_assert_ptr_nonnull(arch);
    return arch;
}

/* As on a machine with x86_64 and the libseccomp of this process. */
static struct sp_environment
environment_of(enum sp_engine engine, enum sp_runtime runtime)
{
    return (struct sp_environment){
        .engine = engine,
        .runtime = runtime,
        .libseccomp = sp_compile_libseccomp(),
        .host = arch_of("x86_64"),
        .kernel = { .major = 6, .minor = 12 },
        .caps = UINT64_C(0xa80425fb),
    };
}

static void
begin(struct test *test, struct sp_str text, struct sp_environment environment)
{
    const struct sp_profile *profile = sp_testing_profile(&test->arena, text);

    test->store = sp_dd_store_new(SP_DD_BUDGET);
    ck_assert_ptr_nonnull(test->store);
    ck_assert(sp_meaning_make(&test->arena, test->store, profile, &environment,
                              &test->meaning));
}

/* ---- against the program ----------------------------------------------------------------- */

static const char *const abis[] = { "x86_64", "x86", "x32" };

enum { ABIS = 3, NUMBERS = 601 };

static const uint32_t odd_numbers[] = {
    0x3fffffff, 0x40000000, 0x7fffffff, 0x80000000, 0xbfffffff, 0xc0000000, 0xfffffffe,
    0xffffffff,
};

static void
check_number(struct test *test, const struct sp_kb_arch *arch, uint32_t nr, const char *what)
{
    struct sp_bpf program = sp_meaning_compiled(test->meaning)->program;
    sp_dd wanted = sp_bpf_meaning(test->store, program, arch->audit, nr);
    sp_dd got = sp_meaning_of(test->meaning, arch, nr, SP_READING_ENFORCED);
    unsigned hazards = sp_meaning_hazards(test->meaning, arch, nr);

    /* Check writes a file at each assertion: too slow for every number. */
    if (got != wanted || got == SP_DD_UNDECIDED) {
        ck_abort_msg("%s: %s %u is not what the filter does", what, sp_kb_text(arch->name), nr);
    }
    if (hazards == 0
        && sp_meaning_of(test->meaning, arch, nr, SP_READING_MODELLED) != wanted) {
        ck_abort_msg("%s: %s %u is modelled wrongly", what, sp_kb_text(arch->name), nr);
    }
}

static void
check_numbers(struct test *test, const char *what)
{
    ck_assert_msg(test->meaning->start == SP_START_FILTER, "%s: does not start: %s", what,
                  test->meaning->why);
    ck_assert_int_eq(sp_meaning_compiled(test->meaning)->result, SP_COMPILE_PROGRAM);
    for (size_t i = 0; i < ABIS; i++) {
        const struct sp_kb_arch *arch = arch_of(abis[i]);
        for (uint32_t nr = 0; nr < NUMBERS; nr++) {
            check_number(test, arch, arch->offset + nr, what);
        }
        for (size_t j = 0; j < sizeof odd_numbers / sizeof *odd_numbers; j++) {
            check_number(test, arch, odd_numbers[j], what);
        }
    }
    check_number(test, arch_of("aarch64"), 1, what);
}

/* Profiles whose containers start. */
static const char *const shapes[] = {
    PROFILE("ERRNO", ""),
    PROFILE("ALLOW", ""),
    PROFILE("KILL", REST),
    ABIS("ERRNO", REST),
    ABIS("LOG", RULE(KCMP, "KILL_PROCESS", "")),
    ABIS("ERRNO", REST "," RULE(KCMP, "ALLOW", ARGS(ARG(0, 7, EQ)))),
    ABIS("ERRNO", REST "," RULE(KCMP, "ALLOW", TWO(ARG(0, 7, EQ), ARG(1, 8, EQ)))),
    ABIS("ERRNO", REST "," RULE(KCMP, "ALLOW", TWO(ARG(0, 7, GE), ARG(0, 9, LE)))),
    ABIS("ERRNO", REST "," RULE(KCMP, "ALLOW", ARGS(MASKED(1, 240, 48)))),
    ABIS("ERRNO", RULE(KCMP, "ALLOW", ARGS(ARG(0, 40, NE))) ","
                  RULE(KCMP, "ERRNO", ERRNO(71) ARGS(ARG(0, 39, EQ))) "," REST),
    ABIS("ERRNO", RULE(KCMP, "ALLOW", ARGS(ARG(0, 40, NE))) ","
                  RULE(KCMP, "ERRNO", ERRNO(71) ARGS(ARG(0, 41, EQ))) "," REST),
    ABIS("ALLOW", RULE(KCMP, "ERRNO", ERRNO(71) ARGS(ARG(0, 20, LT))) ","
                  RULE(KCMP, "ERRNO", ERRNO(72) ARGS(ARG(0, 10, LT))) ","
                  RULE("\"getpid\"", "LOG", "")),
    ABIS("ALLOW", RULE(KCMP, "ERRNO", ERRNO(71) ARGS(ARG(0, 1, EQ))) ","
                  RULE(KCMP, "ERRNO", ERRNO(72) ARGS(ARG(1, 2, EQ)))),
    ABIS("ERRNO", REST "," RULE("\"socket\"", "ALLOW", ARGS(ARG(0, 40, NE)))),
    ABIS("ERRNO", REST "," RULE("\"semop\",\"ipc\"", "ALLOW", ARGS(ARG(0, 40, EQ)))),
    ABIS("ERRNO", RULE(KCMP, "ALLOW", ARGS(ARG(0, 4294967297, EQ))) "," REST),
    ABIS("ERRNO", RULE("\"futex_waitv\"", "ERRNO", "") "," REST),
    /* outside the safe fragment */
    ABIS("ERRNO", REST "," RULE(KCMP, "ALLOW", TWO(ARG(0, 40, NE), ARG(1, 1, EQ))) ","
                  RULE(KCMP, "ALLOW", TWO(ARG(0, 38, NE), ARG(1, 2, EQ)))),
    ABIS("ERRNO", REST "," RULE(KCMP, "ALLOW", ARGS(ARG(1, 1, EQ))) ","
                  RULE(KCMP, "ALLOW", TWO(ARG(1, 3, NE), ARG(2, 1, NE)))),
    ABIS("ALLOW", RULE(KCMP, "ERRNO", ERRNO(71) ARGS(ARG(0, 1, LE))) ","
                  RULE(KCMP, "ERRNO", ERRNO(71) ARGS(ARG(0, 4294967297, LT)))),
    ABIS("ERRNO", REST "," RULE(KCMP, "ALLOW", ARGS(ARG(1, 2, EQ))) ","
                  RULE(KCMP, "ALLOW", TWO(ARG(0, 0, EQ), ARG(1, 2, NE)))),
    /* whether numbers are lost hangs on a rule that another one implies */
    ABIS("ALLOW", RULE("\"umount\"", "ERRNO", TWO(ARG(1, 8, EQ), ARG(2, 9, EQ))) ","
                  RULE("\"umount\"", "ERRNO", ARGS(ARG(1, 8, EQ))) ","
                  RULE(KCMP, "ERRNO", ERRNO(71) TWO(ARG(1, 8, EQ), ARG(2, 9, EQ)))),
    /* the numbers of two architectures are lost */
    ABIS("ALLOW", RULE("\"socketcall\"", "ERRNO", ERRNO(72)) ","
                  RULE(KCMP, "ERRNO", ERRNO(71) ARGS(ARG(0, 8, EQ)))),
};

START_TEST(it_is_what_the_filter_does)
{
    for (int runtime = SP_RUNTIME_RUNC; runtime <= SP_RUNTIME_CRUN; runtime++) {
        TEST(test);
        begin(&test, sp_str_of(shapes[_i]),
              environment_of(SP_ENGINE_OCI, (enum sp_runtime)runtime));
        check_numbers(&test, shapes[_i]);
    }
}
END_TEST

/* The two ABIs of s390x, number by number, as diagrams and call by call. */
static void
check_s390(struct test *test)
{
    static const char *const names[] = { "s390", "s390x" };
    struct sp_bpf program = sp_meaning_compiled(test->meaning)->program;

    for (uint32_t i = 0; i < 200; i++) {
        const struct sp_kb_arch *arch = arch_of(names[i % 2]);
        struct sp_call call = { .arch = arch->audit, .nr = i / 2 };
        struct sp_outcome outcome;
        check_number(test, arch, call.nr, names[i % 2]);
        ck_assert(sp_meaning_simulate(test->meaning, arch, &call, &outcome));
        ck_assert_uint_eq(outcome.verdict, sp_bpf_run(program, &call, NULL));
    }
}

/* A lost load leaves the audit number of the architecture to be compared: that of s390 is umount's. */
START_TEST(a_block_without_head_asks_for_the_architecture)
{
    struct sp_environment environment = environment_of(SP_ENGINE_OCI, SP_RUNTIME_CRUN);
    TEST(test);

    environment.host = arch_of("s390x");
    begin(&test, SP_STR("{\"architectures\":[\"SCMP_ARCH_S390\"],"
                        "\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
                        RULE("\"umount\"", "LOG", ARGS(ARG(2, 18446744073709551614, EQ))) ","
                        RULE("\"umount\"", "LOG", ARGS(MASKED(1, 2, 0))) ","
                        RULE("\"send\"", "LOG", ARGS(ARG(1, 4294967297, NE))) "]}"), environment);
    ck_assert_int_eq(test.meaning->start, SP_START_FILTER);
    check_s390(&test);
    sp_dd fork = sp_meaning_of(test.meaning, arch_of("s390"), 2, SP_READING_ENFORCED);
    ck_assert(!sp_dd_is_leaf(test.store, fork));
}
END_TEST

/* The same where only the filter can tell: a name without a number has as few tests as the others. */
START_TEST(a_head_that_is_unsure_leaves_no_number_to_the_model)
{
    struct sp_environment environment = environment_of(SP_ENGINE_OCI, SP_RUNTIME_CRUN);
    TEST(test);

    environment.host = arch_of("s390x");
    begin(&test, SP_STR("{\"architectures\":[\"SCMP_ARCH_S390\"],"
                        "\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
                        RULE("\"arch_prctl\"", "LOG", ARGS(ARG(0, 4294967296, GT))) ","
                        RULE("\"set_tls\",\"umount\",\"send\"", "LOG",
                             ARGS(ARG(1, 4294967296, GT))) ","
                        RULE("\"umount\"", "LOG", ARGS(ARG(2, 18446744073709551614, EQ))) ","
                        RULE("\"set_tls\"", "LOG", ARGS(ARG(0, 3109753790194236194, GE))) ","
                        RULE("\"umount\"", "LOG", ARGS(MASKED(1, 2, 0))) ","
                        RULE("\"send\"", "LOG", ARGS(ARG(1, 4294967297, NE))) "]}"), environment);
    ck_assert_int_eq(test.meaning->start, SP_START_FILTER);
    check_s390(&test);
}
END_TEST

START_TEST(old_runc_lays_no_tree_and_stubs_less)
{
    struct sp_environment environment = environment_of(SP_ENGINE_OCI, SP_RUNTIME_RUNC);
    TEST(test);

    environment.runtime_version = (struct sp_version){ .major = 1, .minor = 1, .patch = 5 };
    begin(&test, sp_str_of(shapes[_i]), environment);
    check_numbers(&test, shapes[_i]);
}
END_TEST

START_TEST(a_simulated_call_goes_as_the_program_runs)
{
    uint64_t seed = 20261125 + (uint64_t)_i;
    TEST(test);

    begin(&test, sp_str_of(shapes[_i]), environment_of(SP_ENGINE_OCI, SP_RUNTIME_RUNC));
    for (unsigned i = 0; i < 3000; i++) {
        const struct sp_kb_arch *arch = arch_of(abis[i % ABIS]);
        const struct sp_kb_syscall *kcmp = sp_kb_syscall_find(SP_STR("kcmp"));
        uint32_t nr = i % 4 == 0 ? arch->offset + bpf_random_below(&seed, NUMBERS)
                                 : (uint32_t)sp_kb_number(arch, kcmp);
        struct sp_call call = bpf_random_call(&seed, arch->audit, nr);
        for (unsigned arg = 0; arg < SP_ARGS; arg++) {
            call.args[arg] %= arch->bits == 32 || i % 5 != 0 ? 45 : UINT64_MAX;
        }
        struct sp_outcome outcome;
        struct sp_bpf program = sp_meaning_compiled(test.meaning)->program;
        ck_assert(sp_meaning_simulate(test.meaning, arch, &call, &outcome));
        ck_assert(outcome.decided);
        ck_assert_uint_eq(outcome.verdict, sp_bpf_run(program, &call, NULL));
        ck_assert(outcome.decider != SP_DECIDER_RULE
                  || outcome.rules[0]->verdict == outcome.verdict);
    }
}
END_TEST

static void
begin_docker(struct test *test, enum sp_runtime runtime)
{
    const struct sp_kb_default *profile = sp_kb_default_find(SP_STR("docker"));
    SP_BUF(text);

    ck_assert_ptr_nonnull(profile);
    sp_defaults_write(profile, &text);
    struct sp_str copy = { .len = text.len };
    copy.ptr = sp_arena_copy(&test->arena, sp_buf_view(&text));
    ck_assert_ptr_nonnull(copy.ptr);
    begin(test, copy, environment_of(SP_ENGINE_DOCKER, runtime));
}

START_TEST(the_default_of_docker_is_what_its_filter_does)
{
    TEST(test);

    begin_docker(&test, _i == 0 ? SP_RUNTIME_RUNC : SP_RUNTIME_CRUN);
    ck_assert_uint_eq(test.meaning->arch_count, ABIS);
    check_numbers(&test, "docker");
    ck_assert(!sp_dd_store_is_spent(test.store));
}
END_TEST

/* ---- how it starts ----------------------------------------------------------------------- */

static const struct {
    const char *text;
    enum sp_start start;
    bool rule;     /* one rule is named ... */
    bool against;  /* ... and the one that it contradicts */
} starts[] = {
    { "{}", SP_START_UNCONFINED, false, false },
    { PROFILE("ERRNO", REST), SP_START_FILTER, false, false },
    { PROFILE("ERRNO", RULE(KCMP, "ERRNO", ERRNO(4095))), SP_START_REFUSED, false, false },
    { "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[null]}", SP_START_REFUSED, false,
      false },
    { PROFILE("ALLOW", RULE(KCMP, "ERRNO", ERRNO(71) ARGS(ARG(0, 1, EQ))) ","
                       RULE(KCMP, "ERRNO", ERRNO(72) ARGS(ARG(0, 1, EQ)))),
      SP_START_REFUSED, true, true },
    /* a contradiction about a name without a number */
    { PROFILE("ALLOW", RULE("\"umount\"", "ERRNO", ERRNO(71) ARGS(ARG(0, 1, EQ))) ","
                       RULE("\"umount\"", "ERRNO", ERRNO(72) ARGS(ARG(0, 1, EQ)))),
      SP_START_REFUSED, true, true },
    { ABIS("ERRNO", RULE("\"socket\"", "ERRNO", ERRNO(71) ARGS(ARG(0, 40, EQ))) ","
                    RULE("\"socket\"", "ALLOW", ARGS(ARG(0, 40, NE)))),
      SP_START_REFUSED, true, true },
    { PROFILE("ERRNO", REST ","
              RULE(KCMP, "ALLOW", TWO(ARG(0, 3, NE), ARG(1, 2, NE))) ","
              RULE(KCMP, "ALLOW", TWO(ARG(0, 3, NE), ARG(2, 3, NE)))),
      SP_START_ENDLESS, false, false },
};

START_TEST(a_container_starts_or_does_not)
{
    TEST(test);

    begin(&test, sp_str_of(starts[_i].text),
          environment_of(SP_ENGINE_DOCKER, SP_RUNTIME_RUNC));
    ck_assert_int_eq(test.meaning->start, starts[_i].start);
    bool is_told = starts[_i].start == SP_START_REFUSED || starts[_i].start == SP_START_ENDLESS;
    ck_assert_int_eq(test.meaning->why != NULL, is_told);
    if (starts[_i].rule) {
        ck_assert_ptr_eq(test.meaning->rule, &test.meaning->profile->rules[1]);
        ck_assert_ptr_eq(test.meaning->where, test.meaning->rule->node);
    }
    ck_assert_ptr_eq(test.meaning->against,
                     starts[_i].against ? &test.meaning->profile->rules[0] : NULL);
    if (is_told) {
        const struct sp_kb_arch *arch = arch_of("x86_64");
        ck_assert_uint_eq(sp_meaning_of(test.meaning, arch, 0, SP_READING_ENFORCED),
                          SP_DD_UNDECIDED);
    }
}
END_TEST

/* The program is longer than the kernel takes, though no rule is unsafe. */
START_TEST(a_filter_that_is_too_long_does_not_start)
{
    SP_BUF(text);
    TEST(test);

    sp_buf_text(&text, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[");
    for (unsigned i = 0; i < 5000; i++) {
        sp_buf_format(&text, "%s{\"names\":[\"kcmp\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":"
                      "[{\"index\":0,\"value\":%u,\"op\":\"SCMP_CMP_EQ\"}]}",
                      i == 0 ? "" : ",", i);
    }
    sp_buf_text(&text, "]}");
    begin(&test, sp_buf_view(&text), environment_of(SP_ENGINE_OCI, SP_RUNTIME_RUNC));
    ck_assert_int_eq(test.meaning->start, SP_START_REFUSED);
    ck_assert_ptr_nonnull(test.meaning->why);
}
END_TEST

/* ---- the readings ------------------------------------------------------------------------ */

#define TRAP_NE ABIS("ERRNO", REST "," RULE(KCMP, "ALLOW", ARGS(ARG(0, 40, NE))) "," \
                     RULE(KCMP, "ERRNO", ERRNO(71) ARGS(ARG(0, 39, EQ))))
#define TRAP_OR ABIS("ERRNO", REST "," \
                     RULE(KCMP, "ALLOW", TWO(ARG(0, 7, GE), ARG(0, 9, LE))))
#define TRAP_WIDE ABIS("ERRNO", REST "," RULE(KCMP, "ALLOW", ARGS(ARG(0, 4294967297, EQ))))
#define TRAP_TAIL ABIS("ERRNO", REST "," \
                       RULE(KCMP, "ALLOW", TWO(ARG(0, 40, NE), ARG(1, 1, EQ))) "," \
                       RULE(KCMP, "ALLOW", TWO(ARG(0, 38, NE), ARG(1, 2, EQ))))
#define TRAP_ALWAYS ABIS("ALLOW", \
                         RULE(KCMP, "ERRNO", ERRNO(71) ARGS(ARG(0, 1, EQ))) "," \
                         RULE(KCMP, "LOG", ""))

static const struct {
    const char *text;
    const char *arch;
    const char *call;
    uint64_t args[SP_ARGS];
    sp_verdict intended;
    sp_verdict modelled;
    sp_verdict enforced;
} readings[] = {
    { TRAP_NE, "x86_64", "kcmp", { 39 }, ALLOWED, ALLOWED, ALLOWED },
    { TRAP_NE, "x86_64", "kcmp", { 40 }, FAILS(EPERM), FAILS(EPERM), FAILS(EPERM) },
    { TRAP_OR, "x86_64", "kcmp", { 8 }, ALLOWED, ALLOWED, ALLOWED },
    { TRAP_OR, "x86_64", "kcmp", { 3 }, FAILS(EPERM), ALLOWED, ALLOWED },
    { TRAP_WIDE, "x86", "kcmp", { 1 }, FAILS(EPERM), ALLOWED, ALLOWED },
    { TRAP_WIDE, "x86_64", "kcmp", { 1 }, FAILS(EPERM), FAILS(EPERM), FAILS(EPERM) },
    { TRAP_WIDE, "x86_64", "kcmp", { 4294967297 }, ALLOWED, ALLOWED, ALLOWED },
    { TRAP_ALWAYS, "x86", "kcmp", { 1 }, FAILS(71), SP_VERDICT_LOG, SP_VERDICT_LOG },
    { TRAP_ALWAYS, "x32", "kcmp", { 2 }, SP_VERDICT_LOG, SP_VERDICT_LOG, SP_VERDICT_LOG },
    { TRAP_ALWAYS, "x32", "getpid", { 0 }, ALLOWED, ALLOWED, ALLOWED },
};

static sp_verdict
ask(struct test *test, const struct sp_kb_arch *arch, uint32_t nr, enum sp_reading reading,
    const uint64_t args[SP_ARGS])
{
    sp_dd verdicts = sp_meaning_of(test->meaning, arch, nr, reading);
    uint32_t value = 0;

    ck_assert(sp_dd_eval(test->store, verdicts, args, &value));
    return value;
}

START_TEST(a_profile_is_read_in_three_ways)
{
    const struct sp_kb_arch *arch = arch_of(readings[_i].arch);
    const struct sp_kb_syscall *call = sp_kb_syscall_find(sp_str_of(readings[_i].call));
    TEST(test);

    ck_assert_ptr_nonnull(call);
    uint32_t nr = (uint32_t)sp_kb_number(arch, call);
    begin(&test, sp_str_of(readings[_i].text), environment_of(SP_ENGINE_OCI, SP_RUNTIME_RUNC));
    ck_assert_uint_eq(ask(&test, arch, nr, SP_READING_INTENDED, readings[_i].args),
                      readings[_i].intended);
    ck_assert_uint_eq(ask(&test, arch, nr, SP_READING_MODELLED, readings[_i].args),
                      readings[_i].modelled);
    ck_assert_uint_eq(ask(&test, arch, nr, SP_READING_ENFORCED, readings[_i].args),
                      readings[_i].enforced);
    ck_assert_uint_eq(ask(&test, arch, nr, SP_READING_KERNEL, readings[_i].args),
                      readings[_i].enforced);
}
END_TEST

/* Tails of one rule behind the head of another: only the filter shows it. */
START_TEST(outside_the_safe_fragment_the_filter_is_asked)
{
    const struct sp_kb_arch *arch = arch_of("x86_64");
    uint64_t args[SP_ARGS] = { 40, 1 };
    TEST(test);

    begin(&test, SP_STR(TRAP_TAIL), environment_of(SP_ENGINE_OCI, SP_RUNTIME_RUNC));
    ck_assert_uint_ne(sp_meaning_hazards(test.meaning, arch, 312), 0);
    ck_assert_uint_eq(sp_meaning_hazards(test.meaning, arch, 0), 0);
    ck_assert_uint_eq(ask(&test, arch, 312, SP_READING_INTENDED, args), FAILS(EPERM));
    ck_assert_uint_eq(ask(&test, arch, 312, SP_READING_ENFORCED, args), ALLOWED);
    args[1] = 3;
    ck_assert_uint_eq(ask(&test, arch, 312, SP_READING_ENFORCED, args), FAILS(EPERM));
}
END_TEST

START_TEST(what_does_not_start_can_still_be_read_as_intended)
{
    const uint64_t args[SP_ARGS] = { 1 };
    TEST(test);

    begin(&test, sp_str_of(starts[4].text), environment_of(SP_ENGINE_OCI, SP_RUNTIME_RUNC));
    ck_assert_int_eq(test.meaning->start, SP_START_REFUSED);
    ck_assert_uint_eq(ask(&test, arch_of("x86_64"), 312, SP_READING_INTENDED, args), FAILS(71));
}
END_TEST

/* ---- one call ---------------------------------------------------------------------------- */

#define HEADLESS ABIS("ALLOW", RULE("\"socketcall\"", "ERRNO", ERRNO(72)) "," \
                      RULE(KCMP, "ERRNO", ERRNO(71) ARGS(ARG(0, 8, EQ))))
#define TWO_RULES PROFILE("ERRNO", REST "," RULE(KCMP, "ALLOW", ARGS(ARG(0, 1, EQ))) "," \
                          RULE(KCMP, "LOG", ARGS(ARG(1, 2, EQ))))

static const struct {
    const char *text;
    enum sp_engine engine;
    const char *arch;
    uint32_t nr;
    uint64_t args[SP_ARGS];
    struct sp_version kernel;
    enum sp_decider decider;
    sp_verdict verdict;
    size_t rules;
} calls[] = {
    { PROFILE("ERRNO", REST), SP_ENGINE_OCI, "x86_64", 0, { 0 }, { 6, 12, 0 }, SP_DECIDER_RULE,
      ALLOWED, 1 },
    { PROFILE("ERRNO", REST), SP_ENGINE_OCI, "x86_64", 312, { 0 }, { 6, 12, 0 },
      SP_DECIDER_DEFAULT, FAILS(EPERM), 0 },
    { PROFILE("ERRNO", REST), SP_ENGINE_OCI, "x86_64", 500, { 0 }, { 6, 12, 0 },
      SP_DECIDER_STUB, FAILS(ENOSYS), 0 },
    { PROFILE("ERRNO", REST), SP_ENGINE_OCI, "x86", 0, { 0 }, { 6, 12, 0 },
      SP_DECIDER_BAD_ARCH, SP_VERDICT_KILL_THREAD, 0 },
    { PROFILE("ERRNO", REST), SP_ENGINE_OCI, "x86_64", 0x40000000, { 0 }, { 6, 12, 0 },
      SP_DECIDER_BAD_ARCH, SP_VERDICT_KILL_THREAD, 0 },
    { PROFILE("ERRNO", REST), SP_ENGINE_OCI, "x86_64", 0xffffffff, { 0 }, { 6, 12, 0 },
      SP_DECIDER_DEFAULT, FAILS(EPERM), 0 },
    { PROFILE("ERRNO", REST), SP_ENGINE_OCI, "aarch64", 63, { 0 }, { 6, 12, 0 },
      SP_DECIDER_BAD_ARCH, SP_VERDICT_KILL_THREAD, 0 },
    { HEADLESS, SP_ENGINE_OCI, "x86_64", 312, { 8 }, { 6, 12, 0 }, SP_DECIDER_HEADLESS, ALLOWED,
      0 },
    { PROFILE("ERRNO", REST), SP_ENGINE_OCI, "x86_64", 335, { 0 }, { 6, 14, 0 },
      SP_DECIDER_KERNEL, ALLOWED, 0 },
    { PROFILE("ERRNO", REST), SP_ENGINE_OCI, "x86_64", 335, { 0 }, { 6, 13, 9 },
      SP_DECIDER_DEFAULT, FAILS(EPERM), 0 },
    { PROFILE("ERRNO", REST), SP_ENGINE_OCI, "x86_64", 336, { 0 }, { 6, 17, 0 },
      SP_DECIDER_DEFAULT, FAILS(EPERM), 0 },
    { PROFILE("ERRNO", REST), SP_ENGINE_OCI, "x86_64", 336, { 0 }, { 6, 18, 0 },
      SP_DECIDER_KERNEL, ALLOWED, 0 },
    { "{}", SP_ENGINE_DOCKER, "x86_64", 312, { 0 }, { 6, 18, 0 }, SP_DECIDER_UNCONFINED,
      ALLOWED, 0 },
    { TWO_RULES, SP_ENGINE_OCI, "x86_64", 312, { 1 }, { 6, 12, 0 }, SP_DECIDER_RULE,
      ALLOWED, 1 },
    { TWO_RULES, SP_ENGINE_OCI, "x86_64", 312, { 1, 2 }, { 6, 12, 0 }, SP_DECIDER_RULE,
      SP_VERDICT_LOG, 2 },
    { TWO_RULES, SP_ENGINE_OCI, "x86_64", 312, { 3 }, { 6, 12, 0 }, SP_DECIDER_DEFAULT,
      FAILS(EPERM), 0 },
    { TRAP_ALWAYS, SP_ENGINE_OCI, "x86_64", 312, { 1 }, { 6, 12, 0 }, SP_DECIDER_RULE,
      SP_VERDICT_LOG, 2 },
    { TRAP_TAIL, SP_ENGINE_OCI, "x86_64", 312, { 40, 1 }, { 6, 12, 0 }, SP_DECIDER_RULE,
      ALLOWED, 1 },
};

START_TEST(a_call_has_a_verdict_and_someone_who_decided)
{
    struct sp_environment environment = environment_of(calls[_i].engine, SP_RUNTIME_RUNC);
    const struct sp_kb_arch *arch = arch_of(calls[_i].arch);
    struct sp_call call = { .arch = arch->audit, .nr = calls[_i].nr };
    struct sp_outcome outcome;
    TEST(test);

    for (unsigned i = 0; i < SP_ARGS; i++) {
        call.args[i] = calls[_i].args[i];
    }
    environment.kernel = calls[_i].kernel;
    begin(&test, sp_str_of(calls[_i].text), environment);
    ck_assert(sp_meaning_simulate(test.meaning, arch, &call, &outcome));
    ck_assert(outcome.decided);
    ck_assert_int_eq(outcome.decider, calls[_i].decider);
    ck_assert_uint_eq(outcome.verdict, calls[_i].verdict);
    ck_assert_uint_eq(outcome.rule_count, calls[_i].rules);
    ck_assert_uint_eq(ask(&test, arch, call.nr, SP_READING_KERNEL, call.args), outcome.verdict);
    if (outcome.decider == SP_DECIDER_RULE) {
        ck_assert_uint_eq(outcome.rules[0]->verdict, outcome.verdict);
    }
}
END_TEST

#define LOOP(tcase, test, rows) \
    tcase_add_loop_test(tcase, test, 0, (int)(sizeof rows / sizeof *rows))

SP_SUITE(meaning)
{
    TCase *tcase = sp_testing_case(suite, "meaning");

    LOOP(tcase, it_is_what_the_filter_does, shapes);
    LOOP(tcase, old_runc_lays_no_tree_and_stubs_less, shapes);
    LOOP(tcase, a_simulated_call_goes_as_the_program_runs, shapes);
    tcase_add_loop_test(tcase, the_default_of_docker_is_what_its_filter_does, 0, 2);
    LOOP(tcase, a_container_starts_or_does_not, starts);
    tcase_add_test(tcase, a_filter_that_is_too_long_does_not_start);
    LOOP(tcase, a_profile_is_read_in_three_ways, readings);
    tcase_add_test(tcase, a_head_that_is_unsure_leaves_no_number_to_the_model);
    tcase_add_test(tcase, a_block_without_head_asks_for_the_architecture);
    tcase_add_test(tcase, outside_the_safe_fragment_the_filter_is_asked);
    tcase_add_test(tcase, what_does_not_start_can_still_be_read_as_intended);
    LOOP(tcase, a_call_has_a_verdict_and_someone_who_decided, calls);
}
