/* Policies of both kinds mean what their programs say. */
#include "base/testing.h"
#include "format/list_trip_testing.h"
#include "format/minijail_parse.h"
#include "format/minijail_read.h"
#include "text/json_read.h"

#include <errno.h>

/* ---- what a policy means ------------------------------------------------------------- */

#define KILL SP_VERDICT_KILL_THREAD
#define ALLOW SP_VERDICT_ALLOW
#define ERROR(number) (SP_VERDICT_ERRNO | (number))

static const struct {
    const char *text;
    const char *call;
    uint64_t args[SP_ARGS];
    sp_verdict verdict;
} meanings[] = {
    { "read: 1", "read", { 5 }, ALLOW },
    { "read: 1", "write", { 5 }, KILL },
    { "# nothing\n", "read", { 0 }, KILL },
    { "read: return EBADF", "read", { 0 }, ERROR(EBADF) },
    { "read : return 0x26\t", "read", { 0 }, ERROR(ENOSYS) },
    { "read: return", "read", { 0 }, KILL },
    { "read: arg0 == 1 || arg0 == 2 && arg1 != 0", "read", { 1 }, ALLOW },
    { "read: arg0 == 1 || arg0 == 2 && arg1 != 0", "read", { 2, 0 }, KILL },
    { "read: arg0 == 1 || arg0 == 2 && arg1 != 0", "read", { 2, 9 }, ALLOW },
    { "read: arg0 == 1 || \\\n  arg0 == 2", "read", { 2 }, ALLOW },
    { "read: arg0 == -1", "read", { UINT64_MAX }, ALLOW },
    { "read: arg0 == -1", "read", { 0xffffffff }, KILL },
    { "read: arg0 < 0x10", "read", { 0xf }, ALLOW },
    { "read: arg0 < 0x10", "read", { 0x10000000f }, KILL },
    { "read: arg0 >= 020", "read", { UINT64_MAX }, ALLOW },
    { "read: arg0 > 16 && arg0 <= 17", "read", { 17 }, ALLOW },
    { "read: arg0 > 16 && arg0 <= 17", "read", { 16 }, KILL },
    { "mmap: arg2 in ~PROT_EXEC", "mmap", { 0, 0, 3 }, ALLOW },
    { "mmap: arg2 in ~PROT_EXEC", "mmap", { 0, 0, 4 }, KILL },
    { "mmap: arg2 in PROT_READ|PROT_WRITE", "mmap", { 0, 0, 2 }, ALLOW },
    { "mmap: arg2 in PROT_READ|PROT_WRITE", "mmap", { 0, 0, 8 }, KILL },
    { "mmap: arg2 & PROT_READ|PROT_WRITE", "mmap", { 0, 0, 2 }, ALLOW },
    { "mmap: arg2 & PROT_READ|PROT_WRITE", "mmap", { 0, 0, 4 }, KILL },
    { "read: arg0 in ~(1|2)|2", "read", { 2 }, ALLOW },
    { "read: arg0 in ~(1|2)|2", "read", { 1 }, KILL },
    { "read: arg0 == ~0", "read", { UINT64_MAX }, ALLOW },
    /* The manual's reading, and the other one where only the other program reads the text. */
    { "read: arg0 == 0; return EBADF", "read", { 0 }, ALLOW },
    { "read: arg0 == 0; return EBADF", "read", { 1 }, ERROR(EBADF) },
    { "read: arg0 == 0; return EBADF # always\n", "read", { 1 }, ERROR(EBADF) },
    { "read: arg0 == 0; return EBADF;", "read", { 0 }, ALLOW },
    { "read: arg0 == 0;", "read", { 1 }, KILL },
    { "read: arg0 == 0; return EBADF\nwrite: allow", "read", { 0 }, ERROR(EBADF) },
    { "read: arg0 == 0; return EBADF\nwrite: allow", "read", { 1 }, KILL },
    { "read: arg0 == 0; return EBADF\nwrite: 1 # all\n", "read", { 0 }, ERROR(EBADF) },
    { "read: arg0==0; return EBADF", "read", { 0 }, ERROR(EBADF) },
    { "read: arg0 == 0; return EBADF\r\n", "read", { 0 }, ERROR(EBADF) },
    { "read: arg0 == 0;\treturn EBADF", "read", { 0 }, ERROR(EBADF) },
    /* What compile_seccomp_policy.py alone has. */
    { "read: { arg0 == 1, arg0 == 2; return 5, trap }", "read", { 1 }, ALLOW },
    { "read: { arg0 == 1, arg0 == 2; return 5, trap }", "read", { 2 }, ERROR(5) },
    { "read: { arg0 == 1, arg0 == 2; return 5, trap }", "read", { 3 }, SP_VERDICT_TRAP },
    { "read: { arg0 < 5; kill-process, arg0 < 9; log }", "read",
      { 4 }, SP_VERDICT_KILL_PROCESS },
    { "read: { arg0 < 5; kill-process, arg0 < 9; log }", "read", { 8 }, SP_VERDICT_LOG },
    { "{ read, write }: user-notify", "write", { 8 }, SP_VERDICT_NOTIFY },
    { "kill: kill", "kill", { 8 }, KILL },
    { "kill: allow", "kill", { 8 }, ALLOW },
    { "read: arg0 == 1\nread: arg0 == 2; trace\nread: return 9", "read",
      { 2 }, SP_VERDICT_TRACE },
    { "read: arg0 == 1\nread: arg0 == 2; trace\nread: return 9", "read", { 3 }, ERROR(9) },
    { "@default trap\nread: 1", "write", { 0 }, SP_VERDICT_TRAP },
    { "@default kill-process\nread: arg0 == 1", "read", { 0 }, SP_VERDICT_KILL_PROCESS },
    { "@denylist\nread: return EPERM", "read", { 0 }, ERROR(EPERM) },
    { "@denylist\nread: return EPERM", "write", { 0 }, ALLOW },
    { "@denylist\nread: arg0 == 1; return EPERM", "read", { 1 }, ERROR(EPERM) },
    { "@denylist\nread: arg0 == 1; return EPERM", "read", { 2 }, ALLOW },
    { "read[arch=x86_64]: 1\nwrite: 1", "read", { 0 }, ALLOW },
    { "read[arch=x86_64, mips]: 1\nwrite[arch=mips; note=a]: 1", "write", { 0 }, KILL },
    { "@frequency ./read.frequency\nread: 1", "read", { 0 }, ALLOW },
    { "\xef\xbb\xbfread: 1", "read", { 0 }, ALLOW },
};

