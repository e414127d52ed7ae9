#include "ops/call_verdict_work.h"

#include <string.h>

/* ---- where --------------------------------------------------------------------------- */

static const struct sp_kb_arch *
first_arch(const struct sp_call_asking *asking)
{
    if (asking->into->text.arch != NULL) {
        return asking->into->text.arch;
    }
    if (asking->target->arch_count > 0) {
        return asking->target->arches[0];
    }
    const struct sp_kb_arch *native = sp_kb_arch_native();
    return native != NULL ? native : sp_kb_arch_find(SP_STR("x86_64"));
}

static uint16_t
row_of(const struct sp_kb_syscall *call)
{
    return call == NULL ? (uint16_t)SP_CASES_NONE : (uint16_t)sp_kb_syscall_index(call);
}

/* The target on machines that run programs of `arch`; `is_free`: in every environment there is. */
static struct sp_target
target_on(const struct sp_call_asking *asking, const struct sp_kb_arch *arch, bool is_free)
{
    struct sp_target target = *asking->target;

    target.arches[0] = arch;
    target.arch_count = 1;
    if (is_free) {
        target.caps_given = false;
        target.caps = target.caps_add = target.caps_drop = 0;
        target.kernel = (struct sp_version){ .major = 0 };
    }
    return target;
}

/* Does the target leave open what may change the answer? */
static bool
is_open(const struct sp_target *target)
{
    return !target->caps_given && target->caps_add == 0 && target->caps_drop == 0
        && target->kernel.major == 0;
}

/* The scenes of the call on one architecture. False when there is no memory. */
static bool
find_scenes(const struct sp_call_asking *asking, const struct sp_kb_arch *arch, bool is_free,
            struct sp_scene_list *ret_list)
{
    struct sp_target *target = sp_arena_new(asking->arena, struct sp_target);

    if (target == NULL) {
        return false;
    }
    *target = target_on(asking, arch, is_free);
    struct sp_scenes *scenes = sp_scenes_new(asking->arena, asking->store, asking->profile,
                                             target);
    return scenes != NULL && sp_scenes_of(scenes, row_of(asking->into->text.call), ret_list);
}

static bool
has_number(const struct sp_kb_arch *arch, const struct sp_call_text *text, uint32_t *ret_nr)
{
    int64_t number = text->by_number ? text->number
        : text->call == NULL ? SP_KB_NO_NUMBER : sp_kb_number(arch, text->call);

    if (number == SP_KB_NO_NUMBER) {
        return false;
    }
    *ret_nr = (uint32_t)number;
    return true;
}

/* A call that the chosen architecture lacks may have a number on another ABI of the filter. */
static bool
choose_arch(struct sp_call_asking *asking)
{
    struct sp_call_verdict *into = asking->into;
    const struct sp_meaning *meaning = into->meaning;
    bool is_asked = into->text.arch != NULL || asking->target->arch_count > 0;

    if (has_number(into->arch, &into->text, &into->nr)) {
        return true;
    }
    for (size_t i = 0; i < meaning->arch_count && !is_asked; i++) {
        if (has_number(meaning->arches[i].arch, &into->text, &into->nr)) {
            into->arch = meaning->arches[i].arch;
            return true;
        }
    }
    return false;
}

static void
say_nowhere(const struct sp_call_asking *asking, struct sp_buf *why)
{
    const struct sp_kb_syscall *call = asking->into->text.call;
    const char *separator = "; it has one on ";

    sp_buf_format(why, "%s has no number on %s", sp_kb_text(call->name),
                  sp_kb_text(asking->into->arch->name));
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        if (sp_kb_number(&sp_kb_arches[i], call) != SP_KB_NO_NUMBER) {
            sp_buf_format(why, "%s%s", separator, sp_kb_text(sp_kb_arches[i].name));
            separator = ", ";
        }
    }
}

