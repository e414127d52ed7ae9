#include "kb/kbgen.h"

#include "base/version.h"

#include <inttypes.h>
#include <string.h>

static const char *
member_of(const struct kbgen_field *field)
{
    return field->member == NULL ? field->key : field->member;
}

static const char *
text_of(const struct kbgen_row *row, const struct kbgen_field *field)
{
    return kbgen_text(row->gen, row->file, row->node, field->key, field->required);
}

uint32_t
kbgen_kernel(const struct kbgen_row *row, const char *key)
{
    struct sp_version version = { 0 };
    const char *text = kbgen_text(row->gen, row->file, row->node, key, false);

    if (*text != '\0' && (!sp_version_parse(sp_str_of(text), &version) || version.major > 255
                          || version.minor > 255 || version.patch > 255)) {
        kbgen_fail(row->gen, row->file, row->node, "'%s' is '%s', not a kernel version", key, text);
    }
    return (uint32_t)version.major << 16 | (uint32_t)version.minor << 8 | version.patch;
}

/* ---- ranges ---------------------------------------------------------------------------------------- */

static void
push_text(struct kbgen *gen, struct sp_str text)
{
    const char *copy = sp_arena_copy(&gen->arena, text);
    uint32_t *place = sp_vec_push(&gen->arena, &gen->texts);

    if (copy != NULL && place != NULL) {
        *place = kbgen_intern(gen, copy);
    }
}

static void
push_call(const struct kbgen_row *row, const struct sp_node *node)
{
    uint16_t *place = sp_vec_push(&row->gen->arena, &row->gen->indices);

    if (place != NULL) {
        *place = kbgen_call(row->gen, row->file, node, node->text);
    }
}

static void
write_range(struct kbgen *gen, const char *member, size_t first, size_t end)
{
    sp_buf_format(&gen->out, ".%s = { %zu, %zu }, ", member, first, end - first);
}

void
kbgen_write_texts(const struct kbgen_row *row, const char *key, const char *member)
{
    struct kbgen *gen = row->gen;
    const struct sp_node *list = sp_node_member(row->node, key);
    size_t first = gen->texts.count;

    if (list != NULL && list->kind == SP_NODE_ARRAY) {
        for sp_node_each(each, list) {
            push_text(gen, each->text);
        }
    } else if (list != NULL) {
        push_text(gen, list->text);
    }
    write_range(gen, member, first, gen->texts.count);
}

void
kbgen_write_calls(const struct kbgen_row *row, const char *key, const char *member)
{
    const struct sp_node *list = sp_node_member(row->node, key);
    size_t first = row->gen->indices.count;

    if (list != NULL && list->kind == SP_NODE_ARRAY) {
        for sp_node_each(each, list) {
            push_call(row, each);
        }
    }
    write_range(row->gen, member, first, row->gen->indices.count);
}

/* ---- fields ------------------------------------------------------------------------------------------ */

static void
write_text(const struct kbgen_row *row, const struct kbgen_field *field)
{
    const char *text = text_of(row, field);

    if (*text != '\0') {
        sp_buf_format(&row->gen->out, ".%s = %" PRIu32 ", ", member_of(field),
                      kbgen_intern(row->gen, text));
    }
}

static void
write_words(const struct kbgen_row *row, const struct kbgen_field *field)
{
    const struct sp_node *node = sp_node_member(row->node, field->key);
    SP_BUF(words);

    if (node == NULL || node->kind != SP_NODE_ARRAY) {
        write_text(row, field);
        return;
    }
    for sp_node_each(each, node) {
        sp_buf_text(&words, words.len > 0 ? " " : "");
        sp_buf_add(&words, each->text);
    }
    if (words.data != NULL) {
        sp_buf_format(&row->gen->out, ".%s = %" PRIu32 ", ", member_of(field),
                      kbgen_intern(row->gen, words.data));
    }
}

static void
write_choice(const struct kbgen_row *row, const struct kbgen_field *field)
{
    const char *text = text_of(row, field);

    for (const struct kbgen_choice *each = field->choices; each->word != NULL; each++) {
        if (strcmp(each->word, text) == 0) {
            sp_buf_format(&row->gen->out, ".%s = %s, ", member_of(field), each->c);
            return;
        }
    }
    if (*text != '\0') {
        kbgen_fail(row->gen, row->file, sp_node_member(row->node, field->key),
                   "'%s' cannot be '%s'", field->key, text);
    }
}

