#include "sem/dd.h"

#include "sem/dd_memo.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_MEMO_BITS = 8 };

void
sp_dd_grow_memos(struct sp_dd_store *store)
{
    unsigned bits = store->memos == NULL ? FIRST_MEMO_BITS : store->memo_bits + 1;
    size_t count = store->memos == NULL ? 0 : (size_t)1 << store->memo_bits;
    struct sp_dd_memo *memos = calloc((size_t)1 << bits, sizeof *memos);

    if (memos == NULL) {
        store->failed = true;  /* not spent: what is made goes on to be right, but takes more steps */
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (store->memos[i].key[0] != 0) {
            memos[sp_dd_place(bits, store->memos[i].key)] = store->memos[i];
        }
    }
    free(store->memos);
    store->memos = memos;
    store->memo_bits = bits;
}

/* ---- choice -------------------------------------------------------------------------- */

/* True and the answer when it needs no look at the children. */
static inline bool
ite_is_plain(const struct sp_dd_store *store, sp_dd condition, sp_dd then, sp_dd otherwise,
             sp_dd *ret_answer)
{
    const struct sp_dd_node *node = &store->nodes[condition];

    if (condition == SP_DD_UNDECIDED) {
        *ret_answer = SP_DD_UNDECIDED;
    } else if (node->level == SP_DD_LEAF) {
        *ret_answer = node->low != 0 ? then : otherwise;
    } else if (then == otherwise && !sp_dd_is_partial(store, condition)) {
        *ret_answer = then;
    } else if (then == SP_DD_TRUE && otherwise == SP_DD_FALSE
               && sp_dd_is_condition(store, condition)) {
        *ret_answer = condition;
    } else {
        return false;
    }
    return true;
}

static sp_dd
ite(struct sp_dd_store *store, sp_dd condition, sp_dd then, sp_dd otherwise)
{
    uint32_t key[3] = { sp_dd_key(SP_DD_OP_ITE, condition), then, otherwise };
    sp_dd known;

    if (ite_is_plain(store, condition, then, otherwise, &known)
        || sp_dd_recall(store, key, &known)) {
        return known;
    }
    if (!sp_dd_can_make(store)) {
        return SP_DD_UNDECIDED;
    }

    unsigned sides = sp_dd_first_level(store, then, otherwise);
    unsigned level = store->nodes[condition].level;
    level = level < sides ? level : sides;
    sp_dd low = ite(store, sp_dd_low_at(store, condition, level),
                    sp_dd_low_at(store, then, level), sp_dd_low_at(store, otherwise, level));
    sp_dd high = ite(store, sp_dd_high_at(store, condition, level),
                     sp_dd_high_at(store, then, level), sp_dd_high_at(store, otherwise, level));
    return sp_dd_made(store, key, sp_dd_make(store, level, low, high));
}

sp_dd
sp_dd_ite(struct sp_dd_store *store, sp_dd condition, sp_dd then, sp_dd otherwise)
{
    return sp_dd_begin(store) ? ite(store, condition, then, otherwise) : SP_DD_UNDECIDED;
}

sp_dd
sp_dd_not(struct sp_dd_store *store, sp_dd condition)
{
    return sp_dd_ite(store, condition, SP_DD_FALSE, SP_DD_TRUE);
}

/* ---- two diagrams -------------------------------------------------------------------- */

static uint32_t
both(uint32_t left, uint32_t right)
{
    return left != 0 && right != 0;
}

static uint32_t
either(uint32_t left, uint32_t right)
{
    return left != 0 || right != 0;
}

const struct sp_dd_operation sp_dd_op_and = { .id = SP_DD_OP_AND, .combine = both };
const struct sp_dd_operation sp_dd_op_or = { .id = SP_DD_OP_OR, .combine = either };

static inline bool
is_junction(const struct sp_dd_operation *operation)
{
    return operation->id < SP_DD_OP_FIRST_FREE;
}

/* True and the answer when `and` or `or` needs no look at the children: one side is a leaf,
 * which either leaves the other as it is or decides alone, or both are the same. */
static inline bool
junction_is_plain(const struct sp_dd_store *store, uint8_t op, sp_dd left, sp_dd right,
                  sp_dd *ret_answer)
{
    sp_dd neutral = op == SP_DD_OP_AND ? SP_DD_TRUE : SP_DD_FALSE;
    sp_dd final = op == SP_DD_OP_AND ? SP_DD_FALSE : SP_DD_TRUE;

    if (left == right || right == neutral) {
        *ret_answer = left;
        return sp_dd_is_condition(store, left);
    }
    if (left == neutral) {
        *ret_answer = right;
        return sp_dd_is_condition(store, right);
    }
    *ret_answer = final;
    return (left == final && !sp_dd_is_partial(store, right))
           || (right == final && !sp_dd_is_partial(store, left));
}

