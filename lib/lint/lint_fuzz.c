/* Any bytes: linted, put in order, and every place of the report looked up. */
#include "base/buf.h"
#include "lint/lint.h"

#include <assert.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
look_up(const struct sp_source *source, const struct sp_place *place)
{
    SP_BUF(pointer);

    assert(place->span.start <= place->span.end && place->span.end <= source->text.len);
    (void)sp_source_position(source, place->span.start);
    (void)sp_source_position(source, place->span.end);
    if (place->node != NULL) {
        sp_node_pointer(place->node, &pointer);
    }
}

/* The edits of one finding do not overlap, and stay in the text. */
static void
look_at_edits(const struct sp_source *source, const struct sp_diag *diag)
{
    for (size_t i = 0; i < diag->edits.count; i++) {
        struct sp_span span = diag->edits.at[i].span;
        assert(span.start <= span.end && span.end <= source->text.len);
        assert(i == 0 || diag->edits.at[i - 1].span.end <= span.start);
    }
}

static void
look_at(const struct sp_source *source, const struct sp_report *report)
{
    for (size_t i = 0; i < report->diags.count; i++) {
        const struct sp_diag *diag = report->diags.at[i];
        assert(diag->severity != SP_SEVERITY_NONE && diag->message != NULL);
        assert(i == 0 || report->diags.at[i - 1]->place.span.start <= diag->place.span.start);
        look_up(source, &diag->place);
        look_at_edits(source, diag);
        for (size_t j = 0; j < diag->related.count; j++) {
            look_up(source, &diag->related.at[j].place);
        }
    }
}

/* The text as a file that was named. */
static void
lint_named(struct sp_str text, const struct sp_target *target)
{
    SP_SCRATCH(arena);
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_lint_reading reading = { .limits = &limits };
    struct sp_report report = { .arena = &arena };
    struct sp_source *source = sp_source_new(&arena, "fuzz", text);

    if (source != NULL && sp_source_index(&arena, source)
        && sp_lint_source(&arena, source, reading, target, &report)) {
        look_at(source, &report);
    }
}

/* The text as a file of a folder, which may be passed over. */
static void
lint_found(struct sp_str text, const struct sp_target *target)
{
    SP_SCRATCH(arena);
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_lint_reading reading = { .limits = &limits };
    struct sp_report report = { .arena = &arena };
    struct sp_source *source = sp_source_new(&arena, "fuzz", text);
    const char *other;

    if (source != NULL
        && sp_lint_member(&arena, source, reading, target, &report, &other)) {
        assert(other == NULL || report.diags.count == 0);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sp_str text = { .ptr = (const char *)data, .len = size };
    struct sp_target target = { .arch_count = 0 };

    lint_named(text, &target);
    lint_found(text, &target);
    return 0;
}
