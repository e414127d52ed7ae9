#include "ops/log_only.h"

#include "sem/bpf_code.h"

#include <string.h>

/* TRACE without a tracer and NOTIFY without a listener refuse, too (seccomp(2)).  KILL_PROCESS
 * is the one action above ALLOW as an unsigned number. */
sp_verdict
sp_log_only_verdict(sp_verdict verdict)
{
    return sp_verdict_runs(verdict) ? verdict : SP_VERDICT_LOG;
}

enum sp_log_only
sp_log_only_make(struct sp_arena *arena, struct sp_bpf program, struct sp_bpf *ret_program)
{
    struct sp_bpf_insn *made = sp_arena_new_array(arena, program.count, struct sp_bpf_insn);

    if (made == NULL) {
        return SP_LOG_ONLY_NO_MEMORY;
    }
    memcpy(made, program.at, program.count * sizeof *made);
    for (size_t i = 0; i < program.count; i++) {
        if (made[i].code == SP_BPF_RET_A) {
            return SP_LOG_ONLY_COMPUTED;
        }
        if (made[i].code == SP_BPF_RET_K) {
            made[i].k = sp_log_only_verdict(made[i].k);
        }
    }
    *ret_program = (struct sp_bpf){ .at = made, .count = program.count };
    return SP_LOG_ONLY_DONE;
}
