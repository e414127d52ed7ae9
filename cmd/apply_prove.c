/* `secprof apply --self-test`: does the filter do on this machine what its profile means?
 * Calls that it lets through answer the same without it, which a first round finds out. */
#include "apply.h"

#include "apply_try.h"
#include "out.h"
#include "say.h"
#include "verb.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ERRNO_MAX = 4095 };

struct test {
    struct secprof_probes probes;
    struct cmd_try under;
    struct cmd_try without;
};

/* ---- comparing --------------------------------------------------------------------------- */

/* Numbers of processes and times differ between processes: that a call was done is enough. */
static bool
are_alike(struct cmd_try_outcome left, struct cmd_try_outcome right)
{
    return left.kind == right.kind
        && (left.value == right.value
            || (left.kind == CMD_TRY_RETURNED && left.value >= 0 && right.value >= 0));
}

static bool
is_as_meant(uint32_t meant, struct cmd_try_outcome got, struct cmd_try_outcome without)
{
    long data = meant & SECCOMP_RET_DATA;

    switch (meant & SECCOMP_RET_ACTION_FULL) {
    case SECCOMP_RET_ALLOW:
    case SECCOMP_RET_LOG:
        return are_alike(got, without);
    case SECCOMP_RET_ERRNO:
        data = data < ERRNO_MAX ? data : ERRNO_MAX;
        return got.kind == CMD_TRY_RETURNED && got.value == -data;
    case SECCOMP_RET_TRAP:
        return got.kind == CMD_TRY_TRAPPED && got.value == data;
    case SECCOMP_RET_TRACE:
    case SECCOMP_RET_USER_NOTIF:  /* nobody traces or listens */
        return got.kind == CMD_TRY_RETURNED && got.value == -ENOSYS;
    default:
        return got.kind == CMD_TRY_KILLED;
    }
}

/* ---- words ------------------------------------------------------------------------------- */

static void
write_outcome(FILE *out, struct cmd_try_outcome got)
{
    switch (got.kind) {
    case CMD_TRY_NOT_MADE:
        fputs("does not make it", out);
        break;
    case CMD_TRY_RETURNED:
        if (got.value < 0) {
            fprintf(out, "answers errno %ld (%s)", -got.value, strerror((int)-got.value));
        } else {
            fputs("does it", out);
        }
        break;
    case CMD_TRY_TRAPPED:
        fprintf(out, "sends SIGSYS with %ld", got.value);
        break;
    case CMD_TRY_KILLED:
        fputs("kills the process", out);
        break;
    case CMD_TRY_SIGNALLED:
        fprintf(out, "ends the process by signal %ld", got.value);
        break;
    case CMD_TRY_TIMED_OUT:
        fputs("does not come back", out);
        break;
    }
}

static bool
write_verdict(FILE *out, uint32_t verdict)
{
    char *text = NULL;

    if (secprof_verdict_text(verdict, &text) != SECPROF_OK) {
        return false;
    }
    fputs(text, out);
    secprof_text_free(text);
    return true;
}

/* A call for which the program is not what the rules mean needs no kernel to tell. */
static bool
write_difference(FILE *out, const struct secprof_probe *probe, struct cmd_try_outcome got)
{
    fprintf(out, "%s: the profile means ", probe->text);
    bool written = write_verdict(out, probe->meant);
    if (probe->meant != probe->verdict) {
        fputs(", the filter says ", out);
        written = write_verdict(out, probe->verdict) && written;
    } else {
        fputs(", the kernel ", out);
        write_outcome(out, got);
    }
    fputc('\n', out);
    return written;
}

static const char *
plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void
write_summary(FILE *out, const struct test *test, size_t agree, size_t differ)
{
    fprintf(out, "self-test: %zu call%s agree%s with the kernel; %zu differ%s\n", agree,
            plural(agree), agree == 1 ? "s" : "", differ, differ == 1 ? "s" : "");
    if (test->probes.undecided > 0) {
        fprintf(out, "self-test: what the profile means by %zu of them is not known: only the "
                "compiled filter was compared\n", test->probes.undecided);
    }
    if (test->probes.left_out > 0) {
        fprintf(out, "self-test: %zu call%s that the filter lets through %s not made, for %s "
                "could do harm\n", test->probes.left_out, plural(test->probes.left_out),
                test->probes.left_out == 1 ? "was" : "were",
                test->probes.left_out == 1 ? "it" : "they");
    }
}

/* Without the emulation of 32-bit calls the interrupt is a fault, whatever the filter says. */
static bool
is_unavailable(const struct secprof_probe *probe, struct cmd_try_outcome got)
{
    return probe->arch == AUDIT_ARCH_I386 && got.kind == CMD_TRY_SIGNALLED
        && got.value == SIGSEGV;
}

static bool
compare(FILE *out, struct test *test, size_t *ret_differ)
{
    size_t agree = 0;
    size_t differ = 0;
    bool written = true;

    for (size_t i = 0; i < test->probes.count; i++) {
        const struct secprof_probe *probe = &test->probes.at[i];
        struct cmd_try_outcome got = cmd_try_outcome(&test->under, i);
        if (probe->meant == probe->verdict && is_unavailable(probe, got)) {
            continue;
        }
        if (probe->meant == probe->verdict
            && is_as_meant(probe->meant, got, cmd_try_outcome(&test->without, i))) {
            agree++;
        } else {
            differ++;
            written = write_difference(out, probe, got) && written;
        }
    }
    write_summary(out, test, agree, differ);
    *ret_differ = differ;
    return written;
}

static int
tell(struct test *test)
{
    char *text = NULL;
    size_t size = 0;
    size_t differ = 0;
    FILE *out = open_memstream(&text, &size);
    bool written = out != NULL && compare(out, test, &differ);

    if (out == NULL || fclose(out) != 0 || !written) {
        free(text);
        (void)cmd_no_memory("apply");
        return CMD_SETUP;
    }
    int status = cmd_out_text("apply", NULL, text);
    free(text);
    return status != CMD_CLEAN ? CMD_SETUP : differ > 0 ? CMD_FINDINGS : CMD_CLEAN;
}

int
cmd_apply_prove(struct secprof_filter *filter)
{
    struct test test = { .probes.count = 0 };
    int status = CMD_SETUP;

    if (secprof_filter_probes(filter, &test.probes) != SECPROF_OK) {
        (void)cmd_no_memory("apply");
        return CMD_SETUP;
    }
    if (cmd_try(NULL, &test.probes, &test.without) == CMD_CLEAN
        && cmd_try(filter, &test.probes, &test.under) == CMD_CLEAN) {
        status = tell(&test);
    }
    cmd_try_free(&test.under);
    cmd_try_free(&test.without);
    return status;
}
