#include "report/history_work.h"

#include <string.h>

/* "in", "until", "since" and the versions of a run; "in" is not said twice in a row. */
static void
write_run(const struct sp_history_told *told, size_t index, const char **preposition,
          struct sp_buf *buf)
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
next_run(const struct sp_history_told *told, size_t from, size_t answer)
{
    while (from < told->runs.count && told->runs.at[from].answer != answer) {
        from++;
    }
    return from;
}

void
sp_history_write_runs(const struct sp_history_told *told, size_t answer, struct sp_buf *buf)
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

void
sp_history_write_rest(const struct sp_history_told *told, size_t answer, struct sp_buf *buf)
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
        sp_history_write_runs(told, answer, buf);
    }
}
