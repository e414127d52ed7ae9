/* The parts of a default profile as its project writes it, for defaults_*.c alone.
 *
 * Projects write their defaults with Go's JSON encoder: the fields of a struct in their order,
 * an empty one left out where the struct says `omitempty`.  Their structs differ in just that,
 * from project to project and from time to time, so a style is the list of members of each
 * object. */
#ifndef SP_FORMAT_DEFAULTS_WRITE_WORK_H
#define SP_FORMAT_DEFAULTS_WRITE_WORK_H

#include "kb/defaults.h"
#include "text/json_layout.h"

#include <stdbool.h>

/* ---- styles ---------------------------------------------------------------------------- */

/* Lists hold members of one object, and end with SP_DEFAULT_END. */
enum {
    SP_DEFAULT_END = 0,
    SP_DEFAULT_KEPT = 0x80,  /* a member that is written even where there is nothing to tell:
                              * "", {}, [], 0, null */
};

enum { SP_DEFAULT_MAP_ARCH = 1, SP_DEFAULT_MAP_SUBS };

enum {
    SP_DEFAULT_ARG_INDEX = 1,
    SP_DEFAULT_ARG_VALUE,
    SP_DEFAULT_ARG_VALUE_TWO,
    SP_DEFAULT_ARG_OP,
};

enum {
    SP_DEFAULT_RULE_NAME = 1,
    SP_DEFAULT_RULE_NAMES,
    SP_DEFAULT_RULE_ACTION,
    SP_DEFAULT_RULE_ERROR,
    SP_DEFAULT_RULE_ERROR_NAME,
    SP_DEFAULT_RULE_ARGS,
    SP_DEFAULT_RULE_COMMENT,
    SP_DEFAULT_RULE_INCLUDES,
    SP_DEFAULT_RULE_EXCLUDES,
};

enum {
    SP_DEFAULT_PROFILE_ACTION = 1,
    SP_DEFAULT_PROFILE_ERROR,
    SP_DEFAULT_PROFILE_ERROR_NAME,
    SP_DEFAULT_PROFILE_MAPS,
    SP_DEFAULT_PROFILE_ARCHES,
    SP_DEFAULT_PROFILE_RULES,
};

struct sp_default_form {
    const uint8_t *profile;
    const uint8_t *map;
    const uint8_t *rule;
    const uint8_t *arg;
    bool splits;  /* each call of a rule is a rule of its own */
};

extern const struct sp_default_form sp_default_forms[];  /* by enum sp_default_style */

/* ---- writing --------------------------------------------------------------------------- */

/* What is being written: the innermost row of each kind. */
struct sp_default_writer {
    struct sp_layout layout;
    const struct sp_default_form *style;
    const struct sp_kb_default *profile;
    const struct sp_kb_default_map *map;
    const struct sp_kb_default_rule *rule;
    const struct sp_kb_default_arg *arg;
    uint16_t call;     /* of a rule that is written once for each of its calls */
    const bool *wanted;  /* by row of sp_kb_syscalls; NULL = all calls */
};

struct sp_default_member {
    const char *key;
    bool keeps_empty;  /* as its list says */
    void (*write)(struct sp_default_writer *writer, const struct sp_default_member *member);
};

/* An object with the members of the list, which `members` tells how to write. */
void
sp_default_write_object(struct sp_default_writer *writer,
                        const struct sp_default_member *members, const uint8_t *list);

/* "SCMP_ACT_" and a word. */
void
sp_default_write_prefixed(struct sp_default_writer *writer, const char *key, const char *prefix,
                          sp_text word);

/* Nothing where it is 0. */
void
sp_default_write_error(struct sp_default_writer *writer, const char *key, uint16_t error);

void
sp_default_write_error_name(struct sp_default_writer *writer, const char *key, uint16_t error);

/* Nothing where there are none. */
void
sp_default_write_texts(struct sp_default_writer *writer, const char *key,
                       struct sp_kb_range texts);

/* [] where there are none. */
void
sp_default_write_arches(struct sp_default_writer *writer, const char *key,
                        struct sp_kb_range arches);

/* ---- the rule of the writer ------------------------------------------------------------ */

bool
sp_default_is_rule_wanted(const struct sp_default_writer *writer);

/* One object, or one for each call. */
void
sp_default_write_rule(struct sp_default_writer *writer);

#endif
