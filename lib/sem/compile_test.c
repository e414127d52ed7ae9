/* What comes out of libseccomp, run call by call in the interpreter. */
#include "sem/compile.h"

#include "base/testing.h"
#include "format/profile_testing.h"
#include "sem/bpf_run.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* One rule's test of an argument: a, value, operator. */
#define ARG(index, value, op) \
    "{\"index\":" index ",\"value\":" value ",\"op\":\"SCMP_CMP_" op "\"}"
#define KCMP(action, rest) "{\"names\":[\"kcmp\"],\"action\":\"SCMP_ACT_" action "\"" rest "}"
#define DENY(rules) "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[" rules "]}"
#define ABIS "\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"]"
#define READ "{\"names\":[\"read\",\"futex_waitv\"],\"action\":\"SCMP_ACT_ALLOW\"}"

enum { X86_64 = 0, I386 = 1 };

static const uint32_t audits[] = { [X86_64] = 0xc000003eu, [I386] = 0x40000003u };

#define ERRNO(number) (SP_VERDICT_ERRNO | (number))

static const struct sp_environment runc = { .engine = SP_ENGINE_OCI, .runtime = SP_RUNTIME_RUNC };
static const struct sp_environment crun = { .engine = SP_ENGINE_OCI, .runtime = SP_RUNTIME_CRUN };

static bool
compile(struct sp_arena *arena, const char *text, struct sp_environment environment,
        const struct sp_compile_limits *limits, struct sp_compiled *ret_compiled)
{
    const struct sp_profile *profile = sp_testing_profile(arena, sp_str_of(text));
    struct sp_filter_rules rules = { .refused = NULL };
    struct sp_oci oci;

    if (environment.host == NULL) {
        environment.host = sp_kb_arch_find(SP_STR("x86_64"));
    }
    ck_assert(sp_resolve(arena, profile, &environment, &oci));
    ck_assert(sp_filter_rules_make(arena, profile, &oci, &environment, &rules));
    ck_assert_msg(rules.refused == NULL, "%s", rules.refused);
    return sp_compile(arena, &rules, &environment, limits, ret_compiled);
}

static const struct {
    const char *text;
    int arch;
    struct sp_call call;
    sp_verdict runc;
    sp_verdict crun;
} verdicts[] = {
    { DENY(READ), X86_64, { .nr = 0 }, SP_VERDICT_ALLOW, SP_VERDICT_ALLOW },
    { DENY(READ), X86_64, { .nr = 1 }, ERRNO(1), ERRNO(1) },
    /* Above the highest number named, 449, runc answers ENOSYS. */
    { DENY(READ), X86_64, { .nr = 449 }, SP_VERDICT_ALLOW, SP_VERDICT_ALLOW },
    { DENY(READ), X86_64, { .nr = 450 }, ERRNO(38), ERRNO(1) },
    /* Only the native architecture is there; the numbers of x32 are another. */
    { DENY(READ), I386, { .nr = 3 }, SP_VERDICT_KILL_THREAD, SP_VERDICT_KILL_THREAD },
    { DENY(READ), X86_64, { .nr = 0x40000000 }, SP_VERDICT_KILL_THREAD, SP_VERDICT_KILL_THREAD },
    { DENY(READ "]," ABIS ",\"flags\":["), I386, { .nr = 3 }, SP_VERDICT_ALLOW, SP_VERDICT_ALLOW },
    { DENY(READ "]," ABIS ",\"flags\":["), I386, { .nr = 4 }, ERRNO(1), ERRNO(1) },
    { DENY(READ "]," ABIS ",\"flags\":["), I386, { .nr = 460 }, ERRNO(38), ERRNO(1) },
    { DENY(READ "]," ABIS ",\"flags\":["), X86_64, { .nr = 0x40000000 }, SP_VERDICT_ALLOW,
      SP_VERDICT_ALLOW },
    { DENY(READ "]," ABIS ",\"flags\":["), X86_64, { .nr = 0x40000400 }, ERRNO(38), ERRNO(1) },
    /* Conditions compare all 64 bits; MASKED_EQ has the mask first. */
    { DENY(KCMP("ALLOW", ",\"args\":[" ARG("0", "40", "NE") "]")), X86_64,
      { .nr = 312, .args = { 40 } }, ERRNO(1), ERRNO(1) },
    { DENY(KCMP("ALLOW", ",\"args\":[" ARG("0", "40", "NE") "]")), X86_64,
      { .nr = 312, .args = { 0x100000028 } }, SP_VERDICT_ALLOW, SP_VERDICT_ALLOW },
    { DENY(KCMP("ALLOW", ",\"args\":[{\"index\":1,\"value\":240,\"valueTwo\":48,"
                         "\"op\":\"SCMP_CMP_MASKED_EQ\"}]")), X86_64,
      { .nr = 312, .args = { 0, 0x3f } }, SP_VERDICT_ALLOW, SP_VERDICT_ALLOW },
    { DENY(KCMP("ALLOW", ",\"args\":[{\"index\":1,\"value\":240,\"valueTwo\":48,"
                         "\"op\":\"SCMP_CMP_MASKED_EQ\"}]")), X86_64,
      { .nr = 312, .args = { 0, 0xf0 } }, ERRNO(1), ERRNO(1) },
    /* An unconditional rule wipes the conditional one, whatever the order. */
    { DENY(KCMP("ERRNO", ",\"errnoRet\":71,\"args\":[" ARG("0", "1", "EQ") "]") ","
           KCMP("ALLOW", "")), X86_64, { .nr = 312, .args = { 1 } }, SP_VERDICT_ALLOW,
      SP_VERDICT_ALLOW },
};

