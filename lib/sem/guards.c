#include "sem/guards.h"

struct sp_guards_read
sp_guards_read_by(enum sp_engine engine)
{
    switch (engine) {
    case SP_ENGINE_DOCKER:
        return (struct sp_guards_read){ .guards = true, .min_kernel = true };
    case SP_ENGINE_PODMAN:
    case SP_ENGINE_CRIO:
        return (struct sp_guards_read){ .guards = true, .errno_names = true };
    case SP_ENGINE_CONTAINERD:
    case SP_ENGINE_OCI:
        break;
    }
    return (struct sp_guards_read){ .guards = false };
}

struct sp_guards_caps
sp_guards_caps(const struct sp_words *words)
{
    struct sp_guards_caps caps = { .set = 0 };

    for (size_t i = 0; i < words->count; i++) {
        const struct sp_kb_cap *cap = sp_kb_cap_find(words->at[i].text);
        if (cap == NULL) {
            caps.has_unknown = true;
        } else {
            caps.set |= UINT64_C(1) << (cap - sp_kb_caps);
        }
    }
    return caps;
}

/* A host without a spelling is named by no word, not even by the empty one. */
bool
sp_guards_names_host(const struct sp_environment *environment, const struct sp_words *arches)
{
    const struct sp_kb_arch *host = environment->host;
    const char *word = sp_kb_text(environment->engine == SP_ENGINE_DOCKER ? host->docker
                                                                          : host->containers);

    return *word != '\0' && sp_profile_has_word(arches, word);
}

bool
sp_guards_min_kernel(enum sp_engine engine, const struct sp_guard *guard,
                     struct sp_version *ret_version)
{
    const struct sp_word *word = &guard->min_kernel;

    return sp_guards_read_by(engine).min_kernel && word->node != NULL
        && word->node->kind == SP_NODE_STRING && sp_profile_min_kernel(word->text, ret_version);
}
