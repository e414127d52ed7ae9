#include "base/testing.h"
#include "text/json_read.h"
#include "text/json_write.h"

#include <string.h>

static void
fill(struct sp_json *json)
{
    sp_json_string(json, NULL, "z", "first");
    sp_json_u64(json, NULL, "max", UINT64_MAX);
    sp_json_u64(json, NULL, "odd", 9007199254740993u);
    sp_json_bool(json, NULL, "a", true);
    struct cJSON *array = sp_json_array(json, NULL, "list");
    sp_json_string(json, array, NULL, "\t\"{\n\t}\\");
    sp_json_bool(json, array, NULL, false);
    struct cJSON *object = sp_json_object(json, array, NULL);
    sp_json_u64(json, object, "zero", 0);
    sp_json_array(json, object, "none");
    sp_json_object(json, object, "nothing");
}

START_TEST(numbers_are_exact_and_keys_keep_their_order)
{
    SP_BUF(buf);
    struct sp_json json = sp_json_new();

    fill(&json);
    ck_assert(sp_json_print(&json, false, &buf));
    ck_assert_str_eq(buf.data, "{\"z\":\"first\",\"max\":18446744073709551615,"
                               "\"odd\":9007199254740993,\"a\":true,"
                               "\"list\":[\"\\t\\\"{\\n\\t}\\\\\",false,"
                               "{\"zero\":0,\"none\":[],\"nothing\":{}}]}");
    sp_json_free(&json);
}
END_TEST

START_TEST(pretty_means_two_spaces)
{
    SP_BUF(buf);
    struct sp_json json = sp_json_new();

    fill(&json);
    sp_buf_text(&buf, "= ");
    ck_assert(sp_json_print(&json, true, &buf));
    ck_assert_str_eq(buf.data, "= {\n"
                               "  \"z\": \"first\",\n"
                               "  \"max\": 18446744073709551615,\n"
                               "  \"odd\": 9007199254740993,\n"
                               "  \"a\": true,\n"
                               "  \"list\": [\"\\t\\\"{\\n\\t}\\\\\", false, {\n"
                               "      \"zero\": 0,\n"
                               "      \"none\": [],\n"
                               "      \"nothing\": {}\n"
                               "    }]\n"
                               "}");
    sp_json_free(&json);
}
END_TEST

START_TEST(an_empty_object_is_short)
{
    SP_BUF(buf);
    struct sp_json json = sp_json_new();

    ck_assert(sp_json_print(&json, true, &buf));
    ck_assert_str_eq(buf.data, "{}");
    sp_json_free(&json);
}
END_TEST

static const struct {
    struct sp_str value;
    const char *written;
} values[] = {
    { SP_STR(""), "{\"v\":\"\"}" },
    { { .ptr = NULL }, "{\"v\":\"\"}" },
    { SP_STR("\xc3\xa9\xf0\x9f\x98\x80"), "{\"v\":\"\xc3\xa9\xf0\x9f\x98\x80\"}" },
    { SP_STR("a\xff" "b\xc3"), "{\"v\":\"a\xef\xbf\xbd" "b\xef\xbf\xbd\"}" },
    { SP_STR("\xed\xa0\x80"), "{\"v\":\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"}" },
    { SP_STR("a\0b"), "{\"v\":\"a\xef\xbf\xbd" "b\"}" },
    { SP_STR("\0"), "{\"v\":\"\xef\xbf\xbd\"}" },
    { SP_STR("\x1b\x7f\b\f\r"), "{\"v\":\"\\u001b\x7f\\b\\f\\r\"}" },
    { SP_STR("a/b"), "{\"v\":\"a/b\"}" },
};

START_TEST(a_string_is_always_utf8)
{
    SP_BUF(buf);
    struct sp_json json = sp_json_new();

    sp_json_view(&json, NULL, "v", values[_i].value);
    ck_assert(sp_json_print(&json, false, &buf));
    ck_assert_str_eq(buf.data, values[_i].written);
    sp_json_free(&json);
}
END_TEST

START_TEST(what_was_written_can_be_read)
{
    SP_SCRATCH(arena);
    SP_BUF(buf);
    struct sp_json json = sp_json_new();
    struct sp_report report = { .arena = &arena };
    struct sp_doc doc;

    fill(&json);
    ck_assert(sp_json_print(&json, _i == 1, &buf));
    struct sp_source *source = sp_source_new(&arena, "test", sp_buf_view(&buf));
    ck_assert(sp_json_read(&arena, source, &SP_DOC_LIMITS, &report, &doc));
    ck_assert_uint_eq(doc.root->count, 5);
    ck_assert(sp_node_is_string(sp_node_member(doc.root, "list")->first, "\t\"{\n\t}\\"));
    sp_json_free(&json);
}
END_TEST

START_TEST(after_a_failure_nothing_is_written)
{
    SP_BUF(buf);
    struct sp_json json = sp_json_new();

    json.failed = true;
    fill(&json);
    ck_assert_ptr_null(sp_json_object(&json, NULL, "x"));
    ck_assert_ptr_null(sp_json_array(&json, NULL, "x"));
    ck_assert(!sp_json_print(&json, true, &buf));
    ck_assert(buf.failed);
    sp_json_free(&json);
    sp_json_free(&json);
}
END_TEST

SP_SUITE(json_write)
{
    TCase *tcase = sp_testing_case(suite, "json_write");

    tcase_add_test(tcase, numbers_are_exact_and_keys_keep_their_order);
    tcase_add_test(tcase, pretty_means_two_spaces);
    tcase_add_test(tcase, an_empty_object_is_short);
    tcase_add_loop_test(tcase, a_string_is_always_utf8, 0, sizeof values / sizeof *values);
    tcase_add_loop_test(tcase, what_was_written_can_be_read, 0, 2);
    tcase_add_test(tcase, after_a_failure_nothing_is_written);
}
