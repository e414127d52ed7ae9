/* Memos and steps of the operations, for dd_*.c alone.
 *
 * An operation that makes nodes has this rhythm, for each place it comes to:
 *
 *     if (it is plain || sp_dd_recall(store, key, &known)) return known;
 *     if (!sp_dd_can_make(store)) return SP_DD_UNDECIDED;
 *     ... low and high, by recursion: at most one call for each level ...
 *     return sp_dd_made(store, key, sp_dd_make(store, level, low, high)); */
#ifndef SP_SEM_DD_MEMO_H
#define SP_SEM_DD_MEMO_H

#include "sem/dd_store.h"

/* The operations of the store; those of users start at 16. */
enum {
    SP_DD_OP_ITE = 1,
    SP_DD_OP_AND,
    SP_DD_OP_OR,
    SP_DD_OP_MAP,
    SP_DD_OP_RESTRICT,
    SP_DD_OP_NARROW,
    SP_DD_OP_DIFFER,
    SP_DD_OP_ANY,
    SP_DD_OP_ALL,
    SP_DD_OP_COPY,
    SP_DD_OP_FIRST_FREE = 16,
};

enum { SP_DD_LAST_MEMO_BITS = 20 };

/* Memos may be lost, so that the budget of nodes does not bound the time: these bounds do.  A
 * step costs 10 to 50 ns. */
enum { SP_DD_STEPS_PER_NODE = 32, SP_DD_STEPS_AT_LEAST = 1 << 16 };

/* `and` and `or`, inside an operation that has begun. */
extern const struct sp_dd_operation sp_dd_op_and;
extern const struct sp_dd_operation sp_dd_op_or;

sp_dd
sp_dd_combine(struct sp_dd_store *store, const struct sp_dd_operation *operation, sp_dd left,
              sp_dd right);

/* More places for the results, when there is memory; else it goes on with what there is. */
void
sp_dd_grow_memos(struct sp_dd_store *store);

/* ---- memos --------------------------------------------------------------------------- */

static inline uint32_t
sp_dd_key(uint8_t op, sp_dd left)
{
    return (uint32_t)op << 24 | left;
}

/* A key for one call alone: what a function of the caller answers may change with `user`. */
static inline void
sp_dd_own_key(const struct sp_dd_store *store, uint8_t op, sp_dd diagram, uint32_t ret_key[3])
{
    ret_key[0] = sp_dd_key(op, diagram);
    ret_key[1] = (uint32_t)store->serial;
    ret_key[2] = (uint32_t)(store->serial >> 32);
}

/* Each result has one place; a newer one takes it. */
static inline size_t
sp_dd_place(unsigned bits, const uint32_t key[3])
{
    uint64_t first = (uint64_t)key[1] << 32 | key[0];
    uint64_t mixed = (first ^ (uint64_t)key[2] * 0xd6e8feb86659fd93u) * 0x9e3779b97f4a7c15u;

    return (size_t)(mixed >> (64 - bits));
}

static inline bool
sp_dd_recall(const struct sp_dd_store *store, const uint32_t key[3], sp_dd *ret_result)
{
    if (store->memos == NULL) {
        return false;
    }
    const struct sp_dd_memo *memo = &store->memos[sp_dd_place(store->memo_bits, key)];
    if (memo->key[0] != key[0] || memo->key[1] != key[1] || memo->key[2] != key[2]) {
        return false;
    }
    *ret_result = memo->result;
    return true;
}

static inline void
sp_dd_remember(struct sp_dd_store *store, const uint32_t key[3], sp_dd result)
{
    if (store->memos != NULL) {
        store->memos[sp_dd_place(store->memo_bits, key)] = (struct sp_dd_memo){
            .key = { key[0], key[1], key[2] }, .result = result
        };
    }
}

/* Remembers and answers what was made.  Once the store is spent, nothing is remembered and all
 * that was begun is undecided. */
static inline sp_dd
sp_dd_made(struct sp_dd_store *store, const uint32_t key[3], sp_dd result)
{
    if (store->spent) {
        return SP_DD_UNDECIDED;
    }
    sp_dd_remember(store, key, result);
    return result;
}

/* ---- steps --------------------------------------------------------------------------- */

/* Every operation starts here.  False when the store is spent. */
static inline bool
sp_dd_begin(struct sp_dd_store *store)
{
    store->steps = 0;
    store->serial++;
    return !store->spent;
}

static inline bool
sp_dd_has_steps(const struct sp_dd_store *store)
{
    return store->steps < SP_DD_STEPS_AT_LEAST
           || store->steps < (uint64_t)store->budget * SP_DD_STEPS_PER_NODE;
}

/* One more place to look at; false when it is one too many. */
static inline bool
sp_dd_step(struct sp_dd_store *store)
{
    uint64_t places = store->memos == NULL ? 0 : (uint64_t)1 << store->memo_bits;

    store->steps++;
    if (store->steps >= places && store->memo_bits < SP_DD_LAST_MEMO_BITS) {
        sp_dd_grow_memos(store);
    }
    return sp_dd_has_steps(store);
}

/* A step of an operation that makes nodes. */
static inline bool
sp_dd_can_make(struct sp_dd_store *store)
{
    store->spent = store->spent || !sp_dd_step(store);
    return !store->spent;
}

/* ---- parts of nodes ------------------------------------------------------------------ */

static inline bool
sp_dd_is_partial(const struct sp_dd_store *store, sp_dd diagram)
{
    return (store->nodes[diagram].flags & SP_DD_PARTIAL) != 0;
}

static inline bool
sp_dd_is_condition(const struct sp_dd_store *store, sp_dd diagram)
{
    return (store->nodes[diagram].flags & SP_DD_OTHER) == 0;
}

/* The first level that one of two diagrams tests. */
static inline unsigned
sp_dd_first_level(const struct sp_dd_store *store, sp_dd left, sp_dd right)
{
    unsigned first = store->nodes[left].level;
    unsigned second = store->nodes[right].level;

    return first < second ? first : second;
}

/* The diagram where the bit of `level` is 0 or 1; it must test no bit before it. */
static inline sp_dd
sp_dd_low_at(const struct sp_dd_store *store, sp_dd diagram, unsigned level)
{
    const struct sp_dd_node *node = &store->nodes[diagram];

    return node->level == level ? node->low : diagram;
}

static inline sp_dd
sp_dd_high_at(const struct sp_dd_store *store, sp_dd diagram, unsigned level)
{
    const struct sp_dd_node *node = &store->nodes[diagram];

    return node->level == level ? node->high : diagram;
}

#endif
