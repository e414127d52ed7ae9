#include "ops/call_text.h"

#include "base/testing.h"

#include <inttypes.h>

/* "socket(AF_VSOCK, 1, 0)" becomes name, arguments in hexadecimal, which are any. */
static const struct {
    const char *text;
    const char *call;  /* NULL = nobody's number */
    const char *arch;  /* NULL = none */
    unsigned any;
    unsigned given;
    uint64_t args[SP_ARGS];
} good[] = {
    { "socket(AF_VSOCK, SOCK_STREAM, 0)", "socket", NULL, 0, 3, { 40, 1, 0 } },
    { " socket ( AF_VSOCK ,SOCK_STREAM|SOCK_CLOEXEC,0 ) ", "socket", NULL, 0, 3,
      { 40, 0x80001, 0 } },
    { "socket(0x100000028, 1)", "socket", NULL, 0, 2, { UINT64_C(0x100000028), 1 } },
    { "getpid()", "getpid", NULL, 0, 0, { 0 } },
    { "getpid( )", "getpid", NULL, 0, 0, { 0 } },
    { "x86_64:socket(1)", "socket", "x86_64", 0, 1, { 1 } },
    { "aarch64:280(0)", "bpf", "aarch64", 0, 1, { 0 } },
    { "x32:0x40000029(2, 1, 0)", "socket", "x32", 0, 3, { 2, 1, 0 } },
    { "x86_64:99999()", NULL, "x86_64", 0, 0, { 0 } },
    { "close(-1)", "close", NULL, 0, 1, { UINT32_MAX } },                /* unsigned int fd */
    { "kill(-1, SIGKILL)", "kill", NULL, 0, 2, { UINT64_MAX, 9 } },
    { "personality(-1)", "personality", NULL, 0, 1, { UINT32_MAX } },
    { "mmap(-4096, 0)", "mmap", NULL, 0, 2, { UINT64_C(0xfffffffffffff000), 0 } },
    { "chmod(\"/a, (b\", 0644)", "chmod", NULL, 1, 2, { 0, 0644 } },
    { "chmod(_, 0o17)", "chmod", NULL, 1, 2, { 0, 017 } },
    { "openat(AT_FDCWD, \"x\\\",\", O_RDONLY|O_CLOEXEC) = 3", "openat", NULL, 2, 3,
      { UINT64_MAX - 99, 0, 0x80000 } },
    { "bpf(BPF_PROG_LOAD, {prog_type=1, insns=[1, 2]}, 8)", "bpf", NULL, 2, 3, { 5, 0, 8 } },
    { "bpf(?, NULL, _)", "bpf", NULL, 5, 3, { 0, 0, 0 } },
    { "read(1,2,3,4,5,6)", "read", NULL, 0, 6, { 1, 2, 3, 4, 5, 6 } },
    { "read(18446744073709551615)", "read", NULL, 0, 1, { UINT64_MAX } },
};

START_TEST(a_call_is_read)
{
    struct sp_call_text text;
    SP_BUF(why);

    ck_assert_msg(sp_call_text_read(sp_str_of(good[_i].text), &text, &why), "%s: %s",
                  good[_i].text, why.data);
    ck_assert_ptr_eq(text.call, good[_i].call == NULL
                                    ? NULL : sp_kb_syscall_find(sp_str_of(good[_i].call)));
    ck_assert_ptr_eq(text.arch, good[_i].arch == NULL
                                    ? NULL : sp_kb_arch_find(sp_str_of(good[_i].arch)));
    ck_assert_uint_eq(text.any, good[_i].any);
    ck_assert_uint_eq(text.given, good[_i].given);
    for (unsigned arg = 0; arg < SP_ARGS; arg++) {
        ck_assert_msg(text.args[arg] == good[_i].args[arg], "%s: argument %u is %" PRIx64,
                      good[_i].text, arg, text.args[arg]);
    }
}
END_TEST

