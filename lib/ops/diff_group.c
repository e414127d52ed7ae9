/* Changes in order, and those that are alike on one line. */
#include "ops/diff_work.h"

#include <stdlib.h>
#include <string.h>

static int
compare_numbers(uint64_t left, uint64_t right)
{
    return (left > right) - (left < right);
}

/* NULL is first. */
static int
compare_texts(const char *left, const char *right)
{
    if (left == NULL || right == NULL) {
        return (left != NULL) - (right != NULL);
    }
    return strcmp(left, right);
}

static uint64_t
row_of(const struct sp_diff_change *change)
{
    return change->call == NULL ? 0 : 1 + sp_kb_syscall_index(change->call);
}

static int
compare_arches(const struct sp_diff_change *left, const struct sp_diff_change *right)
{
    for (size_t i = 0; i < left->arches.count && i < right->arches.count; i++) {
        int order = compare_numbers((uint64_t)(left->arches.at[i] - sp_kb_arches),
                                    (uint64_t)(right->arches.at[i] - sp_kb_arches));
        if (order != 0) {
            return order;
        }
    }
    return compare_numbers(left->arches.count, right->arches.count);
}

static int
compare_hosts(const struct sp_diff_change *left, const struct sp_diff_change *right)
{
    for (size_t i = 0; i < left->hosts.count && i < right->hosts.count; i++) {
        int order = compare_numbers((uint64_t)(left->hosts.at[i] - sp_kb_arches),
                                    (uint64_t)(right->hosts.at[i] - sp_kb_arches));
        if (order != 0) {
            return order;
        }
    }
    return compare_numbers(left->hosts.count, right->hosts.count);
}

/* From and to together, so that the order is that of the changes the other way round, too. */
static int
compare_verdicts(const struct sp_diff_change *left, const struct sp_diff_change *right)
{
    sp_verdict left_low = left->from < left->to ? left->from : left->to;
    sp_verdict right_low = right->from < right->to ? right->from : right->to;
    int order = compare_numbers(left_low, right_low);

    order = order != 0 ? order
        : compare_numbers(left->from ^ left->to, right->from ^ right->to);
    return order != 0 ? order : compare_numbers(left->from, right->from);
}

static int
compare_changes(const void *left_place, const void *right_place)
{
    const struct sp_diff_change *left = *(const struct sp_diff_change *const *)left_place;
    const struct sp_diff_change *right = *(const struct sp_diff_change *const *)right_place;
    int order = compare_numbers(left->kind == SP_DIFF_DEFAULT ? SP_DIFF_CALL : left->kind,
                                right->kind == SP_DIFF_DEFAULT ? SP_DIFF_CALL : right->kind);

    order = order != 0 ? order : compare_numbers(row_of(left), row_of(right));
    order = order != 0 ? order : compare_verdicts(left, right);
    order = order != 0 ? order : compare_texts(left->conditions, right->conditions);
    order = order != 0 ? order : sp_diff_whens_compare(&left->when, &right->when);
    order = order != 0 ? order : compare_arches(left, right);
    return order != 0 ? order : compare_hosts(left, right);
}

/* ---- groups ------------------------------------------------------------------------------ */

static bool
has_same_places(const struct sp_diff_change *left, const struct sp_diff_change *right)
{
    return (left->everywhere && right->everywhere)
        || (compare_arches(left, right) == 0 && compare_hosts(left, right) == 0);
}

static bool
fits(const struct sp_diff_group *group, const struct sp_diff_change *change)
{
    const struct sp_diff_change *first = group->first;

    if (first->kind != change->kind || first->from != change->from || first->to != change->to) {
        return false;
    }
    if (first->kind == SP_DIFF_DEFAULT) {
        return true;
    }
    return first->kind == SP_DIFF_CALL && first->risk == change->risk
        && compare_texts(first->danger, change->danger) == 0
        && compare_texts(first->conditions, change->conditions) == 0
        && has_same_places(first, change)
        && sp_diff_whens_equal(&first->when, &change->when);
}

