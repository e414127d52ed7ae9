#include "sem/dd.h"

#include "sem/dd_store.h"

#include <assert.h>
#include <string.h>

bool
sp_dd_mark(const struct sp_dd_store *store, sp_dd diagram)
{
    struct sp_dd_node *node = &store->nodes[diagram];

    if ((node->flags & SP_DD_MARK) != 0) {
        return false;
    }
    node->flags |= SP_DD_MARK;
    return true;
}

void
sp_dd_unmark(const struct sp_dd_store *store, sp_dd diagram)
{
    struct sp_dd_node *node = &store->nodes[diagram];

    if ((node->flags & SP_DD_MARK) == 0) {
        return;
    }
    node->flags &= (uint8_t)~SP_DD_MARK;
    if (node->level != SP_DD_LEAF) {
        sp_dd_unmark(store, node->low);
        sp_dd_unmark(store, node->high);
    }
}

/* ---- at once ------------------------------------------------------------------------- */

bool
sp_dd_is_leaf(const struct sp_dd_store *store, sp_dd diagram)
{
    return store->nodes[diagram].level == SP_DD_LEAF;
}

uint32_t
sp_dd_value(const struct sp_dd_store *store, sp_dd leaf)
{
    assert(leaf != SP_DD_UNDECIDED && sp_dd_is_leaf(store, leaf));
    return store->nodes[leaf].low;
}

struct sp_dd_branch
sp_dd_branch(const struct sp_dd_store *store, sp_dd diagram)
{
    const struct sp_dd_node *node = &store->nodes[diagram];

    assert(node->level != SP_DD_LEAF);
    return (struct sp_dd_branch){
        .arg = node->level / 64u,
        .bit = 63u - node->level % 64u,
        .low = node->low,
        .high = node->high,
    };
}

bool
sp_dd_has_undecided(const struct sp_dd_store *store, sp_dd diagram)
{
    return (store->nodes[diagram].flags & SP_DD_PARTIAL) != 0;
}

unsigned
sp_dd_args(const struct sp_dd_store *store, sp_dd diagram)
{
    return store->nodes[diagram].args;
}

bool
sp_dd_eval(const struct sp_dd_store *store, sp_dd diagram, const uint64_t args[SP_ARGS],
           uint32_t *ret_value)
{
    const struct sp_dd_node *node = &store->nodes[diagram];

    while (node->level != SP_DD_LEAF) {
        bool is_set = args[node->level / 64] >> (63 - node->level % 64) & 1;
        diagram = is_set ? node->high : node->low;
        node = &store->nodes[diagram];
    }
    if (diagram == SP_DD_UNDECIDED) {
        return false;
    }
    *ret_value = node->low;
    return true;
}

/* ---- walks --------------------------------------------------------------------------- */

struct search {
    const struct sp_dd_store *store;
    bool (*wanted)(uint32_t value, void *user);
    void *user;
    uint64_t args[SP_ARGS];
};

static bool
find_leaf(const struct search *search, sp_dd leaf)
{
    uint32_t value = search->store->nodes[leaf].low;

    if (leaf == SP_DD_UNDECIDED) {
        return false;
    }
    return search->wanted == NULL ? value != 0 : search->wanted(value, search->user);
}

/* 0 before 1, so that the first leaf found has the smallest arguments; what was searched in
 * vain stays marked. */
static bool
find(struct search *search, sp_dd diagram)
{
    const struct sp_dd_node *node = &search->store->nodes[diagram];

    if (!sp_dd_mark(search->store, diagram)) {
        return false;
    }
    if (node->level == SP_DD_LEAF) {
        return find_leaf(search, diagram);
    }
    if (find(search, node->low)) {
        return true;
    }
    if (find(search, node->high)) {
        search->args[node->level / 64] |= (uint64_t)1 << (63 - node->level % 64);
        return true;
    }
    return false;
}

bool
sp_dd_find(const struct sp_dd_store *store, sp_dd diagram,
           bool (*wanted)(uint32_t value, void *user), void *user, uint64_t ret_args[SP_ARGS])
{
    struct search search = { .store = store, .wanted = wanted, .user = user };
    bool found = find(&search, diagram);

    sp_dd_unmark(store, diagram);
    if (found) {
        memcpy(ret_args, search.args, sizeof search.args);
    }
    return found;
}

static uint64_t
collect_bits(const struct sp_dd_store *store, sp_dd diagram, unsigned arg)
{
    const struct sp_dd_node *node = &store->nodes[diagram];

    if ((node->args & 1u << arg) == 0 || !sp_dd_mark(store, diagram)) {
        return 0;
    }
    uint64_t here = node->level / 64 == arg ? (uint64_t)1 << (63 - node->level % 64) : 0;
    return here | collect_bits(store, node->low, arg) | collect_bits(store, node->high, arg);
}

uint64_t
sp_dd_bits(const struct sp_dd_store *store, sp_dd diagram, unsigned arg)
{
    assert(arg < SP_ARGS);
    uint64_t bits = collect_bits(store, diagram, arg);

    sp_dd_unmark(store, diagram);
    return bits;
}

struct values {
    uint32_t *at;  /* sorted, the smallest `max` of all met */
    size_t max;
    size_t met;
};

static void
put_value(struct values *values, uint32_t value)
{
    size_t kept = values->met < values->max ? values->met : values->max;
    size_t place = kept;

    values->met++;
    while (place > 0 && values->at[place - 1] > value) {
        place--;
    }
    if (place == values->max) {
        return;
    }
    size_t moved = (kept < values->max ? kept : kept - 1) - place;
    memmove(&values->at[place + 1], &values->at[place], moved * sizeof *values->at);
    values->at[place] = value;
}

static void
collect_values(const struct sp_dd_store *store, sp_dd diagram, struct values *values)
{
    const struct sp_dd_node *node = &store->nodes[diagram];

    if (!sp_dd_mark(store, diagram)) {
        return;
    }
    if (node->level != SP_DD_LEAF) {
        collect_values(store, node->low, values);
        collect_values(store, node->high, values);
    } else if (diagram != SP_DD_UNDECIDED) {
        put_value(values, node->low);
    }
}

size_t
sp_dd_leaves(const struct sp_dd_store *store, sp_dd diagram, uint32_t *ret_values, size_t max)
{
    struct values values = { .at = ret_values, .max = max };

    collect_values(store, diagram, &values);
    sp_dd_unmark(store, diagram);
    return values.met;
}

static size_t
count(const struct sp_dd_store *store, sp_dd diagram)
{
    const struct sp_dd_node *node = &store->nodes[diagram];

    if (!sp_dd_mark(store, diagram)) {
        return 0;
    }
    if (node->level == SP_DD_LEAF) {
        return 1;
    }
    return 1 + count(store, node->low) + count(store, node->high);
}

size_t
sp_dd_size(const struct sp_dd_store *store, sp_dd diagram)
{
    size_t size = count(store, diagram);

    sp_dd_unmark(store, diagram);
    return size;
}
