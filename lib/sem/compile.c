#include "sem/compile.h"

#include "sem/arch_rules.h"
#include "sem/compile_numbers.h"
#include "sem/compile_stub.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PER_SECOND = 1000, MICRO = 1000, LONGEST = 65535 };

/* What libseccomp is given: it takes ten milliseconds for Docker's default, and half a second for the
 * longest filter that a kernel takes; a few rules that are not done within a second never are. */
enum { MILLISECONDS_LEAST = 1000, MILLISECONDS_EACH = 2, MILLISECONDS_MOST = 10000 };

/* By the clock a child has so many times its processor time, and so many milliseconds more. */
enum { CLOCK_FACTOR = 10, CLOCK_LEAST = 5000 };

/* AddressSanitizer asks for memory in steps of its own. */
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

/* What this process has mapped already; 0 when the system does not say. */
static size_t
mapped(void)
{
    char text[64] = "";
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return 0;
    }
    ssize_t got = read(fd, text, sizeof text - 1);
    close(fd);
    return got <= 0 ? 0 : strtoul(text, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
}

/* The caller may have blocked signals, and its handlers are nothing for the child. */
static void
limit_time(unsigned milliseconds)
{
    struct itimerval timer = {
        .it_value = { .tv_sec = milliseconds / PER_SECOND,
                      .tv_usec = milliseconds % PER_SECOND * MICRO },
    };
    rlim_t seconds = milliseconds / PER_SECOND + 2;
    sigset_t none;

    signal(SIGPROF, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setitimer(ITIMER_PROF, &timer, NULL);
    setrlimit(RLIMIT_CPU, &(struct rlimit){ .rlim_cur = seconds, .rlim_max = seconds });
}

/* Processor time is counted, so that a busy machine refuses nothing; the clock is the parent's. */
static void
limit(const struct sp_compile_limits *limits)
{
    limit_time(limits->milliseconds);
    if (LIMIT_MEMORY) {
        rlim_t bytes = mapped() + limits->bytes;
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
    default:
        return "libseccomp refuses this rule";
    }
}

/* Puts a fault of the build into words. */
static bool
tell_fault(struct sp_compiled *compiled, const struct sp_filter_rules *rules,
           const struct sp_build *build)
{
    if (build->error == ENOMEM) {
        return tell(compiled, SP_COMPILE_ENDLESS,
                    "libseccomp needs more memory for this filter than it is given");
    }
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
    case SP_BUILD_EXPORT:
        break;
    }
    return tell(compiled, SP_COMPILE_FAILED, "libseccomp cannot write its program");
}

static bool
tell_death(struct sp_compiled *compiled, int status)
{
    int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

    if (number == SIGPROF || number == SIGXCPU || number == SIGKILL) {
        return tell(compiled, SP_COMPILE_ENDLESS, "libseccomp does not finish this filter");
    }
    return tell(compiled, SP_COMPILE_FAILED, "libseccomp died while it built the filter");
}

/* ---- the program ------------------------------------------------------------------------- */

/* Reads the program behind the stub. */
static bool
read_program(struct sp_arena *arena, int fd, const struct sp_filter_rules *rules,
             struct sp_bpf stub, struct sp_compiled *compiled)
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
        snprintf(why, 80, "the filter has %zu instructions, the kernel takes %d", total,
                 SP_BPF_MAX);
        compiled->too_long = total;
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
    for (size_t i = stub.count; i < total; i++) {
        program[i] = sp_compile_to_ours(rules, program[i]);
    }
    compiled->program = (struct sp_bpf){ .at = program, .count = total };
    compiled->stub = stub.count;
    return true;
}

/* ---- the parent -------------------------------------------------------------------------- */

/* What the child leaves; in memory that both processes have. */
struct outcome {
    struct sp_build build;
    bool finished;
};

/* What the two processes share. */
struct channel {
    struct outcome *outcome;
    int fd;      /* the program's */
    int end[2];  /* of a pipe that the child holds open as long as it lives */
};

/* What a child's process came to. */
enum ending { ENDED, ENDED_UNSEEN, STUCK };

/* Never comes back. `parent` is the process that waits: without it nobody wants the program. */
static void
build(const struct channel *channel, const struct sp_filter_rules *rules, bool is_tree,
      const struct sp_compile_limits *limits, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(1);
    }
    close(channel->end[0]);
    limit(limits);
    struct sp_build built = sp_compile_numbers(rules, channel->fd);
    channel->outcome->build = built.fault == SP_BUILD_OK
        ? sp_compile_build(rules, is_tree, channel->fd)
        : built;
    channel->outcome->finished = true;
    _exit(0);
}

static int64_t
now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * PER_SECOND + time.tv_nsec / (MICRO * PER_SECOND);
}

