/* Changes of the whole: how containers start, and which architectures the filter has. */
#include "ops/diff_work.h"

#include <string.h>

/* ---- witnesses --------------------------------------------------------------------------- */

static bool
is_refused(uint32_t value, void *user)
{
    (void)user;
    return !sp_verdict_runs(value);
}

static bool
is_run(uint32_t value, void *user)
{
    (void)user;
    return sp_verdict_runs(value);
}

static bool
is_narrow(const uint64_t args[SP_ARGS])
{
    uint64_t all = 0;

    for (unsigned i = 0; i < SP_ARGS; i++) {
        all |= args[i];
    }
    return all <= UINT32_MAX;
}

/* The first call, by name, that the answer lets run, or does not. */
static bool
find_call(struct sp_diff_sides *sides, const struct sp_diff_host *host,
          const struct sp_kb_arch *arch, bool runs, struct sp_witness *witness)
{
    struct sp_dd_store *store = sides->store;

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        const struct sp_diff_record *record = host->records[i];
        const struct sp_diff_answer *answer = sp_diff_record_answer(record, &host->base);
        bool starts = answer != NULL && answer->places != NULL;
        for (size_t j = 0; starts && j < record->place_count; j++) {
            sp_dd verdicts = answer->places[j].verdicts;
            if (answer->places[j].arch != arch || verdicts == SP_DIFF_ABSENT
                || !sp_dd_find(store, verdicts, runs ? is_run : is_refused, NULL, witness->args)
                || !sp_dd_eval(store, verdicts, witness->args, &witness->got)) {
                continue;
            }
            if (arch->bits == 32 && !is_narrow(witness->args)) {
                continue;
            }
            witness->arch = arch;
            witness->syscall = &sp_kb_syscalls[i];
            witness->nr = (uint32_t)sp_kb_number(arch, witness->syscall);
            return true;
        }
    }
    return false;
}

static struct sp_diff_witness
witness_of(const struct sp_diff_making *making, size_t host)
{
    return (struct sp_diff_witness){
        .from = making->diff->from, .to = making->diff->to,
        .call = { .environment = making->to.at[host]->base, .has_instead = true },
    };
}

static void
set_verdicts(struct sp_diff_change *change, bool is_to, sp_verdict found, sp_verdict other)
{
    change->witness.call.got = is_to ? found : other;
    change->witness.call.instead = is_to ? other : found;
}

/* ---- starts ------------------------------------------------------------------------------ */

/* From nothing that runs to all that does. */
static int
reach(enum sp_start start)
{
    switch (start) {
    case SP_START_REFUSED:
    case SP_START_ENDLESS:
        return 0;
    case SP_START_FILTER:
        return 1;
    case SP_START_UNCONFINED:
        return 2;
    }
    return 0;
}

static bool
same_text(const char *left, const char *right)
{
    return left == right || (left != NULL && right != NULL && strcmp(left, right) == 0);
}

static bool
same_state(const struct sp_diff_state *left, const struct sp_diff_state *right)
{
    return left->start == right->start && same_text(left->why, right->why);
}

static struct sp_diff_state
state_of(const struct sp_diff_answer *answer)
{
    return (struct sp_diff_state){ .start = answer->start, .why = answer->why };
}

static struct sp_diff_change *
find_start(const struct sp_diff_making *making, const struct sp_diff_delta *delta)
{
    const struct sp_diff_state from = state_of(delta->from_answer);
    const struct sp_diff_state to = state_of(delta->to_answer);

    for (size_t i = 0; i < making->changes.count; i++) {
        struct sp_diff_change *change = making->changes.at[i];
        if (change->kind == SP_DIFF_START && same_state(&change->from_state, &from)
            && same_state(&change->to_state, &to)
            && sp_diff_whens_equal(&change->when, &delta->when)) {
            return change;
        }
    }
    return NULL;
}

/* A filter against none has a call to show: one that the filter refuses. */
static void
show_call(struct sp_diff_making *making, size_t host, struct sp_diff_change *change)
{
    const struct sp_diff_host *from = making->from.at[host];
    const struct sp_diff_host *to = making->to.at[host];
    bool is_to = to->start == SP_START_FILTER;
    const struct sp_diff_host *filter = is_to ? to : from;
    struct sp_diff_witness *witness = &change->witness;

    if (filter->start != SP_START_FILTER
        || (is_to ? from : to)->start != SP_START_UNCONFINED) {
        return;
    }
    *witness = witness_of(making, host);
    change->has_witness = find_call(making->sides, filter, filter->host, false, &witness->call);
    if (change->has_witness) {
        change->nr = witness->call.nr;
        set_verdicts(change, is_to, witness->call.got, SP_VERDICT_ALLOW);
    }
}

static struct sp_diff_change *
new_start(struct sp_diff_making *making, size_t host, const struct sp_diff_delta *delta)
{
    struct sp_diff_change *change = sp_diff_change_new(making, SP_DIFF_START);

    if (change == NULL) {
        return NULL;
    }
    change->from_state = state_of(delta->from_answer);
    change->to_state = state_of(delta->to_answer);
    bool is_more = reach(change->from_state.start) < reach(change->to_state.start);
    change->direction = is_more ? SP_DIFF_LOOSER : SP_DIFF_TIGHTER;
    change->effect = is_more ? SP_DIFF_ALLOWED : SP_DIFF_DENIED;
    change->when = delta->when;
    change->condition = sp_dd_leaf(making->sides->store, 1);
    show_call(making, host, change);
    return change;
}

