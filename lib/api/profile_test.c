/* Profiles through the public interface: what is read, what is refused and why, who owns what. */
#include "base/testing.h"

#include <errno.h>
#include <secprof.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FILES "testdata/cli/files/"

static struct secprof *context;

static void
open_context(void)
{
    ck_assert_int_eq(secprof_new(&context), SECPROF_OK);
}

static void
close_context(void)
{
    secprof_unref(context);
}

/* What stands where nothing may be written. */
static struct secprof_profile *
untouched(void)
{
    return (struct secprof_profile *)(void *)&context;
}

/* ---- words ------------------------------------------------------------------------------- */

static const struct {
    const char *word;
    enum secprof_status status;
    int error;        /* errno */
    const char *why;  /* a part of it; NULL: there is none */
} words[] = {
    { "docker", SECPROF_OK, 0, NULL },
    { "docker@24.0.9", SECPROF_OK, 0, NULL },
    { "CRI-O", SECPROF_OK, 0, NULL },
    { FILES "good.json", SECPROF_OK, 0, NULL },
    { FILES "bundle/config.json", SECPROF_OK, 0, NULL },
    { FILES "dialects/web.yaml", SECPROF_OK, 0, NULL },
    { FILES "dialects/web.service", SECPROF_OK, 0, NULL },
    { FILES "dialects/web.policy", SECPROF_OK, 0, NULL },
    { FILES "dialects/web.kafel", SECPROF_OK, 0, NULL },
    { FILES "dialects/web.profile", SECPROF_OK, 0, NULL },
    { FILES "dialects/calls.list", SECPROF_OK, 0, NULL },
    { "", SECPROF_UNKNOWN, 0, NULL },
    { "dokcer", SECPROF_UNKNOWN, 0, NULL },
    { "docker@99.1", SECPROF_UNKNOWN, 0, NULL },
    { "missing.json", SECPROF_UNREADABLE, ENOENT, NULL },
    { "./missing", SECPROF_UNREADABLE, ENOENT, NULL },
    { FILES "site", SECPROF_UNREADABLE, EISDIR, NULL },
    { FILES "broken.json", SECPROF_REFUSED, 0, "broken.json:" },
    { FILES "site/package.json", SECPROF_REFUSED, 0, "there is no profile in it" },
    { FILES "dialects/broken.policy", SECPROF_REFUSED, 0, "broken.policy:2:12: SP101: " },
    { FILES "dialects/broken.kafel", SECPROF_REFUSED, 0, "broken.kafel:3:1: SP101: " },
    { FILES "dialects/based.yaml", SECPROF_REFUSED, 0, "`runc-v1.1.0`" },
    { FILES "dialects/bare.yaml", SECPROF_REFUSED, 0, "written in YAML" },
};

START_TEST(a_word_is_a_profile_or_is_told_why_not)
{
    struct secprof_profile *profile = untouched();
    char *why = NULL;

    errno = 0;
    ck_assert_int_eq(secprof_profile_load(context, words[_i].word, &profile, &why),
                     words[_i].status);
    ck_assert(words[_i].error == 0 || errno == words[_i].error);
    ck_assert_int_eq(why != NULL, words[_i].why != NULL);
    ck_assert(why == NULL || strstr(why, words[_i].why) != NULL);
    ck_assert_int_eq(profile != untouched(), words[_i].status == SECPROF_OK);
    if (profile != untouched()) {
        secprof_profile_free(profile);
    }
    secprof_text_free(why);
}
END_TEST

START_TEST(a_reason_need_not_be_taken)
{
    struct secprof_profile *profile = untouched();

    ck_assert_int_eq(secprof_profile_load(context, FILES "broken.json", &profile, NULL),
                     SECPROF_REFUSED);
    ck_assert_int_eq(secprof_profile_load_bytes(context, "a.json", "{", 1, &profile, NULL),
                     SECPROF_REFUSED);
    ck_assert_ptr_eq(profile, untouched());
}
END_TEST

