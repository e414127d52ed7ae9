#include "format/bpf_read_survey.h"

#include "sem/bpf_code.h"
#include "sem/verdict.h"

/* ---- one architecture ---------------------------------------------------------------- */

bool
sp_bpf_read_is_enosys(const struct sp_bpf_reading *reading, const struct sp_bpf_number *number)
{
    return number->verdicts == sp_dd_leaf(reading->store, SP_BPF_ENOSYS);
}

size_t
sp_bpf_arch_count(const struct sp_bpf_arch *arch)
{
    return arch->numbers.count - 1;
}

/* runc's instructions answer ENOSYS for every number above the highest that the profile names:
 * only what comes last is seen of that, so that calls at the top whose own rule says ENOSYS
 * count as unnamed, which runc answers alike.
 *
 * Source: runc libcontainer/seccomp/patchbpf/enosys_linux.go. */
static void
find_stub(const struct sp_bpf_reading *reading, struct sp_bpf_arch *arch)
{
    size_t count = sp_bpf_arch_count(arch);

    while (count > 0 && sp_bpf_read_is_enosys(reading, &arch->numbers.at[count - 1])) {
        count--;
    }
    arch->has_stub = count > 0 && count < sp_bpf_arch_count(arch);
    arch->stub = arch->has_stub ? arch->numbers.at[count - 1].nr : 0;
    const struct sp_bpf_number *zero = &arch->numbers.at[0];
    arch->stub_at_zero = arch->has_stub && zero->nr == 0 && zero->call == NULL
        && sp_bpf_read_is_enosys(reading, zero);
}

/* A number that a profile cannot name, and that no stub speaks of. */
static bool
is_nobodys(const struct sp_bpf_arch *arch, const struct sp_bpf_number *number)
{
    return number->call == NULL && number->nr != SP_BPF_NR_SKIPPED
        && !sp_bpf_read_is_stubbed(arch, number);
}

static const struct sp_bpf_number *
first_of_nobody(const struct sp_bpf_arch *arch)
{
    for (size_t i = 0; i < arch->numbers.count; i++) {
        if (is_nobodys(arch, &arch->numbers.at[i])) {
            return &arch->numbers.at[i];
        }
    }
    return NULL;
}

/* The instruction that compares with a constant, or the whole. */
static size_t
place_of(const struct sp_bpf_reading *reading, uint32_t k)
{
    for (size_t i = 0; i < reading->program.count; i++) {
        if (reading->program.at[i].code == SP_BPF_JEQ && reading->program.at[i].k == k) {
            return i;
        }
    }
    return SP_BPF_WHOLE;
}

static bool
fail_number(const struct sp_bpf_reading *reading, const struct sp_bpf_arch *arch,
            const struct sp_bpf_number *number, sp_verdict expected)
{
    SP_BUF(text);
    SP_BUF(other);
    bool is_leaf = number->verdicts != SP_DD_UNDECIDED
        && sp_dd_is_leaf(reading->store, number->verdicts);

    sp_verdict_write(expected, &text);
    if (is_leaf) {
        sp_verdict_write(sp_dd_value(reading->store, number->verdicts), &other);
    } else {
        sp_buf_text(&other, "what the arguments decide");
    }
    if (text.failed || other.failed) {
        reading->arena->failed = true;
        return false;
    }
    return sp_bpf_read_fail(
        reading, place_of(reading, number->nr),
        "a profile names calls, and one default action answers all other numbers",
        "number %u is no call of `%s`, and is answered with %s, while others are with %s",
        number->nr, sp_kb_text(arch->arch->name), other.data, text.data);
}

static void
forget_stub(struct sp_bpf_arch *arch)
{
    arch->has_stub = false;
    arch->stub = 0;
    arch->stub_at_zero = false;
}

/* All of them have the same answer, without a look at arguments. */
static bool
settle_default(const struct sp_bpf_reading *reading, struct sp_bpf_arch *arch)
{
    find_stub(reading, arch);
    const struct sp_bpf_number *first = first_of_nobody(arch);
    if (first != NULL && sp_bpf_read_is_enosys(reading, first)) {
        forget_stub(arch);
        first = first_of_nobody(arch);
    }
    arch->has_default = first != NULL;
    if (first == NULL) {
        return true;
    }
    if (first->verdicts == SP_DD_UNDECIDED || !sp_dd_is_leaf(reading->store, first->verdicts)) {
        return fail_number(reading, arch, first, SP_VERDICT_KILL_THREAD);
    }
    arch->default_verdict = sp_dd_value(reading->store, first->verdicts);
    for (size_t i = 0; i < arch->numbers.count; i++) {
        const struct sp_bpf_number *number = &arch->numbers.at[i];
        if (is_nobodys(arch, number) && number->verdicts != first->verdicts) {
            return fail_number(reading, arch, number, arch->default_verdict);
        }
    }
    return true;
}

/* ---- all architectures --------------------------------------------------------------- */

/* The first architecture whose default is known. */
static const struct sp_bpf_arch *
find_default(const struct sp_bpf_reading *reading)
{
    for (size_t i = 0; i < reading->arches.count; i++) {
        if (reading->arches.at[i].has_default) {
            return &reading->arches.at[i];
        }
    }
    return NULL;
}

static bool
fail_defaults(const struct sp_bpf_reading *reading, const struct sp_bpf_arch *one,
              const struct sp_bpf_arch *other)
{
    SP_BUF(first);
    SP_BUF(second);

    sp_verdict_write(one->default_verdict, &first);
    sp_verdict_write(other->default_verdict, &second);
    if (first.failed || second.failed) {
        reading->arena->failed = true;
        return false;
    }
    return sp_bpf_read_fail(
        reading, SP_BPF_WHOLE,
        "an OCI profile has one default action for all architectures: no profile means this "
        "program",
        "numbers that are nobody's are answered with %s on `%s`, and with %s on `%s`",
        first.data, sp_kb_text(one->arch->name), second.data, sp_kb_text(other->arch->name));
}

static sp_verdict
default_of(const struct sp_bpf_reading *reading)
{
    const struct sp_bpf_arch *known = find_default(reading);

    if (known != NULL) {
        return known->default_verdict;
    }
    return reading->arches.count > 0 ? sp_bpf_read_guess(reading) : SP_VERDICT_KILL_THREAD;
}

/* One default for all architectures; where it is ENOSYS itself, there is no stub to see. */
static bool
settle_defaults(struct sp_bpf_reading *reading)
{
    reading->default_verdict = default_of(reading);
    for (size_t i = 0; i < reading->arches.count; i++) {
        struct sp_bpf_arch *arch = &reading->arches.at[i];
        if (arch->has_default && arch->default_verdict != reading->default_verdict) {
            return fail_defaults(reading, find_default(reading), arch);
        }
        if (reading->default_verdict == SP_BPF_ENOSYS) {
            forget_stub(arch);
        }
        reading->has_stub |= arch->has_stub;
    }
    return true;
}

bool
sp_bpf_read_default(struct sp_bpf_reading *reading)
{
    for (size_t i = 0; i < reading->arches.count; i++) {
        if (!settle_default(reading, &reading->arches.at[i])) {
            return false;
        }
    }
    return settle_defaults(reading);
}
