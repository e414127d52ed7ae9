/* Findings for programs: one JSON object, written file by file. */
#include "kb/kb.h"
#include "lint/settings.h"
#include "report/json_parts.h"
#include "report/render.h"
#include "report/validity.h"
#include "report/where.h"
#include "report/witness.h"

/* How deep a file's object stands: in the list, in the whole. */
enum { FILE_DEPTH = 2 };

/* What the findings of one file share. */
struct page {
    struct sp_json *json;
    struct sp_atlas *atlas;
};

/* ---- places ---- */

static void
add_pointer(const struct page *page, struct cJSON *object, const struct sp_node *node)
{
    SP_BUF(pointer);

    if (node == NULL) {
        return;
    }
    sp_node_pointer(node, &pointer);
    page->json->failed |= pointer.failed;
    sp_json_view(page->json, object, "pointer", sp_buf_view(&pointer));
}

static void
add_bytes(const struct page *page, struct cJSON *object, struct sp_span span)
{
    sp_json_u64(page->json, object, "offset", span.start);
    sp_json_u64(page->json, object, "length", span.end - span.start);
}

/* Nothing for a place in no source. */
static void
add_place(const struct page *page, struct cJSON *object, const struct sp_place *place,
          bool with_end)
{
    struct sp_where where = sp_where_is(page->atlas, place);

    if (where.source == NULL) {
        return;
    }
    sp_json_u64(page->json, object, "line", where.start.line);
    sp_json_u64(page->json, object, "column", where.start.column);
    if (with_end) {
        sp_json_u64(page->json, object, "endLine", where.end.line);
        sp_json_u64(page->json, object, "endColumn", where.end.column);
    }
    add_bytes(page, object, place->span);
    add_pointer(page, object, place->node);
}

/* ---- a finding ---- */

static void
add_related(const struct page *page, struct cJSON *finding, const struct sp_diag *diag)
{
    if (diag->related.count == 0) {
        return;
    }
    struct cJSON *list = sp_json_array(page->json, finding, "related");
    for (size_t i = 0; i < diag->related.count; i++) {
        const struct sp_related *related = &diag->related.at[i];
        struct cJSON *object = sp_json_object(page->json, list, NULL);
        if (related->place.source != NULL && related->place.source != diag->place.source) {
            sp_json_string(page->json, object, "path", related->place.source->name);
        }
        add_place(page, object, &related->place, false);
        sp_json_string(page->json, object, "message", related->text);
    }
}

static void
add_fixes(const struct page *page, struct cJSON *finding, const struct sp_diag *diag)
{
    if (diag->edits.count == 0) {
        return;
    }
    struct cJSON *list = sp_json_array(page->json, finding, "fixes");
    for (size_t i = 0; i < diag->edits.count; i++) {
        struct cJSON *object = sp_json_object(page->json, list, NULL);
        add_bytes(page, object, diag->edits.at[i].span);
        sp_json_string(page->json, object, "text", diag->edits.at[i].text);
    }
}

static void
add_rule(const struct page *page, struct cJSON *finding, unsigned code)
{
    const struct sp_kb_rule *rule = sp_kb_rule_find(code);
    SP_BUF(name);

    sp_buf_format(&name, "SP%03u", code);
    page->json->failed |= name.failed;
    sp_json_view(page->json, finding, "code", sp_buf_view(&name));
    if (rule != NULL) {
        sp_json_string(page->json, finding, "slug", sp_kb_text(rule->slug));
    }
}

static void
add_finding(const struct page *page, struct cJSON *list, const struct sp_diag *diag)
{
    struct cJSON *finding = sp_json_object(page->json, list, NULL);

    add_rule(page, finding, diag->code);
    sp_json_string(page->json, finding, "severity", sp_severity_text(diag->severity));
    sp_json_string(page->json, finding, "message", diag->message);
    if (diag->help != NULL) {
        sp_json_string(page->json, finding, "help", diag->help);
    }
    add_place(page, finding, &diag->place, true);
    if (diag->witness != NULL) {
        sp_witness_json(page->json, finding, diag->witness);
    }
    add_related(page, finding, diag);
    add_fixes(page, finding, diag);
}

/* ---- the renderer ---- */

/* The head is an object that is left open. */
static void
begin(struct sp_render *render)
{
    struct sp_json head = sp_json_answer(render->verb == NULL ? "lint" : render->verb);

    sp_json_print_within(&head, 0, render->out);
    sp_json_free(&head);
    if (!render->out->failed) {
        sp_buf_cut(render->out, render->out->len - (sizeof "\n}" - 1));
        sp_buf_text(render->out, ",\n  \"files\": [");
    }
}

static void
file(struct sp_render *render, const struct sp_file_findings *findings)
{
    const struct sp_report *report = findings->report;
    SP_SCRATCH(scratch);
    struct sp_atlas atlas = { .arena = &scratch };
    struct sp_json json = sp_json_new();
    const struct page page = { .json = &json, .atlas = &atlas };

    sp_json_string(&json, NULL, "path", findings->path);
    if (findings->validity != NULL) {
        sp_validity_json(&json, findings->validity, report->diags.count == 0);
    }
    struct cJSON *list = sp_json_array(&json, NULL, "findings");
    for (size_t i = 0; i < report->diags.count && !json.failed; i++) {
        add_finding(&page, list, report->diags.at[i]);
    }
    if (report->dropped > 0) {
        sp_json_u64(&json, NULL, "dropped", report->dropped);
    }
    json.failed |= scratch.failed;

    sp_buf_text(render->out, render->files++ == 0 ? "" : ", ");
    sp_json_print_within(&json, FILE_DEPTH, render->out);
    sp_json_free(&json);
}

static void
end(struct sp_render *render, const struct sp_summary *summary)
{
    struct sp_json json = sp_json_new();

    for (size_t i = SP_SEVERITY_ERROR; i > SP_SEVERITY_NONE; i--) {
        sp_json_u64(&json, NULL, sp_severity_text((enum sp_severity)i), summary->counts[i]);
    }
    sp_buf_text(render->out, "],\n  \"summary\": ");
    sp_json_print_within(&json, 1, render->out);
    sp_buf_text(render->out, "\n}\n");
    sp_json_free(&json);
}

const struct sp_renderer sp_renderer_json = {
    .name = "json",
    .about = "for programs: everything, with offsets and JSON pointers",
    .is_one_value = true,
    .begin = begin,
    .file = file,
    .end = end,
};
