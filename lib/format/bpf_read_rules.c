#include "format/bpf_read_rules.h"

#include "sem/modelled.h"

/* libseccomp takes no greater number with ERRNO (src/system.h, MAX_ERRNO). */
enum { LARGEST_ERRNO = 4094, VERDICTS_MAX = 64 };

/* ---- verdicts ------------------------------------------------------------------------ */

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

enum sp_bpf_outcome
sp_bpf_read_check(const struct sp_bpf_reading *reading, sp_dd verdicts)
{
    sp_verdict leaves[VERDICTS_MAX];

    if (sp_dd_has_undecided(reading->store, verdicts)) {
        return SP_BPF_OUTCOME_UNDECIDED;
    }
    size_t count = sp_dd_leaves(reading->store, verdicts, leaves, VERDICTS_MAX);
    if (count > VERDICTS_MAX) {
        return SP_BPF_OUTCOME_UNWRITABLE;
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_sayable(leaves[i])) {
            return SP_BPF_OUTCOME_UNSAYABLE;
        }
    }
    return SP_BPF_OUTCOME_DONE;
}

/* ---- one call on all architectures --------------------------------------------------- */

/* What the program answers for a call; NULL where it has no number. */
static const struct sp_bpf_number *
number_of(const struct sp_bpf_arch *arch, const struct sp_kb_syscall *call)
{
    int64_t nr = sp_kb_number(arch->arch, call);

    return nr == SP_KB_NO_NUMBER ? NULL : sp_bpf_read_number(arch, (uint32_t)nr);
}

/* The same where more than the stub speaks of it. */
const struct sp_bpf_number *
sp_bpf_read_open(const struct sp_bpf_arch *arch, const struct sp_kb_syscall *call)
{
    const struct sp_bpf_number *number = number_of(arch, call);

    return number == NULL || sp_bpf_read_is_stubbed(arch, number) ? NULL : number;
}

bool
sp_bpf_read_model(const struct sp_bpf_reading *reading, const struct sp_bpf_arch *arch,
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
        if (number != NULL
            && (!sp_bpf_read_model(reading, arch, rows, rules->all.count, &meaning)
                || meaning != number->verdicts)) {
            return false;
        }
    }
    return rows != NULL;
}

static enum sp_bpf_outcome
check_call(const struct sp_bpf_reading *reading, const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < reading->arches.count; i++) {
        const struct sp_bpf_number *number = sp_bpf_read_open(&reading->arches.at[i], call);
        enum sp_bpf_outcome outcome =
            number == NULL ? SP_BPF_OUTCOME_DONE : sp_bpf_read_check(reading, number->verdicts);
        if (outcome != SP_BPF_OUTCOME_DONE) {
            return outcome;
        }
    }
    return SP_BPF_OUTCOME_DONE;
}

/* Rules for what one architecture answers, when they say it for all. */
static enum sp_bpf_outcome
try_arch(const struct sp_bpf_reading *reading, const struct sp_bpf_arch *arch,
         const struct sp_kb_syscall *call, struct sp_safe_rules *ret_rules)
{
    const struct sp_bpf_number *number = sp_bpf_read_open(arch, call);
    struct sp_safe_rules rules;

    if (number == NULL) {
        return SP_BPF_OUTCOME_UNWRITABLE;
    }
    switch (sp_safe_rules_of(reading->arena, reading->store, number->verdicts,
                             reading->default_verdict, arch->arch->bits, &rules)) {
    case SP_SAFE_OK:
        break;
    case SP_SAFE_NO_MEMORY:
        return SP_BPF_OUTCOME_NO_MEMORY;
    case SP_SAFE_UNWRITABLE:
        return SP_BPF_OUTCOME_UNWRITABLE;
    }
    if (rules.all.count == 0 || !fits(reading, call, &rules)) {
        return SP_BPF_OUTCOME_DIFFERENT;
    }
    *ret_rules = rules;
    return SP_BPF_OUTCOME_DONE;
}

/* The widest architectures come first: what they say of whole arguments, the others say of
 * less. */
enum sp_bpf_outcome
sp_bpf_read_rules(const struct sp_bpf_reading *reading, const struct sp_kb_syscall *call,
                  struct sp_safe_rules *ret_rules)
{
    enum sp_bpf_outcome worst = check_call(reading, call);

    if (worst != SP_BPF_OUTCOME_DONE) {
        return worst;
    }
    for (unsigned bits = 64; bits >= 32; bits -= 32) {
        for (size_t i = 0; i < reading->arches.count; i++) {
            const struct sp_bpf_arch *arch = &reading->arches.at[i];
            if (arch->arch->bits != bits) {
                continue;
            }
            enum sp_bpf_outcome outcome = try_arch(reading, arch, call, ret_rules);
            if (outcome == SP_BPF_OUTCOME_DONE || outcome == SP_BPF_OUTCOME_NO_MEMORY) {
                return outcome;
            }
            worst = outcome > worst ? outcome : worst;
        }
    }
    return worst;
}
