#include "text/json_read.h"

#include "text/doc_check.h"

#include <cjson/cJSON.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- a tree as text again ------------------------------------------------------------ */

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

    switch (node->kind) {
    case SP_NODE_NULL:
        sp_buf_text(buf, "null");
        return;
    case SP_NODE_BOOL:
    case SP_NODE_NUMBER:
        sp_buf_add(buf, node->text);
        return;
    case SP_NODE_STRING:
        write_string(buf, node->text);
        return;
    case SP_NODE_ARRAY:
    case SP_NODE_OBJECT:
        break;
    }
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

static void
check_round_trip(struct sp_arena *arena, const struct sp_doc *doc)
{
    SP_BUF(buf);
    struct sp_report report = { .arena = arena };
    struct sp_doc again;

    write_node(&buf, doc->root);
    struct sp_source *source = sp_source_new(arena, "again", sp_buf_view(&buf));
    sp_doc_check_that(sp_json_read(arena, source, &SP_DOC_LIMITS, &report, &again));
    sp_doc_check_that(sp_doc_check_same(doc->root, again.root));
}

/* The deepest last node: its pointer is the longest walk. */
static void
check_pointer(const struct sp_doc *doc)
{
    SP_BUF(buf);
    const struct sp_node *node = doc->root;

    while (node->first != NULL) {
        node = node->first;
        while (node->next != NULL) {
            node = node->next;
        }
    }
    sp_node_pointer(node, &buf);
    sp_doc_check_that(!buf.failed && (node->parent == NULL || buf.data[0] == '/'));
}

/* cJSON reads all that we read, its limit of depth being the wider one. */
static void
check_second_opinion(const uint8_t *data, size_t size)
{
    cJSON *item = cJSON_ParseWithLength((const char *)data, size);

    sp_doc_check_that(item != NULL);
    cJSON_Delete(item);
}

/* ---- a text that was refused --------------------------------------------------------- */

static void
check_place(const struct sp_source *source, struct sp_place place)
{
    struct sp_position start = sp_source_position(source, place.span.start);
    struct sp_position end = sp_source_position(source, place.span.end);

    sp_doc_check_that(place.source == source && place.span.start <= place.span.end
                      && place.span.end <= source->text.len);
    sp_doc_check_that(start.line >= 1 && start.column >= 1 && end.line >= start.line
                      && end.line <= source->line_count);
}

static void
check_report(struct sp_arena *arena, struct sp_source *source, const struct sp_report *report)
{
    sp_doc_check_that(!report->failed && report->diags.count == 1 && report->dropped == 0);
    sp_doc_check_that(sp_source_index(arena, source));

    const struct sp_diag *diag = report->diags.at[0];
    check_place(source, diag->place);
    sp_doc_check_that(strlen(diag->message) < 500 && strchr(diag->message, '\n') == NULL);
    sp_doc_check_that(sp_str_is(sp_str_trim(sp_str_of(diag->message)), diag->message));
    for (size_t i = 0; i < diag->related.count; i++) {
        check_place(source, diag->related.at[i].place);
    }
    for (size_t i = 0; i < diag->edits.count; i++) {
        struct sp_doc doc = { .source = source };
        sp_doc_check_that(sp_doc_check_span(&doc, diag->edits.at[i].span));
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

    if (!sp_json_read(&arena, source, &SP_DOC_LIMITS, &report, &doc)) {
        check_report(&arena, source, &report);
        return 0;
    }
    sp_doc_check_that(report.diags.count == 0);
    sp_doc_check_node(&doc, doc.root);
    check_pointer(&doc);
    check_round_trip(&arena, &doc);
    check_second_opinion(data, size);
    return 0;
}