static bool
add_start(struct sp_diff_making *making, size_t host, const struct sp_diff_delta *delta)
{
    struct sp_diff_change *change = find_start(making, delta);
    const struct sp_kb_arch *arch = making->diff->hosts.at[host];

    if (change == NULL) {
        change = new_start(making, host, delta);
    }
    return change != NULL && SP_DIFF_ADD_ARCH(making->arena, &change->hosts, arch);
}

static bool
add_all(struct sp_diff_making *making, size_t host, const struct sp_diff_deltas *deltas)
{
    for (size_t i = 0; i < deltas->starts.count; i++) {
        if (!add_start(making, host, &deltas->starts.at[i])) {
            return false;
        }
    }
    return true;
}

/* The container does not start under a filter on both sides: how it starts is asked of all
 * environments. */
static bool
compare_starts(struct sp_diff_making *making, size_t host)
{
    const struct sp_diff_undecided undecided = {
        .host = making->diff->hosts.at[host],
        .why = "there are more environments than could be looked at",
    };
    const struct sp_diff_record *from =
        sp_diff_side_starts(making->diff->from, making->from.at[host]);
    const struct sp_diff_record *to = sp_diff_side_starts(making->diff->to, making->to.at[host]);

    if (from == NULL || to == NULL) {
        return false;
    }
    if (from == to && !from->too_many) {
        return true;
    }
    const struct sp_diff_deltas *deltas = sp_diff_deltas_of(making->sides, from, to);
    return deltas != NULL && add_all(making, host, deltas)
        && (!deltas->too_many || sp_diff_add_undecided(making, &undecided));
}

/* Some environments in which rules about a call count may stop the container, too. */
static bool
compare_call_starts(struct sp_diff_making *making, size_t host)
{
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        const struct sp_diff_record *from = making->from.at[host]->records[i];
        const struct sp_diff_record *to = making->to.at[host]->records[i];
        if (from == to || (from->guards.all.count == 0 && to->guards.all.count == 0)) {
            continue;
        }
        const struct sp_diff_deltas *deltas = sp_diff_deltas_of(making->sides, from, to);
        if (deltas == NULL || !add_all(making, host, deltas)) {
            return false;
        }
    }
    return true;
}

bool
sp_diff_add_starts(struct sp_diff_making *making)
{
    for (size_t i = 0; i < making->diff->hosts.count; i++) {
        bool fine = sp_diff_is_compared(making, i) ? compare_call_starts(making, i)
                                                   : compare_starts(making, i);
        if (!fine) {
            return false;
        }
    }
    for (size_t i = 0; i < making->changes.count; i++) {
        struct sp_diff_change *change = making->changes.at[i];
        change->everywhere = change->hosts.count == making->diff->hosts.count;
    }
    return true;
}

/* ---- architectures ----------------------------------------------------------------------- */

static struct sp_diff_change *
find_arch(const struct sp_diff_making *making, const struct sp_kb_arch *arch, bool to_has)
{
    for (size_t i = 0; i < making->changes.count; i++) {
        struct sp_diff_change *change = making->changes.at[i];
        if (change->kind == SP_DIFF_ARCH && change->arches.at[0] == arch
            && change->to_state.has_arch == to_has) {
            return change;
        }
    }
    return NULL;
}

static struct sp_diff_change *
new_arch(struct sp_diff_making *making, size_t host, const struct sp_kb_arch *arch, bool to_has)
{
    const struct sp_diff_host *has = to_has ? making->to.at[host] : making->from.at[host];
    struct sp_diff_change *change = sp_diff_change_new(making, SP_DIFF_ARCH);

    if (change == NULL || sp_vec_push(making->arena, &change->when.any) == NULL
        || !SP_DIFF_ADD_ARCH(making->arena, &change->arches, arch)) {
        return NULL;
    }
    struct sp_diff_witness *witness = &change->witness;
    *witness = witness_of(making, host);
    change->has_witness = find_call(making->sides, has, arch, true, &witness->call);
    sp_verdict found = change->has_witness ? witness->call.got : SP_VERDICT_ALLOW;
    set_verdicts(change, to_has, found, SP_VERDICT_KILL_THREAD);
    change->from = witness->call.instead;
    change->to = witness->call.got;
    change->nr = witness->call.nr;
    change->condition = sp_dd_leaf(making->sides->store, 1);
    change->from_state = (struct sp_diff_state){ .start = SP_START_FILTER, .has_arch = !to_has };
    change->to_state = (struct sp_diff_state){ .start = SP_START_FILTER, .has_arch = to_has };
    change->direction = to_has ? SP_DIFF_LOOSER : SP_DIFF_TIGHTER;
    change->effect = to_has ? SP_DIFF_ALLOWED : SP_DIFF_DENIED;
    return change;
}

static bool
add_missing(struct sp_diff_making *making, size_t host, bool to_has)
{
    const struct sp_diff_host *has = to_has ? making->to.at[host] : making->from.at[host];
    const struct sp_diff_host *lacks = to_has ? making->from.at[host] : making->to.at[host];

    for (size_t i = 0; i < has->blocks.count; i++) {
        const struct sp_kb_arch *arch = has->blocks.at[i].arch;
        if (sp_diff_block_of(lacks, arch) != NULL) {
            continue;
        }
        struct sp_diff_change *change = find_arch(making, arch, to_has);
        if (change == NULL) {
            change = new_arch(making, host, arch, to_has);
        }
        if (change == NULL
            || !SP_DIFF_ADD_ARCH(making->arena, &change->hosts, making->diff->hosts.at[host])) {
            return false;
        }
    }
    return true;
}

bool
sp_diff_add_arches(struct sp_diff_making *making)
{
    for (size_t i = 0; i < making->diff->hosts.count; i++) {
        if (sp_diff_is_compared(making, i)
            && !(add_missing(making, i, true) && add_missing(making, i, false))) {
            return false;
        }
    }
    return true;
}
