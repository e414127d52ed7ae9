#include "report/page.h"

#include "report/paint.h"
#include "report/wrap.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where labels and paragraphs begin; a terminal's 80 columns leave 67 for prose. */
enum { LABEL_COLUMN = 2, TEXT_COLUMN = 13 };

static const char margin[] = "             ";  /* TEXT_COLUMN spaces */

void
sp_page_answer(struct sp_page *page, const char *subject, struct sp_str answer)
{
    struct sp_wrap wrap = {
        .width = page->style.width, .column = strlen(subject) + 2, .prefix = SP_STR("  "),
    };

    sp_paint_text(page->out, &page->style, SP_PAINT_STRONG, subject);
    sp_buf_text(page->out, ": ");
    sp_wrap_add(page->out, &wrap, answer);
    sp_buf_text(page->out, "\n\n");
}

void
sp_page_label(struct sp_page *page, const char *label)
{
    page->label = label;
}

/* The label, when it was not said yet, and the space to the text. */
static void
begin_line(struct sp_page *page)
{
    const char *label = page->label == NULL ? "" : page->label;
    size_t len = strlen(label);

    sp_buf_repeat(page->out, ' ', LABEL_COLUMN);
    sp_paint_text(page->out, &page->style, SP_PAINT_STRONG, label);
    sp_buf_repeat(page->out, ' ', len + LABEL_COLUMN < TEXT_COLUMN
                                      ? TEXT_COLUMN - LABEL_COLUMN - len : 1);
    page->label = NULL;
}

void
sp_page_text(struct sp_page *page, struct sp_str text)
{
    struct sp_wrap wrap = {
        .width = page->style.width,
        .column = TEXT_COLUMN,
        .prefix = { .ptr = margin, .len = TEXT_COLUMN },
    };

    if (text.len == 0) {
        return;
    }
    begin_line(page);
    sp_wrap_add(page->out, &wrap, text);
    sp_buf_char(page->out, '\n');
}

void
sp_page_format(struct sp_page *page, const char *format, ...)
{
    va_list list;
    char *text = NULL;

    va_start(list, format);
    int length = vasprintf(&text, format, list);
    va_end(list);
    if (length < 0) {
        page->out->failed = true;
        return;
    }
    sp_page_text(page, (struct sp_str){ .ptr = text, .len = (size_t)length });
    free(text);
}

void
sp_page_lines(struct sp_page *page, struct sp_str text)
{
    struct sp_str line;

    while (sp_str_next(&text, "\n", &line)) {
        if (line.len == 0 && text.len == 0) {
            continue;
        }
        begin_line(page);
        sp_buf_add(page->out, line);
        sp_buf_char(page->out, '\n');
    }
}
