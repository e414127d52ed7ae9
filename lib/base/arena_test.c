#include "base/arena.h"
#include "base/testing.h"

#include <stdalign.h>
#include <string.h>

static bool
is_zero(const char *memory, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (memory[i] != 0) {
            return false;
        }
    }
    return true;
}

/* Pieces of all sizes, filled one after another: one that overlapped another would be dirty. */
START_TEST(memory_is_zeroed_aligned_and_apart)
{
    SP_SCRATCH(arena);

    for (size_t size = 0; size < 3000; size += 7) {
        char *memory = sp_arena_alloc(&arena, size);
        ck_assert_ptr_nonnull(memory);
        ck_assert_uint_eq((uintptr_t)memory % alignof(max_align_t), 0);
        ck_assert(is_zero(memory, size));
        memset(memory, 0xff, size);
    }
    ck_assert(!arena.failed);
}
END_TEST

START_TEST(a_piece_may_be_larger_than_a_block)
{
    SP_SCRATCH(arena);
    char *small = sp_arena_alloc(&arena, 1);
    char *large = sp_arena_alloc(&arena, 5u << 20);
    char *next = sp_arena_alloc(&arena, 1);

    ck_assert(small != NULL && large != NULL && next != NULL);
    ck_assert(is_zero(large, 5u << 20));
    ck_assert_uint_ge(arena.used, (5u << 20) + 2);
}
END_TEST

START_TEST(what_cannot_be_had_is_refused_and_remembered)
{
    SP_SCRATCH(arena);

    ck_assert_ptr_null(sp_arena_array(&arena, SIZE_MAX / 2, 4));
    ck_assert(arena.failed);
    sp_arena_free(&arena);
    ck_assert(!arena.failed);
    ck_assert_ptr_null(sp_arena_alloc(&arena, SIZE_MAX));
    ck_assert(arena.failed);
    ck_assert_ptr_nonnull(sp_arena_alloc(&arena, 8));
    ck_assert(arena.failed);
}
END_TEST

START_TEST(copies_end_in_nul)
{
    SP_SCRATCH(arena);
    struct sp_str text = { .ptr = "abcdef", .len = 3 };

    ck_assert_str_eq(sp_arena_copy(&arena, text), "abc");
    ck_assert_str_eq(sp_arena_copy(&arena, sp_str_of(NULL)), "");
    ck_assert_str_eq(sp_arena_format(&arena, "%s-%04d", "x", 7), "x-0007");
    ck_assert_str_eq(sp_arena_format(&arena, "%s", ""), "");
}
END_TEST

START_TEST(an_arena_can_be_used_again)
{
    struct sp_arena arena = { .block = NULL };

    sp_arena_free(&arena);
    for (int i = 0; i < 3; i++) {
        ck_assert_ptr_nonnull(sp_arena_new_array(&arena, 1000, uint64_t));
        sp_arena_free(&arena);
        ck_assert_uint_eq(arena.used, 0);
        ck_assert_ptr_null(arena.block);
    }
}
END_TEST

SP_SUITE(arena)
{
    TCase *tcase = sp_testing_case(suite, "arena");

    tcase_add_test(tcase, memory_is_zeroed_aligned_and_apart);
    tcase_add_test(tcase, a_piece_may_be_larger_than_a_block);
    tcase_add_test(tcase, what_cannot_be_had_is_refused_and_remembered);
    tcase_add_test(tcase, copies_end_in_nul);
    tcase_add_test(tcase, an_arena_can_be_used_again);
}
