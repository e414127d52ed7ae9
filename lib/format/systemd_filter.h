/* What the assignments of a unit add up to, as systemd keeps it: lib/format/systemd*.c
 * alone.
 *
 * The first assignment of SystemCallFilter= decides whether the list is of calls that are
 * allowed or, with ~, denied; those that follow put calls in or take them out.  A list of
 * allowed calls begins with @default.  An entry may have an errno of its own.  An empty
 * assignment forgets all.
 *
 * Source: systemd 252 and 255, src/core/load-fragment.c (config_parse_syscall_*) and
 * src/shared/seccomp-util.c (seccomp_parse_syscall_filter, parse_syscall_and_errno). */
#ifndef SP_FORMAT_SYSTEMD_FILTER_H
#define SP_FORMAT_SYSTEMD_FILTER_H

#include "format/systemd_lines.h"
#include "format/systemd_words.h"
#include "model/call.h"

/* Whether a call is in the list, and with what. */
struct sp_systemd_entry {
    bool is_in;
    int error;  /* an errno, SP_SYSTEMD_NO_ERROR or SP_SYSTEMD_KILL */
    struct sp_span span;
};

/* A word that systemd does not know and ignores. */
struct sp_systemd_ignored {
    struct sp_str text;
    struct sp_span span;
    bool inverted;  /* behind a ~ */
    int error;
};

/* SystemCallFilter= or SystemCallLog=. */
struct sp_systemd_list {
    bool exists;
    bool is_allow;  /* nothing but what is listed; else all but what is listed */
    struct sp_span span;                /* of what made it */
    struct sp_systemd_entry *entries;   /* by row of sp_kb_syscalls */
    SP_VEC(struct sp_systemd_ignored) ignored;
};

struct sp_systemd_arch {
    const struct sp_kb_arch *arch;  /* NULL: native */
    struct sp_span span;
};

struct sp_systemd_filter {
    struct sp_arena *arena;
    struct sp_systemd_list filter;
    struct sp_systemd_list log;
    int error;  /* SystemCallErrorNumber= */
    struct sp_span error_span;
    SP_VEC(struct sp_systemd_arch) arches;
    size_t assignments;
    size_t words;  /* met so far, for limits */
    bool failed;   /* no memory */
};

/* False without memory. */
bool
sp_systemd_filter_init(struct sp_systemd_filter *filter, struct sp_arena *arena);

/* Takes an assignment; those of other options are nothing to it.  Key and value are parts of
 * the line. */
void
sp_systemd_filter_assign(struct sp_systemd_filter *filter, const struct sp_systemd_line *line,
                         struct sp_str key, struct sp_str value);

#endif
