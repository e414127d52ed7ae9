/* Firejail's own tool, fseccomp, and the filters that it writes: for tests. */
#ifndef SP_FORMAT_FIREJAIL_TOOL_TESTING_H
#define SP_FORMAT_FIREJAIL_TOOL_TESTING_H

#include "kb/kb.h"
#include "model/bpf.h"
#include "sem/dd.h"

enum { SP_FIREJAIL_FILTERS = 3, SP_FIREJAIL_PATH = 64 };

/* Filters, the newest first. */
struct sp_firejail_tool {
    const char *path;
    char folder[32];
    struct sp_bpf filters[SP_FIREJAIL_FILTERS];
    size_t count;
};

/* The tool; NULL, with a note, where it is not installed or was not made for x86_64. */
const char *
sp_firejail_tool_find(void);

void
sp_firejail_tool_begin(struct sp_firejail_tool *tool, const char *path);

/* The path of a file that the tool is to write. */
void
sp_firejail_tool_file(const struct sp_firejail_tool *tool, const char *name,
                      char (*ret_path)[SP_FIREJAIL_PATH]);

/* Runs it with an error action; `words` ends with NULL. */
void
sp_firejail_tool_run(const struct sp_firejail_tool *tool, const char *action,
                     const char *const *words);

/* Takes a filter that the tool may have written. */
void
sp_firejail_tool_take(struct sp_firejail_tool *tool, const char *name);

/* What all filters together answer (kernel/seccomp.c, seccomp_run_filters). */
sp_dd
sp_firejail_tool_meaning(struct sp_dd_store *store, const struct sp_firejail_tool *tool,
                         const struct sp_kb_arch *arch, uint32_t nr);

void
sp_firejail_tool_end(struct sp_firejail_tool *tool);

#endif
