#include "sem/bpf_test.h"

#include "base/testing.h"

struct refusal {
    const char *why;  /* NULL: accepted */
    size_t at;
    struct sp_bpf_insn program[5];
    size_t count;
};

#define RET INSN(SP_BPF_RET_K, 0)
#define UNKNOWN "instruction that seccomp does not have"

static const struct refusal refusals[] = {
    { NULL, 0, { RET }, 1 },
    { NULL, 0, { INSN(SP_BPF_RET_A, 0) }, 1 },
    { NULL, 0, { RET, RET }, 2 },
    { NULL, 0, { INSN(SP_BPF_LD_ABS, 60), RET }, 2 },
    { NULL, 0, { INSN(SP_BPF_XOR | BPF_X, 0), RET }, 2 },
    { NULL, 0, { INSN(SP_BPF_DIV | BPF_X, 0), RET }, 2 },
    { NULL, 0, { INSN(SP_BPF_LSH | BPF_X, 99), RET }, 2 },
    { NULL, 0, { INSN(SP_BPF_LSH, 31), RET }, 2 },
    { NULL, 0, { JUMP(SP_BPF_JEQ, 0, 1, 0), RET, RET }, 3 },
    { NULL, 0, { INSN(SP_BPF_JA, 1), RET, RET }, 3 },
    { NULL, 0, { INSN(SP_BPF_ST, 15), INSN(SP_BPF_LDX_MEM, 15), RET }, 3 },
    { NULL, 0, { INSN(SP_BPF_STX, 0), INSN(SP_BPF_JA, 0), INSN(SP_BPF_LD_MEM, 0), RET }, 4 },
    { NULL, 0, { INSN(SP_BPF_JA, 1), INSN(SP_BPF_LD_MEM, 0), RET }, 3 },
    { NULL, 0, { JUMP(SP_BPF_NEG, 5, 200, 200), RET }, 2 },
    { "program without instructions", 0, { RET }, 0 },
    { "program that does not end with a return", 1, { RET, INSN(SP_BPF_LD_IMM, 0) }, 2 },
    { "load past the end of the call's data", 0, { INSN(SP_BPF_LD_ABS, 64), RET }, 2 },
    { "load past the end of the call's data", 0, { INSN(SP_BPF_LD_ABS, 0xfffff000), RET }, 2 },
    { "load that is not aligned", 1, { INSN(SP_BPF_LD_IMM, 1), INSN(SP_BPF_LD_ABS, 2), RET },
      3 },
    { UNKNOWN, 0, { INSN(BPF_ALU | BPF_MOD, 7), RET }, 2 },
    { UNKNOWN, 0, { INSN(BPF_ALU | BPF_MOD | BPF_X, 7), RET }, 2 },
    { UNKNOWN, 0, { INSN(BPF_LD | BPF_B | BPF_ABS, 0), RET }, 2 },
    { UNKNOWN, 0, { INSN(BPF_LD | BPF_H | BPF_ABS, 0), RET }, 2 },
    { UNKNOWN, 0, { INSN(BPF_LD | BPF_W | BPF_IND, 0), RET }, 2 },
    { UNKNOWN, 0, { INSN(BPF_LDX | BPF_B | BPF_MSH, 0), RET }, 2 },
    { UNKNOWN, 0, { INSN(BPF_RET | BPF_X, 0), RET }, 2 },
    { UNKNOWN, 0, { INSN(SP_BPF_NEG | BPF_X, 0), RET }, 2 },
    { UNKNOWN, 0, { INSN(SP_BPF_JA | BPF_X, 0), RET }, 2 },
    { UNKNOWN, 0, { INSN(0x100 | SP_BPF_LD_IMM, 0), RET }, 2 },
    { "division by 0", 0, { INSN(SP_BPF_DIV, 0), RET }, 2 },
    { "shift by more than 31", 0, { INSN(SP_BPF_LSH, 32), RET }, 2 },
    { "shift by more than 31", 0, { INSN(SP_BPF_RSH, 32), RET }, 2 },
    { "scratch memory has 16 words", 0, { INSN(SP_BPF_ST, 16), RET }, 2 },
    { "scratch memory has 16 words", 0, { INSN(SP_BPF_LDX_MEM, 16), RET }, 2 },
    { "jump past the end", 0, { JUMP(SP_BPF_JGT, 0, 1, 0), RET }, 2 },
    { "jump past the end", 0, { JUMP(SP_BPF_JSET | BPF_X, 0, 0, 1), RET }, 2 },
    { "jump past the end", 0, { INSN(SP_BPF_JA, 1), RET }, 2 },
    { "jump past the end", 0, { INSN(SP_BPF_JA, UINT32_MAX), RET }, 2 },
    { "scratch memory read before it is written", 0, { INSN(SP_BPF_LD_MEM, 0), RET }, 2 },
    { "scratch memory read before it is written", 1,
      { INSN(SP_BPF_ST, 1), INSN(SP_BPF_LD_MEM, 0), RET }, 3 },
    { "scratch memory read before it is written", 2,
      { JUMP(SP_BPF_JEQ, 0, 0, 1), INSN(SP_BPF_ST, 0), INSN(SP_BPF_LD_MEM, 0), RET }, 4 },
    { "scratch memory read before it is written", 1, { RET, INSN(SP_BPF_LD_MEM, 0), RET }, 3 },
    { "scratch memory read before it is written", 3,
      { JUMP(SP_BPF_JEQ, 0, 0, 2), INSN(SP_BPF_ST, 0), RET, INSN(SP_BPF_LD_MEM, 0), RET }, 5 },
};

START_TEST(programs_are_refused_for_what_is_wrong)
{
    const struct refusal *refusal = &refusals[_i];
    struct sp_bpf program = { .at = refusal->program, .count = refusal->count };
    size_t at = 99;

    ck_assert_pstr_eq(sp_bpf_refused(program, &at), refusal->why);
    ck_assert_uint_eq(at, refusal->at);
}
END_TEST

START_TEST(the_longest_program_is_accepted)
{
    static struct sp_bpf_insn program[SP_BPF_MAX + 1];
    size_t at;

    for (size_t i = 0; i <= SP_BPF_MAX; i++) {
        program[i] = (struct sp_bpf_insn)RET;
    }
    ck_assert_ptr_null(sp_bpf_refused((struct sp_bpf){ program, SP_BPF_MAX }, &at));
    ck_assert_str_eq(sp_bpf_refused((struct sp_bpf){ program, SP_BPF_MAX + 1 }, &at),
                     "more than 4096 instructions");
    ck_assert_uint_eq(at, SP_BPF_MAX);
}
END_TEST

SP_SUITE(bpf_check)
{
    TCase *tcase = sp_testing_case(suite, "refused");
    tcase_add_loop_test(tcase, programs_are_refused_for_what_is_wrong, 0,
                        sizeof refusals / sizeof *refusals);
    tcase_add_test(tcase, the_longest_program_is_accepted);
}
