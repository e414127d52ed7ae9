/* The rules of names over testdata/lint/names: NAME.json with NAME.expect, which has a line for
 * each finding of these rules ("LINE:COLUMN SPnnn SEVERITY"), where there are edits NAME.fixed,
 * the text after them, and where the linter needs them NAME.options. */
#include "base/buf.h"
#include "base/testing.h"
#include "lint/lint.h"
#include "lint/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOLDER "testdata/lint/names"

static char *const *paths;

/* What is under test and what it is compared with. */
static struct sp_str text;
static struct sp_str options;
static struct sp_str wanted;

/* Static in each test, so that its memory is never lost. */
struct linted {
    struct sp_arena arena;
    struct sp_lint_settings settings;
    struct sp_source *source;
    struct sp_report report;
};

static bool
is_ours(unsigned code)
{
    return (code > 200 && code < 210) || code == 409;
}

/* "--arch x86_64 --libseccomp 2.5.4" */
static void
set_options(struct sp_lint_settings *settings, struct sp_str rest)
{
    struct sp_str name;
    struct sp_str value;

    while (sp_str_next(&rest, " \n", &name) && name.len > 0) {
        ck_assert(sp_str_next(&rest, " \n", &value));
        ck_assert(sp_str_is(name, "--arch") ? sp_lint_settings_arch(settings, value)
                                            : sp_lint_settings_libseccomp(settings, value));
    }
}

static void
lint_text(struct linted *linted, struct sp_str input, struct sp_str line)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;

    sp_arena_free(&linted->arena);
    linted->report = (struct sp_report){ .arena = &linted->arena };
    ck_assert(sp_lint_settings_init(&linted->settings, &linted->arena));
    set_options(&linted->settings, line);
    linted->source = sp_source_new(&linted->arena, "test.json", input);
    ck_assert_ptr_nonnull(linted->source);
    ck_assert(sp_source_index(&linted->arena, linted->source));
    ck_assert(sp_lint_source(&linted->arena, linted->source, &limits, &linted->settings.target,
                             &linted->report));
}

/* The path of the file beside `path` with another ending. */
static const char *
beside(const char *path, const char *ending)
{
    static char name[256];
    int stem = (int)(strlen(path) - strlen(".json"));

    snprintf(name, sizeof name, "%.*s%s", stem, path, ending);
    return name;
}

static void
lint_file(struct linted *linted, const char *path, struct sp_str input)
{
    const char *name = beside(path, ".options");

    options = access(name, R_OK) == 0 ? sp_testing_read(name) : SP_STR("");
    lint_text(linted, input, options);
}

START_TEST(each_finding_stands_where_it_is_expected)
{
    static struct linted linted;
    SP_BUF(got);

    text = sp_testing_read(paths[_i]);
    lint_file(&linted, paths[_i], text);
    sp_buf_text(&got, "");
    for (size_t i = 0; i < linted.report.diags.count; i++) {
        const struct sp_diag *diag = linted.report.diags.at[i];
        struct sp_position at = sp_source_position(linted.source, diag->place.span.start);
        if (is_ours(diag->code)) {
            sp_buf_format(&got, "%u:%u SP%u %s\n", at.line, at.column, diag->code,
                          sp_severity_text(diag->severity));
        }
    }
    wanted = sp_testing_read(beside(paths[_i], ".expect"));
    ck_assert_msg(sp_str_equal(sp_buf_view(&got), wanted), "%s: found\n%sexpected\n%s",
                  paths[_i], got.data, wanted.ptr);
}
END_TEST

/* ---- fixes ------------------------------------------------------------------------------- */

enum { EDITS_MAX = 1024 };

struct edits {
    const struct sp_edit *at[EDITS_MAX];
    size_t count;
};

static int
compare_edits(const void *left_, const void *right_)
{
    const struct sp_edit *left = *(const struct sp_edit *const *)left_;
    const struct sp_edit *right = *(const struct sp_edit *const *)right_;

    return (left->span.start > right->span.start) - (left->span.start < right->span.start);
}

