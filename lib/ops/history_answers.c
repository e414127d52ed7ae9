#include "ops/history_work.h"

#include "ops/call_verdicts.h"

#include <string.h>

/* ---- parts --------------------------------------------------------------------------- */

/* More verdicts than any default has for one call. */
enum { VERDICTS_MAX = 8 };

static uint32_t
is_equal(uint32_t value, void *user)
{
    return value == *(const uint32_t *)user;
}

/* Longer words come later; of equal length what is allowed comes first. */
static bool
comes_before(const struct sp_history_part *left, const struct sp_history_part *right)
{
    size_t left_len = strlen(left->words);
    size_t right_len = strlen(right->words);

    if (left_len != right_len) {
        return left_len < right_len;
    }
    return sp_verdict_runs(left->verdict) && !sp_verdict_runs(right->verdict);
}

static void
sort_parts(struct sp_history_answer *answer)
{
    for (size_t i = 1; i < answer->parts.count; i++) {
        struct sp_history_part part = answer->parts.at[i];
        size_t j = i;
        for (; j > 0 && comes_before(&part, &answer->parts.at[j - 1]); j--) {
            answer->parts.at[j] = answer->parts.at[j - 1];
        }
        answer->parts.at[j] = part;
    }
}

static uint32_t
runs(uint32_t value, void *user)
{
    (void)user;
    return sp_verdict_runs(value);
}

/* NULL when there is no memory. */
static const char *
words_of(const struct sp_history_making *making, sp_dd condition)
{
    const struct sp_kb_arch *arch = making->out->arch;
    uint32_t nr = (uint32_t)sp_kb_number(arch, making->out->call);

    return sp_call_words(making->arena, making->request->store, arch, nr, condition);
}

static bool
add_part(struct sp_history_making *making, struct sp_history_answer *answer, uint32_t verdict)
{
    struct sp_history_part *part = sp_vec_push(making->arena, &answer->parts);

    if (part == NULL) {
        return false;
    }
    sp_dd condition = sp_dd_map(making->request->store, answer->verdicts, is_equal, &verdict);
    part->verdict = verdict;
    part->words = words_of(making, condition);
    return part->words != NULL;
}

/* ---- answers ------------------------------------------------------------------------- */

/* Where there are two parts one of them is what is allowed, and has the words. */
static bool
fill_allowed(struct sp_history_making *making, struct sp_history_answer *answer)
{
    struct sp_dd_store *store = making->request->store;
    const struct sp_history_part *parts = answer->parts.at;

    answer->allowed = sp_dd_map(store, answer->verdicts, runs, NULL);
    if (answer->parts.count == 2 && !sp_dd_is_leaf(store, answer->allowed)) {
        bool is_first = sp_verdict_runs(parts[0].verdict);
        answer->when = parts[is_first ? 0 : 1].words;
        answer->unless = parts[is_first ? 1 : 0].words;
        return true;
    }
    answer->when = words_of(making, answer->allowed);
    answer->unless = words_of(making, sp_dd_not(store, answer->allowed));
    return answer->when != NULL && answer->unless != NULL;
}

static bool
fill_answer(struct sp_history_making *making, struct sp_history_answer *answer)
{
    struct sp_dd_store *store = making->request->store;
    uint32_t verdicts[VERDICTS_MAX];
    size_t count = sp_dd_leaves(store, answer->verdicts, verdicts, VERDICTS_MAX);

    if (!answer->starts || sp_dd_has_undecided(store, answer->verdicts)
        || count > VERDICTS_MAX) {
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        if (!add_part(making, answer, verdicts[i])) {
            return false;
        }
    }
    sort_parts(answer);
    return fill_allowed(making, answer);
}

bool
sp_history_place_answer(struct sp_history_making *making, struct sp_history_answer asked,
                        size_t *ret_answer)
{
    struct sp_history *out = making->out;

    for (size_t i = 0; i < out->answers.count; i++) {
        if (out->answers.at[i].starts == asked.starts
            && out->answers.at[i].verdicts == asked.verdicts) {
            *ret_answer = i;
            return true;
        }
    }
    struct sp_history_answer *answer = sp_vec_push(making->arena, &out->answers);
    if (answer == NULL) {
        return false;
    }
    *answer = asked;
    *ret_answer = out->answers.count - 1;
    return fill_answer(making, answer);
}

/* ---- concrete calls ------------------------------------------------------------------ */

/* No verdict: the mark of arguments that are not the concrete call's. */
enum { ELSEWHERE = 1 };

sp_dd
sp_history_settle(const struct sp_history_request *request, sp_dd verdicts)
{
    struct sp_dd_store *store = request->store;
    sp_dd here = sp_dd_leaf(store, 1);
    uint32_t values[2];

    if (request->args == NULL) {
        return verdicts;
    }
    for (unsigned arg = 0; arg < SP_ARGS; arg++) {
        if ((request->any >> arg & 1) == 0) {
            here = sp_dd_and(store, here, sp_dd_compare(store, arg, SP_DD_EQ, UINT64_MAX,
                                                        request->args[arg]));
        }
    }
    sp_dd settled = sp_dd_ite(store, here, verdicts, sp_dd_leaf(store, ELSEWHERE));
    size_t count = sp_dd_leaves(store, settled, values, 2);
    bool is_single = count == 1
        || (count == 2 && (values[0] == ELSEWHERE || values[1] == ELSEWHERE));

    if (!is_single || sp_dd_has_undecided(store, settled)) {
        return SP_DD_UNDECIDED;
    }
    return sp_dd_leaf(store, count == 2 && values[0] == ELSEWHERE ? values[1] : values[0]);
}
