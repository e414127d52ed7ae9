/* What a user says of where profiles are put to use: the environment options of every verb.
 *
 * What is given is fixed; what is not is quantified over: analyses then look at every case that
 * makes a difference. */
#ifndef SP_MODEL_TARGET_H
#define SP_MODEL_TARGET_H

#include "base/buf.h"
#include "model/environment.h"

/* Words of options; NULL = not given. */
struct sp_target_words {
    const char *target;      /* "docker@29": short for `engine` */
    const char *engine;      /* "docker", "podman@5", "crio", "containerd", "oci" */
    const char *runtime;     /* "runc", "crun@1.8.1" */
    const char *kernel;      /* "6.1" */
    const char *libseccomp;  /* "2.5.4" */
    const char *caps;        /* "default", "none", "all", "CAP_X,CAP_Y" */
    const char *cap_add;     /* "CAP_X,CAP_Y" */
    const char *cap_drop;
    const char *const *arches;  /* any spelling, or "native"; each may hold several, by comma */
    size_t arch_count;
};

enum { SP_TARGET_ARCHES = 32 };

struct sp_target {
    enum sp_engine engine;              /* Docker where not given */
    struct sp_version engine_version;   /* 0 = the newest; so are the other versions */
    enum sp_runtime runtime;            /* runc where not given */
    struct sp_version runtime_version;
    struct sp_version libseccomp;
    struct sp_version kernel;           /* 0 = not given */
    bool engine_given;
    bool runtime_given;
    bool caps_given;
    uint64_t caps;       /* where given: the bounding set, what is added and dropped included */
    uint64_t caps_add;   /* where not: these are there in every case ... */
    uint64_t caps_drop;  /* ... and these in none */
    const struct sp_kb_arch *arches[SP_TARGET_ARCHES];  /* each once, in the order given */
    size_t arch_count;   /* 0 = not given */
};

/* "docker", "runc": as options and JSON write them. */
const char *
sp_engine_text(enum sp_engine engine);

const char *
sp_runtime_text(enum sp_runtime runtime);

/* False with the reason in `why` when a word says nothing known. */
bool
sp_target_read(const struct sp_target_words *words, struct sp_target *ret_target,
               struct sp_buf *why);

/* A list of capabilities, CAP_X or X in any case, as a set; false when a word is none. `option` names
 * the option in the message. */
bool
sp_target_read_caps(const char *option, const char *words, uint64_t *ret_caps, struct sp_buf *why);

#endif
