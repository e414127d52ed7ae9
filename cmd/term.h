/* What the terminal can show. */
#ifndef CMD_TERM_H
#define CMD_TERM_H

#include <secprof.h>

/* The style for output on standard output: colours when `color` is "always", or "auto" (or NULL)
 * and it is a terminal that shows them (NO_COLOR and CLICOLOR_FORCE are obeyed); the width of the
 * terminal, 0 when it is none or `to_file`.
 * CMD_CLEAN, or CMD_USAGE after a message about `color`. */
int
cmd_term_style(const char *verb, const char *color, int to_file,
               struct secprof_style *ret_style);

/* The same for standard error. */
int
cmd_term_style_of_errors(const char *verb, const char *color, struct secprof_style *ret_style);

#endif
