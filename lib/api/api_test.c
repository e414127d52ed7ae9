#include "base/testing.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <pthread.h>
#include <secprof.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char faulty[] =
    "{\"defaultAction\": \"SCMP_ACT_NOTHING\",\n"
    " \"syscalls\": [{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALOW\"}]}\n";

static const char broken[] = "{\"defaultAction\": }\n";

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

static struct secprof_lint *
new_lint(const char *format)
{
    struct secprof_lint *lint = NULL;

    ck_assert_int_eq(secprof_lint_new(context, format, NULL, &lint), SECPROF_OK);
    ck_assert_ptr_nonnull(lint);
    return lint;
}

static void
lint_text(struct secprof_lint *lint, const char *text)
{
    ck_assert_int_eq(secprof_lint_bytes(lint, "a.json", text, strlen(text)), SECPROF_OK);
}

/* The text since the last call; it belongs to `lint`. */
static const char *
taken(struct secprof_lint *lint)
{
    const char *text = NULL;
    size_t size = SIZE_MAX;

    ck_assert_int_eq(secprof_lint_take(lint, &text, &size), SECPROF_OK);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(strlen(text), size);
    return text;
}

static size_t
findings(const struct secprof_lint *lint)
{
    size_t count = 0;

    for (int severity = SECPROF_STYLE; severity <= SECPROF_ERROR; severity++) {
        count += secprof_lint_count(lint, (enum secprof_severity)severity);
    }
    return count;
}

/* ---- context ------------------------------------------------------------------------- */

START_TEST(a_context_lives_as_long_as_its_last_user)
{
    struct secprof *own = NULL;
    struct secprof_lint *lint = NULL;

    ck_assert_int_eq(secprof_new(NULL), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_new(&own), SECPROF_OK);
    ck_assert_ptr_eq(secprof_ref(own), own);
    secprof_unref(own);
    ck_assert_int_eq(secprof_lint_new(own, "concise", NULL, &lint), SECPROF_OK);
    secprof_unref(own);
    lint_text(lint, faulty);  /* the run holds a reference of its own */
    ck_assert_uint_gt(findings(lint), 0);
    secprof_lint_free(lint);
}
END_TEST

START_TEST(nothing_is_freed_and_nothing_is_referenced)
{
    ck_assert_ptr_null(secprof_ref(NULL));
    secprof_unref(NULL);
    secprof_lint_free(NULL);
    secprof_text_free(NULL);
}
END_TEST

START_TEST(versions_are_told)
{
    unsigned year;
    unsigned month;
    unsigned day;

    ck_assert_str_eq(secprof_version(), SECPROF_VERSION);
    ck_assert_int_eq(sscanf(secprof_kb_date(), "%4u-%2u-%2u", &year, &month, &day), 3);
    ck_assert_uint_eq(strlen(secprof_kb_date()), strlen("2026-11-25"));
}
END_TEST

static const struct {
    size_t bytes;
    unsigned depth;
    unsigned values;
    bool is_passed;
} limits[] = {
    { .bytes = 8, .is_passed = true },
    { .bytes = sizeof faulty - 1 },
    { .bytes = sizeof faulty - 2, .is_passed = true },
    { .depth = 3, .is_passed = true },
    { .depth = 4 },
    { .values = 6, .is_passed = true },
    { .values = 7 },
    { .bytes = 0 },
};

START_TEST(a_limit_that_is_passed_is_a_finding)
{
    struct secprof_lint *lint = new_lint("concise");

    ck_assert_int_eq(secprof_set_limits(context, limits[_i].bytes, limits[_i].depth,
                                        limits[_i].values), SECPROF_OK);
    lint_text(lint, faulty);
    ck_assert_int_eq(strstr(taken(lint), "SP116") != NULL, limits[_i].is_passed);
    secprof_lint_free(lint);
}
END_TEST

