/* The form rules over testdata/lint/form: NAME.json with NAME.expect, which has a line for each
 * finding of a form rule ("LINE:COLUMN SPnnn SEVERITY"), and where there are edits NAME.fixed,
 * the text after them. */
#include "base/buf.h"
#include "base/testing.h"
#include "lint/lint_testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOLDER "testdata/lint/form"

/* Codes above belong to other rules, which may speak of the same inputs. */
enum { LAST_FORM_RULE = 199 };

static char *const *paths;

static bool
is_ours(unsigned code)
{
    return code <= LAST_FORM_RULE;
}

static void
lint_text(struct sp_linted *linted, struct sp_str input)
{
    sp_linted_text(linted, input, SP_STR(""));
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

START_TEST(a_text_past_a_mebibyte_is_too_large_for_kubernetes)
{
    static struct sp_linted linted;
    SP_BUF(buf);

    sp_buf_text(&buf, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"execve\"],"
                      "\"action\":\"SCMP_ACT_ALLOW\"}]");
    sp_buf_repeat(&buf, ' ', (1 << 20) - buf.len - 1);
    sp_buf_text(&buf, "}");
    lint_text(&linted, sp_buf_view(&buf));
    ck_assert_uint_eq(linted.report.diags.count, 0);

    sp_buf_text(&buf, "\n");
    lint_text(&linted, sp_buf_view(&buf));
    ck_assert_uint_eq(linted.report.diags.count, 1);
    ck_assert_uint_eq(linted.report.diags.at[0]->code, 116);
    ck_assert_uint_eq(linted.report.diags.at[0]->severity, SP_SEVERITY_WARNING);
}
END_TEST

/* ---- what a message must not lose ---------------------------------------------------- */

static const struct {
    const char *text;
    unsigned code;
    const char *message;  /* pieces that must be said, each ends with | */
    const char *help;
} sayings[] = {
    { "{\"defaultAction\":\"SCMP_ACT_KILL\",\"defaultAction\":\"SCMP_ACT_LOG\"}", 102,
      "Docker, Podman, containerd and runc (`SCMP_ACT_LOG`)|crun (`SCMP_ACT_KILL`)|", "" },
    { "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[],\"syscalls\":[{}]}", 102, "twice|",
      "`errnoRet` and `args`|" },
    { "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscall\":[]}", 103, "`syscall`|", "`syscalls`|" },
    { "{\"defaultAction\":\"SCMP_ACT_LOG\",\"caps\":[]}", 103, "`caps`|",
      "`includes` and `excludes`|" },
    { "{\"DefaultAction\":\"SCMP_ACT_LOG\"}", 104, "`DefaultAction`|`defaultAction`|crun|",
      "" },
    { "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":\"ENOSYS\"}", 105,
      "\"ENOSYS\"|", "38|" },
    { "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":null}", 105, "null|", "" },
    { "{\"apiVersion\":\"v1\",\"kind\":\"Po\\u001b[31md\"}", 106, "Po\\u001b[31md|", "" },
    { "{\"a\":{\"b\":{\"defaultAction\":\"SCMP_ACT_LOG\"}}}", 107, "Docker and Podman|",
      "`/a/b`|" },
    { "{\"defaultAction\":\"SCMP_ACT_ERROR\"}", 108, "`SCMP_ACT_ERROR`|", "`SCMP_ACT_ERRNO`|" },
    { "{\"defaultAction\":\"ERRNO(ENOSYS)\"}", 108, "ERRNO(ENOSYS)|",
      "`SCMP_ACT_ERRNO`|`defaultErrnoRet`: 38|" },
    { "{\"defaultAction\":\"SCMP_ACT_LOG\",\"flags\":[\"LOG\"]}", 110, "`LOG`|",
      "`SECCOMP_FILTER_FLAG_LOG`|" },
    { "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"amd64\"]}", 111, "`amd64`|",
      "`SCMP_ARCH_X86_64`|" },
    { "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"x86_64\"]}", 111,
      "crun takes it|", "`SCMP_ARCH_X86_64`|" },
    { "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_PARISC\"]}", 111,
      "runc|", "" },
    { "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"name\":\"bpf\","
      "\"action\":\"SCMP_ACT_ERRNO\"}]}", 112, "containerd and runc|crun|", "[\"bpf\"]|" },
    { "{\"syscalls\":[{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_LOG\"}]}", 117,
      "runc and crun|", "SCMP_ACT_ERRNO|" },
    { "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[null]}", 118, "Docker crashes|", "" },
};

START_TEST(a_message_says_what_matters)
{
    static struct sp_linted linted;

    lint_text(&linted, sp_str_of(sayings[_i].text));
    sp_linted_says(&linted, sayings[_i].code, sayings[_i].message, sayings[_i].help,
                   sayings[_i].text);
}
END_TEST

SP_SUITE(form)
{
    TCase *tcase = sp_testing_case(suite, "form");
    int count;

    paths = sp_testing_files(FOLDER, ".json", &count);
    tcase_add_loop_test(tcase, each_finding_stands_where_it_is_expected, 0, count);
    tcase_add_loop_test(tcase, the_edits_make_the_fixed_text, 0, count);
    tcase_add_test(tcase, a_text_past_a_mebibyte_is_too_large_for_kubernetes);
    tcase_add_loop_test(tcase, a_message_says_what_matters, 0,
                        sizeof sayings / sizeof *sayings);
}
