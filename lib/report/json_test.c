#include "base/testing.h"
#include "kb/kb.h"
#include "report/render.h"
#include "text/json_read.h"

#include <stdio.h>
#include <string.h>

#define PROFILE "{\n  \"names\": [\"\u540d\", \"b\"],\r\n  \"x\": 1\n}\n"

/* Two findings: one with everything, one with nothing. */
static void
fill(struct sp_arena *arena, struct sp_report *report)
{
    struct sp_doc *doc = sp_arena_new(arena, struct sp_doc);
    struct sp_source *source = sp_source_new(arena, "web.json", SP_STR(PROFILE));
    const struct sp_doc_limits limits = SP_DOC_LIMITS;
    ck_assert(sp_json_read(arena, source, &limits, report, doc));
    const struct sp_node *names = sp_node_member(doc->root, "names");

    struct sp_diag *diag = sp_report_add(report, 401, sp_at_node(doc, names->first->next),
                                         "a \"message\" \xff of bytes");
    diag->severity = SP_SEVERITY_ERROR;
    sp_report_help(report, diag, "do something");
    sp_report_related(report, diag, sp_at_key(doc, names), "here, too");
    struct sp_source *other = sp_source_new(arena, "other.json", SP_STR("\n[]"));
    sp_report_related(report, diag, sp_at_span(other, 1, 3), "and there");
    sp_report_edit(report, diag, names->first->next->span, "\"c\"");
    sp_report_edit(report, diag, (struct sp_span){ .start = 0, .end = 0 }, "%s", "");

    diag = sp_report_add(report, 999, sp_at_span(source, 0, 0), "no such rule");
    diag->severity = SP_SEVERITY_STYLE;
    diag = sp_report_add(report, 102, sp_at_node(doc, doc->root), "at the root");
    diag->severity = SP_SEVERITY_INFO;
    diag = sp_report_add(report, 116, (struct sp_place){ .source = NULL }, "nowhere");
    diag->severity = SP_SEVERITY_ERROR;
    ck_assert(!report->failed);
}

static void
render(const char *verb, size_t files, size_t dropped, struct sp_buf *out)
{
    SP_SCRATCH(arena);
    struct sp_report report = { .arena = &arena };
    struct sp_render render = {
        .renderer = sp_renderer_find(SP_STR("json")), .out = out, .verb = verb,
    };

    fill(&arena, &report);
    report.dropped = dropped;
    render.renderer->begin(&render);
    for (size_t i = 0; i < files; i++) {
        render.renderer->file(&render, &(struct sp_file_findings){ "web.json", &report, NULL });
        sp_render_note(&render, "x", "y");
    }
    render.renderer->end(&render, &(struct sp_summary){
        .files = files,
        .counts = { [SP_SEVERITY_ERROR] = 2, [SP_SEVERITY_WARNING] = 7, [SP_SEVERITY_INFO] = 1,
                    [SP_SEVERITY_STYLE] = 3 },
    });
    ck_assert(!out->failed);
}

static struct sp_node *
read_back(struct sp_arena *arena, const struct sp_buf *text)
{
    struct sp_report report = { .arena = arena };
    struct sp_source *source = sp_source_new(arena, "answer", sp_buf_view(text));
    const struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_doc doc = { .root = NULL };

    ck_assert(sp_json_read(arena, source, &limits, &report, &doc));
    return doc.root;
}

static const struct sp_node *
element(const struct sp_node *list, uint32_t index)
{
    ck_assert_int_eq(list->kind, SP_NODE_ARRAY);
    for sp_node_each(child, list) {
        if (child->index == index) {
            return child;
        }
    }
    return NULL;
}

/* An object as "key=value" in its order; containers as "key". */
static const char *
spell(struct sp_arena *arena, const struct sp_node *object)
{
    SP_BUF(out);

    for sp_node_each(child, object) {
        bool is_leaf = child->kind != SP_NODE_ARRAY && child->kind != SP_NODE_OBJECT;
        sp_buf_format(&out, "%s%s", child->index == 0 ? "" : " ", child->key.ptr);
        if (is_leaf) {
            sp_buf_format(&out, "=%.*s", SP_STR_ARG(child->text));
        }
    }
    return sp_arena_copy(arena, sp_buf_view(&out));
}

