/* Every allocation of the library fails once, in runs of the whole interface.
 *
 * The tests are linked with --wrap for malloc, calloc and realloc, and cJSON allocates through
 * hooks, so that each run can be told which of its allocations is refused.  A run without
 * memory must say so, keep what it has written from being taken for whole, and lose nothing
 * (LeakSanitizer looks when the process of the test ends). */
#include "base/buf.h"
#include "base/testing.h"

#include <cjson/cJSON.h>
#include <secprof.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* No run may need more allocations than this: a loop of failures would not end. */
enum { FAILURES_MAX = 200000 };

/* The first allocations are refused one by one; of a run with many, then one of some, so that no run
 * is repeated much more often than this. */
enum { EACH = 300, SAMPLED = 400 };

/* ---- refusing memory ----------------------------------------------------------------- */

static struct {
    bool is_on;         /* false: allocations are only passed on */
    bool and_all_later;
    size_t first;       /* the allocation that is refused, from 1 */
    size_t seen;
    size_t refused;
} plan;

void *
__real_malloc(size_t size);

void *
__real_calloc(size_t count, size_t size);

void *
__real_realloc(void *memory, size_t size);

void *
__wrap_malloc(size_t size);

void *
__wrap_calloc(size_t count, size_t size);

void *
__wrap_realloc(void *memory, size_t size);

static bool
is_refused(void)
{
    if (!plan.is_on) {
        return false;
    }
    plan.seen++;
    if (plan.seen == plan.first || (plan.and_all_later && plan.seen > plan.first)) {
        plan.refused++;
        return true;
    }
    return false;
}

void *
__wrap_malloc(size_t size)
{
    return is_refused() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
    return is_refused() ? NULL : __real_calloc(count, size);
}

void *
__wrap_realloc(void *memory, size_t size)
{
    return is_refused() ? NULL : __real_realloc(memory, size);
}

static void *
hooked_malloc(size_t size)
{
    return malloc(size);
}

static void
hooked_free(void *memory)
{
    free(memory);
}

/* ---- runs ---------------------------------------------------------------------------- */

static const char faulty[] =
    "{\"defaultAction\": \"SCMP_ACT_NOTHING\", \"syscals\": [],\n"
    " \"architectures\": [\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86_46\"],\n"
    " \"syscalls\": [\n"
    "  {\"names\": [\"opn\", \"read\", \"read\"], \"action\": \"SCMP_ACT_ALOW\",\n"
    "   \"args\": [{\"index\": 9, \"value\": -1, \"op\": \"SCMP_CMP_EQQ\"}]},\n"
    "  {\"names\": [], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 100000,\n"
    "   \"names\": [\"write\\u0041\", 7]}]}\n";

static const char broken[] = "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [True,]}\n";

static const char other[] = "{\"services\": {\"web\": {\"image\": \"nginx\"}}}\n";

enum run_kind {
    RUN_BYTES,
    RUN_BROKEN,
    RUN_FOLDER,
    RUN_BUILTIN,
    RUN_HAZARD,
    RUN_FILE,
    RUN_SETTINGS,
    RUN_EXPLAIN,
    RUN_RULES,
    RUN_FILTER,
    RUN_PROBES,
};

struct run {
    enum run_kind kind;
    const char *format;
    const char *word;             /* of RUN_FILE, RUN_EXPLAIN, RUN_FILTER and RUN_PROBES */
    enum secprof_status expected; /* SECPROF_OK unless said */
};

