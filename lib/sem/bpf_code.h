/* The instructions of classic BPF that seccomp has, as whole codes (linux/bpf_common.h). */
#ifndef SP_SEM_BPF_CODE_H
#define SP_SEM_BPF_CODE_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    SP_BPF_WORDS = BPF_MEMWORDS,
    SP_BPF_DATA_SIZE = 64,  /* sizeof(struct seccomp_data) */
    SP_BPF_DATA_NR = 0,
    SP_BPF_DATA_ARCH = 4,
    SP_BPF_DATA_IP = 8,
    SP_BPF_DATA_ARGS = 16,
};

enum {
    SP_BPF_LD_ABS = BPF_LD | BPF_W | BPF_ABS,
    SP_BPF_LD_LEN = BPF_LD | BPF_W | BPF_LEN,
    SP_BPF_LD_IMM = BPF_LD | BPF_IMM,
    SP_BPF_LD_MEM = BPF_LD | BPF_MEM,
    SP_BPF_LDX_LEN = BPF_LDX | BPF_W | BPF_LEN,
    SP_BPF_LDX_IMM = BPF_LDX | BPF_IMM,
    SP_BPF_LDX_MEM = BPF_LDX | BPF_MEM,
    SP_BPF_ST = BPF_ST,
    SP_BPF_STX = BPF_STX,
    SP_BPF_TAX = BPF_MISC | BPF_TAX,
    SP_BPF_TXA = BPF_MISC | BPF_TXA,
    SP_BPF_NEG = BPF_ALU | BPF_NEG,
    SP_BPF_JA = BPF_JMP | BPF_JA,
    SP_BPF_RET_K = BPF_RET | BPF_K,
    SP_BPF_RET_A = BPF_RET | BPF_A,
    /* With the constant k; or-ed with BPF_X, with the register X. */
    SP_BPF_ADD = BPF_ALU | BPF_ADD,
    SP_BPF_SUB = BPF_ALU | BPF_SUB,
    SP_BPF_MUL = BPF_ALU | BPF_MUL,
    SP_BPF_DIV = BPF_ALU | BPF_DIV,
    SP_BPF_AND = BPF_ALU | BPF_AND,
    SP_BPF_OR = BPF_ALU | BPF_OR,
    SP_BPF_XOR = BPF_ALU | BPF_XOR,
    SP_BPF_LSH = BPF_ALU | BPF_LSH,
    SP_BPF_RSH = BPF_ALU | BPF_RSH,
    SP_BPF_JEQ = BPF_JMP | BPF_JEQ,
    SP_BPF_JGT = BPF_JMP | BPF_JGT,
    SP_BPF_JGE = BPF_JMP | BPF_JGE,
    SP_BPF_JSET = BPF_JMP | BPF_JSET,
};

/* Is there such an instruction?  Of the codes that sockets may use, those that seccomp takes,
 * too; MOD is not among them. */
bool
sp_bpf_has(uint16_t code);

/* A jump of two targets? */
static inline bool
sp_bpf_is_branch(uint16_t code)
{
    return BPF_CLASS(code) == BPF_JMP && code != SP_BPF_JA;
}

/* An operation of A with k or X? */
static inline bool
sp_bpf_is_operation(uint16_t code)
{
    return BPF_CLASS(code) == BPF_ALU && code != SP_BPF_NEG;
}

/* ---- moves ------------------------------------------------------------------------------- */

/* The registers, numbered: the words of scratch memory, A and X. */
enum { SP_BPF_A = SP_BPF_WORDS, SP_BPF_X, SP_BPF_REGISTERS };

/* Where a value comes from or goes to. */
enum sp_bpf_place {
    SP_BPF_PLACE_NONE,
    SP_BPF_PLACE_A,
    SP_BPF_PLACE_X,
    SP_BPF_PLACE_MEMORY,    /* word k */
    SP_BPF_PLACE_DATA,      /* of the call, at offset k */
    SP_BPF_PLACE_LENGTH,    /* of those data */
    SP_BPF_PLACE_CONSTANT,  /* k */
    SP_BPF_PLACE_MINUS_A,
};

/* `to` is A, X or memory. */
struct sp_bpf_move {
    enum sp_bpf_place to;
    enum sp_bpf_place from;
};

/* By code; all codes of seccomp fit into a byte. */
enum { SP_BPF_CODES = 1 << 8 };
extern const struct sp_bpf_move sp_bpf_moves[SP_BPF_CODES];

/* What an instruction does that is neither operation, jump nor return; for those, and for codes
 * that do not exist, both places are none. */
static inline struct sp_bpf_move
sp_bpf_move_of(uint16_t code)
{
    return code < SP_BPF_CODES ? sp_bpf_moves[code]
                               : (struct sp_bpf_move){ .to = SP_BPF_PLACE_NONE };
}

static inline bool
sp_bpf_has_memory(struct sp_bpf_move move)
{
    return move.to == SP_BPF_PLACE_MEMORY || move.from == SP_BPF_PLACE_MEMORY;
}

/* The register that a move with this k writes. */
static inline uint32_t
sp_bpf_target(struct sp_bpf_move move, uint32_t k)
{
    if (move.to == SP_BPF_PLACE_MEMORY) {
        return k;
    }
    return move.to == SP_BPF_PLACE_A ? SP_BPF_A : SP_BPF_X;
}

/* ---- arithmetic -------------------------------------------------------------------------- */

/* A op operand; the operand is not 0 where it divides.  Shifts count modulo 32, as the kernel's
 * interpreter and its translators to machine code do. */
static inline uint32_t
sp_bpf_operate(uint16_t code, uint32_t a, uint32_t operand)
{
    switch (BPF_OP(code)) {
    case BPF_ADD:
        return a + operand;
    case BPF_SUB:
        return a - operand;
    case BPF_MUL:
        return a * operand;
    case BPF_DIV:
        return a / operand;
    case BPF_AND:
        return a & operand;
    case BPF_OR:
        return a | operand;
    case BPF_XOR:
        return a ^ operand;
    case BPF_LSH:
        return a << (operand & 31);
    default:
        return a >> (operand & 31);
    }
}

/* The question of a branch. */
static inline bool
sp_bpf_holds(uint16_t code, uint32_t a, uint32_t operand)
{
    switch (BPF_OP(code)) {
    case BPF_JEQ:
        return a == operand;
    case BPF_JGT:
        return a > operand;
    case BPF_JGE:
        return a >= operand;
    default:
        return (a & operand) != 0;
    }
}

#endif
