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
    char *text = NULL;
    enum secprof_status status = secprof_builtins(word, "text", &text);
    int result;

    if (status == SECPROF_UNKNOWN) {
        result = cmd_usage(verb, "no file and %s", text);
    } else if (status == SECPROF_REFUSED) {
        result = cmd_usage(verb, "%s", text);
    } else {
        result = cmd_no_memory(verb);
    }
    secprof_text_free(text);
    return result;
}
