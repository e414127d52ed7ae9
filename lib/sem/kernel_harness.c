/* Our interpreter of filters against the kernel's: every number of three ABIs, under programs
 * written here or one given as a file of struct sock_filter.
 *
 *   kernel_harness PROBE [PROGRAM]
 *
 * PROBE is testdata/kernel/probe.c, compiled.  The programs written here refuse whatever could
 * do harm; under a program from a file the probe leaves out the calls of its table, and the
 * others get arguments of all ones, which are no descriptor, address or process.
 * Exit status: 0 when all points agree (or no filter can be loaded here), 1, 2 for trouble. */
#include "sem/bpf_test.h"

#include <linux/audit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the probe's protocol (see testdata/kernel/probe.c) ---------------------------------- */

enum { ABI_SYSCALL, ABI_X32, ABI_INT80, ABIS };
enum { FLAG_STRICT = 1 };
enum { PROBE_ISOLATED = 1 };
enum {
    RETURNED, TRAPPED, TRAPPED_ODD, KILLED, SIGNALLED, EXITED, TIMED_OUT, SKIPPED, REFUSED,
    FAILED, KINDS
};

static const char *const abi_names[ABIS] = { "syscall", "x32", "int80" };
static const char *const kind_names[KINDS] = {
    "returned", "trapped", "trapped with odd details", "killed", "ended by signal", "exited",
    "timed out", "skipped", "filter refused", "probe failed",
};

struct header {
    uint32_t count, flags, patience;
};

struct record {
    uint32_t abi, nr;
    uint64_t args[SP_ARGS];
};

struct outcome {
    uint32_t kind, zero;
    int64_t value;
};

enum { PATIENCE = 500, NUMBERS = 601, POINTS = NUMBERS * ABIS, LISTED = 20 };
enum { X32_BIT = 0x40000000, ERRNO_MOST = 4095 };

/* The exit statuses of asking. */
enum asked { ASKED, ASKED_NO_FILTERS, ASKED_TROUBLE };

static struct record records[POINTS];
static struct outcome outcomes[POINTS];
static size_t agreed, disagreed, skipped, exempt;

/* ---- programs ---------------------------------------------------------------------------- */

enum { NR = SP_BPF_DATA_NR, ARCH = SP_BPF_DATA_ARCH };

/* ERRNO(1000 + nr % 3000), with nr less the bit of x32. */
static const struct sp_bpf_insn number_program[] = {
    INSN(SP_BPF_LD_ABS, NR),
    INSN(SP_BPF_AND, 0x3fffffff),
    INSN(SP_BPF_ST, 3),
    INSN(SP_BPF_DIV, 3000),
    INSN(SP_BPF_MUL, 3000),
    INSN(SP_BPF_TAX, 0),
    INSN(SP_BPF_LD_MEM, 3),
    INSN(SP_BPF_SUB | BPF_X, 0),
    INSN(SP_BPF_ADD, 1000),
    INSN(SP_BPF_OR, SP_VERDICT_ERRNO),
    INSN(SP_BPF_RET_A, 0),
};

/* Every action that denies, by the last bits of the number. */
static const struct sp_bpf_insn action_program[] = {
    INSN(SP_BPF_LD_ABS, NR),
    JUMP(SP_BPF_JSET, 4, 7, 0),
    JUMP(SP_BPF_JSET, 2, 3, 0),
    JUMP(SP_BPF_JSET, 1, 1, 0),
    INSN(SP_BPF_RET_K, SP_VERDICT_ERRNO | 1234),
    INSN(SP_BPF_RET_K, SP_VERDICT_TRAP | 0xabcd),
    JUMP(SP_BPF_JSET, 1, 1, 0),
    INSN(SP_BPF_RET_K, SP_VERDICT_KILL_PROCESS),
    INSN(SP_BPF_RET_K, SP_VERDICT_KILL_THREAD),
    JUMP(SP_BPF_JSET, 2, 3, 0),
    JUMP(SP_BPF_JSET, 1, 1, 0),
    INSN(SP_BPF_RET_K, SP_VERDICT_TRACE | 7),
    INSN(SP_BPF_RET_K, SP_VERDICT_NOTIFY),
    JUMP(SP_BPF_JSET, 1, 1, 0),
    INSN(SP_BPF_RET_K, SP_VERDICT_ERRNO | 0),
    INSN(SP_BPF_RET_K, SP_VERDICT_ERRNO | 0xffff),
};

