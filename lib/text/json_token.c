#include "text/json_fault.h"

#include "base/buf.h"
#include "text/utf8.h"

#include <string.h>

/* Code points of a token that a message shows. */
enum { SHOWN_MAX = 40 };

/* Quotes of other languages and of word processors. */
static const uint32_t quotes[] = { '\'', '`', 0x00b4, 0x2018, 0x2019, 0x201c, 0x201d, 0x201e,
                                   0x00ab, 0x00bb };

bool
sp_json_is_quote(uint32_t point)
{
    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++) {
        if (quotes[i] == point) {
            return true;
        }
    }
    return false;
}

/* Without white space at the end. */
static size_t
line_length(struct sp_str rest)
{
    const char *newline = rest.len > 0 ? memchr(rest.ptr, '\n', rest.len) : NULL;
    size_t len = newline == NULL ? rest.len : (size_t)(newline - rest.ptr);

    while (len > 0 && sp_json_is_space(rest.ptr[len - 1])) {
        len--;
    }
    return len;
}

/* Up to the closing quote of the same kind, or the end of the line. */
static size_t
quoted_length(struct sp_str rest)
{
    size_t len = line_length(rest);

    for (size_t i = 1; i < len; i++) {
        if (rest.ptr[i] == '\\') {
            i++;
        } else if (rest.ptr[i] == rest.ptr[0]) {
            return i + 1;
        }
    }
    return len;
}

/* Typographic quotes open and close differently: up to the next one. */
static size_t
typographic_length(struct sp_str rest, size_t at)
{
    size_t len = line_length(rest);

    while (at < len) {
        uint32_t point = 0;
        size_t step = sp_utf8_decode(rest.ptr + at, len - at, &point);
        at += step == 0 ? 1 : step;
        if (sp_json_is_quote(point)) {
            return at;
        }
    }
    return len;
}

static size_t
word_length(struct sp_str rest)
{
    size_t len = 0;

    while (len < rest.len
           && (sp_json_is_word(rest.ptr[len])
               || (rest.ptr[len] != '\0' && strchr("$.-+", rest.ptr[len]) != NULL))) {
        len++;
    }
    return len;
}

static bool
is_comment(struct sp_str rest)
{
    return sp_str_has_prefix(rest, "//") || sp_str_has_prefix(rest, "/*")
        || sp_str_has_prefix(rest, "#");
}

static bool
is_number(struct sp_str rest)
{
    size_t sign = rest.ptr[0] == '-' || rest.ptr[0] == '+';
    size_t point = sign + (sign < rest.len && rest.ptr[sign] == '.');

    return point < rest.len && sp_json_is_digit(rest.ptr[point]);
}

static bool
begins_word(char byte)
{
    return byte == '$' || (sp_json_is_word(byte) && !sp_json_is_digit(byte));
}

static struct sp_json_token
token(enum sp_json_token_kind kind, uint32_t offset, size_t len, uint32_t point)
{
    return (struct sp_json_token){
        .kind = kind,
        .span = { .start = offset, .end = offset + (uint32_t)len },
        .point = point,
    };
}

struct sp_json_token
sp_json_token_at(const struct sp_json_reader *reader, uint32_t offset)
{
    struct sp_str rest = sp_str_slice(reader->source->text, offset, reader->source->text.len);
    uint32_t point = 0;
    size_t len = sp_utf8_decode(rest.ptr, rest.len, &point);

    if (rest.len == 0) {
        return token(SP_JSON_TOKEN_END, offset, 0, 0);
    }
    if (len == 0) {
        return token(SP_JSON_TOKEN_BROKEN, offset, 1, (unsigned char)rest.ptr[0]);
    }
    if (point == '"') {
        return token(SP_JSON_TOKEN_STRING, offset, quoted_length(rest), point);
    }
    if (sp_json_is_quote(point)) {
        size_t end = point < 0x80 ? quoted_length(rest) : typographic_length(rest, len);
        return token(SP_JSON_TOKEN_QUOTED, offset, end, point);
    }
    if (is_comment(rest)) {
        return token(SP_JSON_TOKEN_COMMENT, offset, line_length(rest), point);
    }
    if (is_number(rest)) {
        return token(SP_JSON_TOKEN_NUMBER, offset, word_length(rest), point);
    }
    if (begins_word(rest.ptr[0])) {
        return token(SP_JSON_TOKEN_WORD, offset, word_length(rest), point);
    }
    return token(point > 0x20 && point < 0x7f ? SP_JSON_TOKEN_BYTE : SP_JSON_TOKEN_POINT,
                 offset, len, point);
}