START_TEST(a_limit_holds_for_files_too)
{
    char path[] = "/tmp/secprof-api-XXXXXX.json";
    struct secprof_lint *lint = new_lint("concise");
    int fd = mkstemps(path, 5);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq((int)write(fd, faulty, sizeof faulty - 1), (int)sizeof faulty - 1);
    close(fd);
    ck_assert_int_eq(secprof_lint_path(lint, path), SECPROF_OK);
    ck_assert_ptr_null(strstr(taken(lint), "SP116"));
    ck_assert_int_eq(secprof_set_limits(context, 16, 0, 0), SECPROF_OK);
    ck_assert_int_eq(secprof_lint_path(lint, path), SECPROF_OK);
    ck_assert_ptr_nonnull(strstr(taken(lint), "SP116"));
    unlink(path);
    secprof_lint_free(lint);
}
END_TEST

START_TEST(limits_have_limits)
{
    ck_assert_int_eq(secprof_set_limits(NULL, 1, 1, 1), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_set_limits(context, (1u << 30) + 1, 0, 0), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_set_limits(context, 1, 1001, 0), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_set_limits(context, 1u << 30, 1000, UINT32_MAX), SECPROF_OK);
    struct secprof_lint *lint = new_lint("concise");
    lint_text(lint, faulty);  /* a refused call has changed nothing */
    ck_assert_ptr_null(strstr(taken(lint), "SP116"));
    secprof_lint_free(lint);
}
END_TEST

/* ---- lint: arguments ----------------------------------------------------------------- */

START_TEST(a_run_needs_a_context_a_format_and_a_place)
{
    struct secprof_lint *lint = (struct secprof_lint *)(void *)&context;
    void *before = lint;

    ck_assert_int_eq(secprof_lint_new(NULL, "text", NULL, &lint), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_lint_new(context, NULL, NULL, &lint), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_lint_new(context, "text", NULL, NULL), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_lint_new(context, "", NULL, &lint), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_lint_new(context, "Text", NULL, &lint), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_lint_new(context, "markdown", NULL, &lint), SECPROF_BAD_ARGUMENT);
    ck_assert_ptr_eq(lint, before);
}
END_TEST

typedef enum secprof_status (*setter)(struct secprof_lint *lint, const char *word);

static const struct {
    setter set;
    const char *word;
    enum secprof_status status;
} words[] = {
    { secprof_lint_select, "SP101", SECPROF_OK },
    { secprof_lint_select, "SP1,all", SECPROF_OK },
    { secprof_lint_select, " SP101 , SP108 ", SECPROF_OK },
    { secprof_lint_select, "SP", SECPROF_BAD_ARGUMENT },
    { secprof_lint_select, "SP000", SECPROF_BAD_ARGUMENT },
    { secprof_lint_select, "SP101,nonsense", SECPROF_BAD_ARGUMENT },
    { secprof_lint_select, ",", SECPROF_BAD_ARGUMENT },
    { secprof_lint_select, NULL, SECPROF_BAD_ARGUMENT },
    { secprof_lint_ignore, "all", SECPROF_OK },
    { secprof_lint_ignore, "nonsense", SECPROF_BAD_ARGUMENT },
    { secprof_lint_ignore, NULL, SECPROF_BAD_ARGUMENT },
    { secprof_lint_severity, "SP108=style", SECPROF_OK },
    { secprof_lint_severity, "SP108", SECPROF_BAD_ARGUMENT },
    { secprof_lint_severity, "SP108=", SECPROF_BAD_ARGUMENT },
    { secprof_lint_severity, "SP108=fatal", SECPROF_BAD_ARGUMENT },
    { secprof_lint_severity, "=error", SECPROF_BAD_ARGUMENT },
    { secprof_lint_severity, "", SECPROF_BAD_ARGUMENT },
    { secprof_lint_severity, NULL, SECPROF_BAD_ARGUMENT },
};

START_TEST(a_setting_is_taken_or_refused)
{
    struct secprof_lint *lint = new_lint("concise");

    ck_assert_int_eq(words[_i].set(lint, words[_i].word), words[_i].status);
    ck_assert_int_eq(words[_i].set(NULL, words[_i].word), SECPROF_BAD_ARGUMENT);
    lint_text(lint, faulty);
    secprof_lint_free(lint);
}
END_TEST

