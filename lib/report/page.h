/* A page for people: an answer in one breath, then labelled paragraphs.
 *
 *     bpf: needs CAP_BPF or CAP_SYS_ADMIN; ...
 *
 *       does       load BPF programs and maps into the kernel
 *       numbers    x86_64 321, i386 357
 */
#ifndef SP_REPORT_PAGE_H
#define SP_REPORT_PAGE_H

#include "base/buf.h"
#include "report/render.h"

struct sp_page {
    struct sp_buf *out;
    struct sp_style style;
    const char *label;  /* of the paragraph that is being written; said once */
};

/* The first line and the empty line behind it: `subject`, a colon, the answer. */
void
sp_page_answer(struct sp_page *page, const char *subject, struct sp_str answer);

/* From now on paragraphs belong to `label`, which stands before the first of them. */
void
sp_page_label(struct sp_page *page, const char *label);

/* One paragraph, folded. Nothing is written for an empty text. */
void
sp_page_text(struct sp_page *page, struct sp_str text);

void
sp_page_format(struct sp_page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A text as it is, line by line (an example). */
void
sp_page_lines(struct sp_page *page, struct sp_str text);

#endif