START_TEST(what_is_needed_must_be_given)
{
    struct secprof_profile *profile = untouched();
    char *why = NULL;

    ck_assert_int_eq(secprof_profile_load(NULL, "docker", &profile, &why),
                     SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_profile_load(context, NULL, &profile, &why), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_profile_load(context, "docker", NULL, &why), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_profile_load_bytes(NULL, "a", "", 0, &profile, &why),
                     SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_profile_load_bytes(context, NULL, "", 0, &profile, &why),
                     SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_profile_load_bytes(context, "a", NULL, 1, &profile, &why),
                     SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_profile_load_bytes(context, "a", "", 0, NULL, &why),
                     SECPROF_BAD_ARGUMENT);
    ck_assert_ptr_eq(profile, untouched());
    ck_assert_ptr_null(why);
    secprof_profile_free(NULL);
}
END_TEST

/* ---- bytes ------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    const char *dialect;  /* NULL: as the name and the text tell */
    const char *text;
    enum secprof_status status;
} texts[] = {
    { "<stdin>", NULL, "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}", SECPROF_OK },
    { "<stdin>", NULL, "read\nwrite\n", SECPROF_OK },
    { "<stdin>", NULL, "[Service]\nSystemCallFilter=read\n", SECPROF_OK },
    { "a.list", NULL, "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}", SECPROF_OK },
    { "a.policy", NULL, "read: 1\n", SECPROF_OK },
    { "a.policy", NULL, "ALLOW { read }\n", SECPROF_OK },
    { "a.policy", "list", "read: 1\n", SECPROF_REFUSED },
    { "a.policy", "list", "read write\n", SECPROF_OK },
    { "a.json", "minijail", "read: 1\n", SECPROF_OK },
    { "a.json", NULL, "read: 1\n", SECPROF_REFUSED },
    { "a.yaml", NULL, "defaultAction: SCMP_ACT_ALLOW\n", SECPROF_REFUSED },
    { "a.yaml", "docker", "defaultAction: SCMP_ACT_ALLOW\n", SECPROF_OK },
    { "<stdin>", "config", "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}", SECPROF_REFUSED },
    { "<stdin>", "bpf", "no", SECPROF_REFUSED },
    { "<stdin>", NULL, "", SECPROF_REFUSED },
};

START_TEST(bytes_are_read_as_they_look_or_as_was_said)
{
    struct secprof_profile *profile = NULL;
    char *why = NULL;

    ck_assert_int_eq(secprof_set_dialect(context, texts[_i].dialect), SECPROF_OK);
    ck_assert_int_eq(secprof_profile_load_bytes(context, texts[_i].name, texts[_i].text,
                                                strlen(texts[_i].text), &profile, &why),
                     texts[_i].status);
    ck_assert_int_eq(why != NULL, texts[_i].status == SECPROF_REFUSED);
    ck_assert_int_eq(profile != NULL, texts[_i].status == SECPROF_OK);
    secprof_profile_free(profile);
    secprof_text_free(why);
}
END_TEST

START_TEST(a_dialect_is_no_matter_of_built_in_profiles)
{
    struct secprof_profile *profile = NULL;

    ck_assert_int_eq(secprof_set_dialect(context, "systemd"), SECPROF_OK);
    ck_assert_int_eq(secprof_profile_load(context, "docker", &profile, NULL), SECPROF_OK);
    secprof_profile_free(profile);
}
END_TEST

START_TEST(every_dialect_can_be_chosen)
{
    const char *before = "";
    size_t count = 0;

    for (const char *name; (name = secprof_dialect(count)) != NULL; count++) {
        ck_assert_str_gt(name, before);
        ck_assert_int_eq(secprof_set_dialect(context, name), SECPROF_OK);
        before = name;
    }
    ck_assert_uint_eq(count, 10);
    ck_assert_ptr_null(secprof_dialect(SIZE_MAX));
    ck_assert_int_eq(secprof_set_dialect(context, "yaml"), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_set_dialect(context, ""), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_set_dialect(NULL, "list"), SECPROF_BAD_ARGUMENT);
}
END_TEST

START_TEST(a_limit_is_one_for_profiles_too)
{
    static const char text[] = "read write close mmap\n";
    struct secprof_profile *profile = NULL;
    char *why = NULL;

    ck_assert_int_eq(secprof_set_limits(context, 8, 0, 0), SECPROF_OK);
    ck_assert_int_eq(secprof_profile_load_bytes(context, "a.list", text, strlen(text), &profile,
                                                &why), SECPROF_REFUSED);
    ck_assert_ptr_nonnull(strstr(why, "SP116"));
    ck_assert_ptr_null(profile);
    secprof_text_free(why);
}
END_TEST

