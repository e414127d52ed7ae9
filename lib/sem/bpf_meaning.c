/* Symbolic execution.  A program only jumps forward, so that its states (an instruction and
 * what the registers hold there) are a graph without circles.  They are found from the first
 * on, each once, and answered from the last back: no recursion, and shared ends are walked
 * once. */
#include "sem/bpf_run.h"

#include "base/vec.h"
#include "sem/bpf_code.h"
#include "sem/bpf_word.h"

#include <stdlib.h>
#include <string.h>

/* Registers as bits of a set, and places of `word`. */
enum { A = SP_BPF_WORDS, X, REGISTERS };

/* Filters made from profiles have some ten states for a number; past these limits a program was
 * made to be hard, and its meaning is undecided.  A step on open bits counts as OPEN_STEP; the
 * slowest program known, one of multiplications, ends after 0.8 seconds. */
enum { STATES_MAX = 1 << 14, STEPS_MAX = 1 << 21, OPEN_STEP = 16 };

struct registers {
    struct sp_bpf_word word[REGISTERS];
};

/* An end, whose answer is known, or a question that chooses of two states. */
struct state {
    uint32_t pc;
    uint32_t hash;
    uint32_t next;                    /* of the same bucket, + 1 */
    uint32_t then;
    uint32_t otherwise;
    sp_dd condition;
    sp_dd answer;
    bool is_end;
    const struct sp_bpf_word *words;  /* of the registers that are still read, in order */
};

struct run {
    struct sp_dd_store *store;
    struct sp_bpf program;
    uint32_t arch;
    uint32_t nr;
    uint32_t *live;  /* the registers that are still read, before each instruction */
    uint32_t *bucket;
    uint32_t bucket_count;
    size_t steps;
    bool failed;
    SP_VEC(struct state) states;
    struct sp_arena arena;
};

/* ---- which registers are still read ------------------------------------------------------ */

static uint32_t
reads_of(const struct sp_bpf_insn *insn)
{
    if (sp_bpf_is_branch(insn->code) || sp_bpf_is_operation(insn->code)) {
        return 1u << A | ((insn->code & BPF_X) != 0 ? 1u << X : 0);
    }
    switch (insn->code) {
    case SP_BPF_LD_MEM:
    case SP_BPF_LDX_MEM:
        return 1u << insn->k;
    case SP_BPF_ST:
    case SP_BPF_TAX:
    case SP_BPF_NEG:
    case SP_BPF_RET_A:
        return 1u << A;
    case SP_BPF_STX:
    case SP_BPF_TXA:
        return 1u << X;
    default:
        return 0;
    }
}

static uint32_t
writes_of(const struct sp_bpf_insn *insn)
{
    switch (insn->code) {
    case SP_BPF_LD_ABS:
    case SP_BPF_LD_LEN:
    case SP_BPF_LD_IMM:
    case SP_BPF_LD_MEM:
    case SP_BPF_TXA:
        return 1u << A;
    case SP_BPF_LDX_LEN:
    case SP_BPF_LDX_IMM:
    case SP_BPF_LDX_MEM:
    case SP_BPF_TAX:
        return 1u << X;
    case SP_BPF_ST:
    case SP_BPF_STX:
        return 1u << insn->k;
    default:
        return 0;
    }
}

static uint32_t
live_after(const struct run *run, size_t pc)
{
    const struct sp_bpf_insn *insn = &run->program.at[pc];

    if (BPF_CLASS(insn->code) == BPF_RET) {
        return 0;
    }
    if (insn->code == SP_BPF_JA) {
        return run->live[pc + 1 + insn->k];
    }
    if (sp_bpf_is_branch(insn->code)) {
        return run->live[pc + 1 + insn->jt] | run->live[pc + 1 + insn->jf];
    }
    return run->live[pc + 1];
}

/* From instruction `from` to the end, which reads nothing. Made at the first question: most
 * numbers meet none. */
static void
find_live(struct run *run, size_t from)
{
    run->live = sp_arena_new_array(&run->arena, run->program.count + 1, uint32_t);
    for (size_t pc = run->program.count; run->live != NULL && pc > from; pc--) {
        const struct sp_bpf_insn *insn = &run->program.at[pc - 1];
        run->live[pc - 1] = (live_after(run, pc - 1) & ~writes_of(insn)) | reads_of(insn);
    }
}

/* ---- states ------------------------------------------------------------------------------ */