enum { MEANINGS = sizeof meanings / sizeof *meanings };

START_TEST(a_policy_means_what_its_program_says)
{
    struct sp_trip trip;

    sp_trip_of_text(&trip, sp_str_of(meanings[_i].text), sp_minijail_read);
    sp_verdict verdict = sp_trip_verdict(&trip, meanings[_i].call, meanings[_i].args);
    ck_assert_msg(verdict == meanings[_i].verdict, "%s: 0x%08x", meanings[_i].text, verdict);
    sp_trip_end(&trip);
}
END_TEST

/* Words have the bits, and constants the values, of the machine that a text names. */
static const struct {
    const char *text;
    uint64_t arg;  /* the first one */
    bool allowed;
} machines[] = {
    { "openat[arch=x86_64]: arg0 & O_DIRECTORY", 0x10000, true },
    { "openat[arch=arm64]: arg0 & O_DIRECTORY", 0x10000, false },
    { "openat[arch=arm64]: arg0 & O_DIRECTORY", 0x4000, true },
    { "read[arch=x86]: arg0 == -1", 0xffffffff, true },
    { "read[arch=x86]: arg0 == 0xffffffff", UINT64_MAX, true },
    { "read[arch=x86]: arg0 in ~1", UINT64_MAX - 1, true },
    { "read[arch=riscv64]: arg0 in 1", UINT64_MAX << 32, false },
    { "read[arch=arm]: arg0 in 1", UINT64_MAX << 32, true },
};

enum { MACHINES = sizeof machines / sizeof *machines };

