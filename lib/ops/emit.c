#include "ops/emit.h"

#include "format/c_write.h"
#include "format/emission.h"
#include "format/firejail_write.h"
#include "format/kafel_write.h"
#include "format/list_write.h"
#include "format/minijail_write.h"
#include "format/profile_write.h"
#include "format/spo_write.h"
#include "format/systemd_write.h"
#include "ops/call_verdicts.h"
#include "ops/emit_check.h"
#include "ops/emit_program.h"
#include "ops/filter.h"
#include "ops/operand.h"
#include "sem/bpf_run.h"
#include "sem/scenes.h"

#include <string.h>

/* The work on one text. */
struct work {
    struct sp_arena *arena;
    const struct sp_emit_request *request;
    const struct row *row;
    struct sp_dd_store *store;
    struct sp_scenes *scenes;
    struct sp_meaning *meaning;    /* in the one environment that is written for */
    struct sp_policies policies;
    struct sp_losses *losses;
    struct sp_buf *out;
    struct sp_buf *why;
};

/* A format: how it is written, and how it is read back. */
struct row {
    const char *name;
    const char *about;
    enum sp_emit_result (*make)(struct work *work);
    void (*write)(struct sp_emission *emission);  /* of a text that is made from policies */
    enum sp_dialect dialect;  /* that it is read back as; UNKNOWN: nothing to prove */
    bool one_arch;            /* it speaks of the first architecture alone */
    bool is_built;            /* it is what the libseccomp at hand makes */
};

/* ---- the meaning ------------------------------------------------------------------------- */

static enum sp_emit_result
refuse(struct work *work, const char *why)
{
    sp_buf_format(work->why, "%s: %s", work->request->name, why);
    return SP_EMIT_REFUSED;
}

/* Of a machine's architectures those that were asked for. */
static void
keep_wanted(struct work *work)
{
    size_t kept = 0;

    for (size_t i = 0; i < work->policies.all.count; i++) {
        if (sp_scenes_wants(work->scenes, work->policies.all.at[i].arch)) {
            work->policies.all.at[kept++] = work->policies.all.at[i];
        }
    }
    work->policies.all.count = kept;
}

static enum sp_emit_result
need_meaning(struct work *work)
{
    struct sp_target *here = sp_arena_new(work->arena, struct sp_target);

    if (here == NULL) {
        return SP_EMIT_NO_MEMORY;
    }
    *here = sp_call_target_here(work->request->target);
    if (work->row->is_built && here->libseccomp.major == 0) {
        here->libseccomp = sp_compile_libseccomp();
    }
    work->scenes = sp_scenes_new(work->arena, work->store, work->request->profile, here);
    work->meaning = work->scenes == NULL ? NULL : sp_scenes_first(work->scenes);
    if (work->meaning == NULL) {
        return SP_EMIT_NO_MEMORY;
    }
    switch (work->meaning->start) {
    case SP_START_FILTER:
        return SP_EMIT_OK;
    case SP_START_UNCONFINED:
        return refuse(work, "an engine would run without a filter");
    case SP_START_REFUSED:
    case SP_START_ENDLESS:
        break;
    }
    if (work->meaning->where == NULL) {
        sp_buf_format(work->why, "%s: ", work->request->name);
    }
    sp_filter_write_refusal(work->meaning, work->why);
    return SP_EMIT_REFUSED;
}

static enum sp_emit_result
need_policies(struct work *work)
{
    const char *call = "a call";
    enum sp_emit_result result = need_meaning(work);

    if (result != SP_EMIT_OK) {
        return result;
    }
    switch (sp_policies_make(work->arena, work->meaning, &work->policies, &call)) {
    case SP_POLICY_OK:
        keep_wanted(work);
        return work->policies.all.count > 0
            ? SP_EMIT_OK : refuse(work, "its filter has none of the architectures asked for");
    case SP_POLICY_NO_MEMORY:
        return SP_EMIT_NO_MEMORY;
    case SP_POLICY_UNDECIDED:
        sp_buf_format(work->why, "%s: what it says of %s could not be found out",
                      work->request->name, call);
        return SP_EMIT_REFUSED;
    case SP_POLICY_LONG:
        break;
    }
    sp_buf_format(work->why, "%s: the conditions of %s are too long to be written",
                  work->request->name, call);
    return SP_EMIT_REFUSED;
}

/* ---- the proof ----------------------------------------------------------------------------- */

static enum sp_emit_result
prove(struct work *work)
{
    struct sp_emit_written written = {
        .text = sp_buf_view(work->out),
        .dialect = work->row->dialect,
        .policies = &work->policies,
        .one_arch = work->row->one_arch,
        .losses = work->losses,
        .limits = work->request->limits,
    };
    SP_BUF(found);

    switch (sp_emit_check(&written, &found)) {
    case SP_EMIT_CHECKED_EQUAL:
        return SP_EMIT_OK;
    case SP_EMIT_CHECKED_NO_MEMORY:
        return SP_EMIT_NO_MEMORY;
    case SP_EMIT_CHECKED_UNPROVEN:
        return refuse(work, sp_buf_part(&found, &work->why->failed).ptr);
    case SP_EMIT_CHECKED_DIFFERS:
        break;
    }
    sp_buf_add(work->why, sp_buf_part(&found, &work->why->failed));
    return SP_EMIT_WRONG;
}

/* ---- formats ------------------------------------------------------------------------------- */

/* From words: most formats. */
static enum sp_emit_result
make_text(struct work *work)
{
    enum sp_emit_result result = need_policies(work);
    struct sp_emission emission = {
        .arena = work->arena, .policies = &work->policies, .name = work->request->name,
        .losses = work->losses, .out = work->out,
    };

    if (result != SP_EMIT_OK) {
        return result;
    }
    work->row->write(&emission);
    return SP_EMIT_OK;
}

