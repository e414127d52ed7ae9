/* What we say a profile does against what engines make of it: dockerd, runc and crun start real
 * containers, in which testdata/engines/probe.c makes the calls.
 *
 *   engine_harness FOLDER WORK [runc=VERSION] [crun=VERSION] [docker=VERSION]
 *                              [libseccomp=VERSION]
 *
 * FOLDER holds tables (*.table) and profiles; WORK holds `rootfs` with the probe, and
 * `docker.sock` of a dockerd that has the image `probe`.  An engine whose version is not given
 * is left out; libseccomp is the linked one unless it is said.
 *
 * Docker's default is left in WORK as docker.json.
 *
 * A table has one word a line that says what the rest is:
 *
 *   case NAME                of the lines below, for messages
 *   profile FILE             in FOLDER; or the name of a built-in profile; or "long:N", which
 *                            has N rules
 *   on WAY... [: OPTION...]  one container for each way, by which the profile goes to a runtime
 *   start HOW                what becomes of these containers; "filter" unless it is said
 *   call CALL VERDICT        what is expected of a call: "x86:socketcall(1, 0) ALLOW"
 *
 * Options: cap-add=CAP_X,CAP_Y and cap-drop=CAP_X (or ALL), no-new-privileges, privileged (only
 * the start is compared, with the table's), hangs (a refusal that the client does not hear of).
 *
 * Each container is asked for the calls of the table, for every number of three ABIs, and for
 * calls on both sides of every condition.  Exit status: 0 when everything agrees, 1, 2 for
 * trouble. */
#include "sem/engine_harness.h"

#include "format/defaults_write.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- what the parts share ------------------------------------------------------------ */

const char *const engine_abi_prefixes[ABIS] = { "", "x32:", "x86:" };

const struct engine_way engine_ways[WAYS] = {
    [WAY_DOCKERD] = { .name = "docker", .engine = SP_ENGINE_DOCKER, .runtime = SP_RUNTIME_RUNC,
                      .is_dockerd = true },
    [WAY_DOCKER_RUNC] = { .name = "docker/runc", .engine = SP_ENGINE_DOCKER,
                          .runtime = SP_RUNTIME_RUNC, .is_resolved = true },
    [WAY_DOCKER_CRUN] = { .name = "docker/crun", .engine = SP_ENGINE_DOCKER,
                          .runtime = SP_RUNTIME_CRUN, .is_resolved = true },
    [WAY_RUNC] = { .name = "runc", .engine = SP_ENGINE_OCI, .runtime = SP_RUNTIME_RUNC },
    [WAY_CRUN] = { .name = "crun", .engine = SP_ENGINE_OCI, .runtime = SP_RUNTIME_CRUN },
};

const char *const engine_runtimes[] = {
    [SP_RUNTIME_RUNC] = "runc", [SP_RUNTIME_CRUN] = "crun"
};

static const struct sp_name start_rows[] = {
    { .name = "endless", .value = SP_START_ENDLESS },
    { .name = "filter", .value = SP_START_FILTER },
    { .name = "refused", .value = SP_START_REFUSED },
    { .name = "unconfined", .value = SP_START_UNCONFINED },
};
const struct sp_names engine_starts = {
    .rows = start_rows, .count = sizeof start_rows / sizeof *start_rows
};

struct engine_machine engine_machine;
struct sp_arena engine_arena;
struct engine_jobs engine_jobs;

const struct sp_kb_arch *
engine_arch(unsigned abi)
{
    static const char *const names[ABIS] = { "x86_64", "x32", "x86" };

    return sp_kb_arch_find(sp_str_of(names[abi]));
}

void
engine_fail(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(2);
}

void *
engine_need(void *memory)
{
    if (memory == NULL) {
        engine_fail("out of memory");
    }
    return memory;
}

struct sp_version
engine_version(const char *text)
{
    struct sp_version version = { 0 };

    if (text == NULL || !sp_version_parse(sp_str_of(text), &version)) {
        engine_fail("'%s' is no version", text == NULL ? "" : text);
    }
    return version;
}