/* ERRNO of a value that each half of each argument, the number and the architecture have a part
 * in. */
#define MIX(offset)                                                          \
    INSN(SP_BPF_MUL, 31), INSN(SP_BPF_TAX, 0), INSN(SP_BPF_LD_ABS, offset), \
        INSN(SP_BPF_XOR | BPF_X, 0)
static const struct sp_bpf_insn argument_program[] = {
    INSN(SP_BPF_LD_ABS, NR),
    MIX(ARCH),
    MIX(ARG_LOW), MIX(ARG_LOW + 8), MIX(ARG_LOW + 16),
    MIX(ARG_LOW + 24), MIX(ARG_LOW + 32), MIX(ARG_LOW + 40),
    MIX(ARG_HIGH), MIX(ARG_HIGH + 8), MIX(ARG_HIGH + 16),
    MIX(ARG_HIGH + 24), MIX(ARG_HIGH + 32), MIX(ARG_HIGH + 40),
    INSN(SP_BPF_TAX, 0),
    INSN(SP_BPF_RSH, 12),
    INSN(SP_BPF_XOR | BPF_X, 0),
    INSN(SP_BPF_AND, 0xfff),
    INSN(SP_BPF_OR, SP_VERDICT_ERRNO | 0x400),
    INSN(SP_BPF_RET_A, 0),
};

/* As profiles are compiled: architecture, x32, then the numbers one by one.  What is let
 * through only asks who we are. */
static const struct sp_bpf_insn chain_program[] = {
    INSN(SP_BPF_LD_ABS, ARCH),
    JUMP(SP_BPF_JEQ, AUDIT_ARCH_I386, 9, 0),
    JUMP(SP_BPF_JEQ, AUDIT_ARCH_X86_64, 0, 12),
    INSN(SP_BPF_LD_ABS, NR),
    JUMP(SP_BPF_JGE, X32_BIT, 11, 0),
    JUMP(SP_BPF_JEQ, 39, 11, 0),    /* getpid */
    JUMP(SP_BPF_JEQ, 102, 10, 0),   /* getuid */
    JUMP(SP_BPF_JEQ, 110, 9, 0),    /* getppid */
    JUMP(SP_BPF_JEQ, 186, 9, 0),    /* gettid */
    JUMP(SP_BPF_JEQ, 0, 5, 0),
    INSN(SP_BPF_RET_K, SP_VERDICT_ERRNO | 2001),
    INSN(SP_BPF_LD_ABS, NR),
    JUMP(SP_BPF_JEQ, 20, 4, 0),     /* getpid */
    JUMP(SP_BPF_JEQ, 224, 4, 0),    /* gettid */
    INSN(SP_BPF_RET_K, SP_VERDICT_ERRNO | 2002),
    INSN(SP_BPF_RET_K, SP_VERDICT_KILL_PROCESS),
    INSN(SP_BPF_RET_K, SP_VERDICT_ERRNO | 2003),
    INSN(SP_BPF_RET_K, SP_VERDICT_ALLOW),
    INSN(SP_BPF_RET_K, SP_VERDICT_LOG),
};

#define ROW(name_, array_) { .name = (name_), .program = PROGRAM(array_) }

static const struct row {
    const char *name;
    struct sp_bpf program;
} rows[] = {
    ROW("numbers", number_program),
    ROW("actions", action_program),
    ROW("arguments", argument_program),
    ROW("chain", chain_program),
};

/* ---- points ------------------------------------------------------------------------------ */

/* Arguments stay whole with int 0x80, too: from a 64-bit process, a filter sees all bits of the
 * registers, of which the call then takes the lower halves. */
