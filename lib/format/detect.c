/* What a document looks like: told from the keys that only one kind of file has. */
#include "format/fields.h"
#include "format/profile_read.h"

/* How deep a profile pasted into something else is looked for. */
enum { NESTED_DEPTH = 3 };

static bool
has_any(const struct sp_node *object, const char *const keys[])
{
    for (; *keys != NULL; keys++) {
        if (sp_node_member(object, *keys) != NULL) {
            return true;
        }
    }
    return false;
}

/* Letter case apart, as Go reads them: a profile with "DefaultAction" is still one. */
static bool
has_profile_key(const struct sp_node *object)
{
    static const char *const own[] = { "defaultAction", "syscalls", "archMap", "architectures",
                                       "defaultErrnoRet", "listenerPath" };

    for sp_node_each(member, object) {
        for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
            if (sp_str_equal_folded(member->key, sp_str_of(own[i]))) {
                return true;
            }
        }
    }
    return false;
}

/* Keys that only Docker and containers-common know. */
static bool
has_manager_key(const struct sp_node *profile)
{
    static const char *const in_profile[] = { "archMap", "defaultErrno", NULL };
    static const char *const in_rule[] = { "includes", "excludes", "name", "comment", "errno",
                                           NULL };
    const struct sp_node *rules = sp_node_member(profile, "syscalls");

    if (has_any(profile, in_profile)) {
        return true;
    }
    if (rules == NULL || rules->kind != SP_NODE_ARRAY) {
        return false;
    }
    for sp_node_each(rule, rules) {
        if (rule->kind == SP_NODE_OBJECT && has_any(rule, in_rule)) {
            return true;
        }
    }
    return false;
}

static bool
is_rule(const struct sp_node *node)
{
    static const char *const names[] = { "names", "name", NULL };

    return node != NULL && node->kind == SP_NODE_OBJECT && has_any(node, names)
        && sp_node_member(node, "action") != NULL;
}

static const struct sp_node *
member_of_kind(const struct sp_node *object, const char *key, enum sp_node_kind kind)
{
    const struct sp_node *member = sp_node_member(object, key);

    return member != NULL && member->kind == kind ? member : NULL;
}

/* Firecracker's filters are objects by thread name, each with "default_action" and "filter". */
static bool
is_firecracker(const struct sp_node *object)
{
    const struct sp_node *first = object->first;

    return first != NULL && first->kind == SP_NODE_OBJECT
        && sp_node_member(first, "default_action") != NULL
        && sp_node_member(first, "filter") != NULL;
}

static const struct sp_node *
find_nested(const struct sp_node *object, unsigned depth)
{
    for sp_node_each(member, object) {
        if (member->kind != SP_NODE_OBJECT) {
            continue;
        }
        if (has_profile_key(member)) {
            return member;
        }
        const struct sp_node *deeper = depth > 1 ? find_nested(member, depth - 1) : NULL;
        if (deeper != NULL) {
            return deeper;
        }
    }
    return NULL;
}

static struct sp_detected
looks(enum sp_looks looks, enum sp_dialect dialect, const struct sp_node *profile)
{
    return (struct sp_detected){ .looks = looks, .dialect = dialect, .profile = profile };
}

/* A runtime configuration says so with ociVersion, or has "process" or "root" beside "linux". */
static bool
is_config(const struct sp_node *object)
{
    static const char *const beside[] = { "process", "root", "mounts", NULL };

    return sp_node_member(object, "ociVersion") != NULL
        || (member_of_kind(object, "linux", SP_NODE_OBJECT) != NULL && has_any(object, beside));
}

static struct sp_detected
detect_config(const struct sp_node *root)
{
    const struct sp_node *linux_part = member_of_kind(root, "linux", SP_NODE_OBJECT);
    const struct sp_node *profile = member_of_kind(linux_part, "seccomp", SP_NODE_OBJECT);

    return profile != NULL ? looks(SP_LOOKS_CONFIG, SP_DIALECT_CONFIG, profile)
                           : looks(SP_LOOKS_CONFIG_BARE, SP_DIALECT_CONFIG, NULL);
}

/* Source: kubernetes-sigs/security-profiles-operator, api/seccompprofile. */
static const struct sp_node *
find_spec(const struct sp_node *root)
{
    const struct sp_node *version = member_of_kind(root, "apiVersion", SP_NODE_STRING);
    bool is_spo = version != NULL
        && sp_str_has_prefix(version->text, "security-profiles-operator.x-k8s.io/")
        && sp_node_is_string(sp_node_member(root, "kind"), "SeccompProfile");

    return is_spo ? member_of_kind(root, "spec", SP_NODE_OBJECT) : NULL;
}

static struct sp_detected
detect_object(const struct sp_node *root)
{
    const struct sp_node *spec = find_spec(root);

    if (root->count == 0) {
        return looks(SP_LOOKS_EMPTY, SP_DIALECT_DOCKER, root);
    }
    if (is_config(root)) {
        return detect_config(root);
    }
    if (spec != NULL) {
        return looks(SP_LOOKS_PROFILE, SP_DIALECT_SPO, spec);
    }
    if (has_profile_key(root)) {
        return looks(SP_LOOKS_PROFILE,
                     has_manager_key(root) ? SP_DIALECT_DOCKER : SP_DIALECT_OCI, root);
    }
    if (is_rule(root)) {
        return looks(SP_LOOKS_RULE, SP_DIALECT_UNKNOWN, NULL);
    }
    if (member_of_kind(root, "apiVersion", SP_NODE_STRING) != NULL
        && member_of_kind(root, "kind", SP_NODE_STRING) != NULL) {
        return looks(SP_LOOKS_MANIFEST, SP_DIALECT_UNKNOWN, NULL);
    }
    if (member_of_kind(root, "services", SP_NODE_OBJECT) != NULL) {
        return looks(SP_LOOKS_COMPOSE, SP_DIALECT_UNKNOWN, NULL);
    }
    if (is_firecracker(root)) {
        return looks(SP_LOOKS_FIRECRACKER, SP_DIALECT_UNKNOWN, NULL);
    }

    const struct sp_node *nested = find_nested(root, NESTED_DEPTH);
    return nested != NULL ? looks(SP_LOOKS_NESTED, SP_DIALECT_UNKNOWN, NULL)
                          : looks(SP_LOOKS_OTHER, SP_DIALECT_UNKNOWN, NULL);
}

struct sp_detected
sp_profile_detect(const struct sp_doc *doc)
{
    const struct sp_node *root = doc->root;

    switch (root->kind) {
    case SP_NODE_OBJECT:
        return detect_object(root);
    case SP_NODE_ARRAY:
        return is_rule(root->first) ? looks(SP_LOOKS_RULES, SP_DIALECT_UNKNOWN, NULL)
                                    : looks(SP_LOOKS_OTHER, SP_DIALECT_UNKNOWN, NULL);
    case SP_NODE_NULL:
        return looks(SP_LOOKS_EMPTY, SP_DIALECT_UNKNOWN, NULL);
    case SP_NODE_BOOL:
    case SP_NODE_NUMBER:
    case SP_NODE_STRING:
        break;
    }
    return looks(SP_LOOKS_OTHER, SP_DIALECT_UNKNOWN, NULL);
}
