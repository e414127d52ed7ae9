#include "format/fields.h"

enum {
    ALL = SP_READER_ALL,
    OCI = SP_READER_OCI,
    MANAGERS = SP_READER_DOCKER | SP_READER_CONTAINERS,
    DOCKER = SP_READER_DOCKER,
    CONTAINERS = SP_READER_CONTAINERS,
    OURS = SP_READER_SECPROF,
};

#define STRING(object_, key_, readers_) \
    { .object = object_, .key = key_, .type = SP_FIELD_STRING, .readers = readers_ }
#define STRINGS(object_, key_, readers_) \
    { .object = object_, .key = key_, .type = SP_FIELD_STRINGS, .readers = readers_ }
#define U32(object_, key_, readers_) \
    { .object = object_, .key = key_, .type = SP_FIELD_U32, .readers = readers_ }
#define U64(object_, key_, readers_) \
    { .object = object_, .key = key_, .type = SP_FIELD_U64, .readers = readers_ }
#define OBJECT(object_, key_, readers_, holds_) \
    { .object = object_, .key = key_, .type = SP_FIELD_OBJECT, .readers = readers_, \
      .holds = holds_ }
#define OBJECTS(object_, key_, readers_, holds_) \
    { .object = object_, .key = key_, .type = SP_FIELD_OBJECTS, .readers = readers_, \
      .holds = holds_ }
#define ANY(object_, key_, readers_) \
    { .object = object_, .key = key_, .type = SP_FIELD_ANY, .readers = readers_ }

const struct sp_field sp_fields[] = {
    OBJECTS(SP_OBJECT_PROFILE, "archMap", MANAGERS, SP_OBJECT_ARCH_MAP),
    STRINGS(SP_OBJECT_PROFILE, "architectures", ALL),
    STRING(SP_OBJECT_PROFILE, "defaultAction", ALL),
    STRING(SP_OBJECT_PROFILE, "defaultErrno", CONTAINERS),
    U32(SP_OBJECT_PROFILE, "defaultErrnoRet", ALL),
    STRINGS(SP_OBJECT_PROFILE, "flags", ALL),
    STRING(SP_OBJECT_PROFILE, "listenerMetadata", ALL),
    STRING(SP_OBJECT_PROFILE, "listenerPath", ALL),
    OBJECTS(SP_OBJECT_PROFILE, "syscalls", ALL, SP_OBJECT_RULE),
    ANY(SP_OBJECT_PROFILE, "x-secprof", OURS),

    STRING(SP_OBJECT_RULE, "action", ALL),
    OBJECTS(SP_OBJECT_RULE, "args", ALL, SP_OBJECT_ARG),
    STRING(SP_OBJECT_RULE, "comment", MANAGERS),
    STRING(SP_OBJECT_RULE, "errno", CONTAINERS),
    U32(SP_OBJECT_RULE, "errnoRet", ALL),
    OBJECT(SP_OBJECT_RULE, "excludes", MANAGERS, SP_OBJECT_FILTER),
    OBJECT(SP_OBJECT_RULE, "includes", MANAGERS, SP_OBJECT_FILTER),
    STRING(SP_OBJECT_RULE, "name", MANAGERS),
    STRINGS(SP_OBJECT_RULE, "names", ALL),
    ANY(SP_OBJECT_RULE, "x-secprof", OURS),

    U32(SP_OBJECT_ARG, "index", ALL),
    STRING(SP_OBJECT_ARG, "op", ALL),
    U64(SP_OBJECT_ARG, "value", ALL),
    U64(SP_OBJECT_ARG, "valueTwo", ALL),

    STRINGS(SP_OBJECT_FILTER, "arches", MANAGERS),
    STRINGS(SP_OBJECT_FILTER, "caps", MANAGERS),
    STRING(SP_OBJECT_FILTER, "minKernel", DOCKER),

    STRING(SP_OBJECT_ARCH_MAP, "architecture", MANAGERS),
    STRINGS(SP_OBJECT_ARCH_MAP, "subArchitectures", MANAGERS),
};

const size_t sp_field_count = sizeof sp_fields / sizeof *sp_fields;

const struct sp_field *
sp_field_find(enum sp_object object, struct sp_str key)
{
    for (size_t i = 0; i < sp_field_count; i++) {
        if (sp_fields[i].object == object && key.len > 0 && sp_fields[i].key[0] == key.ptr[0]
            && sp_str_is(key, sp_fields[i].key)) {
            return &sp_fields[i];
        }
    }
    return NULL;
}

/* Go folds letters as Unicode does: the long s and the sign for kelvin are letters, too. */
static char
next_folded(struct sp_str *rest)
{
    static const struct {
        const char *text;
        char letter;
    } others[] = { { "\u017f", 's' }, { "\u212a", 'k' } };
    char letter = rest->ptr[0];

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (sp_str_has_prefix(*rest, others[i].text)) {
            *rest = sp_str_slice(*rest, sp_str_of(others[i].text).len, rest->len);
            return others[i].letter;
        }
    }
    *rest = sp_str_slice(*rest, 1, rest->len);
    return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

static bool
is_folded(struct sp_str key, const char *name)
{
    struct sp_str wanted = sp_str_of(name);

    while (key.len > 0 && wanted.len > 0) {
        if (next_folded(&key) != next_folded(&wanted)) {
            return false;
        }
    }
    return key.len == 0 && wanted.len == 0;
}

const struct sp_field *
sp_field_find_folded(enum sp_object object, struct sp_str key)
{
    for (size_t i = 0; i < sp_field_count; i++) {
        if (sp_fields[i].object == object && is_folded(key, sp_fields[i].key)) {
            return &sp_fields[i];
        }
    }
    return NULL;
}

/* The depth of the recursion is that of the table, not of the document: three. */
static void
walk(enum sp_object object, const struct sp_node *node, sp_object_visit *visit, void *user)
{
    visit(user, object, node);
    for sp_node_each(member, node) {
        const struct sp_field *field = sp_field_find(object, member->key);
        if (field == NULL) {
            continue;
        }
        if (field->type == SP_FIELD_OBJECT && member->kind == SP_NODE_OBJECT) {
            walk(field->holds, member, visit, user);
        }
        if (field->type == SP_FIELD_OBJECTS && member->kind == SP_NODE_ARRAY) {
            for sp_node_each(element, member) {
                if (element->kind == SP_NODE_OBJECT) {
                    walk(field->holds, element, visit, user);
                }
            }
        }
    }
}

void
sp_fields_walk(const struct sp_node *profile, sp_object_visit *visit, void *user)
{
    if (profile != NULL && profile->kind == SP_NODE_OBJECT) {
        walk(SP_OBJECT_PROFILE, profile, visit, user);
    }
}

const char *
sp_fields_type_text(enum sp_field_type type)
{
    switch (type) {
    case SP_FIELD_STRING:
        return "a string";
    case SP_FIELD_U32:
    case SP_FIELD_U64:
        return "a whole number";
    case SP_FIELD_STRINGS:
        return "a list of strings";
    case SP_FIELD_OBJECT:
        return "an object";
    case SP_FIELD_OBJECTS:
        return "a list of objects";
    case SP_FIELD_ANY:
        return "a value";
    }
    return "a value";
}