static const struct {
    struct secprof_target target;
    const char *arch;
    enum secprof_status status;
    const char *why;
} targets[] = {
    { { .engine = "podman" }, "x86_64", SECPROF_OK, NULL },
    { { .target = "docker@29" }, "SCMP_ARCH_AARCH64,native", SECPROF_OK, NULL },
    { { .libseccomp = "2.5.4" }, "x86_64", SECPROF_OK, NULL },
    { { .caps = "none" }, "abacus", SECPROF_BAD_ARGUMENT, "abacus" },
    { { .libseccomp = "newest" }, "x86_64", SECPROF_BAD_ARGUMENT, "newest" },
    { { .libseccomp = "" }, "x86_64", SECPROF_BAD_ARGUMENT, "--libseccomp" },
};

START_TEST(a_target_is_taken_or_refused_with_a_reason)
{
    struct secprof_lint *lint = new_lint("concise");
    struct secprof_target target = targets[_i].target;
    char *why = NULL;

    target.arches = &targets[_i].arch;
    target.arch_count = 1;
    ck_assert_int_eq(secprof_lint_target(lint, &target, &why), targets[_i].status);
    ck_assert_int_eq(why != NULL, targets[_i].why != NULL);
    ck_assert(why == NULL || strstr(why, targets[_i].why) != NULL);
    ck_assert_int_eq(secprof_lint_target(lint, &target, NULL), targets[_i].status);
    ck_assert_int_eq(secprof_lint_target(NULL, &target, NULL), SECPROF_BAD_ARGUMENT);
    lint_text(lint, faulty);
    secprof_text_free(why);
    secprof_lint_free(lint);
}
END_TEST

START_TEST(a_refused_word_changes_nothing)
{
    struct secprof_lint *lint = new_lint("concise");

    ck_assert_int_eq(secprof_lint_select(lint, "SP101,nonsense"), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_lint_ignore(lint, "all,nonsense"), SECPROF_BAD_ARGUMENT);
    lint_text(lint, faulty);
    ck_assert_ptr_nonnull(strstr(taken(lint), "SP108"));
    secprof_lint_free(lint);
}
END_TEST

START_TEST(selected_rules_are_asked_in_the_order_of_the_calls)
{
    struct secprof_lint *lint = new_lint("concise");

    ck_assert_int_eq(secprof_lint_select(lint, "SP101"), SECPROF_OK);
    lint_text(lint, faulty);
    ck_assert_uint_eq(findings(lint), 0);
    ck_assert_int_eq(secprof_lint_select(lint, "SP108"), SECPROF_OK);
    lint_text(lint, faulty);
    ck_assert_uint_gt(findings(lint), 0);
    ck_assert_ptr_nonnull(strstr(taken(lint), "SP108"));
    ck_assert_int_eq(secprof_lint_ignore(lint, "SP108"), SECPROF_OK);
    lint_text(lint, faulty);
    ck_assert_str_eq(taken(lint), "");
    secprof_lint_free(lint);
}
END_TEST

START_TEST(findings_are_counted_as_severe_as_they_were_made)
{
    struct secprof_lint *lint = new_lint("concise");

    ck_assert_int_eq(secprof_lint_select(lint, "SP108"), SECPROF_OK);
    lint_text(lint, faulty);
    size_t errors = secprof_lint_count(lint, SECPROF_ERROR);
    ck_assert_uint_gt(errors, 0);
    ck_assert_int_eq(secprof_lint_severity(lint, "SP108=style"), SECPROF_OK);
    lint_text(lint, faulty);
    ck_assert_uint_eq(secprof_lint_count(lint, SECPROF_ERROR), errors);
    ck_assert_uint_eq(secprof_lint_count(lint, SECPROF_STYLE), errors);
    ck_assert_uint_eq(secprof_lint_files(lint), 2);
    ck_assert_uint_eq(secprof_lint_count(lint, (enum secprof_severity)0), 0);
    ck_assert_uint_eq(secprof_lint_count(lint, (enum secprof_severity)5), 0);
    ck_assert_uint_eq(secprof_lint_count(NULL, SECPROF_ERROR), 0);
    ck_assert_uint_eq(secprof_lint_files(NULL), 0);
    secprof_lint_free(lint);
}
END_TEST

