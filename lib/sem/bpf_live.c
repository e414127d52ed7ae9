#include "sem/bpf_live.h"

#include "sem/bpf_code.h"

enum { BIT_A = 1 << SP_BPF_A, BIT_X = 1 << SP_BPF_X };

static uint32_t
bit_at(enum sp_bpf_place place, uint32_t k)
{
    static const uint32_t bits[] = {
        [SP_BPF_PLACE_A] = BIT_A, [SP_BPF_PLACE_X] = BIT_X, [SP_BPF_PLACE_MINUS_A] = BIT_A,
    };

    return place == SP_BPF_PLACE_MEMORY ? 1u << k : bits[place];
}

static uint32_t
reads_of(const struct sp_bpf_insn *insn)
{
    if (sp_bpf_is_branch(insn->code) || sp_bpf_is_operation(insn->code)) {
        return BIT_A | ((insn->code & BPF_X) != 0 ? BIT_X : 0);
    }
    if (insn->code == SP_BPF_RET_A) {
        return BIT_A;
    }
    return bit_at(sp_bpf_move_of(insn->code).from, insn->k);
}

/* Of an operation nothing: it reads what it writes. */
static uint32_t
writes_of(const struct sp_bpf_insn *insn)
{
    return bit_at(sp_bpf_move_of(insn->code).to, insn->k);
}

static uint32_t
live_after(const struct sp_bpf_insn *insn, const uint32_t *live)
{
    if (BPF_CLASS(insn->code) == BPF_RET) {
        return 0;
    }
    if (insn->code == SP_BPF_JA) {
        return live[insn->k];
    }
    if (sp_bpf_is_branch(insn->code)) {
        return live[insn->jt] | live[insn->jf];
    }
    return live[0];
}

uint32_t *
sp_bpf_live(struct sp_bpf program, size_t from, struct sp_arena *arena)
{
    uint32_t *live = sp_arena_new_array(arena, program.count + 1, uint32_t);

    for (size_t pc = program.count; live != NULL && pc > from; pc--) {
        const struct sp_bpf_insn *insn = &program.at[pc - 1];
        live[pc - 1] = (live_after(insn, &live[pc]) & ~writes_of(insn)) | reads_of(insn);
    }
    return live;
}
