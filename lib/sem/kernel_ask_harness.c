/* Runs the probe and compares its answers with ours. */
#include "sem/kernel_harness.h"

#include <errno.h>
#include <linux/audit.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    RETURNED, TRAPPED, TRAPPED_ODD, KILLED, SIGNALLED, EXITED, TIMED_OUT, SKIPPED, REFUSED,
    FAILED, KINDS
};

static const char *const kind_names[KINDS] = {
    "returned", "trapped", "trapped with odd details", "killed", "ended by signal", "exited",
    "timed out", "skipped", "filter refused", "probe failed",
};

static const char *const abi_names[KERNEL_ABIS] = { "syscall", "x32", "int80" };
static const char *const arch_names[KERNEL_ABIS] = { "x86_64", "x32", "x86" };

struct header {
    uint32_t count, flags, patience;
};

struct outcome {
    uint32_t kind, zero;
    int64_t value;
};

/* Milliseconds for one call, and for the calls of one guarded process, which never wait. */
enum { PATIENCE = 500, PATIENCE_GUARDED = 10000 };
enum { ERRNO_MOST = 4095, LISTED = 20 };

/* Arguments stay whole with int 0x80, too: from a 64-bit process, a filter sees all bits of the
 * registers, of which the call then takes the lower halves. */
struct sp_call
kernel_call(const struct kernel_record *record)
{
    struct sp_call call = { .arch = AUDIT_ARCH_X86_64, .nr = record->nr };

    memcpy(call.args, record->args, sizeof call.args);
    if (record->abi == KERNEL_X32) {
        call.nr |= (uint32_t)KERNEL_X32_BIT;
    } else if (record->abi == KERNEL_INT80) {
        call.arch = AUDIT_ARCH_I386;
    }
    return call;
}

const struct sp_kb_arch *
kernel_arch(uint32_t abi)
{
    return sp_kb_arch_find(sp_str_of(arch_names[abi]));
}

/* ---- asking ------------------------------------------------------------------------------ */

