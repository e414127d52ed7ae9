/* Texts about the command itself, all made from the tables of the verbs. */
#ifndef CMD_HELP_H
#define CMD_HELP_H

#include "verb.h"

#include <stdio.h>

/* Prints the help of a verb, or of the whole command when `verb` is NULL. Answers a status. */
int
cmd_help_print(const struct cmd_verb *verb);

/* Prints the completion for a shell. Answers a status. */
int
cmd_completion_print(const char *shell);

/* Writes the man page of a verb, or of the whole command when `verb` is NULL. */
void
cmd_man_write(FILE *out, const struct cmd_verb *verb);

/* The writer of a shell's completion; NULL for a shell that has none. Its second argument is not
 * used: all writers of help have one shape. */
void (*cmd_completion_writer(const char *shell))(FILE *out, const struct cmd_verb *verb);

#endif
