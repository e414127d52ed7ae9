#include "format/systemd_lines.h"

#include "text/json_read.h"
#include "text/utf8.h"

#include <string.h>

/* systemd refuses a file with a longer line (LONG_LINE_MAX). */
enum { LINE_MAX_BYTES = 1 << 20 };

struct sp_systemd_lines
sp_systemd_lines_of(struct sp_arena *arena, const struct sp_source *source,
                    struct sp_report *report)
{
    return (struct sp_systemd_lines){
        .arena = arena,
        .source = source,
        .report = report,
        .offset = sp_str_has_prefix(source->text, SP_UTF8_BOM) ? strlen(SP_UTF8_BOM) : 0,
    };
}

/* ---- lines of the text --------------------------------------------------------------- */

/* A bit for each kind of line end, 0 for other bytes. */
static unsigned
line_end_kind(char byte)
{
    switch (byte) {
    case '\n':
        return 1;
    case '\r':
        return 2;
    case '\0':
        return 4;
    default:
        return 0;
    }
}

/* The text up to the line's end; the next one begins behind line ends of different kinds. */
static struct sp_str
take_line(struct sp_systemd_lines *lines)
{
    struct sp_str text = lines->source->text;
    size_t start = lines->offset;
    size_t end = start;
    unsigned seen = 0;

    while (end < text.len && line_end_kind(text.ptr[end]) == 0) {
        end++;
    }
    size_t next = end;
    while (next < text.len && (line_end_kind(text.ptr[next]) & ~seen) != 0) {
        seen |= line_end_kind(text.ptr[next]);
        next++;
    }
    lines->offset = (uint32_t)next;
    return sp_str_slice(text, start, end);
}

static bool
is_comment(struct sp_str line)
{
    struct sp_str trimmed = sp_str_trim(line);

    return trimmed.len > 0 && (trimmed.ptr[0] == '#' || trimmed.ptr[0] == ';');
}

/* Is the last byte a backslash that no other one escapes? */
static bool
is_continued(struct sp_str line)
{
    size_t count = 0;

    while (count < line.len && line.ptr[line.len - 1 - count] == '\\') {
        count++;
    }
    return count % 2 == 1;
}

/* ---- lines of the unit --------------------------------------------------------------- */

static bool
add_piece(struct sp_systemd_lines *lines, struct sp_systemd_line *line, struct sp_str piece,
          size_t at)
{
    struct sp_systemd_piece *added = sp_vec_push(lines->arena, &line->pieces);

    if (added == NULL) {
        lines->failed = true;
        return false;
    }
    *added = (struct sp_systemd_piece){
        .at = at, .offset = (uint32_t)(piece.ptr - lines->source->text.ptr),
    };
    if (at + piece.len > LINE_MAX_BYTES) {
        struct sp_diag *diag =
            sp_report_add(lines->report, SP_CODE_TOO_LARGE,
                          sp_at_span(lines->source, line->pieces.at[0].offset,
                                     line->pieces.at[0].offset),
                          "the line has more than the %d bytes that systemd reads",
                          LINE_MAX_BYTES);
        sp_report_help(lines->report, diag, "an option may be assigned several times");
        lines->failed = true;
        return false;
    }
    return true;
}

/* The next line that is no comment; false at the end of the text. */
static bool
take_piece(struct sp_systemd_lines *lines, struct sp_str *ret_piece)
{
    while (lines->offset < lines->source->text.len) {
        *ret_piece = take_line(lines);
        if (!is_comment(*ret_piece)) {
            return true;
        }
    }
    return false;
}

/* Adds the lines that follow one that is continued. */
static bool
join_lines(struct sp_systemd_lines *lines, struct sp_systemd_line *line)
{
    SP_BUF(buf);
    struct sp_str piece;
    bool is_open = true;

    sp_buf_add(&buf, line->text);
    while (is_open && !buf.failed) {
        buf.data[buf.len - 1] = ' ';
        is_open = take_piece(lines, &piece);
        if (is_open && !add_piece(lines, line, piece, buf.len)) {
            return false;
        }
        sp_buf_add(&buf, is_open ? piece : SP_STR(""));
        is_open = is_open && is_continued(sp_buf_view(&buf));
    }
    line->text = sp_buf_part(&buf, &lines->failed);
    line->text.ptr = sp_arena_copy(lines->arena, line->text);
    lines->failed = lines->failed || line->text.ptr == NULL;
    return !lines->failed;
}

bool
sp_systemd_lines_next(struct sp_systemd_lines *lines, struct sp_systemd_line *ret_line)
{
    struct sp_systemd_line line = { .text = SP_STR("") };

    if (lines->failed || !take_piece(lines, &line.text)
        || !add_piece(lines, &line, line.text, 0)
        || (is_continued(line.text) && !join_lines(lines, &line))) {
        return false;
    }
    *ret_line = line;
    return true;
}

static uint32_t
offset_of(const struct sp_systemd_line *line, size_t at)
{
    size_t i = line->pieces.count - 1;

    while (line->pieces.at[i].at > at) {
        i--;
    }
    return line->pieces.at[i].offset + (uint32_t)(at - line->pieces.at[i].at);
}

struct sp_span
sp_systemd_span(const struct sp_systemd_line *line, struct sp_str part)
{
    size_t start = (size_t)(part.ptr - line->text.ptr);

    return (struct sp_span){
        .start = offset_of(line, start),
        .end = part.len == 0 ? offset_of(line, start)
                             : offset_of(line, start + part.len - 1) + 1,
    };
}

/* ---- words --------------------------------------------------------------------------- */

static bool
is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

enum sp_systemd_word
sp_systemd_word_next(struct sp_str *rest, bool unquote, struct sp_buf *buf,
                     struct sp_str *ret_raw)
{
    size_t at = 0;
    char quote = '\0';

    sp_buf_cut(buf, 0);
    while (at < rest->len && is_space(rest->ptr[at])) {
        at++;
    }
    size_t start = at;
    for (; at < rest->len && (quote != '\0' || !is_space(rest->ptr[at])); at++) {
        char byte = rest->ptr[at];
        if (byte == '\\' && at + 1 == rest->len) {
            quote = byte;
        } else if (byte == '\\') {
            at++;
            sp_buf_char(buf, rest->ptr[at]);
        } else if (quote != '\0' && byte == quote) {
            quote = '\0';
        } else if (quote == '\0' && unquote && (byte == '"' || byte == '\'')) {
            quote = byte;
        } else {
            sp_buf_char(buf, byte);
        }
    }
    *ret_raw = sp_str_slice(*rest, start, at);
    *rest = sp_str_slice(*rest, at, rest->len);
    if (quote != '\0') {
        return SP_SYSTEMD_WORDS_BROKEN;
    }
    return ret_raw->len > 0 ? SP_SYSTEMD_WORD : SP_SYSTEMD_WORDS_END;
}
