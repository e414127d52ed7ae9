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
 * asked for: it leaves its answer in shared memory and ends with an invalid instruction.
 *
 * Guarded, nothing is executed at all: a filter of our own, loaded before the one that is asked
 * about, answers GUARD_ERRNO to every call.  The kernel runs both and takes the stricter answer;
 * where they are equally strict, that of the later one.  So GUARD_ERRNO comes back exactly where
 * the filter asked about lets a call through, waits for a tracer or for a listener.  A process
 * then makes call after call until one of them ends it. */
#include "bare.h"
#include "harmful.h"

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

#ifndef __x86_64__
#error "the probe knows the system calls of x86_64 only"
#endif

/* ---- protocol (repeated in lib/sem/kernel_harness.h) ------------------------------------- */

enum { ABI_SYSCALL, ABI_X32, ABI_INT80, ABIS };

enum {
    FLAG_STRICT = 1,   /* leave out what may do harm (harmful.h) */
    FLAG_GUARDED = 2,  /* execute nothing; a record may be anything then */
};

enum { GUARD_ERRNO = 4094 };

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
    SKIPPED,     /* in the table of harmful calls, and strict (or not isolated) */
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

/* ---- the process that makes the call ----------------------------------------------------- */

static struct header header;
static struct sock_filter program[BPF_MAXINSNS];
static bool is_isolated;

/* One for each record of a batch; not guarded, they rotate, so that a late stray of an earlier
 * record cannot answer for a later one. */
enum { SLOTS = 1024 };

struct shared {
    uint32_t next;  /* the slot that waits for an answer */
    uint32_t zero;
    struct outcome slots[SLOTS + 1];
};

static volatile struct shared *shared;
static struct record current;
static struct record batch[SLOTS];
static uint32_t batch_count;

/* Where a guarded process goes on after an answer. */
static void *resume[5];
static bool is_resumable;

/* Ends without a system call, which a filter could forbid. */
__attribute__((noreturn, noinline)) static void
answer(uint32_t kind, int64_t value)
{
    volatile struct outcome *slot = &shared->slots[shared->next];
    slot->value = value;
    slot->kind = kind;
    if (is_resumable) {
        shared->next++;
        __builtin_longjmp(resume, 1);
    }
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
    action.sa_flags = SA_SIGINFO | SA_RESTORER | SA_NODEFER;  /* it may not return */
    action.sa_restorer = never_returned_to;
    sys(__NR_rt_sigaction, SIGSYS, at(&action), 0, 8);
}

static void
limit(int resource, uint64_t most)
{
    struct rlimit64 bounds = {most, most};
    sys(__NR_prlimit64, 0, (uint64_t)resource, at(&bounds), 0);
}

/* What no caller but load() has in the sixth argument. */
enum { GUARD_KEY = 0x5ec0de };

/* Lets only the loading of another filter through. */
static const struct sock_filter guard[] = {
    {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
    {BPF_JMP | BPF_JEQ | BPF_K, 0, 5, __NR_seccomp},
    {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, arch)},
    {BPF_JMP | BPF_JEQ | BPF_K, 0, 3, AUDIT_ARCH_X86_64},
    {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, args[5])},
    {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, GUARD_KEY},
    {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
    {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | GUARD_ERRNO},
};

static void
load(const struct sock_filter *filter, uint32_t count)
{
    struct sock_fprog prog = {(unsigned short)count, (struct sock_filter *)filter};
    long error = native(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, at(&prog), 0, 0, GUARD_KEY);
    if (error != 0) {
        answer(REFUSED, error);
    }
}

static void
load_filters(void)
{
    sys(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0);
    if ((header.flags & FLAG_GUARDED) != 0) {
        load(guard, sizeof guard / sizeof guard[0]);
    }
    if (header.count > 0) {
        load(program, header.count);
    }
}

static void
prepare(void)
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
    load_filters();
}

static long
call(void)
{
    const uint64_t *args = current.args;
    if (current.abi == ABI_INT80) {
        return int80(current.nr, args);
    }
    uint64_t nr = current.nr | (current.abi == ABI_X32 ? (uint64_t)X32_BIT : 0);
    return native(nr, args[0], args[1], args[2], args[3], args[4], args[5]);
}

__attribute__((noreturn)) static void
make_call(void)
{
    prepare();
    answer(RETURNED, call());
}

/* The records of the batch from `next` on; every answer comes back to the loop. */
__attribute__((noreturn)) static void
make_calls(void)
{
    prepare();
    is_resumable = true;
    (void)__builtin_setjmp(resume);
    while (shared->next < batch_count) {
        current = batch[shared->next];
        answer(RETURNED, call());
    }
    __builtin_trap();
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
    volatile struct outcome *slot = &shared->slots[shared->next];
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

/* Lets a new process do its work, and says what came of the record that it was at. */
static struct outcome
run_process(void (*work)(void))
{
    long child = sys(__NR_fork, 0, 0, 0, 0);
    if (child == 0) {
        work();
    }
    if (child < 0) {
        return (struct outcome){FAILED, 0, child};
    }
    int status = 0;
    bool has_ended = wait_for(child, &status);
    if (!has_ended) {
        int ignored = 0;
        sys(__NR_kill, (uint64_t)child, SIGKILL, 0, 0);
        sys(__NR_wait4, (uint64_t)child, at(&ignored), 0, 0);
    }
    return outcome_of(has_ended, status);
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
    struct outcome outcome = run_process(make_call);
    if (is_isolated) {
        sys(__NR_kill, (uint64_t)-1, SIGKILL, 0, 0);  /* all of our own PID namespace */
    }
    return outcome;
}

static void
watch_records(void)
{
    for (uint32_t i = 0; read_all(&current, sizeof current); i++) {
        shared->next = i % SLOTS;
        shared->slots[shared->next].kind = UNSET;
        struct outcome outcome = run_record();
        write_all(&outcome, sizeof outcome);
    }
}

/* A process goes on from record to record; where one ends it, another takes the next. */
static void
run_batch(void)
{
    for (uint32_t i = 0; i < batch_count; i++) {
        shared->slots[i].kind = UNSET;
    }
    shared->next = 0;
    while (shared->next < batch_count) {
        struct outcome outcome = run_process(make_calls);
        if (shared->next < batch_count) {
            shared->slots[shared->next++] = outcome;
        }
    }
}

static void
watch_batches(void)
{
    do {
        batch_count = 0;
        while (batch_count < SLOTS && read_all(&batch[batch_count], sizeof batch[0])) {
            batch_count++;
        }
        run_batch();
        write_all((const void *)shared->slots, batch_count * sizeof shared->slots[0]);
    } while (batch_count == SLOTS);
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
    long page = native(__NR_mmap, 0, sizeof *shared, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, (uint64_t)-1, 0);
    if (page < 0 && page > -4096) {
        leave(2);
    }
    shared = (volatile struct shared *)page;
    uint32_t word = is_isolated ? PROBE_ISOLATED : 0;
    write_all(&word, sizeof word);
    if ((header.flags & FLAG_GUARDED) != 0) {
        watch_batches();
    } else {
        watch_records();
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
