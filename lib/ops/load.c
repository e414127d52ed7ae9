#include "ops/load.h"

#include "base/file.h"
#include "format/read.h"
#include "ops/operand.h"

void
sp_load_write_place(const struct sp_doc *doc, const struct sp_node *node, struct sp_buf *buf)
{
    struct sp_position position = sp_source_position(doc->source, node->span.start);

    sp_buf_format(buf, "%s:%u:%u", doc->source->name, position.line, position.column);
}

static enum sp_load
read_text(struct sp_arena *arena, const struct sp_doc_limits *limits, const char *word,
          struct sp_str *ret_text)
{
    switch (sp_operand_kind(word)) {
    case SP_OPERAND_BUILTIN:
        *ret_text = sp_operand_builtin(arena, word);
        return arena->failed ? SP_LOAD_NO_MEMORY : SP_LOAD_OK;
    case SP_OPERAND_UNKNOWN:
        return SP_LOAD_UNKNOWN;
    case SP_OPERAND_FILE:
    case SP_OPERAND_FOLDER:
        break;
    }
    switch (sp_file_read(arena, word, limits->bytes, ret_text)) {
    case SP_FILE_OK:
        return SP_LOAD_OK;
    case SP_FILE_ERROR:
        return SP_LOAD_UNREADABLE;
    case SP_FILE_NO_MEMORY:
        break;
    }
    return SP_LOAD_NO_MEMORY;
}

/* The first fault of the text, on one line. */
static enum sp_load
tell_fault(const struct sp_report *report, struct sp_buf *why)
{
    if (report->failed || report->diags.count == 0) {
        return SP_LOAD_NO_MEMORY;
    }
    const struct sp_diag *diag = report->diags.at[0];
    struct sp_position position = sp_source_position(diag->place.source, diag->place.span.start);

    sp_buf_format(why, "%s:%u:%u: SP%u: %s", diag->place.source->name, position.line,
                  position.column, diag->code, diag->message);
    return SP_LOAD_BAD;
}

enum sp_load
sp_load_text(struct sp_arena *arena, const struct sp_doc_limits *limits, enum sp_dialect dialect,
             const char *name, struct sp_str text, const struct sp_profile **ret_profile,
             struct sp_buf *why)
{
    struct sp_report report = { .arena = arena };
    struct sp_source *source = sp_read_source(arena, name, text, dialect);
    struct sp_doc *doc = sp_arena_new(arena, struct sp_doc);
    struct sp_detected detected;

    if (source == NULL || doc == NULL || !sp_source_index(arena, source)) {
        return SP_LOAD_NO_MEMORY;
    }
    if (!sp_read_document(arena, source, limits, dialect, &report, doc, &detected)) {
        return tell_fault(&report, why);
    }
    const struct sp_profile *profile = sp_profile_read(arena, doc, detected);
    if (profile == NULL) {
        return SP_LOAD_NO_MEMORY;
    }
    if (profile->node == NULL) {
        sp_buf_format(why, "%s: there is no profile in it (secprof lint says more)", name);
        return SP_LOAD_BAD;
    }
    *ret_profile = profile;
    return SP_LOAD_OK;
}

enum sp_load
sp_load_profile(struct sp_arena *arena, const struct sp_doc_limits *limits, enum sp_dialect dialect,
                const char *word, const struct sp_profile **ret_profile, struct sp_buf *why)
{
    struct sp_str text;
    enum sp_load status = read_text(arena, limits, word, &text);
    bool is_builtin = sp_operand_kind(word) == SP_OPERAND_BUILTIN;

    return status != SP_LOAD_OK
        ? status
        : sp_load_text(arena, limits, is_builtin ? SP_DIALECT_UNKNOWN : dialect, word, text,
                       ret_profile, why);
}
