#include "format/kafel_reader.h"

#include "base/names.h"
#include "format/list_names.h"

#include <string.h>

/* Words that are no names; sorted. */
static const struct sp_name keyword_rows[] = {
    { .name = "ALLOW", .value = SP_KAFEL_ALLOW },
    { .name = "DEFAULT", .value = SP_KAFEL_DEFAULT },
    { .name = "DENY", .value = SP_KAFEL_DENY },
    { .name = "ERRNO", .value = SP_KAFEL_ERRNO },
    { .name = "KILL", .value = SP_KAFEL_KILL },
    { .name = "KILL_PROCESS", .value = SP_KAFEL_KILL_PROCESS },
    { .name = "KILL_THREAD", .value = SP_KAFEL_KILL_THREAD },
    { .name = "LOG", .value = SP_KAFEL_LOG },
    { .name = "POLICY", .value = SP_KAFEL_POLICY },
    { .name = "SYSCALL", .value = SP_KAFEL_SYSCALL },
    { .name = "TRACE", .value = SP_KAFEL_TRACE },
    { .name = "TRAP", .value = SP_KAFEL_TRAP },
    { .name = "USE", .value = SP_KAFEL_USE },
    { .name = "USER_NOTIF", .value = SP_KAFEL_USER_NOTIF },
    { .name = "define", .value = SP_KAFEL_DEFINE },
};

/* Marks of two bytes stand before those that begin them. */
static const struct {
    const char *text;
    int kind;
} marks[] = {
    { "==", SP_KAFEL_EQ }, { "!=", SP_KAFEL_NE }, { "<=", SP_KAFEL_LE }, { ">=", SP_KAFEL_GE },
    { "&&", SP_KAFEL_AND }, { "||", SP_KAFEL_OR },
    { "<", '<' }, { ">", '>' }, { "|", '|' }, { "&", '&' }, { "[", '[' }, { "]", ']' },
    { "(", '(' }, { ")", ')' }, { "{", '{' }, { "}", '}' }, { ",", ',' }, { "!", '!' },
    { "#", '#' },
};

/* ---- bytes --------------------------------------------------------------------------- */

static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool
is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* The byte at an offset from the next; NUL past the end. */
static char
peek(const struct sp_kafel *kafel, uint32_t offset)
{
    struct sp_str text = kafel->source->text;

    return offset < text.len - kafel->at ? text.ptr[kafel->at + offset] : '\0';
}

static bool
begins_with(const struct sp_kafel *kafel, const char *prefix)
{
    struct sp_str text = kafel->source->text;

    return sp_str_has_prefix(sp_str_slice(text, kafel->at, text.len), prefix);
}

struct sp_str
sp_kafel_text(const struct sp_kafel *kafel, struct sp_span span)
{
    return sp_source_slice(kafel->source, span);
}

/* ---- what is passed over ------------------------------------------------------------- */

/* A star takes the byte behind it along unless that ends the comment: that of `**` + `/`
 * does not. */
static bool
pass_comment(struct sp_kafel *kafel)
{
    struct sp_span opening = { .start = kafel->at, .end = kafel->at + 2 };
    size_t len = kafel->source->text.len;

    kafel->at += 2;
    while (kafel->at < len && !begins_with(kafel, "*/")) {
        kafel->at += peek(kafel, 0) == '*' ? 2 : 1;
    }
    if (kafel->at >= len) {
        kafel->at = (uint32_t)len;
        return sp_list_fail(kafel->report, kafel->source, opening,
                            "end it with */, before which no other star stands",
                            "the comment has no end");
    }
    kafel->at += 2;
    return true;
}

static bool
pass_blanks(struct sp_kafel *kafel)
{
    size_t len = kafel->source->text.len;

    while (kafel->at < len) {
        char byte = peek(kafel, 0);
        if (begins_with(kafel, "/*")) {
            if (!pass_comment(kafel)) {
                return false;
            }
        } else if (begins_with(kafel, "//")) {
            const char *end = memchr(kafel->source->text.ptr + kafel->at, '\n', len - kafel->at);
            kafel->at = (uint32_t)(end == NULL ? len : (size_t)(end - kafel->source->text.ptr));
        } else if (byte == ' ' || byte == '\t' || byte == '\n') {
            kafel->at++;
        } else {
            break;
        }
    }
    return true;
}

/* ---- numbers ------------------------------------------------------------------------- */

static unsigned
digit_value(char byte)
{
    if (is_digit(byte)) {
        return (unsigned)(byte - '0');
    }
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? (unsigned)(byte - 'a') + 10 : 255;
}

/* Digits of a base from the next byte on; false when the number does not fit. */
static bool
read_digits(struct sp_kafel *kafel, unsigned base, uint64_t *ret_number)
{
    uint64_t number = 0;
    bool fits = true;

    for (unsigned digit; (digit = digit_value(peek(kafel, 0))) < base; kafel->at++) {
        fits = fits && !__builtin_mul_overflow(number, (uint64_t)base, &number)
            && !__builtin_add_overflow(number, (uint64_t)digit, &number);
    }
    *ret_number = number;
    return fits;
}

