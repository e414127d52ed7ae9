/* `secprof apply`: a program under the filter of a profile. */
#include "apply.h"
#include "builtins.h"
#include "context.h"
#include "out.h"
#include "say.h"
#include "target.h"
#include "verb.h"

#include <secprof.h>

#include <errno.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

struct apply_arguments {
    const char *profile;
    const char *from;
    struct cmd_target target;
    const char *mode;
    bool no_new_privs;
    const char *print;
    bool self_test;
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
        return cmd_builtins_unknown("apply", profile);
    case SECPROF_REFUSED:
    case SECPROF_FAULT:
        (void)cmd_failure("apply", "%s", why == NULL ? "the profile is refused" : why);
        return refused;
    case SECPROF_NO_MEMORY:
        break;
    }
    return cmd_no_memory("apply");
}

static int
compile(const struct apply_arguments *arguments, int refused,
        struct secprof_filter **ret_filter)
{
    const char *profile = arguments->profile == NULL ? "docker" : arguments->profile;
    const struct secprof_target target = cmd_target_of(&arguments->target);
    struct secprof *context = NULL;
    char *why = NULL;

    int result = cmd_context_new("apply", arguments->from, &context);
    if (result != CMD_CLEAN) {
        return result;
    }
    enum secprof_status status =
        secprof_filter_new(context, profile, &target, ret_filter, &why);
    result = say_why(status, profile, why, refused);
    secprof_text_free(why);
    secprof_unref(context);
    return result;
}

/* The filter that the mode asks for. */
static int
make_filter(const struct apply_arguments *arguments, int refused,
            struct secprof_filter **ret_filter)
{
    int status = compile(arguments, refused, ret_filter);

    if (status != CMD_CLEAN || arguments->mode == NULL
        || strcmp(arguments->mode, "log") != 0) {
        return status;
    }
    return say_why(secprof_filter_only_log(*ret_filter), "", "--mode log: the filter computes "
                   "its verdicts, which cannot be changed to logging", refused);
}

/* The filter, to be loaded here: any failure is of setting up. */
static int
make_own_filter(const struct apply_arguments *arguments, struct secprof_filter **ret_filter)
{
    if (make_filter(arguments, CMD_SETUP, ret_filter) != CMD_CLEAN) {
        return CMD_SETUP;
    }
    if (!secprof_filter_is_native(*ret_filter)) {
        (void)cmd_failure("apply", "--arch: a filter for %s cannot be loaded on this machine; "
                          "--print shows it", secprof_filter_arch(*ret_filter));
        return CMD_SETUP;
    }
    return CMD_CLEAN;
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

/* The file that a word names, as execvp(3) would find it, so that "not found" is said before
 * the filter is there. NULL with errno when there is none; the caller frees it. */
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

/* What errno of a load means (seccomp(2)). */
static const char *
load_failed(int error)
{
    switch (error) {
    case EPERM:
        return " (an outer filter forbids it)";
    case EINVAL:
        return " (it has no seccomp filters, or not all that this one needs)";
    case ENOMEM:
        return " (it and the outer filters are too long together)";
    case ENOSYS:
        return " (an outer filter forbids it, or there is no seccomp)";
    default:
        return "";
    }
}

int
cmd_apply_cannot_load(int error)
{
    (void)cmd_failure("apply", "the kernel does not take the filter: %s%s", strerror(error),
                      load_failed(error));
    return CMD_SETUP;
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
        return cmd_apply_cannot_load(errno);
    }
    execv(file, words);
    return exec_failed(file, errno);
}

static int
apply(const struct apply_arguments *arguments, char *const *words)
{
    struct secprof_filter *filter = NULL;
    char *file = find_program(words[0]);

    if (file == NULL) {
        return exec_failed(words[0], errno);
    }
    int status = make_own_filter(arguments, &filter);
    if (status == CMD_CLEAN && !secprof_filter_lets_exec(filter)) {
        (void)cmd_failure("apply", "the profile denies execve: nothing could be run under it");
        status = CMD_SETUP;
    }
    if (status == CMD_CLEAN) {
        status = become(filter, file, words);
    }
    secprof_filter_free(filter);
    free(file);
    return status;
}

/* ---- which of them ----------------------------------------------------------------------- */

static int
self_test(const struct apply_arguments *arguments)
{
    struct secprof_filter *filter = NULL;
    int status = make_own_filter(arguments, &filter);

    if (status == CMD_CLEAN) {
        status = cmd_apply_prove(filter);
    }
    secprof_filter_free(filter);
    return status;
}

