/* Decision diagrams: the meaning of a filter for one system call.
 *
 * A diagram is a function from the six 64-bit arguments to a 32-bit value: a verdict, or for
 * conditions 0 and 1.  It is a directed graph; an inner node tests one bit of one argument, a
 * leaf holds a value.  Bits are tested in a fixed order (argument 0 first, most significant bit
 * first), no node has equal children and no two nodes are alike, so that a function has exactly
 * one diagram: equality is `==` of two references, in one store.
 *
 *     struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
 *     sp_dd family = sp_dd_compare(store, 0, SP_DD_EQ, UINT64_MAX, 40);
 *     sp_dd deny = sp_dd_leaf(store, SP_VERDICT_ERRNO | EPERM);
 *     sp_dd meaning = sp_dd_ite(store, family, deny, sp_dd_leaf(store, SP_VERDICT_ALLOW));
 *
 * A store holds at most `budget` nodes, and no operation takes more than 32 steps for each of
 * them. Past either (or without memory) the store is spent: every operation answers
 * SP_DD_UNDECIDED, which is a leaf of its own and swallows what it meets: unknown is never
 * fine.  Diagrams made before can still be asked.
 *
 * One store is for one thread at a time, also where it is `const`: walks leave marks on the
 * way. */
#ifndef SP_SEM_DD_H
#define SP_SEM_DD_H

#include "model/call.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A reference to a node of a store. */
typedef uint32_t sp_dd;

/* The leaf of what could not be decided, the same in every store. Operations give it back: what
 * is partly undecided has it as a leaf where it is undecided, and only a spent budget makes the
 * whole diagram undecided. */
enum { SP_DD_UNDECIDED = 0 };

/* Nodes of a store. Docker's default needs about 2,000 for all its calls on three ABIs; the
 * hardest profiles seen in public about 20,000. */
enum { SP_DD_BUDGET = 1 << 20 };

struct sp_dd_store;

/* NULL when there is no memory. The budget is at least 3 and at most 2^24. */
struct sp_dd_store *
sp_dd_store_new(size_t budget);

void
sp_dd_store_free(struct sp_dd_store *store);

/* Has an operation met a limit (or no memory) so far? */
bool
sp_dd_store_is_spent(const struct sp_dd_store *store);

/* Was it memory that ran out, not the budget? */
bool
sp_dd_store_failed(const struct sp_dd_store *store);

/* Says so of a store whose user had no memory for its own work: what it answers from now on is
 * undecided. */
void
sp_dd_store_fail(struct sp_dd_store *store);

size_t
sp_dd_store_size(const struct sp_dd_store *store);

/* ---- making -------------------------------------------------------------------------- */

sp_dd
sp_dd_leaf(struct sp_dd_store *store, uint32_t value);

/* The bit `bit` (63 = most significant) of argument `arg`: 1 where it is set. */
sp_dd
sp_dd_bit(struct sp_dd_store *store, unsigned arg, unsigned bit);

enum sp_dd_compare {
    SP_DD_EQ,
    SP_DD_NE,
    SP_DD_LT,
    SP_DD_LE,
    SP_DD_GT,
    SP_DD_GE,
};

/* (argument & mask) OP datum, unsigned, as a condition (leaves 0 and 1). The datum is compared
 * as it is: bits outside the mask make EQ unsatisfiable. */
sp_dd
sp_dd_compare(struct sp_dd_store *store, unsigned arg, enum sp_dd_compare op, uint64_t mask,
              uint64_t datum);

/* `then` where `condition` is not 0, else `otherwise`; undecided where the condition is, and
 * nowhere else but where the chosen side is. */
sp_dd
sp_dd_ite(struct sp_dd_store *store, sp_dd condition, sp_dd then, sp_dd otherwise);

/* Conditions of conditions: leaves 0 and 1.  Undecided where either side is, also beside a 0
 * (and) or a 1 (or). */
sp_dd
sp_dd_and(struct sp_dd_store *store, sp_dd left, sp_dd right);

sp_dd
sp_dd_or(struct sp_dd_store *store, sp_dd left, sp_dd right);

sp_dd
sp_dd_not(struct sp_dd_store *store, sp_dd condition);

