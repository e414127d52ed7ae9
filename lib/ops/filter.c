#include "ops/filter.h"

#include "ops/load.h"
#include "sem/bpf_run.h"

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

/* The filter of a container that starts, built as a whole. */
static enum sp_filter
compile(struct sp_meaning *meaning, struct sp_bpf *ret_program, struct sp_buf *why)
{
    const struct sp_compiled *compiled = sp_meaning_compiled(meaning);

    if (meaning->arena->failed) {
        return SP_FILTER_NO_MEMORY;
    }
    if (compiled->result != SP_COMPILE_PROGRAM) {
        const struct sp_filter_rule *rule = compiled->rule;
        return refuse(meaning->profile, rule == NULL ? NULL : rule->rule->node, compiled->why, why);
    }
    *ret_program = compiled->program;
    return SP_FILTER_PROGRAM;
}

void
sp_filter_write_refusal(const struct sp_meaning *meaning, struct sp_buf *why)
{
    (void)refuse(meaning->profile, meaning->where, meaning->why, why);
    if (meaning->against != NULL) {
        sp_buf_text(why, ": ");
        sp_load_write_place(meaning->profile->doc, meaning->against->node, why);
    }
}

static enum sp_filter
make(struct sp_arena *arena, struct sp_dd_store *store, const struct sp_profile *profile,
     const struct sp_environment *environment, struct sp_bpf *ret_program, struct sp_buf *why)
{
    struct sp_meaning *meaning;

    if (!sp_meaning_make(arena, store, profile, environment, &meaning)) {
        return SP_FILTER_NO_MEMORY;
    }
    switch (meaning->start) {
    case SP_START_FILTER:
        return compile(meaning, ret_program, why);
    case SP_START_REFUSED:
    case SP_START_ENDLESS:
        sp_filter_write_refusal(meaning, why);
        return SP_FILTER_REFUSED;
    case SP_START_UNCONFINED:
        break;
    }
    sp_buf_text(why, "it has neither defaultAction nor rules: an engine would run without a filter");
    return SP_FILTER_UNCONFINED;
}

enum sp_filter
sp_filter_make(struct sp_arena *arena, const struct sp_profile *profile,
               const struct sp_environment *environment, struct sp_bpf *ret_program,
               struct sp_buf *why)
{
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
    enum sp_filter made = store == NULL
        ? SP_FILTER_NO_MEMORY
        : make(arena, store, profile, environment, ret_program, why);

    sp_dd_store_free(store);
    return made;
}

/* ---- can anything be started? ------------------------------------------------------------ */

static bool
runs(uint32_t verdict, void *user)
{
    (void)user;
    return sp_verdict_runs(verdict);
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
