/* What systemd can say of a profile, call by call, before it is written:
 * lib/format/systemd*.c alone.
 *
 * A unit has one verdict for a name on all architectures, and for all arguments: allowed,
 * allowed and logged, killed, or an errno.  Where a profile says more, the verdict is the
 * one that lets through most, and the call is in the losses. */
#ifndef SP_FORMAT_SYSTEMD_PLAN_H
#define SP_FORMAT_SYSTEMD_PLAN_H

#include "format/emission.h"

struct sp_systemd_decision {
    bool has_number;     /* on some architecture */
    const struct sp_kb_syscall *server;  /* of one without: the multiplexer for it, or NULL */
    bool has_lost_conditions;
    sp_verdict verdict;  /* ALLOW, LOG, KILL_PROCESS, or ERRNO up to 4095 */
};

struct sp_systemd_plan {
    struct sp_emission *emission;
    sp_verdict by_default;  /* likewise; no ERRNO of 0 */
    struct sp_systemd_decision *calls;  /* by row of sp_kb_syscalls */
};

/* False when there is no memory. */
bool
sp_systemd_plan_make(struct sp_emission *emission, struct sp_systemd_plan *ret_plan);

/* The nearest thing that systemd has to a verdict. */
sp_verdict
sp_systemd_sayable(sp_verdict verdict);

/* By the kernel's order of actions. */
bool
sp_systemd_lets_more_through(sp_verdict verdict, sp_verdict than);

bool
sp_systemd_has_number(const struct sp_policy *policy, size_t row);

/* "the process is killed", "they fail with EPERM": what became of calls. */
void
sp_systemd_became(sp_verdict verdict, struct sp_buf *buf);

/* "kill", "EPERM", "4000": as an errno stands in a unit. */
void
sp_systemd_write_error(sp_verdict verdict, struct sp_buf *buf);

#endif
