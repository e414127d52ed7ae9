/* A fault of JSON on its way to a diagnostic, inside the text floor.
 *
 * json_token.c says what stands at the place of the fault, the hints in json_hint*.c guess what
 * the writer meant, json_fault.c reports. */
#ifndef SP_TEXT_JSON_FAULT_H
#define SP_TEXT_JSON_FAULT_H

#include "text/json_reader.h"

enum sp_json_token_kind {
    SP_JSON_TOKEN_END,
    SP_JSON_TOKEN_STRING,   /* in double quotes */
    SP_JSON_TOKEN_QUOTED,   /* in other quotes */
    SP_JSON_TOKEN_NUMBER,   /* or what looks like one */
    SP_JSON_TOKEN_WORD,
    SP_JSON_TOKEN_COMMENT,  /* of JavaScript, C, Python or YAML */
    SP_JSON_TOKEN_BYTE,     /* one printable character of ASCII */
    SP_JSON_TOKEN_POINT,    /* any other character */
    SP_JSON_TOKEN_BROKEN,   /* a byte that is no UTF-8 */
};

struct sp_json_token {
    enum sp_json_token_kind kind;
    struct sp_span span;
    uint32_t point;  /* of the first character, or the byte that is none */
};

struct sp_json_fault {
    const struct sp_json_reader *reader;
    struct sp_arena *scratch;
    enum sp_json_expected expected;
    const struct sp_node *open;  /* the reader's */
    struct sp_json_token found;
    uint32_t before;             /* end of the token before `found`; 0 when there is none */

    /* What the hints fill in; `span` is that of `found` until then. */
    struct sp_span span;
    const char *message;  /* NULL: "expected ..., found ..." */
    const char *label;
    const char *help;
    struct sp_span edit;
    const char *edit_text;  /* NULL: no edit */
    bool shows_open;        /* point at where `open` begins, too */
};

static inline struct sp_str
sp_json_found(const struct sp_json_fault *fault)
{
    return sp_source_slice(fault->reader->source, fault->found.span);
}

/* The token at an offset; white space is not skipped. */
struct sp_json_token
sp_json_token_at(const struct sp_json_reader *reader, uint32_t offset);

/* "'True'", "the end of the text": for messages; NULL when there is no memory. */
const char *
sp_json_token_text(const struct sp_json_reader *reader, struct sp_json_token token,
                   struct sp_arena *arena);

/* The bytes of a span as they may stand in a message: shortened, and with \x.. for what no
 * terminal should get. Never NULL. */
const char *
sp_json_shown(const struct sp_json_reader *reader, struct sp_span span, struct sp_arena *arena);

/* Quotes that are not those of JSON. */
bool
sp_json_is_quote(uint32_t point);

/* False for spaces, controls and what looks like nothing. */
bool
sp_json_point_is_visible(uint32_t point);

/* True when a key or a value is wanted. */
bool
sp_json_wants_key(enum sp_json_expected expected);

bool
sp_json_wants_value(enum sp_json_expected expected);

/* Each answers true when it knew what to say; the first that does is the last. */
bool
sp_json_hint_text(struct sp_json_fault *fault);

bool
sp_json_hint(struct sp_json_fault *fault);

/* The hints on words, parts of sp_json_hint. */
bool
sp_json_hint_quotes(struct sp_json_fault *fault);

bool
sp_json_hint_word(struct sp_json_fault *fault);

bool
sp_json_hint_number(struct sp_json_fault *fault);

/* Help for letters and digits that are no number of JSON. */
const char *
sp_json_number_help(struct sp_str number, struct sp_arena *arena);

#endif
