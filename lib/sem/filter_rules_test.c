/* What a runtime makes of an OCI object: rules given to libseccomp, or a refusal. */
#include "base/testing.h"
#include "format/profile_testing.h"
#include "sem/filter_rules.h"

#include <stdio.h>
#include <string.h>

/* A profile whose default answers EPERM and that has one rule for kcmp. */
#define ONE(action, rest) "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"kcmp\"]," \
    "\"action\":\"SCMP_ACT_" action "\"" rest "}]}"
#define TOP(rest) "{\"defaultAction\":\"SCMP_ACT_ERRNO\"" rest "}"
#define NAMES(names) "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[" names "]," \
    "\"action\":\"SCMP_ACT_ALLOW\"}]}"
#define ARG(index, value, op) \
    "{\"index\":" index ",\"value\":" value ",\"op\":\"SCMP_CMP_" op "\"}"

enum { REFUSED = -1 };

/* Rules under runc 1.1.5, runc (newest), crun 1.8.1, crun (newest). */
enum { RUNTIMES = 4 };

static const struct sp_environment runtimes[RUNTIMES] = {
    { .runtime = SP_RUNTIME_RUNC, .runtime_version = { .major = 1, .minor = 1, .patch = 5 } },
    { .runtime = SP_RUNTIME_RUNC },
    { .runtime = SP_RUNTIME_CRUN, .runtime_version = { .major = 1, .minor = 8, .patch = 1 } },
    { .runtime = SP_RUNTIME_CRUN },
};

