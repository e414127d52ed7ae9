#include "report/glyph.h"

#include "text/utf8.h"

#include <stdbool.h>
#include <stdint.h>

/* Code points that are never sent to a terminal: the control characters, and what Unicode calls
 * "default ignorable" or a separator of lines, because it has no look of its own (soft hyphen,
 * direction marks, joiners, fillers, invisible operators, byte order mark, tags).  Sorted.
 * Variation selectors stay: they choose between looks. */
static const struct range {
    uint32_t first;
    uint32_t last;
} hidden[] = {
    { 0x0000, 0x001f },   { 0x007f, 0x009f },   { 0x00ad, 0x00ad },   { 0x034f, 0x034f },
    { 0x061c, 0x061c },   { 0x115f, 0x1160 },   { 0x17b4, 0x17b5 },   { 0x180b, 0x180f },
    { 0x200b, 0x200f },   { 0x2028, 0x202e },   { 0x2060, 0x206f },   { 0x3164, 0x3164 },
    { 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },   { 0xfff0, 0xfffb },   { 0x1bca0, 0x1bca3 },
    { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
};

static bool
is_hidden(uint32_t point)
{
    size_t low = 0;
    size_t high = sizeof hidden / sizeof *hidden;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (point < hidden[middle].first) {
            high = middle;
        } else if (point > hidden[middle].last) {
            low = middle + 1;
        } else {
            return true;
        }
    }
    return false;
}

struct sp_glyph
sp_glyph_at(struct sp_str text, size_t at)
{
    uint32_t point = 0;
    size_t bytes = sp_utf8_decode(text.ptr + at, text.len - at, &point);

    if (bytes == 0) {
        return (struct sp_glyph){ .bytes = 1, .width = 1, .shown = SP_STR("\ufffd") };
    }
    if (point == '\t') {
        return (struct sp_glyph){ .bytes = 1, .width = 4, .shown = SP_STR("    ") };
    }
    if (is_hidden(point)) {
        return (struct sp_glyph){ .bytes = bytes, .width = 1, .shown = SP_STR("\ufffd") };
    }
    return (struct sp_glyph){
        .bytes = bytes,
        .width = sp_utf8_width(point),
        .shown = sp_str_slice(text, at, at + bytes),
    };
}

/* UTF-8 synchronises itself: what is a sequence read backwards is the same read forwards. */
size_t
sp_glyph_before(struct sp_str text, size_t at)
{
    uint32_t point;

    for (size_t bytes = 1; bytes <= 4 && bytes <= at; bytes++) {
        if (sp_utf8_decode(text.ptr + at - bytes, bytes, &point) == bytes) {
            return at - bytes;
        }
    }
    return at - 1;
}

size_t
sp_glyph_start(struct sp_str text, size_t at)
{
    uint32_t point;

    for (size_t back = 1; back < 4 && back <= at && at < text.len; back++) {
        if (sp_utf8_decode(text.ptr + at - back, text.len - at + back, &point) > back) {
            return at - back;
        }
    }
    return at;
}

size_t
sp_glyph_columns(struct sp_str text)
{
    size_t columns = 0;

    for (size_t at = 0; at < text.len;) {
        struct sp_glyph glyph = sp_glyph_at(text, at);
        columns += glyph.width;
        at += glyph.bytes;
    }
    return columns;
}

void
sp_glyph_add(struct sp_buf *out, struct sp_str text)
{
    for (size_t at = 0; at < text.len;) {
        struct sp_glyph glyph = sp_glyph_at(text, at);
        sp_buf_add(out, glyph.shown);
        at += glyph.bytes;
    }
}