static const struct run runs[] = {
    { .kind = RUN_BYTES, .format = "text" },
    { .kind = RUN_BYTES, .format = "concise" },
    { .kind = RUN_BYTES, .format = "json" },
    { .kind = RUN_BROKEN, .format = "text" },
    { .kind = RUN_BROKEN, .format = "concise" },
    { .kind = RUN_BROKEN, .format = "json" },
    { .kind = RUN_FOLDER, .format = "text" },
    { .kind = RUN_FOLDER, .format = "concise" },
    { .kind = RUN_FOLDER, .format = "json" },
    { .kind = RUN_BUILTIN, .format = "text" },
    { .kind = RUN_BUILTIN, .format = "concise" },
    { .kind = RUN_BUILTIN, .format = "json" },
    { .kind = RUN_HAZARD, .format = "json" },
    { .kind = RUN_FILE, .format = "json", .word = "testdata/cli/files/dialects/web.yaml" },
    { .kind = RUN_FILE, .format = "json", .word = "testdata/cli/files/dialects/based.yaml" },
    { .kind = RUN_FILE, .format = "text", .word = "testdata/cli/files/dialects/web.service" },
    { .kind = RUN_FILE, .format = "text", .word = "testdata/cli/files/dialects/web.policy" },
    { .kind = RUN_FILE, .format = "text", .word = "testdata/cli/files/dialects/broken.policy" },
    { .kind = RUN_FILE, .format = "text", .word = "testdata/cli/files/dialects/web.kafel" },
    { .kind = RUN_FILE, .format = "text", .word = "testdata/cli/files/dialects/web.profile" },
    { .kind = RUN_FILE, .format = "text", .word = "testdata/cli/files/dialects/calls.list" },
    { .kind = RUN_SETTINGS, .format = "text" },
    { .kind = RUN_EXPLAIN, .format = "text", .word = "mount" },
    { .kind = RUN_EXPLAIN, .format = "json", .word = "mount" },
    { .kind = RUN_EXPLAIN, .format = "text", .word = "clone" },
    { .kind = RUN_EXPLAIN, .format = "json", .word = "clone" },
    { .kind = RUN_EXPLAIN, .format = "text", .word = "socket(AF_VSOCK, SOCK_STREAM, 0)" },
    { .kind = RUN_EXPLAIN, .format = "json", .word = "personality(_)" },
    { .kind = RUN_EXPLAIN, .format = "text", .word = "personality(PER_LINX)",
      .expected = SECPROF_UNKNOWN },
    { .kind = RUN_EXPLAIN, .format = "text", .word = "CAP_BPF" },
    { .kind = RUN_EXPLAIN, .format = "json", .word = "CAP_BPF" },
    { .kind = RUN_EXPLAIN, .format = "text", .word = "SP108" },
    { .kind = RUN_EXPLAIN, .format = "json", .word = "SP108" },
    { .kind = RUN_EXPLAIN, .format = "markdown", .word = "SP108" },
    { .kind = RUN_EXPLAIN, .format = "text", .word = "@mount" },
    { .kind = RUN_EXPLAIN, .format = "json", .word = "@mount" },
    { .kind = RUN_EXPLAIN, .format = "text", .word = "ENOSYS" },
    { .kind = RUN_EXPLAIN, .format = "json", .word = "ENOSYS" },
    { .kind = RUN_EXPLAIN, .format = "text", .word = "321" },
    { .kind = RUN_EXPLAIN, .format = "json", .word = "321" },
    { .kind = RUN_EXPLAIN, .format = "text", .word = "fstatat" },
    { .kind = RUN_EXPLAIN, .format = "json", .word = "fstatat" },
    { .kind = RUN_EXPLAIN, .format = "text", .word = "moutn", .expected = SECPROF_UNKNOWN },
    { .kind = RUN_EXPLAIN, .format = "json", .word = "moutn", .expected = SECPROF_UNKNOWN },
    { .kind = RUN_RULES, .format = "text" },
    { .kind = RUN_RULES, .format = "json" },
    { .kind = RUN_FILTER, .word = "docker" },
    { .kind = RUN_FILTER, .word = "testdata/cli/files/apply/mkdir.json" },
    { .kind = RUN_FILTER, .word = "testdata/cli/files/apply/pair.json",
      .expected = SECPROF_REFUSED },
    { .kind = RUN_FILTER, .word = "testdata/cli/files/dialects/web.service" },
    { .kind = RUN_PROBES, .word = "testdata/cli/files/apply/mkdir.json" },
};

