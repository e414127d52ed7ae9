#include "sem/dd_store.h"
#include "sem/words_build.h"

#include <limits.h>

/* Words of up to five values are good enough; above, other ways are tried. */
enum { GOOD_COST = 16 };

/* More ways to go on behind one argument than this nobody follows. */
enum { MOST_TAILS = 64, MOST_ALTERNATIVES = 4096 };

/* ---- one argument -------------------------------------------------------------------- */

/* The cheapest list so far. */
struct choice {
    struct sp_alternatives list;
    unsigned cost;
};

static void
offer(struct choice *choice, bool is_whole, const struct sp_alternatives *list)
{
    unsigned cost = is_whole ? sp_words_cost(list) : UINT_MAX;

    if (cost < choice->cost) {
        *choice = (struct choice){ .list = *list, .cost = cost };
    }
}

/* In a search of its own, whose end does not end the others. */
static void
try_masks(struct sp_words_job *job, struct sp_words_task task, struct choice *choice)
{
    struct sp_words_job trial = *job;
    struct sp_alternatives list = { .truncated = false };

    sp_words_masks(&trial, task, SP_WORDS_MOST_MASKS, &list);
    offer(choice, !sp_words_is_stopped(&trial), &list);
}

/* "Not this and not that": the contrary as masks, each of them denied. */
static void
try_contrary(struct sp_words_job *job, unsigned arg, struct sp_words_task task,
             struct choice *choice)
{
    struct sp_words_job trial = *job;
    struct sp_alternatives contrary = { .truncated = false };
    struct sp_alternatives list = { .truncated = false };
    struct sp_words_task denied = {
        .must = sp_dd_not(job->store, task.may), .may = sp_dd_not(job->store, task.must)
    };

    sp_words_masks(&trial, denied, SP_WORDS_MOST_MASKS, &contrary);
    struct sp_tests *tests = sp_words_add(&trial, &list);
    for (size_t i = 0; i < contrary.any.count && contrary.any.at[i].all.count > 0; i++) {
        const struct sp_test *test = &contrary.any.at[i].all.at[0];
        sp_words_add_test(&trial, tests, sp_words_masked(arg, test->mask, test->low, false));
    }
    offer(choice, !sp_words_is_stopped(&trial), &list);
}

/* Where to cut an argument in two: in the middle, then in the middle of the half that is
 * left. */
static unsigned
middle(uint64_t bits)
{
    for (unsigned bit = 32; bit >= 8; bit /= 2) {
        uint64_t lower = ((uint64_t)1 << bit) - 1;
        if ((bits & lower) != 0 && (bits & ~lower) != 0) {
            return bit;
        }
    }
    return 0;
}

static void
try_halves(struct sp_words_job *job, unsigned arg, struct sp_words_task task,
           struct choice *choice)
{
    unsigned bit = middle(sp_words_bits(job, arg, task));
    struct sp_words_job trial = *job;
    struct sp_alternatives list = { .truncated = false };

    if (bit == 0) {
        return;
    }
    sp_words_cut(&trial, arg, bit, task, &list);
    job->work = trial.work;
    offer(choice, !sp_words_is_stopped(&trial), &list);
}

/* Ranges come first: where the costs are the same, they are easier to read than masks. */
static void
try_one(struct sp_words_job *job, unsigned arg, struct sp_words_task task,
        struct choice *choice)
{
    struct sp_alternatives ranges = { .truncated = false };
    struct sp_alternatives mask = { .truncated = false };
    struct sp_alternatives no_mask = { .truncated = false };

    offer(choice, sp_words_intervals(job, arg, task, &ranges), &ranges);
    offer(choice, sp_words_one_mask(job, arg, task, true, &mask), &mask);
    offer(choice, sp_words_one_mask(job, arg, task, false, &no_mask), &no_mask);
    if (choice->cost <= GOOD_COST || sp_words_is_stopped(job)) {
        return;
    }
    try_halves(job, arg, task, choice);
    try_masks(job, task, choice);
    try_contrary(job, arg, task, choice);
}

