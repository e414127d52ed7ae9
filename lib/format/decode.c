#include "format/decode.h"

#include "format/decode_tree.h"
#include "format/profile_read.h"

#include <string.h>

/* ---- what the decoders share ----------------------------------------------------------- */

bool
sp_decode_requires(const struct sp_field *field)
{
    static const struct {
        enum sp_object object;
        const char *key;
    } required[] = {
        { SP_OBJECT_PROFILE, "defaultAction" },
        { SP_OBJECT_RULE, "names" },
        { SP_OBJECT_RULE, "action" },
        { SP_OBJECT_ARG, "op" },
    };

    for (size_t i = 0; i < sizeof required / sizeof *required; i++) {
        if (field->object == required[i].object && strcmp(field->key, required[i].key) == 0) {
            return true;
        }
    }
    return false;
}

static bool
is_kind(const struct sp_field *field, enum sp_node_kind kind)
{
    switch (field->type) {
    case SP_FIELD_STRING:
        return kind == SP_NODE_STRING;
    case SP_FIELD_U32:
    case SP_FIELD_U64:
        return kind == SP_NODE_NUMBER;
    case SP_FIELD_STRINGS:
    case SP_FIELD_OBJECTS:
        return kind == SP_NODE_ARRAY;
    case SP_FIELD_OBJECT:
        return kind == SP_NODE_OBJECT;
    case SP_FIELD_ANY:
        break;
    }
    return true;
}

bool
sp_decode_fits(const struct sp_field *field, const struct sp_node *value)
{
    uint64_t number;

    return is_kind(field, value->kind)
        && ((field->type != SP_FIELD_U32 && field->type != SP_FIELD_U64)
            || sp_node_u64(value, &number) == SP_NUMBER_OK);
}

static bool
refuse(struct sp_decoding *decoding, const char *wanted, const struct sp_node *value)
{
    enum { SHOWN = 40 };
    bool is_shown = (value->kind == SP_NODE_NUMBER || value->kind == SP_NODE_STRING)
        && value->text.len <= SHOWN;
    const char *quote = value->kind == SP_NODE_STRING ? "\"" : "";

    decoding->where = value;
    decoding->why = is_shown
        ? sp_arena_format(decoding->arena, "%s reads %s here and refuses %s%.*s%s",
                          decoding->by, wanted, quote, (int)value->text.len, value->text.ptr,
                          quote)
        : sp_arena_format(decoding->arena, "%s reads %s here and refuses %s", decoding->by,
                          wanted, sp_node_kind_text(value->kind));
    return false;
}

bool
sp_decode_refuse_type(struct sp_decoding *decoding, const struct sp_field *field,
                      const struct sp_node *value)
{
    return refuse(decoding, sp_fields_type_text(field->type), value);
}

bool
sp_decode_refuse_element(struct sp_decoding *decoding, const struct sp_field *field,
                         const struct sp_node *element)
{
    const char *wanted = field->type == SP_FIELD_STRINGS ? "a string" : "an object";

    return refuse(decoding, wanted, element);
}

struct sp_node *
sp_decode_copy(struct sp_arena *arena, const struct sp_node *node, const char *key)
{
    struct sp_node *copy = sp_arena_new(arena, struct sp_node);

    if (copy == NULL) {
        return NULL;
    }
    *copy = *node;
    copy->next = copy->first = NULL;
    copy->count = 0;
    if (key != NULL) {
        copy->key = sp_str_of(key);
    }
    return copy;
}

void
sp_decode_append(struct sp_node *parent, struct sp_node *last, struct sp_node *child)
{
    child->parent = parent;
    child->index = parent->count++;
    if (last == NULL) {
        parent->first = child;
    } else {
        last->next = child;
    }
}

/* ---- what is odd ----------------------------------------------------------------------- */

enum { ODD_TO_BOTH = SP_ODD_TO_GO | SP_ODD_TO_CRUN };

static unsigned
odd_object(enum sp_object object, const struct sp_node *node);

