#include "sem/compile_numbers.h"

#include "base/vec.h"
#include "model/bpf.h"
#include "sem/bpf_code.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

/* libseccomp keeps the rules of each call apart from those of all others, so that a call's share
 * of the program can be made alone and be put before the rest:
 *
 *     for each architecture:   its audit number? else go on behind it
 *         for each new call:   its number? else go on to the next
 *             the program that libseccomp makes for the stand-in, with the call's number in its place */

struct numbers {
    struct sp_arena *arena;  /* the child's own */
    const struct sp_filter_rules *rules;
    SP_VEC(struct sp_bpf_insn) program;
    struct sp_build built;
};

static bool
fail(struct numbers *numbers, enum sp_build_fault fault, int error)
{
    numbers->built = (struct sp_build){ .fault = fault, .error = error };
    return false;
}

static bool
emit(struct numbers *numbers, struct sp_bpf_insn insn)
{
    struct sp_bpf_insn *place = sp_vec_push(numbers->arena, &numbers->program);

    if (place == NULL) {
        return fail(numbers, SP_BUILD_EXPORT, ENOMEM);
    }
    *place = insn;
    return true;
}

/* Jumps, where the word loaded is not `value`, by an instruction that `land` aims. */
static bool
emit_question(struct numbers *numbers, uint32_t value, size_t *ret_jump)
{
    if (!emit(numbers, (struct sp_bpf_insn){ .code = SP_BPF_JEQ, .jt = 1, .k = value })) {
        return false;
    }
    *ret_jump = numbers->program.count;
    return emit(numbers, (struct sp_bpf_insn){ .code = SP_BPF_JA });
}

static void
land(struct numbers *numbers, size_t jump)
{
    numbers->program.at[jump].k = (uint32_t)(numbers->program.count - jump - 1);
}

static bool
emit_load(struct numbers *numbers, uint32_t offset)
{
    return emit(numbers, (struct sp_bpf_insn){ .code = SP_BPF_LD_ABS, .k = offset });
}

/* ---- one call on one architecture -------------------------------------------------------- */

/* Puts the call's number where the stand-in's is asked for: once, behind the load of the number. */
static bool
rename_call(struct sp_bpf_insn *program, size_t count, uint32_t from, uint32_t to)
{
    bool has_number = false;

    for (size_t i = 0; i < count; i++) {
        if (BPF_CLASS(program[i].code) == BPF_LD) {
            has_number = program[i].code == SP_BPF_LD_ABS && program[i].k == SP_BPF_DATA_NR;
        } else if (has_number && program[i].code == SP_BPF_JEQ && program[i].k == from) {
            program[i].k = to;
            return true;
        }
    }
    return false;
}

static bool
append_program(struct numbers *numbers, int fd, uint32_t from, uint32_t to)
{
    size_t first = numbers->program.count;
    struct sp_bpf_insn insn;

    for (off_t at = 0; pread(fd, &insn, sizeof insn, at) == (ssize_t)sizeof insn;
         at += (off_t)sizeof insn) {
        if (!emit(numbers, sp_compile_to_ours(numbers->rules, insn))) {
            return false;
        }
    }
    return rename_call(numbers->program.at + first, numbers->program.count - first, from, to)
        || fail(numbers, SP_BUILD_EXPORT, EINVAL);
}

/* The first rule without conditions is the answer, whatever else there is; NULL: there is none. */
static const struct sp_filter_rule *
unconditional(const struct sp_filter_rules *rules, uint16_t call)
{
    for (size_t i = 0; i < rules->rules.count; i++) {
        const struct sp_filter_rule *rule = &rules->rules.at[i];
        if (rule->call == call && rule->condition_count == 0) {
            return rule;
        }
    }
    return NULL;
}

/* Also where one rule answers everything, libseccomp is asked: it may refuse another. */
static bool
emit_answer(struct numbers *numbers, uint16_t call, const struct sp_kb_arch *arch, uint32_t number)
{
    const struct sp_filter_rule *rule = unconditional(numbers->rules, call);
    int64_t stand_in = sp_kb_number(arch, sp_kb_syscall_find(SP_STR(SP_COMPILE_STAND_IN)));
    int fd = memfd_create("secprof-call", MFD_CLOEXEC);

    if (fd < 0) {
        return fail(numbers, SP_BUILD_EXPORT, errno);
    }
    numbers->built = sp_compile_build_one(numbers->rules, call, arch, fd);
    bool done = numbers->built.fault == SP_BUILD_OK
        && (rule == NULL
                ? append_program(numbers, fd, (uint32_t)stand_in, number)
                : emit(numbers, (struct sp_bpf_insn){ .code = SP_BPF_RET_K, .k = rule->verdict }));
    close(fd);
    return done;
}

static bool
emit_call(struct numbers *numbers, uint16_t call, const struct sp_kb_arch *arch)
{
    int64_t number = sp_kb_number(arch, &sp_kb_syscalls[call]);
    size_t jump;

    if (number == SP_KB_NO_NUMBER) {
        return true;
    }
    if (!emit_question(numbers, (uint32_t)number, &jump)
        || !emit_answer(numbers, call, arch, (uint32_t)number)) {
        return false;
    }
    land(numbers, jump);
    return true;
}

/* ---- all of them ------------------------------------------------------------------------- */

/* Is it the first rule of its call? */
static bool
begins_new_call(const struct sp_filter_rules *rules, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (rules->rules.at[i].call == rules->rules.at[at].call) {
            return false;
        }
    }
    return true;
}

static bool
emit_arch(struct numbers *numbers, const struct sp_kb_arch *arch)
{
    const struct sp_filter_rules *rules = numbers->rules;
    size_t jump;

    if (!emit_load(numbers, SP_BPF_DATA_ARCH) || !emit_question(numbers, arch->audit, &jump)
        || !emit_load(numbers, SP_BPF_DATA_NR)) {
        return false;
    }
    for (size_t i = 0; i < rules->rules.count; i++) {
        const struct sp_filter_rule *rule = &rules->rules.at[i];
        if (!sp_compile_is_numbered(rules, rule, arch) && begins_new_call(rules, i)
            && !emit_call(numbers, rule->call, arch)) {
            return false;
        }
    }
    land(numbers, jump);
    return true;
}

static bool
has_new_call(const struct sp_filter_rules *rules)
{
    for (size_t i = 0; i < rules->arches.count; i++) {
        for (size_t j = 0; j < rules->rules.count; j++) {
            if (!sp_compile_is_numbered(rules, &rules->rules.at[j], rules->arches.at[i])) {
                return true;
            }
        }
    }
    return false;
}

static bool
write_all(int fd, const void *data, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t wrote = write(fd, (const char *)data + done, size - done);
        if (wrote < 0 && errno != EINTR) {
            return false;
        }
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return true;
}

struct sp_build
sp_compile_numbers(const struct sp_filter_rules *rules, int fd)
{
    SP_SCRATCH(scratch);
    struct numbers numbers = { .arena = &scratch, .rules = rules };
    bool done = true;

    if (!has_new_call(rules)) {
        return numbers.built;
    }
    for (size_t i = 0; i < rules->arches.count && done; i++) {
        done = emit_arch(&numbers, rules->arches.at[i]);
    }
    for (size_t i = 0; i < numbers.program.count; i++) {
        numbers.program.at[i] = sp_compile_to_theirs(rules, numbers.program.at[i]);
    }
    if (done && !write_all(fd, numbers.program.at,
                           numbers.program.count * sizeof *numbers.program.at)) {
        fail(&numbers, SP_BUILD_EXPORT, errno);
    }
    return numbers.built;
}
