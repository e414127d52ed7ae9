#include "report/history_work.h"

static bool
is_like(const struct sp_history_answer *one, const struct sp_history_answer *other)
{
    return one->starts == other->starts && one->allowed == other->allowed;
}

/* The same one after the other, but for the kind of refusal. */
static bool
is_told_before(const struct sp_history_told *first, const struct sp_history_told *other)
{
    bool alike = other->runs.count == first->runs.count;

    for (size_t i = 0; i < first->runs.count && alike; i++) {
        alike = is_like(sp_history_told_answer(first, i), sp_history_told_answer(other, i));
    }
    return alike;
}

static void
write_base(const struct sp_history_told *told, struct sp_page *page)
{
    SP_BUF(text);

    sp_buf_format(&text, "%s: ", sp_kb_text(told->history->series->name));
    sp_history_write_told(told, &text);
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
    struct sp_history_told first = { .history = NULL };

    for (size_t i = 0; i < histories->all.count; i++) {
        const struct sp_history *history = &histories->all.at[i];
        struct sp_history_told told;
        if (history->arch == NULL) {
            continue;
        }
        if (!sp_history_tell(&scratch, history, &history->lines.at[0], &told)) {
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
