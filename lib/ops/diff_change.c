/* Parts that all kinds of changes have. */
#include "ops/diff_work.h"

#include "ops/call_verdicts.h"

#include <string.h>

/* ---- changes ----------------------------------------------------------------------------- */

struct sp_diff_change *
sp_diff_change_new(struct sp_diff_making *making, enum sp_diff_kind kind)
{
    struct sp_diff_change *change = sp_arena_new(making->arena, struct sp_diff_change);
    struct sp_diff_change **place = sp_vec_push(making->arena, &making->changes);

    if (change == NULL || place == NULL) {
        making->changes.count -= place != NULL;
        return NULL;
    }
    change->kind = kind;
    *place = change;
    return change;
}

/* The kernel compares actions as signed numbers (kernel/seccomp.c, ACTION_ONLY): KILL_PROCESS
 * is the smallest. */
static int
compare_actions(sp_verdict left, sp_verdict right)
{
    int32_t left_action = (int32_t)(left & SP_VERDICT_ACTION);
    int32_t right_action = (int32_t)(right & SP_VERDICT_ACTION);

    return (left_action > right_action) - (left_action < right_action);
}

void
sp_diff_change_verdicts(struct sp_diff_change *change, sp_verdict from, sp_verdict to)
{
    int order = compare_actions(from, to);
    bool ran = sp_verdict_runs(from);
    bool runs = sp_verdict_runs(to);

    change->from = from;
    change->to = to;
    change->direction = order < 0 ? SP_DIFF_LOOSER
        : order > 0 ? SP_DIFF_TIGHTER : SP_DIFF_CHANGED;
    change->effect = ran == runs ? SP_DIFF_DIFFERENT : runs ? SP_DIFF_ALLOWED : SP_DIFF_DENIED;
}

bool
sp_diff_add_undecided(struct sp_diff_making *making, const struct sp_diff_undecided *undecided)
{
    struct sp_diff_undecided *place = sp_vec_push(making->arena, &making->diff->undecided);

    if (place != NULL) {
        *place = *undecided;
    }
    return place != NULL;
}

/* ---- architectures ----------------------------------------------------------------------- */

bool
sp_diff_add_arch(struct sp_arena *arena, const struct sp_kb_arch ***at, size_t *count,
                 size_t *capacity, const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < *count; i++) {
        if ((*at)[i] == arch) {
            return true;
        }
    }
    if (!sp_vec_grow(arena, (void **)at, *count, capacity, sizeof **at)) {
        return false;
    }
    (*at)[(*count)++] = arch;
    return true;
}

void
sp_diff_sort_arches(const struct sp_kb_arch **at, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct sp_kb_arch *arch = at[i];
        size_t j = i;
        for (; j > 0 && at[j - 1] > arch; j--) {
            at[j] = at[j - 1];
        }
        at[j] = arch;
    }
}

/* Machines that people know. */
static int
rank(const struct sp_kb_arch *host)
{
    static const char *const known[] = { "x86_64", "aarch64" };
    int count = (int)(sizeof known / sizeof *known);

    for (int i = 0; i < count; i++) {
        if (strcmp(sp_kb_text(host->name), known[i]) == 0) {
            return i;
        }
    }
    return count + (int)(host - sp_kb_arches);
}

void
sp_diff_sort_hosts(const struct sp_kb_arch **at, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct sp_kb_arch *host = at[i];
        size_t j = i;
        for (; j > 0 && rank(at[j - 1]) > rank(host); j--) {
            at[j] = at[j - 1];
        }
        at[j] = host;
    }
}

bool
sp_diff_is_compared(const struct sp_diff_making *making, size_t host)
{
    return making->from.at[host]->start == SP_START_FILTER
        && making->to.at[host]->start == SP_START_FILTER;
}

const struct sp_diff_block *
sp_diff_block_of(const struct sp_diff_host *host, const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < host->blocks.count; i++) {
        if (host->blocks.at[i].arch == arch) {
            return &host->blocks.at[i];
        }
    }
    return NULL;
}

/* ---- conditions -------------------------------------------------------------------------- */

sp_dd
sp_diff_narrow(struct sp_diff_sides *sides, unsigned args)
{
    sp_dd *known = &sides->narrow[args];

    if (*known != 0) {
        return *known;
    }
    sp_dd all = sp_dd_leaf(sides->store, 1);
    for (unsigned arg = 0; arg < SP_ARGS; arg++) {
        if ((args >> arg & 1) != 0) {
            all = sp_dd_and(sides->store, all,
                            sp_dd_compare(sides->store, arg, SP_DD_EQ, ~(uint64_t)UINT32_MAX, 0));
        }
    }
    return *known = all;
}

bool
sp_diff_find_args(struct sp_diff_sides *sides, const struct sp_kb_arch *arch, sp_dd condition,
                  uint64_t ret_args[SP_ARGS])
{
    struct sp_dd_store *store = sides->store;

    if (arch->bits == 32 && !sp_dd_is_leaf(store, condition)) {
        condition = sp_dd_and(store, condition,
                              sp_diff_narrow(sides, sp_dd_args(store, condition)));
    }
    return sp_dd_find(store, condition, NULL, NULL, ret_args);
}

/* Architectures that have the same words for a condition have the same form. */
static uint8_t
form_of(const struct sp_kb_arch *arch)
{
    bool is_s390 = strncmp(sp_kb_text(arch->name), "s390", strlen("s390")) == 0;

    return (uint8_t)((arch->bits == 32) | is_s390 << 1);
}

bool
sp_diff_words_of(struct sp_diff_sides *sides, const struct sp_kb_syscall *call,
                 const struct sp_kb_arch *arch, uint32_t nr, sp_dd condition,
                 const char **ret_words)
{
    uint16_t row = (uint16_t)sp_kb_syscall_index(call);
    uint8_t form = form_of(arch);
    size_t slot = ((size_t)condition * 31 + row * 4u + form) % SP_DIFF_SLOTS;

    if (condition == sp_dd_leaf(sides->store, 1)) {
        *ret_words = NULL;
        return true;
    }
    const struct sp_diff_words *known = sides->words[slot];
    for (; known != NULL; known = known->next) {
        if (known->call == row && known->form == form && known->condition == condition) {
            *ret_words = known->text;
            return true;
        }
    }
    struct sp_diff_words *words = sp_arena_new(sides->arena, struct sp_diff_words);
    const char *text = sp_call_words(sides->arena, sides->store, arch, nr, condition);
    if (words == NULL || text == NULL) {
        return false;
    }
    /* On registers of 32 bits what is left of a condition may be all. */
    *words = (struct sp_diff_words){
        .call = row, .form = form, .condition = condition,
        .text = strcmp(text, "always") == 0 ? NULL : text, .next = sides->words[slot],
    };
    sides->words[slot] = words;
    *ret_words = words->text;
    return true;
}
