#include "text/json_fault.h"

#include "base/closest.h"
#include "text/utf8.h"

bool
sp_json_hint_quotes(struct sp_json_fault *fault)
{
    struct sp_str text = sp_json_found(fault);
    size_t close = text.len;
    uint32_t point = 0;
    char quote[4];

    if (fault->found.kind != SP_JSON_TOKEN_QUOTED) {
        return false;
    }
    do {
        close--;
    } while (((unsigned char)text.ptr[close] & 0xc0) == 0x80 && close > 0);
    size_t open = sp_utf8_encode(fault->found.point, quote);
    (void)sp_utf8_decode(text.ptr + close, text.len - close, &point);
    if (close < open || !sp_json_is_quote(point)) {
        fault->help = "strings and keys stand in double quotes";
        return true;
    }
    struct sp_span inside = {
        .start = fault->found.span.start + (uint32_t)open,
        .end = fault->found.span.start + (uint32_t)close,
    };
    fault->help = sp_arena_format(fault->scratch, "%s: write \"%s\"",
                                  open == 1 ? "strings and keys stand in double quotes"
                                            : "JSON knows plain double quotes only",
                                  sp_json_shown(fault->reader, inside, fault->scratch));
    return true;
}

/* Words of other languages. */
static const struct {
    const char *word;
    const char *help;
} words[] = {
    { .word = "yes", .help = "JSON writes it true" },
    { .word = "on", .help = "JSON writes it true" },
    { .word = "no", .help = "JSON writes it false" },
    { .word = "off", .help = "JSON writes it false" },
    { .word = "None", .help = "JSON writes it null" },
    { .word = "nil", .help = "JSON writes it null" },
    { .word = "undefined", .help = "JSON has nothing of the kind: leave the member out" },
    { .word = "NaN", .help = "JSON numbers are finite: leave the member out" },
    { .word = "Infinity", .help = "JSON numbers are finite: leave the member out" },
};

/* True, NULL, fasle ... */
static const char *
closest_literal(struct sp_str word)
{
    static const char *const literals[] = { "true", "false", "null" };
    struct sp_closest closest = sp_closest_to(word);

    for (size_t i = 0; i < sizeof literals / sizeof *literals; i++) {
        sp_closest_offer(&closest, literals[i]);
    }
    return closest.count > 0 ? closest.best[0].name : NULL;
}

static const char *
word_help(struct sp_json_fault *fault, struct sp_str word)
{
    bool is_key = sp_json_wants_key(fault->expected);
    const char *literal = is_key ? NULL : closest_literal(word);

    if (literal != NULL) {
        return sp_arena_format(fault->scratch, "did you mean %s?", literal);
    }
    return sp_arena_format(fault->scratch, "%s stand in double quotes: write \"%s\"",
                           is_key ? "keys" : "strings",
                           sp_json_shown(fault->reader, fault->found.span, fault->scratch));
}

bool
sp_json_hint_word(struct sp_json_fault *fault)
{
    struct sp_str word = sp_json_found(fault);

    if (fault->found.kind != SP_JSON_TOKEN_WORD) {
        return false;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (sp_json_wants_value(fault->expected) && sp_str_is(word, words[i].word)) {
            fault->help = words[i].help;
            return true;
        }
    }
    if (word.ptr[0] == '$') {
        fault->help = "this looks like a variable: was a template not filled in?";
        return true;
    }
    if (!sp_json_wants_key(fault->expected) && !sp_json_wants_value(fault->expected)) {
        return false;
    }
    fault->help = word_help(fault, word);
    return true;
}

bool
sp_json_hint_number(struct sp_json_fault *fault)
{
    if (fault->found.kind != SP_JSON_TOKEN_NUMBER) {
        return false;
    }
    if (sp_json_wants_key(fault->expected)) {
        fault->help = sp_arena_format(
            fault->scratch, "keys stand in double quotes: write \"%s\"",
            sp_json_shown(fault->reader, fault->found.span, fault->scratch));
        return true;
    }
    if (!sp_json_wants_value(fault->expected)) {
        return false;
    }
    fault->help = sp_json_number_help(sp_json_found(fault), fault->scratch);
    return true;
}
