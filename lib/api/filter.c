/* Filters as users of the library see them: compiled for a machine, shown, asked or loaded. */
#include "ops/filter.h"

#include "api/context.h"
#include "api/target.h"
#include "api/text.h"
#include "ops/drop_caps.h"
#include "ops/load.h"
#include "ops/log_only.h"
#include "ops/machine.h"
#include "ops/operand.h"
#include "ops/probes.h"
#include "sem/bpf_run.h"
#include "sem/verdict.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

_Static_assert(sizeof(struct sp_bpf_insn) == sizeof(struct sock_filter),
               "programs are handed to the kernel as they are");

struct secprof_filter {
    struct sp_arena arena;
    struct sp_environment environment;
    uint64_t dropped;  /* capabilities that the program must not have */
    const struct sp_profile *profile;
    struct sp_bpf program;
    bool is_log_only;
};

static enum secprof_status
compile(struct secprof_filter *filter, struct sp_buf *why)
{
    switch (sp_filter_make(&filter->arena, filter->profile, &filter->environment,
                           &filter->program, why)) {
    case SP_FILTER_PROGRAM:
        return SECPROF_OK;
    case SP_FILTER_UNCONFINED:
    case SP_FILTER_REFUSED:
        return SECPROF_REFUSED;
    case SP_FILTER_NO_MEMORY:
        break;
    }
    return SECPROF_NO_MEMORY;
}

/* Where the filter will be loaded, and what its program gives up before. */
static bool
decide(struct secprof_filter *filter, const struct secprof_target *words,
       struct sp_target *ret_target, struct sp_buf *why)
{
    const char *drop = words == NULL ? NULL : words->cap_drop;

    return sp_api_target(words, ret_target, why) == SECPROF_OK
        && sp_target_read_caps("cap-drop", drop, &filter->dropped, why)
        && sp_machine_environment(ret_target, &filter->environment, why);
}

/* Where nobody says who reads the profile, its name and its dialect do. */
static void
suit(struct secprof_filter *filter, const char *word, struct sp_target *target)
{
    sp_operand_choose_engine(word, filter->profile->dialect, target);
    filter->environment.engine = target->engine;
    filter->environment.runtime = target->runtime;
}

static enum secprof_status
make(struct secprof_filter *filter, const struct secprof *context, const char *word,
     const struct secprof_target *target, struct sp_buf *why)
{
    struct sp_target decided;

    if (!decide(filter, target, &decided, why)) {
        return SECPROF_BAD_ARGUMENT;
    }
    switch (sp_load_profile(&filter->arena, &context->limits, context->dialect, word, &filter->profile,
                            why)) {
    case SP_LOAD_OK:
        suit(filter, word, &decided);
        return compile(filter, why);
    case SP_LOAD_UNREADABLE:
        return SECPROF_UNREADABLE;
    case SP_LOAD_UNKNOWN:
        return SECPROF_UNKNOWN;
    case SP_LOAD_BAD:
        return SECPROF_REFUSED;
    case SP_LOAD_NO_MEMORY:
        break;
    }
    return SECPROF_NO_MEMORY;
}

