#include "lint/args_find.h"

#include "lint/names_find.h"
#include "sem/words.h"

/* ---- where rules with conditions take part ----------------------------------------------- */

struct walk {
    bool (*wants)(const struct sp_rule *rule);
    sp_args_visit *visit;
    void *user;
};

/* Companions of multiplexed calls come from rules of other calls. */
static bool
takes_part(const struct sp_lint_view *view, const struct sp_rule *rule)
{
    for (size_t i = 0; view->rules != NULL && i < view->rules->count; i++) {
        const struct sp_filter_rule *taken = &view->rules->rules[i];
        if (taken->rule == rule && taken->call == view->call->row) {
            return true;
        }
    }
    return false;
}

static bool
look(const struct sp_lint *lint, const struct sp_lint_view *view, void *user)
{
    const struct walk *walk = user;

    for (size_t i = 0; i < view->call->rule_count; i++) {
        struct sp_args_use use = { .view = view, .rule = view->call->rules[i] };
        if (use.rule->condition_count > 0 && (walk->wants == NULL || walk->wants(use.rule))
            && takes_part(view, use.rule)) {
            walk->visit(lint, &use, walk->user);
        }
    }
    return true;
}

static bool
is_wanted(const struct walk *walk, const struct sp_lint_call *call)
{
    for (size_t i = 0; i < call->rule_count; i++) {
        if (call->rules[i]->condition_count > 0
            && (walk->wants == NULL || walk->wants(call->rules[i]))) {
            return true;
        }
    }
    return false;
}

void
sp_args_each_use(const struct sp_lint *lint, bool (*wants)(const struct sp_rule *rule),
                 sp_args_visit *visit, void *user)
{
    struct walk walk = { .wants = wants, .visit = visit, .user = user };

    for (size_t i = 0; i < lint->meaning->calls.count; i++) {
        const struct sp_lint_call *call = &lint->meaning->calls.at[i];
        if (call->has_conditions && is_wanted(&walk, call)) {
            sp_lint_each_view(lint, call, look, &walk);
        }
    }
}

bool
sp_args_is_readable(const struct sp_condition *condition)
{
    return condition->op != SP_OPERATOR_NONE && condition->index.value < SP_ARGS;
}

static sp_dd
compare(const struct sp_lint_view *view, const struct sp_condition *condition, unsigned bits)
{
    const struct sp_filter_condition taken = sp_filter_condition_of(condition);
    const struct sp_filter_rule one = { .conditions = &taken, .condition_count = 1 };

    return sp_modelled_condition(view->meaning->store, &one, bits);
}

sp_dd
sp_args_compared(const struct sp_lint_view *view, const struct sp_condition *condition)
{
    return compare(view, condition, view->arch->bits);
}

sp_dd
sp_args_written(const struct sp_lint_view *view, const struct sp_condition *condition)
{
    sp_dd holds = compare(view, condition, 64);

    return view->arch->bits == 64
        ? holds
        : sp_dd_narrow(view->meaning->store, holds, sp_args_index(condition),
                       view->arch->bits);
}

sp_dd
sp_args_all_written(const struct sp_lint_view *view, const struct sp_rule *rule)
{
    struct sp_dd_store *store = view->meaning->store;
    sp_dd all = sp_dd_leaf(store, 1);

    for (size_t i = 0; i < rule->condition_count; i++) {
        if (!sp_args_is_readable(&rule->conditions[i])) {
            return sp_dd_leaf(store, 0);
        }
        all = sp_dd_and(store, all, sp_args_written(view, &rule->conditions[i]));
    }
    return all;
}

sp_dd
sp_args_others_compared(const struct sp_lint_view *view, const struct sp_rule *rule,
                        const struct sp_condition *but)
{
    struct sp_dd_store *store = view->meaning->store;
    sp_dd all = sp_dd_leaf(store, 1);

    for (size_t i = 0; i < rule->condition_count; i++) {
        const struct sp_condition *condition = &rule->conditions[i];
        if (condition != but && sp_args_is_readable(condition)) {
            all = sp_dd_and(store, all, sp_args_compared(view, condition));
        }
    }
    return all;
}