/* The words that are still read, side by side; how many. */
static size_t
pack(const struct registers *registers, uint32_t live, struct sp_bpf_word *ret_words)
{
    size_t count = 0;

    for (; live != 0; live &= live - 1) {
        ret_words[count++] = registers->word[__builtin_ctz(live)];
    }
    return count;
}

static void
unpack(const struct sp_bpf_word *words, uint32_t live, struct registers *registers)
{
    for (; live != 0; live &= live - 1) {
        registers->word[__builtin_ctz(live)] = *words++;
    }
}

static uint32_t
hash_of(uint32_t pc, const struct sp_bpf_word *words, size_t count)
{
    uint64_t hash = pc;

    for (size_t i = 0; i < count; i++) {
        const struct sp_bpf_word *word = &words[i];
        hash = (hash ^ word->value ^ (uint64_t)word->open << 32) * 0x9e3779b97f4a7c15;
        for (uint32_t rest = word->open; rest != 0; rest &= rest - 1) {
            hash = (hash ^ hash >> 29 ^ word->cell[__builtin_ctz(rest)]) * 0x9e3779b97f4a7c15;
        }
    }
    return (uint32_t)(hash ^ hash >> 32);
}

static bool
grow_buckets(struct run *run)
{
    uint32_t count = run->bucket_count == 0 ? 64 : run->bucket_count * 4;
    uint32_t *bucket = sp_arena_new_array(&run->arena, count, uint32_t);

    if (bucket == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < run->states.count; i++) {
        uint32_t *head = &bucket[run->states.at[i].hash & (count - 1)];
        run->states.at[i].next = *head;
        *head = i + 1;
    }
    run->bucket = bucket;
    run->bucket_count = count;
    return true;
}

static bool
find_state(const struct run *run, const struct state *sought, size_t word_count,
           uint32_t *ret_at)
{
    uint32_t at = run->bucket[sought->hash & (run->bucket_count - 1)];
    size_t size = word_count * sizeof *sought->words;

    for (; at != 0; at = run->states.at[at - 1].next) {
        const struct state *state = &run->states.at[at - 1];
        if (state->hash == sought->hash && state->pc == sought->pc
            && (size == 0 || memcmp(state->words, sought->words, size) == 0)) {
            *ret_at = at - 1;
            return true;
        }
    }
    return false;
}

static uint32_t
add_state(struct run *run, const struct state *sought, size_t word_count)
{
    struct sp_bpf_word *words = NULL;
    struct state *state = NULL;

    if (run->states.count < STATES_MAX
        && (run->states.count < run->bucket_count || grow_buckets(run))) {
        words = sp_arena_new_array(&run->arena, word_count, struct sp_bpf_word);
        if (words != NULL || word_count == 0) {
            state = sp_vec_push(&run->arena, &run->states);
        }
    }
    if (state == NULL) {
        run->failed = true;
        return 0;
    }
    if (word_count > 0) {
        memcpy(words, sought->words, word_count * sizeof *words);
    }
    uint32_t *head = &run->bucket[sought->hash & (run->bucket_count - 1)];
    *state = *sought;
    state->next = *head;
    state->words = words;
    *head = (uint32_t)run->states.count;
    return *head - 1;
}

/* The state of these registers before an instruction, an old one where there is one. */
static uint32_t
state_at(struct run *run, size_t pc, const struct registers *registers)
{
    struct sp_bpf_word words[REGISTERS];
    uint32_t found;

    size_t count = pack(registers, run->live[pc], words);
    struct state sought = { .pc = (uint32_t)pc, .words = words,
                            .hash = hash_of((uint32_t)pc, words, count) };
    return find_state(run, &sought, count, &found) ? found : add_state(run, &sought, count);
}

/* ---- steps ------------------------------------------------------------------------------- */

/* A question that is not the same for all calls, and the instructions it leads to. */
struct fork {
    sp_dd condition;  /* SP_DD_UNDECIDED when it cannot be told */
    size_t then;
    size_t otherwise;
};

static struct sp_bpf_word
load(const struct run *run, uint32_t offset)
{
    switch (offset) {
    case SP_BPF_DATA_NR:
        return sp_bpf_word_of(run->nr);
    case SP_BPF_DATA_ARCH:
        return sp_bpf_word_of(run->arch);
    default:
        return offset < SP_BPF_DATA_ARGS ? sp_bpf_word_unknown() : sp_bpf_word_load(offset);
    }
}

