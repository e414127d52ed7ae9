/* secprof: finds the verb and hands over. */
#include "help.h"
#include "options.h"
#include "out.h"
#include "say.h"
#include "verb.h"

#include <secprof.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
print_version(void)
{
    char text[128];

    snprintf(text, sizeof text, "secprof %s (knowledge base of %s)\n", secprof_version(),
             secprof_kb_date());
    return cmd_out_text(NULL, NULL, text);
}

static int
run_verb(const struct cmd_verb *verb, int argc, char **argv)
{
    struct cmd_parsed parsed = { .arguments = NULL };
    int status = cmd_options_parse(verb, argc, argv, &parsed);

    if (status != CMD_CLEAN) {
        return status;
    }
    status = parsed.help ? cmd_help_print(verb)
                         : verb->run(parsed.arguments, parsed.operands, parsed.operand_count);
    free(parsed.arguments);
    return status;
}

static bool
is_any(const char *word, const char *one, const char *other)
{
    return strcmp(word, one) == 0 || strcmp(word, other) == 0;
}

int
main(int argc, char **argv)
{
    if (argc < 2) {
        return cmd_usage(NULL, "a verb is missing; `secprof help` lists them");
    }
    if (is_any(argv[1], "--help", "-h")) {
        return cmd_help_print(NULL);
    }
    if (is_any(argv[1], "--version", "-V")) {
        return print_version();
    }
    if (strcmp(argv[1], "--completion") == 0) {
        return argc == 3 ? cmd_completion_print(argv[2])
                         : cmd_usage(NULL, "--completion needs a shell: bash, zsh or fish");
    }

    const struct cmd_verb *verb = cmd_verb_find(argv[1]);
    if (verb == NULL) {
        return cmd_usage(NULL, "there is no verb '%s'; `secprof help` lists them", argv[1]);
    }
    /* Whoever closes the pipe has seen enough: write() says so, the process ends in order.  A
     * command that a wrapper becomes must find the signal as it was. */
    if (!verb->is_wrapper) {
        signal(SIGPIPE, SIG_IGN);
    }
    return run_verb(verb, argc - 1, argv + 1);
}
