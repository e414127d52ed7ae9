/* SP406: calls filtered by argument, and the call that stands for them with its arguments in
 * memory. */
#include "lint/args_find.h"
#include "lint/meaning_rules.h"
#include "lint/names_find.h"

static const char *const multiplexers[] = { "socketcall", "ipc" };

enum class { BY_NAME, HIDDEN, BY_DEFAULT };

static const struct sp_arch_rules *
arch_rules(const struct sp_lint_view *view)
{
    for (size_t i = 0; i < view->meaning->arch_count; i++) {
        if (view->meaning->arches[i].arch == view->arch) {
            return &view->meaning->arches[i];
        }
    }
    return NULL;
}

/* The number by which the multiplexer knows the call: libseccomp gives every rule of the
 * call to the multiplexer, too, with condition 0 asking for that number.  False where it
 * does not. */
static bool
find_sub_call(const struct sp_lint_view *view, uint32_t nr, uint64_t *ret_number)
{
    const struct sp_arch_rules *rules = arch_rules(view);
    const struct sp_arch_call *all = rules == NULL ? NULL : sp_arch_rules_find(rules, nr);

    for (size_t i = 0; all != NULL && i < all->count; i++) {
        if (all->rules[i].call == view->call->row && all->rules[i].condition_count > 0) {
            *ret_number = all->rules[i].conditions[0].datum;
            return true;
        }
    }
    return false;
}

/* A call of the multiplexer that runs. */
static bool
find_open(const struct sp_lint *lint, const struct sp_lint_view *through, uint64_t number,
          uint64_t ret_args[SP_ARGS])
{
    struct sp_dd_store *store = lint->meaning->store;
    sp_dd runs = sp_lint_runs(lint, sp_lint_verdicts(through, SP_READING_KERNEL));
    sp_dd asks = sp_dd_compare(store, 0, SP_DD_EQ, UINT64_MAX, number);

    return sp_dd_find(store, sp_dd_and(store, runs, asks), NULL, NULL, ret_args);
}

static enum class
class_of(const struct sp_rule *rule, const struct sp_kb_syscall *multiplexer)
{
    if (rule == NULL) {
        return BY_DEFAULT;
    }
    return sp_names_has(rule, multiplexer) ? BY_NAME : HIDDEN;
}

static const struct sp_rule *
first_with_conditions(const struct sp_lint_call *call)
{
    for (size_t i = 0; i < call->rule_count; i++) {
        if (call->rules[i]->condition_count > 0) {
            return call->rules[i];
        }
    }
    return call->rules[0];
}

static void
note(const struct sp_lint *lint, const struct sp_lint_view *view,
     const struct sp_lint_view *through, const uint64_t args[SP_ARGS],
     const uint64_t refused[SP_ARGS], struct sp_args_finds *finds)
{
    const struct sp_rule *opener = sp_lint_decider(through, args);
    enum class class = class_of(opener, through->call->call);
    const struct sp_rule *rule = class == BY_NAME ? opener : first_with_conditions(view->call);
    struct sp_args_find *find = sp_args_note(finds, view, rule, NULL, class);
    uint32_t instead;

    if (find == NULL || find->witness != NULL) {
        return;
    }
    find->value = through->call->row;
    find->witness = sp_args_witness(lint, through, args);
    if (sp_dd_eval(lint->meaning->store, sp_lint_verdicts(view, SP_READING_KERNEL), refused,
                   &instead)) {
        sp_args_instead(find->witness, instead,
                        sp_args_call_text(lint, view->call->call, refused));
    }
}

static void
look_through(const struct sp_lint *lint, const struct sp_lint_view *view,
             const struct sp_kb_syscall *multiplexer, struct sp_args_finds *finds)
{
    struct sp_dd_store *store = lint->meaning->store;
    int64_t nr = sp_kb_number(view->arch, multiplexer);
    const struct sp_lint_call call = {
        .call = multiplexer, .row = (uint16_t)sp_kb_syscall_index(multiplexer),
    };
    struct sp_lint_view through = *view;
    uint64_t number, args[SP_ARGS], refused[SP_ARGS];
    sp_dd verdicts = sp_lint_verdicts(view, SP_READING_UNSTUBBED);  /* what its rules say */

    if (nr == SP_KB_NO_NUMBER || sp_dd_args(store, verdicts) == 0
        || !find_sub_call(view, (uint32_t)nr, &number)) {
        return;
    }
    through.call = &call;
    through.nr = (uint32_t)nr;
    if (find_open(lint, &through, number, args)
        && sp_dd_find(store, sp_dd_not(store, sp_lint_runs(lint, verdicts)), NULL, NULL,
                      refused)) {
        note(lint, view, &through, args, refused, finds);
    }
}

static bool
look(const struct sp_lint *lint, const struct sp_lint_view *view, void *user)
{
    for (size_t i = 0; i < sizeof multiplexers / sizeof *multiplexers; i++) {
        look_through(lint, view, sp_kb_syscall_find(sp_str_of(multiplexers[i])), user);
    }
    return true;
}

static struct sp_diag *
add(const struct sp_lint *lint, const struct sp_args_find *find)
{
    const struct sp_kb_syscall *multiplexer = &sp_kb_syscalls[find->value];
    const char *arches = sp_args_arches(lint, find->arches);
    const char *name = sp_kb_text(multiplexer->name);
    const char *calls = sp_args_calls(lint, find);

    switch ((enum class)find->class) {
    case BY_NAME:
        return sp_report_add(lint->report, 406,
                             sp_args_place_name(lint, find->rule, multiplexer),
                             "`%s` is allowed, and on %s it reaches %s past the conditions on "
                             "arguments", name, arches, calls);
    case HIDDEN:
        return sp_report_add(lint->report, 406, sp_args_place_rule(lint, find->rule),
                             "on %s this rule lets `%s` reach %s, too, with any arguments",
                             arches, name, calls);
    case BY_DEFAULT:
        break;
    }
    return sp_report_add(lint->report, 406, sp_args_place_rule(lint, find->rule),
                         "on %s `%s` reaches %s past these conditions", arches, name, calls);
}

static void
tell(const struct sp_lint *lint, const struct sp_args_find *find)
{
    struct sp_diag *diag = add(lint, find);

    diag->witness = find->witness;
    sp_report_label(lint->report, diag,
                    "its arguments are in memory, where no filter sees them");
    sp_report_help(lint->report, diag,
                   "answer `%s` with SCMP_ACT_ERRNO and 38 (ENOSYS) in a rule without "
                   "conditions, before all others that name it; Linux 4.3 and newer have the "
                   "calls themselves",
                   sp_kb_text(sp_kb_syscalls[find->value].name));
}

void
sp_check_multiplexer_open(const struct sp_lint *lint)
{
    sp_args_check_calls(lint, look, tell);
}
