#include "report/history.h"

#include "ops/answer.h"
#include "report/explain_verdict.h"
#include "report/witness.h"
#include "sem/verdict.h"

#include <string.h>

/* ---- answers --------------------------------------------------------------------------- */

static bool
is_one(const struct sp_history_answer *answer)
{
    return answer->parts.count == 1;
}

static bool
is_allowed(const struct sp_history_answer *answer)
{
    return is_one(answer) && sp_verdict_runs(answer->parts.at[0].verdict);
}

static bool
is_refused(const struct sp_history_answer *answer)
{
    return is_one(answer) && !sp_verdict_runs(answer->parts.at[0].verdict);
}

/* Does it depend on arguments whether the call runs?  How it is refused is then not told to
 * people. */
static bool
is_conditional(const struct sp_history_answer *answer)
{
    return answer->when != NULL && strcmp(answer->when, "always") != 0
        && strcmp(answer->when, "never") != 0;
}

/* What is allowed is told first, then what is allowed sometimes, then refusals. */
enum { RANK_ALLOWED, RANK_CONDITIONAL, RANK_REFUSED, RANKS };

static int
rank(const struct sp_history_answer *answer)
{
    if (is_conditional(answer)) {
        return RANK_CONDITIONAL;
    }
    bool is_always = answer->when != NULL && strcmp(answer->when, "always") == 0;
    return is_always ? RANK_ALLOWED : RANK_REFUSED;
}

/* ---- what is told ---------------------------------------------------------------------- */

/* The runs of a line as people are told them: what differs in nothing that is told is one
 * answer. */
struct told {
    const struct sp_history *history;
    SP_VEC(struct sp_history_run) runs;
    bool has_refusals;  /* of several kinds, so that each is told with its errno */
};

static const struct sp_history_answer *
answer_of(const struct told *told, size_t run)
{
    return &told->history->answers.at[told->runs.at[run].answer];
}

/* The first answer that is told alike. */
static size_t
told_answer(const struct sp_history *history, size_t answer)
{
    const struct sp_history_answer *answers = history->answers.at;

    for (size_t i = 0; i < answer && is_conditional(&answers[answer]); i++) {
        if (is_conditional(&answers[i]) && answers[i].allowed == answers[answer].allowed) {
            return i;
        }
    }
    return answer;
}

static void
note_refusals(struct told *told)
{
    const struct sp_history_answer *first = NULL;

    for (size_t i = 0; i < told->runs.count; i++) {
        const struct sp_history_answer *answer = answer_of(told, i);
        if (is_refused(answer)) {
            told->has_refusals |= first != NULL && first != answer;
            first = answer;
        }
    }
}

