#include "ops/machine.h"

#include "base/testing.h"
#include "sem/compile.h"

static uint64_t
bit(const char *name)
{
    const struct sp_kb_cap *found = sp_kb_cap_find(sp_str_of(name));

    ck_assert_ptr_nonnull(found);
    return UINT64_C(1) << (found - sp_kb_caps);
}

static struct sp_environment
environment_of(struct sp_target target)
{
    struct sp_environment environment;
    SP_BUF(why);

    ck_assert_msg(sp_machine_environment(&target, &environment, &why), "%.*s", (int)why.len,
                  why.data);
    return environment;
}

START_TEST(what_is_left_open_is_docker_on_this_machine)
{
    struct sp_target open = { .engine = SP_ENGINE_DOCKER };
    struct sp_environment made = environment_of(open);

    ck_assert_int_eq(made.engine, SP_ENGINE_DOCKER);
    ck_assert_int_eq(made.runtime, SP_RUNTIME_RUNC);
    ck_assert_ptr_eq(made.host, sp_kb_arch_native());
    ck_assert_uint_ge(made.kernel.major, 3);
    ck_assert_int_eq(sp_version_compare(made.libseccomp, sp_compile_libseccomp()), 0);
    ck_assert_int_eq(__builtin_popcountll(made.caps), 14);
    ck_assert(made.caps & bit("CAP_CHOWN"));
    ck_assert(!(made.caps & bit("CAP_SYS_ADMIN")));
}
END_TEST

START_TEST(what_is_given_stays)
{
    struct sp_environment made = environment_of((struct sp_target){
        .engine = SP_ENGINE_PODMAN, .engine_version = { .major = 4, .minor = 3 },
        .runtime = SP_RUNTIME_CRUN, .runtime_version = { .major = 1, .minor = 8, .patch = 1 },
        .kernel = { .major = 4, .minor = 7 },
        .libseccomp = { .major = 2, .minor = 5, .patch = 4 },
        .caps_given = true, .caps = bit("CAP_BPF"),
    });

    ck_assert_int_eq(made.engine, SP_ENGINE_PODMAN);
    ck_assert_uint_eq(made.engine_version.minor, 3);
    ck_assert_int_eq(made.runtime, SP_RUNTIME_CRUN);
    ck_assert_uint_eq(made.runtime_version.patch, 1);
    ck_assert_uint_eq(made.kernel.minor, 7);
    ck_assert_uint_eq(made.libseccomp.patch, 4);
    ck_assert_uint_eq(made.caps, bit("CAP_BPF"));
}
END_TEST

START_TEST(the_default_capabilities_are_added_to_and_dropped_from)
{
    struct sp_environment made = environment_of((struct sp_target){
        .caps_add = bit("CAP_SYS_ADMIN"), .caps_drop = bit("CAP_CHOWN") });

    ck_assert(made.caps & bit("CAP_SYS_ADMIN"));
    ck_assert(made.caps & bit("CAP_KILL"));
    ck_assert(!(made.caps & bit("CAP_CHOWN")));
}
END_TEST

/* An architecture that is not this machine's: the n-th. */
static const struct sp_kb_arch *
foreign(size_t n)
{
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        if (&sp_kb_arches[i] != sp_kb_arch_native() && n-- == 0) {
            return &sp_kb_arches[i];
        }
    }
    return NULL;
}

START_TEST(one_architecture_is_the_host_of_several_the_native_one)
{
    const struct sp_kb_arch *native = sp_kb_arch_native();
    struct sp_target one = { .arches = { foreign(0) }, .arch_count = 1 };
    struct sp_target several = { .arches = { foreign(0), native }, .arch_count = 2 };

    ck_assert_ptr_eq(environment_of(one).host, foreign(0));
    ck_assert_ptr_eq(environment_of(several).host, native);
}
END_TEST

START_TEST(no_host_is_chosen_from_several_foreign_ones)
{
    struct sp_target target = { .arches = { foreign(0), foreign(1) }, .arch_count = 2 };
    struct sp_environment environment = { .caps = 77 };
    SP_BUF(why);

    ck_assert(!sp_machine_environment(&target, &environment, &why));
    ck_assert(sp_str_has_prefix(sp_buf_view(&why), "--arch names several architectures"));
    ck_assert_uint_eq(environment.caps, 77);
}
END_TEST

SP_SUITE(ops_machine)
{
    TCase *tcase = sp_testing_case(suite, "machine");

    tcase_add_test(tcase, what_is_left_open_is_docker_on_this_machine);
    tcase_add_test(tcase, what_is_given_stays);
    tcase_add_test(tcase, one_architecture_is_the_host_of_several_the_native_one);
    tcase_add_test(tcase, no_host_is_chosen_from_several_foreign_ones);
    tcase_add_test(tcase, the_default_capabilities_are_added_to_and_dropped_from);
}
