#include "report/paint.h"

/* Colours of the basic eight, which every theme keeps readable; NULL where nothing changes. */
static const char *const codes[] = {
    [SP_PAINT_PLAIN] = NULL,
    [SP_PAINT_STRONG] = "\033[1m",
    [SP_PAINT_ERROR] = "\033[1;31m",
    [SP_PAINT_WARNING] = "\033[1;33m",
    [SP_PAINT_INFO] = "\033[36m",
    [SP_PAINT_STYLE] = "\033[2m",
};

enum sp_paint
sp_paint_of(enum sp_severity severity)
{
    switch (severity) {
    case SP_SEVERITY_NONE:
        return SP_PAINT_PLAIN;
    case SP_SEVERITY_STYLE:
        return SP_PAINT_STYLE;
    case SP_SEVERITY_INFO:
        return SP_PAINT_INFO;
    case SP_SEVERITY_WARNING:
        return SP_PAINT_WARNING;
    case SP_SEVERITY_ERROR:
        return SP_PAINT_ERROR;
    }
    return SP_PAINT_PLAIN;
}

void
sp_paint_begin(struct sp_buf *out, const struct sp_style *style, enum sp_paint paint)
{
    if (style->color && codes[paint] != NULL) {
        sp_buf_text(out, codes[paint]);
    }
}

void
sp_paint_end(struct sp_buf *out, const struct sp_style *style, enum sp_paint paint)
{
    if (style->color && codes[paint] != NULL) {
        sp_buf_text(out, "\033[0m");
    }
}

void
sp_paint_text(struct sp_buf *out, const struct sp_style *style, enum sp_paint paint,
              const char *text)
{
    sp_paint_begin(out, style, paint);
    sp_buf_text(out, text);
    sp_paint_end(out, style, paint);
}
