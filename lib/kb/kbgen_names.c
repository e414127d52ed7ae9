/* The rows of all tables, in their final order, and their names, so that rows can refer to each
 * other whichever is written first. */
#include "kb/kbgen.h"

#include "base/closest.h"

#include <stdlib.h>
#include <string.h>

struct kbgen_part *
kbgen_part_of(struct kbgen *gen, const char *name)
{
    for (size_t i = 0; i < kbgen_table_count; i++) {
        if (strcmp(kbgen_tables[i].name, name) == 0) {
            return &gen->parts[i];
        }
    }
    abort();  /* a mistake in kbgen_tables.c */
}

/* ---- names --------------------------------------------------------------------------- */

void
kbgen_add_name(struct kbgen *gen, struct kbgen_part *part, const char *name, size_t row)
{
    struct kbgen_name *place = sp_vec_push(&gen->arena, &part->names);

    if (place != NULL) {
        *place = (struct kbgen_name){ .name = name, .row = row };
    }
}

/* Equal names in the order of their rows, so that it is the later one that is refused. */
static int
compare_names(const void *left, const void *right)
{
    const struct kbgen_name *l = left;
    const struct kbgen_name *r = right;
    int order = strcmp(l->name, r->name);

    return order != 0 ? order : (l->row > r->row) - (l->row < r->row);
}

void
kbgen_sort_names(struct kbgen_part *part)
{
    if (part->names.count > 0) {
        qsort(part->names.at, part->names.count, sizeof *part->names.at, compare_names);
    }
}

static int
compare_to_name(const void *key, const void *place)
{
    const struct sp_str *name = key;

    return sp_str_compare(*name, sp_str_of(((const struct kbgen_name *)place)->name));
}

long
kbgen_peek(struct kbgen *gen, const char *table, struct sp_str name)
{
    const struct kbgen_part *part = kbgen_part_of(gen, table);
    const struct kbgen_name *found =
        part->names.count == 0 ? NULL : bsearch(&name, part->names.at, part->names.count,
                                                sizeof *part->names.at, compare_to_name);
    return found == NULL ? -1 : (long)found->row;
}

long
kbgen_find(const struct kbgen_row *row, const char *table, const struct sp_node *node,
           struct sp_str name)
{
    const struct kbgen_part *part = kbgen_part_of(row->gen, table);
    struct sp_closest closest = sp_closest_to(name);
    long found = kbgen_peek(row->gen, table, name);

    if (found >= 0) {
        return found;
    }
    for (size_t i = 0; i < part->names.count; i++) {
        sp_closest_offer(&closest, part->names.at[i].name);
    }
    if (closest.count > 0) {
        kbgen_fail(row->gen, row->file, node, "no %s is called '%.*s'; '%s' is",
                   part->table->noun, SP_STR_ARG(name), closest.best[0].name);
    } else {
        kbgen_fail(row->gen, row->file, node, "no %s is called '%.*s'", part->table->noun,
                   SP_STR_ARG(name));
    }
    return -1;
}

/* ---- keys ---------------------------------------------------------------------------- */

static struct sp_str
key_text(const struct sp_node *row, const char *key)
{
    const struct sp_node *node = kbgen_value(row, key);

    return node == NULL ? SP_STR("") : node->text;
}

/* All keys of a row as one name: "clone / new namespaces". */
static const char *
key_of(struct kbgen *gen, const struct kbgen_table *table, const struct sp_node *row)
{
    SP_BUF(buf);

    for (size_t i = 0; i < KBGEN_KEYS && table->keys[i] != NULL; i++) {
        struct sp_str text = key_text(row, table->keys[i]);
        sp_buf_text(&buf, buf.len > 0 && text.len > 0 ? " / " : "");
        sp_buf_add(&buf, text);
    }
    const char *copy = sp_arena_copy(&gen->arena, sp_buf_view(&buf));
    gen->arena.failed |= buf.failed;
    return copy == NULL ? "" : copy;
}

static void
fail_twice(struct kbgen *gen, const struct kbgen_source *source, const char *name)
{
    kbgen_fail(gen, source->file, source->node, "'%s' stands twice", name);
}

static const struct sp_node *
child_at(const struct sp_node *list, size_t index)
{
    const struct sp_node *child = list->first;

    for (; index > 0; index--) {
        child = child->next;
    }
    return child;
}

