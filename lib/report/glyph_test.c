#include "base/testing.h"
#include "report/glyph.h"

static const struct {
    const char *text;
    const char *shown;
    size_t columns;
} texts[] = {
    { "", "", 0 },
    { "plain", "plain", 5 },
    { "a\tb", "a    b", 6 },
    { "\u540d\u524d", "\u540d\u524d", 4 },
    { "e\u0301", "e\u0301", 1 },
    { "\x1b[0m\x7f", "\ufffd[0m\ufffd", 5 },
    { "line\nline\r", "line\ufffdline\ufffd", 10 },
    { "\xc2\x85\xc2\x9b", "\ufffd\ufffd", 2 },
    { "\u00ad\u061c\u200b\u200f\u2028\u202e\u2066\ufeff\U000e0041",
      "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd", 9 },
    { "\xff\xc3(\xe5\x90", "\ufffd\ufffd(\ufffd\ufffd", 5 },
};

START_TEST(foreign_text_is_made_fit_for_a_terminal)
{
    struct sp_str text = sp_str_of(texts[_i].text);
    SP_BUF(out);

    sp_glyph_add(&out, text);
    sp_buf_text(&out, "");
    ck_assert_str_eq(out.data, texts[_i].shown);
    ck_assert_uint_eq(sp_glyph_columns(text), texts[_i].columns);
}
END_TEST

START_TEST(glyphs_read_backwards_are_those_read_forwards)
{
    struct sp_str text = sp_str_of(texts[_i].text);

    for (size_t at = 0; at < text.len;) {
        size_t next = at + sp_glyph_at(text, at).bytes;
        ck_assert_uint_eq(sp_glyph_before(text, next), at);
        for (size_t inside = at; inside < next; inside++) {
            ck_assert_uint_eq(sp_glyph_start(text, inside), at);
        }
        at = next;
    }
    ck_assert_uint_eq(sp_glyph_start(text, text.len), text.len);
}
END_TEST

SP_SUITE(report_glyph)
{
    TCase *tcase = sp_testing_case(suite, "glyph");
    int count = (int)(sizeof texts / sizeof *texts);

    tcase_add_loop_test(tcase, foreign_text_is_made_fit_for_a_terminal, 0, count);
    tcase_add_loop_test(tcase, glyphs_read_backwards_are_those_read_forwards, 0, count);
}
