/* Calls by which a filter proves on a machine that it does what its profile means.
 *
 * A call that the filter refuses never reaches the kernel's own code, so that it may be made
 * with any arguments; one that it lets through is made only when it is known to do nothing
 * with all bits of its arguments set: no such descriptor, address or process exists. */
#ifndef SP_OPS_PROBES_H
#define SP_OPS_PROBES_H

#include "base/vec.h"
#include "model/bpf.h"
#include "model/call.h"
#include "model/environment.h"
#include "model/profile.h"

struct sp_probe {
    struct sp_call call;
    const char *text;    /* "x32:socket(40, 0, 0)" */
    sp_verdict meant;    /* by the profile's rules, as runtime and libseccomp document them */
    sp_verdict verdict;  /* of the program */
    bool is_harmless;    /* may be made under the program */
};

struct sp_probes {
    SP_VEC(struct sp_probe) all;  /* harmless ones, and all where meaning and program differ */
    size_t left_out;              /* let through, and not known to be harmless */
    size_t undecided;             /* of `all`: what the rules mean could not be found out, and
                                   * `meant` is the program's verdict */
};

/* Every number that a program of the host can call (on x86_64 with x32 and int 0x80), with
 * arguments for each verdict that the rules have for it.  `is_log_only`: the program is one of
 * sp_log_only_make, and the meaning changes as it did.  False when there is no memory, or too
 * little for all that the rules mean. */
bool
sp_probes_make(struct sp_arena *arena, const struct sp_profile *profile,
               const struct sp_environment *environment, struct sp_bpf program,
               bool is_log_only, struct sp_probes *ret_probes);

#endif