/* ---- ownership --------------------------------------------------------------------------- */

static char *
emitted(const struct secprof_profile *profile, const char *format)
{
    struct secprof_emission *emission = NULL;
    size_t size = 0;

    ck_assert_int_eq(secprof_emit(profile, format, NULL, 0, &emission, NULL), SECPROF_OK);
    char *copy = strdup(secprof_emission_text(emission, &size));
    ck_assert_ptr_nonnull(copy);
    secprof_emission_free(emission);
    return copy;
}

START_TEST(a_profile_outlives_the_words_and_the_bytes_that_it_was_made_of)
{
    char name[] = "mine.list";
    char bytes[] = "read\nwrite\n";
    struct secprof_profile *profile = NULL;

    ck_assert_int_eq(secprof_profile_load_bytes(context, name, bytes, strlen(bytes), &profile,
                                                NULL), SECPROF_OK);
    memset(name, 'x', strlen(name));
    memset(bytes, 'x', strlen(bytes));
    char *text = emitted(profile, "list");
    ck_assert_ptr_nonnull(strstr(text, "mine.list"));
    ck_assert_ptr_nonnull(strstr(text, "\nread\nwrite\n"));
    free(text);
    secprof_profile_free(profile);
}
END_TEST

START_TEST(a_profile_holds_its_context)
{
    struct secprof *own = NULL;
    struct secprof_profile *profile = NULL;

    ck_assert_int_eq(secprof_new(&own), SECPROF_OK);
    ck_assert_int_eq(secprof_profile_load(own, FILES "good.json", &profile, NULL), SECPROF_OK);
    secprof_unref(own);
    char *text = emitted(profile, "oci");
    ck_assert_ptr_nonnull(strstr(text, "clock_gettime"));
    free(text);
    secprof_profile_free(profile);
}
END_TEST

/* The next profile takes the place of the one before, and the last goes with its owner. */
START_TEST(an_explain_owns_its_profile)
{
    static const char *const files[] = { FILES "good.json", FILES "dialects/calls.list" };
    struct secprof_explain *explain = NULL;
    struct secprof_profile *profile = NULL;
    int denied = 0;
    char *text = NULL;

    ck_assert_int_eq(secprof_explain_new(context, &explain), SECPROF_OK);
    ck_assert_int_eq(secprof_explain_profile(explain, NULL), SECPROF_BAD_ARGUMENT);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        ck_assert_int_eq(secprof_profile_load(context, files[i], &profile, NULL), SECPROF_OK);
        ck_assert_int_eq(secprof_explain_profile(NULL, profile), SECPROF_BAD_ARGUMENT);
        ck_assert_int_eq(secprof_explain_profile(explain, profile), SECPROF_OK);
        ck_assert_int_eq(secprof_explain_write(explain, "bpf(_, _, _)", "text", NULL, &denied,
                                               &text), SECPROF_OK);
        ck_assert_int_eq(denied, 1);
        ck_assert_ptr_nonnull(strstr(text, files[i]));
        secprof_text_free(text);
    }
    secprof_explain_free(explain);
}
END_TEST

SP_SUITE(api_profile)
{
    TCase *tcase = sp_testing_case(suite, "profile");

    tcase_add_checked_fixture(tcase, open_context, close_context);
    tcase_add_loop_test(tcase, a_word_is_a_profile_or_is_told_why_not, 0,
                        (int)(sizeof words / sizeof *words));
    tcase_add_test(tcase, a_reason_need_not_be_taken);
    tcase_add_test(tcase, what_is_needed_must_be_given);
    tcase_add_loop_test(tcase, bytes_are_read_as_they_look_or_as_was_said, 0,
                        (int)(sizeof texts / sizeof *texts));
    tcase_add_test(tcase, a_dialect_is_no_matter_of_built_in_profiles);
    tcase_add_test(tcase, every_dialect_can_be_chosen);
    tcase_add_test(tcase, a_limit_is_one_for_profiles_too);
    tcase_add_test(tcase, a_profile_outlives_the_words_and_the_bytes_that_it_was_made_of);
    tcase_add_test(tcase, a_profile_holds_its_context);
    tcase_add_test(tcase, an_explain_owns_its_profile);
}
