/* How a call is tried: a child gives up its capabilities and descriptors, loads the filter and
 * makes one call after the other, and tells in shared memory what each has answered, for the
 * filter may forbid every other way to tell, and ending, too.  Where a verdict ends the child,
 * another one goes on behind that call. */
#include "apply_try.h"

#include "apply.h"
#include "say.h"
#include "verb.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE = 10 /* seconds */ };

/* What a child tells; its memory is the parent's. */
struct cmd_try_told {
    int failed;                   /* errno of what kept it from beginning; 0 = nothing did */
    bool has_begun;
    size_t at;                    /* the call that is being made */
    struct cmd_try_outcome of[];  /* one for each probe */
};

/* ---- in the child ------------------------------------------------------------------------ */

/* A signal handler finds it nowhere else. */
static struct cmd_try_told *telling;

static void
on_sigsys(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    telling->of[telling->at] = (struct cmd_try_outcome){
        .kind = CMD_TRY_TRAPPED, .value = info->si_errno,
    };
    __builtin_trap();  /* to return is a call, too */
}

static void
give_up_capabilities(void)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { { .effective = 0 } };

    (void)syscall(SYS_capset, &header, none);
}

/* Nothing of the parent may be in reach of a call that is let through by mistake. */
static void
withdraw(void)
{
    struct sigaction action = { .sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO };
    const struct rlimit none = { .rlim_cur = 0 };

    (void)sigaction(SIGSYS, &action, NULL);
    (void)signal(SIGILL, SIG_DFL);
    (void)signal(SIGTRAP, SIG_DFL);
    (void)signal(SIGALRM, SIG_DFL);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)setrlimit(RLIMIT_FSIZE, &none);
    (void)setrlimit(RLIMIT_NPROC, &none);
    give_up_capabilities();
    (void)syscall(SYS_close_range, 0, ~0u, 0);
    (void)alarm(PATIENCE);
}

#ifdef __x86_64__

/* A program of 64 bits makes the calls of 32 bits by an interrupt.  The 128 bytes below the
 * stack are the compiler's. */
static long
make_by_interrupt(const struct secprof_probe *probe)
{
    const uint64_t *args = probe->args;
    register uint64_t sixth __asm__("r8") = args[5];
    long result;

    __asm__ volatile("lea -128(%%rsp), %%rsp\n\tpush %%rbp\n\tmov %%r8, %%rbp\n\tint $0x80\n\t"
                     "pop %%rbp\n\tlea 128(%%rsp), %%rsp"
                     : "=a"(result), "+r"(sixth)
                     : "a"((uint64_t)probe->nr), "b"(args[0]), "c"(args[1]), "d"(args[2]),
                       "S"(args[3]), "D"(args[4])
                     : "r9", "r10", "r11", "memory");
    return (int)result;
}

#endif

static long
make(const struct secprof_probe *probe)
{
    const uint64_t *args = probe->args;

#ifdef __x86_64__
    if (probe->arch == AUDIT_ARCH_I386) {
        return make_by_interrupt(probe);
    }
#endif
    long result = syscall(probe->nr, args[0], args[1], args[2], args[3], args[4], args[5]);
    return result == -1 ? -errno : result;
}

bool
cmd_try_lets_through(uint32_t verdict)
{
    uint32_t action = verdict & SECCOMP_RET_ACTION_FULL;

    return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}

/* Ends by a trap, which no filter can forbid. */
__attribute__((noreturn)) static void
make_all(const struct secprof_filter *filter, const struct secprof_probes *probes, size_t first)
{
    if (filter != NULL
        && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || secprof_filter_load(filter) != 0)) {
        telling->failed = errno;
        __builtin_trap();
    }
    telling->has_begun = true;
    for (size_t i = first; i < probes->count; i++) {
        const struct secprof_probe *probe = &probes->at[i];
        if (!probe->may_be_made || (filter == NULL && !cmd_try_lets_through(probe->verdict))) {
            continue;
        }
        telling->at = i;
        long value = make(probe);
        telling->of[i] = (struct cmd_try_outcome){ .kind = CMD_TRY_RETURNED, .value = value };
    }
    telling->at = probes->count;
    __builtin_trap();
}

/* ---- in the parent ----------------------------------------------------------------------- */

static struct cmd_try_outcome
ended_by(int status)
{
    int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

    switch (number) {
    case SIGSYS:
        return (struct cmd_try_outcome){ .kind = CMD_TRY_KILLED };
    case SIGALRM:
        return (struct cmd_try_outcome){ .kind = CMD_TRY_TIMED_OUT };
    default:
        return (struct cmd_try_outcome){ .kind = CMD_TRY_SIGNALLED, .value = number };
    }
}

/* Tries the calls from the `*first` on; moves it behind the last that was tried. */
static int
try_some(const struct secprof_filter *filter, const struct secprof_probes *probes,
         struct cmd_try_told *told, size_t *first)
{
    int status = 0;

    telling = told;
    told->has_begun = false;
    told->at = *first;
    pid_t child = fork();
    if (child == 0) {
        withdraw();
        make_all(filter, probes, *first);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
        (void)cmd_failure("apply", "cannot start a process: %s", strerror(errno));
        return CMD_SETUP;
    }
    if (told->failed != 0) {
        return cmd_apply_cannot_load(told->failed);
    }
    if (!told->has_begun) {
        (void)cmd_failure("apply", "an outer filter ends processes that load one");
        return CMD_SETUP;
    }
    if (told->at < probes->count && told->of[told->at].kind == CMD_TRY_NOT_MADE) {
        told->of[told->at] = ended_by(status);
    }
    *first = told->at + 1;
    return CMD_CLEAN;
}

static int
try_all(const struct secprof_filter *filter, const struct secprof_probes *probes,
        struct cmd_try_told *told)
{
    int status = CMD_CLEAN;

    for (size_t first = 0; status == CMD_CLEAN && first < probes->count;) {
        status = try_some(filter, probes, told, &first);
    }
    return status;
}

int
cmd_try(const struct secprof_filter *filter, const struct secprof_probes *probes,
        struct cmd_try *ret_try)
{
    struct cmd_try made = {
        .count = probes->count,
        .size = sizeof *made.told + probes->count * sizeof made.told->of[0],
    };
    void *memory = mmap(NULL, made.size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
                        0);

    if (memory == MAP_FAILED) {
        (void)cmd_no_memory("apply");
        return CMD_SETUP;
    }
    made.told = memory;
    int status = try_all(filter, probes, made.told);
    if (status != CMD_CLEAN) {
        cmd_try_free(&made);
        return status;
    }
    *ret_try = made;
    return CMD_CLEAN;
}

struct cmd_try_outcome
cmd_try_outcome(const struct cmd_try *tried, size_t probe)
{
    return tried->told->of[probe];
}

void
cmd_try_free(struct cmd_try *tried)
{
    if (tried->told != NULL) {
        (void)munmap(tried->told, tried->size);
    }
}
