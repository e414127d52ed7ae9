/* Profiles in other formats: what is told, what is refused, and that texts of texts mean the same. */
#include "base/testing.h"
#include "kb/defaults.h"
#include "ops/emit.h"
#include "ops/formats_testing.h"
#include "ops/load.h"

#include <string.h>

/* ---- helpers --------------------------------------------------------------------------------- */

struct emitted {
    enum sp_emit_result result;
    struct sp_losses losses;
    struct sp_buf text;
    struct sp_buf why;
};

static void
emit(struct sp_arena *arena, const char *profile, const char *format, const char *arch, bool resolve,
     struct emitted *ret_emitted)
{
    const struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_target target = {
        .engine = SP_ENGINE_OCI, .runtime = SP_RUNTIME_CRUN,
        .arches = { sp_kb_arch_find(sp_str_of(arch)) }, .arch_count = 1,
    };
    struct sp_emit_request request = {
        .name = "profile", .target = &target, .format = format, .resolve = resolve, .limits = &limits,
    };

    *ret_emitted = (struct emitted){ .losses = { .arena = arena } };
    enum sp_load load = sp_load_text(arena, &limits, SP_DIALECT_UNKNOWN, "profile", sp_str_of(profile),
                                     &request.profile, &ret_emitted->why);
    ck_assert_msg(load == SP_LOAD_OK, "%.*s", SP_STR_ARG(sp_buf_view(&ret_emitted->why)));
    ret_emitted->result =
        sp_emit(arena, &request, &ret_emitted->text, &ret_emitted->losses, &ret_emitted->why);
    ck_assert(!arena->failed && !ret_emitted->text.failed && !ret_emitted->losses.failed);
}

static void
end(struct emitted *emitted)
{
    sp_buf_free(&emitted->text);
    sp_buf_free(&emitted->why);
}

#define PROFILE(default_action, rest) "{\"defaultAction\": \"SCMP_ACT_" default_action "\", " rest "}"
#define RULES(rules) "\"syscalls\": [" rules "]"
#define RULE(name, action) "{\"names\": [\"" name "\"], \"action\": \"SCMP_ACT_" action "\"}"
#define IF(name, action, args) \
    "{\"names\": [\"" name "\"], \"action\": \"SCMP_ACT_" action "\", \"args\": [" args "]}"
#define EQ(index, value) "{\"index\": " index ", \"value\": " value ", \"op\": \"SCMP_CMP_EQ\"}"
#define GT(index, value) "{\"index\": " index ", \"value\": " value ", \"op\": \"SCMP_CMP_GT\"}"
#define ARCHES(arches) "\"architectures\": [" arches "], "

/* ---- results --------------------------------------------------------------------------------- */

/* The first and second loss as "what; became"; NULL: there is none. */
static const struct {
    const char *profile;
    const char *format;
    const char *arch;
    const char *first;
    const char *second;
} written[] = {
    { PROFILE("ERRNO", RULES(RULE("read", "ALLOW"))), "docker", "x86_64", NULL, NULL },
    { PROFILE("ERRNO", RULES(RULE("read", "ALLOW"))), "list", "x86_64", NULL, NULL },
    { PROFILE("ALLOW", RULES(RULE("read", "ERRNO"))), "list", "x86_64",
      "a list names every call that is allowed; calls that it does not name, as those of newer kernels, are "
      "denied", NULL },
    { PROFILE("LOG", RULES(RULE("read", "ERRNO"))), "list", "aarch64",
      "a list names every call that is allowed; calls that it does not name, as those of newer kernels, are "
      "denied, and none is logged", NULL },
    { PROFILE("KILL_PROCESS", RULES(RULE("read", "ALLOW"))), "list", "x86_64",
      "a list does not say what other calls answer; they are denied with EPERM", NULL },
    /* the default and a call lose alike */
    { PROFILE("TRAP", RULES(RULE("execve", "ALLOW") "," RULE("execveat", "ALLOW") ","
                            RULE("prctl", "ALLOW") "," IF("mmap", "ALLOW", EQ("1", "3")))),
      "firejail", "aarch64",
      "firejail has no TRAP; where nothing is named, the thread is killed, and no handler sees the signal",
      "firejail has no conditions for arguments; allowed with all arguments" },
    /* numbers of a machine that is not this one */
    { PROFILE("KILL_THREAD", RULES(RULE("execve", "ALLOW") "," RULE("execveat", "ALLOW") ","
                                   RULE("prctl", "ALLOW") "," RULE("kexec_file_load", "ERRNO") ","
                                   RULE("cachestat", "ALLOW"))), "firejail", "ppc64le", NULL, NULL },
    { PROFILE("TRACE", RULES(IF("connect", "ALLOW", EQ("2", "2")))), "systemd", "x86_64",
      "systemd has no action TRACE(0); they fail with ENOSYS", NULL },
    { PROFILE("ERRNO", ARCHES("\"SCMP_ARCH_SH\"") RULES(RULE("read", "ALLOW"))), "spo", "x86_64",
      "the operator knows no architecture SCMP_ARCH_SH; its programs are killed", NULL },
    { PROFILE("ERRNO", RULES(RULE("read", "ALLOW"))), "kafel", "ppc64le",
      "kafel compiles no policy for this architecture; the text is of no use", NULL },
    { PROFILE("ALLOW", RULES(IF("ioctl", "LOG", EQ("0", "4294967296")))), "kafel", "ppc64le",
      "kafel compiles no policy for this architecture; the text is of no use", NULL },
    /* what is said of socketcall is what follows from the others */
    { PROFILE("KILL_PROCESS", RULES(RULE("socket", "ALLOW") "," RULE("semget", "ALLOW"))), "minijail",
      "s390x", NULL, NULL },
};

