#include "format/systemd_groups.h"

#include <string.h>

/* Members of groups that these did not have in 252.  Compared: `systemd-analyze
 * syscall-filter` of Debian's 252.38-1~deb12u1, and data/groups.yaml. */
static const char *const newcomers[] = {
    "file_getattr", "file_setattr", "getxattrat", "landlock_add_rule",
    "landlock_create_ruleset", "landlock_restrict_self", "listmount", "listxattrat", "llseek",
    "lsm_get_self_attr", "lsm_list_modules", "mseal", "open_tree", "open_tree_attr",
    "removexattrat", "seccomp", "setxattrat", "statmount",
};

/* The other way round: members that groups have lost since. */
static const struct { const char *group; const char *call; } leavers[] = {
    { "@mount", "open_tree" },
};

/* Less is better told by names. */
enum { WORTH = 2 };

bool
sp_systemd_is_newcomer(const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < sizeof newcomers / sizeof *newcomers; i++) {
        if (strcmp(sp_kb_text(call->name), newcomers[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- members ------------------------------------------------------------------------- */

/* Puts the rows of all members, also of groups within, into the set. */
static void
add_members(const struct sp_kb_group *group, bool *set)
{
    for (size_t i = 0; i < group->members.count; i++) {
        struct sp_str name = sp_str_of(sp_kb_text(sp_kb_texts[group->members.first + i]));
        const struct sp_kb_group *inner = sp_kb_group_find(name);
        const struct sp_kb_syscall *call = sp_kb_syscall_find(name);
        if (inner != NULL) {
            add_members(inner, set);
        } else if (call != NULL) {
            set[sp_kb_syscall_index(call)] = true;
        }
    }
    for (size_t i = 0; i < sizeof leavers / sizeof *leavers; i++) {
        if (strcmp(leavers[i].group, sp_kb_text(group->name)) == 0) {
            set[sp_kb_syscall_index(sp_kb_syscall_find(sp_str_of(leavers[i].call)))] = true;
        }
    }
}

static bool
is_member(const struct sp_kb_group *group, const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < group->members.count; i++) {
        struct sp_str name = sp_str_of(sp_kb_text(sp_kb_texts[group->members.first + i]));
        const struct sp_kb_group *inner = sp_kb_group_find(name);
        if (inner != NULL ? is_member(inner, call) : sp_kb_syscall_find(name) == call) {
            return true;
        }
    }
    return false;
}

bool
sp_systemd_may_be_implied(const struct sp_kb_syscall *call)
{
    const struct sp_kb_group *group = sp_kb_group_find(SP_STR("@default"));

    return group != NULL && is_member(group, call);
}

bool
sp_systemd_is_implied(const struct sp_kb_syscall *call)
{
    return sp_systemd_may_be_implied(call) && !sp_systemd_is_newcomer(call);
}

/* ---- choosing ------------------------------------------------------------------------ */

struct choice {
    const enum sp_systemd_need *needs;
    bool *members;  /* by group and row */
    bool *chosen;   /* by group */
    bool *covered;  /* by row */
};

static const bool *
members_of(const struct choice *choice, size_t group)
{
    return &choice->members[group * sp_kb_syscalls_count];
}

static bool
is_usable(const struct choice *choice, size_t group)
{
    const bool *members = members_of(choice, group);

    /* What is in it is allowed already. */
    if (strcmp(sp_kb_text(sp_kb_groups[group].name), "@default") == 0) {
        return false;
    }
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        if (members[i] && choice->needs[i] == SP_SYSTEMD_NEED_NOT) {
            return false;
        }
    }
    return true;
}

/* How many names the group saves; newcomers are named beside it. */
static size_t
gain_of(const struct choice *choice, size_t group)
{
    const bool *members = members_of(choice, group);
    size_t gain = 0;

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        if (members[i] && choice->needs[i] == SP_SYSTEMD_NEED_SAID && !choice->covered[i]
            && !sp_systemd_is_newcomer(&sp_kb_syscalls[i])) {
            gain++;
        }
    }
    return gain;
}

static void
choose(struct choice *choice, size_t group)
{
    const bool *members = members_of(choice, group);

    choice->chosen[group] = true;
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        choice->covered[i] =
            choice->covered[i] || (members[i] && !sp_systemd_is_newcomer(&sp_kb_syscalls[i]));
    }
}

/* The greatest first. */
static void
choose_groups(struct choice *choice)
{
    for (;;) {
        size_t best = 0;
        size_t most = 0;
        for (size_t i = 0; i < sp_kb_groups_count; i++) {
            size_t gain = is_usable(choice, i) ? gain_of(choice, i) : 0;
            if (gain > most) {
                most = gain;
                best = i;
            }
        }
        if (most < WORTH) {
            return;
        }
        choose(choice, best);
    }
}

const char **
sp_systemd_groups(struct sp_arena *arena, const enum sp_systemd_need *needs)
{
    struct choice choice = {
        .needs = needs,
        .members = sp_arena_new_array(arena, sp_kb_groups_count * sp_kb_syscalls_count, bool),
        .chosen = sp_arena_new_array(arena, sp_kb_groups_count, bool),
        .covered = sp_arena_new_array(arena, sp_kb_syscalls_count, bool),
    };
    const char **words =
        sp_arena_new_array(arena, sp_kb_groups_count + sp_kb_syscalls_count + 1, const char *);
    size_t count = 0;

    if (arena->failed) {
        return NULL;
    }
    for (size_t i = 0; i < sp_kb_groups_count; i++) {
        add_members(&sp_kb_groups[i], &choice.members[i * sp_kb_syscalls_count]);
    }
    choose_groups(&choice);
    for (size_t i = 0; i < sp_kb_groups_count; i++) {
        if (choice.chosen[i]) {
            words[count++] = sp_kb_text(sp_kb_groups[i].name);
        }
    }
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        if (needs[i] == SP_SYSTEMD_NEED_SAID && !choice.covered[i]) {
            words[count++] = sp_kb_text(sp_kb_syscalls[i].name);
        }
    }
    return words;
}
