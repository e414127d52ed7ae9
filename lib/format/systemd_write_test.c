/* A drop-in says what the profile says: read back, every call on every architecture means
 * the same, but for the losses; and systemd's own tools take it. */
#include "base/testing.h"
#include "format/list_trip_testing.h"
#include "format/systemd_read.h"
#include "format/systemd_write.h"
#include "sem/random_profiles_testing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- comparing ----------------------------------------------------------------------- */

static bool
default_is_lost(const struct sp_trip *trip)
{
    return sp_trip_lost(trip, "systemd has no action")
        || sp_trip_lost(trip, "SystemCallErrorNumber=");
}

static uint32_t
runs_left_alone(uint32_t left, uint32_t right)
{
    return sp_verdict_runs(left) && !sp_verdict_runs(right);
}

/* Also of what is lost, nothing that ran is denied. */
static size_t
compare_policy(struct sp_trip *trip, const struct sp_policy *wanted,
               const struct sp_policy *got)
{
    static const struct sp_dd_operation operation = { .id = 90, .combine = runs_left_alone };
    size_t compared = 0;

    ck_assert(wanted->default_verdict == got->default_verdict || default_is_lost(trip));
    ck_assert_int_eq(sp_verdict_runs(wanted->default_verdict),
                     sp_verdict_runs(got->default_verdict));
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        const char *name = sp_kb_text(sp_kb_syscalls[i].name);
        sp_dd meant = sp_trip_meaning(trip, wanted, name);
        sp_dd said = sp_trip_meaning(trip, got, name);

        if (sp_kb_number(wanted->arch, &sp_kb_syscalls[i]) == SP_KB_NO_NUMBER) {
            continue;
        }
        ck_assert_msg(sp_dd_apply(trip->store, &operation, meant, said)
                          == sp_dd_leaf(trip->store, 0),
                      "%s on %s is denied more in\n%s", name, sp_kb_text(wanted->arch->name),
                      trip->text.data);
        if (sp_losses_has(&trip->losses, name)
            || (wanted->default_verdict != got->default_verdict
                && meant == sp_dd_leaf(trip->store, wanted->default_verdict))) {
            continue;
        }
        ck_assert_msg(meant == said, "%s on %s is not the same in\n%s", name,
                      sp_kb_text(wanted->arch->name), trip->text.data);
        compared++;
    }
    return compared;
}

/* A word may be longer than a line. */
static void
check_lines(const char *text)
{
    struct sp_str rest = sp_str_of(text);
    struct sp_str line;

    while (sp_str_next(&rest, "\n", &line)) {
        struct sp_str words = sp_str_trim(sp_str_slice(line, 1, line.len));
        ck_assert_msg(line.len <= 96 || memchr(words.ptr, ' ', words.len) == NULL, "%.*s",
                      SP_STR_ARG(line));
    }
}

static size_t
check_trip(struct sp_trip *trip)
{
    size_t compared = 0;

    ck_assert_msg(sp_trip_read(trip, sp_systemd_read), "%s", trip->text.data);
    check_lines(trip->text.data);
    for (size_t i = 0; i < trip->policies.all.count; i++) {
        const struct sp_policy *wanted = &trip->policies.all.at[i];
        const struct sp_policy *got = NULL;
        for (size_t j = 0; j < trip->read.all.count; j++) {
            got = trip->read.all.at[j].arch == wanted->arch ? &trip->read.all.at[j] : got;
        }
        ck_assert_msg(got != NULL, "%s is not in\n%s", sp_kb_text(wanted->arch->name),
                      trip->text.data);
        compared += compare_policy(trip, wanted, got);
    }
    return compared;
}

/* ---- the real tool ------------------------------------------------------------------- */

static bool
has_tool(void)
{
    return system("command -v systemd-analyze >/dev/null 2>&1") == 0;
}

/* systemd-analyze has nothing to say about a unit with these lines, but that its library is
 * older than some names. */
