/* A SeccompProfile of the Security Profiles Operator
 * (kubernetes-sigs/security-profiles-operator, api/seccompprofile), in YAML or JSON: the
 * profile is its `spec`. */
#ifndef SP_FORMAT_SPO_READ_H
#define SP_FORMAT_SPO_READ_H

#include "format/profile_read.h"
#include "text/report.h"

/* Reads YAML. Of several documents in one text the one that is a SeccompProfile counts, for
 * people keep many objects in one file; without one, or with two, a second document is an
 * error, as for sp_yaml_read. */
bool
sp_spo_read_yaml(struct sp_arena *arena, const struct sp_source *source,
                 const struct sp_doc_limits *limits, struct sp_report *report,
                 struct sp_doc *ret_doc);

/* Makes the spec of a detected SeccompProfile a profile as engines have it: the operator's
 * own keys are taken out of the tree, and an `errnoRet` that is a string of digits, as
 * versions before v1 had it, becomes a number.  False, with an error, where the text alone
 * does not say what it means. */
bool
sp_spo_read(struct sp_doc *doc, const struct sp_detected *detected, struct sp_report *report);

#endif
