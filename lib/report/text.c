/* Findings for people: what is wrong, where, and what helps, a screenful each at most. */
#include "report/excerpt.h"
#include "report/glyph.h"
#include "report/heading.h"
#include "report/paint.h"
#include "report/render.h"
#include "report/summary.h"
#include "report/validity.h"
#include "report/where.h"
#include "report/witness.h"
#include "report/wrap.h"

#include <string.h>

/* Words that begin a line stand in a column of their own; what they say begins behind it. */
static const char indent[] = "           ";
enum { INDENT = sizeof indent - 1 };

enum {
    EXCERPTS_MAX = 2,   /* more related places than this are named without their lines */
    SHOWN_LINE = 80,    /* a longer line may not have been shown as a whole */
    EDITS_MAX = 3,      /* edits of one finding that are described */
    EDIT_COLUMNS = 40,  /* of a text that goes or comes */
};

/* What the lines of one file's findings share. */
struct page {
    struct sp_buf *out;
    const struct sp_style *style;
    const char *path;
    struct sp_atlas *atlas;
};

/* ---- lines that begin with a word ---- */

static void
add_word(const struct page *page, const char *word)
{
    sp_buf_text(page->out, "  ");
    sp_paint_text(page->out, page->style, SP_PAINT_STRONG, word);
    sp_buf_repeat(page->out, ' ', INDENT - 2 - strlen(word));
}

static void
add_prose(const struct page *page, const char *word, struct sp_str text)
{
    add_word(page, word);
    sp_wrap_add(page->out, &(struct sp_wrap){
        .width = page->style->width, .column = INDENT, .prefix = sp_str_of(indent),
    }, text);
    sp_buf_char(page->out, '\n');
}

static void
add_buffer(const struct page *page, const char *word, const struct sp_buf *text)
{
    page->out->failed |= text->failed;
    add_prose(page, word, sp_buf_view(text));
}

/* ---- related places ---- */

/* True when the excerpt of a finding shows the line of another place, too. */
static bool
has_shown(const struct sp_where *finding, const struct sp_where *other)
{
    return finding->source != NULL && finding->start.line == other->start.line
        && sp_source_line(finding->source, finding->start.line).len <= SHOWN_LINE;
}

/* Where, in which words, and (when they are few) the line, unless it has just been shown. */
static void
add_related(const struct page *page, const struct sp_diag *diag,
            const struct sp_related *related)
{
    struct sp_where where = sp_where_is(page->atlas, &related->place);
    struct sp_where finding = sp_where_is(page->atlas, &diag->place);
    bool is_here = where.source == NULL || related->place.source == diag->place.source;
    SP_BUF(text);

    sp_where_add(&text, is_here ? page->path : where.source->name, &where);
    sp_buf_format(&text, ": %s", related->text);
    add_buffer(page, "note", &text);

    if (diag->related.count <= EXCERPTS_MAX && !(is_here && has_shown(&finding, &where))) {
        sp_excerpt_add(page->out, page->style, &(struct sp_excerpt){
            .where = where, .span = related->place.span, .mark = '~',
        });
    }
}

/* ---- edits ---- */

static bool
is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* "`text`", cut when it is long. */
static void
add_quoted(struct sp_buf *out, struct sp_str text)
{
    size_t columns = 0;
    size_t at = 0;

    sp_buf_char(out, '`');
    while (at < text.len && columns < EDIT_COLUMNS) {
        struct sp_glyph glyph = sp_glyph_at(text, at);
        sp_buf_add(out, is_space(text.ptr[at]) ? SP_STR(" ") : glyph.shown);
        columns += glyph.width;
        at += glyph.bytes;
    }
    sp_buf_text(out, at < text.len ? "...`" : "`");
}

static void
add_edit(const struct page *page, const struct sp_diag *diag, const struct sp_edit *edit)
{
    const struct sp_place place = { .source = diag->place.source, .span = edit->span };
    struct sp_where where = sp_where_is(page->atlas, &place);
    struct sp_str old = where.source == NULL ? SP_STR("")
                                             : sp_source_slice(where.source, edit->span);
    struct sp_str new = sp_str_of(edit->text);
    SP_BUF(text);

    sp_buf_text(&text, old.len == 0 ? "insert " : new.len == 0 ? "remove " : "replace ");
    add_quoted(&text, old.len == 0 ? new : old);
    if (old.len > 0 && new.len > 0) {
        sp_buf_text(&text, " by ");
        add_quoted(&text, new);
    }
    if (where.source != NULL) {
        sp_buf_format(&text, " at %u:%u", where.start.line, where.start.column);
    }
    add_buffer(page, "fix", &text);
}