enum { RUNS = sizeof runs / sizeof *runs };

/* What a folded, coloured page needs that a plain one does not, is allocated, too. */
static const struct secprof_style style = { .color = 1, .width = 72, .verbose = 1 };

/* Where outputs stand before a call, to see that a failure leaves them alone. */
static char untouched;

static char folder[] = "/tmp/secprof-oom-XXXXXX";

/* What a run gave: the first status that was not SECPROF_OK, and all text.  What is wrong is
 * noted and asserted later, since Check allocates, too. */
struct outcome {
    enum secprof_status status;
    const char *wrong;
    struct sp_buf text;
};

static void
note_status(struct outcome *outcome, enum secprof_status status)
{
    if (outcome->status == SECPROF_OK) {
        outcome->status = status;
    }
}

static void
expect(struct outcome *outcome, bool holds, const char *wrong)
{
    if (!holds && outcome->wrong == NULL) {
        outcome->wrong = wrong;
    }
}

/* Texts are kept outside the plan: the test itself always has memory. */
static void
keep_text(struct outcome *outcome, const char *text, size_t size)
{
    bool was_on = plan.is_on;

    plan.is_on = false;
    sp_buf_add(&outcome->text, (struct sp_str){ .ptr = text, .len = size });
    plan.is_on = was_on;
}

static void
take(struct secprof_lint *lint, struct outcome *outcome)
{
    const char *text = &untouched;
    size_t size = SIZE_MAX;
    enum secprof_status status = secprof_lint_take(lint, &text, &size);

    note_status(outcome, status);
    if (status == SECPROF_OK) {
        expect(outcome, strlen(text) == size, "the size is not that of the text");
        keep_text(outcome, text, size);
    } else {
        expect(outcome, text == &untouched && size == SIZE_MAX, "a failed take gave something");
    }
}

static void
apply_settings(struct secprof_lint *lint, struct outcome *outcome)
{
    note_status(outcome, secprof_lint_select(lint, "SP1, all"));
    note_status(outcome, secprof_lint_ignore(lint, "SP101"));
    note_status(outcome, secprof_lint_severity(lint, "SP108=info"));
    static const char *const arches[] = { "x86_64", "aarch64" };

    note_status(outcome, secprof_lint_target(lint, &(struct secprof_target){
        .libseccomp = "2.5.4", .arches = arches, .arch_count = 2,
    }, NULL));
}

static enum secprof_status
give_input(struct secprof_lint *lint, const struct run *run)
{
    switch (run->kind) {
    case RUN_FOLDER:
        return secprof_lint_path(lint, folder);
    case RUN_BUILTIN:
        return secprof_lint_path(lint, "docker");
    case RUN_HAZARD:
        return secprof_lint_path(lint, "testdata/lint/args/compiled-lost.json");
    case RUN_FILE:
        return secprof_lint_path(lint, run->word);
    case RUN_BROKEN:
        return secprof_lint_bytes(lint, "broken.json", broken, strlen(broken));
    case RUN_BYTES:
    case RUN_SETTINGS:
    case RUN_EXPLAIN:
    case RUN_RULES:
    case RUN_FILTER:
    case RUN_PROBES:
        break;
    }
    return secprof_lint_bytes(lint, "faulty.json", faulty, strlen(faulty));
}

/* Goes on after a failure, as a careless caller would: it must do no harm. */
static void
run_lint(struct secprof *context, const struct run *run, struct outcome *outcome)
{
    struct secprof_lint *lint = (struct secprof_lint *)(void *)&untouched;
    enum secprof_status status = secprof_lint_new(context, run->format, &style, &lint);

    note_status(outcome, status);
    if (status != SECPROF_OK) {
        expect(outcome, (void *)lint == &untouched, "a failed run was given");
        return;
    }
    if (run->kind == RUN_SETTINGS) {
        apply_settings(lint, outcome);
    }
    note_status(outcome, give_input(lint, run));
    take(lint, outcome);
    note_status(outcome, secprof_lint_end(lint));
    take(lint, outcome);
    secprof_lint_free(lint);
}

