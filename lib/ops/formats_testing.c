#include "ops/formats_testing.h"

#include "format/defaults_write.h"
#include "format/read.h"
#include "kb/defaults.h"
#include "ops/emit.h"
#include "ops/emit_check.h"
#include "ops/load.h"
#include "sem/compile.h"
#include "sem/random_profiles_testing.h"
#include "sem/scenes.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    enum sp_dialect dialect;
    bool one_arch;
} formats[SP_FORMATS] = {
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

enum { BPF = SP_FORMATS - 1 };

static const struct sp_doc_limits limits = SP_DOC_LIMITS;

/* A text that was compared already, and whether it can be read. */
struct seen {
    struct sp_str text;
    bool is_readable;
};

/* A profile with where it is put to use. */
struct subject {
    const char *label;
    const struct sp_profile *profile;
    struct sp_target target;
};

/* The work on one profile. */
struct trip {
    struct sp_arena *arena;
    struct subject first;
    struct sp_policies policies;  /* what it means */
    SP_VEC(struct seen) seen[SP_FORMATS];
    struct sp_formats_counts *counts;
};

const char *
sp_formats_name(size_t format)
{
    return formats[format].name;
}

/* ---- one text -------------------------------------------------------------------------------- */

static void
differ(struct trip *trip, const char *way, struct sp_str why)
{
    trip->counts->differences++;
    sp_buf_format(&trip->counts->told, "DIFFERS %s: %s: %.*s\n", trip->first.label, way,
                  SP_STR_ARG(why));
}

/* True when the format carries all of it. */
static bool
emit(struct trip *trip, const struct subject *subject, const char *way, size_t format,
     struct sp_buf *out)
{
    SP_SCRATCH(scratch);
    struct sp_losses losses = { .arena = &scratch };
    struct sp_emit_request request = {
        .profile = subject->profile, .name = subject->label, .target = &subject->target,
        .format = formats[format].name, .resolve = true, .limits = &limits,
    };
    SP_BUF(why);
    enum sp_emit_result result = sp_emit(&scratch, &request, out, &losses, &why);

    if (result == SP_EMIT_NO_MEMORY || result == SP_EMIT_WRONG) {
        differ(trip, way, result == SP_EMIT_WRONG ? sp_buf_view(&why) : SP_STR("no memory"));
    }
    return result == SP_EMIT_OK && losses.all.count == 0;
}

/* The profile that an emitted text is; NULL when it cannot be read. */
static const struct sp_profile *
read_text(struct trip *trip, size_t format, struct sp_str text, struct sp_buf *why)
{
    struct sp_report report = { .arena = trip->arena };
    struct sp_source *source =
        sp_read_source(trip->arena, "text", text, formats[format].dialect);
    struct sp_doc *doc = sp_arena_new(trip->arena, struct sp_doc);
    struct sp_detected detected;

    if (source == NULL || doc == NULL || !sp_source_index(trip->arena, source)) {
        return NULL;
    }
    source->machine = sp_kb_text(trip->policies.all.at[0].arch->name);
    if (!sp_read_document(trip->arena, source, &limits, formats[format].dialect, &report, doc,
                          &detected)) {
        sp_buf_text(why, report.diags.count > 0 ? report.diags.at[0]->message : "no memory");
        return NULL;
    }
    return sp_profile_read(trip->arena, doc, detected);
}

static const struct seen *
find_seen(const struct trip *trip, size_t format, struct sp_str text)
{
    for (size_t i = 0; i < trip->seen[format].count; i++) {
        if (sp_str_equal(trip->seen[format].at[i].text, text)) {
            return &trip->seen[format].at[i];
        }
    }
    return NULL;
}

/* What an emitted text means, against the first profile. */
static void
compare(struct trip *trip, const char *way, size_t format, struct sp_str text)
{
    struct sp_losses none = { .arena = NULL };
    struct sp_emit_written written = {
        .text = text, .dialect = formats[format].dialect, .policies = &trip->policies,
        .one_arch = formats[format].one_arch, .losses = &none, .limits = &limits,
    };
    SP_BUF(why);

    if (written.dialect == SP_DIALECT_DOCKER) {
        written.dialect = SP_DIALECT_OCI;  /* resolved, it is one */
    }
    enum sp_emit_checked checked = sp_emit_check(&written, &why);
    trip->counts->unproven += checked == SP_EMIT_CHECKED_UNPROVEN;
    if (checked != SP_EMIT_CHECKED_EQUAL && checked != SP_EMIT_CHECKED_UNPROVEN) {
        differ(trip, way, sp_buf_view(&why));
    }
}

/* A program that says of two architectures what no profile can say of both is refused with its reason, and
 * that is right: sp_emit has proven the program itself. */
static bool
is_profile(struct trip *trip, size_t format, struct sp_str text)
{
    SP_BUF(why);

    if (format != BPF) {
        return true;
    }
    bool is = read_text(trip, format, text, &why) != NULL;
    trip->counts->programs++;
    trip->counts->unreadable += !is;
    return is;
}

/* Compares a text with the first profile, unless that was done with the same one.  False when it cannot be
 * read again. */
static bool
check(struct trip *trip, const char *way, size_t format, struct sp_str text)
{
    const struct seen *before = find_seen(trip, format, text);

    if (before != NULL) {
        return before->is_readable;
    }
    struct seen *now = sp_vec_push(trip->arena, &trip->seen[format]);
    char *copy = sp_arena_copy(trip->arena, text);
    if (now == NULL || copy == NULL) {
        differ(trip, way, SP_STR("no memory"));
        return false;
    }
    trip->counts->texts++;
    *now = (struct seen){
        .text = { .ptr = copy, .len = text.len }, .is_readable = is_profile(trip, format, text),
    };
    if (now->is_readable) {
        compare(trip, way, format, text);
    }
    return now->is_readable;
}

/* ---- two steps ------------------------------------------------------------------------------- */

static void
try_pair(struct trip *trip, const struct subject *second, size_t from, size_t to, bool carries)
{
    SP_BUF(text);
    char way[64];

    snprintf(way, sizeof way, "%s to %s", formats[from].name, formats[to].name);
    if (emit(trip, second, way, to, &text)) {
        trip->counts->pairs[from][to]++;
        (void)check(trip, way, to, sp_buf_view(&text));
    } else if (carries) {
        trip->counts->lost[from][to]++;
    }
}

static void
try_second(struct trip *trip, size_t from, const bool carries[SP_FORMATS], struct sp_str text)
{
    struct subject second = trip->first;
    SP_BUF(why);

    second.target.engine = SP_ENGINE_OCI;
    second.target.runtime = SP_RUNTIME_CRUN;
    second.target.engine_version = second.target.runtime_version =
        (struct sp_version){ .major = 0 };
    second.profile = read_text(trip, from, text, &why);
    if (second.profile == NULL) {
        differ(trip, formats[from].name, sp_buf_view(&why));
        return;
    }
    for (size_t to = 0; to < SP_FORMATS; to++) {
        try_pair(trip, &second, from, to, carries[to]);
    }
}

/* Does runc's stub answer for calls that the profile names?  Then its program says less than the profile. */
static bool
is_stubbed(const struct trip *trip)
{
    for (size_t i = 0; i < trip->policies.all.count; i++) {
        const struct sp_policy *policy = &trip->policies.all.at[i];
        for (size_t j = 0; j < policy->calls.count && policy->stub > 0; j++) {
            if (policy->calls.at[j].nr > policy->stub) {
                return true;
            }
        }
    }
    return false;
}

static bool
can_go_on(struct trip *trip, size_t format)
{
    bool is_wanting = format == BPF && is_stubbed(trip);

    trip->counts->stubbed += is_wanting;
    return !is_wanting;
}

static void
try_formats(struct trip *trip)
{
    struct sp_buf texts[SP_FORMATS] = { { .data = NULL } };
    bool carries[SP_FORMATS];

    for (size_t i = 0; i < SP_FORMATS; i++) {
        carries[i] = emit(trip, &trip->first, formats[i].name, i, &texts[i]);
        trip->counts->first[i] += carries[i];
    }
    for (size_t i = 0; i < SP_FORMATS; i++) {
        if (carries[i] && can_go_on(trip, i) && check(trip, formats[i].name, i, sp_buf_view(&texts[i]))) {
            try_second(trip, i, carries, sp_buf_view(&texts[i]));
        }
        sp_buf_free(&texts[i]);
    }
}

/* ---- one profile ----------------------------------------------------------------------------- */

/* What the profile means on the architectures of the target. False when it makes no filter of its own. */
static bool
find_policies(struct trip *trip, struct sp_dd_store *store)
{
    const struct sp_target *target = &trip->first.target;
    struct sp_scenes *scenes = sp_scenes_new(trip->arena, store, trip->first.profile, target);
    struct sp_meaning *meaning = scenes == NULL ? NULL : sp_scenes_first(scenes);
    size_t kept = 0;

    /* Formats speak of machines, not of ABIs. */
    if (meaning == NULL || meaning->start != SP_START_FILTER
        || meaning->environment.host != target->arches[0]
        || sp_policies_make(trip->arena, meaning, &trip->policies, NULL) != SP_POLICY_OK) {
        return false;
    }
    for (size_t i = 0; i < trip->policies.all.count; i++) {
        if (sp_scenes_wants(scenes, trip->policies.all.at[i].arch)) {
            trip->policies.all.at[kept++] = trip->policies.all.at[i];
        }
    }
    trip->policies.all.count = kept;
    return true;
}

void
sp_formats_try(const char *label, struct sp_str text, const struct sp_target *target,
               struct sp_formats_counts *counts)
{
    SP_SCRATCH(scratch);
    SP_BUF(why);
    struct trip trip = {
        .arena = &scratch, .first = { .label = label, .target = *target }, .counts = counts,
    };
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);

    if (store != NULL
        && sp_load_text(&scratch, &limits, SP_DIALECT_UNKNOWN, label, text, &trip.first.profile, &why)
            == SP_LOAD_OK
        && find_policies(&trip, store)) {
        counts->profiles++;
        try_formats(&trip);
    }
    sp_dd_store_free(store);
}

