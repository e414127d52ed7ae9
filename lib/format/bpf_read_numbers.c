#include "format/bpf_read_numbers.h"

#include "sem/bpf_code.h"

#include <stdlib.h>

/* On x86_64 numbers with this bit are those of x32. */
enum { X32_BIT = 0x40000000 };

/* ---- a set of numbers ---------------------------------------------------------------- */

static int
compare_numbers(const void *left, const void *right)
{
    const uint32_t *one = left;
    const uint32_t *two = right;

    return (*one > *two) - (*one < *two);
}

static bool
add_number(struct sp_arena *arena, struct sp_bpf_numbers *numbers, uint32_t nr)
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
add_around(struct sp_arena *arena, struct sp_bpf_numbers *numbers, uint32_t nr)
{
    return add_number(arena, numbers, nr - 1) && add_number(arena, numbers, nr)
        && add_number(arena, numbers, nr + 1);
}

static void
sort(struct sp_bpf_numbers *numbers)
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

bool
sp_bpf_numbers_have(const struct sp_bpf_numbers *constants, uint32_t value)
{
    return bsearch(&value, constants->all.at, constants->all.count, sizeof value,
                   compare_numbers) != NULL;
}

/* ---- which are worth asking for ------------------------------------------------------ */

bool
sp_bpf_numbers_of_program(const struct sp_bpf_reading *reading,
                          struct sp_bpf_numbers *ret_constants)
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
bool
sp_bpf_arch_has(const struct sp_kb_arch *arch, uint32_t nr)
{
    static const uint32_t audit_x86_64 = 0xc000003e;  /* of x32, too */

    if (arch->audit != audit_x86_64) {
        return true;
    }
    return arch->offset == X32_BIT ? (nr & X32_BIT) != 0 : nr < X32_BIT;
}

bool
sp_bpf_numbers_of_arch(const struct sp_bpf_reading *reading, const struct sp_kb_arch *arch,
             const struct sp_bpf_numbers *constants, struct sp_bpf_numbers *ret_numbers)
{
    struct sp_bpf_numbers found = { .all = { .at = NULL } };

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
        if ((nr == SP_BPF_NR_SKIPPED || sp_bpf_arch_has(arch, nr))
            && !add_number(reading->arena, ret_numbers, nr)) {
            return false;
        }
    }
    return true;
}
