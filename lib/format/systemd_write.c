#include "format/systemd_write.h"

#include "format/list_text.h"
#include "format/systemd_comments.h"
#include "format/systemd_groups.h"
#include "format/systemd_plan.h"
#include "format/systemd_words.h"

#include <assert.h>
#include <string.h>

struct writer {
    struct sp_emission *emission;
    struct sp_buf *out;
    const struct sp_systemd_plan *plan;
    bool is_allow;        /* the list is of allowed calls */
    sp_verdict negative;  /* what a denied call gets without an errno of its own */
    enum sp_systemd_need *needs;
};

/* ---- lists of names ------------------------------------------------------------------ */

/* Assignments that add up; every word with `suffix` behind it. */
static void
write_words(const struct writer *writer, const char *option, const char *const *words,
            const char *suffix)
{
    struct sp_list_fold fold = { .out = writer->out, .indent = option, .glue = "" };
    SP_BUF(word);

    for (; *words != NULL; words++) {
        sp_buf_cut(&word, 0);
        sp_buf_format(&word, "%s%s", *words, suffix);
        sp_list_fold_add(&fold, sp_buf_part(&word, &writer->out->failed));
    }
    sp_list_fold_end(&fold);
}

/* What of a call is asked for a list. */
typedef enum sp_systemd_need
need_of(const struct writer *writer, size_t row, sp_verdict verdict);

static sp_verdict
verdict_of(const struct writer *writer, size_t row)
{
    return writer->plan->calls[row].verdict;
}

/* A call without a number is nothing to say, but where a multiplexer serves it in another
 * way than it serves others; whatever says nothing may be in a group. */
static enum sp_systemd_need
need_here(const struct writer *writer, size_t row, need_of *need, sp_verdict verdict)
{
    const struct sp_systemd_decision *call = &writer->plan->calls[row];

    if (!call->has_number && call->server == NULL) {
        return SP_SYSTEMD_NEED_FREE;
    }
    bool is_alike = !call->has_number
        && call->verdict == verdict_of(writer, sp_kb_syscall_index(call->server));
    enum sp_systemd_need found = need(writer, row, verdict);
    return is_alike && found == SP_SYSTEMD_NEED_SAID ? SP_SYSTEMD_NEED_FREE : found;
}

/* Writes the calls of which `need` says so; answers whether there is one. */
static bool
write_calls(const struct writer *writer, const char *option, need_of *need, sp_verdict verdict,
            const char *suffix)
{
    bool is_any = false;

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        writer->needs[i] = need_here(writer, i, need, verdict);
        is_any = is_any || writer->needs[i] == SP_SYSTEMD_NEED_SAID;
    }
    if (!is_any) {
        return false;
    }
    const char *const *words = sp_systemd_groups(writer->emission->arena, writer->needs);
    if (words == NULL) {
        writer->out->failed = true;
        return false;
    }
    write_words(writer, option, words, suffix);
    return true;
}

static enum sp_systemd_need
need_allowed(const struct writer *writer, size_t row, sp_verdict verdict)
{
    (void)verdict;
    if (!sp_verdict_runs(verdict_of(writer, row))) {
        return SP_SYSTEMD_NEED_NOT;
    }
    return sp_systemd_is_implied(&sp_kb_syscalls[row]) ? SP_SYSTEMD_NEED_FREE
                                                       : SP_SYSTEMD_NEED_SAID;
}

static enum sp_systemd_need
need_verdict(const struct writer *writer, size_t row, sp_verdict verdict)
{
    return verdict_of(writer, row) == verdict ? SP_SYSTEMD_NEED_SAID : SP_SYSTEMD_NEED_NOT;
}

/* Allowed without being asked for, and to be taken out. */
static enum sp_systemd_need
need_taken_out(const struct writer *writer, size_t row, sp_verdict verdict)
{
    return verdict_of(writer, row) == verdict
            && sp_systemd_may_be_implied(&sp_kb_syscalls[row])
        ? SP_SYSTEMD_NEED_SAID : SP_SYSTEMD_NEED_NOT;
}

/* ---- SystemCallFilter= --------------------------------------------------------------- */

/* The verdict of most denied calls; ALLOW when there is none.  SystemCallErrorNumber= takes
 * no 0. */
static sp_verdict
commonest_denied(const struct writer *writer)
{
    sp_verdict best = SP_VERDICT_ALLOW;
    size_t most = 0;

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        sp_verdict verdict = verdict_of(writer, i);
        size_t count = 0;
        if (sp_verdict_runs(verdict) || verdict == SP_VERDICT_ERRNO) {
            continue;
        }
        for (size_t j = i; j < sp_kb_syscalls_count; j++) {
            count += verdict_of(writer, j) == verdict;
        }
        if (count > most) {
            most = count;
            best = verdict;
        }
    }
    return best;
}

/* The least denied verdict, as a number, behind `past`; ALLOW when there is none: actions
 * that run are the largest. */
static sp_verdict
next_denied(const struct writer *writer, uint64_t past)
{
    sp_verdict next = SP_VERDICT_ALLOW;

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        /* KILL_PROCESS is the largest number, and to come first. */
        sp_verdict verdict = verdict_of(writer, i) ^ SP_VERDICT_KILL_PROCESS;
        bool is_denied = !sp_verdict_runs(verdict_of(writer, i));
        if (is_denied && verdict >= past
            && (next == SP_VERDICT_ALLOW || verdict < (next ^ SP_VERDICT_KILL_PROCESS))) {
            next = verdict_of(writer, i);
        }
    }
    return next;
}

