/* Units, and whether the filters that systemd made of them are those that we read in them.
 *
 * systemd_harness units FOLDER PROGRAM   writes units that run the program, each with its
 * name systemd_harness compare UNIT PID       reads the unit, and the filters of the process
 *
 * For x86_64, as root.  Left out are the calls whose names the library of this process lacks
 * (systemd's lacks them, too), and those that have joined a group since systemd 252. */
#include "format/defaults_write.h"
#include "format/profile_read.h"
#include "format/systemd_groups.h"
#include "format/systemd_read.h"
#include "format/systemd_write.h"
#include "kb/defaults.h"
#include "sem/bpf_run.h"
#include "sem/compile_libseccomp.h"
#include "sem/random_profiles_testing.h"
#include "text/json_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- units --------------------------------------------------------------------------- */

/* What units may say, one thing each. */
static const char *const lines[] = {
    "SystemCallFilter=@system-service\nSystemCallErrorNumber=EPERM",
    "SystemCallFilter=~@mount @clock",
    "SystemCallFilter=~@mount\nSystemCallErrorNumber=ENOSYS\n"
    "SystemCallFilter=~@clock:EACCES chown:kill sync:0 uname:255 mkdir:0x10 rmdir:017",
    "SystemCallFilter=read write socket bind\nSystemCallErrorNumber=EPERM\n"
    "SystemCallFilter=~write pause getpid:EACCES @timer:kill\nSystemCallFilter=pause",
    "SystemCallFilter=@basic-io\nSystemCallArchitectures=native",
    "SystemCallFilter=@basic-io\nSystemCallArchitectures=native x86\nSystemCallErrorNumber=1",
    "SystemCallFilter=@basic-io\nSystemCallArchitectures=x32 arm64",
    "SystemCallArchitectures=x86-64",
    "SystemCallFilter=~@mount\nSystemCallLog=@network-io mount\nSystemCallLog=~bind",
    "SystemCallLog=~@network-io read",
    "SystemCallLog=~set_tls",
    "SystemCallFilter=~socketcall ipc\nSystemCallErrorNumber=EPERM",
    "SystemCallFilter=~socket shmget:EACCES connect:kill\nSystemCallErrorNumber=EPERM",
    "SystemCallFilter=@system-service\nSystemCallFilter=~@privileged @resources\n"
    "SystemCallFilter=fexecve io_uring_enter:EPERM\nSystemCallArchitectures=native",
    "SystemCallFilter=read\nSystemCallFilter=\nSystemCallFilter=~write",
    "SystemCallFilter=read \\\n# a comment\n  write \\\n ; another\n  open:EPERM \"close\" "
    "unlink\\\nrmdir\nSystemCallErrorNumber=EBOGUS\nSystemCallErrorNumber=5000",
    "SystemCallFilter=~\nSystemCallFilter=read write\nSystemCallFilter=~mkdir",
    "SystemCallFilter=@known\nSystemCallErrorNumber=EPERM\n"
    "SystemCallFilter=~@obsolete nfsservctl cachestat bogus read:EBOGUS write:",
    "SystemCallArchitectures=\"x86-64\" 'x86'\nSystemCallFilter=~ @reboot kexec_load :EPERM",
    "SystemCallFilter=@default\nSystemCallErrorNumber=EPERM\nSystemCallArchitectures=x86_64",
    "SystemCallLog=~@network-io\nSystemCallFilter=~@clock\nSystemCallArchitectures=native",
    "SystemCallFilter=@file-system unlink\\",
    "SystemCallFilter=semop\nSystemCallErrorNumber=EPERM",
    "SystemCallFilter=~semop accept\nSystemCallErrorNumber=EPERM",
    "SystemCallFilter=~semop",
    "SystemCallFilter=~send recv chown32",
    "SystemCallLog=~read\nSystemCallLog=read\nSystemCallFilter=~write",
    "SystemCallFilter=~write\nSystemCallLog=@chown\nSystemCallFilter=\n"
    " SystemCallErrorNumber = ENOSYS \nSystemCallFilter = getpid ~read read",
};

enum { LINES = sizeof lines / sizeof *lines, PROFILES = 40 };

static void
write_unit(const char *folder, const char *program, size_t number, const char *text)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/u%02zu.service", folder, number);
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    fprintf(file, "%s\nExecStart=%s u%02zu\n", text, program, number);
    fclose(file);
}

/* Whatever else the drop-in says, systemd must come to start the program (which now and then takes
 * memory on the way), and that must wait. */
static void
let_it_start(struct sp_buf *unit)
{
    static const char option[] = "\nSystemCallFilter=";
    const char *at = unit->data;

    while ((at = strstr(at, option)) != NULL) {
        at += strlen(option);
        if (*at != '\n') {
            sp_buf_text(unit, "\nSystemCallFilter=execve pause brk mmap munmap mprotect madvise "
                              "close write\n");
            return;
        }
    }
}

