#include "sem/dd.h"

#include "sem/dd_memo.h"

#include <assert.h>

/* ---- leaves -------------------------------------------------------------------------- */

static sp_dd
map_leaves(struct sp_dd_store *store, sp_dd diagram,
           uint32_t (*map)(uint32_t value, void *user), void *user)
{
    struct sp_dd_node node = store->nodes[diagram];
    uint32_t key[3];
    sp_dd known;

    if (diagram == SP_DD_UNDECIDED) {
        return SP_DD_UNDECIDED;
    }
    if (node.level == SP_DD_LEAF) {
        return sp_dd_leaf(store, map(node.low, user));
    }
    sp_dd_own_key(store, SP_DD_OP_MAP, diagram, key);
    if (sp_dd_recall(store, key, &known)) {
        return known;
    }
    if (!sp_dd_can_make(store)) {
        return SP_DD_UNDECIDED;
    }
    sp_dd low = map_leaves(store, node.low, map, user);
    sp_dd high = map_leaves(store, node.high, map, user);
    return sp_dd_made(store, key, sp_dd_make(store, node.level, low, high));
}

sp_dd
sp_dd_map(struct sp_dd_store *store, sp_dd diagram, uint32_t (*map)(uint32_t value, void *user),
          void *user)
{
    return sp_dd_begin(store) ? map_leaves(store, diagram, map, user) : SP_DD_UNDECIDED;
}

/* ---- fixed bits ---------------------------------------------------------------------- */

static sp_dd
restrict_bit(struct sp_dd_store *store, sp_dd diagram, unsigned level, bool value)
{
    struct sp_dd_node node = store->nodes[diagram];
    uint32_t key[3] = { sp_dd_key(SP_DD_OP_RESTRICT, diagram), level, value };
    sp_dd known;

    if (node.level == level) {
        return value ? node.high : node.low;
    }
    if (node.level > level || (node.args & 1u << level / 64) == 0) {
        return diagram;
    }
    if (sp_dd_recall(store, key, &known)) {
        return known;
    }
    if (!sp_dd_can_make(store)) {
        return SP_DD_UNDECIDED;
    }
    sp_dd low = restrict_bit(store, node.low, level, value);
    sp_dd high = restrict_bit(store, node.high, level, value);
    return sp_dd_made(store, key, sp_dd_make(store, node.level, low, high));
}

sp_dd
sp_dd_restrict(struct sp_dd_store *store, sp_dd diagram, unsigned arg, unsigned bit, bool value)
{
    assert(arg < SP_ARGS && bit < 64);
    if (!sp_dd_begin(store)) {
        return SP_DD_UNDECIDED;
    }
    return restrict_bit(store, diagram, sp_dd_level(arg, bit), value);
}

/* The argument's bits before `level` are 0. */
static sp_dd
narrow(struct sp_dd_store *store, sp_dd diagram, unsigned arg, unsigned level)
{
    struct sp_dd_node node = store->nodes[diagram];
    uint32_t key[3] = { sp_dd_key(SP_DD_OP_NARROW, diagram), arg, level };
    sp_dd known;

    if ((node.args & 1u << arg) == 0 || node.level >= level) {
        return diagram;
    }
    if (node.level >= arg * 64) {
        return narrow(store, node.low, arg, level);
    }
    if (sp_dd_recall(store, key, &known)) {
        return known;
    }
    if (!sp_dd_can_make(store)) {
        return SP_DD_UNDECIDED;
    }
    sp_dd low = narrow(store, node.low, arg, level);
    sp_dd high = narrow(store, node.high, arg, level);
    return sp_dd_made(store, key, sp_dd_make(store, node.level, low, high));
}

sp_dd
sp_dd_narrow(struct sp_dd_store *store, sp_dd diagram, unsigned arg, unsigned bits)
{
    assert(arg < SP_ARGS && bits <= 64);
    if (!sp_dd_begin(store)) {
        return SP_DD_UNDECIDED;
    }
    return narrow(store, diagram, arg, arg * 64 + (64 - bits));
}

/* ---- for some, for all --------------------------------------------------------------- */

/* The bits of an argument that a quantifier binds. */
struct bound {
    const struct sp_dd_operation *join;
    uint8_t op;
    unsigned arg;
    uint64_t mask;
};

static inline bool
is_bound(const struct bound *bound, unsigned level)
{
    return level / 64 == bound->arg && (bound->mask >> (63 - level % 64) & 1) != 0;
}

static sp_dd
quantify(struct sp_dd_store *store, const struct bound *bound, sp_dd diagram)
{
    struct sp_dd_node node = store->nodes[diagram];
    uint32_t key[3];
    sp_dd known;

    if ((node.args & 1u << bound->arg) == 0) {
        return diagram;
    }
    sp_dd_own_key(store, bound->op, diagram, key);
    if (sp_dd_recall(store, key, &known)) {
        return known;
    }
    if (!sp_dd_can_make(store)) {
        return SP_DD_UNDECIDED;
    }
    sp_dd low = quantify(store, bound, node.low);
    sp_dd high = quantify(store, bound, node.high);
    return sp_dd_made(store, key, is_bound(bound, node.level)
                                  ? sp_dd_combine(store, bound->join, low, high)
                                  : sp_dd_make(store, node.level, low, high));
}

static sp_dd
start_quantify(struct sp_dd_store *store, const struct bound *bound, sp_dd condition)
{
    assert(bound->arg < SP_ARGS);
    if (!sp_dd_begin(store)) {
        return SP_DD_UNDECIDED;
    }
    return bound->mask == 0 ? condition : quantify(store, bound, condition);
}

sp_dd
sp_dd_any(struct sp_dd_store *store, sp_dd condition, unsigned arg, uint64_t mask)
{
    return start_quantify(store, &(struct bound){
        .join = &sp_dd_op_or, .op = SP_DD_OP_ANY, .arg = arg, .mask = mask
    }, condition);
}

sp_dd
sp_dd_all(struct sp_dd_store *store, sp_dd condition, unsigned arg, uint64_t mask)
{
    return start_quantify(store, &(struct bound){
        .join = &sp_dd_op_and, .op = SP_DD_OP_ALL, .arg = arg, .mask = mask
    }, condition);
}

/* ---- from store to store ------------------------------------------------------------- */

static sp_dd
copy(struct sp_dd_store *store, const struct sp_dd_store *from, sp_dd diagram)
{
    struct sp_dd_node node = from->nodes[diagram];
    uint32_t key[3];
    sp_dd known;

    if (diagram == SP_DD_UNDECIDED) {
        return SP_DD_UNDECIDED;
    }
    if (node.level == SP_DD_LEAF) {
        return sp_dd_leaf(store, node.low);
    }
    sp_dd_own_key(store, SP_DD_OP_COPY, diagram, key);
    if (sp_dd_recall(store, key, &known)) {
        return known;
    }
    if (!sp_dd_can_make(store)) {
        return SP_DD_UNDECIDED;
    }
    sp_dd low = copy(store, from, node.low);
    sp_dd high = copy(store, from, node.high);
    return sp_dd_made(store, key, sp_dd_make(store, node.level, low, high));
}

sp_dd
sp_dd_copy(struct sp_dd_store *store, const struct sp_dd_store *from, sp_dd diagram)
{
    if (store == from) {
        return diagram;
    }
    return sp_dd_begin(store) ? copy(store, from, diagram) : SP_DD_UNDECIDED;
}
