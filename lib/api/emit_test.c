/* Emissions through the public interface; what texts mean is tested where they are written. */
#include "base/testing.h"

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

static const char *const x86_64[] = { "x86_64" };

/* The same on every machine. */
static const struct secprof_target pinned = {
    .kernel = "6.12", .arches = x86_64, .arch_count = 1,
};

static struct secprof_profile *
loaded(const char *word)
{
    struct secprof_profile *profile = NULL;

    ck_assert_int_eq(secprof_profile_load(context, word, &profile, NULL), SECPROF_OK);
    return profile;
}

static struct secprof_emission *
untouched(void)
{
    return (struct secprof_emission *)(void *)&context;
}

/* ---- formats ----------------------------------------------------------------------------- */

static const struct {
    const char *name;
    const char *begin;  /* of the text */
    size_t losses;      /* of a profile that allows six calls, whatever their arguments */
} formats[] = {
    { "docker", "{\n\t\"defaultAction\": ", 0 },
    { "oci", "{\n\t\"defaultAction\": ", 0 },
    { "spo", "#", 0 },
    { "systemd", "#", 0 },
    { "minijail", "#", 1 },
    { "firejail", "#", 1 },
    { "kafel", "/", 0 },
    { "list", "#", 0 },
    { "c", "/", 0 },
    { "bpf", "\x20", 0 },
    { "pfc", "   0  A = arch\n", 0 },
};

enum { FORMATS = sizeof formats / sizeof *formats };

START_TEST(formats_are_listed_with_what_they_are)
{
    for (size_t i = 0; i < FORMATS; i++) {
        const char *about = NULL;
        ck_assert_pstr_eq(secprof_emit_format(i, &about), formats[i].name);
        ck_assert_pstr_ne(about, "");
        ck_assert_pstr_eq(secprof_emit_format(i, NULL), formats[i].name);
    }
    const char *about = "mine";
    ck_assert_ptr_null(secprof_emit_format(FORMATS, &about));
    ck_assert_ptr_null(secprof_emit_format(SIZE_MAX, &about));
    ck_assert_str_eq(about, "mine");
}
END_TEST

START_TEST(a_profile_is_written_in_every_format)
{
    struct secprof_profile *profile = loaded(FILES "good.json");
    struct secprof_emission *emission = NULL;
    char *why = NULL;
    char *losses = NULL;
    size_t size = 0;

    ck_assert_int_eq(secprof_emit(profile, formats[_i].name, &pinned, 0, &emission, &why),
                     SECPROF_OK);
    secprof_profile_free(profile);  /* an emission needs it no more */
    const char *text = secprof_emission_text(emission, &size);
    ck_assert_uint_gt(size, strlen(formats[_i].begin));
    ck_assert_int_eq(strncmp(text, formats[_i].begin, strlen(formats[_i].begin)), 0);
    ck_assert_int_eq(text[size], '\0');
    ck_assert_uint_eq(secprof_emission_loss_count(emission), formats[_i].losses);
    ck_assert_int_eq(secprof_emission_losses(emission, NULL, &losses), SECPROF_OK);
    ck_assert_int_eq(*losses != '\0', formats[_i].losses > 0);
    ck_assert_ptr_null(why);
    secprof_text_free(losses);
    secprof_emission_free(emission);
}
END_TEST

/* ---- what is refused --------------------------------------------------------------------- */

static const char *const abacus[] = { "abacus" };
static const char *const x32[] = { "x32" };

