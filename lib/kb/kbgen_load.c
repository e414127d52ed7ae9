#include "kb/kbgen.h"

#include "base/file.h"
#include "text/yaml_read.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
print_place(const struct sp_source *source, uint32_t offset)
{
    struct sp_position at = sp_source_position(source, offset);

    fprintf(stderr, "%s:%u:%u: error: ", source->name, at.line, at.column);
}

void
kbgen_fail(struct kbgen *gen, const struct kbgen_file *file, const struct sp_node *node,
           const char *format, ...)
{
    va_list list;

    print_place(file->doc.source, node == NULL ? 0 : node->span.start);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    gen->failed = true;
}

/* ---- reading -------------------------------------------------------------------------------------- */

static bool
read_doc(struct kbgen *gen, const char *path, struct sp_doc *ret_doc)
{
    struct sp_report report = { .arena = &gen->arena };
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_str text;

    if (sp_file_read(&gen->arena, path, limits.bytes, &text) != SP_FILE_OK) {
        fprintf(stderr, "%s: error: cannot be read: %s\n", path, strerror(errno));
        return false;
    }
    struct sp_source *source = sp_source_new(&gen->arena, path, text);
    if (source == NULL || !sp_source_index(&gen->arena, source)) {
        return false;
    }
    if (sp_yaml_read(&gen->arena, source, &limits, &report, ret_doc)) {
        return true;
    }
    for (size_t i = 0; i < report.diags.count; i++) {
        print_place(source, report.diags.at[i]->place.span.start);
        fprintf(stderr, "%s\n", report.diags.at[i]->message);
    }
    return false;
}

static void
check_head(struct kbgen *gen, const struct kbgen_file *file)
{
    static const char *const keys[] = { "about", "source", "date" };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *text = kbgen_text(gen, file, file->doc.root, keys[i], true);
        if (i == 2 && strcmp(text, gen->date) > 0) {
            gen->date = text;
        }
    }
}

static void
load_one(struct kbgen *gen, const char *path, bool has_head, struct kbgen_files *files)
{
    struct kbgen_file file = { .path = path };

    if (!read_doc(gen, path, &file.doc)) {
        gen->failed = true;
        return;
    }
    if (file.doc.root->kind != SP_NODE_OBJECT) {
        kbgen_fail(gen, &file, file.doc.root, "the top level is %s, not a mapping",
                   sp_node_kind_text(file.doc.root->kind));
        return;
    }
    if (has_head) {
        check_head(gen, &file);
    }
    struct kbgen_file *place = sp_vec_push(&gen->arena, &files->list);
    if (place != NULL) {
        *place = file;
    }
}

struct kbgen_files
kbgen_load(struct kbgen *gen, const char *pattern)
{
    struct kbgen_files files = { .list = { .at = NULL } };
    bool is_folder = sp_str_has_suffix(sp_str_of(pattern), "/");
    bool has_head = strcmp(pattern, "rules/") != 0;
    const char *path = sp_arena_format(&gen->arena, "%s/%s", gen->data, pattern);
    struct sp_paths paths = { .list = { .at = NULL } };

    if (!is_folder) {
        load_one(gen, path, has_head, &files);
        return files;
    }
    if (sp_file_list(&gen->arena, path, &paths) != SP_FILE_OK || paths.list.count == 0) {
        fprintf(stderr, "%s: error: no facts there\n", path);
        gen->failed = true;
    }
    for (size_t i = 0; i < paths.list.count; i++) {
        if (sp_str_has_suffix(sp_str_of(paths.list.at[i]), ".yaml")) {
            load_one(gen, paths.list.at[i], has_head, &files);
        }
    }
    return files;
}

/* ---- members --------------------------------------------------------------------------------------- */

const struct sp_node *
kbgen_list(struct kbgen *gen, const struct kbgen_file *file, const char *key)
{
    static const struct sp_node empty = { .kind = SP_NODE_ARRAY };
    const struct sp_node *list = sp_node_member(file->doc.root, key);

    if (list == NULL || list->kind != SP_NODE_ARRAY) {
        kbgen_fail(gen, file, file->doc.root, "there is no list '%s'", key);
        return &empty;
    }
    return list;
}

static bool
is_scalar(const struct sp_node *node)
{
    return node->kind == SP_NODE_STRING || node->kind == SP_NODE_NUMBER
        || node->kind == SP_NODE_BOOL;
}

const char *
kbgen_text(struct kbgen *gen, const struct kbgen_file *file, const struct sp_node *row,
           const char *key, bool required)
{
    const struct sp_node *node = sp_node_member(row, key);

    if (node == NULL) {
        if (required) {
            kbgen_fail(gen, file, row, "'%s' is missing", key);
        }
        return "";
    }
    if (!is_scalar(node)) {
        kbgen_fail(gen, file, node, "'%s' is %s, not a text", key, sp_node_kind_text(node->kind));
        return "";
    }
    const char *copy = sp_arena_copy(&gen->arena, node->text);
    return copy == NULL ? "" : copy;
}

uint64_t
kbgen_number(struct kbgen *gen, const struct kbgen_file *file, const struct sp_node *row,
             const char *key, bool required, uint64_t fallback)
{
    uint64_t value = fallback;
    const struct sp_node *node = sp_node_member(row, key);
    const char *text = kbgen_text(gen, file, row, key, required);

    if (node != NULL && !sp_str_to_u64(sp_str_of(text), &value)) {
        kbgen_fail(gen, file, node, "'%s' is '%s', not a whole number", key, text);
    }
    return value;
}

bool
kbgen_flag(struct kbgen *gen, const struct kbgen_file *file, const struct sp_node *row,
           const char *key)
{
    const char *text = kbgen_text(gen, file, row, key, false);

    if (*text != '\0' && strcmp(text, "yes") != 0 && strcmp(text, "true") != 0) {
        kbgen_fail(gen, file, row, "'%s' is '%s'; say yes or leave it out", key, text);
    }
    return *text != '\0';
}
