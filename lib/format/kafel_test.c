#include "base/testing.h"
#include "format/kafel_read.h"
#include "format/kafel_write.h"
#include "format/list_trip_testing.h"

#include <errno.h>
#include <string.h>

static char *const *paths;
static int path_count;

START_TEST(a_default_is_the_same_again)
{
    SP_BUF(profile);
    struct sp_environment environment = sp_trip_default(_i, &profile);
    struct sp_trip trip;

    ck_assert(sp_trip_write(&trip, sp_buf_view(&profile), &environment, sp_kafel_write));
    ck_assert(sp_trip_read(&trip, sp_kafel_read));
    ck_assert_uint_gt(sp_trip_compare(&trip, true), 370);
    for (size_t i = 0; i < trip.losses.all.count; i++) {
        ck_assert_uint_eq(trip.losses.all.at[i].calls.count, 0);
        ck_assert_str_eq(trip.losses.all.at[i].what,
                         "a kafel policy is compiled for one architecture");
    }
    sp_trip_end(&trip);
}
END_TEST

/* No line is longer than ours, and no rule has more alternatives than kafel takes. */
static void
check_text(struct sp_str text)
{
    struct sp_str line;
    size_t alternatives = 0;

    while (sp_str_next(&text, "\n", &line)) {
        struct sp_str words = sp_str_trim(line);
        if (sp_str_has_prefix(words, "// ")) {
            words = sp_str_slice(words, 3, words.len);
        }
        alternatives = sp_str_has_prefix(line, "      ") ? alternatives : 0;
        alternatives += sp_str_has_suffix(line, ",") ? 1 : 0;
        ck_assert_uint_le(alternatives, 100);
        ck_assert_msg(line.len <= 96 || memchr(words.ptr, ' ', words.len) == NULL, "%.*s",
                      SP_STR_ARG(line));
    }
}

static bool
check_trip(struct sp_trip *trip)
{
    if (sp_trip_lost(trip, "kafel compiles no policy for this architecture")) {
        return false;
    }
    check_text(sp_buf_view(&trip->text));
    if (sp_trip_read(trip, sp_kafel_read)) {
        sp_trip_compare(trip, true);
        return true;
    }
    /* A profile would need the path of a listener. */
    ck_assert_msg(trip->refused != NULL || strstr(trip->text.data, "USER_NOTIF") != NULL, "%s",
                  trip->text.data);
    return false;
}

START_TEST(any_profile_is_the_same_again)
{
    enum { PROFILES = 160 };
    struct sp_trips trips =
        sp_trip_random(20261305 + (uint64_t)_i, PROFILES, sp_kafel_write, check_trip);

    ck_assert_uint_gt(trips.good, PROFILES / 2);
    ck_assert_uint_lt(trips.refused, PROFILES / 20);
}
END_TEST

/* ---- reading ------------------------------------------------------------------------- */

