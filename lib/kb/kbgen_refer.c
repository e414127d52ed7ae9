/* Names of rows, rows within rows, and the rows that name this one. */
#include "kb/kbgen.h"

#include <inttypes.h>

/* The index of the row that a text names; -1 when there is none, which has been said. */
static long
find_row(const struct kbgen_row *row, const struct kbgen_field *field,
         const struct sp_node *node)
{
    return kbgen_is_text(row, node) ? kbgen_find(row, field->to, node, node->text) : -1;
}

KBGEN_FIELD(kbgen_ref)
{
    kbgen_set(row, field, "%ld", find_row(row, field, node));
}

static bool
has_value(const struct kbgen_list *list, uint32_t value)
{
    for (size_t i = 0; i < list->values.count; i++) {
        if (list->values.at[i] == value) {
            return true;
        }
    }
    return false;
}

KBGEN_FIELD(kbgen_refs)
{
    struct kbgen_list list = { .values = { .at = NULL } };

    if (!kbgen_is_list(row, node, field->may_be_empty)) {
        return;
    }
    for sp_node_each(each, node) {
        long index = find_row(row, field, each);
        if (index >= 0 && has_value(&list, (uint32_t)index)) {
            kbgen_fail(row->gen, row->file, each, "'%s' stands twice in this list",
                       each->text.ptr);
        }
        kbgen_add(row->gen, &list, (size_t)index);
    }
    kbgen_set_range(row, field, kbgen_put(row->gen, &row->gen->indices, &list));
}

KBGEN_FIELD(kbgen_name)
{
    (void)find_row(row, field, node);
    kbgen_text(row, field, node);
}

KBGEN_FIELD(kbgen_names)
{
    kbgen_texts(row, field, node);
    if (node->kind == SP_NODE_ARRAY) {
        for sp_node_each(each, node) {
            (void)find_row(row, field, each);
        }
    }
}

/* ---- rows within rows ---------------------------------------------------------------- */

KBGEN_FIELD(kbgen_inner)
{
    if (kbgen_is_mapping(row, node)) {
        struct kbgen_row inner = *row;
        inner.node = node;
        kbgen_check_keys(&inner, field->fields);
        kbgen_write_fields(&inner, field->fields);
    }
}

KBGEN_FIELD(kbgen_rows)
{
    struct kbgen_part *part = kbgen_part_of(row->gen, field->to);
    struct kbgen_range range = { .first = part->count };

    if (!kbgen_is_list(row, node, field->may_be_empty)) {
        return;
    }
    if (field->max != 0 && node->count > field->max) {
        kbgen_fail(row->gen, row->file, node, "'%s' has %u entries, more than %" PRIu64,
                   field->key, node->count, field->max);
    }
    kbgen_check_unique(row, part->table, node);
    for sp_node_each(each, node) {
        kbgen_write_row(&(struct kbgen_row){
            .gen = row->gen,
            .file = row->file,
            .node = each,
            .part = part,
            .index = part->count,
        });
    }
    range.count = part->count - range.first;
    kbgen_set_range(row, field, range);
    if (field->known != NULL) {
        kbgen_set(row, &(struct kbgen_field){ .member = field->known }, "true");
    }
}

/* ---- rows that name this one --------------------------------------------------------- */

static bool
names_row(const struct sp_node *value, const char *name)
{
    if (value == NULL || value->kind != SP_NODE_ARRAY) {
        return sp_node_is_string(value, name);
    }
    for sp_node_each(each, value) {
        if (sp_node_is_string(each, name)) {
            return true;
        }
    }
    return false;
}

/* The rows of `field->to` whose `field->via` names this row. */
static struct kbgen_list
find_namers(const struct kbgen_row *row, const struct kbgen_field *field)
{
    const struct kbgen_part *part = kbgen_part_of(row->gen, field->to);
    const char *name = row->part->rows.at[row->index].name;
    struct kbgen_list list = { .values = { .at = NULL } };

    for (size_t i = 0; i < part->rows.count; i++) {
        if (names_row(kbgen_value(part->rows.at[i].node, field->via), name)) {
            kbgen_add(row->gen, &list, i);
        }
    }
    return list;
}

KBGEN_FIELD(kbgen_link)
{
    struct kbgen_list list = find_namers(row, field);
    struct kbgen_range range = { .count = list.values.count };

    (void)node;
    if (range.count == 0) {
        return;
    }
    if (field->uses == NULL) {
        range.first = list.values.at[0];
        kbgen_set_range(row, field, range);
        return;
    }
    struct kbgen_part *uses = kbgen_part_of(row->gen, field->uses);
    range.first = uses->count;
    for (size_t i = 0; i < range.count; i++) {
        sp_buf_format(&uses->out, "    %" PRIu32 ",\n", list.values.at[i]);
        uses->count++;
    }
    kbgen_set_range(row, field, range);
}

KBGEN_FIELD(kbgen_back)
{
    struct kbgen_list list = find_namers(row, field);

    (void)node;
    if (list.values.count > 0) {
        kbgen_set(row, field, "%" PRIu32, list.values.at[0] + 1);
    }
}
