/* `secprof explain`: what a call, a capability, a rule, a group or an errno is, and what a profile says
 * of a call. */
#include "context.h"
#include "input.h"
#include "out.h"
#include "profile.h"
#include "say.h"
#include "target.h"
#include "term.h"
#include "verb.h"

#include <secprof.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct explain_arguments {
    const char *profile;
    const char *from;
    struct cmd_target target;
    const char *format;
    const char *color;
};

/* A run: the profile is read once. */
struct explain_run {
    const struct explain_arguments *arguments;
    struct secprof_explain *explain;
    struct secprof_style style;
};

enum { SUBJECTS_BYTES = 1 << 20 };

/* ---- the profile ------------------------------------------------------------------------- */

static int
choose_profile(struct secprof *context, struct secprof_explain *explain, const char *word)
{
    struct secprof_profile *profile = NULL;
    int status = word == NULL ? CMD_CLEAN : cmd_profile_load("explain", context, word, &profile);

    if (profile != NULL) {
        (void)secprof_explain_profile(explain, profile);
    }
    return status;
}

static int
choose_target(struct secprof_explain *explain, const struct cmd_target *words)
{
    struct secprof_target target = cmd_target_of(words);
    char *why = NULL;
    enum secprof_status status = secprof_explain_target(explain, &target, &why);

    return cmd_profile_say("explain", status, "", why);
}

static int
begin(struct explain_run *run)
{
    struct secprof *context = NULL;
    int status = cmd_term_style("explain", run->arguments->color, 0, &run->style);

    status = status != CMD_CLEAN
        ? status : cmd_context_new("explain", run->arguments->from, &context);
    if (status != CMD_CLEAN) {
        return status;
    }
    if (secprof_explain_new(context, &run->explain) != SECPROF_OK) {
        secprof_unref(context);
        return cmd_no_memory("explain");
    }
    status = choose_target(run->explain, &run->arguments->target);
    status = status != CMD_CLEAN
        ? status : choose_profile(context, run->explain, run->arguments->profile);
    secprof_unref(context);
    return status;
}

/* ---- subjects ---------------------------------------------------------------------------- */

static int
say_bad_format(const struct explain_run *run, const char *subject)
{
    const char *format = run->arguments->format;

    if (format != NULL && strcmp(format, "markdown") == 0) {
        return cmd_usage("explain", "--format markdown is for rules only; '%s' is none", subject);
    }
    return cmd_usage("explain", "--format takes text, json or markdown, not '%s'",
                     format == NULL ? "" : format);
}

static int
explain_one(const struct explain_run *run, const char *subject)
{
    const char *format = run->arguments->format;
    char *text = NULL;
    int denied = 0;
    int result = CMD_FAILURE;
    enum secprof_status status = secprof_explain_write(run->explain, subject,
                                                       format == NULL ? "text" : format,
                                                       &run->style, &denied, &text);

    switch (status) {
    case SECPROF_OK:
        result = cmd_out_text("explain", NULL, text);
        result = result == CMD_CLEAN && denied ? CMD_FINDINGS : result;
        break;
    case SECPROF_UNKNOWN:
        result = cmd_usage("explain", "%s", text);
        break;
    case SECPROF_BAD_ARGUMENT:
        result = say_bad_format(run, subject);
        break;
    case SECPROF_NO_MEMORY:
    case SECPROF_UNREADABLE:
    case SECPROF_REFUSED:
    case SECPROF_FAULT:
        result = cmd_no_memory("explain");
        break;
    }
    secprof_text_free(text);
    return result;
}

/* One more subject of a run, with an empty line before it; the worst status counts. */
static int
explain_next(const struct explain_run *run, size_t index, const char *subject, int worst)
{
    int status = index > 0 ? cmd_out_text("explain", NULL, "\n") : CMD_CLEAN;

    worst = status > worst ? status : worst;
    status = explain_one(run, subject);
    return status > worst ? status : worst;
}

