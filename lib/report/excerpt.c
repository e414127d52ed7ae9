#include "report/excerpt.h"

#include "report/glyph.h"
#include "report/wrap.h"
#include "sem/bpf_run.h"

#include <string.h>

enum {
    USUAL_WIDTH = 80,     /* where the style has no limit: a minified profile is one line of
                             100 KB, which nobody wants to see with each finding */
    LEAST_ROOM = 24,      /* columns for the source, however narrow the terminal */
    LABEL_ROOM = 24,      /* columns for a label below the mark */
    NUMBER_DIGITS = 5,    /* of line numbers, unless they have more */
    BYTES_A_COLUMN = 16,  /* that are looked at: marks without width could fill megabytes */
};

static const char dots[] = "...";
enum { DOTS = sizeof dots - 1 };

/* The marked part of a line, as offsets into its text. */
struct view {
    struct sp_str text;
    size_t from;
    size_t to;
    size_t left;   /* what is shown: from here */
    size_t right;  /* up to here */
};

/* ---- which part of the line is shown ---- */

/* How far to the left of `at` so many columns reach. */
static size_t
reach_left(struct sp_str text, size_t at, size_t columns)
{
    size_t used = 0;
    size_t floor = at > columns * BYTES_A_COLUMN ? at - columns * BYTES_A_COLUMN : 0;

    while (at > floor) {
        size_t before = sp_glyph_before(text, at);
        used += sp_glyph_at(text, before).width;
        if (used > columns) {
            break;
        }
        at = before;
    }
    return at;
}

/* The same to the right. */
static size_t
reach_right(struct sp_str text, size_t at, size_t columns)
{
    size_t used = 0;
    size_t ceiling = at + columns * BYTES_A_COLUMN;

    while (at < text.len && at < ceiling) {
        struct sp_glyph glyph = sp_glyph_at(text, at);
        used += glyph.width;
        if (used > columns) {
            break;
        }
        at += glyph.bytes;
    }
    return at;
}

/* Fits the line into `room` columns: whole, else with a third of the room before the mark, else
 * (close to its end) as much of its end as there is room for.  A mark behind the end needs a
 * column of its own. */
static void
fit(struct view *view, size_t room)
{
    struct sp_str text = view->text;

    room -= view->from == text.len;
    view->left = 0;
    view->right = reach_right(text, 0, room);
    if (view->right == text.len) {
        return;
    }

    view->left = reach_left(text, view->from, room / 3);
    size_t rest = view->left > 0 ? room - DOTS : room;
    view->right = reach_right(text, view->left, rest);
    if (view->right < text.len) {
        view->right = reach_right(text, view->left, rest - DOTS);
        return;
    }
    view->left = reach_left(text, text.len, rest);
}

static size_t
columns_between(const struct view *view, size_t from, size_t to)
{
    return sp_glyph_columns(sp_str_slice(view->text, from, to));
}

static size_t
mark_column(const struct view *view)
{
    return (view->left > 0 ? DOTS : 0) + columns_between(view, view->left, view->from);
}

/* The mark reaches under the dots when the marked part goes on there; it is never empty. */
static size_t
mark_length(const struct view *view)
{
    size_t columns = view->to > view->right
        ? columns_between(view, view->from, view->right) + DOTS
        : columns_between(view, view->from, view->to);

    return columns > 0 ? columns : 1;
}

/* ---- drawing ---- */

static int
number_digits(uint32_t line)
{
    int digits = 1;

    for (; line >= 10; line /= 10) {
        digits++;
    }
    return digits < NUMBER_DIGITS ? NUMBER_DIGITS : digits;
}

static size_t
room_of(const struct sp_style *style, int digits)
{
    size_t gutter = (size_t)digits + sizeof " | " - 1;
    size_t width = style->width > 0 ? style->width : USUAL_WIDTH;

    return width > gutter + LEAST_ROOM ? width - gutter : LEAST_ROOM;
}

/* Terminals and editors show white space at the end of a line in red. */
static void
end_line(struct sp_buf *out)
{
    while (out->len > 0 && out->data[out->len - 1] == ' ') {
        sp_buf_cut(out, out->len - 1);
    }
    sp_buf_char(out, '\n');
}

static void
add_text(struct sp_buf *out, const struct view *view, uint32_t line, int digits)
{
    sp_buf_format(out, "%*u | %s", digits, line, view->left > 0 ? dots : "");
    sp_glyph_add(out, sp_str_slice(view->text, view->left, view->right));
    sp_buf_text(out, view->right < view->text.len ? dots : "");
    end_line(out);
}

/* Beside the mark, or on lines of its own that begin where the mark does, or further left when
 * there is no room either. */