static const struct {
    const char *profile;
    const char *format;
    struct secprof_target target;
    enum secprof_status status;
    const char *why;
} refused[] = {
    { "docker", "yaml", { .kernel = "6.12" }, SECPROF_BAD_ARGUMENT,
      "there is no format 'yaml'" },
    { "docker", "", { .kernel = "6.12" }, SECPROF_BAD_ARGUMENT, "there is no format ''" },
    { "docker", "Docker", { .kernel = "6.12" }, SECPROF_BAD_ARGUMENT, "'Docker'" },
    { "docker", "oci", { .engine = "rocket" }, SECPROF_BAD_ARGUMENT, "rocket" },
    { "docker", "oci", { .kernel = "six" }, SECPROF_BAD_ARGUMENT, "'six'" },
    { "docker", "oci", { .arches = abacus, .arch_count = 1 }, SECPROF_BAD_ARGUMENT, "abacus" },
    { "docker", "oci", { .arch_count = 1 }, SECPROF_BAD_ARGUMENT, "architectures" },
    { FILES "apply/pair.json", "oci", { .kernel = "6.12" }, SECPROF_REFUSED, "pair.json" },
    { FILES "apply/pair.json", "docker", { .kernel = "6.12" }, SECPROF_REFUSED, "pair.json" },
    { FILES "apply/pair.json", "pfc", { .kernel = "6.12" }, SECPROF_REFUSED, "pair.json" },
    { FILES "good.json", "list", { .arches = x32, .arch_count = 1 }, SECPROF_REFUSED,
      "good.json: its filter has none of the architectures asked for" },
};

START_TEST(what_is_refused_is_told_why)
{
    struct secprof_profile *profile = loaded(refused[_i].profile);
    struct secprof_emission *emission = untouched();
    char *why = NULL;

    const char *format = refused[_i].format;
    ck_assert_int_eq(secprof_emit(profile, format, &refused[_i].target, 0, &emission, &why),
                     refused[_i].status);
    ck_assert_ptr_eq(emission, untouched());
    ck_assert_ptr_nonnull(why);
    ck_assert_msg(strstr(why, refused[_i].why) != NULL, "%s", why);
    ck_assert_int_eq(secprof_emit(profile, format, &refused[_i].target, 0, &emission, NULL),
                     refused[_i].status);
    secprof_text_free(why);
    secprof_profile_free(profile);
}
END_TEST

START_TEST(what_is_needed_must_be_given)
{
    struct secprof_profile *profile = loaded("docker");
    struct secprof_emission *emission = untouched();
    char *why = NULL;
    size_t size = 7;

    ck_assert_int_eq(secprof_emit(NULL, "oci", NULL, 0, &emission, &why), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_emit(profile, NULL, NULL, 0, &emission, &why),
                     SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_emit(profile, "oci", NULL, 0, NULL, &why), SECPROF_BAD_ARGUMENT);
    ck_assert_ptr_eq(emission, untouched());
    ck_assert_ptr_null(why);
    secprof_emission_free(NULL);
    ck_assert_ptr_null(secprof_emission_text(NULL, &size));
    ck_assert_uint_eq(size, 7);
    ck_assert_uint_eq(secprof_emission_loss_count(NULL), 0);
    ck_assert_int_eq(secprof_emission_losses(NULL, NULL, &why), SECPROF_BAD_ARGUMENT);

    ck_assert_int_eq(secprof_emit(profile, "docker", NULL, 0, &emission, &why), SECPROF_OK);
    ck_assert_int_eq(secprof_emission_losses(emission, NULL, NULL), SECPROF_BAD_ARGUMENT);
    ck_assert_ptr_null(secprof_emission_text(emission, NULL));
    secprof_emission_free(emission);
    secprof_profile_free(profile);
}
END_TEST

/* ---- what is lost ------------------------------------------------------------------------ */

static const struct {
    struct secprof_style style;
    const char *text;
} styles[] = {
    { { .width = 0 },
      "docker: loss: systemd cannot look at arguments\n"
      "  instead    they are allowed with all of them\n"
      "  3 calls    clone, personality, socket\n" },
    { { .color = 1, .width = 40 },
      "docker: \033[1;33mloss\033[0m: systemd cannot look at\n"
      "  arguments\n"
      "  \033[1minstead\033[0m    they are allowed with all\n"
      "             of them\n"
      "  \033[1m3 calls\033[0m    clone, personality, socket\n" },
};

