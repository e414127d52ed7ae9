/* Symbolic execution.  A program only jumps forward, so that its states (an instruction and
 * what the registers hold there) are a graph without circles.  They are found from the first
 * on, each once, and answered from the last back: no recursion, and shared ends are walked
 * once. */
#include "sem/bpf_run.h"

#include "sem/bpf_states.h"
#include "sem/bpf_walk.h"

#include <stdlib.h>

struct run {
    struct sp_bpf_walk walk;
    struct sp_bpf_states states;
};

/* Past the limits of walks and states the meaning is undecided. */
static bool
is_failed(const struct run *run)
{
    return run->walk.is_spent || run->states.failed;
}

/* Follows one state and adds those that it leads to. */
static void
explore(struct run *run, uint32_t at, struct sp_bpf_word *registers)
{
    struct sp_bpf_fork fork = { .condition = SP_DD_UNDECIDED };
    struct sp_bpf_state *state = &run->states.list.at[at];

    sp_bpf_states_restore(&run->states, at, registers);
    state->is_end = sp_bpf_walk(&run->walk, state->pc, registers, &state->answer, &fork);
    if (state->is_end) {
        return;
    }
    uint32_t then = sp_bpf_states_find(&run->states, fork.then, registers);
    uint32_t otherwise = sp_bpf_states_find(&run->states, fork.otherwise, registers);
    state = &run->states.list.at[at];  /* the states may have moved */
    state->condition = fork.condition;
    state->then = then;
    state->otherwise = otherwise;
}

/* Where it cannot be told which way calls go, the answer is known only when both ways have the
 * same. */
static sp_dd
joined(const struct run *run, const struct sp_bpf_state *state)
{
    sp_dd then = run->states.list.at[state->then].answer;
    sp_dd otherwise = run->states.list.at[state->otherwise].answer;

    if (then == otherwise) {
        return then;
    }
    return sp_dd_ite(run->walk.store, state->condition, then, otherwise);
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
    size_t count = run->states.list.count;
    struct place *places = sp_arena_new_array(run->states.arena, count, struct place);

    if (places == NULL) {
        run->states.failed = true;
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        places[i] = (struct place){ .pc = run->states.list.at[i].pc, .state = i };
    }
    qsort(places, count, sizeof *places, later_first);
    for (size_t i = 0; i < count; i++) {
        struct sp_bpf_state *state = &run->states.list.at[places[i].state];
        if (!state->is_end) {
            state->answer = joined(run, state);
        }
    }
}

/* From the first question on; most numbers meet none, and need no table. */
static sp_dd
follow(struct run *run, const struct sp_bpf_fork *fork, struct sp_bpf_word *registers)
{
    size_t from = fork->then < fork->otherwise ? fork->then : fork->otherwise;
    struct sp_bpf_state first = { .condition = fork->condition };

    if (!sp_bpf_states_start(&run->states, run->walk.program, from)) {
        return SP_DD_UNDECIDED;
    }
    first.then = sp_bpf_states_find(&run->states, fork->then, registers);
    first.otherwise = sp_bpf_states_find(&run->states, fork->otherwise, registers);
    for (uint32_t i = 0; i < run->states.list.count && !is_failed(run); i++) {
        explore(run, i, registers);
    }
    if (!is_failed(run)) {
        answer_all(run);
    }
    return is_failed(run) ? SP_DD_UNDECIDED : joined(run, &first);
}

sp_dd
sp_bpf_meaning(struct sp_dd_store *store, struct sp_bpf program, uint32_t arch, uint32_t nr)
{
    SP_SCRATCH(scratch);
    struct run run = {
        .walk = { .store = store, .program = program, .arch = arch, .nr = nr },
        .states = { .arena = &scratch },
    };
    struct sp_bpf_word registers[SP_BPF_REGISTERS];
    struct sp_bpf_fork fork = { .condition = SP_DD_UNDECIDED };
    sp_dd answer = SP_DD_UNDECIDED;

    registers[SP_BPF_A] = sp_bpf_word_of(0);
    registers[SP_BPF_X] = sp_bpf_word_of(0);
    if (sp_bpf_walk(&run.walk, 0, registers, &answer, &fork)) {
        return answer;
    }
    answer = follow(&run, &fork, registers);
    if (scratch.failed) {
        sp_dd_store_fail(store);
    }
    return answer;
}
