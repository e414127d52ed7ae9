/* `secprof explain`: what a call, a capability, a rule, a group or an errno is. */
#include "input.h"
#include "out.h"
#include "say.h"
#include "term.h"
#include "verb.h"

#include <secprof.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct explain_arguments {
    const char *format;
    const char *color;
};

enum { SUBJECTS_BYTES = 1 << 20 };

static int
explain_one(struct secprof *context, const struct explain_arguments *arguments,
            const struct secprof_style *style, const char *subject)
{
    char *text = NULL;
    enum secprof_status status = secprof_explain(context, subject,
                                                 arguments->format ? arguments->format : "text",
                                                 style, &text);
    int result = CMD_FAILURE;

    switch (status) {
    case SECPROF_OK:
        result = cmd_out_text("explain", NULL, text);
        break;
    case SECPROF_UNKNOWN:
        result = cmd_usage("explain", "%s", text);
        break;
    case SECPROF_BAD_ARGUMENT:
        result = arguments->format != NULL && strcmp(arguments->format, "markdown") == 0
            ? cmd_usage("explain", "--format markdown is for rules only; '%s' is none", subject)
            : cmd_usage("explain", "--format takes text, json or markdown, not '%s'",
                        arguments->format == NULL ? "" : arguments->format);
        break;
    case SECPROF_NO_MEMORY:
    case SECPROF_UNREADABLE:
    case SECPROF_REFUSED:
        result = cmd_no_memory("explain");
        break;
    }
    secprof_text_free(text);
    return result;
}

/* All subjects, with an empty line between two answers; the worst status counts. */
static int
explain_all(const struct explain_arguments *arguments, char *const *subjects, size_t count)
{
    struct secprof *context = NULL;
    struct secprof_style style;
    int worst = cmd_term_style("explain", arguments->color, 0, &style);

    if (worst != CMD_CLEAN) {
        return worst;
    }
    if (secprof_new(&context) != SECPROF_OK) {
        return cmd_no_memory("explain");
    }
    for (size_t i = 0; i < count && worst != CMD_FAILURE; i++) {
        if (i > 0) {
            worst = cmd_out_text("explain", NULL, "\n") > worst ? CMD_FAILURE : worst;
        }
        int status = explain_one(context, arguments, &style, subjects[i]);
        worst = status > worst ? status : worst;
    }
    secprof_unref(context);
    return worst;
}

/* The lines of standard input as subjects: cuts `text` in place. */
static int
explain_lines(const struct explain_arguments *arguments, char *text)
{
    int worst = CMD_CLEAN;
    size_t count = 0;

    for (char *line = strtok(text, "\r\n"); line != NULL; line = strtok(NULL, "\r\n")) {
        if (count++ > 0) {
            cmd_out_text("explain", NULL, "\n");
        }
        int status = explain_all(arguments, &line, 1);
        worst = status > worst ? status : worst;
    }
    return count > 0 ? worst : cmd_usage("explain", "standard input names no subject");
}

static int
explain_stdin(const struct explain_arguments *arguments)
{
    char *bytes = NULL;
    size_t size = 0;
    int status = cmd_input_read("explain", SUBJECTS_BYTES, &bytes, &size);

    if (status != CMD_CLEAN) {
        return status;
    }
    if (size > SUBJECTS_BYTES) {
        free(bytes);
        return cmd_usage("explain", "standard input is longer than 1 MiB");
    }

    char *text = strndup(bytes == NULL ? "" : bytes, size);
    free(bytes);
    if (text == NULL) {
        return cmd_no_memory("explain");
    }
    status = explain_lines(arguments, text);
    free(text);
    return status;
}

static int
run(const void *arguments, char *const *operands, size_t operand_count)
{
    const struct explain_arguments *explain = arguments;

    if (operand_count == 0) {
        return cmd_usage("explain", "what? Name a system call, capability, rule, group or errno");
    }
    if (operand_count == 1 && strcmp(operands[0], "-") == 0) {
        return explain_stdin(explain);
    }
    if (operand_count > 1 && explain->format != NULL && strcmp(explain->format, "json") == 0) {
        return cmd_usage("explain", "--format json answers one subject at a time");
    }
    return explain_all(explain, operands, operand_count);
}

static const struct cmd_option options[] = {
    {
        .name = "format", .kind = CMD_TEXT, .value = "FORMAT", .choices = "text json markdown",
        .help = "text (default), json, or markdown (rules only)",
        .offset = offsetof(struct explain_arguments, format),
    },
    {
        .name = "color", .kind = CMD_TEXT, .value = "WHEN", .choices = "auto always never",
        .help = "colours: auto (default), always or never",
        .offset = offsetof(struct explain_arguments, color),
    },
    CMD_END_OF_OPTIONS,
};

static const struct cmd_example examples[] = {
    { .command = "secprof explain clone", .says = "a system call: why it matters, who gates it" },
    { .command = "secprof explain 435", .says = "the calls that have this number" },
    { .command = "secprof explain CAP_SYS_ADMIN", .says = "a capability and the calls it opens" },
    { .command = "secprof explain SP107", .says = "a rule of the linter" },
    { .command = NULL },
};

const struct cmd_verb cmd_explain = {
    .name = "explain",
    .operands = "SUBJECT...",
    .summary = "say what a system call, capability, rule or errno is",
    .about = "The first line is the answer; the rest says why: the reason Docker documents and what the\n"
             "kernel does today, capabilities that gate the call, arguments, numbers, history.\n"
             "SUBJECT is a call (bpf, 321, x32:0x40000000), a capability (CAP_BPF), a rule (SP107), a\n"
             "systemd group (@mount) or an errno (ENOSYS); `-` reads subjects from standard input.",
    .options = options,
    .examples = examples,
    .arguments_size = sizeof(struct explain_arguments),
    .run = run,
};
