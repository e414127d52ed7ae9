#include "sem/bpf_walk.h"

#include "model/call.h"
#include "sem/bpf_code.h"

/* Past so many steps a program was made to be hard.  A step on open bits counts as OPEN_STEP;
 * the slowest program known, one of multiplications, ends after 0.8 seconds. */
enum { STEPS_MAX = 1 << 21, OPEN_STEP = 16 };

/* ---- moves ------------------------------------------------------------------------------- */

static struct sp_bpf_word
load(const struct sp_bpf_walk *walk, uint32_t offset)
{
    switch (offset) {
    case SP_BPF_DATA_NR:
        return sp_bpf_word_of(walk->nr);
    case SP_BPF_DATA_ARCH:
        return sp_bpf_word_of(walk->arch);
    default:
        return offset < SP_BPF_DATA_ARGS ? sp_bpf_word_unknown() : sp_bpf_word_load(offset);
    }
}

static void
move(const struct sp_bpf_walk *walk, const struct sp_bpf_insn *insn,
     struct sp_bpf_word *registers)
{
    struct sp_bpf_move places = sp_bpf_move_of(insn->code);
    struct sp_bpf_word *to = &registers[sp_bpf_target(places, insn->k)];

    switch (places.from) {
    case SP_BPF_PLACE_A:
        *to = registers[SP_BPF_A];
        break;
    case SP_BPF_PLACE_X:
        *to = registers[SP_BPF_X];
        break;
    case SP_BPF_PLACE_MEMORY:
        *to = registers[insn->k];
        break;
    case SP_BPF_PLACE_DATA:
        *to = load(walk, insn->k);
        break;
    case SP_BPF_PLACE_LENGTH:
        *to = sp_bpf_word_of(SP_BPF_DATA_SIZE);
        break;
    case SP_BPF_PLACE_CONSTANT:
        *to = sp_bpf_word_of(insn->k);
        break;
    case SP_BPF_PLACE_MINUS_A:
        *to = sp_bpf_word_negate(&registers[SP_BPF_A]);
        break;
    case SP_BPF_PLACE_NONE:
        break;
    }
}

/* ---- questions --------------------------------------------------------------------------- */

/* The way on where all calls take the same one: true, and `pc` is there. */
static bool
is_decided(const struct sp_bpf_walk *walk, const struct sp_bpf_fork *fork, size_t *pc)
{
    if (fork->then == fork->otherwise) {
        *pc = fork->then;
        return true;
    }
    if (fork->condition == SP_DD_UNDECIDED || !sp_dd_is_leaf(walk->store, fork->condition)) {
        return false;
    }
    *pc = sp_dd_value(walk->store, fork->condition) != 0 ? fork->then : fork->otherwise;
    return true;
}

static struct sp_bpf_word
operand_of(const struct sp_bpf_insn *insn, const struct sp_bpf_word *registers)
{
    return (insn->code & BPF_X) != 0 ? registers[SP_BPF_X] : sp_bpf_word_of(insn->k);
}

/* A jump. True: `pc` is where it leads; false: calls part in `ret_fork`. */
static bool
branch(const struct sp_bpf_walk *walk, const struct sp_bpf_insn *insn,
       const struct sp_bpf_word *registers, size_t *pc, struct sp_bpf_fork *ret_fork)
{
    struct sp_bpf_fork fork = { .then = *pc + 1 + insn->jt, .otherwise = *pc + 1 + insn->jf };
    const struct sp_bpf_word *a = &registers[SP_BPF_A];
    const struct sp_bpf_word *x = &registers[SP_BPF_X];
    bool has_x = (insn->code & BPF_X) != 0;

    if (sp_bpf_word_is_constant(a) && (!has_x || sp_bpf_word_is_constant(x))) {
        bool holds = sp_bpf_holds(insn->code, a->value, has_x ? x->value : insn->k);
        *pc = holds ? fork.then : fork.otherwise;
        return true;
    }
    struct sp_bpf_word operand = operand_of(insn, registers);
    fork.condition = sp_bpf_word_question(walk->store, insn->code, a, &operand);
    *ret_fork = fork;
    return is_decided(walk, &fork, pc);
}

