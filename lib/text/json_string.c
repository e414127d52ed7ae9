#include "text/fault.h"
#include "text/json_read.h"
#include "text/json_reader.h"
#include "text/utf8.h"

#include <string.h>

/* Bits 7 of the bytes that are 0; exact up to the first of them. */
static uint64_t
zero_bytes(uint64_t word)
{
    return (word - 0x0101010101010101u) & ~word & 0x8080808080808080u;
}

/* True when one of eight bytes ends or interrupts plain text: a quote, a backslash, a control
 * character, or a byte of more than seven bits. */
static bool
is_interrupted(uint64_t word)
{
    uint64_t quotes = zero_bytes(word ^ 0x2222222222222222u);
    uint64_t backslashes = zero_bytes(word ^ 0x5c5c5c5c5c5c5c5cu);
    uint64_t controls = (word - 0x2020202020202020u) & ~word & 0x8080808080808080u;

    return (quotes | backslashes | controls | (word & 0x8080808080808080u)) != 0;
}

static const char *
skip_plain(const char *at, const char *end)
{
    uint64_t word;

    while (end - at >= (ptrdiff_t)sizeof word) {
        memcpy(&word, at, sizeof word);
        if (is_interrupted(word)) {
            break;
        }
        at += sizeof word;
    }
    while (at < end && (unsigned char)*at >= 0x20 && (unsigned char)*at < 0x80 && *at != '"'
           && *at != '\\') {
        at++;
    }
    return at;
}

/* ---- faults -------------------------------------------------------------------------- */

static struct sp_diag *
add(const struct sp_json_reader *reader, const char *start, const char *end,
    const char *message)
{
    struct sp_place place = sp_at_span(reader->source, sp_json_offset(reader, start),
                                       sp_json_offset(reader, end));

    return sp_report_add(reader->report, SP_CODE_SYNTAX, place, "%s", message);
}

static bool
fail(const struct sp_json_reader *reader, const char *start, const char *end,
     const char *message, const char *help)
{
    sp_report_help(reader->report, add(reader, start, end, message), "%s", help);
    return false;
}

/* The string from `start` on does not end where the line or the text does, at `at`. */
static bool
fail_unclosed(const struct sp_json_reader *reader, const char *start, const char *at)
{
    if (at > start && at < reader->end && at[-1] == '\r') {
        at--;
    }

    bool text_ends = at == reader->end;
    struct sp_diag *diag =
        add(reader, start, at, text_ends ? "the string is not closed before the text ends"
                                         : "the string is not closed on its line");
    sp_report_label(reader->report, diag, "the string begins here");
    sp_report_help(reader->report, diag, "add the closing '\"'; %s",
                   text_ends ? "if the text was cut off, take it from its source again"
                             : "a line break inside a string is written \\n");
    if (text_ends) {
        sp_json_show_open(reader, diag);
    }
    return false;
}

static bool
fail_control(const struct sp_json_reader *reader, const char *start, const char *at)
{
    unsigned byte = (unsigned char)*at;

    if (byte == '\n' || (byte == '\r' && at + 1 < reader->end && at[1] == '\n')) {
        return fail_unclosed(reader, start, at);
    }
    if (byte == '\t') {
        return fail(reader, at, at + 1, "a tab may not stand inside a string",
                    "write it as \\t");
    }
    if (byte == '\r') {
        return fail(reader, at, at + 1, "a carriage return may not stand inside a string",
                    "write it as \\r, or close the string before it");
    }

    struct sp_diag *diag = sp_report_add(
        reader->report, SP_CODE_SYNTAX,
        sp_at_span(reader->source, sp_json_offset(reader, at), sp_json_offset(reader, at) + 1),
        "control character 0x%02x may not stand inside a string", byte);
    sp_report_help(reader->report, diag, "remove it, or write it as \\u%04x", byte);
    return false;
}

static bool
fail_escape(const struct sp_json_reader *reader, const char *at)
{
    char byte = at[1];

    if ((unsigned char)byte <= 0x20 || (unsigned char)byte >= 0x7f) {
        return fail(reader, at, at + 1, "a backslash must be followed by an escape",
                    "write a backslash as \\\\");
    }

    struct sp_diag *diag = sp_report_add(
        reader->report, SP_CODE_SYNTAX,
        sp_at_span(reader->source, sp_json_offset(reader, at), sp_json_offset(reader, at) + 2),
        "'\\%c' is not an escape of JSON", byte);
    sp_report_help(reader->report, diag, byte == '\'' ? "write ' without a backslash"
                                         : byte == 'x' ? "write \\u00 and the two digits"
                                         : "write a backslash as \\\\");
    return false;
}

/* ---- strings with escapes ------------------------------------------------------------ */

static bool
hex_digit(char byte, uint32_t *ret_value)
{
    if (byte >= '0' && byte <= '9') {
        *ret_value = (uint32_t)(byte - '0');
    } else if (byte >= 'a' && byte <= 'f') {
        *ret_value = (uint32_t)(byte - 'a') + 10;
    } else if (byte >= 'A' && byte <= 'F') {
        *ret_value = (uint32_t)(byte - 'A') + 10;
    } else {
        return false;
    }
    return true;
}

