/* A built-in default is byte for byte what its project ships: the digest of that file is a fact of
 * the knowledge base. */
#include "base/testing.h"
#include "format/defaults_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

START_TEST(a_default_has_the_digest_of_the_shipped_file)
{
    const struct sp_kb_default *profile = &sp_kb_defaults[_i];
    char path[] = "/tmp/secprof-default-XXXXXX";
    char command[200];
    char digest[65] = "";
    SP_BUF(text);

    sp_defaults_write(profile, &text);
    ck_assert(!text.failed);
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text.data, text.len), (ssize_t)text.len);
    close(fd);

    snprintf(command, sizeof command, "sha256sum %s; rm %s", path, path);
    FILE *pipe = popen(command, "r");
    ck_assert_ptr_nonnull(pipe);
    ck_assert_int_eq(fscanf(pipe, "%64s", digest), 1);
    pclose(pipe);
    ck_assert_str_eq(digest, sp_kb_text(profile->sha256));
}
END_TEST

SP_SUITE(defaults_write)
{
    TCase *tcase = sp_testing_case(suite, "defaults_write");

    tcase_add_loop_test(tcase, a_default_has_the_digest_of_the_shipped_file, 0,
                        (int)sp_kb_defaults_count);
}
