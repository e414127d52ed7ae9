/* A list of calls that are allowed: names, one a line or separated by white space or commas,
 * each in quotes or not, and groups with an @ (sp_kb_group).  A `#` begins a comment that
 * ends with its line.
 *
 *     # what my server needs
 *     read, write, close
 *     @basic-io
 *
 * A list says nothing else, so that all other calls answer EPERM, whatever the order and
 * however often a name stands there; there are no exceptions (`!name`, `~name`).  An empty
 * list allows nothing. */
#ifndef SP_FORMAT_LIST_READ_H
#define SP_FORMAT_LIST_READ_H

#include "text/doc.h"
#include "text/report.h"

/* As sp_json_read. */
bool
sp_list_read(struct sp_arena *arena, const struct sp_source *source,
             const struct sp_doc_limits *limits, struct sp_report *report,
             struct sp_doc *ret_doc);

#endif
