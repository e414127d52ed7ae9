#include "ops/log_only.h"

#include "base/testing.h"
#include "sem/bpf_run.h"
#include "sem/bpf_test.h"

static const struct {
    sp_verdict before;
    sp_verdict after;
} verdicts[] = {
    { SP_VERDICT_ALLOW, SP_VERDICT_ALLOW },
    { SP_VERDICT_LOG, SP_VERDICT_LOG },
    { SP_VERDICT_ERRNO | 1, SP_VERDICT_LOG },
    { SP_VERDICT_TRAP, SP_VERDICT_LOG },
    { SP_VERDICT_TRACE | 7, SP_VERDICT_LOG },
    { SP_VERDICT_NOTIFY, SP_VERDICT_LOG },
    { SP_VERDICT_KILL_THREAD, SP_VERDICT_LOG },
    { SP_VERDICT_KILL_PROCESS, SP_VERDICT_LOG },
};

START_TEST(only_what_lets_calls_through_stays)
{
    ck_assert_uint_eq(sp_log_only_verdict(verdicts[_i].before), verdicts[_i].after);
}
END_TEST

START_TEST(every_return_of_a_program_is_replaced)
{
    static const struct sp_bpf_insn insns[] = {
        INSN(SP_BPF_LD_ABS, SP_BPF_DATA_NR),
        JUMP(SP_BPF_JEQ, 39, 0, 1),
        INSN(SP_BPF_RET_K, SP_VERDICT_ALLOW),
        INSN(SP_BPF_RET_K, SP_VERDICT_ERRNO | 1),
    };
    const struct sp_call allowed = { .nr = 39 };
    const struct sp_call denied = { .nr = 40 };
    struct sp_bpf made;
    SP_SCRATCH(arena);

    ck_assert_int_eq(sp_log_only_make(&arena, PROGRAM(insns), &made), SP_LOG_ONLY_DONE);
    ck_assert_uint_eq(made.count, 4);
    ck_assert_uint_eq(sp_bpf_run(made, &allowed, NULL), SP_VERDICT_ALLOW);
    ck_assert_uint_eq(sp_bpf_run(made, &denied, NULL), SP_VERDICT_LOG);
    ck_assert_uint_eq(insns[3].k, SP_VERDICT_ERRNO | 1);
}
END_TEST

START_TEST(computed_verdicts_are_not_guessed)
{
    static const struct sp_bpf_insn insns[] = {
        INSN(SP_BPF_LD_ABS, SP_BPF_DATA_NR), INSN(SP_BPF_RET_A, 0),
    };
    struct sp_bpf made = { .count = 77 };
    SP_SCRATCH(arena);

    ck_assert_int_eq(sp_log_only_make(&arena, PROGRAM(insns), &made), SP_LOG_ONLY_COMPUTED);
    ck_assert_uint_eq(made.count, 77);
}
END_TEST

SP_SUITE(ops_log_only)
{
    TCase *tcase = sp_testing_case(suite, "log only");

    tcase_add_loop_test(tcase, only_what_lets_calls_through_stays, 0,
                        (int)(sizeof verdicts / sizeof *verdicts));
    tcase_add_test(tcase, every_return_of_a_program_is_replaced);
    tcase_add_test(tcase, computed_verdicts_are_not_guessed);
}
