#include "sem/compile.h"

#include "sem/arch_rules.h"
#include "sem/compile_libseccomp.h"
#include "sem/compile_stub.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MILLISECONDS = 10000, PER_SECOND = 1000, MICRO = 1000, LONGEST = 65535 };

static const struct sp_compile_limits usual = { .milliseconds = MILLISECONDS,
                                                .bytes = (size_t)512 << 20 };

/* Sanitizers keep terabytes of address space for themselves. */
#if defined(__SANITIZE_ADDRESS__)
#define LIMIT_MEMORY 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LIMIT_MEMORY 0
#else
#define LIMIT_MEMORY 1
#endif
#else
#define LIMIT_MEMORY 1
#endif

/* ---- the child --------------------------------------------------------------------------- */

/* Processor time is counted, not time by the clock: a busy machine refuses nothing. */
static void
limit(const struct sp_compile_limits *limits)
{
    unsigned milliseconds = limits->milliseconds == 0 ? MILLISECONDS : limits->milliseconds;
    struct itimerval timer = {
        .it_value = { .tv_sec = milliseconds / PER_SECOND,
                      .tv_usec = milliseconds % PER_SECOND * MICRO },
    };

    signal(SIGPROF, SIG_DFL);
    setitimer(ITIMER_PROF, &timer, NULL);
    if (LIMIT_MEMORY) {
        size_t bytes = limits->bytes == 0 ? usual.bytes : limits->bytes;
        setrlimit(RLIMIT_AS, &(struct rlimit){ .rlim_cur = bytes, .rlim_max = bytes });
    }
    setrlimit(RLIMIT_CORE, &(struct rlimit){ .rlim_cur = 0 });
}

/* ---- what came of it --------------------------------------------------------------------- */

static bool
tell(struct sp_compiled *compiled, enum sp_compile_result result, const char *why)
{
    compiled->result = result;
    compiled->why = why;
    return true;
}

static const char *
why_no_rule(int error)
{
    switch (error) {
    case EEXIST:
        return "libseccomp refuses this rule: an earlier one has another action for the same or a "
               "longer condition";
    case EINVAL:
        return "libseccomp refuses this rule: a number in it is out of range";
    case ENOMEM:
        return "libseccomp has no memory for this rule";
    default:
        return "libseccomp refuses this rule";
    }
}

/* Puts a fault of the build into words. */
static bool
tell_fault(struct sp_compiled *compiled, const struct sp_filter_rules *rules,
           const struct sp_build *build)
{
    switch (build->fault) {
    case SP_BUILD_OK:
        return true;
    case SP_BUILD_NO_FILTER:
        return tell(compiled, SP_COMPILE_REFUSED, "libseccomp refuses the default action");
    case SP_BUILD_ARCH:
        return build->error == EDOM
            ? tell(compiled, SP_COMPILE_REFUSED,
                   "libseccomp refuses to put architectures of both byte orders into one filter")
            : tell(compiled, SP_COMPILE_FAILED,
                   "the installed libseccomp does not know one of the architectures");
    case SP_BUILD_RULE:
        compiled->rule = &rules->rules.at[build->at];
        return tell(compiled, SP_COMPILE_REFUSED, why_no_rule(build->error));
    case SP_BUILD_NAME:
        compiled->rule = &rules->rules.at[build->at];
        return tell(compiled, SP_COMPILE_FAILED,
                    "the installed libseccomp does not know a name of this rule");
    case SP_BUILD_EXPORT:
        break;
    }
    return tell(compiled, SP_COMPILE_FAILED, "libseccomp cannot write its program");
}

static bool
tell_death(struct sp_compiled *compiled, int status)
{
    if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGPROF || WTERMSIG(status) == SIGKILL)) {
        return tell(compiled, SP_COMPILE_ENDLESS, "libseccomp does not finish this filter");
    }
    return tell(compiled, SP_COMPILE_FAILED, "libseccomp died while it built the filter");
}

/* ---- the program ------------------------------------------------------------------------- */

