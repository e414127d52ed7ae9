#include "base/testing.h"
#include "model/bpf.h"
#include "report/excerpt.h"
#include "report/glyph.h"

#include <string.h>

static const char needle[] = "\"here\"";

/* The place of the needle, in a line that holds `before` and `after` units beside it. */
static const struct {
    size_t before;
    size_t after;
    const char *unit;
} lines[] = {
    { 0, 0, "x" },          { 3, 3, "x" },          { 0, 100000, "x" },
    { 5, 100000, "x" },     { 25, 100000, "x" },    { 50000, 50000, "x" },
    { 100000, 20, "x" },    { 100000, 0, "x" },     { 9000, 9000, "\t" },
    { 9000, 9000, "\u540d" }, { 9000, 9000, "e\u0301" }, { 9000, 9000, "\xff" },
    { 30000, 30000, "\u0301" },
};

static void
add_line(struct sp_buf *text, size_t index)
{
    for (size_t i = 0; i < lines[index].before; i++) {
        sp_buf_text(text, lines[index].unit);
    }
    sp_buf_text(text, needle);
    for (size_t i = 0; i < lines[index].after; i++) {
        sp_buf_text(text, lines[index].unit);
    }
}

static bool
draw(struct sp_buf *out, struct sp_str text, size_t from, size_t to, unsigned width)
{
    SP_SCRATCH(arena);
    struct sp_atlas atlas = { .arena = &arena };
    const struct sp_source *source = sp_source_new(&arena, "web.json", text);
    const struct sp_place place = sp_at_span(source, (uint32_t)from, (uint32_t)to);

    sp_buf_cut(out, 0);
    return sp_excerpt_add(out, &(struct sp_style){ .width = width }, &(struct sp_excerpt){
        .where = sp_where_is(&atlas, &place), .span = place.span, .mark = '^',
    });
}

static size_t
columns_before(struct sp_str line, const char *word)
{
    const char *at = memmem(line.ptr, line.len, word, strlen(word));

    ck_assert_ptr_nonnull(at);
    return sp_glyph_columns(sp_str_slice(line, 0, (size_t)(at - line.ptr)));
}

START_TEST(a_line_is_cut_around_the_mark)
{
    static const unsigned widths[] = { 0, 40, 80, 120 };
    size_t from = lines[_i].before * strlen(lines[_i].unit);
    SP_BUF(text);
    SP_BUF(out);

    add_line(&text, (size_t)_i);
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        struct sp_str line;
        struct sp_str mark;
        ck_assert(draw(&out, sp_buf_view(&text), from, from + strlen(needle), widths[i]));
        ck_assert(!out.failed && out.len < 120 * 64);

        struct sp_str rest = sp_buf_view(&out);
        ck_assert(sp_str_next(&rest, "\n", &line) && sp_str_next(&rest, "\n", &mark));
        ck_assert_uint_le(sp_glyph_columns(line), widths[i] == 0 ? 80 : widths[i]);
        ck_assert(sp_str_has_suffix(mark, " ^^^^^^"));
        ck_assert_uint_eq(columns_before(line, needle), columns_before(mark, "^"));
    }
}
END_TEST

/* Any span of a text that has everything in it: no crash, no line that is too wide, a mark. */
START_TEST(any_span_can_be_drawn)
{
    const struct sp_str text = SP_STR("\xef\xbb\xbf[\t\xff\n\r\n  \u540d\u0301\xe5\x90 x y\r\n"
                                      "a long line that has to be cut \U0001f600\n\n");
    SP_BUF(out);
    struct sp_str line;

    for (size_t from = 0; from <= text.len + 1; from++) {
        for (size_t to = from; to <= text.len + 1; to++) {
            ck_assert(draw(&out, text, from, to, 40));
            ck_assert_ptr_nonnull(strchr(out.data, '^'));
            struct sp_str rest = sp_buf_view(&out);
            while (sp_str_next(&rest, "\n", &line)) {
                ck_assert_uint_le(sp_glyph_columns(line), 40);
                ck_assert(!sp_str_has_suffix(line, " "));
            }
        }
    }
}
END_TEST

