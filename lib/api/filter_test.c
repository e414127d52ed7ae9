/* Filters through the public interface; what they do is asked of the kernel. */
#include "base/testing.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <secprof.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
static const uint32_t native = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
static const uint32_t native = AUDIT_ARCH_AARCH64;
#else
static const uint32_t native = 0;
#endif

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

/* In a process of its own: what `call` answers under the filter; errno, or 0. */
static int
errno_under(const struct secprof_filter *filter, long (*call)(void))
{
    int status = 0;
    pid_t child = fork();

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || secprof_filter_load(filter) != 0) {
            _exit(200);
        }
        _exit(call() == -1 ? errno : 0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(WIFEXITED(status), 1);
    return WEXITSTATUS(status);
}

static long
call_keyctl(void)
{
    return syscall(SYS_keyctl, 0, 0, 0, 0, 0);
}

static long
call_unshare(void)
{
    return syscall(SYS_unshare, 0x10000000);
}

static long
call_clone3(void)
{
    return syscall(SYS_clone3, NULL, 0);
}

static long
call_vsock(void)
{
    return syscall(SYS_socket, 40, 1, 0);
}

static long
call_getpid(void)
{
    return syscall(SYS_getpid);
}

static long
call_newer(void)
{
    return syscall(2000);
}

static const struct {
    long (*call)(void);
    const char *cap_add;
    int error;
} calls[] = {
    { call_keyctl, NULL, EPERM },
    { call_unshare, NULL, EPERM },
    { call_unshare, "CAP_SYS_ADMIN", 0 },
    { call_clone3, NULL, ENOSYS },
    { call_clone3, "CAP_SYS_ADMIN", EINVAL },
    { call_vsock, NULL, EPERM },
    { call_getpid, NULL, 0 },
    { call_newer, NULL, ENOSYS },
};

START_TEST(the_kernel_answers_as_docker_would)
{
    struct secprof_target target = { .cap_add = calls[_i].cap_add };
    struct secprof_filter *filter = NULL;
    char *why = NULL;

    ck_assert_int_eq(secprof_filter_new(context, "docker", &target, &filter, &why), SECPROF_OK);
    ck_assert_int_eq(errno_under(filter, calls[_i].call), calls[_i].error);
    ck_assert_int_eq(secprof_filter_lets_exec(filter), 1);
    secprof_filter_free(filter);
}
END_TEST

/* unshare is refused; afterwards it is done. */
START_TEST(a_filter_that_only_logs_refuses_nothing)
{
    const uint64_t args[6] = { 0x10000000 };
    struct secprof_filter *filter = NULL;
    char *why = NULL;

    ck_assert_int_eq(secprof_filter_new(context, "docker", NULL, &filter, &why), SECPROF_OK);
    ck_assert_int_eq(errno_under(filter, call_unshare), EPERM);
    ck_assert_uint_eq(secprof_filter_verdict(filter, native, SYS_unshare, args),
                      SECCOMP_RET_ERRNO | EPERM);
    ck_assert_int_eq(secprof_filter_only_log(filter), SECPROF_OK);
    ck_assert_int_eq(errno_under(filter, call_unshare), 0);
    ck_assert_uint_eq(secprof_filter_verdict(filter, native, SYS_unshare, args),
                      SECCOMP_RET_LOG);
    ck_assert_uint_eq(secprof_filter_verdict(filter, native, SYS_getpid, NULL),
                      SECCOMP_RET_ALLOW);
    secprof_filter_free(filter);
}
END_TEST

START_TEST(a_filter_of_another_machine_is_shown_not_loaded)
{
    const char *const arches[] = { "s390x" };
    struct secprof_target target = { .arches = arches, .arch_count = 1 };
    struct secprof_filter *filter = NULL;
    char *why = NULL;
    size_t count = 0;

    ck_assert_int_eq(secprof_filter_new(context, "docker", &target, &filter, &why), SECPROF_OK);
    ck_assert_int_eq(secprof_filter_is_native(filter), 0);
    ck_assert_str_eq(secprof_filter_arch(filter), "s390x");
    ck_assert_ptr_nonnull(secprof_filter_program(filter, &count));
    ck_assert_int_eq(secprof_filter_load(filter), -1);
    ck_assert_int_eq(errno, ENOEXEC);
    secprof_filter_free(filter);
}
END_TEST

