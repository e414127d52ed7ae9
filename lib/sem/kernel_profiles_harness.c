/* Groups of profiles: a default in several environments, and profiles by chance. */
#include "base/file.h"
#include "format/defaults_write.h"
#include "format/profile_read.h"
#include "sem/kernel_harness.h"
#include "text/json_read.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

/* ---- reading ----------------------------------------------------------------------------- */

static const struct sp_profile *
read_text(struct sp_arena *arena, const char *name, struct sp_str text)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = arena };
    struct sp_source *source = sp_source_new(arena, name, text);
    struct sp_doc *doc = sp_arena_new(arena, struct sp_doc);

    if (source == NULL || doc == NULL || !sp_json_read(arena, source, &limits, &report, doc)) {
        return NULL;
    }
    const struct sp_profile *profile = sp_profile_read(arena, doc, sp_profile_detect(doc));
    return profile == NULL || profile->node == NULL ? NULL : profile;
}

/* NULL when there is no such profile. */
static const struct sp_profile *
load(struct sp_arena *arena, const char *word)
{
    const struct sp_kb_default *builtin = sp_kb_default_find(sp_str_of(word));
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_str text = { .len = 0 };
    SP_BUF(buf);

    if (builtin != NULL) {
        sp_defaults_write(builtin, &buf);
        text.len = buf.len;
        text.ptr = buf.failed ? NULL : sp_arena_copy(arena, sp_buf_view(&buf));
    } else if (sp_file_read(arena, word, limits.bytes, &text) != SP_FILE_OK) {
        return NULL;
    }
    return text.ptr == NULL ? NULL : read_text(arena, word, text);
}

/* ---- environments ------------------------------------------------------------------------ */

static const struct runtime {
    const char *name;
    enum sp_runtime runtime;
    struct sp_version version;
} runtimes[] = {
    { .name = "runc", .runtime = SP_RUNTIME_RUNC },
    { .name = "runc@1.1.5", .runtime = SP_RUNTIME_RUNC, .version = { 1, 1, 5 } },
    { .name = "crun", .runtime = SP_RUNTIME_CRUN },
};

enum { RUNTIMES = sizeof runtimes / sizeof *runtimes };

/* The capabilities of a container: some of the engine's default, and others. */
static const struct caps {
    const char *name;
    bool is_default;
    bool is_all;
    const char *other;  /* NULL = none */
} all_caps[] = {
    { .name = "caps none" },
    { .name = "caps default", .is_default = true },
    { .name = "caps all", .is_all = true },
    { .name = "caps default and SYS_ADMIN", .is_default = true, .other = "CAP_SYS_ADMIN" },
};

enum { CAPS = sizeof all_caps / sizeof *all_caps };

static struct sp_version
running_kernel(void)
{
    struct sp_version version = { .major = 0 };
    struct utsname names;

    if (uname(&names) == 0) {
        sscanf(names.release, "%hu.%hu.%hu", &version.major, &version.minor, &version.patch);
    }
    return version;
}

static struct sp_environment
environment_of(enum sp_engine engine, const struct runtime *runtime)
{
    return (struct sp_environment){
        .engine = engine, .runtime = runtime->runtime, .runtime_version = runtime->version,
        .libseccomp = sp_compile_libseccomp(), .host = sp_kb_arch_find(SP_STR("x86_64")),
        .kernel = running_kernel(),
    };
}

static uint64_t
caps_of(const struct caps *caps, enum sp_engine engine)
{
    unsigned own = engine == SP_ENGINE_PODMAN ? SP_KB_PODMAN : SP_KB_DOCKER;
    uint64_t set = caps->is_default ? sp_kb_default_caps(own) : 0;

    if (caps->other != NULL) {
        set |= UINT64_C(1) << (sp_kb_cap_find(sp_str_of(caps->other)) - sp_kb_caps);
    }
    return caps->is_all ? (UINT64_C(1) << sp_kb_caps_count) - 1 : set;
}

/* ---- one profile in one environment ------------------------------------------------------ */

struct run {
    const char *probe;
    const char *name;
    const struct sp_profile *profile;
    struct sp_environment environment;
    struct kernel_sum *sum;
    enum sp_start start;  /* nothing is compared unless it is FILTER */
    bool has_hazards;     /* a call is outside the safe fragment */
};

static bool
has_hazards(struct sp_meaning *meaning)
{
    for (size_t i = 0; i < meaning->arch_count; i++) {
        const struct sp_arch_rules *rules = &meaning->arches[i];
        for (size_t j = 0; j < rules->calls.count; j++) {
            if (sp_meaning_hazards(meaning, rules->arch, rules->calls.at[j].nr) != 0) {
                return true;
            }
        }
    }
    return false;
}

/* The meaning answers for the filter that it would have loaded: this is the one. */
static enum kernel_asked
ask_kernel(struct run *run, struct sp_meaning *meaning)
{
    struct kernel_points points = { .arena = meaning->arena };
    const struct sp_compiled *compiled = sp_meaning_compiled(meaning);

    run->has_hazards = has_hazards(meaning);
    if (compiled->result != SP_COMPILE_PROGRAM || !kernel_points_make(meaning, &points)) {
        return KERNEL_TROUBLE;
    }
    return kernel_compare(run->probe, run->name, compiled->program, KERNEL_GUARDED, &points,
                          run->sum);
}

