/* `secprof lint`: findings in profiles. */
#include "findings.h"
#include "out.h"
#include "say.h"
#include "verb.h"

#include <secprof.h>

#include <string.h>

struct lint_arguments {
    struct cmd_findings findings;
    struct cmd_list select;
    struct cmd_list ignore;
    struct cmd_list severity;
    const char *fail_on;
    bool list_rules;
};

enum { NEVER = SECPROF_ERROR + 1 };

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
configure(struct secprof_lint *lint, const void *arguments_)
{
    const struct lint_arguments *arguments = arguments_;
    const struct {
        const struct cmd_list *list;
        const char *what;
        enum secprof_status (*set)(struct secprof_lint *, const char *);
    } settings[] = {
        { &arguments->select, "--select names no rule:", secprof_lint_select },
        { &arguments->ignore, "--ignore names no rule:", secprof_lint_ignore },
        { &arguments->severity, "--severity takes RULE=error, warning, info or style, not",
          secprof_lint_severity },
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

static int
list_rules(const struct cmd_findings *arguments)
{
    const char *format = arguments->format == NULL ? "text" : arguments->format;
    struct secprof_style style;
    char *text = NULL;
    int result = cmd_findings_style("lint", arguments, &style);

    if (result != CMD_CLEAN) {
        return result;
    }
    enum secprof_status status = secprof_lint_rules(format, &style, &text);
    if (status == SECPROF_BAD_ARGUMENT) {
        return cmd_usage("lint", "--list-rules has the formats text and json, not '%s'", format);
    }
    if (status != SECPROF_OK) {
        return cmd_no_memory("lint");
    }
    result = cmd_out_text("lint", arguments->output, text);
    secprof_text_free(text);
    return result;
}

/* ---- the verb ------------------------------------------------------------------------ */

static enum secprof_status
make(struct secprof *context, const char *format, const struct secprof_style *style,
     const void *user, struct secprof_lint **ret_lint)
{
    (void)user;
    return secprof_lint_new(context, format, style, ret_lint);
}

static int
run(const void *arguments, char *const *operands, size_t operand_count)
{
    const struct lint_arguments *args = arguments;
    struct cmd_findings_run findings = {
        .verb = "lint", .arguments = &args->findings, .make = make, .configure = configure,
        .user = args,
    };
    int status = threshold(args->fail_on, &findings.fail_on);

    if (status != CMD_CLEAN) {
        return status;
    }
    return args->list_rules ? list_rules(&args->findings)
                            : cmd_findings(&findings, operands, operand_count);
}

/* ---- the tables ---------------------------------------------------------------------- */

#define FIELD(name) offsetof(struct lint_arguments, name)

static const struct cmd_option options[] = {
    { .name = "select", .kind = CMD_LIST, .value = "RULES",
      .help = "only these: SP201, SP2, unknown-syscall, all", .offset = FIELD(select) },
    { .name = "ignore", .kind = CMD_LIST, .value = "RULES", .help = "all but these",
      .offset = FIELD(ignore) },
    { .name = "severity", .kind = CMD_LIST, .value = "RULE=LEVEL",
      .help = "another level for a rule", .offset = FIELD(severity) },
    { .name = "fail-on", .kind = CMD_TEXT, .value = "LEVEL",
      .choices = "error warning info style never",
      .help = "lowest level that exits with 1 (default warning)", .offset = FIELD(fail_on) },
    { .name = "list-rules", .kind = CMD_FLAG, .help = "list the rules and stop",
      .offset = FIELD(list_rules) },
    CMD_FINDINGS_OPTIONS(struct lint_arguments, findings),
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
             "standard input, or the name of a built-in profile.  Without PROFILE the current folder is\n"
             "read.  A file is JSON as engines read it, YAML of the Security Profiles Operator, a unit of\n"
             "systemd, a policy of minijail or Kafel, a profile of firejail, a list of calls or a BPF\n"
             "program; --from says which, where its name and text do not.  `secprof explain SPnnn` says\n"
             "more about a finding.",
    .options = options,
    .examples = examples,
    .arguments_size = sizeof(struct lint_arguments),
    .takes_profiles = true,
    .run = run,
};
