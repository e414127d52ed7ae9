/* What must hold of every reader of texts, whatever the text: for fuzzing alone. */
#ifndef SP_TEXT_READ_FUZZ_H
#define SP_TEXT_READ_FUZZ_H

#include "text/doc_check.h"
#include "text/json_read.h"

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef bool
sp_fuzz_reader(struct sp_arena *arena, const struct sp_source *source,
               const struct sp_doc_limits *limits, struct sp_report *report,
               struct sp_doc *ret_doc);

/* ---- a text that was refused ----------------------------------------------------------- */

static inline void
sp_fuzz_check_place(const struct sp_source *source, struct sp_place place)
{
    struct sp_doc doc = { .source = source };
    struct sp_position start = sp_source_position(source, place.span.start);
    struct sp_position end = sp_source_position(source, place.span.end);

    sp_doc_check_that(place.source == source && sp_doc_check_span(&doc, place.span));
    sp_doc_check_that(start.line >= 1 && start.column >= 1 && end.line >= start.line
                      && end.line <= source->line_count);
}

/* The message is one short line, and all that it points at is in the text. */
static inline void
sp_fuzz_check_diag(const struct sp_source *source, const struct sp_diag *diag)
{
    struct sp_doc doc = { .source = source };

    sp_fuzz_check_place(source, diag->place);
    sp_doc_check_that(strlen(diag->message) > 0 && strlen(diag->message) < 500);
    sp_doc_check_that(strchr(diag->message, '\n') == NULL);
    sp_doc_check_that(sp_str_is(sp_str_trim(sp_str_of(diag->message)), diag->message));
    for (size_t i = 0; i < diag->related.count; i++) {
        sp_fuzz_check_place(source, diag->related.at[i].place);
    }
    for (size_t i = 0; i < diag->edits.count; i++) {
        sp_doc_check_that(sp_doc_check_span(&doc, diag->edits.at[i].span));
    }
}

/* One error, or `most`. */
static inline void
sp_fuzz_check_report(struct sp_arena *arena, struct sp_source *source,
                     const struct sp_report *report, size_t most)
{
    sp_doc_check_that(!report->failed && report->dropped == 0);
    sp_doc_check_that(report->diags.count > 0 && report->diags.count <= most);
    sp_doc_check_that(sp_source_index(arena, source));
    for (size_t i = 0; i < report->diags.count; i++) {
        sp_fuzz_check_diag(source, report->diags.at[i]);
    }
}

/* ---- a tree ---------------------------------------------------------------------------- */

/* Of a tree whose order is not that of its text: spans lie in the text, texts end in NUL,
 * parents, places and counts agree. */
static inline void
sp_fuzz_check_node(const struct sp_doc *doc, const struct sp_node *node)
{
    uint32_t count = 0;
    bool in_object = node->parent != NULL && node->parent->kind == SP_NODE_OBJECT;

    sp_doc_check_that(sp_doc_check_span(doc, node->span));
    sp_doc_check_that(sp_doc_check_span(doc, node->key_span));
    sp_doc_check_that((node->key.ptr != NULL) == in_object);
    sp_doc_check_that(node->kind != SP_NODE_STRING || node->text.ptr[node->text.len] == '\0');
    for sp_node_each(child, node) {
        sp_doc_check_that(child->parent == node && child->index == count++);
        sp_fuzz_check_node(doc, child);
    }
    sp_doc_check_that(count == node->count);
}

/* A tree as JSON. */
static inline void
sp_fuzz_write_string(struct sp_buf *buf, struct sp_str str)
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

static inline void
sp_fuzz_write_node(struct sp_buf *buf, const struct sp_node *node)
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
        sp_fuzz_write_string(buf, node->text);
        return;
    case SP_NODE_ARRAY:
    case SP_NODE_OBJECT:
        break;
    }
    sp_buf_char(buf, is_object ? '{' : '[');
    for sp_node_each(child, node) {
        sp_buf_text(buf, child == node->first ? "" : ",");
        if (is_object) {
            sp_fuzz_write_string(buf, child->key);
            sp_buf_char(buf, ':');
        }
        sp_fuzz_write_node(buf, child);
    }
    sp_buf_char(buf, is_object ? '}' : ']');
}

/* It is the same tree when it is written as JSON and read again. */
static inline void
sp_fuzz_check_json(struct sp_arena *arena, const struct sp_doc *doc)
{
    SP_BUF(buf);
    struct sp_report report = { .arena = arena };
    struct sp_doc again;

    sp_fuzz_write_node(&buf, doc->root);
    struct sp_source *source = sp_source_new(arena, "again", sp_buf_view(&buf));
    sp_doc_check_that(sp_json_read(arena, source, &SP_DOC_LIMITS, &report, &again));
    sp_doc_check_that(sp_doc_check_same(doc->root, again.root));
}

/* ---- one input ------------------------------------------------------------------------- */

/* Is the text read, into `ret_doc`?  Else it is refused as it should be, with one error or
 * `most`. */
static inline bool
sp_fuzz_read(struct sp_arena *arena, sp_fuzz_reader *read, const uint8_t *data, size_t size,
             size_t most, struct sp_doc *ret_doc)
{
    struct sp_str text = { .ptr = (const char *)data, .len = size };
    struct sp_source *source = sp_source_new(arena, "fuzz", text);
    struct sp_report report = { .arena = arena };

    if (!read(arena, source, &SP_DOC_LIMITS, &report, ret_doc)) {
        sp_fuzz_check_report(arena, source, &report, most);
        return false;
    }
    sp_doc_check_that(report.diags.count == 0);
    return true;
}

#endif
