/* How long it takes to find out what Docker's default profile means.
 *
 *   meaning_bench_harness QUESTION       prints the processor time of the first run, the best and the
 *                                        median
 *   meaning_bench_harness QUESTION once  one run alone, for a counter of instructions (ask_once)
 *
 * The question `one`: one environment, resolved and translated, and the enforced diagrams of all calls
 * on all architectures of its filter.  `all`: for every call that the profile names, every environment
 * that makes a difference for it, on every host that the profile is for: the enforced diagrams on all
 * architectures of those filters.  Each run begins with nothing but the profile's document.
 * Exit status: 0, 1 when the median is past the question's limit, 2 for trouble. */
#include "format/defaults_write.h"
#include "format/profile_read.h"
#include "sem/scenes.h"
#include "text/json_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS = 101, NANO = 1000000000, MICRO_IN_NANO = 1000 };

static const struct sp_profile *
read_docker(struct sp_arena *arena)
{
    const struct sp_kb_default *docker = sp_kb_default_find(SP_STR("docker"));
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = arena };
    struct sp_doc *doc = sp_arena_new(arena, struct sp_doc);
    SP_BUF(text);

    if (docker == NULL || doc == NULL) {
        return NULL;
    }
    sp_defaults_write(docker, &text);
    struct sp_str copy = { .len = text.len };
    copy.ptr = text.failed ? NULL : sp_arena_copy(arena, sp_buf_view(&text));
    const struct sp_source *source = copy.ptr == NULL ? NULL
                                                      : sp_source_new(arena, "docker", copy);
    if (source == NULL || !sp_json_read(arena, source, &limits, &report, doc)) {
        return NULL;
    }
    return sp_profile_read(arena, doc, sp_profile_detect(doc));
}

/* ---- the questions ----------------------------------------------------------------------- */

/* How many diagrams were asked for; 0 when something failed. */
static size_t
ask_all_calls(struct sp_meaning *meaning)
{
    size_t asked = 0;

    for (size_t i = 0; i < meaning->arch_count; i++) {
        const struct sp_arch_rules *rules = &meaning->arches[i];
        for (size_t j = 0; j < rules->calls.count; j++) {
            uint32_t nr = rules->calls.at[j].nr;
            if (sp_meaning_of(meaning, rules->arch, nr, SP_READING_ENFORCED) == SP_DD_UNDECIDED) {
                return 0;
            }
            asked++;
        }
    }
    return asked;
}

static size_t
ask_one(const struct sp_profile *profile)
{
    SP_SCRATCH(arena);
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
    struct sp_environment environment = {
        .engine = SP_ENGINE_DOCKER,
        .host = sp_kb_arch_find(SP_STR("x86_64")),
        .kernel = sp_kb_newest_kernel(),
        .caps = sp_kb_default_caps(SP_KB_DOCKER),
    };
    struct sp_meaning *meaning;
    size_t asked = 0;

    if (store != NULL && sp_meaning_make(&arena, store, profile, &environment, &meaning)
        && meaning->start == SP_START_FILTER) {
        asked = ask_all_calls(meaning);
    }
    sp_dd_store_free(store);
    return asked;
}

static size_t
ask_scene(const struct sp_scene *scene, const struct sp_kb_syscall *call)
{
    struct sp_meaning *meaning = scene->meaning;
    size_t asked = 0;

    for (size_t i = 0; i < meaning->arch_count && meaning->start == SP_START_FILTER; i++) {
        const struct sp_kb_arch *arch = meaning->arches[i].arch;
        int64_t nr = sp_kb_number(arch, call);
        if (nr != SP_KB_NO_NUMBER) {
            asked += sp_meaning_of(meaning, arch, (uint32_t)nr, SP_READING_ENFORCED)
                != SP_DD_UNDECIDED;
        }
    }
    return asked;
}

static size_t
ask_scenes(struct sp_scenes *scenes, const struct sp_profile *profile)
{
    SP_SCRATCH(arena);
    bool *is_done = sp_arena_new_array(&arena, sp_kb_syscalls_count, bool);
    size_t asked = 0;

    for (size_t i = 0; i < profile->rule_count && is_done != NULL; i++) {
        const struct sp_words *names = &profile->rules[i].names;
        for (size_t j = 0; j < names->count; j++) {
            const struct sp_kb_syscall *call = sp_kb_syscall_find(names->at[j].text);
            struct sp_scene_list list;
            if (call == NULL || is_done[sp_kb_syscall_index(call)]) {
                continue;
            }
            is_done[sp_kb_syscall_index(call)] = true;
            if (!sp_scenes_of(scenes, (uint16_t)sp_kb_syscall_index(call), &list)) {
                return 0;
            }
            for (size_t k = 0; k < list.count; k++) {
                asked += ask_scene(&list.at[k], call);
            }
        }
    }
    return asked;
}

static size_t
ask_all(const struct sp_profile *profile)
{
    SP_SCRATCH(arena);
    struct sp_target target = { .engine = SP_ENGINE_DOCKER };
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
    struct sp_scenes *scenes = store == NULL ? NULL
                                             : sp_scenes_new(&arena, store, profile, &target);
    size_t asked = scenes == NULL ? 0 : ask_scenes(scenes, profile);

    sp_dd_store_free(store);
    return asked;
}

static const struct {
    const char *name;
    const char *title;
    size_t (*ask)(const struct sp_profile *profile);
    long limit;  /* of the median, in microseconds */
} questions[] = {
    { "one", "meaning of docker, one environment", ask_one, 3000 },
    { "all", "meaning of docker, all environments", ask_all, 20000 },
};
enum { QUESTIONS = sizeof questions / sizeof *questions };

/* ---- measuring --------------------------------------------------------------------------- */

static long
now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (long)time.tv_sec * NANO + time.tv_nsec;
}

static int
compare_times(const void *left, const void *right)
{
    long a = *(const long *)left, b = *(const long *)right;

    return (a > b) - (a < b);
}

static int
measure(size_t question, const struct sp_profile *profile)
{
    long times[RUNS];
    size_t asked = 0;

    for (size_t i = 0; i < RUNS; i++) {
        long begin = now();
        asked = questions[question].ask(profile);
        times[i] = (now() - begin) / MICRO_IN_NANO;
    }
    long first = times[0];
    qsort(times, RUNS, sizeof *times, compare_times);
    long median = times[RUNS / 2];
    printf("%-44s %8ld us (first %ld, best %ld; %zu diagrams, limit %ld us)\n",
           questions[question].title, median, first, times[0], asked, questions[question].limit);
    if (asked == 0) {
        return 2;
    }
    return median > questions[question].limit;
}

/* Callgrind counts inside of it (--toggle-collect). */
__attribute__((noinline)) static int
ask_once(size_t question, const struct sp_profile *profile)
{
    return questions[question].ask(profile) > 0 ? 0 : 2;
}

int
main(int argc, char **argv)
{
    SP_SCRATCH(arena);
    const struct sp_profile *profile = read_docker(&arena);

    for (size_t i = 0; i < QUESTIONS && argc > 1 && profile != NULL; i++) {
        if (strcmp(argv[1], questions[i].name) == 0) {
            return argc > 2 ? ask_once(i, profile) : measure(i, profile);
        }
    }
    fprintf(stderr, "usage: meaning_bench_harness one|all [once]\n");
    return 2;
}
