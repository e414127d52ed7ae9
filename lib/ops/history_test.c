/* Answers of old defaults, and that the few rules they are asked by mean what all of them
 * mean. */
#include "ops/history.h"

#include "base/testing.h"
#include "format/defaults_write.h"
#include "format/profile_testing.h"
#include "sem/meaning.h"

#include <errno.h>

/* Big enough for every content's every call, and forgotten between products. */
static struct sp_dd_store *
new_store(void)
{
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);

    ck_assert_ptr_nonnull(store);
    return store;
}

/* ---- few rules mean what all mean ------------------------------------------------------ */

/* Machines and ABIs; those with multiplexers are among them. */
static const struct {
    const char *series;
    enum sp_engine engine;
    const char *arch;
    const char *host;
    uint64_t caps;
} environments[] = {
    { "docker", SP_ENGINE_DOCKER, "x86_64", "x86_64", 0 },
    { "docker", SP_ENGINE_DOCKER, "x86", "x86_64", 0 },
    { "docker", SP_ENGINE_DOCKER, "aarch64", "aarch64", UINT64_MAX },
    { "docker", SP_ENGINE_DOCKER, "s390x", "s390x", 0 },
    { "podman", SP_ENGINE_PODMAN, "x86_64", "x86_64", 0 },
    { "podman", SP_ENGINE_PODMAN, "x86", "x86_64", UINT64_MAX },
    { "crio", SP_ENGINE_CRIO, "x86_64", "x86_64", UINT64_MAX },
    { "crio", SP_ENGINE_CRIO, "ppc64le", "ppc64le", 0 },
    { "containerd", SP_ENGINE_DOCKER, "x86_64", "x86_64", 0 },
    { "containerd", SP_ENGINE_DOCKER, "arm", "aarch64", 0 },
};

/* What a content is asked by, for one call after the other; the same text is not asked
 * again. */
struct asking {
    struct sp_history_request request;
    struct sp_meaning *meanings[256];
    const char *versions[256];
    size_t count;
    size_t compared;
    size_t texts;
};

static void
make_meanings(struct sp_arena *arena, struct asking *asking,
              const struct sp_environment *environment)
{
    const struct sp_kb_series *series = asking->request.series;
    bool seen[1024] = { false };

    ck_assert_uint_lt(sp_kb_defaults_count, sizeof seen);
    for (size_t i = 0; i < series->releases.count; i++) {
        const struct sp_kb_release *release = &sp_kb_releases[series->releases.first + i];
        SP_BUF(text);
        if (seen[release->content]) {
            continue;
        }
        seen[release->content] = true;
        sp_defaults_write(&sp_kb_defaults[release->content], &text);
        const char *copy = sp_arena_copy(arena, sp_buf_view(&text));
        const struct sp_profile *profile = sp_testing_profile(arena, sp_str_of(copy));
        ck_assert(sp_meaning_make(arena, asking->request.store, profile, environment,
                                  &asking->meanings[asking->count]));
        asking->versions[asking->count++] = sp_kb_text(release->version);
        ck_assert_uint_lt(asking->count, 256);
    }
}

static const struct sp_kb_default *
content_of(const struct asking *asking, size_t n)
{
    const struct sp_kb_release *release =
        sp_kb_release_find(asking->request.series, sp_str_of(asking->versions[n]));

    return &sp_kb_defaults[release->content];
}