static void
append(struct sp_words_job *job, const struct sp_alternatives *from,
       struct sp_alternatives *list)
{
    for (size_t i = 0; i < from->any.count; i++) {
        struct sp_tests *added = sp_words_add(job, list);
        if (added != NULL) {
            *added = from->any.at[i];
        }
    }
}

/* True when the task is done without a search, or cannot be begun. */
static bool
is_plain(struct sp_words_job *job, struct sp_words_task task, struct sp_alternatives *list)
{
    if (sp_words_is_stopped(job) || task.must == SP_DD_FALSE) {
        return true;
    }
    if (task.may == SP_DD_TRUE) {
        (void)sp_words_add(job, list);
        return true;
    }
    job->stopped = job->work == 0;
    job->work -= job->work > 0;
    return job->stopped;
}

void
sp_words_cover_one(struct sp_words_job *job, unsigned arg, struct sp_words_task task,
                   struct sp_alternatives *list)
{
    struct choice choice = { .cost = UINT_MAX };

    if (is_plain(job, task, list)) {
        return;
    }
    try_one(job, arg, task, &choice);
    job->stopped = job->stopped || choice.cost == UINT_MAX;
    append(job, &choice.list, list);
}

/* ---- several arguments --------------------------------------------------------------- */

/* The bits of the head are those of `arg` from `bit` up; those of the tail come behind. */
struct cut {
    unsigned arg;
    unsigned bit;
};

static uint64_t
tail_mask(struct cut cut)
{
    return ((uint64_t)1 << cut.bit) - 1;
}

/* A condition of the head alone: does this one hold for some tail? */
static sp_dd
any_tail(struct sp_dd_store *store, struct cut cut, sp_dd condition)
{
    for (unsigned arg = SP_ARGS; arg-- > cut.arg + 1;) {
        condition = sp_dd_any(store, condition, arg, UINT64_MAX);
    }
    return sp_dd_any(store, condition, cut.arg, tail_mask(cut));
}

/* The same for all tails. */
static sp_dd
all_tails(struct sp_dd_store *store, struct cut cut, sp_dd condition)
{
    for (unsigned arg = SP_ARGS; arg-- > cut.arg + 1;) {
        condition = sp_dd_all(store, condition, arg, UINT64_MAX);
    }
    return sp_dd_all(store, condition, cut.arg, tail_mask(cut));
}

/* A condition of the tail alone: does this one hold for some head? */
static sp_dd
any_head(struct sp_dd_store *store, struct cut cut, sp_dd condition)
{
    return sp_dd_any(store, condition, cut.arg, ~tail_mask(cut));
}

struct tails {
    sp_dd at[MOST_TAILS];
    size_t count;
    bool too_many;
};

static void
collect_tails(const struct sp_dd_store *store, sp_dd condition, unsigned level,
              struct tails *tails)
{
    const struct sp_dd_node *node = &store->nodes[condition];

    if (condition == SP_DD_FALSE || !sp_dd_mark(store, condition)) {
        return;
    }
    if (node->level < level) {
        collect_tails(store, node->low, level, tails);
        collect_tails(store, node->high, level, tails);
        return;
    }
    if (tails->count == MOST_TAILS) {
        tails->too_many = true;
        return;
    }
    tails->at[tails->count++] = condition;
}

static bool
implies(struct sp_dd_store *store, sp_dd left, sp_dd right)
{
    return sp_dd_and(store, left, right) == left;
}

/* Takes out a tail that no other implies: the narrowest come first, since what they need can be
 * said of all heads whose tails are wider. */
static sp_dd
take_narrowest(struct sp_dd_store *store, struct tails *tails)
{
    size_t narrowest = 0;

    for (size_t i = 1; i < tails->count; i++) {
        if (implies(store, tails->at[i], tails->at[narrowest])) {
            narrowest = i;
        }
    }
    sp_dd taken = tails->at[narrowest];
    tails->count--;
    for (size_t i = narrowest; i < tails->count; i++) {
        tails->at[i] = tails->at[i + 1];
    }
    return taken;
}

