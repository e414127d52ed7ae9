/* What stands around a verdict: other environments, other arguments, other entries. */
#include "ops/call_verdict_work.h"

#include <string.h>

/* ---- otherwise ----------------------------------------------------------------------- */

/* What a scene answers to the call. */
struct told {
    bool starts;
    bool decided;
    sp_verdict verdict;
    bool is_allowed;
};

static bool
ask_scene(const struct sp_call_asking *asking, const struct sp_scene *scene, struct told *ret_told)
{
    const struct sp_call_verdict *into = asking->into;
    struct sp_meaning *meaning = scene->meaning;
    struct told told = {
        .starts = meaning->start == SP_START_FILTER || meaning->start == SP_START_UNCONFINED,
    };

    if (told.starts) {
        struct sp_call call = { .arch = into->arch->audit, .nr = into->nr };
        struct sp_outcome outcome;
        memcpy(call.args, into->args, sizeof call.args);
        if (!sp_meaning_simulate(meaning, into->arch, &call, &outcome)) {
            return false;
        }
        told.decided = outcome.decided;
        told.verdict = outcome.verdict;
        told.is_allowed = outcome.decided && sp_verdict_runs(outcome.verdict);
    }
    *ret_told = told;
    return true;
}

static struct sp_call_otherwise *
otherwise_of(struct sp_call_asking *asking, const struct told *told)
{
    struct sp_call_verdict *into = asking->into;

    for (size_t i = 0; i < into->otherwise.count; i++) {
        struct sp_call_otherwise *row = &into->otherwise.at[i];
        if (row->starts == told->starts && (!told->starts || row->verdict == told->verdict)) {
            return row;
        }
    }
    struct sp_call_otherwise *row = sp_vec_push(asking->arena, &into->otherwise);
    if (row != NULL) {
        *row = (struct sp_call_otherwise){ .starts = told->starts, .verdict = told->verdict };
    }
    return row;
}

static bool
note_scene(struct sp_call_asking *asking, const struct sp_scene *scene, uint64_t relevant)
{
    const struct sp_call_verdict *into = asking->into;
    struct sp_call_change change = sp_call_change_to(&into->meaning->environment, scene,
                                                     relevant);
    struct told told;

    if (scene->meaning->environment.host != into->meaning->environment.host
        || sp_call_change_is_none(&change)) {
        return true;
    }
    if (!ask_scene(asking, scene, &told)) {
        return false;
    }
    bool is_allowed = into->starts && into->decided && sp_verdict_runs(into->verdict);
    if (told.is_allowed == is_allowed || (told.starts && !told.decided)) {
        return true;
    }
    struct sp_call_otherwise *row = otherwise_of(asking, &told);
    return row != NULL && sp_call_changes_add(asking->arena, &row->changes, change);
}

bool
sp_call_asking_otherwise(struct sp_call_asking *asking, const struct sp_scene_list *list)
{
    uint64_t relevant = sp_call_change_caps(asking->profile, asking->into->text.call);

    asking->into->undecided = list->undecided;
    for (size_t i = 0; i < list->count; i++) {
        if (!note_scene(asking, &list->at[i], relevant)) {
            return false;
        }
    }
    return true;
}

/* ---- the twin ------------------------------------------------------------------------ */

/* The bits of an argument that the kernel does not read, on a 64-bit ABI. */
static uint64_t
unread_bits(const struct sp_call_verdict *into, unsigned arg)
{
    const struct sp_kb_syscall *call = into->text.call;

    if (call == NULL || !call->args_known || arg >= call->args.count || into->arch->bits < 64) {
        return 0;
    }
    const struct sp_kb_arg *known = &sp_kb_args[call->args.first + arg];
    return known->pointer || known->bits >= 64 || known->bits == 0
        ? 0 : ~((UINT64_C(1) << known->bits) - 1);
}

static bool
is_allowed_value(uint32_t value, void *user)
{
    (void)user;
    return sp_verdict_runs(value);
}

/* A twin of a denied call that is allowed: found among all values of the unread bits. */
static void
find_open_twin(struct sp_call_asking *asking, unsigned arg, uint64_t unread)
{
    struct sp_call_verdict *into = asking->into;
    uint64_t found[SP_ARGS];
    sp_dd rest = asking->verdicts;

    for (unsigned other = 0; other < SP_ARGS; other++) {
        rest = sp_call_asking_fix(asking->store, rest, other, other == arg ? ~unread : UINT64_MAX,
                        into->args[other]);
    }
    if (sp_dd_find(asking->store, rest, is_allowed_value, NULL, found)) {
        memcpy(into->twin, into->args, sizeof into->twin);
        into->twin[arg] = (into->args[arg] & ~unread) | (found[arg] & unread);
        into->twin_arg = arg;
        into->has_twin = true;
    }
}

/* A negative number may come with its sign in the upper half or with zeros there: compilers do
 * either.  Of an allowed call only this twin matters. */