/* What a text answers for calls. */
static const struct {
    const char *text;
    struct {
        const char *call;
        uint64_t args[3];
        sp_verdict verdict;
    } calls[6];
} texts[] = {
    { "POLICY a { ALLOW { read, write { fd == 1, fd == 2 } } } USE a DEFAULT ERRNO(38)",
      { { "read", { 9 }, SP_VERDICT_ALLOW }, { "write", { 1 }, SP_VERDICT_ALLOW },
        { "write", { 3 }, SP_VERDICT_ERRNO | 38 }, { "close", { 1 }, SP_VERDICT_ERRNO | 38 },
        { "write", { 0x500000002 }, SP_VERDICT_ALLOW } } },
    /* The first rule decides; without a default the thread is killed. */
    { "POLICY a { ALLOW { read { fd == 0 && count == 0 } }, ERRNO(1) { read { count == 0 } } }\n"
      "USE a",
      { { "read", { 0, 0, 0 }, SP_VERDICT_ALLOW }, { "read", { 5, 0, 0 }, SP_VERDICT_ERRNO | 1 },
        { "read", { 5, 0, 1 }, SP_VERDICT_KILL_THREAD } } },
    { "ALLOW { read }, DENY { read, write } DEFAULT LOG",
      { { "read", { 0 }, SP_VERDICT_ALLOW }, { "write", { 0 }, SP_VERDICT_KILL_THREAD },
        { "close", { 0 }, SP_VERDICT_LOG } } },
    /* A policy that is used twice, and one that is not used. */
    { "POLICY a { ALLOW { read } } POLICY b { USE a, ERRNO(5) { read, close } }\n"
      "POLICY c { ALLOW { close } } USE b, USE a DEFAULT KILL_PROCESS",
      { { "read", { 0 }, SP_VERDICT_ALLOW }, { "close", { 0 }, SP_VERDICT_ERRNO | 5 },
        { "open", { 0 }, SP_VERDICT_KILL_PROCESS } } },
    /* Declared arguments have 64 bits, others those of the kernel. */
    { "ALLOW { write(a) { a == 1 }, read { fd == 1 } } DEFAULT ERRNO(1)",
      { { "write", { 1 }, SP_VERDICT_ALLOW }, { "write", { 0x100000001 }, SP_VERDICT_ERRNO | 1 },
        { "read", { 0x100000001 }, SP_VERDICT_ALLOW } } },
    { "ALLOW { write { (fd & 0xf1f1f1f100000000) == 0 } } DEFAULT ERRNO(1)",
      { { "write", { 0xff }, SP_VERDICT_ALLOW }, { "write", { 0x100000000 }, SP_VERDICT_ERRNO | 1 } } },
    { "#define W 1\n#define C 0b1000000\nALLOW { open { flags == W|C || (flags | 0x40) == C } }",
      { { "open", { 0, 65 }, SP_VERDICT_ALLOW }, { "open", { 0, 0 }, SP_VERDICT_ALLOW },
        { "open", { 0, 64 }, SP_VERDICT_ALLOW }, { "open", { 0, 1 }, SP_VERDICT_KILL_THREAD } } },
    { "ALLOW { read(a, b) { !(a != 3 || 010 == b) && !!(b < 16) }, close(a) { !(a < 3), a==1 } }",
      { { "read", { 3, 9 }, SP_VERDICT_ALLOW }, { "read", { 4, 9 }, SP_VERDICT_KILL_THREAD },
        { "read", { 3, 8 }, SP_VERDICT_KILL_THREAD }, { "read", { 3, 16 }, SP_VERDICT_KILL_THREAD },
        { "close", { 1 }, SP_VERDICT_ALLOW }, { "close", { 2 }, SP_VERDICT_KILL_THREAD } } },
    { "ALLOW { read(a) { (a | 8) > 9 }, write(a) { (a|8) < 8 }, close(a) { 5 <= (a & 6) } }",
      { { "read", { 1 }, SP_VERDICT_KILL_THREAD }, { "read", { 2 }, SP_VERDICT_ALLOW },
        { "write", { 0 }, SP_VERDICT_KILL_THREAD }, { "close", { 7 }, SP_VERDICT_ALLOW },
        { "close", { 5 }, SP_VERDICT_KILL_THREAD } } },
    { "/* names * of ** kafel */ ALLOW { newstat, umount, SYSCALL[318], newuname } // so\nDEFAULT KILL",
      { { "stat", { 0 }, SP_VERDICT_ALLOW }, { "umount2", { 0 }, SP_VERDICT_ALLOW },
        { "getrandom", { 0 }, SP_VERDICT_ALLOW }, { "uname", { 0 }, SP_VERDICT_ALLOW } } },
    { "#define clone3 435\n#define sysctl 156\nALLOW { clone3, sysctl(a) { a == 0 } }",
      { { "clone3", { 0 }, SP_VERDICT_ALLOW }, { "_sysctl", { 0 }, SP_VERDICT_ALLOW },
        { "_sysctl", { 1 }, SP_VERDICT_KILL_THREAD } } },
    { "ALLOW { read ON x86_64, write ON { arm, aarch64 }, close ON { x86_64, x86 } { fd == 1 } }",
      { { "read", { 0 }, SP_VERDICT_ALLOW }, { "write", { 0 }, SP_VERDICT_KILL_THREAD },
        { "close", { 1 }, SP_VERDICT_ALLOW }, { "close", { 2 }, SP_VERDICT_KILL_THREAD } } },
    { "ALLOW { read { } , write { 1 == 1 }, close { 2 < 1 } } TRACE(7) { open } TRAP(0) { mkdir }",
      { { "read", { 0 }, SP_VERDICT_ALLOW }, { "write", { 0 }, SP_VERDICT_ALLOW },
        { "close", { 0 }, SP_VERDICT_KILL_THREAD }, { "open", { 0 }, SP_VERDICT_TRACE | 7 },
        { "mkdir", { 0 }, SP_VERDICT_TRAP } } },
};

