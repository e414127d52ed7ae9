/* SP313: a name without a number on an architecture takes away all rules of that architecture.
 * */
#include "lint/meaning.h"
#include "lint/meaning_rules.h"
#include "lint/names_find.h"
#include "lint/rules_find.h"

/* ---- is the head lost? ------------------------------------------------------------------- */

/* A call that the profile, as it is written, does not leave to the default action. */
static bool
find_lost(const struct sp_lint *lint, struct sp_meaning *meaning,
          const struct sp_arch_rules *arch, const struct sp_arch_call *call,
          uint64_t ret_args[SP_ARGS])
{
    struct sp_dd_store *store = lint->meaning->store;
    sp_dd written = sp_meaning_of(meaning, arch->arch, call->nr, SP_READING_INTENDED);

    return sp_dd_differ(store, written, sp_dd_leaf(store, meaning->rules.default_verdict),
                        ret_args);
}

/* Where only the compiled filter can tell: no call gets another verdict than the default. */
static bool
is_silent(const struct sp_lint *lint, struct sp_meaning *meaning,
          const struct sp_arch_rules *arch)
{
    sp_dd by_default = sp_dd_leaf(lint->meaning->store, meaning->rules.default_verdict);

    for (size_t i = 0; i < arch->calls.count; i++) {
        if (sp_meaning_of(meaning, arch->arch, arch->calls.at[i].nr, SP_READING_ENFORCED)
            != by_default) {
            return false;
        }
    }
    return true;
}

static bool
is_headless(const struct sp_lint *lint, struct sp_meaning *meaning,
            const struct sp_arch_rules *arch)
{
    return arch->headless || (arch->head_unsure && is_silent(lint, meaning, arch));
}

/* ---- telling ----------------------------------------------------------------------------- */

static bool
has_plain(const struct sp_arch_call *call)
{
    for (size_t i = 0; i < call->count; i++) {
        if (call->rules[i].condition_count == 0) {
            return true;
        }
    }
    return false;
}

/* The names that may stand at the head: those without conditions, where there are some. */
static void
gather(const struct sp_arch_rules *arch, struct sp_rules_finds *finds)
{
    bool some_plain = false;

    for (size_t i = 0; i < arch->nameless.count; i++) {
        some_plain |= has_plain(&arch->nameless.at[i]);
    }
    for (size_t i = 0; i < arch->nameless.count; i++) {
        const struct sp_arch_call *call = &arch->nameless.at[i];
        if (has_plain(call) || !some_plain) {
            sp_rules_add(finds, (struct sp_rules_find){
                .rule = call->rules[0].rule, .call = &sp_kb_syscalls[call->call],
            });
        }
    }
}

static void
add_witness(const struct sp_lint *lint, struct sp_meaning *meaning,
            const struct sp_arch_rules *arch, struct sp_diag *diag)
{
    static const struct sp_when always;
    struct sp_dd_store *store = lint->meaning->store;

    for (size_t i = 0; i < arch->calls.count; i++) {
        const struct sp_arch_call *lost = &arch->calls.at[i];
        const struct sp_lint_call call = {
            .call = &sp_kb_syscalls[lost->call], .row = lost->call,
        };
        const struct sp_lint_view view = {
            .call = &call, .meaning = meaning, .when = &always, .arch = arch->arch,
            .nr = lost->nr,
        };
        uint64_t args[SP_ARGS];
        uint32_t written;

        if (!find_lost(lint, meaning, arch, lost, args)
            || !sp_dd_eval(store, sp_lint_verdicts(&view, SP_READING_INTENDED), args,
                           &written)) {
            continue;
        }
        struct sp_witness *witness =
            sp_lint_witness(lint, &view, args, meaning->rules.default_verdict);
        if (witness != NULL) {
            witness->has_instead = true;
            witness->instead = written;
            witness->instead_is = "as written";
            diag->witness = witness;
        }
        sp_report_related(lint->report, diag, sp_at_node(lint->doc, lost->rules[0].rule->node),
                          "this rule is lost there");
        return;
    }
}

static void
tell(const struct sp_lint *lint, struct sp_meaning *meaning, const struct sp_arch_rules *arch)
{
    SP_SCRATCH(scratch);
    struct sp_rules_finds finds = { .arena = &scratch };

    gather(arch, &finds);
    if (!sp_names_complete(lint, &scratch) || finds.list.count == 0) {
        return;
    }
    struct sp_rules_slice slice = { .at = finds.list.at, .count = finds.list.count };
    struct sp_diag *diag = sp_report_add(
        lint->report, 313, sp_rules_place(lint, slice),
        "%s %s no number on %s: every rule is lost there", sp_rules_names(lint, slice),
        slice.count == 1 ? "has" : "have", sp_kb_text(arch->arch->name));
    sp_report_help(lint->report, diag,
                   "remove the %s, or give %s one rule without conditions for a call that it "
                   "has",
                   slice.count == 1 ? "name" : "names",
                   sp_kb_text(arch->arch->name));
    add_witness(lint, meaning, arch, diag);
}

/* One finding: the remedy is the same on every architecture. */
void
sp_check_dead_name_disables(const struct sp_lint *lint)
{
    struct sp_scene_list list;

    if (!sp_scenes_of(lint->meaning->scenes, SP_CASES_NONE, &list)) {
        lint->arena->failed = true;
        return;
    }
    for (size_t i = 0; i < list.count; i++) {
        struct sp_meaning *meaning = list.at[i].meaning;
        for (size_t j = 0; meaning->start == SP_START_FILTER && j < meaning->arch_count; j++) {
            const struct sp_arch_rules *arch = &meaning->arches[j];
            if (arch->calls.count > 0 && sp_scenes_wants(lint->meaning->scenes, arch->arch)
                && is_headless(lint, meaning, arch)) {
                tell(lint, meaning, arch);
                return;
            }
        }
    }
}
