#include "sem/dd_store.h"
#include "sem/words_build.h"

#include <limits.h>

/* More ranges than this nobody reads, and more holes in one range neither. */
enum { MOST_INTERVALS = 512, MOST_HOLES = 8 };

/* ---- intervals ----------------------------------------------------------------------- */

struct interval {
    uint64_t low;
    uint64_t high;
};

struct intervals {
    SP_VEC(struct interval) list;
    bool too_many;
};

/* The argument's bits up to the first that counts. */
struct field {
    unsigned arg;
    unsigned top;   /* most significant bit */
    uint64_t mask;  /* of all its bits */
};

static uint64_t
low_bits(unsigned count)
{
    return count >= 64 ? UINT64_MAX : ((uint64_t)1 << count) - 1;
}

static void
add_interval(struct sp_words_job *job, struct intervals *intervals, uint64_t low, uint64_t high)
{
    size_t count = intervals->list.count;

    if (count > 0 && intervals->list.at[count - 1].high + 1 == low) {
        intervals->list.at[count - 1].high = high;
        return;
    }
    if (count == MOST_INTERVALS) {
        intervals->too_many = true;
        return;
    }
    struct interval *added = sp_vec_push(job->arena, &intervals->list);
    if (added != NULL) {
        *added = (struct interval){ .low = low, .high = high };
    }
}

/* In ascending order.  `prefix` has the bits above the last `bits` ones. Every step into a half
 * has at least one border in it, so that the limit of intervals bounds the steps. */
static void
collect(struct sp_words_job *job, const struct field *field, sp_dd condition, unsigned bits,
        uint64_t prefix, struct intervals *intervals)
{
    const struct sp_dd_node *node = &job->store->nodes[condition];

    if (condition == SP_DD_FALSE || intervals->too_many || job->arena->failed) {
        return;
    }
    if (condition == SP_DD_TRUE) {
        add_interval(job, intervals, prefix, prefix | low_bits(bits));
        return;
    }
    bool here = node->level == sp_dd_level(field->arg, bits - 1);
    uint64_t bit = (uint64_t)1 << (bits - 1);
    collect(job, field, here ? node->low : condition, bits - 1, prefix, intervals);
    collect(job, field, here ? node->high : condition, bits - 1, prefix | bit, intervals);
}

static bool
find_intervals(struct sp_words_job *job, const struct field *field, sp_dd condition,
               struct intervals *ret_intervals)
{
    collect(job, field, condition, field->top + 1, 0, ret_intervals);
    return !ret_intervals->too_many && !job->arena->failed;
}

/* ---- pieces -------------------------------------------------------------------------- */

/* An interval of `may` that holds something of `must`. */
struct piece {
    struct interval may;
    struct interval must;  /* from the first to the last value that is needed */
};

struct pieces {
    SP_VEC(struct piece) list;
};

static void
add_piece(struct sp_words_job *job, struct pieces *pieces, struct interval may,
          struct interval must)
{
    struct piece *added = sp_vec_push(job->arena, &pieces->list);

    if (added != NULL) {
        *added = (struct piece){ .may = may, .must = must };
    }
}

/* Every interval of `must` lies in one of `may`. */
static void
match(struct sp_words_job *job, const struct intervals *must, const struct intervals *may,
      struct pieces *pieces)
{
    size_t next = 0;

    for (size_t i = 0; i < may->list.count; i++) {
        struct interval outer = may->list.at[i];
        size_t first = next;
        while (next < must->list.count && must->list.at[next].low <= outer.high) {
            next++;
        }
        if (next > first) {
            add_piece(job, pieces, outer, (struct interval){
                .low = must->list.at[first].low, .high = must->list.at[next - 1].high
            });
        }
    }
}

/* ---- tests --------------------------------------------------------------------------- */

/* Is it all values that share the upper bits? */
static bool
is_block(struct interval interval)
{
    uint64_t span = interval.high - interval.low;

    return (span & (span + 1)) == 0 && (interval.low & span) == 0;
}

/* Ranges of a few low bits are told as a mask where that is possible; ranges of 32 bits that
 * reach an end are what people write. */
static bool
is_better_masked(const struct field *field, struct interval interval)
{
    bool reaches_end = interval.low == 0 || interval.high == field->mask;

    return field->top != 63 && is_block(interval) && !(field->top == 31 && reaches_end);
}

static void
add_range(struct sp_words_job *job, const struct field *field, struct interval interval,
          struct sp_tests *tests)
{
    uint64_t span = interval.high - interval.low;

    if (span == field->mask) {
        return;
    }
    if (span == 0 || is_better_masked(field, interval)) {
        sp_words_add_test(job, tests, sp_words_masked(field->arg, field->mask & ~span,
                                                      interval.low, true));
        return;
    }
    sp_words_add_test(job, tests, (struct sp_test){
        .arg = field->arg,
        .kind = SP_TEST_RANGE,
        .low = interval.low,
        .high = interval.high,
        .mask = field->mask,
    });
}

/* What to tell of a piece that stands alone: nothing, one value, or a range. */
static struct interval
choose_interval(const struct field *field, const struct piece *piece)
{
    bool is_all = piece->may.low == 0 && piece->may.high == field->mask;

    return piece->must.low == piece->must.high && !is_all ? piece->must : piece->may;
}

/* Neighbouring pieces as one alternative: their range, without its holes. */
struct group {
    size_t first;
    size_t last;
    bool from_start;  /* the range starts at 0, which is a hole */
    bool to_end;      /* the same at the greatest value */
};