START_TEST(a_text_answers_as_kafel_would)
{
    struct sp_trip trip;

    sp_trip_of_text(&trip, sp_str_of(texts[_i].text), sp_kafel_read);
    for (size_t i = 0; i < 6 && texts[_i].calls[i].call != NULL; i++) {
        uint64_t args[SP_ARGS] = { 0 };
        memcpy(args, texts[_i].calls[i].args, sizeof texts[_i].calls[i].args);
        sp_verdict verdict = sp_trip_verdict(&trip, texts[_i].calls[i].call, args);
        ck_assert_msg(verdict == texts[_i].calls[i].verdict, "%s, row %zu: 0x%x in\n%s",
                      texts[_i].calls[i].call, i, verdict, texts[_i].text);
    }
    sp_trip_end(&trip);
}
END_TEST

static const struct sp_trip_refusal refusals[] = {
    { "", "the text names no system call", 1, 1 },
    { "// nothing\n", "the text ends where POLICY, USE, DEFAULT, #define or an action is expected",
      2, 1 },
    { "read, write", "found `read` where POLICY, USE, DEFAULT, #define or an action is expected", 1,
      1 },
    { "#include \"a.policy\"\n", "another file is included, which is not read", 1, 1 },
    { "ALLOW { read }\r\n", "kafel refuses a carriage return", 1, 15 },
    { "ALLOW { read; }", "kafel has no mark `;`", 1, 13 },
    { "ALLOW { read \xc3\xa9 }", "kafel refuses the byte 0xc3", 1, 14 },
    { "/* so **/ ALLOW { read }", "the comment has no end", 1, 1 },
    { "ALLOW { readd }", "`readd` is no system call", 1, 9 },
    { "ALLOW { read write }", "found `write` where `,` or `}` is expected", 1, 14 },
    { "ALLOW { read, }", "found `}` where the name of a system call is expected", 1, 15 },
    { "ALLOW { read", "the text ends where `,` or `}` is expected", 1, 13 },
    { "ALLOW { read { fd } }", "a value is no condition", 1, 16 },
    { "ALLOW { read { (fd == 1) == 2 } }", "a condition is no value", 1, 16 },
    { "ALLOW { read { fd = 1 } }", "kafel has no mark `=`", 1, 19 },
    { "ALLOW { read { fs == 1 } }", "`fs` is no constant, and no argument of `read`", 1, 16 },
    { "ALLOW { SYSCALL[0] { fd == 1 } }", "`fd` is no constant, and no argument of `read`", 1, 22 },
    { "ALLOW { read { fd == count } }", "two arguments are compared, which no profile can say", 1,
      16 },
    { "ALLOW { read { (fd & count) == 1 } }",
      "two arguments are compared, which no profile can say", 1, 16 },
    { "ALLOW { read(a, a) }", "the argument `a` stands there twice", 1, 17 },
    { "ALLOW { read(a, b, c, d, e, f, g) }", "calls have at most 6 arguments", 1, 32 },
    { "ALLOW { SYSCALL[-1] }", "no system call of x86_64 has the number -1", 1, 17 },
    { "#define a -1\nALLOW { a }",
      "`a` is 0xffffffffffffffff, which is no system call of x86_64", 2, 9 },
    { "#define a 1\n#define a 2\n", "`a` was 1 before", 2, 9 },
    { "#define a 08\n", "a number with a leading 0 is octal, and has no digit 8", 1, 11 },
    { "#define a 18446744073709551616\n", "the number is too large", 1, 11 },
    { "ERRNO(65536) { read }", "the number has more than 16 bits", 1, 7 },
    { "TRAP(1) { read }", "a profile's TRAP has no number", 1, 6 },
    { "USE a DEFAULT KILL", "there is no policy `a` up to here", 1, 5 },
    { "POLICY a { USE a }", "there is no policy `a` up to here", 1, 16 },
    { "POLICY a { } POLICY a { }", "the policy `a` stands there twice", 1, 21 },
    { "POLICY a { ALLOW { read } ERRNO(1) { write } }", "found `ERRNO` where `,` or `}` is expected",
      1, 27 },
    { "DEFAULT KILL DEFAULT ALLOW", "there are two defaults", 1, 14 },
    { "ALLOW { read ON vax }", "`vax` is no architecture", 1, 17 },
};

