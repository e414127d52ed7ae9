/* What a runtime is given means the same as the profile does to its engine. */
#include "base/testing.h"
#include "format/profile_testing.h"
#include "format/profile_write.h"
#include "format/profile_write_testing.h"

static void
check_oci(struct sp_str profile, const struct sp_environment *environment,
          struct sp_written_count *count)
{
    SP_BUF(text);
    struct sp_written written;

    if (sp_written_begin(&written, profile, environment)) {
        sp_profile_write_oci(&written.engine->oci, environment->engine, &text);
        struct sp_meaning *runtime =
            sp_written_mean(&written, sp_testing_profile(&written.arena, sp_buf_view(&text)));
        ck_assert_msg(written.engine->start == runtime->start, "%s", text.data);
        if (runtime->start == SP_START_FILTER) {
            sp_written_same(&written, runtime, NULL, text.data);
            count->filters++;
        }
    }
    sp_written_end(&written);
}

START_TEST(what_a_runtime_is_given_means_the_same)
{
    struct sp_written_count count = sp_written_random(_i, check_oci);

    ck_assert_uint_gt(count.filters, SP_WRITTEN_PROFILES / 2);
}
END_TEST

START_TEST(a_default_means_the_same_to_a_runtime)
{
    struct sp_written_count count = sp_written_defaults(_i, check_oci);

    ck_assert_uint_eq(count.filters, SP_WRITTEN_BUILTINS);
}
END_TEST

SP_SUITE(profile_write_oci)
{
    TCase *tcase = sp_testing_case(suite, "oci");

    tcase_add_loop_test(tcase, what_a_runtime_is_given_means_the_same, 0, SP_WRITTEN_SLICES);
    tcase_add_loop_test(tcase, a_default_means_the_same_to_a_runtime, 0, SP_WRITTEN_VARIANTS);
}
