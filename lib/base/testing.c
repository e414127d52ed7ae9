#include "base/testing.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Generous: the slowest test takes a second, valgrind makes it forty. */
enum { CASE_SECONDS = 240 };

static struct sp_testing_suite *suites;

void
sp_testing_register(struct sp_testing_suite *suite)
{
    struct sp_testing_suite **place = &suites;

    while (*place != NULL && strcmp((*place)->name, suite->name) < 0) {
        place = &(*place)->next;
    }
    suite->next = *place;
    *place = suite;
}

TCase *
sp_testing_case(Suite *suite, const char *name)
{
    TCase *tcase = tcase_create(name);

    tcase_set_timeout(tcase, CASE_SECONDS);
    suite_add_tcase(suite, tcase);
    return tcase;
}

struct sp_str
sp_testing_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "cannot open %s", path);

    char *text = NULL;
    size_t len = 0;
    size_t got;
    do {
        text = realloc(text, len + 65536 + 1);
        ck_assert_ptr_nonnull(text);
        got = fread(text + len, 1, 65536, file);
        len += got;
    } while (got > 0);
    text[len] = '\0';
    fclose(file);
    return (struct sp_str){ .ptr = text, .len = len };
}

static int
compare_paths(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

char *const *
sp_testing_files(const char *folder, const char *suffix, int *ret_count)
{
    char **paths = NULL;
    size_t count = 0;
    DIR *dir = opendir(folder);

    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] == '.' || !sp_str_has_suffix(sp_str_of(entry->d_name), suffix)) {
            continue;
        }
        paths = realloc(paths, (count + 1) * sizeof *paths);
        if (paths == NULL || asprintf(&paths[count++], "%s/%s", folder, entry->d_name) < 0) {
            abort();
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    if (count == 0) {
        fprintf(stderr, "no test data: %s/*%s (run from the top of the project)\n", folder,
                suffix);
        exit(2);
    }
    qsort(paths, count, sizeof *paths, compare_paths);
    *ret_count = (int)count;
    return paths;
}

static bool
is_wanted(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], name) == 0) {
            return true;
        }
    }
    return argc == 1;
}

/* ---- running ------------------------------------------------------------------------- */

struct counts {
    int run;
    int failed;
};

/* One suite, in the process that calls: Check forks again for every test. */
static struct counts
run_suite(const struct sp_testing_suite *each)
{
    Suite *suite = suite_create(each->name);
    each->fill(suite);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);

    struct counts counts = { .run = srunner_ntests_run(runner),
                             .failed = srunner_ntests_failed(runner) };
    srunner_free(runner);
    return counts;
}

/* A suite has a process of its own: what one allocates does not slow the forks and leak checks of the
 * others, and two run at a time. The counts come back through a pipe that all share. */
static void
start_suite(const struct sp_testing_suite *each, int counts_fd)
{
    fflush(stdout);
    if (fork() == 0) {
        struct counts counts = run_suite(each);
        ssize_t written = write(counts_fd, &counts, sizeof counts);
        fflush(stdout);
        _exit(written == (ssize_t)sizeof counts ? 0 : 1);
    }
}

/* Waits for one process; one that died without counting is a failure of its own. */
static int
wait_one(void)
{
    int status = 0;

    wait(&status);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}

/* Runs all suites, or those named. */
int
main(int argc, char **argv)
{
    enum { AT_A_TIME = 2 };
    struct counts total = { .run = 0 };
    struct counts one;
    int fds[2];
    int running = 0;

    if (pipe2(fds, O_CLOEXEC) != 0) {
        return 2;
    }
    for (struct sp_testing_suite *each = suites; each != NULL; each = each->next) {
        if (!is_wanted(each->name, argc, argv)) {
            continue;
        }
        if (running == AT_A_TIME) {
            total.failed += wait_one();
            running--;
        }
        start_suite(each, fds[1]);
        running++;
    }
    for (; running > 0; running--) {
        total.failed += wait_one();
    }
    close(fds[1]);
    while (read(fds[0], &one, sizeof one) == (ssize_t)sizeof one) {
        total.run += one.run;
        total.failed += one.failed;
    }
    printf("%d passed, %d failed\n", total.run - total.failed, total.failed);
    return total.failed == 0 && total.run > 0 ? 0 : 1;
}
