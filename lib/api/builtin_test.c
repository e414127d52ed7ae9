/* The list of built-in profiles is what the linter and the filter take by name. */
#include "base/testing.h"

#include <secprof.h>

#include <string.h>

static const char *const names[] = { "docker", "podman" };

enum { NAMES = sizeof names / sizeof *names };

START_TEST(the_list_is_sorted_and_ends)
{
    for (size_t i = 0; i < NAMES; i++) {
        ck_assert_pstr_eq(secprof_builtin(i), names[i]);
    }
    ck_assert_ptr_null(secprof_builtin(NAMES));
    ck_assert_ptr_null(secprof_builtin(SIZE_MAX));
}
END_TEST

START_TEST(a_listed_name_is_a_profile)
{
    const struct secprof_target target = { .engine = names[_i] };
    struct secprof *context = NULL;
    struct secprof_lint *lint = NULL;
    struct secprof_filter *filter = NULL;
    char *why = NULL;

    ck_assert_int_eq(secprof_new(&context), SECPROF_OK);
    ck_assert_int_eq(secprof_lint_new(context, "concise", NULL, &lint), SECPROF_OK);
    /* What they do is not without faults; their form is. */
    ck_assert_int_eq(secprof_lint_select(lint, "SP1,SP2"), SECPROF_OK);
    ck_assert_int_eq(secprof_lint_path(lint, names[_i]), SECPROF_OK);
    ck_assert_uint_eq(secprof_lint_count(lint, SECPROF_ERROR), 0);
    ck_assert_uint_eq(secprof_lint_count(lint, SECPROF_WARNING), 0);
    ck_assert_int_eq(secprof_filter_new(context, names[_i], &target, &filter, &why),
                     SECPROF_OK);
    ck_assert(secprof_filter_lets_exec(filter));
    secprof_filter_free(filter);
    secprof_lint_free(lint);
    secprof_unref(context);
}
END_TEST

SP_SUITE(builtin)
{
    TCase *tcase = sp_testing_case(suite, "builtin");

    tcase_add_test(tcase, the_list_is_sorted_and_ends);
    tcase_add_loop_test(tcase, a_listed_name_is_a_profile, 0, NAMES);
}
