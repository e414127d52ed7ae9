#include "context.h"

#include "say.h"

#include <stdio.h>

static int
say_dialects(const char *verb, const char *from)
{
    char names[256] = "";
    size_t used = 0;
    const char *name;

    for (size_t i = 0; (name = secprof_dialect(i)) != NULL && used < sizeof names; i++) {
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i == 0 ? "" : ", ", name);
    }
    return cmd_usage(verb, "--from takes one of %s, not '%s'", names, from);
}

int
cmd_context_new(const char *verb, const char *from, struct secprof **ret_context)
{
    struct secprof *context = NULL;

    if (secprof_new(&context) != SECPROF_OK) {
        return cmd_no_memory(verb);
    }
    if (secprof_set_dialect(context, from) != SECPROF_OK) {
        secprof_unref(context);
        return say_dialects(verb, from);
    }
    *ret_context = context;
    return CMD_CLEAN;
}
