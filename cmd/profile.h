/* The profile that an operand or an option names, read. */
#ifndef CMD_PROFILE_H
#define CMD_PROFILE_H

#include <secprof.h>

/* A file, a built-in name, or "-" for standard input. CMD_CLEAN, or a status after a message. */
int
cmd_profile_load(const char *verb, struct secprof *context, const char *word,
                 struct secprof_profile **ret_profile);

/* Says what became of reading `word`; takes `why`. CMD_CLEAN, or a status after a message. */
int
cmd_profile_say(const char *verb, enum secprof_status status, const char *word, char *why);

#endif