static struct sp_call
call_of(const struct record *record)
{
    struct sp_call call = { .arch = AUDIT_ARCH_X86_64, .nr = record->nr };

    memcpy(call.args, record->args, sizeof call.args);
    if (record->abi == ABI_X32) {
        call.nr |= (uint32_t)X32_BIT;
    } else if (record->abi == ABI_INT80) {
        call.arch = AUDIT_ARCH_I386;
    }
    return call;
}

/* A call let through must do nothing: its arguments are all ones then. */
static void
make_records(struct sp_bpf program)
{
    uint64_t seed = 0x5ec0de;
    struct record *record = records;

    for (uint32_t abi = 0; abi < ABIS; abi++) {
        for (uint32_t nr = 0; nr < NUMBERS; nr++, record++) {
            *record = (struct record){ .abi = abi, .nr = nr };
            struct sp_call call = bpf_random_call(&seed, 0, 0);
            memcpy(record->args, call.args, sizeof call.args);
            call = call_of(record);
            if (sp_bpf_run(program, &call, NULL) >= SP_VERDICT_LOG) {
                memset(record->args, 0xff, sizeof record->args);
            }
        }
    }
}

/* ---- asking ------------------------------------------------------------------------------ */

static bool
write_input(FILE *to, struct sp_bpf program, uint32_t flags)
{
    struct header header = {
        .count = (uint32_t)program.count, .flags = flags, .patience = PATIENCE
    };

    return fwrite(&header, sizeof header, 1, to) == 1
        && fwrite(program.at, sizeof *program.at, program.count, to) == program.count
        && fwrite(records, sizeof *records, POINTS, to) == POINTS && fflush(to) == 0
        && fseek(to, 0, SEEK_SET) == 0;
}

static bool
run_probe(const char *probe, FILE *from, FILE *to)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        if (dup2(fileno(from), 0) == 0 && dup2(fileno(to), 1) == 1) {
            execl(probe, probe, (char *)NULL);
        }
        _exit(127);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static bool
read_output(FILE *from, bool *ret_is_isolated)
{
    uint32_t word;

    rewind(from);
    if (fread(&word, sizeof word, 1, from) != 1
        || fread(outcomes, sizeof *outcomes, POINTS, from) != POINTS) {
        return false;
    }
    *ret_is_isolated = (word & PROBE_ISOLATED) != 0;
    return true;
}

static enum asked
ask(const char *probe, struct sp_bpf program, uint32_t flags, bool *ret_is_isolated)
{
    FILE *in = tmpfile();
    FILE *out = tmpfile();
    bool is_done = in != NULL && out != NULL && write_input(in, program, flags)
        && run_probe(probe, in, out) && read_output(out, ret_is_isolated);

    if (in != NULL) {
        fclose(in);
    }
    if (out != NULL) {
        fclose(out);
    }
    if (!is_done) {
        return ASKED_TROUBLE;
    }
    for (size_t i = 0; i < POINTS; i++) {
        if (outcomes[i].kind >= FAILED) {
            return ASKED_TROUBLE;
        }
        /* EINVAL is about the program; everything else is about us. */
        if (outcomes[i].kind == REFUSED && outcomes[i].value != -22) {
            return ASKED_NO_FILTERS;
        }
    }
    return ASKED;
}

/* ---- comparing --------------------------------------------------------------------------- */

/* The kernel's own errnos end far below those that the programs here answer with. */
static bool
was_let_through(struct outcome outcome)
{
    return outcome.kind == SIGNALLED || outcome.kind == EXITED || outcome.kind == TIMED_OUT
        || (outcome.kind == RETURNED && (outcome.value < -ERRNO_MOST || outcome.value > -200));
}

static bool
is_as_predicted(sp_verdict verdict, struct outcome outcome)
{
    int64_t data = verdict & SP_VERDICT_DATA;

    switch (verdict & SP_VERDICT_ACTION) {
    case SP_VERDICT_ALLOW:
    case SP_VERDICT_LOG:
        return was_let_through(outcome);
    case SP_VERDICT_ERRNO:
        data = data < ERRNO_MOST ? data : ERRNO_MOST;
        return outcome.kind == RETURNED && outcome.value == -data;
    case SP_VERDICT_TRAP:
        return outcome.kind == TRAPPED && outcome.value == data;
    case SP_VERDICT_TRACE:
    case SP_VERDICT_NOTIFY:  /* nobody traces or listens: ENOSYS */
        return outcome.kind == RETURNED && outcome.value == -38;
    default:
        return outcome.kind == KILLED;
    }
}