static bool
add_places(struct sp_arena *arena, const struct sp_diff_change *change,
           struct sp_diff_group *group)
{
    for (size_t i = 0; i < change->arches.count; i++) {
        if (!SP_DIFF_ADD_ARCH(arena, &group->arches, change->arches.at[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < change->hosts.count; i++) {
        if (!SP_DIFF_ADD_ARCH(arena, &group->hosts, change->hosts.at[i])) {
            return false;
        }
    }
    return true;
}

static bool
add_to_group(struct sp_arena *arena, struct sp_diff_group *group, struct sp_diff_change *change)
{
    const struct sp_diff_change **place = sp_vec_push(arena, &group->all);

    if (place == NULL) {
        return false;
    }
    *place = change;
    if (group->first == NULL) {
        group->first = change;
    }
    return add_places(arena, change, group);
}

static bool
add_change(struct sp_diff_making *making, struct sp_diff_change *change)
{
    struct sp_diff *diff = making->diff;

    for (size_t i = 0; i < diff->groups.count; i++) {
        if (fits(&diff->groups.at[i], change)) {
            return add_to_group(making->arena, &diff->groups.at[i], change);
        }
    }
    struct sp_diff_group *group = sp_vec_push(making->arena, &diff->groups);
    return group != NULL && add_to_group(making->arena, group, change);
}

/* ---- order ------------------------------------------------------------------------------- */

/* Of the members of a group: dangerous calls first, then what is true most widely. */
static int
compare_members(const void *left_place, const void *right_place)
{
    const struct sp_diff_change *left = *(const struct sp_diff_change *const *)left_place;
    const struct sp_diff_change *right = *(const struct sp_diff_change *const *)right_place;
    int order = compare_numbers(right->risk, left->risk);

    return order != 0 ? order : compare_changes(left_place, right_place);
}

static bool
is_plain(const struct sp_diff_change *change)
{
    const struct sp_when *when = &change->when.any.at[0];

    return change->everywhere && change->conditions == NULL && change->when.any.count == 1
        && when->caps == 0 && when->without_caps == 0 && when->from.major == 0
        && when->before.major == 0;
}

/* The line speaks of what is true always and everywhere, where something is. */
static void
settle(struct sp_diff_group *group)
{
    group->calls = 0;
    group->everywhere = true;
    qsort(group->all.at, group->all.count, sizeof *group->all.at, compare_members);
    group->first = group->all.at[0];
    for (size_t i = 0; i < group->all.count && !is_plain(group->first); i++) {
        group->first = is_plain(group->all.at[i]) ? group->all.at[i] : group->first;
    }
    for (size_t i = 0; i < group->all.count; i++) {
        const struct sp_diff_change *change = group->all.at[i];
        bool is_new = change->call != NULL;
        for (size_t j = 0; j < i && is_new; j++) {
            is_new = group->all.at[j]->call != change->call;
        }
        group->calls += is_new;
        group->when_varies |= !sp_diff_whens_equal(&group->first->when, &change->when);
        group->conditions_vary |=
            compare_texts(group->first->conditions, change->conditions) != 0;
        group->arches_vary |= !has_same_places(group->first, change);
        group->everywhere &= change->everywhere;
    }
    group->risk = group->all.at[0]->risk;
    group->danger = group->all.at[0]->danger;
    sp_diff_sort_arches(group->arches.at, group->arches.count);
    sp_diff_sort_hosts(group->hosts.at, group->hosts.count);
}

/* START and ARCH before all, numbers behind the calls of their direction. */
static uint64_t
section(const struct sp_diff_group *group)
{
    switch (group->first->kind) {
    case SP_DIFF_START:
        return 0;
    case SP_DIFF_ARCH:
        return 1;
    case SP_DIFF_CALL:
    case SP_DIFF_DEFAULT:
        return 2 + 2 * (uint64_t)group->first->direction;
    case SP_DIFF_NOBODY:
    case SP_DIFF_NEWER:
        return 3 + 2 * (uint64_t)group->first->direction;
    }
    return 0;
}

static int
compare_groups(const void *left_group, const void *right_group)
{
    const struct sp_diff_group *left = left_group;
    const struct sp_diff_group *right = right_group;
    const struct sp_diff_change *const *left_first = &left->all.at[0];
    const struct sp_diff_change *const *right_first = &right->all.at[0];
    int order = compare_numbers(section(left), section(right));

    order = order != 0 ? order : compare_numbers(right->risk, left->risk);
    order = order != 0 ? order : compare_numbers((*left_first)->kind, (*right_first)->kind);
    order = order != 0 ? order : compare_numbers(right->calls, left->calls);
    return order != 0 ? order : compare_changes(left_first, right_first);
}

static void
count(struct sp_diff *diff, const struct sp_diff_change *change)
{
    size_t *directions[] = {
        [SP_DIFF_LOOSER] = &diff->counts.looser,
        [SP_DIFF_TIGHTER] = &diff->counts.tighter,
        [SP_DIFF_CHANGED] = &diff->counts.changed,
    };
    size_t *effects[] = {
        [SP_DIFF_ALLOWED] = &diff->counts.allowed,
        [SP_DIFF_DENIED] = &diff->counts.denied,
        [SP_DIFF_DIFFERENT] = &diff->counts.different,
    };

    diff->counts.changes++;
    (*directions[change->direction])++;
    (*effects[change->effect])++;
}

bool
sp_diff_group_all(struct sp_diff_making *making)
{
    struct sp_diff *diff = making->diff;

    if (making->changes.count > 0) {
        qsort(making->changes.at, making->changes.count, sizeof *making->changes.at,
              compare_changes);
    }
    for (size_t i = 0; i < making->changes.count; i++) {
        struct sp_diff_change *change = making->changes.at[i];
        const struct sp_diff_change **place = sp_vec_push(making->arena, &diff->changes);
        if (place == NULL) {
            return false;
        }
        *place = change;
        count(diff, change);
        sp_diff_sort_hosts(change->hosts.at, change->hosts.count);
        if (!add_change(making, change)) {
            return false;
        }
    }
    for (size_t i = 0; i < diff->groups.count; i++) {
        settle(&diff->groups.at[i]);
    }
    if (diff->groups.count > 0) {
        qsort(diff->groups.at, diff->groups.count, sizeof *diff->groups.at, compare_groups);
    }
    return true;
}
