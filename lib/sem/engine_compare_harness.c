/* What was observed against what we say, and what the table expects. */
#include "sem/engine_harness.h"

#include "sem/verdict.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

enum { ERRNO_MOST = 4095 };

static const char *const mode_names[] = { "", " from a thread", " made" };
static const char *const kind_names[KINDS] = {
    "nothing", "returned", "trapped", "trapped with odd details", "killed", "thread killed",
    "ended by signal", "exited", "no listener", "no process",
};

void
engine_disagree(struct engine_run *run, const char *format, ...)
{
    va_list arguments;

    if (run->disagreed++ >= ENGINE_LISTED) {
        return;
    }
    fprintf(run->out, "%s, %s, %s%s%s%s%s: ", run->job->name, run->job->profile,
            engine_ways[run->job->way].name, run->job->cap_add == NULL ? "" : " +",
            run->job->cap_add == NULL ? "" : run->job->cap_add,
            run->job->cap_drop == NULL ? "" : " -",
            run->job->cap_drop == NULL ? "" : run->job->cap_drop);
    va_start(arguments, format);
    vfprintf(run->out, format, arguments);
    va_end(arguments);
    fputc('\n', run->out);
}

static bool
is_let_through(const struct engine_record *record, const struct sp_outcome *outcome)
{
    sp_verdict action = outcome->verdict & SP_VERDICT_ACTION;
    bool is_answered = action == SP_VERDICT_TRACE || action == SP_VERDICT_NOTIFY;

    if (record->mode != MODE_PLAIN) {
        return record->kind == RETURNED && record->value == LET_THROUGH;
    }
    if (is_answered) {  /* nobody traces or listens: ENOSYS */
        return record->kind == RETURNED && record->value == -ENOSYS;
    }
    return record->kind == SIGNALLED || record->kind == EXITED
        || (record->kind == RETURNED && record->value != -ENOSYS);
}

/* uretprobe and uprobe, which newer kernels let pass whatever filters say, are made though
 * they are marked. */
static bool
is_exempt(const struct engine_record *record)
{
    return record->abi == ABI_SYSCALL && (record->nr == 335 || record->nr == 336)
        && (record->kind == SIGNALLED || (record->kind == RETURNED && record->value == -ENXIO));
}

static bool
is_as_predicted(const struct engine_record *record, const struct sp_outcome *outcome)
{
    int64_t data = outcome->verdict & SP_VERDICT_DATA;

    switch (outcome->verdict & SP_VERDICT_ACTION) {
    case SP_VERDICT_ERRNO:
        data = data < ERRNO_MOST ? data : ERRNO_MOST;
        return record->kind == RETURNED && record->value == -data;
    case SP_VERDICT_TRAP:
        return record->kind == TRAPPED && record->value == data;
    case SP_VERDICT_KILL_PROCESS:
        return record->kind == KILLED;
    case SP_VERDICT_KILL_THREAD:
        return record->kind == (record->mode == MODE_THREAD ? THREAD_KILLED : KILLED);
    default:
        return is_let_through(record, outcome) || is_exempt(record);
    }
}

static void
write_args(const uint64_t *args, struct sp_buf *buf)
{
    bool are_ones = true;
    size_t count = SP_ARGS;

    for (unsigned i = 0; i < SP_ARGS; i++) {
        are_ones &= args[i] == UINT64_MAX;
    }
    if (are_ones) {
        sp_buf_text(buf, "(all ones)");
        return;
    }
    while (count > 0 && args[count - 1] == 0) {
        count--;
    }
    sp_buf_text(buf, "(");
    for (size_t i = 0; i < count; i++) {
        sp_buf_format(buf, "%s0x%llx", i == 0 ? "" : ", ", (unsigned long long)args[i]);
    }
    sp_buf_text(buf, ")");
}

static void
write_call(const struct engine_record *record, struct sp_buf *buf)
{
    const struct sp_kb_arch *arch = engine_arch(record->abi);
    const struct sp_kb_syscall *call = sp_kb_syscall_by_number(arch, record->nr + arch->offset);

    sp_buf_text(buf, engine_abi_prefixes[record->abi]);
    if (call == NULL) {
        sp_buf_format(buf, "%u", record->nr);
    } else {
        sp_buf_text(buf, sp_kb_text(call->name));
    }
    write_args(record->args, buf);
    sp_buf_text(buf, mode_names[record->mode]);
}

static void
compare_point(struct engine_run *run, const struct engine_record *record,
              const struct engine_expected *expected)
{
    SP_BUF(predicted);
    SP_BUF(call);
    struct sp_outcome outcome = { .decided = true, .verdict = SP_VERDICT_ALLOW };

    engine_simulate(run, record->abi, record->nr, record->args, &outcome);
    sp_verdict_write(outcome.verdict, &predicted);
    write_call(record, &call);
    if (predicted.failed || call.failed) {
        engine_fail("out of memory");
    }
    if (!outcome.decided) {
        engine_disagree(run, "%s: undecided, %s %lld", call.data, kind_names[record->kind],
                 (long long)record->value);
    } else if (record->kind >= KINDS || !is_as_predicted(record, &outcome)) {
        engine_disagree(run, "%s: predicted %s, observed: %s %lld", call.data, predicted.data,
                 kind_names[record->kind < KINDS ? record->kind : 0], (long long)record->value);
    } else if (expected != NULL && record->mode == MODE_MARKED
               && strcmp(predicted.data, expected->verdict) != 0) {
        engine_disagree(run, "%s: expected %s, predicted (and observed) %s", expected->call,
                 expected->verdict, predicted.data);
    } else {
        run->agreed++;
    }
}

static const char *
start_name(enum sp_start value)
{
    return sp_names_of(engine_starts, (int)value);
}

static bool
compare_start(struct engine_run *run)
{
    const char *why = run->meaning == NULL ? "it is no JSON" : run->meaning->why;

    if (run->start == run->observed && run->observed == run->job->start) {
        return true;
    }
    engine_disagree(run, "start: expected %s, predicted %s (%s), observed %s: %s",
             start_name(run->job->start), start_name(run->start), why == NULL ? "" : why,
             start_name(run->observed), run->said);
    return false;
}

void
engine_compare(struct engine_run *run)
{
    bool is_running = run->observed == SP_START_FILTER || run->observed == SP_START_UNCONFINED;

    if (!compare_start(run) || !is_running || run->job->is_privileged) {
        return;
    }
    if (run->head.state != STATE_DONE) {
        engine_disagree(run, "the probe did not come to its end: %s", run->said);
        return;
    }
    for (size_t i = 0; i < run->records.count; i++) {
        compare_point(run, &run->records.at[i],
                      i < run->expected.count ? run->expected.at[i] : NULL);
    }
}
