/* From a profile to the program that a runtime would load for it here. */
#ifndef SP_OPS_FILTER_H
#define SP_OPS_FILTER_H

#include "base/buf.h"
#include "model/bpf.h"
#include "model/environment.h"
#include "model/profile.h"
#include "sem/meaning.h"

enum sp_filter {
    SP_FILTER_PROGRAM,
    SP_FILTER_UNCONFINED,  /* the engine would start the container without a filter */
    SP_FILTER_REFUSED,     /* the container would not start; `why` says so */
    SP_FILTER_NO_MEMORY,
};

/* The program lives in `arena`. `why` is written unless there is a program. */
enum sp_filter
sp_filter_make(struct sp_arena *arena, const struct sp_profile *profile,
               const struct sp_environment *environment, struct sp_bpf *ret_program,
               struct sp_buf *why);

/* Why a container does not start, with the place, where there is one, and that of the rule
 * against which the refused one stands: "web.json:12:3: libseccomp refuses ...". */
void
sp_filter_write_refusal(const struct sp_meaning *meaning, struct sp_buf *why);

/* Could a program start another one under it: is execve (or execveat) let through for some arguments? */
bool
sp_filter_lets_exec(struct sp_bpf program, const struct sp_kb_arch *arch);

#endif
