/* Every default profile that was ever shipped, as facts: rules in the order in which their
 * project wrote them.  Made from data/defaults/ and data/series.yaml by kbgen, which puts the
 * changes from release to release together; everything is told in the words of those files. */
#ifndef SP_KB_DEFAULTS_H
#define SP_KB_DEFAULTS_H

#include "kb/kb.h"

#include <stdbool.h>
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
    bool null_args;                 /* the project wrote `"args": null` here, not `[]` */
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

/* How a project wrote the JSON text, by the release that began with it (format/defaults_style.c
 * has a table of members for each). */
enum sp_default_style {
    SP_DEFAULT_STYLE_MOBY_1_11,        /* `name`: each call is a rule of its own */
    SP_DEFAULT_STYLE_MOBY_1_13,        /* `names` and guards, empty ones written, too; also of
                                        * Podman and CRI-O up to containers-common 0.46 */
    SP_DEFAULT_STYLE_MOBY_20_10,       /* a `valueTwo` of 0 is left out */
    SP_DEFAULT_STYLE_MOBY_23_0,        /* whatever is empty is left out */
    SP_DEFAULT_STYLE_CONTAINERS_0_47,  /* as moby's of 1.13, with errnos by name, too */
};

/* One content: a profile that some releases shipped, each different text (or, of code, each
 * different meaning) once. */
struct sp_kb_default {
    sp_text line;                   /* whose history it is part of, a file of data/defaults:
                                     * "moby" */
    sp_text id;                     /* unique in the line: the first release that had it,
                                     * "29.4.3"; of another than the line's own product with its
                                     * name, "podman-0.11.1" */
    enum sp_default_style style;
    bool newline;                   /* the text ends in one */
    sp_text sha256;                 /* of the JSON text that was shipped; 0 = only code was, and
                                     * the text that is written here is ours */
    sp_text date;                   /* of that release: "2026-05-06" */
    sp_text action;                 /* default action: "ERRNO" */
    uint16_t error;                 /* default errno; 0 = not written */
    struct sp_kb_range maps;        /* of sp_kb_default_maps */
    struct sp_kb_range arches;      /* of sp_kb_indices: the older `architectures`; rows of
                                     * sp_kb_arches */
    struct sp_kb_range rules;       /* of sp_kb_default_rules */
};

/* Releases of one product, which people name: "docker@29.7.2". */
struct sp_kb_series {
    sp_text name;                   /* "docker" */
    sp_text about;                  /* "Docker Engine (moby)" */
    sp_text also;                   /* other names, separated by space: "moby"; 0 = none */
    sp_text next;                   /* a series whose releases this name serves, too: of podman,
                                     * "containers-common"; 0 = none */
    struct sp_kb_range releases;    /* of sp_kb_releases, lowest number first (1.9.0 before
                                     * 1.10.0), words last; at least one */
};

struct sp_kb_release {
    sp_text version;                /* "29.7.2", "head" */
    uint16_t content;               /* row of sp_kb_defaults */
};

SP_KB_TABLE(sp_kb_default, sp_kb_defaults);   /* line by line, each in the order of its dates */
SP_KB_TABLE(sp_kb_series, sp_kb_all_series);  /* sorted by name */
SP_KB_TABLE(sp_kb_release, sp_kb_releases);   /* series by series */
extern const struct sp_kb_default_rule sp_kb_default_rules[];
extern const struct sp_kb_default_arg sp_kb_default_args[];
extern const struct sp_kb_default_map sp_kb_default_maps[];

/* A built-in profile that someone named. */
struct sp_kb_builtin {
    const struct sp_kb_series *series;    /* where it was found (perhaps podman's next) */
    const struct sp_kb_release *release;
    const struct sp_kb_default *content;
};

/* "docker" (the newest release that is a number), "docker@24.0.9", "docker@v24.0.9",
 * "docker@24" and "docker@24.0" (the newest of that line), "docker@head" where it is known;
 * series by any of their names, letter case apart.  False when there is no such series or
 * release. */
bool
sp_kb_builtin_find(struct sp_str name, struct sp_kb_builtin *ret_builtin);

/* The content of a built-in profile by any of its names, or NULL. */
const struct sp_kb_default *
sp_kb_default_find(struct sp_str name);

/* The series of a word before its "@", or NULL: tells "no such release" from "no such name". */
const struct sp_kb_series *
sp_kb_series_find(struct sp_str name);

/* The release with exactly this version, or else the newest whose version is a number and
 * begins with these parts ("24" finds 24.0.9); NULL when there is none. Looks at this series
 * alone. */
const struct sp_kb_release *
sp_kb_release_find(const struct sp_kb_series *series, struct sp_str version);

/* The newest whose version is a number; of a series without any, its last. */
const struct sp_kb_release *
sp_kb_release_newest(const struct sp_kb_series *series);

#endif
