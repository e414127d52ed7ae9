/* What is written is read back to the same meaning. */
#include "base/testing.h"
#include "format/list_trip_testing.h"
#include "format/minijail_parse.h"
#include "format/minijail_read.h"
#include "format/minijail_write.h"

#include <string.h>

/* ---- there and back ------------------------------------------------------------------ */

static bool
is_named_default(sp_verdict verdict)
{
    sp_verdict action = verdict & SP_VERDICT_ACTION;

    return action == SP_VERDICT_ERRNO || action == SP_VERDICT_TRACE;
}

/* The text itself says what the policy does, whatever rules can be made of it. */
static void
check_text(struct sp_trip *trip, bool same_default)
{
    const struct sp_policy *wanted = &trip->policies.all.at[0];
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = &trip->arena };
    struct sp_minijail_policy policy = { .calls = { .at = NULL } };
    struct sp_minijail_parser parser = {
        .arena = &trip->arena, .limits = &limits, .report = &report, .store = trip->store,
        .source = sp_source_new(&trip->arena, "text", sp_buf_view(&trip->text)),
    };

    ck_assert_msg(sp_minijail_policy_read(&parser, &policy), "%s", report.diags.at[0]->message);
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        const struct sp_kb_syscall *row = &sp_kb_syscalls[i];
        uint32_t place = policy.places[i];
        const char *name = sp_kb_text(row->name);
        sp_dd got = place == 0
            ? sp_dd_leaf(trip->store, policy.default_verdict)
            : sp_minijail_meaning(&parser, &policy, &policy.calls.at[place - 1]);
        if (sp_kb_number(wanted->arch, row) == SP_KB_NO_NUMBER
            || sp_losses_has(&trip->losses, name)
            || (!same_default && place == 0)) {
            continue;
        }
        for (unsigned arg = 0; wanted->arch->bits == 32 && arg < SP_ARGS; arg++) {
            got = sp_dd_narrow(trip->store, got, arg, 32);
        }
        ck_assert_msg(got == sp_trip_meaning(trip, wanted, name), "%s", name);
    }
}

/* A profile's rules cannot say everything that a policy can. */
static bool
can_be_rules(struct sp_trip *trip)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = &trip->arena };
    struct sp_source *source = sp_source_new(&trip->arena, "text", sp_buf_view(&trip->text));
    struct sp_doc doc;

    if (sp_minijail_read(&trip->arena, source, &limits, &report, &doc)) {
        return true;
    }
    ck_assert_uint_eq(report.diags.count, 1);
    ck_assert(sp_str_has_prefix(sp_str_of(report.diags.at[0]->message), "the conditions of "));
    return false;
}

/* A text names no machine, and is read for the one at hand: where arguments have 32 bits, or
 * where rules of socketcall and ipc are made of those of other calls, its rules need not mean
 * the same. */
static bool
is_like_native(const struct sp_kb_arch *arch)
{
    return arch->bits == 64
        && sp_kb_number(arch, sp_kb_syscall_find(SP_STR("ipc"))) == SP_KB_NO_NUMBER;
}

/* Every call is the same; the default is, too, or a loss says so and the text names every
 * call.  False when the text was not made a profile again. */
static bool
check_trip(struct sp_trip *trip)
{
    const struct sp_policy *wanted = &trip->policies.all.at[0];
    sp_verdict verdict = wanted->default_verdict;
    bool is_lost = sp_trip_lost(trip, "no policy of minijail");

    check_text(trip, !is_lost);
    if (!can_be_rules(trip) || !is_like_native(wanted->arch)) {
        return false;
    }
    if (!sp_trip_read(trip, sp_minijail_read)) {
        return false;  /* more instructions than a filter may have */
    }
    ck_assert(is_lost == (is_named_default(verdict) || verdict == SP_VERDICT_LOG));
    ck_assert(sp_trip_lost(trip, "a policy of minijail is for one")
              == (trip->policies.all.count > 1));
    sp_trip_compare(trip, !is_lost);
    for (size_t i = 0; is_named_default(verdict) && i < sp_kb_syscalls_count; i++) {
        const char *name = sp_kb_text(sp_kb_syscalls[i].name);
        ck_assert(sp_kb_number(wanted->arch, &sp_kb_syscalls[i]) == SP_KB_NO_NUMBER
                  || sp_policy_find(wanted, name) != NULL
                  || sp_policy_find(&trip->read.all.at[0], name) != NULL);
    }
    return true;
}