static void
move(const struct run *run, const struct sp_bpf_insn *insn, struct sp_bpf_word *word)
{
    switch (insn->code) {
    case SP_BPF_LD_ABS:
        word[A] = load(run, insn->k);
        break;
    case SP_BPF_LD_LEN:
        word[A] = sp_bpf_word_of(SP_BPF_DATA_SIZE);
        break;
    case SP_BPF_LD_IMM:
        word[A] = sp_bpf_word_of(insn->k);
        break;
    case SP_BPF_LD_MEM:
        word[A] = word[insn->k];
        break;
    case SP_BPF_LDX_LEN:
        word[X] = sp_bpf_word_of(SP_BPF_DATA_SIZE);
        break;
    case SP_BPF_LDX_IMM:
        word[X] = sp_bpf_word_of(insn->k);
        break;
    case SP_BPF_LDX_MEM:
        word[X] = word[insn->k];
        break;
    case SP_BPF_ST:
        word[insn->k] = word[A];
        break;
    case SP_BPF_STX:
        word[insn->k] = word[X];
        break;
    case SP_BPF_TAX:
        word[X] = word[A];
        break;
    case SP_BPF_TXA:
        word[A] = word[X];
        break;
    case SP_BPF_NEG:
        word[A] = sp_bpf_word_negate(&word[A]);
        break;
    default:
        break;
    }
}

/* The way on where all calls take the same one: true, and `pc` is there. */
static bool
is_decided(const struct run *run, const struct fork *fork, size_t *pc)
{
    if (fork->then == fork->otherwise) {
        *pc = fork->then;
        return true;
    }
    if (fork->condition == SP_DD_UNDECIDED || !sp_dd_is_leaf(run->store, fork->condition)) {
        return false;
    }
    *pc = sp_dd_value(run->store, fork->condition) != 0 ? fork->then : fork->otherwise;
    return true;
}

/* A jump. True: `pc` is where it leads; false: calls part in `ret_fork`. */
static bool
branch(const struct run *run, const struct sp_bpf_insn *insn, const struct sp_bpf_word *word,
       size_t *pc, struct fork *ret_fork)
{
    struct fork fork = { .then = *pc + 1 + insn->jt, .otherwise = *pc + 1 + insn->jf };
    bool has_x = (insn->code & BPF_X) != 0;

    if (word[A].open == 0 && (!has_x || word[X].open == 0)) {
        uint32_t operand = has_x ? word[X].value : insn->k;
        *pc = sp_bpf_holds(insn->code, word[A].value, operand) ? fork.then : fork.otherwise;
        return true;
    }
    struct sp_bpf_word operand = has_x ? word[X] : sp_bpf_word_of(insn->k);
    fork.condition = sp_bpf_word_question(run->store, insn->code, &word[A], &operand);
    *ret_fork = fork;
    return is_decided(run, &fork, pc);
}

/* An operation. Like a jump, since division by 0 ends the program, as if it led past the last
 * instruction. */
static bool
operate(const struct run *run, const struct sp_bpf_insn *insn, struct sp_bpf_word *word,
        size_t *pc, struct fork *ret_fork)
{
    struct sp_bpf_word operand =
        (insn->code & BPF_X) != 0 ? word[X] : sp_bpf_word_of(insn->k);
    struct fork fork = { .then = run->program.count, .otherwise = *pc + 1 };
    struct sp_bpf_word zero = sp_bpf_word_of(0);

    if (BPF_OP(insn->code) != BPF_DIV) {
        word[A] = sp_bpf_word_operate(insn->code, &word[A], &operand);
        *pc += 1;
        return true;
    }
    fork.condition = operand.open == 0
                         ? sp_dd_leaf(run->store, operand.value == 0)
                         : sp_bpf_word_question(run->store, SP_BPF_JEQ, &operand, &zero);
    if (operand.open != 0 || operand.value != 0) {
        word[A] = sp_bpf_word_operate(insn->code, &word[A], &operand);
    }
    *ret_fork = fork;
    return is_decided(run, &fork, pc);
}

