/* Any bytes as a program: read into a profile, or refused with a diagnostic inside the text. */
#include "format/bpf_read.h"

#include "format/profile_read.h"

#include <assert.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_report(const struct sp_report *report, size_t size)
{
    assert(report->diags.count > 0 || report->failed);
    for (size_t i = 0; i < report->diags.count; i++) {
        const struct sp_diag *diag = report->diags.at[i];
        assert(diag->place.span.start <= diag->place.span.end);
        assert(diag->place.span.end <= size);
        assert(diag->message[0] != '\0');
    }
}

static void
check_spans(const struct sp_node *node, size_t size)
{
    assert(node->span.start <= node->span.end && node->span.end <= size);
    for sp_node_each(child, node) {
        assert(child->parent == node);
        check_spans(child, size);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SP_SCRATCH(arena);
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = &arena };
    struct sp_str text = { .ptr = (const char *)data, .len = size };
    const struct sp_source *source = sp_source_new(&arena, "fuzz", text);
    struct sp_doc doc;

    if (source == NULL) {
        return 0;
    }
    if (!sp_bpf_read(&arena, source, &limits, &report, &doc)) {
        check_report(&report, size);
        return 0;
    }
    check_spans(doc.root, size);
    assert(sp_bpf_read_looks(text));
    struct sp_detected detected = {
        .looks = SP_LOOKS_PROFILE, .dialect = SP_DIALECT_BPF, .profile = doc.root,
    };
    const struct sp_profile *profile = sp_profile_read(&arena, &doc, detected);
    assert(profile != NULL && profile->node == doc.root);
    return 0;
}
