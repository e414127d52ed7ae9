#include "format/firejail_tool_testing.h"

#include "base/testing.h"
#include "sem/bpf_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

const char *
sp_firejail_tool_find(void)
{
    static const char *const places[] = {
        "/usr/lib/x86_64-linux-gnu/firejail/fseccomp",
        "/usr/lib/firejail/fseccomp",
        "/usr/lib64/firejail/fseccomp",
    };
    const struct sp_kb_arch *native = sp_kb_arch_native();

    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (native == sp_kb_arch_find(SP_STR("x86_64")) && access(places[i], X_OK) == 0) {
            return places[i];
        }
    }
    fprintf(stderr, "skipped: firejail is not installed\n");
    return NULL;
}

void
sp_firejail_tool_begin(struct sp_firejail_tool *tool, const char *path)
{
    *tool = (struct sp_firejail_tool){ .path = path, .folder = "/tmp/secprof-firejail-XXXXXX" };
    ck_assert_ptr_nonnull(mkdtemp(tool->folder));
}

void
sp_firejail_tool_file(const struct sp_firejail_tool *tool, const char *name,
                      char (*ret_path)[SP_FIREJAIL_PATH])
{
    ck_assert_int_lt(snprintf(*ret_path, sizeof *ret_path, "%s/%s", tool->folder, name),
                     (int)sizeof *ret_path);
}

void
sp_firejail_tool_run(const struct sp_firejail_tool *tool, const char *action,
                     const char *const *words)
{
    const char *argv[10] = { tool->path };
    int status;

    for (size_t i = 0; words[i] != NULL; i++) {
        ck_assert_uint_lt(i, 8);
        argv[i + 1] = words[i];
    }
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        (void)setenv("FIREJAIL_QUIET", "yes", 1);
        (void)setenv("FIREJAIL_SECCOMP_ERROR_ACTION", action, 1);
        execv(tool->path, (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}

void
sp_firejail_tool_take(struct sp_firejail_tool *tool, const char *name)
{
    char path[SP_FIREJAIL_PATH];

    sp_firejail_tool_file(tool, name, &path);
    if (access(path, R_OK) != 0) {
        return;
    }
    struct sp_str bytes = sp_testing_read(path);
    ck_assert_uint_eq(bytes.len % sizeof(struct sp_bpf_insn), 0);
    struct sp_bpf program = {
        .at = (const void *)bytes.ptr, .count = bytes.len / sizeof(struct sp_bpf_insn),
    };
    size_t at;

    ck_assert_ptr_null(sp_bpf_refused(program, &at));
    tool->filters[tool->count++] = program;
    ck_assert_int_eq(unlink(path), 0);
}

void
sp_firejail_tool_end(struct sp_firejail_tool *tool)
{
    ck_assert_int_eq(rmdir(tool->folder), 0);
    for (size_t i = 0; i < tool->count; i++) {
        free((void *)(uintptr_t)tool->filters[i].at);
    }
}

static uint32_t
stronger(uint32_t newer, uint32_t older)
{
    return (int32_t)(newer & SP_VERDICT_ACTION) <= (int32_t)(older & SP_VERDICT_ACTION) ? newer
                                                                                         : older;
}

sp_dd
sp_firejail_tool_meaning(struct sp_dd_store *store, const struct sp_firejail_tool *tool,
                         const struct sp_kb_arch *arch, uint32_t nr)
{
    static const struct sp_dd_operation operation = { .id = 200, .combine = stronger };
    sp_dd meaning = sp_bpf_meaning(store, tool->filters[0], arch->audit, nr);

    for (size_t i = 1; i < tool->count; i++) {
        meaning = sp_dd_apply(store, &operation, meaning,
                              sp_bpf_meaning(store, tool->filters[i], arch->audit, nr));
    }
    return meaning;
}
