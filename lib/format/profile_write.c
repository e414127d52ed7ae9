#include "format/profile_write.h"

#include "text/json_layout.h"

#include <assert.h>

/* ---- values ---------------------------------------------------------------------------- */

static void
write_word(struct sp_layout *layout, const char *key, const struct sp_word *word)
{
    if (word->node != NULL && word->node->kind == SP_NODE_STRING) {
        sp_layout_text(layout, key, word->text);
    }
}

/* The word as it was written, known or not. */
static void
write_text(struct sp_layout *layout, const char *key, const struct sp_node *node)
{
    if (node != NULL && node->kind == SP_NODE_STRING) {
        sp_layout_text(layout, key, node->text);
    }
}

static void
write_amount(struct sp_layout *layout, const char *key, const struct sp_amount *amount)
{
    if (amount->given) {
        sp_layout_u64(layout, key, amount->value);
    }
}

static void
write_error(struct sp_layout *layout, const char *key, struct sp_errno_ret error)
{
    if (error.given) {
        sp_layout_u64(layout, key, error.value);
    }
}

static void
write_list(struct sp_layout *layout, const char *key, const struct sp_words *words)
{
    sp_layout_open(layout, key, '[');
    for (size_t i = 0; i < words->count; i++) {
        sp_layout_text(layout, NULL, words->at[i].text);
    }
    sp_layout_close(layout, ']');
}

/* A list that says nothing when it is empty. */
static void
write_words(struct sp_layout *layout, const char *key, const struct sp_words *words)
{
    if (words->count > 0) {
        write_list(layout, key, words);
    }
}

/* ---- any value ------------------------------------------------------------------------- */

static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Of the numbers that YAML has: "+1", ".5", "1." and ".inf" are not JSON's. */
static bool
is_number(struct sp_str text)
{
    size_t first = sp_str_has_prefix(text, "-") ? 1 : 0;

    if (first == text.len || !is_digit(text.ptr[first])) {
        return false;
    }
    for (size_t i = first; i < text.len; i++) {
        if (text.ptr[i] == '.' && (i + 1 == text.len || !is_digit(text.ptr[i + 1]))) {
            return false;
        }
    }
    return true;
}

/* JSON's numbers as they were written; YAML has others. */
static void
write_number(struct sp_layout *layout, const struct sp_node *node)
{
    SP_BUF(word);
    uint64_t value;

    if (sp_node_u64(node, &value) == SP_NUMBER_OK) {
        sp_layout_u64(layout, NULL, value);
        return;
    }
    if (!is_number(node->text)) {
        sp_layout_text(layout, NULL, node->text);
        return;
    }
    sp_buf_add(&word, node->text);
    if (word.failed) {
        layout->out->failed = true;
        return;
    }
    sp_layout_word(layout, NULL, word.data);
}

/* As deep as the reader's limit allows. */
static void
write_value(struct sp_layout *layout, const struct sp_node *node)
{
    switch (node->kind) {
    case SP_NODE_NULL:
        sp_layout_word(layout, NULL, "null");
        return;
    case SP_NODE_BOOL:
        sp_layout_word(layout, NULL, sp_str_is(node->text, "true") ? "true" : "false");
        return;
    case SP_NODE_NUMBER:
        write_number(layout, node);
        return;
    case SP_NODE_STRING:
        sp_layout_text(layout, NULL, node->text);
        return;
    case SP_NODE_ARRAY:
    case SP_NODE_OBJECT:
        break;
    }
    bool is_object = node->kind == SP_NODE_OBJECT;
    sp_layout_open(layout, NULL, is_object ? '{' : '[');
    for sp_node_each(child, node) {
        if (is_object) {
            sp_layout_key(layout, child->key);
        }
        write_value(layout, child);
    }
    sp_layout_close(layout, is_object ? '}' : ']');
}

/* Our own key. */
static void
write_ours(struct sp_layout *layout, const struct sp_node *object)
{
    const struct sp_node *ours = sp_node_member(object, "x-secprof");

    if (ours != NULL) {
        sp_layout_key(layout, ours->key);
        write_value(layout, ours);
    }
}

