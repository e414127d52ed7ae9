/* From a profile as it was written to the OCI object that an engine hands to its runtime.
 *
 * Docker and Podman know conditions (includes, excludes, archMap, minKernel) that OCI does not: they
 * decide them here and drop what does not apply.  An engine that reads a file as plain OCI decides
 * nothing: every rule stays, and keys it does not know are not there.
 *
 * Source: moby/profiles seccomp/seccomp_linux.go; container-libs common/pkg/seccomp/seccomp_linux.go;
 * containerd contrib/seccomp/seccomp.go. */
#ifndef SP_SEM_RESOLVE_H
#define SP_SEM_RESOLVE_H

#include "base/arena.h"
#include "base/vec.h"
#include "model/environment.h"
#include "model/profile.h"

enum sp_resolution {
    SP_RESOLUTION_PROFILE,
    SP_RESOLUTION_UNCONFINED,  /* the container runs without a filter, and nobody says so */
    SP_RESOLUTION_REFUSED,     /* the container does not start */
};

/* A number that an action carries, where one was given. */
struct sp_errno_ret {
    bool given;
    uint64_t value;
};

struct sp_oci_rule {
    const struct sp_rule *rule;
    struct sp_words names;  /* the rule's, or none where the engine does not read `name` */
    struct sp_errno_ret error;
};

struct sp_oci {
    enum sp_resolution resolution;
    const char *why;              /* of SP_RESOLUTION_REFUSED */
    const struct sp_node *where;
    const struct sp_profile *profile;  /* as it was decoded: the rules below are its own */
    struct sp_words flags;             /* none where the engine does not read them */
    struct sp_word listener_path;
    enum sp_action default_action;
    struct sp_errno_ret default_error;
    SP_VEC(struct sp_str) arches;  /* as written: "SCMP_ARCH_X86" */
    SP_VEC(struct sp_oci_rule) rules;
};

/* Resolves a profile for one environment: as it is decoded there (sem/decode.h), and then as
 * the engine decides its conditions. False when there is no memory. */
bool
sp_resolve(struct sp_arena *arena, const struct sp_profile *profile,
           const struct sp_environment *environment, struct sp_oci *ret_oci);

#endif
