#include "ops/filter.h"

#include "ops/load.h"
#include "sem/bpf_run.h"
#include "sem/compile.h"
#include "sem/dd.h"
#include "sem/resolve.h"

static enum sp_filter
refuse(const struct sp_profile *profile, const struct sp_node *where, const char *reason,
       struct sp_buf *why)
{
    if (where != NULL) {
        sp_load_write_place(profile->doc, where, why);
        sp_buf_text(why, ": ");
    }
    sp_buf_text(why, reason == NULL ? "the profile is refused" : reason);
    return SP_FILTER_REFUSED;
}

static enum sp_filter
compile(struct sp_arena *arena, const struct sp_profile *profile, const struct sp_oci *oci,
        const struct sp_environment *environment, struct sp_bpf *ret_program, struct sp_buf *why)
{
    struct sp_filter_rules rules = { .refused = NULL };
    struct sp_compiled compiled = { .why = NULL };

    if (!sp_filter_rules_make(arena, profile, oci, environment, &rules)) {
        return SP_FILTER_NO_MEMORY;
    }
    if (rules.refused != NULL) {
        return refuse(profile, rules.where, rules.refused, why);
    }
    if (!sp_compile(arena, &rules, environment, NULL, &compiled)) {
        return SP_FILTER_NO_MEMORY;
    }
    if (compiled.result != SP_COMPILE_PROGRAM) {
        return refuse(profile, compiled.rule == NULL ? NULL : compiled.rule->rule->node,
                      compiled.why, why);
    }
    *ret_program = compiled.program;
    return SP_FILTER_PROGRAM;
}

enum sp_filter
sp_filter_make(struct sp_arena *arena, const struct sp_profile *profile,
               const struct sp_environment *environment, struct sp_bpf *ret_program,
               struct sp_buf *why)
{
    struct sp_oci oci = { .why = NULL };

    if (!sp_resolve(arena, profile, environment, &oci)) {
        return SP_FILTER_NO_MEMORY;
    }
    switch (oci.resolution) {
    case SP_RESOLUTION_PROFILE:
        return compile(arena, profile, &oci, environment, ret_program, why);
    case SP_RESOLUTION_REFUSED:
        return refuse(profile, oci.where, oci.why, why);
    case SP_RESOLUTION_UNCONFINED:
        break;
    }
    sp_buf_text(why, "it has neither defaultAction nor rules: an engine would run without a filter");
    return SP_FILTER_UNCONFINED;
}

/* ---- can anything be started? ------------------------------------------------------------ */

static bool
runs(uint32_t verdict, void *user)
{
    (void)user;
    uint32_t action = verdict & SP_VERDICT_ACTION;
    return action == SP_VERDICT_ALLOW || action == SP_VERDICT_LOG;
}

static bool
lets_through(struct sp_dd_store *store, struct sp_bpf program, const struct sp_kb_arch *arch,
             const char *name)
{
    const struct sp_kb_syscall *call = sp_kb_syscall_find(sp_str_of(name));
    int64_t number = call == NULL ? SP_KB_NO_NUMBER : sp_kb_number(arch, call);
    uint64_t args[SP_ARGS];

    if (number == SP_KB_NO_NUMBER) {
        return false;
    }
    sp_dd meaning = sp_bpf_meaning(store, program, arch->audit, (uint32_t)number);
    return sp_dd_has_undecided(store, meaning) || sp_dd_find(store, meaning, runs, NULL, args);
}

bool
sp_filter_lets_exec(struct sp_bpf program, const struct sp_kb_arch *arch)
{
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
    bool lets = store == NULL || lets_through(store, program, arch, "execve")
        || lets_through(store, program, arch, "execveat");

    sp_dd_store_free(store);
    return lets;
}