/* ---- a profile as it was read ------------------------------------------------------------ */

static void
write_conditions(struct sp_layout *layout, const struct sp_rule *rule)
{
    if (rule->condition_count == 0) {
        return;
    }
    sp_layout_open(layout, "args", '[');
    for (size_t i = 0; i < rule->condition_count; i++) {
        const struct sp_condition *condition = &rule->conditions[i];
        sp_layout_open(layout, NULL, '{');
        write_amount(layout, "index", &condition->index);
        write_amount(layout, "value", &condition->value);
        write_amount(layout, "valueTwo", &condition->value_two);
        write_text(layout, "op", condition->op_node);
        sp_layout_close(layout, '}');
    }
    sp_layout_close(layout, ']');
}

static void
write_guard(struct sp_layout *layout, const char *key, const struct sp_guard *guard)
{
    bool has_kernel = guard->min_kernel.node != NULL
        && guard->min_kernel.node->kind == SP_NODE_STRING;

    if (guard->caps.count + guard->arches.count == 0 && !has_kernel) {
        return;
    }
    sp_layout_open(layout, key, '{');
    write_words(layout, "caps", &guard->caps);
    write_words(layout, "arches", &guard->arches);
    write_word(layout, "minKernel", &guard->min_kernel);
    sp_layout_close(layout, '}');
}

static bool
has_own_names(const struct sp_rule *rule)
{
    return rule->names.node != NULL && rule->names.node->kind == SP_NODE_ARRAY;
}

static void
write_rule(struct sp_layout *layout, const struct sp_rule *rule)
{
    sp_layout_open(layout, NULL, '{');
    if (has_own_names(rule)) {
        write_list(layout, "names", &rule->names);
    }
    write_text(layout, "action", rule->action_node);
    write_amount(layout, "errnoRet", &rule->errno_ret);
    write_word(layout, "errno", &rule->errno_name);
    write_conditions(layout, rule);
    write_text(layout, "name", rule->legacy_name);
    write_word(layout, "comment", &rule->comment);
    write_guard(layout, "includes", &rule->includes);
    write_guard(layout, "excludes", &rule->excludes);
    write_ours(layout, rule->node);
    sp_layout_close(layout, '}');
}

static void
write_arch_map(struct sp_layout *layout, const struct sp_arch_map *map)
{
    const struct sp_node *subs = map->sub_architectures.node;

    sp_layout_open(layout, NULL, '{');
    write_word(layout, "architecture", &map->architecture);
    if (subs != NULL && subs->kind == SP_NODE_NULL) {
        sp_layout_word(layout, "subArchitectures", "null");
    } else if (subs != NULL && subs->kind == SP_NODE_ARRAY) {
        write_list(layout, "subArchitectures", &map->sub_architectures);
    }
    sp_layout_close(layout, '}');
}

static bool
is_list(const struct sp_node *node)
{
    return node != NULL && node->kind == SP_NODE_ARRAY;
}

static void
write_arch_maps(struct sp_layout *layout, const struct sp_profile *profile)
{
    if (profile->arch_map_count == 0) {
        return;
    }
    sp_layout_open(layout, "archMap", '[');
    for (size_t i = 0; i < profile->arch_map_count; i++) {
        write_arch_map(layout, &profile->arch_maps[i]);
    }
    sp_layout_close(layout, ']');
}

/* Runtimes tell an empty list of flags from none. */
static void
write_flags(struct sp_layout *layout, const struct sp_words *flags, bool keeps_empty)
{
    if (flags->count > 0 || (keeps_empty && is_list(flags->node))) {
        write_list(layout, "flags", flags);
    }
}