static void
add_hole(struct sp_words_job *job, const struct field *field, uint64_t hole,
         struct sp_tests *tests)
{
    sp_words_add_test(job, tests, sp_words_masked(field->arg, field->mask, hole, false));
}

static void
add_holes(struct sp_words_job *job, const struct field *field, const struct piece *pieces,
          const struct group *group, struct sp_tests *tests)
{
    if (group->from_start) {
        add_hole(job, field, 0, tests);
    }
    for (size_t i = group->first; i < group->last; i++) {
        for (uint64_t hole = pieces[i].may.high + 1; hole < pieces[i + 1].may.low; hole++) {
            add_hole(job, field, hole, tests);
        }
    }
    if (group->to_end) {
        add_hole(job, field, field->mask, tests);
    }
}

static void
add_group(struct sp_words_job *job, const struct field *field, const struct piece *pieces,
          const struct group *group, struct sp_alternatives *list)
{
    struct sp_tests *tests = sp_words_add(job, list);
    bool is_alone = group->first == group->last && !group->from_start && !group->to_end;

    if (is_alone) {
        add_range(job, field, choose_interval(field, &pieces[group->first]), tests);
        return;
    }
    add_range(job, field, (struct interval){
        .low = group->from_start ? 0 : pieces[group->first].may.low,
        .high = group->to_end ? field->mask : pieces[group->last].may.high,
    }, tests);
    add_holes(job, field, pieces, group, tests);
}

/* ---- groups -------------------------------------------------------------------------- */

/* The cheapest words for the first pieces, and their last group. */
struct best {
    unsigned cost;
    struct group group;
};

/* What a group costs, by making it. */
static unsigned
group_cost(struct sp_words_job *job, const struct field *field, const struct piece *pieces,
           const struct group *group)
{
    struct sp_alternatives list = { .truncated = false };

    add_group(job, field, pieces, group, &list);
    return sp_words_cost(&list);
}

/* The cheapest of a group's forms: its ends as ends of a range, or as holes. */
static struct best
choose_form(struct sp_words_job *job, const struct field *field, const struct piece *pieces,
            size_t first, size_t last)
{
    bool is_value = first == last && pieces[first].must.low == pieces[first].must.high;
    bool at_start = !is_value && pieces[first].may.low == 1;
    bool at_end = !is_value && field->mask - pieces[last].may.high == 1;
    struct best chosen = { .cost = UINT_MAX };

    for (unsigned form = 0; form < 4; form++) {
        struct group group = {
            .first = first, .last = last, .from_start = form & 1, .to_end = form >> 1
        };
        if ((group.from_start && !at_start) || (group.to_end && !at_end)) {
            continue;
        }
        unsigned cost = group_cost(job, field, pieces, &group);
        if (cost <= chosen.cost) {
            chosen = (struct best){ .cost = cost, .group = group };
        }
    }
    return chosen;
}

static uint64_t
holes_before(const struct piece *pieces, size_t i)
{
    return pieces[i].may.low - pieces[i - 1].may.high - 1;
}

/* The cheapest last group that ends with piece `last`: alone, or with those before it as long
 * as the holes are few.  Of two that cost the same, the longer. */
static struct best
choose_group(struct sp_words_job *job, const struct field *field, const struct piece *pieces,
             const struct best *best, size_t last)
{
    struct best chosen = { .cost = UINT_MAX };
    uint64_t holes = 0;

    for (size_t first = last + 1; first-- > 0 && holes <= MOST_HOLES;) {
        struct best form = choose_form(job, field, pieces, first, last);
        form.cost += first == 0 ? 0 : best[first - 1].cost;
        if (form.cost <= chosen.cost) {
            chosen = form;
        }
        uint64_t more = first == 0 ? 0 : holes_before(pieces, first);
        holes = more > MOST_HOLES ? MOST_HOLES + 1 : holes + more;
    }
    return chosen;
}

static void
add_groups(struct sp_words_job *job, const struct field *field, const struct pieces *pieces,
           struct sp_alternatives *list)
{
    const struct piece *at = pieces->list.at;
    size_t count = pieces->list.count;
    struct best *best = sp_arena_new_array(job->arena, count, struct best);
    size_t *ends = sp_arena_new_array(job->arena, count, size_t);
    size_t groups = 0;

    if (best == NULL || ends == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        best[i] = choose_group(job, field, at, best, i);
    }
    for (size_t end = count; end > 0; end = best[end - 1].group.first) {
        ends[groups++] = end - 1;
    }
    while (groups-- > 0) {
        add_group(job, field, at, &best[ends[groups]].group, list);
    }
}

bool
sp_words_intervals(struct sp_words_job *job, unsigned arg, struct sp_words_task task,
                   struct sp_alternatives *list)
{
    uint64_t bits = sp_words_bits(job, arg, task);
    unsigned top = bits == 0 ? 0 : 63 - (unsigned)__builtin_clzll(bits);
    struct field field = { .arg = arg, .top = top, .mask = low_bits(top + 1) };
    struct intervals must = { .too_many = false };
    struct intervals may = { .too_many = false };
    struct pieces pieces = { .list = { .count = 0 } };

    if (!find_intervals(job, &field, task.must, &must)
        || !find_intervals(job, &field, task.may, &may)) {
        return false;
    }
    match(job, &must, &may, &pieces);
    add_groups(job, &field, &pieces, list);
    return !sp_words_is_stopped(job);
}
