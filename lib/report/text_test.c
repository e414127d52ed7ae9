/* Reports, drawn and compared with testdata/report/NAME.txt to the byte.
 * SECPROF_UPDATE=1 writes the files instead. */
#include "base/testing.h"
#include "report/render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a case builds its report from. */
struct draft {
    struct sp_arena *arena;
    const struct sp_source *source;
    struct sp_report *report;
};

/* The place of the first `needle` in the text. */
static struct sp_place
find(const struct draft *draft, const char *needle)
{
    struct sp_str text = draft->source->text;
    const char *at = memmem(text.ptr, text.len, needle, strlen(needle));

    ck_assert_ptr_nonnull(at);
    uint32_t start = (uint32_t)(at - text.ptr);
    return sp_at_span(draft->source, start, start + (uint32_t)strlen(needle));
}

static struct sp_diag *
add(const struct draft *draft, enum sp_severity severity, const char *needle,
    const char *message)
{
    struct sp_diag *diag = sp_report_add(draft->report, 401, find(draft, needle), "%s",
                                         message);

    diag->severity = severity;
    return diag;
}

/* ---- the cases ---- */

#define RULES "{\"names\":[\"read\",\"write\"],\"action\":\"SCMP_ACT_ALLOW\"},"

#define INDENTED \
    "{\n" \
    "    \"defaultAction\": \"SCMP_ACT_ERRNO\",\n" \
    "    \"syscalls\": [\n" \
    "        { \"names\": [\"socket\"],\n" \
    "          \"args\": [{ \"index\": 0, \"value\": 40, \"op\": \"SCMP_CMP_GT\" }] }\n" \
    "    ]\n" \
    "}\n"

static void
draft_everything(const struct draft *draft)
{
    struct sp_diag *diag = add(draft, SP_SEVERITY_ERROR, "\"value\": 40",
        "`socket` reads 32 bits of argument 0 (family), this rule compares 64");
    sp_report_label(draft->report, diag,
                    "`> 40` also holds for 0x100000028, which the kernel takes as 40 "
                    "(AF_VSOCK)");
    sp_report_help(draft->report, diag,
                   "allow each family with SCMP_CMP_EQ, or deny with SCMP_CMP_MASKED_EQ and "
                   "mask 0xffffffff; `secprof explain SP401` shows how it is done");
    sp_report_related(draft->report, diag, find(draft, "\"socket\""), "the call is named here");
    sp_report_edit(draft->report, diag, find(draft, "\"SCMP_CMP_GT\"").span,
                   "\"SCMP_CMP_MASKED_EQ\"");
}

static void
draft_one_of_each(const struct draft *draft)
{
    add(draft, SP_SEVERITY_INFO, "\"names\"", "something to know");
    struct sp_diag *diag = add(draft, SP_SEVERITY_ERROR, "\"socket\"", "something is wrong");
    diag->code = 105;
    add(draft, SP_SEVERITY_WARNING, "\"args\"", "something is doubtful");
    add(draft, SP_SEVERITY_STYLE, "40", "something is untidy");
}

static void
draft_span_to_line_end(const struct draft *draft)
{
    struct sp_diag *diag = add(draft, SP_SEVERITY_WARNING, "[\n        { \"names\"",
                               "the list goes on for some lines");
    sp_report_label(draft->report, diag, "from here");
}

static void
draft_end_of_text(const struct draft *draft)
{
    uint32_t end = (uint32_t)draft->source->text.len;
    struct sp_diag *diag = sp_report_add(draft->report, 101,
                                         sp_at_span(draft->source, end, end),
                                         "expected ']', found the end of the text");

    diag->severity = SP_SEVERITY_ERROR;
    if (draft->source->text.len > 0) {
        sp_report_related(draft->report, diag, find(draft, "["), "the list begins here");
    }
    sp_report_label(draft->report, diag, "']' is missing here");
}

static void
draft_caret_before_value(const struct draft *draft)
{
    struct sp_diag *diag = add(draft, SP_SEVERITY_ERROR, "\"here\"", "a name that is no name");

    sp_report_label(draft->report, diag, "this");
    sp_report_related(draft->report, diag, find(draft, "{"), "in this rule");
}

