/* The rules of names over testdata/lint/names: NAME.json with NAME.expect, which has a line for
 * each finding of these rules ("LINE:COLUMN SPnnn SEVERITY"), where there are edits NAME.fixed,
 * the text after them, and where the linter needs them NAME.options. */
#include "base/buf.h"
#include "base/testing.h"
#include "lint/lint_testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOLDER "testdata/lint/names"

static char *const *paths;

static bool
is_ours(unsigned code)
{
    return (code > 200 && code < 210) || code == 409;
}

START_TEST(each_finding_stands_where_it_is_expected)
{
    sp_linted_findings(paths[_i], is_ours);
}
END_TEST

START_TEST(the_edits_make_the_fixed_text)
{
    sp_linted_edits(paths[_i], is_ours);
}
END_TEST

/* ---- what a message must not lose ---------------------------------------------------- */

/* A profile of one rule: default action, names, action and the rest of the rule. */
#define RULE "{\"defaultAction\":\"%s\",\"architectures\":[\"SCMP_ARCH_X86_64\"]," \
    "\"syscalls\":[{\"names\":[%s],\"action\":\"%s\"%s}]}"

static const struct {
    const char *names;
    unsigned code;
    const char *message;  /* pieces that must be said, each ends with | */
    const char *help;
    const char *options;
    const char *rest;     /* of the rule */
    bool deny_list;
} sayings[] = {
    { "\"KCMP\"", 201, "`KCMP`|stays denied|", "`kcmp`|", "", "", false },
    { "\"KCMP\"", 201, "`KCMP`|stays allowed|", "`kcmp`|", "", "", true },
    { "\"kcmp\\t\"", 201, "\\u0009|", "`kcmp`|", "", "", false },
    { "\"opennat\"", 201, "`opennat`|", "is it `openat`|", "", "", false },
    { "\"landlock\"", 201, "`landlock`|", "`landlock_create_ruleset`|", "", "", false },
    { "\"@mount\"", 201, "a group|", "systemd|`mount`|more|", "", "", false },
    { "\"@nosuch\"", 201, "a group|", "systemd has none|", "", "", false },
    { "\"clock_*\"", 201, "a pattern|", "`clock_adjtime`|", "", "", false },
    { "\"*\"", 201, "a pattern|", "default action|", "", "", false },
    { "\"~mount\"", 201, "a negation|", "`mount`|systemd and firejail|", "", "", false },
    { "\"openat\",\"openat \"", 201, "`openat `|", "remove it|`openat`|", "", "", false },
    { "\"\xc2\xa0" "openat\"", 201, "openat|", "`openat`|white space|", "", "", false },
    { "\"sysctl\"", 201, "`sysctl`|", "remove it|5.5|", "", "", false },
    { "\"read, write\"", 201, "several names|", "`read` and `write`|", "", "", false },
    { "\"qqqqqqqq\"", 201, "`qqqqqqqq`|", "remove it|", "", "", false },
    { "\"set_tls\"", 202, "x86_64|`set_tls`|", "on arm|", "", "", false },
    { "\"umount\"", 202, "`umount`|", "`umount2`|`umount`|no rule denies|", "", "", true },
    { "\"osf_sigprocmask\"", 202, "`osf_sigprocmask`|", "alpha|", "", "", false },
    { "\"timerfd\"", 203, "`timerfd`|2.6|", "timerfd_create|", "", "", false },
    { "\"_sysctl\",\"timerfd\"", 203, "`_sysctl` (Linux 5.5)|", "timerfd: |", "", "", false },
    { "\"create_module\"", 203, "`create_module`|", "init_module|", "", "", false },
    { "\"read\",\"read\"", 204, "`read`|", "changes nothing|", "", "", false },
    { "\"mount\"", 205, "`SYS_ADMIN`|never applies|", "`CAP_SYS_ADMIN`|", "",
      ",\"includes\":{\"caps\":[\"SYS_ADMIN\"]}", false },
    { "\"mount\"", 205, "`CAP_PTRACE`|excludes nothing|", "`CAP_SYS_PTRACE`|", "",
      ",\"excludes\":{\"caps\":[\"CAP_PTRACE\"]}", false },
    { "\"mount\"", 205, "`ALL`|", "every capability|", "",
      ",\"includes\":{\"caps\":[\"ALL\"]}", false },
    { "\"mount\"", 206, "`aarch64`|never applies|", "`arm64`|", "",
      ",\"includes\":{\"arches\":[\"aarch64\"]}", false },
    { "\"mount\"", 206, "Podman and CRI-O|`loongarch64`|", "`loong64` and `loongarch64`|", "",
      ",\"includes\":{\"arches\":[\"loong64\"]}", false },
    { "\"mount\"", 206, "Docker has this word|`loong64`|", "both|", "",
      ",\"includes\":{\"arches\":[\"loongarch64\"]}", false },
    { "\"mount\"", 206, "`SCMP_ARCH_LOONGARCH64`|", "both `loongarch64`|`loong64`|", "",
      ",\"includes\":{\"arches\":[\"SCMP_ARCH_LOONGARCH64\"]}", false },
    { "\"mseal\"", 207, "2.5.4|`mseal`|default action|", "2.5.6|", "--libseccomp 2.5.4", "",
      false },
    { "\"mseal\"", 207, "`mseal`|stays allowed|", "2.5.6|", "--libseccomp 2.5.4", "", true },
    { "\"59\"", 208, "`59`|", "`execve` on x86_64|", "", "", false },
    { "\"59\"", 208, "`59`|", "`execve` on x86_64|`oldolduname` on x86|", "--arch x86", "",
      false },
    { "\"4000000\"", 208, "`4000000`|", "no call|", "", "", false },
    { "\"syscall_0x1b3\"", 208, "`syscall_0x1b3`|", "`clone3`|", "", "", false },
    { "\"procexit\"", 209, "`procexit`|a process ended|", "remove it|", "", "", false },
    { "\"exit_thread\"", 209, "`exit_thread`|", "`exit`|", "", "", false },
    { "\"mount\"", 409, "no argument 6|", "from 0|", "",
      ",\"args\":[{\"index\":6,\"value\":0,\"op\":\"SCMP_CMP_EQ\"}]", false },
    { "\"kill\"", 409, "`kill` has no argument 2|", "1 `sig`|", "",
      ",\"args\":[{\"index\":2,\"value\":0,\"op\":\"SCMP_CMP_EQ\"}]", false },
    { "\"getpid\"", 409, "`getpid` has no argument 0|", "takes no arguments|", "",
      ",\"args\":[{\"index\":0,\"value\":0,\"op\":\"SCMP_CMP_EQ\"}]", false },
};

