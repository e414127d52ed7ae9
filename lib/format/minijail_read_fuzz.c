#include "format/minijail_read.h"

#include "text/doc_check.h"

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Spans lie in the text, texts end in NUL, parents and counts agree.  Of nodes that one line
 * made, the spans are the same. */
static void
check_node(const struct sp_doc *doc, const struct sp_node *node)
{
    uint32_t count = 0;
    bool in_object = node->parent != NULL && node->parent->kind == SP_NODE_OBJECT;

    sp_doc_check_that(sp_doc_check_span(doc, node->span));
    sp_doc_check_that(sp_doc_check_span(doc, node->key_span));
    sp_doc_check_that((node->key.ptr != NULL) == in_object);
    sp_doc_check_that(node->kind != SP_NODE_STRING || node->text.ptr[node->text.len] == '\0');
    for sp_node_each(child, node) {
        sp_doc_check_that(child->parent == node && child->index == count++);
        check_node(doc, child);
    }
    sp_doc_check_that(count == node->count);
}

static void
check_place(const struct sp_source *source, struct sp_place place)
{
    struct sp_position start = sp_source_position(source, place.span.start);

    sp_doc_check_that(place.source == source && place.span.start <= place.span.end
                      && place.span.end <= source->text.len);
    sp_doc_check_that(start.line >= 1 && start.line <= source->line_count);
}

static void
check_report(struct sp_arena *arena, struct sp_source *source, const struct sp_report *report)
{
    sp_doc_check_that(!report->failed && report->diags.count == 1 && report->dropped == 0);
    sp_doc_check_that(sp_source_index(arena, source));

    const struct sp_diag *diag = report->diags.at[0];
    check_place(source, diag->place);
    sp_doc_check_that(strchr(diag->message, '\n') == NULL);
    for (size_t i = 0; i < diag->related.count; i++) {
        check_place(source, diag->related.at[i].place);
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

    if (!sp_minijail_read(&arena, source, &SP_DOC_LIMITS, &report, &doc)) {
        check_report(&arena, source, &report);
        return 0;
    }
    sp_doc_check_that(report.diags.count == 0 && doc.root->kind == SP_NODE_OBJECT);
    check_node(&doc, doc.root);
    return 0;
}
