#include "base/closest.h"
#include "base/testing.h"

#include <string.h>

#define SIXTY_FOUR "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
    const char *left;
    const char *right;
    unsigned limit;
    unsigned distance;
} distances[] = {
    { "umount", "umount", 3, 0 },
    { "umont", "umount", 3, 1 },
    { "umountt", "umount", 3, 1 },
    { "umaunt", "umount", 3, 1 },
    { "umonut", "umount", 3, 1 },
    { "muonut", "umount", 3, 2 },
    { "SCMP-ACT-ALLOW", "scmp_act allow", 3, 0 },
    { "", "", 0, 0 },
    { "", "ab", 3, 2 },
    { "abc", "xyz", 3, 3 },
    { "abc", "xyz", 2, 3 },
    { "abcdef", "uvwxyz", 2, 3 },
    { "a", "abcdefgh", 3, 4 },
    { "ca", "abc", 3, 3 },  /* a swapped pair is not edited again */
    { SIXTY_FOUR, SIXTY_FOUR, 1, 0 },
    { SIXTY_FOUR "a", SIXTY_FOUR "a", 1, 2 },  /* too long to be looked at */
};

START_TEST(a_distance_counts_edits_up_to_its_limit)
{
    struct sp_str left = sp_str_of(distances[_i].left);
    struct sp_str right = sp_str_of(distances[_i].right);

    ck_assert_uint_eq(sp_closest_distance(left, right, distances[_i].limit),
                      distances[_i].distance);
    ck_assert_uint_eq(sp_closest_distance(right, left, distances[_i].limit),
                      distances[_i].distance);
}
END_TEST

START_TEST(the_nearest_come_first_and_ties_as_offered)
{
    struct sp_closest closest = sp_closest_to(SP_STR("umounts"));
    static const char *const offers[] = { "mount", "unrelated", "umount2", "counts", "umount",
                                          "umask" };

    for (size_t i = 0; i < sizeof offers / sizeof *offers; i++) {
        sp_closest_offer(&closest, offers[i]);
    }
    ck_assert_uint_eq(closest.count, SP_CLOSEST_MAX);
    ck_assert_str_eq(closest.best[0].name, "umount2");
    ck_assert_uint_eq(closest.best[0].distance, 1);
    ck_assert_str_eq(closest.best[1].name, "umount");
    ck_assert_uint_eq(closest.best[1].distance, 1);
    ck_assert_str_eq(closest.best[2].name, "mount");
    ck_assert_uint_eq(closest.best[2].distance, 2);
}
END_TEST

START_TEST(a_short_word_is_close_to_nothing_else)
{
    struct sp_closest closest = sp_closest_to(SP_STR("rt"));

    sp_closest_offer(&closest, "at");
    ck_assert_uint_eq(closest.count, 0);
    sp_closest_offer(&closest, "RT");
    ck_assert_uint_eq(closest.count, 1);
}
END_TEST

SP_SUITE(closest)
{
    TCase *tcase = sp_testing_case(suite, "closest");

    tcase_add_loop_test(tcase, a_distance_counts_edits_up_to_its_limit, 0,
                        sizeof distances / sizeof *distances);
    tcase_add_test(tcase, the_nearest_come_first_and_ties_as_offered);
    tcase_add_test(tcase, a_short_word_is_close_to_nothing_else);
}
