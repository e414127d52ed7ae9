/* Which environments a profile is looked at in. */
#include "base/testing.h"
#include "format/defaults_write.h"
#include "format/profile_testing.h"
#include "kb/defaults.h"
#include "sem/scenes.h"

struct fixture {
    struct sp_arena arena;
    struct sp_dd_store *store;
    struct sp_target target;
    struct sp_scenes *scenes;
};

static void
begin(struct fixture *fixture, const char *text)
{
    fixture->store = sp_dd_store_new(SP_DD_BUDGET);
    fixture->scenes = sp_scenes_new(&fixture->arena, fixture->store,
                                    sp_testing_profile(&fixture->arena, sp_str_of(text)),
                                    &fixture->target);
    ck_assert_ptr_nonnull(fixture->scenes);
}

static void
end(struct fixture *fixture)
{
    sp_dd_store_free(fixture->store);
    sp_arena_free(&fixture->arena);
}

static struct sp_scene_list
scenes_of(struct fixture *fixture, const char *name)
{
    const struct sp_kb_syscall *call = sp_kb_syscall_find(sp_str_of(name));
    struct sp_scene_list list;

    ck_assert_ptr_nonnull(call);
    ck_assert(sp_scenes_of(fixture->scenes, (uint16_t)sp_kb_syscall_index(call), &list));
    return list;
}

#define TWO_RULES(more) \
    "{\"defaultAction\":\"SCMP_ACT_ERRNO\"," more "\"syscalls\":[" \
    "{\"names\":[\"read\",\"bpf\"],\"action\":\"SCMP_ACT_ALLOW\"}," \
    "{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":5," \
    "\"includes\":{\"caps\":[\"CAP_BPF\"]}}]}"

/* ---- hosts ------------------------------------------------------------------------------- */

static const struct {
    const char *says;       /* keys of the profile */
    const char *arches[3];  /* the target's */
    const char *hosts;
} host_rows[] = {
    { "", { NULL }, "x86_64 aarch64" },
    { "\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"],", { NULL }, "x86_64" },
    { "\"architectures\":[\"SCMP_ARCH_S390X\",\"SCMP_ARCH_AARCH64\",\"SCMP_ARCH_ARM\"],", { NULL },
      "aarch64 s390x" },
    { "\"architectures\":[\"SCMP_ARCH_X86\"],", { NULL }, "x86_64" },
    { "\"architectures\":[\"nonsense\"],", { NULL }, "x86_64" },
    { "\"archMap\":[{\"architecture\":\"SCMP_ARCH_RISCV64\"},"
      "{\"architecture\":\"SCMP_ARCH_X86_64\",\"subArchitectures\":[\"SCMP_ARCH_X86\"]}],",
      { NULL }, "x86_64 riscv64" },
    { "", { "aarch64" }, "aarch64" },
    { "", { "x86" }, "x86_64" },
    { "", { "s390x", "x86_64" }, "x86_64 s390x" },
    { "\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"],", { "arm" }, "aarch64" },
};

START_TEST(a_profile_has_these_hosts)
{
    struct fixture fixture = { .store = NULL };
    SP_BUF(text);
    SP_BUF(names);
    const struct sp_kb_arch *const *list;

    for (size_t i = 0; i < 3 && host_rows[_i].arches[i] != NULL; i++) {
        fixture.target.arches[fixture.target.arch_count++] =
            sp_kb_arch_find(sp_str_of(host_rows[_i].arches[i]));
    }
    sp_buf_format(&text, "{%s\"defaultAction\":\"SCMP_ACT_ALLOW\"}", host_rows[_i].says);
    begin(&fixture, text.data);
    size_t count = sp_scenes_hosts(fixture.scenes, &list);
    for (size_t i = 0; i < count; i++) {
        sp_buf_format(&names, "%s%s", i == 0 ? "" : " ", sp_kb_text(list[i]->name));
    }
    ck_assert_str_eq(names.data, host_rows[_i].hosts);
    end(&fixture);
}
END_TEST

/* ---- cases ------------------------------------------------------------------------------- */

START_TEST(calls_without_guards_share_one_scene)
{
    struct fixture fixture = { .store = NULL };

    begin(&fixture, TWO_RULES("\"architectures\":[\"SCMP_ARCH_X86_64\"],"));
    struct sp_scene_list read = scenes_of(&fixture, "read");
    struct sp_scene_list unnamed = scenes_of(&fixture, "reboot");

    ck_assert_uint_eq(read.count, 1);
    ck_assert_ptr_eq(read.at, unnamed.at);
    ck_assert_ptr_eq(read.at[0].meaning, sp_scenes_first(fixture.scenes));
    end(&fixture);
}
END_TEST

START_TEST(a_guard_makes_two_scenes)
{
    struct fixture fixture = { .store = NULL };

    begin(&fixture, TWO_RULES("\"architectures\":[\"SCMP_ARCH_X86_64\"],"));
    struct sp_scene_list list = scenes_of(&fixture, "bpf");
    const struct sp_kb_cap *cap = sp_kb_cap_find(SP_STR("CAP_BPF"));
    uint64_t bit = UINT64_C(1) << (cap - sp_kb_caps);

    ck_assert_uint_eq(list.count, 2);
    ck_assert_ptr_eq(list.at[0].meaning, sp_scenes_first(fixture.scenes));
    ck_assert_uint_eq(list.at[0].when.without_caps, bit);
    ck_assert_uint_eq(list.at[1].when.caps, bit);
    ck_assert_uint_eq(list.at[1].meaning->environment.caps & bit, bit);
    ck_assert_ptr_ne(list.at[0].meaning, list.at[1].meaning);
    end(&fixture);
}
END_TEST

START_TEST(given_capabilities_leave_one_scene)
{
    struct fixture fixture = { .store = NULL };

    fixture.target.caps_given = true;
    begin(&fixture, TWO_RULES("\"architectures\":[\"SCMP_ARCH_X86_64\"],"));
    ck_assert_uint_eq(scenes_of(&fixture, "bpf").count, 1);
    ck_assert_uint_eq(sp_scenes_first(fixture.scenes)->environment.caps, 0);
    end(&fixture);
}
END_TEST

START_TEST(docker_needs_few_meanings)
{
    struct fixture fixture = { .store = NULL };
    SP_BUF(text);
    size_t most = 0;

    sp_defaults_write(sp_kb_default_find(SP_STR("docker")), &text);
    begin(&fixture, text.data);
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        struct sp_scene_list list;
        ck_assert(sp_scenes_of(fixture.scenes, (uint16_t)i, &list));
        ck_assert(!list.undecided);
        most = list.count > most ? list.count : most;
    }
    /* A handful of cases on each of Docker's machines. */
    const struct sp_kb_arch *const *list;
    ck_assert_uint_le(most, 8 * sp_scenes_hosts(fixture.scenes, &list));
    ck_assert_str_eq(sp_kb_text(list[0]->name), "x86_64");
    end(&fixture);
}
END_TEST

SP_SUITE(scenes)
{
    TCase *tcase = sp_testing_case(suite, "scenes");

    tcase_add_loop_test(tcase, a_profile_has_these_hosts, 0, sizeof host_rows / sizeof *host_rows);
    tcase_add_test(tcase, calls_without_guards_share_one_scene);
    tcase_add_test(tcase, a_guard_makes_two_scenes);
    tcase_add_test(tcase, given_capabilities_leave_one_scene);
    tcase_add_test(tcase, docker_needs_few_meanings);
}