/* Reads the program behind the stub. */
static bool
read_program(struct sp_arena *arena, int fd, struct sp_bpf stub, struct sp_compiled *compiled)
{
    off_t size = lseek(fd, 0, SEEK_END);
    size_t count = size < 0 ? 0 : (size_t)size / sizeof(struct sp_bpf_insn);
    size_t total = count + stub.count;

    if (count == 0 || count > LONGEST) {
        return tell(compiled, SP_COMPILE_FAILED, "libseccomp wrote no program");
    }
    if (total > SP_BPF_MAX) {
        char *why = sp_arena_alloc(arena, 80);
        if (why == NULL) {
            return false;
        }
        snprintf(why, 80, "the filter has %zu instructions, the kernel takes %d", total, SP_BPF_MAX);
        return tell(compiled, SP_COMPILE_REFUSED, why);
    }

    struct sp_bpf_insn *program = sp_arena_alloc(arena, total * sizeof *program);
    if (program == NULL) {
        return false;
    }
    if (stub.count > 0) {
        memcpy(program, stub.at, stub.count * sizeof *program);
    }
    size_t bytes = count * sizeof *program;
    if (pread(fd, program + stub.count, bytes, 0) != (ssize_t)bytes) {
        return tell(compiled, SP_COMPILE_FAILED, "the program cannot be read back");
    }
    compiled->program = (struct sp_bpf){ .at = program, .count = total };
    compiled->stub = stub.count;
    return true;
}

/* ---- the parent -------------------------------------------------------------------------- */

/* What the two processes share. */
struct channel {
    struct sp_build *build;
    int fd;  /* the program's */
};

static pid_t
start(const struct channel *channel, const struct sp_filter_rules *rules, bool is_tree,
      const struct sp_compile_limits *limits)
{
    pid_t child = fork();

    if (child == 0) {
        limit(limits);
        *channel->build = sp_compile_build(rules, is_tree, channel->fd);
        _exit(0);
    }
    return child;
}

static bool
wait_for(pid_t child, int *ret_status)
{
    while (waitpid(child, ret_status, 0) < 0) {
        if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

static bool
run(struct sp_arena *arena, const struct channel *channel, const struct sp_filter_rules *rules,
    const struct sp_environment *environment, const struct sp_compile_limits *limits,
    struct sp_compiled *compiled)
{
    struct sp_bpf stub = { .count = 0 };
    int status = 0;

    if (!sp_compile_stub(arena, rules, environment, &stub)) {
        return false;
    }
    pid_t child = start(channel, rules, sp_arch_rules_is_tree(rules, environment), limits);
    if (child < 0 || !wait_for(child, &status)) {
        return tell(compiled, SP_COMPILE_FAILED, "no process could be started for libseccomp");
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        return tell_death(compiled, status);
    }
    if (channel->build->fault != SP_BUILD_OK) {
        return tell_fault(compiled, rules, channel->build);
    }
    return read_program(arena, channel->fd, stub, compiled);
}

bool
sp_compile(struct sp_arena *arena, const struct sp_filter_rules *rules,
           const struct sp_environment *environment, const struct sp_compile_limits *limits,
           struct sp_compiled *ret_compiled)
{
    struct sp_compiled compiled = { .result = SP_COMPILE_PROGRAM };
    struct channel channel = {
        .build = mmap(NULL, sizeof *channel.build, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0),
        .fd = memfd_create("secprof-filter", MFD_CLOEXEC),
    };
    bool done = true;

    if (channel.build == MAP_FAILED || channel.fd < 0) {
        tell(&compiled, SP_COMPILE_FAILED, "the system gives no memory to share with libseccomp");
    } else {
        done = run(arena, &channel, rules, environment, limits == NULL ? &usual : limits,
                   &compiled);
    }
    if (channel.fd >= 0) {
        close(channel.fd);
    }
    if (channel.build != MAP_FAILED) {
        munmap(channel.build, sizeof *channel.build);
    }
    if (done) {
        *ret_compiled = compiled;
    }
    return done;
}
