/* Go's decoder: letter case of keys does not matter, and every value is decoded over what
 * stands in its place already.  Of a list that stands twice, elements are decoded over
 * elements: what the second does not mention stays as the first had it, and a shorter list
 * leaves the rest of a longer one behind its end, from where a third may bring it back.  An
 * empty list and a null begin anew. */
#include "format/decode_tree.h"

#include "base/vec.h"

#include <string.h>

/* A place that is decoded into. */
struct cell {
    struct sp_node *node;
    SP_VEC(struct cell *) parts;  /* of an object: by place in the table, NULL where absent; of
                                   * a list: its elements, and those behind its end */
    size_t length;                /* of a list */
};

static bool
take_members(struct sp_decoding *decoding, enum sp_object object, const struct sp_node *node,
             struct cell *cell);

static struct cell *
cell_of(struct sp_decoding *decoding, const struct sp_node *node, const char *key)
{
    struct cell *cell = sp_arena_new(decoding->arena, struct cell);

    if (cell != NULL) {
        cell->node = sp_decode_copy(decoding->arena, node, key);
    }
    return cell == NULL || cell->node == NULL ? NULL : cell;
}

/* ---- types ----------------------------------------------------------------------------- */

static unsigned
reader_of(enum sp_decoder decoder)
{
    switch (decoder) {
    case SP_DECODER_DOCKER:
    case SP_DECODER_DOCKER_OLD:
        return SP_READER_DOCKER;
    case SP_DECODER_CONTAINERS:
        return SP_READER_CONTAINERS;
    case SP_DECODER_OCI:
    case SP_DECODER_CRUN:
        break;
    }
    return SP_READER_OCI;
}