static void
add_edits(const struct page *page, const struct sp_diag *diag)
{
    size_t count = diag->edits.count;
    size_t shown = count > EDITS_MAX ? EDITS_MAX - 1 : count;

    for (size_t i = 0; i < shown; i++) {
        add_edit(page, diag, &diag->edits.at[i]);
    }
    if (shown < count) {
        SP_BUF(text);
        sp_buf_format(&text, "and %zu more places", count - shown);
        add_buffer(page, "fix", &text);
    }
}

/* ---- a finding ---- */

static void
add_finding(const struct page *page, const struct sp_diag *diag)
{
    struct sp_where where = sp_where_is(page->atlas, &diag->place);

    sp_heading_add(page->out, page->style, page->path, &where, ": ", diag);
    bool is_drawn = sp_excerpt_add(page->out, page->style, &(struct sp_excerpt){
        .where = where,
        .span = diag->place.span,
        .mark = '^',
        .paint = sp_paint_of(diag->severity),
        .label = diag->label,
    });
    if (!is_drawn && diag->label != NULL) {
        add_prose(page, "note", sp_str_of(diag->label));
    }
    for (size_t i = 0; i < diag->related.count; i++) {
        add_related(page, diag, &diag->related.at[i]);
    }
    if (diag->witness != NULL) {
        SP_BUF(text);
        sp_witness_write(diag->witness, &text);
        add_buffer(page, "witness", &text);
    }
    if (diag->help != NULL) {
        add_prose(page, "help", sp_str_of(diag->help));
    }
    add_edits(page, diag);
}

/* ---- the renderer ---- */

/* Findings stand between empty lines, single lines close together. */
static void
begin_block(struct sp_render *render, enum sp_render_last kind)
{
    if (render->last == SP_RENDER_FINDING
        || (render->last != SP_RENDER_NOTHING && kind == SP_RENDER_FINDING)) {
        sp_buf_char(render->out, '\n');
    }
    render->last = kind;
}

static void
add_validity(struct sp_render *render, const struct sp_file_findings *findings)
{
    begin_block(render, SP_RENDER_LINE);
    sp_glyph_add(render->out, sp_str_of(findings->path));
    sp_buf_text(render->out, ": ");
    sp_validity_write(findings->validity, render->out);
    sp_buf_char(render->out, '\n');
}

static void
begin(struct sp_render *render)
{
    (void)render;
}

static void
file(struct sp_render *render, const struct sp_file_findings *findings)
{
    const struct sp_report *report = findings->report;
    SP_SCRATCH(scratch);
    struct sp_atlas atlas = { .arena = &scratch };
    const struct page page = {
        .out = render->out, .style = &render->style, .path = findings->path, .atlas = &atlas,
    };

    sp_summary_remember(render, findings);
    for (size_t i = 0; i < report->diags.count; i++) {
        begin_block(render, SP_RENDER_FINDING);
        add_finding(&page, report->diags.at[i]);
    }
    if (report->dropped > 0) {
        begin_block(render, SP_RENDER_LINE);
        sp_summary_dropped(render->out, findings);
    }
    if (findings->validity != NULL && report->diags.count == 0 && !render->style.quiet) {
        add_validity(render, findings);
    }
    render->out->failed |= scratch.failed;
}

static void
note(struct sp_render *render, const char *path, const char *text)
{
    begin_block(render, SP_RENDER_LINE);
    sp_summary_passed_over(render->out, path, text);
}

static void
end(struct sp_render *render, const struct sp_summary *summary)
{
    bool has_said = render->validates && summary->files == 1
        && render->worst == SP_SEVERITY_NONE;

    if (!render->style.quiet && !has_said) {
        begin_block(render, SP_RENDER_LINE);
        sp_summary_add(render, summary);
    }
}

const struct sp_renderer sp_renderer_text = {
    .name = "text",
    .about = "for people: each finding with its line and what helps",
    .begin = begin,
    .file = file,
    .note = note,
    .end = end,
};
