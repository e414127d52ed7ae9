#include "sem/compile_stub.h"

#include "sem/arch_rules.h"

#include <linux/audit.h>
#include <linux/filter.h>

/* Offsets in struct seccomp_data, and ENOSYS, which is 38 wherever runc runs but on MIPS. */
enum { NR_AT = 0, ARCH_AT = 4, X32_BIT = 0x40000000, ENOSYS_NUMBER = 38 };

struct stub {
    struct sp_arena *arena;
    SP_VEC(struct sp_bpf_insn) program;
};

static void
emit(struct stub *stub, uint16_t code, uint8_t jt, uint8_t jf, uint32_t k)
{
    struct sp_bpf_insn *insn = sp_vec_push(stub->arena, &stub->program);

    if (insn != NULL) {
        *insn = (struct sp_bpf_insn){ .code = code, .jt = jt, .jf = jf, .k = k };
    }
}

static void
answer_enosys(struct stub *stub)
{
    emit(stub, BPF_RET | BPF_K, 0, 0, SP_VERDICT_ERRNO | ENOSYS_NUMBER);
}

/* One architecture: five or six instructions that fall through to the next where they say nothing.
 * On x86_64 the x32 bit tells two number spaces apart. */
static void
emit_arch(struct stub *stub, const struct sp_arch_rules *rules)
{
    bool is_x86_64 = rules->arch->audit == AUDIT_ARCH_X86_64;
    bool is_x32 = rules->arch->offset == X32_BIT;

    emit(stub, BPF_LD | BPF_W | BPF_ABS, 0, 0, ARCH_AT);
    emit(stub, BPF_JMP | BPF_JEQ | BPF_K, 0,
         (uint8_t)(3 + (is_x86_64 ? 1 : 0) + (rules->stub_at_zero ? 2 : 0)), rules->arch->audit);
    emit(stub, BPF_LD | BPF_W | BPF_ABS, 0, 0, NR_AT);
    if (is_x86_64) {
        emit(stub, BPF_JMP | BPF_JSET | BPF_K, is_x32 ? 0 : 2, is_x32 ? 2 : 0, X32_BIT);
    }
    if (rules->stub_at_zero) {
        emit(stub, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0);
        answer_enosys(stub);
    }
    emit(stub, BPF_JMP | BPF_JGT | BPF_K, 0, 1, rules->stub);
    answer_enosys(stub);
}

bool
sp_compile_stub(struct sp_arena *arena, const struct sp_filter_rules *rules,
                const struct sp_environment *environment, struct sp_bpf *ret_stub)
{
    struct stub stub = { .arena = arena };

    for (size_t i = 0; i < rules->arches.count; i++) {
        struct sp_arch_rules made = { .stub = 0 };
        if (!sp_arch_rules_make(arena, rules, environment, rules->arches.at[i], &made)) {
            return false;
        }
        if (made.stub > 0) {
            emit_arch(&stub, &made);
        }
    }
    *ret_stub = (struct sp_bpf){ .at = stub.program.at, .count = stub.program.count };
    return !arena->failed;
}
