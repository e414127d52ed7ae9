/* How words are found, for words*.c alone.
 *
 * Everything here solves one kind of task: find tests whose union holds at least where `must`
 * does, and at most where `may` does (`must` implies `may`). Where the two differ, the shorter
 * words win. */
#ifndef SP_SEM_WORDS_BUILD_H
#define SP_SEM_WORDS_BUILD_H

#include "sem/words.h"

/* One search. Its diagrams live in a store of its own, so that finding words spends nobody's
 * budget. */
struct sp_words_job {
    struct sp_arena *arena;
    struct sp_dd_store *store;
    unsigned work;  /* tasks that may still be begun: hard cases end */
    bool only_masks;  /* no other tests than masked ones are wanted */
    bool stopped;   /* limit reached: results are not whole */
};

struct sp_words_task {
    sp_dd must;
    sp_dd may;
};

/* Set when the work, the store or the memory ends; asked after each part. */
bool
sp_words_is_stopped(const struct sp_words_job *job);

/* The bits of an argument that a task is about. */
uint64_t
sp_words_bits(const struct sp_words_job *job, unsigned arg, struct sp_words_task task);

/* ---- lists --------------------------------------------------------------------------- */

/* A new alternative without tests; NULL when there is no memory. */
struct sp_tests *
sp_words_add(struct sp_words_job *job, struct sp_alternatives *list);

/* `tests` may be NULL (no memory): then nothing happens. */
void
sp_words_add_test(struct sp_words_job *job, struct sp_tests *tests, struct sp_test test);

/* An alternative with one test. */
void
sp_words_add_single(struct sp_words_job *job, struct sp_alternatives *list,
                    struct sp_test test);

/* What a reader has to take in; UINT_MAX for a list that does not exist. */
unsigned
sp_words_cost(const struct sp_alternatives *list);

/* A test under a mask in its simplest kind: "= value" when all bits count. */
struct sp_test
sp_words_masked(unsigned arg, uint64_t mask, uint64_t value, bool equal);

/* Are they about the same bits of the same argument? */
bool
sp_words_is_same_subject(const struct sp_test *left, const struct sp_test *right);

bool
sp_words_is_same_test(const struct sp_test *left, const struct sp_test *right);

/* In the order of the arguments and values, in which a reader looks for them. */
void
sp_words_sort(struct sp_alternatives *list);

sp_dd
sp_words_tests_diagram(struct sp_dd_store *store, const struct sp_tests *tests);

/* ---- searches ------------------------------------------------------------------------ */

/* The words of a task, all of them. */
void
sp_words_cover(struct sp_words_job *job, struct sp_words_task task,
               struct sp_alternatives *list);

/* The same for a task about one argument alone. */
void
sp_words_cover_one(struct sp_words_job *job, unsigned arg, struct sp_words_task task,
                   struct sp_alternatives *list);

/* The same by values in their order: single ones, ranges, ranges with holes.  False when there
 * are too many. */
bool
sp_words_intervals(struct sp_words_job *job, unsigned arg, struct sp_words_task task,
                   struct sp_alternatives *list);

/* The same by one masked test, "arg & mask = value" or its contrary, when one is enough. */
bool
sp_words_one_mask(struct sp_words_job *job, unsigned arg, struct sp_words_task task, bool equal,
                  struct sp_alternatives *list);

/* The same by masked tests of all arguments, as few as the method of Minato and Morreale
 * finds; more than `max` stop the job. */
void
sp_words_masks(struct sp_words_job *job, struct sp_words_task task, size_t max,
               struct sp_alternatives *list);

/* More masked tests than this nobody reads. */
enum { SP_WORDS_MOST_MASKS = 64 };

/* The same in two steps: what the bits of `arg` from `bit` up ask for, and what the bits behind
 * them ask for. */
void
sp_words_cut(struct sp_words_job *job, unsigned arg, unsigned bit, struct sp_words_task task,
             struct sp_alternatives *list);

/* Finds shorter words for alternatives that differ in the tests about one argument alone. */
void
sp_words_merge(struct sp_words_job *job, struct sp_alternatives *list);

/* The alternatives with short ranges told value by value, as far as the values have names. */
void
sp_words_expand(struct sp_words_job *job, const struct sp_kb_syscall *call,
                const struct sp_alternatives *from, struct sp_alternatives *list);

/* The paths of a condition, as masked tests, at most `max`: not short, but needs no work. */
void
sp_words_paths(struct sp_words_job *job, sp_dd condition, size_t max,
               struct sp_alternatives *list);

#endif
