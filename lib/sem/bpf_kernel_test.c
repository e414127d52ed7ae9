/* The kernel has the last word: programs are loaded in children, and asked with a system call
 * that does not exist. */
#include "sem/bpf_test.h"

#include "base/testing.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NR = 600, POINTS = 24, PROGRAMS = 250, CANDIDATES = 800, LONGEST = 16, WRAPPING = 6 };

#if defined(__x86_64__)
static const uint32_t arch = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
static const uint32_t arch = AUDIT_ARCH_AARCH64;
#else
static const uint32_t arch = 0;
#endif

/* What the child has seen; its memory is the parent's. */
struct seen {
    int load_errno;  /* 0: the program was taken */
    bool is_loaded;
    size_t answered;
    long answer[POINTS];  /* 0, or a negative errno */
};

static struct seen *seen;

static int
load_program(struct sp_bpf program)
{
    struct sock_filter filter[SP_BPF_MAX];
    struct sock_fprog whole = { .len = (unsigned short)program.count, .filter = filter };

    for (size_t i = 0; i < program.count; i++) {
        const struct sp_bpf_insn *insn = &program.at[i];
        filter[i] = (struct sock_filter){ insn->code, insn->jt, insn->jf, insn->k };
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
        || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &whole) != 0) {
        return errno;
    }
    return 0;
}

/* A child that loads the program and makes the calls; its end as waitpid has it.  It ends by a
 * trap: the program may refuse every call. */
static int
ask_kernel(struct sp_bpf program, const struct sp_call *calls, size_t count)
{
    int status = 0;

    *seen = (struct seen){ .answered = 0 };
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        signal(SIGILL, SIG_DFL);
        signal(SIGTRAP, SIG_DFL);
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
        seen->load_errno = load_program(program);
        seen->is_loaded = true;
        for (size_t i = 0; seen->load_errno == 0 && i < count; i++) {
            const uint64_t *args = calls[i].args;
            long answer = syscall(NR, args[0], args[1], args[2], args[3], args[4], args[5]);
            seen->answer[i] = answer == -1 ? -errno : answer;
            seen->answered++;
        }
        __builtin_trap();
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return status;
}

static void
share_memory(void)
{
    seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(seen, MAP_FAILED);
}

static void
unshare_memory(void)
{
    munmap(seen, sizeof *seen);
}

/* Can filters be loaded here? Says so when not: nothing is compared then. */
static bool
can_load(void)
{
    static const struct sp_bpf_insn program[] = { INSN(SP_BPF_RET_K, SP_VERDICT_ALLOW) };

    ask_kernel(PROGRAM(program), NULL, 0);
    if (arch == 0 || !seen->is_loaded || seen->load_errno != 0) {
        fprintf(stderr, "skipped: no seccomp filter can be loaded here (errno %d)\n",
                seen->load_errno);
        return false;
    }
    return true;
}

/* ---- acceptance -------------------------------------------------------------------------- */

/* Something that the kernel may or may not like. */
static void
spoil(struct sp_bpf_insn *insn, uint64_t *seed)
{
    static const uint16_t codes[] = {
        BPF_ALU | BPF_MOD, BPF_LD | BPF_H | BPF_ABS, BPF_LDX | BPF_B | BPF_MSH, BPF_RET | BPF_X,
        SP_BPF_DIV, SP_BPF_LSH, SP_BPF_RSH, SP_BPF_LD_MEM, SP_BPF_ST, SP_BPF_XOR, SP_BPF_LD_IMM,
    };

    switch (bpf_random_below(seed, 8)) {
    case 0:
        insn->code = codes[bpf_random_below(seed, sizeof codes / sizeof *codes)];
        break;
    case 1:
        insn->k = bpf_random_word(seed);
        break;
    case 2:
        insn->jt = (uint8_t)bpf_random_below(seed, LONGEST);
        break;
    case 3:
        insn->code = (uint16_t)bpf_random_below(seed, 256);
        break;
    default:
        break;
    }
}

START_TEST(the_kernel_takes_the_same_programs)
{
    uint64_t seed = 0xacce97;
    size_t taken = 0;

    if (!can_load()) {
        return;
    }
    for (unsigned i = 0; i < CANDIDATES; i++) {
        struct sp_bpf_insn room[LONGEST];
        size_t count = 1 + bpf_random_below(&seed, LONGEST / (1 + i % 4));
        struct sp_bpf program = bpf_random_program(&seed, room, count);
        size_t at;
        spoil(&room[bpf_random_below(&seed, (uint32_t)count)], &seed);
        ask_kernel(program, NULL, 0);
        ck_assert_msg((seen->load_errno == 0) == (sp_bpf_refused(program, &at) == NULL),
                      "program %u: errno %d, at %zu", i, seen->load_errno, at);
        ck_assert(seen->load_errno == 0 || seen->load_errno == EINVAL);
        taken += seen->load_errno == 0;
    }
    ck_assert_uint_gt(taken, CANDIDATES / 5);
    ck_assert_uint_lt(taken, CANDIDATES * 4 / 5);
}
END_TEST

