/* What the kernel takes: bpf_check_classic of net/core/filter.c and, on top of it,
 * seccomp_check_filter of kernel/seccomp.c. */
#include "sem/bpf_run.h"

#include "sem/bpf_code.h"

/* The bits of scratch memory that every way to an instruction has written. */
struct written {
    uint16_t now;
    uint16_t at[SP_BPF_MAX];  /* narrowed by each jump that leads there */
};

/* Of the codes that sockets may use, those that seccomp takes, too. MOD is not among them. */
static bool
is_allowed(uint16_t code)
{
    switch (code) {
    case SP_BPF_LD_ABS:
    case SP_BPF_LD_LEN:
    case SP_BPF_LD_IMM:
    case SP_BPF_LD_MEM:
    case SP_BPF_LDX_LEN:
    case SP_BPF_LDX_IMM:
    case SP_BPF_LDX_MEM:
    case SP_BPF_ST:
    case SP_BPF_STX:
    case SP_BPF_TAX:
    case SP_BPF_TXA:
    case SP_BPF_NEG:
    case SP_BPF_JA:
    case SP_BPF_RET_K:
    case SP_BPF_RET_A:
        return true;
    case SP_BPF_WITH_X_OR_K(SP_BPF_ADD):
    case SP_BPF_WITH_X_OR_K(SP_BPF_SUB):
    case SP_BPF_WITH_X_OR_K(SP_BPF_MUL):
    case SP_BPF_WITH_X_OR_K(SP_BPF_DIV):
    case SP_BPF_WITH_X_OR_K(SP_BPF_AND):
    case SP_BPF_WITH_X_OR_K(SP_BPF_OR):
    case SP_BPF_WITH_X_OR_K(SP_BPF_XOR):
    case SP_BPF_WITH_X_OR_K(SP_BPF_LSH):
    case SP_BPF_WITH_X_OR_K(SP_BPF_RSH):
    case SP_BPF_WITH_X_OR_K(SP_BPF_JEQ):
    case SP_BPF_WITH_X_OR_K(SP_BPF_JGT):
    case SP_BPF_WITH_X_OR_K(SP_BPF_JGE):
    case SP_BPF_WITH_X_OR_K(SP_BPF_JSET):
        return true;
    default:
        return false;
    }
}

static const char *
load_refused(uint32_t offset)
{
    if (offset >= SP_BPF_DATA_SIZE) {
        return "load past the end of the call's data";
    }
    return offset % 4 != 0 ? "load that is not aligned" : NULL;
}

/* What one instruction says by itself; `after` instructions follow it. */
static const char *
insn_refused(const struct sp_bpf_insn *insn, size_t after)
{
    if (!is_allowed(insn->code)) {
        return "instruction that seccomp does not have";
    }
    if (sp_bpf_is_branch(insn->code)) {
        return insn->jt >= after || insn->jf >= after ? "jump past the end" : NULL;
    }
    switch (insn->code) {
    case SP_BPF_LD_ABS:
        return load_refused(insn->k);
    case SP_BPF_LD_MEM:
    case SP_BPF_LDX_MEM:
    case SP_BPF_ST:
    case SP_BPF_STX:
        return insn->k >= SP_BPF_WORDS ? "scratch memory has 16 words" : NULL;
    case SP_BPF_DIV:
        return insn->k == 0 ? "division by 0" : NULL;
    case SP_BPF_LSH:
    case SP_BPF_RSH:
        return insn->k >= 32 ? "shift by more than 31" : NULL;
    case SP_BPF_JA:
        return insn->k >= after ? "jump past the end" : NULL;
    default:
        return NULL;
    }
}

/* One instruction of check_load_and_stores. As there, a RET passes on what was written before
 * it, to what follows it in the text: code that only a jump reaches counts as if both led
 * there. */
static bool
reads_unwritten(struct written *written, const struct sp_bpf_insn *insn, size_t pc)
{
    written->now &= written->at[pc];
    if (sp_bpf_is_branch(insn->code)) {
        written->at[pc + 1 + insn->jt] &= written->now;
        written->at[pc + 1 + insn->jf] &= written->now;
        written->now = UINT16_MAX;
        return false;
    }
    switch (insn->code) {
    case SP_BPF_ST:
    case SP_BPF_STX:
        written->now = (uint16_t)(written->now | 1u << insn->k);
        return false;
    case SP_BPF_LD_MEM:
    case SP_BPF_LDX_MEM:
        return (written->now & 1u << insn->k) == 0;
    case SP_BPF_JA:
        written->at[pc + 1 + insn->k] &= written->now;
        written->now = UINT16_MAX;
        return false;
    default:
        return false;
    }
}

static const char *
memory_refused(struct sp_bpf program, size_t *ret_at)
{
    struct written written = { .now = 0 };

    for (size_t pc = 0; pc < program.count; pc++) {
        written.at[pc] = UINT16_MAX;
    }
    for (size_t pc = 0; pc < program.count; pc++) {
        if (reads_unwritten(&written, &program.at[pc], pc)) {
            *ret_at = pc;
            return "scratch memory read before it is written";
        }
    }
    return NULL;
}

const char *
sp_bpf_refused(struct sp_bpf program, size_t *ret_at)
{
    *ret_at = 0;
    if (program.count == 0) {
        return "program without instructions";
    }
    if (program.count > SP_BPF_MAX) {
        *ret_at = SP_BPF_MAX;
        return "more than 4096 instructions";
    }
    for (size_t pc = 0; pc < program.count; pc++) {
        const char *why = insn_refused(&program.at[pc], program.count - pc - 1);
        if (why != NULL) {
            *ret_at = pc;
            return why;
        }
    }
    uint16_t last = program.at[program.count - 1].code;
    if (last != SP_BPF_RET_K && last != SP_BPF_RET_A) {
        *ret_at = program.count - 1;
        return "program that does not end with a return";
    }
    return memory_refused(program, ret_at);
}
