#include "sem/arch_entries.h"

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
    { "mips", { 2, 5, 2 } }, { "mipsel", { 2, 5, 2 } }, { "ppc", { 2, 5, 2 } },
    { "ppc64", { 2, 5, 2 } }, { "ppc64le", { 2, 5, 2 } }, { "sh", { 2, 6, 0 } },
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

static bool
is_in(const char *const *calls, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (calls[i] != NULL && strcmp(calls[i], name) == 0) {
            return true;
        }
    }
    return false;
}

bool
sp_arch_is_multiplexed(const struct sp_kb_arch *arch, struct sp_version libseccomp,
                       const struct sp_kb_syscall *call)
{
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        if (is_in(families[f].calls, families[f].count, sp_kb_text(call->name))) {
            const struct sp_kb_syscall *multiplexer =
                sp_kb_syscall_find(sp_str_of(families[f].multiplexer));
            return is_doubling(arch, libseccomp)
                && sp_kb_number(arch, multiplexer) != SP_KB_NO_NUMBER;
        }
    }
    return false;
}

/* What stands behind a multiplexer. */
struct companion {
    const struct sp_kb_syscall *multiplexer;  /* NULL: the call is not multiplexed */
    uint64_t number;                          /* of the call behind it */
};

/* ---- the rules in libseccomp's order ----------------------------------------------------- */

/* A rule given to a call. */
struct given {
    uint16_t call;
    const struct sp_filter_rule *rule;
};

struct making {
    struct sp_arena *arena;
    struct sp_arena *scratch;
    struct sp_arch_entries *out;
    struct companion *companions;  /* by row of sp_kb_syscalls; NULL where nothing is doubled */
    struct given *given;           /* as libseccomp is given them */
    size_t given_count;
    uint32_t *counts;              /* by row: how many rules are given to a call */
    uint16_t *places;              /* by row: 1 + index of the call's entry; 0 = none */
    struct sp_arch_call *entries;
};

/* Only those whose multiplexer has a number here. */
static bool
make_companions(struct making *making)
{
    making->companions = sp_arena_new_array(making->scratch, sp_kb_syscalls_count,
                                            struct companion);
    if (making->companions == NULL) {
        return false;
    }
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        const struct sp_kb_syscall *multiplexer =
            sp_kb_syscall_find(sp_str_of(families[f].multiplexer));
        if (sp_kb_number(making->out->arch, multiplexer) == SP_KB_NO_NUMBER) {
            continue;
        }
        for (size_t i = 0; i < families[f].count; i++) {
            const char *name = families[f].calls[i];
            if (name != NULL) {
                size_t row = sp_kb_syscall_index(sp_kb_syscall_find(sp_str_of(name)));
                making->companions[row] =
                    (struct companion){ .multiplexer = multiplexer, .number = i };
            }
        }
    }
    return true;
}

static bool
has_number(const struct making *making, uint16_t call)
{
    return sp_kb_number(making->out->arch, &sp_kb_syscalls[call]) != SP_KB_NO_NUMBER;
}

static void
give(struct making *making, uint16_t call, const struct sp_filter_rule *rule)
{
    making->given[making->given_count++] = (struct given){ .call = call, .rule = rule };
    making->counts[call]++;
}

