/* The lines of a unit: lib/format/systemd*.c alone.
 *
 * A line of a unit may be several of the text: one that ends with an odd backslash goes on
 * in the next, and comments between them are left out.  Lines end with LF, CR, NUL or
 * different ones of them.
 *
 * Source: systemd src/shared/conf-parser.c (config_parse), src/basic/fileio.c
 * (read_line_full) and src/basic/extract-word.c (extract_first_word). */
#ifndef SP_FORMAT_SYSTEMD_LINES_H
#define SP_FORMAT_SYSTEMD_LINES_H

#include "base/buf.h"
#include "base/vec.h"
#include "text/report.h"

/* Where in the source a part of the line stands. */
struct sp_systemd_piece {
    size_t at;        /* of its first byte in the line */
    uint32_t offset;  /* in the source */
};

struct sp_systemd_line {
    struct sp_str text;  /* the backslashes at line ends are spaces */
    SP_VEC(struct sp_systemd_piece) pieces;
};

struct sp_systemd_lines {
    struct sp_arena *arena;
    const struct sp_source *source;
    struct sp_report *report;
    uint32_t offset;  /* of the next line */
    bool failed;      /* reported, or no memory */
};

/* At the first line, behind a byte order mark. */
struct sp_systemd_lines
sp_systemd_lines_of(struct sp_arena *arena, const struct sp_source *source,
                    struct sp_report *report);

/* The next line that is no comment; false at the end, and when it failed. */
bool
sp_systemd_lines_next(struct sp_systemd_lines *lines, struct sp_systemd_line *ret_line);

/* The place of a part of the line's text. */
struct sp_span
sp_systemd_span(const struct sp_systemd_line *line, struct sp_str part);

enum sp_systemd_word {
    SP_SYSTEMD_WORD,
    SP_SYSTEMD_WORDS_END,
    SP_SYSTEMD_WORDS_BROKEN,  /* a backslash or a quote is open at the end */
};

/* The next word of a value, `*rest` behind it; `ret_raw` is the word as it stands there.
 * Quotes count only with `unquote`.  `buf` holds the word and is cut to nothing first. */
enum sp_systemd_word
sp_systemd_word_next(struct sp_str *rest, bool unquote, struct sp_buf *buf,
                     struct sp_str *ret_raw);

#endif
