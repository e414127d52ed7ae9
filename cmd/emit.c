/* `secprof emit`: a profile in another format, or a built-in one as its project ships it. */
#include "context.h"
#include "out.h"
#include "profile.h"
#include "say.h"
#include "target.h"
#include "verb.h"

#include <secprof.h>

#include <stdio.h>
#include <string.h>

struct emit_arguments {
    const char *format;
    const char *output;
    const char *from;
    struct cmd_target target;
    bool resolve;
    bool allow_loss;
    bool list;
};

/* ---- losses -------------------------------------------------------------------------------- */

/* Tells every loss; CMD_FINDINGS when there is one that was not allowed. */
static int
tell_losses(const struct emit_arguments *arguments, const char *word,
            const struct secprof_emission *emission)
{
    const char *loss;
    size_t count = 0;

    for (; (loss = secprof_emission_loss(emission, count)) != NULL; count++) {
        (void)cmd_usage("emit", "%s: %s", word, loss);
    }
    if (count == 0 || arguments->allow_loss) {
        return CMD_CLEAN;
    }
    (void)cmd_usage("emit", "nothing was written; --allow-loss writes it with these differences");
    return CMD_FINDINGS;
}

/* ---- writing ------------------------------------------------------------------------------- */

static int
write_text(const struct emit_arguments *arguments, const char *text, size_t size)
{
    struct cmd_out out;
    int status = cmd_out_open(&out, "emit", arguments->output);

    if (status != CMD_CLEAN) {
        return status;
    }
    status = cmd_out_write(&out, "emit", text, size);
    int closed = cmd_out_close(&out, "emit", status == CMD_CLEAN);
    return closed > status ? closed : status;
}

static int
write_emission(const struct emit_arguments *arguments, const struct secprof_emission *emission)
{
    size_t size;
    const char *text = secprof_emission_text(emission, &size);

    return write_text(arguments, text, size);
}

static int
say_formats(const char *format)
{
    char names[256] = "";
    size_t used = 0;
    const char *name;

    for (size_t i = 0; (name = secprof_emit_format(i, NULL)) != NULL && used < sizeof names; i++) {
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i == 0 ? "" : ", ", name);
    }
    return cmd_usage("emit", "--format takes one of %s, not '%s'", names, format);
}

static bool
is_format(const char *format)
{
    const char *name;

    for (size_t i = 0; (name = secprof_emit_format(i, NULL)) != NULL; i++) {
        if (strcmp(name, format) == 0) {
            return true;
        }
    }
    return false;
}

static int
emit_profile(const struct emit_arguments *arguments, const char *word,
             const struct secprof_profile *profile)
{
    const struct secprof_target target = cmd_target_of(&arguments->target);
    const char *format = arguments->format == NULL ? "docker" : arguments->format;
    struct secprof_emission *emission = NULL;
    char *why = NULL;
    enum secprof_status made = secprof_emit(profile, format, &target, arguments->resolve,
                                            &emission, &why);
    int status = cmd_profile_say("emit", made, word, why);

    status = status != CMD_CLEAN ? status : tell_losses(arguments, word, emission);
    status = status != CMD_CLEAN ? status : write_emission(arguments, emission);
    secprof_emission_free(emission);
    return status;
}

static int
emit(const struct emit_arguments *arguments, const char *word)
{
    struct secprof *context = NULL;
    struct secprof_profile *profile = NULL;
    int status = cmd_context_new("emit", arguments->from, &context);

    status = status != CMD_CLEAN ? status : cmd_profile_load("emit", context, word, &profile);
    if (status == CMD_CLEAN) {
        status = emit_profile(arguments, word, profile);
    }
    secprof_profile_free(profile);
    secprof_unref(context);
    return status;
}

/* ---- lists --------------------------------------------------------------------------------- */