START_TEST(losses_are_told_in_a_style)
{
    struct secprof_profile *profile = loaded("docker");
    struct secprof_emission *emission = NULL;
    char *text = NULL;

    ck_assert_int_eq(secprof_emit(profile, "systemd", &pinned, 0, &emission, NULL), SECPROF_OK);
    secprof_profile_free(profile);
    ck_assert_uint_eq(secprof_emission_loss_count(emission), 1);
    ck_assert_int_eq(secprof_emission_losses(emission, &styles[_i].style, &text), SECPROF_OK);
    secprof_emission_free(emission);  /* a text that was given needs nothing more */
    ck_assert_str_eq(text, styles[_i].text);
    secprof_text_free(text);
}
END_TEST

/* ---- what a target decides --------------------------------------------------------------- */

static const struct {
    const char *cap_add;
    int resolve;
    bool has_guards;
    bool allows_bpf;
} resolved[] = {
    { NULL, 0, true, true },
    { NULL, 1, false, false },
    { "CAP_BPF", 1, false, true },
};

START_TEST(conditions_are_kept_or_decided)
{
    struct secprof_target target = pinned;
    struct secprof_profile *profile = loaded("docker");
    struct secprof_emission *emission = NULL;
    size_t size = 0;

    target.cap_add = resolved[_i].cap_add;
    ck_assert_int_eq(secprof_emit(profile, "docker", &target, resolved[_i].resolve, &emission,
                                  NULL), SECPROF_OK);
    const char *text = secprof_emission_text(emission, &size);
    ck_assert_int_eq(strstr(text, "\"includes\"") != NULL, resolved[_i].has_guards);
    ck_assert_int_eq(strstr(text, "\"bpf\"") != NULL, resolved[_i].allows_bpf);
    secprof_emission_free(emission);
    secprof_profile_free(profile);
}
END_TEST

/* What was written can be loaded again, under its format's name. */
static const char *const trips[] = { "docker", "oci", "spo", "systemd", "kafel", "list", "bpf" };

START_TEST(what_was_written_is_a_profile)
{
    struct secprof_profile *profile = loaded(FILES "good.json");
    struct secprof_profile *again = NULL;
    struct secprof_emission *first = NULL;
    struct secprof_emission *second = NULL;
    size_t size = 0;
    size_t size_again = 0;

    ck_assert_int_eq(secprof_emit(profile, trips[_i], &pinned, 0, &first, NULL), SECPROF_OK);
    const char *text = secprof_emission_text(first, &size);
    ck_assert_int_eq(secprof_set_dialect(context, trips[_i]), SECPROF_OK);
    ck_assert_int_eq(secprof_profile_load_bytes(context, "again", text, size, &again, NULL),
                     SECPROF_OK);
    ck_assert_int_eq(secprof_emit(again, "list", &pinned, 0, &second, NULL), SECPROF_OK);
    const char *list = secprof_emission_text(second, &size_again);
    ck_assert_ptr_nonnull(strstr(list, "\n\nclock_gettime\nclose\nexecve\nexit_group\nread\n"
                                       "write\n"));
    secprof_emission_free(second);
    secprof_emission_free(first);
    secprof_profile_free(again);
    secprof_profile_free(profile);
}
END_TEST

SP_SUITE(api_emit)
{
    TCase *tcase = sp_testing_case(suite, "emit");

    tcase_add_checked_fixture(tcase, open_context, close_context);
    tcase_add_test(tcase, formats_are_listed_with_what_they_are);
    tcase_add_loop_test(tcase, a_profile_is_written_in_every_format, 0, FORMATS);
    tcase_add_loop_test(tcase, what_is_refused_is_told_why, 0,
                        (int)(sizeof refused / sizeof *refused));
    tcase_add_test(tcase, what_is_needed_must_be_given);
    tcase_add_loop_test(tcase, losses_are_told_in_a_style, 0,
                        (int)(sizeof styles / sizeof *styles));
    tcase_add_loop_test(tcase, conditions_are_kept_or_decided, 0,
                        (int)(sizeof resolved / sizeof *resolved));
    tcase_add_loop_test(tcase, what_was_written_is_a_profile, 0,
                        (int)(sizeof trips / sizeof *trips));
}
