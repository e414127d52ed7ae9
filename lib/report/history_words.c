#include "report/history_work.h"

#include "ops/answer.h"
#include "sem/verdict.h"

#include <string.h>

/* ---- answers ------------------------------------------------------------------------- */

/* "ENOSYS", "KILL_PROCESS". */
static void
write_refusal(sp_verdict verdict, struct sp_buf *buf)
{
    const struct sp_kb_errno *error = (verdict & SP_VERDICT_ACTION) == SP_VERDICT_ERRNO
        ? sp_kb_errno_by_number(verdict & SP_VERDICT_DATA) : NULL;

    if (error != NULL) {
        sp_buf_text(buf, sp_kb_text(error->name));
    } else {
        sp_verdict_write(verdict, buf);
    }
}

/* "refused with ENOSYS": what is said before the releases. */
static void
write_answer(const struct sp_history_told *told, const struct sp_history_answer *answer,
             struct sp_buf *buf)
{
    if (!answer->starts) {
        sp_buf_text(buf, "no container starts");
    } else if (answer->parts.count == 0) {
        sp_buf_text(buf, "undecided");
    } else if (sp_history_rank(answer) == SP_HISTORY_RANK_REFUSED) {
        sp_buf_text(buf, "refused");
    } else {
        sp_buf_text(buf, "allowed");
    }
    if (told->has_refusals && sp_history_is_refused(answer)) {
        sp_buf_text(buf, " with ");
        write_refusal(answer->parts.at[0].verdict, buf);
    }
}

/* " when flags = 0", behind the releases: of two wordings the shorter one. */
static void
write_condition(const struct sp_history_answer *answer, struct sp_buf *buf)
{
    if (!sp_history_is_conditional(answer)) {
        return;
    }
    if (strlen(answer->when) < strlen(answer->unless) + sizeof "unless" - sizeof "when") {
        sp_buf_format(buf, " when %s", answer->when);
    } else {
        sp_buf_format(buf, " unless %s", answer->unless);
    }
}

/* ---- the base ------------------------------------------------------------------------ */

/* The word that stands for an answer is said once: "allowed until 1.13.1; since 23.0.0 when
 * ...", "refused with EPERM until 3.2.3, with ENOSYS since 3.3.0". */
static void
write_begin(const struct sp_history_told *told, size_t run,
            const struct sp_history_answer *before, struct sp_buf *buf)
{
    const struct sp_history_answer *answer = sp_history_told_answer(told, run);

    if (before == NULL) {
        write_answer(told, answer, buf);
        sp_buf_char(buf, ' ');
    } else if (sp_history_is_refused(answer) && sp_history_is_refused(before)) {
        sp_buf_text(buf, ", with ");
        write_refusal(answer->parts.at[0].verdict, buf);
        sp_buf_char(buf, ' ');
    } else if (sp_history_is_conditional(answer)) {
        sp_buf_text(buf, "; ");
    } else {
        sp_buf_text(buf, "; ");
        write_answer(told, answer, buf);
        sp_buf_char(buf, ' ');
    }
}

void
sp_history_write_told(const struct sp_history_told *told, struct sp_buf *buf)
{
    const struct sp_history_answer *before = NULL;
    size_t count = sp_history_told_count(told);
    size_t done = 0;

    for (enum sp_history_rank rank = 0; rank < SP_HISTORY_RANKS; rank++) {
        for (size_t i = 0; i < told->runs.count; i++) {
            const struct sp_history_answer *answer = sp_history_told_answer(told, i);
            if (sp_history_rank(answer) != rank || !sp_history_told_first(told, i)) {
                continue;
            }
            write_begin(told, i, before, buf);
            if (count == 2 && ++done == 2 && !sp_history_is_conditional(answer)) {
                sp_history_write_rest(told, told->runs.at[i].answer, buf);
            } else {
                sp_history_write_runs(told, told->runs.at[i].answer, buf);
            }
            write_condition(answer, buf);
            before = answer;
        }
    }
}

void
sp_history_write(const struct sp_history *history, struct sp_buf *buf)
{
    SP_SCRATCH(scratch);
    struct sp_history_told told;

    if (!sp_history_tell(&scratch, history, &history->lines.at[0], &told)) {
        buf->failed = true;
        return;
    }
    sp_history_write_told(&told, buf);
}

/* ---- capabilities -------------------------------------------------------------------- */

/* What is told for a release. */
static size_t
answer_in(const struct sp_history_told *told, const struct sp_kb_release *release)
{
    size_t i = 0;

    while (i + 1 < told->runs.count && told->runs.at[i + 1].from <= release) {
        i++;
    }
    return told->runs.at[i].answer;
}

/* Is an answer of a line another than the base's in some release? */
static bool
is_news(const struct sp_history_told *base, const struct sp_history_told *told, size_t answer)
{
    for (size_t i = 0; i < told->runs.count; i++) {
        const struct sp_history_run *run = &told->runs.at[i];
        for (const struct sp_kb_release *release = run->from;
             run->answer == answer && release <= run->to; release++) {
            if (answer_in(base, release) != answer) {
                return true;
            }
        }
    }
    return false;
}

void
sp_history_write_caps(const struct sp_history *history, const struct sp_history_line *line,
                      struct sp_buf *buf)
{
    SP_SCRATCH(scratch);
    struct sp_history_told base, told;
    size_t count = 0;

    if (!sp_history_tell(&scratch, history, &history->lines.at[0], &base)
        || !sp_history_tell(&scratch, history, line, &told)) {
        buf->failed = true;
        return;
    }
    for (size_t i = 0; i < told.runs.count; i++) {
        size_t answer = told.runs.at[i].answer;
        if (!sp_history_told_first(&told, i) || !is_news(&base, &told, answer)) {
            continue;
        }
        if (count++ == 0) {
            sp_buf_text(buf, "with ");
            sp_answer_caps(line->caps, " or ", buf);
        }
        sp_buf_text(buf, count == 1 ? ": " : "; ");
        write_answer(&told, sp_history_told_answer(&told, i), buf);
        sp_buf_char(buf, ' ');
        sp_history_write_runs(&told, answer, buf);
        write_condition(sp_history_told_answer(&told, i), buf);
    }
}
