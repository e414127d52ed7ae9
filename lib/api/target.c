#include "api/target.h"

static struct sp_target_words
words_of(const struct secprof_target *target)
{
    if (target == NULL) {
        return (struct sp_target_words){ .target = NULL };
    }
    return (struct sp_target_words){
        .target = target->target,
        .engine = target->engine,
        .runtime = target->runtime,
        .kernel = target->kernel,
        .libseccomp = target->libseccomp,
        .caps = target->caps,
        .cap_add = target->cap_add,
        .cap_drop = target->cap_drop,
        .arches = target->arches,
        .arch_count = target->arch_count,
    };
}

enum secprof_status
sp_api_target(const struct secprof_target *target, struct sp_target *ret_target,
              struct sp_buf *why)
{
    struct sp_target_words words = words_of(target);

    if (words.arches == NULL && words.arch_count > 0) {
        sp_buf_text(why, "architectures are counted, but none are given");
        return SECPROF_BAD_ARGUMENT;
    }
    return sp_target_read(&words, ret_target, why) ? SECPROF_OK : SECPROF_BAD_ARGUMENT;
}
