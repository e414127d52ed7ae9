/* SP314: naming a newer call, only to deny it, makes older ones answer another error under
 * runc. */
#include "lint/meaning.h"
#include "lint/meaning_rules.h"
#include "lint/names_find.h"
#include "lint/rules_find.h"

#include <string.h>

enum { ENOSYS_NUMBER = 38, PLACES_MAX = 16 };

/* Where runc's ENOSYS begins on one architecture. */
struct threshold {
    uint32_t allowed;  /* the highest number that a rule lets run, or answers ENOSYS to */
    uint32_t named;    /* the highest that is named: ENOSYS begins behind it */
    const struct sp_rule *rule;       /* that names this one */
    const struct sp_kb_syscall *call;
};

/* Words that were spoken of. */
struct told {
    const struct sp_word *words[PLACES_MAX];
    size_t count;
};

/* Does the rule only deny?  One that answers ENOSYS is there for runtimes without a stub. */
static bool
is_denial(const struct sp_oci_rule *rule)
{
    enum sp_action action = rule->rule->action;

    if (action == SP_ACTION_ERRNO) {
        return sp_filter_verdict(action, rule->error) != (SP_VERDICT_ERRNO | ENOSYS_NUMBER);
    }
    return action == SP_ACTION_KILL_PROCESS || action == SP_ACTION_KILL_THREAD
        || action == SP_ACTION_TRAP;
}

static void
look_at_name(const struct sp_arch_rules *arch, const struct sp_oci_rule *rule,
             const struct sp_word *name, struct threshold *threshold)
{
    const struct sp_kb_syscall *call = sp_kb_syscall_find(name->text);
    int64_t number = call == NULL ? SP_KB_NO_NUMBER : sp_kb_number(arch->arch, call);

    if (number == SP_KB_NO_NUMBER || (uint32_t)number > arch->stub) {
        return;
    }
    if (!is_denial(rule)) {
        threshold->allowed = (uint32_t)number > threshold->allowed ? (uint32_t)number
                                                                   : threshold->allowed;
    }
    if ((uint32_t)number == arch->stub) {
        threshold->named = arch->stub;
        threshold->rule = rule->rule;
        threshold->call = call;
    }
}

static struct threshold
find_threshold(const struct sp_meaning *meaning, const struct sp_arch_rules *arch)
{
    struct threshold threshold = { .allowed = 0 };

    for (size_t i = 0; i < meaning->oci.rules.count; i++) {
        const struct sp_oci_rule *rule = &meaning->oci.rules.at[i];
        for (size_t j = 0; j < rule->names.count; j++) {
            look_at_name(arch, rule, &rule->names.at[j], &threshold);
        }
    }
    return threshold;
}

static bool
is_named(const struct sp_lint *lint, uint16_t row)
{
    for (size_t i = 0; i < lint->meaning->calls.count; i++) {
        if (lint->meaning->calls.at[i].row == row) {
            return true;
        }
    }
    return false;
}

/* Does a libc try this call in place of one that the profile names, and go on without it after
 * ENOSYS alone? */
static bool
is_probed(const struct sp_lint *lint, uint16_t row)
{
    for (size_t i = 0; i < sp_kb_switches_count; i++) {
        const struct sp_kb_switch *known = &sp_kb_switches[i];
        if (known->need == row && strcmp(sp_kb_text(known->fallback), "ENOSYS") == 0
            && is_named(lint, known->have)) {
            return true;
        }
    }
    return false;
}

/* Is this call, which nobody names, between the two thresholds? */
static bool
is_moved(const struct sp_lint *lint, struct sp_meaning *meaning,
         const struct sp_arch_rules *arch, const struct threshold *threshold, uint16_t row)
{
    int64_t number = sp_kb_number(arch->arch, &sp_kb_syscalls[row]);

    if (number == SP_KB_NO_NUMBER || (uint32_t)number <= threshold->allowed
        || (uint32_t)number >= threshold->named || is_named(lint, row)
        || !is_probed(lint, row)) {
        return false;
    }
    return sp_meaning_of(meaning, arch->arch, (uint32_t)number, SP_READING_ENFORCED)
        == sp_dd_leaf(lint->meaning->store, meaning->rules.default_verdict);
}

