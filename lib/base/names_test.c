#include "base/names.h"
#include "base/testing.h"

static const struct sp_name rows[] = {
    { .name = "allow", .value = 1 },
    { .name = "errno", .value = 2 },
    { .name = "kill", .value = 3, .alias = true },
    { .name = "kill_process", .value = 4 },
    { .name = "kill_thread", .value = 3 },
    { .name = "trap", .value = 5 },
};

START_TEST(every_row_is_found_by_its_name)
{
    int value = 0;

    ck_assert(sp_names_find(SP_NAMES(rows), sp_str_of(rows[_i].name), &value));
    ck_assert_int_eq(value, rows[_i].value);
}
END_TEST

static const char *const strangers[] = { "", "a", "allowed", "allo", "kill_", "kilm", "trap ",
                                         "Allow", "zzz" };

START_TEST(a_name_must_be_exact)
{
    int value = 77;

    ck_assert(!sp_names_find(SP_NAMES(rows), sp_str_of(strangers[_i]), &value));
    ck_assert_int_eq(value, 77);
}
END_TEST

START_TEST(an_alias_is_never_written)
{
    ck_assert_str_eq(sp_names_of(SP_NAMES(rows), 3), "kill_thread");
    ck_assert_str_eq(sp_names_of(SP_NAMES(rows), 1), "allow");
    ck_assert_ptr_null(sp_names_of(SP_NAMES(rows), 99));
}
END_TEST

START_TEST(a_misspelt_word_finds_its_name)
{
    ck_assert_str_eq(sp_names_closest(SP_NAMES(rows), SP_STR("alow")), "allow");
    ck_assert_str_eq(sp_names_closest(SP_NAMES(rows), SP_STR("KILL-PROCESS")), "kill_process");
    ck_assert_ptr_null(sp_names_closest(SP_NAMES(rows), SP_STR("completely")));
    ck_assert_ptr_null(sp_names_closest(SP_NAMES(rows), SP_STR("")));
}
END_TEST

START_TEST(an_empty_table_has_nothing)
{
    struct sp_names none = { .rows = NULL };
    int value;

    ck_assert(!sp_names_find(none, SP_STR("allow"), &value));
    ck_assert_ptr_null(sp_names_of(none, 1));
    ck_assert_ptr_null(sp_names_closest(none, SP_STR("allow")));
}
END_TEST

SP_SUITE(names)
{
    TCase *tcase = sp_testing_case(suite, "names");

    tcase_add_loop_test(tcase, every_row_is_found_by_its_name, 0, sizeof rows / sizeof *rows);
    tcase_add_loop_test(tcase, a_name_must_be_exact, 0, sizeof strangers / sizeof *strangers);
    tcase_add_test(tcase, an_alias_is_never_written);
    tcase_add_test(tcase, a_misspelt_word_finds_its_name);
    tcase_add_test(tcase, an_empty_table_has_nothing);
}
