/* How long it takes to compare all default profiles that were ever shipped, each with each.
 *
 *   diff_bench_harness here   on an x86_64 machine and its three ABIs, in all environments
 *   diff_bench_harness all    on every machine that either profile of a pair is for
 *   diff_bench_harness one    every pair of neighbours anew, as a command does it, on x86_64
 *
 * Prints pairs, changes, groups and the processor time of making sides and diffs.  Sides are made once for
 * all pairs (but for `one`) and share what they found out.  Exit status: 0, 1 when it took longer than
 * the question's limit, 2 for trouble. */
#include "format/defaults_write.h"
#include "format/profile_read.h"
#include "ops/diff.h"
#include "ops/operand.h"
#include "text/json_read.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { CONTENTS_MAX = 1024 };

/* Milliseconds that each question may take. */
static const struct {
    const char *name;
    bool is_here;
    bool is_anew;
    double limit;
} questions[] = {
    { "here", true, false, 20000 },
    { "all", false, false, 120000 },
    { "one", true, true, 5000 },
};

struct content {
    const struct sp_profile *profile;
    struct sp_target target;
    struct sp_diff_side *side;
};

struct totals {
    size_t pairs;
    size_t equal;
    size_t changes;
    size_t groups;
    size_t undecided;
};

static double
now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static const struct sp_profile *
read_content(struct sp_arena *arena, const struct sp_kb_default *facts)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = arena };
    struct sp_doc *doc = sp_arena_new(arena, struct sp_doc);
    SP_BUF(text);

    sp_defaults_write(facts, &text);
    struct sp_str copy = { .len = text.len };
    copy.ptr = text.failed ? NULL : sp_arena_copy(arena, sp_buf_view(&text));
    const struct sp_source *source =
        copy.ptr == NULL ? NULL : sp_source_new(arena, sp_kb_text(facts->id), copy);
    if (doc == NULL || source == NULL || !sp_json_read(arena, source, &limits, &report, doc)) {
        return NULL;
    }
    return sp_profile_read(arena, doc, sp_profile_detect(doc));
}

/* Whose engine reads it: a line's name begins with its project's. */
static enum sp_engine
engine_of(const struct sp_kb_default *facts)
{
    const char *line = sp_kb_text(facts->line);

    if (strcmp(line, "containers") == 0) {
        return SP_ENGINE_PODMAN;
    }
    return strcmp(line, "crio") == 0 ? SP_ENGINE_CRIO : SP_ENGINE_DOCKER;
}

static bool
read_all(struct sp_arena *arena, bool is_here, struct content *contents)
{
    static const char *const arches[] = { "x86_64", "x86", "x32" };
    SP_BUF(why);
    struct sp_target_words words = { .arches = arches, .arch_count = is_here ? 3 : 0 };

    for (size_t i = 0; i < sp_kb_defaults_count; i++) {
        contents[i].profile = read_content(arena, &sp_kb_defaults[i]);
        if (contents[i].profile == NULL || !sp_target_read(&words, &contents[i].target, &why)) {
            return false;
        }
        contents[i].target.engine = engine_of(&sp_kb_defaults[i]);
    }
    return true;
}

static bool
count(struct sp_diff_side *from, struct sp_diff_side *to, struct totals *totals)
{
    SP_SCRATCH(scratch);
    struct sp_diff diff;

    if (!sp_diff_make(&scratch, from, to, &diff)) {
        return false;
    }
    totals->pairs++;
    totals->equal += diff.equal;
    totals->changes += diff.changes.count;
    totals->groups += diff.groups.count;
    totals->undecided += diff.undecided.count;
    return true;
}

static bool
compare_all(struct sp_arena *arena, struct content *contents, struct totals *totals)
{
    struct sp_diff_sides *sides = sp_diff_sides_new(arena);
    bool fine = sides != NULL;
    double begin = now();

    for (size_t i = 0; i < sp_kb_defaults_count && fine; i++) {
        contents[i].side = sp_diff_side_new(sides, contents[i].profile, &contents[i].target);
        fine = contents[i].side != NULL && count(contents[i].side, contents[i].side, totals);
    }
    printf("sides: %zu in %.0f ms\n", sp_kb_defaults_count, now() - begin);
    *totals = (struct totals){ .pairs = 0 };
    for (size_t i = 0; i < sp_kb_defaults_count && fine; i++) {
        for (size_t j = i + 1; j < sp_kb_defaults_count && fine; j++) {
            fine = count(contents[i].side, contents[j].side, totals);
        }
    }
    if (fine) {
        printf("diagrams: %zu nodes; memory: %zu KiB\n",
               sp_dd_store_size(sp_diff_store(sides)), arena->used / 1024);
    }
    sp_diff_sides_free(sides);
    return fine;
}

static bool
compare_anew(const struct content *from, const struct content *to, struct totals *totals)
{
    SP_SCRATCH(scratch);
    struct sp_diff_sides *sides = sp_diff_sides_new(&scratch);
    struct sp_diff_side *left =
        sides == NULL ? NULL : sp_diff_side_new(sides, from->profile, &from->target);
    struct sp_diff_side *right =
        left == NULL ? NULL : sp_diff_side_new(sides, to->profile, &to->target);
    bool fine = right != NULL && count(left, right, totals);

    sp_diff_sides_free(sides);
    return fine;
}

static bool
compare_neighbours(const struct content *contents, struct totals *totals)
{
    for (size_t i = 0; i + 1 < sp_kb_defaults_count; i++) {
        if (!compare_anew(&contents[i], &contents[i + 1], totals)) {
            return false;
        }
    }
    return true;
}

int
main(int argc, char **argv)
{
    static struct content contents[CONTENTS_MAX];
    SP_SCRATCH(arena);
    struct totals totals = { .pairs = 0 };
    size_t asked = 0;
    size_t known = sizeof questions / sizeof *questions;

    while (argc == 2 && asked < known && strcmp(questions[asked].name, argv[1]) != 0) {
        asked++;
    }
    if (argc != 2 || asked == known || sp_kb_defaults_count > CONTENTS_MAX
        || !read_all(&arena, questions[asked].is_here, contents)) {
        fputs("usage: diff_bench_harness here|all|one\n", stderr);
        return 2;
    }
    double begin = now();
    bool fine = questions[asked].is_anew ? compare_neighbours(contents, &totals)
                                         : compare_all(&arena, contents, &totals);
    double spent = now() - begin;
    if (!fine) {
        fputs("diff_bench_harness: a comparison failed\n", stderr);
        return 2;
    }
    printf("pairs: %zu, equal %zu, changes %zu, groups %zu, undecided %zu\n", totals.pairs,
           totals.equal, totals.changes, totals.groups, totals.undecided);
    printf("time: %.0f ms, %.3f ms a pair\n", spent, spent / (double)totals.pairs);
    return spent > questions[asked].limit;
}
