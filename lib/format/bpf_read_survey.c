#include "format/bpf_read_work.h"

#include "sem/bpf_code.h"
#include "sem/verdict.h"

#include <stdlib.h>

/* On x86_64 numbers with this bit are those of x32. */
enum { X32_BIT = 0x40000000 };

/* Numbers, later sorted, each once. */
struct numbers {
    SP_VEC(uint32_t) all;
};

/* ---- numbers ----------------------------------------------------------------------------- */

static int
compare_numbers(const void *left, const void *right)
{
    const uint32_t *one = left;
    const uint32_t *two = right;

    return (*one > *two) - (*one < *two);
}

static bool
add_number(struct sp_arena *arena, struct numbers *numbers, uint32_t nr)
{
    uint32_t *added = sp_vec_push(arena, &numbers->all);

    if (added == NULL) {
        return false;
    }
    *added = nr;
    return true;
}

/* A number and its neighbours: what a comparison with it may tell apart. */
static bool
add_around(struct sp_arena *arena, struct numbers *numbers, uint32_t nr)
{
    return add_number(arena, numbers, nr - 1) && add_number(arena, numbers, nr)
        && add_number(arena, numbers, nr + 1);
}

static void
sort(struct numbers *numbers)
{
    size_t kept = 0;

    qsort(numbers->all.at, numbers->all.count, sizeof *numbers->all.at, compare_numbers);
    for (size_t i = 0; i < numbers->all.count; i++) {
        if (kept == 0 || numbers->all.at[kept - 1] != numbers->all.at[i]) {
            numbers->all.at[kept++] = numbers->all.at[i];
        }
    }
    numbers->all.count = kept;
}