/* Half of a character, and an accent without its letter. */
static void
draft_torn(const struct draft *draft)
{
    add(draft, SP_SEVERITY_ERROR, "\xe5\x90", "half of a character");
    add(draft, SP_SEVERITY_ERROR, "\xcc\x81", "an accent");
}

static void
draft_many_places(const struct draft *draft)
{
    struct sp_diag *diag = add(draft, SP_SEVERITY_STYLE, "\"a\"", "`a` stands here five times");
    uint32_t start = diag->place.span.start;

    for (uint32_t i = 1; i < 5; i++) {
        struct sp_place place = sp_at_span(draft->source, start + i * 7, start + i * 7 + 3);
        sp_report_related(draft->report, diag, place, "here, too");
        sp_report_edit(draft->report, diag,
                       (struct sp_span){ .start = place.span.start - 4, .end = place.span.end },
                       "%s", "");
    }
    diag = add(draft, SP_SEVERITY_STYLE, "]", "one more");
    sp_report_edit(draft->report, diag, (struct sp_span){ .start = 1, .end = 1 },
                   "\n  \"a value that is far longer than what is shown of it\",\n");
}

static void
draft_elsewhere(const struct draft *draft)
{
    struct sp_source *other = sp_source_new(draft->arena, "other.json", SP_STR("[\n  1\n]\n"));
    ck_assert_ptr_nonnull(other);
    struct sp_diag *diag = add(draft, SP_SEVERITY_WARNING, "\"here\"", "two files disagree");

    sp_report_related(draft->report, diag, sp_at_span(other, 4, 5), "the other says 1");
    diag = sp_report_add(draft->report, 116, (struct sp_place){ .source = NULL },
                         "the file is too large");
    diag->severity = SP_SEVERITY_ERROR;
    sp_report_label(draft->report, diag, "what a mark would have said");
    sp_report_related(draft->report, diag, (struct sp_place){ .source = NULL }, "nowhere");
}

static void
draft_dropped(const struct draft *draft)
{
    add(draft, SP_SEVERITY_WARNING, "\"here\"", "one of many");
    draft->report->dropped = 231;
}

static void
draft_nothing(const struct draft *draft)
{
    (void)draft;
}

#define HOSTILE "\x1b[31mred\x1b[0m\x9b" "2J\r\x07\xff\u202e\u200b\xc2\x9d"

static void
draft_hostile(const struct draft *draft)
{
    struct sp_diag *diag = add(draft, SP_SEVERITY_ERROR, "\"here\"", "message " HOSTILE);

    sp_report_label(draft->report, diag, "label " HOSTILE);
    sp_report_help(draft->report, diag, "help " HOSTILE);
    sp_report_related(draft->report, diag, find(draft, "["), "related " HOSTILE);
    sp_report_edit(draft->report, diag, find(draft, "\x1b[31mred").span, "edit " HOSTILE);
}