static bool
is_told(struct told *told, const struct sp_word *word)
{
    for (size_t i = 0; i < told->count; i++) {
        if (told->words[i] == word) {
            return true;
        }
    }
    if (told->count < PLACES_MAX) {
        told->words[told->count++] = word;
    }
    return false;
}

static struct sp_witness *
witness_of(const struct sp_lint *lint, struct sp_meaning *meaning,
           const struct sp_arch_rules *arch, const struct sp_kb_syscall *moved)
{
    static const struct sp_when always;
    static const uint64_t args[SP_ARGS];
    const struct sp_lint_call call = {
        .call = moved, .row = (uint16_t)sp_kb_syscall_index(moved),
    };
    const struct sp_lint_view view = {
        .call = &call, .meaning = meaning, .when = &always, .arch = arch->arch,
        .nr = (uint32_t)sp_kb_number(arch->arch, moved),
    };
    struct sp_witness *witness =
        sp_lint_witness(lint, &view, args, meaning->rules.default_verdict);

    if (witness != NULL) {
        witness->has_instead = true;
        witness->instead = SP_VERDICT_ERRNO | ENOSYS_NUMBER;
        witness->instead_is = "without that name";
    }
    return witness;
}

static void
tell(const struct sp_lint *lint, struct sp_meaning *meaning, const struct sp_arch_rules *arch,
     const struct threshold *threshold, const char *const *moved, size_t count)
{
    const struct sp_word *word = sp_rules_word(threshold->rule, threshold->call);
    const char *default_word =
        sp_rules_verdict(lint, meaning->rules.default_verdict);
    struct sp_diag *diag = sp_report_add(
        lint->report, 314, sp_at_node(lint->doc, word->node),
        "naming `%s` makes %s answer %s instead of ENOSYS under runc",
        sp_kb_text(threshold->call->name),
        sp_names_join(lint, moved, count, SP_NAMES_LISTED, sp_names_quoted), default_word);

    sp_report_label(lint->report, diag, "the newest name on %s", sp_kb_text(arch->arch->name));
    sp_report_help(lint->report, diag,
                   "remove the name, for unnamed calls are denied anyway, or answer ENOSYS for "
                   "the calls that libc tries first");
    diag->witness = witness_of(lint, meaning, arch, sp_kb_syscall_find(sp_str_of(moved[0])));
}

static void
look_at_arch(const struct sp_lint *lint, struct sp_meaning *meaning,
             const struct sp_arch_rules *arch, struct told *told)
{
    SP_SCRATCH(scratch);
    struct threshold threshold = find_threshold(meaning, arch);
    SP_VEC(const char *) moved = { .at = NULL };

    if (threshold.rule == NULL || threshold.allowed == 0
        || threshold.allowed >= threshold.named) {
        return;
    }
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        if (is_moved(lint, meaning, arch, &threshold, (uint16_t)i)) {
            const char **place = sp_vec_push(&scratch, &moved);
            if (place != NULL) {
                *place = sp_kb_text(sp_kb_syscalls[i].name);
            }
        }
    }
    if (sp_names_complete(lint, &scratch) && moved.count > 0
        && !is_told(told, sp_rules_word(threshold.rule, threshold.call))) {
        tell(lint, meaning, arch, &threshold, moved.at, moved.count);
    }
}

/* Is what unnamed calls answer an error that libc does not take for "no such call"? */
static bool
is_looked_at(const struct sp_meaning *meaning)
{
    return meaning->start == SP_START_FILTER && meaning->environment.runtime == SP_RUNTIME_RUNC
        && meaning->rules.default_verdict != (SP_VERDICT_ERRNO | ENOSYS_NUMBER);
}

void
sp_check_listing_moves_enosys(const struct sp_lint *lint)
{
    struct sp_scene_list list;
    struct told told = { .count = 0 };

    if (!sp_scenes_of(lint->meaning->scenes, SP_CASES_NONE, &list)) {
        lint->arena->failed = true;
        return;
    }
    for (size_t i = 0; i < list.count; i++) {
        struct sp_meaning *meaning = list.at[i].meaning;
        for (size_t j = 0; is_looked_at(meaning) && j < meaning->arch_count; j++) {
            const struct sp_arch_rules *arch = &meaning->arches[j];
            if (arch->stub > 0 && !arch->headless
                && sp_scenes_wants(lint->meaning->scenes, arch->arch)) {
                look_at_arch(lint, meaning, arch, &told);
            }
        }
    }
}
