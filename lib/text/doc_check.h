/* What must hold for every tree, and what makes two trees the same: for tests and fuzzing. */
#ifndef SP_TEXT_DOC_CHECK_H
#define SP_TEXT_DOC_CHECK_H

#include "text/doc.h"

#include <stdlib.h>

static inline void
sp_doc_check_that(bool holds)
{
    if (!holds) {
        abort();
    }
}

static inline bool
sp_doc_check_span(const struct sp_doc *doc, struct sp_span span)
{
    return span.start <= span.end && span.end <= doc->source->text.len;
}

/* Spans lie in the text and in each other, in order; texts end in NUL; parents, places and
 * counts agree.  Aborts where they do not. Gives the number of nodes. */
static inline size_t
sp_doc_check_node(const struct sp_doc *doc, const struct sp_node *node)
{
    size_t nodes = 1;
    uint32_t count = 0;
    uint32_t end = node->span.start;
    bool in_object = node->parent != NULL && node->parent->kind == SP_NODE_OBJECT;

    sp_doc_check_that(sp_doc_check_span(doc, node->span));
    sp_doc_check_that(sp_doc_check_span(doc, node->key_span));
    sp_doc_check_that((node->key.ptr != NULL) == in_object);
    sp_doc_check_that(!in_object || (node->key.ptr[node->key.len] == '\0'
                                     && node->key_span.end <= node->span.start));
    sp_doc_check_that(node->kind != SP_NODE_STRING || node->text.ptr[node->text.len] == '\0');
    for sp_node_each(child, node) {
        bool has_key = node->kind == SP_NODE_OBJECT;
        uint32_t start = has_key ? child->key_span.start : child->span.start;
        sp_doc_check_that(child->parent == node && child->index == count++);
        sp_doc_check_that(start >= end && child->span.end <= node->span.end);
        end = child->span.end;
        nodes += sp_doc_check_node(doc, child);
    }
    sp_doc_check_that(count == node->count);
    return nodes;
}

static inline bool
sp_doc_check_same_text(const struct sp_node *left, const struct sp_node *right)
{
    uint64_t value;
    uint64_t other;

    if (left->kind == SP_NODE_NUMBER && sp_node_u64(left, &value) == SP_NUMBER_OK) {
        return sp_node_u64(right, &other) == SP_NUMBER_OK && value == other;
    }
    return sp_str_equal(left->text, right->text);
}

/* The same values, whatever the layout of their texts. */
static inline bool
sp_doc_check_same(const struct sp_node *left, const struct sp_node *right)
{
    const struct sp_node *other = right->first;

    if (left->kind != right->kind || left->count != right->count
        || !sp_str_equal(left->key, right->key) || !sp_doc_check_same_text(left, right)) {
        return false;
    }
    for sp_node_each(child, left) {
        if (!sp_doc_check_same(child, other)) {
            return false;
        }
        other = other->next;
    }
    return true;
}

#endif
