#include "findings.h"

#include "builtins.h"
#include "input.h"
#include "out.h"
#include "say.h"
#include "term.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { STDIN_BYTES = 64 << 20 };

static int
read_stdin(const char *verb, struct secprof_lint *lint)
{
    char *bytes = NULL;
    size_t size = 0;
    int status = cmd_input_read(verb, STDIN_BYTES, &bytes, &size);

    if (status != CMD_CLEAN) {
        return status;
    }
    if (secprof_lint_bytes(lint, "<stdin>", bytes, size) != SECPROF_OK) {
        status = cmd_no_memory(verb);
    }
    free(bytes);
    return status;
}

static int
read_operand(const char *verb, struct secprof_lint *lint, const char *operand)
{
    if (strcmp(operand, "-") == 0) {
        return read_stdin(verb, lint);
    }
    switch (secprof_lint_path(lint, operand)) {
    case SECPROF_OK:
        return CMD_CLEAN;
    case SECPROF_UNREADABLE:
        return cmd_usage(verb, "cannot read %s: %s", operand, strerror(errno));
    case SECPROF_UNKNOWN:
        return cmd_builtins_unknown(verb, operand);
    case SECPROF_NO_MEMORY:
    case SECPROF_BAD_ARGUMENT:
    case SECPROF_REFUSED:
    case SECPROF_FAULT:
        break;
    }
    return cmd_no_memory(verb);
}

static int
flush(const char *verb, struct secprof_lint *lint, struct cmd_out *out)
{
    const char *text = NULL;
    size_t size = 0;

    if (secprof_lint_take(lint, &text, &size) != SECPROF_OK) {
        return cmd_no_memory(verb);
    }
    return cmd_out_write(out, verb, text, size);
}

/* Lints and writes everything; unreadable operands do not keep the others from being read. */
static int
read_operands(const char *verb, struct secprof_lint *lint, struct cmd_out *out,
              char *const *operands, size_t count)
{
    static char here[] = ".";
    static char *const current[] = { here };
    int worst = CMD_CLEAN;

    if (count == 0) {
        operands = current;
        count = 1;
    }
    for (size_t i = 0; i < count && worst != CMD_FAILURE; i++) {
        int status = read_operand(verb, lint, operands[i]);
        worst = status > worst ? status : worst;
        status = flush(verb, lint, out);
        worst = status > worst ? status : worst;
    }
    /* Where nothing could be read there is nothing to sum up. */
    if (worst == CMD_FAILURE || (worst != CMD_CLEAN && secprof_lint_files(lint) == 0)) {
        return worst;
    }
    if (secprof_lint_end(lint) != SECPROF_OK) {
        return cmd_no_memory(verb);
    }
    int status = flush(verb, lint, out);
    return status > worst ? status : worst;
}

static bool
has_findings(const struct secprof_lint *lint, int threshold_severity)
{
    size_t count = 0;

    for (int severity = threshold_severity; severity <= SECPROF_ERROR; severity++) {
        count += secprof_lint_count(lint, (enum secprof_severity)severity);
    }
    return count > 0;
}

/* 2 only when nothing could be read: with findings at hand, they are what a CI job acts on. */
static int
exit_status(const struct secprof_lint *lint, int worst, int threshold_severity)
{
    if (worst == CMD_FAILURE) {
        return worst;
    }
    if (has_findings(lint, threshold_severity)) {
        return CMD_FINDINGS;
    }
    return worst;
}

static int
set_target(const struct cmd_findings_run *run, struct secprof_lint *lint)
{
    const struct secprof_target target = cmd_target_of(&run->arguments->target);
    char *why = NULL;
    enum secprof_status status = secprof_lint_target(lint, &target, &why);

    if (status == SECPROF_OK) {
        return CMD_CLEAN;
    }
    int result = status == SECPROF_BAD_ARGUMENT && why != NULL ? cmd_usage(run->verb, "%s", why)
                                                               : cmd_no_memory(run->verb);
    secprof_text_free(why);
    return result;
}

static int
read_to(const struct cmd_findings_run *run, struct secprof_lint *lint, char *const *operands,
        size_t count)
{
    struct cmd_out out;
    int status = set_target(run, lint);

    if (status == CMD_CLEAN && run->configure != NULL) {
        status = run->configure(lint, run->user);
    }
    if (status == CMD_CLEAN) {
        status = cmd_out_open(&out, run->verb, run->arguments->output);
    }
    if (status != CMD_CLEAN) {
        return status;
    }
    status = read_operands(run->verb, lint, &out, operands, count);
    bool keep = status == CMD_CLEAN || (status == CMD_USAGE && secprof_lint_files(lint) > 0);
    int closed = cmd_out_close(&out, run->verb, keep);
    return exit_status(lint, closed > status ? closed : status, run->fail_on);
}

int
cmd_findings_style(const char *verb, const struct cmd_findings *arguments,
                   struct secprof_style *ret_style)
{
    int status = cmd_term_style(verb, arguments->color, arguments->output != NULL, ret_style);

    if (status == CMD_CLEAN) {
        ret_style->quiet = arguments->quiet;
        ret_style->verbose = arguments->verbose;
    }
    return status;
}

int
cmd_findings(const struct cmd_findings_run *run, char *const *operands, size_t count)
{
    const char *format = run->arguments->format == NULL ? "text" : run->arguments->format;
    struct secprof_style style;
    struct secprof *context = NULL;
    struct secprof_lint *lint = NULL;
    int status = cmd_findings_style(run->verb, run->arguments, &style);

    status = status != CMD_CLEAN
        ? status : cmd_context_new(run->verb, run->arguments->from, &context);
    if (status != CMD_CLEAN) {
        return status;
    }
    enum secprof_status made = run->make(context, format, &style, run->user, &lint);
    if (made == SECPROF_OK) {
        status = read_to(run, lint, operands, count);
    } else if (made == SECPROF_BAD_ARGUMENT) {
        status = cmd_usage(run->verb, "there is no format '%s'; see `secprof %s --help`", format,
                           run->verb);
    } else {
        status = cmd_no_memory(run->verb);
    }
    secprof_lint_free(lint);
    secprof_unref(context);
    return status;
}