/* Keys that came with Docker 23. */
static bool
is_new(const struct sp_field *field)
{
    static const char *const keys[] = { "defaultErrnoRet", "flags", "listenerMetadata",
                                        "listenerPath" };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (field->object == SP_OBJECT_PROFILE && strcmp(field->key, keys[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool
knows(const struct sp_decoding *decoding, const struct sp_field *field)
{
    return (field->readers & reader_of(decoding->decoder)) != 0
        && (decoding->decoder != SP_DECODER_DOCKER_OLD || !is_new(field));
}

/* Does a null empty the place?  Lists and pointers it does; strings and numbers stay. */
static bool
is_cleared_by_null(const struct sp_decoding *decoding, const struct sp_field *field)
{
    switch (field->type) {
    case SP_FIELD_STRINGS:
    case SP_FIELD_OBJECTS:
        return true;
    case SP_FIELD_U32:
        return field->object != SP_OBJECT_ARG;
    case SP_FIELD_OBJECT:
        return decoding->decoder == SP_DECODER_DOCKER;
    case SP_FIELD_STRING:
        return strcmp(field->key, "minKernel") == 0;
    case SP_FIELD_U64:
    case SP_FIELD_ANY:
        break;
    }
    return false;
}

/* Is a null in the list a null pointer?  Else it is an object with nothing in it. */
static bool
holds_pointers(const struct sp_decoding *decoding, const struct sp_field *field)
{
    enum sp_decoder decoder = decoding->decoder;

    switch (field->holds) {
    case SP_OBJECT_RULE:
        return decoder != SP_DECODER_OCI;
    case SP_OBJECT_ARG:
        return decoder == SP_DECODER_CONTAINERS || decoder == SP_DECODER_DOCKER_OLD;
    case SP_OBJECT_PROFILE:
    case SP_OBJECT_FILTER:
    case SP_OBJECT_ARCH_MAP:
        break;
    }
    return false;
}

/* ---- lists ----------------------------------------------------------------------------- */

static bool
take_string(struct sp_decoding *decoding, const struct sp_field *field,
            const struct sp_node *node, struct cell **place)
{
    if (node->kind != SP_NODE_NULL && node->kind != SP_NODE_STRING) {
        return sp_decode_refuse_element(decoding, field, node);
    }
    if (node->kind == SP_NODE_NULL && *place != NULL) {
        return true;
    }
    *place = cell_of(decoding, node, NULL);
    if (*place != NULL) {
        (*place)->node->kind = SP_NODE_STRING;
    }
    return *place != NULL;
}

static bool
take_object(struct sp_decoding *decoding, const struct sp_field *field,
            const struct sp_node *node, struct cell **place)
{
    bool is_null = node->kind == SP_NODE_NULL;
    bool is_pointer = holds_pointers(decoding, field);

    if (!is_null && node->kind != SP_NODE_OBJECT) {
        return sp_decode_refuse_element(decoding, field, node);
    }
    if (is_null && *place != NULL && !is_pointer) {
        return true;
    }
    if (is_null || *place == NULL || (*place)->node->kind != SP_NODE_OBJECT) {
        *place = cell_of(decoding, node, NULL);
    } else {
        (*place)->node = sp_decode_copy(decoding->arena, node, NULL);
    }
    if (*place == NULL || (*place)->node == NULL) {
        return false;
    }
    if (is_null) {
        (*place)->node->kind = is_pointer ? SP_NODE_NULL : SP_NODE_OBJECT;
        return true;
    }
    return take_members(decoding, field->holds, node, *place);
}

static bool
take_element(struct sp_decoding *decoding, const struct sp_field *field,
             const struct sp_node *node, struct cell *list)
{
    if (list->length == list->parts.count
        && sp_vec_push(decoding->arena, &list->parts) == NULL) {
        return false;
    }
    struct cell **place = &list->parts.at[list->length++];
    return field->type == SP_FIELD_STRINGS ? take_string(decoding, field, node, place)
                                           : take_object(decoding, field, node, place);
}

static bool
take_list(struct sp_decoding *decoding, const struct sp_field *field,
          const struct sp_node *node, struct cell **place)
{
    struct cell *list = cell_of(decoding, node, field->key);

    if (list == NULL) {
        return false;
    }
    if (*place != NULL && node->count > 0) {
        list->parts = (*place)->parts;
    }
    *place = list;
    for sp_node_each(element, node) {
        if (!take_element(decoding, field, element, list)) {
            return false;
        }
    }
    return true;
}

/* ---- members --------------------------------------------------------------------------- */

/* An empty minKernel is passed over and leaves an earlier one as it is. */
static bool
take_scalar(struct sp_decoding *decoding, const struct sp_field *field,
            const struct sp_node *node, struct cell **place)
{
    if (*place != NULL && field->object == SP_OBJECT_FILTER && node->text.len == 0) {
        return true;
    }
    *place = cell_of(decoding, node, field->key);
    return *place != NULL;
}

static bool
take_member_object(struct sp_decoding *decoding, const struct sp_field *field,
                   const struct sp_node *node, struct cell **place)
{
    if (*place == NULL) {
        *place = cell_of(decoding, node, field->key);
    } else {
        (*place)->node = sp_decode_copy(decoding->arena, node, field->key);
    }
    return *place != NULL && (*place)->node != NULL
        && take_members(decoding, field->holds, node, *place);
}

static bool
take_member(struct sp_decoding *decoding, const struct sp_field *field,
            const struct sp_node *node, struct cell **place)
{
    if (node->kind == SP_NODE_NULL) {
        if (is_cleared_by_null(decoding, field)) {
            *place = NULL;
        }
        return true;
    }
    if (!sp_decode_fits(field, node)) {
        return sp_decode_refuse_type(decoding, field, node);
    }
    switch (field->type) {
    case SP_FIELD_STRINGS:
    case SP_FIELD_OBJECTS:
        return take_list(decoding, field, node, place);
    case SP_FIELD_OBJECT:
        return take_member_object(decoding, field, node, place);
    case SP_FIELD_STRING:
    case SP_FIELD_U32:
    case SP_FIELD_U64:
    case SP_FIELD_ANY:
        break;
    }
    return take_scalar(decoding, field, node, place);
}

/* The places of an object's members: one for each row of the table; most stay empty. */
static bool
make_places(struct sp_decoding *decoding, struct cell *cell, const struct sp_field **ret_first,
            enum sp_object object)
{
    size_t first = 0;
    size_t count = 0;

    while (sp_fields[first].object != object) {
        first++;
    }
    *ret_first = &sp_fields[first];
    for (; first < sp_field_count && sp_fields[first].object == object; first++) {
        if (count == cell->parts.count && sp_vec_push(decoding->arena, &cell->parts) == NULL) {
            return false;
        }
        count++;
    }
    return true;
}

static bool
take_members(struct sp_decoding *decoding, enum sp_object object, const struct sp_node *node,
             struct cell *cell)
{
    const struct sp_field *first;

    if (!make_places(decoding, cell, &first, object)) {
        return false;
    }
    for sp_node_each(member, node) {
        const struct sp_field *field = sp_field_find_folded(object, member->key);
        if (field != NULL && knows(decoding, field)
            && !take_member(decoding, field, member, &cell->parts.at[field - first])) {
            return false;
        }
    }
    return true;
}

/* ---- the whole ------------------------------------------------------------------------- */

/* As deep as the table of fields. */
static struct sp_node *
link_cells(const struct cell *cell)
{
    bool is_list = cell->node->kind == SP_NODE_ARRAY;
    size_t count = is_list ? cell->length : cell->parts.count;
    struct sp_node *last = NULL;

    for (size_t i = 0; i < count; i++) {
        if (cell->parts.at[i] != NULL) {
            struct sp_node *child = link_cells(cell->parts.at[i]);
            sp_decode_append(cell->node, last, child);
            last = child;
        }
    }
    return cell->node;
}

struct sp_node *
sp_decode_go(struct sp_decoding *decoding, const struct sp_node *object)
{
    struct cell *cell = cell_of(decoding, object, NULL);

    return cell != NULL && take_members(decoding, SP_OBJECT_PROFILE, object, cell)
        ? link_cells(cell) : NULL;
}