START_TEST(every_key_is_there)
{
    SP_SCRATCH(arena);
    SP_BUF(out);

    render(NULL, 1, 0, &out);
    const struct sp_node *root = read_back(&arena, &out);
    ck_assert_str_eq(spell(&arena, root),
                     sp_arena_format(&arena, "schema=secprof/lint/1 secprof=%s kb=%s files "
                                     "summary", SECPROF_VERSION, sp_kb_date));
    ck_assert_str_eq(spell(&arena, sp_node_member(root, "summary")),
                     "error=2 warning=7 info=1 style=3");

    const struct sp_node *file = element(sp_node_member(root, "files"), 0);
    ck_assert_str_eq(spell(&arena, file), "path=web.json findings");
    const struct sp_node *findings = sp_node_member(file, "findings");
    ck_assert_uint_eq(findings->count, 4);

    const struct sp_kb_rule *rule = sp_kb_rule_find(401);
    const struct sp_node *finding = element(findings, 0);
    ck_assert_str_eq(spell(&arena, finding),
                     sp_arena_format(&arena,
                                     "code=SP401%s%s severity=error "
                                     "message=a \"message\" \ufffd of bytes "
                                     "help=do something line=2 column=18 endLine=2 "
                                     "endColumn=21 offset=21 length=3 "
                                     "pointer=/names/1 related fixes",
                                     rule == NULL ? "" : " slug=",
                                     rule == NULL ? "" : sp_kb_text(rule->slug)));
    const struct sp_node *related = sp_node_member(finding, "related");
    ck_assert_uint_eq(related->count, 2);
    ck_assert_str_eq(spell(&arena, element(related, 0)),
                     "line=2 column=3 offset=4 length=7 pointer=/names message=here, too");
    ck_assert_str_eq(spell(&arena, element(related, 1)),
                     "path=other.json line=2 column=1 offset=1 length=2 message=and there");
    const struct sp_node *fixes = sp_node_member(finding, "fixes");
    ck_assert_uint_eq(fixes->count, 2);
    ck_assert_str_eq(spell(&arena, element(fixes, 0)), "offset=0 length=0 text=");
    ck_assert_str_eq(spell(&arena, element(fixes, 1)), "offset=21 length=3 text=\"c\"");
}
END_TEST

START_TEST(there_is_no_key_where_there_is_nothing_to_say)
{
    SP_SCRATCH(arena);
    SP_BUF(out);

    render(NULL, 1, 0, &out);
    const struct sp_node *root = read_back(&arena, &out);
    const struct sp_node *file = element(sp_node_member(root, "files"), 0);
    const struct sp_node *findings = sp_node_member(file, "findings");
    ck_assert_str_eq(spell(&arena, element(findings, 1)),
                     "code=SP999 severity=style message=no such rule line=1 column=1 endLine=1 "
                     "endColumn=1 offset=0 length=0");
    const struct sp_node *pointer = sp_node_member(element(findings, 2), "pointer");
    ck_assert(pointer != NULL && sp_node_is_string(pointer, ""));
    ck_assert_ptr_null(sp_node_member(element(findings, 3), "line"));
    ck_assert_ptr_null(sp_node_member(element(findings, 3), "offset"));
}
END_TEST

START_TEST(any_number_of_files_makes_one_object)
{
    SP_SCRATCH(arena);
    SP_BUF(out);

    render("validate", (size_t)_i, (size_t)_i * 3, &out);
    const struct sp_node *root = read_back(&arena, &out);
    ck_assert(sp_node_is_string(sp_node_member(root, "schema"), "secprof/validate/1"));
    const struct sp_node *files = sp_node_member(root, "files");
    ck_assert_uint_eq(files->count, (size_t)_i);
    for sp_node_each(file, files) {
        ck_assert_str_eq(spell(&arena, file),
                         sp_arena_format(&arena, "path=web.json findings dropped=%d", _i * 3));
    }
    ck_assert(sp_str_has_suffix(sp_buf_view(&out), "\n}\n"));
}
END_TEST

START_TEST(the_text_is_the_same_every_time)
{
    SP_BUF(first);
    SP_BUF(second);

    render(NULL, 2, 1, &first);
    render(NULL, 2, 1, &second);
    ck_assert_str_eq(first.data, second.data);
}
END_TEST

/* Lines begin with an even number of spaces, which never grows by more than two steps. */
START_TEST(the_text_is_indented_as_a_whole)
{
    SP_BUF(out);
    struct sp_str line;
    size_t depth = 0;

    render(NULL, 2, 1, &out);
    ck_assert_ptr_null(strchr(out.data, '\t'));
    struct sp_str rest = sp_buf_view(&out);
    while (sp_str_next(&rest, "\n", &line)) {
        size_t spaces = strspn(line.ptr, " ");
        ck_assert_uint_eq(spaces % 2, 0);
        ck_assert_uint_le(spaces, depth + 4);
        depth = spaces;
    }
}
END_TEST

SP_SUITE(report_json)
{
    TCase *tcase = sp_testing_case(suite, "json");

    tcase_add_test(tcase, every_key_is_there);
    tcase_add_test(tcase, there_is_no_key_where_there_is_nothing_to_say);
    tcase_add_loop_test(tcase, any_number_of_files_makes_one_object, 0, 4);
    tcase_add_test(tcase, the_text_is_the_same_every_time);
    tcase_add_test(tcase, the_text_is_indented_as_a_whole);
}
