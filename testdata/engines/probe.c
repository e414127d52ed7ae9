/* The process of a container: makes raw system calls on three ABIs under the filter that an
 * engine has loaded, each in a process of its own, and leaves what came of them in a shared
 * file.  For x86_64 Linux; needs no C library:
 *
 *   gcc -O1 -static -nostdlib -ffreestanding -fno-stack-protector -mno-red-zone -no-pie probe.c
 *
 * testdata/kernel/probe.c loads filters itself and works outside of them; here all of the work
 * is done under a stranger's filter.  So it needs few calls: open or openat, mmap, clone,
 * wait4, rt_sigaction, prctl, seccomp, ioctl and exit_group.
 *
 * What is let through is told from what the kernel itself answers by a filter of our own, on
 * top of the engine's: it hands a call to a listener, but only when the call comes from one
 * marked place.  The kernel takes the lowest action of all filters: ERRNO, TRAP and KILL of the
 * engine's filter stay what they are, and a call that would be let through (ALLOW, LOG, TRACE,
 * NOTIFY) is not made but answered with LET_THROUGH.  So no call is made that could do harm. */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/ioctl.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/signal.h>
#include <linux/wait.h>
#include <asm/unistd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef __x86_64__
#error "the probe knows the system calls of x86_64 only"
#endif

/* ---- protocol (repeated in lib/sem/engine_harness.c) ------------------------------------- */

enum { ABI_SYSCALL, ABI_X32, ABI_INT80 };

enum {
    MODE_MARKED,  /* ask for the verdict; the call is never made */
    MODE_THREAD,  /* the same from a second thread, so that KILL_THREAD shows */
    MODE_PLAIN,   /* make the call */
};

enum {
    UNSET,
    RETURNED,       /* value: what the call returned, -errno included */
    TRAPPED,        /* SIGSYS arrived as it should; value: si_errno */
    TRAPPED_ODD,    /* SIGSYS with another code, architecture or number; value: si_errno */
    KILLED,         /* by SIGSYS */
    THREAD_KILLED,  /* only the thread that made the call */
    SIGNALLED,      /* ended by another signal; value: its number */
    EXITED,         /* value: the status */
    NO_LISTENER,    /* the filter of our own could not be loaded; value: -errno */
    FAILED,         /* no process; value: -errno */
};

enum { LET_THROUGH = 0x5ec0de };

enum { STATE_STARTED = 1, STATE_DONE = 2 };

struct head {
    uint32_t state;
    uint32_t count;
    int32_t seccomp;   /* PR_GET_SECCOMP before our own filter: 0 none, 2 filter, -errno */
    int32_t listener;
};

struct record {
    uint32_t abi;
    uint32_t nr;  /* without the bit of x32 */
    uint64_t args[6];
    uint32_t mode;
    uint32_t kind;
    int64_t value;
};

/* ---- system calls ------------------------------------------------------------------------ */

enum { X32_BIT = 0x40000000 };

/* One pair of entries is marked: the filter of our own knows the addresses behind their
 * instructions. */
__asm__(
    ".macro entries name\n"
    ".globl \\name\\()_64, \\name\\()_64_end, \\name\\()_32, \\name\\()_32_end\n"
    "\\name\\()_64:\n"
    "\tmov %rdi, %rax\n"
    "\tmov 0(%rsi), %rdi\n\tmov 16(%rsi), %rdx\n\tmov 24(%rsi), %r10\n"
    "\tmov 32(%rsi), %r8\n\tmov 40(%rsi), %r9\n\tmov 8(%rsi), %rsi\n"
    "\tsyscall\n"
    "\\name\\()_64_end:\n"
    "\tret\n"
    "\\name\\()_32:\n"
    "\tpush %rbx\n\tpush %rbp\n"
    "\tmov %rdi, %rax\n"
    "\tmov 0(%rsi), %rbx\n\tmov 8(%rsi), %rcx\n\tmov 16(%rsi), %rdx\n"
    "\tmov 32(%rsi), %rdi\n\tmov 40(%rsi), %rbp\n\tmov 24(%rsi), %rsi\n"
    "\tint $0x80\n"
    "\\name\\()_32_end:\n"
    "\tpop %rbp\n\tpop %rbx\n\tmovslq %eax, %rax\n\tret\n"
    ".endm\n"
    "entries marked\n"
    "entries plain\n");

long marked_64(uint64_t nr, const uint64_t *args);
long marked_32(uint64_t nr, const uint64_t *args);
long plain_64(uint64_t nr, const uint64_t *args);
long plain_32(uint64_t nr, const uint64_t *args);
extern const char marked_64_end[], marked_32_end[];

static long
sys(long nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
    const uint64_t args[6] = {a, b, c, d, e, f};
    return plain_64((uint64_t)nr, args);
}

