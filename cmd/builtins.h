/* The built-in profiles, by name. */
#ifndef CMD_BUILTINS_H
#define CMD_BUILTINS_H

struct cmd_builtins {
    char text[256];
};

/* "docker, podman" */
struct cmd_builtins
cmd_builtins(void);

/* Says that `word` is no profile, and which built-in one may have been meant. Answers CMD_USAGE. */
int
cmd_builtins_unknown(const char *verb, const char *word);

#endif
