/* Round trips through formats: what one format says of a profile, said again in another, still means the
 * profile.
 *
 *   formats_harness PROFILES SEED
 *
 * Every content of the built-in profiles and PROFILES random ones are written in each format; where that
 * loses nothing, the text is read back and written in each format again, and where that loses nothing
 * either, the second text must mean the first profile. Prints a table of pairs and one line of counts;
 * exit status 0 when nothing differs, 1, 2 for trouble. */
#include "format/defaults_write.h"
#include "format/read.h"
#include "kb/defaults.h"
#include "ops/emit.h"
#include "ops/emit_check.h"
#include "ops/load.h"
#include "sem/random_profiles_testing.h"
#include "sem/scenes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The formats that are read, too. */
static const struct {
    const char *name;
    enum sp_dialect dialect;
    bool one_arch;
} formats[] = {
    { "docker", SP_DIALECT_DOCKER, false },
    { "oci", SP_DIALECT_OCI, false },
    { "spo", SP_DIALECT_SPO, false },
    { "systemd", SP_DIALECT_SYSTEMD, false },
    { "minijail", SP_DIALECT_MINIJAIL, true },
    { "firejail", SP_DIALECT_FIREJAIL, true },
    { "kafel", SP_DIALECT_KAFEL, true },
    { "list", SP_DIALECT_LIST, true },
    { "bpf", SP_DIALECT_BPF, false },  /* last: a program may say what no profile can */
};

enum { FORMATS = sizeof formats / sizeof *formats, BPF = FORMATS - 1 };

static const struct sp_doc_limits limits = SP_DOC_LIMITS;

struct counts {
    size_t profiles;
    size_t first[FORMATS];
    size_t pairs[FORMATS][FORMATS];
    size_t lost[FORMATS][FORMATS];  /* the second format would have carried the profile itself */
    size_t programs;    /* that were written ... */
    size_t unreadable;  /* ... of which these are no profile's, as the reader says */
    size_t differences;
};

/* A profile with where it is put to use. */
struct subject {
    const char *label;
    const struct sp_profile *profile;
    struct sp_target target;
    struct sp_policies policies;  /* what it means */
};

/* ---- one text -------------------------------------------------------------------------------- */

static void
differ(struct counts *counts, const struct subject *subject, const char *way, struct sp_str why)
{
    counts->differences++;
    printf("DIFFERS %s: %s: %.*s\n", subject->label, way, SP_STR_ARG(why));
}

/* A program that says of two architectures what no profile can say of both is refused with its reason, and
 * that is right: sp_emit has proven the program itself. */
static bool
is_profile(size_t format, struct sp_str text, struct counts *counts)
{
    SP_SCRATCH(scratch);
    SP_BUF(why);
    const struct sp_profile *profile;

    if (format != BPF) {
        return true;
    }
    bool is = sp_load_text(&scratch, &limits, SP_DIALECT_BPF, "text", text, &profile, &why)
        == SP_LOAD_OK;
    counts->programs++;
    counts->unreadable += !is;
    return is;
}

/* True when the format carries all of it. */
static bool
emit(struct sp_arena *arena, const struct subject *subject, const struct subject *first,
     const char *way, size_t format, struct sp_buf *out, struct counts *counts)
{
    struct sp_losses losses = { .arena = arena };
    struct sp_emit_request request = {
        .profile = subject->profile, .name = subject->label, .target = &subject->target,
        .format = formats[format].name, .resolve = true, .limits = &limits,
    };
    SP_BUF(why);
    enum sp_emit_result result = sp_emit(arena, &request, out, &losses, &why);

    if (result == SP_EMIT_NO_MEMORY || result == SP_EMIT_WRONG) {
        differ(counts, first, way, result == SP_EMIT_WRONG ? sp_buf_view(&why)
                                                           : SP_STR("could not be written"));
    }
    return result == SP_EMIT_OK && losses.all.count == 0;
}

