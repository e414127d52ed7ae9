#include "base/testing.h"
#include "text/source.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

#define BOM "\xef\xbb\xbf"
#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

static const struct {
    struct sp_str text;
    uint32_t offset;
    uint32_t line;
    uint32_t column;
} places[] = {
    { SP_STR(""), 0, 1, 1 },
    { SP_STR(""), 7, 1, 1 },
    { SP_STR("abc"), 0, 1, 1 },
    { SP_STR("abc"), 2, 1, 3 },
    { SP_STR("abc"), 3, 1, 4 },
    { SP_STR("abc"), 1000, 1, 4 },
    { SP_STR("abc\n"), 3, 1, 4 },
    { SP_STR("abc\n"), 4, 2, 1 },
    { SP_STR("abc\n"), 5, 2, 1 },
    { SP_STR("\n\n\n"), 1, 2, 1 },
    { SP_STR("\n\n\n"), 3, 4, 1 },
    { SP_STR("a\r\nb"), 1, 1, 2 },
    { SP_STR("a\r\nb"), 2, 1, 2 },  /* the LF begins where its line end does */
    { SP_STR("a\r\nb"), 3, 2, 1 },
    { SP_STR("a\r\r\nb"), 2, 1, 3 },
    { SP_STR("a\rb"), 2, 1, 3 },
    { SP_STR("a\r"), 2, 1, 3 },
    { SP_STR("\ta\t\tb"), 4, 1, 5 },
    { SP_STR("\xc3\xa9x"), 2, 1, 2 },
    { SP_STR("\xc3\xa9x"), 1, 1, 1 },  /* inside the code point */
    { SP_STR("\xe4\xb8\xad\xe6\x96\x87"), 3, 1, 2 },
    { SP_STR("\xf0\x9f\x98\x80\xf0\x9f\x98\x80x"), 8, 1, 3 },
    { SP_STR("\xf0\x9f\x98\x80x"), 3, 1, 1 },
    { SP_STR("\xff\xff\xc3"), 2, 1, 3 },
    { SP_STR("\xff\xff\xc3"), 3, 1, 4 },
    { SP_STR("\xc3\n\xa9z"), 3, 2, 2 },
    { SP_STR(BOM "ab"), 0, 1, 1 },
    { SP_STR(BOM "ab"), 2, 1, 1 },
    { SP_STR(BOM "ab"), 3, 1, 1 },
    { SP_STR(BOM "ab"), 4, 1, 2 },
    { SP_STR(BOM "\nab"), 5, 2, 2 },
    { SP_STR("a" BOM "b"), 4, 1, 3 },
    { SP_STR(BOM), 3, 1, 1 },
    { SP_STR("a\0\nb"), 3, 2, 1 },
};

static struct sp_source *
new_source(struct sp_arena *arena, struct sp_str text)
{
    struct sp_source *source = sp_source_new(arena, "test", text);

    ck_assert(source != NULL && sp_source_index(arena, source));
    return source;
}

START_TEST(a_byte_has_a_line_and_a_column)
{
    SP_SCRATCH(arena);
    struct sp_source *source = new_source(&arena, places[_i].text);
    struct sp_position position = sp_source_position(source, places[_i].offset);

    ck_assert_uint_eq(position.line, places[_i].line);
    ck_assert_uint_eq(position.column, places[_i].column);
}
END_TEST

/* Four bytes a line, whatever they are. */
static const struct {
    uint32_t offset;
    uint32_t line;
    uint32_t column;
    const char *bytes;
} records[] = {
    { 0, 1, 1, "a\n\n\r" },
    { 3, 1, 4, "a\n\n\r" },
    { 4, 2, 1, "\xe5\x90zz" },
    { 6, 2, 3, "\xe5\x90zz" },
    { 9, 3, 2, "xy" },
    { 10, 4, 1, "" },
    { 99, 4, 1, "" },
};

START_TEST(a_record_is_a_line)
{
    SP_SCRATCH(arena);
    struct sp_source *source = sp_source_new(&arena, "test", SP_STR("a\n\n\r\xe5\x90zzxy"));

    ck_assert_ptr_nonnull(source);
    source->record = 4;
    ck_assert(sp_source_index(&arena, source));
    struct sp_position position = sp_source_position(source, records[_i].offset);
    ck_assert_uint_eq(position.line, records[_i].line);
    ck_assert_uint_eq(position.column, records[_i].column);
    ck_assert(sp_str_is(sp_source_line(source, position.line), records[_i].bytes));
}
END_TEST

static const struct {
    struct sp_str text;
    uint32_t line;
    const char *bytes;
} lines[] = {
    { SP_STR(""), 0, "" },
    { SP_STR(""), 1, "" },
    { SP_STR(""), 2, "" },
    { SP_STR("ab\r\ncd\n"), 1, "ab" },
    { SP_STR("ab\r\ncd\n"), 2, "cd" },
    { SP_STR("ab\r\ncd\n"), 3, "" },
    { SP_STR("ab\r\ncd\n"), 4, "" },
    { SP_STR("ab\ncd"), 2, "cd" },
    { SP_STR("ab\ncd\r"), 2, "cd\r" },
    { SP_STR("\r\n\r\n"), 2, "" },
    { SP_STR("a\rb\n"), 1, "a\rb" },
    { SP_STR(BOM "ab\n"), 1, "ab" },
    { SP_STR(BOM), 1, "" },
};

