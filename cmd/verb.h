/* A verb of the command: one const struct, from which come its parsing, `--help`, man page and
 * completion. */
#ifndef CMD_VERB_H
#define CMD_VERB_H

#include <stdbool.h>
#include <stddef.h>

/* Exit statuses, the same for every verb. */
enum {
    CMD_CLEAN = 0,     /* clean, equal, allowed, done */
    CMD_FINDINGS = 1,  /* findings at or above the threshold, differs, denied */
    CMD_USAGE = 2,     /* usage, or input that cannot be read */
    CMD_FAILURE = 3,   /* internal or system failure */
    CMD_SETUP = 125,           /* of a wrapper: nothing was run ... */
    CMD_CANNOT_EXECUTE = 126,  /* ... the command is there and cannot be executed ... */
    CMD_NOT_FOUND = 127,       /* ... or is not there */
};

/* Words of an option that may be given several times. */
struct cmd_list {
    const char *at[64];
    size_t count;
};

enum cmd_kind {
    CMD_FLAG,  /* bool */
    CMD_TEXT,  /* const char *: the last one given counts */
    CMD_LIST,  /* struct cmd_list: all count */
};

struct cmd_option {
    const char *name;     /* long name, without the dashes */
    char letter;          /* short form; 0 = none */
    enum cmd_kind kind;
    const char *value;    /* what stands for the value in the help: "FILE" */
    const char *choices;  /* values that completion offers, separated by space; may be NULL */
    const char *help;
    size_t offset;        /* of the field in the verb's arguments */
};

#define CMD_END_OF_OPTIONS { .name = NULL }

struct cmd_example {
    const char *command;
    const char *says;
};

struct cmd_verb {
    const char *name;
    const char *operands;  /* "[PROFILE...]" */
    const char *summary;
    const char *about;     /* a paragraph */
    const struct cmd_option *options;
    const struct cmd_example *examples;  /* ends with a row without command */
    size_t arguments_size;
    bool takes_profiles;  /* help lists the built-in ones */
    bool is_wrapper;  /* the operands are a command: options end at the first, and whatever keeps it
                       * from being run exits with CMD_SETUP, for 1 to 3 may be the command's own */

    /* `arguments` is the verb's struct, filled from the options; the operands follow.
     * Answers the exit status. */
    int (*run)(const void *arguments, char *const *operands, size_t operand_count);
};

extern const struct cmd_verb cmd_lint;
extern const struct cmd_verb cmd_validate;
extern const struct cmd_verb cmd_diff;
extern const struct cmd_verb cmd_explain;
extern const struct cmd_verb cmd_emit;
extern const struct cmd_verb cmd_apply;
extern const struct cmd_verb cmd_help;

/* Ends with NULL. */
extern const struct cmd_verb *const cmd_verbs[];

/* What an exit status says; a table ends with a row without value. */
struct cmd_status {
    const char *value;
    const char *says;
};

/* Those of a verb; of the command as a whole when it is NULL. */
const struct cmd_status *
cmd_statuses(const struct cmd_verb *verb);

/* NULL when there is no such verb. */
const struct cmd_verb *
cmd_verb_find(const char *name);

#endif
