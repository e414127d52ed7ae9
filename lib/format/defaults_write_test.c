/* A default is byte for byte what its project shipped: the digest of that file is a fact of the
 * knowledge base. */
#include "base/testing.h"
#include "format/defaults_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *
name_of(const struct sp_kb_default *profile)
{
    static char name[100];

    snprintf(name, sizeof name, "%s %s", sp_kb_text(profile->line), sp_kb_text(profile->id));
    return name;
}

static void
save(const struct sp_kb_default *profile, const char *path)
{
    FILE *file = fopen(path, "w");
    SP_BUF(text);

    ck_assert_ptr_nonnull(file);
    sp_defaults_write(profile, &text);
    ck_assert(!text.failed);
    ck_assert_uint_eq(fwrite(text.data, 1, text.len, file), text.len);
    ck_assert_int_eq(fclose(file), 0);
}

/* One process makes the digests of all, in the order of the table. */
START_TEST(a_default_has_the_digest_of_the_shipped_file)
{
    char folder[] = "/tmp/secprof-defaults-XXXXXX";
    char text[200];
    size_t shipped = 0;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    for (size_t i = 0; i < sp_kb_defaults_count; i++) {
        snprintf(text, sizeof text, "%s/%04zu", folder, i);
        save(&sp_kb_defaults[i], text);
    }
    snprintf(text, sizeof text, "cd %s && sha256sum *; cd / && rm -r %s", folder, folder);
    FILE *pipe = popen(text, "r");
    ck_assert_ptr_nonnull(pipe);
    for (size_t i = 0; i < sp_kb_defaults_count; i++) {
        const struct sp_kb_default *profile = &sp_kb_defaults[i];
        char digest[65] = "";
        ck_assert_int_eq(fscanf(pipe, "%64s %*s", digest), 1);
        if (profile->sha256 != 0) {
            shipped++;
            ck_assert_msg(sp_str_is(sp_str_of(digest), sp_kb_text(profile->sha256)),
                          "%s is %s", name_of(profile), digest);
        }
    }
    pclose(pipe);
    ck_assert_uint_gt(shipped, sp_kb_defaults_count / 2);
}
END_TEST

SP_SUITE(defaults_write)
{
    TCase *tcase = sp_testing_case(suite, "defaults_write");

    tcase_add_test(tcase, a_default_has_the_digest_of_the_shipped_file);
}