static void
run_page(struct secprof *context, const struct run *run, struct outcome *outcome)
{
    char *text = &untouched;
    enum secprof_status status = run->kind == RUN_RULES
        ? secprof_lint_rules(run->format, &style, &text)
        : secprof_explain(context, run->word, run->format, &style, &text);

    note_status(outcome, status);
    if (status == SECPROF_NO_MEMORY) {
        expect(outcome, text == &untouched, "a failed page was given");
        return;
    }
    keep_text(outcome, text, strlen(text));
    secprof_text_free(text);
}

static void
keep_listing(const struct secprof_filter *filter, struct outcome *outcome)
{
    char *text = &untouched;
    enum secprof_status status = secprof_filter_listing(filter, &text);

    note_status(outcome, status);
    if (status == SECPROF_OK) {
        keep_text(outcome, text, strlen(text));
        secprof_text_free(text);
    } else {
        expect(outcome, text == &untouched, "a failed listing was given");
    }
}

/* The changed filter, and the calls that try it. */
static void
keep_probes(struct secprof_filter *filter, struct outcome *outcome)
{
    struct secprof_probes probes = { .count = SIZE_MAX };

    note_status(outcome, secprof_filter_only_log(filter));
    enum secprof_status status = secprof_filter_probes(filter, &probes);
    note_status(outcome, status);
    if (status != SECPROF_OK) {
        expect(outcome, probes.count == SIZE_MAX, "failed probes were given");
        return;
    }
    for (size_t i = 0; i < probes.count; i++) {
        const struct secprof_probe *probe = &probes.at[i];
        keep_text(outcome, probe->text, strlen(probe->text));
        keep_text(outcome, probe->meant == probe->verdict ? "\n" : "?\n",
                  probe->meant == probe->verdict ? 1 : 2);
    }
}

static void
run_filter(struct secprof *context, const struct run *run, struct outcome *outcome)
{
    struct secprof_filter *filter = (struct secprof_filter *)(void *)&untouched;
    char *why = &untouched;
    enum secprof_status status = secprof_filter_new(context, run->word, NULL, &filter, &why);

    note_status(outcome, status);
    if (status == SECPROF_OK) {
        if (run->kind == RUN_PROBES) {
            keep_probes(filter, outcome);
        } else {
            keep_listing(filter, outcome);
        }
        secprof_filter_free(filter);
        return;
    }
    expect(outcome, (void *)filter == &untouched, "a failed filter was given");
    if (status == SECPROF_REFUSED) {
        keep_text(outcome, why, strlen(why));
        secprof_text_free(why);
    } else {
        expect(outcome, why == &untouched, "a failure gave a reason");
    }
}

static struct outcome
do_run(const struct run *run)
{
    struct outcome outcome = { .status = SECPROF_OK };
    struct secprof *context = (struct secprof *)(void *)&untouched;
    enum secprof_status status = secprof_new(&context);

    note_status(&outcome, status);
    if (status != SECPROF_OK) {
        expect(&outcome, (void *)context == &untouched, "a failed context was given");
        return outcome;
    }
    if (run->kind == RUN_FILTER || run->kind == RUN_PROBES) {
        run_filter(context, run, &outcome);
    } else if (run->kind == RUN_EXPLAIN || run->kind == RUN_RULES) {
        run_page(context, run, &outcome);
    } else {
        run_lint(context, run, &outcome);
    }
    secprof_unref(context);
    return outcome;
}

/* ---- the loop ------------------------------------------------------------------------ */

static struct outcome
do_planned(const struct run *run, size_t first, bool and_all_later)
{
    plan.first = first;
    plan.and_all_later = and_all_later;
    plan.seen = 0;
    plan.refused = 0;
    plan.is_on = true;
    struct outcome outcome = do_run(run);
    plan.is_on = false;
    return outcome;
}

