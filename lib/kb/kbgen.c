#include "kb/kbgen.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- the tables as C ----------------------------------------------------------------- */

/* A table without rows still is an array, which C wants to have one element. */
static void
print_part(const struct kbgen_part *part, struct sp_buf *out)
{
    const struct kbgen_table *table = part->table;

    if (table->type == NULL) {
        return;
    }
    sp_buf_format(out, "const %s %s[] = {\n", table->type, table->name);
    sp_buf_add(out, sp_buf_view(&part->out));
    sp_buf_text(out, part->count > 0 ? "};\n" : "    0\n};\n");
    if (!table->uncounted) {
        sp_buf_format(out, "const size_t %s_count = %zu;\n", table->name, part->count);
    }
    sp_buf_char(out, '\n');
}

static void
print_all(struct kbgen *gen, struct sp_buf *out)
{
    sp_buf_text(out, "/* Made by kbgen from data/; changes belong there. */\n"
                     "#include \"kb/defaults.h\"\n"
                     "#include \"kb/kb.h\"\n\n");
    for (size_t i = 0; i < kbgen_table_count; i++) {
        print_part(&gen->parts[i], out);
        out->failed |= gen->parts[i].out.failed;
    }
    sp_buf_add(out, sp_buf_view(&gen->lists));
    kbgen_print_pool(gen, out);
    out->failed |= gen->lists.failed || gen->pool.failed || gen->arena.failed;
}

/* ---- from data to text --------------------------------------------------------------- */

/* The faults of one step would only raise others in the next. */
static bool
make(struct kbgen *gen, struct sp_buf *out)
{
    static void (*const steps[])(struct kbgen *gen) = {
        kbgen_load,       kbgen_collect,        kbgen_collect_columns,
        kbgen_write_rows, kbgen_write_defaults, kbgen_write_set_uses, kbgen_write_numbers,
        kbgen_write_unknown,
    };

    if (gen->data == NULL) {
        return false;
    }
    gen->parts = sp_arena_new_array(&gen->arena, kbgen_table_count, struct kbgen_part);
    for (size_t i = 0; i < kbgen_table_count && gen->parts != NULL; i++) {
        gen->parts[i].table = &kbgen_tables[i];
    }
    (void)kbgen_intern(gen, "");  /* offset 0 is the empty text */
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (gen->failed || gen->arena.failed) {
            return false;
        }
        steps[i](gen);
    }
    print_all(gen, out);
    return !gen->failed;
}

static void
clean_up(struct kbgen *gen)
{
    for (size_t i = 0; i < kbgen_table_count && gen->parts != NULL; i++) {
        sp_buf_free(&gen->parts[i].out);
    }
    sp_buf_free(&gen->pool);
    sp_buf_free(&gen->lists);
    sp_arena_free(&gen->arena);
}

/* ---- out ----------------------------------------------------------------------------- */

static bool
write_file(const char *path, const struct sp_buf *text)
{
    FILE *file = fopen(path, "w");

    if (file == NULL) {
        return false;
    }
    bool written = fwrite(text->data, 1, text->len, file) == text->len;
    return fclose(file) == 0 && written;
}

/* Whole or not at all: a run that is interrupted leaves no half of a table. */
static bool
save(const struct sp_buf *text, const char *path)
{
    SP_BUF(temporary);

    sp_buf_format(&temporary, "%s.new", path);
    if (temporary.failed) {
        return false;
    }
    if (!write_file(temporary.data, text) || rename(temporary.data, path) != 0) {
        fprintf(stderr, "kbgen: cannot write %s: %s\n", path, strerror(errno));
        unlink(temporary.data);
        return false;
    }
    return true;
}

/* "data/" is the same folder as "data", and paths in messages have one slash. */
static const char *
without_slash(struct sp_arena *arena, const char *path)
{
    struct sp_str folder = sp_str_of(path);

    while (folder.len > 1 && folder.ptr[folder.len - 1] == '/') {
        folder.len--;
    }
    return sp_arena_copy(arena, folder);
}

int
main(int argc, char **argv)
{
    struct kbgen gen = { .date = "" };
    SP_BUF(out);

    if (argc != 3) {
        fputs("usage: kbgen DATA OUT.c\n", stderr);
        return 2;
    }
    gen.data = without_slash(&gen.arena, argv[1]);
    bool made = make(&gen, &out);
    if (out.failed || gen.arena.failed) {
        fputs("kbgen: out of memory\n", stderr);
        made = false;
    }
    made = made && save(&out, argv[2]);
    clean_up(&gen);
    return made ? 0 : 1;
}