/* What an emitted text means, against the first profile. */
static void
compare(const struct subject *first, const char *way, size_t format, struct sp_str text,
        struct counts *counts)
{
    struct sp_losses none = { .arena = NULL };
    struct sp_emit_written written = {
        .text = text, .dialect = formats[format].dialect, .policies = &first->policies,
        .one_arch = formats[format].one_arch, .losses = &none, .limits = &limits,
    };
    SP_BUF(why);

    if (written.dialect == SP_DIALECT_DOCKER) {
        written.dialect = SP_DIALECT_OCI;  /* resolved, it is one */
    }
    enum sp_emit_checked checked = sp_emit_check(&written, &why);
    if (checked != SP_EMIT_CHECKED_EQUAL && checked != SP_EMIT_CHECKED_UNPROVEN) {
        differ(counts, first, way, sp_buf_view(&why));
    }
}

/* The profile that an emitted text is. */
static bool
read_again(struct sp_arena *arena, const struct subject *first, size_t format, struct sp_str text,
           const char *way, struct subject *ret_subject, struct counts *counts)
{
    SP_BUF(why);

    *ret_subject = *first;
    ret_subject->target.engine = SP_ENGINE_OCI;
    ret_subject->target.runtime = SP_RUNTIME_CRUN;
    ret_subject->target.engine_version = ret_subject->target.runtime_version =
        (struct sp_version){ .major = 0 };
    if (sp_load_text(arena, &limits, formats[format].dialect, "text", text, &ret_subject->profile,
                     &why) != SP_LOAD_OK) {
        differ(counts, first, way, sp_buf_view(&why));
        return false;
    }
    return true;
}

static void
try_pair(const struct subject *first, const struct subject *second, size_t from, size_t to,
         bool carries, struct counts *counts)
{
    SP_SCRATCH(scratch);
    SP_BUF(text);
    char way[64];

    snprintf(way, sizeof way, "%s to %s", formats[from].name, formats[to].name);
    if (emit(&scratch, second, first, way, to, &text, counts)) {
        counts->pairs[from][to]++;
        if (is_profile(to, sp_buf_view(&text), counts)) {
            compare(first, way, to, sp_buf_view(&text), counts);
        }
    } else if (carries) {
        counts->lost[from][to]++;
    }
}

/* ---- one profile ----------------------------------------------------------------------------- */

static void
try_first(const struct subject *first, size_t from, const bool carries[FORMATS],
          struct sp_str text, struct counts *counts)
{
    SP_SCRATCH(scratch);
    struct subject second;

    if (!read_again(&scratch, first, from, text, formats[from].name, &second, counts)) {
        return;
    }
    for (size_t to = 0; to < FORMATS; to++) {
        try_pair(first, &second, from, to, carries[to], counts);
    }
}

static void
try_formats(const struct subject *first, struct counts *counts)
{
    SP_SCRATCH(scratch);
    struct sp_buf texts[FORMATS] = { { .data = NULL } };
    bool carries[FORMATS];

    for (size_t i = 0; i < FORMATS; i++) {
        carries[i] = emit(&scratch, first, first, formats[i].name, i, &texts[i], counts);
        counts->first[i] += carries[i];
    }
    for (size_t i = 0; i < FORMATS; i++) {
        if (carries[i] && is_profile(i, sp_buf_view(&texts[i]), counts)) {
            compare(first, formats[i].name, i, sp_buf_view(&texts[i]), counts);
            try_first(first, i, carries, sp_buf_view(&texts[i]), counts);
        }
        sp_buf_free(&texts[i]);
    }
}

