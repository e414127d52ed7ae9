/* kernel/seccomp.c, seccomp_is_const_allow. */
#include "sem/bpf_run.h"

#include "sem/bpf_code.h"

#include <linux/audit.h>

/* Linux prepares no cache for x32's numbers. */
static bool
is_x32(uint32_t arch, uint32_t nr)
{
    return arch == AUDIT_ARCH_X86_64 && (nr & 0x40000000) != 0;
}

bool
sp_bpf_is_cached(struct sp_bpf program, uint32_t arch, uint32_t nr)
{
    uint32_t a = 0;

    if (is_x32(arch, nr)) {
        return false;
    }
    for (size_t pc = 0; pc < program.count; pc++) {
        const struct sp_bpf_insn *insn = &program.at[pc];
        switch (insn->code) {
        case SP_BPF_LD_ABS:
            if (insn->k != SP_BPF_DATA_NR && insn->k != SP_BPF_DATA_ARCH) {
                return false;
            }
            a = insn->k == SP_BPF_DATA_NR ? nr : arch;
            break;
        case SP_BPF_RET_K:
            return insn->k == SP_VERDICT_ALLOW;
        case SP_BPF_JA:
            pc += insn->k;
            break;
        case SP_BPF_JEQ:
        case SP_BPF_JGE:
        case SP_BPF_JGT:
        case SP_BPF_JSET:
            pc += sp_bpf_holds(insn->code, a, insn->k) ? insn->jt : insn->jf;
            break;
        case SP_BPF_AND:
            a &= insn->k;
            break;
        default:
            return false;
        }
    }
    return false;
}