static void
check_loss(const struct emitted *emitted, size_t at, const char *wanted)
{
    SP_BUF(told);

    if (wanted == NULL) {
        ck_assert_msg(emitted->losses.all.count <= at, "%s; %s", emitted->losses.all.at[at].what,
                      emitted->losses.all.at[at].became);
        return;
    }
    ck_assert_uint_gt(emitted->losses.all.count, at);
    sp_buf_format(&told, "%s; %s", emitted->losses.all.at[at].what, emitted->losses.all.at[at].became);
    ck_assert_msg(sp_str_has_prefix(sp_buf_view(&told), wanted), "%.*s",
                  SP_STR_ARG(sp_buf_view(&told)));
}

START_TEST(a_text_is_written_and_its_losses_are_told)
{
    SP_SCRATCH(arena);
    struct emitted emitted;

    emit(&arena, written[_i].profile, written[_i].format, written[_i].arch, true, &emitted);
    ck_assert_msg(emitted.result == SP_EMIT_OK, "%d: %.*s", emitted.result,
                  SP_STR_ARG(sp_buf_view(&emitted.why)));
    check_loss(&emitted, 0, written[_i].first);
    if (written[_i].first == NULL || written[_i].second != NULL) {
        check_loss(&emitted, 1, written[_i].second);
    }
    ck_assert_uint_gt(emitted.text.len, 0);
    end(&emitted);
}
END_TEST

