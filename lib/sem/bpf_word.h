/* A 32-bit register of a filter whose input is not known, bit by bit. */
#ifndef SP_SEM_BPF_WORD_H
#define SP_SEM_BPF_WORD_H

#include "sem/dd.h"

#include <stdbool.h>
#include <stdint.h>

enum { SP_BPF_BITS = 32 };

/* What one bit holds: 0, 1, something unknown, or a bit of an argument or its inverse. */
typedef uint16_t sp_bpf_cell;

enum {
    SP_BPF_CELL_0 = 0,
    SP_BPF_CELL_1 = 1,
    SP_BPF_CELL_UNKNOWN = 2,
    SP_BPF_CELL_INPUT = 4,  /* + 2 * (64 * argument + bit), + 1 for the inverse */
};

/* Alike words are alike in every byte: a bit that is open has 0 in `value`, one that is not
 * has 0 in `cell`. */
struct sp_bpf_word {
    uint32_t open;   /* the bits that are not constant */
    uint32_t value;  /* the constant ones */
    sp_bpf_cell cell[SP_BPF_BITS];
};

struct sp_bpf_word
sp_bpf_word_of(uint32_t value);

struct sp_bpf_word
sp_bpf_word_unknown(void);

/* Half an argument, as the kernel has it at this offset of struct seccomp_data. */
struct sp_bpf_word
sp_bpf_word_load(uint32_t offset);

static inline bool
sp_bpf_word_is_constant(const struct sp_bpf_word *word)
{
    return word->open == 0;
}

bool
sp_bpf_word_has_unknown(const struct sp_bpf_word *word);

/* A op operand, for the code of an operation; exact where no two open bits meet, else unknown
 * bits. Where the operation divides, operand 0 is not asked about. */
struct sp_bpf_word
sp_bpf_word_operate(uint16_t code, const struct sp_bpf_word *a,
                    const struct sp_bpf_word *operand);

struct sp_bpf_word
sp_bpf_word_negate(const struct sp_bpf_word *a);

/* ---- as diagrams ------------------------------------------------------------------------- */

/* For the code of a branch, the calls for which it holds. */
sp_dd
sp_bpf_word_question(struct sp_dd_store *store, uint16_t code, const struct sp_bpf_word *a,
                     const struct sp_bpf_word *operand);

/* The word as an answer; undecided when it has unknown bits, or more than eight open ones. */
sp_dd
sp_bpf_word_answer(struct sp_dd_store *store, const struct sp_bpf_word *word);

#endif
