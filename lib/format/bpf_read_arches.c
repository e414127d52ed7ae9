#include "format/bpf_read_numbers.h"
#include "format/bpf_read_survey.h"

#include "sem/bpf_code.h"
#include "sem/verdict.h"

/* ---- architectures that we know ------------------------------------------------------ */

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
          const struct sp_bpf_numbers *constants)
{
    struct sp_bpf_arch read = { .arch = arch };
    struct sp_bpf_numbers numbers = { .all = { .at = NULL } };
    bool is_asked_for = false;

    if (!sp_bpf_numbers_of_arch(reading, arch, constants, &numbers)) {
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

/* ---- others -------------------------------------------------------------------------- */

/* An architecture that is no row of ours must meet the same as any that the filter does not
 * have. */
static bool
check_foreign_arch(const struct sp_bpf_reading *reading, uint32_t audit,
                   const struct sp_bpf_numbers *constants)
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

/* Those that the program names and we do not know, and one that it does not name. */
static bool
check_foreign_arches(const struct sp_bpf_reading *reading,
                     const struct sp_bpf_numbers *constants)
{
    bool is_arch = false;
    uint32_t unnamed = 1;

    while (is_row(unnamed) || sp_bpf_numbers_have(constants, unnamed)) {
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

bool
sp_bpf_read_arches(struct sp_bpf_reading *reading)
{
    struct sp_bpf_numbers constants = { .all = { .at = NULL } };

    if (!sp_bpf_numbers_of_program(reading, &constants)
        || !check_foreign_arches(reading, &constants)) {
        return false;
    }
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        if (!read_arch(reading, &sp_kb_arches[i], &constants)) {
            return false;
        }
    }
    return true;
}
