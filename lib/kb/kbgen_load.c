#include "kb/kbgen.h"

#include "base/closest.h"
#include "base/file.h"
#include "text/report.h"
#include "text/yaml_read.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- what is wrong ------------------------------------------------------------------- */

static void
print_place(const struct sp_source *source, uint32_t offset)
{
    struct sp_position at = sp_source_position(source, offset);

    fprintf(stderr, "%s:%u:%u: error: ", source->name, at.line, at.column);
}

static void __attribute__((format(printf, 4, 0)))
fail_at(struct kbgen *gen, const struct kbgen_file *file, uint32_t offset, const char *format,
        va_list list)
{
    print_place(file->doc.source, offset);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    gen->failed = true;
}

void
kbgen_fail(struct kbgen *gen, const struct kbgen_file *file, const struct sp_node *node,
           const char *format, ...)
{
    va_list list;

    va_start(list, format);
    fail_at(gen, file, node->span.start, format, list);
    va_end(list);
}

void
kbgen_fail_key(struct kbgen *gen, const struct kbgen_file *file, const struct sp_node *node,
               const char *format, ...)
{
    va_list list;

    va_start(list, format);
    fail_at(gen, file, node->key_span.start, format, list);
    va_end(list);
}

/* A fault that has no line. */
static void
fail_path(struct kbgen *gen, const char *path, const char *message)
{
    fprintf(stderr, "%s:1:1: error: %s\n", path, message);
    gen->failed = true;
}

static void
fail_status(struct kbgen *gen, const char *path, enum sp_file_status status)
{
    if (status == SP_FILE_NO_MEMORY) {
        gen->arena.failed = true;
    } else {
        fail_path(gen, path, strerror(errno));
    }
}

/* ---- keys ---------------------------------------------------------------------------- */

void
kbgen_check_twice(struct kbgen *gen, const struct kbgen_file *file,
                  const struct sp_node *mapping)
{
    for sp_node_each(member, mapping) {
        for (const struct sp_node *before = mapping->first; before != member;
             before = before->next) {
            if (sp_str_equal(before->key, member->key)) {
                kbgen_fail_key(gen, file, member, "'%s' stands twice", member->key.ptr);
            }
        }
    }
}

static void
fail_unknown(struct kbgen *gen, const struct kbgen_file *file, const struct sp_node *member,
             const struct sp_closest *closest)
{
    if (closest->count > 0) {
        kbgen_fail_key(gen, file, member, "no field is called '%s' here; '%s' is",
                       member->key.ptr, closest->best[0].name);
    } else {
        kbgen_fail_key(gen, file, member, "no field is called '%s' here", member->key.ptr);
    }
}

/* True when a field has this key; offers all keys as what may have been meant. */
static bool
is_field(const struct kbgen_field *fields, struct sp_str key, struct sp_closest *closest)
{
    bool found = false;

    for (; fields->write != NULL; fields++) {
        if (fields->key != NULL) {
            found |= sp_str_is(key, fields->key);
            sp_closest_offer(closest, fields->key);
        }
    }
    return found;
}

/* A row of a list at the top of a file may differ from the file's own source. */
static bool
may_have_source(const struct kbgen_row *row)
{
    return row->part->table->list != NULL && !row->part->table->bare;
}

void
kbgen_check_keys(const struct kbgen_row *row, const struct kbgen_field *fields)
{
    kbgen_check_twice(row->gen, row->file, row->node);
    for sp_node_each(member, row->node) {
        struct sp_closest closest = sp_closest_to(member->key);
        bool known = is_field(fields, member->key, &closest);
        if (!known && may_have_source(row) && sp_str_is(member->key, "source")) {
            known = kbgen_is_text(row, member);
        }
        if (!known) {
            fail_unknown(row->gen, row->file, member, &closest);
        }
    }
}

/* ---- the head of a file -------------------------------------------------------------- */

static const char *const head_keys[] = { "about", "source", "date" };

enum { HEAD_KEYS = sizeof head_keys / sizeof *head_keys };

bool
kbgen_is_date(const char *text)
{
    static const char shape[] = "dddd-dd-dd";

    for (size_t i = 0; i < sizeof shape - 1; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (shape[i] == 'd' ? !digit : text[i] != shape[i]) {
            return false;
        }
    }
    return text[sizeof shape - 1] == '\0';
}

static void
check_head(struct kbgen *gen, const struct kbgen_file *file)
{
    for (size_t i = 0; i < HEAD_KEYS; i++) {
        const struct sp_node *node = sp_node_member(file->doc.root, head_keys[i]);
        if (node == NULL) {
            kbgen_fail(gen, file, file->doc.root, "'%s' is missing", head_keys[i]);
        } else if (node->kind != SP_NODE_STRING || node->text.len == 0) {
            kbgen_fail(gen, file, node, "'%s' is no text", head_keys[i]);
        } else if (strcmp(head_keys[i], "date") == 0 && !kbgen_is_date(node->text.ptr)) {
            kbgen_fail(gen, file, node, "'%s' is no date such as \"2026-11-25\"",
                       node->text.ptr);
        } else if (strcmp(head_keys[i], "date") == 0 && strcmp(node->text.ptr, gen->date) > 0) {
            gen->date = node->text.ptr;
        }
    }
}

/* What may stand at the top of a file: its head, the lists of its tables, and the fields of
 * tables for which the file is a row. */
static bool
is_top_key(const struct kbgen_file *file, bool bare, struct sp_str key,
           struct sp_closest *closest)
{
    bool found = false;