START_TEST(line_numbers_may_be_long)
{
    SP_BUF(text);
    SP_BUF(out);

    sp_buf_repeat(&text, '\n', 1234566);
    sp_buf_text(&text, "x");
    ck_assert(draw(&out, sp_buf_view(&text), text.len - 1, text.len, 80));
    ck_assert_str_eq(out.data, "1234567 | x\n        | ^\n");
}
END_TEST

START_TEST(there_is_nothing_to_draw_of_an_empty_text)
{
    SP_BUF(out);

    ck_assert(!draw(&out, SP_STR(""), 0, 0, 80));
    ck_assert(!sp_excerpt_add(&out, &(struct sp_style){ .width = 80 }, &(struct sp_excerpt){
        .where = { .source = NULL }, .mark = '^',
    }));
    ck_assert_uint_eq(out.len, 0);
}
END_TEST

/* A program's bytes would be control characters and line ends to a terminal. */
static const struct {
    struct sp_bpf_insn insns[3];
    size_t bytes;
    uint32_t at;
    const char *drawn;
} programs[] = {
    { { { 0x20, 0, 0, 4 }, { 0x15, 0, 1, 0x0a1b5b31 }, { 0x06, 0, 0, 0x7fff0000 } }, 24, 0,
      "    1 |    0  A = arch\n      |       ^^^^^^^^\n" },
    { { { 0x20, 0, 0, 4 }, { 0x15, 0, 1, 0x0a1b5b31 }, { 0x06, 0, 0, 0x7fff0000 } }, 24, 8,
      "    2 |    1  if A == 0xa1b5b31 goto 2 else 3\n"
      "      |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n" },
    { { { 0x20, 0, 0, 4 }, { 0x0a1b, 0x0a, 0x0a, 0x0a0a0a0a }, { 0x06, 0, 0, 0 } }, 24, 15,
      "    2 |    1  unknown code 0xa1b\n      |       ^^^^^^^^^^^^^^^^^^\n" },
    { { { 0x20, 0, 0, 4 }, { 0x06, 0, 0, 0 } }, 13, 8, "" },
    { { { 0x20, 0, 0, 4 }, { 0x06, 0, 0, 0 } }, 16, 16, "" },
};

START_TEST(an_instruction_is_listed)
{
    SP_SCRATCH(arena);
    struct sp_atlas atlas = { .arena = &arena };
    struct sp_str text = {
        .ptr = (const char *)programs[_i].insns, .len = programs[_i].bytes,
    };
    struct sp_source *source = sp_source_new(&arena, "web.bpf", text);
    SP_BUF(out);

    ck_assert_ptr_nonnull(source);
    source->record = sizeof(struct sp_bpf_insn);
    const struct sp_place place = sp_at_span(source, programs[_i].at, programs[_i].at + 8);
    bool drawn = sp_excerpt_add(&out, &(struct sp_style){ .width = 80 }, &(struct sp_excerpt){
        .where = sp_where_is(&atlas, &place), .span = place.span, .mark = '^',
    });
    ck_assert_int_eq(drawn, *programs[_i].drawn != '\0');
    ck_assert_str_eq(out.data == NULL ? "" : out.data, programs[_i].drawn);
}
END_TEST

SP_SUITE(report_excerpt)
{
    TCase *tcase = sp_testing_case(suite, "excerpt");

    tcase_add_loop_test(tcase, a_line_is_cut_around_the_mark, 0,
                        (int)(sizeof lines / sizeof *lines));
    tcase_add_test(tcase, any_span_can_be_drawn);
    tcase_add_test(tcase, line_numbers_may_be_long);
    tcase_add_loop_test(tcase, an_instruction_is_listed, 0,
                        (int)(sizeof programs / sizeof *programs));
    tcase_add_test(tcase, there_is_nothing_to_draw_of_an_empty_text);
}
