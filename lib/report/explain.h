/* Explanations as pages and as JSON. */
#ifndef SP_REPORT_EXPLAIN_H
#define SP_REPORT_EXPLAIN_H

#include "base/buf.h"
#include "ops/subject.h"
#include "report/explain_verdict.h"
#include "report/history.h"
#include "report/page.h"
#include "text/json_write.h"

/* What a profile says of the subject's call. */
struct sp_explain_answers {
    struct sp_explain_profile profile;
    bool is_default;  /* it is Docker's own, of which the knowledge base has more to say */
    const struct sp_call_verdicts *verdicts;
    const struct sp_call_verdict *verdict;  /* of a concrete call; else NULL */
    const struct sp_histories *histories;  /* of the call, or of the concrete one; may be empty */
};

/* The call that a subject is about; NULL when it is about none. */
const struct sp_kb_syscall *
sp_explain_call(const struct sp_subject *subject);

/* Writes the page of a subject that is not SP_SUBJECT_UNKNOWN.  `answers` may be NULL where no profile
 * is asked; it must not be for a concrete call. */
void
sp_explain_text(const struct sp_subject *subject, const struct sp_explain_answers *answers,
                const struct sp_style *style, struct sp_buf *out);

/* The same as one JSON object with a newline. */
void
sp_explain_json(const struct sp_subject *subject, const struct sp_explain_answers *answers,
                struct sp_buf *out);

/* The page of a rule in Markdown, as it stands in docs/rules/. */
void
sp_explain_markdown(const struct sp_kb_rule *rule, struct sp_buf *out);

/* ---- the pieces, one file each ------------------------------------------------------- */

/* What both say first: the kernel's half and the profile's. */
void
sp_explain_call_answer(const struct sp_kb_syscall *call, const struct sp_explain_answers *answers,
                       struct sp_buf *buf);

void
sp_explain_call_text(const struct sp_kb_syscall *call, const struct sp_explain_answers *answers,
                     struct sp_page *page);

void
sp_explain_call_json(const struct sp_kb_syscall *call, const struct sp_explain_answers *answers,
                     struct sp_json *json);

void
sp_explain_cap_text(const struct sp_kb_cap *cap, struct sp_page *page);

void
sp_explain_cap_json(const struct sp_kb_cap *cap, struct sp_json *json);

void
sp_explain_rule_text(const struct sp_kb_rule *rule, struct sp_page *page);

void
sp_explain_rule_json(const struct sp_kb_rule *rule, struct sp_json *json);

#endif
