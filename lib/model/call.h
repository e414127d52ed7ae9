/* A concrete system call, as a filter sees it, and what a filter answers. */
#ifndef SP_MODEL_CALL_H
#define SP_MODEL_CALL_H

#include <stdbool.h>
#include <stdint.h>

enum { SP_ARGS = 6 };

/* struct seccomp_data without the instruction pointer, which no profile can ask for. */
struct sp_call {
    uint32_t arch;  /* AUDIT_ARCH_* */
    uint32_t nr;    /* with x32's bit 30 where it applies; -1 is 0xffffffff */
    uint64_t args[SP_ARGS];
};

/* A filter's answer: the action in the upper half, its 16 bits of data in the lower
 * (linux/seccomp.h). */
typedef uint32_t sp_verdict;

#define SP_VERDICT_KILL_PROCESS 0x80000000u
#define SP_VERDICT_KILL_THREAD 0x00000000u
#define SP_VERDICT_TRAP 0x00030000u
#define SP_VERDICT_ERRNO 0x00050000u
#define SP_VERDICT_NOTIFY 0x7fc00000u
#define SP_VERDICT_TRACE 0x7ff00000u
#define SP_VERDICT_LOG 0x7ffc0000u
#define SP_VERDICT_ALLOW 0x7fff0000u
#define SP_VERDICT_ACTION 0xffff0000u  /* mask of the action */
#define SP_VERDICT_DATA 0x0000ffffu    /* mask of the data */

/* Does the call run?  ALLOW and LOG let it; TRACE without a tracer and NOTIFY without a listener answer
 * ENOSYS (seccomp(2)). */
static inline bool
sp_verdict_runs(sp_verdict verdict)
{
    sp_verdict action = verdict & SP_VERDICT_ACTION;

    return action == SP_VERDICT_ALLOW || action == SP_VERDICT_LOG;
}

#endif
