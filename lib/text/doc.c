#include "text/doc.h"

#include <string.h>

const struct sp_node *
sp_node_member(const struct sp_node *object, const char *key)
{
    const struct sp_node *found = NULL;

    if (object == NULL || object->kind != SP_NODE_OBJECT) {
        return NULL;
    }
    for sp_node_each(member, object) {
        if (sp_str_is(member->key, key)) {
            found = member;
        }
    }
    return found;
}

/* YAML writes octal numbers as 0o17; sp_str_to_u64 does not know them. */
static bool
octal_to_u64(struct sp_str digits, uint64_t *ret_value)
{
    uint64_t value = 0;

    for (size_t i = 0; i < digits.len; i++) {
        if (value >> 61 != 0) {
            return false;
        }
        value = value << 3 | (uint64_t)(digits.ptr[i] - '0');
    }
    *ret_value = value;
    return true;
}

static bool
is_whole(struct sp_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
    }
    return text.len > 0;
}

enum sp_number
sp_node_u64(const struct sp_node *number, uint64_t *ret_value)
{
    struct sp_str text = number->text;
    bool negative = sp_str_has_prefix(text, "-");

    if (negative || sp_str_has_prefix(text, "+")) {
        text = sp_str_slice(text, 1, text.len);
    }
    if (sp_str_has_prefix(text, "0o")) {
        return octal_to_u64(sp_str_slice(text, 2, text.len), ret_value) ? SP_NUMBER_OK
                                                                       : SP_NUMBER_TOO_LARGE;
    }
    if (!sp_str_has_prefix(text, "0x") && !is_whole(text)) {
        return SP_NUMBER_NOT_WHOLE;
    }
    if (negative) {
        return SP_NUMBER_NEGATIVE;
    }
    return sp_str_to_u64(text, ret_value) ? SP_NUMBER_OK : SP_NUMBER_TOO_LARGE;
}

bool
sp_node_is_string(const struct sp_node *node, const char *text)
{
    return node != NULL && node->kind == SP_NODE_STRING && sp_str_is(node->text, text);
}

const char *
sp_node_kind_text(enum sp_node_kind kind)
{
    static const char *const texts[] = {
        [SP_NODE_NULL] = "null",
        [SP_NODE_BOOL] = "a boolean",
        [SP_NODE_NUMBER] = "a number",
        [SP_NODE_STRING] = "a string",
        [SP_NODE_ARRAY] = "an array",
        [SP_NODE_OBJECT] = "an object",
    };

    return texts[kind];
}

/* RFC 6901: `~` is written as ~0, `/` as ~1. */
static void
add_escaped(struct sp_str key, struct sp_buf *buf)
{
    for (size_t i = 0; i < key.len; i++) {
        switch (key.ptr[i]) {
        case '~':
            sp_buf_text(buf, "~0");
            break;
        case '/':
            sp_buf_text(buf, "~1");
            break;
        default:
            sp_buf_char(buf, key.ptr[i]);
        }
    }
}

/* As deep as the tree, which the limit of its reader keeps shallow. */
void
sp_node_pointer(const struct sp_node *node, struct sp_buf *buf)
{
    if (node->parent == NULL) {
        return;
    }
    sp_node_pointer(node->parent, buf);
    sp_buf_char(buf, '/');
    if (node->parent->kind == SP_NODE_OBJECT) {
        add_escaped(node->key, buf);
    } else {
        sp_buf_format(buf, "%u", (unsigned)node->index);
    }
}
