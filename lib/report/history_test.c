/* Histories in words. */
#include "report/history.h"

#include "base/testing.h"

/* `line` counts from the base; what the words say is that of the releases that were shipped. */
static const struct {
    const char *series;
    const char *call;
    const char *arch;
    size_t line;
    const char *words;
} histories[] = {
    { "docker", "read", "x86_64", 0, "allowed in every release since 1.10.0" },
    { "docker", "kexec_load", "x86_64", 0, "refused in every release since 1.10.0" },
    { "docker", "io_uring_setup", "x86_64", 0,
      "allowed in 20.10.0 to 24.0.9; refused before and since 25.0.0" },
    { "docker", "ptrace", "x86_64", 0, "allowed since 19.03.0; refused before" },
    { "docker", "ptrace", "x86_64", 1, "with CAP_SYS_PTRACE: allowed since 1.12.0" },
    { "docker", "cachestat", "x86_64", 0,
      "allowed in 23.0.10 to 23.0.18 and since 25.0.3; refused in all others" },
    { "docker", "clone3", "x86_64", 0,
      "refused with EPERM until 20.10.9, with ENOSYS since 20.10.10" },
    { "docker", "bpf", "x86_64", 1, "with CAP_SYS_ADMIN: allowed since 1.12.0" },
    { "docker", "bpf", "x86_64", 2, "with CAP_BPF: allowed since 23.0.0" },
    { "docker", "clone", "x86_64", 0,
      "allowed until 19.03.15 when flags & 0x7c020000 = 0; "
      "since 20.10.0 when flags & 0x7e020000 = 0" },
    { "podman", "clone", "x86_64", 0,
      "allowed since 2.1.0; until 2.0.6 when flags & 0x7c020000 = 0" },
    { "docker", "personality", "x86_64", 0,
      "allowed in 1.10.3 to 17.05.0 when personality in {PER_LINUX, PER_LINUX32, 0xffffffff}; "
      "since 17.06.0 when personality in {PER_LINUX, PER_LINUX32, PER_LINUX|UNAME26, "
      "PER_LINUX32|UNAME26, 0xffffffff}; refused until 1.10.2" },
    { "docker", "socket", "x86_64", 0,
      "allowed until 1.13.1, in 17.06.0 to 20.10.21 and 20.10.23 to 20.10.27; "
      "in 17.03.0 to 17.05.0 when domain in {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET}; "
      "in 20.10.22 and 23.0.0 to 29.4.1 when domain != AF_VSOCK; "
      "since 29.4.2 unless domain = AF_ALG or domain = AF_VSOCK" },
    { "docker", "socketcall", "x86", 0,
      "allowed in 1.11.2 to 1.13.1, 17.06.0 to 29.4.1 and since 29.4.3; "
      "until 1.11.1 when 1 <= arg0 <= 20; in 17.03.0 to 17.05.0 when arg0 != 0; "
      "refused in 29.4.2" },
    { "podman", "io_uring_setup", "x86_64", 0,
      "refused with EPERM until 3.2.3, with ENOSYS since 3.3.0" },
};

START_TEST(words_say_what_is_so)
{
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
    struct sp_history history;
    SP_SCRATCH(scratch);
    SP_BUF(words);
    const struct sp_history_request request = {
        .store = store,
        .series = sp_kb_series_find(sp_str_of(histories[_i].series)),
        .call = sp_kb_syscall_find(sp_str_of(histories[_i].call)),
        .arch = sp_kb_arch_find(sp_str_of(histories[_i].arch)),
    };

    ck_assert(sp_history_make(&scratch, &request, &history));
    ck_assert_uint_lt(histories[_i].line, history.lines.count);
    if (histories[_i].line == 0) {
        sp_history_write(&history, &words);
    } else {
        sp_history_write_caps(&history, &history.lines.at[histories[_i].line], &words);
    }
    ck_assert_str_eq(words.data, histories[_i].words);
    sp_dd_store_free(store);
}
END_TEST

static const struct {
    const char *call;
    uint64_t args[SP_ARGS];
    unsigned any;
    const char *words;
} concrete[] = {
    { "read", { 0 }, 0x3f, "allowed by every release of docker, podman and containerd" },
    { "bpf", { 0 }, 2, "allowed by no release of docker, podman or containerd" },
    { "clone3", { 0 }, 0, "allowed by podman since 3.3.0; no release of docker or containerd" },
    { "socket", { 40, 1, 0 }, 0,
      "allowed by docker until 1.13.1, in 17.06.0 to 20.10.21 and 20.10.23 to 20.10.27; "
      "podman until 5.7.1; containerd until 1.6.39" },
    /* Where it depends on what is not known nothing is said. */
    { "socket", { 0, 1, 0 }, 1, "" },
    { "personality", { 8 }, 0,
      "allowed by docker since 1.10.3; every release of podman and containerd" },
};

START_TEST(releases_of_a_concrete_call)
{
    static const char *const series[] = { "docker", "podman", "containerd" };
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
    struct sp_histories all;
    SP_SCRATCH(scratch);
    SP_BUF(words);
    const struct sp_history_request request = {
        .store = store,
        .call = sp_kb_syscall_find(sp_str_of(concrete[_i].call)),
        .arch = sp_kb_arch_find(SP_STR("x86_64")),
        .args = concrete[_i].args,
        .any = concrete[_i].any,
    };

    ck_assert(sp_histories_make(&scratch, &request, series, 3, &all));
    sp_history_write_allowed(&all, &words);
    ck_assert_str_eq(words.data == NULL ? "" : words.data, concrete[_i].words);
    sp_dd_store_free(store);
}
END_TEST

SP_SUITE(history_words)
{
    TCase *tcase = sp_testing_case(suite, "words");

    tcase_add_loop_test(tcase, words_say_what_is_so, 0,
                        (int)(sizeof histories / sizeof *histories));
    tcase_add_loop_test(tcase, releases_of_a_concrete_call, 0,
                        (int)(sizeof concrete / sizeof *concrete));
}
