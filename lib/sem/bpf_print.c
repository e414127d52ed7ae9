#include "sem/bpf_run.h"

#include "sem/bpf_code.h"

struct verdict_name {
    sp_verdict action;
    const char *name;
};

/* As in SECCOMP_RET_*, whose word they are; most permissive last. */
static const struct verdict_name verdict_names[] = {
    { .action = SP_VERDICT_KILL_PROCESS, .name = "KILL_PROCESS" },
    { .action = SP_VERDICT_KILL_THREAD, .name = "KILL_THREAD" },
    { .action = SP_VERDICT_TRAP, .name = "TRAP" },
    { .action = SP_VERDICT_ERRNO, .name = "ERRNO" },
    { .action = SP_VERDICT_NOTIFY, .name = "USER_NOTIF" },
    { .action = SP_VERDICT_TRACE, .name = "TRACE" },
    { .action = SP_VERDICT_LOG, .name = "LOG" },
    { .action = SP_VERDICT_ALLOW, .name = "ALLOW" },
};

static const char *const operators[] = {
    [BPF_ADD >> 4] = "+", [BPF_SUB >> 4] = "-", [BPF_MUL >> 4] = "*", [BPF_DIV >> 4] = "/",
    [BPF_OR >> 4] = "|", [BPF_AND >> 4] = "&", [BPF_LSH >> 4] = "<<", [BPF_RSH >> 4] = ">>",
    [BPF_XOR >> 4] = "^",
};

static const char *const comparisons[] = {
    [BPF_JEQ >> 4] = "==", [BPF_JGT >> 4] = ">", [BPF_JGE >> 4] = ">=", [BPF_JSET >> 4] = "&",
};

/* Small numbers are counts and system calls, others are masks and architectures. */
static void
print_number(struct sp_buf *buf, uint32_t number)
{
    sp_buf_format(buf, number < 4096 ? "%u" : "0x%x", number);
}

static void
print_operand(struct sp_buf *buf, const struct sp_bpf_insn *insn)
{
    if ((insn->code & BPF_X) != 0) {
        sp_buf_char(buf, 'X');
    } else {
        print_number(buf, insn->k);
    }
}

static void
print_verdict(struct sp_buf *buf, sp_verdict verdict)
{
    for (size_t i = 0; i < sizeof verdict_names / sizeof *verdict_names; i++) {
        if (verdict_names[i].action == (verdict & SP_VERDICT_ACTION)) {
            sp_buf_text(buf, verdict_names[i].name);
            if ((verdict & SP_VERDICT_DATA) != 0 || verdict == SP_VERDICT_ERRNO) {
                sp_buf_format(buf, "(%u)", verdict & SP_VERDICT_DATA);
            }
            return;
        }
    }
    sp_buf_format(buf, "0x%x", verdict);
}

static void
print_load(struct sp_buf *buf, uint32_t offset)
{
    static const char *const words[] = { "nr", "arch", "ip low", "ip high" };

    sp_buf_text(buf, "A = ");
    if (offset >= SP_BPF_DATA_SIZE || offset % 4 != 0) {
        sp_buf_format(buf, "data[%u]", offset);
    } else if (offset < SP_BPF_DATA_ARGS) {
        sp_buf_text(buf, words[offset / 4]);
    } else {
        sp_buf_format(buf, "args[%u] %s", (offset - SP_BPF_DATA_ARGS) / 8,
                      offset % 8 == 0 ? "low" : "high");
    }
}

static void
print_branch(struct sp_buf *buf, const struct sp_bpf_insn *insn, size_t pc)
{
    sp_buf_format(buf, "if A %s ", comparisons[BPF_OP(insn->code) >> 4]);
    print_operand(buf, insn);
    sp_buf_format(buf, " goto %zu else %zu", pc + 1 + insn->jt, pc + 1 + insn->jf);
}

static void
print_operation(struct sp_buf *buf, const struct sp_bpf_insn *insn)
{
    sp_buf_format(buf, "A %s= ", operators[BPF_OP(insn->code) >> 4]);
    print_operand(buf, insn);
}

static void
print_insn(struct sp_buf *buf, const struct sp_bpf_insn *insn, size_t pc)
{
    switch (insn->code) {
    case SP_BPF_LD_ABS:
        print_load(buf, insn->k);
        break;
    case SP_BPF_LD_LEN:
    case SP_BPF_LDX_LEN:
        sp_buf_format(buf, "%c = length", insn->code == SP_BPF_LD_LEN ? 'A' : 'X');
        break;
    case SP_BPF_LD_IMM:
    case SP_BPF_LDX_IMM:
        sp_buf_format(buf, "%c = ", insn->code == SP_BPF_LD_IMM ? 'A' : 'X');
        print_number(buf, insn->k);
        break;
    case SP_BPF_LD_MEM:
    case SP_BPF_LDX_MEM:
        sp_buf_format(buf, "%c = M[%u]", insn->code == SP_BPF_LD_MEM ? 'A' : 'X', insn->k);
        break;
    case SP_BPF_ST:
    case SP_BPF_STX:
        sp_buf_format(buf, "M[%u] = %c", insn->k, insn->code == SP_BPF_ST ? 'A' : 'X');
        break;
    case SP_BPF_TAX:
        sp_buf_text(buf, "X = A");
        break;
    case SP_BPF_TXA:
        sp_buf_text(buf, "A = X");
        break;
    case SP_BPF_NEG:
        sp_buf_text(buf, "A = -A");
        break;
    case SP_BPF_JA:
        sp_buf_format(buf, "goto %zu", pc + 1 + insn->k);
        break;
    case SP_BPF_RET_K:
        sp_buf_text(buf, "return ");
        print_verdict(buf, insn->k);
        break;
    case SP_BPF_RET_A:
        sp_buf_text(buf, "return A");
        break;
    case SP_BPF_WITH_X_OR_K(SP_BPF_ADD):
    case SP_BPF_WITH_X_OR_K(SP_BPF_SUB):
    case SP_BPF_WITH_X_OR_K(SP_BPF_MUL):
    case SP_BPF_WITH_X_OR_K(SP_BPF_DIV):
    case SP_BPF_WITH_X_OR_K(SP_BPF_AND):
    case SP_BPF_WITH_X_OR_K(SP_BPF_OR):
    case SP_BPF_WITH_X_OR_K(SP_BPF_XOR):
    case SP_BPF_WITH_X_OR_K(SP_BPF_LSH):
    case SP_BPF_WITH_X_OR_K(SP_BPF_RSH):
        print_operation(buf, insn);
        break;
    case SP_BPF_WITH_X_OR_K(SP_BPF_JEQ):
    case SP_BPF_WITH_X_OR_K(SP_BPF_JGT):
    case SP_BPF_WITH_X_OR_K(SP_BPF_JGE):
    case SP_BPF_WITH_X_OR_K(SP_BPF_JSET):
        print_branch(buf, insn, pc);
        break;
    default:
        sp_buf_format(buf, "unknown code 0x%x", insn->code);
        break;
    }
}

void
sp_bpf_print(struct sp_bpf program, struct sp_buf *buf)
{
    for (size_t pc = 0; pc < program.count; pc++) {
        sp_buf_format(buf, "%4zu  ", pc);
        print_insn(buf, &program.at[pc], pc);
        sp_buf_char(buf, '\n');
    }
}
