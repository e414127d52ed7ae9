#include "lint/meaning.h"

#include "format/read.h"

#include <string.h>

/* ---- the calls ---------------------------------------------------------------------------- */

/* The calls and their rules are found in two passes, so that each list is made once. */
static bool
count_names(const struct sp_lint *lint, uint16_t *order, size_t *counts)
{
    struct sp_lint_meaning *meaning = lint->meaning;

    for (size_t i = 0; i < lint->profile->rule_count; i++) {
        const struct sp_words *names = &lint->profile->rules[i].names;
        for (size_t j = 0; j < names->count; j++) {
            const struct sp_kb_syscall *call = sp_kb_syscall_find(names->at[j].text);
            size_t row = call == NULL ? 0 : sp_kb_syscall_index(call);
            if (call == NULL) {
                continue;
            }
            if (counts[row]++ == 0) {
                struct sp_lint_call *added = sp_vec_push(lint->arena, &meaning->calls);
                if (added == NULL) {
                    return false;
                }
                *added = (struct sp_lint_call){ .call = call, .row = (uint16_t)row };
                order[row] = (uint16_t)(meaning->calls.count - 1);
            }
        }
    }
    return true;
}

static bool
make_lists(const struct sp_lint *lint, const size_t *counts)
{
    struct sp_lint_meaning *meaning = lint->meaning;

    for (size_t i = 0; i < meaning->calls.count; i++) {
        struct sp_lint_call *call = &meaning->calls.at[i];
        call->rules = sp_arena_new_array(lint->arena, counts[call->row], const struct sp_rule *);
        if (call->rules == NULL) {
            return false;
        }
    }
    return true;
}

static void
fill_lists(const struct sp_lint *lint, const uint16_t *order)
{
    for (size_t i = 0; i < lint->profile->rule_count; i++) {
        const struct sp_rule *rule = &lint->profile->rules[i];
        for (size_t j = 0; j < rule->names.count; j++) {
            const struct sp_kb_syscall *found = sp_kb_syscall_find(rule->names.at[j].text);
            if (found == NULL) {
                continue;
            }
            struct sp_lint_call *call =
                &lint->meaning->calls.at[order[sp_kb_syscall_index(found)]];
            if (call->rule_count == 0 || call->rules[call->rule_count - 1] != rule) {
                call->rules[call->rule_count++] = rule;
                call->has_conditions |= rule->condition_count > 0;
            }
        }
    }
}

static bool
find_calls(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    uint16_t *order = sp_arena_new_array(&scratch, sp_kb_syscalls_count, uint16_t);
    size_t *counts = sp_arena_new_array(&scratch, sp_kb_syscalls_count, size_t);

    if (order == NULL || counts == NULL || !count_names(lint, order, counts)
        || !make_lists(lint, counts)) {
        return false;
    }
    fill_lists(lint, order);
    return true;
}

/* ---- which engine ------------------------------------------------------------------------- */

/* Words that only containers-common reads. */
static bool
is_podmans(const struct sp_profile *profile)
{
    if (profile->default_errno.node != NULL) {
        return true;
    }
    for (size_t i = 0; i < profile->rule_count; i++) {
        if (profile->rules[i].errno_name.node != NULL) {
            return true;
        }
    }
    return false;
}

/* The engine that a file was written for. */
static enum sp_engine
engine_of(const struct sp_profile *profile)
{
    if (profile->dialect == SP_DIALECT_OCI || profile->dialect == SP_DIALECT_CONFIG
        || sp_dialect_is_foreign(profile->dialect)) {
        return SP_ENGINE_OCI;
    }
    return is_podmans(profile) ? SP_ENGINE_PODMAN : SP_ENGINE_DOCKER;
}

/* ---- making ------------------------------------------------------------------------------- */

bool
sp_lint_meaning_make(struct sp_lint *lint)
{
    struct sp_lint_meaning *meaning = sp_arena_new(lint->arena, struct sp_lint_meaning);

    if (meaning == NULL) {
        return false;
    }
    lint->meaning = meaning;
    meaning->target = *lint->target;
    sp_read_choose_engine(lint->profile->dialect, &meaning->target);
    if (!meaning->target.engine_given) {
        meaning->target.engine = engine_of(lint->profile);
    }
    meaning->store = sp_dd_store_new(SP_DD_BUDGET);
    if (meaning->store == NULL) {
        return false;
    }
    meaning->scenes = sp_scenes_new(lint->arena, meaning->store, lint->profile, &meaning->target);
    if (meaning->scenes == NULL) {
        return false;
    }
    lint->profile = sp_scenes_profile(meaning->scenes);
    return find_calls(lint);
}