static const struct {
    const char *text;
    const char *why;
} bad[] = {
    { "sokcet(1)", "character 1: no system call is called 'sokcet'; closest: socket" },
    { "vax:socket(1)", "character 1: no architecture is called 'vax'" },
    { "x86:0x100000000()", "character 5: numbers of system calls have 32 bits" },
    { "socket(AF_VSOK, 1, 0)",
      "character 8: 'AF_VSOK' is neither a number nor a constant of domain; closest: AF_VSOCK" },
    { "socket(1, 2, FOO)",
      "character 14: 'FOO' is neither a number nor a constant; argument 2 takes numbers" },
    { "socket(AF_INET|AF_NONE, 2)",
      "character 16: 'AF_NONE' is neither a number nor a constant of domain; closest: AF_ROSE" },
    { "socket(1, , 3)", "character 11: argument 1 is empty; `_` stands for any value" },
    { "socket(1,", "character 10: ')' is missing" },
    { "socket(", "character 8: ')' is missing" },
    { "socket(\"", "character 9: ')' is missing" },
    { "socket(1) 2", "character 11: nothing may follow the call" },
    { "socket(1)) = 2", "character 10: nothing may follow the call" },
    { "socket(08)", "character 8: '08' is neither a number nor a constant of domain" },
    { "socket(18446744073709551616)",
      "character 8: '18446744073709551616' is neither a number nor a constant of domain" },
    { "socket(AF_INET|)", "character 16: argument 0 is empty; `_` stands for any value" },
    { "socket(|1)", "character 8: argument 0 is empty; `_` stands for any value" },
    { "socket(--1)", "character 8: '--1' is neither a number nor a constant of domain" },
    { "read(1,2,3,4,5,6,7)", "character 18: a call has at most 6 arguments" },
    { "(1)", "character 1: a call is written as name(argument, ...)" },
};

START_TEST(what_is_wrong_is_said_with_its_place)
{
    struct sp_call_text text;
    SP_BUF(why);

    ck_assert(!sp_call_text_read(sp_str_of(bad[_i].text), &text, &why));
    ck_assert_ptr_nonnull(why.data);
    ck_assert_msg(strncmp(why.data, bad[_i].why, strlen(bad[_i].why)) == 0, "%s: %s",
                  bad[_i].text, why.data);
}
END_TEST

/* Every prefix of a call ends in an answer. */
START_TEST(every_prefix_is_read_or_refused)
{
    struct sp_str whole = SP_STR("x86_64:openat(-0x64, \"a\\\"b\", O_CREAT|O_EXCL, 0644) = -1");

    for (size_t length = 0; length <= whole.len; length++) {
        struct sp_call_text text;
        SP_BUF(why);
        struct sp_str part = sp_str_slice(whole, 0, length);
        ck_assert(sp_call_text_read(part, &text, &why) != (why.len > 0));
    }
}
END_TEST

static const struct {
    const char *text;
    const char *written;
} written[] = {
    { "socket(40,1)", "socket(AF_VSOCK, SOCK_STREAM, 0)" },
    { "bpf(5, _, 0x30)", "bpf(BPF_PROG_LOAD, _, 48)" },
    { "getpid()", "getpid()" },
    { "openat(-100, _)", "openat(AT_FDCWD, _, O_RDONLY, 0)" },
    { "kill(-1, SIGKILL)", "kill(-1, SIGKILL)" },
    { "personality(0xffffffffffffffff)", "personality(0xffffffffffffffff)" },
    { "x86_64:99999(1)", "0x1869f(1)" },
};

START_TEST(a_call_is_written_with_names)
{
    struct sp_call_text text;
    SP_BUF(why);
    SP_BUF(buf);

    ck_assert(sp_call_text_read(sp_str_of(written[_i].text), &text, &why));
    sp_call_text_write(&text, text.args, &buf);
    ck_assert_str_eq(buf.data, written[_i].written);
}
END_TEST

START_TEST(a_word_is_no_call)
{
    static const char *const words[] = { "", "socket", "@mount", "CAP_BPF", "(", " (1)" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        ck_assert(!sp_call_text_is(sp_str_of(words[i])));
    }
    ck_assert(sp_call_text_is(SP_STR("a(")));
}
END_TEST

SP_SUITE(call_text)
{
    TCase *tcase = sp_testing_case(suite, "call_text");

    tcase_add_loop_test(tcase, a_call_is_read, 0, sizeof good / sizeof *good);
    tcase_add_loop_test(tcase, what_is_wrong_is_said_with_its_place, 0, sizeof bad / sizeof *bad);
    tcase_add_test(tcase, every_prefix_is_read_or_refused);
    tcase_add_loop_test(tcase, a_call_is_written_with_names, 0, sizeof written / sizeof *written);
    tcase_add_test(tcase, a_word_is_no_call);
}
