#include "base/release.h"

#include "base/testing.h"

/* Each before the next. */
static const char *const ordered[] = {
    "0.2", "0.2.1", "0.10", "1.9.0", "1.10", "1.10.0", "1.12.0", "1.12.0-conditional", "1.12.1",
    "17.03.2", "17.04.0", "17.12.1", "20.10.0-rc1", "99999999999999999999",
    "100000000000000000000", "head", "next",
};

enum { ORDERED = sizeof ordered / sizeof *ordered };

START_TEST(releases_are_ordered_by_their_numbers)
{
    for (int i = 0; i < ORDERED; i++) {
        for (int k = 0; k < ORDERED; k++) {
            int order = sp_release_compare(sp_str_of(ordered[i]), sp_str_of(ordered[k]));
            ck_assert_msg((order < 0) == (i < k) && (order > 0) == (i > k), "%s, %s: %d",
                          ordered[i], ordered[k], order);
        }
    }
    ck_assert_int_eq(sp_release_compare(SP_STR("17.3.0"), SP_STR("17.03.0")), 0);
}
END_TEST

static const struct {
    const char *release;
    const char *parts;
    bool begins;
} beginnings[] = {
    { "24.0.9", "24", true },
    { "24.0.9", "24.0", true },
    { "24.0.9", "24.0.9", true },
    { "24.0.9", "24.0.9.1", false },
    { "24.0.9", "24.1", false },
    { "24.0.9", "2", false },
    { "24.0.9", "24.", false },
    { "24.0.9", "", false },
    { "17.03.2", "17.3", true },
    { "1.12.0-conditional", "1.12.0", true },
    { "head", "head", false },
    { "head", "1", false },
};

START_TEST(a_release_begins_with_whole_numbers)
{
    ck_assert_int_eq(sp_release_begins_with(sp_str_of(beginnings[_i].release),
                                            sp_str_of(beginnings[_i].parts)),
                     beginnings[_i].begins);
}
END_TEST

START_TEST(a_number_is_digits_and_dots)
{
    ck_assert(sp_release_is_number(SP_STR("29.4.3")));
    ck_assert(sp_release_is_number(SP_STR("0")));
    ck_assert(!sp_release_is_number(SP_STR("")));
    ck_assert(!sp_release_is_number(SP_STR("head")));
    ck_assert(!sp_release_is_number(SP_STR("1.12.0-conditional")));
    ck_assert(!sp_release_is_number(SP_STR("1..2")));
    ck_assert(!sp_release_is_number(SP_STR("1.")));
}
END_TEST

SP_SUITE(release)
{
    TCase *tcase = sp_testing_case(suite, "release");

    tcase_add_test(tcase, releases_are_ordered_by_their_numbers);
    tcase_add_loop_test(tcase, a_release_begins_with_whole_numbers, 0,
                        sizeof beginnings / sizeof *beginnings);
    tcase_add_test(tcase, a_number_is_digits_and_dots);
}
