/* The environment that a target and this machine make: what `secprof apply` compiles for. */
#ifndef SP_OPS_MACHINE_H
#define SP_OPS_MACHINE_H

#include "base/buf.h"
#include "model/environment.h"
#include "model/target.h"

/* Fills what the target leaves open from this machine (its architecture, kernel and
 * libseccomp) and with Docker's default capabilities.  A filter is for one machine: of several
 * architectures one must be this machine's, which is taken.  False with the reason in `why`
 * when none is, or when this machine's is none that secprof knows. */
bool
sp_machine_environment(const struct sp_target *target, struct sp_environment *ret_environment,
                       struct sp_buf *why);

#endif