static uint64_t
at(const volatile void *pointer)
{
    return (uint64_t)pointer;
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

__attribute__((noreturn)) static void
leave(int status)
{
    sys(__NR_exit_group, (uint64_t)status, 0, 0, 0, 0, 0);
    __builtin_trap();
}

/* ---- the process that makes the call ----------------------------------------------------- */

static volatile struct head *head;
static volatile struct record *current;
static volatile uint32_t thread_id;
static char thread_stack[16384] __attribute__((aligned(16)));

/* Ends without a system call, which a filter could forbid. */
__attribute__((noreturn)) static void
answer(uint32_t kind, int64_t value)
{
    current->value = value;
    current->kind = kind;
    __builtin_trap();
}

static void
on_sigsys(int signal, siginfo_t *info, void *context)
{
    (void)context;
    uint32_t nr = current->nr | (current->abi == ABI_X32 ? (uint32_t)X32_BIT : 0);
    uint32_t arch = current->abi == ABI_INT80 ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64;
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
    sys(__NR_rt_sigaction, SIGSYS, at(&action), 0, 8, 0, 0);
}

__attribute__((noreturn, used)) static void
make_call(void)
{
    uint64_t args[6];
    for (int i = 0; i < 6; i++) {
        args[i] = current->args[i];
    }
    bool is_plain = current->mode == MODE_PLAIN;
    uint64_t nr = current->nr;
    if (current->abi == ABI_INT80) {
        answer(RETURNED, is_plain ? plain_32(nr, args) : marked_32(nr, args));
    }
    nr |= current->abi == ABI_X32 ? (uint64_t)X32_BIT : 0;
    answer(RETURNED, is_plain ? plain_64(nr, args) : marked_64(nr, args));
}

/* clone(flags, stack, 0, tid); the new thread goes on in make_call. */
long new_thread(uint64_t flags, void *stack, volatile uint32_t *tid);
__asm__(
    "new_thread:\n"
    "\tmov %rdx, %r10\n\txor %edx, %edx\n\tmov $56, %eax\n"
    "\tsyscall\n"
    "\ttest %rax, %rax\n\tjnz 1f\n"
    "\txor %ebp, %ebp\n\tcall make_call\n"
    "1:\tret\n");

/* The kernel clears `thread_id` when the thread ends; with the process we are gone, too. */
__attribute__((noreturn)) static void
make_call_in_thread(void)
{
    thread_id = 1;
    long thread = new_thread(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD
                                 | CLONE_SYSVSEM | CLONE_CHILD_CLEARTID,
                             thread_stack + sizeof thread_stack, &thread_id);
    if (thread < 0) {
        answer(FAILED, thread);
    }
    while (thread_id != 0) {
        __builtin_ia32_pause();
    }
    answer(THREAD_KILLED, 0);
}

__attribute__((noreturn)) static void
work(void)
{
    catch_sigsys();
    if (current->mode == MODE_PLAIN) {
        const struct {
            int64_t interval[2], value[2];
        } timer = {{0, 0}, {0, 300000}};
        sys(__NR_setitimer, 0, at(&timer), 0, 0, 0, 0);
    }
    if (current->mode == MODE_THREAD) {
        make_call_in_thread();
    }
    make_call();
}

/* ---- the listener ------------------------------------------------------------------------ */

static int
listen_to_marked(void)
{
    static struct sock_filter program[] = {
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, instruction_pointer)},
        {BPF_JMP | BPF_JEQ | BPF_K, 2, 0, 0},
        {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_USER_NOTIF},
    };
    program[1].k = (uint32_t)at(marked_64_end);
    program[2].k = (uint32_t)at(marked_32_end);
    struct sock_fprog prog = {sizeof program / sizeof program[0], program};
    sys(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0);
    return (int)sys(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
                    at(&prog), 0, 0, 0);
}

__attribute__((noreturn)) static void
respond(int listener)
{
    for (;;) {
        struct seccomp_notif call = {0};
        struct seccomp_notif_resp response = {0};
        uint64_t to = (uint64_t)listener;
        if (sys(__NR_ioctl, to, SECCOMP_IOCTL_NOTIF_RECV, at(&call), 0, 0, 0) != 0) {
            continue;
        }
        response.id = call.id;
        response.val = LET_THROUGH;
        sys(__NR_ioctl, to, SECCOMP_IOCTL_NOTIF_SEND, at(&response), 0, 0, 0);
    }
}

/* ---- the process that watches ------------------------------------------------------------ */

static long
new_process(void)
{
    return sys(__NR_clone, SIGCHLD, 0, 0, 0, 0, 0);
}

static void
run_record(void)
{
    int status = 0;
    current->kind = UNSET;
    if (head->listener < 0 && current->mode != MODE_PLAIN) {
        current->value = head->listener;
        current->kind = NO_LISTENER;
        return;
    }
    long child = new_process();
    if (child == 0) {
        work();
    }
    if (child < 0) {
        current->value = child;
        current->kind = FAILED;
        return;
    }
    long pid = sys(__NR_wait4, (uint64_t)child, at(&status), __WALL, 0, 0, 0);
    if (current->kind != UNSET || pid != child) {
        return;
    }
    int signal = status & 0x7f;
    current->value = signal == 0 ? (status >> 8) & 0xff : signal;
    current->kind = signal == 0 ? EXITED : signal == SIGSYS ? KILLED : SIGNALLED;
}

static volatile void *
map(long file, size_t size)
{
    long page = sys(__NR_mmap, 0, size, PROT_READ | PROT_WRITE, MAP_SHARED, (uint64_t)file, 0);
    if (page < 0 && page > -4096) {
        leave(3);
    }
    return (volatile void *)page;
}

__attribute__((noreturn, used)) static void
probe_main(void)
{
    static const char path[] = "/io";
    long file = sys(__NR_openat, (uint64_t)-100, at(path), 2, 0, 0, 0);
    if (file < 0) {
        file = sys(__NR_open, at(path), 2, 0, 0, 0, 0);
    }
    if (file < 0) {
        leave(2);
    }
    head = map(file, sizeof *head);
    head->state = STATE_STARTED;
    head->seccomp = (int32_t)sys(__NR_prctl, PR_GET_SECCOMP, 0, 0, 0, 0, 0);
    size_t size = sizeof *head + head->count * sizeof *current;
    head = map(file, size);
    head->listener = listen_to_marked();
    if (head->listener >= 0 && new_process() == 0) {
        respond(head->listener);
    }
    volatile struct record *records = (volatile struct record *)(head + 1);
    for (uint32_t i = 0; i < head->count; i++) {
        current = &records[i];
        run_record();
    }
    head->state = STATE_DONE;
    leave(0);
}

__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tand $-16, %rsp\n\tcall probe_main\n");
