#include "sem/dd.h"

#include "sem/dd_store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Room for half a dozen compared values; a store that needs no more costs 10 KiB. */
enum { FIRST_CAPACITY = 512, FIRST_SLOT_BITS = 10 };

/* The operation shares a word with a reference in the memos. */
enum { LARGEST_BUDGET = 1 << 24 };

/* ---- the store ----------------------------------------------------------------------- */

static uint32_t
limit_budget(size_t budget)
{
    if (budget < SP_DD_FIRST_FREE) {
        return SP_DD_FIRST_FREE;
    }
    return budget > LARGEST_BUDGET ? LARGEST_BUDGET : (uint32_t)budget;
}

struct sp_dd_store *
sp_dd_store_new(size_t budget)
{
    struct sp_dd_store *store = malloc(sizeof *store);

    if (store == NULL) {
        return NULL;
    }
    *store = (struct sp_dd_store){
        .nodes = malloc(FIRST_CAPACITY * sizeof *store->nodes),
        .slots = calloc((size_t)1 << FIRST_SLOT_BITS, sizeof *store->slots),
        .slot_bits = FIRST_SLOT_BITS,
        .budget = limit_budget(budget),
        .count = 1,
    };
    if (store->nodes == NULL || store->slots == NULL) {
        sp_dd_store_free(store);
        return NULL;
    }

    store->capacity = store->budget < FIRST_CAPACITY ? store->budget : FIRST_CAPACITY;
    store->nodes[SP_DD_UNDECIDED] = (struct sp_dd_node){
        .level = SP_DD_LEAF, .flags = SP_DD_PARTIAL
    };
    (void)sp_dd_leaf(store, 0);
    (void)sp_dd_leaf(store, 1);
    assert(store->count == SP_DD_FIRST_FREE);
    return store;
}

void
sp_dd_store_free(struct sp_dd_store *store)
{
    if (store == NULL) {
        return;
    }
    free(store->memos);
    free(store->slots);
    free(store->nodes);
    free(store);
}

bool
sp_dd_store_is_spent(const struct sp_dd_store *store)
{
    return store->spent;
}

bool
sp_dd_store_failed(const struct sp_dd_store *store)
{
    return store->failed;
}

void
sp_dd_store_fail(struct sp_dd_store *store)
{
    store->failed = true;
    store->spent = true;
}

size_t
sp_dd_store_size(const struct sp_dd_store *store)
{
    return store->count;
}

/* ---- nodes, each once ---------------------------------------------------------------- */

static inline uint32_t
first_slot(const struct sp_dd_store *store, unsigned level, uint32_t low, uint32_t high)
{
    uint64_t key = ((uint64_t)high << 32 | low) + ((uint64_t)level << 22);

    return (uint32_t)(key * 0x9e3779b97f4a7c15u >> (64 - store->slot_bits));
}

static inline uint32_t
next_slot(const struct sp_dd_store *store, uint32_t slot)
{
    return (slot + 1) & ((1u << store->slot_bits) - 1);
}

static inline uint32_t
free_slot(const struct sp_dd_store *store, const struct sp_dd_node *node)
{
    uint32_t slot = first_slot(store, node->level, node->low, node->high);

    while (store->slots[slot] != 0) {
        slot = next_slot(store, slot);
    }
    return slot;
}

static bool
grow_slots(struct sp_dd_store *store, unsigned bits)
{
    uint32_t *slots = calloc((size_t)1 << bits, sizeof *slots);

    if (slots == NULL) {
        return false;
    }
    free(store->slots);
    store->slots = slots;
    store->slot_bits = bits;
    for (uint32_t i = 1; i < store->count; i++) {
        slots[free_slot(store, &store->nodes[i])] = i;
    }
    return true;
}

static bool
grow(struct sp_dd_store *store)
{
    uint32_t capacity = store->capacity * 2;

    if (capacity > store->budget) {
        capacity = store->budget;
    }
    if (capacity == store->capacity) {
        return false;
    }

    struct sp_dd_node *nodes = realloc(store->nodes, capacity * sizeof *nodes);
    if (nodes == NULL) {
        store->failed = true;
        return false;
    }
    store->nodes = nodes;
    if ((uint32_t)1 << store->slot_bits < capacity * 2
        && !grow_slots(store, store->slot_bits + 1)) {
        store->failed = true;
        return false;
    }
    store->capacity = capacity;
    return true;
}

static inline bool
has_room(struct sp_dd_store *store)
{
    if (store->count < store->capacity || grow(store)) {
        return true;
    }
    store->spent = true;
    return false;
}

/* Puts a node that the store does not have yet; there must be room. */
static inline sp_dd
put(struct sp_dd_store *store, struct sp_dd_node node)
{
    sp_dd added = store->count++;

    store->nodes[added] = node;
    store->slots[free_slot(store, &node)] = added;
    return added;
}

static inline bool
is_node(const struct sp_dd_node *node, unsigned level, uint32_t low, uint32_t high)
{
    return node->low == low && node->high == high && node->level == level;
}

