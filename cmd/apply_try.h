/* Calls made under a filter, to see what the kernel answers. */
#ifndef CMD_APPLY_TRY_H
#define CMD_APPLY_TRY_H

#include <secprof.h>

#include <stdbool.h>

/* How a call ended. */
enum cmd_try_kind {
    CMD_TRY_NOT_MADE,
    CMD_TRY_RETURNED,   /* value: what the call returned, -errno included */
    CMD_TRY_TRAPPED,    /* SIGSYS came and was caught; value: the data of TRAP */
    CMD_TRY_KILLED,     /* by the filter */
    CMD_TRY_SIGNALLED,  /* value: the number of another signal */
    CMD_TRY_TIMED_OUT,
};

struct cmd_try_outcome {
    enum cmd_try_kind kind;
    long value;
};

/* What came of the probes; one outcome for each. */
struct cmd_try {
    size_t count;
    size_t size;  /* of the memory, which is shared with the processes that made the calls */
    struct cmd_try_told *told;
};

/* Makes the calls that may be made, in processes of their own, under `filter`.  NULL: without
 * any, and then only the calls that the filter of the probes lets through.  CMD_CLEAN, or
 * CMD_SETUP after a message. */
int
cmd_try(const struct secprof_filter *filter, const struct secprof_probes *probes,
        struct cmd_try *ret_try);

struct cmd_try_outcome
cmd_try_outcome(const struct cmd_try *tried, size_t probe);

void
cmd_try_free(struct cmd_try *tried);

/* Does a verdict (SECCOMP_RET_*) let the call through? */
bool
cmd_try_lets_through(uint32_t verdict);

#endif
