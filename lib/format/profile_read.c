#include "format/profile_read.h"

#include "base/vec.h"
#include "format/decode.h"

/* Each `read_` below takes what is well formed and leaves out the rest; the form rules of the
 * linter walk the same document and say what was left out. */

static struct sp_word
read_word(const struct sp_node *object, const char *key)
{
    const struct sp_node *node = sp_node_member(object, key);

    if (node == NULL) {
        return (struct sp_word){ .node = NULL };
    }
    return (struct sp_word){
        .text = node->kind == SP_NODE_STRING ? node->text : SP_STR(""),
        .node = node,
    };
}

static struct sp_amount
read_amount(const struct sp_node *object, const char *key)
{
    struct sp_amount amount = { .node = sp_node_member(object, key) };

    amount.given = amount.node != NULL && amount.node->kind == SP_NODE_NUMBER
        && sp_node_u64(amount.node, &amount.value) == SP_NUMBER_OK;
    return amount;
}

/* The value of a word in a table; `none` where it is missing or unknown. */
static int
read_name(const struct sp_node *object, const char *key, struct sp_names names, int none)
{
    struct sp_word word = read_word(object, key);
    int value;

    return word.node != NULL && sp_names_find(names, word.text, &value) ? value : none;
}

/* The strings of an array; what is no string is left out. */
static struct sp_words
words_of(struct sp_arena *arena, const struct sp_node *array)
{
    struct sp_words words = { .node = array };

    if (array == NULL || array->kind != SP_NODE_ARRAY || array->count == 0) {
        return words;
    }
    struct sp_word *at = sp_arena_new_array(arena, array->count, struct sp_word);
    if (at == NULL) {
        return words;
    }
    for sp_node_each(element, array) {
        if (element->kind == SP_NODE_STRING) {
            at[words.count++] = (struct sp_word){ .text = element->text, .node = element };
        }
    }
    words.at = at;
    return words;
}

static struct sp_words
read_words(struct sp_arena *arena, const struct sp_node *object, const char *key)
{
    return words_of(arena, sp_node_member(object, key));
}

/* The one name of a rule that uses the legacy key `name`. */
static struct sp_words
legacy_words(struct sp_arena *arena, const struct sp_node *name)
{
    struct sp_word *at = sp_arena_new(arena, struct sp_word);

    if (at == NULL) {
        return (struct sp_words){ .node = name };
    }
    *at = (struct sp_word){ .text = name->text, .node = name };
    return (struct sp_words){ .at = at, .count = 1, .node = name };
}

static struct sp_guard
read_guard(struct sp_arena *arena, const struct sp_node *rule, const char *key)
{
    const struct sp_node *node = sp_node_member(rule, key);

    if (node == NULL || node->kind != SP_NODE_OBJECT) {
        return (struct sp_guard){ .node = node };
    }
    return (struct sp_guard){
        .caps = read_words(arena, node, "caps"),
        .arches = read_words(arena, node, "arches"),
        .min_kernel = read_word(node, "minKernel"),
        .node = node,
    };
}

static struct sp_condition
read_condition(const struct sp_node *node)
{
    return (struct sp_condition){
        .index = read_amount(node, "index"),
        .value = read_amount(node, "value"),
        .value_two = read_amount(node, "valueTwo"),
        .op = (enum sp_operator)read_name(node, "op", sp_operator_names, SP_OPERATOR_NONE),
        .op_node = sp_node_member(node, "op"),
        .node = node,
    };
}

static void
read_conditions(struct sp_arena *arena, struct sp_rule *rule)
{
    const struct sp_node *array = rule->args_node;

    if (array == NULL || array->kind != SP_NODE_ARRAY || array->count == 0) {
        return;
    }
    struct sp_condition *at = sp_arena_new_array(arena, array->count, struct sp_condition);
    if (at == NULL) {
        return;
    }
    for sp_node_each(element, array) {
        if (element->kind == SP_NODE_OBJECT) {
            at[rule->condition_count++] = read_condition(element);
        }
    }
    rule->conditions = at;
}

