/* A text of any dialect into a document that holds a profile: one table of dialects, their
 * files' endings, what they look like, and their readers. */
#ifndef SP_FORMAT_READ_H
#define SP_FORMAT_READ_H

#include "format/profile_read.h"
#include "model/profile.h"
#include "model/target.h"
#include "text/doc.h"
#include "text/report.h"

/* Reads a source, as `dialect` has it, or, with SP_DIALECT_UNKNOWN, as its name's ending and
 * its first words tell; what tells nothing is read as JSON.
 *
 * True when `ret_doc` holds a tree, which need not hold a profile: `ret_detected` says what
 * it is.  False after at least one error in the report, or without memory. */
bool
sp_read_document(struct sp_arena *arena, const struct sp_source *source,
                 const struct sp_doc_limits *limits, enum sp_dialect dialect,
                 struct sp_report *report, struct sp_doc *ret_doc,
                 struct sp_detected *ret_detected);

/* As sp_source_new, for a text that sp_read_document is to read as `dialect`: of a BPF program
 * each instruction is a line. */
struct sp_source *
sp_read_source(struct sp_arena *arena, const char *name, struct sp_str text,
               enum sp_dialect dialect);

/* "JSON", "YAML", "systemd unit": as what sp_read_document would read the source. */
const char *
sp_read_language(const struct sp_source *source, enum sp_dialect dialect);

bool
sp_read_is_json(const struct sp_source *source, enum sp_dialect dialect);

/* Of a text that is no JSON and could not be read: does it hold words of a profile? */
bool
sp_read_is_meant(const struct sp_source *source, enum sp_dialect dialect);

/* Does a file's name end like those of some dialect (web.json, web.service, web.policy)? */
bool
sp_read_has_ending(const char *path);

/* Where neither engine nor runtime are given: an engine reads JSON alone, so that the texts
 * of other tools are taken as they stand, without what runc would add. */
void
sp_read_choose_engine(enum sp_dialect dialect, struct sp_target *target);

#endif