static void
check_accepted(const char *text)
{
    char folder[] = "/tmp/secprof-unit-XXXXXX";
    char command[400];
    char said[400] = "";

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(command, sizeof command, "%s/web.service", folder);
    FILE *file = fopen(command, "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "%sExecStart=/bin/true\n", text);
    fclose(file);
    snprintf(command, sizeof command,
             "systemd-analyze verify --man=no %s/web.service 2>&1"
             " | grep web.service | grep -v 'parse system call, ignoring'; rm -r %s",
             folder, folder);
    FILE *pipe = popen(command, "r");
    ck_assert_ptr_nonnull(pipe);
    ck_assert_msg(fgets(said, sizeof said, pipe) == NULL, "%s", said);
    pclose(pipe);
}

/* ---- profiles ------------------------------------------------------------------------ */

START_TEST(a_default_is_the_same_again)
{
    SP_BUF(profile);
    struct sp_environment environment = sp_trip_default(_i, &profile);
    struct sp_trip trip;

    ck_assert(sp_trip_write(&trip, sp_buf_view(&profile), &environment, sp_systemd_write));
    ck_assert_uint_eq(trip.policies.all.count, 3);
    ck_assert_uint_gt(check_trip(&trip), 1000);
    ck_assert(sp_losses_has(&trip.losses, "personality"));
    ck_assert_uint_lt(trip.losses.all.count, 4);
    ck_assert_ptr_nonnull(strstr(trip.text.data, "SystemCallArchitectures=native x86 x32\n"));
    ck_assert_ptr_nonnull(strstr(trip.text.data, "SystemCallFilter=@"));
    ck_assert_ptr_nonnull(strstr(trip.text.data, "#   personality: personality in {PER_LINUX"));
    if (has_tool()) {
        check_accepted(trip.text.data);
    }
    sp_trip_end(&trip);
}
END_TEST

START_TEST(any_profile_is_the_same_again_but_for_its_losses)
{
    enum { PROFILES = 300 };
    uint64_t seed = 4711;
    size_t checked = 0;
    size_t exact = 0;
    size_t compared = 0;

    for (int i = 0; i < PROFILES; i++) {
        SP_BUF(profile);
        struct sp_environment environment;
        struct sp_trip trip;

        sp_random_profile(&seed, &profile, &environment);
        if (sp_trip_write(&trip, sp_buf_view(&profile), &environment, sp_systemd_write)) {
            compared += check_trip(&trip);
            exact += trip.losses.all.count == 0;
            checked++;
        }
        if (trip.text.len > 0 && checked % 50 == 1 && has_tool()) {
            check_accepted(trip.text.data);
        }
        sp_trip_end(&trip);
    }
    ck_assert_uint_gt(checked, PROFILES / 2);
    ck_assert_uint_gt(exact, 0);
    ck_assert_uint_gt(compared, 1000 * checked / 4);
}
END_TEST

/* ---- one thing each ------------------------------------------------------------------ */

/* A profile's parts, lines that it becomes, and the beginning of a loss (NULL: there is
 * none). */
static const struct {
    const char *head;
    const char *rules;
    const char *lines;
    const char *lost;
} cases[] = {
    { "\"defaultAction\":\"SCMP_ACT_ALLOW\"",
      "{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":13},"
      "{\"names\":[\"init_module\",\"finit_module\",\"delete_module\"],"
      "\"action\":\"SCMP_ACT_KILL_PROCESS\"}",
      "SystemCallFilter=\nSystemCallErrorNumber=kill\nSystemCallFilter=~@module\n"
      "SystemCallFilter=~mount:EACCES\nSystemCallLog=\n", NULL },
    { "\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38",
      "{\"names\":[\"read\",\"execve\"],\"action\":\"SCMP_ACT_ALLOW\"}",
      "SystemCallErrorNumber=ENOSYS\nSystemCallFilter=read\nSystemCallFilter=~arch_prctl brk "
      "clock_getres clock_gettime clock_nanosleep exit", NULL },
    { "\"defaultAction\":\"SCMP_ACT_KILL_PROCESS\"",
      "{\"names\":[\"read\",\"write\"],\"action\":\"SCMP_ACT_LOG\"},"
      "{\"names\":[\"ptrace\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":4000}",
      "\nSystemCallFilter=~ptrace:4000\nSystemCallLog=\nSystemCallLog=read write\n", NULL },
    { "\"defaultAction\":\"SCMP_ACT_LOG\"", "",
      "SystemCallErrorNumber=kill\nSystemCallLog=\n# all calls: spu_run is none of this "
      "machine's, and a list needs one\nSystemCallLog=~spu_run\n", NULL },
    { "\"defaultAction\":\"SCMP_ACT_LOG\"",
      "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"},"
      "{\"names\":[\"write\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":0}",
      "SystemCallErrorNumber=kill\nSystemCallFilter=~write:0\nSystemCallLog=\n"
      "SystemCallLog=~read\n", NULL },
    { "\"defaultAction\":\"SCMP_ACT_ALLOW\"",
      "{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ERRNO\","
      "\"args\":[{\"index\":0,\"value\":40,\"op\":\"SCMP_CMP_EQ\"}]}",
      "\n# The profile looks at arguments, which systemd cannot:\n"
      "#   socket, but not: domain = AF_VSOCK\n", "systemd cannot look at arguments" },
    { "\"defaultAction\":\"SCMP_ACT_ALLOW\"",
      "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_TRAP\"}",
      "SystemCallFilter=~read\n", "systemd has no action TRAP" },
    { "\"defaultAction\":\"SCMP_ACT_TRACE\"",
      "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}", "SystemCallErrorNumber=ENOSYS\n",
      "systemd has no action TRACE" },
    { "\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":0",
      "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}", "SystemCallErrorNumber=EPERM\n",
      "SystemCallErrorNumber= takes no 0" },
    { "\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38,"
      "\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"]",
      "{\"names\":[\"socket\",\"connect\",\"shmget\"],\"action\":\"SCMP_ACT_ALLOW\"}",
      "\nSystemCallArchitectures=native x86\nSystemCallFilter=\nSystemCallErrorNumber=ENOSYS\n"
      "SystemCallFilter=connect shmget socket\n", NULL },
    { "\"defaultAction\":\"SCMP_ACT_ALLOW\","
      "\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_M68K\"]",
      "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_TRAP\"}", "\n", NULL },
};

