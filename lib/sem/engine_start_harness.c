/* Starting containers, and ending those that do not end. */
#include "sem/engine_harness.h"

#include "base/file.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- files --------------------------------------------------------------------------- */

static const char *
engine_path(const struct engine_run *run, const char *name)
{
    return engine_format(run->arena, "%s/%s", run->folder, name);
}

static void
write_file(const char *path, const void *first, size_t first_size, const void *second,
           size_t second_size)
{
    FILE *file = fopen(path, "wb");

    if (file == NULL || fwrite(first, 1, first_size, file) != first_size
        || fwrite(second, 1, second_size, file) != second_size || fclose(file) != 0
        || chmod(path, 0666) != 0) {
        engine_fail("%s: cannot be written", path);
    }
}

static void
write_files(struct engine_run *run)
{
    SP_BUF(config);
    struct engine_head head = { .count = (uint32_t)run->records.count };

    write_file(engine_path(run, "io"), &head, sizeof head, run->records.at,
               run->records.count * sizeof *run->records.at);
    write_file(engine_path(run, "profile.json"), run->text.ptr, run->text.len, "", 0);
    if (!engine_ways[run->job->way].is_dockerd) {
        engine_write_config(run, &config);
        if (config.failed) {
            engine_fail("out of memory");
        }
        write_file(engine_path(run, "config.json"), config.data, config.len, "", 0);
    }
}

static void
read_answers(struct engine_run *run)
{
    FILE *file = fopen(engine_path(run, "io"), "rb");
    size_t count = run->records.count;

    if (file == NULL || fread(&run->head, sizeof run->head, 1, file) != 1
        || fread(run->records.at, sizeof *run->records.at, count, file) != count) {
        engine_fail("the answers of a container cannot be read");
    }
    fclose(file);
    file = fopen(engine_path(run, "out"), "rb");
    size_t length = file == NULL ? 0 : fread(run->said, 1, sizeof run->said - 1, file);
    for (size_t i = 0; i < length; i++) {
        run->said[i] = run->said[i] == '\n' ? ' ' : run->said[i];
    }
    if (file != NULL) {
        fclose(file);
    }
}

/* ---- starting ------------------------------------------------------------------------ */

enum { WORDS = 32 };

struct command {
    const char *words[WORDS];
    size_t count;
};

static void
say(struct command *command, const char *word)
{
    if (command->count + 1 < WORDS) {
        command->words[command->count++] = word;
    }
}

/* Docker takes one capability an option. */
static void
say_caps(struct engine_run *run, struct command *command, const char *option, const char *list)
{
    struct sp_str rest = sp_str_of(list);
    struct sp_str piece;

    while (sp_str_next(&rest, ",", &piece)) {
        say(command, option);
        say(command, engine_need(sp_arena_copy(run->arena, piece)));
    }
}

static void
make_docker_command(struct engine_run *run, struct command *command)
{
    static const char *const first[] = { "docker", "-H" };
    static const char *const then[] = {
        "run", "--rm", "--network", "none", "--user", "65534:65534", "--cidfile",
    };

    for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
        say(command, first[i]);
    }
    say(command, engine_format(run->arena, "unix://%s/docker.sock", engine_machine.work));
    for (size_t i = 0; i < sizeof then / sizeof *then; i++) {
        say(command, then[i]);
    }
    say(command, engine_path(run, "cid"));
    if (!engine_is_own(run->job)) {
        say(command, "--security-opt");
        say(command, engine_format(run->arena, "seccomp=%s/profile.json", run->folder));
    }
    say(command, "--volume");
    say(command, engine_format(run->arena, "%s/io:/io", run->folder));
    say_caps(run, command, "--cap-add", run->job->cap_add);
    say_caps(run, command, "--cap-drop", run->job->cap_drop);
    if (run->job->no_new_privs) {
        say(command, "--security-opt=no-new-privileges");
    }
    if (run->job->is_privileged) {
        say(command, "--privileged");
    }
    say(command, "probe");
    say(command, "/probe");
}

static void
make_runtime_command(struct engine_run *run, struct command *command)
{
    const char *runtime = engine_runtimes[engine_ways[run->job->way].runtime];

    say(command, runtime);
    say(command, "--root");
    say(command, engine_format(run->arena, "%s/%s-state", engine_machine.work, runtime));
    say(command, "run");
    say(command, "--bundle");
    say(command, run->folder);
    say(command, run->id);
}