static void
compare_call(struct asking *asking)
{
    const struct sp_history_request *request = &asking->request;
    uint32_t nr = (uint32_t)sp_kb_number(request->arch, request->call);
    SP_SCRATCH(scratch);
    SP_BUF(last);
    struct sp_history_answer asked = { .starts = false };

    for (size_t i = 0; i < asking->count; i++) {
        struct sp_meaning *meaning = asking->meanings[i];
        bool starts = meaning->start == SP_START_FILTER;
        sp_dd wanted = starts ? sp_meaning_of(meaning, request->arch, nr, SP_READING_KERNEL)
                              : (sp_dd)SP_DD_UNDECIDED;
        SP_BUF(text);
        sp_history_text(content_of(asking, i), request->call, &text);
        if (last.len == 0 || !sp_str_equal(sp_buf_view(&last), sp_buf_view(&text))) {
            const char *copy = sp_arena_copy(&scratch, sp_buf_view(&text));
            ck_assert(sp_history_ask(&scratch, request, sp_str_of(copy), &asked));
            sp_buf_cut(&last, 0);
            sp_buf_add(&last, sp_buf_view(&text));
            asking->texts++;
        }
        ck_assert_msg(starts == asked.starts && wanted == asked.verdicts
                          && (!starts || wanted != SP_DD_UNDECIDED), "%s@%s on %s: %s",
                      sp_kb_text(request->series->name), asking->versions[i],
                      sp_kb_text(request->arch->name), sp_kb_text(request->call->name));
        asking->compared++;
    }
}

START_TEST(few_rules_mean_what_all_mean)
{
    const struct sp_kb_series *series = sp_kb_series_find(sp_str_of(environments[_i].series));
    const struct sp_kb_arch *arch = sp_kb_arch_find(sp_str_of(environments[_i].arch));
    struct sp_dd_store *store = new_store();
    SP_SCRATCH(scratch);
    const struct sp_environment environment = {
        .engine = environments[_i].engine,
        .runtime = SP_RUNTIME_CRUN,
        .host = sp_kb_arch_find(sp_str_of(environments[_i].host)),
        .kernel = sp_kb_newest_kernel(),
        .caps = environments[_i].caps,
    };
    static struct asking asking;
    asking = (struct asking){
        .request = {
            .store = store, .series = series, .arch = arch,
            .caps_given = true, .caps = environments[_i].caps,
        },
    };

    make_meanings(&scratch, &asking, &environment);
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        asking.request.call = &sp_kb_syscalls[i];
        if (sp_kb_number(arch, asking.request.call) != SP_KB_NO_NUMBER) {
            compare_call(&asking);
        }
    }
    ck_assert_uint_gt(asking.compared, 3000);
    ck_assert_uint_gt(asking.texts, 300);
    ck_assert(!sp_dd_store_is_spent(store));
    sp_dd_store_free(store);
}
END_TEST

/* ---- histories ------------------------------------------------------------------------- */

static void
make(struct sp_arena *arena, struct sp_dd_store *store, const char *series, const char *call,
     const uint64_t *args, struct sp_history *history)
{
    const struct sp_history_request request = {
        .store = store,
        .series = sp_kb_series_find(sp_str_of(series)),
        .call = sp_kb_syscall_find(sp_str_of(call)),
        .arch = sp_kb_arch_find(SP_STR("x86_64")),
        .args = args,
    };

    ck_assert(sp_history_make(arena, &request, history));
    ck_assert_ptr_nonnull(history->arch);
}

/* Every release lies in exactly one run, in order, and neighbours differ. */
static void
check_line(const struct sp_history *history, const struct sp_history_line *line)
{
    const struct sp_kb_release *next = &sp_kb_releases[history->series->releases.first];

    for (size_t i = 0; i < line->runs.count; i++) {
        const struct sp_history_run *run = &line->runs.at[i];
        ck_assert_ptr_eq(run->from, next);
        ck_assert(run->to >= run->from);
        ck_assert_uint_lt(run->answer, history->answers.count);
        ck_assert(i == 0 || line->runs.at[i - 1].answer != run->answer);
        next = run->to + 1;
    }
    ck_assert_str_eq(sp_kb_text(line->runs.at[line->runs.count - 1].to->version),
                     sp_kb_text(sp_kb_release_newest(history->series)->version));
}

