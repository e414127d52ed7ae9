/* What each engine makes of the same text: the outcome, and the rules that are left. */
#include "base/testing.h"
#include "format/profile_testing.h"
#include "sem/resolve.h"

#include <stdio.h>

/* The profile under test: a default action and one rule for ptrace with `rest`. */
#define RULE(rest) "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"ptrace\"]," \
    "\"action\":\"SCMP_ACT_ALLOW\"" rest "}]}"
#define ADMIN "\"CAP_SYS_ADMIN\""
#define PTRACE "\"CAP_SYS_PTRACE\""

enum outcome { KEPT, DROPPED, REFUSED, UNCONFINED };

/* Columns: Docker, Docker 20.10, Podman, containerd. */
enum { ENGINES = 4 };

static const struct {
    const char *text;
    enum outcome outcomes[ENGINES];
    bool admin;         /* the container has CAP_SYS_ADMIN */
    const char *kernel;
    const char *host;
} cases[] = {
    { .text = "{}", .outcomes = { UNCONFINED, UNCONFINED, UNCONFINED, UNCONFINED } },
    { .text = "{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_KILL\"}},\"syscalls\":[]}",
      .outcomes = { UNCONFINED, UNCONFINED, UNCONFINED, UNCONFINED } },
    { .text = RULE(""), .outcomes = { KEPT, KEPT, KEPT, KEPT } },
    { .text = RULE(",\"includes\":{\"caps\":[" PTRACE "]}"),
      .outcomes = { DROPPED, DROPPED, DROPPED, KEPT } },
    { .text = RULE(",\"includes\":{\"caps\":[" ADMIN "]}"),
      .outcomes = { KEPT, KEPT, KEPT, KEPT }, .admin = true },
    { .text = RULE(",\"includes\":{\"caps\":[" ADMIN "," PTRACE "]}"),
      .outcomes = { DROPPED, DROPPED, DROPPED, KEPT },
      .admin = true },
    { .text = RULE(",\"excludes\":{\"caps\":[" ADMIN "," PTRACE "]}"),
      .outcomes = { DROPPED, DROPPED, DROPPED, KEPT },
      .admin = true },
    { .text = RULE(",\"excludes\":{\"caps\":[" PTRACE "]}"),
      .outcomes = { KEPT, KEPT, KEPT, KEPT }, .admin = true },
    { .text = RULE(",\"includes\":{\"caps\":[\"SYS_ADMIN\"]}"),
      .outcomes = { DROPPED, DROPPED, DROPPED, KEPT },
      .admin = true },
    { .text = RULE(",\"excludes\":{\"caps\":[\"cap_sys_admin\"]}"),
      .outcomes = { KEPT, KEPT, KEPT, KEPT },
      .admin = true },
    { .text = RULE(",\"includes\":{\"arches\":[\"amd64\"]}"),
      .outcomes = { KEPT, KEPT, KEPT, KEPT } },
    { .text = RULE(",\"includes\":{\"arches\":[\"x86_64\"]}"),
      .outcomes = { DROPPED, DROPPED, DROPPED, KEPT } },
    { .text = RULE(",\"excludes\":{\"arches\":[\"amd64\"]}"),
      .outcomes = { DROPPED, DROPPED, DROPPED, KEPT } },
    { .text = RULE(",\"includes\":{\"arches\":[\"loongarch64\"]}"),
      .outcomes = { KEPT, KEPT, DROPPED, KEPT },
      .host = "loongarch64" },
    { .text = RULE(",\"includes\":{\"arches\":[\"loong64\"]}"),
      .outcomes = { DROPPED, DROPPED, KEPT, KEPT },
      .host = "loongarch64" },
    { .text = RULE(",\"includes\":{\"minKernel\":\"99.0\"}"),
      .outcomes = { DROPPED, DROPPED, KEPT, KEPT } },
    { .text = RULE(",\"includes\":{\"minKernel\":\"4.8\"}"),
      .outcomes = { KEPT, KEPT, KEPT, KEPT }, .kernel = "4.8" },
    { .text = RULE(",\"includes\":{\"minKernel\":\"4.8\"}"),
      .outcomes = { DROPPED, DROPPED, KEPT, KEPT },
      .kernel = "4.7" },
    { .text = RULE(",\"excludes\":{\"minKernel\":\"4.8\"}"),
      .outcomes = { DROPPED, DROPPED, KEPT, KEPT } },
    { .text = RULE(",\"includes\":{\"minKernel\":\"\"}"),
      .outcomes = { KEPT, KEPT, KEPT, KEPT } },
    { .text = RULE(",\"excludes\":{\"minKernel\":\"\"}"),
      .outcomes = { DROPPED, DROPPED, KEPT, KEPT } },
    { .text = RULE(",\"includes\":{\"minKernel\":\"4.8.1\"}"),
      .outcomes = { REFUSED, REFUSED, KEPT, KEPT } },
    { .text = RULE(",\"includes\":{\"minKernel\":\"4\"}"),
      .outcomes = { REFUSED, REFUSED, KEPT, KEPT } },
    { .text = RULE(",\"includes\":{\"minKernel\":\"0.0\"}"),
      .outcomes = { REFUSED, REFUSED, KEPT, KEPT } },
    { .text = RULE(",\"includes\":{\"minKernel\":\"4.300\"}"),
      .outcomes = { REFUSED, REFUSED, KEPT, KEPT } },
    { .text = RULE(",\"includes\":{\"minKernel\":\"v4.8\"}"),
      .outcomes = { REFUSED, REFUSED, KEPT, KEPT } },
    { .text = RULE(",\"includes\":{\"minKernel\":\"04.08\"}"),
      .outcomes = { KEPT, KEPT, KEPT, KEPT } },
    { .text = RULE(",\"includes\":{\"minKernel\":\"0x4.8\"}"),
      .outcomes = { REFUSED, REFUSED, KEPT, KEPT } },
    { .text = RULE(",\"includes\":{\"minKernel\":\"0X4.8\"}"),
      .outcomes = { REFUSED, REFUSED, KEPT, KEPT } },
    { .text = RULE(",\"includes\":{\"minKernel\":\"4.0x8\"}"),
      .outcomes = { REFUSED, REFUSED, KEPT, KEPT } },
    { .text = RULE(",\"excludes\":{\"minKernel\":4.8}"),
      .outcomes = { REFUSED, REFUSED, KEPT, KEPT } },
    { .text = RULE(",\"excludes\":{\"minKernel\":null}"),
      .outcomes = { KEPT, KEPT, KEPT, KEPT } },
    { .text = RULE(",\"includes\":{\"minKernel\":\"4.8\"}"),
      .outcomes = { KEPT, KEPT, KEPT, KEPT }, .kernel = "4.8.1" },
    { .text = RULE(",\"excludes\":{\"minKernel\":\"4.8\"}"),
      .outcomes = { KEPT, KEPT, KEPT, KEPT }, .kernel = "4.7.99" },
    { .text = RULE(",\"includes\":{\"caps\":[" ADMIN ",\"CAP_NONE\"]}"),
      .outcomes = { DROPPED, DROPPED, DROPPED, KEPT }, .admin = true },
    { .text = RULE(",\"includes\":{\"caps\":[" ADMIN "," ADMIN "]}"),
      .outcomes = { KEPT, KEPT, KEPT, KEPT }, .admin = true },
    { .text = RULE(",\"excludes\":{\"caps\":[\"CAP_NONE\"," ADMIN "]}"),
      .outcomes = { DROPPED, DROPPED, DROPPED, KEPT }, .admin = true },
    { .text = RULE(",\"name\":\"kcmp\""), .outcomes = { REFUSED, REFUSED, REFUSED, KEPT } },
    { .text = RULE(",\"name\":\"kcmp\",\"includes\":{\"caps\":[" PTRACE "]}"),
      .outcomes = { REFUSED, DROPPED, DROPPED, KEPT } },
    { .text = RULE(",\"errno\":\"38\""), .outcomes = { KEPT, KEPT, KEPT, KEPT } },
    { .text = RULE(",\"errno\":\"0x26\""), .outcomes = { KEPT, KEPT, REFUSED, KEPT } },
    { .text = RULE(",\"errno\":\"0X26\""), .outcomes = { KEPT, KEPT, REFUSED, KEPT } },
    { .text = RULE(",\"errno\":\"4294967296\""), .outcomes = { KEPT, KEPT, REFUSED, KEPT } },
    { .text = RULE(",\"errno\":\"ENOSUCH\""), .outcomes = { KEPT, KEPT, REFUSED, KEPT } },
    { .text = RULE(",\"errno\":\"ENOSUCH\",\"includes\":{\"caps\":[" PTRACE "]}"),
      .outcomes = { DROPPED, DROPPED, DROPPED, KEPT } },
    { .text = "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[null]}",
      .outcomes = { REFUSED, REFUSED, REFUSED, KEPT } },
    { .text = "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86\"],"
      "\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86_64\"}]}",
      .outcomes = { REFUSED, REFUSED, REFUSED, DROPPED } },
};

