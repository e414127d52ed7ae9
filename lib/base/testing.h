/* What every test file stands on: Check, a register of suites, and the files of `testdata/`.
 *
 *     START_TEST(a_word_is_found) { ... } END_TEST
 *
 *     SP_SUITE(names)
 *     {
 *         TCase *tcase = sp_testing_case(suite, "find");
 *         tcase_add_test(tcase, a_word_is_found);
 *     }
 *
 * A suite that stands in a linked `foo_test.c` runs; nothing else needs to know of it.
 * Tests over data are loop tests (tcase_add_loop_test) over sp_testing_files, so that each
 * file counts as one test. */
#ifndef SP_BASE_TESTING_H
#define SP_BASE_TESTING_H

#include "base/str.h"

#include <check.h>
#include <stddef.h>

struct sp_testing_suite {
    const char *name;
    void (*fill)(Suite *suite);
    struct sp_testing_suite *next;
};

void
sp_testing_register(struct sp_testing_suite *suite);

#define SP_SUITE(suite_name) \
    static void fill_##suite_name(Suite *suite); \
    static struct sp_testing_suite suite_##suite_name = { \
        .name = #suite_name, .fill = fill_##suite_name \
    }; \
    __attribute__((constructor)) static void register_##suite_name(void) \
    { \
        sp_testing_register(&suite_##suite_name); \
    } \
    static void fill_##suite_name(Suite *suite)

/* A new test case of a suite, with a time limit that suits sanitizers and valgrind. */
TCase *
sp_testing_case(Suite *suite, const char *name);

/* The whole file, NUL behind it; fails the test when it cannot be read.  The memory is freed when
 * the test's process ends. `path` is relative to the top of the project. */
struct sp_str
sp_testing_read(const char *path);

/* Paths of the files of a folder (relative to the top) whose names end with `suffix`, sorted;
 * `ret_count` gives how many. Ends the program when there is none: a test over nothing is none. */
char *const *
sp_testing_files(const char *folder, const char *suffix, int *ret_count);

#endif
