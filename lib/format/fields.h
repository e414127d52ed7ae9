/* The keys that a profile's objects may have: one table for the reader, for the form rules and
 * for the schema.  Source: runtime-spec config-linux.md; moby/profiles seccomp/seccomp.go;
 * container-libs common/pkg/seccomp/types.go. */
#ifndef SP_FORMAT_FIELDS_H
#define SP_FORMAT_FIELDS_H

#include "base/str.h"
#include "text/doc.h"

#include <stdbool.h>
#include <stddef.h>

/* The kinds of objects. */
enum sp_object {
    SP_OBJECT_PROFILE,
    SP_OBJECT_RULE,
    SP_OBJECT_ARG,
    SP_OBJECT_FILTER,  /* includes, excludes */
    SP_OBJECT_ARCH_MAP,
};

/* Who reads a key. */
enum {
    SP_READER_OCI = 1,
    SP_READER_DOCKER = 2,
    SP_READER_CONTAINERS = 4,
    SP_READER_ALL = 7,
    SP_READER_SECPROF = 8,  /* ours: "x-secprof" */
};

enum sp_field_type {
    SP_FIELD_STRING,
    SP_FIELD_U32,
    SP_FIELD_U64,
    SP_FIELD_STRINGS,  /* array of strings */
    SP_FIELD_OBJECT,   /* one object of kind `holds` */
    SP_FIELD_OBJECTS,  /* array of objects of kind `holds` */
    SP_FIELD_ANY,
};

struct sp_field {
    enum sp_object object;
    const char *key;
    enum sp_field_type type;
    unsigned readers;
    enum sp_object holds;
};

extern const struct sp_field sp_fields[];  /* sorted by object, then key */
extern const size_t sp_field_count;

/* NULL when objects of this kind have no such key. */
const struct sp_field *
sp_field_find(enum sp_object object, struct sp_str key);

/* The same in any letter case, as Go finds a field. */
const struct sp_field *
sp_field_find_folded(enum sp_object object, struct sp_str key);

/* Visits every object of a profile that stands where the table expects one, parents first. */
typedef void
sp_object_visit(void *user, enum sp_object object, const struct sp_node *node);

void
sp_fields_walk(const struct sp_node *profile, sp_object_visit *visit, void *user);

/* "a string", "a list of strings": what belongs there, for messages. */
const char *
sp_fields_type_text(enum sp_field_type type);

#endif