/* As the engine hands it to the runtime. */
static enum sp_emit_result
make_oci(struct work *work)
{
    enum sp_emit_result result = need_policies(work);

    if (result == SP_EMIT_OK) {
        sp_profile_write_oci(&work->meaning->oci, work->meaning->environment.engine, work->out);
    }
    return result;
}

static enum sp_emit_result
make_spo(struct work *work)
{
    enum sp_emit_result result = need_policies(work);

    if (result == SP_EMIT_OK) {
        sp_spo_write(&work->meaning->oci, &work->meaning->environment, work->request->name,
                     work->losses, work->out);
    }
    return result;
}

/* From the rules that the runtime gives to libseccomp. */
static enum sp_emit_result
make_source(struct work *work)
{
    enum sp_emit_result result = need_meaning(work);

    if (result == SP_EMIT_OK
        && !sp_c_write(work->arena, &work->meaning->rules, &work->meaning->environment,
                       work->request->name, work->out)) {
        return SP_EMIT_NO_MEMORY;
    }
    return result;
}

static enum sp_emit_result
make_program(struct work *work, struct sp_bpf *ret_program)
{
    enum sp_emit_result result = need_meaning(work);

    return result != SP_EMIT_OK ? result : sp_emit_program(work->meaning, ret_program, work->why);
}

static enum sp_emit_result
make_bpf(struct work *work)
{
    struct sp_bpf program;
    enum sp_emit_result result = make_program(work, &program);

    if (result == SP_EMIT_OK) {
        sp_emit_program_bytes(program, work->out);
    }
    return result;
}

static enum sp_emit_result
make_listing(struct work *work)
{
    struct sp_bpf program;
    enum sp_emit_result result = make_program(work, &program);

    if (result == SP_EMIT_OK) {
        sp_bpf_print(program, work->out);
    }
    return result;
}

/* As it is written, or as its project ships it. */
static enum sp_emit_result
make_docker(struct work *work)
{
    const char *name = work->request->name;

    if (work->request->resolve) {
        return make_oci(work);
    }
    if (sp_operand_kind(name) == SP_OPERAND_BUILTIN) {
        sp_buf_add(work->out, sp_operand_builtin(work->arena, name));
        return SP_EMIT_OK;
    }
    enum sp_emit_result result = need_policies(work);
    if (result == SP_EMIT_OK) {
        sp_profile_write(work->request->profile, work->out);
    }
    return result;
}

static const struct row rows[] = {
    { .name = "docker", .about = "Docker's JSON, as it is written", .make = make_docker,
      .dialect = SP_DIALECT_DOCKER },
    { .name = "oci", .about = "what the engine hands to its runtime: linux.seccomp of config.json",
      .make = make_oci, .dialect = SP_DIALECT_OCI },
    { .name = "spo", .about = "SeccompProfile of the Security Profiles Operator", .make = make_spo,
      .dialect = SP_DIALECT_SPO },
    { .name = "systemd", .about = "drop-in for a service of systemd", .make = make_text,
      .write = sp_systemd_write, .dialect = SP_DIALECT_SYSTEMD },
    { .name = "minijail", .about = "policy of minijail0", .make = make_text,
      .write = sp_minijail_write, .dialect = SP_DIALECT_MINIJAIL, .one_arch = true },
    { .name = "firejail", .about = "lines of a firejail profile", .make = make_text,
      .write = sp_firejail_write, .dialect = SP_DIALECT_FIREJAIL, .one_arch = true },
    { .name = "kafel", .about = "policy of kafel, as nsjail takes it", .make = make_text,
      .write = sp_kafel_write, .dialect = SP_DIALECT_KAFEL, .one_arch = true },
    { .name = "list", .about = "names of the calls that are allowed, one a line", .make = make_text,
      .write = sp_list_write, .dialect = SP_DIALECT_LIST, .one_arch = true },
    { .name = "c", .about = "C source that builds the filter with libseccomp", .make = make_source },
    { .name = "bpf", .about = "the filter's program, as the kernel takes it", .make = make_bpf,
      .is_built = true },
    { .name = "pfc", .about = "the same, listed for people", .make = make_listing,
      .is_built = true },
};

const char *
sp_emit_format(size_t n, const char **ret_about)
{
    if (n >= sizeof rows / sizeof *rows) {
        return NULL;
    }
    *ret_about = rows[n].about;
    return rows[n].name;
}

static const struct row *
find_row(const char *format)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].name, format) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

static enum sp_emit_result
make(struct work *work)
{
    enum sp_emit_result result = work->row->make(work);

    if (work->arena->failed || work->out->failed || work->losses->failed
        || sp_dd_store_failed(work->store)) {
        return SP_EMIT_NO_MEMORY;
    }
    bool is_provable = work->row->dialect != SP_DIALECT_UNKNOWN && work->meaning != NULL;
    return result != SP_EMIT_OK || !is_provable ? result : prove(work);
}

enum sp_emit_result
sp_emit(struct sp_arena *arena, const struct sp_emit_request *request, struct sp_buf *out,
        struct sp_losses *losses, struct sp_buf *why)
{
    struct work work = {
        .arena = arena, .request = request, .row = find_row(request->format),
        .losses = losses, .out = out, .why = why,
    };

    if (work.row == NULL) {
        return SP_EMIT_UNKNOWN;
    }
    work.store = sp_dd_store_new(SP_DD_BUDGET);
    if (work.store == NULL) {
        return SP_EMIT_NO_MEMORY;
    }
    enum sp_emit_result result = make(&work);
    sp_dd_store_free(work.store);
    return result;
}
