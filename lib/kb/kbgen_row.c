/* Rows: each field is looked up, checked and written. */
#include "kb/kbgen.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct sp_node *
kbgen_value(const struct sp_node *row, const char *key)
{
    return *key == '\0' ? row : sp_node_member(row, key);
}

/* "not-caps" is not_caps in C. */
static void
add_member(struct sp_buf *out, const char *name)
{
    for (; *name != '\0'; name++) {
        sp_buf_char(out, *name == '-' ? '_' : *name);
    }
}

void
kbgen_set(const struct kbgen_row *row, const struct kbgen_field *field, const char *format, ...)
{
    struct sp_buf *out = &row->part->out;
    char value[128];
    va_list list;

    va_start(list, format);
    (void)vsnprintf(value, sizeof value, format, list);
    va_end(list);
    sp_buf_char(out, '.');
    add_member(out, field->member != NULL ? field->member : field->key);
    sp_buf_format(out, " = %s, ", value);
}

void
kbgen_set_range(const struct kbgen_row *row, const struct kbgen_field *field,
                struct kbgen_range range)
{
    if (range.first > UINT16_MAX || range.count > UINT16_MAX) {
        kbgen_fail(row->gen, row->file, row->node, "a range from %zu on does not fit 16 bits",
                   range.first);
    }
    if (range.count > 0) {
        kbgen_set(row, field, "{ %zu, %zu }", range.first, range.count);
    }
}

static void
write_field(const struct kbgen_row *row, const struct kbgen_field *field)
{
    const struct sp_node *node = field->key == NULL ? NULL : kbgen_value(row->node, field->key);
    bool is_absent = field->key != NULL && node == NULL;

    if (is_absent && field->required) {
        kbgen_fail(row->gen, row->file, row->node, "'%s' is missing", field->key);
    } else if (node != NULL && node->kind == SP_NODE_NULL) {
        kbgen_fail_key(row->gen, row->file, node, "'%s' is null; leave it out", field->key);
    } else if (!is_absent || field->fallback != NULL) {
        field->write(row, field, node);
    }
}

void
kbgen_write_fields(const struct kbgen_row *row, const struct kbgen_field *fields)
{
    for (; fields->write != NULL; fields++) {
        write_field(row, fields);
    }
}

/* The keys of a file that is a row were checked with its head. */
static bool
has_good_keys(const struct kbgen_row *row)
{
    const struct kbgen_field *fields = row->part->table->fields;

    if (row->node->parent == NULL || (fields->key != NULL && *fields->key == '\0')) {
        return true;
    }
    if (!kbgen_is_mapping(row, row->node)) {
        return false;
    }
    kbgen_check_keys(row, fields);
    return true;
}

void
kbgen_write_row(const struct kbgen_row *row)
{
    if (!has_good_keys(row)) {
        return;
    }
    sp_buf_text(&row->part->out, "    { ");
    kbgen_write_fields(row, row->part->table->fields);
    sp_buf_text(&row->part->out, "},\n");
    row->part->count++;
}

void
kbgen_write_rows(struct kbgen *gen)
{
    for (size_t i = 0; i < kbgen_table_count; i++) {
        struct kbgen_part *part = &gen->parts[i];
        for (size_t n = 0; n < part->rows.count; n++) {
            kbgen_write_row(&(struct kbgen_row){
                .gen = gen,
                .file = part->rows.at[n].file,
                .node = part->rows.at[n].node,
                .part = part,
                .index = n,
            });
        }
    }
}
