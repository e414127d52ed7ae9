#include "format/minijail_lex.h"

#include <string.h>

/* ---- bytes ----------------------------------------------------------------------------- */

static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool
is_word_start(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

bool
sp_minijail_is_word_byte(char byte)
{
    return is_word_start(byte) || is_digit(byte) || byte == '-' || byte == '@';
}

bool
sp_minijail_is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\v' || byte == '\f' || byte == '\r';
}

/* ---- tokens ---------------------------------------------------------------------------- */

/* Longer ones stand first. */
static const struct {
    const char *text;
    enum sp_minijail_token_kind kind;
} signs[] = {
    { "||", SP_MINIJAIL_OR },
    { "&&", SP_MINIJAIL_AND },
    { "==", SP_MINIJAIL_COMPARE },
    { "!=", SP_MINIJAIL_COMPARE },
    { "<=", SP_MINIJAIL_COMPARE },
    { ">=", SP_MINIJAIL_COMPARE },
    { "<", SP_MINIJAIL_COMPARE },
    { ">", SP_MINIJAIL_COMPARE },
    { "&", SP_MINIJAIL_COMPARE },
    { "|", SP_MINIJAIL_BIT_OR },
    { "=", SP_MINIJAIL_EQUAL },
    { "~", SP_MINIJAIL_TILDE },
    { ":", SP_MINIJAIL_COLON },
    { ";", SP_MINIJAIL_SEMICOLON },
    { ",", SP_MINIJAIL_COMMA },
    { "(", SP_MINIJAIL_PAREN_OPEN },
    { ")", SP_MINIJAIL_PAREN_CLOSE },
    { "{", SP_MINIJAIL_BRACE_OPEN },
    { "}", SP_MINIJAIL_BRACE_CLOSE },
    { "[", SP_MINIJAIL_BRACKET_OPEN },
    { "]", SP_MINIJAIL_BRACKET_CLOSE },
};

static size_t
sign_len(struct sp_str rest, enum sp_minijail_token_kind *ret_kind)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (sp_str_has_prefix(rest, signs[i].text)) {
            *ret_kind = signs[i].kind;
            return strlen(signs[i].text);
        }
    }
    return 0;
}

static size_t
word_len(struct sp_str rest, size_t from)
{
    while (from < rest.len && sp_minijail_is_word_byte(rest.ptr[from])) {
        from++;
    }
    return from;
}

static size_t
path_len(struct sp_str rest)
{
    size_t len = 0;

    while (len < rest.len && !sp_minijail_is_blank(rest.ptr[len])) {
        len++;
    }
    return len;
}

size_t
sp_minijail_token_len(struct sp_str rest, enum sp_minijail_token_kind *ret_kind)
{
    char first = rest.ptr[0];
    char second = rest.len > 1 ? rest.ptr[1] : '\0';

    if (first == '/' || (first == '.' && second == '/')) {
        *ret_kind = SP_MINIJAIL_PATH;
        return path_len(rest);
    }
    if (is_digit(first) || (first == '-' && is_digit(second))) {
        *ret_kind = SP_MINIJAIL_NUMBER;
        return word_len(rest, 1);
    }
    if (is_word_start(first) || (first == '@' && is_word_start(second))) {
        *ret_kind = first == '@' ? SP_MINIJAIL_AT : SP_MINIJAIL_WORD;
        return word_len(rest, 1);
    }
    return sign_len(rest, ret_kind);
}
