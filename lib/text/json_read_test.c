#include "text/json_read.h"

#include "base/testing.h"
#include "text/doc_check.h"
#include "text/table_testing.h"

#include <cjson/cJSON.h>
#include <string.h>

static char *const *paths;
static int path_count;

/* ---- the corpus ---------------------------------------------------------------------- */

static bool
must_be_read(const char *name)
{
    if (name[0] == 'i') {
        char *decision = sp_testing_row("testdata/json/implementation.txt", name);
        ck_assert_msg(decision != NULL, "implementation.txt does not speak of %s", name);
        bool accepted = strncmp(decision, "accepted ", strlen("accepted ")) == 0;
        ck_assert_msg(accepted || strncmp(decision, "refused ", strlen("refused ")) == 0,
                      "%s: neither accepted nor refused, or without a reason", name);
        free(decision);
        return accepted;
    }
    ck_assert_msg(name[0] == 'y' || name[0] == 'n', "%s: no name for a file here", name);
    return name[0] == 'y';
}

static bool
read_text(struct sp_arena *arena, struct sp_str text, struct sp_report *report,
          struct sp_doc *ret_doc)
{
    struct sp_source *source = sp_source_new(arena, "test", text);

    ck_assert_ptr_nonnull(source);
    report->arena = arena;
    return sp_json_read(arena, source, &SP_DOC_LIMITS, report, ret_doc);
}

START_TEST(a_file_is_read_or_refused_as_its_name_says)
{
    SP_SCRATCH(arena);
    struct sp_report report = { .arena = NULL };
    struct sp_doc doc = { .root = NULL };
    const char *name = sp_testing_base_name(paths[_i]);
    struct sp_str text = sp_testing_read(paths[_i]);
    bool read = read_text(&arena, text, &report, &doc);

    ck_assert_msg(read == must_be_read(name), "%s was %s", name, read ? "read" : "refused");
    ck_assert(!report.failed);
    if (read) {
        ck_assert_uint_eq(report.diags.count, 0);
        sp_doc_check_node(&doc, doc.root);
    } else {
        ck_assert_ptr_null(doc.root);
        ck_assert_uint_eq(report.diags.count, 1);
        ck_assert_uint_le(report.diags.at[0]->place.span.end, text.len);
    }
    free((void *)text.ptr);
}
END_TEST

/* ---- a second opinion ---------------------------------------------------------------- */

static bool
same_as_cjson(const struct sp_node *node, const cJSON *item)
{
    static const int types[] = {
        [SP_NODE_NULL] = cJSON_NULL,     [SP_NODE_BOOL] = cJSON_True | cJSON_False,
        [SP_NODE_NUMBER] = cJSON_Number, [SP_NODE_STRING] = cJSON_String,
        [SP_NODE_ARRAY] = cJSON_Array,   [SP_NODE_OBJECT] = cJSON_Object,
    };
    const cJSON *child = item->child;

    if ((item->type & types[node->kind]) == 0) {
        return false;
    }
    if (node->kind == SP_NODE_BOOL && sp_str_is(node->text, "true") != cJSON_IsTrue(item)) {
        return false;
    }
    if (node->kind == SP_NODE_STRING && strcmp(node->text.ptr, item->valuestring) != 0) {
        return false;
    }
    if (node->kind == SP_NODE_NUMBER && strtod(node->text.ptr, NULL) != item->valuedouble) {
        return false;
    }
    for sp_node_each(each, node) {
        bool has_key = each->key.ptr != NULL;
        if (child == NULL || (has_key && strcmp(each->key.ptr, child->string) != 0)
            || !same_as_cjson(each, child)) {
            return false;
        }
        child = child->next;
    }
    return child == NULL;
}