static int
write_list(const struct emit_arguments *arguments, const char *name, const char *format)
{
    char *text = NULL;
    int status = CMD_FAILURE;

    switch (secprof_builtins(name, format, &text)) {
    case SECPROF_OK:
        status = write_text(arguments, text, strlen(text));
        break;
    case SECPROF_UNKNOWN:
    case SECPROF_REFUSED:
        status = cmd_usage("emit", "%s", text);
        break;
    case SECPROF_BAD_ARGUMENT:
        status = cmd_usage("emit", "with --list --format takes text or json, not '%s'", format);
        break;
    case SECPROF_UNREADABLE:
    case SECPROF_FAULT:
    case SECPROF_NO_MEMORY:
        status = cmd_no_memory("emit");
        break;
    }
    secprof_text_free(text);
    return status;
}

static int
list(const struct emit_arguments *arguments, char *const *operands, size_t operand_count)
{
    if (operand_count > 1) {
        return cmd_usage("emit", "--list takes one name at a time");
    }
    return write_list(arguments, operand_count == 0 ? NULL : operands[0],
                      arguments->format == NULL ? "text" : arguments->format);
}

static int
run(const void *arguments, char *const *operands, size_t operand_count)
{
    const struct emit_arguments *args = arguments;

    if (args->list) {
        return list(args, operands, operand_count);
    }
    if (args->format != NULL && !is_format(args->format)) {
        return say_formats(args->format);
    }
    if (operand_count != 1) {
        return cmd_usage("emit", operand_count == 0
                                     ? "which profile? Name a file or a built-in one (--list names "
                                       "those)"
                                     : "one profile at a time");
    }
    return emit(args, operands[0]);
}

/* ---- the tables ---------------------------------------------------------------------------- */

#define FIELD(name) offsetof(struct emit_arguments, name)

static const struct cmd_option options[] = {
    { .name = "format", .kind = CMD_TEXT, .value = "FORMAT",
      .choices = "docker oci spo systemd minijail firejail kafel list c bpf pfc",
      .help = "docker (default), oci, spo, systemd, minijail, firejail, kafel, list, c, bpf or pfc",
      .offset = FIELD(format) },
    { .name = "resolve", .kind = CMD_FLAG,
      .help = "decide conditions for the target, as all formats but docker always do",
      .offset = FIELD(resolve) },
    { .name = "allow-loss", .kind = CMD_FLAG,
      .help = "write it although the format cannot carry all of it",
      .offset = FIELD(allow_loss) },
    { .name = "output", .letter = 'o', .kind = CMD_TEXT, .value = "FILE",
      .help = "write to FILE, whole or not at all", .offset = FIELD(output) },
    { .name = "list", .kind = CMD_FLAG,
      .help = "name the built-in profiles, or the releases of one (text or json)", .offset = FIELD(list) },
    CMD_FROM_OPTION(struct emit_arguments, from),
    CMD_TARGET_OPTIONS(struct emit_arguments, target),
    CMD_END_OF_OPTIONS,
};

static const struct cmd_example examples[] = {
    { .command = "secprof emit docker", .says = "Docker's default profile, byte for byte" },
    { .command = "secprof emit docker@24.0.9 -o old.json", .says = "as that release shipped it" },
    { .command = "secprof emit web.json --format oci --cap-add SYS_PTRACE",
      .says = "what the engine hands to the runtime" },
    { .command = "secprof emit web.json --format systemd --allow-loss",
      .says = "a drop-in for a service" },
    { .command = "secprof emit docker --format pfc", .says = "the filter, listed" },
    { .command = "secprof emit --list", .says = "the built-in profiles" },
    { .command = NULL },
};

const struct cmd_verb cmd_emit = {
    .name = "emit",
    .operands = "PROFILE",
    .summary = "write a profile in another format, or a built-in one as it was shipped",
    .about = "A built-in profile is written as its project ships it, byte for byte; one of which only\n"
             "code was shipped, with the same meaning.  Other formats are written for one environment:\n"
             "what is not given is this machine, the newest kernel and default capabilities.  What was\n"
             "written is read back and must mean the same.  What a format cannot carry is said on\n"
             "standard error with the calls concerned, and then nothing is written (status 1)\n"
             "unless --allow-loss says so.",
    .options = options,
    .examples = examples,
    .arguments_size = sizeof(struct emit_arguments),
    .takes_profiles = true,
    .run = run,
};
