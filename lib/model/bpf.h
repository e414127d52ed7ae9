/* A classic BPF program for seccomp, as data. */
#ifndef SP_MODEL_BPF_H
#define SP_MODEL_BPF_H

#include <stddef.h>
#include <stdint.h>

/* struct sock_filter (linux/filter.h). */
struct sp_bpf_insn {
    uint16_t code;
    uint8_t jt;
    uint8_t jf;
    uint32_t k;
};

struct sp_bpf {
    const struct sp_bpf_insn *at;
    size_t count;
};

/* The kernel's limit for one program (BPF_MAXINSNS). */
enum { SP_BPF_MAX = 4096 };

#endif
