#include "sem/arch_rules.h"

#include "sem/modelled_level.h"

#include <stdlib.h>
#include <string.h>

/* runc lets libseccomp lay out a tree for more entries than this. */
enum { TREE_ABOVE = 32 };

static bool
is_older(struct sp_version version, struct sp_version asked)
{
    return version.major != 0 && sp_version_compare(version, asked) < 0;
}

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
            return !is_older(libseccomp, doubling[i].since);
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

/* One rule given to the database of an architecture. */
struct entry {
    bool is_pseudo;
    uint32_t nr;
    uint16_t call;
    size_t order;
    struct sp_filter_rule rule;
};

struct making {
    struct sp_arena *arena;
    const struct sp_kb_arch *arch;
    bool doubles;
    SP_VEC(struct entry) entries;
};

static bool
add_entry(struct making *making, const struct sp_kb_syscall *call,
          const struct sp_filter_rule *rule)
{
    int64_t number = sp_kb_number(making->arch, call);
    struct entry *place = sp_vec_push(making->arena, &making->entries);

    if (place == NULL) {
        return false;
    }
    *place = (struct entry){
        .is_pseudo = number == SP_KB_NO_NUMBER,
        .nr = (uint32_t)number,
        .call = (uint16_t)sp_kb_syscall_index(call),
        .order = making->entries.count,
        .rule = *rule,
    };
    return true;
}

