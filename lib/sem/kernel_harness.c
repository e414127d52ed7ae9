/* Filters against the kernel: our interpreter under programs written here or given as a file
 * of struct sock_filter, and the meaning of profiles under what a runtime would load for them.
 *
 *   kernel_harness PROBE [programs|generated|PROGRAM.bpf|PROFILE]...
 *
 * PROBE is testdata/kernel/probe.c, compiled; PROFILE is a built-in name or a file.  The
 * programs written here refuse whatever could do harm; under a program from a file the probe
 * leaves out the calls of its table, and the others get arguments of all ones, which are no
 * descriptor, address or process; under profiles it executes nothing.
 * Exit status: 0 when all points agree (or filters cannot be tried here), 1 when one does not,
 * 2 for trouble. */
#include "sem/bpf_test.h"
#include "sem/kernel_harness.h"

#include <linux/audit.h>
#include <stdio.h>
#include <string.h>

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
    JUMP(SP_BPF_JGE, KERNEL_X32_BIT, 11, 0),
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

/* A call let through must do nothing: its arguments are all ones then. */
static bool
make_points(struct sp_bpf program, struct kernel_points *points)
{
    uint64_t seed = 0x5ec0de;

    for (uint32_t i = 0; i < KERNEL_ABIS * KERNEL_NUMBERS; i++) {
        struct kernel_point *point = sp_vec_push(points->arena, &points->list);
        if (point == NULL) {
            return false;
        }
        struct kernel_record *record = &point->record;
        *record = (struct kernel_record){ .abi = i / KERNEL_NUMBERS, .nr = i % KERNEL_NUMBERS };
        struct sp_call call = bpf_random_call(&seed, 0, 0);
        memcpy(record->args, call.args, sizeof record->args);
        call = kernel_call(record);
        if (sp_bpf_run(program, &call, NULL) >= SP_VERDICT_LOG) {
            memset(record->args, 0xff, sizeof record->args);
            call = kernel_call(record);
        }
        point->verdict = sp_bpf_run(program, &call, NULL);
    }
    return true;
}

/* ---- groups ------------------------------------------------------------------------------ */

static enum kernel_asked
check(const char *probe, const char *name, struct sp_bpf program, uint32_t flags,
      struct kernel_sum *sum)
{
    SP_SCRATCH(scratch);
    struct kernel_points points = { .arena = &scratch };
    size_t at;
    const char *why = sp_bpf_refused(program, &at);

    if (why != NULL) {
        fprintf(stderr, "%s: not a filter: instruction %zu: %s\n", name, at, why);
        return KERNEL_TROUBLE;
    }
    return make_points(program, &points)
        ? kernel_compare(probe, name, program, flags, &points, sum) : KERNEL_TROUBLE;
}

static enum kernel_asked
check_rows(const char *probe, struct kernel_sum *sum)
{
    struct kernel_sum own = { .points = 0 };
    enum kernel_asked asked = KERNEL_ASKED;

    for (size_t i = 0; asked == KERNEL_ASKED && i < sizeof rows / sizeof *rows; i++) {
        asked = check(probe, rows[i].name, rows[i].program, 0, &own);
    }
    if (asked == KERNEL_ASKED) {
        printf("%zu programs: ", sizeof rows / sizeof *rows);
        kernel_print_sum(&own);
        kernel_add_sum(sum, &own);
    }
    return asked;
}

static enum kernel_asked
check_file(const char *probe, const char *path, struct kernel_sum *sum)
{
    static struct sp_bpf_insn room[SP_BPF_MAX];
    struct kernel_sum own = { .points = 0 };
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    FILE *from = fopen(path, "rb");

    if (from == NULL) {
        fprintf(stderr, "%s: cannot be opened\n", path);
        return KERNEL_TROUBLE;
    }
    size_t count = fread(room, sizeof *room, SP_BPF_MAX, from);
    fclose(from);
    enum kernel_asked asked = check(probe, name, (struct sp_bpf){ .at = room, .count = count },
                                    KERNEL_STRICT, &own);
    if (asked == KERNEL_ASKED) {
        printf("%.*s: ", (int)strlen(name) - (int)strlen(".bpf"), name);
        kernel_print_sum(&own);
        kernel_add_sum(sum, &own);
    }
    return asked;
}

static enum kernel_asked
check_group(const char *probe, const char *word, struct kernel_sum *sum)
{
    if (strcmp(word, "programs") == 0) {
        return check_rows(probe, sum);
    }
    if (strcmp(word, "generated") == 0) {
        return kernel_check_generated(probe, sum);
    }
    return sp_str_has_suffix(sp_str_of(word), ".bpf") ? check_file(probe, word, sum)
                                                      : kernel_check_profile(probe, word, sum);
}

/* ---- the program ------------------------------------------------------------------------- */

/* The exit status. `failed` of `groups` had a disagreement. */
static int
conclude(enum kernel_asked asked, const struct kernel_sum *sum, int groups, int failed)
{
    switch (asked) {
    case KERNEL_ASKED:
        printf("all: ");
        kernel_print_sum(sum);
        printf("%d passed, %d failed\n", groups - failed, failed);
        return failed > 0;
    case KERNEL_NO_FILTERS:
        printf("the kernel does not let us load filters here: nothing was compared\n");
        return 0;
    case KERNEL_FILTERED:
        printf("a filter is loaded here already and would answer, too: nothing was compared\n");
        return 0;
    case KERNEL_TROUBLE:
        break;
    }
    fprintf(stderr, "the comparison could not be made\n");
    return 2;
}

int
main(int argc, char **argv)
{
    struct kernel_sum sum = { .points = 0 };

    if (argc < 2) {
        fprintf(stderr, "usage: kernel_harness PROBE "
                        "[programs|generated|PROGRAM.bpf|PROFILE]...\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    enum kernel_asked asked = kernel_can_load(argv[1]);
    int failed = 0;
    for (int i = 2; asked == KERNEL_ASKED && i < argc; i++) {
        size_t before = sum.disagreed;
        asked = check_group(argv[1], argv[i], &sum);
        failed += sum.disagreed > before;
    }
    return conclude(asked, &sum, argc - 2, failed);
}
