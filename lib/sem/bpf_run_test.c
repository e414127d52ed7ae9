#include "sem/bpf_test.h"

#include "base/testing.h"

#include <linux/audit.h>

static const struct sp_call call = {
    .arch = AUDIT_ARCH_X86_64, .nr = 42,
    .args = {
        0x1111111122222222, 5, 0xffffffff00000003, 0x44, 0x5500000000, 0x6666666677777777,
    },
};

/* ---- single instructions ----------------------------------------------------------------- */

/* A after `insn`, which starts with these registers. */
struct single {
    struct sp_bpf_insn insn;
    uint32_t a;
    uint32_t x;
    uint32_t result;
};

static const struct single singles[] = {
    { INSN(SP_BPF_LD_ABS, 0), 1, 2, 42 },
    { INSN(SP_BPF_LD_ABS, 4), 1, 2, AUDIT_ARCH_X86_64 },
    { INSN(SP_BPF_LD_ABS, 8), 1, 2, 0 },
    { INSN(SP_BPF_LD_ABS, 16), 1, 2, 0x22222222 },
    { INSN(SP_BPF_LD_ABS, 20), 1, 2, 0x11111111 },
    { INSN(SP_BPF_LD_ABS, 60), 1, 2, 0x66666666 },
    { INSN(SP_BPF_LD_LEN, 9), 1, 2, 64 },
    { INSN(SP_BPF_LD_IMM, 9), 1, 2, 9 },
    { INSN(SP_BPF_TXA, 0), 1, 2, 2 },
    { INSN(SP_BPF_TAX, 0), 1, 2, 1 },
    { INSN(SP_BPF_NEG, 9), 1, 2, 0xffffffff },
    { INSN(SP_BPF_ADD, 0xffffffff), 1, 2, 0 },
    { INSN(SP_BPF_ADD | BPF_X, 9), 1, 2, 3 },
    { INSN(SP_BPF_SUB, 2), 1, 0, 0xffffffff },
    { INSN(SP_BPF_SUB | BPF_X, 9), 5, 2, 3 },
    { INSN(SP_BPF_MUL, 0x10001), 0x10001, 0, 0x20001 },
    { INSN(SP_BPF_MUL | BPF_X, 9), 3, 5, 15 },
    { INSN(SP_BPF_DIV, 3), 0xffffffff, 0, 0x55555555 },
    { INSN(SP_BPF_DIV | BPF_X, 9), 9, 2, 4 },
    { INSN(SP_BPF_DIV | BPF_X, 9), 9, 0, 0 },
    { INSN(SP_BPF_AND, 6), 3, 9, 2 },
    { INSN(SP_BPF_AND | BPF_X, 9), 3, 2, 2 },
    { INSN(SP_BPF_OR, 6), 3, 9, 7 },
    { INSN(SP_BPF_OR | BPF_X, 9), 3, 4, 7 },
    { INSN(SP_BPF_XOR, 6), 3, 9, 5 },
    { INSN(SP_BPF_XOR | BPF_X, 9), 3, 1, 2 },
    { INSN(SP_BPF_LSH, 31), 3, 9, 0x80000000 },
    { INSN(SP_BPF_LSH | BPF_X, 9), 3, 33, 6 },
    { INSN(SP_BPF_RSH, 31), 0x80000000, 9, 1 },
    { INSN(SP_BPF_RSH | BPF_X, 9), 8, 0xffffffe1, 4 },
};

START_TEST(single_instructions_do_what_the_kernel_does)
{
    const struct single *single = &singles[_i];
    struct sp_bpf_insn program[] = {
        INSN(SP_BPF_LDX_IMM, single->x), INSN(SP_BPF_LD_IMM, single->a), single->insn,
        INSN(SP_BPF_RET_A, 0),
    };

    ck_assert_uint_eq(sp_bpf_run(PROGRAM(program), &call, NULL), single->result);
}
END_TEST

START_TEST(memory_and_x_are_kept)
{
    static const struct sp_bpf_insn program[] = {
        INSN(SP_BPF_LDX_LEN, 0), INSN(SP_BPF_STX, 15), INSN(SP_BPF_LD_IMM, 7),
        INSN(SP_BPF_ST, 0),
        INSN(SP_BPF_LD_MEM, 15), INSN(SP_BPF_LDX_MEM, 0), INSN(SP_BPF_ADD | BPF_X, 0),
        INSN(SP_BPF_RET_A, 0),
    };
    size_t steps = 0;

    ck_assert_uint_eq(sp_bpf_run(PROGRAM(program), &call, &steps), 71);
    ck_assert_uint_eq(steps, 8);
}
END_TEST

struct jump {
    uint16_t code;
    uint32_t a;
    uint32_t operand;
    bool holds;
};

