/* `secprof lint`: findings in profiles. */
#include "input.h"
#include "out.h"
#include "say.h"
#include "term.h"
#include "verb.h"

#include <secprof.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct lint_arguments {
    const char *format;
    const char *output;
    struct cmd_list select;
    struct cmd_list ignore;
    struct cmd_list severity;
    const char *fail_on;
    struct cmd_list arch;
    const char *libseccomp;
    const char *color;
    bool list_rules;
    bool quiet;
    bool verbose;
};

enum { STDIN_BYTES = 64 << 20, NEVER = SECPROF_ERROR + 1 };

/* ---- options to settings ------------------------------------------------------------- */

/* Feeds every word of a list to a setter; `what` begins the message about a refused one. */
static int
apply(struct secprof_lint *lint, const struct cmd_list *list, const char *what,
      enum secprof_status (*set)(struct secprof_lint *, const char *))
{
    for (size_t i = 0; i < list->count; i++) {
        enum secprof_status status = set(lint, list->at[i]);
        if (status == SECPROF_NO_MEMORY) {
            return cmd_no_memory("lint");
        }
        if (status != SECPROF_OK) {
            return cmd_usage("lint", "%s '%s'", what, list->at[i]);
        }
    }
    return CMD_CLEAN;
}

static int
configure(struct secprof_lint *lint, const struct lint_arguments *arguments)
{
    struct cmd_list libseccomp = { .at = { arguments->libseccomp },
                                   .count = arguments->libseccomp != NULL };
    const struct {
        const struct cmd_list *list;
        const char *what;
        enum secprof_status (*set)(struct secprof_lint *, const char *);
    } settings[] = {
        { &arguments->select, "--select names no rule:", secprof_lint_select },
        { &arguments->ignore, "--ignore names no rule:", secprof_lint_ignore },
        { &arguments->severity, "--severity takes RULE=error, warning, info or style, not",
          secprof_lint_severity },
        { &arguments->arch, "--arch names no architecture:", secprof_lint_arch },
        { &libseccomp, "--libseccomp takes a version such as 2.5.4, not",
          secprof_lint_libseccomp },
    };

    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        int status = apply(lint, settings[i].list, settings[i].what, settings[i].set);
        if (status != CMD_CLEAN) {
            return status;
        }
    }
    return CMD_CLEAN;
}

/* The lowest severity that makes the exit status 1. */
static int
threshold(const char *word, int *ret_severity)
{
    static const struct {
        const char *word;
        int severity;
    } words[] = {
        { "error", SECPROF_ERROR }, { "warning", SECPROF_WARNING }, { "info", SECPROF_INFO },
        { "style", SECPROF_STYLE }, { "never", NEVER },
    };

    *ret_severity = SECPROF_WARNING;
    for (size_t i = 0; word != NULL && i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i].word, word) == 0) {
            *ret_severity = words[i].severity;
            return CMD_CLEAN;
        }
    }
    return word == NULL ? CMD_CLEAN
                        : cmd_usage("lint", "--fail-on takes error, warning, info, style or never, "
                                            "not '%s'", word);
}

/* ---- the run ------------------------------------------------------------------------- */

static int
lint_stdin(struct secprof_lint *lint)
{
    char *bytes = NULL;
    size_t size = 0;
    int status = cmd_input_read("lint", STDIN_BYTES, &bytes, &size);

    if (status != CMD_CLEAN) {
        return status;
    }
    if (secprof_lint_bytes(lint, "<stdin>", bytes, size) != SECPROF_OK) {
        status = cmd_no_memory("lint");
    }
    free(bytes);
    return status;
}

static int
lint_operand(struct secprof_lint *lint, const char *operand)
{
    if (strcmp(operand, "-") == 0) {
        return lint_stdin(lint);
    }
    switch (secprof_lint_path(lint, operand)) {
    case SECPROF_OK:
        return CMD_CLEAN;
    case SECPROF_UNREADABLE:
        return cmd_usage("lint", "cannot read %s: %s", operand, strerror(errno));
    case SECPROF_UNKNOWN:
        return cmd_usage("lint", "'%s' is neither a file nor a built-in profile (docker)", operand);
    case SECPROF_NO_MEMORY:
    case SECPROF_BAD_ARGUMENT:
    case SECPROF_REFUSED:
        break;
    }
    return cmd_no_memory("lint");
}

static int
flush(struct secprof_lint *lint, struct cmd_out *out)
{
    const char *text = NULL;
    size_t size = 0;

    if (secprof_lint_take(lint, &text, &size) != SECPROF_OK) {
        return cmd_no_memory("lint");
    }
    return cmd_out_write(out, "lint", text, size);
}

