/* Source: google/minijail, tools/parser.py (parse_value and its parts) and util.c
 * (parse_constant). */
#include "format/minijail_parse.h"

#include "format/minijail_constant.h"
#include "text/fault.h"
#include "text/json_read.h"

void
sp_minijail_note(struct sp_minijail_taste *taste, struct sp_span span, const char *what)
{
    if (taste->what == NULL) {
        *taste = (struct sp_minijail_taste){ .span = span, .what = what };
    }
}

static struct sp_place
place_of(const struct sp_minijail_parser *parser, const struct sp_minijail_token *token)
{
    return sp_at_span(parser->source, token->span.start, token->span.end);
}

bool
sp_minijail_fail_expected(struct sp_minijail_parser *parser,
                          const struct sp_minijail_token *token, const char *expected)
{
    if (token->kind == SP_MINIJAIL_END) {
        sp_report_add(parser->report, SP_CODE_SYNTAX, place_of(parser, token),
                      "expected %s, found the end of the line", expected);
    } else {
        sp_report_add(parser->report, SP_CODE_SYNTAX, place_of(parser, token),
                      "expected %s, found `%.*s`", expected, SP_STR_ARG(token->text));
    }
    return false;
}

/* ---- constants ------------------------------------------------------------------------- */

uint64_t
sp_minijail_word(const struct sp_minijail_parser *parser)
{
    return parser->bits == 64 ? UINT64_MAX : UINT32_MAX;
}

bool
sp_minijail_fail_token(struct sp_minijail_parser *parser, const struct sp_minijail_token *token,
                       const char *why)
{
    sp_report_add(parser->report, SP_CODE_SYNTAX, place_of(parser, token), "`%.*s` %s",
                  SP_STR_ARG(token->text), why);
    return false;
}

/* As strtol reads with base 0. */
static bool
read_number(struct sp_minijail_parser *parser, const struct sp_minijail_token *token,
            uint64_t *ret_value)
{
    struct sp_str digits = token->text;
    bool negative = digits.ptr[0] == '-';
    uint64_t value = 0;
    unsigned base = 10;

    digits = sp_str_slice(digits, negative, digits.len);
    if (sp_str_has_prefix(digits, "0x") || sp_str_has_prefix(digits, "0X")) {
        base = 16;
        digits = sp_str_slice(digits, 2, digits.len);
    } else if (digits.len > 1 && digits.ptr[0] == '0') {
        base = 8;
    }
    for (size_t i = 0; i < digits.len; i++) {
        char byte = digits.ptr[i];
        unsigned digit = byte >= '0' && byte <= '9' ? (unsigned)(byte - '0')
            : byte >= 'a' && byte <= 'f' ? (unsigned)(byte - 'a') + 10
            : byte >= 'A' && byte <= 'F' ? (unsigned)(byte - 'A') + 10 : 16;
        if (digit >= base) {
            return sp_minijail_fail_token(parser, token, "is no number");
        }
        if (value > (sp_minijail_word(parser) - digit) / base) {
            return sp_minijail_fail_token(parser, token, "does not fit an argument");
        }
        value = value * base + digit;
    }
    if (digits.len == 0) {
        return sp_minijail_fail_token(parser, token, "is no number");
    }
    if (negative && value > sp_minijail_word(parser) / 2 + 1) {
        return sp_minijail_fail_token(parser, token, "does not fit an argument");
    }
    *ret_value = (negative ? 0 - value : value) & sp_minijail_word(parser);
    return true;
}

static bool
fail_unknown(struct sp_minijail_parser *parser, const struct sp_minijail_token *token)
{
    const char *closest = sp_minijail_constant_closest(token->text);
    struct sp_diag *diag =
        sp_report_add(parser->report, SP_CODE_SYNTAX, place_of(parser, token),
                      "unknown constant `%.*s`", SP_STR_ARG(token->text));

    if (closest != NULL) {
        sp_report_help(parser->report, diag, "did you mean `%s`? A number does, too", closest);
    } else {
        sp_report_help(parser->report, diag, "write its number");
    }
    return false;
}

