#include "base/testing.h"
#include "report/wrap.h"

/* Eighteen columns are nine characters. */
#define WIDE_18 "\u540d\u524d\u540d\u524d\u540d\u524d\u540d\u524d\u540d"

/* Folded to 40 columns, the first line from column 4, the others behind "  | ". */
static const struct {
    const char *text;
    const char *folded;
} texts[] = {
    { "", "" },
    { "  \n ", "" },
    { "one", "one" },
    { "  one\ttwo \r\n three  ", "one two three" },
    { "words that fill the line to its very", "words that fill the line to its very" },
    { "words that fill the line to its verys", "words that fill the line to its\n  | verys" },
    { "a_word_that_is_far_longer_than_a_line_can_be and more",
      "a_word_that_is_far_longer_than_a_line_can_be\n  | and more" },
    { "more and a_word_that_is_far_longer_than_a_line_can_be",
      "more and\n  | a_word_that_is_far_longer_than_a_line_can_be" },
    { "nothing tears `secprof explain SP401` apart",
      "nothing tears\n  | `secprof explain SP401` apart" },
    { "but `what no line of this width can hold whole` is torn",
      "but `what no line of this width can\n  | hold whole` is torn" },
    { "an open ` is no reason not to fold the line",
      "an open ` is no reason not to fold\n  | the line" },
    { WIDE_18 " " WIDE_18 " \u540d", WIDE_18 "\n  | " WIDE_18 " \u540d" },
    { "exactly fits, " WIDE_18 " two", "exactly fits, " WIDE_18 " two" },
    { "does not fit!, " WIDE_18 " two", "does not fit!, " WIDE_18 "\n  | two" },
    { "no \x1b[31m escapes", "no \ufffd[31m escapes" },
};

START_TEST(prose_is_folded)
{
    const struct sp_wrap wrap = { .width = 40, .column = 4, .prefix = SP_STR("  | ") };
    SP_BUF(out);

    sp_wrap_add(&out, &wrap, sp_str_of(texts[_i].text));
    sp_buf_text(&out, "");
    ck_assert_str_eq(out.data, texts[_i].folded);
}
END_TEST

START_TEST(without_a_width_nothing_is_folded)
{
    SP_BUF(out);
    SP_BUF(text);

    for (size_t i = 0; i < 1000; i++) {
        sp_buf_text(&text, i == 0 ? "`word`" : " `word`");
    }
    sp_wrap_add(&out, &(struct sp_wrap){ .width = 0 }, sp_buf_view(&text));
    ck_assert_str_eq(out.data, text.data);
}
END_TEST

START_TEST(a_terminal_too_narrow_for_the_prefix_still_shows_the_text)
{
    SP_BUF(out);

    sp_wrap_add(&out, &(struct sp_wrap){ .width = 3, .column = 6, .prefix = SP_STR("      ") },
                SP_STR("twenty columns there are at least"));
    ck_assert_str_eq(out.data, "twenty columns there\n      are at least");
}
END_TEST

SP_SUITE(report_wrap)
{
    TCase *tcase = sp_testing_case(suite, "wrap");

    tcase_add_loop_test(tcase, prose_is_folded, 0, (int)(sizeof texts / sizeof *texts));
    tcase_add_test(tcase, without_a_width_nothing_is_folded);
    tcase_add_test(tcase, a_terminal_too_narrow_for_the_prefix_still_shows_the_text);
}