/* ---- finds ------------------------------------------------------------------------------- */

struct sp_args_find *
sp_args_known(const struct sp_args_finds *finds, const struct sp_rule *rule,
              const struct sp_condition *condition, unsigned class)
{
    for (size_t i = finds->list.count; i-- > 0;) {
        struct sp_args_find *find = finds->list.at[i];
        if (find->rule == rule && find->condition == condition && find->class == class) {
            return find;
        }
    }
    return NULL;
}

static struct sp_args_find *
add(struct sp_args_finds *finds, const struct sp_rule *rule,
    const struct sp_condition *condition, unsigned class)
{
    struct sp_args_find *find = sp_arena_new(finds->arena, struct sp_args_find);
    struct sp_args_find **place = find == NULL ? NULL : sp_vec_push(finds->arena, &finds->list);

    if (place == NULL) {
        return NULL;
    }
    *find = (struct sp_args_find){ .rule = rule, .condition = condition, .class = class };
    *place = find;
    return find;
}

static bool
has_call(const struct sp_args_find *find, const struct sp_kb_syscall *call)
{
    for (size_t i = find->calls.count; i-- > 0;) {
        if (find->calls.at[i] == call) {
            return true;
        }
    }
    return false;
}

struct sp_args_find *
sp_args_note(struct sp_args_finds *finds, const struct sp_lint_view *view,
             const struct sp_rule *rule, const struct sp_condition *condition, unsigned class)
{
    struct sp_args_find *find = sp_args_known(finds, rule, condition, class);

    if (find == NULL) {
        find = add(finds, rule, condition, class);
    }
    if (find != NULL && !has_call(find, view->call->call)) {
        const struct sp_kb_syscall **place = sp_vec_push(finds->arena, &find->calls);
        if (place == NULL) {
            return NULL;
        }
        *place = view->call->call;
    }
    if (find != NULL) {
        find->arches |= UINT64_C(1) << (view->arch - sp_kb_arches);
    }
    return find;
}

void
sp_args_tell_all(const struct sp_lint *lint, const struct sp_args_finds *finds,
                 sp_args_tell *tell)
{
    if (!sp_names_complete(lint, finds->arena)) {
        return;
    }
    for (size_t i = 0; i < finds->list.count; i++) {
        tell(lint, finds->list.at[i]);
    }
}

/* ---- witnesses --------------------------------------------------------------------------- */

struct sp_witness *
sp_args_witness(const struct sp_lint *lint, const struct sp_lint_view *view,
                const uint64_t args[SP_ARGS])
{
    sp_dd verdicts = sp_lint_verdicts(view, SP_READING_KERNEL);
    uint32_t got;

    return sp_dd_eval(lint->meaning->store, verdicts, args, &got)
        ? sp_lint_witness(lint, view, args, got) : NULL;
}

void
sp_args_instead(struct sp_witness *witness, sp_verdict instead, const char *is)
{
    if (witness != NULL) {
        witness->has_instead = true;
        witness->instead = instead;
        witness->instead_is = is;
    }
}

bool
sp_args_differ(const struct sp_lint *lint, const struct sp_lint_view *view, sp_dd where,
               uint64_t ret_args[SP_ARGS])
{
    struct sp_dd_store *store = lint->meaning->store;
    sp_dd elsewhere = sp_dd_leaf(store, 0);

    if (where == elsewhere) {
        return false;
    }
    sp_dd enforced = sp_dd_ite(store, where, sp_lint_verdicts(view, SP_READING_KERNEL),
                               elsewhere);
    sp_dd written = sp_dd_ite(store, where, sp_lint_verdicts(view, SP_READING_INTENDED),
                              elsewhere);
    return sp_dd_differ(store, enforced, written, ret_args);
}

