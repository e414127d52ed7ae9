#include "ops/diff_work.h"

/* ---- where to look ----------------------------------------------------------------------- */

static bool
add_hosts(struct sp_diff_making *making, const struct sp_diff_side *side)
{
    const struct sp_kb_arch *const *hosts;
    size_t count = sp_scenes_hosts(side->scenes, &hosts);

    for (size_t i = 0; i < count; i++) {
        if (!SP_DIFF_ADD_ARCH(making->arena, &making->diff->hosts, hosts[i])) {
            return false;
        }
    }
    return true;
}

static bool
add_arches(struct sp_diff_making *making, const struct sp_diff_host *host)
{
    for (size_t i = 0; i < host->blocks.count; i++) {
        if (!SP_DIFF_ADD_ARCH(making->arena, &making->diff->arches, host->blocks.at[i].arch)) {
            return false;
        }
    }
    return true;
}

/* Both sides on a host that either is for. */
static bool
add_host(struct sp_diff_making *making, const struct sp_kb_arch *arch)
{
    const struct sp_diff_host *from = sp_diff_side_host(making->diff->from, arch);
    const struct sp_diff_host *to =
        from == NULL ? NULL : sp_diff_side_host(making->diff->to, arch);
    const struct sp_diff_host **from_place = sp_vec_push(making->arena, &making->from);
    const struct sp_diff_host **to_place = sp_vec_push(making->arena, &making->to);

    if (to == NULL || from_place == NULL || to_place == NULL) {
        return false;
    }
    *from_place = from;
    *to_place = to;
    return add_arches(making, from) && add_arches(making, to);
}

static bool
look_around(struct sp_diff_making *making)
{
    struct sp_diff *diff = making->diff;

    if (!add_hosts(making, diff->from) || !add_hosts(making, diff->to)) {
        return false;
    }
    sp_diff_sort_hosts(diff->hosts.at, diff->hosts.count);
    for (size_t i = 0; i < diff->hosts.count; i++) {
        if (!add_host(making, diff->hosts.at[i])) {
            return false;
        }
    }
    sp_diff_sort_arches(diff->arches.at, diff->arches.count);
    return true;
}

/* What a spent store says is nothing: neither equality nor difference. */
static bool
check_store(struct sp_diff_making *making)
{
    const struct sp_diff_undecided undecided = {
        .why = "the profiles are too large to be compared completely",
    };

    if (sp_dd_store_failed(making->sides->store)) {
        return false;
    }
    return !sp_dd_store_is_spent(making->sides->store)
        || sp_diff_add_undecided(making, &undecided);
}

bool
sp_diff_make(struct sp_arena *arena, struct sp_diff_side *from, struct sp_diff_side *to,
             struct sp_diff *ret_diff)
{
    struct sp_diff diff = { .sides = from->sides, .from = from, .to = to };
    struct sp_diff_making making = { .arena = arena, .sides = from->sides, .diff = &diff };

    if (!look_around(&making) || !sp_diff_add_starts(&making) || !sp_diff_add_arches(&making)
        || !sp_diff_add_calls(&making) || !sp_diff_add_numbers(&making)
        || !check_store(&making) || !sp_diff_group_all(&making)) {
        return false;
    }
    diff.equal = diff.changes.count == 0 && diff.undecided.count == 0;
    *ret_diff = diff;
    return true;
}

/* ---- proof ------------------------------------------------------------------------------- */

enum sp_diff_looser
sp_diff_looser(const struct sp_diff *diff, const struct sp_diff_change **ret_change)
{
    const struct sp_diff_change *change = NULL;

    for (size_t i = 0; i < diff->groups.count && change == NULL; i++) {
        const struct sp_diff_group *group = &diff->groups.at[i];
        change = group->first->direction == SP_DIFF_LOOSER ? group->all.at[0] : NULL;
    }
    if (ret_change != NULL) {
        *ret_change = change;
    }
    if (change != NULL) {
        return SP_DIFF_IS_LOOSER;
    }
    return diff->undecided.count > 0 ? SP_DIFF_LOOSER_UNDECIDED : SP_DIFF_NO_LOOSER;
}

bool
sp_diff_is_no_looser(struct sp_arena *arena, struct sp_diff_side *side, struct sp_diff_side *than,
                     enum sp_diff_looser *ret_answer, const struct sp_diff_change **ret_change)
{
    struct sp_diff diff;

    if (!sp_diff_make(arena, than, side, &diff)) {
        return false;
    }
    *ret_answer = sp_diff_looser(&diff, ret_change);
    return true;
}