/* On one architecture, which every format can say. */
static void
try_profile(struct sp_arena *arena, const char *label, struct sp_str text,
            const struct sp_target *target, struct counts *counts)
{
    struct subject subject = { .label = label, .target = *target };
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
    SP_BUF(why);

    if (store == NULL
        || sp_load_text(arena, &limits, SP_DIALECT_UNKNOWN, label, text, &subject.profile, &why)
            != SP_LOAD_OK) {
        sp_dd_store_free(store);
        return;
    }
    struct sp_scenes *scenes = sp_scenes_new(arena, store, subject.profile, &subject.target);
    struct sp_meaning *meaning = scenes == NULL ? NULL : sp_scenes_first(scenes);
    if (meaning != NULL && meaning->start == SP_START_FILTER
        && meaning->environment.host == target->arches[0]  /* formats speak of machines, not of ABIs */
        && sp_policies_make(arena, meaning, &subject.policies, NULL) == SP_POLICY_OK) {
        size_t kept = 0;
        for (size_t i = 0; i < subject.policies.all.count; i++) {
            if (sp_scenes_wants(scenes, subject.policies.all.at[i].arch)) {
                subject.policies.all.at[kept++] = subject.policies.all.at[i];
            }
        }
        subject.policies.all.count = kept;
        counts->profiles++;
        try_formats(&subject, counts);
    }
    sp_dd_store_free(store);
}

/* ---- profiles -------------------------------------------------------------------------------- */

static struct sp_target
target_on(const char *arch)
{
    return (struct sp_target){
        .arches = { sp_kb_arch_find(sp_str_of(arch)) }, .arch_count = 1,
        .libseccomp = sp_compile_libseccomp(),  /* which is what builds the programs */
    };
}

static void
try_defaults(struct counts *counts)
{
    struct sp_target target = target_on("x86_64");

    for (size_t i = 0; i < sp_kb_defaults_count; i++) {
        SP_SCRATCH(scratch);
        SP_BUF(text);
        sp_defaults_write(&sp_kb_defaults[i], &text);
        try_profile(&scratch, sp_arena_format(&scratch, "content %zu", i), sp_buf_view(&text),
                    &target, counts);
    }
}

static void
try_random(size_t count, uint64_t seed, struct counts *counts)
{
    for (size_t i = 0; i < count; i++) {
        SP_SCRATCH(scratch);
        SP_BUF(text);
        struct sp_environment environment;
        struct sp_target target;

        sp_random_profile(&seed, &text, &environment);
        target = target_on(sp_kb_text(environment.host->name));
        target.engine = environment.engine;
        target.runtime = environment.runtime;
        target.kernel = environment.kernel;
        try_profile(&scratch, sp_arena_format(&scratch, "random %zu", i), sp_buf_view(&text), &target,
                    counts);
    }
}

static void
print(const struct counts *counts)
{
    size_t pairs = 0;

    printf("%-9s %8s |", "", "carried");
    for (size_t to = 0; to < FORMATS; to++) {
        printf(" %9s", formats[to].name);
    }
    printf("\n");
    for (size_t from = 0; from < FORMATS; from++) {
        printf("%-9s %8zu |", formats[from].name, counts->first[from]);
        for (size_t to = 0; to < FORMATS; to++) {
            printf(" %9zu", counts->pairs[from][to]);
            pairs += counts->pairs[from][to];
        }
        printf("\n");
    }
    for (size_t from = 0; from < FORMATS; from++) {
        for (size_t to = 0; to < FORMATS; to++) {
            if (counts->lost[from][to] > 0) {
                printf("%s to %s: %zu profiles that %s carries are not written again\n",
                       formats[from].name, formats[to].name, counts->lost[from][to],
                       formats[to].name);
            }
        }
    }
    printf("%zu of %zu programs are no profile's and were not read\n", counts->unreadable,
           counts->programs);
    printf("formats: %zu profiles; %zu passed, %zu failed\n", counts->profiles, pairs,
           counts->differences);
}

int
main(int argc, char **argv)
{
    struct counts counts = { .profiles = 0 };

    if (argc != 3) {
        fprintf(stderr, "usage: formats_harness PROFILES SEED\n");
        return 2;
    }
    try_defaults(&counts);
    try_random(strtoul(argv[1], NULL, 10), strtoull(argv[2], NULL, 10), &counts);
    print(&counts);
    return counts.differences > 0;
}
