/* SP407: masks that shut out some namespaces and not the rest. */
#include "lint/args_abi.h"
#include "lint/args_find.h"
#include "lint/meaning_rules.h"
#include "lint/names_find.h"

#include <inttypes.h>
#include <string.h>

/* What makes a namespace.  clone has no CLONE_NEWTIME (0x80): its lowest eight bits are the
 * signal that the child ends with (include/uapi/linux/sched.h, CSIGNAL). */
static const struct {
    const char *call;
    uint64_t flags;
} masks[] = {
    { "clone", 0x7e020000 },
    { "unshare", 0x7e020080 },
};

/* One flag that is shut out is a rule about that one, mostly user namespaces; two are a
 * mask. */
enum { FEW = 2 };

static uint64_t
flags_of(const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
        if (strcmp(masks[i].call, sp_kb_text(call->name)) == 0) {
            return masks[i].flags;
        }
    }
    return 0;
}

static sp_dd
has_flag(struct sp_dd_store *store, unsigned arg, uint64_t flag)
{
    return sp_dd_compare(store, arg, SP_DD_EQ, flag, flag);
}

/* The flags with which the call may run. */
static uint64_t
open_flags(struct sp_dd_store *store, sp_dd runs, unsigned arg, uint64_t flags)
{
    uint64_t open = 0;

    for (uint64_t rest = flags; rest != 0; rest &= rest - 1) {
        uint64_t flag = rest & (~rest + 1);
        if (sp_dd_and(store, runs, has_flag(store, arg, flag)) != sp_dd_leaf(store, 0)) {
            open |= flag;
        }
    }
    return open;
}

static struct sp_witness *
show(const struct sp_lint *lint, const struct sp_lint_view *view, unsigned arg,
     const uint64_t args[SP_ARGS], uint64_t shut)
{
    struct sp_witness *witness = sp_args_witness(lint, view, args);
    uint64_t twin[SP_ARGS];
    uint32_t instead;

    memcpy(twin, args, sizeof twin);
    twin[arg] = shut & (~shut + 1);
    if (witness != NULL
        && sp_dd_eval(lint->meaning->store, sp_lint_verdicts(view, SP_READING_KERNEL), twin,
                      &instead)) {
        sp_args_instead(witness, instead, NULL);
        witness->has_twin = true;
        memcpy(witness->twin, twin, sizeof witness->twin);
    }
    return witness;
}

/* The rule that lets the call run, or else the first that looks at its flags. */
static const struct sp_rule *
rule_of(const struct sp_lint_view *view, const uint64_t args[SP_ARGS], unsigned arg)
{
    const struct sp_rule *rule = sp_lint_decider(view, args);

    for (size_t i = 0; rule == NULL && i < view->call->rule_count; i++) {
        if (sp_lint_condition_on(view->call->rules[i], arg) != NULL) {
            rule = view->call->rules[i];
        }
    }
    return rule;
}

static bool
look(const struct sp_lint *lint, const struct sp_lint_view *view, void *user)
{
    struct sp_dd_store *store = lint->meaning->store;
    uint64_t flags = flags_of(view->call->call);
    unsigned arg = sp_args_flags(view->call->call, view->arch);
    sp_dd runs = sp_lint_runs(lint, sp_lint_verdicts(view, SP_READING_KERNEL));
    uint64_t args[SP_ARGS];

    if (sp_dd_has_undecided(store, runs) || (sp_dd_bits(store, runs, arg) & flags) == 0) {
        return true;
    }
    uint64_t open = open_flags(store, runs, arg, flags);
    uint64_t shut = flags & ~open;
    if (open == 0 || __builtin_popcountll(shut) < FEW
        || !sp_dd_find(store, sp_dd_and(store, runs, has_flag(store, arg, open & (~open + 1))),
                       NULL, NULL, args)) {
        return true;
    }
    const struct sp_rule *rule = rule_of(view, args, arg);
    struct sp_args_find *find = rule == NULL ? NULL : sp_args_note(user, view, rule, NULL, 0);
    if (find != NULL && find->witness == NULL) {
        find->witness = show(lint, view, arg, args, shut);
        find->value = open;
        find->args = arg;
    }
    return true;
}

static struct sp_place
place_of(const struct sp_lint *lint, const struct sp_args_find *find)
{
    const struct sp_condition *condition = sp_lint_condition_on(find->rule, find->args);

    return condition == NULL ? sp_args_place_name(lint, find->rule, find->calls.at[0])
                             : sp_args_place(lint, condition);
}

static const char *
names_of(const struct sp_lint *lint, const struct sp_args_find *find)
{
    const char *names[64];
    size_t count = 0;
    const struct sp_kb_set *set = sp_kb_set_of(sp_kb_syscall_find(SP_STR("unshare")), 0);

    for (size_t i = 0; set != NULL && i < set->values.count; i++) {
        const struct sp_kb_constant *constant = &sp_kb_constants[set->values.first + i];
        if ((constant->value & find->value) != 0 && count < sizeof names / sizeof *names) {
            names[count++] = sp_kb_text(constant->name);
        }
    }
    return sp_names_join(lint, names, count, SP_NAMES_LISTED, sp_names_quoted);
}

static void
tell(const struct sp_lint *lint, const struct sp_args_find *find)
{
    const struct sp_kb_syscall *call = find->calls.at[0];
    uint64_t flags = flags_of(call);
    struct sp_diag *diag = sp_report_add(
        lint->report, 407, place_of(lint, find),
        "`%s` may not make some namespaces, but %s is open", sp_kb_text(call->name),
        names_of(lint, find));

    diag->witness = find->witness;
    sp_report_help(lint->report, diag,
                   "the mask of all that `%s` can make is %" PRIu64 " (0x%" PRIx64 ")",
                   sp_kb_text(call->name), flags, flags);
}

void
sp_check_clone_mask(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct sp_args_finds finds = { .arena = &scratch };

    for (size_t i = 0; i < lint->meaning->calls.count; i++) {
        const struct sp_lint_call *call = &lint->meaning->calls.at[i];
        if (call->has_conditions && flags_of(call->call) != 0) {
            sp_lint_each_view(lint, call, look, &finds);
        }
    }
    sp_args_tell_all(lint, &finds, tell);
}
