/* Default profiles: the changes that lead from one content to the next. */
#include "kb/kbgen_defaults.h"

#include "base/closest.h"

#include <string.h>

/* ---- rules by name ------------------------------------------------------------------- */

static long
peek_rule(const struct kbgen_content *content, struct sp_str id)
{
    for (size_t i = 0; i < content->rules.count; i++) {
        if (sp_str_equal(content->rules.at[i].id, id)) {
            return (long)i;
        }
    }
    return -1;
}

/* Its place; -1 when it is not there, which has been said. */
static long
find_rule(const struct kbgen_change *change, const struct sp_node *name)
{
    const struct kbgen_content *content = change->content;
    struct sp_closest closest = sp_closest_to(name->text);
    long found = peek_rule(content, name->text);

    for (size_t i = 0; i < content->rules.count && found < 0; i++) {
        sp_closest_offer(&closest, content->rules.at[i].id.ptr);
    }
    if (found < 0 && closest.count > 0) {
        kbgen_fail(change->gen, content->file, name, "no rule is called '%s' there; '%s' is",
                   name->text.ptr, closest.best[0].name);
    } else if (found < 0) {
        kbgen_fail(change->gen, content->file, name, "no rule is called '%s' there",
                   name->text.ptr);
    }
    return found;
}

/* ---- kinds of change ----------------------------------------------------------------- */

static void
set_values(const struct kbgen_change *change, struct kbgen_rule *rule,
           const struct sp_node *set)
{
    for sp_node_each(each, set) {
        if (sp_str_is(each->key, "calls")) {
            rule->calls = (struct kbgen_list){ .values = { .at = NULL } };
            for sp_node_each(call, each) {
                kbgen_add(change->gen, &rule->calls, kbgen_call_row(change, call));
            }
        } else {
            rule->values[kbgen_field_index(kbgen_rule_fields, each->key)] =
                (struct kbgen_setting){ .file = change->content->file, .node = each };
        }
    }
}

static void
unset_values(const struct kbgen_change *change, struct kbgen_rule *rule,
             const struct sp_node *keys)
{
    for sp_node_each(each, keys) {
        long field = kbgen_field_index(kbgen_rule_fields, each->text);
        if (field < 0 || rule->values[field].node == NULL) {
            kbgen_fail(change->gen, change->content->file, each, "'%s' is not there",
                       each->text.ptr);
        } else {
            rule->values[field] = (struct kbgen_setting){ .node = NULL };
        }
    }
}

static void
change_rule(struct kbgen_change *change, const struct sp_node *name)
{
    const struct sp_node *add = sp_node_member(change->node, "add");
    const struct sp_node *drop = sp_node_member(change->node, "drop");
    const struct sp_node *move = sp_node_member(change->node, "move");
    const struct sp_node *set = sp_node_member(change->node, "set");
    const struct sp_node *unset = sp_node_member(change->node, "unset");
    long at = find_rule(change, name);

    if (at < 0) {
        return;
    }
    struct kbgen_rule *rule = &change->content->rules.at[at];
    if (drop != NULL) {
        (void)kbgen_drop_calls(change, &rule->calls, drop);
    }
    if (move != NULL && kbgen_drop_calls(change, &rule->calls, move)) {
        kbgen_add_calls(change, &rule->calls, move);
    }
    if (add != NULL) {
        kbgen_add_calls(change, &rule->calls, add);
    }
    if (set != NULL) {
        set_values(change, rule, set);
    }
    if (unset != NULL) {
        unset_values(change, rule, unset);
    }
    if (rule->calls.values.count == 0) {
        kbgen_fail(change->gen, change->content->file, name,
                   "'%s' has no call left; say that it is 'gone'", name->text.ptr);
    }
}

/* Where a new rule goes; -1 when that is not told, which has been said. */
static long
place_of_new(const struct kbgen_change *change, const struct sp_node *name)
{
    const struct sp_node *after = sp_node_member(change->node, "after");
    const struct sp_node *before = sp_node_member(change->node, "before");

    if (before != NULL) {
        return find_rule(change, before);
    }
    if (after != NULL) {
        long at = find_rule(change, after);
        return at < 0 ? at : at + 1;
    }
    if (change->last_new == 0) {
        kbgen_fail(change->gen, change->content->file, name,
                   "'after' or 'before' is missing: no new rule stands in front of this one");
        return -1;
    }
    return (long)change->last_new;
}

