#include "kb/kbgen.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The names that no libseccomp knows: a list beside the table of versions. */
static void
write_unknown(struct kbgen *gen)
{
    struct kbgen_files files = kbgen_load(gen, "libseccomp.yaml");

    if (files.list.count > 0) {
        const struct sp_node *list = kbgen_list(gen, &files.list.at[0], "unknown");
        size_t first = gen->indices.count;
        for sp_node_each(each, list) {
            uint16_t *place = sp_vec_push(&gen->arena, &gen->indices);
            if (place != NULL) {
                *place = kbgen_call(gen, &files.list.at[0], each, each->text);
            }
        }
        sp_buf_format(&gen->out, "const struct sp_kb_range sp_kb_libseccomp_unknown = { %zu, %u };\n",
                      first, list->count);
    }
}

static void
write_all(struct kbgen *gen)
{
    sp_buf_text(&gen->out, "/* Made by kbgen from data/; do not edit. */\n"
                           "#include \"kb/defaults.h\"\n#include \"kb/kb.h\"\n\n");
    kbgen_collect_names(gen);
    kbgen_write_calls_table(gen);
    for (size_t i = 0; i < kbgen_table_count; i++) {
        kbgen_write_table(gen, &kbgen_tables[i]);
    }
    kbgen_write_sets(gen);
    kbgen_write_defaults(gen);
    write_unknown(gen);
    kbgen_write_pool(gen);
}

/* Whole or not at all: an interrupted run leaves no half table behind. */
static bool
save(const struct sp_buf *text, const char *path)
{
    char temporary[4096];

    snprintf(temporary, sizeof temporary, "%s.new", path);
    FILE *file = fopen(temporary, "w");
    if (file == NULL || fwrite(text->data, 1, text->len, file) != text->len || fclose(file) != 0
        || rename(temporary, path) != 0) {
        fprintf(stderr, "kbgen: cannot write %s: %s\n", path, strerror(errno));
        unlink(temporary);
        return false;
    }
    return true;
}

int
main(int argc, char **argv)
{
    struct kbgen gen = { .data = argc == 3 ? argv[1] : NULL, .date = "" };

    if (argc != 3) {
        fputs("usage: kbgen DATA OUT.c\n", stderr);
        return 2;
    }
    kbgen_intern(&gen, "");  /* offset 0 is the empty text */
    write_all(&gen);
    if (gen.arena.failed || gen.out.failed || gen.pool.failed) {
        fputs("kbgen: out of memory\n", stderr);
        return 3;
    }
    bool saved = !gen.failed && save(&gen.out, argv[2]);

    free(gen.pool_slots);
    sp_buf_free(&gen.pool);
    sp_buf_free(&gen.out);
    sp_arena_free(&gen.arena);
    return saved ? 0 : 1;
}