START_TEST(runs_cover_all_releases)
{
    static const char *const names[] = { "containerd", "crio", "docker", "podman" };
    const struct sp_kb_arch *arch = sp_kb_arch_find(SP_STR("x86_64"));
    struct sp_dd_store *store = new_store();

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        const char *call = sp_kb_text(sp_kb_syscalls[i].name);
        struct sp_history history;
        SP_SCRATCH(scratch);
        if (sp_kb_number(arch, &sp_kb_syscalls[i]) == SP_KB_NO_NUMBER) {
            continue;
        }
        make(&scratch, store, names[i % 4], call, NULL, &history);
        for (size_t j = 0; j < history.lines.count; j++) {
            check_line(&history, &history.lines.at[j]);
            ck_assert((history.lines.at[j].caps == 0) == (j == 0));
        }
    }
    sp_dd_store_free(store);
}
END_TEST

/* The text of Docker 1.12 and the code that it stands for: capabilities opened calls since
 * then. */
START_TEST(code_that_decided_is_asked)
{
    struct sp_dd_store *store = new_store();
    struct sp_history history;
    SP_SCRATCH(scratch);

    make(&scratch, store, "docker", "bpf", NULL, &history);
    ck_assert_uint_eq(history.lines.count, 3);
    ck_assert_uint_eq(history.lines.at[1].caps, UINT64_C(1) << 21);
    ck_assert_str_eq(sp_kb_text(history.lines.at[1].runs.at[1].from->version), "1.12.0");
    ck_assert_str_eq(sp_kb_text(history.lines.at[2].runs.at[1].from->version), "23.0.0");
    sp_dd_store_free(store);
}
END_TEST

START_TEST(a_concrete_call_has_single_verdicts)
{
    const uint64_t vsock[SP_ARGS] = { 40, 1, 0 };
    struct sp_dd_store *store = new_store();
    struct sp_history history;
    SP_SCRATCH(scratch);

    make(&scratch, store, "docker", "socket", vsock, &history);
    for (size_t i = 0; i < history.answers.count; i++) {
        ck_assert_uint_eq(history.answers.at[i].parts.count, 1);
    }
    const struct sp_history_run *run = &history.lines.at[0].runs.at[0];
    ck_assert_uint_eq(history.answers.at[run->answer].parts.at[0].verdict, SP_VERDICT_ALLOW);
    run = &history.lines.at[0].runs.at[history.lines.at[0].runs.count - 1];
    ck_assert_uint_eq(history.answers.at[run->answer].parts.at[0].verdict,
                      SP_VERDICT_ERRNO | EPERM);
    ck_assert_str_eq(sp_kb_text(run->from->version), "23.0.0");
    sp_dd_store_free(store);
}
END_TEST

START_TEST(a_call_that_the_machine_lacks_has_none)
{
    struct sp_dd_store *store = new_store();
    struct sp_history history;
    SP_SCRATCH(scratch);
    const struct sp_history_request request = {
        .store = store,
        .series = sp_kb_series_find(SP_STR("docker")),
        .call = sp_kb_syscall_find(SP_STR("socketcall")),
        .arch = sp_kb_arch_find(SP_STR("x86_64")),
    };

    ck_assert(sp_history_make(&scratch, &request, &history));
    ck_assert_ptr_null(history.arch);
    ck_assert_uint_eq(history.lines.count, 0);
    sp_dd_store_free(store);
}
END_TEST

SP_SUITE(history)
{
    TCase *tcase = sp_testing_case(suite, "history");

    tcase_add_loop_test(tcase, few_rules_mean_what_all_mean, 0,
                        (int)(sizeof environments / sizeof *environments));
    tcase_add_test(tcase, runs_cover_all_releases);
    tcase_add_test(tcase, code_that_decided_is_asked);
    tcase_add_test(tcase, a_concrete_call_has_single_verdicts);
    tcase_add_test(tcase, a_call_that_the_machine_lacks_has_none);
}
