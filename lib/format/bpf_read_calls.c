#include "format/bpf_read_work.h"

#include "sem/arch_rules.h"
#include "sem/modelled.h"

#include <stdlib.h>

/* What became of a call, worst last. */
enum outcome {
    OUTCOME_DONE,
    OUTCOME_UNDECIDED,
    OUTCOME_UNSAYABLE,
    OUTCOME_UNWRITABLE,
    OUTCOME_DIFFERENT,
    OUTCOME_NO_MEMORY,
    OUTCOMES,
};

static const struct {
    const char *text;
    const char *help;
} faults[OUTCOMES] = {
    [OUTCOME_UNDECIDED] = {
        "the program cannot be followed to an answer for",
        "it computes with arguments in a way that no profile has",
    },
    [OUTCOME_UNSAYABLE] = {
        "a profile has no word for an answer to",
        "the actions of profiles carry data with ERRNO (below 4095) and TRACE alone",
    },
    [OUTCOME_UNWRITABLE] = {
        "no rules that libseccomp turns into the same filter were found for",
        "the conditions of profiles are comparisons of whole arguments, one for an argument",
    },
    [OUTCOME_DIFFERENT] = {
        "have different answers for",
        "a rule of a profile names a call on all architectures at once",
    },
};

/* libseccomp takes no greater number with ERRNO (src/system.h, MAX_ERRNO). */
enum { LARGEST_ERRNO = 4094, VERDICTS_MAX = 64 };

/* ---- verdicts ---------------------------------------------------------------------------- */

static bool
is_sayable(sp_verdict verdict)
{
    uint32_t data = verdict & SP_VERDICT_DATA;

    switch (verdict & SP_VERDICT_ACTION) {
    case SP_VERDICT_ERRNO:
        return data <= LARGEST_ERRNO;
    case SP_VERDICT_TRACE:
        return true;
    case SP_VERDICT_KILL_PROCESS:
    case SP_VERDICT_KILL_THREAD:
    case SP_VERDICT_TRAP:
    case SP_VERDICT_NOTIFY:
    case SP_VERDICT_LOG:
    case SP_VERDICT_ALLOW:
        return data == 0;
    default:
        return false;
    }
}

static enum outcome
check_verdicts(const struct sp_bpf_reading *reading, sp_dd verdicts)
{
    sp_verdict leaves[VERDICTS_MAX];

    if (sp_dd_has_undecided(reading->store, verdicts)) {
        return OUTCOME_UNDECIDED;
    }
    size_t count = sp_dd_leaves(reading->store, verdicts, leaves, VERDICTS_MAX);
    if (count > VERDICTS_MAX) {
        return OUTCOME_UNWRITABLE;
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_sayable(leaves[i])) {
            return OUTCOME_UNSAYABLE;
        }
    }
    return OUTCOME_DONE;
}

/* ---- one call on all architectures ------------------------------------------------------- */

/* What the program answers for a call; NULL where it has no number. */
static const struct sp_bpf_number *
number_of(const struct sp_bpf_arch *arch, const struct sp_kb_syscall *call)
{
    int64_t nr = sp_kb_number(arch->arch, call);

    return nr == SP_KB_NO_NUMBER ? NULL : sp_bpf_read_number(arch, (uint32_t)nr);
}

/* The same where more than the stub speaks of it. */
static const struct sp_bpf_number *
open_number(const struct sp_bpf_arch *arch, const struct sp_kb_syscall *call)
{
    const struct sp_bpf_number *number = number_of(arch, call);

    return number == NULL || sp_bpf_read_is_stubbed(arch, number) ? NULL : number;
}

/* Is it named at all: has it, somewhere, another answer than the default? */
static bool
is_to_be_named(const struct sp_bpf_reading *reading, const struct sp_kb_syscall *call)
{
    sp_dd by_default = sp_dd_leaf(reading->store, reading->default_verdict);

    for (size_t i = 0; i < reading->arches.count; i++) {
        const struct sp_bpf_number *number = open_number(&reading->arches.at[i], call);
        if (number != NULL && number->verdicts != by_default) {
            return true;
        }
    }
    return false;
}

/* What the rules mean on an architecture, with its companions or without. */
static bool
model(const struct sp_bpf_reading *reading, const struct sp_bpf_arch *arch,
      const struct sp_filter_rule *rows, size_t count, sp_dd *ret_meaning)
{
    struct sp_modelled modelled;

    if (!sp_modelled_make(reading->store, rows, count, arch->arch->bits,
                          reading->default_verdict, (struct sp_version){ 0 }, &modelled)) {
        reading->arena->failed = true;
        return false;
    }
    *ret_meaning = modelled.meaning;
    return true;
}

