/* Rules for one call of a program, for bpf_read*.c alone. */
#ifndef SP_FORMAT_BPF_READ_RULES_H
#define SP_FORMAT_BPF_READ_RULES_H

#include "format/bpf_read_work.h"

/* What became of a call, worst last. */
enum sp_bpf_outcome {
    SP_BPF_OUTCOME_DONE,
    SP_BPF_OUTCOME_UNDECIDED,
    SP_BPF_OUTCOME_UNSAYABLE,
    SP_BPF_OUTCOME_UNWRITABLE,
    SP_BPF_OUTCOME_DIFFERENT,
    SP_BPF_OUTCOME_NO_MEMORY,
    SP_BPF_OUTCOMES,
};

/* Does a profile have words for all verdicts? */
enum sp_bpf_outcome
sp_bpf_read_check(const struct sp_bpf_reading *reading, sp_dd verdicts);

/* What the program answers for a call where more than the stub speaks of it; NULL where the
 * call has no number. */
const struct sp_bpf_number *
sp_bpf_read_open(const struct sp_bpf_arch *arch, const struct sp_kb_syscall *call);

/* What rules mean on an architecture, with their companions or without.  False when there is
 * no memory. */
bool
sp_bpf_read_model(const struct sp_bpf_reading *reading, const struct sp_bpf_arch *arch,
                  const struct sp_filter_rule *rows, size_t count, sp_dd *ret_meaning);

/* Rules that say on every architecture what the program answers. */
enum sp_bpf_outcome
sp_bpf_read_rules(const struct sp_bpf_reading *reading, const struct sp_kb_syscall *call,
                  struct sp_safe_rules *ret_rules);

/* ---- socketcall and ipc ---------------------------------------------------------------- */

bool
sp_bpf_read_is_multiplexer(const struct sp_kb_syscall *call);

/* Do the rules of other calls say already what a multiplexer answers, everywhere, by the
 * companions that libseccomp makes of them? */
bool
sp_bpf_read_is_said(const struct sp_bpf_reading *reading, const struct sp_bpf_calls *calls,
                    const struct sp_kb_syscall *call);

#endif
