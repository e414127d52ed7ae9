#include "format/foreign.h"

#include "format/foreign_multiplexers.h"
#include "text/json_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Lists whose last child is remembered, so that appending takes no walk. */
struct list {
    struct sp_node *node;
    struct sp_node *last;
};

struct sp_foreign {
    struct sp_arena *arena;
    const struct sp_source *source;
    struct sp_dd_store *store;  /* made when it is first asked for */
    bool failed;
    sp_verdict default_verdict;
    struct list root;
    struct list arches;  /* no node until there is one */
    struct list rules;
    struct list names;   /* of the newest rule while others may join it, else no node */
    sp_verdict names_verdict;
    struct sp_foreign_rules given;             /* all that was said of calls */
    SP_VEC(const struct sp_kb_arch *) named;   /* all architectures */
};

/* ---- nodes ------------------------------------------------------------------------------- */

/* A node at the end of a list; `key` is NULL in arrays. What could not be made is NULL. */
static struct sp_node *
append(struct sp_foreign *foreign, struct list *list, enum sp_node_kind kind, const char *key,
       struct sp_span span)
{
    struct sp_node *node = sp_arena_new(foreign->arena, struct sp_node);

    if (node == NULL || list->node == NULL) {
        foreign->failed = true;
        return NULL;
    }
    *node = (struct sp_node){
        .kind = kind, .span = span, .parent = list->node, .index = list->node->count++,
    };
    if (key != NULL) {
        node->key = sp_str_of(key);
        node->key_span = span;
    }
    if (list->last == NULL) {
        list->node->first = node;
    } else {
        list->last->next = node;
    }
    list->last = node;
    return node;
}

static struct list
append_list(struct sp_foreign *foreign, struct list *list, enum sp_node_kind kind, const char *key,
            struct sp_span span)
{
    return (struct list){ .node = append(foreign, list, kind, key, span) };
}

static void
append_text(struct sp_foreign *foreign, struct list *list, const char *key, struct sp_span span,
            const char *text)
{
    struct sp_node *node = append(foreign, list, SP_NODE_STRING, key, span);

    if (node != NULL) {
        node->text = sp_str_of(text);
    }
}

static void
append_number(struct sp_foreign *foreign, struct list *list, const char *key, struct sp_span span,
              uint64_t number)
{
    struct sp_node *node = append(foreign, list, SP_NODE_NUMBER, key, span);
    const char *text = sp_arena_format(foreign->arena, "%" PRIu64, number);

    if (node != NULL && text != NULL) {
        node->text = sp_str_of(text);
    }
    foreign->failed = foreign->failed || text == NULL;
}

/* ---- verdicts ------------------------------------------------------------------------------ */

/* Which word of a profile gives this verdict. */
static const struct {
    sp_verdict action;
    enum sp_action word;
    bool has_data;
} verdict_words[] = {
    { SP_VERDICT_KILL_PROCESS, SP_ACTION_KILL_PROCESS, false },
    { SP_VERDICT_KILL_THREAD, SP_ACTION_KILL_THREAD, false },
    { SP_VERDICT_TRAP, SP_ACTION_TRAP, false },
    { SP_VERDICT_ERRNO, SP_ACTION_ERRNO, true },
    { SP_VERDICT_NOTIFY, SP_ACTION_NOTIFY, false },
    { SP_VERDICT_TRACE, SP_ACTION_TRACE, true },
    { SP_VERDICT_LOG, SP_ACTION_LOG, false },
    { SP_VERDICT_ALLOW, SP_ACTION_ALLOW, false },
};

static void
append_verdict(struct sp_foreign *foreign, struct list *object, const char *key,
               const char *data_key, struct sp_span span, sp_verdict verdict)
{
    for (size_t i = 0; i < sizeof verdict_words / sizeof *verdict_words; i++) {
        if (verdict_words[i].action != (verdict & SP_VERDICT_ACTION)) {
            continue;
        }
        append_text(foreign, object, key, span,
                    sp_names_of(sp_action_names, verdict_words[i].word));
        if (verdict_words[i].has_data) {
            append_number(foreign, object, data_key, span, verdict & SP_VERDICT_DATA);
        }
    }
}

