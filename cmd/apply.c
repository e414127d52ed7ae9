/* `secprof apply`: a program under the filter of a profile. */
#include "out.h"
#include "say.h"
#include "verb.h"

#include <secprof.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

struct apply_arguments {
    const char *profile;
    const char *engine;
    const char *runtime;
    const char *kernel;
    const char *libseccomp;
    const char *caps;
    const char *cap_add;
    const char *cap_drop;
    const char *print;
};

/* ---- the filter -------------------------------------------------------------------------- */

/* Says why there is no filter. `refused` is the status of a profile that cannot be applied. */
static int
say_why(enum secprof_status status, const char *profile, const char *why, int refused)
{
    switch (status) {
    case SECPROF_OK:
        return CMD_CLEAN;
    case SECPROF_BAD_ARGUMENT:
        return cmd_usage("apply", "%s", why == NULL ? "bad argument" : why);
    case SECPROF_UNREADABLE:
        return cmd_usage("apply", "cannot read %s: %s", profile, strerror(errno));
    case SECPROF_UNKNOWN:
        return cmd_usage("apply", "'%s' is neither a file nor a built-in profile (docker)",
                         profile);
    case SECPROF_REFUSED:
        (void)cmd_failure("apply", "%s", why == NULL ? "the profile is refused" : why);
        return refused;
    case SECPROF_NO_MEMORY:
        break;
    }
    return cmd_no_memory("apply");
}

static int
make_filter(const struct apply_arguments *arguments, int refused,
            struct secprof_filter **ret_filter)
{
    const char *profile = arguments->profile == NULL ? "docker" : arguments->profile;
    const struct secprof_target target = {
        .engine = arguments->engine,
        .runtime = arguments->runtime,
        .kernel = arguments->kernel,
        .libseccomp = arguments->libseccomp,
        .caps = arguments->caps,
        .cap_add = arguments->cap_add,
        .cap_drop = arguments->cap_drop,
    };
    struct secprof *context = NULL;
    char *why = NULL;

    if (secprof_new(&context) != SECPROF_OK) {
        return cmd_no_memory("apply");
    }
    enum secprof_status status = secprof_filter_new(context, profile, &target, ret_filter, &why);
    int result = say_why(status, profile, why, refused);
    secprof_text_free(why);
    secprof_unref(context);
    return result;
}

/* ---- --print ----------------------------------------------------------------------------- */

static int
print_program(const struct secprof_filter *filter)
{
    struct cmd_out out;
    size_t count = 0;
    const void *program = secprof_filter_program(filter, &count);
    int status = cmd_out_open(&out, "apply", NULL);

    if (status != CMD_CLEAN) {
        return status;
    }
    status = cmd_out_write(&out, "apply", program, count * 8);
    int closed = cmd_out_close(&out, "apply", status == CMD_CLEAN);
    return closed > status ? closed : status;
}

static int
print_listing(const struct secprof_filter *filter)
{
    char *text = NULL;

    if (secprof_filter_listing(filter, &text) != SECPROF_OK) {
        return cmd_no_memory("apply");
    }
    int status = cmd_out_text("apply", NULL, text);
    secprof_text_free(text);
    return status;
}

static int
print(const struct apply_arguments *arguments)
{
    struct secprof_filter *filter = NULL;
    bool is_program = strcmp(arguments->print, "bpf") == 0;

    if (!is_program && strcmp(arguments->print, "pfc") != 0) {
        return cmd_usage("apply", "--print takes bpf or pfc, not '%s'", arguments->print);
    }
    int status = make_filter(arguments, CMD_FINDINGS, &filter);
    if (status == CMD_CLEAN) {
        status = is_program ? print_program(filter) : print_listing(filter);
    }
    secprof_filter_free(filter);
    return status;
}

/* ---- the program ------------------------------------------------------------------------- */

/* The file that a word names, as execvp(3) would find it, so that "not found" is said before the
 * filter is there. NULL with errno when there is none; the caller frees it. */
static char *
find_program(const char *word)
{
    const char *path = getenv("PATH");
    int error = ENOENT;

    if (strchr(word, '/') != NULL) {
        return access(word, F_OK) == 0 ? strdup(word) : NULL;
    }
    path = path == NULL ? "/usr/local/bin:/usr/bin:/bin" : path;
    for (bool more = true; more;) {
        size_t length = strcspn(path, ":");
        char *file = NULL;
        if (asprintf(&file, "%.*s%s%s", (int)length, path, length == 0 ? "" : "/", word) < 0) {
            return NULL;
        }
        if (access(file, X_OK) == 0) {
            return file;
        }
        error = errno == EACCES ? EACCES : error;
        free(file);
        more = path[length] == ':';
        path += length + 1;
    }
    errno = error;
    return NULL;
}

/* ENOENT of a file that is there is its interpreter's. */
static int
exec_failed(const char *file, int error)
{
    bool missing = error == ENOENT || error == ENOTDIR;
    (void)cmd_failure("apply", "cannot execute %s: %s", file, strerror(error));
    return missing ? CMD_NOT_FOUND : CMD_CANNOT_EXECUTE;
}

