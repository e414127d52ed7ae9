#include "format/bpf_read_rules.h"

#include <stdlib.h>

/* ---- faults -------------------------------------------------------------------------- */

struct collector {
    struct sp_bpf_reading *reading;
    struct sp_bpf_calls calls;
    struct sp_bpf_names faulty[SP_BPF_OUTCOMES];
};

static const struct {
    const char *text;
    const char *help;
} faults[SP_BPF_OUTCOMES] = {
    [SP_BPF_OUTCOME_UNDECIDED] = {
        "the program cannot be followed to an answer for",
        "it computes with arguments in a way that no profile has",
    },
    [SP_BPF_OUTCOME_UNSAYABLE] = {
        "a profile has no word for an answer to",
        "the actions of profiles carry data with ERRNO (below 4095) and TRACE alone",
    },
    [SP_BPF_OUTCOME_UNWRITABLE] = {
        "no rules that libseccomp turns into the same filter were found for",
        "the conditions of profiles are comparisons of whole arguments, one for an argument",
    },
    [SP_BPF_OUTCOME_DIFFERENT] = {
        "have different answers for",
        "a rule of a profile names a call on all architectures at once",
    },
};

/* "`x86_64` and `x32` have different answers for". */
static bool
tell_different(const struct collector *collector)
{
    const struct sp_bpf_reading *reading = collector->reading;
    SP_BUF(text);

    for (size_t i = 0; i < reading->arches.count; i++) {
        sp_buf_format(&text, "%s`%s`",
                      i == 0 ? "" : i + 1 == reading->arches.count ? " and " : ", ",
                      sp_kb_text(reading->arches.at[i].arch->name));
    }
    sp_buf_format(&text, " %s", faults[SP_BPF_OUTCOME_DIFFERENT].text);
    if (text.failed) {
        reading->arena->failed = true;
        return false;
    }
    return sp_bpf_read_fail_calls(reading, &collector->faulty[SP_BPF_OUTCOME_DIFFERENT],
                                  faults[SP_BPF_OUTCOME_DIFFERENT].help, text.data);
}

/* True when there are none. */
static bool
tell_faults(const struct collector *collector)
{
    bool is_faulty = false;

    for (int i = 0; i < SP_BPF_OUTCOMES; i++) {
        if (collector->faulty[i].all.count == 0) {
            continue;
        }
        is_faulty = true;
        if (i == SP_BPF_OUTCOME_DIFFERENT) {
            tell_different(collector);
        } else {
            sp_bpf_read_fail_calls(collector->reading, &collector->faulty[i], faults[i].help,
                                   faults[i].text);
        }
    }
    return !is_faulty;
}

/* ---- calls --------------------------------------------------------------------------- */

static bool
add_call(struct collector *collector, const struct sp_kb_syscall *call,
         const struct sp_safe_rules *rules)
{
    struct sp_bpf_call *added = sp_vec_push(collector->reading->arena, &collector->calls.all);

    if (added == NULL) {
        return false;
    }
    *added = (struct sp_bpf_call){ .call = call, .rules = *rules };
    return true;
}

/* Is it named at all: has it, somewhere, another answer than the default? */
static bool
is_to_be_named(const struct sp_bpf_reading *reading, const struct sp_kb_syscall *call)
{
    sp_dd by_default = sp_dd_leaf(reading->store, reading->default_verdict);

    for (size_t i = 0; i < reading->arches.count; i++) {
        const struct sp_bpf_number *number = sp_bpf_read_open(&reading->arches.at[i], call);
        if (number != NULL && number->verdicts != by_default) {
            return true;
        }
    }
    return false;
}

static bool
take_call(struct collector *collector, const struct sp_kb_syscall *call)
{
    struct sp_safe_rules rules = { .all = { .at = NULL } };

    if (!is_to_be_named(collector->reading, call)) {
        return true;
    }
    enum sp_bpf_outcome outcome = sp_bpf_read_rules(collector->reading, call, &rules);
    if (outcome == SP_BPF_OUTCOME_DONE) {
        return add_call(collector, call, &rules);
    }
    return outcome != SP_BPF_OUTCOME_NO_MEMORY
        && sp_bpf_read_add_name(collector->reading, &collector->faulty[outcome], call);
}

/* Multiplexers come last, when the rules are known that have companions there. */
static bool
take_calls(struct collector *collector)
{
    for (unsigned pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
            const struct sp_kb_syscall *call = &sp_kb_syscalls[i];
            if (sp_bpf_read_is_multiplexer(call) != (pass == 1)) {
                continue;
            }
            bool is_said =
                pass == 1 && sp_bpf_read_is_said(collector->reading, &collector->calls, call);
            if (!is_said && !take_call(collector, call)) {
                return false;
            }
        }
    }
    return true;
}

static bool
has_call(const struct sp_bpf_calls *calls, const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < calls->all.count; i++) {
        if (calls->all.at[i].call == call) {
            return true;
        }
    }
    return false;
}

/* runc's stub begins behind the highest number that is named, also with the default action:
 * the call before it has to be named. */
static bool
name_last_calls(struct collector *collector)
{
    static const struct sp_safe_rules none = { .all = { .at = NULL } };

    for (size_t i = 0; i < collector->reading->arches.count; i++) {
        const struct sp_bpf_arch *arch = &collector->reading->arches.at[i];
        const struct sp_kb_syscall *last =
            arch->has_stub ? sp_kb_syscall_by_number(arch->arch, arch->stub) : NULL;
        if (last != NULL && !has_call(&collector->calls, last)
            && !add_call(collector, last, &none)) {
            return false;
        }
    }
    return true;
}

/* ---- all ----------------------------------------------------------------------------- */

static int
compare_calls(const void *left, const void *right)
{
    const struct sp_bpf_call *one = left;
    const struct sp_bpf_call *two = right;

    return (one->call > two->call) - (one->call < two->call);
}

bool
sp_bpf_read_calls(struct sp_bpf_reading *reading, struct sp_bpf_calls *ret_calls)
{
    struct collector collector = { .reading = reading };

    if (sp_bpf_read_check(reading, sp_dd_leaf(reading->store, reading->default_verdict))
        != SP_BPF_OUTCOME_DONE) {
        return sp_bpf_read_fail(reading, SP_BPF_WHOLE, faults[SP_BPF_OUTCOME_UNSAYABLE].help,
                                "a profile has no word for the default answer, 0x%x",
                                reading->default_verdict);
    }
    if (!take_calls(&collector) || !name_last_calls(&collector) || reading->arena->failed) {
        return false;
    }
    if (!tell_faults(&collector)) {
        return false;
    }
    if (collector.calls.all.count > 0) {
        qsort(collector.calls.all.at, collector.calls.all.count, sizeof *collector.calls.all.at,
              compare_calls);
    }
    *ret_calls = collector.calls;
    return true;
}
