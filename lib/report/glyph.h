/* Foreign text, made fit for a terminal: one glyph for each code point.
 *
 * Control characters, bytes that are no UTF-8, and characters that show nothing or turn the
 * direction of the text would move the cursor, colour the screen or hide what a profile says:
 * each shows as U+FFFD.  A tab shows as four spaces wherever it stands, so that a piece of a
 * line can be drawn without the rest of it. */
#ifndef SP_REPORT_GLYPH_H
#define SP_REPORT_GLYPH_H

#include "base/buf.h"
#include "base/str.h"

#include <stddef.h>

struct sp_glyph {
    size_t bytes;         /* of the text that it stands for; at least 1 */
    unsigned width;       /* columns */
    struct sp_str shown;  /* a part of the text or a constant */
};

/* The glyph that begins at `at`, which must be less than `text.len`. */
struct sp_glyph
sp_glyph_at(struct sp_str text, size_t at);

/* Where the glyph before `at` begins; `at` must be greater than 0. */
size_t
sp_glyph_before(struct sp_str text, size_t at);

/* Where the glyph that holds the byte `at` begins; `at` itself at the end of the text. */
size_t
sp_glyph_start(struct sp_str text, size_t at);

/* Columns of a whole text. */
size_t
sp_glyph_columns(struct sp_str text);

/* Appends a whole text. */
void
sp_glyph_add(struct sp_buf *out, struct sp_str text);

#endif