static bool
write_input(FILE *to, struct sp_bpf program, uint32_t flags, const struct kernel_points *points)
{
    bool is_guarded = (flags & KERNEL_GUARDED) != 0;
    struct header header = {
        .count = (uint32_t)program.count, .flags = flags,
        .patience = is_guarded ? PATIENCE_GUARDED : PATIENCE,
    };
    bool is_written = fwrite(&header, sizeof header, 1, to) == 1
        && fwrite(program.at, sizeof *program.at, program.count, to) == program.count;

    for (size_t i = 0; is_written && i < points->list.count; i++) {
        const struct kernel_record *record = &points->list.at[i].record;
        is_written = fwrite(record, sizeof *record, 1, to) == 1;
    }
    return is_written && fflush(to) == 0 && fseek(to, 0, SEEK_SET) == 0;
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

/* Past the word that says whether the probe is isolated. */
static struct outcome *
read_output(FILE *from, const struct kernel_points *points)
{
    size_t count = points->list.count;
    struct outcome *outcomes = sp_arena_new_array(points->arena, count, struct outcome);
    uint32_t word;

    rewind(from);
    return outcomes != NULL && fread(&word, sizeof word, 1, from) == 1
            && fread(outcomes, sizeof *outcomes, count, from) == count
        ? outcomes : NULL;
}

/* NULL when the probe gave no usable answer. */
static struct outcome *
ask(const char *probe, struct sp_bpf program, uint32_t flags, const struct kernel_points *points)
{
    struct outcome *outcomes = NULL;
    FILE *in = tmpfile();
    FILE *out = tmpfile();

    if (in != NULL && out != NULL && write_input(in, program, flags, points)
        && run_probe(probe, in, out)) {
        outcomes = read_output(out, points);
    }
    if (in != NULL) {
        fclose(in);
    }
    if (out != NULL) {
        fclose(out);
    }
    for (size_t i = 0; outcomes != NULL && i < points->list.count; i++) {
        if (outcomes[i].kind >= FAILED) {
            outcomes = NULL;
        }
    }
    return outcomes;
}

/* ---- comparing --------------------------------------------------------------------------- */

/* uretprobe and uprobe, which newer kernels let pass whatever a filter says. */
static bool
passes_filters(const struct kernel_record *record)
{
    return record->abi == KERNEL_SYSCALL && (record->nr == 335 || record->nr == 336);
}

/* Unguarded, the filters here answer with errnos far past those of the kernel itself, or a wrong
 * answer of the same errno goes unseen. */
static bool
was_let_through(const struct kernel_record *record, uint32_t flags, struct outcome outcome)
{
    if ((flags & KERNEL_GUARDED) != 0 && !passes_filters(record)) {
        return outcome.kind == RETURNED && outcome.value == -KERNEL_GUARD_ERRNO;
    }
    return outcome.kind == SIGNALLED || outcome.kind == EXITED || outcome.kind == TIMED_OUT
        || (outcome.kind == RETURNED && (outcome.value < -ERRNO_MOST || outcome.value > -200));
}

static bool
is_as_predicted(const struct kernel_point *point, uint32_t flags, struct outcome outcome)
{
    int64_t data = point->verdict & SP_VERDICT_DATA;
    bool is_guarded = (flags & KERNEL_GUARDED) != 0;

    if (point->is_unsure) {
        return false;
    }
    switch (point->verdict & SP_VERDICT_ACTION) {
    case SP_VERDICT_ALLOW:
    case SP_VERDICT_LOG:
        return was_let_through(&point->record, flags, outcome);
    case SP_VERDICT_ERRNO:
        data = data < ERRNO_MOST ? data : ERRNO_MOST;
        return outcome.kind == RETURNED && outcome.value == -data;
    case SP_VERDICT_TRAP:
        return outcome.kind == TRAPPED && outcome.value == data;
    case SP_VERDICT_TRACE:
    case SP_VERDICT_NOTIFY:  /* nobody traces or listens: ENOSYS, unless the guard is stricter */
        return outcome.kind == RETURNED
            && outcome.value == (is_guarded ? -KERNEL_GUARD_ERRNO : -ENOSYS);
    default:
        return outcome.kind == KILLED;
    }
}

/* Without the emulation of 32-bit calls, int 0x80 is a fault. */
static bool
has_int80(const struct kernel_points *points, const struct outcome *outcomes)
{
    for (size_t i = 0; i < points->list.count; i++) {
        if (points->list.at[i].record.abi == KERNEL_INT80
            && (outcomes[i].kind != SIGNALLED || outcomes[i].value != SIGSEGV)) {
            return true;
        }
    }
    return false;
}

static void
tell(const char *name, const struct kernel_point *point, struct outcome outcome)
{
    const struct kernel_record *record = &point->record;

    printf("%s: %s %u(", name, abi_names[record->abi], record->nr);
    for (size_t i = 0; i < SP_ARGS; i++) {
        printf("%s0x%llx", i == 0 ? "" : ", ", (unsigned long long)record->args[i]);
    }
    printf("): predicted 0x%08x%s, %s %lld\n", point->verdict,
           point->is_unsure ? " (not surely)" : "", kind_names[outcome.kind],
           (long long)outcome.value);
}

enum kernel_asked
kernel_compare(const char *probe, const char *name, struct sp_bpf program, uint32_t flags,
               const struct kernel_points *points, struct kernel_sum *sum)
{
    struct outcome *outcomes = ask(probe, program, flags, points);

    if (outcomes == NULL) {
        return KERNEL_TROUBLE;
    }
    bool counts_int80 = has_int80(points, outcomes);
    for (size_t i = 0; i < points->list.count; i++) {
        const struct kernel_point *point = &points->list.at[i];
        sum->points++;
        sum->edges += point->is_edge;
        if (outcomes[i].kind == SKIPPED
            || (point->record.abi == KERNEL_INT80 && !counts_int80)) {
            sum->left_out++;
        } else if (is_as_predicted(point, flags, outcomes[i])) {
            continue;
        } else if (passes_filters(&point->record)
                   && was_let_through(&point->record, flags, outcomes[i])) {
            sum->exempt++;
        } else if (sum->disagreed++ < LISTED) {
            tell(name, point, outcomes[i]);
        }
    }
    return KERNEL_ASKED;
}

void
kernel_print_sum(const struct kernel_sum *sum)
{
    printf("%zu points (%zu from conditions), %zu disagreements, %zu left out, %zu exempt\n",
           sum->points, sum->edges, sum->disagreed, sum->left_out, sum->exempt);
}

void
kernel_add_sum(struct kernel_sum *sum, const struct kernel_sum *part)
{
    sum->points += part->points;
    sum->edges += part->edges;
    sum->disagreed += part->disagreed;
    sum->left_out += part->left_out;
    sum->exempt += part->exempt;
}

/* The errors that a kernel without filters gives are those of a bad program, too: this one is
 * good. */
enum kernel_asked
kernel_can_load(const char *probe)
{
    SP_SCRATCH(scratch);
    static const struct sp_bpf_insn insn = { .code = 0x06, .k = SP_VERDICT_ALLOW };
    struct kernel_points points = { .arena = &scratch };
    struct kernel_point *point = sp_vec_push(&scratch, &points.list);

    if (point == NULL) {
        return KERNEL_TROUBLE;
    }
    if (prctl(PR_GET_SECCOMP) > 0) {
        return KERNEL_FILTERED;
    }
    point->record.nr = 39;  /* getpid */
    struct outcome *outcomes = ask(probe, (struct sp_bpf){ .at = &insn, .count = 1 },
                                   KERNEL_GUARDED, &points);
    if (outcomes == NULL) {
        return KERNEL_TROUBLE;
    }
    return outcomes->kind == REFUSED ? KERNEL_NO_FILTERS : KERNEL_ASKED;
}
