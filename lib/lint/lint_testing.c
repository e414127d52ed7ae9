#include "lint/lint_testing.h"

#include "base/buf.h"
#include "base/testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is under test and what it is compared with: never lost, whatever check fails. */
static struct sp_str text;
static struct sp_str wanted;

struct words {
    struct sp_target_words target;
    const char *arch;
};

static void
set_word(struct words *words, struct sp_str name, const char *value)
{
    const struct {
        const char *name;
        const char **place;
    } rows[] = {
        { "--arch", &words->arch },
        { "--caps", &words->target.caps },
        { "--engine", &words->target.engine },
        { "--kernel", &words->target.kernel },
        { "--libseccomp", &words->target.libseccomp },
        { "--runtime", &words->target.runtime },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (sp_str_is(name, rows[i].name)) {
            *rows[i].place = value;
            return;
        }
    }
    ck_abort_msg("there is an option that this test does not know");
}

void
sp_linted_options(struct sp_arena *arena, struct sp_str rest, struct sp_target *ret_target)
{
    struct words words = { .arch = NULL };
    struct sp_str name;
    struct sp_str value;
    SP_BUF(why);

    while (sp_str_next(&rest, " \n", &name) && name.len > 0) {
        ck_assert(sp_str_next(&rest, " \n", &value));
        set_word(&words, name, sp_arena_copy(arena, value));
    }
    words.target.arches = &words.arch;
    words.target.arch_count = words.arch != NULL;
    ck_assert_msg(sp_target_read(&words.target, ret_target, &why), "%s", why.data);
}

void
sp_linted_text(struct sp_linted *linted, struct sp_str input, struct sp_str options)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_lint_reading reading = { .limits = &limits };

    sp_arena_free(&linted->arena);
    linted->report = (struct sp_report){ .arena = &linted->arena };
    ck_assert(sp_lint_settings_init(&linted->settings, &linted->arena));
    sp_linted_options(&linted->arena, options, &linted->settings.target);
    linted->source = sp_source_new(&linted->arena, "test.json", input);
    ck_assert_ptr_nonnull(linted->source);
    ck_assert(sp_source_index(&linted->arena, linted->source));
    ck_assert(sp_lint_source(&linted->arena, linted->source, reading, &linted->settings.target,
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

static void
lint_file(struct sp_linted *linted, const char *path, struct sp_str input)
{
    const char *name = beside(path, ".options");

    static struct sp_str options;

    options = access(name, R_OK) == 0 ? sp_testing_read(name) : SP_STR("");
    sp_linted_text(linted, input, options);
}

void
sp_linted_findings(const char *path, bool (*is_ours)(unsigned code))
{
    static struct sp_linted linted;
    SP_BUF(got);

    text = sp_testing_read(path);
    lint_file(&linted, path, text);
    sp_buf_text(&got, "");
    for (size_t i = 0; i < linted.report.diags.count; i++) {
        const struct sp_diag *diag = linted.report.diags.at[i];
        struct sp_position at = sp_source_position(linted.source, diag->place.span.start);
        if (is_ours(diag->code)) {
            sp_buf_format(&got, "%u:%u SP%u %s\n", at.line, at.column, diag->code,
                          sp_severity_text(diag->severity));
        }
    }
    wanted = sp_testing_read(beside(path, ".expect"));
    ck_assert_msg(sp_str_equal(sp_buf_view(&got), wanted), "%s: found\n%sexpected\n%s",
                  path, got.data, wanted.ptr);
}

/* ---- fixes --------------------------------------------------------------------------- */

enum { EDITS_MAX = 1024 };

struct edits {
    const struct sp_edit *at[EDITS_MAX];
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
collect_edits(struct edits *edits, const struct sp_report *report, bool (*is_ours)(unsigned code))
{
    edits->count = 0;
    for (size_t i = 0; i < report->diags.count; i++) {
        const struct sp_diag *diag = report->diags.at[i];
        for (size_t j = 0; is_ours(diag->code) && j < diag->edits.count; j++) {
            ck_assert_uint_lt(edits->count, EDITS_MAX);
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

void
sp_linted_edits(const char *path, bool (*is_ours)(unsigned code))
{
    static char fixed_path[256];
    static struct sp_linted linted;
    static struct edits edits;
    SP_BUF(fixed);

    snprintf(fixed_path, sizeof fixed_path, "%s", beside(path, ".fixed"));
    text = sp_testing_read(path);
    lint_file(&linted, path, text);
    collect_edits(&edits, &linted.report, is_ours);
    ck_assert_int_eq(edits.count > 0, access(fixed_path, R_OK) == 0);
    if (edits.count == 0) {
        return;
    }
    apply_edits(&edits, text, &fixed);
    wanted = sp_testing_read(fixed_path);
    ck_assert_msg(sp_str_equal(sp_buf_view(&fixed), wanted), "%s: fixed to\n%s", path,
                  fixed.data);
    lint_file(&linted, path, wanted);
    collect_edits(&edits, &linted.report, is_ours);
    ck_assert_msg(edits.count == 0, "%s: the fixed text has something to fix again", path);
}

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

void
sp_linted_says(const struct sp_linted *linted, unsigned code, const char *message,
               const char *help, const char *what)
{
    for (size_t i = 0; i < linted->report.diags.count; i++) {
        const struct sp_diag *diag = linted->report.diags.at[i];
        if (diag->code == code) {
            check_pieces(diag->message, message);
            check_pieces(diag->help, help);
            ck_assert_ptr_nonnull(diag->help);
            return;
        }
    }
    ck_abort_msg("SP%u was not found for %s", code, what);
}