static const struct {
    const char *text;
    int rules[RUNTIMES];
} cases[] = {
    { .text = ONE("ALLOW", ""), .rules = { 1, 1, 1, 1 } },
    { .text = ONE("ERRNO", ""), .rules = { 0, 0, 0, 0 } },
    { .text = ONE("ERRNO", ",\"errnoRet\":38"), .rules = { 1, 1, 1, 1 } },
    { .text = ONE("ERRNO", ",\"errnoRet\":65537"), .rules = { 0, 0, 0, 0 } },
    { .text = ONE("ERRNO", ",\"errnoRet\":4094"), .rules = { 1, 1, 1, 1 } },
    { .text = ONE("ERRNO", ",\"errnoRet\":4095"), .rules = { -1, -1, -1, -1 } },
    { .text = ONE("ALLOW", ",\"errnoRet\":1"), .rules = { 1, 1, -1, -1 } },
    { .text = ONE("NOTIFY", ""), .rules = { -1, -1, 1, 1 } },
    { .text = ONE("KILLALL", ""), .rules = { -1, -1, -1, -1 } },
    { .text = ONE("ALLOW", ",\"args\":[]"), .rules = { 1, 1, 1, 1 } },
    { .text = ONE("ALLOW", ",\"args\":[" ARG("0", "10", "GE") "," ARG("1", "7", "EQ") "]"),
      .rules = { 1, 1, 1, 1 } },
    { .text = ONE("ALLOW", ",\"args\":[" ARG("0", "10", "GE") "," ARG("0", "20", "LE") "]"),
      .rules = { 2, 2, 2, 2 } },
    { .text = ONE("ALLOW", ",\"args\":[" ARG("0", "1", "GE") "," ARG("0", "2", "LE") ","
                           ARG("1", "7", "EQ") "]"),
      .rules = { 3, 3, 3, 3 } },
    { .text = ONE("ALLOW", ",\"args\":[" ARG("0", "1", "EQ") "," ARG("1", "1", "EQ") ","
                           ARG("2", "1", "EQ") "," ARG("3", "1", "EQ") "," ARG("4", "1", "EQ") ","
                           ARG("5", "1", "EQ") "," ARG("0", "9", "EQ") "]"),
      .rules = { 7, 7, 1, 7 } },
    { .text = ONE("ALLOW", ",\"args\":[" ARG("6", "1", "EQ") "]"), .rules = { -1, -1, -1, -1 } },
    { .text = ONE("ALLOW", ",\"args\":[" ARG("0", "1", "IS") "]"), .rules = { -1, -1, -1, -1 } },
    { .text = NAMES("\"\",\"read\""), .rules = { -1, -1, 1, 1 } },
    { .text = NAMES("\"opn\",\"read\",\"312\",\"KCMP\""), .rules = { 1, 1, 1, 1 } },
    { .text = NAMES("\"read\",\"write\""), .rules = { 2, 2, 2, 2 } },
    { .text = TOP(",\"architectures\":[\"SCMP_ARCH_X86\",\"SCMP_ARCH_X86_64\"]"),
      .rules = { 0, 0, 0, 0 } },
    { .text = TOP(",\"architectures\":[\"x86_64\"]"), .rules = { -1, -1, 0, 0 } },
    { .text = TOP(",\"architectures\":[\"SCMP_ARCH_AMD64\"]"), .rules = { -1, -1, -1, -1 } },
    { .text = TOP(",\"architectures\":[\"SCMP_ARCH_NATIVE\"]"), .rules = { -1, -1, -1, -1 } },
    { .text = TOP(",\"architectures\":[\"SCMP_ARCH_S390X\"]"), .rules = { -1, -1, -1, -1 } },
    { .text = TOP(",\"architectures\":[\"SCMP_ARCH_RISCV64\"]"), .rules = { -1, 0, 0, 0 } },
    { .text = TOP(",\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"]"), .rules = { -1, 0, 0, 0 } },
    { .text = TOP(",\"flags\":[\"LOG\"]"), .rules = { -1, -1, -1, -1 } },
    { .text = TOP(",\"defaultErrnoRet\":4095"), .rules = { -1, -1, -1, -1 } },
    { .text = "{\"defaultAction\":\"SCMP_ACT_NOTIFY\"}", .rules = { -1, -1, 0, 0 } },
};

static struct sp_filter_rules
make(struct sp_arena *arena, const char *text, struct sp_environment environment)
{
    const struct sp_profile *profile = sp_testing_profile(arena, sp_str_of(text));
    struct sp_filter_rules rules = { .refused = NULL };
    struct sp_oci oci;

    environment.engine = SP_ENGINE_OCI;
    environment.host = sp_kb_arch_find(SP_STR("x86_64"));
    ck_assert(sp_resolve(arena, profile, &environment, &oci));
    ck_assert_int_eq(oci.resolution, SP_RESOLUTION_PROFILE);
    ck_assert(sp_filter_rules_make(arena, profile, &oci, &environment, &rules));
    return rules;
}

START_TEST(a_runtime_makes_so_many_rules_or_refuses)
{
    SP_SCRATCH(arena);

    for (size_t i = 0; i < RUNTIMES; i++) {
        struct sp_filter_rules rules = make(&arena, cases[_i].text, runtimes[i]);
        int got = rules.refused != NULL ? REFUSED : (int)rules.rules.count;
        ck_assert_msg(got == cases[_i].rules[i], "runtime %zu made %d of %s (%s)", i, got,
                      cases[_i].text, rules.refused == NULL ? "" : rules.refused);
    }
}
END_TEST

START_TEST(the_mask_is_value_and_what_is_compared_valueTwo)
{
    static const char text[] = ONE("ALLOW", ",\"args\":[{\"index\":1,\"value\":240,"
                                            "\"valueTwo\":63,\"op\":\"SCMP_CMP_MASKED_EQ\"}]");
    SP_SCRATCH(arena);
    struct sp_filter_rules rules = make(&arena, text, runtimes[1]);

    ck_assert_uint_eq(rules.rules.count, 1);
    ck_assert_uint_eq(rules.rules.at[0].condition_count, 1);
    ck_assert_uint_eq(rules.rules.at[0].conditions[0].index, 1);
    ck_assert_uint_eq(rules.rules.at[0].conditions[0].mask, 0xf0);
    ck_assert_uint_eq(rules.rules.at[0].conditions[0].datum, 0x30);
}
END_TEST

START_TEST(a_skipped_rule_and_a_known_name_still_count_for_the_stub)
{
    static const char text[] = "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
                               "{\"names\":[\"futex_waitv\",\"nothing\"],"
                               "\"action\":\"SCMP_ACT_ERRNO\"}]}";
    SP_SCRATCH(arena);
    struct sp_filter_rules rules = make(&arena, text, runtimes[1]);

    ck_assert_uint_eq(rules.rules.count, 0);
    ck_assert_uint_eq(rules.named.count, 1);
    ck_assert_uint_eq(rules.entries, 2);
}
END_TEST

START_TEST(a_name_is_passed_over_where_libseccomp_does_not_know_it)
{
    struct sp_environment old = runtimes[1];
    SP_SCRATCH(arena);

    old.libseccomp = (struct sp_version){ .major = 2, .minor = 5, .patch = 4 };
    ck_assert_uint_eq(make(&arena, NAMES("\"mseal\""), old).rules.count, 0);
    ck_assert_uint_eq(make(&arena, NAMES("\"mseal\""), runtimes[1]).rules.count, 1);
}
END_TEST

static const struct {
    enum sp_action action;
    struct sp_errno_ret error;
    sp_verdict verdict;
} verdicts[] = {
    { .action = SP_ACTION_ALLOW, .error = { true, 5 }, .verdict = 0x7fff0000 },
    { .action = SP_ACTION_ERRNO, .error = { false, 0 }, .verdict = 0x00050001 },
    { .action = SP_ACTION_ERRNO, .error = { true, 0 }, .verdict = 0x00050000 },
    { .action = SP_ACTION_ERRNO, .error = { true, 65574 }, .verdict = 0x00050026 },
    { .action = SP_ACTION_TRACE, .error = { true, 7 }, .verdict = 0x7ff00007 },
    { .action = SP_ACTION_KILL_PROCESS, .error = { true, 7 }, .verdict = 0x80000000 },
    { .action = SP_ACTION_KILL_THREAD, .error = { false, 0 }, .verdict = 0 },
    { .action = SP_ACTION_TRAP, .error = { false, 0 }, .verdict = 0x00030000 },
    { .action = SP_ACTION_NOTIFY, .error = { false, 0 }, .verdict = 0x7fc00000 },
    { .action = SP_ACTION_LOG, .error = { false, 0 }, .verdict = 0x7ffc0000 },
};

START_TEST(an_action_becomes_the_kernels_word)
{
    ck_assert_uint_eq(sp_filter_verdict(verdicts[_i].action, verdicts[_i].error),
                      verdicts[_i].verdict);
}
END_TEST

SP_SUITE(filter_rules)
{
    TCase *tcase = sp_testing_case(suite, "filter_rules");

    tcase_add_loop_test(tcase, a_runtime_makes_so_many_rules_or_refuses, 0,
                        sizeof cases / sizeof *cases);
    tcase_add_test(tcase, the_mask_is_value_and_what_is_compared_valueTwo);
    tcase_add_test(tcase, a_skipped_rule_and_a_known_name_still_count_for_the_stub);
    tcase_add_test(tcase, a_name_is_passed_over_where_libseccomp_does_not_know_it);
    tcase_add_loop_test(tcase, an_action_becomes_the_kernels_word, 0,
                        sizeof verdicts / sizeof *verdicts);
}
