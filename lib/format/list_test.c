#include "base/testing.h"
#include "format/list_read.h"
#include "format/list_trip_testing.h"
#include "format/list_write.h"

#include <errno.h>
#include <string.h>

static char *const *paths;
static int path_count;

static bool
check_trip(struct sp_trip *trip)
{
    const struct sp_policy *wanted = &trip->policies.all.at[0];
    bool same = wanted->default_verdict == (SP_VERDICT_ERRNO | EPERM);

    ck_assert(sp_trip_read(trip, sp_list_read));
    ck_assert(same || sp_trip_lost(trip, "a list"));
    if (same) {
        sp_trip_compare(trip, true);
    }
    for (size_t i = 0; i < trip->read.all.at[0].calls.count; i++) {
        const struct sp_policy_call *call = &trip->read.all.at[0].calls.at[i];
        const struct sp_policy_call *asked =
            sp_policy_find(wanted, sp_kb_text(call->call->name));

        ck_assert_uint_eq(sp_policy_widest(call), SP_VERDICT_ALLOW);
        ck_assert(sp_verdict_runs(asked == NULL ? wanted->default_verdict : asked->otherwise));
    }
    return true;
}

START_TEST(a_default_is_the_same_again_but_for_its_conditions)
{
    SP_BUF(profile);
    struct sp_environment environment = sp_trip_default(_i, &profile);
    struct sp_trip trip;

    ck_assert(sp_trip_write(&trip, sp_buf_view(&profile), &environment, sp_list_write));
    check_trip(&trip);
    ck_assert_uint_gt(trip.read.all.at[0].calls.count, 300);
    ck_assert(sp_losses_has(&trip.losses, "personality"));
    ck_assert_ptr_nonnull(
        strstr(trip.text.data, "#   personality: personality in {PER_LINUX, "));
    ck_assert_ptr_nonnull(strstr(trip.text.data, "\nwritev\n"));
    sp_trip_end(&trip);
}
END_TEST

START_TEST(no_profile_is_allowed_more_than_it_says)
{
    enum { PROFILES = 300 };
    struct sp_trips trips = sp_trip_random(20261126, PROFILES, sp_list_write, check_trip);

    ck_assert_uint_gt(trips.good, PROFILES / 2);
}
END_TEST

/* ---- reading ------------------------------------------------------------------------- */

static const struct {
    const char *text;
    const char *calls;  /* that are allowed, sorted */
} lists[] = {
    { "read\nwrite\n", "read write " },
    { "write,read", "read write " },
    { "# all of it\n\"write\", 'read'\t# and so on\r\nread", "read write " },
    { "# nothing\n", "" },
    { "@chown", "chown fchown fchownat lchown " },
    { "\xef\xbb\xbf" "close#read", "close " },
};

START_TEST(a_list_allows_its_calls)
{
    struct sp_trip trip;
    SP_BUF(calls);

    sp_trip_of_text(&trip, sp_str_of(lists[_i].text), sp_list_read);
    ck_assert_uint_eq(trip.read.all.at[0].default_verdict, SP_VERDICT_ERRNO | EPERM);
    for (size_t i = 0; i < trip.read.all.at[0].calls.count; i++) {
        sp_buf_format(&calls, "%s ", sp_kb_text(trip.read.all.at[0].calls.at[i].call->name));
    }
    ck_assert(sp_str_is(sp_buf_view(&calls), lists[_i].calls));
    sp_trip_end(&trip);
}
END_TEST

static const struct sp_trip_refusal refusals[] = {
    { "", "the text names no system call", 1, 1 },
    { " \n\t\n", "the text names no system call", 1, 1 },
    { "read\nwrit\n", "`writ` is no system call", 2, 1 },
    { "read, !write", "a list of allowed calls has no exceptions, as `!write` seems to be", 1,
      7 },
    { "read ~@mount", "a list of allowed calls has no exceptions, as `~@mount` seems to be", 1,
      6 },
    { "@ch0wn", "there is no group `@ch0wn`", 1, 1 },
    { "\"read", "`\"read` is no system call", 1, 1 },
};

START_TEST(what_is_no_list_is_refused)
{
    sp_trip_refuses(&refusals[_i], sp_list_read);
}
END_TEST

START_TEST(a_list_from_a_file_is_read)
{
    sp_trip_of_file(paths[_i], sp_list_read, 2);
}
END_TEST

SP_SUITE(list)
{
    TCase *tcase = sp_testing_case(suite, "list");

    paths = sp_testing_files("testdata/formats/list", ".list", &path_count);
    tcase_add_loop_test(tcase, a_default_is_the_same_again_but_for_its_conditions, 0,
                        SP_TRIP_DEFAULTS);
    tcase_add_test(tcase, no_profile_is_allowed_more_than_it_says);
    tcase_add_loop_test(tcase, a_list_allows_its_calls, 0, sizeof lists / sizeof *lists);
    tcase_add_loop_test(tcase, what_is_no_list_is_refused, 0,
                        sizeof refusals / sizeof *refusals);
    tcase_add_loop_test(tcase, a_list_from_a_file_is_read, 0, path_count);
}
