/* Which registers of a program are still read. */
#ifndef SP_SEM_BPF_LIVE_H
#define SP_SEM_BPF_LIVE_H

#include "base/arena.h"
#include "model/bpf.h"

#include <stdint.h>

/* For each instruction of an accepted program from `from` on, and for the end behind the last,
 * the registers that some way on from there reads before it writes them: bits, by number of the
 * register.  Before `from`, none.  NULL when there is no memory. */
uint32_t *
sp_bpf_live(struct sp_bpf program, size_t from, struct sp_arena *arena);

#endif
