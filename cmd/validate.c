/* `secprof validate`: would the engine take it, and does the filter mean what the rules say? */
#include "findings.h"
#include "verb.h"

#include <secprof.h>

struct validate_arguments {
    struct cmd_findings findings;
    bool strict;
};

static enum secprof_status
make(struct secprof *context, const char *format, const struct secprof_style *style,
     const void *user, struct secprof_lint **ret_lint)
{
    const struct validate_arguments *arguments = user;

    return secprof_validate_new(context, format, style, arguments->strict, ret_lint);
}

static int
run(const void *arguments_, char *const *operands, size_t operand_count)
{
    const struct validate_arguments *arguments = arguments_;
    const struct cmd_findings_run findings = {
        .verb = "validate", .arguments = &arguments->findings, .make = make, .user = arguments,
        .fail_on = SECPROF_ERROR,
    };

    return cmd_findings(&findings, operands, operand_count);
}

static const struct cmd_option options[] = {
    { .name = "strict", .kind = CMD_FLAG,
      .help = "names and keys that engines pass over are errors",
      .offset = offsetof(struct validate_arguments, strict) },
    CMD_FINDINGS_OPTIONS(struct validate_arguments, findings),
    CMD_END_OF_OPTIONS,
};

static const struct cmd_example examples[] = {
    { .command = "secprof validate web.json", .says = "would it start, and do what it says?" },
    { .command = "secprof validate --runtime crun docker", .says = "Docker's default under crun" },
    { .command = "secprof validate --strict profiles/", .says = "a repository of profiles, in CI" },
    { .command = NULL },
};

const struct cmd_verb cmd_validate = {
    .name = "validate",
    .operands = "[PROFILE...]",
    .summary = "check that engines take profiles and that their filters do what the rules say",
    .about = "PROFILE is a file, a folder, `-` or the name of a built-in profile; without PROFILE the\n"
             "current folder is read.  Only errors are shown: what engines or runtimes refuse, what\n"
             "they read otherwise than it is written, and calls to which the filter answers otherwise\n"
             "than the rules say.  Filters are built with libseccomp for every environment that\n"
             "makes a difference, and compared call by call.",
    .options = options,
    .examples = examples,
    .arguments_size = sizeof(struct validate_arguments),
    .takes_profiles = true,
    .run = run,
};
