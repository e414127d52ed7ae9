/* Programs of classic BPF as the kernel takes and runs them for seccomp. */
#ifndef SP_SEM_BPF_RUN_H
#define SP_SEM_BPF_RUN_H

#include "base/buf.h"
#include "model/bpf.h"
#include "model/call.h"
#include "sem/dd.h"

#include <stdbool.h>

/* ---- what the kernel accepts ------------------------------------------------------------- */

/* Would seccomp(2) take this program?  NULL when it would; else why not ("jump past the end"),
 * with the instruction in `ret_at`.  The checks of net/core/filter.c (bpf_check_classic) and
 * kernel/seccomp.c (seccomp_check_filter): only the loads, operations and jumps listed there,
 * aligned loads inside struct seccomp_data, no jump past the end, no division by the constant
 * 0, constant shifts below 32, scratch memory written before it is read, and a RET as the last
 * instruction. MOD, which socket filters have, is not accepted. */
const char *
sp_bpf_refused(struct sp_bpf program, size_t *ret_at);

/* ---- one call ---------------------------------------------------------------------------- */

/* Runs an accepted program; `ret_steps`, when not NULL, counts the instructions executed.  As
 * on a little-endian kernel: registers start as 0, shifts by X count modulo 32, division by an
 * X of 0 ends the program with 0 (KILL_THREAD).  The instruction pointer reads as 0. */
sp_verdict
sp_bpf_run(struct sp_bpf program, const struct sp_call *call, size_t *ret_steps);

/* ---- all calls of one number ------------------------------------------------------------- */

/* The meaning of an accepted program for one architecture and number, as a diagram over the
 * arguments.  Registers are followed bit by bit: each bit is 0, 1, or a bit (or its inverse)
 * of the input, so that loads, masks, shifts, complements and every comparison are exact;
 * where arithmetic mixes unknown bits (ADD, MUL, ... of them), two arguments are compared with
 * each other, or the instruction pointer is asked for, that part of the diagram is
 * SP_DD_UNDECIDED (unless both ways on from there mean the same).  RET A is listed for up to
 * eight unknown bits.  Without memory, and for a program with too many states, all of it is
 * undecided. */
sp_dd
sp_bpf_meaning(struct sp_dd_store *store, struct sp_bpf program, uint32_t arch, uint32_t nr);

/* ---- the kernel's constant-action cache -------------------------------------------------- */

/* Is the verdict for this number cached as "allow" at attach (Linux 5.11 and later)?  The
 * emulation of kernel/seccomp.c, seccomp_is_const_allow: only loads of nr and arch, JA,
 * JEQ/JGE/JGT/JSET with a constant, AND with a constant, and a RET of exactly
 * SECCOMP_RET_ALLOW.  Never for numbers of x32.  The caller knows which numbers the kernel has
 * (it caches no others), and the few calls that newer kernels let pass whatever a filter
 * says. */
bool
sp_bpf_is_cached(struct sp_bpf program, uint32_t arch, uint32_t nr);

/* ---- listings ---------------------------------------------------------------------------- */

/* A listing for people: one instruction a line, with symbolic loads ("nr", "args[0] low"), jump
 * targets as line numbers and verdicts by name. */
void
sp_bpf_print(struct sp_bpf program, struct sp_buf *buf);

/* The line of one instruction, which stands at `pc` of its program, without its end. */
void
sp_bpf_print_at(const struct sp_bpf_insn *insn, size_t pc, struct sp_buf *buf);

#endif
