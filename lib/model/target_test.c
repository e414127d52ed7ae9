#include "model/target.h"

#include "base/testing.h"

static uint64_t
bit(const char *name)
{
    const struct sp_kb_cap *found = sp_kb_cap_find(sp_str_of(name));

    ck_assert_ptr_nonnull(found);
    return UINT64_C(1) << (found - sp_kb_caps);
}

static struct sp_target
target_of(struct sp_target_words words)
{
    struct sp_target target;
    SP_BUF(why);

    ck_assert_msg(sp_target_read(&words, &target, &why), "%.*s", (int)why.len, why.data);
    return target;
}

START_TEST(without_words_nothing_is_given)
{
    struct sp_target target = target_of((struct sp_target_words){ .target = NULL });

    ck_assert_int_eq(target.engine, SP_ENGINE_DOCKER);
    ck_assert_int_eq(target.runtime, SP_RUNTIME_RUNC);
    ck_assert(!target.engine_given);
    ck_assert(!target.runtime_given);
    ck_assert(!target.caps_given);
    ck_assert_uint_eq(target.kernel.major, 0);
    ck_assert_uint_eq(target.libseccomp.major, 0);
    ck_assert_uint_eq(target.caps_add | target.caps_drop, 0);
    ck_assert_uint_eq(target.arch_count, 0);
}
END_TEST

START_TEST(words_are_read)
{
    struct sp_target target = target_of((struct sp_target_words){
        .engine = "podman@4.3.1", .runtime = "crun@1.8.1", .kernel = "4.7",
        .libseccomp = "2.5.4",
    });

    ck_assert_int_eq(target.engine, SP_ENGINE_PODMAN);
    ck_assert_uint_eq(target.engine_version.minor, 3);
    ck_assert(target.engine_given);
    ck_assert_int_eq(target.runtime, SP_RUNTIME_CRUN);
    ck_assert_uint_eq(target.runtime_version.patch, 1);
    ck_assert(target.runtime_given);
    ck_assert_uint_eq(target.kernel.minor, 7);
    ck_assert_uint_eq(target.libseccomp.patch, 4);
}
END_TEST

/* ---- the short form ---------------------------------------------------------------------- */

static const struct {
    const char *target;
    const char *engine;
    enum sp_engine is;
    uint16_t major;
} short_forms[] = {
    { "docker@29", NULL, SP_ENGINE_DOCKER, 29 },
    { "podman", NULL, SP_ENGINE_PODMAN, 0 },
    { "docker@29", "docker@29.0", SP_ENGINE_DOCKER, 29 },
    { "crio@1.30", "crio", SP_ENGINE_CRIO, 1 },
    { "crio", "crio@1.30", SP_ENGINE_CRIO, 1 },
    { "oci", "oci", SP_ENGINE_OCI, 0 },
    { NULL, "containerd@2", SP_ENGINE_CONTAINERD, 2 },
};

START_TEST(target_is_short_for_engine)
{
    struct sp_target target = target_of((struct sp_target_words){
        .target = short_forms[_i].target, .engine = short_forms[_i].engine });

    ck_assert_int_eq(target.engine, short_forms[_i].is);
    ck_assert_uint_eq(target.engine_version.major, short_forms[_i].major);
    ck_assert(target.engine_given);
}
END_TEST

/* ---- capabilities ------------------------------------------------------------------------ */

START_TEST(given_capabilities_are_added_to_then_dropped_from)
{
    struct sp_target none = target_of((struct sp_target_words){
        .caps = "none", .cap_add = "CAP_BPF, sys_admin", .cap_drop = "SYS_ADMIN" });
    struct sp_target all = target_of((struct sp_target_words){
        .caps = "all", .cap_drop = "CAP_BPF" });
    struct sp_target named = target_of((struct sp_target_words){ .caps = "bpf,CAP_CHOWN" });
    struct sp_target docker = target_of((struct sp_target_words){ .caps = "default" });

    ck_assert(none.caps_given);
    ck_assert_uint_eq(none.caps, bit("CAP_BPF"));
    ck_assert_int_eq(__builtin_popcountll(all.caps), (int)sp_kb_caps_count - 1);
    ck_assert_uint_eq(named.caps, bit("CAP_BPF") | bit("CAP_CHOWN"));
    ck_assert_uint_eq(docker.caps, sp_kb_default_caps(SP_KB_DOCKER));
}
END_TEST

START_TEST(capabilities_not_given_keep_what_is_added_and_dropped)
{
    struct sp_target target = target_of((struct sp_target_words){
        .cap_add = "BPF,CHOWN", .cap_drop = "CHOWN,KILL" });

    ck_assert(!target.caps_given);
    ck_assert_uint_eq(target.caps_add, bit("CAP_BPF"));
    ck_assert_uint_eq(target.caps_drop, bit("CAP_CHOWN") | bit("CAP_KILL"));
}
END_TEST

/* ---- architectures ----------------------------------------------------------------------- */

