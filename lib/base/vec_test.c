#include "base/testing.h"
#include "base/vec.h"

START_TEST(elements_are_zeroed_and_stay_when_the_vector_grows)
{
    SP_SCRATCH(arena);
    SP_VEC(struct { unsigned value; char rest[12]; }) vec = { .at = NULL };

    for (unsigned i = 0; i < 1000; i++) {
        unsigned zero = 1;
        sp_vec_push(&arena, &vec);
        ck_assert_uint_eq(vec.count, i + 1);
        zero = vec.at[i].value;
        ck_assert_uint_eq(zero, 0);
        ck_assert_int_eq(vec.at[i].rest[11], 0);
        vec.at[i].value = i;
    }
    for (unsigned i = 0; i < 1000; i++) {
        ck_assert_uint_eq(vec.at[i].value, i);
    }
    ck_assert_uint_ge(vec.capacity, vec.count);
}
END_TEST

START_TEST(without_memory_nothing_changes)
{
    SP_SCRATCH(arena);
    SP_VEC(char) vec = { .at = NULL };

    ck_assert_ptr_nonnull(sp_vec_push(&arena, &vec));
    vec.at[0] = 'x';
    void *at = vec.at;
    size_t capacity = SIZE_MAX / 2;
    ck_assert(!sp_vec_grow(&arena, &at, capacity, &capacity, 8));
    ck_assert_ptr_eq(at, vec.at);
    ck_assert_uint_eq(capacity, SIZE_MAX / 2);
    ck_assert(arena.failed);
    ck_assert_int_eq(vec.at[0], 'x');
}
END_TEST

SP_SUITE(vec)
{
    TCase *tcase = sp_testing_case(suite, "vec");

    tcase_add_test(tcase, elements_are_zeroed_and_stay_when_the_vector_grows);
    tcase_add_test(tcase, without_memory_nothing_changes);
}
