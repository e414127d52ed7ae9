#include "sem/words_build.h"
#include "sem/words_name.h"

/* Ranges of so many values are told value by value when all have names; those of two values
 * when they reach an end (else "a <= 1" is shorter), or have no names. */
enum { MOST_NAMED = 4, MOST_OTHER = 2 };

/* An alternative whose short ranges are being replaced, test by test. */
struct expansion {
    struct sp_words_job *job;
    const struct sp_kb_syscall *call;
    const struct sp_tests *from;
    struct sp_alternatives *list;
};

static bool
is_told_by_value(const struct expansion *expansion, const struct sp_test *test)
{
    uint64_t span = test->high - test->low;
    bool has_ends = test->low > 0 && test->high < test->mask;
    uint64_t most = has_ends ? MOST_NAMED : MOST_OTHER;

    if (test->kind != SP_TEST_RANGE || span >= most) {
        return false;
    }
    if (span < MOST_OTHER && has_ends) {
        return true;
    }
    for (uint64_t i = 0; i <= span; i++) {
        if (!sp_words_has_name(expansion->call, test->arg, test->mask, test->low + i)) {
            return false;
        }
    }
    return true;
}

static void
add_copy(const struct expansion *expansion, const struct sp_tests *tests)
{
    struct sp_tests *added = sp_words_add(expansion->job, expansion->list);

    for (size_t i = 0; i < tests->all.count; i++) {
        sp_words_add_test(expansion->job, added, tests->all.at[i]);
    }
}

/* Adds the alternatives that start with `tests` and go on with what stands behind those. */
static void
expand(const struct expansion *expansion, const struct sp_tests *tests)
{
    size_t done = tests->all.count;

    if (done == expansion->from->all.count || expansion->job->arena->failed) {
        add_copy(expansion, tests);
        return;
    }

    const struct sp_test *next = &expansion->from->all.at[done];
    bool by_value = is_told_by_value(expansion, next);
    uint64_t span = by_value ? next->high - next->low : 0;
    for (uint64_t i = 0; i <= span; i++) {
        struct sp_tests longer = { .all = { .count = 0 } };
        for (size_t j = 0; j < done; j++) {
            sp_words_add_test(expansion->job, &longer, tests->all.at[j]);
        }
        sp_words_add_test(expansion->job, &longer,
                          by_value ? sp_words_masked(next->arg, next->mask, next->low + i, true)
                                   : *next);
        expand(expansion, &longer);
    }
}

void
sp_words_expand(struct sp_words_job *job, const struct sp_kb_syscall *call,
                const struct sp_alternatives *from, struct sp_alternatives *list)
{
    for (size_t i = 0; i < from->any.count; i++) {
        struct expansion expansion = {
            .job = job, .call = call, .from = &from->any.at[i], .list = list
        };
        struct sp_tests none = { .all = { .count = 0 } };
        expand(&expansion, &none);
    }
    list->truncated = from->truncated;
    sp_words_sort(list);
}
