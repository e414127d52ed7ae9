/* How a finding begins in every format for people. */
#ifndef SP_REPORT_HEADING_H
#define SP_REPORT_HEADING_H

#include "report/paint.h"
#include "report/where.h"

/* Appends "web.json:3:7: error[SP105]", `separator`, the message and a line break. */
void
sp_heading_add(struct sp_buf *out, const struct sp_style *style, const char *path,
               const struct sp_where *where, const char *separator,
               const struct sp_diag *diag);

#endif
