/* Explanations as pages and as JSON. */
#ifndef SP_REPORT_EXPLAIN_H
#define SP_REPORT_EXPLAIN_H

#include "base/buf.h"
#include "ops/subject.h"
#include "report/page.h"
#include "text/json_write.h"

/* Writes the page of a subject that is not SP_SUBJECT_UNKNOWN. */
void
sp_explain_text(const struct sp_subject *subject, const struct sp_style *style,
                struct sp_buf *out);

/* The same as one JSON object with a newline. */
void
sp_explain_json(const struct sp_subject *subject, struct sp_buf *out);

/* The page of a rule in Markdown, as it stands in docs/rules/. */
void
sp_explain_markdown(const struct sp_kb_rule *rule, struct sp_buf *out);

/* ---- the pieces, one file each ------------------------------------------------------- */

void
sp_explain_call_text(const struct sp_kb_syscall *call, struct sp_page *page);

void
sp_explain_call_json(const struct sp_kb_syscall *call, struct sp_json *json);

void
sp_explain_cap_text(const struct sp_kb_cap *cap, struct sp_page *page);

void
sp_explain_cap_json(const struct sp_kb_cap *cap, struct sp_json *json);

void
sp_explain_rule_text(const struct sp_kb_rule *rule, struct sp_page *page);

void
sp_explain_rule_json(const struct sp_kb_rule *rule, struct sp_json *json);

#endif