void
sp_call_asking_fit(const struct sp_kb_arch *arch, const uint64_t args[SP_ARGS],
                   uint64_t ret_args[SP_ARGS])
{
    uint64_t width = arch->bits == 32 ? UINT32_MAX : UINT64_MAX;

    for (unsigned arg = 0; arg < SP_ARGS; arg++) {
        ret_args[arg] = args[arg] & width;
    }
}

/* ---- diagrams ------------------------------------------------------------------------ */

/* The diagram where the bits of `mask` in one argument are as given. */
sp_dd
sp_call_asking_fix(struct sp_dd_store *store, sp_dd diagram, unsigned arg, uint64_t mask,
                   uint64_t value)
{
    uint64_t bits = sp_dd_bits(store, diagram, arg) & mask;

    for (unsigned bit = 0; bit < 64; bit++) {
        if ((bits >> bit & 1) != 0) {
            diagram = sp_dd_restrict(store, diagram, arg, bit, (value >> bit & 1) != 0);
        }
    }
    return diagram;
}

/* What remains to be decided when all given arguments are known. */
static sp_dd
fix_given(const struct sp_call_asking *asking, sp_dd diagram)
{
    const struct sp_call_verdict *into = asking->into;

    for (unsigned arg = 0; arg < SP_ARGS; arg++) {
        if ((into->text.any >> arg & 1) == 0) {
            diagram = sp_call_asking_fix(asking->store, diagram, arg, UINT64_MAX,
                                         into->args[arg]);
        }
    }
    return diagram;
}

/* ---- the answer ---------------------------------------------------------------------- */

bool
sp_call_asking_simulate(struct sp_call_asking *asking, const struct sp_kb_arch *arch, uint32_t nr,
         const uint64_t args[SP_ARGS], struct sp_outcome *ret_outcome)
{
    struct sp_call call = { .arch = arch->audit, .nr = nr };

    memcpy(call.args, args, sizeof call.args);
    return sp_meaning_simulate(asking->into->meaning, arch, &call, ret_outcome);
}

/* What the rules say as they are written. */
static void
compare_written(struct sp_call_asking *asking)
{
    struct sp_call_verdict *into = asking->into;
    sp_dd written = sp_meaning_of(into->meaning, into->arch, into->nr, SP_READING_INTENDED);
    uint32_t verdict;

    if (into->meaning->start == SP_START_FILTER && into->decided && into->parts.all.count == 1
        && sp_dd_eval(asking->store, written, into->args, &verdict)) {
        into->has_written = verdict != into->verdict;
        into->written = verdict;
    }
}

static uint32_t
stub_of(const struct sp_meaning *meaning, const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < meaning->arch_count; i++) {
        if (meaning->arches[i].arch == arch) {
            return meaning->arches[i].stub;
        }
    }
    return 0;
}

/* Arguments of the first part: where nothing is open, the call's own. */
static bool
choose_args(struct sp_call_asking *asking)
{
    struct sp_call_verdict *into = asking->into;
    uint64_t found[SP_ARGS];

    if (into->text.any == 0 || into->parts.all.count == 0
        || !sp_dd_find(asking->store, into->parts.all.at[0].condition, NULL, NULL, found)) {
        return true;
    }
    for (unsigned arg = 0; arg < SP_ARGS; arg++) {
        if ((into->text.any >> arg & 1) != 0) {
            into->args[arg] = found[arg];
        }
    }
    return true;
}

static bool
answer(struct sp_call_asking *asking)
{
    struct sp_call_verdict *into = asking->into;
    struct sp_outcome outcome;

    asking->verdicts = sp_meaning_of(into->meaning, into->arch, into->nr, SP_READING_KERNEL);
    if (!sp_call_parts_make(asking->arena, into->meaning, into->arch, into->nr,
                            fix_given(asking, asking->verdicts), &into->parts)
        || !choose_args(asking)
        || !sp_call_asking_simulate(asking, into->arch, into->nr, into->args, &outcome)) {
        return false;
    }
    into->decided = outcome.decided;
    into->verdict = outcome.verdict;
    into->decider = outcome.decider;
    into->rule = outcome.decider == SP_DECIDER_RULE ? outcome.rules[0]->rule : NULL;
    into->hazards = into->meaning->start == SP_START_FILTER
        ? sp_meaning_hazards(into->meaning, into->arch, into->nr) : 0;
    into->stub = stub_of(into->meaning, into->arch);
    compare_written(asking);
    return into->meaning->start != SP_START_FILTER || sp_call_asking_rules(asking);
}

