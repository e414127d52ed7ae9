#include "base/file.h"
#include "base/testing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/secprof-file-XXXXXX";

static void
put(const char *name, const char *text)
{
    char path[200];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void
make_folder(void)
{
    char command[300];

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(command, sizeof command,
             "cd %s && mkdir -p b/c .hidden && ln -s .. b/loop && mkfifo pipe"
             " && ln -s nowhere broken && ln -s b.json link.json", folder);
    ck_assert_int_eq(system(command), 0);
    put("b.json", "b");
    put("a.json", "");
    put("b/c/z.json", "z");
    put(".hidden/x.json", "x");
}

static void
remove_folder(void)
{
    char command[300];

    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

START_TEST(a_folder_is_listed_in_order_without_loops_pipes_and_hidden_files)
{
    static const char *const expected[] = { "a.json", "b.json", "b/c/z.json", "link.json" };
    SP_SCRATCH(arena);
    struct sp_paths paths;

    ck_assert_int_eq(sp_file_list(&arena, folder, &paths), SP_FILE_OK);
    ck_assert_uint_eq(paths.list.count, 4);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_str_eq(paths.list.at[i] + sizeof folder, expected[i]);
    }
}
END_TEST

START_TEST(a_read_stops_one_byte_past_its_limit)
{
    SP_SCRATCH(arena);
    struct sp_str text;
    char path[200];

    snprintf(path, sizeof path, "%s/long", folder);
    put("long", "0123456789");
    ck_assert_int_eq(sp_file_read(&arena, path, 9, &text), SP_FILE_OK);
    ck_assert_uint_eq(text.len, 10);
    ck_assert_int_eq(sp_file_read(&arena, path, 5, &text), SP_FILE_OK);
    ck_assert_uint_eq(text.len, 6);
    ck_assert_int_eq(sp_file_read(&arena, path, 100, &text), SP_FILE_OK);
    ck_assert_uint_eq(text.len, 10);
    ck_assert_int_eq(text.ptr[10], '\0');
    ck_assert_int_eq(sp_file_read(&arena, "/dev/zero", 100000, &text), SP_FILE_OK);
    ck_assert_uint_eq(text.len, 100001);
}
END_TEST

START_TEST(what_cannot_be_read_says_why)
{
    SP_SCRATCH(arena);
    struct sp_str text;
    struct sp_paths paths;

    ck_assert_int_eq(sp_file_read(&arena, "/nowhere", 9, &text), SP_FILE_ERROR);
    ck_assert_int_eq(errno, ENOENT);
    ck_assert_int_eq(sp_file_read(&arena, folder, 9, &text), SP_FILE_ERROR);
    ck_assert_int_eq(errno, EISDIR);
    ck_assert_int_eq(sp_file_list(&arena, "/nowhere", &paths), SP_FILE_ERROR);
    ck_assert(!sp_file_is_folder("/nowhere"));
    ck_assert(sp_file_is_folder(folder));
}
END_TEST

SP_SUITE(file)
{
    TCase *tcase = sp_testing_case(suite, "file");

    tcase_add_unchecked_fixture(tcase, make_folder, remove_folder);
    tcase_add_test(tcase, a_folder_is_listed_in_order_without_loops_pipes_and_hidden_files);
    tcase_add_test(tcase, a_read_stops_one_byte_past_its_limit);
    tcase_add_test(tcase, what_cannot_be_read_says_why);
}