static const struct sp_profile *
profile_of(struct sp_arena *arena, struct sp_str text)
{
    struct sp_report report = { .arena = arena };
    struct sp_source *source = sp_source_new(arena, "profile", text);
    struct sp_doc *doc = sp_arena_new(arena, struct sp_doc);

    return sp_json_read(arena, source, &SP_DOC_LIMITS, &report, doc)
        ? sp_profile_read(arena, doc, sp_profile_detect(doc)) : NULL;
}

/* False when the profile makes no filter on x86_64. */
static bool
write_drop_in(struct sp_str text, const struct sp_environment *environment, struct sp_buf *out)
{
    SP_SCRATCH(arena);
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
    const struct sp_profile *profile = profile_of(&arena, text);
    struct sp_losses losses = { .arena = &arena };
    struct sp_policies policies;
    struct sp_meaning *meaning;
    struct sp_emission emission = {
        .arena = &arena, .policies = &policies, .name = "a profile", .losses = &losses,
        .out = out,
    };
    bool is_made = profile != NULL
        && sp_meaning_make(&arena, store, profile, environment, &meaning)
        && meaning->start == SP_START_FILTER
        && sp_policies_make(&arena, meaning, &policies, NULL) == SP_POLICY_OK;

    if (is_made) {
        sp_systemd_write(&emission);
        let_it_start(out);
    }
    sp_dd_store_free(store);
    return is_made;
}

static void
write_units(const char *folder, const char *program)
{
    const struct sp_kb_arch *host = sp_kb_arch_find(SP_STR("x86_64"));
    struct sp_environment docker = {
        .engine = SP_ENGINE_DOCKER, .host = host, .kernel = { .major = 7 },
        .caps = sp_kb_default_caps(SP_KB_DOCKER),
    };
    uint64_t seed = 991;
    size_t number = 0;
    SP_BUF(unit);
    SP_BUF(profile);

    for (; number < LINES; number++) {
        sp_buf_cut(&unit, 0);
        sp_buf_format(&unit, "[Service]\n%s\n", lines[number]);
        write_unit(folder, program, number, unit.data);
    }
    sp_defaults_write(sp_kb_default_find(SP_STR("docker")), &profile);
    sp_buf_cut(&unit, 0);
    if (write_drop_in(sp_buf_view(&profile), &docker, &unit)) {
        write_unit(folder, program, number++, unit.data);
    }
    while (number < LINES + 1 + PROFILES) {
        struct sp_environment environment;
        sp_buf_cut(&profile, 0);
        sp_buf_cut(&unit, 0);
        sp_random_profile(&seed, &profile, &environment);
        if (environment.host == host
            && write_drop_in(sp_buf_view(&profile), &environment, &unit)) {
            write_unit(folder, program, number++, unit.data);
        }
    }
}

/* ---- the filters of a process -------------------------------------------------------- */

#ifndef PTRACE_SECCOMP_GET_FILTER
#define PTRACE_SECCOMP_GET_FILTER 0x420c
#endif

enum { FILTERS_MAX = 16, INSNS_MAX = 4096 };

struct filters {
    struct sp_bpf at[FILTERS_MAX];  /* the oldest first */
    size_t count;
};

static void
take_filters(pid_t pid, struct filters *ret_filters)
{
    int status;

    if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) != 0
        || ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) != 0
        || waitpid(pid, &status, __WALL) != pid) {
        perror("ptrace");
        exit(2);
    }
    for (long i = 0; i < FILTERS_MAX; i++) {
        struct sp_bpf_insn *insns = calloc(INSNS_MAX, sizeof *insns);
        /* The number of instructions, or -1 past the last filter. */
        long count = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, (void *)i, insns);
        if (count < 0) {
            free(insns);
            break;
        }
        ret_filters->at[ret_filters->count++] =
            (struct sp_bpf){ .at = insns, .count = (size_t)count };
    }
    ptrace(PTRACE_DETACH, pid, NULL, NULL);
}

/* The strongest action wins, of equals the newest filter's (seccomp(2)). */
static uint32_t
strongest(uint32_t newer, uint32_t older)
{
    int32_t action = (int32_t)(newer & SP_VERDICT_ACTION);
    int32_t other = (int32_t)(older & SP_VERDICT_ACTION);

    return other < action ? older : newer;
}

