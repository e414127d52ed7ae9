#include "text/yaml_read.h"

#include "text/doc_check.h"
#include "text/json_read.h"
#include "text/utf8.h"

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_report(struct sp_arena *arena, struct sp_source *source, const struct sp_report *report)
{
    sp_doc_check_that(!report->failed && report->diags.count == 1);
    sp_doc_check_that(sp_source_index(arena, source));

    struct sp_span span = report->diags.at[0]->place.span;
    sp_doc_check_that(span.start <= span.end && span.end <= source->text.len);
    struct sp_position start = sp_source_position(source, span.start);
    sp_doc_check_that(start.line >= 1 && start.line <= source->line_count);
}

/* A span begins and ends between characters, and that of a value in quotes with its quotes. */
static void
check_spans(const struct sp_doc *doc, const struct sp_node *node)
{
    struct sp_str slice = sp_source_slice(doc->source, node->span);

    sp_doc_check_that(sp_utf8_check(slice) == slice.len);
    sp_doc_check_that(sp_utf8_check(sp_source_slice(doc->source, node->key_span))
                      == node->key_span.end - node->key_span.start);
    if (node->kind == SP_NODE_STRING && slice.len > 0 && slice.ptr[0] == '"') {
        sp_doc_check_that(slice.len > 1 && slice.ptr[slice.len - 1] == '"');
    }
    if (node->kind == SP_NODE_NUMBER && slice.ptr[0] != '!') {
        sp_doc_check_that(sp_str_equal(slice, node->text));
    }
    for sp_node_each(child, node) {
        check_spans(doc, child);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SP_SCRATCH(arena);
    struct sp_str text = { .ptr = (const char *)data, .len = size };
    struct sp_source *source = sp_source_new(&arena, "fuzz", text);
    struct sp_report report = { .arena = &arena };
    struct sp_doc doc;

    if (!sp_yaml_read(&arena, source, &SP_DOC_LIMITS, &report, &doc)) {
        check_report(&arena, source, &report);
        return 0;
    }
    sp_doc_check_that(report.diags.count == 0);
    sp_doc_check_node(&doc, doc.root);
    check_spans(&doc, doc.root);
    return 0;
}