/* Either the run says that it had no memory, or it did not need what it was refused. */
static void
check_outcome(const struct outcome *got, const struct outcome *whole, size_t first)
{
    ck_assert_msg(got->wrong == NULL, "allocation %zu: %s", first, got->wrong);
    if (got->status == SECPROF_NO_MEMORY) {
        ck_assert_msg(plan.refused > 0, "no memory, but none was refused");
        return;
    }
    ck_assert_msg(got->status == whole->status, "allocation %zu: status %d", first,
                  (int)got->status);
    ck_assert_msg(sp_str_equal(sp_buf_view(&got->text), sp_buf_view(&whole->text)),
                  "allocation %zu was lost silently:\n%.400s", first, got->text.data);
}

static void
fail_each(const struct run *run, bool and_all_later)
{
    struct outcome whole = do_planned(run, 0, false);

    ck_assert_int_eq(whole.status, run->expected);
    ck_assert_uint_gt(whole.text.len, 0);
    ck_assert_uint_gt(plan.seen, 0);
    size_t step = plan.seen / SAMPLED + 1;
    for (size_t first = 1;; first += first < EACH ? 1 : step) {
        struct outcome got = do_planned(run, first, and_all_later);
        bool is_over = plan.refused == 0;
        check_outcome(&got, &whole, first);
        sp_buf_free(&got.text);
        if (is_over) {
            break;
        }
        ck_assert_uint_lt(first, FAILURES_MAX);
    }
    sp_buf_free(&whole.text);
}

static void
write_file(const char *name, const char *text)
{
    char path[sizeof folder + 32];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

static const struct {
    const char *name;
    const char *text;
} members[] = {
    { .name = "broken.json", .text = broken },
    { .name = "compose.json", .text = other },
    { .name = "deeper/faulty.json", .text = faulty },
    { .name = "faulty.json", .text = faulty },
    { .name = "notes.txt", .text = "not looked at\n" },
};

static void
make_folder(void)
{
    cJSON_Hooks hooks = { .malloc_fn = hooked_malloc, .free_fn = hooked_free };
    char path[sizeof folder + 32];

    cJSON_InitHooks(&hooks);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/deeper", folder);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        write_file(members[i].name, members[i].text);
    }
}

static void
remove_folder(void)
{
    char path[sizeof folder + 32];

    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, members[i].name);
        (void)unlink(path);
    }
    (void)snprintf(path, sizeof path, "%s/deeper", folder);
    (void)rmdir(path);
    (void)rmdir(folder);
}

/* ---- tests --------------------------------------------------------------------------- */

START_TEST(one_refused_allocation_is_told_or_not_needed)
{
    fail_each(&runs[_i], false);
}
END_TEST

START_TEST(no_memory_from_some_allocation_on_is_told)
{
    fail_each(&runs[_i], true);
}
END_TEST

/* Without this the loops above could pass over an allocator that nobody asks. */
START_TEST(allocations_of_the_library_and_of_cjson_are_seen)
{
    static const struct run text = { .kind = RUN_RULES, .format = "text" };
    static const struct run json = { .kind = RUN_RULES, .format = "json" };
    struct outcome outcome = do_planned(&text, 0, false);
    size_t in_text = plan.seen;

    sp_buf_free(&outcome.text);
    outcome = do_planned(&json, 0, false);
    sp_buf_free(&outcome.text);
    ck_assert_uint_ge(in_text, 3);
    ck_assert_uint_gt(plan.seen, 10 * in_text);
}
END_TEST

SP_SUITE(oom)
{
    TCase *tcase = sp_testing_case(suite, "memory");
    tcase_add_checked_fixture(tcase, make_folder, remove_folder);
    tcase_add_test(tcase, allocations_of_the_library_and_of_cjson_are_seen);
    tcase_add_loop_test(tcase, one_refused_allocation_is_told_or_not_needed, 0, RUNS);
    tcase_add_loop_test(tcase, no_memory_from_some_allocation_on_is_told, 0, RUNS);
}
