/* What the tests of programs share: programs by chance, and calls to run them with. */
#ifndef SP_SEM_BPF_TEST_H
#define SP_SEM_BPF_TEST_H

#include "sem/bpf_code.h"
#include "sem/bpf_run.h"

#include <stddef.h>
#include <stdint.h>

#define INSN(code_, k_) { .code = (code_), .k = (k_) }
#define JUMP(code_, k_, jt_, jf_) { .code = (code_), .jt = (jt_), .jf = (jf_), .k = (k_) }
#define PROGRAM(array) \
    ((struct sp_bpf){ .at = (array), .count = sizeof(array) / sizeof *(array) })

enum { ARG_LOW = SP_BPF_DATA_ARGS, ARG_HIGH = SP_BPF_DATA_ARGS + 4 };

/* xorshift64*: the same programs everywhere. */
static inline uint64_t
bpf_random(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 0x2545f4914f6cdd1d;
}

static inline uint32_t
bpf_random_below(uint64_t *seed, uint32_t limit)
{
    return (uint32_t)(bpf_random(seed) >> 33) % limit;
}

/* Constants that programs and calls have in common, so that comparisons have both answers. */
static inline uint32_t
bpf_random_word(uint64_t *seed)
{
    static const uint32_t words[] = {
        0, 1, 2, 3, 7, 8, 31, 32, 0xff, 0x100, 0xfff0, 0x10000, 0x7fffffff, 0x80000000,
        0xfffffffe, 0xffffffff
    };
    uint32_t pick = bpf_random_below(seed, 24);

    return pick < 16 ? words[pick] : pick < 22 ? bpf_random_below(seed, 16)
                                               : (uint32_t)(bpf_random(seed) >> 32);
}

static inline struct sp_call
bpf_random_call(uint64_t *seed, uint32_t arch, uint32_t nr)
{
    struct sp_call call = { .arch = arch, .nr = nr };

    for (unsigned i = 0; i < SP_ARGS; i++) {
        call.args[i] = bpf_random_word(seed) | (uint64_t)bpf_random_word(seed) << 32;
    }
    return call;
}

/* For an instruction with `after` others behind it, a k that is often accepted. */
static inline uint32_t
bpf_random_k(uint64_t *seed, struct sp_bpf_insn insn, size_t after)
{
    if (sp_bpf_has_memory(sp_bpf_move_of(insn.code))) {
        return bpf_random_below(seed, 3);
    }
    switch (insn.code) {
    case SP_BPF_LD_ABS:
        return bpf_random_below(seed, 16) * 4;
    case SP_BPF_JA:
        return bpf_random_below(seed, after > 0 ? (uint32_t)after : 1);
    case SP_BPF_LSH:
    case SP_BPF_RSH:
        return bpf_random_below(seed, 32);
    default:
        return insn.k;
    }
}

static inline struct sp_bpf_insn
bpf_random_insn(uint64_t *seed, size_t after)
{
    static const uint16_t codes[] = {
        SP_BPF_LD_ABS, SP_BPF_LD_ABS, SP_BPF_LD_ABS, SP_BPF_LD_ABS, SP_BPF_LD_LEN,
        SP_BPF_LD_IMM, SP_BPF_LD_MEM, SP_BPF_LDX_LEN, SP_BPF_LDX_IMM, SP_BPF_LDX_MEM, SP_BPF_ST,
        SP_BPF_ST, SP_BPF_STX, SP_BPF_TAX, SP_BPF_TXA, SP_BPF_NEG, SP_BPF_JA, SP_BPF_RET_K,
        SP_BPF_RET_A, SP_BPF_ADD, SP_BPF_SUB, SP_BPF_MUL, SP_BPF_DIV, SP_BPF_AND, SP_BPF_OR,
        SP_BPF_XOR, SP_BPF_LSH, SP_BPF_RSH, SP_BPF_JEQ, SP_BPF_JGT, SP_BPF_JGE, SP_BPF_JSET,
        SP_BPF_AND, SP_BPF_JEQ, SP_BPF_JGT, SP_BPF_JGE, SP_BPF_JSET,
    };
    struct sp_bpf_insn insn = {
        .code = codes[bpf_random_below(seed, sizeof codes / sizeof *codes)],
        .k = bpf_random_word(seed),
    };

    if (sp_bpf_is_branch(insn.code)) {
        insn.jt = (uint8_t)bpf_random_below(seed, after > 0 ? (uint32_t)after : 1);
        insn.jf = (uint8_t)bpf_random_below(seed, after > 0 ? (uint32_t)after : 1);
    }
    if ((sp_bpf_is_branch(insn.code) || sp_bpf_is_operation(insn.code))
        && bpf_random_below(seed, 4) == 0) {
        insn.code |= BPF_X;
    }
    insn.k = bpf_random_k(seed, insn, after);
    return insn;
}

/* Not always accepted. */
static inline struct sp_bpf
bpf_random_program(uint64_t *seed, struct sp_bpf_insn *room, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        room[i] = bpf_random_insn(seed, count - i - 1);
    }
    room[count - 1] = (struct sp_bpf_insn){
        .code = bpf_random_below(seed, 4) == 0 ? SP_BPF_RET_A : SP_BPF_RET_K, .k = room[0].k
    };
    return (struct sp_bpf){ .at = room, .count = count };
}

#endif