static const struct jump jumps[] = {
    { SP_BPF_JEQ, 5, 5, true }, { SP_BPF_JEQ, 5, 6, false },
    { SP_BPF_JGT, 5, 5, false }, { SP_BPF_JGT, 0xffffffff, 5, true },
    { SP_BPF_JGE, 5, 5, true }, { SP_BPF_JGE, 5, 0x80000000, false },
    { SP_BPF_JSET, 5, 4, true }, { SP_BPF_JSET, 5, 2, false },
};

START_TEST(jumps_compare_without_sign)
{
    const struct jump *jump = &jumps[_i / 2];
    bool with_x = _i % 2 == 1;
    struct sp_bpf_insn program[] = {
        INSN(SP_BPF_LD_IMM, jump->a), INSN(SP_BPF_LDX_IMM, with_x ? jump->operand : 77),
        JUMP((uint16_t)(jump->code | (with_x ? BPF_X : 0)), with_x ? 77 : jump->operand, 0, 2),
        INSN(SP_BPF_JA, 0), INSN(SP_BPF_RET_K, 1), INSN(SP_BPF_RET_K, 0),
    };

    ck_assert_uint_eq(sp_bpf_run(PROGRAM(program), &call, NULL), jump->holds);
}
END_TEST

/* ---- the kernel's cache ------------------------------------------------------------------ */

struct cached {
    bool is_cached;
    struct sp_bpf_insn program[5];
    size_t count;
};

#define ALLOW INSN(SP_BPF_RET_K, SP_VERDICT_ALLOW)

static const struct cached caches[] = {
    { true, { ALLOW }, 1 },
    { false, { INSN(SP_BPF_RET_K, SP_VERDICT_ALLOW | 1) }, 1 },
    { false, { INSN(SP_BPF_RET_K, SP_VERDICT_LOG) }, 1 },
    { true, { INSN(SP_BPF_LD_ABS, 0), JUMP(SP_BPF_JEQ, 42, 1, 0), INSN(SP_BPF_RET_K, 0),
              ALLOW }, 4 },
    { false, { INSN(SP_BPF_LD_ABS, 0), JUMP(SP_BPF_JGE, 42, 0, 1), INSN(SP_BPF_RET_K, 0),
               ALLOW }, 4 },
    { true, { INSN(SP_BPF_LD_ABS, 4), JUMP(SP_BPF_JSET, 1u << 31, 1, 0), INSN(SP_BPF_RET_K, 0),
              INSN(SP_BPF_JA, 0), ALLOW }, 5 },
    { true, { INSN(SP_BPF_LD_ABS, 0), INSN(SP_BPF_AND, 3), JUMP(SP_BPF_JGT, 2, 0, 1),
              INSN(SP_BPF_RET_K, 0), ALLOW }, 5 },
    { false, { INSN(SP_BPF_LD_ABS, 8), ALLOW }, 2 },
    { false, { INSN(SP_BPF_LD_ABS, 16), ALLOW }, 2 },
    { false, { INSN(SP_BPF_LD_IMM, 0), ALLOW }, 2 },
    { false, { INSN(SP_BPF_LD_LEN, 0), ALLOW }, 2 },
    { false, { INSN(SP_BPF_LDX_IMM, 0), ALLOW }, 2 },
    { false, { INSN(SP_BPF_OR, 0), ALLOW }, 2 },
    { false, { INSN(SP_BPF_AND | BPF_X, 0), ALLOW }, 2 },
    { false, { INSN(SP_BPF_ST, 0), ALLOW }, 2 },
    { false, { JUMP(SP_BPF_JEQ | BPF_X, 0, 0, 0), ALLOW }, 2 },
    { false, { INSN(SP_BPF_LD_IMM, SP_VERDICT_ALLOW), INSN(SP_BPF_RET_A, 0) }, 2 },
};

START_TEST(the_cache_takes_what_is_always_allowed)
{
    const struct cached *cached = &caches[_i];
    struct sp_bpf program = { .at = cached->program, .count = cached->count };

    ck_assert_int_eq(sp_bpf_is_cached(program, AUDIT_ARCH_X86_64, 42), cached->is_cached);
}
END_TEST

START_TEST(numbers_of_x32_are_never_cached)
{
    static const struct sp_bpf_insn program[] = { ALLOW };

    ck_assert(!sp_bpf_is_cached(PROGRAM(program), AUDIT_ARCH_X86_64, 0x40000001));
}
END_TEST

SP_SUITE(bpf_run)
{
    TCase *tcase = sp_testing_case(suite, "run");
    tcase_add_loop_test(tcase, single_instructions_do_what_the_kernel_does, 0,
                        sizeof singles / sizeof *singles);
    tcase_add_test(tcase, memory_and_x_are_kept);
    tcase_add_loop_test(tcase, jumps_compare_without_sign, 0, 2 * sizeof jumps / sizeof *jumps);

    tcase = sp_testing_case(suite, "cache");
    tcase_add_loop_test(tcase, the_cache_takes_what_is_always_allowed, 0,
                        sizeof caches / sizeof *caches);
    tcase_add_test(tcase, numbers_of_x32_are_never_cached);
}
