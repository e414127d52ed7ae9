/* A filter that refuses nothing and logs what it would have refused. */
#ifndef SP_OPS_LOG_ONLY_H
#define SP_OPS_LOG_ONLY_H

#include "base/arena.h"
#include "model/bpf.h"
#include "model/call.h"

enum sp_log_only {
    SP_LOG_ONLY_DONE,
    SP_LOG_ONLY_COMPUTED,  /* the program computes what it returns: no verdicts stand in it */
    SP_LOG_ONLY_NO_MEMORY,
};

/* The verdict that stands for `verdict`: itself where the call is let through, else LOG. */
sp_verdict
sp_log_only_verdict(sp_verdict verdict);

/* The same program with each of its verdicts replaced so. It lives in `arena`. */
enum sp_log_only
sp_log_only_make(struct sp_arena *arena, struct sp_bpf program, struct sp_bpf *ret_program);

#endif
