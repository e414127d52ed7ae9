/* Where a profile is put to use: the engine that reads it, the runtime that compiles it, the machine and
 * the container's capabilities.  A profile's meaning depends on all of them. */
#ifndef SP_MODEL_ENVIRONMENT_H
#define SP_MODEL_ENVIRONMENT_H

#include "base/version.h"
#include "kb/kb.h"

#include <stdbool.h>
#include <stdint.h>

enum sp_engine {
    SP_ENGINE_DOCKER,
    SP_ENGINE_PODMAN,      /* containers-common: Podman and Buildah */
    SP_ENGINE_CRIO,        /* reads profiles as Podman does */
    SP_ENGINE_CONTAINERD,  /* decodes a file as a plain OCI object */
    SP_ENGINE_OCI,         /* no engine: the runtime is given the OCI object */
};

enum sp_runtime {
    SP_RUNTIME_RUNC,
    SP_RUNTIME_CRUN,
};

struct sp_environment {
    enum sp_engine engine;
    struct sp_version engine_version;   /* 0 = the newest */
    enum sp_runtime runtime;
    struct sp_version runtime_version;  /* 0 = the newest */
    struct sp_version libseccomp;       /* 0 = the newest */
    const struct sp_kb_arch *host;
    struct sp_version kernel;
    uint64_t caps;                      /* the bounding set: bit n = capability number n */
};

/* What all environments of a case have in common.  A case that is no conjunction ("one of these two
 * capabilities is missing") shares little: its `when` may overlap another's. */
struct sp_when {
    uint64_t caps;            /* all of these are there */
    uint64_t without_caps;    /* none of these is */
    struct sp_version from;   /* kernels from this one; 0 = from the first */
    struct sp_version before; /* kernels before this one; 0 = to the last */
};

/* Is a version of an engine, runtime or library older than `than`?  0, the newest, never is. */
static inline bool
sp_environment_is_older(struct sp_version version, struct sp_version than)
{
    return version.major != 0 && sp_version_compare(version, than) < 0;
}

#endif
