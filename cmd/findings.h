/* What verbs that find things in profiles share: lint and validate. */
#ifndef CMD_FINDINGS_H
#define CMD_FINDINGS_H

#include "context.h"
#include "target.h"
#include "verb.h"

#include <secprof.h>

/* A field of a verb's arguments. */
struct cmd_findings {
    const char *format;
    const char *output;
    const char *color;
    bool quiet;
    bool verbose;
    const char *from;
    struct cmd_target target;
};

/* Rows of an option table: `type` is the struct of the verb's arguments, `field` its struct
 * cmd_findings. */
#define CMD_FINDINGS_OPTIONS(type, field) \
    { .name = "format", .kind = CMD_TEXT, .value = "FORMAT", .choices = "text concise json", \
      .help = "text (default), concise or json", .offset = offsetof(type, field.format) }, \
    { .name = "output", .letter = 'o', .kind = CMD_TEXT, .value = "FILE", \
      .help = "write to FILE, whole or not at all", .offset = offsetof(type, field.output) }, \
    { .name = "color", .kind = CMD_TEXT, .value = "WHEN", .choices = "auto always never", \
      .help = "colours: auto (default), always or never", .offset = offsetof(type, field.color) }, \
    { .name = "quiet", .letter = 'q', .kind = CMD_FLAG, .help = "findings only, no summary", \
      .offset = offsetof(type, field.quiet) }, \
    { .name = "verbose", .letter = 'v', .kind = CMD_FLAG, \
      .help = "say which files of a folder were passed over", \
      .offset = offsetof(type, field.verbose) }, \
    CMD_FROM_OPTION(type, field.from), \
    CMD_TARGET_OPTIONS(type, field.target)

/* How one verb goes about it. */
struct cmd_findings_run {
    const char *verb;
    const struct cmd_findings *arguments;
    enum secprof_status (*make)(struct secprof *context, const char *format,
                                const struct secprof_style *style, const void *user,
                                struct secprof_lint **ret_lint);
    int (*configure)(struct secprof_lint *lint, const void *user);  /* may be NULL */
    const void *user;
    int fail_on;  /* the lowest severity that makes the exit status 1 */
};

/* Reads every operand (the current folder where there is none), writes what was found, and answers the
 * exit status. */
int
cmd_findings(const struct cmd_findings_run *run, char *const *operands, size_t count);

/* The style that the options ask for. */
int
cmd_findings_style(const char *verb, const struct cmd_findings *arguments,
                   struct secprof_style *ret_style);

#endif
