/* A document tree: what a JSON or YAML text says, and where it says it.
 *
 * Nothing is lost that a careful reader may want to speak of: duplicate keys stay (in order),
 * numbers keep their text, every key and value keeps its span.  Nodes never move; they live in
 * the arena that the reader was given. */
#ifndef SP_TEXT_DOC_H
#define SP_TEXT_DOC_H

#include "base/buf.h"
#include "base/str.h"
#include "text/source.h"

#include <stdbool.h>
#include <stdint.h>

enum sp_node_kind {
    SP_NODE_NULL,
    SP_NODE_BOOL,
    SP_NODE_NUMBER,
    SP_NODE_STRING,
    SP_NODE_ARRAY,
    SP_NODE_OBJECT,
};

struct sp_node {
    enum sp_node_kind kind;
    uint32_t index;           /* place among its siblings, from 0 */
    struct sp_span span;      /* of the value; a string's includes the quotes */
    struct sp_span key_span;  /* of the key with its quotes; empty outside objects */
    struct sp_str key;        /* decoded, ends in NUL; `ptr` is NULL outside objects */
    struct sp_str text;       /* string: decoded, ends in NUL; number: as written; bool: "true"
                                 or "false"; else empty */
    struct sp_node *parent;   /* NULL at the root */
    struct sp_node *next;     /* sibling */
    struct sp_node *first;    /* child */
    uint32_t count;           /* children */
};

struct sp_doc {
    const struct sp_source *source;
    struct sp_node *root;
};

/* Reading stops with a diagnostic where a text goes past one of these. */
struct sp_doc_limits {
    size_t bytes;
    uint32_t depth;  /* of arrays and objects within each other */
    uint32_t nodes;
};

/* 64 MiB, 64 deep, one million nodes: far past every real profile (Docker's default has 13 KB,
 * depth 5 and 800 nodes), and at most about 100 MB of memory. */
#define SP_DOC_LIMITS \
    ((struct sp_doc_limits){ .bytes = 64u << 20, .depth = 64, .nodes = 1000000 })

/* How a number node fits an unsigned 64-bit integer. */
enum sp_number {
    SP_NUMBER_OK,
    SP_NUMBER_NEGATIVE,
    SP_NUMBER_NOT_WHOLE,  /* has a fraction or an exponent */
    SP_NUMBER_TOO_LARGE,
};

/* The last member with this key (as Go's decoder decides); NULL when there is none, and when
 * `object` is NULL or no object. */
const struct sp_node *
sp_node_member(const struct sp_node *object, const char *key);

/* The value of a number node; `ret_value` is set only for SP_NUMBER_OK.  YAML's 0x1f and 0o17
 * are whole numbers, too; "-0" is negative. */
enum sp_number
sp_node_u64(const struct sp_node *number, uint64_t *ret_value);

/* True when a is a string node with exactly this text. */
bool
sp_node_is_string(const struct sp_node *node, const char *text);

/* "an object", "a string" ...: for messages. */
const char *
sp_node_kind_text(enum sp_node_kind kind);

/* Appends the RFC 6901 pointer of a node ("/syscalls/3/names/0"; empty for the root). */
void
sp_node_pointer(const struct sp_node *node, struct sp_buf *buf);

#define sp_node_each(child, parent) \
    (const struct sp_node *child = (parent)->first; child != NULL; child = child->next)

#endif
