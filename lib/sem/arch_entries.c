#include "sem/arch_entries.h"

#include <stdlib.h>
#include <string.h>

/* ---- multiplexed calls ------------------------------------------------------------------- */

static const char *const socket_calls[] = {
    [1] = "socket", [2] = "bind", [3] = "connect", [4] = "listen", [5] = "accept",
    [6] = "getsockname", [7] = "getpeername", [8] = "socketpair", [9] = "send", [10] = "recv",
    [11] = "sendto", [12] = "recvfrom", [13] = "shutdown", [14] = "setsockopt",
    [15] = "getsockopt", [16] = "sendmsg", [17] = "recvmsg", [18] = "accept4",
    [19] = "recvmmsg", [20] = "sendmmsg",
};

static const char *const ipc_calls[] = {
    [1] = "semop", [2] = "semget", [3] = "semctl", [4] = "semtimedop", [11] = "msgsnd",
    [12] = "msgrcv", [13] = "msgget", [14] = "msgctl", [21] = "shmat", [22] = "shmdt",
    [23] = "shmget", [24] = "shmctl",
};

static const struct {
    const char *multiplexer;
    const char *const *calls;
    size_t count;
} families[] = {
    { "socketcall", socket_calls, sizeof socket_calls / sizeof *socket_calls },
    { "ipc", ipc_calls, sizeof ipc_calls / sizeof *ipc_calls },
};

/* The architectures whose rules libseccomp doubles, and since when. */
static const struct {
    const char *arch;
    struct sp_version since;
} doubling[] = {
    { "x86", { 0, 0, 0 } }, { "s390", { 0, 0, 0 } }, { "s390x", { 0, 0, 0 } },
    { "mips", { 2, 6, 0 } }, { "mipsel", { 2, 6, 0 } }, { "ppc", { 2, 6, 0 } },
    { "ppc64", { 2, 6, 0 } }, { "ppc64le", { 2, 6, 0 } }, { "sh", { 2, 6, 0 } },
    { "sheb", { 2, 6, 0 } }, { "m68k", { 2, 6, 0 } },
};

static bool
is_doubling(const struct sp_kb_arch *arch, struct sp_version libseccomp)
{
    for (size_t i = 0; i < sizeof doubling / sizeof *doubling; i++) {
        if (strcmp(doubling[i].arch, sp_kb_text(arch->name)) == 0) {
            return !sp_environment_is_older(libseccomp, doubling[i].since);
        }
    }
    return false;
}

struct companion {
    const struct sp_kb_syscall *multiplexer;  /* NULL: the call is not multiplexed */
    uint64_t number;                          /* of the call behind it */
};

static struct companion
companion_of(const struct sp_kb_syscall *call)
{
    const char *name = sp_kb_text(call->name);

    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        for (size_t i = 0; i < families[f].count; i++) {
            if (families[f].calls[i] != NULL && strcmp(families[f].calls[i], name) == 0) {
                return (struct companion){
                    .multiplexer = sp_kb_syscall_find(sp_str_of(families[f].multiplexer)),
                    .number = i,
                };
            }
        }
    }
    return (struct companion){ .multiplexer = NULL };
}

/* ---- the rules in libseccomp's order ----------------------------------------------------- */

static bool
add_entry(struct sp_arch_entries *entries, const struct sp_kb_syscall *call,
          const struct sp_filter_rule *rule)
{
    int64_t number = sp_kb_number(entries->arch, call);
    struct sp_arch_entry *place = sp_vec_push(entries->arena, &entries->list);

    if (place == NULL) {
        return false;
    }
    *place = (struct sp_arch_entry){
        .is_pseudo = number == SP_KB_NO_NUMBER,
        .nr = (uint32_t)number,
        .call = (uint16_t)sp_kb_syscall_index(call),
        .order = entries->list.count,
        .rule = *rule,
    };
    return true;
}

/* The rule for the multiplexer: condition 0 asks for the call behind it, all others stay. */
static bool
add_companion(struct sp_arch_entries *entries, const struct companion *companion,
              const struct sp_filter_rule *rule)
{
    struct sp_filter_condition *conditions =
        sp_arena_new_array(entries->arena, rule->condition_count + 1,
                           struct sp_filter_condition);
    struct sp_filter_rule copy = *rule;

    if (conditions == NULL) {
        return false;
    }
    size_t count = 0;
    conditions[count++] = (struct sp_filter_condition){
        .index = 0, .op = SP_OPERATOR_EQ, .mask = UINT64_MAX, .datum = companion->number
    };
    for (size_t i = 0; i < rule->condition_count; i++) {
        if (rule->conditions[i].index != 0) {
            conditions[count++] = rule->conditions[i];
        }
    }
    copy.conditions = conditions;
    copy.condition_count = count;
    return add_entry(entries, companion->multiplexer, &copy);
}

static bool
add_rule(struct sp_arch_entries *entries, const struct sp_filter_rule *rule)
{
    const struct sp_kb_syscall *call = &sp_kb_syscalls[rule->call];
    struct companion companion = companion_of(call);

    if (!entries->doubles) {
        return add_entry(entries, call, rule);
    }
    if (companion.multiplexer == NULL
        || sp_kb_number(entries->arch, companion.multiplexer) == SP_KB_NO_NUMBER) {
        /* A name without a number leaves no trace here: it never heads the list. */
        return sp_kb_number(entries->arch, call) == SP_KB_NO_NUMBER
            || add_entry(entries, call, rule);
    }
    /* A multiplexed call keeps its own entry also where it has no number. */
    return add_companion(entries, &companion, rule) && add_entry(entries, call, rule);
}

/* By number, pseudo ones last and by name; then as libseccomp takes them. */
static int
compare_entries(const void *left_entry, const void *right_entry)
{
    const struct sp_arch_entry *left = left_entry, *right = right_entry;

    if (left->is_pseudo != right->is_pseudo) {
        return left->is_pseudo ? 1 : -1;
    }
    if (left->nr != right->nr) {
        return left->nr < right->nr ? -1 : 1;
    }
    if (left->call != right->call) {
        return left->call < right->call ? -1 : 1;
    }
    return (left->order > right->order) - (left->order < right->order);
}

bool
sp_arch_entries_make(struct sp_arena *arena, const struct sp_filter_rules *rules,
                     const struct sp_kb_arch *arch, struct sp_version libseccomp,
                     struct sp_arch_entries *ret_entries)
{
    struct sp_arch_entries entries = {
        .arena = arena, .arch = arch, .doubles = is_doubling(arch, libseccomp),
    };

    for (size_t i = 0; i < rules->rules.count; i++) {
        if (!add_rule(&entries, &rules->rules.at[i])) {
            return false;
        }
    }
    if (entries.list.count > 0) {
        qsort(entries.list.at, entries.list.count, sizeof *entries.list.at, compare_entries);
    }
    *ret_entries = entries;
    return true;
}

static bool
is_same_group(const struct sp_arch_entry *left, const struct sp_arch_entry *right)
{
    return left->is_pseudo == right->is_pseudo && left->nr == right->nr
        && left->call == right->call;
}

size_t
sp_arch_entries_end(const struct sp_arch_entries *entries, size_t first)
{
    size_t end = first + 1;

    while (end < entries->list.count
           && is_same_group(&entries->list.at[first], &entries->list.at[end])) {
        end++;
    }
    return end;
}