static void
write_field(const struct kbgen_row *row, const struct kbgen_field *field)
{
    struct kbgen *gen = row->gen;
    const struct sp_node *node = sp_node_member(row->node, field->key);

    if (node == NULL && field->required) {
        kbgen_fail(gen, row->file, row->node, "'%s' is missing", field->key);
        return;
    }
    switch (field->type) {
    case KBGEN_TEXT:
        write_text(row, field);
        break;
    case KBGEN_WORDS:
        write_words(row, field);
        break;
    case KBGEN_KERNEL:
        sp_buf_format(&gen->out, ".%s = %u, ", member_of(field), kbgen_kernel(row, field->key));
        break;
    case KBGEN_NUMBER:
        sp_buf_format(&gen->out, ".%s = %" PRIu64 "u, ", member_of(field),
                      kbgen_number(gen, row->file, row->node, field->key, false, 0));
        break;
    case KBGEN_FLAG:
        if (kbgen_flag(gen, row->file, row->node, field->key)) {
            sp_buf_format(&gen->out, ".%s = true, ", member_of(field));
        }
        break;
    case KBGEN_TEXTS:
        kbgen_write_texts(row, field->key, member_of(field));
        break;
    case KBGEN_CALL:
        sp_buf_format(&gen->out, ".%s = %u, ", member_of(field),
                      kbgen_call(gen, row->file, node, node->text));
        break;
    case KBGEN_CALLS:
        kbgen_write_calls(row, field->key, member_of(field));
        break;
    case KBGEN_CHOICE:
        write_choice(row, field);
        break;
    case KBGEN_CUSTOM:
        if (field->write != NULL) {
            field->write(row, field);
        }
        break;
    }
}

static void
check_known(const struct kbgen_row *row, const struct kbgen_field *fields)
{
    for sp_node_each(member, row->node) {
        const struct kbgen_field *field = fields;
        while (field->key != NULL && !sp_str_is(member->key, field->key)) {
            field++;
        }
        if (field->key == NULL && !sp_str_is(member->key, "source")) {
            kbgen_fail(row->gen, row->file, member, "no field is called '%.*s' here",
                       SP_STR_ARG(member->key));
        }
    }
}

void
kbgen_write_row(const struct kbgen_row *row, const struct kbgen_field *fields)
{
    if (row->node->kind != SP_NODE_OBJECT) {
        kbgen_fail(row->gen, row->file, row->node, "a row is %s, not a mapping",
                   sp_node_kind_text(row->node->kind));
        return;
    }
    check_known(row, fields);
    sp_buf_text(&row->gen->out, "    { ");
    for (; fields->key != NULL; fields++) {
        write_field(row, fields);
    }
    sp_buf_text(&row->gen->out, "},\n");
}

/* ---- tables -------------------------------------------------------------------------------------------- */

/* Rows stand in the order of their key, and no key stands twice. */
static void
check_order(const struct kbgen_row *row, const char *key, const char **before)
{
    const char *now = kbgen_text(row->gen, row->file, row->node, key, true);

    if (*before != NULL && strcmp(*before, now) >= 0) {
        kbgen_fail(row->gen, row->file, row->node, "'%s' must not stand behind '%s'", now, *before);
    }
    *before = now;
}

static size_t
write_file(struct kbgen *gen, const struct kbgen_table *table, const struct kbgen_file *file,
           const char **before)
{
    if (table->list == NULL) {
        struct kbgen_row row = { .gen = gen, .file = file, .node = file->doc.root };
        kbgen_write_row(&row, table->fields);
        return 1;
    }

    size_t count = 0;
    for sp_node_each(node, kbgen_list(gen, file, table->list)) {
        struct kbgen_row row = { .gen = gen, .file = file, .node = node };
        if (table->key != NULL) {
            check_order(&row, table->key, before);
        }
        kbgen_write_row(&row, table->fields);
        count++;
    }
    return count;
}

void
kbgen_write_table(struct kbgen *gen, const struct kbgen_table *table)
{
    struct kbgen_files files = kbgen_load(gen, table->files);
    const char *before = NULL;
    size_t count = 0;

    sp_buf_format(&gen->out, "const struct %s %s[] = {\n", table->type, table->name);
    for (size_t i = 0; i < files.list.count; i++) {
        count += write_file(gen, table, &files.list.at[i], &before);
    }
    sp_buf_format(&gen->out, "};\nconst size_t %s_count = %zu;\n\n", table->name, count);
}