static void
add_rule(struct kbgen_change *change, const struct sp_node *name)
{
    long at = place_of_new(change, name);

    if (peek_rule(change->content, name->text) >= 0) {
        kbgen_fail(change->gen, change->content->file, name, "'%s' is there already",
                   name->text.ptr);
    } else if (sp_node_member(change->node, "calls") == NULL) {
        kbgen_fail(change->gen, change->content->file, change->node, "'calls' is missing");
    } else if (at >= 0
               && kbgen_insert_rule(change->gen, change->content, (size_t)at, name->text,
                                    change->node)) {
        change->last_new = (size_t)at + 1;
    }
}

static void
drop_rule(struct kbgen_change *change, const struct sp_node *name)
{
    struct kbgen_content *content = change->content;
    long at = find_rule(change, name);

    if (at >= 0) {
        struct kbgen_rule *rule = &content->rules.at[at];
        memmove(rule, rule + 1, (content->rules.count - 1 - (size_t)at) * sizeof *rule);
        content->rules.count--;
    }
}

static const struct {
    const char *key;
    void (*make)(struct kbgen_change *change, const struct sp_node *name);
    const char *const *others;  /* keys that go with it, to a NULL; NULL: those of a rule */
} kinds[] = {
    { "rule", change_rule,
      (const char *const[]){ "add", "drop", "move", "after", "before", "set", "unset", NULL } },
    { "new", add_rule, NULL },
    { "gone", drop_rule, (const char *const[]){ NULL } },
};

enum { KINDS = sizeof kinds / sizeof *kinds };

static bool
goes_with(size_t kind, struct sp_str key)
{
    static const char *const of_new[] = { "after", "before", "calls", NULL };
    const char *const *others = kinds[kind].others == NULL ? of_new : kinds[kind].others;

    for (size_t i = 0; others[i] != NULL; i++) {
        if (sp_str_is(key, others[i])) {
            return true;
        }
    }
    return sp_str_is(key, kinds[kind].key)
        || (kinds[kind].others == NULL && kbgen_field_index(kbgen_rule_fields, key) >= 0);
}

static bool
has_good_keys(const struct kbgen_change *change, size_t kind)
{
    const struct sp_node *node = change->node;
    const struct kbgen_file *file = change->content->file;
    bool are_good = true;

    for sp_node_each(each, node) {
        if (!goes_with(kind, each->key)) {
            kbgen_fail_key(change->gen, file, each, "'%s' does not go with '%s'", each->key.ptr,
                           kinds[kind].key);
            are_good = false;
        }
    }
    if (sp_node_member(node, "after") != NULL && sp_node_member(node, "before") != NULL) {
        kbgen_fail_key(change->gen, file, sp_node_member(node, "before"),
                       "'before' does not go with 'after'");
        are_good = false;
    }
    return are_good;
}

static void
make_change(struct kbgen_change *change)
{
    size_t before = change->content->rules.count;

    for (size_t i = 0; i < KINDS; i++) {
        const struct sp_node *name = sp_node_member(change->node, kinds[i].key);
        if (name != NULL) {
            if (has_good_keys(change, i)) {
                kinds[i].make(change, name);
            }
            if (change->content->rules.count <= before) {
                change->last_new = 0;
            }
            return;
        }
    }
    kbgen_fail(change->gen, change->content->file, change->node,
               "a change is of a 'rule', of a 'new' one, or of one that is 'gone'");
}

void
kbgen_make_changes(struct kbgen *gen, struct kbgen_content *content)
{
    struct kbgen_change change = { .gen = gen, .content = content };
    const struct sp_node *changes = sp_node_member(content->node, "changes");

    if (changes == NULL) {
        return;
    }
    for sp_node_each(each, changes) {
        change.node = each;
        make_change(&change);
        if (gen->arena.failed) {
            return;
        }
    }
}
