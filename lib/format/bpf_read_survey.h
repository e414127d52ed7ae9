/* The parts of the survey of a program, for bpf_read*.c alone. */
#ifndef SP_FORMAT_BPF_READ_SURVEY_H
#define SP_FORMAT_BPF_READ_SURVEY_H

#include "format/bpf_read_work.h"

/* What the program answers on each architecture; those that no profile can name must meet the
 * same as any that a filter does not have.  False after an error, or without memory. */
bool
sp_bpf_read_arches(struct sp_bpf_reading *reading);

/* What is answered for numbers that are nobody's, and where runc's stub begins.  False after
 * an error. */
bool
sp_bpf_read_default(struct sp_bpf_reading *reading);

/* The default where every number below the stub is a call's, on all architectures. */
sp_verdict
sp_bpf_read_guess(const struct sp_bpf_reading *reading);

/* How many numbers there are without the last one, which is -1. */
size_t
sp_bpf_arch_count(const struct sp_bpf_arch *arch);

bool
sp_bpf_read_is_enosys(const struct sp_bpf_reading *reading, const struct sp_bpf_number *number);

#endif