void
sp_profile_write(const struct sp_profile *profile, struct sp_buf *out)
{
    struct sp_layout layout = { .out = out, .indent = "\t" };

    sp_layout_open(&layout, NULL, '{');
    write_text(&layout, "defaultAction", profile->default_action_node);
    write_amount(&layout, "defaultErrnoRet", &profile->default_errno_ret);
    write_word(&layout, "defaultErrno", &profile->default_errno);
    write_words(&layout, "architectures", &profile->architectures);
    write_flags(&layout, &profile->flags, true);
    write_word(&layout, "listenerPath", &profile->listener_path);
    write_word(&layout, "listenerMetadata", &profile->listener_metadata);
    write_arch_maps(&layout, profile);
    if (is_list(profile->rules_node)) {
        sp_layout_open(&layout, "syscalls", '[');
        for (size_t i = 0; i < profile->rule_count; i++) {
            write_rule(&layout, &profile->rules[i]);
        }
        sp_layout_close(&layout, ']');
    }
    write_ours(&layout, profile->node);
    sp_layout_close(&layout, '}');
    sp_buf_char(out, '\n');
}

/* ---- what a runtime is given ------------------------------------------------------------- */

/* A word that Go writes whether it is there or not. */
static void
write_required(struct sp_layout *layout, const char *key, const struct sp_node *node)
{
    bool is_text = node != NULL && node->kind == SP_NODE_STRING;

    sp_layout_text(layout, key, is_text ? node->text : SP_STR(""));
}

static void
write_oci_conditions(struct sp_layout *layout, const struct sp_rule *rule)
{
    if (rule->condition_count == 0) {
        return;
    }
    sp_layout_open(layout, "args", '[');
    for (size_t i = 0; i < rule->condition_count; i++) {
        const struct sp_condition *condition = &rule->conditions[i];
        sp_layout_open(layout, NULL, '{');
        sp_layout_u64(layout, "index", condition->index.value);
        sp_layout_u64(layout, "value", condition->value.value);
        if (condition->value_two.value != 0) {
            sp_layout_u64(layout, "valueTwo", condition->value_two.value);
        }
        write_required(layout, "op", condition->op_node);
        sp_layout_close(layout, '}');
    }
    sp_layout_close(layout, ']');
}

static void
write_oci_rule(struct sp_layout *layout, const struct sp_oci_rule *rule)
{
    sp_layout_open(layout, NULL, '{');
    write_list(layout, "names", &rule->names);
    write_required(layout, "action", rule->rule->action_node);
    write_error(layout, "errnoRet", rule->error);
    write_oci_conditions(layout, rule->rule);
    sp_layout_close(layout, '}');
}

static void
write_oci_arches(struct sp_layout *layout, const struct sp_oci *oci)
{
    if (oci->arches.count == 0) {
        return;
    }
    sp_layout_open(layout, "architectures", '[');
    for (size_t i = 0; i < oci->arches.count; i++) {
        sp_layout_text(layout, NULL, oci->arches.at[i]);
    }
    sp_layout_close(layout, ']');
}

static void
write_filled(struct sp_layout *layout, const char *key, const struct sp_word *word)
{
    if (word->text.len > 0) {
        sp_layout_text(layout, key, word->text);
    }
}

void
sp_profile_write_oci(const struct sp_oci *oci, enum sp_engine engine, struct sp_buf *out)
{
    struct sp_layout layout = { .out = out, .indent = "\t" };
    const struct sp_profile *profile = oci->profile;

    assert(oci->resolution == SP_RESOLUTION_PROFILE);
    sp_layout_open(&layout, NULL, '{');
    write_required(&layout, "defaultAction", profile->default_action_node);
    write_error(&layout, "defaultErrnoRet", oci->default_error);
    write_oci_arches(&layout, oci);
    write_flags(&layout, &oci->flags, engine == SP_ENGINE_OCI);
    write_filled(&layout, "listenerPath", &oci->listener_path);
    if (oci->listener_path.text.len > 0) {
        write_filled(&layout, "listenerMetadata", &profile->listener_metadata);
    }
    if (oci->rules.count > 0) {
        sp_layout_open(&layout, "syscalls", '[');
        for (size_t i = 0; i < oci->rules.count; i++) {
            write_oci_rule(&layout, &oci->rules.at[i]);
        }
        sp_layout_close(&layout, ']');
    }
    sp_layout_close(&layout, '}');
    sp_buf_char(out, '\n');
}
