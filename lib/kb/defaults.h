/* Default profiles as facts: rules in the order in which their project wrote them.
 * Made from data/defaults/ by kbgen; everything is told in the words of that file. */
#ifndef SP_KB_DEFAULTS_H
#define SP_KB_DEFAULTS_H

#include "kb/kb.h"

#include <stdint.h>

struct sp_kb_default_arg {
    uint8_t index;
    sp_text op;  /* "EQ" */
    uint64_t value;
    uint64_t value_two;
};

struct sp_kb_default_rule {
    struct sp_kb_range calls;       /* of sp_kb_indices */
    sp_text action;                 /* "ALLOW" */
    uint16_t error;                 /* 0 = not written */
    struct sp_kb_range args;        /* of sp_kb_default_args */
    sp_text comment;
    struct sp_kb_range caps;        /* of sp_kb_texts: includes */
    struct sp_kb_range arches;
    sp_text min_kernel;
    struct sp_kb_range not_caps;    /* excludes */
    struct sp_kb_range not_arches;
};

struct sp_kb_default_map {
    uint8_t arch;                   /* row of sp_kb_arches */
    struct sp_kb_range subs;        /* of sp_kb_indices: rows of sp_kb_arches */
};

/* How a project writes the JSON text (format/defaults_write.c). */
enum sp_default_style {
    SP_DEFAULT_STYLE_MOBY,
    SP_DEFAULT_STYLE_CONTAINERS,
};

struct sp_kb_default {
    sp_text family;                 /* "docker" */
    sp_text release;                /* newest that ships it */
    sp_text since;                  /* first that shipped it */
    enum sp_default_style style;
    sp_text sha256;                 /* of the JSON text */
    sp_text action;                 /* default action: "ERRNO" */
    uint16_t error;                 /* default errno; 0 = not written */
    struct sp_kb_range maps;        /* of sp_kb_default_maps */
    struct sp_kb_range rules;       /* of sp_kb_default_rules */
};

SP_KB_TABLE(sp_kb_default, sp_kb_defaults);
extern const struct sp_kb_default_rule sp_kb_default_rules[];
extern const struct sp_kb_default_arg sp_kb_default_args[];
extern const struct sp_kb_default_map sp_kb_default_maps[];

/* "docker": the newest of a family. NULL when there is none. */
const struct sp_kb_default *
sp_kb_default_find(struct sp_str name);

/* The n-th family, in the order of their names; NULL past the last. */
const char *
sp_kb_default_family(size_t n);

#endif
