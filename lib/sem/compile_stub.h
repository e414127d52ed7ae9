/* runc's answer to calls newer than the profile: a small program before libseccomp's. */
#ifndef SP_SEM_COMPILE_STUB_H
#define SP_SEM_COMPILE_STUB_H

#include "model/bpf.h"
#include "model/environment.h"
#include "sem/filter_rules.h"

/* The program for `rules`, empty where the runtime or the default action has none.
 * False when there is no memory.
 * Source: runc libcontainer/seccomp/patchbpf/enosys_linux.go. */
bool
sp_compile_stub(struct sp_arena *arena, const struct sp_filter_rules *rules,
                const struct sp_environment *environment, struct sp_bpf *ret_stub);

#endif