/* Do rules mean what the program answers, on all architectures? */
static bool
fits(const struct sp_bpf_reading *reading, const struct sp_kb_syscall *call,
     const struct sp_safe_rules *rules)
{
    const struct sp_filter_rule *rows = sp_safe_rules_rows(reading->arena, rules, 0);
    sp_dd meaning;

    for (size_t i = 0; rows != NULL && i < reading->arches.count; i++) {
        const struct sp_bpf_arch *arch = &reading->arches.at[i];
        const struct sp_bpf_number *number = number_of(arch, call);
        if (number != NULL && (!model(reading, arch, rows, rules->all.count, &meaning)
                               || meaning != number->verdicts)) {
            return false;
        }
    }
    return rows != NULL;
}

static enum outcome
check_call(const struct sp_bpf_reading *reading, const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < reading->arches.count; i++) {
        const struct sp_bpf_number *number = open_number(&reading->arches.at[i], call);
        enum outcome outcome =
            number == NULL ? OUTCOME_DONE : check_verdicts(reading, number->verdicts);
        if (outcome != OUTCOME_DONE) {
            return outcome;
        }
    }
    return OUTCOME_DONE;
}

/* Rules for what one architecture answers, when they say it for all. */
static enum outcome
try_arch(const struct sp_bpf_reading *reading, const struct sp_bpf_arch *arch,
         const struct sp_kb_syscall *call, struct sp_safe_rules *ret_rules)
{
    const struct sp_bpf_number *number = open_number(arch, call);
    struct sp_safe_rules rules;

    if (number == NULL) {
        return OUTCOME_UNWRITABLE;
    }
    switch (sp_safe_rules_of(reading->arena, reading->store, number->verdicts,
                             reading->default_verdict, arch->arch->bits, &rules)) {
    case SP_SAFE_OK:
        break;
    case SP_SAFE_NO_MEMORY:
        return OUTCOME_NO_MEMORY;
    case SP_SAFE_UNWRITABLE:
        return OUTCOME_UNWRITABLE;
    }
    if (rules.all.count == 0 || !fits(reading, call, &rules)) {
        return OUTCOME_DIFFERENT;
    }
    *ret_rules = rules;
    return OUTCOME_DONE;
}

/* The widest architectures come first: what they say of whole arguments, the others say of
 * less. */
static enum outcome
make_rules(const struct sp_bpf_reading *reading, const struct sp_kb_syscall *call,
           struct sp_safe_rules *ret_rules)
{
    enum outcome worst = check_call(reading, call);

    if (worst != OUTCOME_DONE) {
        return worst;
    }
    for (unsigned bits = 64; bits >= 32; bits -= 32) {
        for (size_t i = 0; i < reading->arches.count; i++) {
            const struct sp_bpf_arch *arch = &reading->arches.at[i];
            if (arch->arch->bits != bits) {
                continue;
            }
            enum outcome outcome = try_arch(reading, arch, call, ret_rules);
            if (outcome == OUTCOME_DONE || outcome == OUTCOME_NO_MEMORY) {
                return outcome;
            }
            worst = outcome > worst ? outcome : worst;
        }
    }
    return worst;
}

/* ---- socketcall and ipc ------------------------------------------------------------------ */

static bool
is_multiplexer(const struct sp_kb_syscall *call)
{
    struct sp_str name = sp_str_of(sp_kb_text(call->name));

    return sp_str_is(name, "socketcall") || sp_str_is(name, "ipc");
}

static uint16_t
row_of(const struct sp_kb_syscall *call)
{
    return (uint16_t)sp_kb_syscall_index(call);
}

static bool
add_rows(const struct sp_bpf_reading *reading, const struct sp_bpf_call *call,
         struct sp_filter_rules *filter)
{
    const struct sp_filter_rule *rows =
        sp_safe_rules_rows(reading->arena, &call->rules, row_of(call->call));
    uint16_t *named = sp_vec_push(reading->arena, &filter->named);

    if (rows == NULL || named == NULL) {
        return false;
    }
    *named = row_of(call->call);
    for (size_t i = 0; i < call->rules.all.count; i++) {
        struct sp_filter_rule *row = sp_vec_push(reading->arena, &filter->rules);
        if (row == NULL) {
            return false;
        }
        *row = rows[i];
    }
    return true;
}

/* The rules found so far, as a runtime would give them to libseccomp. */
static bool
make_filter(const struct sp_bpf_reading *reading, const struct sp_bpf_calls *calls,
            struct sp_filter_rules *ret_filter)
{
    struct sp_filter_rules filter = { .default_verdict = reading->default_verdict };

