#include "sem/safe_choices.h"

/* So many values in a row are told one by one rather than as blocks of bits. */
enum { MOST_VALUES = 16 };

/* The work on one argument. */
struct chooser {
    struct sp_arena *arena;
    unsigned arg;
    uint64_t full;  /* all bits of the argument */
    struct sp_safe_style style;
    size_t max;
    bool is_whole;  /* one subject: its conditions need not be multiplied with others */
};

struct interval {
    uint64_t low;
    uint64_t high;
};

struct intervals {
    SP_VEC(struct interval) list;
};

/* ---- tests ------------------------------------------------------------------------------- */

static uint64_t
mask_of(const struct chooser *chooser, const struct sp_test *test)
{
    return test->mask & chooser->full;
}

/* All bits from the lowest up: their values are numbers. */
static bool
is_line(uint64_t mask)
{
    return (mask & (mask + 1)) == 0;
}

static bool
is_denial(const struct sp_test *test)
{
    return test->kind == SP_TEST_NE || test->kind == SP_TEST_MASKED_NE;
}

/* Is the test the first about its argument and bits? */
static bool
is_first(const struct chooser *chooser, const struct sp_tests *tests, size_t which)
{
    const struct sp_test *test = &tests->all.at[which];

    for (size_t i = 0; i < which; i++) {
        const struct sp_test *other = &tests->all.at[i];
        if (other->arg == test->arg && mask_of(chooser, other) == mask_of(chooser, test)) {
            return false;
        }
    }
    return true;
}

/* How many sets of bits the tests look at. */
static size_t
count_subjects(const struct chooser *chooser, const struct sp_tests *tests)
{
    size_t count = 0;

    for (size_t i = 0; i < tests->all.count; i++) {
        count += tests->all.at[i].arg == chooser->arg && is_first(chooser, tests, i);
    }
    return count;
}

/* ---- conditions -------------------------------------------------------------------------- */

static bool
add_condition(const struct chooser *chooser, struct sp_safe_choices *choices,
              enum sp_operator op, uint64_t mask, uint64_t datum)
{
    struct sp_filter_condition *added =
        choices->any.count < chooser->max ? sp_vec_push(chooser->arena, &choices->any) : NULL;

    if (added == NULL) {
        return false;
    }
    *added = (struct sp_filter_condition){
        .index = chooser->arg, .op = op, .mask = mask, .datum = datum
    };
    return true;
}

static bool
add_masked(const struct chooser *chooser, struct sp_safe_choices *choices, uint64_t mask,
           uint64_t datum)
{
    return mask == chooser->full
        ? add_condition(chooser, choices, SP_OPERATOR_EQ, UINT64_MAX, datum)
        : add_condition(chooser, choices, SP_OPERATOR_MASKED_EQ, mask, datum);
}

/* Some bit of the mask differs from the value. */
static bool
add_difference(const struct chooser *chooser, struct sp_safe_choices *choices, uint64_t mask,
               uint64_t value)
{
    for (uint64_t rest = mask; rest != 0; rest &= rest - 1) {
        uint64_t bit = rest & ~(rest - 1);
        if (!add_masked(chooser, choices, bit, ~value & bit)) {
            return false;
        }
    }
    return true;
}

/* ---- intervals --------------------------------------------------------------------------- */

static bool
push(const struct chooser *chooser, struct intervals *intervals, uint64_t low, uint64_t high)
{
    struct interval *added = sp_vec_push(chooser->arena, &intervals->list);

    if (added == NULL) {
        return false;
    }
    *added = (struct interval){ .low = low, .high = high };
    return true;
}