/* The rules of one call never end. */
#define ENDLESS \
    DENY(KCMP("ALLOW", ",\"args\":[" ARG("0", "3", "NE") "," ARG("1", "2", "NE") "]") "," \
         KCMP("ALLOW", ",\"args\":[" ARG("0", "3", "NE") "," ARG("2", "3", "NE") "]"))

/* The names of the installed libseccomp only. */
static struct sp_environment
installed(struct sp_environment environment)
{
    environment.libseccomp = sp_compile_libseccomp();
    return environment;
}

static sp_verdict
verdict_under(const char *text, const struct sp_environment *environment, struct sp_call call)
{
    SP_SCRATCH(arena);
    struct sp_compiled compiled = { .why = NULL };
    size_t at;

    ck_assert(compile(&arena, text, *environment, NULL, &compiled));
    ck_assert_msg(compiled.result == SP_COMPILE_PROGRAM, "%s", compiled.why);
    ck_assert_ptr_null(sp_bpf_refused(compiled.program, &at));
    return sp_bpf_run(compiled.program, &call, NULL);
}

START_TEST(the_program_answers)
{
    struct sp_call call = verdicts[_i].call;

    call.arch = audits[verdicts[_i].arch];
    struct sp_environment runc_here = installed(runc), crun_here = installed(crun);
    ck_assert_uint_eq(verdict_under(verdicts[_i].text, &runc_here, call), verdicts[_i].runc);
    ck_assert_uint_eq(verdict_under(verdicts[_i].text, &crun_here, call), verdicts[_i].crun);
}
END_TEST

START_TEST(one_condition_with_two_actions_is_refused)
{
    SP_SCRATCH(arena);
    struct sp_compiled compiled = { .why = NULL };

    ck_assert(compile(&arena, DENY(KCMP("ALLOW", ",\"args\":[" ARG("0", "1", "EQ") "]") ","
                                   KCMP("KILL", ",\"args\":[" ARG("0", "1", "EQ") "]")),
                      runc, NULL, &compiled));
    ck_assert_int_eq(compiled.result, SP_COMPILE_REFUSED);
    ck_assert_ptr_nonnull(strstr(compiled.why, "another action"));
    ck_assert_ptr_nonnull(compiled.rule);
    ck_assert_uint_eq(compiled.rule->verdict, SP_VERDICT_KILL_THREAD);
}
END_TEST

START_TEST(what_never_ends_is_ended)
{
    struct sp_compile_limits limits = { .milliseconds = 100 };
    SP_SCRATCH(arena);
    struct sp_compiled compiled = { .why = NULL };

    ck_assert(compile(&arena, ENDLESS, runc, &limits, &compiled));
    ck_assert_int_eq(compiled.result, SP_COMPILE_ENDLESS);
}
END_TEST