/* Like a jump, since division by 0 ends the program, as if it led past the last instruction. */
static bool
divide(const struct sp_bpf_walk *walk, const struct sp_bpf_insn *insn, struct sp_bpf_word *a,
       const struct sp_bpf_word *operand, size_t *pc, struct sp_bpf_fork *ret_fork)
{
    struct sp_bpf_fork fork = { .then = walk->program.count, .otherwise = *pc + 1 };
    struct sp_bpf_word zero = sp_bpf_word_of(0);

    if (sp_bpf_word_is_constant(operand)) {
        fork.condition = sp_dd_leaf(walk->store, operand->value == 0);
    } else {
        fork.condition = sp_bpf_word_question(walk->store, SP_BPF_JEQ, operand, &zero);
    }
    if (!sp_bpf_word_is_constant(operand) || operand->value != 0) {
        *a = sp_bpf_word_operate(insn->code, a, operand);
    }
    *ret_fork = fork;
    return is_decided(walk, &fork, pc);
}

static bool
operate(const struct sp_bpf_walk *walk, const struct sp_bpf_insn *insn,
        struct sp_bpf_word *registers, size_t *pc, struct sp_bpf_fork *ret_fork)
{
    struct sp_bpf_word *a = &registers[SP_BPF_A];
    struct sp_bpf_word operand = operand_of(insn, registers);

    if (BPF_OP(insn->code) == BPF_DIV) {
        return divide(walk, insn, a, &operand, pc, ret_fork);
    }
    *a = sp_bpf_word_operate(insn->code, a, &operand);
    ++*pc;
    return true;
}

/* ---- the way ----------------------------------------------------------------------------- */

static bool
is_end(const struct sp_bpf_walk *walk, const struct sp_bpf_insn *insn,
       const struct sp_bpf_word *a, sp_dd *ret_answer)
{
    if (insn->code == SP_BPF_RET_K) {
        *ret_answer = sp_dd_leaf(walk->store, insn->k);
        return true;
    }
    if (insn->code == SP_BPF_RET_A) {
        *ret_answer = sp_bpf_word_answer(walk->store, a);
        return true;
    }
    return false;
}

/* One instruction that is no return. True: `pc` is the next; false: calls part. */
static bool
step(const struct sp_bpf_walk *walk, struct sp_bpf_word *registers, size_t *pc,
     struct sp_bpf_fork *ret_fork)
{
    const struct sp_bpf_insn *insn = &walk->program.at[*pc];

    if (sp_bpf_is_branch(insn->code)) {
        return branch(walk, insn, registers, pc, ret_fork);
    }
    if (sp_bpf_is_operation(insn->code)) {
        return operate(walk, insn, registers, pc, ret_fork);
    }
    if (insn->code == SP_BPF_JA) {
        *pc += insn->k;
    } else {
        move(walk, insn, registers);
    }
    ++*pc;
    return true;
}

bool
sp_bpf_walk(struct sp_bpf_walk *walk, size_t pc, struct sp_bpf_word *registers,
            sp_dd *ret_answer, struct sp_bpf_fork *ret_fork)
{
    while (pc < walk->program.count) {
        const struct sp_bpf_word *a = &registers[SP_BPF_A];
        walk->steps += sp_bpf_word_is_constant(a) ? 1 : OPEN_STEP;
        if (walk->steps > STEPS_MAX) {
            walk->is_spent = true;
            *ret_answer = SP_DD_UNDECIDED;
            return true;
        }
        if (is_end(walk, &walk->program.at[pc], a, ret_answer)) {
            return true;
        }
        if (!step(walk, registers, &pc, ret_fork)) {
            return false;
        }
    }
    *ret_answer = sp_dd_leaf(walk->store, SP_VERDICT_KILL_THREAD);
    return true;
}
