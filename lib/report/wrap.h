/* Prose, folded to a width. */
#ifndef SP_REPORT_WRAP_H
#define SP_REPORT_WRAP_H

#include "base/buf.h"
#include "base/str.h"

#include <stddef.h>

struct sp_wrap {
    size_t width;          /* columns of a line; 0 = do not fold */
    size_t column;         /* columns that stand in the first line already */
    struct sp_str prefix;  /* begins every other line: spaces, a gutter */
};

/* Appends `text` as glyphs (report/glyph.h), with one space for any white space and a line
 * break where a word would pass the width.  A word that is longer than a line stays whole; so
 * does `a command between backticks` when it fits into one line.  No line break at the end. */
void
sp_wrap_add(struct sp_buf *out, const struct sp_wrap *wrap, struct sp_str text);

#endif