START_TEST(inputs_are_checked)
{
    struct secprof_lint *lint = new_lint("concise");

    ck_assert_int_eq(secprof_lint_bytes(NULL, "a", "", 0), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_lint_bytes(lint, NULL, "", 0), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_lint_bytes(lint, "a", NULL, 1), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_lint_bytes(lint, "a", "", SIZE_MAX), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_lint_path(NULL, "docker"), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_lint_path(lint, NULL), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_lint_path(lint, "dokcer"), SECPROF_UNKNOWN);
    ck_assert_int_eq(secprof_lint_path(lint, ""), SECPROF_UNKNOWN);
    ck_assert_uint_eq(secprof_lint_files(lint), 0);
    /* An empty text can be linted; it is a fault. */
    ck_assert_int_eq(secprof_lint_bytes(lint, "a", NULL, 0), SECPROF_OK);
    ck_assert_uint_eq(secprof_lint_count(lint, SECPROF_ERROR), 1);
    secprof_lint_free(lint);
}
END_TEST

START_TEST(a_run_goes_on_after_a_file_that_cannot_be_read)
{
    struct secprof_lint *lint = new_lint("concise");

    errno = 0;
    ck_assert_int_eq(secprof_lint_path(lint, "no/such/file.json"), SECPROF_UNREADABLE);
    ck_assert_int_eq(errno, ENOENT);
    ck_assert_int_eq(secprof_lint_path(lint, "docker"), SECPROF_OK);
    ck_assert_uint_eq(secprof_lint_files(lint), 1);
    secprof_lint_free(lint);
}
END_TEST

/* ---- lint: results ------------------------------------------------------------------- */

START_TEST(results_need_their_places)
{
    struct secprof_lint *lint = new_lint("text");
    const char *text = "mine";
    size_t size = 4;

    ck_assert_int_eq(secprof_lint_take(NULL, &text, &size), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_lint_take(lint, NULL, &size), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_lint_take(lint, &text, NULL), SECPROF_BAD_ARGUMENT);
    ck_assert_str_eq(text, "mine");
    ck_assert_uint_eq(size, 4);
    ck_assert_int_eq(secprof_lint_end(NULL), SECPROF_BAD_ARGUMENT);
    secprof_lint_free(lint);
}
END_TEST

START_TEST(nothing_is_linted_after_the_end)
{
    struct secprof_lint *lint = new_lint("concise");

    ck_assert_int_eq(secprof_lint_end(lint), SECPROF_OK);
    ck_assert_int_eq(secprof_lint_end(lint), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_lint_bytes(lint, "a", "", 0), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_lint_path(lint, "docker"), SECPROF_BAD_ARGUMENT);
    ck_assert_uint_eq(secprof_lint_files(lint), 0);
    ck_assert_str_eq(taken(lint), "");
    secprof_lint_free(lint);
}
END_TEST

START_TEST(a_text_is_taken_once_and_pieces_make_the_whole)
{
    struct secprof_lint *whole = new_lint("text");
    struct secprof_lint *pieces = new_lint("text");
    char *all = strdup("");

    for (int step = 0; step < 3; step++) {
        if (step < 2) {
            lint_text(whole, step == 0 ? faulty : broken);
            lint_text(pieces, step == 0 ? faulty : broken);
        } else {
            ck_assert_int_eq(secprof_lint_end(whole), SECPROF_OK);
            ck_assert_int_eq(secprof_lint_end(pieces), SECPROF_OK);
        }
        char *longer = NULL;
        ck_assert_int_gt(asprintf(&longer, "%s%s", all, taken(pieces)), 0);
        free(all);
        all = longer;
        ck_assert_str_eq(taken(pieces), "");
    }
    ck_assert_str_eq(taken(whole), all);
    free(all);
    secprof_lint_free(whole);
    secprof_lint_free(pieces);
}
END_TEST