/* Waits until the other end of the pipe is closed; false when that takes too long. */
static bool
closes_before(int fd, int64_t deadline)
{
    struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
    int64_t left;

    while ((left = deadline - now()) > 0) {
        int ready = poll(&poll_fd, 1, left > INT_MAX ? INT_MAX : (int)left);
        if (ready > 0) {
            return true;
        }
        if (ready < 0 && errno != EINTR) {
            return false;
        }
    }
    return false;
}

/* A process that ignores SIGCHLD, or that waits for all its children elsewhere, does not learn how
 * this one ended. */
static enum ending
wait_for(pid_t child, int fd, unsigned milliseconds, int *ret_status)
{
    bool in_time = closes_before(fd, now() + (int64_t)milliseconds * CLOCK_FACTOR + CLOCK_LEAST);

    if (!in_time) {
        kill(child, SIGKILL);
    }
    while (waitpid(child, ret_status, 0) < 0) {
        if (errno != EINTR) {
            return in_time ? ENDED_UNSEEN : STUCK;
        }
    }
    return in_time || WIFEXITED(*ret_status) ? ENDED : STUCK;
}

static bool
take(struct sp_arena *arena, const struct channel *channel, const struct sp_filter_rules *rules,
     struct sp_bpf stub, struct sp_compiled *compiled)
{
    if (channel->outcome->build.fault != SP_BUILD_OK) {
        return tell_fault(compiled, rules, &channel->outcome->build);
    }
    return read_program(arena, channel->fd, rules, stub, compiled);
}

static bool
run(struct sp_arena *arena, struct channel *channel, const struct sp_filter_rules *rules,
    const struct sp_environment *environment, const struct sp_compile_limits *limits,
    struct sp_compiled *compiled)
{
    struct sp_bpf stub = { .count = 0 };
    pid_t parent = getpid();
    int status = 0;

    if (!sp_compile_stub(arena, rules, environment, &stub)) {
        return false;
    }
    bool is_tree = sp_arch_rules_is_tree(rules, environment);
    pid_t child = fork();
    if (child < 0) {
        return tell(compiled, SP_COMPILE_FAILED, "no process could be started for libseccomp");
    }
    if (child == 0) {
        build(channel, rules, is_tree, limits, parent);
    }
    close(channel->end[1]);
    channel->end[1] = -1;
    enum ending ending = wait_for(child, channel->end[0], limits->milliseconds, &status);
    if (channel->outcome->finished) {
        return take(arena, channel, rules, stub, compiled);
    }
    if (ending == STUCK) {
        return tell(compiled, SP_COMPILE_FAILED, "libseccomp was given no processor time");
    }
    return ending == ENDED
        ? tell_death(compiled, status)
        : tell(compiled, SP_COMPILE_FAILED,
               "libseccomp did not finish, and this process cannot wait for its children");
}

static bool
open_channel(struct channel *channel)
{
    *channel = (struct channel){ .fd = -1, .end = { -1, -1 } };
    channel->outcome = mmap(NULL, sizeof *channel->outcome, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (channel->outcome == MAP_FAILED) {
        return false;
    }
    channel->fd = memfd_create("secprof-filter", MFD_CLOEXEC);
    return channel->fd >= 0 && pipe2(channel->end, O_CLOEXEC) == 0;
}

static void
close_channel(const struct channel *channel)
{
    const int fds[] = { channel->fd, channel->end[0], channel->end[1] };

    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
        if (fds[i] >= 0) {
            close(fds[i]);
        }
    }
    if (channel->outcome != MAP_FAILED) {
        munmap(channel->outcome, sizeof *channel->outcome);
    }
}

static unsigned
usual_time(const struct sp_filter_rules *rules)
{
    const size_t most = (MILLISECONDS_MOST - MILLISECONDS_LEAST) / MILLISECONDS_EACH;
    size_t count = rules->rules.count < most ? rules->rules.count : most;

    return MILLISECONDS_LEAST + MILLISECONDS_EACH * (unsigned)count;
}

bool
sp_compile(struct sp_arena *arena, const struct sp_filter_rules *rules,
           const struct sp_environment *environment, const struct sp_compile_limits *limits,
           struct sp_compiled *ret_compiled)
{
    struct sp_compiled compiled = { .result = SP_COMPILE_PROGRAM };
    struct sp_compile_limits usual = {
        .milliseconds = limits == NULL || limits->milliseconds == 0 ? usual_time(rules)
                                                                     : limits->milliseconds,
        .bytes = limits == NULL || limits->bytes == 0 ? (size_t)512 << 20 : limits->bytes,
    };
    struct channel channel;
    bool done = open_channel(&channel)
        ? run(arena, &channel, rules, environment, &usual, &compiled)
        : tell(&compiled, SP_COMPILE_FAILED, "the system gives nothing to share with libseccomp");

    close_channel(&channel);
    if (done) {
        *ret_compiled = compiled;
    }
    return done;
}
