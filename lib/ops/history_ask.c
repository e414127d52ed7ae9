#include "ops/history_work.h"

#include "format/profile_read.h"
#include "sem/meaning.h"
#include "text/json_read.h"

#include <string.h>

/* ---- products ------------------------------------------------------------------------ */

/* Who reads the profiles of a series, and with which capabilities its containers start.
 * containerd's profile is code, told here in Docker's words. */
static const struct product {
    const char *series;
    enum sp_engine engine;
    unsigned defaults;
} products[] = {
    { "containerd", SP_ENGINE_DOCKER, SP_KB_CONTAINERD },
    { "containers-common", SP_ENGINE_PODMAN, SP_KB_PODMAN },
    { "containers-golang", SP_ENGINE_PODMAN, SP_KB_PODMAN },
    { "crio", SP_ENGINE_CRIO, SP_KB_CRIO },
    { "docker", SP_ENGINE_DOCKER, SP_KB_DOCKER },
    { "moby-profiles", SP_ENGINE_DOCKER, SP_KB_DOCKER },
    { "podman", SP_ENGINE_PODMAN, SP_KB_PODMAN },
};

static struct product
product_of(const struct sp_kb_series *series)
{
    for (size_t i = 0; i < sizeof products / sizeof *products; i++) {
        if (strcmp(products[i].series, sp_kb_text(series->name)) == 0) {
            return products[i];
        }
    }
    return (struct product){ .engine = SP_ENGINE_DOCKER, .defaults = SP_KB_DOCKER };
}

uint64_t
sp_history_base_caps(const struct sp_history_request *request)
{
    return request->caps_given ? request->caps
                               : sp_kb_default_caps(product_of(request->series).defaults);
}

/* ---- the machine --------------------------------------------------------------------- */

static bool
has_call(const struct sp_kb_arch *arch, const struct sp_kb_syscall *call)
{
    return arch != NULL && sp_kb_number(arch, call) != SP_KB_NO_NUMBER;
}

/* The machine's own architecture, or the first of its ABIs that has the call. */
static const struct sp_kb_arch *
arch_on(const struct sp_kb_arch *host, const struct sp_kb_syscall *call)
{
    struct sp_str rest = sp_str_of(sp_kb_text(host->compat));
    struct sp_str name;

    if (has_call(host, call)) {
        return host;
    }
    while (sp_str_next(&rest, " ", &name)) {
        const struct sp_kb_arch *arch = sp_kb_arch_find(name);
        if (has_call(arch, call)) {
            return arch;
        }
    }
    return NULL;
}

/* A 64-bit machine that runs programs of `arch`, where there is one. */
static const struct sp_kb_arch *
host_of(const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < sp_kb_arches_count && arch->bits == 32; i++) {
        if (sp_kb_arches[i].bits == 64 && sp_kb_arch_serves(&sp_kb_arches[i], arch)) {
            return &sp_kb_arches[i];
        }
    }
    return arch;
}

const struct sp_kb_arch *
sp_history_arch(const struct sp_history_request *request)
{
    const struct sp_kb_arch *native = sp_kb_arch_native();

    if (request->arch != NULL) {
        return has_call(request->arch, request->call) ? request->arch : NULL;
    }
    return native == NULL ? NULL : arch_on(native, request->call);
}

/* ---- asking -------------------------------------------------------------------------- */

const struct sp_profile *
sp_history_profile(struct sp_arena *arena, struct sp_str text)
{
    const struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = arena };
    struct sp_source *source = sp_source_new(arena, "default", text);
    struct sp_doc *doc = sp_arena_new(arena, struct sp_doc);

    if (source == NULL || doc == NULL || !sp_json_read(arena, source, &limits, &report, doc)) {
        return NULL;
    }
    return sp_profile_read(arena, doc, sp_profile_detect(doc));
}

/* The runtime is one that takes exactly the profile: crun makes no stub. */
bool
sp_history_ask_profile(const struct sp_history_request *request, const struct sp_kb_arch *arch,
                       const struct sp_profile *profile, uint64_t caps,
                       struct sp_history_answer *ret_answer)
{
    SP_SCRATCH(scratch);
    const struct sp_environment environment = {
        .engine = product_of(request->series).engine,
        .runtime = SP_RUNTIME_CRUN,
        .host = request->arch == NULL ? sp_kb_arch_native() : host_of(arch),
        .kernel = request->kernel.major == 0 ? sp_kb_newest_kernel() : request->kernel,
        .caps = sp_history_base_caps(request) | caps,
    };
    struct sp_meaning *meaning;

    if (!sp_meaning_make(&scratch, request->store, profile, &environment, &meaning)) {
        return false;
    }
    *ret_answer = (struct sp_history_answer){ .starts = meaning->start == SP_START_FILTER };
    if (ret_answer->starts) {
        ret_answer->verdicts = sp_meaning_of(meaning, arch,
                                             (uint32_t)sp_kb_number(arch, request->call),
                                             SP_READING_KERNEL);
    }
    return !scratch.failed;
}

bool
sp_history_ask(struct sp_arena *arena, const struct sp_history_request *request,
               struct sp_str text, struct sp_history_answer *ret_answer)
{
    const struct sp_profile *profile = sp_history_profile(arena, text);

    return profile != NULL
        && sp_history_ask_profile(request, sp_history_arch(request), profile, 0, ret_answer);
}