const char *
engine_format(struct sp_arena *arena, const char *format, ...)
{
    va_list arguments;
    char *text = NULL;

    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        engine_fail("out of memory");
    }
    const char *copy = engine_need(
        sp_arena_copy(arena, (struct sp_str){ .ptr = text, .len = (size_t)length }));
    free(text);
    return copy;
}

bool
engine_next_word(struct sp_str *rest, struct sp_str *ret_word)
{
    while (sp_str_next(rest, " \t", ret_word)) {
        if (ret_word->len > 0) {
            return true;
        }
    }
    return false;
}

/* ---- workers ------------------------------------------------------------------------- */

enum { WORKERS = 3, GROUPS = 64 };

/* What the containers of one table and way came to. */
struct group {
    const char *table;
    enum way way;
    size_t passed, failed, points, disagreed, left_out;
};

static struct shared {
    size_t next;
    size_t group_count;
    struct group groups[GROUPS];
} *shared;

static struct group *
group_of(const struct engine_job *job)
{
    for (size_t i = 0; i < shared->group_count; i++) {
        struct group *group = &shared->groups[i];
        if (group->way == job->way && strcmp(group->table, job->table) == 0) {
            return group;
        }
    }
    if (shared->group_count == GROUPS) {
        engine_fail("more than %d groups", GROUPS);
    }
    struct group *group = &shared->groups[shared->group_count++];
    *group = (struct group){ .table = job->table, .way = job->way };
    return group;
}

static bool
is_here(const struct engine_job *job)
{
    const struct engine_way *way = &engine_ways[job->way];

    return way->is_dockerd ? engine_machine.docker != NULL
                           : engine_machine.runtimes[way->runtime] != NULL;
}

static void
count(struct engine_run *run)
{
    struct group *group = group_of(run->job);

    size_t *result = run->disagreed == 0 ? &group->passed : &group->failed;
    __atomic_add_fetch(result, 1, __ATOMIC_SEQ_CST);
    __atomic_add_fetch(&group->points, run->agreed, __ATOMIC_SEQ_CST);
    __atomic_add_fetch(&group->disagreed, run->disagreed, __ATOMIC_SEQ_CST);
    if (run->disagreed > ENGINE_LISTED) {
        fprintf(run->out, "%s, %s, %s: and %zu more\n", run->job->name, run->job->profile,
                engine_ways[run->job->way].name, run->disagreed - ENGINE_LISTED);
    }
}

/* What Docker refuses never comes to a runtime. */
static bool
has_nothing_to_run(const struct engine_run *run)
{
    return engine_ways[run->job->way].is_resolved
        && (run->meaning == NULL || run->meaning->oci.resolution == SP_RESOLUTION_REFUSED);
}

static void
run_job(const struct engine_job *job, size_t number, const char *folder, FILE *out)
{
    SP_SCRATCH(scratch);
    struct sp_dd_store *store = engine_need(sp_dd_store_new(SP_DD_BUDGET));
    struct engine_run run = { .arena = &scratch, .job = job, .folder = folder, .out = out };

    snprintf(run.id, sizeof run.id, "secprof-%ld-%zu", (long)getpid(), number);
    engine_predict(&run, store);
    if (job->is_privileged) {
        run.start = job->start;
    }
    engine_points(&run);
    if (has_nothing_to_run(&run)) {
        engine_disagree(&run, "Docker refuses it, so that there is nothing to run");
    } else {
        engine_run_container(&run);
        engine_compare(&run);
    }
    count(&run);
    sp_dd_store_free(store);
}

static void
work(unsigned number, FILE *out)
{
    const char *folder =
        engine_format(&engine_arena, "%s/worker%u", engine_machine.work, number);

    if (mkdir(folder, 0755) != 0 && errno != EEXIST) {
        engine_fail("%s: cannot be made", folder);
    }
    for (;;) {
        size_t i = __atomic_fetch_add(&shared->next, 1, __ATOMIC_SEQ_CST);
        if (i >= engine_jobs.list.count) {
            return;
        }
        if (is_here(&engine_jobs.list.at[i])) {
            run_job(&engine_jobs.list.at[i], i, folder, out);
            fflush(out);
        }
    }
}

static void
copy_out(FILE *from)
{
    int byte;

    rewind(from);
    while ((byte = getc(from)) != EOF) {
        putchar(byte);
    }
}

