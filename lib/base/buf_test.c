#include "base/buf.h"
#include "base/testing.h"

#include <stdlib.h>
#include <string.h>

START_TEST(pieces_of_all_kinds_make_one_text)
{
    SP_BUF(buf);

    sp_buf_text(&buf, "a");
    sp_buf_char(&buf, 'b');
    sp_buf_repeat(&buf, '-', 3);
    sp_buf_repeat(&buf, '-', 0);
    sp_buf_add(&buf, sp_str_slice(SP_STR("xyz"), 1, 2));
    sp_buf_add(&buf, sp_str_of(NULL));
    sp_buf_format(&buf, "%u%s", 12u, "");
    ck_assert_str_eq(buf.data, "ab---y12");
    ck_assert(sp_str_is(sp_buf_view(&buf), "ab---y12"));
    ck_assert(!buf.failed);
}
END_TEST

START_TEST(a_text_grows_past_every_capacity)
{
    SP_BUF(buf);
    SP_BUF(long_one);

    sp_buf_repeat(&long_one, 'x', 5000);
    for (int i = 0; i < 1000; i++) {
        sp_buf_format(&buf, "%d,", i % 10);
    }
    sp_buf_format(&buf, "%s", long_one.data);
    ck_assert_uint_eq(buf.len, 7000);
    ck_assert_uint_eq(strlen(buf.data), 7000);
    ck_assert_int_eq(memcmp(buf.data + 1996, "8,9,xxx", 7), 0);
}
END_TEST

START_TEST(nul_is_a_byte_like_any_other)
{
    SP_BUF(buf);

    sp_buf_add(&buf, SP_STR("a\0b"));
    sp_buf_char(&buf, '\0');
    ck_assert_uint_eq(buf.len, 4);
    ck_assert(sp_str_equal(sp_buf_view(&buf), SP_STR("a\0b\0")));
}
END_TEST

START_TEST(cutting_goes_back)
{
    SP_BUF(buf);

    sp_buf_cut(&buf, 0);
    sp_buf_text(&buf, "abc");
    sp_buf_cut(&buf, 1);
    sp_buf_text(&buf, "z");
    ck_assert_str_eq(buf.data, "az");
}
END_TEST

START_TEST(taking_leaves_an_empty_buffer)
{
    SP_BUF(buf);
    size_t len = 99;

    char *empty = sp_buf_take(&buf, &len);
    ck_assert_str_eq(empty, "");
    ck_assert_uint_eq(len, 0);
    free(empty);

    sp_buf_text(&buf, "abc");
    char *text = sp_buf_take(&buf, &len);
    ck_assert_str_eq(text, "abc");
    ck_assert_uint_eq(len, 3);
    ck_assert_ptr_null(buf.data);
    ck_assert_uint_eq(buf.len, 0);
    free(text);
}
END_TEST

START_TEST(after_a_failure_nothing_changes)
{
    SP_BUF(buf);
    size_t len = 99;

    sp_buf_text(&buf, "abc");
    sp_buf_repeat(&buf, 'x', SIZE_MAX / 2);
    ck_assert(buf.failed);
    sp_buf_text(&buf, "d");
    sp_buf_format(&buf, "%s", "e");
    sp_buf_char(&buf, 'f');
    ck_assert_str_eq(buf.data, "abc");
    ck_assert_ptr_null(sp_buf_take(&buf, &len));
    ck_assert_uint_eq(len, 99);
}
END_TEST

SP_SUITE(buf)
{
    TCase *tcase = sp_testing_case(suite, "buf");

    tcase_add_test(tcase, pieces_of_all_kinds_make_one_text);
    tcase_add_test(tcase, a_text_grows_past_every_capacity);
    tcase_add_test(tcase, nul_is_a_byte_like_any_other);
    tcase_add_test(tcase, cutting_goes_back);
    tcase_add_test(tcase, taking_leaves_an_empty_buffer);
    tcase_add_test(tcase, after_a_failure_nothing_changes);
}
