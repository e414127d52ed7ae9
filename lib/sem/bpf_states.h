/* The states of a program that is followed for all calls at once.
 *
 * A state is an instruction and what the registers hold before it.  Registers that are not read
 * any more do not count: ways that differ in nothing else meet in one state.  States are
 * numbered as they are found; they move in memory when others are added. */
#ifndef SP_SEM_BPF_STATES_H
#define SP_SEM_BPF_STATES_H

#include "base/vec.h"
#include "model/bpf.h"
#include "sem/bpf_code.h"
#include "sem/bpf_word.h"

/* An end, whose answer is known, or a question that chooses of two states. */
struct sp_bpf_state {
    uint32_t pc;
    uint32_t hash;
    uint32_t next;                    /* of the same bucket, + 1 */
    const struct sp_bpf_word *words;  /* of the registers that are still read, in order */

    /* For the one who follows the program; the table leaves them alone. */
    bool is_end;
    sp_dd answer;
    sp_dd condition;
    uint32_t then;
    uint32_t otherwise;
};

struct sp_bpf_states {
    struct sp_arena *arena;
    const uint32_t *live;  /* the registers that are still read, before each instruction */
    uint32_t *bucket;
    uint32_t bucket_count;
    bool failed;           /* no memory, or too many states */
    SP_VEC(struct sp_bpf_state) list;
};

/* An empty table for states from instruction `from` on, in `states->arena`; false when there is
 * no memory. */
bool
sp_bpf_states_start(struct sp_bpf_states *states, struct sp_bpf program, size_t from);

/* The number of a state, an old one where there is one.  The registers are SP_BPF_REGISTERS;
 * those that are not read any more may be anything.  Sets `failed`, and answers 0, when there
 * is no place for it. */
uint32_t
sp_bpf_states_find(struct sp_bpf_states *states, size_t pc,
                   const struct sp_bpf_word *registers);

/* Sets the registers that are still read to what they hold in a state. */
void
sp_bpf_states_restore(const struct sp_bpf_states *states, uint32_t at,
                      struct sp_bpf_word *registers);

#endif
