#include "ops/machine.h"

#include "base/testing.h"
#include "sem/compile.h"

static const struct sp_kb_cap *
cap(const char *name)
{
    const struct sp_kb_cap *found = sp_kb_cap_find(sp_str_of(name));

    ck_assert_ptr_nonnull(found);
    return found;
}

static uint64_t
bit(const char *name)
{
    return UINT64_C(1) << (cap(name) - sp_kb_caps);
}

static struct sp_environment
environment_of(struct sp_machine_words words)
{
    struct sp_environment environment;
    SP_BUF(why);

    ck_assert_msg(sp_machine_environment(&words, &environment, &why), "%.*s", (int)why.len,
                  why.data);
    return environment;
}

START_TEST(without_words_it_is_docker_on_this_machine)
{
    struct sp_environment made = environment_of((struct sp_machine_words){ .engine = NULL });

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

START_TEST(words_are_read)
{
    struct sp_environment made = environment_of((struct sp_machine_words){
        .engine = "podman@4.3.1", .runtime = "crun@1.8.1", .kernel = "4.7", .libseccomp = "2.5.4",
    });

    ck_assert_int_eq(made.engine, SP_ENGINE_PODMAN);
    ck_assert_uint_eq(made.engine_version.minor, 3);
    ck_assert_int_eq(made.runtime, SP_RUNTIME_CRUN);
    ck_assert_uint_eq(made.runtime_version.patch, 1);
    ck_assert_uint_eq(made.kernel.minor, 7);
    ck_assert_uint_eq(made.libseccomp.patch, 4);
}
END_TEST

START_TEST(capabilities_are_added_then_dropped)
{
    struct sp_machine_words none = { .caps = "none", .cap_add = "CAP_BPF, sys_admin",
                                     .cap_drop = "SYS_ADMIN" };
    struct sp_machine_words all = { .caps = "all", .cap_drop = "CAP_BPF" };

    ck_assert_uint_eq(environment_of(none).caps, bit("CAP_BPF"));
    ck_assert_int_eq(__builtin_popcountll(environment_of(all).caps), (int)sp_kb_caps_count - 1);
    ck_assert(environment_of((struct sp_machine_words){ .cap_add = "CAP_SYS_ADMIN" }).caps
              & bit("CAP_SYS_ADMIN"));
}
END_TEST

static const struct {
    struct sp_machine_words words;
    const char *why;
} refused[] = {
    { { .engine = "rocket" }, "--engine takes containerd, crio, docker, oci or podman, with "
                              "@VERSION where it matters, not 'rocket'" },
    { { .engine = "" }, "--engine takes containerd, crio, docker, oci or podman, with "
                        "@VERSION where it matters, not ''" },
    { { .engine = "docker@new" }, "--engine: 'new' is no version; write it as in 1.2.0" },
    { { .runtime = "youki" }, "--runtime takes crun or runc, with @VERSION where it matters, not "
                              "'youki'" },
    { { .kernel = "six" }, "--kernel: 'six' is no version; write it as in 6.1" },
    { { .libseccomp = "2.x" }, "--libseccomp: '2.x' is no version; write it as in 6.1" },
    { { .caps = "CAP_NO" }, "--caps: there is no capability 'CAP_NO'" },
    { { .cap_add = "CAP_BPF,NO" }, "--cap-add: there is no capability 'NO'" },
    { { .cap_drop = "NO" }, "--cap-drop: there is no capability 'NO'" },
};

START_TEST(a_word_that_says_nothing_is_told)
{
    struct sp_environment environment;
    SP_BUF(why);

    ck_assert(!sp_machine_environment(&refused[_i].words, &environment, &why));
    ck_assert_msg(sp_str_is(sp_buf_view(&why), refused[_i].why), "%.*s", (int)why.len, why.data);
}
END_TEST

SP_SUITE(ops_machine)
{
    TCase *tcase = sp_testing_case(suite, "machine");

    tcase_add_test(tcase, without_words_it_is_docker_on_this_machine);
    tcase_add_test(tcase, words_are_read);
    tcase_add_test(tcase, capabilities_are_added_then_dropped);
    tcase_add_loop_test(tcase, a_word_that_says_nothing_is_told, 0,
                        (int)(sizeof refused / sizeof *refused));
}
