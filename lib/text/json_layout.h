/* JSON text in the layout of Go's json.MarshalIndent: one member a line, nothing on one line, the
 * closing bracket below the key.  For texts whose every byte is a fact (the default profiles);
 * all other JSON is written by text/json_write.h. */
#ifndef SP_TEXT_JSON_LAYOUT_H
#define SP_TEXT_JSON_LAYOUT_H

#include "base/buf.h"

#include <stdint.h>

struct sp_layout {
    struct sp_buf *out;
    const char *indent;  /* one step: "\t" */
    unsigned depth;
    bool has_member;  /* the open bracket holds something already */
};

/* Opens or closes an object or an array; `key` is NULL at the root and inside arrays. */
void
sp_layout_open(struct sp_layout *layout, const char *key, char bracket);

void
sp_layout_close(struct sp_layout *layout, char bracket);

/* A member: texts are ASCII without anything that needs an escape (asserted). */
void
sp_layout_string(struct sp_layout *layout, const char *key, const char *value);

void
sp_layout_u64(struct sp_layout *layout, const char *key, uint64_t value);

/* A word that stands without quotes: null. */
void
sp_layout_word(struct sp_layout *layout, const char *key, const char *word);

#endif
