/* The values that fields of any table may have. */
#include "kb/kbgen.h"

#include "base/version.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- kinds --------------------------------------------------------------------------- */

/* "'since' is": what a message about a value begins with. Entries of lists have no name. */
static const char *
name_of(const struct sp_node *node)
{
    return node->key.ptr != NULL ? node->key.ptr : "an entry";
}

static bool
is_kind(const struct kbgen_row *row, const struct sp_node *node, enum sp_node_kind kind,
        const char *wanted)
{
    if (node->kind == kind) {
        return true;
    }
    kbgen_fail(row->gen, row->file, node, "'%s' is %s, not %s", name_of(node),
               sp_node_kind_text(node->kind), wanted);
    return false;
}

bool
kbgen_is_text(const struct kbgen_row *row, const struct sp_node *node)
{
    if (!is_kind(row, node, SP_NODE_STRING, "a text")) {
        return false;
    }
    if (node->text.len == 0 || strlen(node->text.ptr) != node->text.len) {
        kbgen_fail(row->gen, row->file, node, "'%s' is empty or has a NUL; leave it out",
                   name_of(node));
        return false;
    }
    return true;
}

bool
kbgen_is_mapping(const struct kbgen_row *row, const struct sp_node *node)
{
    return is_kind(row, node, SP_NODE_OBJECT, "a mapping");
}

bool
kbgen_is_list(const struct kbgen_row *row, const struct sp_node *node, bool may_be_empty)
{
    if (!is_kind(row, node, SP_NODE_ARRAY, "a list")) {
        return false;
    }
    if (node->count == 0 && !may_be_empty) {
        kbgen_fail(row->gen, row->file, node, "'%s' is empty; leave it out", name_of(node));
        return false;
    }
    return true;
}

bool
kbgen_is_number(const struct kbgen_row *row, const struct sp_node *node, uint64_t max,
                uint64_t *ret_value)
{
    uint64_t value;

    if (!is_kind(row, node, SP_NODE_NUMBER, "a number")) {
        return false;
    }
    if (sp_node_u64(node, &value) != SP_NUMBER_OK || (max != 0 && value > max)) {
        kbgen_fail(row->gen, row->file, node, "'%s' is %.*s, not a whole number up to %" PRIu64,
                   name_of(node), SP_STR_ARG(node->text), max == 0 ? UINT64_MAX : max);
        return false;
    }
    *ret_value = value;
    return true;
}

/* ---- texts --------------------------------------------------------------------------- */

KBGEN_FIELD(kbgen_text)
{
    if (kbgen_is_text(row, node)) {
        kbgen_set(row, field, "%" PRIu32, kbgen_intern(row->gen, node->text.ptr));
    }
}

KBGEN_FIELD(kbgen_texts)
{
    struct kbgen_list list = { .values = { .at = NULL } };

    if (!kbgen_is_list(row, node, field->may_be_empty)) {
        return;
    }
    for sp_node_each(each, node) {
        if (kbgen_is_text(row, each)) {
            kbgen_add(row->gen, &list, kbgen_intern(row->gen, each->text.ptr));
        }
    }
    kbgen_set_range(row, field, kbgen_put(row->gen, &row->gen->texts, &list));
}

static void
add_word(const struct kbgen_row *row, const struct kbgen_field *field,
         const struct sp_node *node, struct sp_buf *words)
{
    if (!kbgen_is_text(row, node)) {
        return;
    }
    if (strchr(node->text.ptr, ' ') != NULL) {
        kbgen_fail(row->gen, row->file, node, "'%s' is more than one word", node->text.ptr);
    }
    if (field->to != NULL) {
        (void)kbgen_find(row, field->to, node, node->text);
    }
    sp_buf_text(words, words->len > 0 ? " " : "");
    sp_buf_add(words, node->text);
}

KBGEN_FIELD(kbgen_words)
{
    SP_BUF(words);

    if (node->kind != SP_NODE_ARRAY) {
        add_word(row, field, node, &words);
    } else if (kbgen_is_list(row, node, field->may_be_empty)) {
        for sp_node_each(each, node) {
            add_word(row, field, each, &words);
        }
    }
    row->gen->pool.failed |= words.failed;
    if (words.len > 0) {
        kbgen_set(row, field, "%" PRIu32, kbgen_intern(row->gen, words.data));
    }
}

/* ---- numbers and words --------------------------------------------------------------- */

static const struct kbgen_choice *
find_choice(const struct kbgen_field *field, struct sp_str word)
{
    for (const struct kbgen_choice *each = field->choices; each->word != NULL; each++) {
        if (sp_str_is(word, each->word)) {
            return each;
        }
    }
    return NULL;
}

/* "'sideways' is none of big, little" */
static void
fail_choice(const struct kbgen_row *row, const struct kbgen_field *field,
            const struct sp_node *node)
{
    SP_BUF(words);

    for (const struct kbgen_choice *each = field->choices; each->word != NULL; each++) {
        sp_buf_format(&words, "%s%s", words.len > 0 ? ", " : "", each->word);
    }
    kbgen_fail(row->gen, row->file, node, "'%.*s' is none of %s", SP_STR_ARG(node->text),
               words.data == NULL ? "" : words.data);
}

KBGEN_FIELD(kbgen_number)
{
    uint64_t value = 0;

    if (node == NULL) {
        (void)sp_str_to_u64(sp_str_of(field->fallback), &value);
    } else if (!kbgen_is_number(row, node, field->max, &value)) {
        return;
    } else if (field->choices != NULL && find_choice(field, node->text) == NULL) {
        fail_choice(row, field, node);
    }
    kbgen_set(row, field, value > UINT32_MAX ? "UINT64_C(%" PRIu64 ")" : "%" PRIu64 "u", value);
}

KBGEN_FIELD(kbgen_flag)
{
    if (!sp_node_is_string(node, "yes")) {
        kbgen_fail(row->gen, row->file, node, "'%s' says yes or is left out", field->key);
    }
    kbgen_set(row, field, "true");
}

/* As sp_kernel of kb.h has it; 0 when a part needs more than its byte. */
static uint32_t
kernel_of(struct sp_version version)
{
    bool fits = version.major < 256 && version.minor < 256 && version.patch < 256;

    return fits ? (uint32_t)(version.major << 16 | version.minor << 8 | version.patch) : 0;
}

KBGEN_FIELD(kbgen_kernel)
{
    struct sp_version version = { .major = 0 };

    if (!kbgen_is_text(row, node)) {
        return;
    }
    if (!sp_version_parse(node->text, &version) || kernel_of(version) == 0) {
        kbgen_fail(row->gen, row->file, node, "'%s' is no kernel version such as \"5.10\"",
                   node->text.ptr);
    }
    kbgen_set(row, field, "%#" PRIx32, kernel_of(version));
}

KBGEN_FIELD(kbgen_choice)
{
    struct sp_str word = node == NULL ? sp_str_of(field->fallback) : node->text;
    const struct kbgen_choice *choice = find_choice(field, word);

    if (node != NULL && !kbgen_is_text(row, node)) {
        return;
    }
    if (choice == NULL) {
        fail_choice(row, field, node);
    } else if (choice->c != NULL) {
        kbgen_set(row, field, "%s", choice->c);
    } else {
        kbgen_set(row, field, "%" PRIu32, kbgen_intern(row->gen, choice->word));
    }
}
