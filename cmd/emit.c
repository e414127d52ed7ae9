/* `secprof emit`: a profile in another format, or a built-in one as its project ships it. */
#include "context.h"
#include "out.h"
#include "profile.h"
#include "say.h"
#include "target.h"
#include "term.h"
#include "verb.h"

#include <secprof.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct emit_arguments {
    const char *format;
    const char *output;
    const char *from;
    const char *color;
    struct cmd_target target;
    bool resolve;
    bool allow_loss;
    bool list;
};

/* ---- losses -------------------------------------------------------------------------------- */

static int
write_losses(const struct secprof_emission *emission, const struct secprof_style *style)
{
    char *text = NULL;

    if (secprof_emission_losses(emission, style, &text) != SECPROF_OK) {
        return cmd_no_memory("emit");
    }
    fputs(text, stderr);
    secprof_text_free(text);
    return CMD_CLEAN;
}

/* Tells every loss; CMD_FINDINGS when there is one that was not allowed. */
static int
tell_losses(const struct emit_arguments *arguments, const struct secprof_style *style,
            const struct secprof_emission *emission)
{
    size_t count = secprof_emission_loss_count(emission);
    int status = count == 0 ? CMD_CLEAN : write_losses(emission, style);

    if (status != CMD_CLEAN || count == 0 || arguments->allow_loss) {
        return status;
    }
    fputc('\n', stderr);
    (void)cmd_usage("emit", "nothing was written: --allow-loss writes it with %s",
                    count == 1 ? "this loss" : "these losses");
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

static const char *
format_of(const struct emit_arguments *arguments)
{
    return arguments->format == NULL ? "docker" : arguments->format;
}

/* The bytes of a program would be orders to a terminal. */
static int
check_terminal(const struct emit_arguments *arguments)
{
    bool is_binary = strcmp(format_of(arguments), "bpf") == 0;

    return is_binary && arguments->output == NULL && isatty(STDOUT_FILENO)
        ? cmd_usage("emit", "a program is no text for a terminal: -o FILE or a pipe takes it, and "
                            "--format pfc lists it")
        : CMD_CLEAN;
}

static int
emit_profile(const struct emit_arguments *arguments, const struct secprof_style *style,
             const char *word, const struct secprof_profile *profile)
{
    const struct secprof_target target = cmd_target_of(&arguments->target);
    const char *format = format_of(arguments);
    struct secprof_emission *emission = NULL;
    char *why = NULL;
    enum secprof_status made = secprof_emit(profile, format, &target, arguments->resolve,
                                            &emission, &why);
    int status = cmd_profile_say("emit", made, word, why);

    status = status != CMD_CLEAN ? status : tell_losses(arguments, style, emission);
    status = status != CMD_CLEAN ? status : write_emission(arguments, emission);
    secprof_emission_free(emission);
    return status;
}

static int
emit(const struct emit_arguments *arguments, const char *word)
{
    struct secprof *context = NULL;
    struct secprof_profile *profile = NULL;
    struct secprof_style style;
    int status = cmd_term_style_of_errors("emit", arguments->color, &style);

    status = status != CMD_CLEAN ? status : check_terminal(arguments);
    status = status != CMD_CLEAN
        ? status : cmd_context_new("emit", arguments->from, &context);
    status = status != CMD_CLEAN ? status : cmd_profile_load("emit", context, word, &profile);
    if (status == CMD_CLEAN) {
        status = emit_profile(arguments, &style, word, profile);
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
      .help = "with docker, too, decide conditions for the target",
      .offset = FIELD(resolve) },
    { .name = "allow-loss", .kind = CMD_FLAG,
      .help = "write it although the format cannot carry all of it",
      .offset = FIELD(allow_loss) },
    { .name = "output", .letter = 'o', .kind = CMD_TEXT, .value = "FILE",
      .help = "write to FILE, whole or not at all", .offset = FIELD(output) },
    { .name = "list", .kind = CMD_FLAG,
      .help = "list the built-in profiles, or with a name its releases (--format text or json)",
      .offset = FIELD(list) },
    { .name = "color", .kind = CMD_TEXT, .value = "WHEN", .choices = "auto always never",
      .help = "colours of what is told: auto (default), always or never", .offset = FIELD(color) },
    CMD_FROM_OPTION(struct emit_arguments, from),
    CMD_TARGET_OPTIONS(struct emit_arguments, target),
    CMD_END_OF_OPTIONS,
};

static const struct cmd_example examples[] = {
    { .command = "secprof emit docker", .says = "Docker's default profile, byte for byte" },
    { .command = "secprof emit docker@24.0.9 -o old.json", .says = "as that release shipped it" },
    { .command = "secprof emit --list docker", .says = "its releases, and when it changed" },
    { .command = "secprof emit web.json --format oci", .says = "what the engine hands to the runtime" },
    { .command = "secprof emit web.json --format systemd", .says = "a drop-in for a service" },
    { .command = "secprof emit web.service", .says = "a service's filter as a profile for Docker" },
    { .command = "secprof emit docker --format pfc", .says = "the filter, listed" },
    { .command = NULL },
};

const struct cmd_verb cmd_emit = {
    .name = "emit",
    .operands = "PROFILE",
    .summary = "write a profile in another format, or a built-in one as it was shipped",
    .about = "PROFILE is a file, `-` for standard input, or the name of a built-in profile, which\n"
             "is written as its project ships it, byte for byte; of one that was shipped as code\n"
             "only, the text means the same.\n"
             "\n"
             "Formats: docker and oci (JSON), spo (Security Profiles Operator), systemd (a\n"
             "drop-in), minijail, firejail, kafel (nsjail), list (names of the calls that are\n"
             "allowed), c (a program that builds the filter with libseccomp), bpf (the filter\n"
             "itself) and pfc (the filter, listed).  All but docker are for one environment, in\n"
             "which conditions on capabilities, architectures and kernels are decided: what is not\n"
             "given is this machine, the newest kernel and Docker's default capabilities.\n"
             "\n"
             "What was written is proven before it is given out: texts but for c are read back, and\n"
             "filters run, and each call must be answered as the profile means it.  What a format\n"
             "cannot carry is told on standard error, with what became of it and all calls\n"
             "concerned; then nothing is written and the status is 1, unless --allow-loss is given.",
    .options = options,
    .examples = examples,
    .arguments_size = sizeof(struct emit_arguments),
    .takes_profiles = true,
    .run = run,
};