/* All that the program compares or computes with, and the ends of the numbers' ranges. */
static bool
find_constants(const struct sp_bpf_reading *reading, struct numbers *ret_constants)
{
    static const uint32_t ends[] = { 0, X32_BIT, SP_BPF_NR_SKIPPED };

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (!add_around(reading->arena, ret_constants, ends[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < reading->program.count; i++) {
        const struct sp_bpf_insn *insn = &reading->program.at[i];
        if ((sp_bpf_is_branch(insn->code) || sp_bpf_is_operation(insn->code))
            && !add_around(reading->arena, ret_constants, insn->k)) {
            return false;
        }
    }
    sort(ret_constants);
    return true;
}

/* Two rows may share a value of seccomp_data.arch: the bit tells them apart.  Numbers behind
 * those of both, without the bit, are left alone: libseccomp takes them for x32's, runc's
 * stub does not, and no kernel has a call there. */
static bool
has_number(const struct sp_kb_arch *arch, uint32_t nr)
{
    const struct sp_kb_arch *x32 = sp_kb_arch_find(SP_STR("x32"));

    if (x32 == NULL || arch->audit != x32->audit) {
        return true;
    }
    return arch == x32 ? (nr & X32_BIT) != 0 : nr < X32_BIT;
}

/* The numbers of an architecture that are worth asking for. */
static bool
find_numbers(const struct sp_bpf_reading *reading, const struct sp_kb_arch *arch,
             const struct numbers *constants, struct numbers *ret_numbers)
{
    struct numbers found = { .all = { .at = NULL } };

    for (size_t i = 0; i < constants->all.count; i++) {
        if (!add_number(reading->arena, &found, constants->all.at[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        int64_t nr = sp_kb_number(arch, &sp_kb_syscalls[i]);
        if (nr != SP_KB_NO_NUMBER && !add_around(reading->arena, &found, (uint32_t)nr)) {
            return false;
        }
    }
    sort(&found);
    for (size_t i = 0; i < found.all.count; i++) {
        uint32_t nr = found.all.at[i];
        if ((nr == SP_BPF_NR_SKIPPED || has_number(arch, nr))
            && !add_number(reading->arena, ret_numbers, nr)) {
            return false;
        }
    }
    return true;
}

/* ---- architectures ----------------------------------------------------------------------- */

static sp_dd
verdicts_of(const struct sp_bpf_reading *reading, const struct sp_kb_arch *arch, uint32_t nr)
{
    sp_dd verdicts = sp_bpf_meaning(reading->store, reading->program, arch->audit, nr);

    for (unsigned arg = 0; arch->bits == 32 && arg < SP_ARGS; arg++) {
        verdicts = sp_dd_narrow(reading->store, verdicts, arg, 32);
    }
    return verdicts;
}

/* What a filter of libseccomp answers to all architectures that it does not have (the attribute
 * SCMP_FLTATR_ACT_BADARCH, which no runtime sets). */
static sp_dd
bad_arch(const struct sp_bpf_reading *reading)
{
    return sp_dd_leaf(reading->store, SP_VERDICT_KILL_THREAD);
}

/* Each takes its time: a program that was made to be hard is given up soon. */
enum { MOST_UNDECIDED = 16 };

static bool
note_undecided(struct sp_bpf_reading *reading, const struct sp_kb_arch *arch, uint32_t nr)
{
    reading->undecided++;
    return reading->undecided <= MOST_UNDECIDED
        || sp_bpf_read_fail(reading, SP_BPF_WHOLE,
                            "it computes with arguments in a way that no profile has",
                            "the program cannot be followed to an answer for many numbers: %u "
                            "of `%s` and others", nr, sp_kb_text(arch->name));
}

static bool
read_arch(struct sp_bpf_reading *reading, const struct sp_kb_arch *arch,
          const struct numbers *constants)
{
    struct sp_bpf_arch read = { .arch = arch };
    struct numbers numbers = { .all = { .at = NULL } };
    bool is_asked_for = false;

    if (!find_numbers(reading, arch, constants, &numbers)) {
        return false;
    }
    for (size_t i = 0; i < numbers.all.count; i++) {
        uint32_t nr = numbers.all.at[i];
        struct sp_bpf_number *number = sp_vec_push(reading->arena, &read.numbers);
        if (number == NULL) {
            return false;
        }
        *number = (struct sp_bpf_number){
            .nr = nr,
            .call = sp_kb_syscall_by_number(arch, nr),
            .verdicts = verdicts_of(reading, arch, nr),
        };
        is_asked_for |= nr != SP_BPF_NR_SKIPPED && number->verdicts != bad_arch(reading);
        if (number->verdicts == SP_DD_UNDECIDED && !note_undecided(reading, arch, nr)) {
            return false;
        }
    }
    if (is_asked_for) {
        struct sp_bpf_arch *added = sp_vec_push(reading->arena, &reading->arches);
        if (added == NULL) {
            return false;
        }
        *added = read;
    }
    return true;
}

/* An architecture that is no row of ours must meet the same as any that the filter does not
 * have. */
static bool
check_foreign_arch(const struct sp_bpf_reading *reading, uint32_t audit,
                   const struct numbers *constants)
{
    for (size_t i = 0; i < constants->all.count; i++) {
        sp_dd verdicts = sp_bpf_meaning(reading->store, reading->program, audit,
                                        constants->all.at[i]);
        if (verdicts == bad_arch(reading)) {
            continue;
        }
        SP_BUF(text);
        if (sp_dd_is_leaf(reading->store, verdicts) && verdicts != SP_DD_UNDECIDED) {
            sp_verdict_write(sp_dd_value(reading->store, verdicts), &text);
        }
        const char *answer = text.data == NULL ? "a verdict that hangs on the call" : text.data;
        return sp_bpf_read_fail(
            reading, SP_BPF_WHOLE,
            "an OCI profile kills the threads of all architectures that it does not name, with "
            "KILL_THREAD: no profile means this program",
            "calls of an architecture that is not asked for (0x%x) are answered with %s", audit,
            answer);
    }
    return true;
}

static bool
is_row(uint32_t audit)
{
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        if (sp_kb_arches[i].audit == audit) {
            return true;
        }
    }
    return false;
}

static bool
is_constant(const struct numbers *constants, uint32_t value)
{
    return bsearch(&value, constants->all.at, constants->all.count, sizeof value,
                   compare_numbers) != NULL;
}

/* Those that the program names and we do not know, and one that it does not name. */
static bool
check_foreign_arches(const struct sp_bpf_reading *reading, const struct numbers *constants)
{
    bool is_arch = false;
    uint32_t unnamed = 1;

    while (is_row(unnamed) || is_constant(constants, unnamed)) {
        unnamed++;
    }
    for (size_t i = 0; i < reading->program.count; i++) {
        const struct sp_bpf_insn *insn = &reading->program.at[i];
        if (insn->code == SP_BPF_LD_ABS) {
            is_arch = insn->k == SP_BPF_DATA_ARCH;
        } else if (is_arch && insn->code == SP_BPF_JEQ && !is_row(insn->k)
                   && !check_foreign_arch(reading, insn->k, constants)) {
            return false;
        }
    }
    return check_foreign_arch(reading, unnamed, constants);
}

/* ---- what is answered for numbers that are nobody's -------------------------------------- */

static bool
is_enosys(const struct sp_bpf_reading *reading, const struct sp_bpf_number *number)
{
    return number->verdicts == sp_dd_leaf(reading->store, SP_BPF_ENOSYS);
}

/* The numbers without the last one, which is -1. */
static size_t
real_count(const struct sp_bpf_arch *arch)
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
    size_t count = real_count(arch);

    while (count > 0 && is_enosys(reading, &arch->numbers.at[count - 1])) {
        count--;
    }
    arch->has_stub = count > 0 && count < real_count(arch);
    arch->stub = arch->has_stub ? arch->numbers.at[count - 1].nr : 0;
    const struct sp_bpf_number *zero = &arch->numbers.at[0];
    arch->stub_at_zero = arch->has_stub && zero->nr == 0 && zero->call == NULL
        && is_enosys(reading, zero);
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
    if (first != NULL && is_enosys(reading, first)) {
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
        for (size_t j = 0; j < real_count(arch); j++) {
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
        for (size_t j = 0; j < real_count(arch); j++) {
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

/* Where every number below the stub is a call's, on all architectures.  On x86_64 the number
 * -1 tells, which is x32's for the stub; else what most of those calls have is taken for the
 * default, or, where that has no stub, ENOSYS. */
static sp_verdict
guess_default(const struct sp_bpf_reading *reading)
{
    sp_dd guess = most_common(reading);

    for (size_t i = 0; i < reading->arches.count; i++) {
        const struct sp_bpf_arch *arch = &reading->arches.at[i];
        sp_dd skipped = arch->numbers.at[real_count(arch)].verdicts;
        if (!has_number(arch->arch, SP_BPF_NR_SKIPPED) && sp_dd_is_leaf(reading->store, skipped)
            && skipped != SP_DD_UNDECIDED
            && skipped != sp_dd_leaf(reading->store, SP_BPF_ENOSYS)) {
            guess = skipped;
        }
    }
    sp_verdict verdict = sp_dd_value(reading->store, guess);
    return can_have_stub(verdict) ? verdict : SP_BPF_ENOSYS;
}

static sp_verdict
default_of(const struct sp_bpf_reading *reading)
{
    const struct sp_bpf_arch *known = find_default(reading);

    if (known != NULL) {
        return known->default_verdict;
    }
    return reading->arches.count > 0 ? guess_default(reading) : SP_VERDICT_KILL_THREAD;
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

/* ---- all --------------------------------------------------------------------------------- */

/* Nobody can say what answers a call that the program's own place decides. */
static bool
check_loads(const struct sp_bpf_reading *reading)
{
    for (size_t i = 0; i < reading->program.count; i++) {
        const struct sp_bpf_insn *insn = &reading->program.at[i];
        if (insn->code == SP_BPF_LD_ABS && insn->k >= SP_BPF_DATA_IP
            && insn->k < SP_BPF_DATA_ARGS) {
            return sp_bpf_read_fail(
                reading, i, "a profile knows the call and its arguments alone",
                "the program asks for the instruction pointer, which no profile can");
        }
    }
    return true;
}

bool
sp_bpf_read_survey(struct sp_bpf_reading *reading)
{
    struct numbers constants = { .all = { .at = NULL } };

    if (!check_loads(reading) || !find_constants(reading, &constants)
        || !check_foreign_arches(reading, &constants)) {
        return false;
    }
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        if (!read_arch(reading, &sp_kb_arches[i], &constants)) {
            return false;
        }
    }
    for (size_t i = 0; i < reading->arches.count; i++) {
        if (!settle_default(reading, &reading->arches.at[i])) {
            return false;
        }
    }
    return settle_defaults(reading);
}

const struct sp_bpf_number *
sp_bpf_read_number(const struct sp_bpf_arch *arch, uint32_t nr)
{
    size_t low = 0;
    size_t high = arch->numbers.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (arch->numbers.at[middle].nr == nr) {
            return &arch->numbers.at[middle];
        }
        if (arch->numbers.at[middle].nr < nr) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

bool
sp_bpf_read_is_stubbed(const struct sp_bpf_arch *arch, const struct sp_bpf_number *number)
{
    return (arch->has_stub && number->nr > arch->stub)
        || (arch->stub_at_zero && number->nr == 0);
}
