/* JSON text in the layout of Go's json.MarshalIndent: one member a line, nothing on one
 * line, the closing bracket below the key.  For profiles, whose layout people know; all
 * other JSON is written by text/json_write.h. */
#ifndef SP_TEXT_JSON_LAYOUT_H
#define SP_TEXT_JSON_LAYOUT_H

#include "base/buf.h"
#include "base/str.h"

#include <stdint.h>

struct sp_layout {
    struct sp_buf *out;
    const char *indent;  /* one step: "\t" */
    unsigned depth;
    bool has_member;  /* the open bracket holds something already */
    bool has_key;     /* sp_layout_key wrote what stands before the next value */
};

/* Opens or closes an object or an array; `key` is NULL at the root and inside arrays. */
void
sp_layout_open(struct sp_layout *layout, const char *key, char bracket);

void
sp_layout_close(struct sp_layout *layout, char bracket);

/* The key of the next value, whatever its bytes; the value is then added with the key NULL. */
void
sp_layout_key(struct sp_layout *layout, struct sp_str key);

/* A text of any bytes: quotes, backslashes and control characters are escaped. */
void
sp_layout_text(struct sp_layout *layout, const char *key, struct sp_str text);

/* A member: texts are ASCII without anything that needs an escape (asserted). */
void
sp_layout_string(struct sp_layout *layout, const char *key, const char *value);

void
sp_layout_u64(struct sp_layout *layout, const char *key, uint64_t value);

/* A word that stands without quotes: null. */
void
sp_layout_word(struct sp_layout *layout, const char *key, const char *word);

#endif
