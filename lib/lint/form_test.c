/* The form rules over testdata/lint/form: NAME.json with NAME.expect, which has a line for each
 * finding of a form rule ("LINE:COLUMN SPnnn SEVERITY"), and where there are edits NAME.fixed,
 * the text after them. */
#include "base/buf.h"
#include "base/testing.h"
#include "lint/lint.h"
#include "lint/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOLDER "testdata/lint/form"

/* Codes above belong to other rules, which may speak of the same inputs. */
enum { LAST_FORM_RULE = 199 };

static char *const *paths;

/* What is under test and what it is compared with. */
static struct sp_str text;
static struct sp_str wanted;

/* Static in each test, so that its memory is never lost. */
struct linted {
    struct sp_arena arena;
    struct sp_source *source;
    struct sp_report report;
};

static void
lint_text(struct linted *linted, struct sp_str input)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_lint_target target = { .arch_count = 0 };

    sp_arena_free(&linted->arena);
    linted->report = (struct sp_report){ .arena = &linted->arena };
    linted->source = sp_source_new(&linted->arena, "test.json", input);
    ck_assert_ptr_nonnull(linted->source);
    ck_assert(sp_source_index(&linted->arena, linted->source));
    ck_assert(sp_lint_source(&linted->arena, linted->source, &limits, &target,
                             &linted->report));
}

/* The path of the file beside `path` with another ending. */
static const char *
beside(const char *path, const char *ending)
{
    static char name[256];
    int stem = (int)(strlen(path) - strlen(".json"));

    snprintf(name, sizeof name, "%.*s%s", stem, path, ending);
    return name;
}

START_TEST(each_finding_stands_where_it_is_expected)
{
    static struct linted linted;
    SP_BUF(got);

    text = sp_testing_read(paths[_i]);
    lint_text(&linted, text);
    sp_buf_text(&got, "");
    for (size_t i = 0; i < linted.report.diags.count; i++) {
        const struct sp_diag *diag = linted.report.diags.at[i];
        struct sp_position at = sp_source_position(linted.source, diag->place.span.start);
        if (diag->code <= LAST_FORM_RULE) {
            sp_buf_format(&got, "%u:%u SP%u %s\n", at.line, at.column, diag->code,
                          sp_severity_text(diag->severity));
        }
    }
    wanted = sp_testing_read(beside(paths[_i], ".expect"));
    ck_assert_msg(sp_str_equal(sp_buf_view(&got), wanted), "%s: found\n%sexpected\n%s",
                  paths[_i], got.data, wanted.ptr);
}
END_TEST

/* ---- fixes ------------------------------------------------------------------------------- */

struct edits {
    const struct sp_edit *at[256];
    size_t count;
};

static int
compare_edits(const void *left_, const void *right_)
{
    const struct sp_edit *left = *(const struct sp_edit *const *)left_;
    const struct sp_edit *right = *(const struct sp_edit *const *)right_;

    return (left->span.start > right->span.start) - (left->span.start < right->span.start);
}

static void
collect_edits(struct edits *edits, const struct sp_report *report)
{
    edits->count = 0;
    for (size_t i = 0; i < report->diags.count; i++) {
        const struct sp_diag *diag = report->diags.at[i];
        for (size_t j = 0; diag->code <= LAST_FORM_RULE && j < diag->edits.count; j++) {
            ck_assert_uint_lt(edits->count, sizeof edits->at / sizeof *edits->at);
            edits->at[edits->count++] = &diag->edits.at[j];
        }
    }
    qsort(edits->at, edits->count, sizeof *edits->at, compare_edits);
}

static void
apply_edits(const struct edits *edits, struct sp_str before, struct sp_buf *buf)
{
    size_t at = 0;

    for (size_t i = 0; i < edits->count; i++) {
        ck_assert_uint_ge(edits->at[i]->span.start, at);
        sp_buf_add(buf, sp_str_slice(before, at, edits->at[i]->span.start));
        sp_buf_text(buf, edits->at[i]->text);
        at = edits->at[i]->span.end;
    }
    sp_buf_add(buf, sp_str_slice(before, at, before.len));
}

START_TEST(the_edits_make_the_fixed_text)
{
    const char *path = beside(paths[_i], ".fixed");
    static struct linted linted;
    struct edits edits;
    SP_BUF(fixed);

    text = sp_testing_read(paths[_i]);
    lint_text(&linted, text);
    collect_edits(&edits, &linted.report);
    ck_assert_int_eq(edits.count > 0, access(path, R_OK) == 0);
    if (edits.count == 0) {
        return;
    }
    apply_edits(&edits, text, &fixed);
    wanted = sp_testing_read(path);
    ck_assert_msg(sp_str_equal(sp_buf_view(&fixed), wanted), "%s: fixed to\n%s", paths[_i],
                  fixed.data);
    lint_text(&linted, wanted);
    collect_edits(&edits, &linted.report);
    ck_assert_msg(edits.count == 0, "%s: the fixed text has something to fix again", paths[_i]);
}
END_TEST

