/* Verdicts in explanations: of one concrete call, and of a call in all environments.
 *
 *     ERRNO(EPERM) under docker on x86_64: no rule holds for domain = AF_VSOCK; ...
 */
#ifndef SP_REPORT_EXPLAIN_VERDICT_H
#define SP_REPORT_EXPLAIN_VERDICT_H

#include "ops/call_verdict.h"
#include "report/history.h"
#include "report/page.h"
#include "text/json_write.h"

/* The profile that is asked, under the name that it was asked by: "docker", "web.json". */
struct sp_explain_profile {
    const char *name;
    const struct sp_profile *profile;
};

/* The page of one concrete call; `histories` are its own and may be empty. */
void
sp_explain_verdict_text(const struct sp_call_verdict *verdict,
                        const struct sp_explain_profile *profile,
                        const struct sp_histories *histories, struct sp_page *page);

/* The keys of one concrete call: verdict, decider, rule and more, without `verdicts`. */
void
sp_explain_verdict_json(const struct sp_call_verdict *verdict,
                        const struct sp_explain_profile *profile, struct sp_json *json);

/* The paragraph "verdicts" of a call's page. */
void
sp_explain_verdicts_text(const struct sp_call_verdicts *verdicts,
                         const struct sp_explain_profile *profile,
                         const struct sp_kb_syscall *call, struct sp_page *page);

/* What the first of them is, in half a line: "web.json allows it for some arguments". */
void
sp_explain_verdicts_answer(const struct sp_call_verdicts *verdicts,
                           const struct sp_explain_profile *profile, struct sp_buf *buf);

/* The key "verdicts". */
void
sp_explain_verdicts_json(const struct sp_call_verdicts *verdicts, struct sp_json *json);

/* ---- pieces of both ------------------------------------------------------------------ */

/* "docker 29.7.2" for a built-in profile, else its name, fit to be shown. */
void
sp_explain_profile_name(const struct sp_explain_profile *profile, struct sp_buf *buf);

/* "rule", "stub" ...: for programs. */
const char *
sp_explain_decider(enum sp_decider decider);

/* The n-th hazard as a word for programs and a sentence for people; NULL past the last. */
struct sp_explain_hazard {
    unsigned bit;
    const char *name;
    const char *text;
};

const struct sp_explain_hazard *
sp_explain_hazard(size_t n);

/* The RFC 6901 pointer of a rule, as a string under `key`. */
void
sp_explain_pointer(struct sp_json *json, struct cJSON *parent, const char *key,
                   const struct sp_rule *rule);

/* A list of capabilities under `key`. */
void
sp_explain_caps(struct sp_json *json, struct cJSON *parent, const char *key, uint64_t caps);

/* minKernel and maxKernel, each only where it is asked for. */
void
sp_explain_kernels(struct sp_json *json, struct cJSON *parent, struct sp_version from,
                   struct sp_version before);

#endif
