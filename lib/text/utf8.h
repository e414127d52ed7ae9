/* UTF-8 as RFC 3629 has it: no surrogates, nothing above U+10FFFF, no overlong forms. */
#ifndef SP_TEXT_UTF8_H
#define SP_TEXT_UTF8_H

#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

/* The byte order mark, which JSON refuses and YAML allows at the start of a text. */
#define SP_UTF8_BOM "\xef\xbb\xbf"

/* The length of the well-formed sequence at `at` (of `left` bytes) and its code point; 0 when
 * there is none. */
size_t
sp_utf8_decode(const char *at, size_t left, uint32_t *ret_point);

/* Writes a code point (no surrogate, at most 0x10ffff) into `ret_bytes`, gives its length. */
size_t
sp_utf8_encode(uint32_t point, char ret_bytes[4]);

/* Offset of the first byte that is not part of well-formed UTF-8; `str.len` if none is. */
size_t
sp_utf8_check(struct sp_str str);

/* A place in well-formed text, by code point and by byte. */
struct sp_utf8_cursor {
    size_t index;
    size_t offset;
};

/* Moves to the code point `index`, at most to the end; gives its offset. */
size_t
sp_utf8_seek(struct sp_str str, struct sp_utf8_cursor *cursor, size_t index);

/* Code points in `str`; a byte that is no UTF-8 counts as one. */
size_t
sp_utf8_count(struct sp_str str);

/* Columns that a terminal needs for a code point: 0, 1 or 2. Control characters count 1. */
unsigned
sp_utf8_width(uint32_t point);

#endif
