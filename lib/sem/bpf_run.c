#include "sem/bpf_run.h"

#include "sem/bpf_code.h"

/* The word of struct seccomp_data at an offset, on a little-endian machine. */
static uint32_t
load(const struct sp_call *call, uint32_t offset)
{
    if (offset >= SP_BPF_DATA_ARGS) {
        uint64_t arg = call->args[(offset - SP_BPF_DATA_ARGS) / 8];
        return (uint32_t)(offset % 8 == 0 ? arg : arg >> 32);
    }
    switch (offset) {
    case SP_BPF_DATA_NR:
        return call->nr;
    case SP_BPF_DATA_ARCH:
        return call->arch;
    default:
        return 0;
    }
}

static uint32_t
value_at(enum sp_bpf_place place, uint32_t k, const uint32_t *registers,
         const struct sp_call *call)
{
    switch (place) {
    case SP_BPF_PLACE_A:
        return registers[SP_BPF_A];
    case SP_BPF_PLACE_X:
        return registers[SP_BPF_X];
    case SP_BPF_PLACE_MEMORY:
        return registers[k];
    case SP_BPF_PLACE_DATA:
        return load(call, k);
    case SP_BPF_PLACE_LENGTH:
        return SP_BPF_DATA_SIZE;
    case SP_BPF_PLACE_CONSTANT:
        return k;
    case SP_BPF_PLACE_MINUS_A:
        return 0 - registers[SP_BPF_A];
    case SP_BPF_PLACE_NONE:
        break;
    }
    return 0;
}

/* Everything but jumps and returns; false: the program ends here. */
static bool
compute(const struct sp_bpf_insn *insn, uint32_t operand, uint32_t *registers,
        const struct sp_call *call)
{
    uint32_t *a = &registers[SP_BPF_A];

    if (!sp_bpf_is_operation(insn->code)) {
        struct sp_bpf_move move = sp_bpf_move_of(insn->code);
        registers[sp_bpf_target(move, insn->k)] = value_at(move.from, insn->k, registers, call);
        return true;
    }
    if (BPF_OP(insn->code) == BPF_DIV && operand == 0) {
        return false;  /* bpf_convert_filter of the kernel */
    }
    *a = sp_bpf_operate(insn->code, *a, operand);
    return true;
}

static sp_verdict
run(struct sp_bpf program, const struct sp_call *call, size_t *ret_steps)
{
    uint32_t registers[SP_BPF_REGISTERS] = { 0 };

    for (size_t pc = 0;; pc++) {
        const struct sp_bpf_insn *insn = &program.at[pc];
        uint32_t a = registers[SP_BPF_A];
        uint32_t operand = (insn->code & BPF_X) != 0 ? registers[SP_BPF_X] : insn->k;
        ++*ret_steps;
        if (insn->code == SP_BPF_RET_K || insn->code == SP_BPF_RET_A) {
            return insn->code == SP_BPF_RET_K ? insn->k : a;
        }
        if (insn->code == SP_BPF_JA) {
            pc += insn->k;
        } else if (sp_bpf_is_branch(insn->code)) {
            pc += sp_bpf_holds(insn->code, a, operand) ? insn->jt : insn->jf;
        } else if (!compute(insn, operand, registers, call)) {
            return SP_VERDICT_KILL_THREAD;
        }
    }
}

sp_verdict
sp_bpf_run(struct sp_bpf program, const struct sp_call *call, size_t *ret_steps)
{
    size_t steps = 0;
    sp_verdict verdict = run(program, call, &steps);

    if (ret_steps != NULL) {
        *ret_steps = steps;
    }
    return verdict;
}