/* No line is longer than people like, but for one word in it. */
static void
check_lines(struct sp_str text)
{
    struct sp_str line;

    while (sp_str_next(&text, "\n", &line)) {
        ck_assert_msg(line.len <= 96 || memchr(line.ptr + 8, ' ', line.len - 8) == NULL, "%.*s",
                      SP_STR_ARG(line));
        ck_assert(line.len == 0 || line.ptr[0] != '#' || line.ptr[line.len - 1] != '\\');
    }
}

START_TEST(a_default_is_the_same_again)
{
    SP_BUF(profile);
    struct sp_environment environment = sp_trip_default(_i, &profile);
    struct sp_trip trip;

    ck_assert(sp_trip_write(&trip, sp_buf_view(&profile), &environment, sp_minijail_write));
    ck_assert(check_trip(&trip));
    check_lines(sp_buf_view(&trip.text));
    ck_assert_uint_gt(sp_trip_compare(&trip, false), 300);
    ck_assert_uint_eq(trip.losses.all.count, 2);
    ck_assert_ptr_nonnull(strstr(trip.text.data, "\nread: 1\n"));
    ck_assert_ptr_nonnull(strstr(trip.text.data, "\n# for minijail0 -S: the semicolons"));
    ck_assert_ptr_null(strstr(trip.text.data, ": {"));
    sp_trip_end(&trip);
}
END_TEST

enum { SLICES = 4, PROFILES = 100 };

START_TEST(a_random_profile_is_the_same_again)
{
    struct sp_trips trips =
        sp_trip_random(20261127 + (uint64_t)_i, PROFILES, sp_minijail_write, check_trip);

    ck_assert_uint_gt(trips.written, PROFILES / 2);
    ck_assert_uint_gt(trips.good, trips.written * 3 / 5);
}
END_TEST

/* ---- texts that are written ---------------------------------------------------------- */

#define PROFILE(default_action, rules) \
    "{\"defaultAction\": \"SCMP_ACT_" default_action "\", \"syscalls\": [" rules "]}"
#define RULE(name, action, more) \
    "{\"names\": [\"" name "\"], \"action\": \"SCMP_ACT_" action "\"" more "}"
#define ARG(index, value, op) \
    ", \"args\": [{\"index\": " #index ", \"value\": " #value ", \"op\": \"SCMP_CMP_" op "\"}]"
#define MASKED(index, mask, value) \
    ", \"args\": [{\"index\": " #index ", \"value\": " #mask ", \"valueTwo\": " #value \
    ", \"op\": \"SCMP_CMP_MASKED_EQ\"}]"