START_TEST(probes_show_every_verdict_of_a_call)
{
    struct secprof_filter *filter = NULL;
    struct secprof_probes probes;
    char *why = NULL;
    unsigned refused = 0;
    unsigned let_through = 0;

    ck_assert_int_eq(secprof_filter_new(context, "docker", NULL, &filter, &why), SECPROF_OK);
    ck_assert_int_eq(secprof_filter_probes(filter, &probes), SECPROF_OK);
    ck_assert_uint_eq(probes.undecided, 0);
    ck_assert_uint_gt(probes.left_out, 0);
    for (size_t i = 0; i < probes.count; i++) {
        const struct secprof_probe *probe = &probes.at[i];
        ck_assert_msg(probe->meant == probe->verdict, "%s", probe->text);
        ck_assert_int_eq(probe->may_be_made, 1);
        ck_assert_uint_eq(secprof_filter_verdict(filter, probe->arch, probe->nr, probe->args),
                          probe->verdict);
        if (probe->arch == native && probe->nr == SYS_socket) {
            refused += probe->verdict == (SECCOMP_RET_ERRNO | EPERM);
            let_through += probe->verdict == SECCOMP_RET_ALLOW;
        }
    }
    ck_assert_uint_eq(refused, 1);
    ck_assert_uint_eq(let_through, 1);
    secprof_filter_free(filter);
}
END_TEST

START_TEST(a_verdict_is_told_as_people_write_it)
{
    char *text = NULL;

    ck_assert_int_eq(secprof_verdict_text(SECCOMP_RET_ERRNO | EPERM, &text), SECPROF_OK);
    ck_assert_str_eq(text, "ERRNO(EPERM)");
    secprof_text_free(text);
}
END_TEST

START_TEST(the_program_is_one_that_the_kernel_takes)
{
    struct secprof_filter *filter = NULL;
    char *text = NULL;
    size_t count = 0;

    ck_assert_int_eq(secprof_filter_new(context, "docker", NULL, &filter, &text), SECPROF_OK);
    const struct sock_filter *program = secprof_filter_program(filter, &count);
    ck_assert_uint_gt(count, 100);
    ck_assert_uint_le(count, BPF_MAXINSNS);
    ck_assert_uint_eq(program[count - 1].code, BPF_RET | BPF_K);
    ck_assert_int_eq(secprof_filter_listing(filter, &text), SECPROF_OK);
    ck_assert_ptr_nonnull(strstr(text, "arch"));
    secprof_text_free(text);
    secprof_filter_free(filter);
}
END_TEST

START_TEST(misuse_is_told)
{
    struct secprof_target rocket = { .engine = "rocket" };
    struct secprof_target counted = { .arch_count = 1 };
    struct secprof_filter *filter = NULL;
    char *why = NULL;

    ck_assert_int_eq(secprof_filter_new(NULL, "docker", NULL, &filter, &why), SECPROF_BAD_ARGUMENT);
    ck_assert_ptr_null(why);
    ck_assert_int_eq(secprof_filter_new(context, "docker", &rocket, &filter, &why),
                     SECPROF_BAD_ARGUMENT);
    ck_assert_ptr_nonnull(why);
    secprof_text_free(why);
    ck_assert_int_eq(secprof_filter_new(context, "docker", &counted, &filter, &why),
                     SECPROF_BAD_ARGUMENT);
    secprof_text_free(why);
    ck_assert_int_eq(secprof_filter_new(context, "no-such", NULL, &filter, &why), SECPROF_UNKNOWN);
    ck_assert_int_eq(secprof_filter_new(context, "./no-such.json", NULL, &filter, &why),
                     SECPROF_UNREADABLE);
    ck_assert_int_eq(errno, ENOENT);
    ck_assert_int_eq(secprof_filter_new(context, "testdata/cli/files/apply/pair.json", NULL, &filter,
                                        &why), SECPROF_REFUSED);
    ck_assert_ptr_nonnull(strstr(why, "pair.json:"));
    secprof_text_free(why);
    ck_assert_ptr_null(filter);
    ck_assert_ptr_null(secprof_filter_program(NULL, NULL));
    ck_assert_int_eq(secprof_filter_listing(NULL, NULL), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_filter_only_log(NULL), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_filter_probes(NULL, NULL), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_verdict_text(0, NULL), SECPROF_BAD_ARGUMENT);
    ck_assert_int_eq(secprof_filter_is_native(NULL), 0);
    ck_assert_ptr_null(secprof_filter_arch(NULL));
    secprof_filter_free(NULL);
}
END_TEST

SP_SUITE(api_filter)
{
    TCase *tcase = sp_testing_case(suite, "filter");

    tcase_add_checked_fixture(tcase, open_context, close_context);
    tcase_add_loop_test(tcase, the_kernel_answers_as_docker_would, 0,
                        (int)(sizeof calls / sizeof *calls));
    tcase_add_test(tcase, a_filter_that_only_logs_refuses_nothing);
    tcase_add_test(tcase, a_filter_of_another_machine_is_shown_not_loaded);
    tcase_add_test(tcase, probes_show_every_verdict_of_a_call);
    tcase_add_test(tcase, a_verdict_is_told_as_people_write_it);
    tcase_add_test(tcase, the_program_is_one_that_the_kernel_takes);
    tcase_add_test(tcase, misuse_is_told);
}
