/* Options from rows: getopt_long fed by a verb's table. */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include "verb.h"

struct cmd_parsed {
    void *arguments;        /* the verb's struct; freed by the caller */
    char *const *operands;  /* into argv */
    size_t operand_count;
    bool help;              /* --help or -h: nothing else counts */
};

/* Parses `argv` (argv[0] is the verb). CMD_CLEAN, or a status after a message. */
int
cmd_options_parse(const struct cmd_verb *verb, int argc, char **argv,
                  struct cmd_parsed *ret_parsed);

#endif