    for (size_t i = 0; i < reading->arches.count; i++) {
        const struct sp_kb_arch **arch = sp_vec_push(reading->arena, &filter.arches);
        if (arch == NULL) {
            return false;
        }
        *arch = reading->arches.at[i].arch;
    }
    for (size_t i = 0; i < calls->all.count; i++) {
        if (!add_rows(reading, &calls->all.at[i], &filter)) {
            return false;
        }
    }
    *ret_filter = filter;
    return true;
}

/* Do the rules of other calls say already what a multiplexer answers on this architecture,
 * by the companions that libseccomp makes of them? */
static bool
says_already(const struct sp_bpf_reading *reading, const struct sp_filter_rules *filter,
             const struct sp_bpf_arch *arch, const struct sp_bpf_number *number)
{
    struct sp_environment environment = {
        .engine = SP_ENGINE_OCI, .runtime = SP_RUNTIME_CRUN, .host = filter->arches.at[0],
    };
    struct sp_arch_rules rules = { .arch = arch->arch };
    sp_dd meaning = sp_dd_leaf(reading->store, reading->default_verdict);

    if (!sp_arch_rules_make(reading->arena, filter, &environment, arch->arch, &rules)) {
        return false;
    }
    const struct sp_arch_call *made = sp_arch_rules_find(&rules, number->nr);
    if (made != NULL && !model(reading, arch, made->rules, made->count, &meaning)) {
        return false;
    }
    return meaning == number->verdicts;
}

static bool
says_everywhere(const struct sp_bpf_reading *reading, const struct sp_bpf_calls *calls,
                const struct sp_kb_syscall *call)
{
    struct sp_filter_rules filter;

    if (!make_filter(reading, calls, &filter)) {
        return false;
    }
    for (size_t i = 0; i < reading->arches.count; i++) {
        const struct sp_bpf_arch *arch = &reading->arches.at[i];
        const struct sp_bpf_number *number = open_number(arch, call);
        if (number != NULL && !says_already(reading, &filter, arch, number)) {
            return false;
        }
    }
    return true;
}

/* ---- all calls --------------------------------------------------------------------------- */

struct collector {
    struct sp_bpf_reading *reading;
    struct sp_bpf_calls calls;
    struct sp_bpf_names faulty[OUTCOMES];
};

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

static bool
take_call(struct collector *collector, const struct sp_kb_syscall *call)
{
    struct sp_safe_rules rules = { .all = { .at = NULL } };

    if (!is_to_be_named(collector->reading, call)) {
        return true;
    }
    enum outcome outcome = make_rules(collector->reading, call, &rules);
    if (outcome == OUTCOME_DONE) {
        return add_call(collector, call, &rules);
    }
    return outcome != OUTCOME_NO_MEMORY
        && sp_bpf_read_add_name(collector->reading, &collector->faulty[outcome], call);
}

/* Multiplexers come last, when the rules are known that have companions there. */
static bool
take_calls(struct collector *collector)
{
    for (unsigned pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
            const struct sp_kb_syscall *call = &sp_kb_syscalls[i];
            if (is_multiplexer(call) != (pass == 1)) {
                continue;
            }
            bool is_said =
                pass == 1 && says_everywhere(collector->reading, &collector->calls, call);
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

static int
compare_calls(const void *left, const void *right)
{
    const struct sp_bpf_call *one = left;
    const struct sp_bpf_call *two = right;

    return (one->call > two->call) - (one->call < two->call);
}

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
    sp_buf_format(&text, " %s", faults[OUTCOME_DIFFERENT].text);
    if (text.failed) {
        reading->arena->failed = true;
        return false;
    }
    return sp_bpf_read_fail_calls(reading, &collector->faulty[OUTCOME_DIFFERENT],
                                  faults[OUTCOME_DIFFERENT].help, text.data);
}

/* True when there are none. */
static bool
tell_faults(const struct collector *collector)
{
    bool is_faulty = false;

    for (int i = 0; i < OUTCOMES; i++) {
        if (collector->faulty[i].all.count == 0) {
            continue;
        }
        is_faulty = true;
        if (i == OUTCOME_DIFFERENT) {
            tell_different(collector);
        } else {
            sp_bpf_read_fail_calls(collector->reading, &collector->faulty[i], faults[i].help,
                                   faults[i].text);
        }
    }
    return !is_faulty;
}

bool
sp_bpf_read_calls(struct sp_bpf_reading *reading, struct sp_bpf_calls *ret_calls)
{
    struct collector collector = { .reading = reading };

    if (check_verdicts(reading, sp_dd_leaf(reading->store, reading->default_verdict))
        != OUTCOME_DONE) {
        return sp_bpf_read_fail(reading, SP_BPF_WHOLE, faults[OUTCOME_UNSAYABLE].help,
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