/* ---- profiles -------------------------------------------------------------------------------- */

static struct sp_target
target_on(const struct sp_kb_arch *arch)
{
    return (struct sp_target){
        .arches = { arch }, .arch_count = 1,
        .libseccomp = sp_compile_libseccomp(),  /* which is what builds the programs */
    };
}

void
sp_formats_try_content(size_t n, struct sp_formats_counts *counts)
{
    struct sp_target target = target_on(sp_kb_arch_find(SP_STR("x86_64")));
    char label[32];
    SP_BUF(text);

    snprintf(label, sizeof label, "content %zu", n);
    sp_defaults_write(&sp_kb_defaults[n], &text);
    sp_formats_try(label, sp_buf_view(&text), &target, counts);
}

void
sp_formats_try_random(size_t count, uint64_t *seed, struct sp_formats_counts *counts)
{
    for (size_t i = 0; i < count; i++) {
        SP_BUF(text);
        struct sp_environment environment;
        char label[32];

        sp_random_profile(seed, &text, &environment);
        struct sp_target target = target_on(environment.host);
        target.engine = environment.engine;
        target.runtime = environment.runtime;
        target.kernel = environment.kernel;
        snprintf(label, sizeof label, "random %zu", i);
        sp_formats_try(label, sp_buf_view(&text), &target, counts);
    }
}
