/* What every JSON answer has in common. */
#ifndef SP_REPORT_JSON_PARTS_H
#define SP_REPORT_JSON_PARTS_H

#include "base/buf.h"
#include "text/json_write.h"

/* An object that begins with the schema ("secprof/NAME/1"), the version of secprof and the date
 * of the knowledge base. Free with sp_json_free. */
struct sp_json
sp_json_answer(const char *name);

/* Appends the text of `json`, which stands `depth` steps deep in a text around it: every line
 * but the first is indented so far. */
void
sp_json_print_within(struct sp_json *json, unsigned depth, struct sp_buf *out);

#endif
