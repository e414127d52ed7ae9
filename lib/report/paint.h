/* Colours of a terminal: severities, carets, the words that begin a line. */
#ifndef SP_REPORT_PAINT_H
#define SP_REPORT_PAINT_H

#include "base/buf.h"
#include "report/render.h"

enum sp_paint {
    SP_PAINT_PLAIN,
    SP_PAINT_STRONG,
    SP_PAINT_ERROR,
    SP_PAINT_WARNING,
    SP_PAINT_INFO,
    SP_PAINT_STYLE,
};

enum sp_paint
sp_paint_of(enum sp_severity severity);

/* Nothing is written unless the style has colour. */
void
sp_paint_begin(struct sp_buf *out, const struct sp_style *style, enum sp_paint paint);

void
sp_paint_end(struct sp_buf *out, const struct sp_style *style, enum sp_paint paint);

/* A text between begin and end. */
void
sp_paint_text(struct sp_buf *out, const struct sp_style *style, enum sp_paint paint,
              const char *text);

#endif
