/* What the kernel really answers: raw system calls under a seccomp filter, each in a process of
 * its own.  For x86_64 Linux; needs no C library, so that it also runs in an empty container:
 *
 *   gcc -O1 -static -nostdlib -ffreestanding -fno-stack-protector -mno-red-zone probe.c
 *
 * Input (fd 0): struct header, `count` instructions (struct sock_filter), records to the end.
 * Output (fd 1): one word of PROBE_ISOLATED, then one struct outcome a record, in order.
 * All little endian.  Exit status: 0, or 2 when the input or the machine is unfit.
 *
 * A process that makes a call has no open files, no capabilities, may write no file, and sits
 * in namespaces of its own where the kernel grants them.  It needs no system call after the one
 * asked for: it leaves its answer in shared memory and ends with an invalid instruction. */
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/signal.h>
#include <linux/time_types.h>
#include <asm/unistd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef __x86_64__
#error "the probe knows the system calls of x86_64 only"
#endif

/* ---- protocol (repeated in lib/sem/kernel_harness.c) ------------------------------------- */

enum { ABI_SYSCALL, ABI_X32, ABI_INT80, ABIS };

enum {
    FLAG_STRICT = 1,  /* leave out the calls of the table below */
};

struct header {
    uint32_t count;  /* instructions; 0: load no filter, something else has already done so */
    uint32_t flags;
    uint32_t patience;  /* milliseconds a call may take */
};

struct record {
    uint32_t abi;
    uint32_t nr;  /* without the bit of x32 */
    uint64_t args[6];
};

enum {
    RETURNED,    /* value: what the call returned, -errno included */
    TRAPPED,     /* SIGSYS arrived as it should; value: si_errno */
    TRAPPED_ODD, /* SIGSYS with another code, architecture or number; value: si_errno */
    KILLED,      /* by SIGSYS */
    SIGNALLED,   /* ended by another signal; value: its number */
    EXITED,      /* value: the status */
    TIMED_OUT,
    SKIPPED,     /* in the table, and strict (or not isolated) */
    REFUSED,     /* the kernel does not take the filter; value: -errno */
    FAILED,      /* the probe could not do its work */
    UNSET,       /* nothing stored: never reported */
};

struct outcome {
    uint32_t kind;
    uint32_t zero;
    int64_t value;
};

enum { PROBE_ISOLATED = 1 };

/* ---- calls not to be let through --------------------------------------------------------- */

/* They change the machine, signal others, or do not come back. */
static const uint16_t native_table[] = {
    15 /* rt_sigreturn */, 34 /* pause */, 35 /* nanosleep */, 56 /* clone */, 57 /* fork */,
    58 /* vfork */, 59 /* execve */, 60 /* exit */, 62 /* kill */, 101 /* ptrace */,
    103 /* syslog */, 129 /* rt_sigqueueinfo */, 130 /* rt_sigsuspend */, 153 /* vhangup */,
    155 /* pivot_root */, 159 /* adjtimex */, 161 /* chroot */, 162 /* sync */, 163 /* acct */,
    164 /* settimeofday */, 165 /* mount */, 166 /* umount2 */, 167 /* swapon */,
    168 /* swapoff */, 169 /* reboot */, 170 /* sethostname */, 171 /* setdomainname */,
    172 /* iopl */, 173 /* ioperm */, 174 /* create_module */, 175 /* init_module */,
    176 /* delete_module */, 179 /* quotactl */, 200 /* tkill */, 227 /* clock_settime */,
    230 /* clock_nanosleep */, 231 /* exit_group */, 234 /* tgkill */, 246 /* kexec_load */,
    297 /* rt_tgsigqueueinfo */, 305 /* clock_adjtime */, 306 /* syncfs */,
    313 /* finit_module */, 320 /* kexec_file_load */, 321 /* bpf */, 322 /* execveat */,
    424 /* pidfd_send_signal */, 435 /* clone3 */,
    513 /* x32 rt_sigreturn */, 520 /* x32 execve */, 521 /* x32 ptrace */,
    524 /* x32 rt_sigqueueinfo */, 528 /* x32 kexec_load */, 536 /* x32 rt_tgsigqueueinfo */,
    545 /* x32 execveat */,
};

