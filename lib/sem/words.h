/* Diagrams back to words: the conditions that a person would have written.
 *
 * A condition of a diagram (leaves 0 and 1) becomes a list of alternatives, each a list of
 * tests that must all hold; a test is about one argument: equal, in a range, or equal under a
 * mask.  The lists are exact (their union is the condition, checked by the makers) and as short
 * as a greedy search finds: neighbouring values are joined to ranges, ranges with few holes are
 * told as their complement ("not 38 and not 40"), free bits become masks.  Where the search
 * would take too long, the paths of the diagram are told instead: exact, too, but not short. */
#ifndef SP_SEM_WORDS_H
#define SP_SEM_WORDS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "kb/kb.h"
#include "sem/dd.h"

enum sp_test_kind {
    SP_TEST_EQ,      /* arg = low */
    SP_TEST_NE,      /* arg != low */
    SP_TEST_RANGE,   /* low <= arg & mask <= high */
    SP_TEST_MASKED,  /* arg & mask = low */
    SP_TEST_MASKED_NE,
};

struct sp_test {
    unsigned arg;
    enum sp_test_kind kind;
    uint64_t low;
    uint64_t high;  /* of a range; else as `low` */
    uint64_t mask;  /* all ones for EQ, NE and most ranges; of others low bits, as 0xffffffff */
};

/* All of these must hold. */
struct sp_tests {
    SP_VEC(struct sp_test) all;
};

/* One of these must hold; none = never, one without tests = always. */
struct sp_alternatives {
    SP_VEC(struct sp_tests) any;
    bool truncated;  /* more than `max` alternatives: the rest is not told */
};

/* The condition in words' structure, at most `max` alternatives. False when there is no memory
 * or the condition is partly undecided. */
bool
sp_words_of(struct sp_arena *arena, struct sp_dd_store *store, sp_dd condition, size_t max,
            struct sp_alternatives *ret_alternatives);

/* The same where only the arguments for which `given` holds matter: elsewhere the words may say
 * what is shortest.  With the upper halves of all arguments 0, these are the words for a 32-bit
 * ABI. */
bool
sp_words_given(struct sp_arena *arena, const struct sp_dd_store *store, sp_dd condition,
               sp_dd given, size_t max, struct sp_alternatives *ret_alternatives);

/* The same by masked tests alone (SP_TEST_EQ and SP_TEST_MASKED, one for an argument at most). */
bool
sp_words_masked_given(struct sp_arena *arena, const struct sp_dd_store *store, sp_dd condition,
                      sp_dd given, size_t max, struct sp_alternatives *ret_alternatives);

/* The way back: the condition that the alternatives say. */
sp_dd
sp_words_diagram(struct sp_dd_store *store, const struct sp_alternatives *alternatives);

/* The alternatives as text, with the names of the call's arguments and constants where the
 * knowledge base has them: "family = AF_VSOCK or family >= 42", "flags & 0x7e020000 = 0",
 * "family in {AF_UNIX, AF_INET, AF_INET6} and (type = 1 or type = 5)", "always", "never"; cut
 * lists end with "or more".  `call` may be NULL: then "arg0". */
void
sp_words_write(const struct sp_alternatives *alternatives, const struct sp_kb_syscall *call,
               struct sp_buf *buf);

/* "family", or "arg0" when it is not known. */
void
sp_words_arg(const struct sp_kb_syscall *call, unsigned arg, struct sp_buf *buf);

/* One argument's value with its names: "AF_VSOCK", "CLONE_NEWUSER|CLONE_NEWNS", "0x2a", "7". */
void
sp_words_value(const struct sp_kb_syscall *call, unsigned arg, uint64_t value,
               struct sp_buf *buf);

/* A whole call: "socket(AF_VSOCK, SOCK_STREAM, 0)"; arguments past the call's known ones are
 * told only when they are not 0. */
void
sp_words_call(const struct sp_kb_syscall *call, const uint64_t args[SP_ARGS],
              struct sp_buf *buf);

#endif