static const struct golden {
    const char *name;  /* of the file */
    const char *text;
    void (*draft)(const struct draft *draft);
    struct sp_style style;
    const char *format;  /* "text" when NULL */
    const char *path;    /* "web.json" when NULL */
    size_t files;        /* 1 when 0 */
} goldens[] = {
    { .name = "everything-80", .text = INDENTED, .draft = draft_everything,
      .style = { .width = 80 } },
    { .name = "everything-40", .text = INDENTED, .draft = draft_everything,
      .style = { .width = 40 } },
    { .name = "everything-120", .text = INDENTED, .draft = draft_everything,
      .style = { .width = 120 } },
    { .name = "everything-unlimited", .text = INDENTED, .draft = draft_everything },
    { .name = "everything-1", .text = INDENTED, .draft = draft_everything,
      .style = { .width = 1 } },
    { .name = "everything-concise", .text = INDENTED, .draft = draft_everything,
      .format = "concise" },
    { .name = "color", .text = INDENTED, .draft = draft_one_of_each,
      .style = { .width = 80, .color = true } },
    { .name = "color-everything", .text = INDENTED, .draft = draft_everything,
      .style = { .width = 80, .color = true } },
    { .name = "color-concise", .text = INDENTED, .draft = draft_one_of_each,
      .style = { .width = 80, .color = true }, .format = "concise" },
    { .name = "quiet", .text = INDENTED, .draft = draft_one_of_each,
      .style = { .width = 80, .quiet = true } },
    { .name = "many-lines", .text = INDENTED, .draft = draft_span_to_line_end,
      .style = { .width = 80 } },
    { .name = "end-of-text", .text = "[\n  1,\n  2\n", .draft = draft_end_of_text,
      .style = { .width = 80 } },
    { .name = "end-without-newline", .text = "[ 1,", .draft = draft_end_of_text,
      .style = { .width = 80 } },
    { .name = "empty-text", .text = "", .draft = draft_end_of_text, .style = { .width = 80 } },
    { .name = "tabs", .text = "[\n\t{\t\"names\":\t[ \"here\"\t] }\n]\n",
      .draft = draft_caret_before_value, .style = { .width = 80 } },
    { .name = "crlf", .text = "[\r\n  {\r\n    \"here\"\r\n  }\r\n]\r\n",
      .draft = draft_caret_before_value, .style = { .width = 80 } },
    { .name = "wide", .text = "[\n  { \"\u540d\u524d\u0301\", \"here\" } ]\n",
      .draft = draft_caret_before_value, .style = { .width = 80 } },
    { .name = "byte-order-mark", .text = "\xef\xbb\xbf{ \"here\" }",
      .draft = draft_caret_before_value, .style = { .width = 80 } },
    { .name = "torn", .text = "[ \"\u540d\", \"e\u0301\" ]\n", .draft = draft_torn,
      .style = { .width = 80 } },
    { .name = "full-line", .text = "[ \"a line of exactly 32 columns\"",
      .draft = draft_end_of_text, .style = { .width = 40 } },
    { .name = "long-line-40", .text = "[" RULES RULES "{ \"here\" }," RULES "]",
      .draft = draft_caret_before_value, .style = { .width = 40 } },
    { .name = "long-line-80", .text = "[" RULES RULES "{ \"here\" }," RULES "]",
      .draft = draft_caret_before_value, .style = { .width = 80 } },
    { .name = "long-line-120", .text = "[" RULES RULES "{ \"here\" }," RULES "]",
      .draft = draft_caret_before_value, .style = { .width = 120 } },
    { .name = "long-line-unlimited", .text = "[" RULES RULES "{ \"here\" }," RULES "]",
      .draft = draft_caret_before_value },
    { .name = "many-places", .text = "[\n  \"a\",\n  \"a\",\n  \"a\",\n  \"a\",\n  \"a\"\n]\n",
      .draft = draft_many_places, .style = { .width = 80 } },
    { .name = "elsewhere", .text = "[ \"here\" ]\n", .draft = draft_elsewhere,
      .style = { .width = 80 } },
    { .name = "dropped", .text = "[ \"here\" ]\n", .draft = draft_dropped,
      .style = { .width = 80, .quiet = true } },
    { .name = "dropped-concise", .text = "[ \"here\" ]\n", .draft = draft_dropped,
      .format = "concise" },
    { .name = "hostile", .text = "[ \"" HOSTILE "\", \"here\" ]\n", .draft = draft_hostile,
      .path = HOSTILE ".json", .style = { .width = 80 } },
    { .name = "hostile-concise", .text = "[ \"" HOSTILE "\", \"here\" ]\n",
      .draft = draft_hostile, .path = HOSTILE ".json", .format = "concise" },
    { .name = "clean", .text = "{}\n", .draft = draft_nothing, .style = { .width = 80 } },
    { .name = "clean-quiet", .text = "{}\n", .draft = draft_nothing,
      .style = { .width = 80, .quiet = true } },
    { .name = "clean-files", .text = "{}\n", .draft = draft_nothing, .style = { .width = 80 },
      .files = 3 },
    { .name = "several-files", .text = "[ \"here\" ]\n", .draft = draft_dropped,
      .style = { .width = 80, .verbose = true }, .files = 2 },
};

/* ---- drawing and comparing ---- */

static void
count(struct sp_summary *summary, const struct sp_report *report)
{
    summary->files++;
    for (size_t i = 0; i < report->diags.count; i++) {
        summary->counts[report->diags.at[i]->severity]++;
        summary->fixable += report->diags.at[i]->edits.count > 0;
    }
}

