/* The environment that options and this machine make: what `secprof apply` compiles for. */
#ifndef SP_OPS_MACHINE_H
#define SP_OPS_MACHINE_H

#include "base/buf.h"
#include "model/environment.h"
#include "model/profile.h"

/* Words of options; NULL = not given. */
struct sp_machine_words {
    const char *engine;      /* "docker", "podman@5" */
    const char *runtime;     /* "runc", "crun@1.8.1" */
    const char *kernel;      /* "6.1" */
    const char *libseccomp;  /* "2.5.4" */
    const char *caps;        /* "default" (Docker's), "none", "all", "CAP_X,CAP_Y" */
    const char *cap_add;     /* "CAP_X,CAP_Y" */
    const char *cap_drop;
};

/* Fills what is not given from this machine: its architecture, its kernel, its libseccomp, Docker's
 * default capabilities, Docker, runc.  False with the reason in `why` when a word says nothing known. */
bool
sp_machine_environment(const struct sp_machine_words *words,
                       struct sp_environment *ret_environment, struct sp_buf *why);

/* The capabilities of `cap_drop` as a set: bit n = capability number n. */
bool
sp_machine_dropped(const struct sp_machine_words *words, uint64_t *ret_caps, struct sp_buf *why);

#endif