/* Loads the filter as the last thing and becomes the program. Only ever returns a status. */
static int
become(const struct secprof_filter *filter, const char *file, char *const *words)
{
    if (secprof_filter_drop_caps(filter) != 0) {
        (void)cmd_failure("apply", "cannot drop capabilities: %s", strerror(errno));
        return CMD_SETUP;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        (void)cmd_failure("apply", "cannot set no_new_privs: %s", strerror(errno));
        return CMD_SETUP;
    }
    if (secprof_filter_load(filter) != 0) {
        (void)cmd_failure("apply", "the kernel does not take the filter: %s%s", strerror(errno),
                          errno == EPERM ? " (an outer filter forbids it)" : "");
        return CMD_SETUP;
    }
    execv(file, words);
    return exec_failed(file, errno);
}

static int
enforce(const struct apply_arguments *arguments, char *const *words)
{
    struct secprof_filter *filter = NULL;
    char *file = find_program(words[0]);

    if (file == NULL) {
        return exec_failed(words[0], errno);
    }
    int status = make_filter(arguments, CMD_SETUP, &filter);
    if (status != CMD_CLEAN) {
        status = CMD_SETUP;
    } else if (!secprof_filter_lets_exec(filter)) {
        (void)cmd_failure("apply", "the profile denies execve: nothing could be run under it");
        status = CMD_SETUP;
    } else {
        status = become(filter, file, words);
    }
    secprof_filter_free(filter);
    free(file);
    return status;
}

static int
run(const void *arguments, char *const *operands, size_t operand_count)
{
    const struct apply_arguments *args = arguments;

    if (args->print != NULL) {
        return operand_count == 0 ? print(args)
                                  : cmd_usage("apply", "--print shows the filter and runs nothing");
    }
    if (operand_count == 0) {
        (void)cmd_usage("apply", "no command is given; write it behind `--`");
        return CMD_SETUP;
    }
    return enforce(args, operands);
}

/* ---- the tables -------------------------------------------------------------------------- */

#define FIELD(name) offsetof(struct apply_arguments, name)

static const struct cmd_option options[] = {
    { .name = "profile", .kind = CMD_TEXT, .value = "PROFILE",
      .help = "a file or a built-in name (default docker)", .offset = FIELD(profile) },
    { .name = "engine", .kind = CMD_TEXT, .value = "ENGINE",
      .choices = "docker podman containerd crio oci",
      .help = "who reads the profile, with @VERSION where it matters (default docker)",
      .offset = FIELD(engine) },
    { .name = "runtime", .kind = CMD_TEXT, .value = "RUNTIME", .choices = "runc crun",
      .help = "who compiles it, with @VERSION where it matters (default runc)",
      .offset = FIELD(runtime) },
    { .name = "kernel", .kind = CMD_TEXT, .value = "VERSION",
      .help = "the kernel that conditions are decided for (default: this one)",
      .offset = FIELD(kernel) },
    { .name = "libseccomp", .kind = CMD_TEXT, .value = "VERSION",
      .help = "the libseccomp whose names count (default: the installed one)",
      .offset = FIELD(libseccomp) },
    { .name = "caps", .kind = CMD_TEXT, .value = "CAPS", .choices = "default none all",
      .help = "capabilities that conditions are decided for: default (Docker's), none, all, or "
              "names",
      .offset = FIELD(caps) },
    { .name = "cap-add", .kind = CMD_TEXT, .value = "CAPS", .help = "these as well",
      .offset = FIELD(cap_add) },
    { .name = "cap-drop", .kind = CMD_TEXT, .value = "CAPS", .help = "all but these; the command does not have them",
      .offset = FIELD(cap_drop) },
    { .name = "print", .kind = CMD_TEXT, .value = "FORM", .choices = "bpf pfc",
      .help = "show the filter and run nothing: bpf (bytes) or pfc (a listing)",
      .offset = FIELD(print) },
    CMD_END_OF_OPTIONS,
};

static const struct cmd_example examples[] = {
    { .command = "secprof apply -- ./server --port 80", .says = "under Docker's default profile" },
    { .command = "secprof apply --profile web.json -- ./server", .says = "under a profile of yours" },
    { .command = "secprof apply --cap-add SYS_ADMIN --print pfc", .says = "the filter, listed" },
    { .command = NULL },
};

const struct cmd_verb cmd_apply = {
    .name = "apply",
    .operands = "[--] COMMAND [ARGUMENT...]",
    .summary = "run a command under the filter that a runtime would load",
    .about = "The profile is resolved for this machine and the given capabilities, compiled as the\n"
             "runtime compiles it, and loaded last, with no_new_privs.  The exit status is the\n"
             "command's own; 125 when the filter cannot be set up (nothing was run), 126 when the\n"
             "command cannot be executed, 127 when it is not found.",
    .options = options,
    .examples = examples,
    .arguments_size = sizeof(struct apply_arguments),
    .is_wrapper = true,
    .run = run,
};