/* Runs until the answer is known (true) or calls part (false). */
static bool
advance(struct run *run, size_t pc, struct registers *registers, sp_dd *ret_answer,
        struct fork *ret_fork)
{
    while (pc < run->program.count) {
        const struct sp_bpf_insn *insn = &run->program.at[pc];
        bool goes_on = true;
        run->steps += registers->word[A].open != 0 ? OPEN_STEP : 1;
        if (run->steps > STEPS_MAX) {
            run->failed = true;
            *ret_answer = SP_DD_UNDECIDED;
            return true;
        }
        if (insn->code == SP_BPF_RET_K) {
            *ret_answer = sp_dd_leaf(run->store, insn->k);
            return true;
        }
        if (insn->code == SP_BPF_RET_A) {
            *ret_answer = sp_bpf_word_answer(run->store, &registers->word[A]);
            return true;
        }
        if (sp_bpf_is_branch(insn->code)) {
            goes_on = branch(run, insn, registers->word, &pc, ret_fork);
        } else if (sp_bpf_is_operation(insn->code)) {
            goes_on = operate(run, insn, registers->word, &pc, ret_fork);
        } else if (insn->code == SP_BPF_JA) {
            pc += 1 + (size_t)insn->k;
        } else {
            move(run, insn, registers->word);
            pc++;
        }
        if (!goes_on) {
            return false;
        }
    }
    *ret_answer = sp_dd_leaf(run->store, SP_VERDICT_KILL_THREAD);
    return true;
}

/* ---- all states -------------------------------------------------------------------------- */

/* Follows one state and adds those that it leads to. */
static void
explore(struct run *run, uint32_t at, struct registers *registers)
{
    struct fork fork = { .condition = SP_DD_UNDECIDED };
    struct state *state = &run->states.at[at];

    unpack(state->words, run->live[state->pc], registers);
    state->is_end = advance(run, state->pc, registers, &state->answer, &fork);
    if (state->is_end) {
        return;
    }
    uint32_t then = state_at(run, fork.then, registers);
    uint32_t otherwise = state_at(run, fork.otherwise, registers);
    state = &run->states.at[at];  /* the states may have moved */
    state->condition = fork.condition;
    state->then = then;
    state->otherwise = otherwise;
}

/* Where it cannot be told which way calls go, the answer is known only when both ways have the
 * same. */
static sp_dd
joined(const struct run *run, const struct state *state)
{
    sp_dd then = run->states.at[state->then].answer;
    sp_dd otherwise = run->states.at[state->otherwise].answer;

    if (then == otherwise) {
        return then;
    }
    return sp_dd_ite(run->store, state->condition, then, otherwise);
}

struct place {
    uint32_t pc;
    uint32_t state;
};

static int
later_first(const void *left, const void *right)
{
    const struct place *one = left;
    const struct place *two = right;

    return (one->pc < two->pc) - (one->pc > two->pc);
}

/* What a state leads to stands later in the program. */
static void
answer_all(struct run *run)
{
    struct place *places = sp_arena_new_array(&run->arena, run->states.count, struct place);

    if (places == NULL) {
        run->failed = true;
        return;
    }
    for (uint32_t i = 0; i < run->states.count; i++) {
        places[i] = (struct place){ .pc = run->states.at[i].pc, .state = i };
    }
    qsort(places, run->states.count, sizeof *places, later_first);
    for (size_t i = 0; i < run->states.count; i++) {
        struct state *state = &run->states.at[places[i].state];
        if (!state->is_end) {
            state->answer = joined(run, state);
        }
    }
}

/* From the first question on. */
static sp_dd
follow(struct run *run, const struct fork *fork, struct registers *registers)
{
    struct state first = { .condition = fork->condition };

    find_live(run, fork->then < fork->otherwise ? fork->then : fork->otherwise);
    if (run->live == NULL || !grow_buckets(run)) {
        return SP_DD_UNDECIDED;
    }
    first.then = state_at(run, fork->then, registers);
    first.otherwise = state_at(run, fork->otherwise, registers);
    for (uint32_t i = 0; i < run->states.count && !run->failed; i++) {
        explore(run, i, registers);
    }
    if (!run->failed) {
        answer_all(run);
    }
    return run->failed ? SP_DD_UNDECIDED : joined(run, &first);
}

sp_dd
sp_bpf_meaning(struct sp_dd_store *store, struct sp_bpf program, uint32_t arch, uint32_t nr)
{
    struct run run = { .store = store, .program = program, .arch = arch, .nr = nr };
    struct registers registers;
    struct fork fork = { .condition = SP_DD_UNDECIDED };
    sp_dd answer = SP_DD_UNDECIDED;

    registers.word[A] = sp_bpf_word_of(0);
    registers.word[X] = sp_bpf_word_of(0);
    if (!advance(&run, 0, &registers, &answer, &fork)) {
        answer = follow(&run, &fork, &registers);
    }
    sp_arena_free(&run.arena);
    return answer;
}
