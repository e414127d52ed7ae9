/* YAML text out, through libyaml: block style, lists indented, words without quotes where every reader
 * takes them for words.
 *
 *     struct sp_yaml *yaml = sp_yaml_new(&buf);
 *     sp_yaml_open(yaml, "metadata", SP_NODE_OBJECT);
 *     sp_yaml_text(yaml, "name", SP_STR("web"));
 *     sp_yaml_close(yaml, SP_NODE_OBJECT);
 *     sp_yaml_end(yaml);
 *
 * The root is an object and is there from the beginning.  Failure is sticky: without memory nothing more is
 * written, and the buffer's `failed` is set. */
#ifndef SP_TEXT_YAML_WRITE_H
#define SP_TEXT_YAML_WRITE_H

#include "base/buf.h"
#include "base/str.h"
#include "text/doc.h"

#include <stdint.h>

struct sp_yaml;

/* Appends to `out`, whose text may hold comments already.  NULL when there is no memory:
 * every function takes that. */
struct sp_yaml *
sp_yaml_new(struct sp_buf *out);

/* An object or an array; `key` is NULL in arrays. */
void
sp_yaml_open(struct sp_yaml *yaml, const char *key, enum sp_node_kind kind);

void
sp_yaml_close(struct sp_yaml *yaml, enum sp_node_kind kind);

/* A string; each byte that is no UTF-8 becomes U+FFFD. */
void
sp_yaml_text(struct sp_yaml *yaml, const char *key, struct sp_str text);

void
sp_yaml_u64(struct sp_yaml *yaml, const char *key, uint64_t value);

/* Ends the root and the text, and frees the writer. */
void
sp_yaml_end(struct sp_yaml *yaml);

#endif
