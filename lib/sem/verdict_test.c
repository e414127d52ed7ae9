#include "sem/verdict.h"

#include "base/testing.h"

static const struct {
    sp_verdict verdict;
    const char *text;
} verdicts[] = {
    { .verdict = SP_VERDICT_ALLOW, .text = "ALLOW" },
    { .verdict = SP_VERDICT_ALLOW | 7, .text = "ALLOW(7)" },
    { .verdict = SP_VERDICT_LOG, .text = "LOG" },
    { .verdict = SP_VERDICT_KILL_PROCESS, .text = "KILL_PROCESS" },
    { .verdict = SP_VERDICT_KILL_THREAD, .text = "KILL_THREAD" },
    { .verdict = SP_VERDICT_TRAP, .text = "TRAP" },
    { .verdict = SP_VERDICT_NOTIFY, .text = "NOTIFY" },
    { .verdict = SP_VERDICT_TRACE, .text = "TRACE(0)" },
    { .verdict = SP_VERDICT_TRACE | 1, .text = "TRACE(1)" },
    { .verdict = SP_VERDICT_ERRNO, .text = "ERRNO(0)" },
    { .verdict = SP_VERDICT_ERRNO | 1, .text = "ERRNO(EPERM)" },
    { .verdict = SP_VERDICT_ERRNO | 38, .text = "ERRNO(ENOSYS)" },
    { .verdict = SP_VERDICT_ERRNO | 4000, .text = "ERRNO(4000)" },
    { .verdict = 0x12340000, .text = "0x12340000" },
    { .verdict = UINT32_MAX, .text = "0xffffffff" },
};

START_TEST(a_verdict_is_written_as_in_profiles)
{
    SP_BUF(buf);

    sp_verdict_write(verdicts[_i].verdict, &buf);
    ck_assert_str_eq(buf.data, verdicts[_i].text);
}
END_TEST

START_TEST(a_verdict_goes_behind_what_is_there)
{
    SP_BUF(buf);

    sp_buf_text(&buf, "return ");
    sp_verdict_write(SP_VERDICT_ERRNO | 1, &buf);
    ck_assert_str_eq(buf.data, "return ERRNO(EPERM)");
}
END_TEST

SP_SUITE(verdict)
{
    TCase *tcase = sp_testing_case(suite, "write");
    tcase_add_loop_test(tcase, a_verdict_is_written_as_in_profiles, 0,
                        sizeof verdicts / sizeof *verdicts);
    tcase_add_test(tcase, a_verdict_goes_behind_what_is_there);
}
