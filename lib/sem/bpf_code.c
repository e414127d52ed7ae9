#include "sem/bpf_code.h"

/* A set of operations, a bit for each. */
#define OP(op) (1u << ((op) >> 4))

enum {
    OPERATIONS = OP(BPF_ADD) | OP(BPF_SUB) | OP(BPF_MUL) | OP(BPF_DIV) | OP(BPF_AND)
        | OP(BPF_OR) | OP(BPF_XOR) | OP(BPF_LSH) | OP(BPF_RSH),
    BRANCHES = OP(BPF_JEQ) | OP(BPF_JGT) | OP(BPF_JGE) | OP(BPF_JSET),
};

#define MOVE(to_, from_) { .to = SP_BPF_PLACE_##to_, .from = SP_BPF_PLACE_##from_ }

const struct sp_bpf_move sp_bpf_moves[SP_BPF_CODES] = {
    [SP_BPF_LD_ABS] = MOVE(A, DATA),
    [SP_BPF_LD_LEN] = MOVE(A, LENGTH),
    [SP_BPF_LD_IMM] = MOVE(A, CONSTANT),
    [SP_BPF_LD_MEM] = MOVE(A, MEMORY),
    [SP_BPF_LDX_LEN] = MOVE(X, LENGTH),
    [SP_BPF_LDX_IMM] = MOVE(X, CONSTANT),
    [SP_BPF_LDX_MEM] = MOVE(X, MEMORY),
    [SP_BPF_ST] = MOVE(MEMORY, A),
    [SP_BPF_STX] = MOVE(MEMORY, X),
    [SP_BPF_TAX] = MOVE(X, A),
    [SP_BPF_TXA] = MOVE(A, X),
    [SP_BPF_NEG] = MOVE(A, MINUS_A),
};

static bool
has_op(uint32_t ops, uint16_t code)
{
    return code < SP_BPF_CODES && (ops & OP(BPF_OP(code))) != 0;
}

bool
sp_bpf_has(uint16_t code)
{
    if (sp_bpf_is_operation(code)) {
        return has_op(OPERATIONS, code);
    }
    if (sp_bpf_is_branch(code)) {
        return has_op(BRANCHES, code);
    }
    return code == SP_BPF_JA || code == SP_BPF_RET_K || code == SP_BPF_RET_A
        || sp_bpf_move_of(code).to != SP_BPF_PLACE_NONE;
}
