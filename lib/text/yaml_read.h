/* YAML 1.1 (as libyaml reads it) into the same document tree as JSON.
 *
 * Plain scalars resolve as in the core schema: null, booleans, whole and fractional numbers (0x
 * and 0o, too); everything else, and everything in quotes, is a string.  A value in block style
 * ends with its last word.
 *
 * Anchors, aliases, complex keys, merge keys and tags are refused: a profile or a fact has no
 * use for them, and aliases let a small text grow without end.  So is a number with a leading
 * zero, which YAML 1.1 takes for octal and 1.2 for decimal.  The tags !!str, !!int, !!float,
 * !!bool, !!null, !!seq and !!map are allowed where they are true. */
#ifndef SP_TEXT_YAML_READ_H
#define SP_TEXT_YAML_READ_H

#include "text/doc.h"
#include "text/report.h"

/* Reads the source's one document; errors as sp_json_read.  A text without a document is an
 * error, and so is a second document that is not empty. */
bool
sp_yaml_read(struct sp_arena *arena, const struct sp_source *source,
             const struct sp_doc_limits *limits, struct sp_report *report,
             struct sp_doc *ret_doc);

#endif
