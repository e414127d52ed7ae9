/* Fields that one table has, and no other. */
#include "kb/kbgen.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- system calls -------------------------------------------------------------------- */

/* "data/syscalls/file-io.yaml": the category is the file's name. */
KBGEN_FIELD(kbgen_category)
{
    const char *slash = strrchr(row->file->path, '/');
    struct sp_str name = sp_str_of(slash == NULL ? row->file->path : slash + 1);
    const char *category = sp_arena_copy(&row->gen->arena,
                                         sp_str_slice(name, 0, name.len - strlen(".yaml")));

    (void)node;
    kbgen_set(row, field, "%" PRIu32, kbgen_intern(row->gen, category));
}

/* ---- libseccomp ---------------------------------------------------------------------- */

static const char *const unknown_name = "libseccomp-unknown";

/* The names that a release adds, each seen for the first time. */
static void
check_adds(struct kbgen *gen, const struct kbgen_source *version, bool *seen)
{
    const struct sp_node *list = sp_node_member(version->node, "adds");

    for (const struct sp_node *each = list == NULL ? NULL : list->first; each != NULL;
         each = each->next) {
        long call = kbgen_peek(gen, "sp_kb_syscalls", each->text);
        if (call >= 0 && seen[call]) {
            kbgen_fail(gen, version->file, each, "'%s' is unknown, or added by two releases",
                       each->text.ptr);
        } else if (call >= 0) {
            seen[call] = true;
        }
    }
}

void
kbgen_write_unknown(struct kbgen *gen)
{
    const struct kbgen_part *unknown = kbgen_part_of(gen, unknown_name);
    const struct kbgen_part *versions = kbgen_part_of(gen, "sp_kb_libseccomps");
    size_t call_count = kbgen_part_of(gen, "sp_kb_syscalls")->rows.count;
    bool *seen = sp_arena_new_array(&gen->arena, call_count, bool);
    struct kbgen_list list = { .values = { .at = NULL } };

    for (size_t i = 0; i < unknown->rows.count && seen != NULL; i++) {
        long call = kbgen_peek(gen, "sp_kb_syscalls", sp_str_of(unknown->rows.at[i].name));
        if (call >= 0) {
            seen[call] = true;
            kbgen_add(gen, &list, (size_t)call);
        }
    }
    for (size_t i = 0; i < versions->rows.count && seen != NULL; i++) {
        check_adds(gen, &versions->rows.at[i], seen);
    }
    struct kbgen_range range = kbgen_put(gen, &gen->indices, &list);
    sp_buf_format(&gen->lists,
                  "const struct sp_kb_range sp_kb_libseccomp_unknown = { %zu, %zu };\n\n",
                  range.first, range.count);
}

/* ---- capabilities -------------------------------------------------------------------- */

/* The capability's number is its place in the list. */
KBGEN_FIELD(kbgen_place)
{
    uint64_t number;

    (void)field;
    if (kbgen_is_number(row, node, 63, &number) && number != row->index) {
        kbgen_fail(row->gen, row->file, node, "number %" PRIu64 " stands at place %zu", number,
                   row->index);
    }
}

/* A list of words, each of which is a bit. */
KBGEN_FIELD(kbgen_engines)
{
    SP_BUF(bits);

    if (!kbgen_is_list(row, node, field->may_be_empty)) {
        return;
    }
    for sp_node_each(each, node) {
        const struct kbgen_choice *choice = field->choices;
        while (choice->word != NULL && !sp_node_is_string(each, choice->word)) {
            choice++;
        }
        if (choice->word == NULL) {
            kbgen_fail(row->gen, row->file, each, "no engine is called '%.*s'",
                       SP_STR_ARG(each->text));
        } else {
            sp_buf_format(&bits, "%s%s", bits.len > 0 ? " | " : "", choice->c);
        }
    }
    row->gen->pool.failed |= bits.failed;
    if (bits.len > 0) {
        kbgen_set(row, field, "%s", bits.data);
    }
}

/* ---- gates --------------------------------------------------------------------------- */

/* "CAP_A or CAP_B": names, and the one word that stands between all of them. */
static const char *
read_needs(const struct kbgen_row *row, const struct sp_node *node, uint64_t *caps)
{
    static const struct kbgen_choice kinds[] = {
        { .word = "", .c = "SP_GATE_ONE" },
        { .word = "or", .c = "SP_GATE_ANY" },
        { .word = "and", .c = "SP_GATE_ALL" },
    };
    struct sp_str rest = node->text;
    const struct kbgen_choice *kind = &kinds[0];
    struct sp_str word;

    for (size_t i = 0; sp_str_next(&rest, " ", &word); i++) {
        if (i % 2 == 0) {
            long cap = kbgen_find(row, "sp_kb_caps", node, word);
            *caps |= cap < 0 ? 0 : UINT64_C(1) << cap;
            continue;
        }
        const struct kbgen_choice *found = sp_str_is(word, "or") ? &kinds[1] : &kinds[2];
        if (!sp_str_is(word, found->word) || (i > 1 && kind != found) || rest.len == 0) {
            kbgen_fail(row->gen, row->file, node, "'%s' is not like 'CAP_A or CAP_B'",
                       node->text.ptr);
        }
        kind = found;
    }
    return kind->c;
}