static struct sp_rule
read_rule(struct sp_arena *arena, const struct sp_node *node)
{
    const struct sp_node *legacy = sp_node_member(node, "name");
    struct sp_rule rule = {
        .names = read_words(arena, node, "names"),
        .legacy_name = legacy,
        .action = (enum sp_action)read_name(node, "action", sp_action_names, SP_ACTION_NONE),
        .action_node = sp_node_member(node, "action"),
        .errno_ret = read_amount(node, "errnoRet"),
        .errno_name = read_word(node, "errno"),
        .args_node = sp_node_member(node, "args"),
        .includes = read_guard(arena, node, "includes"),
        .excludes = read_guard(arena, node, "excludes"),
        .comment = read_word(node, "comment"),
        .node = node,
    };

    if (rule.names.count == 0 && legacy != NULL && legacy->kind == SP_NODE_STRING) {
        rule.names = legacy_words(arena, legacy);
    }
    read_conditions(arena, &rule);
    return rule;
}

static void
read_rules(struct sp_arena *arena, struct sp_profile *profile)
{
    const struct sp_node *array = profile->rules_node;

    if (array == NULL || array->kind != SP_NODE_ARRAY || array->count == 0) {
        return;
    }
    struct sp_rule *at = sp_arena_new_array(arena, array->count, struct sp_rule);
    if (at == NULL) {
        return;
    }
    for sp_node_each(element, array) {
        if (element->kind == SP_NODE_OBJECT) {
            at[profile->rule_count++] = read_rule(arena, element);
        }
    }
    profile->rules = at;
}

static void
read_arch_maps(struct sp_arena *arena, struct sp_profile *profile)
{
    const struct sp_node *array = profile->arch_map_node;

    if (array == NULL || array->kind != SP_NODE_ARRAY || array->count == 0) {
        return;
    }
    struct sp_arch_map *at = sp_arena_new_array(arena, array->count, struct sp_arch_map);
    if (at == NULL) {
        return;
    }
    for sp_node_each(element, array) {
        if (element->kind == SP_NODE_OBJECT) {
            at[profile->arch_map_count++] = (struct sp_arch_map){
                .architecture = read_word(element, "architecture"),
                .sub_architectures = read_words(arena, element, "subArchitectures"),
                .node = element,
            };
        }
    }
    profile->arch_maps = at;
}

void
sp_profile_read_object(struct sp_arena *arena, struct sp_profile *profile,
                       const struct sp_node *node)
{
    profile->node = node;
    profile->default_action_node = sp_node_member(node, "defaultAction");
    profile->default_action = (enum sp_action)read_name(node, "defaultAction", sp_action_names,
                                                        SP_ACTION_NONE);
    profile->default_errno_ret = read_amount(node, "defaultErrnoRet");
    profile->default_errno = read_word(node, "defaultErrno");
    profile->architectures = read_words(arena, node, "architectures");
    profile->flags = read_words(arena, node, "flags");
    profile->listener_path = read_word(node, "listenerPath");
    profile->listener_metadata = read_word(node, "listenerMetadata");
    profile->arch_map_node = sp_node_member(node, "archMap");
    profile->rules_node = sp_node_member(node, "syscalls");
    read_arch_maps(arena, profile);
    read_rules(arena, profile);
}

const struct sp_profile *
sp_profile_read(struct sp_arena *arena, const struct sp_doc *doc, struct sp_detected detected)
{
    struct sp_profile *profile = sp_arena_new(arena, struct sp_profile);

    if (profile == NULL) {
        return NULL;
    }
    profile->doc = doc;
    profile->dialect = detected.dialect;
    profile->odd = sp_decode_odd(detected.profile);
    if (detected.profile != NULL) {
        sp_profile_read_object(arena, profile, detected.profile);
    }
    return arena->failed ? NULL : profile;
}