static const uint16_t i386_table[] = {
    1 /* exit */, 2 /* fork */, 11 /* execve */, 21 /* mount */, 22 /* umount */,
    25 /* stime */, 26 /* ptrace */, 29 /* pause */, 36 /* sync */, 37 /* kill */,
    51 /* acct */, 52 /* umount2 */, 61 /* chroot */, 72 /* sigsuspend */,
    74 /* sethostname */, 79 /* settimeofday */, 87 /* swapon */, 88 /* reboot */,
    101 /* ioperm */, 103 /* syslog */, 110 /* iopl */, 111 /* vhangup */, 113 /* vm86old */,
    115 /* swapoff */, 119 /* sigreturn */, 120 /* clone */, 121 /* setdomainname */,
    124 /* adjtimex */, 127 /* create_module */, 128 /* init_module */,
    129 /* delete_module */, 131 /* quotactl */, 162 /* nanosleep */, 166 /* vm86 */,
    173 /* rt_sigreturn */, 178 /* rt_sigqueueinfo */, 179 /* rt_sigsuspend */,
    190 /* vfork */, 217 /* pivot_root */, 238 /* tkill */, 252 /* exit_group */,
    264 /* clock_settime */, 267 /* clock_nanosleep */, 270 /* tgkill */,
    283 /* kexec_load */, 335 /* rt_tgsigqueueinfo */, 343 /* clock_adjtime */,
    344 /* syncfs */, 350 /* finit_module */, 357 /* bpf */, 358 /* execveat */,
    404 /* clock_settime64 */, 405 /* clock_adjtime64 */, 407 /* clock_nanosleep_time64 */,
    424 /* pidfd_send_signal */, 435 /* clone3 */,
};

static bool
is_in_table(const struct record *record)
{
    bool is_i386 = record->abi == ABI_INT80;
    const uint16_t *table = is_i386 ? i386_table : native_table;
    size_t count = is_i386 ? sizeof i386_table / sizeof i386_table[0]
                           : sizeof native_table / sizeof native_table[0];
    for (size_t i = 0; i < count; i++) {
        if (table[i] == record->nr) {
            return true;
        }
    }
    return false;
}

/* ---- system calls ------------------------------------------------------------------------ */

enum { X32_BIT = 0x40000000 };