START_TEST(a_profile_becomes_these_lines)
{
    struct sp_environment environment = {
        .engine = SP_ENGINE_OCI, .runtime = SP_RUNTIME_CRUN,
        .host = sp_kb_arch_find(SP_STR("x86_64")), .kernel = { .major = 7 },
    };
    struct sp_trip trip;
    SP_BUF(profile);

    sp_buf_format(&profile, "{%s,\"syscalls\":[%s]}", cases[_i].head, cases[_i].rules);
    if (!sp_trip_write(&trip, sp_buf_view(&profile), &environment, sp_systemd_write)) {
        sp_trip_end(&trip);
        return;
    }
    ck_assert_msg(strstr(trip.text.data, cases[_i].lines) != NULL, "%s", trip.text.data);
    ck_assert_msg((trip.losses.all.count == 0) == (cases[_i].lost == NULL), "%s",
                  cases[_i].head);
    ck_assert(cases[_i].lost == NULL || sp_trip_lost(&trip, cases[_i].lost));
    check_trip(&trip);
    sp_trip_end(&trip);
}
END_TEST

SP_SUITE(systemd_write)
{
    TCase *tcase = sp_testing_case(suite, "systemd_write");

    tcase_add_loop_test(tcase, a_default_is_the_same_again, 0, SP_TRIP_DEFAULTS);
    tcase_add_test(tcase, any_profile_is_the_same_again_but_for_its_losses);
    tcase_add_loop_test(tcase, a_profile_becomes_these_lines, 0, sizeof cases / sizeof *cases);
}
