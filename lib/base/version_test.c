#include "base/testing.h"
#include "base/version.h"

static const struct {
    const char *text;
    bool ok;
    struct sp_version version;
} texts[] = {
    { "6", true, { 6, 0, 0 } },
    { "6.1", true, { 6, 1, 0 } },
    { "6.1.38", true, { 6, 1, 38 } },
    { "0.0.0", true, { 0, 0, 0 } },
    { "65535.65535.65535", true, { 65535, 65535, 65535 } },
    { "65536", false, { 0, 0, 0 } },
    { "1.2.3.4", false, { 0, 0, 0 } },
    { "", false, { 0, 0, 0 } },
    { ".", false, { 0, 0, 0 } },
    { "6.", false, { 0, 0, 0 } },
    { ".1", false, { 0, 0, 0 } },
    { "6..1", false, { 0, 0, 0 } },
    { "v6", false, { 0, 0, 0 } },
    { "6.1-rc1", false, { 0, 0, 0 } },
    { " 6", false, { 0, 0, 0 } },
    { "0x6", false, { 0, 0, 0 } },
    { "0X6", false, { 0, 0, 0 } },
    { "-1", false, { 0, 0, 0 } },
    { "000006", false, { 0, 0, 0 } },
};

START_TEST(a_version_is_up_to_three_numbers)
{
    struct sp_version version = { 0, 0, 0 };

    ck_assert_int_eq(sp_version_parse(sp_str_of(texts[_i].text), &version), texts[_i].ok);
    ck_assert_int_eq(sp_version_compare(version, texts[_i].version), 0);
    ck_assert_uint_eq(version.patch, texts[_i].version.patch);
}
END_TEST

START_TEST(versions_are_ordered_by_number_not_by_text)
{
    static const struct sp_version sorted[] = {
        { 0, 0, 0 }, { 0, 0, 65535 }, { 0, 1, 0 }, { 4, 8, 0 }, { 4, 10, 0 }, { 4, 10, 1 },
        { 65535, 0, 0 }, { 65535, 65535, 65535 },
    };
    int count = sizeof sorted / sizeof *sorted;

    for (int i = 0; i < count; i++) {
        for (int j = 0; j < count; j++) {
            ck_assert_int_eq(sp_version_compare(sorted[i], sorted[j]), (i > j) - (i < j));
        }
    }
}
END_TEST

SP_SUITE(version)
{
    TCase *tcase = sp_testing_case(suite, "version");

    tcase_add_loop_test(tcase, a_version_is_up_to_three_numbers, 0,
                        sizeof texts / sizeof *texts);
    tcase_add_test(tcase, versions_are_ordered_by_number_not_by_text);
}
