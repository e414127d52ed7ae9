#include "base/testing.h"
#include "text/utf8.h"

#include <string.h>

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

static bool
is_surrogate(uint32_t point)
{
    return point >= 0xd800 && point < 0xe000;
}

START_TEST(every_code_point_comes_back)
{
    uint32_t point;
    char bytes[4];

    for (uint32_t each = 0; each <= 0x10ffff; each++) {
        size_t len = sp_utf8_encode(each, bytes);
        size_t taken = sp_utf8_decode(bytes, len, &point);
        if (is_surrogate(each)) {
            ck_assert_uint_eq(taken, 0);
            continue;
        }
        if (taken != len || point != each || sp_utf8_decode(bytes, len - 1, &point) != 0) {
            ck_abort_msg("U+%04X does not come back", each);
        }
    }
}
END_TEST

/* An oracle that knows the rules by arithmetic, not by table: RFC 3629, section 3. */
static size_t
slow_length(const unsigned char *bytes, size_t left)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t len = bytes[0] < 0x80 ? 1 : bytes[0] >> 5 == 6 ? 2 : bytes[0] >> 4 == 14 ? 3
               : bytes[0] >> 3 == 30 ? 4 : 0;
    uint32_t point = len == 1 ? bytes[0] : bytes[0] & (0x7fu >> len);

    if (len == 0 || len > left) {
        return 0;
    }
    for (size_t i = 1; i < len; i++) {
        if (bytes[i] >> 6 != 2) {
            return 0;
        }
        point = point << 6 | (bytes[i] & 0x3f);
    }
    return point < least[len] || point > 0x10ffff || is_surrogate(point) ? 0 : len;
}

/* All first and second bytes, with the values at the edges for the others. */
START_TEST(nothing_else_is_accepted)
{
    static const unsigned char edges[] = { 0x00, 0x22, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf,
                                           0xc0, 0xff };
    uint32_t point;

    for (unsigned first = 0; first < 0x10000; first++) {
        for (size_t i = 0; i < sizeof edges * sizeof edges; i++) {
            unsigned char bytes[4] = { (unsigned char)(first >> 8), (unsigned char)first,
                                       edges[i / sizeof edges], edges[i % sizeof edges] };
            for (size_t left = 1; left <= 4; left++) {
                if (sp_utf8_decode((const char *)bytes, left, &point)
                    != slow_length(bytes, left)) {
                    ck_abort_msg("%02x %02x %02x %02x, %zu bytes", bytes[0], bytes[1], bytes[2],
                                 bytes[3], left);
                }
            }
        }
    }
    ck_assert_uint_eq(sp_utf8_decode("", 0, &point), 0);
}
END_TEST

static const struct {
    struct sp_str text;
    size_t sound;
    size_t count;
} texts[] = {
    { SP_STR(""), 0, 0 },
    { SP_STR("abc"), 3, 3 },
    { SP_STR("abcdefgh"), 8, 8 },
    { SP_STR("abcdefgh\xc3\xa9ijklmnop"), 18, 17 },
    { SP_STR("a\0b"), 3, 3 },
    { SP_STR("\xf0\x9f\x98\x80"), 4, 1 },
    { SP_STR("\xff"), 0, 1 },
    { SP_STR("abcdefghi\xff"), 9, 10 },
    { SP_STR("ab\xe4\xb8"), 2, 4 },
    { SP_STR("\xc3\xa9\xa9"), 2, 2 },
    { SP_STR("\xed\xa0\x80"), 0, 3 },
};

START_TEST(the_first_bad_byte_is_found)
{
    ck_assert_uint_eq(sp_utf8_check(texts[_i].text), texts[_i].sound);
    ck_assert_uint_eq(sp_utf8_count(texts[_i].text), texts[_i].count);
}
END_TEST

START_TEST(a_cursor_goes_both_ways)
{
    static const size_t offsets[] = { 0, 1, 3, 6, 10, 11 };
    struct sp_str text = SP_STR("a\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80z");
    struct sp_utf8_cursor cursor = { .index = 0 };

    for (size_t i = 0; i < 36; i++) {
        size_t index = i * 7 % 6;
        ck_assert_uint_eq(sp_utf8_seek(text, &cursor, index), offsets[index]);
    }
    ck_assert_uint_eq(sp_utf8_seek(text, &cursor, 99), text.len);
    ck_assert_uint_eq(sp_utf8_seek(text, &cursor, 0), 0);
}
END_TEST

static const struct {
    uint32_t point;
    unsigned width;
} widths[] = {
    { 'a', 1 },      { 0x00, 1 },     { 0x1b, 1 },    { 0xe9, 1 },    { 0xad, 1 },
    { 0x301, 0 },    { 0x200b, 0 },   { 0x200d, 0 },  { 0xfe0f, 0 },  { 0xfeff, 0 },
    { 0x1160, 0 },   { 0x1100, 2 },   { 0x4e2d, 2 },  { 0x3000, 2 },  { 0xff21, 2 },
    { 0xff71, 1 },   { 0xac00, 2 },   { 0x1f600, 2 }, { 0x20000, 2 }, { 0x3fffd, 2 },
    { 0x10ffff, 1 }, { 0x2500, 1 },   { 0x1f1e6, 1 }, { 0xe0001, 0 }, { 0x303f, 1 },
};

START_TEST(a_terminal_needs_so_many_columns)
{
    ck_assert_uint_eq(sp_utf8_width(widths[_i].point), widths[_i].width);
}
END_TEST

/* The search among the ranges goes wrong where they are not in order. */
START_TEST(widths_change_only_where_their_ranges_do)
{
    unsigned changes = 0;

    for (uint32_t point = 1; point <= 0x10ffff; point++) {
        ck_assert_uint_le(sp_utf8_width(point), 2);
        changes += sp_utf8_width(point) != sp_utf8_width(point - 1);
    }
    ck_assert_uint_gt(changes, 700);
}
END_TEST

SP_SUITE(utf8)
{
    TCase *tcase = sp_testing_case(suite, "utf8");

    tcase_add_test(tcase, every_code_point_comes_back);
    tcase_add_test(tcase, nothing_else_is_accepted);
    tcase_add_loop_test(tcase, the_first_bad_byte_is_found, 0, COUNT(texts));
    tcase_add_test(tcase, a_cursor_goes_both_ways);
    tcase_add_loop_test(tcase, a_terminal_needs_so_many_columns, 0, COUNT(widths));
    tcase_add_test(tcase, widths_change_only_where_their_ranges_do);
}