/* A null is read as if the key were not there, which is fine unless it must be. */
static unsigned
odd_value(const struct sp_field *field, const struct sp_node *value)
{
    unsigned odd = 0;
    uint64_t number = 0;

    if (value->kind == SP_NODE_NULL) {
        return sp_decode_requires(field) ? SP_ODD_TO_CRUN : 0;
    }
    if (!sp_decode_fits(field, value)) {
        return ODD_TO_BOTH;
    }
    if (field->type == SP_FIELD_U32 && sp_node_u64(value, &number) == SP_NUMBER_OK
        && number > UINT32_MAX) {
        return SP_ODD_TO_CRUN;
    }
    if (field->type == SP_FIELD_OBJECT) {
        return odd_object(field->holds, value);
    }
    if (field->type == SP_FIELD_STRINGS || field->type == SP_FIELD_OBJECTS) {
        for sp_node_each(element, value) {
            if (field->type == SP_FIELD_STRINGS) {
                odd |= element->kind == SP_NODE_STRING ? 0 : ODD_TO_BOTH;
            } else {
                odd |= element->kind == SP_NODE_OBJECT ? odd_object(field->holds, element)
                                                       : ODD_TO_BOTH;
            }
        }
    }
    return odd;
}

/* As deep as the table of fields, not as the document. */
static unsigned
odd_object(enum sp_object object, const struct sp_node *node)
{
    unsigned odd = 0;
    uint64_t seen = 0;

    for sp_node_each(member, node) {
        const struct sp_field *field = sp_field_find(object, member->key);
        if (field == NULL) {
            odd |= sp_field_find_folded(object, member->key) != NULL ? SP_ODD_TO_GO : 0;
            continue;
        }
        if (field->type == SP_FIELD_ANY) {
            continue;
        }
        uint64_t bit = UINT64_C(1) << (field - sp_fields);
        odd |= (seen & bit) != 0 ? ODD_TO_BOTH : 0;
        odd |= odd_value(field, member);
        seen |= bit;
    }
    for (size_t i = 0; i < sp_field_count; i++) {
        if (sp_fields[i].object == object && (seen >> i & 1) == 0
            && sp_decode_requires(&sp_fields[i])) {
            odd |= SP_ODD_TO_CRUN;
        }
    }
    return odd;
}

unsigned
sp_decode_odd(const struct sp_node *object)
{
    return object == NULL ? ODD_TO_BOTH : odd_object(SP_OBJECT_PROFILE, object);
}

/* ---- decoding -------------------------------------------------------------------------- */

/* What is decoded: also where nothing looked like a profile, for engines do not look first. */
static const struct sp_node *
object_of(const struct sp_profile *written)
{
    if (written->node != NULL || written->dialect == SP_DIALECT_CONFIG) {
        return written->node;
    }
    return written->doc->root;
}

/* It is plain to its own decoder, and not what the other one reads. */
static const struct sp_profile *
profile_of(struct sp_arena *arena, const struct sp_profile *written, unsigned odd,
           const struct sp_node *object)
{
    struct sp_profile *profile = sp_arena_new(arena, struct sp_profile);

    if (profile == NULL) {
        return NULL;
    }
    profile->doc = written->doc;
    profile->dialect = written->dialect;
    profile->odd = odd;
    profile->written = written;
    if (object != NULL) {
        sp_profile_read_object(arena, profile, object);
    }
    return profile;
}

static bool
is_nothing(enum sp_decoder decoder, const struct sp_node *object)
{
    return object == NULL || object->kind == SP_NODE_NULL
        || (decoder == SP_DECODER_CRUN && object->kind != SP_NODE_OBJECT);
}

bool
sp_decode(struct sp_arena *arena, const struct sp_profile *profile, enum sp_decoder decoder,
          const char *by, struct sp_decoded *ret_decoded)
{
    const struct sp_profile *written = profile->written == NULL ? profile : profile->written;
    unsigned own = decoder == SP_DECODER_CRUN ? SP_ODD_TO_CRUN : SP_ODD_TO_GO;
    struct sp_decoding decoding = { .arena = arena, .decoder = decoder, .by = by };
    const struct sp_node *object = object_of(written);
    struct sp_node *decoded = NULL;

    if ((profile->odd & own) == 0 || (written->odd & own) == 0) {
        *ret_decoded = (struct sp_decoded){
            .profile = (profile->odd & own) == 0 ? profile : written,
        };
        return true;
    }
    if (!is_nothing(decoder, object)) {
        if (object->kind != SP_NODE_OBJECT) {
            refuse(&decoding, "an object", object);
        } else {
            decoded = decoder == SP_DECODER_CRUN ? sp_decode_crun(&decoding, object)
                                                 : sp_decode_go(&decoding, object);
        }
    }
    *ret_decoded = (struct sp_decoded){ .why = decoding.why, .where = decoding.where };
    if (decoding.where == NULL && !arena->failed) {
        ret_decoded->profile = profile_of(arena, written, ODD_TO_BOTH & ~own, decoded);
    }
    return !arena->failed;
}
