#include "lint/form_text.h"

#include "base/buf.h"
#include "text/utf8.h"

/* Longer pieces push the rest of a message off the line. */
enum { SHOWN_BYTES = 60 };

/* Where to cut so that no code point is torn. */
static size_t
cut(struct sp_str text)
{
    size_t at = 0;
    uint32_t point;

    if (text.len <= SHOWN_BYTES) {
        return text.len;
    }
    while (at < SHOWN_BYTES) {
        size_t len = sp_utf8_decode(text.ptr + at, text.len - at, &point);
        at += len == 0 ? 1 : len;
    }
    return at;
}

static bool
is_control(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0);
}

static void
add_shown(struct sp_buf *buf, struct sp_str text)
{
    uint32_t point = 0;

    for (size_t at = 0; at < text.len;) {
        size_t len = sp_utf8_decode(text.ptr + at, text.len - at, &point);
        if (len == 0 || is_control(point)) {
            point = len == 0 ? (unsigned char)text.ptr[at] : point;
            len = len == 0 ? 1 : len;
            sp_buf_format(buf, "\\u%04x", (unsigned)point);
        } else {
            sp_buf_add(buf, sp_str_slice(text, at, at + len));
        }
        at += len;
    }
}

const char *
sp_form_show(const struct sp_lint *lint, struct sp_str text)
{
    SP_BUF(buf);
    size_t end = cut(text);

    add_shown(&buf, sp_str_slice(text, 0, end));
    if (end < text.len) {
        sp_buf_text(&buf, "...");
    }
    const char *shown = buf.failed ? NULL : sp_arena_copy(lint->arena, sp_buf_view(&buf));
    if (shown == NULL) {
        lint->arena->failed = true;
        return "";
    }
    return shown;
}

const char *
sp_form_show_value(const struct sp_lint *lint, const struct sp_node *node)
{
    const char *text = NULL;

    switch (node->kind) {
    case SP_NODE_STRING:
        text = sp_arena_format(lint->arena, "the string \"%s\"",
                               sp_form_show(lint, node->text));
        break;
    case SP_NODE_NUMBER:
        text = sp_arena_format(lint->arena, "the number %s", sp_form_show(lint, node->text));
        break;
    case SP_NODE_BOOL:
    case SP_NODE_NULL:
    case SP_NODE_ARRAY:
    case SP_NODE_OBJECT:
        text = sp_node_kind_text(node->kind);
        break;
    }
    return text == NULL ? "" : text;
}

unsigned
sp_form_readers(const struct sp_lint *lint)
{
    switch (lint->detected.dialect) {
    case SP_DIALECT_UNKNOWN:
        return 0;
    case SP_DIALECT_CONFIG:
        return SP_READER_OCI;
    case SP_DIALECT_OCI:
    case SP_DIALECT_DOCKER:
        return SP_READER_ALL;
    case SP_DIALECT_SPO:
    case SP_DIALECT_SYSTEMD:
    case SP_DIALECT_MINIJAIL:
    case SP_DIALECT_FIREJAIL:
    case SP_DIALECT_KAFEL:
    case SP_DIALECT_LIST:
    case SP_DIALECT_BPF:
        return SP_READER_OCI;
    }
    return 0;
}

const char *
sp_form_readers_text(unsigned readers)
{
    static const char *const texts[SP_READER_ALL + 1] = {
        [SP_READER_OCI] = "runc",
        [SP_READER_DOCKER] = "Docker",
        [SP_READER_CONTAINERS] = "Podman",
        [SP_READER_DOCKER | SP_READER_CONTAINERS] = "Docker and Podman",
        [SP_READER_ALL] = "Docker, Podman, containerd and runc",
    };
    const char *text = texts[readers & SP_READER_ALL];

    return text == NULL ? "no engine" : text;
}

const struct sp_node *
sp_form_member(const struct sp_node *object, const char *key)
{
    const struct sp_node *found = NULL;

    if (object == NULL || object->kind != SP_NODE_OBJECT) {
        return NULL;
    }
    for sp_node_each(member, object) {
        if (sp_str_equal_folded(member->key, sp_str_of(key))) {
            found = member;
        }
    }
    return found;
}

const struct sp_field *
sp_form_field(enum sp_object object, struct sp_str key)
{
    const struct sp_field *field = sp_field_find(object, key);

    for (size_t i = 0; field == NULL && i < sp_field_count; i++) {
        if (sp_fields[i].object == object
            && sp_str_equal_folded(key, sp_str_of(sp_fields[i].key))) {
            return &sp_fields[i];
        }
    }
    return field;
}

bool
sp_form_is_required(enum sp_object object, struct sp_str key)
{
    static const struct {
        enum sp_object object;
        const char *key;
    } required[] = {
        { SP_OBJECT_PROFILE, "defaultAction" },
        { SP_OBJECT_RULE, "action" },
        { SP_OBJECT_RULE, "names" },
        { SP_OBJECT_ARG, "op" },
    };

    for (size_t i = 0; i < sizeof required / sizeof *required; i++) {
        if (required[i].object == object && sp_str_is(key, required[i].key)) {
            return true;
        }
    }
    return false;
}

bool
sp_form_is_filled(const struct sp_node *member)
{
    if (member == NULL) {
        return false;
    }
    switch (member->kind) {
    case SP_NODE_NULL:
        return false;
    case SP_NODE_STRING:
        return member->text.len > 0;
    case SP_NODE_ARRAY:
        return member->count > 0;
    case SP_NODE_BOOL:
    case SP_NODE_NUMBER:
    case SP_NODE_OBJECT:
        return true;
    }
    return true;
}
