#include "ops/operand.h"

#include "base/file.h"
#include "format/defaults_write.h"
#include "format/read.h"
#include "kb/defaults.h"

#include <string.h>
#include <unistd.h>

static const char *const endings[] = { ".json", ".yaml", ".yml", ".policy" };

bool
sp_operand_has_ending(const char *path)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (sp_str_has_suffix(sp_str_of(path), endings[i])) {
            return true;
        }
    }
    return false;
}

enum sp_operand
sp_operand_kind(const char *word)
{
    bool is_path = strchr(word, '/') != NULL || sp_operand_has_ending(word)
        || sp_read_has_ending(word);

    if (!is_path && sp_kb_default_find(sp_str_of(word)) != NULL) {
        return SP_OPERAND_BUILTIN;
    }
    if (sp_file_is_folder(word)) {
        return SP_OPERAND_FOLDER;
    }
    return is_path || access(word, F_OK) == 0 ? SP_OPERAND_FILE : SP_OPERAND_UNKNOWN;
}

struct sp_str
sp_operand_builtin(struct sp_arena *arena, const char *name)
{
    const struct sp_kb_default *profile = sp_kb_default_find(sp_str_of(name));
    SP_BUF(buf);

    if (profile == NULL) {
        return SP_STR("");
    }
    sp_defaults_write(profile, &buf);
    char *copy = buf.failed ? NULL : sp_arena_copy(arena, sp_buf_view(&buf));
    if (copy == NULL) {
        arena->failed = true;
        return SP_STR("");
    }
    return (struct sp_str){ .ptr = copy, .len = buf.len };
}

/* By the names of series in data/releases. */
static const struct {
    const char *series;
    enum sp_engine engine;
} engines[] = {
    { "containers-common", SP_ENGINE_PODMAN },
    { "containers-golang", SP_ENGINE_PODMAN },
    { "crio", SP_ENGINE_CRIO },
    { "podman", SP_ENGINE_PODMAN },
};

void
sp_operand_choose_engine(const char *name, enum sp_dialect dialect, struct sp_target *target)
{
    struct sp_kb_builtin builtin;

    sp_read_choose_engine(dialect, target);
    if (target->engine_given || sp_operand_kind(name) != SP_OPERAND_BUILTIN
        || !sp_kb_builtin_find(sp_str_of(name), &builtin)) {
        return;
    }
    for (size_t i = 0; i < sizeof engines / sizeof *engines; i++) {
        if (strcmp(engines[i].series, sp_kb_text(builtin.series->name)) == 0) {
            target->engine = engines[i].engine;
        }
    }
}
