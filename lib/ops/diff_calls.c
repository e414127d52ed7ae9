/* Changes of calls: the deltas of all hosts and architectures, put together. */
#include "ops/diff_work.h"

#include <string.h>

/* A delta of a call where it was found. */
struct sighting {
    const struct sp_diff_delta *delta;
    size_t host;
    uint32_t nr;
    const char *words;
    bool is_taken;  /* is part of a change */
};

struct gathering {
    struct sp_diff_making *making;
    const struct sp_kb_syscall *call;
    SP_VEC(struct sighting) sightings;
    size_t places;  /* where the call was compared */
};

static bool
same_words(const char *left, const char *right)
{
    return left == right || (left != NULL && right != NULL && strcmp(left, right) == 0);
}

static bool
belong_together(const struct sighting *left, const struct sighting *right)
{
    const struct sp_diff_delta *one = left->delta;
    const struct sp_diff_delta *other = right->delta;

    return one->from == other->from && one->to == other->to
        && one->is_default == other->is_default && same_words(left->words, right->words)
        && (one == other || sp_diff_whens_equal(&one->when, &other->when));
}

/* ---- changes ----------------------------------------------------------------------------- */

static bool
fill_witness(const struct gathering *gathering, const struct sighting *sighting,
             struct sp_diff_change *change)
{
    struct sp_diff *diff = gathering->making->diff;
    const struct sp_diff_delta *delta = sighting->delta;

    change->has_witness = true;
    change->witness = (struct sp_diff_witness){
        .from = diff->from, .to = diff->to,
        .call = {
            .environment = sp_diff_side_environment(diff->to, delta->environment),
            .arch = delta->arch, .syscall = gathering->call, .nr = sighting->nr,
            .when = delta->when.any.at[0],
            .got = delta->to, .has_instead = true, .instead = delta->from,
        },
    };
    return sp_diff_find_args(diff->sides, delta->arch, delta->condition,
                             change->witness.call.args);
}

/* Adds the sighting's change, with all that belong to it. */
static bool
add_change(struct gathering *gathering, size_t first)
{
    struct sp_diff_making *making = gathering->making;
    struct sighting *sightings = gathering->sightings.at;
    const struct sp_diff_delta *delta = sightings[first].delta;
    struct sp_diff_change *change =
        sp_diff_change_new(making, delta->is_default ? SP_DIFF_DEFAULT : SP_DIFF_CALL);
    size_t places = 0;

    if (change == NULL) {
        return false;
    }
    sp_diff_change_verdicts(change, delta->from, delta->to);
    change->call = gathering->call;
    change->nr = sightings[first].nr;
    change->conditions = sightings[first].words;
    change->condition = delta->condition;
    change->when = delta->when;
    if (!fill_witness(gathering, &sightings[first], change)) {
        return false;
    }
    for (size_t i = first; i < gathering->sightings.count; i++) {
        if (sightings[i].is_taken || !belong_together(&sightings[first], &sightings[i])) {
            continue;
        }
        sightings[i].is_taken = true;
        places++;
        const struct sp_kb_arch *host = making->diff->hosts.at[sightings[i].host];
        if (!SP_DIFF_ADD_ARCH(making->arena, &change->arches, sightings[i].delta->arch)
            || !SP_DIFF_ADD_ARCH(making->arena, &change->hosts, host)) {
            return false;
        }
    }
    sp_diff_sort_arches(change->arches.at, change->arches.count);
    change->everywhere = places == gathering->places;
    return sp_diff_rate(making->sides, change);
}

/* ---- sightings --------------------------------------------------------------------------- */

static size_t
count_places(const struct gathering *gathering, size_t host)
{
    const struct sp_diff_making *making = gathering->making;
    const struct sp_diff_host *from = making->from.at[host];
    size_t count = 0;

    for (size_t i = 0; i < from->blocks.count; i++) {
        const struct sp_kb_arch *arch = from->blocks.at[i].arch;
        count += sp_kb_number(arch, gathering->call) != SP_KB_NO_NUMBER
            && sp_diff_block_of(making->to.at[host], arch) != NULL;
    }
    return count;
}

static bool
add_unknown(struct gathering *gathering, size_t host, const struct sp_diff_deltas *deltas)
{
    struct sp_diff_undecided undecided = {
        .call = gathering->call, .host = gathering->making->diff->hosts.at[host],
        .why = "there are more environments than could be looked at",
    };

    if (deltas->too_many && !sp_diff_add_undecided(gathering->making, &undecided)) {
        return false;
    }
    undecided.why = "what the filter answers could not be found out for all arguments";
    for (size_t i = 0; i < deltas->undecided.count; i++) {
        undecided.arch = deltas->undecided.at[i];
        undecided.nr = (uint32_t)sp_kb_number(undecided.arch, gathering->call);
        if (!sp_diff_add_undecided(gathering->making, &undecided)) {
            return false;
        }
    }
    return true;
}

static bool
add_sightings(struct gathering *gathering, struct sp_arena *scratch, size_t host,
              const struct sp_diff_deltas *deltas)
{
    for (size_t i = 0; i < deltas->calls.count && !deltas->too_many; i++) {
        const struct sp_diff_delta *delta = &deltas->calls.at[i];
        struct sighting *sighting = sp_vec_push(scratch, &gathering->sightings);
        if (sighting == NULL) {
            return false;
        }
        sighting->delta = delta;
        sighting->host = host;
        sighting->nr = (uint32_t)sp_kb_number(delta->arch, gathering->call);
        if (!sp_diff_words_of(gathering->making->sides, gathering->call, delta->arch,
                              sighting->nr, delta->condition, &sighting->words)) {
            return false;
        }
    }
    return true;
}

static bool
look_on(struct gathering *gathering, struct sp_arena *scratch, size_t host)
{
    struct sp_diff_making *making = gathering->making;
    size_t row = sp_kb_syscall_index(gathering->call);
    const struct sp_diff_record *from = making->from.at[host]->records[row];
    const struct sp_diff_record *to = making->to.at[host]->records[row];

    if (from == to && !from->is_undecided && !from->too_many) {
        return true;
    }
    const struct sp_diff_deltas *deltas = sp_diff_deltas_of(making->sides, from, to);
    return deltas != NULL && add_unknown(gathering, host, deltas)
        && add_sightings(gathering, scratch, host, deltas);
}

static bool
add_call(struct sp_diff_making *making, const struct sp_kb_syscall *call)
{
    SP_SCRATCH(scratch);
    struct gathering gathering = { .making = making, .call = call };

    for (size_t i = 0; i < making->diff->hosts.count; i++) {
        if (sp_diff_is_compared(making, i) && !look_on(&gathering, &scratch, i)) {
            return false;
        }
    }
    if (gathering.sightings.count == 0) {
        return true;
    }
    for (size_t i = 0; i < making->diff->hosts.count; i++) {
        gathering.places += sp_diff_is_compared(making, i) ? count_places(&gathering, i) : 0;
    }
    for (size_t i = 0; i < gathering.sightings.count; i++) {
        if (!gathering.sightings.at[i].is_taken && !add_change(&gathering, i)) {
            return false;
        }
    }
    return true;
}

bool
sp_diff_add_calls(struct sp_diff_making *making)
{
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        if (!add_call(making, &sp_kb_syscalls[i])) {
            return false;
        }
    }
    return true;
}
