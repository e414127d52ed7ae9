#include "sem/words_build.h"

/* Alternatives that differ in the tests about one argument alone. */
struct alike {
    struct sp_words_job *job;
    const struct sp_tests *first;
    unsigned arg;
};

/* The next test from `*i` on that is not about the argument; NULL at the end. */
static const struct sp_test *
next_other(const struct sp_tests *tests, unsigned arg, size_t *i)
{
    while (*i < tests->all.count) {
        const struct sp_test *test = &tests->all.at[(*i)++];
        if (test->arg != arg) {
            return test;
        }
    }
    return NULL;
}

static bool
is_alike(const struct alike *alike, const struct sp_tests *tests)
{
    size_t i = 0;
    size_t j = 0;

    for (;;) {
        const struct sp_test *left = next_other(alike->first, alike->arg, &i);
        const struct sp_test *right = next_other(tests, alike->arg, &j);
        if (left == NULL || right == NULL) {
            return left == right;
        }
        if (!sp_words_is_same_test(left, right)) {
            return false;
        }
    }
}

/* The tests about the argument, of all that are alike from alternative `from` on. */
static void
collect_parts(const struct alike *alike, const struct sp_alternatives *list, size_t from,
              struct sp_alternatives *parts)
{
    for (size_t i = from; i < list->any.count; i++) {
        const struct sp_tests *tests = &list->any.at[i];
        if (!is_alike(alike, tests)) {
            continue;
        }
        struct sp_tests *part = sp_words_add(alike->job, parts);
        for (size_t j = 0; j < tests->all.count; j++) {
            if (tests->all.at[j].arg == alike->arg) {
                sp_words_add_test(alike->job, part, tests->all.at[j]);
            }
        }
    }
}

/* One alternative: the part, in the place of the argument, and the tests that all share. */
static void
add_merged(const struct alike *alike, const struct sp_tests *part, struct sp_alternatives *list)
{
    struct sp_tests *merged = sp_words_add(alike->job, list);
    const struct sp_test *test;
    size_t next = 0;
    size_t i = 0;

    while ((test = next_other(alike->first, alike->arg, &i)) != NULL) {
        while (test->arg > alike->arg && next < part->all.count) {
            sp_words_add_test(alike->job, merged, part->all.at[next++]);
        }
        sp_words_add_test(alike->job, merged, *test);
    }
    while (next < part->all.count) {
        sp_words_add_test(alike->job, merged, part->all.at[next++]);
    }
}

static void
replace(const struct alike *alike, const struct sp_alternatives *parts, size_t from,
        struct sp_alternatives *list)
{
    struct sp_alternatives merged = { .truncated = false };

    for (size_t i = 0; i < list->any.count; i++) {
        if (i < from || !is_alike(alike, &list->any.at[i])) {
            struct sp_tests *kept = sp_words_add(alike->job, &merged);
            if (kept != NULL) {
                *kept = list->any.at[i];
            }
        }
    }
    for (size_t i = 0; i < parts->any.count; i++) {
        add_merged(alike, &parts->any.at[i], &merged);
    }
    *list = merged;
}

/* True when shorter words were found for all that are alike from alternative `from` on. */
static bool
merge(const struct alike *alike, size_t from, struct sp_alternatives *list)
{
    struct sp_words_job trial = *alike->job;
    struct sp_alternatives parts = { .truncated = false };
    struct sp_alternatives better = { .truncated = false };

    collect_parts(alike, list, from, &parts);
    if (parts.any.count < 2) {
        return false;
    }
    sp_dd all = sp_words_diagram(trial.store, &parts);
    sp_words_cover_one(&trial, alike->arg, (struct sp_words_task){ .must = all, .may = all },
                       &better);
    alike->job->work = trial.work;
    bool is_shorter = sp_words_cost(&better) < sp_words_cost(&parts)
                      && better.any.count <= parts.any.count;
    if (sp_words_is_stopped(&trial) || !is_shorter) {
        return false;
    }
    replace(alike, &better, from, list);
    return true;
}

/* The same, about any of the arguments of alternative `from` but the only one. */
static bool
merge_from(struct sp_words_job *job, size_t from, struct sp_alternatives *list)
{
    struct sp_tests first = list->any.at[from];

    for (size_t i = 0; i < first.all.count; i++) {
        struct alike alike = { .job = job, .first = &first, .arg = first.all.at[i].arg };
        size_t next = 0;
        bool shares = next_other(&first, alike.arg, &next) != NULL;
        if (shares && merge(&alike, from, list)) {
            return true;
        }
    }
    return false;
}

/* What was merged may be like something else: then it starts again. */
void
sp_words_merge(struct sp_words_job *job, struct sp_alternatives *list)
{
    for (size_t i = 0; i < list->any.count && !sp_words_is_stopped(job);) {
        i = merge_from(job, i, list) ? 0 : i + 1;
    }
}