static void
find_sign_twin(struct sp_call_asking *asking, unsigned arg, uint64_t unread)
{
    struct sp_call_verdict *into = asking->into;
    uint64_t upper = into->args[arg] & unread;
    bool is_negative = (into->args[arg] & (~unread ^ (~unread >> 1))) != 0;
    uint64_t twin[SP_ARGS];
    uint32_t verdict;

    if (!is_negative || (upper != 0 && upper != unread)) {
        return;
    }
    memcpy(twin, into->args, sizeof twin);
    twin[arg] ^= unread;
    if (sp_dd_eval(asking->store, asking->verdicts, twin, &verdict)
        && !sp_verdict_runs(verdict)) {
        memcpy(into->twin, twin, sizeof twin);
        into->twin_arg = arg;
        into->has_twin = true;
    }
}

void
sp_call_asking_twin(struct sp_call_asking *asking)
{
    struct sp_call_verdict *into = asking->into;
    bool is_allowed = into->decided && sp_verdict_runs(into->verdict);

    for (unsigned arg = 0; arg < SP_ARGS && !into->has_twin; arg++) {
        uint64_t unread = unread_bits(into, arg);
        if (unread == 0 || (into->text.any >> arg & 1) != 0) {
            continue;
        }
        if (is_allowed) {
            find_sign_twin(asking, arg, unread);
        } else {
            find_open_twin(asking, arg, unread);
        }
    }
    into->has_twin = into->has_twin
        && sp_dd_eval(asking->store, asking->verdicts, into->twin, &into->twin_verdict);
}

/* ---- elsewhere ----------------------------------------------------------------------- */

static bool
add_elsewhere(struct sp_call_asking *asking, const struct sp_kb_arch *arch,
              const struct sp_kb_syscall *call, bool decided, sp_verdict verdict)
{
    const struct sp_call_verdict *into = asking->into;

    if (decided && into->decided && verdict == into->verdict) {
        return true;
    }
    struct sp_call_elsewhere *row = sp_vec_push(asking->arena, &asking->into->elsewhere);
    if (row == NULL) {
        return false;
    }
    *row = (struct sp_call_elsewhere){
        .arch = arch, .call = call, .decided = decided, .verdict = verdict,
    };
    return true;
}

static bool
ask_arch(struct sp_call_asking *asking, const struct sp_kb_arch *arch)
{
    const struct sp_call_verdict *into = asking->into;
    int64_t number = sp_kb_number(arch, into->text.call);
    uint64_t args[SP_ARGS];
    struct sp_outcome outcome;

    if (number == SP_KB_NO_NUMBER || arch == into->arch) {
        return true;
    }
    sp_call_asking_fit(arch, into->args, args);
    return sp_call_asking_simulate(asking, arch, (uint32_t)number, args, &outcome)
        && add_elsewhere(asking, arch, into->text.call, outcome.decided, outcome.verdict);
}

/* socketcall or ipc, when the call is one of those that it reaches; its first row is it. */
static const struct sp_kb_syscall *
multiplexer_of(const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < call->families.count; i++) {
        const struct sp_kb_family *family =
            &sp_kb_families[sp_kb_family_uses[call->families.first + i]];
        const struct sp_kb_syscall *first = &sp_kb_syscalls[sp_kb_indices[family->members.first]];
        if (strcmp(sp_kb_text(family->kind), "multiplexer") == 0 && first != call) {
            return first;
        }
    }
    return NULL;
}

/* The multiplexer's verdict, where it is the same for all calls behind it: what else it depends on
 * lies in memory. */
static bool
ask_multiplexer(struct sp_call_asking *asking, const struct sp_kb_arch *arch,
                const struct sp_kb_syscall *multiplexer)
{
    struct sp_meaning *meaning = asking->into->meaning;
    int64_t number = sp_kb_number(arch, multiplexer);

    if (number == SP_KB_NO_NUMBER) {
        return true;
    }
    sp_dd verdicts = sp_meaning_of(meaning, arch, (uint32_t)number, SP_READING_KERNEL);
    if (verdicts == SP_DD_UNDECIDED || !sp_dd_is_leaf(asking->store, verdicts)) {
        return true;
    }
    return add_elsewhere(asking, arch, multiplexer, true,
                         sp_dd_value(asking->store, verdicts));
}

bool
sp_call_asking_elsewhere(struct sp_call_asking *asking)
{
    const struct sp_call_verdict *into = asking->into;
    const struct sp_meaning *meaning = into->meaning;

    if (into->text.call == NULL) {
        return true;
    }
    const struct sp_kb_syscall *multiplexer = multiplexer_of(into->text.call);
    for (size_t i = 0; i < meaning->arch_count; i++) {
        const struct sp_kb_arch *arch = meaning->arches[i].arch;
        if (!ask_arch(asking, arch)
            || (multiplexer != NULL && !ask_multiplexer(asking, arch, multiplexer))) {
            return false;
        }
    }
    return true;
}