static int
explain_all(const struct explain_run *run, char *const *subjects, size_t count)
{
    int worst = CMD_CLEAN;

    for (size_t i = 0; i < count && worst != CMD_FAILURE; i++) {
        worst = explain_next(run, i, subjects[i], worst);
    }
    return worst;
}

/* The lines of standard input as subjects: cuts `text` in place. */
static int
explain_lines(const struct explain_run *run, char *text)
{
    int worst = CMD_CLEAN;
    size_t count = 0;

    for (char *line = strtok(text, "\r\n"); line != NULL && worst != CMD_FAILURE;
         line = strtok(NULL, "\r\n")) {
        worst = explain_next(run, count++, line, worst);
    }
    return count > 0 ? worst : cmd_usage("explain", "standard input names no subject");
}

static int
explain_stdin(const struct explain_run *run)
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
    status = explain_lines(run, text);
    free(text);
    return status;
}

static int
check(const struct explain_arguments *arguments, char *const *operands, size_t operand_count)
{
    bool from_stdin = operand_count == 1 && strcmp(operands[0], "-") == 0;

    if (operand_count == 0) {
        return cmd_usage("explain", "what? Name a system call, capability, rule, group or errno");
    }
    if (operand_count > 1 && arguments->format != NULL
        && strcmp(arguments->format, "json") == 0) {
        return cmd_usage("explain", "--format json answers one subject at a time");
    }
    if (from_stdin && arguments->profile != NULL && strcmp(arguments->profile, "-") == 0) {
        return cmd_usage("explain", "standard input is either the profile or the subjects");
    }
    return CMD_CLEAN;
}

static int
run(const void *arguments, char *const *operands, size_t operand_count)
{
    struct explain_run run = { .arguments = arguments };
    int status = check(arguments, operands, operand_count);

    status = status != CMD_CLEAN ? status : begin(&run);
    if (status == CMD_CLEAN) {
        status = operand_count == 1 && strcmp(operands[0], "-") == 0
            ? explain_stdin(&run) : explain_all(&run, operands, operand_count);
    }
    secprof_explain_free(run.explain);
    return status;
}

/* ---- the tables -------------------------------------------------------------------------- */

static const struct cmd_option options[] = {
    {
        .name = "profile", .kind = CMD_TEXT, .value = "PROFILE",
        .help = "whose verdicts: a file, a built-in name (default docker), or - for standard input",
        .offset = offsetof(struct explain_arguments, profile),
    },
    CMD_FROM_OPTION(struct explain_arguments, from),
    CMD_TARGET_OPTIONS(struct explain_arguments, target),
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
    { .command = "secprof explain 'socket(AF_VSOCK, SOCK_STREAM, 0)'",
      .says = "is this call allowed, and why" },
    { .command = "secprof explain --profile web.json --arch aarch64 'clone3(_, _)'",
      .says = "the same under a profile, elsewhere" },
    { .command = "secprof explain 435", .says = "the calls that have this number" },
    { .command = "secprof explain CAP_SYS_ADMIN", .says = "a capability and the calls it opens" },
    { .command = "secprof explain SP107", .says = "a rule of the linter" },
    { .command = NULL },
};

const struct cmd_verb cmd_explain = {
    .name = "explain",
    .operands = "SUBJECT...",
    .summary = "say what a system call, capability, rule or errno is, and what a profile answers",
    .about = "The first line is the answer; the rest says why: the reason Docker documents and what the\n"
             "kernel does today, capabilities that gate the call, arguments, numbers, history, verdicts.\n"
             "SUBJECT is a call (bpf, 321, x32:0x40000000), a capability (CAP_BPF), a rule (SP107), a\n"
             "systemd group (@mount) or an errno (ENOSYS); `-` reads subjects from standard input.\n"
             "A call with arguments, 'socket(AF_VSOCK, SOCK_STREAM, 0)', asks the profile for its\n"
             "verdict: the status is 0 when it is allowed and 1 when it is not.  Arguments are numbers or\n"
             "constants joined by |, and _ stands for any value.",
    .options = options,
    .examples = examples,
    .arguments_size = sizeof(struct explain_arguments),
    .takes_profiles = true,
    .run = run,
};