static void
add_label(struct sp_buf *out, const struct sp_style *style, const char *label, int digits,
          size_t mark, size_t length)
{
    struct sp_str text = sp_str_of(label);
    size_t room = room_of(style, digits);
    size_t columns = sp_glyph_columns(text);
    SP_BUF(prefix);

    if (style->width == 0 || mark + length + 1 + columns <= room) {
        sp_buf_char(out, ' ');
        sp_wrap_add(out, &(struct sp_wrap){ .width = 0 }, text);
        return;
    }
    if (mark + LABEL_ROOM > room) {
        mark = room - LABEL_ROOM;
    }
    sp_buf_format(&prefix, "%*s | %*s", digits, "", (int)mark, "");
    out->failed |= prefix.failed;
    sp_buf_char(out, '\n');
    sp_buf_add(out, sp_buf_view(&prefix));
    sp_wrap_add(out, &(struct sp_wrap){
        .width = style->width, .column = prefix.len, .prefix = sp_buf_view(&prefix),
    }, text);
}

static void
add_mark(struct sp_buf *out, const struct sp_style *style, const struct sp_excerpt *excerpt,
         const struct view *view, int digits)
{
    size_t column = mark_column(view);
    size_t length = mark_length(view);

    sp_buf_format(out, "%*s | ", digits, "");
    sp_buf_repeat(out, ' ', column);
    sp_paint_begin(out, style, excerpt->paint);
    sp_buf_repeat(out, excerpt->mark, length);
    sp_paint_end(out, style, excerpt->paint);
    if (excerpt->label != NULL) {
        add_label(out, style, excerpt->label, digits, column, length);
    }
    sp_buf_char(out, '\n');
}

/* Where a mark at `at` begins: under a whole glyph, and for an accent under its letter. */
static size_t
whole_start(struct sp_str text, size_t at)
{
    size_t floor = at > BYTES_A_COLUMN ? at - BYTES_A_COLUMN : 0;

    at = sp_glyph_start(text, at);
    while (at > floor && at < text.len && sp_glyph_at(text, at).width == 0) {
        at = sp_glyph_before(text, at);
    }
    return at;
}

/* Where the glyph ends that `at` would tear. */
static size_t
whole_end(struct sp_str text, size_t at)
{
    size_t start = sp_glyph_start(text, at);

    return start < at ? start + sp_glyph_at(text, start).bytes : at;
}

/* The span as offsets into the line in which it begins. */
static struct view
view_of(const struct sp_excerpt *excerpt)
{
    const struct sp_source *source = excerpt->where.source;
    struct sp_str text = sp_source_line(source, excerpt->where.start.line);
    size_t start = source->lines[excerpt->where.start.line - 1];
    size_t from = excerpt->span.start > start ? excerpt->span.start - start : 0;
    size_t to = excerpt->span.end > start ? excerpt->span.end - start : 0;

    from = whole_start(text, from < text.len ? from : text.len);
    to = whole_end(text, to < text.len ? to : text.len);
    return (struct view){ .text = text, .from = from, .to = to > from ? to : from };
}

/* What is said of the empty line at the end of a text is understood with the line before it. */
static void
add_line_before(struct sp_buf *out, const struct sp_source *source, uint32_t line, size_t room,
                int digits)
{
    struct view view = { .text = sp_source_line(source, line) };

    view.from = view.to = view.text.len;
    fit(&view, room);
    add_text(out, &view, line, digits);
}

/* ---- what is drawn ---- */

static void
draw(struct sp_buf *out, const struct sp_style *style, const struct sp_excerpt *excerpt,
     struct view *view)
{
    const struct sp_source *source = excerpt->where.source;
    uint32_t line = excerpt->where.start.line;
    int digits = number_digits(line);
    size_t room = room_of(style, digits);

    if (view->text.len == 0 && line > 1) {
        add_line_before(out, source, line - 1, room, digits);
    }
    fit(view, room);
    add_text(out, view, line, digits);
    add_mark(out, style, excerpt, view, digits);
}

/* Nothing is drawn of what a program that ends too early has left of its last instruction. */
static bool
draw_instruction(struct sp_buf *out, const struct sp_style *style,
                 const struct sp_excerpt *excerpt)
{
    uint32_t line = excerpt->where.start.line;
    struct sp_str bytes = sp_source_line(excerpt->where.source, line);
    struct sp_bpf_insn insn;
    SP_BUF(listed);

    if (bytes.len != sizeof insn) {
        return false;
    }
    memcpy(&insn, bytes.ptr, sizeof insn);
    sp_bpf_print_at(&insn, line - 1, &listed);

    struct view view = { .text = sp_buf_part(&listed, &out->failed) };
    view.from = view.text.len == 0 ? 0 : strspn(view.text.ptr, " 0123456789");
    view.to = view.text.len;
    draw(out, style, excerpt, &view);
    return true;
}

bool
sp_excerpt_add(struct sp_buf *out, const struct sp_style *style,
               const struct sp_excerpt *excerpt)
{
    const struct sp_source *source = excerpt->where.source;

    if (source == NULL || source->text.len == 0) {
        return false;
    }
    if (source->record != 0) {
        return draw_instruction(out, style, excerpt);
    }
    struct view view = view_of(excerpt);
    draw(out, style, excerpt, &view);
    return true;
}
