/* A profile in another format, and the proof that it still means the same. */
#ifndef SP_OPS_EMIT_H
#define SP_OPS_EMIT_H

#include "base/buf.h"
#include "format/losses.h"
#include "model/profile.h"
#include "model/target.h"

/* The n-th format's name ("systemd") and a line about it; NULL past the last.  The first is the default. */
const char *
sp_emit_format(size_t n, const char **ret_about);

struct sp_emit_request {
    const struct sp_profile *profile;
    const char *name;                /* of the profile: a built-in name, a path, "<stdin>" */
    const struct sp_target *target;  /* what is not given: this machine, the newest kernel, and default
                                      * capabilities */
    const char *format;              /* a name of sp_emit_format */
    bool resolve;                    /* conditions are decided for the target (docker alone; other formats
                                      * always are) */
    const struct sp_doc_limits *limits;
};

enum sp_emit_result {
    SP_EMIT_OK,         /* with losses or without */
    SP_EMIT_NO_MEMORY,
    SP_EMIT_UNKNOWN,    /* there is no such format */
    SP_EMIT_REFUSED,    /* there is nothing to write: `why` says so */
    SP_EMIT_WRONG,      /* what was written does not mean the profile, and is not given: a fault of ours,
                         * told in `why` */
};

/* Writes the profile to `out`.  What the format cannot carry is in `losses`, with what became of it. */
enum sp_emit_result
sp_emit(struct sp_arena *arena, const struct sp_emit_request *request, struct sp_buf *out,
        struct sp_losses *losses, struct sp_buf *why);

#endif
