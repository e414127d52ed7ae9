#include "report/history_work.h"

enum share { SHARE_SOME, SHARE_EVERY, SHARE_NONE, SHARE_OPEN };

/* How many releases allow the call?  SHARE_OPEN: in some that depends on what is not known. */
static enum share
share_of(const struct sp_history *history)
{
    const struct sp_history_line *line = &history->lines.at[0];
    size_t allowed = 0;

    for (size_t i = 0; i < line->runs.count; i++) {
        const struct sp_history_answer *answer = &history->answers.at[line->runs.at[i].answer];
        allowed += sp_history_is_allowed(answer);
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
    struct sp_history_told told;
    size_t run = 0;

    if (!sp_history_tell(&scratch, history, &history->lines.at[0], &told)) {
        buf->failed = true;
        return;
    }
    while (!sp_history_is_allowed(sp_history_told_answer(&told, run))) {
        run++;
    }
    sp_buf_format(buf, "%s ", sp_kb_text(history->series->name));
    sp_history_write_runs(&told, told.runs.at[run].answer, buf);
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
