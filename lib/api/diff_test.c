#include "base/testing.h"

#include <secprof.h>
#include <string.h>

static struct secprof *context;

static void
open_context(void)
{
    ck_assert_int_eq(secprof_new(&context), SECPROF_OK);
}

static void
close_context(void)
{
    secprof_unref(context);
}

#define PROFILE(action, rules) \
    "{\"defaultAction\": \"SCMP_ACT_" action "\", \"architectures\": [\"SCMP_ARCH_X86_64\"]," \
    " \"syscalls\": [" rules "]}"
#define RULE(names, action) "{\"names\": [" names "], \"action\": \"SCMP_ACT_" action "\"}"

static const char closed[] = PROFILE("KILL_PROCESS", RULE("\"read\", \"write\"", "ALLOW"));
static const char same[] = PROFILE("KILL_PROCESS",
                                   RULE("\"write\"", "ALLOW") "," RULE("\"read\"", "ALLOW"));
static const char opened[] = PROFILE("KILL_PROCESS", RULE("\"read\", \"write\", \"bpf\"", "ALLOW"));
static const char moved[] = PROFILE("KILL_PROCESS", RULE("\"read\", \"bpf\"", "ALLOW"));
static const char errno_1[] = PROFILE("KILL_PROCESS", RULE("\"read\", \"write\"", "ALLOW") ","
    "{\"names\": [\"bpf\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 1}");
static const char errno_2[] = PROFILE("KILL_PROCESS", RULE("\"read\", \"write\"", "ALLOW") ","
    "{\"names\": [\"bpf\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 2}");

static struct secprof_profile *
load(const char *name, const char *text)
{
    struct secprof_profile *profile = NULL;

    ck_assert_int_eq(secprof_profile_load_bytes(context, name, text, strlen(text), &profile, NULL),
                     SECPROF_OK);
    return profile;
}

static const char *const only_arches[] = { "x86_64" };
static const struct secprof_target here = {
    .runtime = "crun", .kernel = "6.12", .caps = "default", .arches = only_arches, .arch_count = 1,
};

/* ---- answers ----------------------------------------------------------------------------------- */

static const struct {
    const char *from;
    const char *to;
    unsigned answer;
} pairs[] = {
    { closed, closed, 0 },
    { closed, same, 0 },
    { closed, opened, SECPROF_DIFF_LOOSER },
    { opened, closed, SECPROF_DIFF_TIGHTER },
    { closed, moved, SECPROF_DIFF_LOOSER | SECPROF_DIFF_TIGHTER },
    { errno_1, errno_2, SECPROF_DIFF_CHANGED },
    { errno_1, opened, SECPROF_DIFF_LOOSER },
};

START_TEST(two_profiles_have_an_answer)
{
    struct secprof_profile *from = load("from.json", pairs[_i].from);
    struct secprof_profile *to = load("to.json", pairs[_i].to);
    struct secprof_diff *diff = NULL;

    ck_assert_int_eq(secprof_diff_new(from, &here, to, &here, &diff, NULL), SECPROF_OK);
    ck_assert_uint_eq(secprof_diff_answer(diff), pairs[_i].answer);
    secprof_diff_free(diff);
    secprof_profile_free(from);
    secprof_profile_free(to);
}
END_TEST

/* ---- texts ------------------------------------------------------------------------------------- */

static const struct {
    const char *format;
    const char *start;
} formats[] = {
    { "text", "from.json -> to.json: looser for 1 call\n" },
    { "markdown", "### seccomp: `from.json` " },
    { "json", "{\n  \"schema\": \"secprof/diff/1\"," },
};

START_TEST(one_diff_is_written_in_every_format)
{
    struct secprof_profile *from = load("from.json", closed);
    struct secprof_profile *to = load("to.json", opened);
    struct secprof_diff *diff = NULL;
    char *text = NULL;

    ck_assert_int_eq(secprof_diff_new(from, &here, to, &here, &diff, NULL), SECPROF_OK);
    for (int summary = 0; summary < 2; summary++) {
        ck_assert_int_eq(secprof_diff_write(diff, formats[_i].format, NULL, summary, &text),
                         SECPROF_OK);
        ck_assert_msg(strncmp(text, formats[_i].start, strlen(formats[_i].start)) == 0, "%s", text);
        secprof_text_free(text);
    }
    secprof_diff_free(diff);
    secprof_profile_free(from);
    secprof_profile_free(to);
}
END_TEST

