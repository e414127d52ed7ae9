/* What did somebody mean who wrote a name that no system call has?
 *
 * Looked for in this order: a word of the knowledge base (`fstatat`), another tool's grammar
 * (`@mount`, `epoll_*`, `~mount`), a call in other letter case, with white space or a prefix
 * (`KCMP`, "kcmp ", `__NR_kcmp`), several calls in one string ("read,write"), and last what is
 * close. */
#ifndef SP_LINT_NAMES_GUESS_H
#define SP_LINT_NAMES_GUESS_H

#include "base/closest.h"
#include "base/str.h"
#include "kb/kb.h"

#include <stdbool.h>
#include <stddef.h>

enum sp_guess_kind {
    SP_GUESS_NONE,
    SP_GUESS_SPELLING,  /* the call is certain */
    SP_GUESS_LIST,      /* several calls in one string */
    SP_GUESS_WORD,
    SP_GUESS_GROUP,
    SP_GUESS_PATTERN,
    SP_GUESS_NEGATION,
    SP_GUESS_CLOSE,
};

enum { SP_GUESS_NAMES = 16 };  /* room, and the most of one list */

struct sp_guess {
    enum sp_guess_kind kind;
    const struct sp_kb_word *word;     /* SP_GUESS_WORD */
    const struct sp_kb_group *group;   /* SP_GUESS_GROUP; NULL when systemd has no such */
    const char *names[SP_GUESS_NAMES]; /* calls (in a group: other groups, too) */
    size_t count;                      /* of names */
    size_t total;                      /* of calls that it could be; count or more */
    bool sure;  /* exactly these names were meant: they may take the place of the word */
};

/* Is it another tool's grammar for many calls or none? */
bool
sp_guess_is_grammar(struct sp_str name);

/* The guesses that cost nothing: none is SP_GUESS_CLOSE. */
struct sp_guess
sp_guess_quickly(struct sp_str name);

struct sp_guess
sp_guess(struct sp_str name);

/* Shell pattern of `*` and `?` against a whole text; time is the product of their lengths. */
bool
sp_guess_matches(struct sp_str pattern, struct sp_str text);

#endif
