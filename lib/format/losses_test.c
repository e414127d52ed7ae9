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

START_TEST(what_a_loss_is_about_keeps_it_apart)
{
    SP_SCRATCH(arena);
    struct sp_losses losses = { .arena = &arena };
    const struct sp_kb_arch *arch = sp_kb_arch_find(SP_STR("m68k"));

    sp_losses_add(&losses, "socket", "no TRAP", "killed");
    ck_assert_ptr_null(sp_losses_default(&losses));
    ck_assert(!sp_losses_has_arch(&losses, arch));
    sp_losses_add_default(&losses, SP_VERDICT_KILL_THREAD, "no TRAP", "killed");
    sp_losses_add_default(&losses, SP_VERDICT_KILL_THREAD, "no TRAP", "killed");
    sp_losses_add_arch(&losses, arch, "no TRAP", "killed");

    ck_assert_uint_eq(losses.all.count, 3);
    ck_assert_ptr_eq(sp_losses_default(&losses), &losses.all.at[1]);
    ck_assert_uint_eq(losses.all.at[1].instead, SP_VERDICT_KILL_THREAD);
    ck_assert_uint_eq(losses.all.at[1].calls.count, 0);
    ck_assert(sp_losses_has_arch(&losses, arch));
    ck_assert(!sp_losses_has_arch(&losses, sp_kb_arch_find(SP_STR("sh"))));
}
END_TEST

SP_SUITE(losses)
{
    TCase *tcase = sp_testing_case(suite, "losses");

    tcase_add_test(tcase, what_a_loss_is_about_keeps_it_apart);
    tcase_add_test(tcase, calls_of_one_loss_stand_together_sorted_and_once);
}