START_TEST(a_taken_text_stands_while_others_work)
{
    struct secprof_lint *one = new_lint("concise");
    struct secprof_lint *two = new_lint("json");

    lint_text(one, faulty);
    lint_text(two, broken);
    const char *text = taken(one);
    char *copy = strdup(text);
    lint_text(two, faulty);
    ck_assert_int_eq(secprof_lint_end(two), SECPROF_OK);
    ck_assert_ptr_nonnull(strstr(taken(two), "SP101"));
    secprof_lint_free(two);
    ck_assert_str_eq(text, copy);
    ck_assert_ptr_null(strstr(text, "SP101"));
    ck_assert_uint_eq(secprof_lint_files(one), 1);
    free(copy);
    secprof_lint_free(one);
}
END_TEST

/* The text is one value of JSON: an object. */
static void
check_json(const char *text)
{
    const char *end = NULL;
    cJSON *json = cJSON_ParseWithOpts(text, &end, 0);

    ck_assert_msg(json != NULL, "no JSON: %.200s", text);
    ck_assert(cJSON_IsObject(json));
    ck_assert_str_eq(end, "\n");
    ck_assert_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(json, "secprof")),
                     secprof_version());
    cJSON_Delete(json);
}

START_TEST(json_is_one_value_at_the_end)
{
    static const char *const texts[] = { faulty, broken, "\xff\x01\x1b[31m", "" };
    struct secprof_lint *lint = new_lint("json");

    for (int i = 0; i < _i; i++) {
        ck_assert_int_eq(secprof_lint_bytes(lint, "\"\xfe\n", texts[i], strlen(texts[i])),
                         SECPROF_OK);
        ck_assert_str_eq(taken(lint), "");
    }
    ck_assert_int_eq(secprof_lint_end(lint), SECPROF_OK);
    check_json(taken(lint));
    ck_assert_str_eq(taken(lint), "");
    secprof_lint_free(lint);
}
END_TEST

START_TEST(every_listed_format_makes_a_run)
{
    const char *about = NULL;
    const char *name;
    size_t count = 0;

    while ((name = secprof_lint_format(count, &about)) != NULL) {
        struct secprof_lint *lint = new_lint(name);
        lint_text(lint, faulty);
        ck_assert_int_eq(secprof_lint_end(lint), SECPROF_OK);
        ck_assert_str_ne(taken(lint), "");
        secprof_lint_free(lint);
        ck_assert_str_ne(about, "");
        ck_assert_str_eq(secprof_lint_format(count++, NULL), name);
    }
    ck_assert_uint_ge(count, 3);
    ck_assert_ptr_null(secprof_lint_format(SIZE_MAX, NULL));
}
END_TEST

/* ---- pages --------------------------------------------------------------------------- */

START_TEST(the_list_of_rules_is_text_or_json)
{
    char *text = NULL;

    ck_assert_int_eq(secprof_lint_rules(NULL, NULL, &text), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_lint_rules("text", NULL, NULL), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_lint_rules("yaml", NULL, &text), SECPROF_BAD_ARGUMENT);
    ck_assert_ptr_null(text);
    ck_assert_int_eq(secprof_lint_rules("text", NULL, &text), SECPROF_OK);
    ck_assert_ptr_nonnull(strstr(text, "SP101"));
    secprof_text_free(text);
    ck_assert_int_eq(secprof_lint_rules("json", NULL, &text), SECPROF_OK);
    check_json(text);
    secprof_text_free(text);
}
END_TEST

