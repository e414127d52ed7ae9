#include "format/bpf_read_numbers.h"
#include "format/bpf_read_survey.h"

#include "sem/verdict.h"

/* runc adds nothing where the default action lets calls run or tells a tracer. */
static bool
can_have_stub(sp_verdict by_default)
{
    sp_verdict action = by_default & SP_VERDICT_ACTION;

    return !sp_verdict_runs(by_default) && action != SP_VERDICT_TRACE;
}

/* How many calls have this verdict, where no stub speaks of them? */
static size_t
count_calls(const struct sp_bpf_reading *reading, sp_dd verdicts)
{
    size_t count = 0;

    for (size_t i = 0; i < reading->arches.count; i++) {
        const struct sp_bpf_arch *arch = &reading->arches.at[i];
        for (size_t j = 0; j < sp_bpf_arch_count(arch); j++) {
            const struct sp_bpf_number *number = &arch->numbers.at[j];
            count += number->verdicts == verdicts && !sp_bpf_read_is_stubbed(arch, number);
        }
    }
    return count;
}

/* What most calls are answered with. */
static sp_dd
most_common(const struct sp_bpf_reading *reading)
{
    sp_dd common = sp_dd_leaf(reading->store, SP_BPF_ENOSYS);
    size_t most = 0;

    for (size_t i = 0; i < reading->arches.count; i++) {
        const struct sp_bpf_arch *arch = &reading->arches.at[i];
        for (size_t j = 0; j < sp_bpf_arch_count(arch); j++) {
            sp_dd verdicts = arch->numbers.at[j].verdicts;
            if (verdicts == common || !sp_dd_is_leaf(reading->store, verdicts)
                || verdicts == SP_DD_UNDECIDED) {
                continue;
            }
            size_t count = count_calls(reading, verdicts);
            if (count > most) {
                most = count;
                common = verdicts;
            }
        }
    }
    return common;
}

/* On x86_64 the number -1 tells, which is x32's for the stub; else what most calls have is
 * taken for the default, or, where that has no stub, ENOSYS. */
sp_verdict
sp_bpf_read_guess(const struct sp_bpf_reading *reading)
{
    sp_dd guess = most_common(reading);

    for (size_t i = 0; i < reading->arches.count; i++) {
        const struct sp_bpf_arch *arch = &reading->arches.at[i];
        sp_dd skipped = arch->numbers.at[sp_bpf_arch_count(arch)].verdicts;
        if (!sp_bpf_arch_has(arch->arch, SP_BPF_NR_SKIPPED)
            && sp_dd_is_leaf(reading->store, skipped) && skipped != SP_DD_UNDECIDED
            && skipped != sp_dd_leaf(reading->store, SP_BPF_ENOSYS)) {
            guess = skipped;
        }
    }
    sp_verdict verdict = sp_dd_value(reading->store, guess);
    return can_have_stub(verdict) ? verdict : SP_BPF_ENOSYS;
}