enum secprof_status
secprof_filter_new(struct secprof *context, const char *profile,
                   const struct secprof_target *target, struct secprof_filter **ret_filter,
                   char **ret_why)
{
    SP_BUF(why);

    if (context == NULL || profile == NULL || ret_filter == NULL || ret_why == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    struct secprof_filter *filter = calloc(1, sizeof *filter);
    if (filter == NULL) {
        return SECPROF_NO_MEMORY;
    }
    enum secprof_status status = make(filter, context, profile, target, &why);
    if (status == SECPROF_OK) {
        *ret_filter = filter;
        return status;
    }
    secprof_filter_free(filter);
    if (status == SECPROF_REFUSED || status == SECPROF_BAD_ARGUMENT) {
        return sp_api_give(&why, status, ret_why);
    }
    return status;
}

void
secprof_filter_free(struct secprof_filter *filter)
{
    if (filter != NULL) {
        sp_arena_free(&filter->arena);
        free(filter);
    }
}

const void *
secprof_filter_program(const struct secprof_filter *filter, size_t *ret_count)
{
    if (filter == NULL || ret_count == NULL) {
        return NULL;
    }
    *ret_count = filter->program.count;
    return filter->program.at;
}

enum secprof_status
secprof_filter_listing(const struct secprof_filter *filter, char **ret_text)
{
    SP_BUF(buf);

    if (filter == NULL || ret_text == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    sp_bpf_print(filter->program, &buf);
    return sp_api_give(&buf, SECPROF_OK, ret_text);
}

int
secprof_filter_lets_exec(const struct secprof_filter *filter)
{
    return filter != NULL && sp_filter_lets_exec(filter->program, filter->environment.host);
}

int
secprof_filter_is_native(const struct secprof_filter *filter)
{
    return filter != NULL && filter->environment.host == sp_kb_arch_native();
}

const char *
secprof_filter_arch(const struct secprof_filter *filter)
{
    return filter == NULL ? NULL : sp_kb_text(filter->environment.host->name);
}

enum secprof_status
secprof_filter_only_log(struct secprof_filter *filter)
{
    if (filter == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    switch (sp_log_only_make(&filter->arena, filter->program, &filter->program)) {
    case SP_LOG_ONLY_DONE:
        filter->is_log_only = true;
        return SECPROF_OK;
    case SP_LOG_ONLY_COMPUTED:
        return SECPROF_REFUSED;
    case SP_LOG_ONLY_NO_MEMORY:
        break;
    }
    return SECPROF_NO_MEMORY;
}

/* ---- what it answers --------------------------------------------------------------------- */

uint32_t
secprof_filter_verdict(const struct secprof_filter *filter, uint32_t arch, uint32_t nr,
                       const uint64_t args[6])
{
    struct sp_call call = { .arch = arch, .nr = nr };

    if (filter == NULL) {
        return SP_VERDICT_ALLOW;
    }
    if (args != NULL) {
        memcpy(call.args, args, sizeof call.args);
    }
    return sp_bpf_run(filter->program, &call, NULL);
}

enum secprof_status
secprof_verdict_text(uint32_t verdict, char **ret_text)
{
    SP_BUF(buf);

    if (ret_text == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    sp_verdict_write(verdict, &buf);
    return sp_api_give(&buf, SECPROF_OK, ret_text);
}

static struct secprof_probe
probe_of(const struct sp_probe *probe)
{
    struct secprof_probe made = {
        .arch = probe->call.arch,
        .nr = probe->call.nr,
        .text = probe->text,
        .meant = probe->meant,
        .verdict = probe->verdict,
        .may_be_made = probe->is_harmless,
    };

    memcpy(made.args, probe->call.args, sizeof made.args);
    return made;
}

enum secprof_status
secprof_filter_probes(struct secprof_filter *filter, struct secprof_probes *ret_probes)
{
    struct sp_probes probes;

    if (filter == NULL || ret_probes == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    if (!sp_probes_make(&filter->arena, filter->profile, &filter->environment, filter->program,
                        filter->is_log_only, &probes)) {
        return SECPROF_NO_MEMORY;
    }
    struct secprof_probe *at =
        sp_arena_new_array(&filter->arena, probes.all.count, struct secprof_probe);
    if (at == NULL) {
        return SECPROF_NO_MEMORY;
    }
    for (size_t i = 0; i < probes.all.count; i++) {
        at[i] = probe_of(&probes.all.at[i]);
    }
    *ret_probes = (struct secprof_probes){
        .at = at, .count = probes.all.count, .left_out = probes.left_out,
        .undecided = probes.undecided,
    };
    return SECPROF_OK;
}

/* ---- what it does ------------------------------------------------------------------------ */

int
secprof_filter_drop_caps(const struct secprof_filter *filter)
{
    return sp_drop_caps(filter->dropped);
}

int
secprof_filter_load(const struct secprof_filter *filter)
{
    struct sock_fprog program = {
        .len = (unsigned short)filter->program.count,
        .filter = (struct sock_filter *)filter->program.at,
    };

    if (!secprof_filter_is_native(filter)) {
        errno = ENOEXEC;
        return -1;
    }
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}
