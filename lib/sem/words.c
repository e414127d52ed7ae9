#include "sem/words.h"

#include "sem/dd_store.h"
#include "sem/words_build.h"

#include <assert.h>

/* Tasks of one search, and nodes of its store: some hundredths of a second at the most. */
enum { WORK = 2000, STORE_NODES = 1 << 17 };

/* ---- what is too much ---------------------------------------------------------------- */

/* Of long lists nobody reads the end. */
enum { MOST_COMPARED = 64 };

/* Drops alternatives that the others make up for. */
static void
drop_needless(struct sp_words_job *job, sp_dd must, struct sp_alternatives *list)
{
    struct sp_dd_store *store = job->store;
    size_t count = list->any.count;
    sp_dd *each = sp_arena_new_array(job->arena, count, sp_dd);
    sp_dd *behind = sp_arena_new_array(job->arena, count + 1, sp_dd);
    sp_dd kept = SP_DD_FALSE;
    size_t kept_count = 0;

    if (each == NULL || behind == NULL) {
        return;
    }
    behind[count] = SP_DD_FALSE;
    for (size_t i = count; i-- > 0;) {
        each[i] = sp_words_tests_diagram(store, &list->any.at[i]);
        behind[i] = sp_dd_or(store, each[i], behind[i + 1]);
    }
    for (size_t i = 0; i < count; i++) {
        sp_dd others = sp_dd_or(store, kept, behind[i + 1]);
        if (sp_dd_and(store, must, others) != must) {
            list->any.at[kept_count++] = list->any.at[i];
            kept = sp_dd_or(store, kept, each[i]);
        }
    }
    list->any.count = kept_count;
}

/* ---- the search ---------------------------------------------------------------------- */

/* Do the words hold where they must, and only where they may? */
static bool
is_exact(struct sp_dd_store *store, struct sp_words_task task,
         const struct sp_alternatives *list)
{
    sp_dd found = sp_words_diagram(store, list);

    return sp_dd_and(store, task.must, found) == task.must
           && sp_dd_and(store, found, task.may) == found;
}

/* The shortest words. */
static void
search_words(struct sp_words_job *job, struct sp_words_task task, struct sp_alternatives *list)
{
    sp_words_cover(job, task, list);
    if (!sp_words_is_stopped(job) && list->any.count <= MOST_COMPARED) {
        drop_needless(job, task.must, list);
        sp_words_merge(job, list);
    }
}

/* The words of a task; where they cannot be found, the paths of the condition. */
static void
search(struct sp_words_job *job, struct sp_words_task task, sp_dd condition, size_t max,
       struct sp_alternatives *list)
{
    if (job->only_masks) {
        sp_words_masks(job, task, max, list);
    } else {
        search_words(job, task, list);
    }
    bool exact = is_exact(job->store, task, list);
    if (sp_words_is_stopped(job)) {
        *list = (struct sp_alternatives){ .truncated = false };
        sp_words_paths(job, condition, max, list);
        return;
    }
    assert(exact);
    (void)exact;
    sp_words_sort(list);
    list->truncated = list->any.count > max;
}

/* The first `max` alternatives, in the arena of the caller. */
static bool
copy_list(struct sp_arena *arena, const struct sp_alternatives *from, size_t max,
          struct sp_alternatives *ret_list)
{
    struct sp_alternatives list = { .truncated = from->truncated };

    for (size_t i = 0; i < from->any.count && i < max; i++) {
        struct sp_tests *tests = sp_vec_push(arena, &list.any);
        for (size_t j = 0; tests != NULL && j < from->any.at[i].all.count; j++) {
            struct sp_test *test = sp_vec_push(arena, &tests->all);
            if (test == NULL) {
                return false;
            }
            *test = from->any.at[i].all.at[j];
        }
        if (tests == NULL) {
            return false;
        }
    }
    *ret_list = list;
    return true;
}

/* A condition of another store, with the leaves 0 and 1. */
static sp_dd
take(struct sp_dd_store *store, const struct sp_dd_store *from, sp_dd condition)
{
    return sp_dd_ite(store, sp_dd_copy(store, from, condition), SP_DD_TRUE, SP_DD_FALSE);
}

static bool
find_words(struct sp_arena *arena, struct sp_words_job *job, sp_dd condition, sp_dd given,
           size_t max, struct sp_alternatives *ret_alternatives)
{
    struct sp_alternatives list = { .truncated = false };
    struct sp_words_task task = {
        .must = sp_dd_and(job->store, condition, given),
        .may = sp_dd_or(job->store, condition, sp_dd_not(job->store, given)),
    };

    if (condition == SP_DD_UNDECIDED) {
        return false;
    }
    search(job, task, condition, max, &list);
    return !job->arena->failed && copy_list(arena, &list, max, ret_alternatives);
}

static bool
find(struct sp_arena *arena, const struct sp_dd_store *store, sp_dd condition, sp_dd given,
     bool only_masks, size_t max, struct sp_alternatives *ret_alternatives)
{
    SP_SCRATCH(scratch);

    if (sp_dd_has_undecided(store, condition) || sp_dd_has_undecided(store, given)) {
        return false;
    }
    size_t own = 4 * (sp_dd_size(store, condition) + sp_dd_size(store, given));
    struct sp_words_job job = {
        .arena = &scratch, .store = sp_dd_store_new(STORE_NODES + own), .work = WORK,
        .only_masks = only_masks,
    };
    if (job.store == NULL) {
        arena->failed = true;
        return false;
    }
    bool found = find_words(arena, &job, take(job.store, store, condition),
                            take(job.store, store, given), max, ret_alternatives);
    bool failed = scratch.failed || sp_dd_store_failed(job.store);
    arena->failed = arena->failed || failed;
    sp_dd_store_free(job.store);
    return found && !failed;
}

bool
sp_words_given(struct sp_arena *arena, const struct sp_dd_store *store, sp_dd condition,
               sp_dd given, size_t max, struct sp_alternatives *ret_alternatives)
{
    return find(arena, store, condition, given, false, max, ret_alternatives);
}

bool
sp_words_of(struct sp_arena *arena, struct sp_dd_store *store, sp_dd condition, size_t max,
            struct sp_alternatives *ret_alternatives)
{
    return find(arena, store, condition, SP_DD_TRUE, false, max, ret_alternatives);
}

bool
sp_words_masked_given(struct sp_arena *arena, const struct sp_dd_store *store, sp_dd condition,
                      sp_dd given, size_t max, struct sp_alternatives *ret_alternatives)
{
    return find(arena, store, condition, given, true, max, ret_alternatives);
}