static struct sp_target
arches_of(const char *const *words, size_t count)
{
    return target_of((struct sp_target_words){ .arches = words, .arch_count = count });
}

START_TEST(architectures_are_each_taken_once_in_the_order_given)
{
    static const char *const words[] = { "arm64, SCMP_ARCH_X86_64", "x86-64", "s390x,AARCH64" };
    struct sp_target target = arches_of(words, 3);

    ck_assert_uint_eq(target.arch_count, 3);
    ck_assert_str_eq(sp_kb_text(target.arches[0]->name), "aarch64");
    ck_assert_str_eq(sp_kb_text(target.arches[1]->name), "x86_64");
    ck_assert_str_eq(sp_kb_text(target.arches[2]->name), "s390x");
}
END_TEST

START_TEST(native_is_this_machine)
{
    static const char *const words[] = { "native" };
    struct sp_target target = arches_of(words, 1);

    ck_assert_uint_eq(target.arch_count, 1);
    ck_assert_ptr_eq(target.arches[0], sp_kb_arch_native());
}
END_TEST

START_TEST(there_is_room_for_every_architecture)
{
    const char *words[SP_TARGET_ARCHES];

    ck_assert_uint_le(sp_kb_arches_count, SP_TARGET_ARCHES);
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        words[i] = sp_kb_text(sp_kb_arches[i].token);
    }
    struct sp_target target = arches_of(words, sp_kb_arches_count);
    ck_assert_uint_eq(target.arch_count, sp_kb_arches_count);
}
END_TEST

/* ---- refusals ---------------------------------------------------------------------------- */

#define ARCH(word) .arches = (const char *const[]){ word }, .arch_count = 1

static const struct {
    struct sp_target_words words;
    const char *why;
} refused[] = {
    { { .engine = "rocket" }, "--engine takes containerd, crio, docker, oci or podman, with "
                              "@VERSION where it matters, not 'rocket'" },
    { { .engine = "" }, "--engine takes containerd, crio, docker, oci or podman, with "
                        "@VERSION where it matters, not ''" },
    { { .target = "rkt@1" }, "--target takes containerd, crio, docker, oci or podman, with "
                             "@VERSION where it matters, not 'rkt@1'" },
    { { .engine = "docker@new" }, "--engine: 'new' is no version; write it as in 1.2.0" },
    { { .target = "docker@" }, "--target: '' is no version; write it as in 1.2.0" },
    { { .target = "docker@29", .engine = "podman" },
      "--target docker@29 and --engine podman contradict each other" },
    { { .target = "docker@29", .engine = "docker@28.1" },
      "--target docker@29 and --engine docker@28.1 contradict each other" },
    { { .runtime = "youki" }, "--runtime takes crun or runc, with @VERSION where it matters, "
                              "not 'youki'" },
    { { .kernel = "six" }, "--kernel: 'six' is no version; write it as in 6.1" },
    { { .libseccomp = "2.x" }, "--libseccomp: '2.x' is no version; write it as in 2.5.4" },
    { { .caps = "CAP_NO" }, "--caps: there is no capability 'CAP_NO'" },
    { { .cap_add = "CAP_BPF,NO" }, "--cap-add: there is no capability 'NO'" },
    { { .cap_drop = "NO" }, "--cap-drop: there is no capability 'NO'" },
    { { ARCH("x86_46") }, "--arch names no architecture: 'x86_46'" },
    { { ARCH("arm64,pdp11") }, "--arch names no architecture: 'pdp11'" },
    { { ARCH("") }, "--arch names no architecture: ''" },
    { { ARCH("arm64,,x86") }, "--arch names no architecture: ''" },
};

START_TEST(a_word_that_says_nothing_is_told)
{
    struct sp_target target = { .arch_count = 77 };
    SP_BUF(why);

    ck_assert(!sp_target_read(&refused[_i].words, &target, &why));
    ck_assert_msg(sp_str_is(sp_buf_view(&why), refused[_i].why), "%.*s", (int)why.len,
                  why.data);
    ck_assert_uint_eq(target.arch_count, 77);
}
END_TEST

SP_SUITE(model_target)
{
    TCase *tcase = sp_testing_case(suite, "target");

    tcase_add_test(tcase, without_words_nothing_is_given);
    tcase_add_test(tcase, words_are_read);
    tcase_add_loop_test(tcase, target_is_short_for_engine, 0,
                        (int)(sizeof short_forms / sizeof *short_forms));
    tcase_add_test(tcase, given_capabilities_are_added_to_then_dropped_from);
    tcase_add_test(tcase, capabilities_not_given_keep_what_is_added_and_dropped);
    tcase_add_test(tcase, architectures_are_each_taken_once_in_the_order_given);
    tcase_add_test(tcase, native_is_this_machine);
    tcase_add_test(tcase, there_is_room_for_every_architecture);
    tcase_add_loop_test(tcase, a_word_that_says_nothing_is_told, 0,
                        (int)(sizeof refused / sizeof *refused));
}
