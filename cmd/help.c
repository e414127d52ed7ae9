/* `secprof help`, `secprof VERB --help`: from the tables of the verbs. */
#include "help.h"

#include "builtins.h"
#include "out.h"
#include "say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct help_arguments {
    const char *format;
};

enum { HELP_COLUMN = 26 };

static void
write_option(FILE *out, const struct cmd_option *row)
{
    char left[80];

    snprintf(left, sizeof left, "%c%c%s --%s%s%s", row->letter ? '-' : ' ',
             row->letter ? row->letter : ' ', row->letter ? "," : " ", row->name,
             row->value ? " " : "", row->value ? row->value : "");
    if (strlen(left) + 4 > HELP_COLUMN) {
        fprintf(out, "  %s\n%*s%s\n", left, HELP_COLUMN, "", row->help);
    } else {
        fprintf(out, "  %-*s%s\n", HELP_COLUMN - 2, left, row->help);
    }
}

static void
write_verb_text(FILE *out, const struct cmd_verb *verb)
{
    fprintf(out, "secprof %s: %s\n\nusage: secprof %s [OPTION...] %s\n\n%s\n", verb->name,
            verb->summary, verb->name, verb->operands, verb->about);
    if (verb->takes_profiles) {
        fprintf(out, "\nbuilt-in profiles: %s\n", cmd_builtins().text);
    }
    fputc('\n', out);
    for (const struct cmd_option *row = verb->options; row->name != NULL; row++) {
        write_option(out, row);
    }
    fprintf(out, "  -h, %-*s%s\n", HELP_COLUMN - 6, "--help", "show this");
    fputs("\nexamples:\n", out);
    for (const struct cmd_example *each = verb->examples; each->command != NULL; each++) {
        fprintf(out, "  %-44s  %s\n", each->command, each->says);
    }
    fputs("\nexit status:\n", out);
    for (const struct cmd_status *row = cmd_statuses(verb); row->value != NULL; row++) {
        fprintf(out, "  %-6s %s\n", row->value, row->says);
    }
}

static void
write_all_text(FILE *out)
{
    fputs("secprof: what a seccomp profile does, and what is wrong with it\n\n"
          "usage: secprof VERB [OPTION...] [OPERAND...]\n\n", out);
    for (size_t i = 0; cmd_verbs[i] != NULL; i++) {
        fprintf(out, "  %-10s%s\n", cmd_verbs[i]->name, cmd_verbs[i]->summary);
    }
    fputs("\n  --version           show the versions of secprof and its knowledge base\n"
          "  --completion SHELL  print the completion for bash, zsh or fish\n"
          "\n`secprof VERB --help` says more about one verb.\n", out);
}

/* The text that `write` makes of a verb, given to standard output in one piece. */
static int
print(void (*write)(FILE *out, const struct cmd_verb *verb), const struct cmd_verb *verb)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL) {
        return cmd_no_memory("help");
    }
    write(out, verb);
    if (fclose(out) != 0) {
        free(text);
        return cmd_no_memory("help");
    }
    int status = cmd_out_text("help", NULL, text);
    free(text);
    return status;
}

static void
write_text(FILE *out, const struct cmd_verb *verb)
{
    if (verb == NULL) {
        write_all_text(out);
    } else {
        write_verb_text(out, verb);
    }
}

int
cmd_help_print(const struct cmd_verb *verb)
{
    return print(write_text, verb);
}

int
cmd_completion_print(const char *shell)
{
    void (*write)(FILE *, const struct cmd_verb *) = cmd_completion_writer(shell);

    if (write == NULL) {
        return cmd_usage(NULL, "no completion for the shell '%s'; there is one for bash, zsh and fish",
                         shell);
    }
    return print(write, NULL);
}

static int
run(const void *arguments, char *const *operands, size_t operand_count)
{
    const struct help_arguments *help = arguments;
    const struct cmd_verb *verb = NULL;

    if (operand_count > 1) {
        return cmd_usage("help", "explains one verb at a time");
    }
    if (operand_count == 1) {
        verb = cmd_verb_find(operands[0]);
        if (verb == NULL) {
            return cmd_usage("help", "there is no verb '%s'; `secprof help` lists them",
                             operands[0]);
        }
    }
    if (help->format == NULL || strcmp(help->format, "text") == 0) {
        return print(write_text, verb);
    }
    if (strcmp(help->format, "man") == 0) {
        return print(cmd_man_write, verb);
    }
    return cmd_usage("help", "--format takes text or man, not '%s'", help->format);
}

static const struct cmd_option options[] = {
    {
        .name = "format", .kind = CMD_TEXT, .value = "FORMAT", .choices = "text man",
        .help = "text (default), or the man page as roff: man",
        .offset = offsetof(struct help_arguments, format),
    },
    CMD_END_OF_OPTIONS,
};

static const struct cmd_example examples[] = {
    { .command = "secprof help lint", .says = "options and examples of one verb" },
    { .command = "secprof help --format man | man -l -", .says = "the manual" },
    { .command = NULL },
};

const struct cmd_verb cmd_help = {
    .name = "help",
    .operands = "[VERB]",
    .summary = "list the verbs, or explain one",
    .about = "Help texts, man pages and completions come from the same tables as the options.",
    .options = options,
    .examples = examples,
    .arguments_size = sizeof(struct help_arguments),
    .run = run,
};