/* uretprobe and uprobe, which newer kernels let pass whatever a filter says. */
static bool
is_exempt(const struct record *record)
{
    return record->abi == ABI_SYSCALL && (record->nr == 335 || record->nr == 336);
}

/* Without the emulation of 32-bit calls, int 0x80 is a fault. */
static bool
has_int80(void)
{
    for (size_t i = 0; i < POINTS; i++) {
        if (records[i].abi == ABI_INT80
            && (outcomes[i].kind != SIGNALLED || outcomes[i].value != 11)) {
            return true;
        }
    }
    return false;
}

static void
compare(const char *name, struct sp_bpf program)
{
    bool counts_int80 = has_int80();

    for (size_t i = 0; i < POINTS; i++) {
        struct sp_call call = call_of(&records[i]);
        sp_verdict verdict = sp_bpf_run(program, &call, NULL);
        if (outcomes[i].kind == SKIPPED || (records[i].abi == ABI_INT80 && !counts_int80)) {
            skipped++;
        } else if (is_as_predicted(verdict, outcomes[i])) {
            agreed++;
        } else if (is_exempt(&records[i]) && was_let_through(outcomes[i])) {
            exempt++;
        } else if (disagreed++ < LISTED) {
            printf("%s: %s %u: predicted 0x%08x, %s %lld\n", name, abi_names[records[i].abi],
                   records[i].nr, verdict, kind_names[outcomes[i].kind],
                   (long long)outcomes[i].value);
        }
    }
}

/* ---- the program ------------------------------------------------------------------------- */

static enum asked
check(const char *probe, const char *name, struct sp_bpf program, uint32_t flags)
{
    size_t at;
    const char *why = sp_bpf_refused(program, &at);
    bool is_isolated = false;

    if (why != NULL) {
        fprintf(stderr, "%s: not a filter: instruction %zu: %s\n", name, at, why);
        return ASKED_TROUBLE;
    }
    make_records(program);
    enum asked asked = ask(probe, program, flags, &is_isolated);
    if (asked == ASKED) {
        if (!is_isolated) {
            printf("%s: no namespaces here, so that harmful calls were left out\n", name);
        }
        compare(name, program);
    }
    return asked;
}

static enum asked
check_rows(const char *probe)
{
    enum asked asked = ASKED;

    for (size_t i = 0; asked == ASKED && i < sizeof rows / sizeof *rows; i++) {
        asked = check(probe, rows[i].name, rows[i].program, 0);
    }
    return asked;
}

static enum asked
check_file(const char *probe, const char *path)
{
    static struct sp_bpf_insn room[SP_BPF_MAX];
    FILE *from = fopen(path, "rb");

    if (from == NULL) {
        fprintf(stderr, "%s: cannot be opened\n", path);
        return ASKED_TROUBLE;
    }
    size_t count = fread(room, sizeof *room, SP_BPF_MAX, from);
    fclose(from);
    return check(probe, path, (struct sp_bpf){ .at = room, .count = count }, FLAG_STRICT);
}

int
main(int argc, char **argv)
{
    if (argc != 2 && argc != 3) {
        fprintf(stderr, "usage: kernel_harness PROBE [PROGRAM]\n");
        return 2;
    }
    enum asked asked = argc == 2 ? check_rows(argv[1]) : check_file(argv[1], argv[2]);
    if (asked == ASKED_NO_FILTERS) {
        printf("the kernel does not let us load filters here: nothing was compared\n");
        return 0;
    }
    if (asked == ASKED_TROUBLE) {
        fprintf(stderr, "the probe gave no usable answer\n");
        return 2;
    }
    printf("%zu points agreed, %zu disagreed", agreed, disagreed);
    printf(" (%zu left out, %zu exempt from filters)\n", skipped, exempt);
    return disagreed > 0;
}
