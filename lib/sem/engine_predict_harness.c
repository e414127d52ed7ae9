/* What we say of a container. */
#include "sem/engine_harness.h"

#include "base/file.h"
#include "format/defaults_write.h"
#include "format/profile_read.h"
#include "kb/defaults.h"
#include "text/json_read.h"

#include <string.h>

static void
make_environment(struct engine_run *run)
{
    enum sp_runtime runtime = engine_ways[run->job->way].runtime;

    run->environment = (struct sp_environment){
        .engine = engine_ways[run->job->way].engine,
        .runtime = runtime,
        .runtime_version = engine_version(engine_machine.runtimes[runtime]),
        .libseccomp = engine_machine.libseccomp,
        .host = sp_kb_arch_native(),
        .kernel = engine_machine.kernel,
        .caps = run->job->caps,
    };
    if (run->environment.engine == SP_ENGINE_DOCKER) {
        /* Without dockerd, its resolution is still that of a version that we know. */
        run->environment.engine_version =
            engine_version(engine_machine.docker == NULL ? "20.10.24" : engine_machine.docker);
    }
}

/* Many values of one argument: too long for a file, and perhaps for the kernel. */
static void
write_long(uint64_t rules, struct sp_buf *buf)
{
    sp_buf_text(buf, "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [");
    for (uint64_t i = 0; i < rules; i++) {
        sp_buf_format(buf, "%s{\"names\": [\"getpriority\"], \"action\": "
                           "\"SCMP_ACT_ERRNO\", \"args\": [{\"index\": 0, \"value\": %llu, "
                           "\"op\": \"SCMP_CMP_EQ\"}]}",
                      i == 0 ? "" : ",\n", (unsigned long long)i);
    }
    sp_buf_text(buf, "]}\n");
}

bool
engine_is_own(const struct engine_job *job)
{
    return strcmp(job->profile, ENGINE_OWN) == 0;
}

static bool
write_made(struct engine_run *run, struct sp_buf *buf)
{
    static const char prefix[] = "long:";
    const char *word = engine_is_own(run->job)
        ? engine_format(run->arena, "docker@%s", engine_machine.docker) : run->job->profile;
    struct sp_str name = sp_str_of(word);
    const struct sp_kb_default *built_in = sp_kb_default_find(name);
    uint64_t rules;

    if (engine_is_own(run->job) && built_in == NULL) {
        engine_fail("no default profile is known of Docker %s", engine_machine.docker);
    }
    if (built_in != NULL) {
        sp_defaults_write(built_in, buf);
        return true;
    }
    if (sp_str_has_prefix(name, prefix)
        && sp_str_to_decimal(sp_str_slice(name, strlen(prefix), name.len), &rules)) {
        write_long(rules, buf);
        return true;
    }
    return false;
}

static void
read_text(struct engine_run *run)
{
    SP_BUF(buf);

    if (write_made(run, &buf)) {
        char *copy = buf.failed ? NULL : sp_arena_copy(run->arena, sp_buf_view(&buf));
        run->text = (struct sp_str){ .ptr = engine_need(copy), .len = buf.len };
        return;
    }
    const char *path =
        engine_format(run->arena, "%s/%s", engine_machine.folder, run->job->profile);
    if (sp_file_read(run->arena, path, 1 << 24, &run->text) != SP_FILE_OK) {
        engine_fail("%s: cannot be read", path);
    }
}

/* Calls that a runtime makes itself under the filter, found by denying one after the other;
 * without them it does not start the container. */
struct needs {
    enum sp_runtime runtime;
    bool no_new_privs;
    const char *names;
};

static const struct needs needs[] = {
    { SP_RUNTIME_RUNC, true, "close execve fstatfs getdents64 openat write" },
    { SP_RUNTIME_RUNC, false,
      "close execve fstatfs getdents64 openat write capget capset chdir fstat futex getcwd "
      "getppid newfstatat prctl read setgid setgroups setuid" },
    { SP_RUNTIME_CRUN, true, "execve" },
    { SP_RUNTIME_CRUN, false,
      "capset execve prctl rt_sigaction rt_sigprocmask setresgid setresuid write" },
};

static bool
lets_through(sp_verdict verdict)
{
    return (verdict & SP_VERDICT_ACTION) >= SP_VERDICT_LOG
        && (verdict & SP_VERDICT_ACTION) <= SP_VERDICT_ALLOW;
}

sp_verdict
engine_simulate(struct engine_run *run, unsigned abi, uint32_t nr, const uint64_t *args,
         struct sp_outcome *ret_outcome)
{
    const struct sp_kb_arch *arch = engine_arch(abi);
    struct sp_call call = { .arch = arch->audit, .nr = nr + arch->offset };

    memcpy(call.args, args, sizeof call.args);
    if (!sp_meaning_simulate(run->meaning, arch, &call, ret_outcome)) {
        engine_fail("out of memory");
    }
    return ret_outcome->verdict;
}

static bool
starves(struct engine_run *run, struct sp_str names)
{
    const uint64_t args[SP_ARGS] = { 0x7f0000001000, 0x7f0000001000, 0x7f0000001000,
                                     0x7f0000001000, 0x7f0000001000, 0x7f0000001000 };
    struct sp_str name;

    while (engine_next_word(&names, &name)) {
        int64_t number = sp_kb_number(engine_arch(ABI_SYSCALL), sp_kb_syscall_find(name));
        struct sp_outcome outcome;
        engine_simulate(run, ABI_SYSCALL, (uint32_t)number, args, &outcome);
        if (!lets_through(outcome.verdict)) {
            return true;
        }
    }
    return false;
}

/* A profile that starves its runtime does not start a container either. */
static void
predict_start(struct engine_run *run)
{
    run->start = run->meaning->start;
    if (run->start != SP_START_FILTER) {
        return;
    }
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
        if (needs[i].runtime == run->environment.runtime
            && needs[i].no_new_privs == run->job->no_new_privs
            && starves(run, sp_str_of(needs[i].names))) {
            run->start = SP_START_REFUSED;
        }
    }
}

static void
predict_meaning(struct engine_run *run, struct sp_dd_store *store)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = run->arena };
    const struct sp_source *source =
        engine_need(sp_source_new(run->arena, run->job->profile, run->text));
    struct sp_doc *doc = engine_need(sp_arena_new(run->arena, struct sp_doc));

    if (!sp_json_read(run->arena, source, &limits, &report, doc)) {
        run->start = SP_START_REFUSED;
        return;
    }
    const struct sp_profile *profile = engine_need((void *)(uintptr_t)sp_profile_read(
        run->arena, doc, sp_profile_detect(doc)));
    if (!sp_meaning_make(run->arena, store, profile, &run->environment, &run->meaning)) {
        engine_fail("out of memory");
    }
    predict_start(run);
}

void
engine_predict(struct engine_run *run, struct sp_dd_store *store)
{
    make_environment(run);
    read_text(run);
    predict_meaning(run, store);
}