/* Controls, and the characters that change the direction of what stands around them. */
static bool
is_unfit(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x200e || point == 0x200f
        || (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069)
        || point == 0xfeff;
}

static void
add_shown(struct sp_buf *buf, struct sp_str str)
{
    size_t count = 0;

    for (size_t at = 0; at < str.len; count++) {
        uint32_t point;
        size_t len = sp_utf8_decode(str.ptr + at, str.len - at, &point);
        if (count == SHOWN_MAX) {
            sp_buf_text(buf, "...");
            return;
        }
        if (len == 0) {
            sp_buf_format(buf, "\\x%02x", (unsigned char)str.ptr[at++]);
            continue;
        }
        if (is_unfit(point)) {
            sp_buf_format(buf, point < 0x100 ? "\\x%02x" : "\\u%04x", (unsigned)point);
        } else {
            sp_buf_add(buf, sp_str_slice(str, at, at + len));
        }
        at += len;
    }
}

const char *
sp_json_shown(const struct sp_json_reader *reader, struct sp_span span, struct sp_arena *arena)
{
    SP_BUF(buf);

    add_shown(&buf, sp_source_slice(reader->source, span));
    const char *shown = sp_arena_copy(arena, sp_buf_view(&buf));
    arena->failed = arena->failed || buf.failed;
    return shown == NULL ? "" : shown;
}

/* Characters that cannot be seen, or not told from others. */
static const struct {
    uint32_t point;
    const char *name;
} names[] = {
    { .point = 0x00, .name = "a NUL byte" },
    { .point = 0x0b, .name = "a vertical tab" },
    { .point = 0x0c, .name = "a form feed" },
    { .point = 0x85, .name = "U+0085 (next line)" },
    { .point = 0xa0, .name = "U+00A0 (no-break space)" },
    { .point = 0x200b, .name = "U+200B (zero width space)" },
    { .point = 0x2028, .name = "U+2028 (line separator)" },
    { .point = 0x2029, .name = "U+2029 (paragraph separator)" },
    { .point = 0x202f, .name = "U+202F (narrow no-break space)" },
    { .point = 0x3000, .name = "U+3000 (ideographic space)" },
    { .point = 0xfeff, .name = "a byte order mark" },
};

static const char *
special_name(uint32_t point)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].point == point) {
            return names[i].name;
        }
    }
    return NULL;
}

bool
sp_json_point_is_visible(uint32_t point)
{
    return !is_unfit(point) && special_name(point) == NULL;
}

static const char *
point_text(const struct sp_json_reader *reader, struct sp_json_token token,
           struct sp_arena *arena)
{
    const char *name = special_name(token.point);

    if (name != NULL) {
        return name;
    }
    if (is_unfit(token.point)) {
        return sp_arena_format(arena, "control character U+%04X", (unsigned)token.point);
    }
    return sp_arena_format(arena, "'%s' (U+%04X)", sp_json_shown(reader, token.span, arena),
                           (unsigned)token.point);
}

const char *
sp_json_token_text(const struct sp_json_reader *reader, struct sp_json_token token,
                   struct sp_arena *arena)
{
    const char *shown = sp_json_shown(reader, token.span, arena);

    switch (token.kind) {
    case SP_JSON_TOKEN_END:
        return "the end of the text";
    case SP_JSON_TOKEN_STRING:
        return shown;
    case SP_JSON_TOKEN_QUOTED:
        return sp_arena_format(arena, "%s in wrong quotes", shown);
    case SP_JSON_TOKEN_COMMENT:
        return "a comment";
    case SP_JSON_TOKEN_NUMBER:
    case SP_JSON_TOKEN_WORD:
    case SP_JSON_TOKEN_BYTE:
        return sp_arena_format(arena, "'%s'", shown);
    case SP_JSON_TOKEN_POINT:
        return point_text(reader, token, arena);
    case SP_JSON_TOKEN_BROKEN:
        return sp_arena_format(arena, "byte 0x%02x, which is not UTF-8", (unsigned)token.point);
    }
    return NULL;
}
