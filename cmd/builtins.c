#include "builtins.h"

#include "say.h"

#include <secprof.h>

#include <stdio.h>

struct cmd_builtins
cmd_builtins(void)
{
    struct cmd_builtins list = { .text = "" };
    const char *name;
    size_t used = 0;

    for (size_t i = 0; (name = secprof_builtin(i)) != NULL && used < sizeof list.text; i++) {
        used += (size_t)snprintf(list.text + used, sizeof list.text - used, "%s%s",
                                 i == 0 ? "" : ", ", name);
    }
    return list;
}

int
cmd_builtins_unknown(const char *verb, const char *word)
{
    return cmd_usage(verb, "'%s' is neither a file nor a built-in profile (%s)", word,
                     cmd_builtins().text);
}