/* False when there is no memory. */
static bool
tell(struct sp_arena *arena, const struct sp_history *history,
     const struct sp_history_line *line, struct told *ret_told)
{
    struct told told = { .history = history };

    for (size_t i = 0; i < line->runs.count; i++) {
        const struct sp_history_run *run = &line->runs.at[i];
        size_t answer = told_answer(history, run->answer);
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

/* Each answer is told where it stands first. */
static bool
is_first_use(const struct told *told, size_t run)
{
    for (size_t i = 0; i < run; i++) {
        if (told->runs.at[i].answer == told->runs.at[run].answer) {
            return false;
        }
    }
    return true;
}

static size_t
count_answers(const struct told *told)
{
    size_t count = 0;

    for (size_t i = 0; i < told->runs.count; i++) {
        count += is_first_use(told, i);
    }
    return count;
}

/* ---- answers in words ------------------------------------------------------------------ */

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
write_answer(const struct told *told, const struct sp_history_answer *answer,
             struct sp_buf *buf)
{
    if (!answer->starts) {
        sp_buf_text(buf, "no container starts");
    } else if (answer->parts.count == 0) {
        sp_buf_text(buf, "undecided");
    } else if (rank(answer) == RANK_REFUSED) {
        sp_buf_text(buf, "refused");
    } else {
        sp_buf_text(buf, "allowed");
    }
    if (told->has_refusals && is_refused(answer)) {
        sp_buf_text(buf, " with ");
        write_refusal(answer->parts.at[0].verdict, buf);
    }
}

/* " when flags = 0", behind the releases: of two wordings the shorter one. */
static void
write_condition(const struct sp_history_answer *answer, struct sp_buf *buf)
{
    if (!is_conditional(answer)) {
        return;
    }
    if (strlen(answer->when) < strlen(answer->unless) + sizeof "unless" - sizeof "when") {
        sp_buf_format(buf, " when %s", answer->when);
    } else {
        sp_buf_format(buf, " unless %s", answer->unless);
    }
}

/* ---- releases -------------------------------------------------------------------------- */

/* "in", "until", "since" and the versions of a run; "in" is not said twice in a row. */
static void
write_run(const struct told *told, size_t index, const char **preposition, struct sp_buf *buf)
{
    const struct sp_history_run *run = &told->runs.at[index];
    const char *from = sp_kb_text(run->from->version);
    const char *to = sp_kb_text(run->to->version);
    bool is_first = index == 0 && run->from != run->to;
    bool is_last = index + 1 == told->runs.count;
    const char *word = is_last ? "since" : is_first ? "until" : "in";

    if (told->runs.count == 1) {
        sp_buf_format(buf, "in every release since %s", from);
        return;
    }
    if (*preposition == NULL || strcmp(*preposition, word) != 0) {
        sp_buf_format(buf, "%s ", word);
    }
    *preposition = word;
    if (is_last || run->from == run->to) {
        sp_buf_text(buf, from);
    } else if (is_first) {
        sp_buf_text(buf, to);
    } else {
        sp_buf_format(buf, "%s to %s", from, to);
    }
}

static size_t
next_run(const struct told *told, size_t from, size_t answer)
{
    while (from < told->runs.count && told->runs.at[from].answer != answer) {
        from++;
    }
    return from;
}

/* "until 20.10.21, in 20.10.23 to 20.10.27 and since 28.0.0". */
static void
write_runs(const struct told *told, size_t answer, struct sp_buf *buf)
{
    const char *preposition = NULL;
    size_t run = next_run(told, 0, answer);

    for (size_t count = 0; run < told->runs.count; count++) {
        size_t next = next_run(told, run + 1, answer);
        sp_buf_text(buf, count == 0 ? "" : next < told->runs.count ? ", " : " and ");
        write_run(told, run, &preposition, buf);
        run = next;
    }
}

/* The other of two answers, which has all releases that the first one has not. */
static void
write_rest(const struct told *told, size_t answer, struct sp_buf *buf)
{
    const struct sp_history_run *first = &told->runs.at[0];
    const struct sp_history_run *last = &told->runs.at[told->runs.count - 1];

    if (told->runs.count == 2 && first->answer == answer) {
        sp_buf_text(buf, "before");
    } else if (told->runs.count == 3 && first->answer == answer) {
        sp_buf_format(buf, "before and since %s", sp_kb_text(last->from->version));
    } else if (told->runs.count > 3) {
        sp_buf_text(buf, "in all others");
    } else {
        write_runs(told, answer, buf);
    }
}

/* ---- lines ----------------------------------------------------------------------------- */

/* The word that stands for an answer is said once: "allowed until 1.13.1; since 23.0.0 when
 * ...", "refused with EPERM until 3.2.3, with ENOSYS since 3.3.0". */
static void
write_begin(const struct told *told, size_t run, const struct sp_history_answer *before,
            struct sp_buf *buf)
{
    const struct sp_history_answer *answer = answer_of(told, run);

    if (before == NULL) {
        write_answer(told, answer, buf);
        sp_buf_char(buf, ' ');
    } else if (is_refused(answer) && is_refused(before)) {
        sp_buf_text(buf, ", with ");
        write_refusal(answer->parts.at[0].verdict, buf);
        sp_buf_char(buf, ' ');
    } else if (is_conditional(answer)) {
        sp_buf_text(buf, "; ");
    } else {
        sp_buf_text(buf, "; ");
        write_answer(told, answer, buf);
        sp_buf_char(buf, ' ');
    }
}

static void
write_line(const struct told *told, struct sp_buf *buf)
{
    const struct sp_history_answer *before = NULL;
    size_t count = count_answers(told);
    size_t done = 0;

    for (int round = 0; round < RANKS; round++) {
        for (size_t i = 0; i < told->runs.count; i++) {
            const struct sp_history_answer *answer = answer_of(told, i);
            if (rank(answer) != round || !is_first_use(told, i)) {
                continue;
            }
            write_begin(told, i, before, buf);
            if (count == 2 && ++done == 2 && !is_conditional(answer)) {
                write_rest(told, told->runs.at[i].answer, buf);
            } else {
                write_runs(told, told->runs.at[i].answer, buf);
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
    struct told told;

    if (!tell(&scratch, history, &history->lines.at[0], &told)) {
        buf->failed = true;
        return;
    }
    write_line(&told, buf);
}

/* What is told for a release. */
static size_t
answer_in(const struct told *told, const struct sp_kb_release *release)
{
    size_t i = 0;

    while (i + 1 < told->runs.count && told->runs.at[i + 1].from <= release) {
        i++;
    }
    return told->runs.at[i].answer;
}

/* Is an answer of a line another than the base's in some release? */
static bool
is_news(const struct told *base, const struct told *told, size_t answer)
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
    struct told base, told;
    size_t count = 0;

    if (!tell(&scratch, history, &history->lines.at[0], &base)
        || !tell(&scratch, history, line, &told)) {
        buf->failed = true;
        return;
    }
    for (size_t i = 0; i < told.runs.count; i++) {
        size_t answer = told.runs.at[i].answer;
        if (!is_first_use(&told, i) || !is_news(&base, &told, answer)) {
            continue;
        }
        if (count++ == 0) {
            sp_buf_text(buf, "with ");
            sp_answer_caps(line->caps, " or ", buf);
        }
        sp_buf_text(buf, count == 1 ? ": " : "; ");
        write_answer(&told, answer_of(&told, i), buf);
        sp_buf_char(buf, ' ');
        write_runs(&told, answer, buf);
        write_condition(answer_of(&told, i), buf);
    }
}

/* ---- pages ----------------------------------------------------------------------------- */

static bool
is_like(const struct sp_history_answer *one, const struct sp_history_answer *other)
{
    return one->starts == other->starts && one->allowed == other->allowed;
}

/* The same one after the other, but for the kind of refusal. */
static bool
is_told_before(const struct told *first, const struct told *other)
{
    bool alike = other->runs.count == first->runs.count;

    for (size_t i = 0; i < first->runs.count && alike; i++) {
        alike = is_like(answer_of(first, i), answer_of(other, i));
    }
    return alike;
}

static void
write_base(const struct told *told, struct sp_page *page)
{
    SP_BUF(text);

    sp_buf_format(&text, "%s: ", sp_kb_text(told->history->series->name));
    write_line(told, &text);
    sp_page_text(page, sp_buf_part(&text, &page->out->failed));
}

static void
write_caps(const struct sp_history *history, struct sp_page *page)
{
    for (size_t i = 1; i < history->lines.count; i++) {
        SP_BUF(text);
        sp_history_write_caps(history, &history->lines.at[i], &text);
        sp_page_text(page, sp_buf_part(&text, &page->out->failed));
    }
}

void
sp_history_paragraphs(const struct sp_histories *histories, struct sp_page *page)
{
    SP_SCRATCH(scratch);
    struct told first = { .history = NULL };

    for (size_t i = 0; i < histories->all.count; i++) {
        const struct sp_history *history = &histories->all.at[i];
        struct told told;
        if (history->arch == NULL) {
            continue;
        }
        if (!tell(&scratch, history, &history->lines.at[0], &told)) {
            page->out->failed = true;
            return;
        }
        if (first.history == NULL) {
            first = told;
            write_base(&told, page);
            write_caps(history, page);
        } else if (!is_told_before(&first, &told)) {
            write_base(&told, page);
        }
    }
}

/* ---- concrete calls -------------------------------------------------------------------- */

enum share { SHARE_SOME, SHARE_EVERY, SHARE_NONE, SHARE_OPEN };

/* How many releases allow the call?  SHARE_OPEN: in some that depends on what is not known. */
static enum share
share_of(const struct sp_history *history)
{
    const struct sp_history_line *line = &history->lines.at[0];
    size_t allowed = 0;

    for (size_t i = 0; i < line->runs.count; i++) {
        const struct sp_history_answer *answer = &history->answers.at[line->runs.at[i].answer];
        allowed += is_allowed(answer);
        if (answer->starts && answer->parts.count == 0) {
            return SHARE_OPEN;
        }
    }
    return allowed == 0 ? SHARE_NONE : allowed == line->runs.count ? SHARE_EVERY : SHARE_SOME;
}

/* "docker until 20.10.21 and in 20.10.23 to 20.10.27": a single verdict allows. */
static void
write_some(const struct sp_history *history, struct sp_buf *buf)
{
    SP_SCRATCH(scratch);
    struct told told;
    size_t run = 0;

    if (!tell(&scratch, history, &history->lines.at[0], &told)) {
        buf->failed = true;
        return;
    }
    while (!is_allowed(answer_of(&told, run))) {
        run++;
    }
    sp_buf_format(buf, "%s ", sp_kb_text(history->series->name));
    write_runs(&told, told.runs.at[run].answer, buf);
}

static size_t
count_share(const struct sp_histories *histories, enum share share)
{
    size_t count = 0;

    for (size_t i = 0; i < histories->all.count; i++) {
        const struct sp_history *history = &histories->all.at[i];
        count += history->arch != NULL && share_of(history) == share;
    }
    return count;
}

/* "every release of docker and podman". */
static void
write_share(const struct sp_histories *histories, enum share share, struct sp_buf *buf)
{
    size_t count = count_share(histories, share);
    size_t done = 0;

    for (size_t i = 0; i < histories->all.count; i++) {
        const struct sp_history *history = &histories->all.at[i];
        if (history->arch == NULL || share_of(history) != share) {
            continue;
        }
        if (share == SHARE_SOME) {
            sp_buf_text(buf, done++ == 0 ? "" : "; ");
            write_some(history, buf);
            continue;
        }
        const char *last = share == SHARE_NONE ? " or " : " and ";
        sp_buf_text(buf, done > 0 ? done + 1 == count ? last : ", "
                         : share == SHARE_NONE ? "no release of " : "every release of ");
        sp_buf_text(buf, sp_kb_text(history->series->name));
        done++;
    }
}

void
sp_history_write_allowed(const struct sp_histories *histories, struct sp_buf *buf)
{
    size_t before = buf->len;

    for (int share = SHARE_SOME; share <= SHARE_NONE; share++) {
        if (count_share(histories, (enum share)share) > 0) {
            sp_buf_text(buf, buf->len == before ? "allowed by " : "; ");
            write_share(histories, (enum share)share, buf);
        }
    }
}

/* ---- JSON ------------------------------------------------------------------------------ */

static void
add_answer(struct sp_json *json, struct cJSON *run, const struct sp_history_answer *answer)
{
    if (is_one(answer)) {
        sp_verdict_json(json, run, "verdict", answer->parts.at[0].verdict);
        return;
    }
    if (!answer->starts) {
        sp_json_bool(json, run, "starts", false);
        return;
    }
    struct cJSON *list = sp_json_array(json, run, "verdicts");
    for (size_t i = 0; i < answer->parts.count; i++) {
        struct cJSON *part = sp_json_object(json, list, NULL);
        sp_json_string(json, part, "conditions", answer->parts.at[i].words);
        sp_verdict_json(json, part, "verdict", answer->parts.at[i].verdict);
    }
}

static void
add_line(struct sp_json *json, struct cJSON *list, const struct sp_history *history,
         const struct sp_history_line *line, uint64_t caps)
{
    struct cJSON *object = sp_json_object(json, list, NULL);

    sp_json_string(json, object, "series", sp_kb_text(history->series->name));
    sp_json_string(json, object, "arch", sp_kb_text(history->arch->name));
    sp_explain_caps(json, object, "caps", caps);
    struct cJSON *runs = sp_json_array(json, object, "runs");
    for (size_t i = 0; i < line->runs.count; i++) {
        const struct sp_history_run *run = &line->runs.at[i];
        struct cJSON *added = sp_json_object(json, runs, NULL);
        sp_json_string(json, added, "from", sp_kb_text(run->from->version));
        sp_json_string(json, added, "to", sp_kb_text(run->to->version));
        add_answer(json, added, &history->answers.at[run->answer]);
    }
}

/* Each capability by itself: "caps" of an object are there together. */
static void
add_history(struct sp_json *json, struct cJSON *list, const struct sp_history *history)
{
    for (size_t i = 0; i < history->lines.count; i++) {
        const struct sp_history_line *line = &history->lines.at[i];
        if (line->caps == 0) {
            add_line(json, list, history, line, 0);
        }
        for (uint64_t rest = line->caps; rest != 0; rest &= rest - 1) {
            add_line(json, list, history, line, rest & -rest);
        }
    }
}

void
sp_history_json(const struct sp_histories *histories, struct sp_json *json)
{
    struct cJSON *list = sp_json_array(json, NULL, "history");

    for (size_t i = 0; i < histories->all.count; i++) {
        if (histories->all.at[i].arch != NULL) {
            add_history(json, list, &histories->all.at[i]);
        }
    }
}
