#include "sem/bpf_run.h"

#include "sem/bpf_code.h"
#include "sem/verdict.h"

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
print_load(struct sp_buf *buf, uint32_t offset)
{
    static const char *const words[] = { "nr", "arch", "ip low", "ip high" };

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
print_place(struct sp_buf *buf, enum sp_bpf_place place, uint32_t k)
{
    static const char *const names[] = {
        [SP_BPF_PLACE_A] = "A", [SP_BPF_PLACE_X] = "X", [SP_BPF_PLACE_LENGTH] = "length",
        [SP_BPF_PLACE_MINUS_A] = "-A",
    };

    if (place == SP_BPF_PLACE_MEMORY) {
        sp_buf_format(buf, "M[%u]", k);
    } else if (place == SP_BPF_PLACE_DATA) {
        print_load(buf, k);
    } else if (place == SP_BPF_PLACE_CONSTANT) {
        print_number(buf, k);
    } else {
        sp_buf_text(buf, names[place]);
    }
}

static void
print_move(struct sp_buf *buf, const struct sp_bpf_insn *insn)
{
    struct sp_bpf_move move = sp_bpf_move_of(insn->code);

    print_place(buf, move.to, insn->k);
    sp_buf_text(buf, " = ");
    print_place(buf, move.from, insn->k);
}

static void
print_insn(struct sp_buf *buf, const struct sp_bpf_insn *insn, size_t pc)
{
    if (!sp_bpf_has(insn->code)) {
        sp_buf_format(buf, "unknown code 0x%x", insn->code);
    } else if (sp_bpf_is_branch(insn->code)) {
        print_branch(buf, insn, pc);
    } else if (sp_bpf_is_operation(insn->code)) {
        print_operation(buf, insn);
    } else if (insn->code == SP_BPF_JA) {
        sp_buf_format(buf, "goto %zu", pc + 1 + insn->k);
    } else if (insn->code == SP_BPF_RET_K) {
        sp_buf_text(buf, "return ");
        sp_verdict_write(insn->k, buf);
    } else if (insn->code == SP_BPF_RET_A) {
        sp_buf_text(buf, "return A");
    } else {
        print_move(buf, insn);
    }
}

void
sp_bpf_print_at(const struct sp_bpf_insn *insn, size_t pc, struct sp_buf *buf)
{
    sp_buf_format(buf, "%4zu  ", pc);
    print_insn(buf, insn, pc);
}

void
sp_bpf_print(struct sp_bpf program, struct sp_buf *buf)
{
    for (size_t pc = 0; pc < program.count; pc++) {
        sp_bpf_print_at(&program.at[pc], pc, buf);
        sp_buf_char(buf, '\n');
    }
}
