#include "text/yaml_read.h"

#include "text/read_fuzz.h"
#include "text/utf8.h"

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
    struct sp_doc doc;

    if (sp_fuzz_read(&arena, sp_yaml_read, data, size, 1, &doc)) {
        sp_doc_check_node(&doc, doc.root);
        check_spans(&doc, doc.root);
    }
    return 0;
}