static long
native(uint64_t nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
    long result;
    register uint64_t r10 __asm__("r10") = d;
    register uint64_t r8 __asm__("r8") = e;
    register uint64_t r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

/* All 64 bits of each register: a filter sees them, though the call takes the lower half. */
static long
int80(uint32_t nr, const uint64_t *args)
{
    long result;
    register uint64_t sixth __asm__("r8") = args[5];
    __asm__ volatile("push %%rbp\n\tmov %%r8, %%rbp\n\tint $0x80\n\tpop %%rbp"
                     : "=a"(result), "+r"(sixth)
                     : "a"((uint64_t)nr), "b"(args[0]), "c"(args[1]), "d"(args[2]),
                       "S"(args[3]), "D"(args[4])
                     : "r9", "r10", "r11", "memory");
    return (int32_t)result;
}

static long
sys(long nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    return native((uint64_t)nr, a, b, c, d, 0, 0);
}

static uint64_t
at(const volatile void *pointer)
{
    return (uint64_t)pointer;
}

__attribute__((noreturn)) static void
leave(int status)
{
    for (;;) {
        sys(__NR_exit_group, (uint64_t)status, 0, 0, 0);
    }
}

/* The compiler may ask for it even here. */
void *
memset(void *to, int byte, size_t size)
{
    volatile char *p = to;
    for (size_t i = 0; i < size; i++) {
        p[i] = (char)byte;
    }
    return to;
}

/* Reads all of `size`; false at the end of the input. */
static bool
read_all(void *to, size_t size)
{
    char *p = to;
    while (size > 0) {
        long n = sys(__NR_read, 0, at(p), size, 0);
        if (n <= 0) {
            return false;
        }
        p += n;
        size -= (size_t)n;
    }
    return true;
}

static void
write_all(const void *from, size_t size)
{
    const char *p = from;
    while (size > 0) {
        long n = sys(__NR_write, 1, at(p), size, 0);
        if (n <= 0) {
            leave(2);
        }
        p += n;
        size -= (size_t)n;
    }
}

/* ---- the process that makes the call ----------------------------------------------------- */

static struct header header;
static struct sock_filter program[BPF_MAXINSNS];
static bool is_isolated;

/* Rotating, so that a late stray of an earlier record cannot answer for a later one. */
enum { SLOTS = 256 };
static volatile struct outcome *slots;
static volatile struct outcome *slot;
static struct record current;

/* Ends without a system call, which a filter could forbid. */
__attribute__((noreturn)) static void
answer(uint32_t kind, int64_t value)
{
    slot->value = value;
    slot->kind = kind;
    __builtin_trap();
}

static void
on_sigsys(int signal, siginfo_t *info, void *context)
{
    (void)context;
    uint32_t nr = current.nr | (current.abi == ABI_X32 ? (uint32_t)X32_BIT : 0);
    uint32_t arch = current.abi == ABI_INT80 ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64;
    bool is_right = signal == SIGSYS && info->si_signo == SIGSYS && info->si_code == 1
        && (uint32_t)info->si_syscall == nr && info->si_arch == arch;
    answer(is_right ? TRAPPED : TRAPPED_ODD, info->si_errno);
}

static void
never_returned_to(void)
{
    __builtin_trap();
}

static void
catch_sigsys(void)
{
    struct sigaction action = {0};
    action.sa_handler = (__sighandler_t)(void *)on_sigsys;
    action.sa_flags = SA_SIGINFO | SA_RESTORER;
    action.sa_restorer = never_returned_to;
    sys(__NR_rt_sigaction, SIGSYS, at(&action), 0, 8);
}

static void
limit(int resource, uint64_t most)
{
    struct rlimit64 bounds = {most, most};
    sys(__NR_prlimit64, 0, (uint64_t)resource, at(&bounds), 0);
}

static void
load_filter(void)
{
    if (header.count == 0) {
        return;
    }
    struct sock_fprog prog = {(unsigned short)header.count, program};
    sys(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0);
    long error = sys(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, at(&prog), 0);
    if (error != 0) {
        answer(REFUSED, error);
    }
}

__attribute__((noreturn)) static void
make_call(void)
{
    sys(__NR_setpgid, 0, 0, 0, 0);
    catch_sigsys();
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_NPROC, 0);
    limit(RLIMIT_CPU, 2);
    sys(__NR_close_range, 0, ~0u, 0, 0);
    sys(__NR_close, 0, 0, 0, 0);
    sys(__NR_close, 1, 0, 0, 0);
    sys(__NR_close, 2, 0, 0, 0);
    sys(__NR_alarm, 5, 0, 0, 0);
    load_filter();
    const uint64_t *args = current.args;
    if (current.abi == ABI_INT80) {
        answer(RETURNED, int80(current.nr, args));
    }
    uint64_t nr = current.nr | (current.abi == ABI_X32 ? (uint64_t)X32_BIT : 0);
    answer(RETURNED, native(nr, args[0], args[1], args[2], args[3], args[4], args[5]));
}

/* ---- the process that watches ------------------------------------------------------------ */

