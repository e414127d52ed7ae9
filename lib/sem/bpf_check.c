/* What the kernel takes: bpf_check_classic of net/core/filter.c and, on top of it,
 * seccomp_check_filter of kernel/seccomp.c. */
#include "sem/bpf_run.h"

#include "sem/bpf_code.h"

/* The bits of scratch memory that every way to an instruction has written. */
struct written {
    uint16_t now;
    uint16_t at[SP_BPF_MAX];  /* narrowed by each jump that leads there */
};

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
    if (!sp_bpf_has(insn->code)) {
        return "instruction that seccomp does not have";
    }
    if (sp_bpf_is_branch(insn->code)) {
        return insn->jt >= after || insn->jf >= after ? "jump past the end" : NULL;
    }
    if (sp_bpf_has_memory(sp_bpf_move_of(insn->code))) {
        return insn->k >= SP_BPF_WORDS ? "scratch memory has 16 words" : NULL;
    }
    switch (insn->code) {
    case SP_BPF_LD_ABS:
        return load_refused(insn->k);
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

/* What is written before a jump counts where it leads; to what follows it leads only another
 * jump. */
static void
jump(struct written *written, size_t then, size_t otherwise)
{
    written->at[then] &= written->now;
    written->at[otherwise] &= written->now;
    written->now = UINT16_MAX;
}

/* One instruction of check_load_and_stores. As there, a RET passes on what was written before
 * it, to what follows it in the text: code that only a jump reaches counts as if both led
 * there. */
static bool
reads_unwritten(struct written *written, const struct sp_bpf_insn *insn, size_t pc)
{
    struct sp_bpf_move move = sp_bpf_move_of(insn->code);

    written->now &= written->at[pc];
    if (sp_bpf_is_branch(insn->code)) {
        jump(written, pc + 1 + insn->jt, pc + 1 + insn->jf);
    } else if (insn->code == SP_BPF_JA) {
        jump(written, pc + 1 + insn->k, pc + 1 + insn->k);
    } else if (move.to == SP_BPF_PLACE_MEMORY) {
        written->now = (uint16_t)(written->now | 1u << insn->k);
    } else if (move.from == SP_BPF_PLACE_MEMORY) {
        return (written->now & 1u << insn->k) == 0;
    }
    return false;
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