/* ---- what is no question ----------------------------------------------------------------------- */

START_TEST(bad_arguments_are_refused)
{
    struct secprof_profile *profile = load("from.json", closed);
    struct secprof_diff *none = NULL;
    struct secprof_diff *diff = NULL;
    char *text = NULL;

    ck_assert_int_eq(secprof_diff_new(NULL, NULL, profile, NULL, &none, NULL), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_diff_new(profile, NULL, NULL, NULL, &none, NULL), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_diff_new(profile, NULL, profile, NULL, NULL, NULL),
                     SECPROF_BAD_ARGUMENT);
    ck_assert_uint_eq(secprof_diff_answer(NULL), SECPROF_DIFF_UNDECIDED);
    secprof_diff_free(NULL);

    ck_assert_int_eq(secprof_diff_new(profile, &here, profile, &here, &diff, NULL), SECPROF_OK);
    ck_assert_int_eq(secprof_diff_write(NULL, "text", NULL, 0, &text), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_diff_write(diff, NULL, NULL, 0, &text), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_diff_write(diff, "xml", NULL, 0, &text), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_diff_write(diff, "text", NULL, 0, NULL), SECPROF_BAD_ARGUMENT);
    ck_assert_ptr_null(none);
    ck_assert_ptr_null(text);
    secprof_diff_free(diff);
    secprof_profile_free(profile);
}
END_TEST

static const struct secprof_target bad_targets[] = {
    { .kernel = "old" },
    { .kernel = "6.1", .caps = "default", .arches = only_arches, .arch_count = 1 },
    { .kernel = "6.12", .caps = "none", .arches = only_arches, .arch_count = 1 },
    { .kernel = "6.12", .caps = "default" },
};

START_TEST(machine_and_container_are_the_same_on_both_sides)
{
    struct secprof_profile *profile = load("from.json", closed);
    struct secprof_diff *diff = NULL;
    char *why = NULL;

    ck_assert_int_eq(secprof_diff_new(profile, &here, profile, &bad_targets[_i], &diff, &why),
                     SECPROF_BAD_ARGUMENT);
    ck_assert_ptr_null(diff);
    ck_assert_ptr_nonnull(why);
    secprof_text_free(why);
    secprof_profile_free(profile);
}
END_TEST

/* runc answers ENOSYS for what is newer than the profile. */
START_TEST(runtimes_may_differ)
{
    static const struct secprof_target runc = {
        .runtime = "runc", .kernel = "6.12", .caps = "default", .arches = only_arches,
        .arch_count = 1,
    };
    struct secprof_profile *profile = load("from.json", closed);
    struct secprof_diff *diff = NULL;

    ck_assert_int_eq(secprof_diff_new(profile, &here, profile, &runc, &diff, NULL), SECPROF_OK);
    ck_assert_uint_eq(secprof_diff_answer(diff), SECPROF_DIFF_LOOSER);
    secprof_diff_free(diff);
    secprof_profile_free(profile);
}
END_TEST

SP_SUITE(api_diff)
{
    TCase *tcase = sp_testing_case(suite, "diff");

    tcase_add_checked_fixture(tcase, open_context, close_context);
    tcase_add_loop_test(tcase, two_profiles_have_an_answer, 0, (int)(sizeof pairs / sizeof *pairs));
    tcase_add_loop_test(tcase, one_diff_is_written_in_every_format, 0,
                        (int)(sizeof formats / sizeof *formats));
    tcase_add_test(tcase, bad_arguments_are_refused);
    tcase_add_loop_test(tcase, machine_and_container_are_the_same_on_both_sides, 0,
                        (int)(sizeof bad_targets / sizeof *bad_targets));
    tcase_add_test(tcase, runtimes_may_differ);
}
