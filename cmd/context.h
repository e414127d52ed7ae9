/* What profiles are read with: the context, and the option that says how they are written. */
#ifndef CMD_CONTEXT_H
#define CMD_CONTEXT_H

#include "verb.h"

#include <secprof.h>

/* A row of an option table: `type` is the struct of the verb's arguments, `field` its const
 * char *. */
#define CMD_FROM_OPTION(type, field) \
    { .name = "from", .kind = CMD_TEXT, .value = "DIALECT", \
      .choices = "docker oci config spo systemd minijail firejail kafel list bpf", \
      .help = "how profiles are written, where their names and texts do not tell", \
      .offset = offsetof(type, field) }

/* A context that reads every text as `from` (NULL: as it tells itself). CMD_CLEAN, or a
 * status after a message. */
int
cmd_context_new(const char *verb, const char *from, struct secprof **ret_context);

#endif
