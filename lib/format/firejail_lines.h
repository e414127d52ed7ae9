/* The lines of a firejail profile that are about system calls: lib/format/firejail_*.c
 * alone. */
#ifndef SP_FORMAT_FIREJAIL_LINES_H
#define SP_FORMAT_FIREJAIL_LINES_H

#include "model/call.h"
#include "text/doc.h"
#include "text/report.h"

struct sp_firejail_lines {
    const struct sp_source *source;
    struct sp_report *report;
    bool any;               /* some line is about seccomp */
    bool enabled;           /* `seccomp` */
    bool allows_debuggers;
    bool blocks_secondary;
    struct sp_span seccomp; /* the line that enables it; empty = none */
    struct sp_span list;    /* of `seccomp LIST`, and so on; empty = none */
    struct sp_span drop;
    struct sp_span keep;
    struct sp_span secondary;
    sp_verdict action;
};

/* A line without its comment and the white space around it. */
struct sp_firejail_line {
    struct sp_span whole;
    struct sp_span command;  /* the first word */
    struct sp_span rest;     /* behind it; may be empty */
};

/* ---- firejail_commands.c ------------------------------------------------------------- */

/* A command about system calls. */
struct sp_firejail_command {
    const char *name;
    bool (*handle)(struct sp_firejail_lines *lines, const struct sp_firejail_line *line);
    bool is_quiet;  /* says nothing of seccomp by itself */
};

/* NULL when it is about something else. */
const struct sp_firejail_command *
sp_firejail_command_find(struct sp_str name);

/* An error that names the command that is nearest. Always false. */
bool
sp_firejail_command_fail(const struct sp_firejail_lines *lines, struct sp_span span);

/* ---- firejail_lines.c ---------------------------------------------------------------- */

/* False after an error. */
bool
sp_firejail_lines_read(struct sp_firejail_lines *lines);

#endif