static void
render_file(struct sp_render *render, struct sp_summary *summary, const char *path,
            struct sp_str text, void (*fill)(const struct draft *draft))
{
    SP_SCRATCH(arena);
    struct sp_report report = { .arena = &arena };
    struct draft draft = {
        .arena = &arena, .source = sp_source_new(&arena, path, text), .report = &report,
    };

    ck_assert_ptr_nonnull(draft.source);
    fill(&draft);
    ck_assert(!report.failed);
    count(summary, &report);
    render->renderer->file(render, &(struct sp_file_findings){ path, &report, NULL });
    sp_render_note(render, "compose.yaml", "a Compose file");
}

static void
render_golden(const struct golden *golden, struct sp_buf *out)
{
    const char *format = golden->format == NULL ? "text" : golden->format;
    const char *path = golden->path == NULL ? "web.json" : golden->path;
    size_t files = golden->files == 0 ? 1 : golden->files;
    struct sp_summary summary = { .files = 0 };
    struct sp_render render = {
        .renderer = sp_renderer_find(sp_str_of(format)), .style = golden->style, .out = out,
    };

    render.renderer->begin(&render);
    for (size_t i = 0; i < files; i++) {
        render_file(&render, &summary, path, sp_str_of(golden->text), golden->draft);
    }
    render.renderer->end(&render, &summary);
}

static void
write_golden(const char *path, struct sp_str text)
{
    FILE *file = fopen(path, "wb");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text.ptr, 1, text.len, file), text.len);
    ck_assert_int_eq(fclose(file), 0);
}

START_TEST(a_report_looks_as_it_should)
{
    const struct golden *golden = &goldens[_i];
    SP_BUF(out);
    SP_BUF(path);

    sp_buf_format(&path, "testdata/report/%s.txt", golden->name);
    render_golden(golden, &out);
    sp_buf_text(&out, "");
    ck_assert(!out.failed && !path.failed);
    if (getenv("SECPROF_UPDATE") != NULL) {
        write_golden(path.data, sp_buf_view(&out));
    }
    struct sp_str wanted = sp_testing_read(path.data);
    ck_assert_msg(sp_str_equal(sp_buf_view(&out), wanted), "%s differs; it would be:\n%s",
                  path.data, out.data);
    free((void *)wanted.ptr);
}
END_TEST

/* ---- what holds whatever the text is ---- */

static bool
is_safe(struct sp_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        bool is_c1 = byte == 0xc2 && i + 1 < text.len && (unsigned char)text.ptr[i + 1] < 0xa0;
        if ((byte < ' ' && byte != '\n') || byte == 0x7f || is_c1) {
            return false;
        }
    }
    return memmem(text.ptr, text.len, "\u202e", 3) == NULL
        && memmem(text.ptr, text.len, "\u200b", 3) == NULL;
}

START_TEST(a_hostile_file_cannot_speak_to_the_terminal)
{
    static const char *const formats[] = { "text", "concise" };
    struct golden golden = {
        .text = "[ \"" HOSTILE "\", \"here\" ]\n", .draft = draft_hostile,
        .path = HOSTILE ".json", .format = formats[_i],
    };
    SP_BUF(out);

    render_golden(&golden, &out);
    ck_assert(!out.failed && out.len > 100);
    ck_assert(is_safe(sp_buf_view(&out)));
}
END_TEST

START_TEST(failure_sticks)
{
    struct golden golden = goldens[_i];
    struct sp_buf out = { .failed = true };

    render_golden(&golden, &out);
    ck_assert(out.failed);
    ck_assert_uint_eq(out.len, 0);
    golden.format = "json";
    render_golden(&golden, &out);
    ck_assert(out.failed);
    ck_assert_uint_eq(out.len, 0);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

SP_SUITE(report_text)
{
    TCase *tcase = sp_testing_case(suite, "text");

    tcase_add_loop_test(tcase, a_report_looks_as_it_should, 0, COUNT(goldens));
    tcase_add_loop_test(tcase, failure_sticks, 0, COUNT(goldens));
    tcase_add_loop_test(tcase, a_hostile_file_cannot_speak_to_the_terminal, 0, 2);
}