START_TEST(explain_checks_its_arguments)
{
    char *text = NULL;

    ck_assert_int_eq(secprof_explain(NULL, "bpf", "text", NULL, &text), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_explain(context, NULL, "text", NULL, &text), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_explain(context, "bpf", NULL, NULL, &text), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_explain(context, "bpf", "text", NULL, NULL), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_explain(context, "bpf", "yaml", NULL, &text),
                     SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_explain(context, "bpf", "markdown", NULL, &text),
                     SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_explain(context, "no-such", "yaml", NULL, &text),
                     SECPROF_BAD_ARGUMENT);
    ck_assert_ptr_null(text);
}
END_TEST

static const char *const subjects[] = {
    "bpf", "mount", "321", "aarch64:280", "CAP_BPF", "sys_admin", "SP108", "@mount", "ENOSYS",
    "fstatat",
};

START_TEST(every_kind_of_subject_has_its_pages)
{
    char *text = NULL;

    ck_assert_int_eq(secprof_explain(context, subjects[_i], "text", NULL, &text), SECPROF_OK);
    ck_assert_str_ne(text, "");
    secprof_text_free(text);
    ck_assert_int_eq(secprof_explain(context, subjects[_i], "json", NULL, &text), SECPROF_OK);
    check_json(text);
    secprof_text_free(text);
}
END_TEST

START_TEST(an_unknown_subject_is_told_with_the_closest_names)
{
    char *text = NULL;

    ck_assert_int_eq(secprof_explain(context, "moutn", "text", NULL, &text), SECPROF_UNKNOWN);
    ck_assert_ptr_nonnull(strstr(text, "'moutn'"));
    ck_assert_ptr_nonnull(strstr(text, "mount"));
    secprof_text_free(text);
    ck_assert_int_eq(secprof_explain(context, "\x1b[2J", "json", NULL, &text), SECPROF_UNKNOWN);
    ck_assert_ptr_null(strchr(text, '\x1b'));  /* the message is meant for a terminal */
    secprof_text_free(text);
}
END_TEST

/* ---- threads ------------------------------------------------------------------------- */

enum { ROUNDS = 50, THREADS = 2 };

/* One thread's work, without Check, which knows one thread only. NULL when all was well. */
static void *
work(void *expected)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct secprof *shared = secprof_ref(context);
        struct secprof_lint *lint = NULL;
        const char *text = NULL;
        char *page = NULL;
        size_t size;

        bool is_well = secprof_lint_new(shared, "json", NULL, &lint) == SECPROF_OK
            && secprof_lint_bytes(lint, "a.json", faulty, strlen(faulty)) == SECPROF_OK
            && secprof_lint_end(lint) == SECPROF_OK
            && secprof_lint_take(lint, &text, &size) == SECPROF_OK
            && strcmp(text, expected) == 0
            && secprof_explain(shared, "mount", "json", NULL, &page) == SECPROF_OK;
        secprof_text_free(page);
        secprof_unref(shared);
        secprof_lint_free(lint);
        if (!is_well) {
            return context;
        }
    }
    return NULL;
}

START_TEST(threads_share_a_context)
{
    struct secprof_lint *lint = new_lint("json");
    pthread_t threads[THREADS];

    lint_text(lint, faulty);
    ck_assert_int_eq(secprof_lint_end(lint), SECPROF_OK);
    char *expected = strdup(taken(lint));
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, work, expected), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *failed = NULL;
        ck_assert_int_eq(pthread_join(threads[i], &failed), 0);
        ck_assert_ptr_null(failed);
    }
    free(expected);
    secprof_lint_free(lint);
}
END_TEST

/* Errors of a text (NULL: of a built-in profile) that is read as a dialect. */
static size_t
errors_as(const char *dialect, const char *text)
{
    struct secprof *own = NULL;
    struct secprof_lint *lint = NULL;

    ck_assert_int_eq(secprof_new(&own), SECPROF_OK);
    ck_assert_int_eq(secprof_set_dialect(own, dialect), SECPROF_OK);
    ck_assert_int_eq(secprof_lint_new(own, "text", NULL, &lint), SECPROF_OK);
    ck_assert_int_eq(text == NULL ? secprof_lint_path(lint, "docker")
                                  : secprof_lint_bytes(lint, "unit", text, strlen(text)),
                     SECPROF_OK);
    size_t count = secprof_lint_count(lint, SECPROF_ERROR);
    secprof_lint_free(lint);
    secprof_unref(own);
    return count;
}