static pid_t
start(const struct engine_run *run, const struct command *command)
{
    const char *out = engine_path(run, "out");
    pid_t child = fork();

    if (child == 0) {
        int null = open("/dev/null", O_RDONLY);
        int file = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0644);
        if (null >= 0 && file >= 0 && dup2(null, 0) == 0 && dup2(file, 1) == 1
            && dup2(file, 2) == 2) {
            execvp(command->words[0], (char *const *)(uintptr_t)command->words);
        }
        _exit(127);
    }
    if (child < 0) {
        engine_fail("no process: %s", strerror(errno));
    }
    return child;
}

/* False when the time is over. */
static bool
wait_for(pid_t child, unsigned milliseconds, int *ret_status)
{
    const struct timespec pause = { .tv_nsec = 2000000 };

    for (unsigned waited = 0; waited < milliseconds; waited += 2) {
        if (waitpid(child, ret_status, WNOHANG) == child) {
            return true;
        }
        nanosleep(&pause, NULL);
    }
    return false;
}

/* ---- ending what does not end -------------------------------------------------------- */

static struct sp_str
read_proc(struct sp_arena *arena, const char *pid, const char *name)
{
    const char *path = engine_format(arena, "/proc/%s/%s", pid, name);
    char *text = engine_need(sp_arena_alloc(arena, 4096));
    FILE *file = fopen(path, "rb");
    size_t length = file == NULL ? 0 : fread(text, 1, 4095, file);

    if (file != NULL) {
        fclose(file);
    }
    return (struct sp_str){ .ptr = text, .len = length };
}

static bool
is_of(struct sp_arena *arena, const char *pid, const char *id)
{
    struct sp_str line = read_proc(arena, pid, "cmdline");

    return memmem(line.ptr, line.len, id, strlen(id)) != NULL;
}

/* A process of ours whose command names the container, or whose parent's does. */
static void
end_process(const char *pid, const char *id)
{
    SP_SCRATCH(scratch);
    struct sp_str stat = read_proc(&scratch, pid, "stat");
    const char *name_end = memrchr(stat.ptr, ')', stat.len);
    char parent[16];

    if (name_end == NULL || sscanf(name_end, ") %*c %15s", parent) != 1) {
        return;
    }
    if (is_of(&scratch, pid, id) || is_of(&scratch, parent, id)) {
        kill((pid_t)strtol(pid, NULL, 10), SIGKILL);
    }
}

/* Children first: the runtime's own would be left to spin. */
static void
end_all(const char *id)
{
    DIR *folder = opendir("/proc");
    const struct dirent *entry;

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (isdigit((unsigned char)entry->d_name[0])
            && strtol(entry->d_name, NULL, 10) != (long)getpid()) {
            end_process(entry->d_name, id);
        }
    }
    if (folder != NULL) {
        closedir(folder);
    }
}

static void
clear(struct engine_run *run)
{
    struct command command = { .count = 0 };
    int status;

    make_runtime_command(run, &command);
    command.words[3] = "delete";
    command.words[4] = "--force";
    command.words[5] = run->id;
    command.words[6] = NULL;
    pid_t child = start(run, &command);
    if (!wait_for(child, 5000, &status)) {
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
    }
}

static void
end(struct engine_run *run, pid_t child)
{
    int status;
    struct sp_str cid = { 0 };

    if (engine_ways[run->job->way].is_dockerd
        && sp_file_read(run->arena, engine_path(run, "cid"), 128, &cid) == SP_FILE_OK
        && cid.len >= 32) {
        end_all(cid.ptr);
    }
    end_all(run->id);
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
}

/* ---- one container ------------------------------------------------------------------- */

enum { PATIENCE = 40000, PATIENCE_ENDLESS = 3000 };

static void
observe_start(struct engine_run *run, bool has_ended)
{
    if (run->head.state == 0) {
        run->observed = has_ended || run->job->hangs ? SP_START_REFUSED : SP_START_ENDLESS;
    } else {
        run->observed = run->head.seccomp == 0 ? SP_START_UNCONFINED : SP_START_FILTER;
    }
}

void
engine_run_container(struct engine_run *run)
{
    struct command command = { .count = 0 };
    bool is_dockerd = engine_ways[run->job->way].is_dockerd;
    bool is_brief = run->job->hangs || run->start == SP_START_ENDLESS
        || run->job->start == SP_START_ENDLESS;
    int status;

    unlink(engine_path(run, "cid"));
    write_files(run);
    (is_dockerd ? make_docker_command : make_runtime_command)(run, &command);
    pid_t child = start(run, &command);
    bool has_ended = wait_for(child, is_brief ? PATIENCE_ENDLESS : PATIENCE, &status);
    if (!has_ended) {
        end(run, child);
    }
    read_answers(run);
    observe_start(run, has_ended);
    if (!is_dockerd && (!has_ended || run->head.state == 0)) {
        clear(run);
    }
}