/* Keeps of all intervals what lies between the ends. */
static bool
clip(const struct chooser *chooser, struct intervals *intervals, uint64_t low, uint64_t high)
{
    struct intervals kept = { .list = { .at = NULL } };

    for (size_t i = 0; i < intervals->list.count; i++) {
        struct interval one = intervals->list.at[i];
        uint64_t from = one.low > low ? one.low : low;
        uint64_t to = one.high < high ? one.high : high;
        if (from <= to && !push(chooser, &kept, from, to)) {
            return false;
        }
    }
    *intervals = kept;
    return true;
}

/* Takes one value out. */
static bool
pierce(const struct chooser *chooser, struct intervals *intervals, uint64_t hole)
{
    struct intervals kept = { .list = { .at = NULL } };

    for (size_t i = 0; i < intervals->list.count; i++) {
        struct interval one = intervals->list.at[i];
        bool is_out = hole < one.low || hole > one.high;
        if (is_out && !push(chooser, &kept, one.low, one.high)) {
            return false;
        }
        if (!is_out && hole > one.low && !push(chooser, &kept, one.low, hole - 1)) {
            return false;
        }
        if (!is_out && hole < one.high && !push(chooser, &kept, hole + 1, one.high)) {
            return false;
        }
    }
    *intervals = kept;
    return true;
}

/* What all tests about these bits leave of their values, in ascending order. */
static bool
find_intervals(const struct chooser *chooser, const struct sp_tests *tests, uint64_t mask,
               struct intervals *ret_intervals)
{
    if (!push(chooser, ret_intervals, 0, mask)) {
        return false;
    }
    for (size_t i = 0; i < tests->all.count; i++) {
        const struct sp_test *test = &tests->all.at[i];
        if (test->arg != chooser->arg || mask_of(chooser, test) != mask) {
            continue;
        }
        bool done = is_denial(test) ? pierce(chooser, ret_intervals, test->low)
                                    : clip(chooser, ret_intervals, test->low, test->high);
        if (!done) {
            return false;
        }
    }
    return true;
}

/* The largest block of values with common upper bits that starts at `low` and ends by
 * `high`: the lower bits that are free in it. */
static uint64_t
block_at(uint64_t low, uint64_t high)
{
    uint64_t span = low == 0 ? UINT64_MAX : (low & ~(low - 1)) - 1;

    while (span > high - low) {
        span >>= 1;
    }
    return span;
}

static size_t
count_blocks(struct interval interval)
{
    size_t count = 0;

    for (uint64_t low = interval.low;; count++) {
        uint64_t span = block_at(low, interval.high);
        if (low + span == interval.high) {
            return count + 1;
        }
        low += span + 1;
    }
}

static bool
add_blocks(const struct chooser *chooser, struct sp_safe_choices *choices, uint64_t mask,
           struct interval interval)
{
    bool is_short = count_blocks(interval) > 1 && interval.high - interval.low < MOST_VALUES;

    for (uint64_t low = interval.low;;) {
        uint64_t span = is_short ? 0 : block_at(low, interval.high);
        if (!add_masked(chooser, choices, mask & ~span, low)) {
            return false;
        }
        if (low + span == interval.high) {
            return true;
        }
        low += span + 1;
    }
}

static bool
add_interval(const struct chooser *chooser, struct sp_safe_choices *choices, uint64_t mask,
             struct interval interval)
{
    bool is_value = interval.low == interval.high;
    bool can_order = chooser->is_whole && mask == chooser->full && !is_value;

    if (can_order && chooser->style.le && interval.low == 0) {
        return add_condition(chooser, choices, SP_OPERATOR_LE, UINT64_MAX, interval.high);
    }
    if (can_order && chooser->style.ge && interval.high == mask) {
        return add_condition(chooser, choices, SP_OPERATOR_GE, UINT64_MAX, interval.low);
    }
    return add_blocks(chooser, choices, mask, interval);
}

