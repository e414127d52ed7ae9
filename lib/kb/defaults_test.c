/* Built-in profiles by their names. */
#include "kb/defaults.h"

#include "base/release.h"
#include "base/testing.h"

#include <string.h>

static const struct {
    const char *name;
    const char *series;   /* NULL: there is no such profile */
    const char *version;
    const char *content;
} names[] = {
    { "docker", "docker", "29.7.2", "29.4.3" },
    { "Docker", "docker", "29.7.2", "29.4.3" },
    { "moby", "docker", "29.7.2", "29.4.3" },
    { "docker@24.0.9", "docker", "24.0.9", "24.0.3" },
    { "docker@v24.0.9", "docker", "24.0.9", "24.0.3" },
    { "MOBY@V24.0.9", "docker", "24.0.9", "24.0.3" },
    { "docker@24.0", "docker", "24.0.9", "24.0.3" },
    { "docker@24", "docker", "24.0.9", "24.0.3" },
    { "docker@20.10", "docker", "20.10.27", "20.10.26" },
    { "docker@1", "docker", "1.13.1", "1.13.1" },
    { "docker@1.12", "docker", "1.12.6", "1.12.0" },
    { "docker@1.12.0", "docker", "1.12.0", "1.12.0" },
    { "docker@1.12.0-conditional", "docker", "1.12.0-conditional", "1.12.0-conditional" },
    { "docker@17.3", "docker", "17.03.2", "17.03.2" },
    { "docker@2", NULL, NULL, NULL },
    { "docker@24.0.99", NULL, NULL, NULL },
    { "docker@1.12.0-c", NULL, NULL, NULL },
    { "docker@", NULL, NULL, NULL },
    { "docker@v", NULL, NULL, NULL },
    { "docker@head", NULL, NULL, NULL },
    { "dock", NULL, NULL, NULL },
    { "@24", NULL, NULL, NULL },
    { "", NULL, NULL, NULL },
    { "moby-profiles", "moby-profiles", "0.2.3", "29.4.3" },
    { "moby-profiles@HEAD", "moby-profiles", "head", "29.4.3" },
    { "podman", "podman", "5.8.2", "0.67.0" },
    { "podman@5.7", "podman", "5.7.1", "0.63.0" },
    { "podman@0.2", "podman", "0.2.2", "crio-1.0.1" },
    { "podman@0.58", "containers-common", "0.58.5", "0.58.0" },
    { "podman@head", "containers-common", "head", "head" },
    { "containers-common", "containers-common", "0.67.0", "0.67.0" },
    { "containers-common@5.8", NULL, NULL, NULL },
    { "crio@1.24", "crio", "1.24.6", "1.24.0" },
    { "cri-o@1.23", "crio", "1.23.5", "0.44.0" },
    { "containerd@2.2", "containerd", "2.2.7", "2.2.4" },
};

START_TEST(a_name_is_this_profile)
{
    struct sp_kb_builtin found = { .series = NULL };
    bool is_there = sp_kb_builtin_find(sp_str_of(names[_i].name), &found);

    ck_assert_msg(is_there == (names[_i].series != NULL), "%s", names[_i].name);
    if (!is_there) {
        ck_assert_ptr_null(found.series);
        ck_assert_ptr_null(sp_kb_default_find(sp_str_of(names[_i].name)));
        return;
    }
    ck_assert_str_eq(sp_kb_text(found.series->name), names[_i].series);
    ck_assert_str_eq(sp_kb_text(found.release->version), names[_i].version);
    ck_assert_str_eq(sp_kb_text(found.content->id), names[_i].content);
    ck_assert_ptr_eq(sp_kb_default_find(sp_str_of(names[_i].name)), found.content);
}
END_TEST

START_TEST(a_series_is_known_without_the_release)
{
    const struct sp_kb_series *docker = sp_kb_series_find(SP_STR("docker"));

    ck_assert_ptr_nonnull(docker);
    ck_assert_ptr_eq(sp_kb_series_find(SP_STR("moby@99")), docker);
    ck_assert_ptr_null(sp_kb_series_find(SP_STR("rocket@1")));
    ck_assert_ptr_null(sp_kb_series_find(SP_STR("")));
    ck_assert_ptr_null(sp_kb_release_find(docker, SP_STR("99")));
}
END_TEST

START_TEST(every_release_is_found_by_its_version)
{
    const struct sp_kb_series *series = &sp_kb_all_series[_i];

    for (size_t i = 0; i < series->releases.count; i++) {
        const struct sp_kb_release *release = &sp_kb_releases[series->releases.first + i];
        struct sp_str version = sp_str_of(sp_kb_text(release->version));
        ck_assert_ptr_eq(sp_kb_release_find(series, version), release);
    }
    ck_assert(sp_release_is_number(
        sp_str_of(sp_kb_text(sp_kb_release_newest(series)->version))));
}
END_TEST

SP_SUITE(defaults)
{
    TCase *tcase = sp_testing_case(suite, "defaults");

    tcase_add_loop_test(tcase, a_name_is_this_profile, 0, sizeof names / sizeof *names);
    tcase_add_test(tcase, a_series_is_known_without_the_release);
    tcase_add_loop_test(tcase, every_release_is_found_by_its_version, 0,
                        (int)sp_kb_all_series_count);
}
