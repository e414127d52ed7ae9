/* A text that is no JSON profile becomes one: a document tree of an OCI profile whose nodes have the
 * spans of the foreign text, so that everything that reads profiles works on it and points at the right
 * line.
 *
 *     struct sp_foreign *foreign = sp_foreign_new(arena, source);
 *     sp_foreign_default(foreign, SP_VERDICT_KILL_PROCESS, span);
 *     sp_foreign_arch(foreign, arch, span);
 *     sp_foreign_call(foreign, name, span, SP_VERDICT_ALLOW);
 *     sp_foreign_meaning(foreign, name, span, diagram);
 *     return sp_foreign_finish(foreign, ret_doc);
 *
 * Memory: failure is sticky, and the last call says so. */
#ifndef SP_FORMAT_FOREIGN_H
#define SP_FORMAT_FOREIGN_H

#include "kb/kb.h"
#include "model/profile.h"
#include "sem/dd.h"
#include "sem/safe_rules.h"
#include "text/doc.h"
#include "text/report.h"

struct sp_foreign;

/* The architecture that the text is for when it names none: source->machine. NULL when it is not known. */
const struct sp_kb_arch *
sp_foreign_machine(const struct sp_source *source);

/* NULL when there is no memory. */
struct sp_foreign *
sp_foreign_new(struct sp_arena *arena, const struct sp_source *source);

/* What calls answer that nothing speaks of; to be said first.  Verdicts here and below are those that a
 * profile can have: data only with ERRNO and TRACE. */
void
sp_foreign_default(struct sp_foreign *foreign, sp_verdict verdict, struct sp_span span);

/* One more architecture; without any the profile names none. */
void
sp_foreign_arch(struct sp_foreign *foreign, const struct sp_kb_arch *arch, struct sp_span span);

/* A call with one verdict for all arguments.  Neighbours with the same verdict share a rule. */
void
sp_foreign_call(struct sp_foreign *foreign, const char *name, struct sp_span span, sp_verdict verdict);

/* A call by its conditions: all of them hold.  One condition for an argument at most (see
 * safe_rules.h). */
void
sp_foreign_rule(struct sp_foreign *foreign, const char *name, struct sp_span span, sp_verdict verdict,
                const struct sp_filter_condition *conditions, size_t count);

/* The store that diagrams for sp_foreign_meaning are made in; freed by sp_foreign_finish.  NULL when there is
 * no memory. */
struct sp_dd_store *
sp_foreign_store(struct sp_foreign *foreign);

/* A call by its verdicts, as rules of the safe fragment. `bits`: of an argument, 64 unless every
 * architecture has 32. False (and nothing is added) when no such rules mean it. */
bool
sp_foreign_meaning(struct sp_foreign *foreign, const char *name, struct sp_span span, sp_dd verdicts,
                   unsigned bits);

/* Is what the text says of socketcall and ipc what the profile means?  To be asked where the text's own tool
 * keeps them apart from the calls behind them, as all do but those that use libseccomp, on each architecture
 * that the text names, or its machine.  False after an error, or without memory, which sp_foreign_finish
 * tells. */
bool
sp_foreign_check_multiplexers(struct sp_foreign *foreign, struct sp_report *report);

/* The document: its root is the profile's object.  False when there was no memory.  Frees what is not
 * in the arena; to be called on every way out. */
bool
sp_foreign_finish(struct sp_foreign *foreign, struct sp_doc *ret_doc);

#endif