/* The rule for the multiplexer: condition 0 asks for the call behind it, all others stay. */
static bool
add_companion(struct making *making, const struct companion *companion,
              const struct sp_filter_rule *rule)
{
    struct sp_filter_condition *conditions =
        sp_arena_new_array(making->arena, rule->condition_count + 1,
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
    return add_entry(making, companion->multiplexer, &copy);
}

static bool
add_rule(struct making *making, const struct sp_filter_rule *rule)
{
    const struct sp_kb_syscall *call = &sp_kb_syscalls[rule->call];
    struct companion companion = companion_of(call);

    if (!making->doubles) {
        return add_entry(making, call, rule);
    }
    if (companion.multiplexer == NULL
        || sp_kb_number(making->arch, companion.multiplexer) == SP_KB_NO_NUMBER) {
        /* A name without a number leaves no trace here: it never heads the list. */
        return sp_kb_number(making->arch, call) == SP_KB_NO_NUMBER
            || add_entry(making, call, rule);
    }
    /* A multiplexed call keeps its own entry also where it has no number. */
    return add_companion(making, &companion, rule) && add_entry(making, call, rule);
}

/* ---- groups ------------------------------------------------------------------------------ */

/* By number, pseudo ones last and by name; then as libseccomp takes them. */
static int
compare_entries(const void *left_entry, const void *right_entry)
{
    const struct entry *left = left_entry, *right = right_entry;

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

static bool
is_same_group(const struct entry *left, const struct entry *right)
{
    return left->is_pseudo == right->is_pseudo && left->nr == right->nr
        && left->call == right->call;
}

static bool
add_call(struct making *making, const struct entry *entries, size_t count,
         struct sp_arch_rules *out)
{
    struct sp_filter_rule *rules =
        sp_arena_new_array(making->arena, count, struct sp_filter_rule);
    struct sp_arch_call *place = entries->is_pseudo
                               ? sp_vec_push(making->arena, &out->nameless)
                               : sp_vec_push(making->arena, &out->calls);

    if (rules == NULL || place == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        rules[i] = entries[i].rule;
    }
    *place = (struct sp_arch_call){
        .nr = entries->nr, .call = entries->call, .rules = rules, .count = count
    };
    return true;
}

static size_t
group_end(const struct making *making, size_t first)
{
    size_t end = first + 1;

    while (end < making->entries.count
           && is_same_group(&making->entries.at[first], &making->entries.at[end])) {
        end++;
    }
    return end;
}

static bool
make_entries(struct making *making, const struct sp_filter_rules *rules)
{
    for (size_t i = 0; i < rules->rules.count; i++) {
        if (!add_rule(making, &rules->rules.at[i])) {
            return false;
        }
    }
    if (making->entries.count > 0) {
        qsort(making->entries.at, making->entries.count, sizeof *making->entries.at,
              compare_entries);
    }
    return true;
}

static bool
make_calls(struct making *making, struct sp_arch_rules *out)
{
    const struct entry *at = making->entries.at;

    for (size_t first = 0, end; first < making->entries.count; first = end) {
        end = group_end(making, first);
        if (!add_call(making, &at[first], end - first, out)) {
            return false;
        }
    }
    return true;
}

/* ---- the lost load ----------------------------------------------------------------------- */

/* Tests of one condition: two words on 64 bits, three steps where the order counts. */
static size_t
tests_of(const struct sp_filter_condition *condition, unsigned bits)
{
    if (bits == 32) {
        return 1;
    }
    switch (condition->op) {
    case SP_OPERATOR_LT:
    case SP_OPERATOR_LE:
    case SP_OPERATOR_GE:
    case SP_OPERATOR_GT:
        return 3;
    case SP_OPERATOR_NONE:
    case SP_OPERATOR_NE:
    case SP_OPERATOR_EQ:
    case SP_OPERATOR_MASKED_EQ:
        break;
    }
    return 2;
}

static size_t
tests_of_conditions(const struct sp_level_conditions *conditions, unsigned bits)
{
    size_t tests = 0;

    for (size_t i = 0; i < conditions->count; i++) {
        tests += tests_of(&conditions->at[i], bits);
    }
    return tests;
}

/* How many tests libseccomp counts for the rules of one number or name: none as soon as one
 * rule has none.  Of rules with one condition those of the merged structure; where some have
 * more, rules that others imply may be left out, down to the shortest rule. */
struct span {
    size_t least;
    size_t most;
};

static struct span
tests_of_group(const struct entry *entries, size_t count, unsigned bits)
{
    SP_SCRATCH(scratch);
    struct sp_level level = { .first = NULL };
    struct sp_level_merge merge = { .against = NULL };
    struct span span = { .least = SIZE_MAX };
    bool is_exact = true;

    for (size_t i = 0; i < count; i++) {
        struct sp_level_conditions conditions = sp_level_conditions(&entries[i].rule, bits);
        if (conditions.count == 0) {
            return (struct span){ 0, 0 };
        }
        size_t tests = tests_of_conditions(&conditions, bits);
        span.most += tests;
        span.least = tests < span.least ? tests : span.least;
        is_exact &= conditions.count == 1;
    }
    for (size_t i = 0; i < count && is_exact; i++) {
        struct sp_level *added = sp_level_of_rule(&scratch, &entries[i].rule, bits);
        is_exact = added != NULL && sp_level_merge(&level, added, &merge);
    }
    if (is_exact) {
        span.least = span.most = sp_level_size(&level);
    }
    return span;
}

/* The first entry of a priority list: the one with the fewest tests. */
struct head {
    size_t tests;
    bool is_pseudo;
};

/* Of equal entries the first in order of numbers stays, so names without one come last.  The
 * span of tests is taken in favour of names without a number, or against them. */
static void
find_head(const struct making *making, bool favours_pseudo, struct head *head)
{
    for (size_t first = 0, end; first < making->entries.count && head->tests > 0; first = end) {
        end = group_end(making, first);
        const struct entry *at = &making->entries.at[first];
        struct span span = tests_of_group(at, end - first, making->arch->bits);
        size_t tests = at->is_pseudo == favours_pseudo ? span.least : span.most;
        if (tests < head->tests) {
            *head = (struct head){ .tests = tests, .is_pseudo = at->is_pseudo };
        }
    }
}

static bool
is_headless(const struct making *first, const struct making *second, bool favours_pseudo)
{
    struct head head = { .tests = SIZE_MAX };

    find_head(first, favours_pseudo, &head);
    find_head(second, favours_pseudo, &head);
    return head.is_pseudo;
}

/* ---- what stands around the rules -------------------------------------------------------- */

static bool
has_arch(const struct sp_filter_rules *rules, const char *name)
{
    for (size_t i = 0; i < rules->arches.count; i++) {
        if (strcmp(sp_kb_text(rules->arches.at[i]->name), name) == 0) {
            return true;
        }
    }
    return false;
}

/* x86_64 and x32 alone look at x32's bit first, and so load the number before any rule. */
static bool
has_own_load(const struct sp_filter_rules *rules, const struct sp_kb_arch *arch)
{
    const char *name = sp_kb_text(arch->name);

    return (strcmp(name, "x86_64") == 0 && !has_arch(rules, "x32"))
        || (strcmp(name, "x32") == 0 && !has_arch(rules, "x86_64"));
}

bool
sp_arch_rules_is_tree(const struct sp_filter_rules *rules,
                      const struct sp_environment *environment)
{
    return environment->runtime == SP_RUNTIME_RUNC && rules->entries > TREE_ABOVE
        && !is_older(environment->runtime_version, (struct sp_version){ 1, 2, 0 });
}

/* runc before 1.1.13 makes a stub for the listed architectures only, and the host's need not be
 * listed.  The rules do not say whether it was; where it stands alone, most list none. */
static bool
is_left_out(const struct sp_filter_rules *rules, const struct sp_environment *environment)
{
    return rules->arches.count == 1
        && is_older(environment->runtime_version, (struct sp_version){ 1, 1, 13 });
}

/* libseccomp lays out x86_64 and x32 as one list, x86_64 first: the kernel has one architecture
 * for both.  NULL when there is no such other one. */
static const struct sp_kb_arch *
twin_of(const struct sp_filter_rules *rules, const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < rules->arches.count; i++) {
        const struct sp_kb_arch *other = rules->arches.at[i];
        if (other->audit == arch->audit && other->offset != arch->offset) {
            return other;
        }
    }
    return NULL;
}

/* A name without a number at the head of the list is passed over, and with it the load of the
 * number that all comparisons behind it rely on. */
static bool
find_headless(const struct making *making, const struct sp_filter_rules *rules,
              const struct sp_environment *environment, struct sp_arch_rules *out)
{
    const struct sp_kb_arch *twin = twin_of(rules, making->arch);
    SP_SCRATCH(scratch);
    struct making other = { .arena = &scratch, .arch = twin };

    if (has_own_load(rules, making->arch) || sp_arch_rules_is_tree(rules, environment)) {
        return true;
    }
    if (twin != NULL && !make_entries(&other, rules)) {
        return false;
    }
    bool is_behind = twin != NULL && making->arch->offset > twin->offset;
    const struct making *first = is_behind ? &other : making;
    const struct making *second = is_behind ? making : &other;
    out->headless = is_headless(first, second, false);
    out->head_unsure = out->headless != is_headless(first, second, true);
    return true;
}

static bool
has_stub(const struct sp_filter_rules *rules, const struct sp_environment *environment)
{
    sp_verdict action = rules->default_verdict & SP_VERDICT_ACTION;

    return environment->runtime == SP_RUNTIME_RUNC && !is_left_out(rules, environment)
        && action != SP_VERDICT_ALLOW && action != SP_VERDICT_LOG
        && action != SP_VERDICT_TRACE;
}

static uint32_t
highest_named(const struct sp_filter_rules *rules, const struct sp_kb_arch *arch)
{
    uint32_t highest = 0;

    for (size_t i = 0; i < rules->named.count; i++) {
        int64_t number = sp_kb_number(arch, &sp_kb_syscalls[rules->named.at[i]]);
        if (number != SP_KB_NO_NUMBER && (uint32_t)number > highest) {
            highest = (uint32_t)number;
        }
    }
    return highest;
}

static bool
is_s390(const struct sp_kb_arch *arch)
{
    const char *name = sp_kb_text(arch->name);

    return strcmp(name, "s390") == 0 || strcmp(name, "s390x") == 0;
}

bool
sp_arch_rules_make(struct sp_arena *arena, const struct sp_filter_rules *rules,
                   const struct sp_environment *environment, const struct sp_kb_arch *arch,
                   struct sp_arch_rules *ret_rules)
{
    struct making making = {
        .arena = arena,
        .arch = arch,
        .doubles = is_doubling(arch, environment->libseccomp),
    };
    struct sp_arch_rules out = { .arch = arch };

    if (!make_entries(&making, rules) || !make_calls(&making, &out)
        || !find_headless(&making, rules, environment, &out)) {
        return false;
    }
    if (has_stub(rules, environment)) {
        out.stub = highest_named(rules, arch);
        out.stub_at_zero = is_s390(arch) && out.stub > 0;
    }
    *ret_rules = out;
    return true;
}

const struct sp_arch_call *
sp_arch_rules_find(const struct sp_arch_rules *rules, uint32_t nr)
{
    size_t low = 0, high = rules->calls.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rules->calls.at[middle].nr < nr) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < rules->calls.count && rules->calls.at[low].nr == nr ? &rules->calls.at[low]
                                                                     : NULL;
}