    for (size_t i = 0; i < HEAD_KEYS && !bare; i++) {
        found |= sp_str_is(key, head_keys[i]);
        sp_closest_offer(closest, head_keys[i]);
    }
    for (size_t i = 0; i < kbgen_table_count; i++) {
        const struct kbgen_table *table = &kbgen_tables[i];
        if (table->file == NULL || strcmp(table->file, file->pattern) != 0) {
            continue;
        }
        if (table->list == NULL) {
            found |= is_field(table->fields, key, closest);
        } else {
            found |= sp_str_is(key, table->list);
            sp_closest_offer(closest, table->list);
        }
    }
    return found;
}

static void
check_top(struct kbgen *gen, const struct kbgen_file *file, bool bare)
{
    if (!bare) {
        check_head(gen, file);
    }
    kbgen_check_twice(gen, file, file->doc.root);
    for sp_node_each(member, file->doc.root) {
        struct sp_closest closest = sp_closest_to(member->key);
        if (!is_top_key(file, bare, member->key, &closest)) {
            fail_unknown(gen, file, member, &closest);
        }
    }
}

/* ---- reading ------------------------------------------------------------------------- */

static bool
read_doc(struct kbgen *gen, const char *path, struct sp_doc *ret_doc)
{
    struct sp_report report = { .arena = &gen->arena };
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_str text;
    enum sp_file_status status = sp_file_read(&gen->arena, path, limits.bytes, &text);

    if (status != SP_FILE_OK) {
        fail_status(gen, path, status);
        return false;
    }
    struct sp_source *source = sp_source_new(&gen->arena, path, text);
    if (source == NULL || !sp_source_index(&gen->arena, source)) {
        return false;
    }
    bool read = sp_yaml_read(&gen->arena, source, &limits, &report, ret_doc);
    for (size_t i = 0; i < report.diags.count; i++) {
        print_place(source, report.diags.at[i]->place.span.start);
        fprintf(stderr, "%s\n", report.diags.at[i]->message);
    }
    gen->failed |= report.diags.count > 0;
    gen->arena.failed |= report.failed;
    return read;
}

static void
load_file(struct kbgen *gen, const struct kbgen_table *table, const char *path)
{
    struct kbgen_file file = { .pattern = table->file, .path = path };

    if (path == NULL || !read_doc(gen, path, &file.doc)) {
        return;
    }
    if (file.doc.root->kind != SP_NODE_OBJECT) {
        kbgen_fail(gen, &file, file.doc.root, "the top level is %s, not a mapping",
                   sp_node_kind_text(file.doc.root->kind));
        return;
    }
    check_top(gen, &file, table->bare);
    struct kbgen_file *place = sp_vec_push(&gen->arena, &gen->files);
    if (place != NULL) {
        *place = file;
    }
}

static bool
is_folder(const char *pattern)
{
    return sp_str_has_suffix(sp_str_of(pattern), "/");
}

static void
load_folder(struct kbgen *gen, const struct kbgen_table *table, const struct sp_paths *paths)
{
    const char *folder = sp_arena_format(&gen->arena, "%s/%s", gen->data, table->file);
    size_t count = 0;

    for (size_t i = 0; i < paths->list.count && folder != NULL; i++) {
        if (sp_str_has_prefix(sp_str_of(paths->list.at[i]), folder)) {
            load_file(gen, table, paths->list.at[i]);
            count++;
        }
    }
    if (count == 0 && folder != NULL) {
        fail_path(gen, folder, "no facts are there");
    }
}

/* True when an earlier table has had the same files read. */
static bool
is_loaded(size_t table)
{
    for (size_t i = 0; i < table; i++) {
        if (kbgen_tables[i].file != NULL
            && strcmp(kbgen_tables[i].file, kbgen_tables[table].file) == 0) {
            return true;
        }
    }
    return false;
}

/* A file that no table reads is a mistake: its facts would be lost in silence. */
static void
check_stranger(struct kbgen *gen, const char *path)
{
    struct sp_str name = sp_str_slice(sp_str_of(path), strlen(gen->data) + 1, strlen(path));

    for (size_t i = 0; i < kbgen_table_count; i++) {
        const char *file = kbgen_tables[i].file;
        if (file != NULL && (is_folder(file) ? sp_str_has_prefix(name, file)
                                             : sp_str_is(name, file))) {
            return;
        }
    }
    fail_path(gen, path, "no table is made from this file");
}

/* The YAML files of the folder; others (a README) are nobody's facts. */
static bool
list_data(struct kbgen *gen, struct sp_paths *ret_paths)
{
    struct sp_paths all = { .list = { .at = NULL } };
    enum sp_file_status status = sp_file_list(&gen->arena, gen->data, &all);

    if (status != SP_FILE_OK) {
        fail_status(gen, gen->data, status);
        return false;
    }
    for (size_t i = 0; i < all.list.count; i++) {
        if (sp_str_has_suffix(sp_str_of(all.list.at[i]), ".yaml")) {
            const char **place = sp_vec_push(&gen->arena, &ret_paths->list);
            if (place != NULL) {
                *place = all.list.at[i];
            }
        }
    }
    return true;
}

void
kbgen_load(struct kbgen *gen)
{
    struct sp_paths paths = { .list = { .at = NULL } };

    gen->date = "";
    if (!list_data(gen, &paths)) {
        return;
    }
    for (size_t i = 0; i < paths.list.count; i++) {
        check_stranger(gen, paths.list.at[i]);
    }
    for (size_t i = 0; i < kbgen_table_count; i++) {
        const struct kbgen_table *table = &kbgen_tables[i];
        if (table->file == NULL || is_loaded(i)) {
            continue;
        }
        if (is_folder(table->file)) {
            load_folder(gen, table, &paths);
        } else {
            load_file(gen, table,
                      sp_arena_format(&gen->arena, "%s/%s", gen->data, table->file));
        }
    }
}
