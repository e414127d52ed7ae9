/* The parts of the JSON reader, inside the text floor.
 *
 * Functions that report a fault answer false or NULL, so that a reader may say `return ...`. */
#ifndef SP_TEXT_JSON_READER_H
#define SP_TEXT_JSON_READER_H

#include "text/doc.h"
#include "text/report.h"

struct sp_json_reader {
    struct sp_arena *arena;
    const struct sp_source *source;
    const struct sp_doc_limits *limits;
    struct sp_report *report;
    const char *begin;
    const char *at;   /* the next byte */
    const char *end;  /* behind the last; nothing is there to be read */
    uint32_t nodes;
    const struct sp_node *open;  /* the innermost array or object that is not closed, or NULL */
};

/* What may stand where the reader is. */
enum sp_json_expected {
    SP_JSON_ROOT,            /* the one value */
    SP_JSON_END,             /* nothing: the value is over */
    SP_JSON_VALUE,           /* behind ':' */
    SP_JSON_FIRST_ELEMENT,   /* or ']' */
    SP_JSON_ELEMENT,         /* behind ',' */
    SP_JSON_AFTER_ELEMENT,   /* ',' or ']' */
    SP_JSON_FIRST_KEY,       /* or '}' */
    SP_JSON_KEY,             /* behind ',' */
    SP_JSON_COLON,
    SP_JSON_AFTER_MEMBER,    /* ',' or '}' */
};

static inline uint32_t
sp_json_offset(const struct sp_json_reader *reader, const char *at)
{
    return (uint32_t)(at - reader->begin);
}

static inline bool
sp_json_is_space(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

static inline bool
sp_json_is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* A byte of a word or a number, right or wrong: what runs on belongs to one token. */
static inline bool
sp_json_is_word(char byte)
{
    return sp_json_is_digit(byte) || (byte >= 'a' && byte <= 'z')
        || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

/* Takes the string at whose opening quote the reader stands; the text ends in NUL. */
bool
sp_json_read_string(struct sp_json_reader *reader, struct sp_str *ret_text);

/* Takes a number; `ret_text` is a view into the source. */
bool
sp_json_read_number(struct sp_json_reader *reader, struct sp_str *ret_text);

/* Reports that something else stands where `expected` should. */
bool
sp_json_fail(const struct sp_json_reader *reader, enum sp_json_expected expected);

/* Reports a fault of a number: the digits and letters from `start` on are none. */
bool
sp_json_fail_number(const struct sp_json_reader *reader, const char *start);

/* Points at the bracket of what is open, in a diagnostic about its missing end. */
void
sp_json_show_open(const struct sp_json_reader *reader, struct sp_diag *diag);

#endif