/* The value of the escape \uXXXX at `at`; false when there is none. */
static bool
read_unit(const char *at, const char *end, uint32_t *ret_unit)
{
    uint32_t unit = 0;

    if (end - at < 6 || at[0] != '\\' || at[1] != 'u') {
        return false;
    }
    for (size_t i = 2; i < 6; i++) {
        uint32_t digit;
        if (!hex_digit(at[i], &digit)) {
            return false;
        }
        unit = unit << 4 | digit;
    }
    *ret_unit = unit;
    return true;
}

static bool
is_high(uint32_t unit)
{
    return unit >= 0xd800 && unit < 0xdc00;
}

static bool
is_low(uint32_t unit)
{
    return unit >= 0xdc00 && unit < 0xe000;
}

/* Takes \uXXXX, or two that make a pair. */
static bool
read_point(struct sp_json_reader *reader, uint32_t *ret_point)
{
    const char *at = reader->at;
    uint32_t first;
    uint32_t second;

    if (!read_unit(at, reader->end, &first)) {
        const char *end = at + 2;
        while (end < reader->end && end < at + 6 && sp_json_is_word(*end)) {
            end++;
        }
        return fail(reader, at, end, "four hexadecimal digits must follow '\\u'",
                    "write the number with leading zeros, such as \\u00e9");
    }
    if (is_low(first) || (is_high(first)
                          && !(read_unit(at + 6, reader->end, &second) && is_low(second)))) {
        struct sp_diag *diag =
            sp_report_add(reader->report, SP_CODE_SYNTAX,
                          sp_at_span(reader->source, sp_json_offset(reader, at),
                                     sp_json_offset(reader, at) + 6),
                          "'%.6s' is half a surrogate pair", at);
        sp_report_help(reader->report, diag, "%s",
                       is_low(first) ? "the first half, \\ud800 to \\udbff, must come first"
                                     : "the second half, \\udc00 to \\udfff, must follow");
        return false;
    }
    reader->at += 6;
    if (is_high(first)) {
        reader->at += 6;
        first = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
    }
    *ret_point = first;
    return true;
}

/* The characters that a backslash and a letter stand for. */
static const char escapes[256] = {
    ['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
    ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
};

/* Takes the escape at the reader, and adds what it stands for at `to`. */
static bool
read_escape(struct sp_json_reader *reader, const char *start, char **to)
{
    const char *at = reader->at;
    uint32_t point = 0;

    if (at + 1 == reader->end) {
        return fail_unclosed(reader, start, reader->end);
    }
    if (at[1] == 'u') {
        if (!read_point(reader, &point)) {
            return false;
        }
        *to += sp_utf8_encode(point, *to);
        return true;
    }
    char meant = escapes[(unsigned char)at[1]];
    if (meant == '\0') {
        return fail_escape(reader, at);
    }
    *(*to)++ = meant;
    reader->at += 2;
    return true;
}

/* Where the closing quote is, or the text ends; no matter what stands between. */
static const char *
find_close(const char *at, const char *end)
{
    while (at < end && *at != '"') {
        at += *at == '\\' && at + 1 < end ? 2 : 1;
    }
    return at;
}

/* Decodes from the reader to the closing quote into `text`, whose first `len` bytes are known.
 * What an escape stands for is never longer than the escape. */
static bool
decode(struct sp_json_reader *reader, const char *start, char *text, struct sp_str *ret_text)
{
    size_t known = (size_t)(reader->at - start) - 1;
    char *to = text + known;

    memcpy(text, start + 1, known);
    while (reader->at < reader->end && *reader->at != '"') {
        if (*reader->at == '\\') {
            if (!read_escape(reader, start, &to)) {
                return false;
            }
            continue;
        }
        const char *plain = skip_plain(reader->at, reader->end);
        if (plain == reader->at) {
            uint32_t point;
            if ((unsigned char)*plain < 0x20) {
                return fail_control(reader, start, plain);
            }
            plain += sp_utf8_decode(plain, (size_t)(reader->end - plain), &point);
            if (plain == reader->at) {
                return sp_fault_utf8(reader->source, sp_json_offset(reader, plain),
                                     reader->report);
            }
        }
        memcpy(to, reader->at, (size_t)(plain - reader->at));
        to += plain - reader->at;
        reader->at = plain;
    }
    if (reader->at == reader->end) {
        return fail_unclosed(reader, start, reader->end);
    }
    reader->at++;
    *to = '\0';
    *ret_text = (struct sp_str){ .ptr = text, .len = (size_t)(to - text) };
    return true;
}

bool
sp_json_read_string(struct sp_json_reader *reader, struct sp_str *ret_text)
{
    const char *start = reader->at;
    const char *at = skip_plain(start + 1, reader->end);
    bool plain = at < reader->end && *at == '"';
    const char *close = plain ? at : find_close(at, reader->end);
    struct sp_str raw = { .ptr = start + 1, .len = (size_t)(close - start) - 1 };
    char *text = plain ? sp_arena_copy(reader->arena, raw)
                       : sp_arena_alloc(reader->arena, raw.len + 1);

    if (text == NULL) {
        reader->report->failed = true;
        return false;
    }
    if (plain) {
        reader->at = at + 1;
        *ret_text = (struct sp_str){ .ptr = text, .len = raw.len };
        return true;
    }
    reader->at = at;
    return decode(reader, start, text, ret_text);
}
