#include "base/testing.h"
#include "kb/kb.h"
#include "lint/settings.h"
#include "report/glyph.h"
#include "report/rules_list.h"
#include "text/json_read.h"

#include <string.h>

START_TEST(every_rule_has_its_line)
{
    const struct sp_style style = { .width = (unsigned)_i };
    SP_BUF(out);
    SP_BUF(start);

    sp_render_rules_text(&out, &style);
    ck_assert(!out.failed && sp_kb_rules_count > 0);
    struct sp_str rest = sp_buf_view(&out);
    for (size_t i = 0; i < sp_kb_rules_count; i++) {
        const struct sp_kb_rule *rule = &sp_kb_rules[i];
        sp_buf_cut(&start, 0);
        sp_buf_format(&start, "SP%03u  %-7s  %s", rule->code, sp_severity_text(rule->severity),
                      sp_kb_text(rule->slug));
        const char *line = memmem(rest.ptr, rest.len, start.data, start.len);
        ck_assert_msg(line != NULL, "no line begins with \"%s\"", start.data);
        rest = sp_str_slice(rest, (size_t)(line - rest.ptr), rest.len);
    }
}
END_TEST

START_TEST(lines_keep_to_the_width_and_end_in_no_space)
{
    const struct sp_style style = { .width = 80 };
    SP_BUF(out);
    struct sp_str line;

    sp_render_rules_text(&out, &style);
    struct sp_str rest = sp_buf_view(&out);
    while (sp_str_next(&rest, "\n", &line)) {
        ck_assert_uint_le(sp_glyph_columns(line), 80);
        ck_assert(!sp_str_has_suffix(line, " "));
    }
}
END_TEST

START_TEST(the_list_is_one_json_object)
{
    SP_SCRATCH(arena);
    SP_BUF(out);
    struct sp_report report = { .arena = &arena };
    const struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_doc doc = { .root = NULL };

    sp_render_rules_json(&out);
    struct sp_source *source = sp_source_new(&arena, "rules", sp_buf_view(&out));
    ck_assert(sp_json_read(&arena, source, &limits, &report, &doc));
    ck_assert(sp_node_is_string(sp_node_member(doc.root, "schema"), "secprof/rules/1"));
    ck_assert(sp_node_is_string(sp_node_member(doc.root, "kb"), sp_kb_date));
    const struct sp_node *rules = sp_node_member(doc.root, "rules");
    ck_assert_uint_eq(rules->count, sp_kb_rules_count);
    for sp_node_each(rule, rules) {
        const struct sp_kb_rule *row = &sp_kb_rules[rule->index];
        ck_assert_uint_eq(rule->count, 5);
        ck_assert(sp_node_is_string(sp_node_member(rule, "slug"), sp_kb_text(row->slug)));
        ck_assert(sp_node_is_string(sp_node_member(rule, "severity"),
                                    sp_severity_text(row->severity)));
        ck_assert(sp_node_is_string(sp_node_member(rule, "summary"), sp_kb_text(row->summary)));
    }
}
END_TEST

START_TEST(failure_sticks)
{
    const struct sp_style style = { .width = 80 };
    struct sp_buf out = { .failed = true };

    sp_render_rules_text(&out, &style);
    sp_render_rules_json(&out);
    ck_assert(out.failed);
    ck_assert_uint_eq(out.len, 0);
}
END_TEST

SP_SUITE(report_rules)
{
    static const int widths[] = { 0, 120 };
    TCase *tcase = sp_testing_case(suite, "rules");

    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        tcase_add_loop_test(tcase, every_rule_has_its_line, widths[i], widths[i] + 1);
    }
    tcase_add_test(tcase, lines_keep_to_the_width_and_end_in_no_space);
    tcase_add_test(tcase, the_list_is_one_json_object);
    tcase_add_test(tcase, failure_sticks);
}