START_TEST(a_text_is_read_as_its_dialect)
{
    static const char unit[] = "[Service]\nSystemCallFilter=read\n";

    ck_assert_uint_eq(errors_as(NULL, unit), 0);
    ck_assert_uint_eq(errors_as("systemd", unit), 0);
    ck_assert_uint_eq(errors_as("docker", unit), 1);
    ck_assert_uint_eq(errors_as("systemd", NULL), errors_as(NULL, NULL));
}
END_TEST

START_TEST(dialects_have_names)
{
    size_t count = 0;

    for (const char *name; (name = secprof_dialect(count)) != NULL; count++) {
        ck_assert_int_eq(secprof_set_dialect(context, name), SECPROF_OK);
    }
    ck_assert_uint_eq(count, 10);
    ck_assert_int_eq(secprof_set_dialect(context, NULL), SECPROF_OK);
    ck_assert_int_eq(secprof_set_dialect(context, "yaml"), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_set_dialect(NULL, "docker"), SECPROF_BAD_ARGUMENT);
}
END_TEST

static TCase *
context_case(Suite *suite, const char *name)
{
    TCase *tcase = sp_testing_case(suite, name);

    tcase_add_checked_fixture(tcase, open_context, close_context);
    return tcase;
}

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

SP_SUITE(api)
{
    TCase *contexts = context_case(suite, "context");
    tcase_add_test(contexts, a_text_is_read_as_its_dialect);
    tcase_add_test(contexts, dialects_have_names);
    tcase_add_test(contexts, a_context_lives_as_long_as_its_last_user);
    tcase_add_test(contexts, nothing_is_freed_and_nothing_is_referenced);
    tcase_add_test(contexts, versions_are_told);
    tcase_add_loop_test(contexts, a_limit_that_is_passed_is_a_finding, 0, COUNT(limits));
    tcase_add_test(contexts, a_limit_holds_for_files_too);
    tcase_add_test(contexts, limits_have_limits);
    tcase_add_test(contexts, threads_share_a_context);

    TCase *lint = context_case(suite, "lint");
    tcase_add_test(lint, a_run_needs_a_context_a_format_and_a_place);
    tcase_add_loop_test(lint, a_setting_is_taken_or_refused, 0, COUNT(words));
    tcase_add_loop_test(lint, a_target_is_taken_or_refused_with_a_reason, 0,
                        COUNT(targets));
    tcase_add_test(lint, a_refused_word_changes_nothing);
    tcase_add_test(lint, selected_rules_are_asked_in_the_order_of_the_calls);
    tcase_add_test(lint, findings_are_counted_as_severe_as_they_were_made);
    tcase_add_test(lint, inputs_are_checked);
    tcase_add_test(lint, a_run_goes_on_after_a_file_that_cannot_be_read);
    tcase_add_test(lint, results_need_their_places);
    tcase_add_test(lint, nothing_is_linted_after_the_end);
    tcase_add_test(lint, a_text_is_taken_once_and_pieces_make_the_whole);
    tcase_add_test(lint, a_taken_text_stands_while_others_work);
    tcase_add_loop_test(lint, json_is_one_value_at_the_end, 0, 5);
    tcase_add_test(lint, every_listed_format_makes_a_run);

    TCase *pages = context_case(suite, "pages");
    tcase_add_test(pages, the_list_of_rules_is_text_or_json);
    tcase_add_test(pages, explain_checks_its_arguments);
    tcase_add_loop_test(pages, every_kind_of_subject_has_its_pages, 0, COUNT(subjects));
    tcase_add_test(pages, an_unknown_subject_is_told_with_the_closest_names);
}
