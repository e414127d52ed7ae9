#include "ops/diff_testing.h"

#include "base/testing.h"
#include "format/defaults_write.h"
#include "format/profile_testing.h"

#include <string.h>

void
sp_diff_both_begin(struct sp_diff_both *both)
{
    both->sides = sp_diff_sides_new(&both->arena);
    ck_assert_ptr_nonnull(both->sides);
}

void
sp_diff_both_end(struct sp_diff_both *both)
{
    sp_diff_sides_free(both->sides);
    sp_arena_free(&both->arena);
}

struct sp_target
sp_diff_testing_target(const char *engine, const char *arches)
{
    const struct sp_target_words words = {
        .engine = engine, .arches = &arches, .arch_count = arches != NULL,
    };
    struct sp_target target;
    SP_BUF(why);

    ck_assert_msg(sp_target_read(&words, &target, &why), "%s", why.data);
    return target;
}

void
sp_diff_both_add(struct sp_diff_both *both, unsigned index, const char *text,
                 struct sp_target target)
{
    both->profiles[index] = sp_testing_profile(&both->arena, sp_str_of(text));
    both->targets[index] = target;
    both->at[index] = sp_diff_side_new(both->sides, both->profiles[index], &both->targets[index]);
    ck_assert_ptr_nonnull(both->at[index]);
}

void
sp_diff_both_add_content(struct sp_diff_both *both, unsigned index,
                         const struct sp_kb_default *content, const char *arches)
{
    const char *line = sp_kb_text(content->line);
    const char *engine = strcmp(line, "containers") == 0 ? "podman"
        : strcmp(line, "crio") == 0 ? "crio" : "docker";
    SP_BUF(text);

    sp_defaults_write(content, &text);
    ck_assert(!text.failed);
    const char *copy = sp_arena_copy(&both->arena, sp_buf_view(&text));
    sp_diff_both_add(both, index, copy, sp_diff_testing_target(engine, arches));
}

void
sp_diff_both_add_builtin(struct sp_diff_both *both, unsigned index, const char *name,
                         const char *arches)
{
    const struct sp_kb_default *content = sp_kb_default_find(sp_str_of(name));

    ck_assert_ptr_nonnull(content);
    sp_diff_both_add_content(both, index, content, arches);
}

struct sp_diff
sp_diff_both_diff(struct sp_diff_both *both, unsigned from, unsigned to)
{
    struct sp_diff diff;

    ck_assert(sp_diff_make(&both->arena, both->at[from], both->at[to], &diff));
    return diff;
}