START_TEST(a_policy_is_for_its_machine)
{
    SP_SCRATCH(arena);
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = &arena };
    struct sp_minijail_policy policy = { .calls = { .at = NULL } };
    struct sp_minijail_parser parser = {
        .arena = &arena, .limits = &limits, .report = &report,
        .store = sp_dd_store_new(SP_DD_BUDGET),
        .source = sp_source_new(&arena, "text", sp_str_of(machines[_i].text)),
    };
    uint64_t args[SP_ARGS] = { machines[_i].arg };
    sp_verdict verdict;

    ck_assert(sp_minijail_policy_read(&parser, &policy));
    sp_dd meaning = sp_minijail_meaning(&parser, &policy, &policy.calls.at[0]);
    ck_assert(sp_dd_eval(parser.store, meaning, args, &verdict));
    ck_assert_msg(verdict == (machines[_i].allowed ? ALLOW : KILL), "%s", machines[_i].text);
    sp_dd_store_free(parser.store);
}
END_TEST

/* ---- what is no policy --------------------------------------------------------------- */

static const char expected_answer[] =
    "expected `1`, `return` and an error, an action, or an expression that begins with an "
    "argument, ";

static const struct sp_trip_refusal refusals[] = {
    { "read", "expected `:`, found the end of the line", 1, 5 },
    { "read 1", "expected `:`, found `1`", 1, 6 },
    { "raed: 1", "unknown system call `raed`", 1, 1 },
    { "1: 1", "expected the name of a system call, found `1`", 1, 1 },
    { "read: 0", "`0` is no answer: `1` allows a call", 1, 7 },
    { "read: arg6 == 1", "`arg6` is none: filters see the arguments 0 to 5", 1, 7 },
    { "read: arg0 = 1",
      "expected one of `==` `!=` `<` `<=` `>` `>=` `&` `in`, found `=`",
      1, 12 },
    { "read: arg0 ==",
      "expected a number or the name of a constant, found the end of the line",
      1, 14 },
    { "read: arg0 == 08", "`08` is no number", 1, 15 },
    { "read: arg0 == 1x", "`1x` is no number", 1, 15 },
    { "read: arg0 == 0x", "`0x` is no number", 1, 15 },
    { "read: arg0 == 0x10000000000000000",
      "`0x10000000000000000` does not fit an argument",
      1, 15 },
    { "read: arg0 == -9223372036854775809",
      "`-9223372036854775809` does not fit an argument",
      1, 15 },
    { "read: arg0 == PROT_REED", "unknown constant `PROT_REED`", 1, 15 },
    { "open: arg1 & O_LARGEFILE",
      "the value of `O_LARGEFILE` depends on the machine and the headers that minijail was "
      "built with",
      1, 14 },
    { "read: arg0 == ~~1", "expected a number or the name of a constant, found `~`", 1, 16 },
    { "read: arg0 == (1", "expected `)`, found the end of the line", 1, 17 },
    { "read: arg0 == 1 &&",
      "expected an argument, `arg0` to `arg5`, found the end of the line",
      1, 19 },
    { "read: arg0 == 1 2", "expected the end of the line, found `2`", 1, 17 },
    { "read: return 65536", "`65536` is no error", 1, 14 },
    { "read: return\tEPERM", "`EPERM` must be parted from `return` by a space", 1, 14 },
    { "read: { arg0 == 1; return }",
      "expected a number or the name of a constant, found `}`",
      1, 27 },
    { "read: { 1", "expected `,` or `}`, found the end of the line", 1, 10 },
    { "read: 1\nread: 1", "read has its answer for all arguments already", 2, 7 },
    { "read: { arg0 == 1; return 5, allow }",
      "compile_seccomp_policy.py drops this condition of read, because the last word is to "
      "allow",
      1, 9 },
    { "read: arg0 == 1;\nwrite: allow",
      "no program reads this text: minijail0 takes a semicolon at the end of a line, and "
      "not an action by name",
      1, 16 },
    { "@include ./more.policy\n",
      "`./more.policy` is part of the policy, and only this text is read", 1, 10 },
    { "@include more", "expected a path that begins with `/` or `./`, found `more`", 1, 10 },
    { "@defualt trap", "unknown statement `@defualt`", 1, 1 },
    { "@default allow",
      "expected `kill`, `kill-process`, `kill-thread`, `trap` or `user-notify`, found "
      "`allow`",
      1, 10 },
    { "@denylist\nread: 1",
      "expected `return` and an error: deny lists have no other answers, found `1`", 2, 7 },
    { "@denylist\n@default trap",
      "a deny list allows what it does not name: `@default` contradicts it", 2, 1 },
    { "io@default: 1",
      "`io@default` is a group of calls that a file of constants defines, and this text "
      "does not",
      1, 1 },
    { "read[arch=x86]: 1\nopen[arch=arm64]: 1",
      "lines are for several machines, and a policy means something on one: `x86` and "
      "`arm64`",
      2, 11 },
    { "read[arch=vax]: 1",
      "expected `arm`, `arm64`, `loong64`, `riscv64`, `x86` or `x86_64`, found `vax`", 1, 11 },
    { "open[arch=arm64]: 1", "`open` is no system call of aarch64", 1, 1 },
    { "read: 1 \\\n", "the last line says that it goes on, and is ignored by minijail", 1, 9 },
    { "# a \\\nread: 1",
      "a comment ends with a backslash: for minijail0 the next line belongs to it, for "
      "compile_seccomp_policy.py it does not", 1, 5 },
    { "read: \\ 1", "a backslash continues a line only at its very end", 1, 7 },
    { "ioctl[arch=x86]: arg1 == FS_IOC_FSGETXATTR",
      "the value of `FS_IOC_FSGETXATTR` depends on the machine and the headers that minijail "
      "was built with",
      1, 26 },
    { "read[arch=x86]: arg0 == 0x100000000", "`0x100000000` does not fit an argument", 1, 25 },
    { "<policy>", "expected the name of a system call, found `<`", 1, 1 },
    { "read: \"1\"", "`\"` begins nothing that a policy has", 1, 7 },
    { "read: \x01", "the byte 0x01 stands outside of a comment", 1, 7 },
};

