/* JSON, exactly as RFC 8259 has it, into a document tree. */
#ifndef SP_TEXT_JSON_READ_H
#define SP_TEXT_JSON_READ_H

#include "text/doc.h"
#include "text/report.h"

/* The codes under which the readers report. */
enum { SP_CODE_SYNTAX = 101, SP_CODE_TOO_LARGE = 116 };

/* Reads the whole source.  The first fault stops it with one diagnostic: SP101 (what was found,
 * what was expected, and what the writer may have meant) or SP116 (a limit).
 * True when `ret_doc` holds the tree; it lives in `arena`, but numbers and booleans are views
 * of the source.  False also without memory, with `report->failed` set. */
bool
sp_json_read(struct sp_arena *arena, const struct sp_source *source,
             const struct sp_doc_limits *limits, struct sp_report *report,
             struct sp_doc *ret_doc);

#endif
