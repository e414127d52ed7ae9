/* A policy of minijail0 into a document tree: an OCI profile with the spans of the policy.
 *
 * Two programs read policies, and each takes what the other does not: libminijail, when
 * minijail0 -S starts a program, and compile_seccomp_policy.py, which makes a filter ahead.
 * The plain form, one line for a call with an expression, is read by both; braces, [arch=...],
 * action words, @default, @denylist, lines that add to a call and remarks behind a line only by
 * the second.
 *
 * `call: EXPRESSION; return ERROR` means opposite things to them: libminijail denies where the
 * expression does not hold, as the manual minijail0(5) tells it, the other one where it holds.
 * A text that only the second reads is read as it reads it; all others as the manual says.
 *
 * A policy is for one machine: the one that [arch=...] names, or else the one at hand. */
#ifndef SP_FORMAT_MINIJAIL_READ_H
#define SP_FORMAT_MINIJAIL_READ_H

#include "text/doc.h"
#include "text/report.h"

/* Reads the whole source; the first fault stops it with one diagnostic, as those of
 * sp_json_read.  The root of the document is the object of an OCI profile.  False also
 * without memory. */
bool
sp_minijail_read(struct sp_arena *arena, const struct sp_source *source,
                 const struct sp_doc_limits *limits, struct sp_report *report,
                 struct sp_doc *ret_doc);

#endif
