/* What comes out of libseccomp, run call by call in the interpreter. */
#include "sem/compile.h"

#include "base/testing.h"
#include "format/profile_read.h"
#include "sem/bpf_run.h"
#include "text/json_read.h"

#include <string.h>

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
    struct sp_doc_limits doc_limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = arena };
    const struct sp_source *source = sp_source_new(arena, "test", sp_str_of(text));
    struct sp_doc *doc = sp_arena_new(arena, struct sp_doc);
    struct sp_filter_rules rules = { .refused = NULL };
    struct sp_oci oci;

    environment.host = sp_kb_arch_find(SP_STR("x86_64"));
    environment.libseccomp = sp_compile_libseccomp();
    ck_assert(sp_json_read(arena, source, &doc_limits, &report, doc));
    const struct sp_profile *profile = sp_profile_read(arena, doc, sp_profile_detect(doc));
    ck_assert_ptr_nonnull(profile);
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
    ck_assert_uint_eq(verdict_under(verdicts[_i].text, &runc, call), verdicts[_i].runc);
    ck_assert_uint_eq(verdict_under(verdicts[_i].text, &crun, call), verdicts[_i].crun);
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

    ck_assert(compile(&arena, DENY(KCMP("ALLOW", ",\"args\":[" ARG("0", "3", "NE") ","
                                                 ARG("1", "2", "NE") "]") ","
                                   KCMP("ALLOW", ",\"args\":[" ARG("0", "3", "NE") ","
                                                 ARG("2", "3", "NE") "]")),
                      runc, &limits, &compiled));
    ck_assert_int_eq(compiled.result, SP_COMPILE_ENDLESS);
}
END_TEST

START_TEST(more_than_the_kernel_takes_is_refused)
{
    SP_SCRATCH(arena);
    SP_BUF(text);
    struct sp_compiled compiled = { .why = NULL };

    sp_buf_text(&text, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[");
    for (int i = 0; i < 5000; i++) {
        sp_buf_format(&text, "%s{\"names\":[\"kcmp\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":["
                             "{\"index\":0,\"value\":%d,\"op\":\"SCMP_CMP_EQ\"}]}",
                      i == 0 ? "" : ",", i);
    }
    sp_buf_text(&text, "]}");
    sp_buf_char(&text, '\0');
    ck_assert(!text.failed);
    ck_assert(compile(&arena, text.data, runc, NULL, &compiled));
    ck_assert_int_eq(compiled.result, SP_COMPILE_REFUSED);
    ck_assert_ptr_nonnull(strstr(compiled.why, "4096"));
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
}