static const struct sp_environment environments[ENGINES] = {
    { .engine = SP_ENGINE_DOCKER },
    { .engine = SP_ENGINE_DOCKER, .engine_version = { .major = 20, .minor = 10, .patch = 24 } },
    { .engine = SP_ENGINE_PODMAN },
    { .engine = SP_ENGINE_CONTAINERD },
};

static struct sp_oci
resolve(struct sp_arena *arena, const char *text, struct sp_environment environment)
{
    const struct sp_profile *profile = sp_testing_profile(arena, sp_str_of(text));
    struct sp_oci oci = { .why = NULL };

    ck_assert(sp_resolve(arena, profile, &environment, &oci));
    return oci;
}

static enum outcome
outcome_of(const struct sp_oci *oci)
{
    switch (oci->resolution) {
    case SP_RESOLUTION_UNCONFINED:
        return UNCONFINED;
    case SP_RESOLUTION_REFUSED:
        ck_assert_ptr_nonnull(oci->why);
        ck_assert_ptr_nonnull(oci->where);
        return REFUSED;
    case SP_RESOLUTION_PROFILE:
        break;
    }
    return oci->rules.count > 0 ? KEPT : DROPPED;
}

START_TEST(an_engine_keeps_drops_or_refuses_as_it_does)
{
    SP_SCRATCH(arena);

    for (size_t i = 0; i < ENGINES; i++) {
        struct sp_environment environment = environments[i];
        const char *host = cases[_i].host == NULL ? "x86_64" : cases[_i].host;
        const char *kernel = cases[_i].kernel == NULL ? "6.18" : cases[_i].kernel;
        environment.host = sp_kb_arch_find(sp_str_of(host));
        ck_assert(sp_version_parse(sp_str_of(kernel), &environment.kernel));
        environment.caps = cases[_i].admin ? UINT64_C(1) << 21 : 0;
        struct sp_oci oci = resolve(&arena, cases[_i].text, environment);
        ck_assert_msg(outcome_of(&oci) == cases[_i].outcomes[i], "engine %zu: %s", i,
                      cases[_i].text);
    }
}
END_TEST