static void
collect_edits(struct edits *edits, const struct sp_report *report)
{
    edits->count = 0;
    for (size_t i = 0; i < report->diags.count; i++) {
        const struct sp_diag *diag = report->diags.at[i];
        for (size_t j = 0; is_ours(diag->code) && j < diag->edits.count; j++) {
            ck_assert_uint_lt(edits->count, EDITS_MAX);
            edits->at[edits->count++] = &diag->edits.at[j];
        }
    }
    qsort(edits->at, edits->count, sizeof *edits->at, compare_edits);
}

static void
apply_edits(const struct edits *edits, struct sp_str before, struct sp_buf *buf)
{
    size_t at = 0;

    for (size_t i = 0; i < edits->count; i++) {
        ck_assert_uint_ge(edits->at[i]->span.start, at);
        sp_buf_add(buf, sp_str_slice(before, at, edits->at[i]->span.start));
        sp_buf_text(buf, edits->at[i]->text);
        at = edits->at[i]->span.end;
    }
    sp_buf_add(buf, sp_str_slice(before, at, before.len));
}

START_TEST(the_edits_make_the_fixed_text)
{
    static char path[256];
    static struct linted linted;
    static struct edits edits;
    SP_BUF(fixed);

    snprintf(path, sizeof path, "%s", beside(paths[_i], ".fixed"));
    text = sp_testing_read(paths[_i]);
    lint_file(&linted, paths[_i], text);
    collect_edits(&edits, &linted.report);
    ck_assert_int_eq(edits.count > 0, access(path, R_OK) == 0);
    if (edits.count == 0) {
        return;
    }
    apply_edits(&edits, text, &fixed);
    wanted = sp_testing_read(path);
    ck_assert_msg(sp_str_equal(sp_buf_view(&fixed), wanted), "%s: fixed to\n%s", paths[_i],
                  fixed.data);
    lint_file(&linted, paths[_i], wanted);
    collect_edits(&edits, &linted.report);
    ck_assert_msg(edits.count == 0, "%s: the fixed text has something to fix again", paths[_i]);
}
END_TEST

/* ---- what a message must not lose -------------------------------------------------------- */

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

static void
check_pieces(const char *said, const char *pieces)
{
    struct sp_str rest = sp_str_of(pieces);
    struct sp_str piece;

    while (sp_str_next(&rest, "|", &piece)) {
        ck_assert_msg(said != NULL && memmem(said, strlen(said), piece.ptr, piece.len) != NULL,
                      "\"%.*s\" is not in \"%s\"", SP_STR_ARG(piece), said);
    }
}

START_TEST(a_message_says_what_matters)
{
    static struct linted linted;
    static char profile[1024];
    bool deny_list = sayings[_i].deny_list;

    snprintf(profile, sizeof profile, RULE, deny_list ? "SCMP_ACT_ALLOW" : "SCMP_ACT_ERRNO",
             sayings[_i].names, deny_list ? "SCMP_ACT_ERRNO" : "SCMP_ACT_ALLOW",
             sayings[_i].rest);
    lint_text(&linted, sp_str_of(profile), sp_str_of(sayings[_i].options));
    for (size_t i = 0; i < linted.report.diags.count; i++) {
        const struct sp_diag *diag = linted.report.diags.at[i];
        if (diag->code == sayings[_i].code) {
            check_pieces(diag->message, sayings[_i].message);
            check_pieces(diag->help, sayings[_i].help);
            ck_assert_ptr_nonnull(diag->help);
            return;
        }
    }
    ck_abort_msg("SP%u was not found for %s", sayings[_i].code, sayings[_i].names);
}
END_TEST

/* ---- many -------------------------------------------------------------------------------- */

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
count_of(const struct linted *linted, unsigned code)
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
    static struct linted linted;
    SP_BUF(few);
    SP_BUF(many);

    write_many(&few, floods[_i].format, 20);
    lint_text(&linted, sp_buf_view(&few), SP_STR(""));
    ck_assert_uint_eq(count_of(&linted, floods[_i].code), 20);
    write_many(&many, floods[_i].format, 21);
    lint_text(&linted, sp_buf_view(&many), SP_STR(""));
    ck_assert_uint_eq(count_of(&linted, floods[_i].code), 1);
}
END_TEST

START_TEST(a_flood_of_names_takes_no_time)
{
    static struct linted linted;
    SP_BUF(buf);

    write_many(&buf, floods[_i].format, 200000);
    lint_text(&linted, sp_buf_view(&buf), SP_STR(""));
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