static const struct {
    const char *profile;
    const char *line;   /* stands in the text */
    const char *other;  /* does, too */
    const char *lost;   /* NULL: nothing is */
} written[] = {
    { PROFILE("KILL_THREAD", RULE("read", "ALLOW", "")), "\nread: 1\n",
      "# for minijail0 -S and for compile", NULL },
    { PROFILE("KILL_THREAD", RULE("socket", "ALLOW", ARG(0, 1, "EQ"))),
      "\n# allowed where domain = AF_UNIX\nsocket: arg0 == 1\n", "for minijail0 -S and", NULL },
    { PROFILE("KILL_THREAD", RULE("clone", "ALLOW", MASKED(0, 2114060288, 0))),
      "\nclone: arg0 in ~0x7e020000\n", "# allowed where ", NULL },
    { PROFILE("KILL_THREAD", RULE("ptrace", "ERRNO", ", \"errnoRet\": 38")),
      "\nptrace: return ENOSYS\n", "for minijail0 -S and", NULL },
    { PROFILE("KILL_PROCESS", RULE("read", "ALLOW", "")),
      "\n@default kill-process\n\nread: 1\n",
      "# for compile_seccomp_policy.py", NULL },
    { PROFILE("TRAP", RULE("read", "LOG", "")), "\n@default trap\n\nread: log\n", "", NULL },
    { PROFILE("ALLOW", RULE("bpf", "ERRNO", "")), "\n@denylist\n\nbpf: return EPERM\n",
      "# to be compiled with --denylist\n", "deny lists of minijail do not see" },
    { PROFILE("ALLOW", RULE("bpf", "KILL_PROCESS", "")), "\nbpf: return EPERM\n", "",
      "deny lists of minijail answer" },
    { PROFILE("ALLOW", RULE("socket", "ERRNO", ARG(0, 40, "EQ"))),
      "\nsocket: { arg0 == 0x28; return EPERM }\n", "# return EPERM where domain = AF_VSOCK\n",
      "deny lists of minijail do not see" },
    { PROFILE("LOG", RULE("bpf", "ERRNO", "")), "\n@denylist\n", "",
      "no policy of minijail logs" },
    { PROFILE("ERRNO", RULE("socket", "ALLOW", ARG(0, 1, "EQ"))),
      "\nsocket: arg0 == 1; return EPERM;\n", "\nread: return EPERM\n",
      "no policy of minijail has an error" },
    { PROFILE("TRACE", RULE("read", "ALLOW", "")), "\nwrite: trace\n", "\nread: 1\n",
      "no policy of minijail traces" },
    { PROFILE("KILL_THREAD", RULE("read", "TRACE", ", \"errnoRet\": 7")), "\nread: trace\n", "",
      "`trace` of minijail" },
    { PROFILE("KILL_THREAD", RULE("read", "TRAP", ARG(0, 1, "EQ")) ", "
              RULE("read", "ALLOW", ARG(0, 1, "NE"))),
      "\nread: { arg0 != 1, trap }\n", "", NULL },
};

START_TEST(a_policy_is_written_for_who_can_read_it)
{
    struct sp_environment environment = {
        .engine = SP_ENGINE_OCI, .runtime = SP_RUNTIME_CRUN,
        .host = sp_kb_arch_find(SP_STR("x86_64")), .kernel = { .major = 7 },
    };
    struct sp_trip trip;

    ck_assert(sp_trip_write(&trip, sp_str_of(written[_i].profile), &environment,
                            sp_minijail_write));
    ck_assert_msg(strstr(trip.text.data, written[_i].line) != NULL, "%s", trip.text.data);
    ck_assert_msg(strstr(trip.text.data, written[_i].other) != NULL, "%s", trip.text.data);
    ck_assert_uint_eq(trip.losses.all.count > 0, written[_i].lost != NULL);
    ck_assert(written[_i].lost == NULL || sp_trip_lost(&trip, written[_i].lost));
    ck_assert(check_trip(&trip));
    sp_trip_end(&trip);
}
END_TEST

enum { WRITTEN = sizeof written / sizeof *written };

/* ---- texts that are read and written ------------------------------------------------- */

static char *const *paths;

/* Each policy, and what it says as it is written again. */
START_TEST(a_policy_from_a_file_is_the_same_again)
{
    static struct sp_str text;
    struct sp_trip trip;

    text = sp_testing_read(paths[_i]);
    sp_trip_of_text(&trip, text, sp_minijail_read);
    struct sp_emission emission = {
        .arena = &trip.arena, .policies = &trip.read, .name = "again", .losses = &trip.losses,
        .out = &trip.text,
    };
    trip.losses.arena = &trip.arena;
    memcpy(&trip.policies, &trip.read, sizeof trip.policies);
    sp_minijail_write(&emission);
    check_lines(sp_buf_view(&trip.text));
    ck_assert(sp_trip_read(&trip, sp_minijail_read));
    ck_assert_uint_gt(sp_trip_compare(&trip, true), 100);
    sp_trip_end(&trip);
}
END_TEST

SP_SUITE(minijail_write)
{
    TCase *tcase = sp_testing_case(suite, "minijail_write");
    int count;

    paths = sp_testing_files("testdata/formats/minijail", ".policy", &count);
    tcase_add_loop_test(tcase, a_default_is_the_same_again, 0, SP_TRIP_DEFAULTS);
    tcase_add_loop_test(tcase, a_random_profile_is_the_same_again, 0, SLICES);
    tcase_add_loop_test(tcase, a_policy_is_written_for_who_can_read_it, 0, WRITTEN);
    tcase_add_loop_test(tcase, a_policy_from_a_file_is_the_same_again, 0, count);
}