START_TEST(cjson_agrees_where_it_is_not_known_to_differ)
{
    SP_SCRATCH(arena);
    struct sp_report report = { .arena = NULL };
    struct sp_doc doc = { .root = NULL };
    struct sp_str text = sp_testing_read(paths[_i]);
    bool read = read_text(&arena, text, &report, &doc);
    cJSON *item = cJSON_ParseWithLengthOpts(text.ptr, text.len + 1, NULL, 1);
    bool agrees = read ? item != NULL && same_as_cjson(doc.root, item) : item == NULL;
    char *reason = sp_testing_row("testdata/json/cjson.txt", sp_testing_base_name(paths[_i]));
    bool listed = reason != NULL;

    free(reason);
    ck_assert_msg(agrees || listed, "cJSON %s %s", item != NULL ? "reads" : "refuses",
                  paths[_i]);
    ck_assert_msg(!agrees || !listed, "cjson.txt lists %s, but cJSON agrees", paths[_i]);
    cJSON_Delete(item);
    free((void *)text.ptr);
}
END_TEST

/* ---- what a tree says ---------------------------------------------------------------- */

static const struct {
    const char *text;
    enum sp_number fits;
    uint64_t value;
} numbers[] = {
    { "0", SP_NUMBER_OK, 0 },
    { "18446744073709551615", SP_NUMBER_OK, UINT64_MAX },
    { "18446744073709551616", SP_NUMBER_TOO_LARGE, 0 },
    { "9007199254740993", SP_NUMBER_OK, 9007199254740993u },
    { "99999999999999999999999", SP_NUMBER_TOO_LARGE, 0 },
    { "-1", SP_NUMBER_NEGATIVE, 0 },
    { "-0", SP_NUMBER_NEGATIVE, 0 },
    { "-99999999999999999999999", SP_NUMBER_NEGATIVE, 0 },
    { "1.0", SP_NUMBER_NOT_WHOLE, 0 },
    { "-1.5", SP_NUMBER_NOT_WHOLE, 0 },
    { "1e2", SP_NUMBER_NOT_WHOLE, 0 },
    { "1E2", SP_NUMBER_NOT_WHOLE, 0 },
};

START_TEST(a_number_keeps_its_text_and_its_value)
{
    SP_SCRATCH(arena);
    struct sp_report report = { .arena = NULL };
    struct sp_doc doc;
    uint64_t value = 0;

    ck_assert(read_text(&arena, sp_str_of(numbers[_i].text), &report, &doc));
    ck_assert_int_eq(doc.root->kind, SP_NODE_NUMBER);
    ck_assert(sp_str_is(doc.root->text, numbers[_i].text));
    ck_assert_int_eq(sp_node_u64(doc.root, &value), numbers[_i].fits);
    ck_assert_uint_eq(value, numbers[_i].value);
}
END_TEST

static const struct {
    const char *text;
    struct sp_str decoded;
} strings[] = {
    { "\"\"", SP_STR("") },
    { "\"a/b\\/c\"", SP_STR("a/b/c") },
    { "\"\\\"\\\\\\b\\f\\n\\r\\t\"", SP_STR("\"\\\b\f\n\r\t") },
    { "\"\\u0041\\u00e9\\u4e2d\\uffff\"", SP_STR("A\xc3\xa9\xe4\xb8\xad\xef\xbf\xbf") },
    { "\"\\ud83d\\ude00 \\uDBFF\\uDFFF\"", SP_STR("\xf0\x9f\x98\x80 \xf4\x8f\xbf\xbf") },
    { "\"a\\u0000b\"", SP_STR("a\0b") },
    { "\"abcdefgh\\nijklmnop\xc3\xa9qrstuvwx\"", SP_STR("abcdefgh\nijklmnop\xc3\xa9qrstuvwx") },
};

START_TEST(a_string_is_decoded)
{
    SP_SCRATCH(arena);
    struct sp_report report = { .arena = NULL };
    struct sp_doc doc;

    ck_assert(read_text(&arena, sp_str_of(strings[_i].text), &report, &doc));
    ck_assert(sp_str_equal(doc.root->text, strings[_i].decoded));
    ck_assert_int_eq(doc.root->text.ptr[doc.root->text.len], '\0');
}
END_TEST

