#include "sem/policy.h"

#include <string.h>

/* The work on one architecture. */
struct maker {
    struct sp_arena *arena;
    struct sp_meaning *meaning;
    struct sp_policy *policy;
};

/* ---- clauses --------------------------------------------------------------------------------- */

/* Maps a verdict to 1, all others to 0. */
static uint32_t
is_verdict(uint32_t value, void *user)
{
    const sp_verdict *wanted = user;

    return value == *wanted;
}

/* Of a 32-bit ABI no argument has an upper half. */
static sp_dd
possible_args(struct sp_dd_store *store, const struct sp_kb_arch *arch)
{
    sp_dd given = sp_dd_leaf(store, 1);

    for (unsigned arg = 0; arch->bits == 32 && arg < SP_ARGS; arg++) {
        given = sp_dd_and(store, given,
                          sp_dd_compare(store, arg, SP_DD_LE, UINT64_MAX, UINT32_MAX));
    }
    return given;
}

enum { VERDICTS_MAX = 64 };

/* The clauses of one call in the making. */
struct clauses {
    SP_VEC(struct sp_policy_clause) all;
};

static enum sp_policy_result
add_clauses(const struct maker *maker, sp_dd meaning, sp_verdict verdict, struct clauses *clauses)
{
    struct sp_dd_store *store = maker->policy->store;
    sp_dd condition = sp_dd_map(store, meaning, is_verdict, &verdict);
    struct sp_alternatives words;

    if (!sp_words_given(maker->arena, store, condition,
                        possible_args(store, maker->policy->arch), SP_POLICY_CLAUSES, &words)) {
        return maker->arena->failed || sp_dd_store_failed(store) ? SP_POLICY_NO_MEMORY
                                                                 : SP_POLICY_UNDECIDED;
    }
    if (words.truncated) {
        return SP_POLICY_LONG;
    }
    for (size_t i = 0; i < words.any.count; i++) {
        struct sp_policy_clause *clause = sp_vec_push(maker->arena, &clauses->all);
        if (clause == NULL) {
            return SP_POLICY_NO_MEMORY;
        }
        clause->verdict = verdict;
        memcpy(&clause->when, &words.any.at[i], sizeof clause->when);
    }
    return SP_POLICY_OK;
}

/* As the kernel orders actions: the smaller, signed, the stronger (kernel/seccomp.c,
 * seccomp_run_filters). */
static bool
lets_through_more(sp_verdict verdict, sp_verdict than)
{
    int32_t action = (int32_t)(verdict & SP_VERDICT_ACTION);
    int32_t other = (int32_t)(than & SP_VERDICT_ACTION);

    return action > other;
}

/* The verdict that is left for arguments of which no clause speaks: the default where the call has it, else
 * the one that lets through most. */
static sp_verdict
otherwise_of(const sp_verdict *verdicts, size_t count, sp_verdict by_default)
{
    sp_verdict widest = verdicts[0];

    for (size_t i = 0; i < count; i++) {
        if (verdicts[i] == by_default) {
            return by_default;
        }
        if (lets_through_more(verdicts[i], widest)) {
            widest = verdicts[i];
        }
    }
    return widest;
}

static enum sp_policy_result
fill_clauses(const struct maker *maker, struct sp_policy_call *call)
{
    sp_verdict verdicts[VERDICTS_MAX];
    size_t count = sp_dd_leaves(maker->policy->store, call->meaning, verdicts, VERDICTS_MAX);
    struct clauses clauses = { .all = { .at = NULL } };

    if (count > VERDICTS_MAX) {
        return SP_POLICY_LONG;
    }
    call->otherwise = otherwise_of(verdicts, count, maker->policy->default_verdict);
    for (size_t i = 0; i < count; i++) {
        if (verdicts[i] == call->otherwise) {
            continue;
        }
        enum sp_policy_result result = add_clauses(maker, call->meaning, verdicts[i], &clauses);
        if (result != SP_POLICY_OK) {
            return result;
        }
    }
    call->clauses = clauses.all.at;
    call->clause_count = clauses.all.count;
    return clauses.all.count > SP_POLICY_CLAUSES ? SP_POLICY_LONG : SP_POLICY_OK;
}

/* ---- calls ----------------------------------------------------------------------------------- */

static enum sp_policy_result
add_call(const struct maker *maker, const struct sp_kb_syscall *row, uint32_t nr)
{
    struct sp_dd_store *store = maker->policy->store;
    sp_dd meaning = sp_meaning_of(maker->meaning, maker->policy->arch, nr, SP_READING_UNSTUBBED);

    if (meaning == sp_dd_leaf(store, maker->policy->default_verdict)) {
        return SP_POLICY_OK;
    }
    if (sp_dd_has_undecided(store, meaning)) {
        return sp_dd_store_failed(store) ? SP_POLICY_NO_MEMORY : SP_POLICY_UNDECIDED;
    }
    struct sp_policy_call *call = sp_vec_push(maker->arena, &maker->policy->calls);
    if (call == NULL) {
        return SP_POLICY_NO_MEMORY;
    }
    *call = (struct sp_policy_call){ .call = row, .nr = nr, .meaning = meaning };
    return fill_clauses(maker, call);
}

static enum sp_policy_result
add_calls(const struct maker *maker, const char **ret_call)
{
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        const struct sp_kb_syscall *row = &sp_kb_syscalls[i];
        int64_t nr = sp_kb_number(maker->policy->arch, row);
        enum sp_policy_result result =
            nr == SP_KB_NO_NUMBER ? SP_POLICY_OK : add_call(maker, row, (uint32_t)nr);
        if (result != SP_POLICY_OK) {
            if (ret_call != NULL) {
                *ret_call = sp_kb_text(row->name);
            }
            return result;
        }
    }
    return SP_POLICY_OK;
}

enum sp_policy_result
sp_policies_make(struct sp_arena *arena, struct sp_meaning *meaning, struct sp_policies *ret_policies,
                 const char **ret_call)
{
    struct sp_policies policies = { .environment = meaning->environment };

    for (size_t i = 0; i < meaning->arch_count; i++) {
        struct sp_policy *policy = sp_vec_push(arena, &policies.all);
        if (policy == NULL) {
            return SP_POLICY_NO_MEMORY;
        }
        *policy = (struct sp_policy){
            .arch = meaning->arches[i].arch,
            .store = meaning->store,
            .default_verdict = meaning->rules.default_verdict,
            .stub = meaning->arches[i].stub,
        };
        struct maker maker = {
            .arena = arena, .meaning = meaning, .policy = policy,
        };
        enum sp_policy_result result = add_calls(&maker, ret_call);
        if (result != SP_POLICY_OK) {
            return result;
        }
    }
    *ret_policies = policies;
    return SP_POLICY_OK;
}

/* ---- asking ---------------------------------------------------------------------------------- */

const struct sp_policy_call *
sp_policy_find(const struct sp_policy *policy, const char *name)
{
    size_t low = 0;
    size_t high = policy->calls.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(sp_kb_text(policy->calls.at[middle].call->name), name);
        if (order == 0) {
            return &policy->calls.at[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

sp_verdict
sp_policy_widest(const struct sp_policy_call *call)
{
    sp_verdict widest = call->otherwise;

    for (size_t i = 0; i < call->clause_count; i++) {
        if (lets_through_more(call->clauses[i].verdict, widest)) {
            widest = call->clauses[i].verdict;
        }
    }
    return widest;
}