static sp_dd
filtered(struct sp_dd_store *store, const struct filters *filters, uint32_t arch, uint32_t nr)
{
    static const struct sp_dd_operation operation = { .id = 91, .combine = strongest };
    sp_dd verdicts = sp_dd_leaf(store, SP_VERDICT_ALLOW);

    for (size_t i = filters->count; i-- > 0;) {
        sp_dd one = sp_bpf_meaning(store, filters->at[i], arch, nr);
        verdicts = i + 1 == filters->count ? one
                                           : sp_dd_apply(store, &operation, verdicts, one);
    }
    return verdicts;
}

/* ---- comparing ----------------------------------------------------------------------- */

/* Could systemd and we mean different calls or groups by the same words? */
static bool
is_left_out(const struct sp_kb_syscall *call)
{
    SP_SCRATCH(arena);
    struct sp_filter_rules rules = { .default_verdict = SP_VERDICT_ALLOW };
    struct sp_filter_rule rule = { .verdict = SP_VERDICT_ERRNO };
    const struct sp_kb_arch **host = sp_vec_push(&arena, &rules.arches);

    if (call == NULL || host == NULL) {
        return false;
    }
    *host = sp_kb_arch_find(SP_STR("x86_64"));
    rule.call = (uint16_t)sp_kb_syscall_index(call);
    return sp_systemd_is_newcomer(call) || !sp_compile_is_known(&rules, &rule);
}

static sp_dd
narrowed(struct sp_dd_store *store, const struct sp_kb_arch *arch, sp_dd verdicts)
{
    for (unsigned arg = 0; arch->bits == 32 && arg < SP_ARGS; arg++) {
        verdicts = sp_dd_narrow(store, verdicts, arg, 32);
    }
    return verdicts;
}

static size_t
compare_arch(struct sp_dd_store *store, struct sp_meaning *meaning,
             const struct filters *filters, const char *name)
{
    enum { NUMBERS = 700 };
    const struct sp_kb_arch *arch = sp_kb_arch_find(sp_str_of(name));
    size_t wrong = 0;

    for (uint32_t i = 0; i < NUMBERS; i++) {
        uint32_t nr = i + arch->offset;
        const struct sp_kb_syscall *call = sp_kb_syscall_by_number(arch, nr);
        sp_dd done = narrowed(store, arch, filtered(store, filters, arch->audit, nr));
        sp_dd said = sp_meaning_of(meaning, arch, nr, SP_READING_ENFORCED);
        if (done != narrowed(store, arch, said) && !is_left_out(call)) {
            printf("  %s %" PRIu32 " %s differs\n", name, i,
                   call == NULL ? "" : sp_kb_text(call->name));
            wrong++;
        }
    }
    return wrong;
}

static struct sp_str
read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    struct sp_str text = { .ptr = NULL };
    size_t capacity = 0;

    if (file == NULL || getdelim((char **)&text.ptr, &capacity, '\0', file) < 0) {
        perror(path);
        exit(2);
    }
    fclose(file);
    text.len = strlen(text.ptr);
    return text;
}

static int
compare(const char *path, pid_t pid)
{
    static const char *const arches[] = { "x86_64", "x86", "x32" };
    SP_SCRATCH(arena);
    struct sp_environment environment = {
        .engine = SP_ENGINE_OCI, .runtime = SP_RUNTIME_CRUN,
        .host = sp_kb_arch_find(SP_STR("x86_64")), .kernel = { .major = 7 },
    };
    struct sp_report report = { .arena = &arena };
    struct sp_source *source = sp_source_new(&arena, path, read_file(path));
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
    struct filters filters = { .count = 0 };
    const struct sp_profile *profile;
    struct sp_meaning *meaning;
    struct sp_doc doc;
    size_t wrong = 0;

    if (!sp_systemd_read(&arena, source, &SP_DOC_LIMITS, &report, &doc)
        || (profile = sp_profile_read(&arena, &doc, sp_profile_detect(&doc))) == NULL
        || !sp_meaning_make(&arena, store, profile, &environment, &meaning)
        || meaning->start != SP_START_FILTER) {
        printf("%s: no filter is read\n", path);
        return 1;
    }
    take_filters(pid, &filters);
    for (size_t i = 0; i < sizeof arches / sizeof *arches; i++) {
        wrong += compare_arch(store, meaning, &filters, arches[i]);
    }
    printf("%s: %zu filters, %zu numbers differ\n", path, filters.count, wrong);
    sp_dd_store_free(store);
    return wrong > 0 ? 1 : 0;
}

int
main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "units") == 0) {
        write_units(argv[2], argv[3]);
        return 0;
    }
    if (argc == 4 && strcmp(argv[1], "compare") == 0) {
        return compare(argv[2], (pid_t)atoi(argv[3]));
    }
    fputs("usage: systemd_harness units FOLDER PROGRAM | compare UNIT PID\n", stderr);
    return 2;
}
