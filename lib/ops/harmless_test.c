#include "ops/harmless.h"

#include "base/testing.h"
#include "kb/kb.h"

#include <string.h>

START_TEST(names_are_sorted_and_known)
{
    const char *before = "";
    const char *name;

    for (size_t n = 0; (name = sp_harmless_name(n)) != NULL; n++) {
        ck_assert_msg(strcmp(before, name) < 0, "%s", name);
        ck_assert_msg(sp_kb_syscall_find(sp_str_of(name)) != NULL, "%s", name);
        before = name;
    }
    ck_assert_str_eq(before, "writev");
}
END_TEST

/* Not all that could do harm: the reasons why a name is not in the table. */
static const char *const harmful[] = {
    "kill", "tgkill", "reboot", "munmap", "exit_group", "fork", "clone", "setuid", "setsid",
    "umask", "close_range", "sync", "pause", "personality", "seccomp", "prctl", "ptrace",
    "mmap", "brk",
};

START_TEST(what_minus_one_means_something_to_is_not_there)
{
    for (size_t i = 0; i < sizeof harmful / sizeof *harmful; i++) {
        ck_assert_msg(!sp_harmless_has(harmful[i]), "%s", harmful[i]);
    }
    ck_assert(sp_harmless_has("getppid"));
    ck_assert(!sp_harmless_has(""));
}
END_TEST

SP_SUITE(ops_harmless)
{
    TCase *tcase = sp_testing_case(suite, "harmless");

    tcase_add_test(tcase, names_are_sorted_and_known);
    tcase_add_test(tcase, what_minus_one_means_something_to_is_not_there);
}
