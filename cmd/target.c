#include "target.h"

struct secprof_target
cmd_target_of(const struct cmd_target *words)
{
    return (struct secprof_target){
        .target = words->target,
        .engine = words->engine,
        .runtime = words->runtime,
        .kernel = words->kernel,
        .libseccomp = words->libseccomp,
        .caps = words->caps,
        .cap_add = words->cap_add,
        .cap_drop = words->cap_drop,
        .arches = words->arches.at,
        .arch_count = words->arches.count,
    };
}
