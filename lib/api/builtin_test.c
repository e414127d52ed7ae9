/* The list of built-in profiles is what the linter and the filter take by name. */
#include "base/testing.h"

#include <secprof.h>

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    const char *engine;
} names[] = {
    { "containerd", "containerd" },
    { "containers-common", "podman" },
    { "containers-golang", "podman" },
    { "crio", "crio" },
    { "docker", "docker" },
    { "moby-profiles", "docker" },
    { "podman", "podman" },
};

enum { NAMES = sizeof names / sizeof *names };

START_TEST(the_list_is_sorted_and_ends)
{
    for (size_t i = 0; i < NAMES; i++) {
        ck_assert_pstr_eq(secprof_builtin(i), names[i].name);
    }
    ck_assert_ptr_null(secprof_builtin(NAMES));
    ck_assert_ptr_null(secprof_builtin(SIZE_MAX));
}
END_TEST

START_TEST(a_listed_name_is_a_profile)
{
    const struct secprof_target target = { .engine = names[_i].engine };
    struct secprof *context = NULL;
    struct secprof_lint *lint = NULL;
    struct secprof_filter *filter = NULL;
    char *why = NULL;

    ck_assert_int_eq(secprof_new(&context), SECPROF_OK);
    ck_assert_int_eq(secprof_lint_new(context, "concise", NULL, &lint), SECPROF_OK);
    /* What they do is not without faults; their form is. */
    ck_assert_int_eq(secprof_lint_select(lint, "SP1,SP2"), SECPROF_OK);
    ck_assert_int_eq(secprof_lint_path(lint, names[_i].name), SECPROF_OK);
    ck_assert_uint_eq(secprof_lint_count(lint, SECPROF_ERROR), 0);
    ck_assert_uint_eq(secprof_lint_count(lint, SECPROF_WARNING), 0);
    ck_assert_int_eq(secprof_filter_new(context, names[_i].name, &target, &filter, &why),
                     SECPROF_OK);
    ck_assert(secprof_filter_lets_exec(filter));
    secprof_filter_free(filter);
    secprof_lint_free(lint);
    secprof_unref(context);
}
END_TEST

/* ---- lists ----------------------------------------------------------------------------- */

static const struct {
    const char *name;
    const char *format;
    enum secprof_status status;
    const char *begin;  /* of the text; NULL = there is none */
} lists[] = {
    { NULL, "text", SECPROF_OK, "containerd " },
    { NULL, "json", SECPROF_OK, "{\n  \"schema\": \"secprof/builtins/1\"," },
    { "docker", "text", SECPROF_OK, "29.4.3    29.4.3 to 29.7.2  " },
    { "docker", "json", SECPROF_OK, "{\n  \"schema\": \"secprof/builtins/1\"," },
    { "MOBY@v20.10.22", "text", SECPROF_OK, "20.10.22  20.10.22  " },
    { "podman@0.66", "text", SECPROF_OK, "0.6" },
    { "docker@99.1", "text", SECPROF_REFUSED, "docker has no release 99.1 (newest 29.7.2)" },
    { "cri-o@", "text", SECPROF_REFUSED, "crio@ names no release (newest 1.36.3)" },
    { "dokcer", "json", SECPROF_UNKNOWN,
      "no built-in profile is called 'dokcer'; closest: docker" },
    { "", "text", SECPROF_UNKNOWN, "no built-in profile is called '' (containerd, " },
    { "docker", "yaml", SECPROF_BAD_ARGUMENT, NULL },
    { "docker", NULL, SECPROF_BAD_ARGUMENT, NULL },
};

START_TEST(lists_are_written)
{
    char *text = NULL;

    ck_assert_int_eq(secprof_builtins(lists[_i].name, lists[_i].format, &text),
                     lists[_i].status);
    ck_assert_int_eq(text != NULL, lists[_i].begin != NULL);
    if (text != NULL) {
        ck_assert_msg(strncmp(text, lists[_i].begin, strlen(lists[_i].begin)) == 0, "%s", text);
    }
    secprof_text_free(text);
}
END_TEST

START_TEST(a_list_has_a_line_for_each_content)
{
    char *text = NULL, *all = NULL;
    unsigned contents, releases;
    size_t lines = 0;

    ck_assert_int_eq(secprof_builtins(names[_i].name, "text", &text), SECPROF_OK);
    ck_assert_int_eq(secprof_builtins(NULL, "text", &all), SECPROF_OK);
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    const char *row = strstr(all, names[_i].name);
    ck_assert_int_eq(sscanf(row, "%*s %*s %u releases %u contents", &releases, &contents), 2);
    ck_assert_uint_eq(lines, contents);
    ck_assert_uint_ge(releases, contents);
    secprof_text_free(text);
    secprof_text_free(all);
}
END_TEST

SP_SUITE(builtin)
{
    TCase *tcase = sp_testing_case(suite, "builtin");

    tcase_add_test(tcase, the_list_is_sorted_and_ends);
    tcase_add_loop_test(tcase, a_listed_name_is_a_profile, 0, NAMES);
    tcase_add_loop_test(tcase, lists_are_written, 0, (int)(sizeof lists / sizeof *lists));
    tcase_add_loop_test(tcase, a_list_has_a_line_for_each_content, 0, NAMES);
}