static inline bool
is_plain(struct sp_dd_store *store, const struct sp_dd_operation *operation, sp_dd left,
         sp_dd right, sp_dd *ret_answer)
{
    const struct sp_dd_node *first = &store->nodes[left];
    const struct sp_dd_node *second = &store->nodes[right];

    if (left == SP_DD_UNDECIDED || right == SP_DD_UNDECIDED) {
        *ret_answer = SP_DD_UNDECIDED;
        return true;
    }
    if (is_junction(operation)
        && junction_is_plain(store, operation->id, left, right, ret_answer)) {
        return true;
    }
    if (first->level != SP_DD_LEAF || second->level != SP_DD_LEAF) {
        return false;
    }
    *ret_answer = sp_dd_leaf(store, operation->combine(first->low, second->low));
    return true;
}

sp_dd
sp_dd_combine(struct sp_dd_store *store, const struct sp_dd_operation *operation, sp_dd left,
              sp_dd right)
{
    bool swap = is_junction(operation) && left > right;  /* sides do not matter to and, or */
    sp_dd first = swap ? right : left;
    sp_dd second = swap ? left : right;
    uint32_t key[3] = { sp_dd_key(operation->id, first), second, 0 };
    sp_dd known;

    if (is_plain(store, operation, first, second, &known) || sp_dd_recall(store, key, &known)) {
        return known;
    }
    if (!sp_dd_can_make(store)) {
        return SP_DD_UNDECIDED;
    }

    unsigned level = sp_dd_first_level(store, first, second);
    sp_dd low = sp_dd_combine(store, operation, sp_dd_low_at(store, first, level),
                              sp_dd_low_at(store, second, level));
    sp_dd high = sp_dd_combine(store, operation, sp_dd_high_at(store, first, level),
                               sp_dd_high_at(store, second, level));
    return sp_dd_made(store, key, sp_dd_make(store, level, low, high));
}

static sp_dd
apply(struct sp_dd_store *store, const struct sp_dd_operation *operation, sp_dd left,
      sp_dd right)
{
    return sp_dd_begin(store) ? sp_dd_combine(store, operation, left, right) : SP_DD_UNDECIDED;
}

sp_dd
sp_dd_and(struct sp_dd_store *store, sp_dd left, sp_dd right)
{
    return apply(store, &sp_dd_op_and, left, right);
}

sp_dd
sp_dd_or(struct sp_dd_store *store, sp_dd left, sp_dd right)
{
    return apply(store, &sp_dd_op_or, left, right);
}

sp_dd
sp_dd_apply(struct sp_dd_store *store, const struct sp_dd_operation *operation, sp_dd left,
            sp_dd right)
{
    assert(!is_junction(operation));
    return apply(store, operation, left, right);
}

/* ---- where two differ ---------------------------------------------------------------- */

/* A step of a call that only asks: one too many spends the store, but a store that was spent
 * before still answers for the diagrams that it has. */
static inline bool
can_ask(struct sp_dd_store *store)
{
    bool can = sp_dd_step(store);

    store->spent = store->spent || !can;
    return can;
}

static inline void
set_bit(uint64_t args[SP_ARGS], unsigned level)
{
    args[level / 64] |= (uint64_t)1 << (63 - level % 64);
}

/* A remembered pair has no difference; a pair that has one ends the search. */
static bool
differ(struct sp_dd_store *store, sp_dd left, sp_dd right, uint64_t args[SP_ARGS])
{
    uint32_t key[3] = { sp_dd_key(SP_DD_OP_DIFFER, left), right, 0 };
    unsigned level = sp_dd_first_level(store, left, right);
    sp_dd known;

    if (left == right || left == SP_DD_UNDECIDED || right == SP_DD_UNDECIDED) {
        return false;
    }
    if (level == SP_DD_LEAF) {
        return true;
    }
    if (sp_dd_recall(store, key, &known) || !can_ask(store)) {
        return false;
    }
    if (differ(store, sp_dd_low_at(store, left, level), sp_dd_low_at(store, right, level),
               args)) {
        return true;
    }
    if (differ(store, sp_dd_high_at(store, left, level), sp_dd_high_at(store, right, level),
               args)) {
        set_bit(args, level);
        return true;
    }
    if (sp_dd_has_steps(store)) {
        sp_dd_remember(store, key, SP_DD_TRUE);
    }
    return false;
}

bool
sp_dd_differ(struct sp_dd_store *store, sp_dd left, sp_dd right, uint64_t ret_args[SP_ARGS])
{
    uint64_t args[SP_ARGS] = { 0 };

    (void)sp_dd_begin(store);
    if (!differ(store, left, right, args)) {
        return false;
    }
    memcpy(ret_args, args, sizeof args);
    return true;
}