void
sp_lint_meaning_free(struct sp_lint *lint)
{
    if (lint->meaning != NULL) {
        sp_dd_store_free(lint->meaning->store);
        lint->meaning = NULL;
    }
}

/* ---- views -------------------------------------------------------------------------------- */

/* False when the visitor has seen enough. */
static bool
visit_scene(const struct sp_lint *lint, const struct sp_lint_call *call,
            const struct sp_scene *scene, sp_lint_visit *visit, void *user)
{
    struct sp_meaning *meaning = scene->meaning;

    for (size_t i = 0; i < meaning->arch_count; i++) {
        const struct sp_arch_rules *rules = &meaning->arches[i];
        int64_t nr = sp_kb_number(rules->arch, call->call);
        if (nr == SP_KB_NO_NUMBER || !sp_scenes_wants(lint->meaning->scenes, rules->arch)) {
            continue;
        }
        const struct sp_lint_view view = {
            .call = call, .meaning = meaning, .when = &scene->when, .arch = rules->arch,
            .rules = sp_arch_rules_find(rules, (uint32_t)nr), .nr = (uint32_t)nr,
        };
        if (!visit(lint, &view, user)) {
            return false;
        }
    }
    return true;
}

void
sp_lint_each_view(const struct sp_lint *lint, const struct sp_lint_call *call,
                  sp_lint_visit *visit, void *user)
{
    struct sp_scene_list list;

    if (!sp_scenes_of(lint->meaning->scenes, call->row, &list)) {
        lint->arena->failed = true;
        return;
    }
    for (size_t i = 0; i < list.count; i++) {
        if (list.at[i].meaning->start == SP_START_FILTER
            && !visit_scene(lint, call, &list.at[i], visit, user)) {
            return;
        }
    }
}

sp_dd
sp_lint_verdicts(const struct sp_lint_view *view, enum sp_reading reading)
{
    return sp_meaning_of(view->meaning, view->arch, view->nr, reading);
}

static uint32_t
does_run(uint32_t verdict, void *user)
{
    (void)user;
    return sp_verdict_runs(verdict);
}

sp_dd
sp_lint_runs(const struct sp_lint *lint, sp_dd verdicts)
{
    return sp_dd_map(lint->meaning->store, verdicts, does_run, NULL);
}

/* ---- witnesses ---------------------------------------------------------------------------- */

struct sp_witness *
sp_lint_witness(const struct sp_lint *lint, const struct sp_lint_view *view,
                const uint64_t args[SP_ARGS], sp_verdict got)
{
    struct sp_witness *witness = sp_arena_new(lint->arena, struct sp_witness);

    if (witness == NULL) {
        return NULL;
    }
    *witness = (struct sp_witness){
        .environment = view->meaning->environment,
        .arch = view->arch,
        .syscall = view->call->call,
        .nr = view->nr,
        .when = *view->when,
        .got = got,
    };
    memcpy(witness->args, args, sizeof witness->args);
    return witness;
}

const struct sp_rule *
sp_lint_decider(const struct sp_lint_view *view, const uint64_t args[SP_ARGS])
{
    struct sp_call call = { .arch = view->arch->audit, .nr = view->nr };
    struct sp_outcome outcome;

    memcpy(call.args, args, sizeof call.args);
    if (!sp_meaning_simulate(view->meaning, view->arch, &call, &outcome)
        || !outcome.decided || outcome.decider != SP_DECIDER_RULE || outcome.rule_count == 0) {
        return NULL;
    }
    return outcome.rules[0]->rule;
}

const struct sp_condition *
sp_lint_condition_on(const struct sp_rule *rule, unsigned arg)
{
    for (size_t i = 0; i < rule->condition_count; i++) {
        if (rule->conditions[i].index.value == arg) {
            return &rule->conditions[i];
        }
    }
    return NULL;
}
