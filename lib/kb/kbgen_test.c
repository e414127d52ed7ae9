/* kbgen over small folders of facts.  `testdata/kbgen/good` is whole; each other folder there
 * holds files that take the place of good ones (`remove.txt` names files that go), and in
 * `expect.txt` what kbgen says, its exit status, and what stands in the folder afterwards. */
#include "base/testing.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const folder = "testdata/kbgen";

/* The cases, found once, before the tests are forked. */
static struct dirent **cases;

static int
is_case(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && strcmp(entry->d_name, "good") != 0;
}

/* What a shell prints. */
static const char *
run(const char *command)
{
    static char output[16384];
    FILE *pipe = popen(command, "r");

    ck_assert_ptr_nonnull(pipe);
    output[fread(output, 1, sizeof output - 1, pipe)] = '\0';
    pclose(pipe);
    return output;
}

/* In a new folder, which is removed again: the good facts, those of the case over them, and a
 * command that may say "$kbgen". */
static const char *
run_case(const char *name, const char *command)
{
    static char script[3 * PATH_MAX];
    char kbgen[PATH_MAX];
    char facts[PATH_MAX];
    const char *program = getenv("KBGEN");

    program = program == NULL ? "build/host/kbgen" : program;
    ck_assert_msg(realpath(program, kbgen) != NULL, "%s is not there", program);
    ck_assert_msg(realpath(folder, facts) != NULL, "%s is not there", folder);
    snprintf(script, sizeof script,
             "kbgen='%s'; facts='%s'; new=$(mktemp -d) && cd \"$new\" &&"
             " cp -r \"$facts/good\" data && cp -r \"$facts/%s/.\" data &&"
             " rm -f data/expect.txt &&"
             " if [ -e data/remove.txt ]; then (cd data && xargs rm < remove.txt); fi;"
             " { %s; } 2>&1; rm -rf \"$new\"",
             kbgen, facts, name, command);
    return run(script);
}

START_TEST(a_fault_is_told_with_its_place_and_nothing_is_written)
{
    const char *name = cases[_i]->d_name;
    char path[512];

    snprintf(path, sizeof path, "%s/%s/expect.txt", folder, name);
    struct sp_str expected = sp_testing_read(path);
    const char *said = run_case(name, "\"$kbgen\" data out.c; echo \"exit status $?\"; ls");
    ck_assert_msg(sp_str_is(expected, said), "%s: kbgen said\n%s", name, said);
    free((char *)expected.ptr);
}
END_TEST

START_TEST(good_facts_become_the_same_text_every_time)
{
    ck_assert_str_eq(run_case("good", "\"$kbgen\" data one.c && \"$kbgen\" data/ two.c &&"
                                      " cmp one.c two.c && ls"),
                     "data\none.c\ntwo.c\n");
}
END_TEST

START_TEST(a_text_stands_in_the_pool_once)
{
    /* "open a file" is what two calls do, "always" is when two gates hold. */
    ck_assert_str_eq(run_case("good", "\"$kbgen\" data out.c &&"
                                      " grep -c '\"open a file' out.c;"
                                      " grep -c '\"always' out.c"),
                     "1\n1\n");
}
END_TEST

START_TEST(a_content_of_changes_is_that_which_is_written_in_whole)
{
    /* Two rules of docker 1.0; three that docker 2.0, library 0.1 and 0.2 have in common. */
    ck_assert_str_eq(run_case("good", "\"$kbgen\" data out.c &&"
                                      " sed -n '/sp_kb_default_rules/,/};/p' out.c |"
                                      " grep calls | sort | uniq -c | sort -n |"
                                      " sed 's/{.*//; s/ //g'"),
                     "1\n1\n3\n3\n3\n");
}
END_TEST

START_TEST(the_releases_of_a_series_are_sorted)
{
    ck_assert_str_eq(run_case("good", "\"$kbgen\" data out.c &&"
                                      " sed -n '/sp_kb_releases/,/};/p' out.c |"
                                      " sed -n 's/.*\\(.content.*\\) },/\\1/p'"),
                     ".content = 0\n.content = 0\n.content = 1\n.content = 1\n"
                     ".content = 2\n.content = 3\n");
}
END_TEST

START_TEST(the_date_is_that_of_the_newest_file)
{
    ck_assert_str_eq(run_case("good", "\"$kbgen\" data out.c && grep sp_kb_date out.c"),
                     "const char sp_kb_date[] = \"2026-03-04\";\n");
}
END_TEST

START_TEST(what_cannot_be_written_is_said)
{
    ck_assert_str_eq(run_case("good", "\"$kbgen\" data no/out.c; echo $?"),
                     "kbgen: cannot write no/out.c: No such file or directory\n1\n");
    ck_assert_str_eq(run_case("good", "\"$kbgen\" nothing out.c; echo $?; ls"),
                     "nothing:1:1: error: No such file or directory\n1\ndata\n");
    ck_assert_str_eq(run_case("good", "\"$kbgen\" data; echo $?"),
                     "usage: kbgen DATA OUT.c\n2\n");
}
END_TEST

SP_SUITE(kbgen)
{
    TCase *tcase = sp_testing_case(suite, "kbgen");
    int count = scandir(folder, &cases, is_case, alphasort);

    if (count <= 0) {
        fprintf(stderr, "no test data: %s (run from the top of the project)\n", folder);
        exit(2);
    }
    tcase_add_loop_test(tcase, a_fault_is_told_with_its_place_and_nothing_is_written, 0, count);
    tcase_add_test(tcase, good_facts_become_the_same_text_every_time);
    tcase_add_test(tcase, a_text_stands_in_the_pool_once);
    tcase_add_test(tcase, a_content_of_changes_is_that_which_is_written_in_whole);
    tcase_add_test(tcase, the_releases_of_a_series_are_sorted);
    tcase_add_test(tcase, the_date_is_that_of_the_newest_file);
    tcase_add_test(tcase, what_cannot_be_written_is_said);
}