/* A task that is cut: what is left to cover, and the list that grows. */
struct progress {
    struct sp_words_job *job;
    struct cut cut;
    sp_dd may;
    sp_dd rest;
    struct sp_alternatives *list;
};

static void
add_product(struct progress *progress, const struct sp_tests *head, const struct sp_tests *tail)
{
    struct sp_tests *both = sp_words_add(progress->job, progress->list);

    for (size_t i = 0; i < head->all.count; i++) {
        sp_words_add_test(progress->job, both, head->all.at[i]);
    }
    for (size_t i = 0; i < tail->all.count; i++) {
        sp_words_add_test(progress->job, both, tail->all.at[i]);
    }
    progress->job->stopped = progress->job->stopped
                             || progress->list->any.count > MOST_ALTERNATIVES;
}

/* One alternative of a tail, with all heads that it is needed for. */
static void
cover_heads(struct progress *progress, sp_dd where, const struct sp_tests *tail)
{
    struct sp_words_job *job = progress->job;
    struct sp_dd_store *store = job->store;
    struct sp_alternatives heads = { .truncated = false };
    sp_dd condition = sp_words_tests_diagram(store, tail);
    sp_dd needed = sp_dd_and(store, sp_dd_and(store, progress->rest, where), condition);
    sp_dd allowed = sp_dd_or(store, sp_dd_not(store, condition), progress->may);
    struct sp_words_task task = {
        .must = any_tail(store, progress->cut, needed),
        .may = all_tails(store, progress->cut, allowed),
    };

    sp_words_cover_one(job, progress->cut.arg, task, &heads);
    for (size_t i = 0; i < heads.any.count && !sp_words_is_stopped(job); i++) {
        add_product(progress, &heads.any.at[i], tail);
    }
    sp_dd done = sp_dd_and(store, sp_words_diagram(store, &heads), condition);
    progress->rest = sp_dd_and(store, progress->rest, sp_dd_not(store, done));
}

/* All that is left to cover where the condition goes on with this tail. */
static void
cover_tail(struct progress *progress, sp_dd tail)
{
    struct sp_words_job *job = progress->job;
    struct sp_dd_store *store = job->store;
    struct sp_alternatives tails = { .truncated = false };
    sp_dd same = sp_dd_ite(store, progress->may, tail, sp_dd_not(store, tail));
    sp_dd where = all_tails(store, progress->cut, same);
    sp_dd here = sp_dd_and(store, progress->rest, where);
    struct sp_words_task task = { .must = any_head(store, progress->cut, here), .may = tail };

    sp_words_cover(job, task, &tails);
    for (size_t i = 0; i < tails.any.count && !sp_words_is_stopped(job); i++) {
        cover_heads(progress, where, &tails.any.at[i]);
    }
}

void
sp_words_cut(struct sp_words_job *job, unsigned arg, unsigned bit, struct sp_words_task task,
             struct sp_alternatives *list)
{
    struct tails tails = { .count = 0 };
    struct progress progress = {
        .job = job,
        .cut = { .arg = arg, .bit = bit },
        .may = task.may,
        .rest = task.must,
        .list = list,
    };

    collect_tails(job->store, task.may, arg * 64 + (64 - bit), &tails);
    sp_dd_unmark(job->store, task.may);
    if (tails.too_many) {
        sp_words_masks(job, task, SP_WORDS_MOST_MASKS, list);
        return;
    }
    while (tails.count > 0 && !sp_words_is_stopped(job)) {
        cover_tail(&progress, take_narrowest(job->store, &tails));
    }
}

void
sp_words_cover(struct sp_words_job *job, struct sp_words_task task,
               struct sp_alternatives *list)
{
    unsigned args = sp_dd_args(job->store, task.must) | sp_dd_args(job->store, task.may);

    if (args == 0) {
        (void)is_plain(job, task, list);
        return;
    }
    unsigned first = (unsigned)__builtin_ctz(args);
    if (args == 1u << first) {
        sp_words_cover_one(job, first, task, list);
    } else if (!is_plain(job, task, list)) {
        sp_words_cut(job, first, 0, task, list);
    }
}