/* Lints and writes everything; unreadable operands do not keep the others from being read. */
static int
lint_operands(struct secprof_lint *lint, struct cmd_out *out, char *const *operands, size_t count)
{
    static char here[] = ".";
    static char *const current[] = { here };
    int worst = CMD_CLEAN;

    if (count == 0) {
        operands = current;
        count = 1;
    }
    for (size_t i = 0; i < count && worst != CMD_FAILURE; i++) {
        int status = lint_operand(lint, operands[i]);
        worst = status > worst ? status : worst;
        status = flush(lint, out);
        worst = status > worst ? status : worst;
    }
    /* Where nothing could be read there is nothing to sum up. */
    if (worst == CMD_FAILURE || (worst != CMD_CLEAN && secprof_lint_files(lint) == 0)) {
        return worst;
    }
    if (secprof_lint_end(lint) != SECPROF_OK) {
        return cmd_no_memory("lint");
    }
    int status = flush(lint, out);
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
lint_to(struct secprof_lint *lint, const struct lint_arguments *arguments, int fail_on,
        char *const *operands, size_t count)
{
    struct cmd_out out;
    int status = configure(lint, arguments);

    if (status == CMD_CLEAN) {
        status = cmd_out_open(&out, "lint", arguments->output);
    }
    if (status != CMD_CLEAN) {
        return status;
    }
    status = lint_operands(lint, &out, operands, count);
    bool keep = status == CMD_CLEAN || (status == CMD_USAGE && secprof_lint_files(lint) > 0);
    int closed = cmd_out_close(&out, "lint", keep);
    return exit_status(lint, closed > status ? closed : status, fail_on);
}

static int
list_rules(const char *format, const struct secprof_style *style, const char *output)
{
    char *text = NULL;
    enum secprof_status status = secprof_lint_rules(format, style, &text);

    if (status == SECPROF_BAD_ARGUMENT) {
        return cmd_usage("lint", "--list-rules has the formats text and json, not '%s'", format);
    }
    if (status != SECPROF_OK) {
        return cmd_no_memory("lint");
    }
    int result = cmd_out_text("lint", output, text);
    secprof_text_free(text);
    return result;
}

static int
run(const void *arguments, char *const *operands, size_t operand_count)
{
    const struct lint_arguments *args = arguments;
    const char *format = args->format == NULL ? "text" : args->format;
    struct secprof_style style;
    struct secprof *context = NULL;
    struct secprof_lint *lint = NULL;
    int fail_on;
    int status = threshold(args->fail_on, &fail_on);

    if (status == CMD_CLEAN) {
        status = cmd_term_style("lint", args->color, args->output != NULL, &style);
    }
    if (status != CMD_CLEAN) {
        return status;
    }
    style.quiet = args->quiet;
    style.verbose = args->verbose;
    if (args->list_rules) {
        return list_rules(format, &style, args->output);
    }

    if (secprof_new(&context) != SECPROF_OK) {
        return cmd_no_memory("lint");
    }
    switch (secprof_lint_new(context, format, &style, &lint)) {
    case SECPROF_OK:
        status = lint_to(lint, args, fail_on, operands, operand_count);
        break;
    case SECPROF_BAD_ARGUMENT:
        status = cmd_usage("lint", "there is no format '%s'; see `secprof lint --help`", format);
        break;
    case SECPROF_NO_MEMORY:
    case SECPROF_UNREADABLE:
    case SECPROF_UNKNOWN:
    case SECPROF_REFUSED:
        status = cmd_no_memory("lint");
        break;
    }
    secprof_lint_free(lint);
    secprof_unref(context);
    return status;
}

/* ---- the tables ---------------------------------------------------------------------- */

#define FIELD(name) offsetof(struct lint_arguments, name)

static const struct cmd_option options[] = {
    { .name = "format", .kind = CMD_TEXT, .value = "FORMAT", .choices = "text concise json",
      .help = "text (default), concise or json", .offset = FIELD(format) },
    { .name = "output", .letter = 'o', .kind = CMD_TEXT, .value = "FILE",
      .help = "write to FILE, whole or not at all", .offset = FIELD(output) },
    { .name = "select", .kind = CMD_LIST, .value = "RULES",
      .help = "only these: SP201, SP2, unknown-syscall, all", .offset = FIELD(select) },
    { .name = "ignore", .kind = CMD_LIST, .value = "RULES", .help = "all but these",
      .offset = FIELD(ignore) },
    { .name = "severity", .kind = CMD_LIST, .value = "RULE=LEVEL",
      .help = "another level for a rule", .offset = FIELD(severity) },
    { .name = "fail-on", .kind = CMD_TEXT, .value = "LEVEL",
      .choices = "error warning info style never",
      .help = "lowest level that exits with 1 (default warning)", .offset = FIELD(fail_on) },
    { .name = "arch", .kind = CMD_LIST, .value = "ARCH",
      .help = "an architecture to serve (default: those that the profile names)",
      .offset = FIELD(arch) },
    { .name = "libseccomp", .kind = CMD_TEXT, .value = "VERSION",
      .help = "the libseccomp that will build the filter", .offset = FIELD(libseccomp) },
    { .name = "list-rules", .kind = CMD_FLAG, .help = "list the rules and stop",
      .offset = FIELD(list_rules) },
    { .name = "color", .kind = CMD_TEXT, .value = "WHEN", .choices = "auto always never",
      .help = "colours: auto (default), always or never", .offset = FIELD(color) },
    { .name = "quiet", .letter = 'q', .kind = CMD_FLAG, .help = "findings only, no summary",
      .offset = FIELD(quiet) },
    { .name = "verbose", .letter = 'v', .kind = CMD_FLAG,
      .help = "say which files of a folder were passed over", .offset = FIELD(verbose) },
    CMD_END_OF_OPTIONS,
};

static const struct cmd_example examples[] = {
    { .command = "secprof lint web.json", .says = "findings, each with its line" },
    { .command = "secprof lint --fail-on error profiles/", .says = "every profile of a folder, in CI" },
    { .command = "secprof lint docker", .says = "Docker's default profile" },
    { .command = "secprof lint --format json - < web.json", .says = "standard input, for programs" },
    { .command = NULL },
};

const struct cmd_verb cmd_lint = {
    .name = "lint",
    .operands = "[PROFILE...]",
    .summary = "find what is wrong, dangerous or unportable in profiles",
    .about = "PROFILE is a file, a folder (its *.json, *.yaml, *.yml and *.policy files), `-` for\n"
             "standard input, or the name of a built-in profile (docker).  Without PROFILE the current\n"
             "folder is read.  `secprof explain SPnnn` says more about a finding.",
    .options = options,
    .examples = examples,
    .arguments_size = sizeof(struct lint_arguments),
    .run = run,
};