/* Is it all values but one? */
static bool
is_one_hole(const struct intervals *intervals, uint64_t mask, uint64_t *ret_hole)
{
    const struct interval *at = intervals->list.at;

    if (intervals->list.count == 2) {
        *ret_hole = at[0].high + 1;
        return at[0].low == 0 && at[1].high == mask && at[1].low - at[0].high == 2;
    }
    if (intervals->list.count != 1 || at[0].high - at[0].low != mask - 1) {
        return false;
    }
    *ret_hole = at[0].low == 0 ? mask : 0;
    return true;
}

static bool
choose_line(const struct chooser *chooser, const struct sp_tests *tests, uint64_t mask,
            struct sp_safe_choices *choices)
{
    struct intervals intervals = { .list = { .at = NULL } };
    uint64_t hole;

    if (!find_intervals(chooser, tests, mask, &intervals)) {
        return false;
    }
    bool can_deny = chooser->is_whole && chooser->style.ne && mask == chooser->full;
    if (can_deny && is_one_hole(&intervals, mask, &hole)) {
        return add_condition(chooser, choices, SP_OPERATOR_NE, UINT64_MAX, hole);
    }
    for (size_t i = 0; i < intervals.list.count; i++) {
        if (!add_interval(chooser, choices, mask, intervals.list.at[i])) {
            return false;
        }
    }
    return true;
}

/* ---- products ---------------------------------------------------------------------------- */

/* All pairs of two lists of EQ and MASKED_EQ as one condition each, without the pairs that
 * contradict each other. */
static bool
multiply(const struct chooser *chooser, const struct sp_safe_choices *left,
         const struct sp_safe_choices *right, struct sp_safe_choices *product)
{
    for (size_t i = 0; i < left->any.count; i++) {
        for (size_t j = 0; j < right->any.count; j++) {
            struct sp_filter_condition one = left->any.at[i];
            struct sp_filter_condition other = right->any.at[j];
            bool differ = ((one.datum ^ other.datum) & one.mask & other.mask) != 0;
            uint64_t mask = (one.mask | other.mask) & chooser->full;
            if (!differ && !add_masked(chooser, product, mask, one.datum | other.datum)) {
                return false;
            }
        }
    }
    return true;
}

/* Tests about bits that are no line say that they are equal to a value, or not. */
static bool
choose_bits(const struct chooser *chooser, const struct sp_test *test,
            struct sp_safe_choices *choices)
{
    return is_denial(test) ? add_difference(chooser, choices, mask_of(chooser, test), test->low)
                           : add_masked(chooser, choices, mask_of(chooser, test), test->low);
}

static bool
join(const struct chooser *chooser, const struct sp_safe_choices *choices,
     struct sp_safe_choices *all)
{
    struct sp_safe_choices product = { .always = false };

    if (all->always) {
        *all = *choices;
        return true;
    }
    bool done = multiply(chooser, all, choices, &product);
    *all = product;
    return done;
}

bool
sp_safe_choices_of(struct sp_arena *arena, const struct sp_tests *tests, unsigned arg,
                   unsigned bits, struct sp_safe_style style, size_t max,
                   struct sp_safe_choices *ret_choices)
{
    struct chooser chooser = {
        .arena = arena,
        .arg = arg,
        .full = bits == 32 ? UINT32_MAX : UINT64_MAX,
        .style = style,
        .max = max,
    };
    struct sp_safe_choices all = { .always = true };

    chooser.is_whole = count_subjects(&chooser, tests) == 1;
    for (size_t i = 0; i < tests->all.count; i++) {
        const struct sp_test *test = &tests->all.at[i];
        struct sp_safe_choices choices = { .always = false };
        bool as_line = is_line(mask_of(&chooser, test));
        if (test->arg != arg || (as_line && !is_first(&chooser, tests, i))) {
            continue;
        }
        bool done = as_line ? choose_line(&chooser, tests, mask_of(&chooser, test), &choices)
                            : choose_bits(&chooser, test, &choices);
        if (!done || !join(&chooser, &choices, &all)) {
            return false;
        }
    }
    *ret_choices = all;
    return true;
}
