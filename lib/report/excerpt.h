/* A line of a source with a mark under a part of it:
 *
 *       214 |             "value": 40,
 *           |             ^^^^^^^^^^^ also holds for 0x100000028
 *
 * The line is drawn as glyphs (report/glyph.h).  Of a line that is wider than the terminal, the
 * part around the mark is shown, between dots.  A part of several lines is marked to the end of
 * its first.
 *
 * Of a BPF program the instruction is drawn as listings have it (sem/bpf_run.h), under its number
 * as a line; its bytes are never shown. */
#ifndef SP_REPORT_EXCERPT_H
#define SP_REPORT_EXCERPT_H

#include "base/buf.h"
#include "report/paint.h"
#include "report/where.h"

#include <stdbool.h>

struct sp_excerpt {
    struct sp_where where;
    struct sp_span span;
    char mark;          /* '^' or '~' */
    enum sp_paint paint;
    const char *label;  /* beside the mark, or below it where there is no room; NULL = none */
};

/* Appends whole lines.  False, and nothing is written, when there is nothing to draw: no source, an
 * empty one, or a piece of an instruction. */
bool
sp_excerpt_add(struct sp_buf *out, const struct sp_style *style,
               const struct sp_excerpt *excerpt);

#endif
