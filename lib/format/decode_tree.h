/* What the decoders share: decode*.c alone. */
#ifndef SP_FORMAT_DECODE_TREE_H
#define SP_FORMAT_DECODE_TREE_H

#include "format/decode.h"
#include "format/fields.h"

/* The work of one decoder. */
struct sp_decoding {
    struct sp_arena *arena;
    enum sp_decoder decoder;
    const char *by;
    const char *why;  /* the first refusal; NULL while there is none */
    const struct sp_node *where;
};

/* The profile's object as the decoder is left with it: members with the keys of the table, each
 * once.  NULL when it is refused, or when there is no memory. */
struct sp_node *
sp_decode_go(struct sp_decoding *decoding, const struct sp_node *object);

struct sp_node *
sp_decode_crun(struct sp_decoding *decoding, const struct sp_node *object);

/* Keys that crun does not do without. */
bool
sp_decode_requires(const struct sp_field *field);

/* Does a value have the type of its field?  Of lists and objects only the kind is looked at. */
bool
sp_decode_fits(const struct sp_field *field, const struct sp_node *value);

/* "docker reads a whole number here and refuses \"0x10\"".  Always false. */
bool
sp_decode_refuse_type(struct sp_decoding *decoding, const struct sp_field *field,
                      const struct sp_node *value);

/* The same of an element of a list. */
bool
sp_decode_refuse_element(struct sp_decoding *decoding, const struct sp_field *field,
                         const struct sp_node *element);

/* A copy without children and siblings; `key` may be NULL. */
struct sp_node *
sp_decode_copy(struct sp_arena *arena, const struct sp_node *node, const char *key);

/* Appends a child; `last` is the one before it, or NULL. */
void
sp_decode_append(struct sp_node *parent, struct sp_node *last, struct sp_node *child);

#endif