static uint64_t
now_ms(void)
{
    struct __kernel_timespec now = {0};
    sys(__NR_clock_gettime, 1, at(&now), 0, 0);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Waits for `child` as long as the caller wants; false when the time is over. */
static bool
wait_for(long child, int *ret_status)
{
    uint64_t end = now_ms() + header.patience;
    uint64_t sigchld = 1ul << (SIGCHLD - 1);
    for (;;) {
        long pid;
        do {
            pid = sys(__NR_wait4, (uint64_t)-1, at(ret_status), 1 /* WNOHANG */, 0);
        } while (pid > 0 && pid != child);
        uint64_t now = now_ms();
        if (pid == child || now >= end) {
            return pid == child;
        }
        uint64_t left = end - now;
        struct __kernel_timespec time = {(int64_t)left / 1000, (int64_t)left % 1000 * 1000000};
        sys(__NR_rt_sigtimedwait, at(&sigchld), 0, at(&time), 8);
    }
}

static struct outcome
outcome_of(bool has_ended, int status)
{
    int signal = status & 0x7f;
    if (slot->kind != UNSET) {
        return (struct outcome){slot->kind, 0, slot->value};
    }
    if (!has_ended) {
        return (struct outcome){TIMED_OUT, 0, 0};
    }
    if (signal == 0) {
        return (struct outcome){EXITED, 0, (status >> 8) & 0xff};
    }
    /* The child's own alarm and processor limit are patience, too. */
    if (signal == SIGALRM || signal == SIGXCPU) {
        return (struct outcome){TIMED_OUT, 0, 0};
    }
    return (struct outcome){signal == SIGSYS ? KILLED : SIGNALLED, 0, signal};
}

static struct outcome
run_record(void)
{
    if (current.abi >= ABIS) {
        return (struct outcome){FAILED, 0, -22};
    }
    if (((header.flags & FLAG_STRICT) != 0 || !is_isolated) && is_in_table(&current)) {
        return (struct outcome){SKIPPED, 0, 0};
    }
    slot->kind = UNSET;
    long child = sys(__NR_fork, 0, 0, 0, 0);
    if (child == 0) {
        make_call();
    }
    if (child < 0) {
        return (struct outcome){FAILED, 0, child};
    }
    int status = 0;
    bool has_ended = wait_for(child, &status);
    struct outcome outcome = outcome_of(has_ended, status);
    if (!has_ended) {
        sys(__NR_kill, (uint64_t)child, SIGKILL, 0, 0);
        sys(__NR_wait4, (uint64_t)child, 0, 0, 0);
    }
    if (is_isolated) {
        sys(__NR_kill, (uint64_t)-1, SIGKILL, 0, 0);  /* all of our own PID namespace */
    }
    return outcome;
}

/* Gives up every capability; true when that is sure. */
static bool
drop_privileges(bool is_root)
{
    if (is_root) {
        sys(__NR_setgroups, 0, 0, 0, 0);
        if (sys(__NR_setresgid, 65534, 65534, 65534, 0) != 0
            || sys(__NR_setresuid, 65534, 65534, 65534, 0) != 0) {
            return false;
        }
    }
    struct __user_cap_header_struct version = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {0};
    return sys(__NR_capset, at(&version), at(none), 0, 0) == 0;
}

__attribute__((noreturn)) static void
watch(bool is_alone, bool is_root)
{
    is_isolated = drop_privileges(is_root) && is_alone;
    sys(__NR_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0);
    uint64_t sigchld = 1ul << (SIGCHLD - 1);
    sys(__NR_rt_sigprocmask, SIG_BLOCK, at(&sigchld), 0, 8);
    long page = native(__NR_mmap, 0, SLOTS * sizeof *slots, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, (uint64_t)-1, 0);
    if (page < 0 && page > -4096) {
        leave(2);
    }
    slots = (volatile struct outcome *)page;
    uint32_t word = is_isolated ? PROBE_ISOLATED : 0;
    write_all(&word, sizeof word);
    for (unsigned i = 0; read_all(&current, sizeof current); i++) {
        slot = &slots[i % SLOTS];
        struct outcome outcome = run_record();
        write_all(&outcome, sizeof outcome);
    }
    leave(0);
}

/* True when what follows is forked into a PID namespace of its own, among others. */
static bool
new_namespaces(void)
{
    uint64_t flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
    return sys(__NR_unshare, flags, 0, 0, 0) == 0
        || sys(__NR_unshare, flags | CLONE_NEWUSER, 0, 0, 0) == 0;
}

__attribute__((noreturn, used)) static void
probe_main(void)
{
    if (!read_all(&header, sizeof header) || header.count > BPF_MAXINSNS
        || !read_all(program, header.count * sizeof program[0])) {
        leave(2);
    }
    bool is_root = sys(__NR_getuid, 0, 0, 0, 0) == 0;
    bool is_alone = new_namespaces();
    long child = sys(__NR_fork, 0, 0, 0, 0);
    if (child == 0) {
        watch(is_alone, is_root);
    }
    int status = 0;
    if (child < 0 || sys(__NR_wait4, (uint64_t)child, at(&status), 0, 0) != child) {
        leave(2);
    }
    leave(status == 0 ? 0 : 2);
}

__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tand $-16, %rsp\n\tcall probe_main\n");
