#include "base/buf.h"
#include "base/testing.h"
#include "text/json_read.h"
#include "text/yaml_read.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The tables `errors.txt` and `spans.txt` consist of blocks: the line "input: ..." and what is
 * said about that input, up to an empty line.  A test writes the same block from what was
 * really said, and compares. */

typedef bool read_function(struct sp_arena *arena, const struct sp_source *source,
                           const struct sp_doc_limits *limits, struct sp_report *report,
                           struct sp_doc *ret_doc);

static const char input_mark[] = "input: ";

static int
count_blocks(const char *path)
{
    char line[8192];
    int count = 0;
    FILE *file = fopen(path, "r");

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        count += strncmp(line, input_mark, strlen(input_mark)) == 0;
    }
    if (file != NULL) {
        fclose(file);
    }
    return count;
}

/* The n-th block of a file, with the line end of each of its lines. */
static struct sp_str
find_block(struct sp_str text, int n)
{
    struct sp_str rest = text;
    struct sp_str line;
    const char *start = NULL;

    while (sp_str_next(&rest, "\n", &line)) {
        if (start == NULL && sp_str_has_prefix(line, input_mark) && n-- == 0) {
            start = line.ptr;
        }
        if (start != NULL && line.len == 0) {
            return (struct sp_str){ .ptr = start, .len = (size_t)(line.ptr - start) };
        }
    }
    ck_abort_msg("block without an end");
    return SP_STR("");
}

static const struct escape {
    char byte;
    char letter;
} escapes[] = { { '\n', 'n' }, { '\r', 'r' }, { '\t', 't' }, { '\\', '\\' } };

static const struct escape *
find_escape(char byte, char letter)
{
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
        if (escapes[i].byte == byte || escapes[i].letter == letter) {
            return &escapes[i];
        }
    }
    return NULL;
}

static unsigned
hex_value(char byte)
{
    return isdigit((unsigned char)byte) ? (unsigned)(byte - '0') : (unsigned)(byte - 'a') + 10;
}

/* The input of a block: \n, \r, \t, \\ and \xNN are escapes. */
static void
unescape(struct sp_str block, struct sp_buf *input)
{
    struct sp_str rest = block;
    struct sp_str line;

    ck_assert(sp_str_next(&rest, "\n", &line));
    for (size_t i = strlen(input_mark); i < line.len; i++) {
        if (line.ptr[i] != '\\') {
            sp_buf_char(input, line.ptr[i]);
            continue;
        }
        ck_assert_uint_lt(++i, line.len);
        const struct escape *escape = find_escape('\0', line.ptr[i]);
        if (escape != NULL) {
            sp_buf_char(input, escape->byte);
            continue;
        }
        ck_assert(line.ptr[i] == 'x' && i + 2 < line.len);
        unsigned high = hex_value(line.ptr[i + 1]);
        sp_buf_char(input, (char)(high << 4 | hex_value(line.ptr[i + 2])));
        i += 2;
    }
}

static void
add_span(struct sp_buf *buf, const struct sp_source *source, struct sp_span span)
{
    struct sp_position start = sp_source_position(source, span.start);
    struct sp_position end = sp_source_position(source, span.end);

    sp_buf_format(buf, "%u:%u-%u:%u", start.line, start.column, end.line, end.column);
}

static void
write_diag(struct sp_buf *buf, const struct sp_source *source, const struct sp_diag *diag)
{
    sp_buf_text(buf, "at: ");
    add_span(buf, source, diag->place.span);
    sp_buf_format(buf, "\nsays: SP%u %s\n", diag->code, diag->message);
    if (diag->label != NULL) {
        sp_buf_format(buf, "label: %s\n", diag->label);
    }
    if (diag->help != NULL) {
        sp_buf_format(buf, "help: %s\n", diag->help);
    }
    for (size_t i = 0; i < diag->related.count; i++) {
        sp_buf_text(buf, "related: ");
        add_span(buf, source, diag->related.at[i].place.span);
        sp_buf_format(buf, " %s\n", diag->related.at[i].text);
    }
    for (size_t i = 0; i < diag->edits.count; i++) {
        sp_buf_text(buf, "edit: ");
        add_span(buf, source, diag->edits.at[i].span);
        sp_buf_format(buf, " \"%s\"\n", diag->edits.at[i].text);
    }
}