/* So many rules about one argument of one call. */
static void
write_many(struct sp_buf *text, int count)
{
    sp_buf_text(text, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[");
    for (int i = 0; i < count; i++) {
        sp_buf_format(text, "%s{\"names\":[\"kcmp\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":["
                            "{\"index\":0,\"value\":%d,\"op\":\"SCMP_CMP_EQ\"}]}",
                      i == 0 ? "" : ",", i);
    }
    sp_buf_text(text, "]}");
    sp_buf_char(text, '\0');
    ck_assert(!text->failed);
}

START_TEST(more_than_the_kernel_takes_is_refused)
{
    SP_SCRATCH(arena);
    SP_BUF(text);
    struct sp_compiled compiled = { .why = NULL };

    write_many(&text, 5000);
    ck_assert(compile(&arena, text.data, runc, NULL, &compiled));
    ck_assert_int_eq(compiled.result, SP_COMPILE_REFUSED);
    ck_assert_ptr_nonnull(strstr(compiled.why, "4096"));
}
END_TEST

/* Not with AddressSanitizer, which has no limit of memory. */
#if !defined(__SANITIZE_ADDRESS__)
START_TEST(what_takes_too_much_memory_is_ended)
{
    struct sp_compile_limits limits = { .bytes = 64 << 10 };
    SP_SCRATCH(arena);
    SP_BUF(text);
    struct sp_compiled compiled = { .why = NULL };

    write_many(&text, 5000);
    ck_assert(compile(&arena, text.data, runc, &limits, &compiled));
    ck_assert_int_eq(compiled.result, SP_COMPILE_ENDLESS);
    ck_assert_ptr_nonnull(strstr(compiled.why, "memory"));
}
END_TEST
#endif

/* ---- whatever the process around it does ------------------------------------------------- */

START_TEST(a_blocked_signal_keeps_no_limit_away)
{
    struct sp_compile_limits limits = { .milliseconds = 100 };
    SP_SCRATCH(arena);
    struct sp_compiled compiled = { .why = NULL };
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    ck_assert(compile(&arena, ENDLESS, runc, &limits, &compiled));
    ck_assert_int_eq(compiled.result, SP_COMPILE_ENDLESS);
}
END_TEST

START_TEST(the_program_comes_where_children_are_not_waited_for)
{
    SP_SCRATCH(arena);
    struct sp_compiled compiled = { .why = NULL };

    signal(SIGCHLD, SIG_IGN);
    ck_assert(compile(&arena, DENY(READ), runc, NULL, &compiled));
    ck_assert_msg(compiled.result == SP_COMPILE_PROGRAM, "%s", compiled.why);
}
END_TEST

/* The limit of memory is libseccomp's own: what the process has counts for nothing. */
START_TEST(a_large_process_compiles_as_well)
{
    enum { LARGE = 768 << 20 };
    SP_SCRATCH(arena);
    struct sp_compiled compiled = { .why = NULL };
    void *room = mmap(NULL, LARGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    ck_assert(room != MAP_FAILED);
    ck_assert(compile(&arena, DENY(READ), runc, NULL, &compiled));
    ck_assert_msg(compiled.result == SP_COMPILE_PROGRAM, "%s", compiled.why);
    munmap(room, LARGE);
}
END_TEST

START_TEST(nothing_is_left_behind)
{
    struct sp_compile_limits limits = { .milliseconds = 50 };
    SP_SCRATCH(arena);
    struct sp_compiled compiled = { .why = NULL };
    int before = open("/dev/null", O_RDONLY | O_CLOEXEC);

    close(before);
    ck_assert(compile(&arena, DENY(READ), runc, NULL, &compiled));
    ck_assert(compile(&arena, DENY(KCMP("ALLOW", ",\"args\":[" ARG("0", "1", "EQ") "]")), runc,
                      NULL, &compiled));
    ck_assert(compile(&arena, ENDLESS, runc, &limits, &compiled));
    int after = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(after);
    ck_assert_int_eq(before, after);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

/* ---- other machines and newer libraries -------------------------------------------------- */

static const struct {
    const char *host;
    const char *call;
    uint32_t audit;
} hosts[] = {
    { "x86_64", "read", 0xc000003e }, { "x86", "read", 0x40000003 },
    { "aarch64", "read", 0xc00000b7 }, { "arm", "read", 0x40000028 },
    { "s390x", "write", 0x80000016 }, { "ppc64le", "read", 0xc0000015 },
    { "riscv64", "read", 0xc00000f3 }, { "mips64", "read", 0x80000008 },
};

START_TEST(only_the_architectures_of_the_host_are_in_it)
{
    struct sp_environment environment = crun;
    const char *text = DENY("{\"names\":[\"read\",\"write\"],\"action\":\"SCMP_ACT_ALLOW\"}");

    environment.host = sp_kb_arch_find(sp_str_of(hosts[_i].host));
    ck_assert_ptr_nonnull(environment.host);
    const struct sp_kb_syscall *call = sp_kb_syscall_find(sp_str_of(hosts[_i].call));
    struct sp_call made = {
        .arch = hosts[_i].audit, .nr = (uint32_t)sp_kb_number(environment.host, call),
    };
    ck_assert_uint_eq(made.arch, environment.host->audit);
    ck_assert_uint_eq(verdict_under(text, &environment, made), SP_VERDICT_ALLOW);
    made.nr++;
    made.nr++;
    ck_assert_uint_eq(verdict_under(text, &environment, made), ERRNO(1));
    made.arch = strcmp(hosts[_i].host, "x86_64") == 0 ? 0x40000003 : 0xc000003e;
    ck_assert_uint_eq(verdict_under(text, &environment, made), SP_VERDICT_KILL_THREAD);
}
END_TEST

/* Which word of an argument is the upper one hangs on the byte order of the host. */
START_TEST(arguments_are_whole_on_every_host)
{
    static const char *const text = DENY(
        KCMP("ALLOW", ",\"args\":[" ARG("0", "1", "EQ") "]") ","
        KCMP("LOG", ",\"args\":[" ARG("0", "12884901890", "GE") "]"));
    static const struct {
        uint64_t arg;
        sp_verdict verdict;
    } points[] = {
        { 0x1, SP_VERDICT_ALLOW }, { 0x100000000, ERRNO(1) }, { 0x100000001, ERRNO(1) },
        { 0x300000001, ERRNO(1) }, { 0x300000002, SP_VERDICT_LOG }, { 0x200000003, ERRNO(1) },
    };
    struct sp_environment environment = crun;

    environment.host = sp_kb_arch_find(sp_str_of(hosts[_i].host));
    for (size_t i = 0; i < sizeof points / sizeof *points && environment.host->bits == 64; i++) {
        const struct sp_kb_syscall *kcmp = sp_kb_syscall_find(SP_STR("kcmp"));
        struct sp_call call = {
            .arch = environment.host->audit,
            .nr = (uint32_t)sp_kb_number(environment.host, kcmp),
            .args = { points[i].arg },
        };
        ck_assert_msg(verdict_under(text, &environment, call) == points[i].verdict,
                      "%s: %#llx", hosts[_i].host, (unsigned long long)points[i].arg);
    }
}
END_TEST

/* Elsewhere libseccomp takes the one name for the other. */
START_TEST(a_name_of_the_host_has_the_number_of_the_host)
{
    struct sp_environment environment = crun;
    const char *text =
        DENY("{\"names\":[\"sys_debug_setcontext\"],\"action\":\"SCMP_ACT_ALLOW\"}");
    struct sp_call call = { .arch = 0xc0000015 };

    environment.host = sp_kb_arch_find(SP_STR("ppc64le"));
    call.nr = 256;
    ck_assert_uint_eq(verdict_under(text, &environment, call), SP_VERDICT_ALLOW);
    call.nr = 363;
    ck_assert_uint_eq(verdict_under(text, &environment, call), ERRNO(1));
}
END_TEST

/* mseal (462) is younger than libseccomp 2.5; read stands for all that is not. */
#define MSEAL(action, rest) \
    "{\"names\":[\"mseal\",\"read\"],\"action\":\"SCMP_ACT_" action "\"" rest "}"
#define ALL_ABIS(rules) DENY(rules "]," ABIS ",\"flags\":[")
#define ON_3 ",\"args\":[" ARG("0", "3", "EQ") "]"
#define PAIR ",\"args\":[" ARG("0", "3", "NE") "," ARG("1", "6", "EQ") "]"

enum { X32 = 0x40000000 };

static const struct {
    const char *text;
    struct sp_call call;
    sp_verdict verdict;
} newer[] = {
    { DENY(MSEAL("ALLOW", "")), { .arch = 0xc000003e, .nr = 462 }, SP_VERDICT_ALLOW },
    { DENY(MSEAL("ALLOW", "")), { .arch = 0xc000003e, .nr = 0 }, SP_VERDICT_ALLOW },
    { DENY(MSEAL("ALLOW", "")), { .arch = 0xc000003e, .nr = 461 }, ERRNO(1) },
    { DENY(MSEAL("ALLOW", "")), { .arch = 0xc000003e, .nr = X32 | 462 },
      SP_VERDICT_KILL_THREAD },
    { DENY(MSEAL("ALLOW", "")), { .arch = 0x40000003, .nr = 462 }, SP_VERDICT_KILL_THREAD },
    { ALL_ABIS(MSEAL("ALLOW", "")), { .arch = 0xc000003e, .nr = 462 }, SP_VERDICT_ALLOW },
    { ALL_ABIS(MSEAL("ALLOW", "")), { .arch = 0xc000003e, .nr = X32 | 462 }, SP_VERDICT_ALLOW },
    { ALL_ABIS(MSEAL("ALLOW", "")), { .arch = 0x40000003, .nr = 462 }, SP_VERDICT_ALLOW },
    { ALL_ABIS(MSEAL("ALLOW", "")), { .arch = 0x40000003, .nr = 3 }, SP_VERDICT_ALLOW },
    { ALL_ABIS(MSEAL("ALLOW", "")), { .arch = 0x40000003, .nr = 4 }, ERRNO(1) },
    { ALL_ABIS(MSEAL("ALLOW", ON_3)), { .arch = 0xc000003e, .nr = 462, .args = { 3 } },
      SP_VERDICT_ALLOW },
    { ALL_ABIS(MSEAL("ALLOW", ON_3)), { .arch = 0xc000003e, .nr = 462, .args = { 462 } },
      ERRNO(1) },
    { ALL_ABIS(MSEAL("ALLOW", ON_3)), { .arch = 0xc000003e, .nr = 462, .args = { 0x100000003 } },
      ERRNO(1) },
    { ALL_ABIS(MSEAL("ALLOW", ON_3)), { .arch = 0xc000003e, .nr = 3, .args = { 3 } }, ERRNO(1) },
    { ALL_ABIS(MSEAL("ALLOW", ON_3)), { .arch = 0xc000003e, .nr = X32 | 462, .args = { 3 } },
      SP_VERDICT_ALLOW },
    { ALL_ABIS(MSEAL("ALLOW", ON_3)), { .arch = 0x40000003, .nr = 462, .args = { 3 } },
      SP_VERDICT_ALLOW },
    { ALL_ABIS(MSEAL("ALLOW", PAIR)), { .arch = 0x40000003, .nr = 462, .args = { 2, 6 } },
      SP_VERDICT_ALLOW },
    { ALL_ABIS(MSEAL("ALLOW", PAIR)), { .arch = 0x40000003, .nr = 462, .args = { 3, 6 } },
      ERRNO(1) },
    /* An unconditional rule wins over one with conditions, the first over the second. */
    { DENY(MSEAL("TRAP", ON_3) "," MSEAL("ALLOW", "") "," MSEAL("LOG", "")),
      { .arch = 0xc000003e, .nr = 462, .args = { 3 } }, SP_VERDICT_ALLOW },
};

START_TEST(a_name_too_new_for_this_library_has_its_number)
{
    ck_assert_uint_eq(verdict_under(newer[_i].text, &crun, newer[_i].call), newer[_i].verdict);
}
END_TEST

START_TEST(a_conflict_about_a_newer_name_is_refused)
{
    SP_SCRATCH(arena);
    struct sp_compiled compiled = { .why = NULL };

    ck_assert(compile(&arena, DENY("{\"names\":[\"mseal\"],\"action\":\"SCMP_ACT_ALLOW\"" ON_3 "},"
                                   "{\"names\":[\"mseal\"],\"action\":\"SCMP_ACT_TRAP\"" ON_3 "}"),
                      crun, NULL, &compiled));
    ck_assert_int_eq(compiled.result, SP_COMPILE_REFUSED);
    ck_assert_ptr_nonnull(compiled.rule);
    ck_assert_uint_eq(compiled.rule->verdict, SP_VERDICT_TRAP);
}
END_TEST

SP_SUITE(compile)
{
    TCase *tcase = sp_testing_case(suite, "compile");

    tcase_add_loop_test(tcase, the_program_answers, 0,
                        (int)(sizeof verdicts / sizeof *verdicts));
    tcase_add_test(tcase, one_condition_with_two_actions_is_refused);
    tcase_add_test(tcase, what_never_ends_is_ended);
    tcase_add_test(tcase, more_than_the_kernel_takes_is_refused);
#if !defined(__SANITIZE_ADDRESS__)
    tcase_add_test(tcase, what_takes_too_much_memory_is_ended);
#endif

    tcase = sp_testing_case(suite, "surroundings");
    tcase_add_test(tcase, a_blocked_signal_keeps_no_limit_away);
    tcase_add_test(tcase, the_program_comes_where_children_are_not_waited_for);
    tcase_add_test(tcase, a_large_process_compiles_as_well);
    tcase_add_test(tcase, nothing_is_left_behind);

    tcase = sp_testing_case(suite, "newer");
    tcase_add_loop_test(tcase, only_the_architectures_of_the_host_are_in_it, 0,
                        (int)(sizeof hosts / sizeof *hosts));
    tcase_add_loop_test(tcase, arguments_are_whole_on_every_host, 0,
                        (int)(sizeof hosts / sizeof *hosts));
    tcase_add_test(tcase, a_name_of_the_host_has_the_number_of_the_host);
    tcase_add_loop_test(tcase, a_name_too_new_for_this_library_has_its_number, 0,
                        (int)(sizeof newer / sizeof *newer));
    tcase_add_test(tcase, a_conflict_about_a_newer_name_is_refused);
}