/* The rule for the multiplexer: condition 0 asks for the call behind it, all others stay. */
static bool
give_companion(struct making *making, const struct companion *companion,
               const struct sp_filter_rule *rule)
{
    struct sp_filter_condition *conditions =
        sp_arena_new_array(making->arena, rule->condition_count + 1, struct sp_filter_condition);
    struct sp_filter_rule *copy = sp_arena_new(making->arena, struct sp_filter_rule);

    if (conditions == NULL || copy == NULL) {
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
    *copy = *rule;
    copy->conditions = conditions;
    copy->condition_count = count;
    give(making, (uint16_t)sp_kb_syscall_index(companion->multiplexer), copy);
    return true;
}

/* A multiplexed call keeps its own entry also where it has no number; any other name without one
 * leaves no trace where calls are doubled: it never heads the list. */
static bool
give_rule(struct making *making, const struct sp_filter_rule *rule)
{
    const struct companion *companion =
        making->companions == NULL ? NULL : &making->companions[rule->call];

    if (companion != NULL && companion->multiplexer != NULL) {
        if (!give_companion(making, companion, rule)) {
            return false;
        }
    } else if (companion != NULL && !has_number(making, rule->call)) {
        return true;
    }
    give(making, rule->call, rule);
    return true;
}

/* ---- call by call ------------------------------------------------------------------------ */

static void
add_entry(struct making *making, uint16_t row)
{
    int64_t number = sp_kb_number(making->out->arch, &sp_kb_syscalls[row]);

    making->out->numbered += number != SP_KB_NO_NUMBER;
    making->entries[making->out->count++] =
        (struct sp_arch_call){ .nr = (uint32_t)number, .call = row };
    making->places[row] = (uint16_t)making->out->count;
}

/* Those with a number in its order, then those without by name. */
static void
add_entries(struct making *making)
{
    struct sp_kb_range numbered = sp_kb_number_ranges[making->out->arch->table];

    for (size_t i = 0; i < numbered.count; i++) {
        uint16_t row = sp_kb_by_number[numbered.first + i];
        if (making->counts[row] > 0) {
            add_entry(making, row);
        }
    }
    for (size_t row = 0; row < sp_kb_syscalls_count; row++) {
        if (making->counts[row] > 0 && making->places[row] == 0) {
            add_entry(making, (uint16_t)row);
        }
    }
}

/* Room for `count` rules of a call, the first of which is there. */
static struct sp_filter_rule *
start_copies(struct making *making, struct sp_arch_call *entry, uint32_t count)
{
    struct sp_filter_rule *copies = sp_arena_new_array(making->arena, count,
                                                       struct sp_filter_rule);

    if (copies != NULL) {
        copies[0] = *entry->rules;
        entry->rules = copies;
    }
    return copies;
}

/* In the order in which they were given. */
static bool
fill_entries(struct making *making)
{
    struct sp_filter_rule **copies = sp_arena_new_array(making->scratch, making->out->count + 1,
                                                        struct sp_filter_rule *);

    for (size_t i = 0; i < making->given_count && copies != NULL; i++) {
        const struct given *given = &making->given[i];
        size_t place = making->places[given->call] - 1u;
        struct sp_arch_call *entry = &making->entries[place];
        if (entry->count++ == 0) {
            entry->rules = given->rule;
            continue;
        }
        if (copies[place] == NULL) {
            copies[place] = start_copies(making, entry, making->counts[given->call]);
        }
        if (copies[place] == NULL) {
            return false;
        }
        copies[place][entry->count - 1] = *given->rule;
    }
    return copies != NULL;
}

static bool
make_entries(struct making *making)
{
    size_t count = 0;

    for (size_t row = 0; row < sp_kb_syscalls_count; row++) {
        count += making->counts[row] > 0;
    }
    making->entries = sp_arena_new_array(making->arena, count, struct sp_arch_call);
    if (making->entries == NULL) {
        return false;
    }
    add_entries(making);
    making->out->at = making->entries;
    return fill_entries(making);
}

bool
sp_arch_entries_make(struct sp_arena *arena, const struct sp_filter_rules *rules,
                     const struct sp_kb_arch *arch, struct sp_version libseccomp,
                     struct sp_arch_entries *ret_entries)
{
    SP_SCRATCH(scratch);
    struct sp_arch_entries entries = { .arch = arch, .doubles = is_doubling(arch, libseccomp) };
    size_t most = rules->rules.count * (entries.doubles ? 2 : 1);
    struct making making = {
        .arena = arena,
        .scratch = &scratch,
        .out = &entries,
        .given = sp_arena_new_array(&scratch, most, struct given),
        .counts = sp_arena_new_array(&scratch, sp_kb_syscalls_count, uint32_t),
        .places = sp_arena_new_array(&scratch, sp_kb_syscalls_count, uint16_t),
    };

    if (making.given == NULL || making.counts == NULL || making.places == NULL
        || (entries.doubles && !make_companions(&making))) {
        return false;
    }
    for (size_t i = 0; i < rules->rules.count; i++) {
        if (!give_rule(&making, &rules->rules.at[i])) {
            return false;
        }
    }
    if (!make_entries(&making)) {
        return false;
    }
    *ret_entries = entries;
    return true;
}
