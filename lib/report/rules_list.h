/* The list of all rules, for `secprof lint --list-rules`. */
#ifndef SP_REPORT_RULES_LIST_H
#define SP_REPORT_RULES_LIST_H

#include "base/buf.h"
#include "report/render.h"

/* A line for each rule: code, severity, name, summary. */
void
sp_render_rules_text(struct sp_buf *out, const struct sp_style *style);

/* One object of the schema "secprof/rules/1", whose "rules" are a list of objects with "code",
 * "slug", "severity", "since" and "summary". */
void
sp_render_rules_json(struct sp_buf *out);

#endif
