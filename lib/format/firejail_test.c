#include "base/testing.h"
#include "format/firejail_read.h"
#include "format/firejail_write.h"
#include "format/list_trip_testing.h"

#include <errno.h>
#include <string.h>

/* A call that the losses name is not denied where it should run, unless firejail cannot help
 * it. */
static void
check_losses(struct sp_trip *trip)
{
    const struct sp_policy *wanted = &trip->policies.all.at[0];

    for (size_t i = 0; i < wanted->calls.count; i++) {
        const struct sp_policy_call *call = &wanted->calls.at[i];
        const char *name = sp_kb_text(call->call->name);
        const struct sp_policy_call *read = sp_policy_find(&trip->read.all.at[0], name);
        sp_verdict got = read == NULL ? trip->read.all.at[0].default_verdict
                                      : sp_policy_widest(read);

        ck_assert_msg(!sp_verdict_runs(sp_policy_widest(call)) || sp_verdict_runs(got),
                      "%s is denied in\n%s", name, trip->text.data);
    }
}

static bool
is_same_default(const struct sp_trip *trip)
{
    return !sp_trip_lost(trip, "firejail kills") && !sp_trip_lost(trip, "firejail has no TRAP")
        && !sp_trip_lost(trip, "firejail asks") && !sp_trip_lost(trip, "firejail takes errnos");
}

START_TEST(a_default_is_the_same_again_but_for_its_conditions)
{
    SP_BUF(profile);
    struct sp_environment environment = sp_trip_default(_i, &profile);
    struct sp_trip trip;

    ck_assert(sp_trip_write(&trip, sp_buf_view(&profile), &environment, sp_firejail_write));
    ck_assert_ptr_nonnull(strstr(trip.text.data, "\nseccomp.block-secondary\n"));
    ck_assert_ptr_nonnull(strstr(trip.text.data, "\nseccomp.keep accept,accept4,"));
    ck_assert(sp_trip_read(&trip, sp_firejail_read));
    ck_assert_uint_gt(sp_trip_compare(&trip, true), 300);
    check_losses(&trip);
    ck_assert(sp_losses_has(&trip.losses, "personality"));
    ck_assert(!sp_losses_has(&trip.losses, "clone3"));
    sp_trip_end(&trip);
}
END_TEST

/* A list of all calls, each with a long errno, would be cut by firejail if it had their names. */
START_TEST(a_long_list_has_numbers)
{
    enum { LINE_MAX_BYTES = 8190 };
    SP_BUF(profile);
    SP_BUF(unused);
    struct sp_environment environment = sp_trip_default(0, &unused);
    struct sp_trip trip;
    struct sp_str line;
    size_t longest = 0;

    sp_buf_text(&profile, "{\"defaultAction\":\"SCMP_ACT_KILL_THREAD\",\"syscalls\":[{"
                          "\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":36,\"names\":[\"read\"");
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        sp_buf_format(&profile, ",\"%s\"", sp_kb_text(sp_kb_syscalls[i].name));
    }
    sp_buf_text(&profile, "]}]}");
    environment.engine = SP_ENGINE_OCI;
    environment.runtime = SP_RUNTIME_CRUN;
    ck_assert(sp_trip_write(&trip, sp_buf_view(&profile), &environment, sp_firejail_write));
    struct sp_str text = sp_buf_view(&trip.text);
    while (sp_str_next(&text, "\n", &line)) {
        longest = line.len > longest ? line.len : longest;
    }
    ck_assert_uint_gt(longest, LINE_MAX_BYTES / 2);
    ck_assert_uint_le(longest, LINE_MAX_BYTES);
    ck_assert_ptr_nonnull(strstr(trip.text.data, ",$3:ENAMETOOLONG,"));
    ck_assert(sp_trip_read(&trip, sp_firejail_read));
    ck_assert_uint_gt(sp_trip_compare(&trip, true), 300);
    sp_trip_end(&trip);
}
END_TEST

