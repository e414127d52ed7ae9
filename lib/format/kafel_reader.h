/* The parts of the reader of kafel's language: lib/format/kafel_*.c alone.
 *
 * Functions that report a fault answer false. Source: google/kafel src/lexer.l, src/parser.y,
 * src/kafel.c, src/policy.c, src/range_rules.c, src/expression.c, src/codegen.c. */
#ifndef SP_FORMAT_KAFEL_READER_H
#define SP_FORMAT_KAFEL_READER_H

#include "format/foreign.h"
#include "text/report.h"

/* Marks of one byte are their own kind. */
enum sp_kafel_kind {
    SP_KAFEL_END = 0,
    SP_KAFEL_NUMBER = 256,
    SP_KAFEL_NAME,
    SP_KAFEL_EQ,
    SP_KAFEL_NE,
    SP_KAFEL_LE,
    SP_KAFEL_GE,
    SP_KAFEL_AND,  /* && */
    SP_KAFEL_OR,   /* || */
    SP_KAFEL_ALLOW,
    SP_KAFEL_DEFAULT,
    SP_KAFEL_DENY,
    SP_KAFEL_ERRNO,
    SP_KAFEL_KILL,
    SP_KAFEL_KILL_PROCESS,
    SP_KAFEL_KILL_THREAD,
    SP_KAFEL_LOG,
    SP_KAFEL_POLICY,
    SP_KAFEL_SYSCALL,
    SP_KAFEL_TRACE,
    SP_KAFEL_TRAP,
    SP_KAFEL_USE,
    SP_KAFEL_USER_NOTIF,
    SP_KAFEL_DEFINE,
    SP_KAFEL_INCLUDE,  /* #include */
};

struct sp_kafel_token {
    int kind;
    struct sp_span span;
    uint64_t number;
};

struct sp_kafel_constant {
    struct sp_str name;
    uint64_t value;
};

struct sp_kafel_policy;

/* A rule for a call, or the place of another policy's entries. */
struct sp_kafel_entry {
    struct sp_kafel_policy *used;  /* NULL: a rule */
    const struct sp_kb_syscall *call;
    struct sp_span span;
    sp_verdict verdict;
    sp_dd condition;
};

struct sp_kafel_policy {
    struct sp_str name;  /* empty: what stands at file scope */
    SP_VEC(struct sp_kafel_entry) entries;
    bool is_used;
};

/* An argument that expressions may name. */
struct sp_kafel_arg {
    struct sp_str name;
    bool is_wide;  /* compared with 64 bits, else with 32 */
};

struct sp_kafel {
    struct sp_arena *arena;
    const struct sp_source *source;
    struct sp_report *report;
    struct sp_dd_store *store;
    uint32_t at;                  /* the next byte */
    struct sp_kafel_token token;  /* the one that the parser looks at */
    bool failed;                  /* no memory */
    SP_VEC(struct sp_kafel_constant) constants;
    SP_VEC(struct sp_kafel_policy *) policies;
    struct sp_kafel_policy main;
    bool has_default;
    sp_verdict by_default;
    uint64_t wrong_arches;        /* rows where a constant is not its call's number */
    const struct sp_kb_syscall *call;  /* of the rule that is read, and its arguments */
    struct sp_kafel_arg args[SP_ARGS];
    size_t arg_count;
    unsigned nesting;             /* of brackets */
};

/* More of one kind is no policy that anyone wrote. */
enum { SP_KAFEL_MANY = 4096 };

/* Kafel's own limit for the depth of an expression (src/expression.h), which a chain of n
 * operators has, too; and ours for brackets, of which it has none. */
enum { SP_KAFEL_DEPTH = 200, SP_KAFEL_NESTING = 64 };

/* ---- kafel_token.c ------------------------------------------------------------------- */

/* Moves on to the next token. */
bool
sp_kafel_next(struct sp_kafel *kafel);

/* Takes the token if it is of this kind; an error else, that says what belongs here. */
bool
sp_kafel_take(struct sp_kafel *kafel, int kind, const char *expected);

/* Reports that something else belongs where the token stands. */
bool
sp_kafel_unexpected(struct sp_kafel *kafel, const char *expected);

struct sp_str
sp_kafel_text(const struct sp_kafel *kafel, struct sp_span span);

/* ---- kafel_constants.c --------------------------------------------------------------- */

const struct sp_kafel_constant *
sp_kafel_constant(const struct sp_kafel *kafel, struct sp_str name);

/* Takes "# define NAME NUMBER", of which the first mark is taken already. */
bool
sp_kafel_define(struct sp_kafel *kafel);

/* ---- kafel_resolve.c ----------------------------------------------------------------- */

/* The call of a name: kafel->call. */
bool
sp_kafel_resolve(struct sp_kafel *kafel, struct sp_span name);

/* Takes "SYSCALL[number]", of which the first word is the token: kafel->call. */
bool
sp_kafel_take_number(struct sp_kafel *kafel);

/* Bits of an argument on the machine that the text is for: this one, unless the numbers of
 * the constants that are named as calls are those of others (kafel's targets of one kind of
 * numbers have the same bits). */
unsigned
sp_kafel_bits(const struct sp_kafel *kafel);

/* ---- kafel_call.c -------------------------------------------------------------------- */

/* Takes a call with the arguments that it declares: kafel->call and kafel->args; `ret_span`
 * is its name.  The call is NULL when its ON leaves out this machine. */
bool
sp_kafel_call(struct sp_kafel *kafel, struct sp_span *ret_span);

/* ---- kafel_expression.c -------------------------------------------------------------- */

/* Takes the expressions between the braces of a rule. */
bool
sp_kafel_expression(struct sp_kafel *kafel, sp_dd *ret_condition);

/* ---- kafel_action.c ------------------------------------------------------------------ */

bool
sp_kafel_is_action(const struct sp_kafel *kafel);

/* Takes an action with its number. */
bool
sp_kafel_take_action(struct sp_kafel *kafel, sp_verdict *ret_verdict);

/* ---- kafel_policy.c ------------------------------------------------------------------ */

/* Takes the whole text. */
bool
sp_kafel_statements(struct sp_kafel *kafel);

#endif