/* The node with this content; 0 when there is none. */
static inline sp_dd
look_up(const struct sp_dd_store *store, unsigned level, uint32_t low, uint32_t high)
{
    uint32_t slot = first_slot(store, level, low, high);
    sp_dd found = store->slots[slot];

    while (found != 0 && !is_node(&store->nodes[found], level, low, high)) {
        slot = next_slot(store, slot);
        found = store->slots[slot];
    }
    return found;
}

static inline sp_dd
put_inner(struct sp_dd_store *store, unsigned level, sp_dd low, sp_dd high)
{
    if (!has_room(store)) {
        return SP_DD_UNDECIDED;
    }
    const struct sp_dd_node *left = &store->nodes[low];
    const struct sp_dd_node *right = &store->nodes[high];
    assert(level < left->level && level < right->level);
    return put(store, (struct sp_dd_node){
        .low = low,
        .high = high,
        .level = (uint16_t)level,
        .args = (uint8_t)(left->args | right->args | 1u << level / 64),
        .flags = (uint8_t)(left->flags | right->flags),
    });
}

sp_dd
sp_dd_make(struct sp_dd_store *store, unsigned level, sp_dd low, sp_dd high)
{
    if (low == high) {
        return low;
    }
    sp_dd found = look_up(store, level, low, high);
    return found != 0 ? found : put_inner(store, level, low, high);
}

sp_dd
sp_dd_leaf(struct sp_dd_store *store, uint32_t value)
{
    if (store->spent) {
        return SP_DD_UNDECIDED;
    }
    sp_dd found = look_up(store, SP_DD_LEAF, value, 0);
    if (found != 0 || !has_room(store)) {
        return found;
    }
    return put(store, (struct sp_dd_node){
        .low = value, .level = SP_DD_LEAF, .flags = value > 1 ? SP_DD_OTHER : 0
    });
}

/* ---- conditions ---------------------------------------------------------------------- */

sp_dd
sp_dd_bit(struct sp_dd_store *store, unsigned arg, unsigned bit)
{
    assert(arg < SP_ARGS && bit < 64);
    if (store->spent) {
        return SP_DD_UNDECIDED;
    }
    return sp_dd_make(store, sp_dd_level(arg, bit), SP_DD_FALSE, SP_DD_TRUE);
}

/* What a comparison answers for a smaller, an equal and a greater argument. */
static const struct {
    sp_dd below;
    sp_dd equal;
    sp_dd above;
} answers[] = {
    [SP_DD_EQ] = { .below = SP_DD_FALSE, .equal = SP_DD_TRUE, .above = SP_DD_FALSE },
    [SP_DD_NE] = { .below = SP_DD_TRUE, .equal = SP_DD_FALSE, .above = SP_DD_TRUE },
    [SP_DD_LT] = { .below = SP_DD_TRUE, .equal = SP_DD_FALSE, .above = SP_DD_FALSE },
    [SP_DD_LE] = { .below = SP_DD_TRUE, .equal = SP_DD_TRUE, .above = SP_DD_FALSE },
    [SP_DD_GT] = { .below = SP_DD_FALSE, .equal = SP_DD_FALSE, .above = SP_DD_TRUE },
    [SP_DD_GE] = { .below = SP_DD_FALSE, .equal = SP_DD_TRUE, .above = SP_DD_TRUE },
};

/* sp_dd_make for a chain that grows from `last`.  When it was built before, its nodes lie side
 * by side: a look at the neighbour saves the hash, and the processor need not wait for it. When
 * `last` is newer than `known` nodes, nothing can hang on it yet. */
static inline sp_dd
extend(struct sp_dd_store *store, unsigned level, sp_dd low, sp_dd high, sp_dd last,
       sp_dd known)
{
    if (low == high) {
        return low;
    }
    if (last >= known) {
        return put_inner(store, level, low, high);
    }
    if (is_node(&store->nodes[last + 1], level, low, high)) {
        return last + 1;
    }
    return sp_dd_make(store, level, low, high);
}

/* From the least significant bit: `chain` is the answer when all more significant bits are
 * equal. */
sp_dd
sp_dd_compare(struct sp_dd_store *store, unsigned arg, enum sp_dd_compare op, uint64_t mask,
              uint64_t datum)
{
    sp_dd below = answers[op].below;
    sp_dd above = answers[op].above;
    sp_dd chain = answers[op].equal;
    sp_dd known = store->count - 1;

    assert(arg < SP_ARGS);
    if (store->spent) {
        return SP_DD_UNDECIDED;
    }
    for (unsigned bit = 0; bit < 64; bit++) {
        bool is_set = datum >> bit & 1;
        if (mask >> bit & 1) {
            chain = extend(store, sp_dd_level(arg, bit), is_set ? below : chain,
                           is_set ? chain : above, chain, known);
        } else if (is_set) {
            chain = below;
        }
    }
    return store->spent ? SP_DD_UNDECIDED : chain;
}