START_TEST(duplicate_keys_stay_and_the_last_one_counts)
{
    SP_SCRATCH(arena);
    struct sp_report report = { .arena = NULL };
    struct sp_doc doc;

    ck_assert(read_text(&arena, SP_STR("{\"a\": 1, \"b\": 2, \"a\": \"x\"}"), &report, &doc));
    ck_assert_uint_eq(doc.root->count, 3);
    ck_assert(sp_node_is_string(sp_node_member(doc.root, "a"), "x"));
    ck_assert_ptr_null(sp_node_member(doc.root, "c"));
    ck_assert_ptr_null(sp_node_member(doc.root->first, "a"));
    ck_assert_ptr_null(sp_node_member(NULL, "a"));
    ck_assert(!sp_node_is_string(NULL, "x"));
}
END_TEST

START_TEST(a_pointer_escapes_what_rfc_6901_wants_escaped)
{
    SP_SCRATCH(arena);
    SP_BUF(buf);
    struct sp_report report = { .arena = NULL };
    struct sp_doc doc;

    ck_assert(read_text(&arena, SP_STR("{\"a/b~c\": [[], {\"\": 1}]}"), &report, &doc));
    sp_node_pointer(doc.root, &buf);
    ck_assert_uint_eq(buf.len, 0);
    sp_node_pointer(doc.root->first->first->next->first, &buf);
    ck_assert(sp_str_is(sp_buf_view(&buf), "/a~1b~0c/1/"));
}
END_TEST

/* ---- limits -------------------------------------------------------------------------- */

static const struct {
    const char *text;
    struct sp_doc_limits limits;
    const char *message;  /* NULL: within the limits */
    uint32_t at;
} limited[] = {
    { "[[1]]", { .bytes = 5, .depth = 2, .nodes = 3 }, NULL, 0 },
    { "[[1]]", { .bytes = 4, .depth = 2, .nodes = 3 },
      "the text has 5 bytes, more than the limit of 4", 0 },
    { "[[1]]", { .bytes = 5, .depth = 1, .nodes = 3 },
      "arrays and objects stand 2 deep here, deeper than the limit of 1", 1 },
    { "[[1]]", { .bytes = 5, .depth = 2, .nodes = 2 },
      "the text holds at least 3 values, more than the limit of 2", 2 },
    { "1", { .bytes = 1, .depth = 0, .nodes = 1 }, NULL, 0 },
    { "[]", { .bytes = 2, .depth = 0, .nodes = 1 },
      "arrays and objects stand 1 deep here, deeper than the limit of 0", 0 },
    { "[x", { .bytes = 1, .depth = 0, .nodes = 0 },
      "the text has 2 bytes, more than the limit of 1", 0 },
};

START_TEST(a_limit_stops_the_reader_and_says_so)
{
    SP_SCRATCH(arena);
    struct sp_report report = { .arena = &arena };
    struct sp_doc doc;
    struct sp_source *source = sp_source_new(&arena, "test", sp_str_of(limited[_i].text));
    bool read = sp_json_read(&arena, source, &limited[_i].limits, &report, &doc);

    ck_assert_int_eq(read, limited[_i].message == NULL);
    if (!read) {
        ck_assert_uint_eq(report.diags.count, 1);
        ck_assert_uint_eq(report.diags.at[0]->code, SP_CODE_TOO_LARGE);
        ck_assert_str_eq(report.diags.at[0]->message, limited[_i].message);
        ck_assert_uint_eq(report.diags.at[0]->place.span.start, limited[_i].at);
    }
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

SP_SUITE(json_read)
{
    TCase *tcase = sp_testing_case(suite, "json_read");

    paths = sp_testing_files("testdata/json", ".json", &path_count);
    tcase_add_loop_test(tcase, a_file_is_read_or_refused_as_its_name_says, 0, path_count);
    tcase_add_loop_test(tcase, cjson_agrees_where_it_is_not_known_to_differ, 0, path_count);
    tcase_add_loop_test(tcase, a_number_keeps_its_text_and_its_value, 0, COUNT(numbers));
    tcase_add_loop_test(tcase, a_string_is_decoded, 0, COUNT(strings));
    tcase_add_test(tcase, duplicate_keys_stay_and_the_last_one_counts);
    tcase_add_test(tcase, a_pointer_escapes_what_rfc_6901_wants_escaped);
    tcase_add_loop_test(tcase, a_limit_stops_the_reader_and_says_so, 0, COUNT(limited));
}
