/* Whole filters, built as a runtime builds them, against the model. */
#include "lint/validate_filters.h"

#include "lint/meaning.h"
#include "sem/bpf_run.h"

/* ---- which environments ------------------------------------------------------------------- */

/* Meanings, each once. */
struct meanings {
    struct sp_arena *arena;
    SP_VEC(struct sp_meaning *) all;
};

static bool
add(struct meanings *meanings, struct sp_meaning *meaning)
{
    for (size_t i = 0; i < meanings->all.count; i++) {
        if (meanings->all.at[i] == meaning) {
            return true;
        }
    }
    struct sp_meaning **place = sp_vec_push(meanings->arena, &meanings->all);
    if (place != NULL) {
        *place = meaning;
    }
    return place != NULL;
}

/* Of a call: its scenes on the first host; of all calls: the default on every host.  A filter takes
 * milliseconds to build, and guards do not change with the machine. */
static bool
collect(const struct sp_lint *lint, struct meanings *meanings)
{
    const struct sp_kb_arch *const *hosts;
    struct sp_scene_list list;

    sp_scenes_hosts(lint->meaning->scenes, &hosts);
    if (!sp_scenes_of(lint->meaning->scenes, SP_CASES_NONE, &list)) {
        return false;
    }
    for (size_t i = 0; i < list.count; i++) {
        if (!add(meanings, list.at[i].meaning)) {
            return false;
        }
    }
    for (size_t i = 0; i < lint->meaning->calls.count; i++) {
        if (!sp_scenes_of(lint->meaning->scenes, lint->meaning->calls.at[i].row, &list)) {
            return false;
        }
        for (size_t j = 0; j < list.count; j++) {
            if (list.at[j].meaning->environment.host == hosts[0]
                && !add(meanings, list.at[j].meaning)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- comparing ---------------------------------------------------------------------------- */

/* What libseccomp built is not what its algorithm says: nothing that the profile can be blamed for, but
 * whoever trusts the model must know. */
static void
tell(const struct sp_lint *lint, const struct sp_lint_view *view, const uint64_t args[SP_ARGS],
     sp_verdict got, sp_verdict instead)
{
    struct sp_diag *diag = sp_report_add(
        lint->report, 414, sp_at_node(lint->doc, view->call->rules[0]->node),
        "the filter that was built here does not answer to `%s` what libseccomp documents",
        sp_kb_text(view->call->call->name));
    struct sp_witness *witness = sp_lint_witness(lint, view, args, got);

    if (witness != NULL) {
        witness->has_instead = true;
        witness->instead = instead;
        witness->instead_is = "by the documented algorithm";
        diag->witness = witness;
    }
}

static void
compare_call(const struct sp_lint *lint, struct sp_validity *validity,
             const struct sp_lint_view *view, struct sp_bpf program)
{
    struct sp_dd_store *store = lint->meaning->store;
    sp_dd modelled = sp_lint_verdicts(view, SP_READING_ENFORCED);
    sp_dd built = sp_bpf_meaning(store, program, view->arch->audit, view->nr);
    uint64_t args[SP_ARGS];
    uint32_t got;
    uint32_t instead;

    if (sp_dd_has_undecided(store, built) || sp_dd_has_undecided(store, modelled)) {
        validity->undecided++;
    } else if (built != modelled && sp_dd_differ(store, modelled, built, args)
               && sp_dd_eval(store, built, args, &got)
               && sp_dd_eval(store, modelled, args, &instead)) {
        tell(lint, view, args, got, instead);
    }
}

static void
compare(const struct sp_lint *lint, struct sp_validity *validity, struct sp_meaning *meaning,
        struct sp_bpf program)
{
    static const struct sp_when always = { .caps = 0 };

    for (size_t i = 0; i < meaning->arch_count; i++) {
        const struct sp_kb_arch *arch = meaning->arches[i].arch;
        for (size_t j = 0; j < lint->meaning->calls.count; j++) {
            const struct sp_lint_call *call = &lint->meaning->calls.at[j];
            int64_t nr = sp_kb_number(arch, call->call);
            const struct sp_lint_view view = {
                .call = call, .meaning = meaning, .when = &always, .arch = arch,
                .nr = (uint32_t)nr,
            };
            if (nr != SP_KB_NO_NUMBER) {
                compare_call(lint, validity, &view, program);
            }
        }
    }
}

static void
build(const struct sp_lint *lint, struct sp_validity *validity, struct sp_meaning *meaning)
{
    const struct sp_compiled *compiled;

    validity->environments++;
    if (meaning->start != SP_START_FILTER) {
        validity->starts = false;
        return;
    }
    compiled = sp_meaning_compiled(meaning);
    if (compiled->result != SP_COMPILE_PROGRAM) {
        validity->undecided += lint->meaning->calls.count;
        return;
    }
    validity->filters++;
    if (compiled->program.count > validity->instructions) {
        validity->instructions = compiled->program.count;
        validity->host = meaning->environment.host;
        validity->arches = (unsigned)meaning->arch_count;
    }
    compare(lint, validity, meaning, compiled->program);
}

bool
sp_validate_filters(const struct sp_lint *lint, struct sp_validity *validity)
{
    SP_SCRATCH(scratch);
    struct meanings meanings = { .arena = &scratch };

    if (!collect(lint, &meanings)) {
        return false;
    }
    validity->was_read = true;
    validity->starts = true;
    for (size_t i = 0; i < meanings.all.count; i++) {
        build(lint, validity, meanings.all.at[i]);
    }
    return !lint->arena->failed;
}
