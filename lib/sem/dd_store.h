/* The inside of a store, for dd*.c and words*.c alone. */
#ifndef SP_SEM_DD_STORE_H
#define SP_SEM_DD_STORE_H

#include "sem/dd.h"

/* The bits in the order in which diagrams test them: argument 0 first, most significant first.
 * Leaves stand behind all of them. */
enum { SP_DD_LEVELS = SP_ARGS * 64, SP_DD_LEAF = SP_DD_LEVELS };

/* Every store starts with these three leaves. */
enum { SP_DD_FALSE = 1, SP_DD_TRUE = 2, SP_DD_FIRST_FREE = 3 };

/* What is known of a node and of all below it. */
enum {
    SP_DD_PARTIAL = 1,  /* some leaf is undecided */
    SP_DD_OTHER = 2,    /* some leaf is neither 0 nor 1 nor undecided: no condition */
    SP_DD_MARK = 4,     /* met by the walk that goes on; never set between two calls */
};

/* An inner node, or a leaf: its value in `low`. Children have smaller references. */
struct sp_dd_node {
    uint32_t low;
    uint32_t high;
    uint16_t level;
    uint8_t args;  /* bit n: it or a node below tests argument n */
    uint8_t flags;
};

/* A result of an operation: key[0] is the operation and the left operand. A zero key is a free
 * place. */
struct sp_dd_memo {
    uint32_t key[3];
    sp_dd result;
};

struct sp_dd_store {
    struct sp_dd_node *nodes;
    uint32_t count;
    uint32_t capacity;
    uint32_t budget;
    uint32_t *slots;        /* where to find the nodes but the first: references, 0 = free */
    unsigned slot_bits;     /* there are 2^slot_bits, at least twice `capacity` */
    struct sp_dd_memo *memos;
    unsigned memo_bits;     /* there are 2^memo_bits, none while `memos` is NULL */
    uint64_t serial;        /* of the last call whose memos are its own */
    uint64_t steps;         /* of the call that goes on */
    bool spent;
    bool failed;  /* for want of memory */
};

static inline unsigned
sp_dd_level(unsigned arg, unsigned bit)
{
    return arg * 64 + (63 - bit);
}

/* The node with these children at a level above both: an old one or a new one.  When there is
 * no room, the store is spent and the answer is SP_DD_UNDECIDED. */
sp_dd
sp_dd_make(struct sp_dd_store *store, unsigned level, sp_dd low, sp_dd high);

/* Walks visit each node once: they set a mark on the way down and take all marks away at the
 * end. Answers false when the node was marked already. */
bool
sp_dd_mark(const struct sp_dd_store *store, sp_dd diagram);

/* Takes the marks away, at the node and below.  What is marked must hang together: a walk goes
 * down from no node that it has not marked. */
void
sp_dd_unmark(const struct sp_dd_store *store, sp_dd diagram);

#endif