static const struct {
    const char *profile;
    const char *format;
    const char *arch;
    enum sp_emit_result result;
    const char *why;  /* a part of it */
} refused[] = {
    { PROFILE("ERRNO", RULES(RULE("read", "ALLOW"))), "nothing", "x86_64", SP_EMIT_UNKNOWN, "" },
    { PROFILE("NONSENSE", RULES(RULE("read", "ALLOW"))), "oci", "x86_64", SP_EMIT_REFUSED, "no such action" },
    { PROFILE("NONSENSE", RULES(RULE("read", "ALLOW"))), "bpf", "x86_64", SP_EMIT_REFUSED, "no such action" },
    /* without the rule that the operator does not take, names without a number head the list no more */
    { PROFILE("KILL_THREAD", ARCHES("\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"")
              RULES(RULE("chown32", "ALLOW") "," IF("close", "ALLOW", EQ("0", "2")) ","
                    IF("close", "ALLOW", GT("0", "16839014203837222836")) ","
                    IF("chown32", "ALLOW", "{\"index\": 1, \"value\": 4294967295, \"valueTwo\": 3, "
                       "\"op\": \"SCMP_CMP_MASKED_EQ\"}") ","
                    IF("chown32", "ALLOW", "{\"index\": 0, \"value\": 4294967297, \"op\": \"SCMP_CMP_LT\"}")
                    ",{\"names\": [\"read\", \"chown32\", \"ioctl\", \"close\"], \"action\": "
                    "\"SCMP_ACT_ALLOW\", \"args\": [{\"index\": 1, \"value\": 4294967296, \"op\": "
                    "\"SCMP_CMP_GE\"}]}")),
      "spo", "x86_64", SP_EMIT_REFUSED, "without that, libseccomp makes something else of " },
};

START_TEST(what_cannot_be_written_is_told)
{
    SP_SCRATCH(arena);
    struct emitted emitted;

    emit(&arena, refused[_i].profile, refused[_i].format, refused[_i].arch, true, &emitted);
    sp_buf_text(&emitted.why, "");
    ck_assert_msg(emitted.result == refused[_i].result, "%d: %s", emitted.result, emitted.why.data);
    ck_assert_msg(strstr(emitted.why.data, refused[_i].why) != NULL, "%s", emitted.why.data);
    end(&emitted);
}
END_TEST

/* ---- the formats ----------------------------------------------------------------------------- */

START_TEST(every_format_is_listed_once_and_writes)
{
    const char *profile = PROFILE("KILL_THREAD", RULES(RULE("read", "ALLOW")));
    const char *about;
    size_t count = 0;

    for (const char *name; (name = sp_emit_format(count, &about)) != NULL; count++) {
        SP_SCRATCH(arena);
        struct emitted emitted;
        ck_assert_uint_gt(strlen(about), 10);
        for (size_t i = 0; i < count; i++) {
            const char *other;
            ck_assert_str_ne(name, sp_emit_format(i, &other));
        }
        emit(&arena, profile, name, "x86_64", false, &emitted);
        ck_assert_msg(emitted.result == SP_EMIT_OK, "%s", name);
        ck_assert_uint_gt(emitted.text.len, 0);
        end(&emitted);
    }
    ck_assert_uint_eq(count, 11);
    ck_assert_str_eq(sp_emit_format(0, &about), "docker");
}
END_TEST

/* As it is written, conditions stay; for a target, they are decided. */
START_TEST(docker_keeps_conditions_unless_they_are_to_be_resolved)
{
    static const char profile[] = PROFILE(
        "ERRNO", "\"syscalls\": [{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\", "
        "\"includes\": {\"caps\": [\"CAP_SYS_ADMIN\"]}}, " RULE("write", "ALLOW") "]");
    SP_SCRATCH(arena);
    struct emitted emitted;

    emit(&arena, profile, "docker", "x86_64", _i == 1, &emitted);
    ck_assert_int_eq(emitted.result, SP_EMIT_OK);
    sp_buf_text(&emitted.text, "");
    ck_assert_int_eq(strstr(emitted.text.data, "includes") != NULL, _i == 0);
    ck_assert_ptr_nonnull(strstr(emitted.text.data, "write"));
    end(&emitted);
}
END_TEST

/* ---- trips ----------------------------------------------------------------------------------- */

static void
check_counts(struct sp_formats_counts *counts, size_t least)
{
    ck_assert_msg(counts->differences == 0, "%.*s", SP_STR_ARG(sp_buf_view(&counts->told)));
    ck_assert(!counts->told.failed);
    ck_assert_uint_ge(counts->profiles, least);
    ck_assert_uint_ge(counts->texts, counts->profiles);
    sp_buf_free(&counts->told);
}

/* The oldest and the newest contents of each line, as indices. */
static size_t ends[64];
static int end_count;

static void
find_ends(void)
{
    for (size_t i = 0; i < sp_kb_defaults_count; i++) {
        bool is_first = i == 0 || sp_kb_defaults[i].line != sp_kb_defaults[i - 1].line;
        bool is_last = i + 1 == sp_kb_defaults_count
            || sp_kb_defaults[i].line != sp_kb_defaults[i + 1].line;
        if ((is_first || is_last) && (size_t)end_count < sizeof ends / sizeof *ends) {
            ends[end_count++] = i;
        }
    }
}

START_TEST(a_default_means_the_same_in_two_steps)
{
    struct sp_formats_counts counts = { .profiles = 0 };

    sp_formats_try_content(ends[_i], &counts);
    check_counts(&counts, 1);
}
END_TEST

START_TEST(random_profiles_mean_the_same_in_two_steps)
{
    enum { PROFILES = 12 };
    struct sp_formats_counts counts = { .profiles = 0 };
    uint64_t seed = 20261125 + (uint64_t)_i;

    sp_formats_try_random(PROFILES, &seed, &counts);
    check_counts(&counts, PROFILES / 2);
    ck_assert_uint_gt(counts.pairs[0][0], 0);
}
END_TEST

SP_SUITE(emit)
{
    TCase *one = sp_testing_case(suite, "one");
    tcase_add_loop_test(one, a_text_is_written_and_its_losses_are_told, 0,
                        sizeof written / sizeof *written);
    tcase_add_loop_test(one, what_cannot_be_written_is_told, 0, sizeof refused / sizeof *refused);
    tcase_add_test(one, every_format_is_listed_once_and_writes);
    tcase_add_loop_test(one, docker_keeps_conditions_unless_they_are_to_be_resolved, 0, 2);

    find_ends();
    TCase *trips = sp_testing_case(suite, "trips");
    tcase_add_loop_test(trips, a_default_means_the_same_in_two_steps, 0, end_count);
    tcase_add_loop_test(trips, random_profiles_mean_the_same_in_two_steps, 0, 5);
}
