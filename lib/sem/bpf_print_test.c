#include "sem/bpf_test.h"

#include "base/testing.h"

struct line {
    struct sp_bpf_insn insn;
    const char *text;
};

static const struct line lines[] = {
    { INSN(SP_BPF_LD_ABS, 0), "   0  A = nr\n" },
    { INSN(SP_BPF_LD_ABS, 4), "   0  A = arch\n" },
    { INSN(SP_BPF_LD_ABS, 12), "   0  A = ip high\n" },
    { INSN(SP_BPF_LD_ABS, 16), "   0  A = args[0] low\n" },
    { INSN(SP_BPF_LD_ABS, 60), "   0  A = args[5] high\n" },
    { INSN(SP_BPF_LD_ABS, 61), "   0  A = data[61]\n" },
    { INSN(SP_BPF_LD_LEN, 0), "   0  A = length\n" },
    { INSN(SP_BPF_LDX_LEN, 0), "   0  X = length\n" },
    { INSN(SP_BPF_LD_IMM, 4095), "   0  A = 4095\n" },
    { INSN(SP_BPF_LDX_IMM, 4096), "   0  X = 0x1000\n" },
    { INSN(SP_BPF_LD_MEM, 3), "   0  A = M[3]\n" },
    { INSN(SP_BPF_LDX_MEM, 3), "   0  X = M[3]\n" },
    { INSN(SP_BPF_ST, 3), "   0  M[3] = A\n" },
    { INSN(SP_BPF_STX, 3), "   0  M[3] = X\n" },
    { INSN(SP_BPF_TAX, 0), "   0  X = A\n" },
    { INSN(SP_BPF_TXA, 0), "   0  A = X\n" },
    { INSN(SP_BPF_NEG, 0), "   0  A = -A\n" },
    { INSN(SP_BPF_ADD, 1), "   0  A += 1\n" },
    { INSN(SP_BPF_RSH | BPF_X, 1), "   0  A >>= X\n" },
    { INSN(SP_BPF_XOR, 0xffffffff), "   0  A ^= 0xffffffff\n" },
    { INSN(SP_BPF_JA, 6), "   0  goto 7\n" },
    { JUMP(SP_BPF_JEQ, 0xc000003e, 0, 6), "   0  if A == 0xc000003e goto 1 else 7\n" },
    { JUMP(SP_BPF_JGE | BPF_X, 0, 5, 0), "   0  if A >= X goto 6 else 1\n" },
    { JUMP(SP_BPF_JGT, 7, 0, 0), "   0  if A > 7 goto 1 else 1\n" },
    { JUMP(SP_BPF_JSET, 1, 0, 1), "   0  if A & 1 goto 1 else 2\n" },
    { INSN(SP_BPF_RET_K, SP_VERDICT_ALLOW), "   0  return ALLOW\n" },
    { INSN(SP_BPF_RET_K, SP_VERDICT_ERRNO | 38), "   0  return ERRNO(ENOSYS)\n" },
    { INSN(SP_BPF_RET_K, SP_VERDICT_ERRNO), "   0  return ERRNO(0)\n" },
    { INSN(SP_BPF_RET_K, SP_VERDICT_NOTIFY), "   0  return NOTIFY\n" },
    { INSN(SP_BPF_RET_K, SP_VERDICT_TRACE | 1), "   0  return TRACE(1)\n" },
    { INSN(SP_BPF_RET_K, SP_VERDICT_KILL_THREAD), "   0  return KILL_THREAD\n" },
    { INSN(SP_BPF_RET_K, SP_VERDICT_KILL_PROCESS), "   0  return KILL_PROCESS\n" },
    { INSN(SP_BPF_RET_K, 0x12340000), "   0  return 0x12340000\n" },
    { INSN(SP_BPF_RET_A, 0), "   0  return A\n" },
    { INSN(BPF_ALU | BPF_MOD, 3), "   0  unknown code 0x94\n" },
    { INSN(0x115, 3), "   0  unknown code 0x115\n" },
};

START_TEST(instructions_are_listed)
{
    struct sp_bpf program = { .at = &lines[_i].insn, .count = 1 };
    SP_BUF(buf);

    sp_bpf_print(program, &buf);
    ck_assert_str_eq(buf.data, lines[_i].text);
}
END_TEST

START_TEST(each_instruction_has_a_line_with_its_number)
{
    static const struct sp_bpf_insn program[] = {
        INSN(SP_BPF_LD_ABS, 0), JUMP(SP_BPF_JEQ, 42, 0, 1), INSN(SP_BPF_RET_K, SP_VERDICT_LOG),
        INSN(SP_BPF_RET_K, SP_VERDICT_TRAP),
    };
    SP_BUF(buf);

    sp_bpf_print(PROGRAM(program), &buf);
    ck_assert_str_eq(buf.data, "   0  A = nr\n"
                               "   1  if A == 42 goto 2 else 3\n"
                               "   2  return LOG\n"
                               "   3  return TRAP\n");
}
END_TEST

SP_SUITE(bpf_print)
{
    TCase *tcase = sp_testing_case(suite, "print");
    tcase_add_loop_test(tcase, instructions_are_listed, 0, sizeof lines / sizeof *lines);
    tcase_add_test(tcase, each_instruction_has_a_line_with_its_number);
}