static enum kernel_asked
check(struct sp_arena *arena, struct run *run)
{
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
    enum kernel_asked asked = KERNEL_TROUBLE;
    struct sp_meaning *meaning;

    if (store != NULL
        && sp_meaning_make(arena, store, run->profile, &run->environment, &meaning)) {
        run->start = meaning->start;
        asked = meaning->start == SP_START_FILTER ? ask_kernel(run, meaning) : KERNEL_ASKED;
    }
    sp_dd_store_free(store);
    return asked;
}

/* ---- a default --------------------------------------------------------------------------- */

static enum kernel_asked
check_environment(const char *probe, const char *word, const struct runtime *runtime,
                  const struct caps *caps, struct kernel_sum *sum)
{
    enum sp_engine engine = strcmp(word, "podman") == 0 ? SP_ENGINE_PODMAN : SP_ENGINE_DOCKER;
    SP_SCRATCH(scratch);
    struct run run = {
        .probe = probe, .sum = sum, .environment = environment_of(engine, runtime),
        .name = sp_arena_format(&scratch, "%s, %s, %s", word, runtime->name, caps->name),
        .profile = load(&scratch, word),
    };

    run.environment.caps = caps_of(caps, engine);
    if (run.profile == NULL || run.name == NULL) {
        fprintf(stderr, "%s: there is no such profile\n", word);
        return KERNEL_TROUBLE;
    }
    enum kernel_asked asked = check(&scratch, &run);
    if (asked == KERNEL_ASKED && run.start != SP_START_FILTER) {
        fprintf(stderr, "%s: no container starts under it\n", run.name);
        return KERNEL_TROUBLE;
    }
    return asked;
}

enum kernel_asked
kernel_check_profile(const char *probe, const char *word, struct kernel_sum *sum)
{
    struct kernel_sum own = { .points = 0 };
    enum kernel_asked asked = KERNEL_ASKED;

    for (size_t i = 0; asked == KERNEL_ASKED && i < RUNTIMES * CAPS; i++) {
        asked = check_environment(probe, word, &runtimes[i / CAPS], &all_caps[i % CAPS], &own);
    }
    if (asked == KERNEL_ASKED) {
        printf("%s in %d environments: ", word, RUNTIMES * CAPS);
        kernel_print_sum(&own);
        kernel_add_sum(sum, &own);
    }
    return asked;
}

/* ---- profiles by chance ------------------------------------------------------------------ */

enum { GENERATED = 50, TRIES = 500, SEED = 1 };

/* Milliseconds of libseccomp: who needs more, never ends. */
enum { COMPILE_LIMIT = 1000 };

/* So that what never ends costs a second, and not the ten that the meaning gives it. */
static bool
is_endless(const struct sp_profile *profile, const struct sp_environment *environment)
{
    struct sp_compile_limits limits = { .milliseconds = COMPILE_LIMIT };
    struct sp_compiled compiled;
    struct sp_filter_rules rules;
    struct sp_oci oci;
    SP_SCRATCH(scratch);

    return sp_resolve(&scratch, profile, environment, &oci)
        && oci.resolution == SP_RESOLUTION_PROFILE
        && sp_filter_rules_make(&scratch, profile, &oci, environment, &rules)
        && rules.refused == NULL
        && sp_compile(&scratch, &rules, environment, &limits, &compiled)
        && compiled.result == SP_COMPILE_ENDLESS;
}

struct generated {
    size_t loaded, refused, endless, with_hazards;
};

static enum kernel_asked
check_one(const char *probe, unsigned number, struct generated *generated,
          struct kernel_sum *sum)
{
    uint64_t seed = SEED + number * UINT64_C(0x9e3779b97f4a7c15);
    SP_SCRATCH(scratch);
    SP_BUF(text);

    kernel_generate(&seed, &text);
    struct run run = {
        .probe = probe, .sum = sum,
        .environment = environment_of(SP_ENGINE_OCI, &runtimes[number % RUNTIMES]),
        .name = sp_arena_format(&scratch, "generated %u, %s", number,
                                runtimes[number % RUNTIMES].name),
        .profile = read_text(&scratch, "generated", sp_buf_view(&text)),
    };
    if (run.profile == NULL || run.name == NULL || text.failed) {
        return KERNEL_TROUBLE;
    }
    if (is_endless(run.profile, &run.environment)) {
        generated->endless++;
        return KERNEL_ASKED;
    }
    size_t disagreed = sum->disagreed;
    enum kernel_asked asked = check(&scratch, &run);
    generated->loaded += run.start == SP_START_FILTER;
    generated->refused += run.start != SP_START_FILTER;
    generated->with_hazards += run.has_hazards;
    if (sum->disagreed > disagreed) {
        printf("%s is %s\n", run.name, text.data);
    }
    return asked;
}

enum kernel_asked
kernel_check_generated(const char *probe, struct kernel_sum *sum)
{
    struct kernel_sum own = { .points = 0 };
    struct generated generated = { .loaded = 0 };
    enum kernel_asked asked = KERNEL_ASKED;

    for (unsigned i = 0; asked == KERNEL_ASKED && generated.loaded < GENERATED; i++) {
        asked = i < TRIES ? check_one(probe, i, &generated, &own) : KERNEL_TROUBLE;
    }
    if (asked == KERNEL_ASKED) {
        printf("%zu generated profiles, %zu of them outside the safe fragment (%zu refused and "
               "%zu endless ones passed over): ", generated.loaded, generated.with_hazards,
               generated.refused, generated.endless);
        kernel_print_sum(&own);
        kernel_add_sum(sum, &own);
    }
    return asked;
}
