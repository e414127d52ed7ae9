/* What is written is read back as it was. */
#include "base/testing.h"
#include "text/yaml_read.h"
#include "text/yaml_write.h"

#include <string.h>

static struct sp_doc
read_back(struct sp_arena *arena, const struct sp_buf *buf)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = arena };
    struct sp_doc doc;
    const struct sp_source *source = sp_source_new(arena, "test", sp_buf_view(buf));

    ck_assert(!buf->failed);
    ck_assert_msg(sp_yaml_read(arena, source, &limits, &report, &doc), "%s\n%s",
                  report.diags.count > 0 ? report.diags.at[0]->message : "", buf->data);
    return doc;
}

START_TEST(a_document_has_this_layout)
{
    SP_BUF(buf);

    sp_buf_text(&buf, "# heading\n");
    struct sp_yaml *yaml = sp_yaml_new(&buf);
    sp_yaml_open(yaml, "spec", SP_NODE_OBJECT);
    sp_yaml_open(yaml, "syscalls", SP_NODE_ARRAY);
    sp_yaml_open(yaml, NULL, SP_NODE_OBJECT);
    sp_yaml_open(yaml, "names", SP_NODE_ARRAY);
    sp_yaml_text(yaml, NULL, SP_STR("read"));
    sp_yaml_text(yaml, NULL, SP_STR("no"));
    sp_yaml_close(yaml, SP_NODE_ARRAY);
    sp_yaml_u64(yaml, "value", UINT64_MAX);
    sp_yaml_close(yaml, SP_NODE_OBJECT);
    sp_yaml_close(yaml, SP_NODE_ARRAY);
    sp_yaml_close(yaml, SP_NODE_OBJECT);
    sp_yaml_end(yaml);
    ck_assert_str_eq(buf.data, "# heading\n"
                               "spec:\n"
                               "  syscalls:\n"
                               "  - names:\n"
                               "    - read\n"
                               "    - \"no\"\n"
                               "    value: 18446744073709551615\n");
}
END_TEST

static const struct {
    struct sp_str text;
    const char *read;  /* NULL: the same */
} texts[] = {
#define SAME(literal) { .text = SP_STR(literal), .read = NULL }
    SAME(""), SAME("read"), SAME("null"), SAME("Yes"), SAME("0x10"), SAME("12"), SAME("1e3"),
    SAME(".inf"), SAME("~"), SAME("<<"), SAME("- a"), SAME("a: b"), SAME("a #b"), SAME(" a "),
    SAME("two\nlines\n\n"), SAME("\ttab\\ \"quoted\" 'single'"), SAME("nul \0 byte"),
    SAME("gr\xc3\xbc\xc3\x9f" "e \xf0\x9f\x90\xa7"), SAME("/var/run/a-b_c.sock"), SAME("&anchor"),
    SAME("*alias"), SAME("{a: b}"),
    { .text = SP_STR("bad \xff\xfe byte"), .read = "bad \xef\xbf\xbd\xef\xbf\xbd byte" },
};

START_TEST(a_text_is_read_back_as_it_was)
{
    SP_SCRATCH(arena);
    SP_BUF(buf);
    struct sp_yaml *yaml = sp_yaml_new(&buf);

    sp_yaml_text(yaml, "key", texts[_i].text);
    sp_yaml_end(yaml);
    struct sp_doc doc = read_back(&arena, &buf);
    const struct sp_node *value = sp_node_member(doc.root, "key");
    ck_assert_ptr_nonnull(value);
    ck_assert_int_eq((int)value->kind, SP_NODE_STRING);
    struct sp_str wanted = texts[_i].read != NULL ? sp_str_of(texts[_i].read) : texts[_i].text;
    ck_assert_msg(sp_str_equal(value->text, wanted), "%s", buf.data);
}
END_TEST

START_TEST(a_long_text_is_whole)
{
    enum { LONG = 3000 };
    SP_SCRATCH(arena);
    SP_BUF(text);
    SP_BUF(buf);

    for (unsigned i = 0; i < LONG; i++) {
        sp_buf_text(&text, i % 7 == 0 ? " " : "x\"");
    }
    struct sp_yaml *yaml = sp_yaml_new(&buf);
    sp_yaml_text(yaml, "key", sp_buf_view(&text));
    sp_yaml_end(yaml);
    struct sp_doc doc = read_back(&arena, &buf);
    ck_assert(sp_str_equal(doc.root->first->text, sp_buf_view(&text)));
}
END_TEST

START_TEST(a_failed_buffer_stays_failed)
{
    struct sp_buf buf = { .failed = true };
    struct sp_yaml *yaml = sp_yaml_new(&buf);

    sp_yaml_text(yaml, "key", SP_STR("value"));
    sp_yaml_u64(yaml, "key", 1);
    sp_yaml_open(yaml, "key", SP_NODE_ARRAY);
    sp_yaml_close(yaml, SP_NODE_ARRAY);
    sp_yaml_end(yaml);
    ck_assert(buf.failed);
    ck_assert_ptr_null(buf.data);
}
END_TEST

SP_SUITE(yaml_write)
{
    TCase *tcase = sp_testing_case(suite, "yaml_write");

    tcase_add_test(tcase, a_document_has_this_layout);
    tcase_add_loop_test(tcase, a_text_is_read_back_as_it_was, 0, (int)(sizeof texts / sizeof *texts));
    tcase_add_test(tcase, a_long_text_is_whole);
    tcase_add_test(tcase, a_failed_buffer_stays_failed);
}
