#include "sem/bpf_states.h"

#include "sem/bpf_live.h"

#include <string.h>

/* Filters made from profiles have some ten states for a number; past this limit a program was
 * made to be hard. */
enum { STATES_MAX = 1 << 14 };

/* ---- the registers that count ------------------------------------------------------------ */

/* The words that are still read, side by side; how many. */
static size_t
pack(const struct sp_bpf_word *registers, uint32_t live, struct sp_bpf_word *ret_words)
{
    size_t count = 0;

    for (; live != 0; live &= live - 1) {
        ret_words[count++] = registers[__builtin_ctz(live)];
    }
    return count;
}

void
sp_bpf_states_restore(const struct sp_bpf_states *states, uint32_t at,
                      struct sp_bpf_word *registers)
{
    const struct sp_bpf_state *state = &states->list.at[at];
    const struct sp_bpf_word *words = state->words;

    for (uint32_t live = states->live[state->pc]; live != 0; live &= live - 1) {
        registers[__builtin_ctz(live)] = *words++;
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

/* ---- the table --------------------------------------------------------------------------- */

static uint32_t *
bucket_of(const struct sp_bpf_states *states, uint32_t hash)
{
    return &states->bucket[hash & (states->bucket_count - 1)];
}

static bool
grow_buckets(struct sp_bpf_states *states)
{
    uint32_t count = states->bucket_count == 0 ? 64 : states->bucket_count * 4;
    uint32_t *bucket = sp_arena_new_array(states->arena, count, uint32_t);

    if (bucket == NULL) {
        return false;
    }
    states->bucket = bucket;
    states->bucket_count = count;
    for (uint32_t i = 0; i < states->list.count; i++) {
        uint32_t *head = bucket_of(states, states->list.at[i].hash);
        states->list.at[i].next = *head;
        *head = i + 1;
    }
    return true;
}

bool
sp_bpf_states_start(struct sp_bpf_states *states, struct sp_bpf program, size_t from)
{
    *states = (struct sp_bpf_states){ .arena = states->arena };
    states->live = sp_bpf_live(program, from, states->arena);
    return states->live != NULL && grow_buckets(states);
}

static bool
is_known(const struct sp_bpf_states *states, const struct sp_bpf_state *sought,
         size_t word_count, uint32_t *ret_at)
{
    size_t size = word_count * sizeof *sought->words;

    for (uint32_t at = *bucket_of(states, sought->hash); at != 0;
         at = states->list.at[at - 1].next) {
        const struct sp_bpf_state *state = &states->list.at[at - 1];
        if (state->hash == sought->hash && state->pc == sought->pc
            && (size == 0 || memcmp(state->words, sought->words, size) == 0)) {
            *ret_at = at - 1;
            return true;
        }
    }
    return false;
}

/* Room for a state and its words; NULL when there is none. */
static struct sp_bpf_state *
new_state(struct sp_bpf_states *states, size_t word_count, struct sp_bpf_word **ret_words)
{
    if (states->list.count == STATES_MAX
        || (states->list.count == states->bucket_count && !grow_buckets(states))) {
        return NULL;
    }
    *ret_words = sp_arena_new_array(states->arena, word_count, struct sp_bpf_word);
    if (*ret_words == NULL && word_count > 0) {
        return NULL;
    }
    return sp_vec_push(states->arena, &states->list);
}

static uint32_t
add(struct sp_bpf_states *states, const struct sp_bpf_state *sought, size_t word_count)
{
    struct sp_bpf_word *words = NULL;
    struct sp_bpf_state *state = new_state(states, word_count, &words);

    if (state == NULL) {
        states->failed = true;
        return 0;
    }
    if (word_count > 0) {
        memcpy(words, sought->words, word_count * sizeof *words);
    }
    uint32_t *head = bucket_of(states, sought->hash);
    *state = *sought;
    state->next = *head;
    state->words = words;
    *head = (uint32_t)states->list.count;
    return *head - 1;
}

uint32_t
sp_bpf_states_find(struct sp_bpf_states *states, size_t pc,
                   const struct sp_bpf_word *registers)
{
    struct sp_bpf_word words[SP_BPF_REGISTERS];
    uint32_t found;

    size_t count = pack(registers, states->live[pc], words);
    struct sp_bpf_state sought = { .pc = (uint32_t)pc, .words = words,
                                   .hash = hash_of((uint32_t)pc, words, count) };
    return is_known(states, &sought, count, &found) ? found : add(states, &sought, count);
}