/* Decimal, octal with a leading 0, hexadecimal with 0x, binary with 0b; a sign before a
 * decimal number is taken as strtoull(3) does. */
static bool
read_number(struct sp_kafel *kafel)
{
    bool is_negative = peek(kafel, 0) == '-';
    bool is_zero = peek(kafel, 0) == '0';
    unsigned base = 10;
    uint64_t number;

    kafel->token = (struct sp_kafel_token){ .kind = SP_KAFEL_NUMBER, .span.start = kafel->at };
    kafel->at += is_negative ? 1 : 0;
    if (is_zero && peek(kafel, 1) == 'x' && digit_value(peek(kafel, 2)) < 16) {
        base = 16;
        kafel->at += 2;
    } else if (is_zero && peek(kafel, 1) == 'b' && digit_value(peek(kafel, 2)) < 2) {
        base = 2;
        kafel->at += 2;
    } else if (is_zero && is_digit(peek(kafel, 1))) {
        base = 8;
    }
    bool fits = read_digits(kafel, base, &number);
    kafel->token.span.end = kafel->at;
    if (base == 8 && is_digit(peek(kafel, 0))) {
        return sp_list_fail(kafel->report, kafel->source, kafel->token.span,
                            "remove the leading 0, or write the number in hexadecimal",
                            "a number with a leading 0 is octal, and has no digit %c",
                            peek(kafel, 0));
    }
    kafel->token.number = is_negative ? -number : number;
    return fits || sp_list_fail(kafel->report, kafel->source, kafel->token.span,
                                "numbers have 64 bits", "the number is too large");
}

/* ---- tokens -------------------------------------------------------------------------- */

static void
read_word(struct sp_kafel *kafel)
{
    int kind;

    kafel->token = (struct sp_kafel_token){ .kind = SP_KAFEL_NAME, .span.start = kafel->at };
    while (is_letter(peek(kafel, 0)) || is_digit(peek(kafel, 0)) || peek(kafel, 0) == '_') {
        kafel->at++;
    }
    kafel->token.span.end = kafel->at;
    if (sp_names_find(SP_NAMES(keyword_rows), sp_kafel_text(kafel, kafel->token.span), &kind)) {
        kafel->token.kind = kind;
    }
}

static bool
read_mark(struct sp_kafel *kafel)
{
    struct sp_span span = { .start = kafel->at, .end = kafel->at + 1 };
    char byte = peek(kafel, 0);

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (begins_with(kafel, marks[i].text)) {
            kafel->at += (uint32_t)strlen(marks[i].text);
            span.end = kafel->at;
            kafel->token = (struct sp_kafel_token){ .kind = marks[i].kind, .span = span };
            return true;
        }
    }
    if (byte == '\r') {
        return sp_list_fail(kafel->report, kafel->source, span, "save the file with line ends LF",
                            "kafel refuses a carriage return");
    }
    return sp_list_fail(kafel->report, kafel->source, span,
                        "remove it, or put it into a comment", byte > ' ' && byte <= '~'
                            ? "kafel has no mark `%c`" : "kafel refuses the byte 0x%02x",
                        (unsigned char)byte);
}

bool
sp_kafel_next(struct sp_kafel *kafel)
{
    static const char include[] = "#include";

    if (!pass_blanks(kafel)) {
        return false;
    }
    char byte = peek(kafel, 0);
    bool is_number = is_digit(byte) || (byte == '-' && is_digit(peek(kafel, 1))
                                        && peek(kafel, 1) != '0');

    kafel->token = (struct sp_kafel_token){
        .kind = SP_KAFEL_END, .span = { .start = kafel->at, .end = kafel->at },
    };
    if (kafel->at == kafel->source->text.len) {
        return true;
    }
    if (is_number) {
        return read_number(kafel);
    }
    if (is_letter(byte)) {
        read_word(kafel);
        return true;
    }
    if (begins_with(kafel, include)) {
        kafel->token.kind = SP_KAFEL_INCLUDE;
        kafel->at += (uint32_t)strlen(include);
        kafel->token.span.end = kafel->at;
        return true;
    }
    return read_mark(kafel);
}

/* ---- for the parser ------------------------------------------------------------------ */

bool
sp_kafel_unexpected(struct sp_kafel *kafel, const char *expected)
{
    struct sp_str found = sp_kafel_text(kafel, kafel->token.span);

    if (kafel->token.kind == SP_KAFEL_END) {
        return sp_list_fail(kafel->report, kafel->source, kafel->token.span, NULL,
                            "the text ends where %s is expected", expected);
    }
    return sp_list_fail(kafel->report, kafel->source, kafel->token.span, NULL,
                        "found `%.*s` where %s is expected", SP_LIST_SHOWN(found), expected);
}

bool
sp_kafel_take(struct sp_kafel *kafel, int kind, const char *expected)
{
    return kafel->token.kind == kind ? sp_kafel_next(kafel)
                                     : sp_kafel_unexpected(kafel, expected);
}
