/* `secprof diff`: what a container can do under one profile that it cannot under another. */
#include "context.h"
#include "out.h"
#include "profile.h"
#include "say.h"
#include "target.h"
#include "term.h"
#include "verb.h"

#include <secprof.h>

#include <string.h>

struct diff_arguments {
    const char *format;
    const char *fail_on;
    const char *output;
    const char *from;
    const char *color;
    struct cmd_target target;
    bool summary;
};

/* ---- options --------------------------------------------------------------------------------- */

/* What does not pass.  What could not be found out might be anything. */
static const struct {
    const char *word;
    unsigned answers;
} thresholds[] = {
    { "any", ~0u },
    { "looser", SECPROF_DIFF_LOOSER | SECPROF_DIFF_UNDECIDED },
    { "never", 0 },
    { "tighter", SECPROF_DIFF_TIGHTER | SECPROF_DIFF_UNDECIDED },
};

static int
read_threshold(const char *word, unsigned *ret_answers)
{
    if (word == NULL) {
        word = "any";
    }
    for (size_t i = 0; i < sizeof thresholds / sizeof *thresholds; i++) {
        if (strcmp(thresholds[i].word, word) == 0) {
            *ret_answers = thresholds[i].answers;
            return CMD_CLEAN;
        }
    }
    return cmd_usage("diff", "--fail-on takes one of any, looser, never, tighter, not '%s'", word);
}

static const char *
format_of(const struct diff_arguments *arguments)
{
    return arguments->format == NULL ? "text" : arguments->format;
}

static int
check(const struct diff_arguments *arguments, char *const *operands, size_t operand_count)
{
    static const char *const formats[] = { "text", "json", "markdown" };

    if (operand_count != 2) {
        return cmd_usage("diff", "two profiles are compared: the earlier one and the later one");
    }
    if (strcmp(operands[0], "-") == 0 && strcmp(operands[1], "-") == 0) {
        return cmd_usage("diff", "standard input is one profile, not both");
    }
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (strcmp(formats[i], format_of(arguments)) == 0) {
            return CMD_CLEAN;
        }
    }
    return cmd_usage("diff", "--format takes text, json or markdown, not '%s'", arguments->format);
}

/* ---- comparing ------------------------------------------------------------------------------- */

static int
write_diff(const struct diff_arguments *arguments, const struct secprof_style *style,
           const struct secprof_diff *diff)
{
    char *text = NULL;

    if (secprof_diff_write(diff, format_of(arguments), style, arguments->summary, &text)
        != SECPROF_OK) {
        return cmd_no_memory("diff");
    }
    int status = cmd_out_text("diff", arguments->output, text);
    secprof_text_free(text);
    return status;
}

static int
compare(const struct diff_arguments *arguments, unsigned failing, const struct secprof_style *style,
        struct secprof_profile *const profiles[2])
{
    const struct secprof_target target = cmd_target_of(&arguments->target);
    struct secprof_diff *diff = NULL;
    char *why = NULL;
    enum secprof_status made = secprof_diff_new(profiles[0], &target, profiles[1], &target, &diff,
                                                &why);
    int status = cmd_profile_say("diff", made, "", why);

    if (status == CMD_CLEAN) {
        status = write_diff(arguments, style, diff);
    }
    if (status == CMD_CLEAN && (secprof_diff_answer(diff) & failing) != 0) {
        status = CMD_FINDINGS;
    }
    secprof_diff_free(diff);
    return status;
}

static int
run(const void *arguments, char *const *operands, size_t operand_count)
{
    const struct diff_arguments *args = arguments;
    struct secprof *context = NULL;
    struct secprof_profile *profiles[2] = { NULL, NULL };
    struct secprof_style style;
    unsigned failing = 0;
    int status = check(args, operands, operand_count);

    status = status != CMD_CLEAN ? status : read_threshold(args->fail_on, &failing);
    status = status != CMD_CLEAN
        ? status : cmd_term_style("diff", args->color, args->output != NULL, &style);
    status = status != CMD_CLEAN ? status : cmd_context_new("diff", args->from, &context);
    for (size_t i = 0; i < 2 && status == CMD_CLEAN; i++) {
        status = cmd_profile_load("diff", context, operands[i], &profiles[i]);
    }
    status = status != CMD_CLEAN ? status : compare(args, failing, &style, profiles);
    secprof_profile_free(profiles[0]);
    secprof_profile_free(profiles[1]);
    secprof_unref(context);
    return status;
}

/* ---- the tables ------------------------------------------------------------------------------ */

#define FIELD(name) offsetof(struct diff_arguments, name)

static const struct cmd_option options[] = {
    { .name = "format", .kind = CMD_TEXT, .value = "FORMAT", .choices = "text json markdown",
      .help = "text (default), json, or markdown (a comment on a pull request)",
      .offset = FIELD(format) },
    { .name = "fail-on", .kind = CMD_TEXT, .value = "WHAT", .choices = "any looser tighter never",
      .help = "exit with 1 when the second profile differs: any (default), looser, tighter, never",
      .offset = FIELD(fail_on) },
    { .name = "summary", .kind = CMD_FLAG, .help = "the answer and counts alone",
      .offset = FIELD(summary) },
    { .name = "output", .letter = 'o', .kind = CMD_TEXT, .value = "FILE",
      .help = "write to FILE, whole or not at all", .offset = FIELD(output) },
    { .name = "color", .kind = CMD_TEXT, .value = "WHEN", .choices = "auto always never",
      .help = "colours: auto (default), always or never", .offset = FIELD(color) },
    CMD_FROM_OPTION(struct diff_arguments, from),
    CMD_TARGET_OPTIONS(struct diff_arguments, target),
    CMD_END_OF_OPTIONS,
};

static const struct cmd_example examples[] = {
    { .command = "secprof diff docker@24.0.9 docker", .says = "what an upgrade of Docker changes" },
    { .command = "secprof diff docker web.json", .says = "what a profile of your own changes" },
    { .command = "git show HEAD:web.json | secprof diff --fail-on looser - web.json",
      .says = "does this change open anything" },
    { .command = "secprof diff old.json new.json --format markdown -o comment.md",
      .says = "a comment for a pull request" },
    { .command = "secprof diff web.service web.json --arch x86_64",
      .says = "a unit's filter against a profile, on one architecture" },
    { .command = NULL },
};

const struct cmd_verb cmd_diff = {
    .name = "diff",
    .operands = "FROM TO",
    .summary = "say what a container can do under one profile and not under another",
    .about = "FROM and TO are files, names of built-in profiles, or one of them `-` for standard input.\n"
             "Not the texts are compared but what they mean: the answer of the filter that is loaded\n"
             "for every call, argument, architecture, kernel and set of capabilities.  \"equal\" is\n"
             "proven, and each difference comes with a call that shows it.\n"
             "\n"
             "TO is looser where its answer is less strict, in the kernel's order: kill_process, kill,\n"
             "trap, errno, notify, trace, log, allow; tighter where it is stricter; changed where only the\n"
             "errno is another.  What matters most comes first, marked with ! where the call is known to\n"
             "be dangerous.\n"
             "\n"
             "Each profile is read by the engine that it is written for unless --engine says otherwise.\n"
             "What --arch, --kernel and --caps leave open is compared in every case that makes a\n"
             "difference.  What could not be found out is told and counts as a difference, of any kind.",
    .options = options,
    .examples = examples,
    .arguments_size = sizeof(struct diff_arguments),
    .takes_profiles = true,
    .run = run,
};
