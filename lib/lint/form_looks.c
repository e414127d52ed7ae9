#include "lint/form_looks.h"

#include "lint/form_text.h"
#include "text/utf8.h"

#include <string.h>

static const char *
manifest_text(const struct sp_lint *lint)
{
    const struct sp_node *kind = sp_node_member(lint->doc->root, "kind");
    const char *text = sp_arena_format(lint->arena, "a Kubernetes object of kind `%s`",
                                       sp_form_show(lint, kind->text));

    return text == NULL ? "" : text;
}

static const char *
empty_text(const struct sp_node *root)
{
    return root->kind == SP_NODE_OBJECT ? "an empty object" : "null";
}

static const char *
other_text(const struct sp_lint *lint)
{
    return lint->doc->root->kind == SP_NODE_OBJECT
        ? "an object without any key of a profile"
        : sp_form_show_value(lint, lint->doc->root);
}

const char *
sp_form_looks_text(const struct sp_lint *lint)
{
    switch (lint->detected.looks) {
    case SP_LOOKS_PROFILE:
        return "a profile";
    case SP_LOOKS_CONFIG:
        return "a runtime configuration";
    case SP_LOOKS_CONFIG_BARE:
        return "a runtime configuration without `linux.seccomp`";
    case SP_LOOKS_EMPTY:
        return empty_text(lint->doc->root);
    case SP_LOOKS_RULES:
        return "a list of rules";
    case SP_LOOKS_RULE:
        return "one rule";
    case SP_LOOKS_NESTED:
        return "an object that holds a profile";
    case SP_LOOKS_MANIFEST:
        return manifest_text(lint);
    case SP_LOOKS_COMPOSE:
        return "a Compose file";
    case SP_LOOKS_FIRECRACKER:
        return "a filter file of Firecracker";
    case SP_LOOKS_OTHER:
        break;
    }
    return other_text(lint);
}

bool
sp_form_looks_meant(enum sp_looks looks)
{
    switch (looks) {
    case SP_LOOKS_PROFILE:
    case SP_LOOKS_CONFIG:
    case SP_LOOKS_RULES:
    case SP_LOOKS_RULE:
    case SP_LOOKS_NESTED:
        return true;
    case SP_LOOKS_CONFIG_BARE:
    case SP_LOOKS_EMPTY:
    case SP_LOOKS_MANIFEST:
    case SP_LOOKS_COMPOSE:
    case SP_LOOKS_FIRECRACKER:
    case SP_LOOKS_OTHER:
        break;
    }
    return false;
}

/* JSON, or what was meant to be: a value, or a remark before it.  YAML that holds JSON starts
 * otherwise. */
static bool
starts_as_json(struct sp_str text)
{
    size_t bom = sp_str_has_prefix(text, SP_UTF8_BOM) ? strlen(SP_UTF8_BOM) : 0;
    struct sp_str rest = sp_str_trim(sp_str_slice(text, bom, text.len));

    return rest.len > 0 && strchr("{[\"'/", rest.ptr[0]) != NULL && rest.ptr[0] != '\0';
}

/* YAML and the policies of other tools write the same words without quotes. */
static bool
has_quoted(struct sp_str text, const char *word)
{
    const char *end = text.ptr + text.len;
    const char *at = text.ptr;

    while (at != NULL && at < end) {
        at = memmem(at, (size_t)(end - at), word, strlen(word));
        if (at != NULL && at > text.ptr && (at[-1] == '"' || at[-1] == '\'')) {
            return true;
        }
        at = at == NULL ? NULL : at + 1;
    }
    return false;
}

bool
sp_form_text_meant(struct sp_str text)
{
    return starts_as_json(text)
        && (has_quoted(text, "defaultAction") || has_quoted(text, "SCMP_ACT_"));
}
