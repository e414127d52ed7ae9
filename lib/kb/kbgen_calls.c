/* System calls: names first, since every other table refers to them, then numbers, arguments and
 * the links to the other tables. */
#include "kb/kbgen.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct call {
    const char *name;
    const struct kbgen_file *file;
    const struct sp_node *node;
};

static int
compare_calls(const void *left, const void *right)
{
    return strcmp(((const struct call *)left)->name, ((const struct call *)right)->name);
}

/* All rows of all categories, by name. */
static struct call *
sorted_calls(struct kbgen *gen, size_t *ret_count)
{
    struct kbgen_files files = kbgen_load(gen, "syscalls/");
    SP_VEC(struct call) calls = { .at = NULL };

    for (size_t i = 0; i < files.list.count; i++) {
        const struct kbgen_file *file = &files.list.at[i];
        for sp_node_each(node, kbgen_list(gen, file, "syscalls")) {
            struct call *call = sp_vec_push(&gen->arena, &calls);
            if (call != NULL) {
                *call = (struct call){
                    .name = kbgen_text(gen, file, node, "name", true), .file = file, .node = node,
                };
            }
        }
    }
    if (calls.count > 0) {
        qsort(calls.at, calls.count, sizeof *calls.at, compare_calls);
    }
    for (size_t i = 1; i < calls.count; i++) {
        if (strcmp(calls.at[i - 1].name, calls.at[i].name) == 0) {
            kbgen_fail(gen, calls.at[i].file, calls.at[i].node, "'%s' stands twice",
                       calls.at[i].name);
        }
    }
    *ret_count = calls.count;
    return calls.at;
}

/* The number columns, in order of appearance. */
static void
collect_tables(struct kbgen *gen, const struct call *call)
{
    const struct sp_node *numbers = sp_node_member(call->node, "numbers");

    if (numbers == NULL || numbers->kind != SP_NODE_OBJECT) {
        return;
    }
    for sp_node_each(each, numbers) {
        const char *name = sp_arena_copy(&gen->arena, each->key);
        if (name != NULL && kbgen_find(gen->tables.at, gen->tables.count, name) < 0) {
            const char **place = sp_vec_push(&gen->arena, &gen->tables);
            if (place != NULL) {
                *place = name;
            }
        }
    }
}

static void
collect_caps(struct kbgen *gen)
{
    struct kbgen_files files = kbgen_load(gen, "capabilities.yaml");

    for (size_t i = 0; i < files.list.count; i++) {
        const struct kbgen_file *file = &files.list.at[i];
        for sp_node_each(node, kbgen_list(gen, file, "capabilities")) {
            const char **place = sp_vec_push(&gen->arena, &gen->caps);
            if (place != NULL) {
                *place = kbgen_text(gen, file, node, "name", true);
            }
        }
    }
}

void
kbgen_collect_names(struct kbgen *gen)
{
    size_t count;
    const struct call *calls = sorted_calls(gen, &count);

    for (size_t i = 0; i < count; i++) {
        const char **place = sp_vec_push(&gen->arena, &gen->calls);
        if (place != NULL) {
            *place = calls[i].name;
        }
        collect_tables(gen, &calls[i]);
    }
    collect_caps(gen);
}

/* ---- arguments --------------------------------------------------------------------------------------- */

static const struct kbgen_field arg_fields[] = {
    { .key = "name", .type = KBGEN_TEXT, .required = true },
    { .key = "type", .type = KBGEN_TEXT, .required = true },
    { .key = "bits", .type = KBGEN_NUMBER, .required = true },
    { .key = "pointer", .type = KBGEN_FLAG },
    { .key = NULL },
};

static size_t
write_args(struct kbgen *gen, const struct call *calls, size_t count)
{
    size_t total = 0;

    sp_buf_text(&gen->out, "const struct sp_kb_arg sp_kb_args[] = {\n");
    for (size_t i = 0; i < count; i++) {
        const struct sp_node *args = sp_node_member(calls[i].node, "args");
        if (args == NULL) {
            continue;
        }
        if (args->count > 6) {
            kbgen_fail(gen, calls[i].file, args, "%u arguments are more than six", args->count);
        }
        for sp_node_each(node, args) {
            struct kbgen_row row = { .gen = gen, .file = calls[i].file, .node = node };
            kbgen_write_row(&row, arg_fields);
            total++;
        }
    }
    sp_buf_format(&gen->out, "};\nconst size_t sp_kb_args_count = %zu;\n\n", total);
    return total;
}

/* ---- links: which rows of other tables speak of a call ----------------------------------------------- */

/* A table whose rows name calls: in a scalar (`one`) or in a list (`many`). */
struct link {
    const char *file;
    const char *list;
    const char *one;
    const char *many;
    const char *uses;  /* the C table of row indices; NULL when the rows are in order of calls */
    unsigned *first;   /* by call */
    unsigned *count;
};