START_TEST(what_no_profile_can_say_is_refused)
{
    sp_trip_refuses(&refusals[_i], sp_kafel_read);
}
END_TEST

/* `count` comparisons in a row. */
static void
add_chain(struct sp_buf *text, int count, const char *before)
{
    sp_buf_format(text, "ALLOW { read(a) { %s", before);
    for (int i = 0; i < count; i++) {
        sp_buf_format(text, "%sa == %d", i > 0 ? " || " : "", i);
    }
    sp_buf_text(text, " } }");
}

START_TEST(what_needs_too_many_rules_is_refused)
{
    sp_trip_refuses(&(struct sp_trip_refusal){
        .text = "LOG { read(a, b) { a != 1 && b != 1 && (a & 7) != 4 } } DEFAULT ALLOW",
        .message = "the expressions for `read` are more than a profile's conditions can say",
        .line = 1, .column = 7 }, sp_kafel_read);
}
END_TEST

START_TEST(limits_are_those_of_kafel)
{
    struct sp_trip trip;
    SP_BUF(text);

    add_chain(&text, 200, "");
    sp_trip_of_text(&trip, sp_buf_view(&text), sp_kafel_read);
    sp_trip_end(&trip);

    sp_buf_cut(&text, 0);
    add_chain(&text, 201, "");
    sp_trip_refuses(&(struct sp_trip_refusal){
        .text = text.data, .message = "the expression is deeper than kafel's limit of 200",
        .line = 1, .column = 19 }, sp_kafel_read);

    sp_buf_cut(&text, 0);
    sp_buf_text(&text, "ALLOW { read { ");
    sp_buf_repeat(&text, '(', 65);
    sp_trip_refuses(&(struct sp_trip_refusal){
        .text = text.data, .message = "brackets stand 65 deep here", .line = 1, .column = 80 },
        sp_kafel_read);
}
END_TEST

START_TEST(a_file_is_read)
{
    sp_trip_of_file(paths[_i], sp_kafel_read, 3);
}
END_TEST

SP_SUITE(kafel)
{
    TCase *tcase = sp_testing_case(suite, "kafel");

    paths = sp_testing_files("testdata/formats/kafel", ".policy", &path_count);
    tcase_add_loop_test(tcase, a_default_is_the_same_again, 0, SP_TRIP_DEFAULTS);
    tcase_add_loop_test(tcase, any_profile_is_the_same_again, 0, 2);
    tcase_add_loop_test(tcase, a_text_answers_as_kafel_would, 0, sizeof texts / sizeof *texts);
    tcase_add_loop_test(tcase, what_no_profile_can_say_is_refused, 0,
                        sizeof refusals / sizeof *refusals);
    tcase_add_test(tcase, what_needs_too_many_rules_is_refused);
    tcase_add_test(tcase, limits_are_those_of_kafel);
    tcase_add_loop_test(tcase, a_file_is_read, 0, path_count);
}
