#include "text/yaml_read.h"

#include "base/testing.h"
#include "text/doc_check.h"
#include "text/json_read.h"
#include "text/table_testing.h"

#include <string.h>

static char *const *paths;
static int path_count;
static char *const *json_paths;
static int json_path_count;

typedef bool read_function(struct sp_arena *arena, const struct sp_source *source,
                           const struct sp_doc_limits *limits, struct sp_report *report,
                           struct sp_doc *ret_doc);

static struct sp_doc
read_file(struct sp_arena *arena, const char *path, read_function *read)
{
    struct sp_str file = sp_testing_read(path);
    struct sp_str text = { .ptr = sp_arena_copy(arena, file), .len = file.len };
    struct sp_source *source = sp_source_new(arena, path, text);
    struct sp_report report = { .arena = arena };
    struct sp_doc doc = { .root = NULL };

    free((void *)file.ptr);
    ck_assert_msg(read(arena, source, &SP_DOC_LIMITS, &report, &doc), "%s: %s", path,
                  report.diags.count > 0 ? report.diags.at[0]->message : "no memory");
    ck_assert_uint_eq(report.diags.count, 0);
    sp_doc_check_node(&doc, doc.root);
    return doc;
}

/* Beside each foo.yaml lies a foo.json that says the same. */
START_TEST(yaml_says_the_same_as_json)
{
    SP_SCRATCH(arena);
    int stem = (int)(strlen(paths[_i]) - strlen(".yaml"));
    const char *json = sp_arena_format(&arena, "%.*s.json", stem, paths[_i]);
    struct sp_doc left = read_file(&arena, paths[_i], sp_yaml_read);
    struct sp_doc right = read_file(&arena, json, sp_json_read);

    ck_assert_msg(sp_doc_check_same(left.root, right.root), "%s differs from %s", paths[_i],
                  json);
}
END_TEST

/* Nearly all JSON is YAML and says the same; json.txt lists the rest. */
START_TEST(json_is_yaml_where_it_is_not_known_to_differ)
{
    SP_SCRATCH(arena);
    struct sp_str text = sp_testing_read(json_paths[_i]);
    struct sp_source *source = sp_source_new(&arena, "test", text);
    struct sp_report report = { .arena = &arena };
    struct sp_doc json;
    struct sp_doc yaml;

    if (sp_json_read(&arena, source, &SP_DOC_LIMITS, &report, &json)) {
        bool agrees = sp_yaml_read(&arena, source, &SP_DOC_LIMITS, &report, &yaml)
                   && sp_doc_check_same(json.root, yaml.root);
        char *reason = sp_testing_row("testdata/yaml/json.txt",
                                      sp_testing_base_name(json_paths[_i]));
        bool listed = reason != NULL;
        free(reason);
        ck_assert_msg(agrees || listed, "YAML differs on %s", json_paths[_i]);
        ck_assert_msg(!agrees || !listed, "json.txt lists %s, but YAML agrees", json_paths[_i]);
    }
    free((void *)text.ptr);
}
END_TEST

static const struct {
    const char *text;
    struct sp_doc_limits limits;
    const char *message;  /* NULL: within the limits */
    uint32_t at;
} limited[] = {
    { "- - 1\n", { .bytes = 6, .depth = 2, .nodes = 3 }, NULL, 0 },
    { "- - 1\n", { .bytes = 5, .depth = 2, .nodes = 3 },
      "the text has 6 bytes, more than the limit of 5", 0 },
    { "- - 1\n", { .bytes = 6, .depth = 1, .nodes = 3 },
      "arrays and objects stand 2 deep here, deeper than the limit of 1", 2 },
    { "- - 1\n", { .bytes = 6, .depth = 2, .nodes = 2 },
      "the text holds at least 3 values, more than the limit of 2", 4 },
    { "a: {b: c}", { .bytes = 9, .depth = 1, .nodes = 9 },
      "arrays and objects stand 2 deep here, deeper than the limit of 1", 3 },
};

START_TEST(a_limit_stops_the_reader_and_says_so)
{
    SP_SCRATCH(arena);
    struct sp_report report = { .arena = &arena };
    struct sp_doc doc;
    struct sp_source *source = sp_source_new(&arena, "test", sp_str_of(limited[_i].text));
    bool read = sp_yaml_read(&arena, source, &limited[_i].limits, &report, &doc);

    ck_assert_int_eq(read, limited[_i].message == NULL);
    if (!read) {
        ck_assert_uint_eq(report.diags.count, 1);
        ck_assert_uint_eq(report.diags.at[0]->code, SP_CODE_TOO_LARGE);
        ck_assert_str_eq(report.diags.at[0]->message, limited[_i].message);
        ck_assert_uint_eq(report.diags.at[0]->place.span.start, limited[_i].at);
    }
}
END_TEST

static const struct {
    const char *text;
    enum sp_number fits;
    uint64_t value;
} numbers[] = {
    { "31", SP_NUMBER_OK, 31 },
    { "+31", SP_NUMBER_OK, 31 },
    { "0x1F", SP_NUMBER_OK, 31 },
    { "0o37", SP_NUMBER_OK, 31 },
    { "0o1777777777777777777777", SP_NUMBER_OK, UINT64_MAX },
    { "0o2000000000000000000000", SP_NUMBER_TOO_LARGE, 0 },
    { "0xffffffffffffffff", SP_NUMBER_OK, UINT64_MAX },
    { "0x10000000000000000", SP_NUMBER_TOO_LARGE, 0 },
    { "18446744073709551616", SP_NUMBER_TOO_LARGE, 0 },
    { "-1", SP_NUMBER_NEGATIVE, 0 },
    { "1.0", SP_NUMBER_NOT_WHOLE, 0 },
    { "1.", SP_NUMBER_NOT_WHOLE, 0 },
    { ".5", SP_NUMBER_NOT_WHOLE, 0 },
    { "1e3", SP_NUMBER_NOT_WHOLE, 0 },
    { ".inf", SP_NUMBER_NOT_WHOLE, 0 },
    { "-.inf", SP_NUMBER_NOT_WHOLE, 0 },
    { ".nan", SP_NUMBER_NOT_WHOLE, 0 },
};

START_TEST(a_number_has_the_value_of_the_core_schema)
{
    SP_SCRATCH(arena);
    struct sp_report report = { .arena = &arena };
    struct sp_doc doc;
    struct sp_source *source = sp_source_new(&arena, "test", sp_str_of(numbers[_i].text));
    uint64_t value = 0;

    ck_assert(sp_yaml_read(&arena, source, &SP_DOC_LIMITS, &report, &doc));
    ck_assert_int_eq(doc.root->kind, SP_NODE_NUMBER);
    ck_assert(sp_str_is(doc.root->text, numbers[_i].text));
    ck_assert_int_eq(sp_node_u64(doc.root, &value), numbers[_i].fits);
    ck_assert_uint_eq(value, numbers[_i].value);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

SP_SUITE(yaml_read)
{
    TCase *tcase = sp_testing_case(suite, "yaml_read");

    paths = sp_testing_files("testdata/yaml", ".yaml", &path_count);
    json_paths = sp_testing_files("testdata/json", ".json", &json_path_count);
    tcase_add_loop_test(tcase, yaml_says_the_same_as_json, 0, path_count);
    tcase_add_loop_test(tcase, json_is_yaml_where_it_is_not_known_to_differ, 0, json_path_count);
    tcase_add_loop_test(tcase, a_limit_stops_the_reader_and_says_so, 0, COUNT(limited));
    tcase_add_loop_test(tcase, a_number_has_the_value_of_the_core_schema, 0, COUNT(numbers));
}