static bool
names_call(const struct link *link, const struct sp_node *row, const char *call)
{
    if (link->one != NULL) {
        return sp_node_is_string(sp_node_member(row, link->one), call);
    }
    const struct sp_node *list = sp_node_member(row, link->many);
    if (list == NULL || list->kind != SP_NODE_ARRAY) {
        return false;
    }
    for sp_node_each(each, list) {
        if (sp_node_is_string(each, call)) {
            return true;
        }
    }
    return false;
}

static void
link_calls(struct kbgen *gen, struct link *link)
{
    struct kbgen_files files = kbgen_load(gen, link->file);
    unsigned total = 0;

    link->first = sp_arena_new_array(&gen->arena, gen->calls.count, unsigned);
    link->count = sp_arena_new_array(&gen->arena, gen->calls.count, unsigned);
    if (files.list.count == 0 || link->first == NULL || link->count == NULL) {
        return;
    }
    const struct sp_node *rows = kbgen_list(gen, &files.list.at[0], link->list);
    if (link->uses != NULL) {
        sp_buf_format(&gen->out, "const uint16_t %s[] = {", link->uses);
    }
    for (size_t i = 0; i < gen->calls.count; i++) {
        link->first[i] = total;
        for sp_node_each(row, rows) {
            if (!names_call(link, row, gen->calls.at[i])) {
                continue;
            }
            if (link->uses == NULL && link->count[i] == 0) {
                link->first[i] = row->index;
            } else if (link->uses == NULL && row->index != link->first[i] + link->count[i]) {
                kbgen_fail(gen, &files.list.at[0], row, "rows of '%s' must stand together",
                           gen->calls.at[i]);
            }
            if (link->uses != NULL) {
                sp_buf_format(&gen->out, " %u,", row->index);
            }
            link->count[i]++;
            total++;
        }
    }
    if (link->uses != NULL) {
        sp_buf_text(&gen->out, total == 0 ? " 0 };\n\n" : " };\n\n");
    }
}

enum { GATES, CVES, FAMILIES, SWITCHES, BLOCKED, LINKS };

static const char *const link_members[LINKS] = { "gates", "cves", "families", "switches", NULL };

/* ---- the table ----------------------------------------------------------------------------------------- */

static const struct kbgen_field call_fields[] = {
    { .key = "name", .type = KBGEN_TEXT, .required = true },
    { .key = "does", .type = KBGEN_TEXT, .required = true },
    { .key = "note", .type = KBGEN_TEXT },
    { .key = "since", .type = KBGEN_KERNEL },
    { .key = "removed", .type = KBGEN_KERNEL },
    { .key = "numbers", .type = KBGEN_CUSTOM },
    { .key = "args", .type = KBGEN_CUSTOM },
    { .key = NULL },
};

/* "data/syscalls/file-io.yaml": the category is the file's name. */
static const char *
category_of(struct kbgen *gen, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    const char *copy = sp_arena_copy(&gen->arena, sp_str_slice(sp_str_of(base), 0,
                                                               strlen(base) - strlen(".yaml")));
    return copy == NULL ? "" : copy;
}

static void
write_call(struct kbgen *gen, const struct call *call, size_t index, const struct link *links,
           size_t *next_arg)
{
    const struct sp_node *args = sp_node_member(call->node, "args");
    size_t arg_count = args == NULL ? 0 : args->count;
    struct kbgen_row row = { .gen = gen, .file = call->file, .node = call->node };

    kbgen_write_row(&row, call_fields);
    /* The row ends with "},\n": what belongs to no field goes in before it. */
    if (sp_str_has_suffix(sp_buf_view(&gen->out), "},\n")) {
        sp_buf_cut(&gen->out, gen->out.len - 3);
    }
    sp_buf_format(&gen->out, ".category = %" PRIu32 ", .args_known = %s, .args = { %zu, %zu }, ",
                  kbgen_intern(gen, category_of(gen, call->file->path)),
                  args == NULL ? "false" : "true", *next_arg, arg_count);
    for (size_t i = 0; i < LINKS; i++) {
        if (link_members[i] != NULL && links[i].count[index] > 0) {
            sp_buf_format(&gen->out, ".%s = { %u, %u }, ", link_members[i], links[i].first[index],
                          links[i].count[index]);
        }
    }
    if (links[BLOCKED].count[index] > 0) {
        sp_buf_format(&gen->out, ".blocked = %u, ", links[BLOCKED].first[index] + 1);
    }
    sp_buf_text(&gen->out, "},\n");
    *next_arg += arg_count;
}

/* ---- numbers -------------------------------------------------------------------------------------------- */

