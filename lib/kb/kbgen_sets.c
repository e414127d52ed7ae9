/* Sets of constants and the arguments that take them. */
#include "kb/kbgen.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct kbgen_field value_fields[] = {
    { .key = "name", .type = KBGEN_TEXT, .required = true },
    { .key = "value", .type = KBGEN_NUMBER, .required = true },
    { .key = "note", .type = KBGEN_TEXT },
    { .key = "alias", .type = KBGEN_FLAG },
    { .key = NULL },
};

static const struct kbgen_choice kinds[] = {
    { .word = "enum", .c = "false" }, { .word = "flags", .c = "true" }, { .word = NULL },
};

static const struct kbgen_field set_fields[] = {
    { .key = "name", .type = KBGEN_TEXT, .required = true },
    { .key = "kind", .member = "flags", .type = KBGEN_CHOICE, .required = true, .choices = kinds },
    { .key = "args", .type = KBGEN_CUSTOM },
    { .key = "mask", .type = KBGEN_CUSTOM },
    { .key = "note", .type = KBGEN_CUSTOM },
    { .key = "values", .type = KBGEN_CUSTOM, .required = true },
    { .key = NULL },
};

struct use {
    uint16_t call;
    uint8_t arg;
    uint8_t set;
};

struct uses {
    SP_VEC(struct use) list;
};

/* "socket.0" */
static void
add_use(const struct kbgen_row *row, const struct sp_node *node, unsigned set, struct uses *uses)
{
    struct sp_str rest = node->text;
    struct sp_str name;
    uint64_t arg = 0;

    if (!sp_str_next(&rest, ".", &name) || !sp_str_to_u64(rest, &arg) || arg > 5) {
        kbgen_fail(row->gen, row->file, node, "'%.*s' is no argument, such as socket.0",
                   SP_STR_ARG(node->text));
        return;
    }
    struct use *use = sp_vec_push(&row->gen->arena, &uses->list);
    if (use != NULL) {
        *use = (struct use){
            .call = kbgen_call(row->gen, row->file, node, name),
            .arg = (uint8_t)arg,
            .set = (uint8_t)set,
        };
    }
}

static int
compare_uses(const void *left, const void *right)
{
    const struct use *l = left;
    const struct use *r = right;
    int order = (l->call > r->call) - (l->call < r->call);

    order = order != 0 ? order : (l->arg > r->arg) - (l->arg < r->arg);
    return order != 0 ? order : (l->set > r->set) - (l->set < r->set);
}

static void
write_uses(struct kbgen *gen, struct uses *uses)
{
    if (uses->list.count > 0) {
        qsort(uses->list.at, uses->list.count, sizeof *uses->list.at, compare_uses);
    }
    sp_buf_text(&gen->out, "const struct sp_kb_set_use sp_kb_set_uses[] = {\n");
    for (size_t i = 0; i < uses->list.count; i++) {
        const struct use *use = &uses->list.at[i];
        sp_buf_format(&gen->out, "    { .syscall = %u, .arg = %u, .set = %u },\n", use->call,
                      use->arg, use->set);
    }
    sp_buf_format(&gen->out, "};\nconst size_t sp_kb_set_uses_count = %zu;\n\n", uses->list.count);
}

/* A set's row, its values kept aside in `sets` order: values first, since rows refer to them. */
static void
write_set(const struct kbgen_row *row, struct sp_buf *sets, size_t *next_value,
          struct uses *uses)
{
    struct kbgen *gen = row->gen;
    const struct sp_node *values = sp_node_member(row->node, "values");
    const struct sp_node *args = sp_node_member(row->node, "args");
    uint64_t mask = kbgen_number(gen, row->file, row->node, "mask", false, UINT64_MAX);
    size_t mark;

    if (args != NULL) {
        for sp_node_each(node, args) {
            add_use(row, node, row->node->index, uses);
        }
    }
    for sp_node_each(node, values) {
        kbgen_write_row(&(struct kbgen_row){ .gen = gen, .file = row->file, .node = node },
                        value_fields);
    }
    mark = gen->out.len;
    kbgen_write_row(row, set_fields);
    if (!sp_str_has_suffix(sp_buf_view(&gen->out), "},\n")) {
        return;
    }
    sp_buf_add(sets, sp_str_slice(sp_buf_view(&gen->out), mark, gen->out.len - 3));
    sp_buf_cut(&gen->out, mark);
    sp_buf_format(sets, ".mask = UINT64_C(%" PRIu64 "), .values = { %zu, %u } },\n", mask,
                  *next_value, values->count);
    *next_value += values->count;
}

void
kbgen_write_sets(struct kbgen *gen)
{
    struct kbgen_files files = kbgen_load(gen, "constants.yaml");
    struct uses uses = { .list = { .at = NULL } };
    size_t next_value = 0;
    size_t count = 0;
    SP_BUF(sets);

    if (files.list.count == 0) {
        return;
    }
    sp_buf_text(&gen->out, "const struct sp_kb_constant sp_kb_constants[] = {\n");
    for sp_node_each(node, kbgen_list(gen, &files.list.at[0], "sets")) {
        struct kbgen_row row = { .gen = gen, .file = &files.list.at[0], .node = node };
        if (sp_node_member(node, "values") == NULL) {
            kbgen_fail(gen, row.file, node, "'values' is missing");
            continue;
        }
        write_set(&row, &sets, &next_value, &uses);
        count++;
    }
    sp_buf_format(&gen->out, "};\nconst size_t sp_kb_constants_count = %zu;\n\n", next_value);
    sp_buf_text(&gen->out, "const struct sp_kb_set sp_kb_sets[] = {\n");
    sp_buf_add(&gen->out, sp_buf_view(&sets));
    sp_buf_format(&gen->out, "};\nconst size_t sp_kb_sets_count = %zu;\n\n", count);
    write_uses(gen, &uses);
}