#define MAPPED "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"archMap\":[" \
    "{\"architecture\":\"SCMP_ARCH_X86_64\",\"subArchitectures\":[\"SCMP_ARCH_X86\"]}," \
    "{\"architecture\":\"SCMP_ARCH_X86_64\",\"subArchitectures\":[\"SCMP_ARCH_X32\"]}," \
    "{\"architecture\":\"SCMP_ARCH_RISCV64\"},{\"architecture\":\"SCMP_ARCH_LOONGARCH64\"}]}"

static const struct {
    enum sp_engine engine;
    const char *host;
    size_t arches;
} maps[] = {
    { SP_ENGINE_DOCKER, "x86_64", 2 },      { SP_ENGINE_PODMAN, "x86_64", 2 },
    { SP_ENGINE_CONTAINERD, "x86_64", 0 },  { SP_ENGINE_DOCKER, "riscv64", 1 },
    { SP_ENGINE_PODMAN, "riscv64", 0 },     { SP_ENGINE_DOCKER, "loongarch64", 0 },
    { SP_ENGINE_DOCKER, "aarch64", 0 },     { SP_ENGINE_CRIO, "x86_64", 2 },
};

START_TEST(the_first_map_of_the_host_counts_where_the_engine_looks_it_up)
{
    SP_SCRATCH(arena);
    struct sp_environment environment = {
        .engine = maps[_i].engine, .host = sp_kb_arch_find(sp_str_of(maps[_i].host)),
    };
    struct sp_oci oci = resolve(&arena, MAPPED, environment);

    ck_assert_uint_eq(oci.arches.count, maps[_i].arches);
    if (maps[_i].arches == 2) {
        ck_assert(sp_str_is(oci.arches.at[1], "SCMP_ARCH_X86"));
    }
}
END_TEST

START_TEST(errno_texts_are_podmans_and_the_old_docker_has_no_default_errno)
{
    static const char text[] = "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":1,"
                               "\"defaultErrno\":\"ENOSYS\"}";
    static const struct {
        bool given;
        uint64_t value;
    } wanted[ENGINES] = { { true, 1 }, { false, 0 }, { true, 38 }, { true, 1 } };
    SP_SCRATCH(arena);

    for (size_t i = 0; i < ENGINES; i++) {
        struct sp_environment environment = environments[i];
        environment.host = sp_kb_arch_find(SP_STR("x86_64"));
        struct sp_oci oci = resolve(&arena, text, environment);
        ck_assert_int_eq(oci.default_error.given, wanted[i].given);
        ck_assert_uint_eq(oci.default_error.value, wanted[i].value);
    }
}
END_TEST

START_TEST(the_old_key_name_is_not_read_as_plain_oci)
{
    static const char text[] = "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":"
                               "[{\"name\":\"kcmp\",\"action\":\"SCMP_ACT_ERRNO\"}]}";
    static const size_t wanted[ENGINES] = { 1, 1, 1, 0 };
    SP_SCRATCH(arena);

    for (size_t i = 0; i < ENGINES; i++) {
        struct sp_environment environment = environments[i];
        environment.host = sp_kb_arch_find(SP_STR("x86_64"));
        struct sp_oci oci = resolve(&arena, text, environment);
        ck_assert_uint_eq(oci.rules.at[0].names.count, wanted[i]);
    }
}
END_TEST

SP_SUITE(resolve)
{
    TCase *tcase = sp_testing_case(suite, "resolve");

    tcase_add_loop_test(tcase, an_engine_keeps_drops_or_refuses_as_it_does, 0,
                        sizeof cases / sizeof *cases);
    tcase_add_loop_test(tcase, the_first_map_of_the_host_counts_where_the_engine_looks_it_up, 0,
                        sizeof maps / sizeof *maps);
    tcase_add_test(tcase, errno_texts_are_podmans_and_the_old_docker_has_no_default_errno);
    tcase_add_test(tcase, the_old_key_name_is_not_read_as_plain_oci);
}
