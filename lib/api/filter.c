/* Filters as users of the library see them: compiled for this machine, shown or loaded. */
#include "ops/filter.h"

#include "api/context.h"
#include "api/text.h"
#include "ops/drop_caps.h"
#include "ops/load.h"
#include "ops/machine.h"
#include "sem/bpf_run.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

_Static_assert(sizeof(struct sp_bpf_insn) == sizeof(struct sock_filter),
               "programs are handed to the kernel as they are");

struct secprof_filter {
    struct sp_arena arena;
    struct sp_environment environment;
    uint64_t dropped;  /* capabilities that the program must not have */
    struct sp_bpf program;
};

static struct sp_machine_words
words_of(const struct secprof_target *target)
{
    if (target == NULL) {
        return (struct sp_machine_words){ .engine = NULL };
    }
    return (struct sp_machine_words){
        .engine = target->engine,
        .runtime = target->runtime,
        .kernel = target->kernel,
        .libseccomp = target->libseccomp,
        .caps = target->caps,
        .cap_add = target->cap_add,
        .cap_drop = target->cap_drop,
    };
}

static enum secprof_status
compile(struct secprof_filter *filter, const struct sp_profile *profile, struct sp_buf *why)
{
    switch (sp_filter_make(&filter->arena, profile, &filter->environment, &filter->program, why)) {
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

static enum secprof_status
make(struct secprof_filter *filter, const struct secprof *context, const char *word,
     const struct secprof_target *target, struct sp_buf *why)
{
    struct sp_machine_words words = words_of(target);
    const struct sp_profile *profile = NULL;

    if (!sp_machine_environment(&words, &filter->environment, why)
        || !sp_machine_dropped(&words, &filter->dropped, why)) {
        return SECPROF_BAD_ARGUMENT;
    }
    switch (sp_load_profile(&filter->arena, &context->limits, word, &profile, why)) {
    case SP_LOAD_OK:
        return compile(filter, profile, why);
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

    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}