static void
write_node(struct sp_buf *buf, const struct sp_doc *doc, const struct sp_node *node)
{
    sp_node_pointer(node, buf);
    sp_buf_text(buf, node->parent == NULL ? "/ " : " ");
    add_span(buf, doc->source, node->span);
    if (node->key.ptr != NULL) {
        sp_buf_text(buf, " key ");
        add_span(buf, doc->source, node->key_span);
    }
    sp_buf_format(buf, " %s", sp_node_kind_text(node->kind));
    if (node->text.ptr != NULL) {
        sp_buf_text(buf, " ");
        for (size_t i = 0; i < node->text.len; i++) {
            const struct escape *escape = find_escape(node->text.ptr[i], '\0');
            sp_buf_text(buf, escape == NULL ? "" : "\\");
            sp_buf_char(buf, escape == NULL ? node->text.ptr[i] : escape->letter);
        }
    }
    sp_buf_char(buf, '\n');
    for sp_node_each(child, node) {
        write_node(buf, doc, child);
    }
}

static void
check_block(const char *path, int n, read_function *read, bool must_be_read)
{
    SP_SCRATCH(arena);
    SP_BUF(input);
    SP_BUF(said);
    struct sp_str file = sp_testing_read(path);
    struct sp_str block = find_block(file, n);
    struct sp_report report = { .arena = &arena };
    struct sp_doc doc;

    unescape(block, &input);
    sp_buf_add(&input, SP_STR(""));
    struct sp_source *source = sp_source_new(&arena, "test", sp_buf_view(&input));
    ck_assert(source != NULL && sp_source_index(&arena, source));
    bool was_read = read(&arena, source, &SP_DOC_LIMITS, &report, &doc);

    size_t first_line = (size_t)(strchr(block.ptr, '\n') - block.ptr) + 1;
    sp_buf_add(&said, sp_str_slice(block, 0, first_line));
    for (size_t i = 0; i < report.diags.count; i++) {
        write_diag(&said, source, report.diags.at[i]);
    }
    if (was_read) {
        write_node(&said, &doc, doc.root);
    }
    ck_assert_msg(was_read == must_be_read && sp_str_equal(block, sp_buf_view(&said)),
                  "%s wants\n%.*sbut it was\n%s", path, SP_STR_ARG(block), said.data);
    free((void *)file.ptr);
}

START_TEST(a_fault_in_json_is_explained)
{
    check_block("testdata/json/errors.txt", _i, sp_json_read, false);
}
END_TEST

START_TEST(a_fault_in_yaml_is_explained)
{
    check_block("testdata/yaml/errors.txt", _i, sp_yaml_read, false);
}
END_TEST

START_TEST(values_of_json_know_where_they_stand)
{
    check_block("testdata/json/spans.txt", _i, sp_json_read, true);
}
END_TEST

START_TEST(values_of_yaml_know_where_they_stand)
{
    check_block("testdata/yaml/spans.txt", _i, sp_yaml_read, true);
}
END_TEST

/* An empty table would be a test that cannot fail. */
START_TEST(every_table_holds_something)
{
    ck_assert_int_ge(count_blocks("testdata/json/errors.txt"), 40);
    ck_assert_int_ge(count_blocks("testdata/yaml/errors.txt"), 20);
    ck_assert_int_gt(count_blocks("testdata/json/spans.txt"), 0);
    ck_assert_int_gt(count_blocks("testdata/yaml/spans.txt"), 0);
}
END_TEST

SP_SUITE(fault)
{
    TCase *tcase = sp_testing_case(suite, "fault");

    tcase_add_loop_test(tcase, a_fault_in_json_is_explained, 0,
                        count_blocks("testdata/json/errors.txt"));
    tcase_add_loop_test(tcase, a_fault_in_yaml_is_explained, 0,
                        count_blocks("testdata/yaml/errors.txt"));
    tcase_add_loop_test(tcase, values_of_json_know_where_they_stand, 0,
                        count_blocks("testdata/json/spans.txt"));
    tcase_add_loop_test(tcase, values_of_yaml_know_where_they_stand, 0,
                        count_blocks("testdata/yaml/spans.txt"));
    tcase_add_test(tcase, every_table_holds_something);
}