START_TEST(a_text_past_a_mebibyte_is_too_large_for_kubernetes)
{
    static struct linted linted;
    SP_BUF(buf);

    sp_buf_text(&buf, "{\"defaultAction\":\"SCMP_ACT_ERRNO\"");
    sp_buf_repeat(&buf, ' ', (1 << 20) - buf.len - 1);
    sp_buf_text(&buf, "}");
    lint_text(&linted, sp_buf_view(&buf));
    ck_assert_uint_eq(linted.report.diags.count, 0);

    sp_buf_text(&buf, "\n");
    lint_text(&linted, sp_buf_view(&buf));
    ck_assert_uint_eq(linted.report.diags.count, 1);
    ck_assert_uint_eq(linted.report.diags.at[0]->code, 116);
    ck_assert_uint_eq(linted.report.diags.at[0]->severity, SP_SEVERITY_WARNING);
}
END_TEST

/* ---- what a message must not lose -------------------------------------------------------- */

static const struct {
    const char *text;
    unsigned code;
    const char *message;  /* pieces that must be said, each ends with | */
    const char *help;
} sayings[] = {
    { "{\"defaultAction\":\"SCMP_ACT_KILL\",\"defaultAction\":\"SCMP_ACT_LOG\"}", 102,
      "Docker, Podman, containerd and runc (`SCMP_ACT_LOG`)|crun (`SCMP_ACT_KILL`)|", "" },
    { "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[],\"syscalls\":[{}]}", 102, "twice|",
      "`errnoRet` and `args`|" },
    { "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscall\":[]}", 103, "`syscall`|", "`syscalls`|" },
    { "{\"defaultAction\":\"SCMP_ACT_LOG\",\"caps\":[]}", 103, "`caps`|",
      "`includes` and `excludes`|" },
    { "{\"DefaultAction\":\"SCMP_ACT_LOG\"}", 104, "`DefaultAction`|`defaultAction`|crun|",
      "" },
    { "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":\"ENOSYS\"}", 105,
      "\"ENOSYS\"|", "38|" },
    { "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":null}", 105, "null|", "" },
    { "{\"apiVersion\":\"v1\",\"kind\":\"Po\\u001b[31md\"}", 106, "Po\\u001b[31md|", "" },
    { "{\"a\":{\"b\":{\"defaultAction\":\"SCMP_ACT_LOG\"}}}", 107, "Docker and Podman|",
      "`/a/b`|" },
    { "{\"defaultAction\":\"SCMP_ACT_ERROR\"}", 108, "`SCMP_ACT_ERROR`|", "`SCMP_ACT_ERRNO`|" },
    { "{\"defaultAction\":\"ERRNO(ENOSYS)\"}", 108, "ERRNO(ENOSYS)|",
      "`SCMP_ACT_ERRNO`|`defaultErrnoRet`: 38|" },
    { "{\"defaultAction\":\"SCMP_ACT_LOG\",\"flags\":[\"LOG\"]}", 110, "`LOG`|",
      "`SECCOMP_FILTER_FLAG_LOG`|" },
    { "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"amd64\"]}", 111, "`amd64`|",
      "`SCMP_ARCH_X86_64`|" },
    { "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"x86_64\"]}", 111,
      "crun takes it|", "`SCMP_ARCH_X86_64`|" },
    { "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_PARISC\"]}", 111,
      "runc|", "" },
    { "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"name\":\"bpf\","
      "\"action\":\"SCMP_ACT_ERRNO\"}]}", 112, "containerd and runc|crun|", "[\"bpf\"]|" },
    { "{\"syscalls\":[{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_LOG\"}]}", 117,
      "runc and crun|", "SCMP_ACT_ERRNO|" },
    { "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[null]}", 118, "Docker crashes|", "" },
};

static void
check_pieces(const char *said, const char *pieces)
{
    struct sp_str rest = sp_str_of(pieces);
    struct sp_str piece;

    while (sp_str_next(&rest, "|", &piece)) {
        ck_assert_msg(said != NULL && memmem(said, strlen(said), piece.ptr, piece.len) != NULL,
                      "\"%.*s\" is not in \"%s\"", SP_STR_ARG(piece), said);
    }
}

START_TEST(a_message_says_what_matters)
{
    static struct linted linted;

    lint_text(&linted, sp_str_of(sayings[_i].text));
    for (size_t i = 0; i < linted.report.diags.count; i++) {
        const struct sp_diag *diag = linted.report.diags.at[i];
        if (diag->code == sayings[_i].code) {
            check_pieces(diag->message, sayings[_i].message);
            check_pieces(diag->help, sayings[_i].help);
            ck_assert_ptr_nonnull(diag->help);
            return;
        }
    }
    ck_abort_msg("SP%u was not found", sayings[_i].code);
}
END_TEST

SP_SUITE(form)
{
    TCase *tcase = sp_testing_case(suite, "form");
    int count;

    paths = sp_testing_files(FOLDER, ".json", &count);
    tcase_add_loop_test(tcase, each_finding_stands_where_it_is_expected, 0, count);
    tcase_add_loop_test(tcase, the_edits_make_the_fixed_text, 0, count);
    tcase_add_test(tcase, a_text_past_a_mebibyte_is_too_large_for_kubernetes);
    tcase_add_loop_test(tcase, a_message_says_what_matters, 0,
                        sizeof sayings / sizeof *sayings);
}