static bool
check_trip(struct sp_trip *trip)
{
    if (trip->policies.environment.host != sp_kb_arch_find(SP_STR("x86_64"))
        || !sp_trip_read(trip, sp_firejail_read)) {
        return false;
    }
    sp_trip_compare(trip, is_same_default(trip));
    check_losses(trip);
    return true;
}

START_TEST(any_profile_is_the_same_again_but_for_its_losses)
{
    enum { PROFILES = 300 };
    struct sp_trips trips = sp_trip_random(20261305, PROFILES, sp_firejail_write, check_trip);

    ck_assert_uint_gt(trips.good, PROFILES / 3);
}
END_TEST

/* ---- reading ------------------------------------------------------------------------- */

/* What a text means: its default, and calls with their verdicts. */
static const struct {
    const char *text;
    sp_verdict by_default;
    struct {
        const char *call;
        sp_verdict verdict;
    } calls[5];
} texts[] = {
    { "seccomp.keep read,write", SP_VERDICT_ERRNO | EPERM,
      { { "read", SP_VERDICT_ALLOW }, { "execve", SP_VERDICT_ALLOW },
        { "prctl", SP_VERDICT_ALLOW }, { "close", SP_VERDICT_ERRNO | EPERM } } },
    { "seccomp-error-action kill\nseccomp.keep read,mkdir:EEXIST # so\n", SP_VERDICT_KILL_THREAD,
      { { "read", SP_VERDICT_ALLOW }, { "mkdir", SP_VERDICT_ERRNO | EEXIST } } },
    { "seccomp.keep @file-system,!mkdir\nseccomp-error-action ENOSYS", SP_VERDICT_ERRNO | ENOSYS,
      { { "mkdir", SP_VERDICT_ERRNO | ENOSYS }, { "rmdir", SP_VERDICT_ALLOW } } },
    { "seccomp.drop $165,,@swap,close:kill", SP_VERDICT_ALLOW,
      { { "mount", SP_VERDICT_ERRNO | EPERM }, { "swapon", SP_VERDICT_ERRNO | EPERM },
        { "close", SP_VERDICT_KILL_THREAD }, { "read", SP_VERDICT_ALLOW } } },
    { "noroot\ninclude disable-common.inc\nseccomp\nnonewprivs", SP_VERDICT_ALLOW,
      { { "ptrace", SP_VERDICT_ERRNO | EPERM }, { "mount", SP_VERDICT_ERRNO | EPERM },
        { "read", SP_VERDICT_ALLOW } } },
    { "allow-debuggers\n seccomp mkdir,!mount", SP_VERDICT_ALLOW,
      { { "ptrace", SP_VERDICT_ALLOW }, { "mount", SP_VERDICT_ALLOW },
        { "umount2", SP_VERDICT_ERRNO | EPERM }, { "mkdir", SP_VERDICT_ERRNO | EPERM } } },
    { "seccomp-error-action log\nseccomp.drop mkdir", SP_VERDICT_ALLOW,
      { { "mkdir", SP_VERDICT_LOG } } },
    { "seccomp.keep read\nseccomp.drop read\nseccomp.keep write", SP_VERDICT_ERRNO | EPERM,
      { { "write", SP_VERDICT_ALLOW }, { "read", SP_VERDICT_ERRNO | EPERM } } },
};

START_TEST(a_profile_means_what_its_lists_say)
{
    struct sp_trip trip;

    sp_trip_of_text(&trip, sp_str_of(texts[_i].text), sp_firejail_read);
    const struct sp_policy *policy = &trip.read.all.at[0];
    ck_assert_uint_eq(policy->default_verdict, texts[_i].by_default);
    for (size_t i = 0; i < 5 && texts[_i].calls[i].call != NULL; i++) {
        const struct sp_policy_call *call = sp_policy_find(policy, texts[_i].calls[i].call);
        ck_assert(call == NULL || call->clause_count == 0);
        ck_assert_msg((call == NULL ? policy->default_verdict : call->otherwise)
                          == texts[_i].calls[i].verdict, "%s", texts[_i].calls[i].call);
    }
    sp_trip_end(&trip);
}
END_TEST