enum { REFUSALS = sizeof refusals / sizeof *refusals };

START_TEST(what_no_program_reads_is_refused)
{
    sp_trip_refuses(&refusals[_i], sp_minijail_read);
}
END_TEST

START_TEST(what_answers_are_is_told)
{
    SP_BUF(message);

    sp_buf_format(&message, "%sfound `argument`", expected_answer);
    struct sp_trip_refusal refusal = { "read: argument", message.data, 1, 7 };
    sp_trip_refuses(&refusal, sp_minijail_read);
}
END_TEST

START_TEST(a_text_with_too_many_tokens_is_refused)
{
    SP_SCRATCH(arena);
    struct sp_doc_limits limits = { .bytes = 100, .depth = 2, .nodes = 6 };
    struct sp_report report = { .arena = &arena };
    struct sp_doc doc;

    struct sp_source *source = sp_source_new(&arena, "a", SP_STR("read: 1"));
    ck_assert(sp_minijail_read(&arena, source, &limits, &report, &doc));
    source = sp_source_new(&arena, "a", SP_STR("read: arg0 == 1 || 2"));
    ck_assert(!sp_minijail_read(&arena, source, &limits, &report, &doc));
    ck_assert_uint_eq(report.diags.at[0]->code, SP_CODE_TOO_LARGE);
    limits.nodes = 100;
    source = sp_source_new(&arena, "a", SP_STR("read: arg0 == (((1)))"));
    ck_assert(!sp_minijail_read(&arena, source, &limits, &report, &doc));
    ck_assert_uint_eq(report.diags.at[1]->code, SP_CODE_TOO_LARGE);
}
END_TEST

SP_SUITE(minijail_read)
{
    TCase *tcase = sp_testing_case(suite, "minijail_read");

    tcase_add_loop_test(tcase, a_policy_means_what_its_program_says, 0, MEANINGS);
    tcase_add_loop_test(tcase, a_policy_is_for_its_machine, 0, MACHINES);
    tcase_add_loop_test(tcase, what_no_program_reads_is_refused, 0, REFUSALS);
    tcase_add_test(tcase, what_answers_are_is_told);
    tcase_add_test(tcase, a_text_with_too_many_tokens_is_refused);
}
