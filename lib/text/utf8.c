#include "text/utf8.h"

#include <stdbool.h>
#include <string.h>

/* What may follow a first byte: RFC 3629, section 4.  The narrow ranges of the second byte shut
 * out overlong forms, surrogates and what lies above U+10FFFF. */
static const struct form {
    unsigned char first;
    unsigned char last;
    unsigned char length;
    unsigned char second_low;
    unsigned char second_high;
} forms[] = {
    { .first = 0xc2, .last = 0xdf, .length = 2, .second_low = 0x80, .second_high = 0xbf },
    { .first = 0xe0, .last = 0xe0, .length = 3, .second_low = 0xa0, .second_high = 0xbf },
    { .first = 0xe1, .last = 0xec, .length = 3, .second_low = 0x80, .second_high = 0xbf },
    { .first = 0xed, .last = 0xed, .length = 3, .second_low = 0x80, .second_high = 0x9f },
    { .first = 0xee, .last = 0xef, .length = 3, .second_low = 0x80, .second_high = 0xbf },
    { .first = 0xf0, .last = 0xf0, .length = 4, .second_low = 0x90, .second_high = 0xbf },
    { .first = 0xf1, .last = 0xf3, .length = 4, .second_low = 0x80, .second_high = 0xbf },
    { .first = 0xf4, .last = 0xf4, .length = 4, .second_low = 0x80, .second_high = 0x8f },
};

static const struct form *
find_form(unsigned char first)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (first >= forms[i].first && first <= forms[i].last) {
            return &forms[i];
        }
    }
    return NULL;
}

static bool
has_form(const struct form *form, const unsigned char *at, size_t left)
{
    if (left < form->length || at[1] < form->second_low || at[1] > form->second_high) {
        return false;
    }
    for (size_t i = 2; i < form->length; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return false;
        }
    }
    return true;
}

size_t
sp_utf8_decode(const char *at, size_t left, uint32_t *ret_point)
{
    const unsigned char *bytes = (const unsigned char *)at;

    if (left == 0) {
        return 0;
    }
    if (bytes[0] < 0x80) {
        *ret_point = bytes[0];
        return 1;
    }

    const struct form *form = find_form(bytes[0]);
    if (form == NULL || !has_form(form, bytes, left)) {
        return 0;
    }
    uint32_t point = bytes[0] & (0x7fu >> form->length);
    for (size_t i = 1; i < form->length; i++) {
        point = point << 6 | (bytes[i] & 0x3fu);
    }
    *ret_point = point;
    return form->length;
}

size_t
sp_utf8_encode(uint32_t point, char ret_bytes[4])
{
    static const unsigned char marks[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    size_t length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

    if (length == 1) {
        ret_bytes[0] = (char)point;
        return 1;
    }
    for (size_t i = length - 1; i > 0; i--) {
        ret_bytes[i] = (char)(0x80 | (point & 0x3f));
        point >>= 6;
    }
    ret_bytes[0] = (char)(marks[length] | point);
    return length;
}

/* Eight bytes of ASCII at a time: nearly all text is nothing else. */
static size_t
skip_ascii(struct sp_str str, size_t at)
{
    uint64_t word;

    while (str.len - at >= sizeof word) {
        memcpy(&word, str.ptr + at, sizeof word);
        if ((word & 0x8080808080808080u) != 0) {
            break;
        }
        at += sizeof word;
    }
    while (at < str.len && (unsigned char)str.ptr[at] < 0x80) {
        at++;
    }
    return at;
}

size_t
sp_utf8_check(struct sp_str str)
{
    uint32_t point;
    size_t at = skip_ascii(str, 0);

    while (at < str.len) {
        size_t length = sp_utf8_decode(str.ptr + at, str.len - at, &point);
        if (length == 0) {
            return at;
        }
        at = skip_ascii(str, at + length);
    }
    return at;
}

static bool
is_inside(struct sp_str str, size_t at)
{
    return at < str.len && ((unsigned char)str.ptr[at] & 0xc0) == 0x80;
}

size_t
sp_utf8_seek(struct sp_str str, struct sp_utf8_cursor *cursor, size_t index)
{
    size_t at = cursor->offset;

    while (cursor->index < index && at < str.len) {
        do {
            at++;
        } while (is_inside(str, at));
        cursor->index++;
    }
    while (cursor->index > index && at > 0) {
        do {
            at--;
        } while (is_inside(str, at));
        cursor->index--;
    }
    cursor->offset = at;
    return at;
}

size_t
sp_utf8_count(struct sp_str str)
{
    size_t count = 0;
    uint32_t point;

    for (size_t at = 0; at < str.len; count++) {
        size_t length = sp_utf8_decode(str.ptr + at, str.len - at, &point);
        at += length == 0 ? 1 : length;
    }
    return count;
}