/* ---- the profile --------------------------------------------------------------------------- */

const struct sp_kb_arch *
sp_foreign_machine(const struct sp_source *source)
{
    return source->machine == NULL ? sp_kb_arch_native() : sp_kb_arch_find(sp_str_of(source->machine));
}

struct sp_foreign *
sp_foreign_new(struct sp_arena *arena, const struct sp_source *source)
{
    struct sp_foreign *foreign = sp_arena_new(arena, struct sp_foreign);
    struct sp_node *root = sp_arena_new(arena, struct sp_node);

    if (foreign == NULL || root == NULL) {
        return NULL;
    }
    *root = (struct sp_node){
        .kind = SP_NODE_OBJECT, .span = { .start = 0, .end = (uint32_t)source->text.len },
    };
    *foreign = (struct sp_foreign){ .arena = arena, .source = source, .root = { .node = root } };
    return foreign;
}

void
sp_foreign_default(struct sp_foreign *foreign, sp_verdict verdict, struct sp_span span)
{
    foreign->default_verdict = foreign->given.default_verdict = verdict;
    append_verdict(foreign, &foreign->root, "defaultAction", "defaultErrnoRet", span, verdict);
}

void
sp_foreign_arch(struct sp_foreign *foreign, const struct sp_kb_arch *arch, struct sp_span span)
{
    if (foreign->arches.node == NULL) {
        foreign->arches =
            append_list(foreign, &foreign->root, SP_NODE_ARRAY, "architectures", span);
    }
    append_text(foreign, &foreign->arches, NULL, span, sp_kb_text(arch->token));
    const struct sp_kb_arch **place = sp_vec_push(foreign->arena, &foreign->named);
    if (place != NULL) {
        *place = arch;
    }
}

/* A rule that has everything but its names. */
static struct list
begin_rule(struct sp_foreign *foreign, struct sp_span span, sp_verdict verdict,
           struct list *ret_names)
{
    if (foreign->rules.node == NULL) {
        foreign->rules = append_list(foreign, &foreign->root, SP_NODE_ARRAY, "syscalls",
                                     foreign->root.node->span);
    }
    struct list rule = append_list(foreign, &foreign->rules, SP_NODE_OBJECT, NULL, span);
    *ret_names = append_list(foreign, &rule, SP_NODE_ARRAY, "names", span);
    append_verdict(foreign, &rule, "action", "errnoRet", span, verdict);
    return rule;
}

/* What is named together need not stand in this order in the text. */
static void
widen(struct sp_node *node, struct sp_span span)
{
    node->span.start = span.start < node->span.start ? span.start : node->span.start;
    node->span.end = span.end > node->span.end ? span.end : node->span.end;
}

/* Keeps a rule for sp_foreign_check_multiplexers. */
static void
keep(struct sp_foreign *foreign, const char *name, struct sp_span span, sp_verdict verdict,
     const struct sp_filter_condition *conditions, size_t count)
{
    const struct sp_kb_syscall *call = sp_kb_syscall_find(sp_str_of(name));
    struct sp_foreign_given *given =
        call == NULL ? NULL : sp_vec_push(foreign->arena, &foreign->given.all);
    struct sp_filter_condition *copy =
        given == NULL || count == 0
        ? NULL : sp_arena_new_array(foreign->arena, count, struct sp_filter_condition);

    if (given == NULL || (copy == NULL && count > 0)) {
        return;
    }
    if (count > 0) {
        memcpy(copy, conditions, count * sizeof *copy);
    }
    *given = (struct sp_foreign_given){
        .rule = { .call = (uint16_t)sp_kb_syscall_index(call), .verdict = verdict,
                  .conditions = copy, .condition_count = count },
        .span = span,
    };
}

void
sp_foreign_call(struct sp_foreign *foreign, const char *name, struct sp_span span,
                sp_verdict verdict)
{
    keep(foreign, name, span, verdict, NULL, 0);
    if (foreign->names.node == NULL || foreign->names_verdict != verdict) {
        (void)begin_rule(foreign, span, verdict, &foreign->names);
        foreign->names_verdict = verdict;
    } else {
        widen(foreign->names.node, span);
        widen(foreign->names.node->parent, span);
    }
    append_text(foreign, &foreign->names, NULL, span, name);
}