static void
write_denied(const struct writer *writer)
{
    sp_verdict verdict = next_denied(writer, 0);

    while (verdict != SP_VERDICT_ALLOW) {
        SP_BUF(suffix);
        sp_buf_char(&suffix, ':');
        sp_systemd_write_error(verdict, &suffix);
        struct sp_str text = sp_buf_part(&suffix, &writer->out->failed);
        if (verdict != writer->negative) {
            (void)write_calls(writer, "SystemCallFilter=~", need_verdict, verdict, text.ptr);
        } else if (!writer->is_allow) {
            (void)write_calls(writer, "SystemCallFilter=~", need_verdict, verdict, "");
        }
        verdict = next_denied(writer, (uint64_t)(verdict ^ SP_VERDICT_KILL_PROCESS) + 1);
    }
}

static void
write_filter(const struct writer *writer)
{
    sp_buf_text(writer->out, "SystemCallFilter=\nSystemCallErrorNumber=");
    sp_systemd_write_error(writer->negative, writer->out);
    sp_buf_char(writer->out, '\n');
    if (writer->is_allow
        && !write_calls(writer, "SystemCallFilter=", need_allowed, 0, "")) {
        sp_buf_text(writer->out, "SystemCallFilter=@default\n");
    }
    if (writer->is_allow) {
        (void)write_calls(writer, "SystemCallFilter=~", need_taken_out, writer->negative, "");
    }
    write_denied(writer);
}

/* ---- SystemCallLog= ------------------------------------------------------------------ */

/* A call that no machine of the policies has: of PowerPC, s390 or arm. */
static const char *
nobodys_call(const struct writer *writer)
{
    static const char *const names[] = { "spu_run", "s390_runtime_instr", "set_tls" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct sp_kb_syscall *call = sp_kb_syscall_find(sp_str_of(names[i]));
        if (call != NULL && !writer->plan->calls[sp_kb_syscall_index(call)].has_number) {
            return names[i];
        }
    }
    return NULL;
}

static void
write_log_all(const struct writer *writer)
{
    const char *name = nobodys_call(writer);

    if (name == NULL) {
        sp_losses_add_default(writer->emission->losses, SP_VERDICT_ALLOW,
                              "SystemCallLog= needs a call that is not logged", "no call is logged");
        return;
    }
    sp_buf_format(writer->out,
                  "# all calls: %s is none of this machine's, and a list needs one\n"
                  "SystemCallLog=~%s\n", name, name);
}

static void
write_log(const struct writer *writer)
{
    sp_buf_text(writer->out, "SystemCallLog=\n");
    if (writer->plan->by_default != SP_VERDICT_LOG) {
        (void)write_calls(writer, "SystemCallLog=", need_verdict, SP_VERDICT_LOG, "");
    } else if (!write_calls(writer, "SystemCallLog=~", need_verdict, SP_VERDICT_ALLOW, "")) {
        write_log_all(writer);
    }
}

/* ---- SystemCallArchitectures= -------------------------------------------------------- */

static void
write_arches(const struct writer *writer)
{
    const struct sp_policies *policies = writer->emission->policies;

    sp_buf_text(writer->out, "SystemCallArchitectures=\nSystemCallArchitectures=native");
    for (size_t i = 0; i < policies->all.count; i++) {
        const struct sp_kb_arch *arch = policies->all.at[i].arch;
        const char *name = sp_systemd_arch_name(arch);
        if (arch == policies->environment.host) {
            continue;
        }
        if (name != NULL) {
            sp_buf_format(writer->out, " %s", name);
            continue;
        }
        SP_BUF(what);
        sp_buf_format(&what, "systemd knows no architecture %s", sp_kb_text(arch->name));
        sp_losses_add_arch(writer->emission->losses, arch,
                           sp_buf_part(&what, &writer->emission->losses->failed).ptr,
                           "its programs are killed");
    }
    sp_buf_char(writer->out, '\n');
}

/* ---- the whole ----------------------------------------------------------------------- */

void
sp_systemd_write(struct sp_emission *emission)
{
    struct sp_systemd_plan plan;
    struct writer writer = {
        .emission = emission, .out = emission->out, .plan = &plan,
        .needs = sp_arena_new_array(emission->arena, sp_kb_syscalls_count,
                                    enum sp_systemd_need),
    };

    assert(emission->policies->all.count > 0);
    if (writer.needs == NULL || !sp_systemd_plan_make(emission, &plan)) {
        emission->out->failed = true;
        return;
    }
    writer.is_allow = !sp_verdict_runs(plan.by_default);
    writer.negative = writer.is_allow ? plan.by_default : commonest_denied(&writer);
    sp_systemd_write_heading(emission, writer.is_allow);
    sp_buf_text(emission->out, "\n[Service]\n");
    sp_systemd_write_comment(emission->out, "An empty assignment forgets what the unit says.");
    write_arches(&writer);
    write_filter(&writer);
    write_log(&writer);
    sp_systemd_write_lost_conditions(&plan);
}
