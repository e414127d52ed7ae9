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

/* Both forms of an operation, as labels of a switch. */
#define SP_BPF_WITH_X_OR_K(code) (code): case ((code) | BPF_X)

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
