#include "sem/dd_store.h"
#include "sem/words_build.h"

/* ---- one mask ------------------------------------------------------------------------ */

/* What the paths to 1 say of the bits of an argument. */
struct hull {
    uint64_t zeros;  /* 0 on some path */
    uint64_t ones;   /* 1 on some path */
};

static uint64_t
bit_of(unsigned level)
{
    return (uint64_t)1 << (63 - level % 64);
}

/* The bits of the levels from `first` up to but not including `end`, of one argument. */
static uint64_t
bits_between(unsigned arg, unsigned first, unsigned end)
{
    uint64_t from_first = first >= (arg + 1) * 64 ? 0 : UINT64_MAX >> (first - arg * 64);
    uint64_t from_end = end >= (arg + 1) * 64 ? 0 : UINT64_MAX >> (end - arg * 64);

    return from_first & ~from_end;
}

/* An edge to `diagram`, which leaves the levels from `first` open. */
static void
collect(const struct sp_dd_store *store, unsigned arg, sp_dd diagram, unsigned first,
        struct hull *hull)
{
    const struct sp_dd_node *node = &store->nodes[diagram];
    uint64_t open = bits_between(arg, first, node->level);

    if (diagram == SP_DD_FALSE) {
        return;
    }
    hull->zeros |= open;
    hull->ones |= open;
    if (node->level == SP_DD_LEAF || !sp_dd_mark(store, diagram)) {
        return;
    }
    hull->zeros |= node->low != SP_DD_FALSE ? bit_of(node->level) : 0;
    hull->ones |= node->high != SP_DD_FALSE ? bit_of(node->level) : 0;
    collect(store, arg, node->low, node->level + 1u, hull);
    collect(store, arg, node->high, node->level + 1u, hull);
}

/* The smallest set "arg & mask = value" that holds all of the condition, which is not never. */
static struct sp_test
mask_around(const struct sp_dd_store *store, unsigned arg, sp_dd condition, bool equal)
{
    struct hull hull = { .zeros = 0 };

    collect(store, arg, condition, arg * 64, &hull);
    sp_dd_unmark(store, condition);
    uint64_t mask = ~(hull.zeros & hull.ones);
    return sp_words_masked(arg, mask, hull.ones & mask, equal);
}

bool
sp_words_one_mask(struct sp_words_job *job, unsigned arg, struct sp_words_task task, bool equal,
                  struct sp_alternatives *list)
{
    struct sp_dd_store *store = job->store;
    sp_dd inside = equal ? task.must : sp_dd_not(store, task.may);
    sp_dd outside = equal ? task.may : sp_dd_not(store, task.must);

    if (sp_words_is_stopped(job)) {
        return false;
    }
    struct sp_test test = mask_around(store, arg, inside, equal);
    sp_dd cube = sp_dd_compare(store, arg, SP_DD_EQ, test.mask, test.low);
    if (sp_dd_and(store, cube, outside) != cube) {
        return false;
    }
    sp_words_add_single(job, list, test);
    return !sp_words_is_stopped(job);
}

/* ---- few masks ----------------------------------------------------------------------- */

/* A product of bits, for each argument those that count and their values. */
struct cube {
    uint64_t mask[SP_ARGS];
    uint64_t value[SP_ARGS];
};

static void
add_cube(struct sp_words_job *job, const struct cube *cube, struct sp_alternatives *list)
{
    struct sp_tests *tests = sp_words_add(job, list);

    for (unsigned arg = 0; arg < SP_ARGS; arg++) {
        if (cube->mask[arg] != 0) {
            sp_words_add_test(job, tests, sp_words_masked(arg, cube->mask[arg],
                                                          cube->value[arg], true));
        }
    }
}

static struct cube
with_bit(const struct cube *cube, unsigned level, bool value)
{
    struct cube longer = *cube;

    longer.mask[level / 64] |= bit_of(level);
    longer.value[level / 64] |= value ? bit_of(level) : 0;
    return longer;
}

static unsigned
first_level(const struct sp_dd_store *store, struct sp_words_task task)
{
    unsigned must = store->nodes[task.must].level;
    unsigned may = store->nodes[task.may].level;

    return must < may ? must : may;
}

static sp_dd
side(const struct sp_dd_store *store, sp_dd diagram, unsigned level, bool value)
{
    const struct sp_dd_node *node = &store->nodes[diagram];

    return node->level != level ? diagram : value ? node->high : node->low;
}

static sp_dd
without(struct sp_dd_store *store, sp_dd left, sp_dd right)
{
    return sp_dd_and(store, left, sp_dd_not(store, right));
}

/* Adds the cubes of a task behind the bits of `path` and answers their union: first what only
 * the one or only the other value of the first bit can cover, then the rest without that
 * bit. */
static sp_dd
cover(struct sp_words_job *job, struct sp_words_task task, const struct cube *path, size_t max,
      struct sp_alternatives *list)
{
    struct sp_dd_store *store = job->store;
    sp_dd done[2];
    sp_dd rest[2];

    if (task.must == SP_DD_FALSE || sp_words_is_stopped(job)) {
        return SP_DD_FALSE;
    }
    if (task.may == SP_DD_TRUE) {
        add_cube(job, path, list);
        job->stopped = job->stopped || list->any.count > max;
        return SP_DD_TRUE;
    }

    unsigned level = first_level(store, task);
    for (unsigned value = 0; value < 2; value++) {
        sp_dd must = side(store, task.must, level, value);
        sp_dd may = side(store, task.may, level, value);
        sp_dd other = side(store, task.may, level, !value);
        struct cube longer = with_bit(path, level, value);
        struct sp_words_task here = { .must = without(store, must, other), .may = may };
        done[value] = cover(job, here, &longer, max, list);
        rest[value] = without(store, must, done[value]);
    }
    sp_dd both = sp_dd_and(store, side(store, task.may, level, false),
                           side(store, task.may, level, true));
    struct sp_words_task open = { .must = sp_dd_or(store, rest[0], rest[1]), .may = both };
    sp_dd always = cover(job, open, path, max, list);
    sp_dd bit = sp_dd_bit(store, level / 64, 63 - level % 64);
    return sp_dd_or(store, always, sp_dd_ite(store, bit, done[1], done[0]));
}

void
sp_words_masks(struct sp_words_job *job, struct sp_words_task task, size_t max,
               struct sp_alternatives *list)
{
    struct cube all = { .mask = { 0 } };

    (void)cover(job, task, &all, max, list);
}

/* ---- paths --------------------------------------------------------------------------- */

static void
follow(struct sp_words_job *job, sp_dd diagram, const struct cube *path, size_t max,
       struct sp_alternatives *list)
{
    const struct sp_dd_node *node = &job->store->nodes[diagram];

    if (diagram == SP_DD_FALSE || list->truncated || job->arena->failed) {
        return;
    }
    if (diagram == SP_DD_TRUE) {
        list->truncated = list->any.count == max;
        if (!list->truncated) {
            add_cube(job, path, list);
        }
        return;
    }
    for (unsigned value = 0; value < 2; value++) {
        struct cube longer = with_bit(path, node->level, value);
        follow(job, value ? node->high : node->low, &longer, max, list);
    }
}

void
sp_words_paths(struct sp_words_job *job, sp_dd condition, size_t max,
               struct sp_alternatives *list)
{
    struct cube all = { .mask = { 0 } };

    follow(job, condition, &all, max, list);
}
