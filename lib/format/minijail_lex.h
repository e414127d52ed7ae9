/* The tokens of a policy, line by line: lib/format/minijail_*.c alone.
 *
 * Source: google/minijail, tools/parser.py (the table of tokens, tokenize) and util.c
 * (getmultiline). */
#ifndef SP_FORMAT_MINIJAIL_LEX_H
#define SP_FORMAT_MINIJAIL_LEX_H

#include "base/vec.h"
#include "text/report.h"

enum sp_minijail_token_kind {
    SP_MINIJAIL_END,     /* behind the last token of a line */
    SP_MINIJAIL_WORD,    /* names, actions, arguments, `in` */
    SP_MINIJAIL_AT,      /* @include ... */
    SP_MINIJAIL_PATH,
    SP_MINIJAIL_NUMBER,
    SP_MINIJAIL_COMPARE, /* == != <= < >= > & */
    SP_MINIJAIL_AND,
    SP_MINIJAIL_OR,
    SP_MINIJAIL_BIT_OR,
    SP_MINIJAIL_EQUAL,
    SP_MINIJAIL_TILDE,
    SP_MINIJAIL_COLON,
    SP_MINIJAIL_SEMICOLON,
    SP_MINIJAIL_COMMA,
    SP_MINIJAIL_PAREN_OPEN,
    SP_MINIJAIL_PAREN_CLOSE,
    SP_MINIJAIL_BRACE_OPEN,
    SP_MINIJAIL_BRACE_CLOSE,
    SP_MINIJAIL_BRACKET_OPEN,
    SP_MINIJAIL_BRACKET_CLOSE,
};

/* What stands between a token and the one before it. */
enum sp_minijail_gap {
    SP_MINIJAIL_GAP_NONE,
    SP_MINIJAIL_GAP_SPACES,  /* also the end of a line that goes on */
    SP_MINIJAIL_GAP_OTHER,   /* tabs and the like, which libminijail does not part words at */
};

struct sp_minijail_token {
    enum sp_minijail_token_kind kind;
    enum sp_minijail_gap gap;
    struct sp_span span;
    struct sp_str text;
};

/* A line, with those that it goes on in.  Without tokens: an empty line, a comment, or one
 * that orders only (@frequency). */
struct sp_minijail_line {
    SP_VEC(struct sp_minijail_token) tokens;  /* and an END */
    struct sp_span remark;                    /* a comment behind tokens; empty = none */
    bool has_return;                          /* its LF has a CR before it */
};

/* How long the token is that the rest of a line (not empty) begins with, and its kind; 0 =
 * it begins with none. A comment is no token. */
size_t
sp_minijail_token_len(struct sp_str rest, enum sp_minijail_token_kind *ret_kind);

/* White space within a line. */
bool
sp_minijail_is_blank(char byte);

/* Can a word go on with it? */
bool
sp_minijail_is_word_byte(char byte);

struct sp_minijail_lexer {
    struct sp_arena *arena;
    const struct sp_source *source;
    const struct sp_doc_limits *limits;
    struct sp_report *report;
    uint32_t at;
    uint32_t count;  /* of tokens so far */
    bool failed;     /* reported, or no memory */
};

/* At the first line, behind a byte order mark. */
struct sp_minijail_lexer
sp_minijail_lexer_of(struct sp_arena *arena, const struct sp_source *source,
                     const struct sp_doc_limits *limits, struct sp_report *report);

/* The next line; false at the end, and when it failed. */
bool
sp_minijail_line_next(struct sp_minijail_lexer *lexer, struct sp_minijail_line *ret_line);

#endif
