#include "verb.h"

#include <string.h>

const struct cmd_verb *const cmd_verbs[] = {
    &cmd_lint,
    &cmd_explain,
    &cmd_apply,
    &cmd_help,
    NULL,
};

const struct cmd_verb *
cmd_verb_find(const char *name)
{
    for (size_t i = 0; cmd_verbs[i] != NULL; i++) {
        if (strcmp(cmd_verbs[i]->name, name) == 0) {
            return cmd_verbs[i];
        }
    }
    return NULL;
}