/* Which capabilities; a gate without any has no scope, and every other has one. */
KBGEN_FIELD(kbgen_needs)
{
    bool has_scope = sp_node_member(row->node, "scope") != NULL;
    uint64_t caps = 0;

    if (!kbgen_is_text(row, node)) {
        return;
    }
    bool is_none = sp_node_is_string(node, "none");
    if (is_none == has_scope) {
        kbgen_fail(row->gen, row->file, row->node, is_none ? "'scope' is left out for none"
                                                           : "'scope' is missing");
    }
    if (is_none) {
        kbgen_set(row, field, "SP_GATE_NONE");
        return;
    }
    kbgen_set(row, field, "%s", read_needs(row, node, &caps));
    kbgen_set(row, &(struct kbgen_field){ .member = "caps" }, "UINT64_C(%#" PRIx64 ")", caps);
}

/* ---- groups and names ---------------------------------------------------------------- */

/* Calls, and names with an @, which are other groups. */
KBGEN_FIELD(kbgen_member_names)
{
    kbgen_texts(row, field, node);
    if (node->kind != SP_NODE_ARRAY) {
        return;
    }
    for sp_node_each(each, node) {
        bool is_group = sp_str_has_prefix(each->text, "@");
        (void)kbgen_find(row, is_group ? "sp_kb_groups" : "sp_kb_syscalls", each, each->text);
    }
}

/* The name of something that is no system call. */
KBGEN_FIELD(kbgen_no_call)
{
    kbgen_text(row, field, node);
    if (kbgen_peek(row->gen, "sp_kb_syscalls", node->text) >= 0) {
        kbgen_fail(row->gen, row->file, node, "'%s' is a system call", node->text.ptr);
    }
}

/* ---- switches ------------------------------------------------------------------------ */

/* The name of an errno, or "any". */
KBGEN_FIELD(kbgen_any_errno)
{
    if (sp_node_is_string(node, "any")) {
        kbgen_text(row, field, node);
    } else {
        kbgen_name(row, field, node);
    }
}

/* ---- rules --------------------------------------------------------------------------- */

/* "SP101" is 101; the file is called "SP101-slug.yaml". */
KBGEN_FIELD(kbgen_code)
{
    const struct sp_node *slug = sp_node_member(row->node, "slug");
    uint64_t code = 0;
    char ending[128];

    if (!kbgen_is_text(row, node)) {
        return;
    }
    bool has_prefix = sp_str_has_prefix(node->text, "SP");
    if (!has_prefix || !sp_str_to_u64(sp_str_slice(node->text, 2, node->text.len), &code)
        || node->text.len != strlen("SP101") || code < 100) {
        kbgen_fail(row->gen, row->file, node, "'%s' is no rule code such as SP101",
                   node->text.ptr);
    }
    snprintf(ending, sizeof ending, "/%s-%s.yaml", node->text.ptr,
             slug == NULL || slug->kind != SP_NODE_STRING ? "" : slug->text.ptr);
    if (!sp_str_has_suffix(sp_str_of(row->file->path), ending)) {
        kbgen_fail(row->gen, row->file, node, "the file of this rule should be called %s",
                   ending + 1);
    }
    kbgen_set(row, field, "%" PRIu64, code);
}

/* A list of "line:column". */
KBGEN_FIELD(kbgen_positions)
{
    kbgen_texts(row, field, node);
    if (node->kind != SP_NODE_ARRAY) {
        return;
    }
    for sp_node_each(each, node) {
        struct sp_str rest = each->text;
        struct sp_str line;
        uint64_t value;
        if (!sp_str_next(&rest, ":", &line) || !sp_str_to_u64(line, &value)
            || !sp_str_to_u64(rest, &value)) {
            kbgen_fail(row->gen, row->file, each, "'%.*s' is no place such as \"5:12\"",
                       SP_STR_ARG(each->text));
        }
    }
}

/* A mapping of options becomes what a command line has for them: "--arch x86_64". */
KBGEN_FIELD(kbgen_options)
{
    SP_BUF(text);

    if (!kbgen_is_mapping(row, node)) {
        return;
    }
    for sp_node_each(each, node) {
        if (kbgen_is_text(row, each)) {
            sp_buf_format(&text, "%s--%s %s", text.len > 0 ? " " : "", each->key.ptr,
                          each->text.ptr);
        }
    }
    row->gen->pool.failed |= text.failed;
    if (text.len > 0) {
        kbgen_set(row, field, "%" PRIu32, kbgen_intern(row->gen, text.data));
    }
}
