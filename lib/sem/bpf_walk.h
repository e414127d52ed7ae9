/* A program followed for all calls of one number at once, as long as they go the same way. */
#ifndef SP_SEM_BPF_WALK_H
#define SP_SEM_BPF_WALK_H

#include "model/bpf.h"
#include "sem/bpf_word.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One for all walks through a program: its steps are counted together. */
struct sp_bpf_walk {
    struct sp_dd_store *store;
    struct sp_bpf program;
    uint32_t arch;
    uint32_t nr;
    size_t steps;
    bool is_spent;  /* too many steps: the last answer is undecided for this reason alone */
};

/* A question that is not the same for all calls, and the instructions it leads to.  The end of
 * the program is one of them where a division by 0 ends it. */
struct sp_bpf_fork {
    sp_dd condition;  /* SP_DD_UNDECIDED when it cannot be told */
    size_t then;
    size_t otherwise;
};

/* Walks on from instruction `pc` with these registers (SP_BPF_REGISTERS, each set before it is
 * read), which it changes.  True: all calls end there, and `ret_answer` is what is returned;
 * false: they part at `ret_fork`. */
bool
sp_bpf_walk(struct sp_bpf_walk *walk, size_t pc, struct sp_bpf_word *registers,
            sp_dd *ret_answer, struct sp_bpf_fork *ret_fork);

#endif
