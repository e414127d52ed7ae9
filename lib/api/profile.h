/* A profile that was read, behind the public handle. */
#ifndef SP_API_PROFILE_H
#define SP_API_PROFILE_H

#include "base/arena.h"
#include "model/profile.h"
#include "model/target.h"

#include <secprof.h>

struct secprof_profile {
    struct secprof *context;
    struct sp_arena arena;
    const char *name;  /* as it was given: "docker", "web.json", "<stdin>" */
    const struct sp_profile *profile;
};

/* Who reads it, unless someone says so: ops/operand.h. */
void
sp_api_choose_engine(const struct secprof_profile *profile, struct sp_target *target);

#endif
