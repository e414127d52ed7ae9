/* What must hold of every reader of a foreign text, whatever the text: for fuzzing alone. */
#ifndef SP_FORMAT_LIST_FUZZ_H
#define SP_FORMAT_LIST_FUZZ_H

#include "format/profile_read.h"
#include "text/doc_check.h"
#include "text/report.h"

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef bool
sp_list_fuzz_reader(struct sp_arena *arena, const struct sp_source *source,
                    const struct sp_doc_limits *limits, struct sp_report *report,
                    struct sp_doc *ret_doc);

/* One error, in the text, whose message is one short line. */
static inline void
sp_list_fuzz_report(struct sp_arena *arena, struct sp_source *source,
                    const struct sp_report *report)
{
    struct sp_doc doc = { .source = source };

    sp_doc_check_that(!report->failed && report->diags.count == 1 && report->dropped == 0);
    const struct sp_diag *diag = report->diags.at[0];
    sp_doc_check_that(sp_doc_check_span(&doc, diag->place.span));
    sp_doc_check_that(sp_source_index(arena, source));
    sp_doc_check_that(sp_source_position(source, diag->place.span.start).line >= 1);
    sp_doc_check_that(strlen(diag->message) > 0 && strlen(diag->message) < 500);
}

/* Spans lie in the text; parents, places and counts agree. */
static inline void
sp_list_fuzz_node(const struct sp_doc *doc, const struct sp_node *node)
{
    uint32_t count = 0;

    sp_doc_check_that(sp_doc_check_span(doc, node->span));
    sp_doc_check_that(sp_doc_check_span(doc, node->key_span));
    for sp_node_each(child, node) {
        sp_doc_check_that(child->parent == node && child->index == count++);
        sp_list_fuzz_node(doc, child);
    }
    sp_doc_check_that(count == node->count);
}

static inline int
sp_list_fuzz(sp_list_fuzz_reader *read, const uint8_t *data, size_t size)
{
    SP_SCRATCH(arena);
    struct sp_str text = { .ptr = (const char *)data, .len = size };
    struct sp_source *source = sp_source_new(&arena, "fuzz", text);
    struct sp_report report = { .arena = &arena };
    struct sp_doc doc;

    if (!read(&arena, source, &SP_DOC_LIMITS, &report, &doc)) {
        sp_list_fuzz_report(&arena, source, &report);
        return 0;
    }
    sp_doc_check_that(report.diags.count == 0);
    sp_list_fuzz_node(&doc, doc.root);
    struct sp_detected detected = sp_profile_detect(&doc);
    sp_doc_check_that(detected.profile == doc.root);
    const struct sp_profile *profile = sp_profile_read(&arena, &doc, detected);
    sp_doc_check_that(profile != NULL && profile->default_action != SP_ACTION_NONE);
    return 0;
}

#endif