/* A function of two leaves. Must be pure. `id` tells operations apart in the cache: below 16 is
 * for this file, users take 16 to 255, one for each function. */
struct sp_dd_operation {
    uint8_t id;
    uint32_t (*combine)(uint32_t left, uint32_t right);
};

/* Pointwise combination. Undecided where either side is. */
sp_dd
sp_dd_apply(struct sp_dd_store *store, const struct sp_dd_operation *operation, sp_dd left,
            sp_dd right);

/* A function of one leaf, which may look at `user`. */
sp_dd
sp_dd_map(struct sp_dd_store *store, sp_dd diagram, uint32_t (*map)(uint32_t value, void *user),
          void *user);

/* The diagram with bit set to a fixed value: it no longer depends on it. */
sp_dd
sp_dd_restrict(struct sp_dd_store *store, sp_dd diagram, unsigned arg, unsigned bit,
               bool value);

/* The diagram as if only the low `bits` bits of `arg` were there, the upper read as 0. */
sp_dd
sp_dd_narrow(struct sp_dd_store *store, sp_dd diagram, unsigned arg, unsigned bits);

/* Does the condition hold for some (any) or for all values of the bits of `mask` in argument
 * `arg`? The answer no longer depends on them. Undecided where it is so for some value. */
sp_dd
sp_dd_any(struct sp_dd_store *store, sp_dd condition, unsigned arg, uint64_t mask);

sp_dd
sp_dd_all(struct sp_dd_store *store, sp_dd condition, unsigned arg, uint64_t mask);

/* The diagram of another store in this one. */
sp_dd
sp_dd_copy(struct sp_dd_store *store, const struct sp_dd_store *from, sp_dd diagram);

/* ---- asking -------------------------------------------------------------------------- */

bool
sp_dd_is_leaf(const struct sp_dd_store *store, sp_dd diagram);

/* The value of a leaf that is not SP_DD_UNDECIDED. */
uint32_t
sp_dd_value(const struct sp_dd_store *store, sp_dd leaf);

/* An inner node: the bit that it tests, and what follows when that is 0 and 1. */
struct sp_dd_branch {
    unsigned arg;
    unsigned bit;  /* 63 = most significant */
    sp_dd low;
    sp_dd high;
};

struct sp_dd_branch
sp_dd_branch(const struct sp_dd_store *store, sp_dd diagram);

/* The value for concrete arguments; false when it is undecided there. */
bool
sp_dd_eval(const struct sp_dd_store *store, sp_dd diagram, const uint64_t args[SP_ARGS],
           uint32_t *ret_value);

/* Arguments for which the diagram has a leaf that `wanted` accepts (NULL: for which it is not
 * 0). The smallest such arguments in the order of the bits: witnesses are the same every time.
 * False when there are none. Undecided leaves are never accepted. */
bool
sp_dd_find(const struct sp_dd_store *store, sp_dd diagram,
           bool (*wanted)(uint32_t value, void *user), void *user, uint64_t ret_args[SP_ARGS]);

/* Arguments for which two diagrams differ, the smallest; false when they are equal wherever
 * both are decided. The search makes no node; should it take too many steps, the answer is
 * false, too, and the store is spent. */
bool
sp_dd_differ(struct sp_dd_store *store, sp_dd left, sp_dd right, uint64_t ret_args[SP_ARGS]);

/* Is some part of it undecided? */
bool
sp_dd_has_undecided(const struct sp_dd_store *store, sp_dd diagram);

/* The arguments that it looks at, as a bit set: bit n for argument n. */
unsigned
sp_dd_args(const struct sp_dd_store *store, sp_dd diagram);

/* The bits of one argument that it looks at. */
uint64_t
sp_dd_bits(const struct sp_dd_store *store, sp_dd diagram, unsigned arg);

/* The leaves that it can answer, each once, in order of value; at most `max`. Answers how many
 * there are; undecided is not among them. */
size_t
sp_dd_leaves(const struct sp_dd_store *store, sp_dd diagram, uint32_t *ret_values, size_t max);

/* The nodes of one diagram. */
size_t
sp_dd_size(const struct sp_dd_store *store, sp_dd diagram);

#endif