static int
refuse(const char *why)
{
    (void)cmd_usage("apply", "%s", why);
    return CMD_SETUP;
}

/* A kernel without LOG (before 4.14) takes it for a verdict that kills. */
static bool
can_log(void)
{
    const uint32_t action = SECCOMP_RET_LOG;

    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

static int
check_mode(const struct apply_arguments *arguments)
{
    const char *mode = arguments->mode;

    if (mode == NULL || strcmp(mode, "enforce") == 0) {
        return CMD_CLEAN;
    }
    if (strcmp(mode, "explain") == 0) {
        return refuse("--mode explain is not there yet; --mode log refuses nothing and logs "
                      "what would have been refused");
    }
    if (strcmp(mode, "log") != 0) {
        (void)cmd_usage("apply", "--mode takes enforce or log, not '%s'", mode);
        return CMD_SETUP;
    }
    if (arguments->print == NULL && !can_log()) {
        return refuse("--mode log: this kernel cannot log calls, or an outer filter hides that "
                      "it can");
    }
    return CMD_CLEAN;
}

static int
run(const void *arguments, char *const *operands, size_t operand_count)
{
    const struct apply_arguments *args = arguments;
    bool runs = args->print == NULL && !args->self_test;
    int status = check_mode(args);

    if (status != CMD_CLEAN) {
        return status;
    }
    if (args->print != NULL && args->self_test) {
        return refuse("--print and --self-test do not go together");
    }
    if (!runs && operand_count > 0) {
        return refuse(args->self_test ? "--self-test tries the filter and runs no command"
                                      : "--print shows the filter and runs no command");
    }
    if (runs && operand_count == 0) {
        return refuse("no command is given; write it behind `--`");
    }
    return args->print != NULL ? print(args) : args->self_test ? self_test(args)
                                                               : apply(args, operands);
}

/* ---- the tables -------------------------------------------------------------------------- */

#define FIELD(name) offsetof(struct apply_arguments, name)

static const struct cmd_option options[] = {
    { .name = "profile", .kind = CMD_TEXT, .value = "PROFILE",
      .help = "a file or a built-in name (default docker)", .offset = FIELD(profile) },
    CMD_FROM_OPTION(struct apply_arguments, from),
    CMD_TARGET_OPTIONS(struct apply_arguments, target),
    { .name = "mode", .kind = CMD_TEXT, .value = "MODE", .choices = "enforce log",
      .help = "enforce (default), or log: let all calls through, log those it denies",
      .offset = FIELD(mode) },
    { .name = "no-new-privs", .kind = CMD_FLAG,
      .help = "set no_new_privs, as is always done", .offset = FIELD(no_new_privs) },
    { .name = "print", .kind = CMD_TEXT, .value = "FORM", .choices = "bpf pfc",
      .help = "show the filter and run nothing: bpf (bytes) or pfc (a listing)",
      .offset = FIELD(print) },
    { .name = "self-test", .kind = CMD_FLAG,
      .help = "compare the filter with the kernel and run nothing",
      .offset = FIELD(self_test) },
    CMD_END_OF_OPTIONS,
};

static const struct cmd_example examples[] = {
    { .command = "secprof apply -- ./server --port 80",
      .says = "under Docker's default profile" },
    { .command = "secprof apply --profile web.json -- ./server",
      .says = "under a profile of yours" },
    { .command = "secprof apply --mode log -- ./server", .says = "deny nothing, log it" },
    { .command = "secprof apply --self-test", .says = "does the kernel do as predicted?" },
    { .command = "secprof apply --cap-add BPF --print pfc", .says = "the filter, listed" },
    { .command = NULL },
};

const struct cmd_verb cmd_apply = {
    .name = "apply",
    .operands = "[--] COMMAND [ARGUMENT...]",
    .summary = "run a command under the filter that a runtime would load",
    .about = "The profile is resolved and compiled as the runtime does it, and loaded last,\n"
             "with no_new_privs.  What is not given is this machine's; capabilities are\n"
             "Docker's default ones.  Those of --cap-drop the command does not have either.\n"
             "--self-test makes harmless calls and compares what the kernel answers with what\n"
             "the profile means: 0 when all agree, 1 when not.  The exit status is the\n"
             "command's own; 125 when the filter cannot be set up (nothing was run), 126 when\n"
             "the command cannot be executed, 127 when it is not found.",
    .options = options,
    .examples = examples,
    .arguments_size = sizeof(struct apply_arguments),
    .takes_profiles = true,
    .is_wrapper = true,
    .run = run,
};