/* All codes of one byte, and some of two. */
START_TEST(the_kernel_takes_the_same_codes)
{
    if (!can_load()) {
        return;
    }
    for (unsigned code = 0; code < 0x110; code++) {
        struct sp_bpf_insn program[] = {
            INSN(SP_BPF_ST, 4), INSN((uint16_t)code, 4), INSN(SP_BPF_RET_K, 0),
            INSN(SP_BPF_RET_K, 0), INSN(SP_BPF_RET_K, 0), INSN(SP_BPF_RET_K, 0),
            INSN(SP_BPF_RET_K, 0),
        };
        size_t at;
        bool is_accepted = sp_bpf_refused(PROGRAM(program), &at) == NULL;
        ask_kernel(PROGRAM(program), NULL, 0);
        ck_assert_msg((seen->load_errno == 0) == is_accepted,
                      "code %#x: errno %d", code, seen->load_errno);
    }
}
END_TEST

/* ---- answers ----------------------------------------------------------------------------- */

/* Random instructions between a head that lets other calls pass, and an end that makes an
 * errno of A, to which every return becomes a jump. False when it is not accepted. */
static bool
wrap(uint64_t *seed, struct sp_bpf_insn *room, size_t count, struct sp_bpf *ret_program)
{
    static const struct sp_bpf_insn head[] = {
        INSN(SP_BPF_LD_ABS, SP_BPF_DATA_NR), JUMP(SP_BPF_JEQ, NR, 1, 0),
        INSN(SP_BPF_RET_K, SP_VERDICT_ALLOW),
    };
    static const struct sp_bpf_insn tail[] = {
        INSN(SP_BPF_AND, 0xfff), INSN(SP_BPF_OR, SP_VERDICT_ERRNO), INSN(SP_BPF_RET_A, 0),
    };
    size_t used = 0;
    size_t at;

    for (size_t i = 0; i < 3; i++) {
        room[used++] = head[i];
    }
    for (size_t i = 0; i < count; i++) {
        struct sp_bpf_insn insn = bpf_random_insn(seed, count - i);
        if (BPF_CLASS(insn.code) == BPF_RET) {
            insn = (struct sp_bpf_insn)INSN(SP_BPF_JA, (uint32_t)(count - i - 1));
        }
        if (insn.code == SP_BPF_LD_ABS && insn.k < SP_BPF_DATA_ARGS) {
            insn.k += SP_BPF_DATA_ARGS;  /* the instruction pointer is not known */
        }
        room[used++] = insn;
    }
    for (size_t i = 0; i < 3; i++) {
        room[used++] = tail[i];
    }
    *ret_program = (struct sp_bpf){ .at = room, .count = used };
    return sp_bpf_refused(*ret_program, &at) == NULL;
}

/* The kernel caps an errno at 4095. */
static long
answer_of(sp_verdict verdict)
{
    long number = (long)(verdict & SP_VERDICT_DATA);

    return number > 4095 ? -4095 : -number;
}

/* How many points were compared. Division by 0 kills the child at its point. */
static size_t
compare_with_kernel(struct sp_bpf program, uint64_t *seed)
{
    struct sp_call calls[POINTS];

    for (size_t i = 0; i < POINTS; i++) {
        calls[i] = bpf_random_call(seed, arch, NR);
    }
    int status = ask_kernel(program, calls, POINTS);
    ck_assert_int_eq(seen->load_errno, 0);
    for (size_t i = 0; i < seen->answered; i++) {
        sp_verdict verdict = sp_bpf_run(program, &calls[i], NULL);
        ck_assert_uint_eq(verdict & SP_VERDICT_ACTION, SP_VERDICT_ERRNO);
        ck_assert_int_eq(seen->answer[i], answer_of(verdict));
    }
    if (seen->answered < POINTS) {
        ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
        ck_assert_uint_eq(sp_bpf_run(program, &calls[seen->answered], NULL),
                          SP_VERDICT_KILL_THREAD);
    }
    return seen->answered;
}

START_TEST(the_kernel_gives_the_same_answers)
{
    uint64_t seed = 0xa115e5;
    size_t compared = 0;

    if (!can_load()) {
        return;
    }
    for (unsigned done = 0; done < PROGRAMS;) {
        struct sp_bpf_insn room[LONGEST + WRAPPING];
        struct sp_bpf program;
        if (wrap(&seed, room, 1 + bpf_random_below(&seed, LONGEST), &program)) {
            compared += compare_with_kernel(program, &seed);
            done++;
        }
    }
    ck_assert_uint_gt(compared, (size_t)PROGRAMS * POINTS * 3 / 4);
}
END_TEST

SP_SUITE(bpf_kernel)
{
    TCase *tcase = sp_testing_case(suite, "kernel");
    tcase_add_checked_fixture(tcase, share_memory, unshare_memory);
    tcase_add_test(tcase, the_kernel_takes_the_same_programs);
    tcase_add_test(tcase, the_kernel_takes_the_same_codes);
    tcase_add_test(tcase, the_kernel_gives_the_same_answers);
}