static void
write_numbers(struct kbgen *gen, const struct call *calls, size_t count)
{
    sp_buf_text(&gen->out, "const struct sp_kb_table sp_kb_tables[] = {\n");
    for (size_t t = 0; t < gen->tables.count; t++) {
        sp_buf_format(&gen->out, "    { .name = %" PRIu32 " },\n",
                      kbgen_intern(gen, gen->tables.at[t]));
    }
    sp_buf_format(&gen->out, "};\nconst size_t sp_kb_tables_count = %zu;\n\n", gen->tables.count);

    sp_buf_text(&gen->out, "const int32_t sp_kb_numbers[] = {\n");
    for (size_t t = 0; t < gen->tables.count; t++) {
        for (size_t i = 0; i < count; i++) {
            const struct sp_node *numbers = sp_node_member(calls[i].node, "numbers");
            bool has = sp_node_member(numbers, gen->tables.at[t]) != NULL;
            sp_buf_format(&gen->out, has ? "%" PRIu64 ",%s" : "-1,%.0" PRIu64 "%s",
                          has ? kbgen_number(gen, calls[i].file, numbers, gen->tables.at[t], true, 0)
                              : 0, i % 16 == 15 ? "\n" : "");
        }
        sp_buf_text(&gen->out, "\n");
    }
    sp_buf_text(&gen->out, "};\n\n");
}

struct numbered {
    uint64_t number;
    size_t call;
};

static int
compare_numbers(const void *left, const void *right)
{
    const struct numbered *l = left;
    const struct numbered *r = right;

    return (l->number > r->number) - (l->number < r->number);
}

/* Calls by number, for each column: the way back from a number to a name. */
static void
write_by_number(struct kbgen *gen, const struct call *calls, size_t count)
{
    struct numbered *all = sp_arena_new_array(&gen->arena, count, struct numbered);
    SP_BUF(ranges);
    size_t first = 0;

    sp_buf_text(&gen->out, "const uint16_t sp_kb_by_number[] = {\n");
    for (size_t t = 0; t < gen->tables.count && all != NULL; t++) {
        size_t n = 0;
        for (size_t i = 0; i < count; i++) {
            const struct sp_node *numbers = sp_node_member(calls[i].node, "numbers");
            if (sp_node_member(numbers, gen->tables.at[t]) != NULL) {
                all[n].number = kbgen_number(gen, calls[i].file, numbers, gen->tables.at[t], true, 0);
                all[n++].call = i;
            }
        }
        qsort(all, n, sizeof *all, compare_numbers);
        for (size_t i = 0; i < n; i++) {
            if (i > 0 && all[i].number == all[i - 1].number) {
                kbgen_fail(gen, calls[all[i].call].file, calls[all[i].call].node,
                           "%s and %s have the same number for %s", calls[all[i - 1].call].name,
                           calls[all[i].call].name, gen->tables.at[t]);
            }
            sp_buf_format(&gen->out, "%zu,%s", all[i].call, i % 16 == 15 ? "\n" : "");
        }
        sp_buf_format(&ranges, "    { %zu, %zu },\n", first, n);
        sp_buf_text(&gen->out, "\n");
        first += n;
    }
    sp_buf_text(&gen->out, "};\n\nconst struct sp_kb_range sp_kb_number_ranges[] = {\n");
    sp_buf_add(&gen->out, sp_buf_view(&ranges));
    sp_buf_text(&gen->out, "};\n\n");
}

void
kbgen_write_calls_table(struct kbgen *gen)
{
    struct link links[LINKS] = {
        [GATES] = { .file = "gates.yaml", .list = "gates", .one = "syscall" },
        [CVES] = { .file = "cves.yaml", .list = "cves", .many = "calls", .uses = "sp_kb_cve_uses" },
        [FAMILIES] = { .file = "families.yaml", .list = "families", .many = "members",
                       .uses = "sp_kb_family_uses" },
        [SWITCHES] = { .file = "switches.yaml", .list = "switches", .one = "have" },
        [BLOCKED] = { .file = "docker-blocked.yaml", .list = "blocked", .one = "syscall" },
    };
    size_t count;
    const struct call *calls = sorted_calls(gen, &count);
    size_t next_arg = 0;

    for (size_t i = 0; i < LINKS; i++) {
        link_calls(gen, &links[i]);
    }
    if (gen->arena.failed) {
        return;
    }
    write_args(gen, calls, count);
    sp_buf_text(&gen->out, "const struct sp_kb_syscall sp_kb_syscalls[] = {\n");
    for (size_t i = 0; i < count; i++) {
        write_call(gen, &calls[i], i, links, &next_arg);
    }
    sp_buf_format(&gen->out, "};\nconst size_t sp_kb_syscalls_count = %zu;\n\n", count);
    write_numbers(gen, calls, count);
    write_by_number(gen, calls, count);
}
