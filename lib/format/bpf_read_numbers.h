/* The numbers that a program is asked for, for bpf_read*.c alone. */
#ifndef SP_FORMAT_BPF_READ_NUMBERS_H
#define SP_FORMAT_BPF_READ_NUMBERS_H

#include "format/bpf_read_work.h"

/* Ascending, each once. */
struct sp_bpf_numbers {
    SP_VEC(uint32_t) all;
};

/* All that the program compares or computes with, and the ends of the numbers' ranges.  False
 * when there is no memory. */
bool
sp_bpf_numbers_of_program(const struct sp_bpf_reading *reading,
                          struct sp_bpf_numbers *ret_constants);

/* The numbers of an architecture that are worth asking for.  False when there is no memory. */
bool
sp_bpf_numbers_of_arch(const struct sp_bpf_reading *reading, const struct sp_kb_arch *arch,
                       const struct sp_bpf_numbers *constants,
                       struct sp_bpf_numbers *ret_numbers);

bool
sp_bpf_numbers_have(const struct sp_bpf_numbers *numbers, uint32_t value);

/* Is the number this architecture's, where others share its value of seccomp_data.arch? */
bool
sp_bpf_arch_has(const struct sp_kb_arch *arch, uint32_t nr);

#endif