static bool
fail_open(struct sp_minijail_parser *parser, const struct sp_minijail_token *token)
{
    struct sp_diag *diag = sp_report_add(
        parser->report, SP_CODE_SYNTAX, place_of(parser, token),
        "the value of `%.*s` depends on the machine and the headers that minijail was built "
        "with",
        SP_STR_ARG(token->text));

    sp_report_help(parser->report, diag, "write its number");
    return false;
}

bool
sp_minijail_constant(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
                     uint64_t *ret_value)
{
    const struct sp_minijail_token *token = cursor->token;

    if (token->kind == SP_MINIJAIL_NUMBER) {
        sp_minijail_skip(cursor);
        return read_number(parser, token, ret_value);
    }
    if (token->kind != SP_MINIJAIL_WORD) {
        return sp_minijail_fail_expected(parser, token, "a number or the name of a constant");
    }
    sp_minijail_skip(cursor);
    switch (sp_minijail_constant_find(parser->arch, token->text, ret_value)) {
    case SP_MINIJAIL_CONSTANT_OK:
        return true;
    case SP_MINIJAIL_CONSTANT_OPEN:
        return fail_open(parser, token);
    case SP_MINIJAIL_CONSTANT_UNKNOWN:
        break;
    }
    return fail_unknown(parser, token);
}

/* ---- values ---------------------------------------------------------------------------- */

/* libminijail takes no space within a value. */
static void
check_gap(struct sp_minijail_parser *parser, const struct sp_minijail_cursor *cursor)
{
    if (cursor->token->gap != SP_MINIJAIL_GAP_NONE) {
        sp_minijail_note(&parser->rich, cursor->token->span, "a space within a value");
    }
}

static bool
read_value(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor, uint32_t depth,
           uint64_t *ret_value);

static bool
read_parenthesized(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
                   uint32_t depth, uint64_t *ret_value)
{
    const struct sp_minijail_token *open = cursor->token;

    if (depth >= parser->limits->depth) {
        return sp_fault_depth(parser->source, open->span, depth + 1, parser->limits,
                              parser->report);
    }
    sp_minijail_skip(cursor);
    check_gap(parser, cursor);
    if (!read_value(parser, cursor, depth + 1, ret_value)) {
        return false;
    }
    if (!sp_minijail_is(cursor, SP_MINIJAIL_PAREN_CLOSE)) {
        return sp_minijail_fail_expected(parser, cursor->token, "`)`");
    }
    check_gap(parser, cursor);
    sp_minijail_skip(cursor);
    return true;
}

static bool
read_part(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor, uint32_t depth,
          uint64_t *ret_value)
{
    bool negate = sp_minijail_is(cursor, SP_MINIJAIL_TILDE);
    uint64_t value;

    if (negate) {
        sp_minijail_skip(cursor);
        check_gap(parser, cursor);
    }
    if (sp_minijail_is(cursor, SP_MINIJAIL_PAREN_OPEN)) {
        if (!read_parenthesized(parser, cursor, depth, &value)) {
            return false;
        }
    } else if (!sp_minijail_constant(parser, cursor, &value)) {
        return false;
    }
    *ret_value = negate ? ~value & sp_minijail_word(parser) : value;
    return true;
}

static bool
read_value(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor, uint32_t depth,
           uint64_t *ret_value)
{
    uint64_t value = 0;
    uint64_t part;

    for (;;) {
        if (!read_part(parser, cursor, depth, &part)) {
            return false;
        }
        value |= part;
        if (!sp_minijail_is(cursor, SP_MINIJAIL_BIT_OR)) {
            *ret_value = value;
            return true;
        }
        check_gap(parser, cursor);
        sp_minijail_skip(cursor);
        check_gap(parser, cursor);
    }
}

bool
sp_minijail_value(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
                  uint64_t *ret_value)
{
    return read_value(parser, cursor, 0, ret_value);
}
