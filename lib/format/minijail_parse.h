/* The parser of policies: lib/format/minijail_*.c alone.
 *
 * Functions that report answer false and leave one diagnostic; false without memory, too, with
 * `report->failed`. */
#ifndef SP_FORMAT_MINIJAIL_PARSE_H
#define SP_FORMAT_MINIJAIL_PARSE_H

#include "format/foreign.h"
#include "format/minijail_lex.h"
#include "kb/kb.h"

/* Something that only one of the two programs reads; `what` is NULL until there is such a
 * thing. */
struct sp_minijail_taste {
    struct sp_span span;
    const char *what;  /* "a remark behind a line" */
};

struct sp_minijail_parser {
    struct sp_arena *arena;
    const struct sp_source *source;
    const struct sp_doc_limits *limits;
    struct sp_report *report;
    const struct sp_kb_arch *named;  /* by [arch=...]; NULL = none */
    const struct sp_kb_arch *arch;   /* that, or the one at hand; NULL when that is not known */
    unsigned bits;                   /* of its words */
    struct sp_dd_store *store;
    struct sp_minijail_taste rich;   /* what compile_seccomp_policy.py alone reads */
    struct sp_minijail_taste plain;  /* what libminijail alone reads */
};

/* Tokens of a line, one after the other. The last one is an END, which stays. */
struct sp_minijail_cursor {
    const struct sp_minijail_token *token;
};

static inline bool
sp_minijail_is(const struct sp_minijail_cursor *cursor, enum sp_minijail_token_kind kind)
{
    return cursor->token->kind == kind;
}

static inline void
sp_minijail_skip(struct sp_minijail_cursor *cursor)
{
    cursor->token += cursor->token->kind != SP_MINIJAIL_END;
}

void
sp_minijail_note(struct sp_minijail_taste *taste, struct sp_span span, const char *what);

/* "expected X, found Y" at a token. */
bool
sp_minijail_fail_expected(struct sp_minijail_parser *parser,
                          const struct sp_minijail_token *token, const char *expected);

/* "`X` is no number": a token, in quotes, and what is wrong with it. */
bool
sp_minijail_fail_token(struct sp_minijail_parser *parser, const struct sp_minijail_token *token,
                       const char *why);

/* libminijail parts words at spaces alone. */
void
sp_minijail_check_tabs(struct sp_minijail_parser *parser,
                       const struct sp_minijail_token *token);

/* All bits of an argument. */
uint64_t
sp_minijail_word(const struct sp_minijail_parser *parser);

/* `A|~(B|C)`. */
bool
sp_minijail_value(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
                  uint64_t *ret_value);

/* `arg0 == 1 && arg1 & 2 || ...`: a condition. */
bool
sp_minijail_expression(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
                       sp_dd *ret_condition);

/* A number or the name of one, as behind `return`. */
bool
sp_minijail_constant(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
                     uint64_t *ret_value);

/* What a call answers under a condition. */
struct sp_minijail_filter {
    bool always;          /* there is no condition */
    sp_dd condition;
    bool has_answer;      /* else: where it holds, the call is allowed */
    bool answers_default; /* `return` without an error, as libminijail has it */
    bool is_bare;         /* no braces around: what it answers depends on the program */
    sp_verdict answer;
    struct sp_span span;
};

struct sp_minijail_filters {
    SP_VEC(struct sp_minijail_filter) all;
};

/* What stands behind the colon, to the end of the line; it is added to `filters`. In deny
 * lists every answer is an error. */
bool
sp_minijail_filters_read(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
                         bool denylist, struct sp_minijail_filters *filters);

/* `@default trap`: `cursor` behind @default. */
bool
sp_minijail_default_read(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
                         sp_verdict *ret_verdict);

/* The statements of a whole text, call by call. */
struct sp_minijail_call {
    const struct sp_kb_syscall *call;
    struct sp_span span;  /* of its first line */
    struct sp_minijail_filters filters;
};

struct sp_minijail_policy {
    SP_VEC(struct sp_minijail_call) calls;  /* in the order of the text */
    uint32_t *places;  /* by system call: 1 + index in `calls`; 0 = not there */
    sp_verdict default_verdict;
    struct sp_span default_span;
    struct sp_span arch_span;
    bool denylist;
    bool has_default;
};

/* A line that begins with the name of a call, or with several in braces. */
bool
sp_minijail_statement_read(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
                           struct sp_minijail_policy *policy);

/* A whole text; `policy` zero before. */
bool
sp_minijail_policy_read(struct sp_minijail_parser *parser, struct sp_minijail_policy *policy);

/* What a call answers. */
sp_dd
sp_minijail_meaning(const struct sp_minijail_parser *parser,
                    const struct sp_minijail_policy *policy,
                    const struct sp_minijail_call *call);

/* What the calls answer, as rules of a profile. */
bool
sp_minijail_tell(struct sp_minijail_parser *parser, struct sp_foreign *foreign,
                 const struct sp_minijail_policy *policy);

struct sp_minijail_text {
    SP_VEC(struct sp_minijail_line) lines;
};

/* The one architecture that the [arch=...] of a text name becomes that of the parser. */
bool
sp_minijail_find_arch(struct sp_minijail_parser *parser, const struct sp_minijail_text *text,
                      struct sp_span *ret_span);

/* `[arch=x86_64]`, if there is one: is what it stands behind for this architecture? */
bool
sp_minijail_metadata_read(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
                          bool *ret_applies);

#endif
