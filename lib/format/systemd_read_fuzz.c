#include "format/profile_read.h"
#include "format/systemd_read.h"
#include "text/doc_check.h"
#include "text/json_read.h"

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- the tree ------------------------------------------------------------------------ */

/* Spans lie in the text; the order of the tree is not that of the unit. */
static void
check_node(const struct sp_doc *doc, const struct sp_node *node)
{
    uint32_t count = 0;

    sp_doc_check_that(sp_doc_check_span(doc, node->span));
    sp_doc_check_that(node->kind != SP_NODE_STRING || node->text.ptr[node->text.len] == '\0');
    for sp_node_each(child, node) {
        sp_doc_check_that(child->parent == node && child->index == count++);
        sp_doc_check_that((child->key.ptr != NULL) == (node->kind == SP_NODE_OBJECT));
        check_node(doc, child);
    }
    sp_doc_check_that(count == node->count);
}

static void
write_string(struct sp_buf *buf, struct sp_str str)
{
    sp_buf_char(buf, '"');
    for (size_t i = 0; i < str.len; i++) {
        unsigned char byte = (unsigned char)str.ptr[i];
        if (byte < 0x20 || byte == '"' || byte == '\\') {
            sp_buf_format(buf, "\\u%04x", byte);
        } else {
            sp_buf_char(buf, str.ptr[i]);
        }
    }
    sp_buf_char(buf, '"');
}

static void
write_node(struct sp_buf *buf, const struct sp_node *node)
{
    bool is_object = node->kind == SP_NODE_OBJECT;

    if (node->kind == SP_NODE_STRING) {
        write_string(buf, node->text);
        return;
    }
    if (node->kind == SP_NODE_NUMBER) {
        sp_buf_add(buf, node->text);
        return;
    }
    sp_doc_check_that(is_object || node->kind == SP_NODE_ARRAY);
    sp_buf_char(buf, is_object ? '{' : '[');
    for sp_node_each(child, node) {
        sp_buf_text(buf, child == node->first ? "" : ",");
        if (is_object) {
            write_string(buf, child->key);
            sp_buf_char(buf, ':');
        }
        write_node(buf, child);
    }
    sp_buf_char(buf, is_object ? '}' : ']');
}

/* The tree is that of a profile in JSON. */
static void
check_profile(struct sp_arena *arena, const struct sp_doc *doc)
{
    SP_BUF(buf);
    struct sp_report report = { .arena = arena };
    struct sp_doc again;

    write_node(&buf, doc->root);
    struct sp_source *source = sp_source_new(arena, "again", sp_buf_view(&buf));
    sp_doc_check_that(sp_json_read(arena, source, &SP_DOC_LIMITS, &report, &again));
    sp_doc_check_that(sp_doc_check_same(doc->root, again.root));
    sp_doc_check_that(sp_profile_detect(&again).looks == SP_LOOKS_PROFILE);
}

/* ---- a text that was refused --------------------------------------------------------- */

static void
check_report(struct sp_arena *arena, struct sp_source *source, const struct sp_report *report)
{
    sp_doc_check_that(!report->failed && report->diags.count == 1 && report->dropped == 0);
    sp_doc_check_that(sp_source_index(arena, source));

    const struct sp_diag *diag = report->diags.at[0];
    struct sp_doc doc = { .source = source };
    sp_doc_check_that(diag->place.source == source);
    sp_doc_check_that(sp_doc_check_span(&doc, diag->place.span));
    sp_doc_check_that(diag->help != NULL && strlen(diag->message) < 500);
    sp_doc_check_that(strchr(diag->message, '\n') == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SP_SCRATCH(arena);
    struct sp_str text = { .ptr = (const char *)data, .len = size };
    struct sp_source *source = sp_source_new(&arena, "fuzz", text);
    struct sp_report report = { .arena = &arena };
    struct sp_doc doc;

    if (!sp_systemd_read(&arena, source, &SP_DOC_LIMITS, &report, &doc)) {
        check_report(&arena, source, &report);
        return 0;
    }
    sp_doc_check_that(report.diags.count == 0);
    check_node(&doc, doc.root);
    check_profile(&arena, &doc);
    return 0;
}
