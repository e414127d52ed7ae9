#include "sem/bpf_run.h"

#include "sem/bpf_code.h"

struct machine {
    uint32_t a;
    uint32_t x;
    uint32_t memory[SP_BPF_WORDS];
};

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

static void
move(struct machine *machine, const struct sp_bpf_insn *insn, const struct sp_call *call)
{
    switch (insn->code) {
    case SP_BPF_LD_ABS:
        machine->a = load(call, insn->k);
        break;
    case SP_BPF_LD_LEN:
        machine->a = SP_BPF_DATA_SIZE;
        break;
    case SP_BPF_LD_IMM:
        machine->a = insn->k;
        break;
    case SP_BPF_LD_MEM:
        machine->a = machine->memory[insn->k];
        break;
    case SP_BPF_LDX_LEN:
        machine->x = SP_BPF_DATA_SIZE;
        break;
    case SP_BPF_LDX_IMM:
        machine->x = insn->k;
        break;
    case SP_BPF_LDX_MEM:
        machine->x = machine->memory[insn->k];
        break;
    case SP_BPF_ST:
        machine->memory[insn->k] = machine->a;
        break;
    case SP_BPF_STX:
        machine->memory[insn->k] = machine->x;
        break;
    case SP_BPF_TAX:
        machine->x = machine->a;
        break;
    case SP_BPF_TXA:
        machine->a = machine->x;
        break;
    case SP_BPF_NEG:
        machine->a = 0 - machine->a;
        break;
    default:
        break;
    }
}

static sp_verdict
run(struct sp_bpf program, const struct sp_call *call, size_t *ret_steps)
{
    struct machine machine = { .a = 0 };

    for (size_t pc = 0;; pc++) {
        const struct sp_bpf_insn *insn = &program.at[pc];
        uint32_t operand = (insn->code & BPF_X) != 0 ? machine.x : insn->k;
        ++*ret_steps;
        if (insn->code == SP_BPF_RET_K || insn->code == SP_BPF_RET_A) {
            return insn->code == SP_BPF_RET_K ? insn->k : machine.a;
        }
        if (insn->code == SP_BPF_JA) {
            pc += insn->k;
        } else if (sp_bpf_is_branch(insn->code)) {
            pc += sp_bpf_holds(insn->code, machine.a, operand) ? insn->jt : insn->jf;
        } else if (!sp_bpf_is_operation(insn->code)) {
            move(&machine, insn, call);
        } else if (BPF_OP(insn->code) == BPF_DIV && operand == 0) {
            return 0;  /* the kernel ends the program (bpf_convert_filter) */
        } else {
            machine.a = sp_bpf_operate(insn->code, machine.a, operand);
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