static void
append_condition(struct sp_foreign *foreign, struct list *args, struct sp_span span,
                 const struct sp_filter_condition *condition)
{
    struct list object = append_list(foreign, args, SP_NODE_OBJECT, NULL, span);
    bool is_masked = condition->op == SP_OPERATOR_MASKED_EQ;

    append_number(foreign, &object, "index", span, condition->index);
    append_number(foreign, &object, "value", span, is_masked ? condition->mask : condition->datum);
    if (is_masked) {
        append_number(foreign, &object, "valueTwo", span, condition->datum);
    }
    append_text(foreign, &object, "op", span, sp_names_of(sp_operator_names, condition->op));
}

void
sp_foreign_rule(struct sp_foreign *foreign, const char *name, struct sp_span span, sp_verdict verdict,
                const struct sp_filter_condition *conditions, size_t count)
{
    struct list names;
    struct list rule;
    struct list args;

    if (count == 0) {
        sp_foreign_call(foreign, name, span, verdict);
        return;
    }
    keep(foreign, name, span, verdict, conditions, count);
    rule = begin_rule(foreign, span, verdict, &names);
    append_text(foreign, &names, NULL, span, name);
    args = append_list(foreign, &rule, SP_NODE_ARRAY, "args", span);
    for (size_t i = 0; i < count; i++) {
        append_condition(foreign, &args, span, &conditions[i]);
    }
    foreign->names = (struct list){ .node = NULL };
}

struct sp_dd_store *
sp_foreign_store(struct sp_foreign *foreign)
{
    if (foreign->store == NULL) {
        foreign->store = sp_dd_store_new(SP_DD_BUDGET);
        foreign->failed = foreign->failed || foreign->store == NULL;
    }
    return foreign->store;
}

bool
sp_foreign_meaning(struct sp_foreign *foreign, const char *name, struct sp_span span, sp_dd verdicts,
                   unsigned bits)
{
    struct sp_dd_store *store = sp_foreign_store(foreign);
    struct sp_safe_rules rules;

    if (store == NULL) {
        return true;
    }
    switch (sp_safe_rules_of(foreign->arena, store, verdicts, foreign->default_verdict, bits,
                             &rules)) {
    case SP_SAFE_OK:
        break;
    case SP_SAFE_NO_MEMORY:
        foreign->failed = true;
        return true;
    case SP_SAFE_UNWRITABLE:
        return false;
    }
    for (size_t i = 0; i < rules.all.count; i++) {
        const struct sp_safe_rule *rule = &rules.all.at[i];
        sp_foreign_rule(foreign, name, span, rule->verdict, rule->conditions.at,
                        rule->conditions.count);
    }
    return true;
}

/* ---- multiplexed calls --------------------------------------------------------------------- */

static void
fail_doubled(const struct sp_foreign *foreign, struct sp_report *report, const char *arch,
             const struct sp_foreign_doubled *doubled)
{
    const char *multiplexer = sp_kb_text(doubled->multiplexer->name);
    const char *call = sp_kb_text(sp_kb_syscalls[doubled->given->rule.call].name);
    struct sp_diag *diag = sp_report_add(
        report, SP_CODE_SYNTAX,
        sp_at_span(foreign->source, doubled->given->span.start, doubled->given->span.end),
        "on %s a profile that says this of `%s` says it of %s, too, and the text does not", arch,
        call, multiplexer);

    diag->severity = SP_SEVERITY_ERROR;
    sp_report_help(report, diag, "say of %s what is said of the calls behind it", multiplexer);
}

/* Takes a node out of its parent, whose list is `list` if that is remembered. */
static void
take_out(struct sp_node *node, struct list *list)
{
    struct sp_node **link = &node->parent->first;
    struct sp_node *before = NULL;

    while (*link != node) {
        before = *link;
        link = &before->next;
    }
    *link = node->next;
    node->parent->count--;
    for (struct sp_node *behind = node->next; behind != NULL; behind = behind->next) {
        behind->index--;
    }
    if (list != NULL && list->last == node) {
        list->last = before;
    }
}