START_TEST(a_line_comes_without_its_end)
{
    SP_SCRATCH(arena);
    struct sp_source *source = new_source(&arena, lines[_i].text);

    ck_assert(sp_str_is(sp_source_line(source, lines[_i].line), lines[_i].bytes));
}
END_TEST

START_TEST(a_slice_stays_inside_the_text)
{
    SP_SCRATCH(arena);
    struct sp_source *source = new_source(&arena, SP_STR("abcdef"));

    ck_assert(sp_str_is(sp_source_slice(source, (struct sp_span){ 1, 3 }), "bc"));
    ck_assert(sp_str_is(sp_source_slice(source, (struct sp_span){ 4, 99 }), "ef"));
    ck_assert(sp_str_is(sp_source_slice(source, (struct sp_span){ 98, 99 }), ""));
}
END_TEST

START_TEST(a_name_is_copied_and_the_index_made_once)
{
    SP_SCRATCH(arena);
    char name[] = "a.json";
    struct sp_source *source = sp_source_new(&arena, name, SP_STR("a\nb"));

    name[0] = 'x';
    ck_assert_str_eq(source->name, "a.json");
    ck_assert(sp_source_index(&arena, source));
    const uint32_t *first = source->lines;
    ck_assert(sp_source_index(&arena, source));
    ck_assert_ptr_eq(source->lines, first);
    ck_assert_uint_eq(source->line_count, 2);
}
END_TEST

/* Walks the whole text for each place, as the contract words it. */
static struct sp_position
slow_position(struct sp_str text, size_t offset)
{
    struct sp_position position = { .line = 1, .column = 1 };
    size_t at = sp_str_has_prefix(text, BOM) ? 3 : 0;
    uint32_t point;

    while (at < offset && at < text.len) {
        size_t len = sp_utf8_decode(text.ptr + at, text.len - at, &point);
        len = len == 0 ? 1 : len;
        bool ends = sp_str_has_prefix(sp_str_slice(text, at, text.len), "\r\n");
        if (at + len > offset || (ends && at + 2 > offset)) {
            break;
        }
        at += ends ? 2 : len;
        bool is_end = ends || text.ptr[at - 1] == '\n';
        position.line += is_end;
        position.column = is_end ? 1 : position.column + 1;
    }
    return position;
}

/* Long lines of all kinds of bytes, so that every mark of the index is crossed. */
START_TEST(places_in_long_lines_are_counted_right)
{
    static const char *const pieces[] = { "a", "\xc3\xa9", "\xe4\xb8\xad", "\xf0\x9f\x98\x80",
                                          "\xff", "\xf0\x9f", "\t", "\r\n", "\n", "\r", "bcd",
                                          "\xed\xa0\x80" };
    SP_SCRATCH(arena);
    size_t len = _i % 2 == 0 ? 0 : 3;
    char *text = sp_arena_alloc(&arena, 20000);
    unsigned seed = (unsigned)_i + 1;

    memcpy(text, BOM, len);
    while (len < 19000) {
        seed = seed * 1103515245 + 12345;
        unsigned choice = seed >> 16;
        /* Few line ends, so that lines are longer than the distance of two marks. */
        size_t piece = choice % 4000 == 0 ? 7 + choice / 4000 % 2 : choice % COUNT(pieces);
        piece = piece == 7 || piece == 8 ? (choice % 4000 == 0 ? piece : 0) : piece;
        memcpy(text + len, pieces[piece], strlen(pieces[piece]));
        len += strlen(pieces[piece]);
    }
    struct sp_str view = { .ptr = text, .len = len };
    struct sp_source *source = new_source(&arena, view);
    for (uint32_t offset = (uint32_t)_i; offset < len + 2; offset += 37) {
        struct sp_position fast = sp_source_position(source, offset);
        struct sp_position slow = slow_position(view, offset);
        ck_assert_uint_eq(fast.line, slow.line);
        ck_assert_uint_eq(fast.column, slow.column);
    }
}
END_TEST

SP_SUITE(source)
{
    TCase *tcase = sp_testing_case(suite, "source");

    tcase_add_loop_test(tcase, a_byte_has_a_line_and_a_column, 0, COUNT(places));
    tcase_add_loop_test(tcase, a_record_is_a_line, 0, COUNT(records));
    tcase_add_loop_test(tcase, a_line_comes_without_its_end, 0, COUNT(lines));
    tcase_add_test(tcase, a_slice_stays_inside_the_text);
    tcase_add_test(tcase, a_name_is_copied_and_the_index_made_once);
    tcase_add_loop_test(tcase, places_in_long_lines_are_counted_right, 0, 8);
}