static bool
run_workers(void)
{
    pid_t children[WORKERS];
    FILE *outs[WORKERS];
    bool is_well = true;

    for (unsigned i = 0; i < WORKERS; i++) {
        outs[i] = engine_need(tmpfile());
        fflush(NULL);
        children[i] = fork();
        if (children[i] == 0) {
            work(i, outs[i]);
            fflush(outs[i]);
            _exit(0);
        }
    }
    for (unsigned i = 0; i < WORKERS; i++) {
        int status = 0;
        is_well &= children[i] > 0 && waitpid(children[i], &status, 0) == children[i];
        is_well &= status == 0;
        copy_out(outs[i]);
        fclose(outs[i]);
    }
    return is_well;
}

static void
make_groups(void)
{
    for (size_t i = 0; i < engine_jobs.list.count; i++) {
        group_of(&engine_jobs.list.at[i])->left_out += is_here(&engine_jobs.list.at[i]) ? 0 : 1;
    }
}

/* ---- the program --------------------------------------------------------------------- */

static void
print_some(const char *what, size_t number)
{
    if (number > 0) {
        printf(", %zu %s", number, what);
    }
}

static int
report(void)
{
    size_t passed = 0;
    size_t failed = 0;

    for (size_t i = 0; i < shared->group_count; i++) {
        const struct group *group = &shared->groups[i];
        printf("%s, %s: %zu containers, %zu points agree", group->table,
               engine_ways[group->way].name, group->passed + group->failed, group->points);
        print_some("disagree", group->disagreed);
        print_some("left out", group->left_out);
        putchar('\n');
        passed += group->passed;
        failed += group->failed;
    }
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed > 0;
}

static void
read_kernel(void)
{
    struct utsname names;

    if (uname(&names) != 0) {
        engine_fail("uname: %s", strerror(errno));
    }
    size_t length = strspn(names.release, "0123456789.");
    while (length > 0
           && !sp_version_parse((struct sp_str){ .ptr = names.release, .len = length },
                                &engine_machine.kernel)) {
        length--;
    }
}

static void
read_engine(const char *word)
{
    const char *sign = strchr(word, '=');
    size_t length = sign == NULL ? 0 : (size_t)(sign - word);
    struct sp_str name = { .ptr = word, .len = length };

    if (sp_str_is(name, "docker")) {
        engine_machine.docker = sign + 1;
    } else if (sp_str_is(name, "runc")) {
        engine_machine.runtimes[SP_RUNTIME_RUNC] = sign + 1;
    } else if (sp_str_is(name, "crun")) {
        engine_machine.runtimes[SP_RUNTIME_CRUN] = sign + 1;
    } else if (sp_str_is(name, "libseccomp")) {
        engine_machine.libseccomp = engine_version(sign + 1);
    } else {
        engine_fail("unknown engine '%s'", word);
    }
}

/* For comparisons that need no harness. */
static void
leave_default(void)
{
    const struct sp_kb_default *docker = sp_kb_default_find(SP_STR("docker"));
    SP_BUF(path);
    SP_BUF(text);

    if (docker == NULL) {
        engine_fail("there is no built-in profile 'docker'");
    }
    sp_buf_format(&path, "%s/docker.json", engine_machine.work);
    sp_defaults_write(docker, &text);
    FILE *file = path.failed || text.failed ? NULL : fopen(path.data, "w");
    if (file == NULL || fwrite(text.data, 1, text.len, file) != text.len || fclose(file) != 0) {
        engine_fail("%s: cannot be written", path.data);
    }
}

int
main(int argc, char **argv)
{
    if (argc < 4) {
        engine_fail("usage: engine_harness FOLDER WORK ENGINE=VERSION...");
    }
    engine_machine.folder = argv[1];
    engine_machine.work = argv[2];
    engine_machine.libseccomp = sp_compile_libseccomp();
    for (int i = 3; i < argc; i++) {
        read_engine(argv[i]);
    }
    read_kernel();
    leave_default();
    engine_read_tables();
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
                  0);
    if (shared == MAP_FAILED) {
        engine_fail("out of memory");
    }
    make_groups();
    if (!run_workers()) {
        engine_fail("a worker did not come to its end");
    }
    return report();
}