static void
put_first(struct sp_node *node, struct list *list)
{
    for (struct sp_node *behind = list->node->first; behind != NULL; behind = behind->next) {
        behind->index++;
    }
    node->index = 0;
    node->next = list->node->first;
    list->node->first = node;
    list->node->count++;
    list->last = list->last == NULL ? node : list->last;
}

/* The name in a rule without conditions. */
static struct sp_node *
find_plain_name(const struct sp_foreign *foreign, const char *name)
{
    for (struct sp_node *rule = foreign->rules.node->first; rule != NULL; rule = rule->next) {
        struct sp_node *names = rule->first;  /* begin_rule */
        for (struct sp_node *node = names->first; node != NULL; node = node->next) {
            if (sp_node_member(rule, "args") == NULL && sp_node_is_string(node, name)) {
                return node;
            }
        }
    }
    return NULL;
}

static void
hoist_given(struct sp_foreign *foreign, size_t at)
{
    struct sp_foreign_given given = foreign->given.all.at[at];

    memmove(&foreign->given.all.at[1], &foreign->given.all.at[0],
            at * sizeof *foreign->given.all.at);
    foreign->given.all.at[0] = given;
}

/* Puts the rule of a multiplexer, if it looks at no arguments, before all others: libseccomp then throws away
 * those that it makes of other calls', which else might contradict each other. */
static void
hoist(struct sp_foreign *foreign, const char *multiplexer)
{
    const struct sp_kb_syscall *call = sp_kb_syscall_find(sp_str_of(multiplexer));
    size_t at = 0;

    while (at < foreign->given.all.count
           && (foreign->given.all.at[at].rule.condition_count > 0
               || &sp_kb_syscalls[foreign->given.all.at[at].rule.call] != call)) {
        at++;
    }
    struct sp_node *name =
        at < foreign->given.all.count ? find_plain_name(foreign, multiplexer) : NULL;
    if (name == NULL) {
        return;
    }
    struct sp_foreign_given given = foreign->given.all.at[at];
    struct sp_node *rule = name->parent->parent;
    struct list names;
    if (name->parent->count > 1) {
        take_out(name, NULL);
        rule = begin_rule(foreign, given.span, given.rule.verdict, &names).node;
        append_text(foreign, &names, NULL, given.span, multiplexer);
    }
    if (rule != NULL) {
        take_out(rule, &foreign->rules);
        put_first(rule, &foreign->rules);
    }
    foreign->names = (struct list){ .node = NULL };
    hoist_given(foreign, at);
}

static bool
check_arch(struct sp_foreign *foreign, struct sp_report *report, const struct sp_kb_arch *arch)
{
    SP_SCRATCH(scratch);
    struct sp_dd_store *store = sp_foreign_store(foreign);
    struct sp_foreign_doubled doubled;

    if (sp_foreign_has_doubled(&foreign->given, arch)) {
        hoist(foreign, "socketcall");
        hoist(foreign, "ipc");
    }
    if (store == NULL
        || !sp_foreign_find_doubled(&scratch, store, &foreign->given, arch, &doubled)) {
        foreign->failed = true;
        return false;
    }
    if (doubled.given != NULL) {
        fail_doubled(foreign, report, sp_kb_text(arch->name), &doubled);
    }
    return doubled.given == NULL;
}

bool
sp_foreign_check_multiplexers(struct sp_foreign *foreign, struct sp_report *report)
{
    const struct sp_kb_arch *machine = sp_foreign_machine(foreign->source);

    if (foreign->failed || foreign->arena->failed) {
        return false;
    }
    if (foreign->named.count == 0) {
        return machine == NULL || check_arch(foreign, report, machine);
    }
    for (size_t i = 0; i < foreign->named.count; i++) {
        if (!check_arch(foreign, report, foreign->named.at[i])) {
            return false;
        }
    }
    return true;
}

/* ---- the document -------------------------------------------------------------------------- */

bool
sp_foreign_finish(struct sp_foreign *foreign, struct sp_doc *ret_doc)
{
    sp_dd_store_free(foreign->store);
    foreign->store = NULL;
    if (foreign->failed || foreign->arena->failed) {
        return false;
    }
    *ret_doc = (struct sp_doc){ .source = foreign->source, .root = foreign->root.node };
    return true;
}
