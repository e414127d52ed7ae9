#include "base/testing.h"
#include "format/losses.h"

START_TEST(calls_of_one_loss_stand_together_sorted_and_once)
{
    SP_SCRATCH(arena);
    struct sp_losses losses = { .arena = &arena };

    sp_losses_add(&losses, "socket", "no arguments", "allowed");
    sp_losses_add(&losses, "clone", "no arguments", "allowed");
    sp_losses_add(&losses, "socket", "no arguments", "allowed");
    sp_losses_add(&losses, "socket", "no arguments", "denied");
    sp_losses_add(&losses, NULL, "one architecture", "killed");

    ck_assert(!losses.failed);
    ck_assert_uint_eq(losses.all.count, 3);
    ck_assert_uint_eq(losses.all.at[0].calls.count, 2);
    ck_assert_str_eq(losses.all.at[0].calls.at[0], "clone");
    ck_assert_str_eq(losses.all.at[0].calls.at[1], "socket");
    ck_assert_uint_eq(losses.all.at[1].calls.count, 1);
    ck_assert_uint_eq(losses.all.at[2].calls.count, 0);
    ck_assert(sp_losses_has(&losses, "clone"));
    ck_assert(!sp_losses_has(&losses, "personality"));
}
END_TEST

SP_SUITE(losses)
{
    TCase *tcase = sp_testing_case(suite, "losses");

    tcase_add_test(tcase, calls_of_one_loss_stand_together_sorted_and_once);
}
