#include "sem/decode.h"

#include "model/target.h"

/* Docker 20.10 is the oldest that is told apart. */
static enum sp_decoder
docker_of(struct sp_version version)
{
    static const struct sp_version first_new = { .major = 23 };

    return sp_environment_is_older(version, first_new) ? SP_DECODER_DOCKER_OLD
                                                       : SP_DECODER_DOCKER;
}

enum sp_decoder
sp_decoder_of(const struct sp_environment *environment)
{
    switch (environment->engine) {
    case SP_ENGINE_DOCKER:
        return docker_of(environment->engine_version);
    case SP_ENGINE_PODMAN:
    case SP_ENGINE_CRIO:
        return SP_DECODER_CONTAINERS;
    case SP_ENGINE_OCI:
        if (environment->runtime == SP_RUNTIME_CRUN) {
            return SP_DECODER_CRUN;
        }
        break;
    case SP_ENGINE_CONTAINERD:
        break;
    }
    return SP_DECODER_OCI;
}

static const char *
reader_text(const struct sp_environment *environment)
{
    switch (environment->engine) {
    case SP_ENGINE_DOCKER:
        return "docker";
    case SP_ENGINE_PODMAN:
        return "podman";
    case SP_ENGINE_CRIO:
        return "cri-o";
    case SP_ENGINE_CONTAINERD:
        return "containerd";
    case SP_ENGINE_OCI:
        break;
    }
    return sp_runtime_text(environment->runtime);
}

bool
sp_decode_in(struct sp_arena *arena, const struct sp_profile *profile,
             const struct sp_environment *environment, struct sp_decoded *ret_decoded)
{
    return sp_decode(arena, profile, sp_decoder_of(environment), reader_text(environment),
                     ret_decoded);
}

const struct sp_profile *
sp_decode_rules(struct sp_arena *arena, const struct sp_profile *profile,
                const struct sp_environment *environment)
{
    struct sp_decoded decoded;

    if (!sp_decode_in(arena, profile, environment, &decoded)) {
        return NULL;
    }
    return decoded.profile == NULL ? profile : decoded.profile;
}
