#include "verb.h"

#include <string.h>

const struct cmd_verb *const cmd_verbs[] = {
    &cmd_lint,
    &cmd_validate,
    &cmd_diff,
    &cmd_explain,
    &cmd_emit,
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

static const struct cmd_status statuses[] = {
    { "0", "clean, equal, allowed or done" },
    { "1", "findings, different or denied" },
    { "2", "usage, or input that cannot be read" },
    { "3", "internal or system failure" },
    { NULL, NULL },
};

static const struct cmd_status wrapper_statuses[] = {
    { "125", "nothing was run" },
    { "126", "the command cannot be executed" },
    { "127", "the command is not there" },
    { "128+N", "the command was killed by signal N" },
    { "else", "the command's own" },
    { NULL, NULL },
};

const struct cmd_status *
cmd_statuses(const struct cmd_verb *verb)
{
    return verb != NULL && verb->is_wrapper ? wrapper_statuses : statuses;
}