struct sp_witness *
sp_args_against_written(const struct sp_lint *lint, const struct sp_lint_view *view,
                        const uint64_t args[SP_ARGS])
{
    struct sp_witness *witness = sp_args_witness(lint, view, args);
    uint32_t instead;

    if (sp_dd_eval(lint->meaning->store, sp_lint_verdicts(view, SP_READING_INTENDED), args,
                   &instead)) {
        sp_args_instead(witness, instead, "as written");
    }
    return witness;
}

/* ---- places and texts -------------------------------------------------------------------- */

struct sp_place
sp_args_place(const struct sp_lint *lint, const struct sp_condition *condition)
{
    return sp_at_node(lint->doc, condition->value.node == NULL ? condition->node
                                                               : condition->value.node);
}

struct sp_place
sp_args_place_index(const struct sp_lint *lint, const struct sp_condition *condition)
{
    return sp_at_node(lint->doc, condition->index.node == NULL ? condition->node
                                                               : condition->index.node);
}

struct sp_place
sp_args_place_rule(const struct sp_lint *lint, const struct sp_rule *rule)
{
    return rule->args_node == NULL ? sp_at_node(lint->doc, rule->node)
                                   : sp_at_key(lint->doc, rule->args_node);
}

struct sp_place
sp_args_place_name(const struct sp_lint *lint, const struct sp_rule *rule,
                   const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < rule->names.count; i++) {
        if (sp_str_is(rule->names.at[i].text, sp_kb_text(call->name))
            && rule->names.at[i].node != NULL) {
            return sp_at_node(lint->doc, rule->names.at[i].node);
        }
    }
    return sp_at_node(lint->doc, rule->node);
}

const struct sp_kb_arg *
sp_args_kb(const struct sp_kb_syscall *call, unsigned arg)
{
    return call->args_known && arg < call->args.count ? &sp_kb_args[call->args.first + arg]
                                                      : NULL;
}

static void
add_call(const struct sp_lint *lint, struct sp_buf *buf, const void *calls_, size_t index)
{
    const struct sp_kb_syscall *const *calls = calls_;

    (void)lint;
    sp_buf_format(buf, "`%s`", sp_kb_text(calls[index]->name));
}

const char *
sp_args_calls(const struct sp_lint *lint, const struct sp_args_find *find)
{
    return sp_names_join(lint, find->calls.at, find->calls.count, SP_NAMES_LISTED, add_call);
}

const char *
sp_args_name(const struct sp_lint *lint, const struct sp_kb_syscall *call, unsigned arg)
{
    const struct sp_kb_arg *known = sp_args_kb(call, arg);
    SP_BUF(buf);

    sp_buf_format(&buf, "argument %u", arg);
    if (known != NULL) {
        sp_buf_format(&buf, " (%s)", sp_kb_text(known->name));
    }
    return sp_names_take(lint, &buf);
}

const char *
sp_args_operator(const struct sp_condition *condition)
{
    const char *text = sp_names_of(sp_operator_names, (int)condition->op);

    return text == NULL ? "" : text;
}

const char *
sp_args_arches(const struct sp_lint *lint, sp_arch_set set)
{
    SP_BUF(buf);

    sp_names_add_arches(&buf, set, 3);
    return sp_names_take(lint, &buf);
}

const char *
sp_args_call_text(const struct sp_lint *lint, const struct sp_kb_syscall *call,
                  const uint64_t args[SP_ARGS])
{
    SP_BUF(buf);

    sp_words_call(call, args, &buf);
    return sp_names_take(lint, &buf);
}

void
sp_args_check_calls(const struct sp_lint *lint, sp_lint_visit *visit, sp_args_tell *tell)
{
    SP_SCRATCH(scratch);
    struct sp_args_finds finds = { .arena = &scratch };

    for (size_t i = 0; i < lint->meaning->calls.count; i++) {
        const struct sp_lint_call *call = &lint->meaning->calls.at[i];
        if (call->has_conditions) {
            sp_lint_each_view(lint, call, visit, &finds);
        }
    }
    sp_args_tell_all(lint, &finds, tell);
}