START_TEST(a_block_of_other_architectures_denies_personalities)
{
    static const char *const lists[] = {
        "seccomp.block-secondary\nseccomp.keep personality,read",
        "seccomp.block-secondary\nseccomp.drop read",
    };
    static const struct {
        uint64_t persona;
        sp_verdict verdict;
    } answers[] = {
        { 0, SP_VERDICT_ALLOW },
        { UINT32_MAX, SP_VERDICT_ALLOW },
        { UINT64_MAX, SP_VERDICT_ERRNO | EPERM },
        { 8, SP_VERDICT_ERRNO | EPERM },
    };
    struct sp_trip trip;

    sp_trip_of_text(&trip, sp_str_of(lists[_i]), sp_firejail_read);
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        const uint64_t args[SP_ARGS] = { answers[i].persona };
        ck_assert_uint_eq(sp_trip_verdict(&trip, "personality", args), answers[i].verdict);
    }
    sp_trip_end(&trip);
}
END_TEST

static const struct sp_trip_refusal refusals[] = {
    { "\n", "the text names no system call", 1, 1 },
    { "# no list\nnoroot\n", "no line of the profile is about system calls", 1, 1 },
    { "seccomp.keep", "`seccomp.keep` needs a list", 1, 1 },
    { "noroot\n  seccomp.drop ,,\n", "`seccomp.drop` needs a list", 2, 3 },
    { "seccomp.kepp read", "`seccomp.kepp` is no command of a firejail profile", 1, 1 },
    { "{ \"a\": 1 }", "`{` is no command of a firejail profile", 1, 1 },
    { "seccomp.keep read, write", "firejail refuses this character in a list", 1, 19 },
    { "seccomp.keep read,writ", "`writ` is no system call", 1, 19 },
    { "seccomp.keep read,@file-sistem", "firejail has no group `@file-sistem`", 1, 19 },
    { "seccomp.keep read:EWHAT", "`EWHAT` is no errno that firejail knows", 1, 19 },
    { "seccomp.drop mkdir:log", "`log` is no errno that firejail knows", 1, 20 },
    { "seccomp.drop @swap,!mkdir:EPERM", "an exception has no errno", 1, 27 },
    { "seccomp.drop $9999", "no system call of x86_64 has the number $9999", 1, 14 },
    { "seccomp.drop $x", "`$x` is no number of a call", 1, 14 },
    { "seccomp.drop read,:EPERM", "a name is missing", 1, 19 },
    { "seccomp.drop write,!read", "firejail takes `!read` for the call itself", 1, 20 },
    { "seccomp-error-action no", "`no` is no error action", 1, 22 },
    { "seccomp\nprotocol unix", "`protocol` is a filter of its own, which is not read", 2, 1 },
    { "seccomp.32.keep read", "firejail makes this list a filter of native programs, by mistake", 1,
      1 },
    { "ignore seccomp\nseccomp\n", "what `ignore` makes of a line about system calls is not read", 1,
      1 },
    { "include firefox-common.profile", "another profile is included, whose lines are not known here",
      1, 1 },
    { "?HAS_X11: seccomp !kcmp", "a line about system calls counts only under a condition", 1, 1 },
};

START_TEST(what_no_profile_can_say_is_refused)
{
    sp_trip_refuses(&refusals[_i], sp_firejail_read);
}
END_TEST

SP_SUITE(firejail)
{
    TCase *tcase = sp_testing_case(suite, "firejail");

    tcase_add_loop_test(tcase, a_default_is_the_same_again_but_for_its_conditions, 0,
                        SP_TRIP_DEFAULTS);
    tcase_add_test(tcase, a_long_list_has_numbers);
    tcase_add_test(tcase, any_profile_is_the_same_again_but_for_its_losses);
    tcase_add_loop_test(tcase, a_profile_means_what_its_lists_say, 0,
                        sizeof texts / sizeof *texts);
    tcase_add_loop_test(tcase, a_block_of_other_architectures_denies_personalities, 0, 2);
    tcase_add_loop_test(tcase, what_no_profile_can_say_is_refused, 0,
                        sizeof refusals / sizeof *refusals);
}
