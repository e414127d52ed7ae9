/* crun's decoder: keys are exact, the first of a key counts, a value of another type counts as
 * missing, and numbers are read with strtoull. */
#include "format/decode_tree.h"

#include <inttypes.h>

static struct sp_node *
decode_object(struct sp_decoding *decoding, enum sp_object object, const struct sp_node *node,
              const char *key);

static bool
refuse(struct sp_decoding *decoding, const struct sp_node *where, const char *why)
{
    decoding->why = why;
    decoding->where = where;
    return false;
}

/* strtoull takes a minus sign and counts down from zero. */
static bool
read_number(const struct sp_field *field, const struct sp_node *node, uint64_t *ret_value)
{
    uint64_t limit = field->type == SP_FIELD_U32 ? UINT32_MAX : UINT64_MAX;
    bool is_negative = sp_str_has_prefix(node->text, "-");
    struct sp_node digits = *node;

    digits.text = sp_str_slice(node->text, is_negative ? 1 : 0, node->text.len);
    if (sp_node_u64(&digits, ret_value) != SP_NUMBER_OK) {
        return false;
    }
    if (is_negative) {
        *ret_value = -*ret_value;
    }
    return *ret_value <= limit;
}

static struct sp_node *
decode_number(struct sp_decoding *decoding, const struct sp_field *field,
              const struct sp_node *node)
{
    uint64_t value;

    if (!read_number(field, node, &value)) {
        sp_decode_refuse_type(decoding, field, node);
        return NULL;
    }
    struct sp_node *copy = sp_decode_copy(decoding->arena, node, field->key);
    char *text = sp_arena_format(decoding->arena, "%" PRIu64, value);
    if (copy != NULL && text != NULL) {
        copy->text = sp_str_of(text);
    }
    return copy;
}

/* In a list of strings whatever is none is an empty one. */
static struct sp_node *
decode_string(struct sp_decoding *decoding, const struct sp_node *node)
{
    struct sp_node *copy = sp_decode_copy(decoding->arena, node, NULL);

    if (copy != NULL && copy->kind != SP_NODE_STRING) {
        copy->kind = SP_NODE_STRING;
        copy->text = SP_STR("");
    }
    return copy;
}

static struct sp_node *
decode_list(struct sp_decoding *decoding, const struct sp_field *field,
            const struct sp_node *node)
{
    struct sp_node *list = sp_decode_copy(decoding->arena, node, field->key);
    struct sp_node *last = NULL;

    if (list == NULL) {
        return NULL;
    }
    for sp_node_each(element, node) {
        struct sp_node *copy = field->type == SP_FIELD_STRINGS
            ? decode_string(decoding, element)
            : decode_object(decoding, field->holds, element, NULL);
        if (copy == NULL) {
            return NULL;
        }
        sp_decode_append(list, last, copy);
        last = copy;
    }
    return list;
}

static struct sp_node *
decode_value(struct sp_decoding *decoding, const struct sp_field *field,
             const struct sp_node *node)
{
    switch (field->type) {
    case SP_FIELD_U32:
    case SP_FIELD_U64:
        return decode_number(decoding, field, node);
    case SP_FIELD_STRINGS:
    case SP_FIELD_OBJECTS:
        return decode_list(decoding, field, node);
    case SP_FIELD_STRING:
    case SP_FIELD_OBJECT:
    case SP_FIELD_ANY:
        break;
    }
    return sp_decode_copy(decoding->arena, node, field->key);
}

/* A number of any form is one; whether it can be read is seen later. */
static bool
has_type(const struct sp_field *field, const struct sp_node *value)
{
    return field->type == SP_FIELD_U32 || field->type == SP_FIELD_U64
        ? value->kind == SP_NODE_NUMBER : sp_decode_fits(field, value);
}

static bool
check_required(struct sp_decoding *decoding, enum sp_object object,
               const struct sp_node *decoded, const struct sp_node *node)
{
    for (size_t i = 0; i < sp_field_count; i++) {
        const struct sp_field *field = &sp_fields[i];
        if (field->object == object && sp_decode_requires(field)
            && sp_node_member(decoded, field->key) == NULL) {
            return refuse(decoding, node,
                          sp_arena_format(decoding->arena, "%s does not do without %s",
                                          decoding->by, field->key));
        }
    }
    return true;
}

/* What is no object has no members. */
static struct sp_node *
decode_object(struct sp_decoding *decoding, enum sp_object object, const struct sp_node *node,
              const char *key)
{
    struct sp_node *decoded = sp_decode_copy(decoding->arena, node, key);
    struct sp_node *last = NULL;
    uint64_t seen = 0;

    if (decoded == NULL) {
        return NULL;
    }
    decoded->kind = SP_NODE_OBJECT;
    for (const struct sp_node *member = node->kind == SP_NODE_OBJECT ? node->first : NULL;
         member != NULL; member = member->next) {
        const struct sp_field *field = sp_field_find(object, member->key);
        if (field == NULL || (field->readers & SP_READER_OCI) == 0
            || (seen >> (field - sp_fields) & 1) != 0) {
            continue;
        }
        seen |= UINT64_C(1) << (field - sp_fields);
        if (!has_type(field, member)) {
            continue;
        }
        struct sp_node *value = decode_value(decoding, field, member);
        if (value == NULL) {
            return NULL;
        }
        sp_decode_append(decoded, last, value);
        last = value;
    }
    return check_required(decoding, object, decoded, node) ? decoded : NULL;
}

struct sp_node *
sp_decode_crun(struct sp_decoding *decoding, const struct sp_node *object)
{
    return decode_object(decoding, SP_OBJECT_PROFILE, object, NULL);
}
