#include "report/history_work.h"

#include <string.h>

/* ---- answers ------------------------------------------------------------------------- */

bool
sp_history_is_one(const struct sp_history_answer *answer)
{
    return answer->parts.count == 1;
}

bool
sp_history_is_allowed(const struct sp_history_answer *answer)
{
    return sp_history_is_one(answer) && sp_verdict_runs(answer->parts.at[0].verdict);
}

bool
sp_history_is_refused(const struct sp_history_answer *answer)
{
    return sp_history_is_one(answer) && !sp_verdict_runs(answer->parts.at[0].verdict);
}

bool
sp_history_is_conditional(const struct sp_history_answer *answer)
{
    return answer->when != NULL && strcmp(answer->when, "always") != 0
        && strcmp(answer->when, "never") != 0;
}

enum sp_history_rank
sp_history_rank(const struct sp_history_answer *answer)
{
    if (sp_history_is_conditional(answer)) {
        return SP_HISTORY_RANK_CONDITIONAL;
    }
    bool is_always = answer->when != NULL && strcmp(answer->when, "always") == 0;
    return is_always ? SP_HISTORY_RANK_ALLOWED : SP_HISTORY_RANK_REFUSED;
}

/* ---- lines --------------------------------------------------------------------------- */

const struct sp_history_answer *
sp_history_told_answer(const struct sp_history_told *told, size_t run)
{
    return &told->history->answers.at[told->runs.at[run].answer];
}

/* The first answer that is told alike. */
static size_t
first_alike(const struct sp_history *history, size_t answer)
{
    const struct sp_history_answer *answers = history->answers.at;

    for (size_t i = 0; i < answer && sp_history_is_conditional(&answers[answer]); i++) {
        if (sp_history_is_conditional(&answers[i])
            && answers[i].allowed == answers[answer].allowed) {
            return i;
        }
    }
    return answer;
}

static void
note_refusals(struct sp_history_told *told)
{
    const struct sp_history_answer *first = NULL;

    for (size_t i = 0; i < told->runs.count; i++) {
        const struct sp_history_answer *answer = sp_history_told_answer(told, i);
        if (sp_history_is_refused(answer)) {
            told->has_refusals |= first != NULL && first != answer;
            first = answer;
        }
    }
}

bool
sp_history_tell(struct sp_arena *arena, const struct sp_history *history,
                const struct sp_history_line *line, struct sp_history_told *ret_told)
{
    struct sp_history_told told = { .history = history };

    for (size_t i = 0; i < line->runs.count; i++) {
        const struct sp_history_run *run = &line->runs.at[i];
        size_t answer = first_alike(history, run->answer);
        if (told.runs.count > 0 && told.runs.at[told.runs.count - 1].answer == answer) {
            told.runs.at[told.runs.count - 1].to = run->to;
            continue;
        }
        struct sp_history_run *added = sp_vec_push(arena, &told.runs);
        if (added == NULL) {
            return false;
        }
        *added = (struct sp_history_run){ .from = run->from, .to = run->to, .answer = answer };
    }
    note_refusals(&told);
    *ret_told = told;
    return true;
}

bool
sp_history_told_first(const struct sp_history_told *told, size_t run)
{
    for (size_t i = 0; i < run; i++) {
        if (told->runs.at[i].answer == told->runs.at[run].answer) {
            return false;
        }
    }
    return true;
}

size_t
sp_history_told_count(const struct sp_history_told *told)
{
    size_t count = 0;

    for (size_t i = 0; i < told->runs.count; i++) {
        count += sp_history_told_first(told, i);
    }
    return count;
}
