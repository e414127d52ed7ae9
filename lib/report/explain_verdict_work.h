/* What the parts of a call's page share, for explain_verdict*.c alone. */
#ifndef SP_REPORT_EXPLAIN_VERDICT_WORK_H
#define SP_REPORT_EXPLAIN_VERDICT_WORK_H

#include "report/explain_verdict.h"

/* A page of one call. */
struct sp_verdict_writer {
    const struct sp_call_verdict *verdict;
    const struct sp_explain_profile *profile;
    struct sp_page *page;
};

/* Rules are counted from 1, as people do. */
size_t
sp_verdict_rule_number(const struct sp_rule *rule);

/* "docker:84:5". */
void
sp_verdict_rule_place(const struct sp_verdict_writer *writer, const struct sp_rule *rule,
                      struct sp_buf *buf);

/* "rule 3 (docker:84:5, /syscalls/2)". */
void
sp_verdict_rule_write(const struct sp_verdict_writer *writer, const struct sp_rule *rule,
                      struct sp_buf *buf);

/* Has it no conditions that matter? */
bool
sp_verdict_rule_is_plain(const struct sp_call_rule *rule);

/* The first rule whose conditions hold: of those that runtimes leave out, or of the others. */
const struct sp_call_rule *
sp_verdict_rule_holding(const struct sp_call_verdict *verdict, bool is_default);

/* Why the verdict is what it is: "rule 3 (...) allows domain = AF_NFC". */
void
sp_verdict_because(const struct sp_verdict_writer *writer, struct sp_buf *buf);

/* Why no container starts. */
void
sp_verdict_start(const struct sp_verdict_writer *writer, struct sp_buf *buf);

#endif
