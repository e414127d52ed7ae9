#include "base/str.h"
#include "base/testing.h"

static const struct {
    const char *text;
    bool ok;
    uint64_t value;
} numbers[] = {
    { "0", true, 0 },
    { "18446744073709551615", true, UINT64_MAX },
    { "18446744073709551616", false, 0 },
    { "0xffffffffffffffff", true, UINT64_MAX },
    { "0x10000000000000000", false, 0 },
    { "0x", false, 0 },
    { "", false, 0 },
    { "-1", false, 0 },
    { "+1", false, 0 },
    { " 1", false, 0 },
    { "12a", false, 0 },
    { "0X1F", true, 31 },
};

START_TEST(a_number_is_read_exactly_or_refused)
{
    uint64_t value = 0;

    ck_assert_int_eq(sp_str_to_u64(sp_str_of(numbers[_i].text), &value), numbers[_i].ok);
    ck_assert_uint_eq(value, numbers[_i].value);
}
END_TEST

/* The same texts, of which hexadecimal ones are no decimal numbers. */
START_TEST(a_decimal_number_has_digits_only)
{
    struct sp_str text = sp_str_of(numbers[_i].text);
    bool is_hex = sp_str_has_prefix(text, "0x") || sp_str_has_prefix(text, "0X");
    uint64_t value = 0;

    ck_assert_int_eq(sp_str_to_decimal(text, &value), numbers[_i].ok && !is_hex);
    ck_assert_uint_eq(value, is_hex ? 0 : numbers[_i].value);
}
END_TEST

START_TEST(pieces_may_be_empty_and_the_last_is_not_lost)
{
    struct sp_str rest = SP_STR("a,,b,");
    struct sp_str piece;
    size_t lengths[] = { 1, 0, 1, 0 };

    for (size_t i = 0; i < 4; i++) {
        ck_assert(sp_str_next(&rest, ",", &piece));
        ck_assert_uint_eq(piece.len, lengths[i]);
    }
    ck_assert(!sp_str_next(&rest, ",", &piece));
}
END_TEST

START_TEST(a_prefix_sorts_first_and_case_folds_only_when_asked)
{
    ck_assert_int_lt(sp_str_compare(SP_STR("clone"), SP_STR("clone3")), 0);
    ck_assert_int_eq(sp_str_compare(SP_STR(""), sp_str_of(NULL)), 0);
    ck_assert(!sp_str_is(SP_STR("Clone"), "clone"));
    ck_assert(sp_str_equal_folded(SP_STR("SCMP_act"), SP_STR("scmp_ACT")));
    ck_assert(!sp_str_equal_folded(SP_STR("a"), SP_STR("ab")));
}
END_TEST

START_TEST(trimming_leaves_the_inside_alone)
{
    ck_assert(sp_str_is(sp_str_trim(SP_STR("\t a b \r\n")), "a b"));
    ck_assert(sp_str_is(sp_str_trim(SP_STR(" \n ")), ""));
}
END_TEST

SP_SUITE(str)
{
    TCase *tcase = sp_testing_case(suite, "str");

    tcase_add_loop_test(tcase, a_number_is_read_exactly_or_refused, 0,
                        sizeof numbers / sizeof *numbers);
    tcase_add_loop_test(tcase, a_decimal_number_has_digits_only, 0,
                        sizeof numbers / sizeof *numbers);
    tcase_add_test(tcase, pieces_may_be_empty_and_the_last_is_not_lost);
    tcase_add_test(tcase, a_prefix_sorts_first_and_case_folds_only_when_asked);
    tcase_add_test(tcase, trimming_leaves_the_inside_alone);
}
