/* A text that was read: its name, its bytes, and where its lines begin.
 *
 * Spans are byte offsets.  People and editors count otherwise: a line ends with LF (a CR before
 * it belongs to the line end), a column is a code point, counted from 1; a tab is one column, a
 * byte order mark at the start none, a byte that is no UTF-8 one.  A text that ends with LF has
 * an empty line behind it, where its end is.
 *
 * A program is no text: its lines are its instructions, of `record` bytes each, its columns
 * bytes. */
#ifndef SP_TEXT_SOURCE_H
#define SP_TEXT_SOURCE_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Offsets are 32 bits wide, so that trees stay small; no text is as large as this. */
#define SP_SOURCE_MAX ((size_t)1 << 31)

struct sp_span {
    uint32_t start;
    uint32_t end;  /* behind the last byte */
};

/* A place and the number of code points before it, so that a column is found soon even in one
 * long line. */
struct sp_source_mark {
    uint32_t offset;
    uint32_t points;
};

struct sp_source {
    const char *name;  /* as the user wrote it: a path, "<stdin>", "docker" */
    struct sp_str text;
    uint32_t record;        /* bytes of each line of what is no text; 0: lines end with LF */
    const char *machine;  /* name of the architecture that the numbers of calls in it are of, where the text
                             does not say; NULL: this machine's */
    const uint32_t *lines;  /* offset of each line's first byte, behind a byte order mark; NULL
                               until indexed */
    uint32_t line_count;
    uint32_t mark_count;
    const struct sp_source_mark *marks;
};

struct sp_position {
    uint32_t line;    /* from 1 */
    uint32_t column;  /* from 1 */
};

/* A source over `text`, which is not copied and must live as long; `name` is copied.  NULL when
 * there is no memory. `text.len` must be less than SP_SOURCE_MAX. */
struct sp_source *
sp_source_new(struct sp_arena *arena, const char *name, struct sp_str text);

/* Finds the lines, once; positions need it. False when there is no memory. */
bool
sp_source_index(struct sp_arena *arena, struct sp_source *source);

/* Line and column of a byte; an offset past the end gives the end, one inside a code point or a
 * line end where that begins. Needs the index. */
struct sp_position
sp_source_position(const struct sp_source *source, uint32_t offset);

/* A line's bytes without its end and byte order mark: column n is its n-th code point.
 * `line` counts from 1; empty when there is no such line. Needs the index. */
struct sp_str
sp_source_line(const struct sp_source *source, uint32_t line);

/* The bytes of a span; what lies past the end is left out. */
struct sp_str
sp_source_slice(const struct sp_source *source, struct sp_span span);

#endif