void
kbgen_check_unique(const struct kbgen_row *row, const struct kbgen_table *table,
                   const struct sp_node *list)
{
    struct kbgen_part names = { .table = table };

    if (table->keys[0] == NULL) {
        return;
    }
    for sp_node_each(node, list) {
        kbgen_add_name(row->gen, &names, key_of(row->gen, table, node), node->index);
    }
    kbgen_sort_names(&names);
    for (size_t i = 1; i < names.names.count; i++) {
        const struct kbgen_name *name = &names.names.at[i];
        if (strcmp(name[-1].name, name->name) == 0 && *name->name != '\0') {
            kbgen_fail(row->gen, row->file, child_at(list, name->row),
                       "'%s' stands twice in this list", name->name);
        }
    }
}

/* ---- rows ---------------------------------------------------------------------------- */

static void
add_row(struct kbgen *gen, struct kbgen_part *part, const struct kbgen_file *file,
        const struct sp_node *node)
{
    const char *key = part->table->keys[0];
    struct kbgen_source *source = sp_vec_push(&gen->arena, &part->rows);
    const char *name = key == NULL ? "" : sp_arena_copy(&gen->arena, key_text(node, key));

    if (source != NULL) {
        *source = (struct kbgen_source){ .file = file, .node = node, .name = name };
    }
}

/* A row is a mapping, unless it is only a name. */
static bool
is_row(struct kbgen *gen, const struct kbgen_table *table, const struct kbgen_file *file,
       const struct sp_node *node)
{
    bool is_name = table->keys[0] != NULL && *table->keys[0] == '\0';

    if (is_name || node->kind == SP_NODE_OBJECT) {
        return true;
    }
    kbgen_fail(gen, file, node, "a row of '%s' is %s, not a mapping", table->list,
               sp_node_kind_text(node->kind));
    return false;
}

static void
add_list(struct kbgen *gen, struct kbgen_part *part, const struct kbgen_file *file)
{
    const struct sp_node *list = sp_node_member(file->doc.root, part->table->list);

    if (list == NULL) {
        kbgen_fail(gen, file, file->doc.root, "'%s' is missing", part->table->list);
        return;
    }
    if (list->kind != SP_NODE_ARRAY || list->count == 0) {
        kbgen_fail(gen, file, list, "'%s' is no list of rows", part->table->list);
        return;
    }

    size_t first = part->rows.count;
    for sp_node_each(node, list) {
        if (is_row(gen, part->table, file, node)) {
            add_row(gen, part, file, node);
        }
    }
    for (size_t i = first + 1; i < part->rows.count && !part->table->as_written; i++) {
        const struct kbgen_source *row = &part->rows.at[i];
        if (strcmp(row[-1].name, row->name) > 0) {
            kbgen_fail(gen, file, row->node, "'%s' must stand before '%s': rows are sorted",
                       row->name, row[-1].name);
        }
    }
}

/* By name; equal ones as they were read. */
static int
compare_rows(const void *left, const void *right)
{
    const struct kbgen_source *l = left;
    const struct kbgen_source *r = right;
    int order = strcmp(l->name, r->name);

    if (order != 0 || l->file != r->file) {
        return order != 0 ? order : (l->file > r->file) - (l->file < r->file);
    }
    return (l->node->index > r->node->index) - (l->node->index < r->node->index);
}

static void
collect_rows(struct kbgen *gen, struct kbgen_part *part)
{
    const struct kbgen_table *table = part->table;

    for (size_t i = 0; i < gen->files.count && table->file != NULL; i++) {
        const struct kbgen_file *file = &gen->files.at[i];
        if (strcmp(file->pattern, table->file) != 0) {
            continue;
        }
        if (table->list == NULL) {
            add_row(gen, part, file, file->doc.root);
        } else {
            add_list(gen, part, file);
        }
    }
    if (part->rows.count > 0 && !table->as_written && !gen->arena.failed) {
        qsort(part->rows.at, part->rows.count, sizeof *part->rows.at, compare_rows);
    }
}

static void
collect_names(struct kbgen *gen, struct kbgen_part *part)
{
    if (part->table->keys[0] == NULL) {
        return;
    }
    for (size_t i = 0; i < part->rows.count; i++) {
        kbgen_add_name(gen, part, key_of(gen, part->table, part->rows.at[i].node), i);
    }
    kbgen_sort_names(part);
    for (size_t i = 1; i < part->names.count; i++) {
        const struct kbgen_name *name = &part->names.at[i];
        if (strcmp(name[-1].name, name->name) == 0 && *name->name != '\0') {
            fail_twice(gen, &part->rows.at[name->row], name->name);
        }
    }
}

void
kbgen_collect(struct kbgen *gen)
{
    for (size_t i = 0; i < kbgen_table_count; i++) {
        collect_rows(gen, &gen->parts[i]);
        if (!gen->arena.failed) {
            collect_names(gen, &gen->parts[i]);
        }
    }
}