START_TEST(a_message_says_what_matters)
{
    static struct sp_linted linted;
    static char profile[1024];
    bool deny_list = sayings[_i].deny_list;

    snprintf(profile, sizeof profile, RULE, deny_list ? "SCMP_ACT_ALLOW" : "SCMP_ACT_ERRNO",
             sayings[_i].names, deny_list ? "SCMP_ACT_ERRNO" : "SCMP_ACT_ALLOW",
             sayings[_i].rest);
    sp_linted_text(&linted, sp_str_of(profile), sp_str_of(sayings[_i].options));
    sp_linted_says(&linted, sayings[_i].code, sayings[_i].message, sayings[_i].help,
                   sayings[_i].names);
}
END_TEST

/* ---- many ---------------------------------------------------------------------------- */

/* A profile of one rule with so many names, each made from its number. */
static void
write_many(struct sp_buf *buf, const char *format, unsigned count)
{
    sp_buf_text(buf, "{\"defaultAction\":\"SCMP_ACT_ERRNO\","
                     "\"architectures\":[\"SCMP_ARCH_X86\"],"
                     "\"syscalls\":[{\"action\":\"SCMP_ACT_ALLOW\",\"names\":[\"read\"");
    for (unsigned i = 0; i < count; i++) {
        sp_buf_text(buf, ",\"");
        for (const char *at = format; *at != '\0'; at++) {
            if (*at == '#') {
                sp_buf_format(buf, "%u", i);
            } else {
                sp_buf_char(buf, *at);
            }
        }
        sp_buf_text(buf, "\"");
    }
    sp_buf_text(buf, "]}]}");
}

static unsigned
count_of(const struct sp_linted *linted, unsigned code)
{
    unsigned count = 0;

    for (size_t i = 0; i < linted->report.diags.count; i++) {
        count += linted->report.diags.at[i]->code == code;
    }
    return count;
}

static const struct {
    const char *format;
    unsigned code;
} floods[] = {
    { "qq#qq", 201 },
    { "openax#", 201 },
    { "*a*#*e*", 201 },
    { "READ", 201 },
    { "#", 208 },
    { "procexit", 209 },
};

START_TEST(many_names_are_one_finding)
{
    static struct sp_linted linted;
    SP_BUF(few);
    SP_BUF(many);

    write_many(&few, floods[_i].format, 20);
    sp_linted_text(&linted, sp_buf_view(&few), SP_STR(""));
    ck_assert_uint_eq(count_of(&linted, floods[_i].code), 20);
    write_many(&many, floods[_i].format, 21);
    sp_linted_text(&linted, sp_buf_view(&many), SP_STR(""));
    ck_assert_uint_eq(count_of(&linted, floods[_i].code), 1);
}
END_TEST

START_TEST(a_flood_of_names_takes_no_time)
{
    static struct sp_linted linted;
    SP_BUF(buf);

    write_many(&buf, floods[_i].format, 200000);
    sp_linted_text(&linted, sp_buf_view(&buf), SP_STR(""));
    ck_assert_uint_eq(count_of(&linted, floods[_i].code), 1);
}
END_TEST

SP_SUITE(lint_names)
{
    TCase *tcase = sp_testing_case(suite, "names");
    int count;

    paths = sp_testing_files(FOLDER, ".json", &count);
    tcase_add_loop_test(tcase, each_finding_stands_where_it_is_expected, 0, count);
    tcase_add_loop_test(tcase, the_edits_make_the_fixed_text, 0, count);
    tcase_add_loop_test(tcase, a_message_says_what_matters, 0,
                        sizeof sayings / sizeof *sayings);
    tcase_add_loop_test(tcase, many_names_are_one_finding, 0, sizeof floods / sizeof *floods);
    tcase_add_loop_test(tcase, a_flood_of_names_takes_no_time, 0,
                        sizeof floods / sizeof *floods);
}
