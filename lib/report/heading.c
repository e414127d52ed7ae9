#include "report/heading.h"

#include "lint/settings.h"
#include "report/glyph.h"

void
sp_heading_add(struct sp_buf *out, const struct sp_style *style, const char *path,
               const struct sp_where *where, const char *separator,
               const struct sp_diag *diag)
{
    enum sp_paint paint = sp_paint_of(diag->severity);

    sp_where_add(out, path, where);
    sp_buf_text(out, ": ");
    sp_paint_begin(out, style, paint);
    sp_buf_format(out, "%s[SP%03u]", sp_severity_text(diag->severity), diag->code);
    sp_paint_end(out, style, paint);
    sp_buf_text(out, separator);
    sp_glyph_add(out, sp_str_of(diag->message));
    sp_buf_char(out, '\n');
}