/* ---- the whole ----------------------------------------------------------------------- */

/* What stands around a verdict is told of one verdict only: where it depends on open arguments, the
 * parts say all.  `list`: the target's scenes, which are all there are where it leaves everything open. */
static bool
fill(struct sp_call_asking *asking, const struct sp_kb_arch *machine, struct sp_scene_list list)
{
    struct sp_call_verdict *into = asking->into;

    into->starts = into->meaning->start == SP_START_FILTER
        || into->meaning->start == SP_START_UNCONFINED;
    if (into->starts) {
        if (!answer(asking)) {
            return false;
        }
        if (into->parts.all.count != 1) {
            return true;
        }
        if (!sp_call_asking_elsewhere(asking)) {
            return false;
        }
        sp_call_asking_twin(asking);
    }
    if (!is_open(asking->target) && !find_scenes(asking, machine, true, &list)) {
        return false;
    }
    return sp_call_asking_otherwise(asking, &list) && !asking->arena->failed;
}

/* The scenes of the chosen environment.  A guard may ask for a kernel that is not there yet, which then
 * is the newest of all: what is known to be there is chosen. */
static bool
choose_scenes(struct sp_call_asking *asking, const struct sp_kb_arch *machine,
              struct sp_scene_list *ret_list)
{
    struct sp_version newest = sp_kb_newest_kernel();

    if (!find_scenes(asking, machine, false, ret_list)) {
        return false;
    }
    const struct sp_meaning *first = ret_list->at[0].meaning;
    if (asking->target->kernel.major != 0
        || sp_version_compare(first->environment.kernel, newest) <= 0) {
        return true;
    }
    struct sp_target *target = sp_arena_new(asking->arena, struct sp_target);
    if (target == NULL) {
        return false;
    }
    *target = *asking->target;
    target->kernel = newest;
    asking->target = target;
    return find_scenes(asking, machine, false, ret_list);
}

enum sp_call_asked
sp_call_verdict_make(struct sp_arena *arena, struct sp_dd_store *store,
                     const struct sp_profile *profile, const struct sp_target *target,
                     const struct sp_call_text *text, struct sp_call_verdict *ret_verdict,
                     struct sp_buf *why)
{
    struct sp_call_verdict into = { .text = *text };
    struct sp_call_asking asking = {
        .arena = arena, .store = store, .profile = profile, .target = target, .into = &into,
    };
    struct sp_scene_list list;
    const struct sp_kb_arch *machine = first_arch(&asking);

    into.arch = machine;
    if (!choose_scenes(&asking, machine, &list)) {
        return SP_CALL_ASKED_NO_MEMORY;
    }
    into.meaning = list.at[0].meaning;
    if (!choose_arch(&asking)) {
        say_nowhere(&asking, why);
        return SP_CALL_ASKED_NOWHERE;
    }
    sp_call_asking_fit(into.arch, text->args, into.args);
    if (!fill(&asking, machine, list)) {
        return SP_CALL_ASKED_NO_MEMORY;
    }
    *ret_verdict = into;
    return SP_CALL_ASKED_OK;
}

bool
sp_call_verdict_is_allowed(const struct sp_call_verdict *verdict)
{
    for (size_t i = 0; i < verdict->parts.all.count; i++) {
        const struct sp_call_part *part = &verdict->parts.all.at[i];
        if (!part->decided || !sp_verdict_runs(part->verdict)) {
            return false;
        }
    }
    return verdict->starts && verdict->decided && sp_verdict_runs(verdict->verdict);
}
