#include "format/minijail_plan.h"

#include <errno.h>
#include <string.h>

/* ---- verdicts that the text can say
 * -------------------------------------------------------- */

static sp_verdict
lose(struct sp_minijail_plan *plan, const char *call, const char *what, const char *became,
     sp_verdict verdict)
{
    sp_losses_add(plan->losses, call, what, became);
    return verdict;
}

static sp_verdict
lose_default(struct sp_minijail_plan *plan, sp_verdict instead, const char *what, const char *became)
{
    sp_losses_add_default(plan->losses, instead, what, became);
    return instead;
}

/* In a deny list every answer is an error, and what is not named runs. */
static sp_verdict
denylist_verdict(struct sp_minijail_plan *plan, const char *call, sp_verdict verdict)
{
    static const char what[] = "deny lists of minijail answer with errors alone";

    switch (verdict & SP_VERDICT_ACTION) {
    case SP_VERDICT_ERRNO:
    case SP_VERDICT_ALLOW:
        return verdict;
    case SP_VERDICT_LOG:
        return lose(plan, call, what, "these calls run without a log entry", SP_VERDICT_ALLOW);
    case SP_VERDICT_NOTIFY:
    case SP_VERDICT_TRACE:
        return lose(plan, call, what, "these calls run, and nobody is asked", SP_VERDICT_ALLOW);
    default:
        return lose(plan, call, what, "these calls get EPERM instead of a kill or a signal",
                    SP_VERDICT_ERRNO | EPERM);
    }
}

static sp_verdict
text_verdict(struct sp_minijail_plan *plan, const char *call, sp_verdict verdict)
{
    if (plan->denylist) {
        return denylist_verdict(plan, call, verdict);
    }
    if ((verdict & SP_VERDICT_ACTION) == SP_VERDICT_TRACE && verdict != SP_VERDICT_TRACE) {
        return lose(plan, call, "`trace` of minijail gives the tracer no number",
                    "the tracer gets the number 0", SP_VERDICT_TRACE);
    }
    return verdict;
}

/* ---- groups of a call
 * ---------------------------------------------------------------------- */

static struct sp_minijail_group *
group_of(struct sp_minijail_plan *plan, struct sp_minijail_entry *entry, sp_verdict verdict)
{
    for (size_t i = 0; i < entry->groups.count; i++) {
        if (entry->groups.at[i].verdict == verdict) {
            return &entry->groups.at[i];
        }
    }
    struct sp_minijail_group *group = sp_vec_push(plan->arena, &entry->groups);
    if (group != NULL) {
        group->verdict = verdict;
    }
    return group;
}

static bool
add_tests(struct sp_minijail_plan *plan, struct sp_minijail_group *group,
          const struct sp_tests *tests)
{
    struct sp_tests *words = sp_vec_push(plan->arena, &group->words.any);

    if (words == NULL) {
        return false;
    }
    memcpy(words, tests, sizeof *words);
    return sp_minijail_terms_add(plan->arena, tests, plan->policy->arch->bits, &group->terms);
}

static bool
add_clauses(struct sp_minijail_plan *plan, const struct sp_policy_call *call,
            struct sp_minijail_entry *entry)
{
    for (size_t i = 0; i < call->clause_count; i++) {
        sp_verdict verdict =
            text_verdict(plan, sp_kb_text(call->call->name), call->clauses[i].verdict);
        if (verdict == entry->otherwise) {
            continue;
        }
        struct sp_minijail_group *group = group_of(plan, entry, verdict);
        if (group == NULL || !add_tests(plan, group, &call->clauses[i].when)) {
            return false;
        }
    }
    return true;
}

/* ---- a call that is allowed otherwise
 * ------------------------------------------------------ */

static uint32_t
is_allow(uint32_t value, void *user)
{
    (void)user;
    return value == SP_VERDICT_ALLOW;
}

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

/* The group with most alternatives: it is told last, without them. */
static size_t
longest_group(const struct sp_minijail_entry *entry)
{
    size_t longest = 0;

    for (size_t i = 1; i < entry->groups.count; i++) {
        if (entry->groups.at[i].terms.any.count > entry->groups.at[longest].terms.any.count) {
            longest = i;
        }
    }
    return longest;
}

/* What ends with `allow` is allowed for compile_seccomp_policy.py, whatever stands before:
 * the condition of what is allowed takes the place of another. */
static bool
turn_around(struct sp_minijail_plan *plan, const struct sp_policy_call *call,
            struct sp_minijail_entry *entry)
{
    struct sp_dd_store *store = plan->policy->store;
    struct sp_minijail_group *group = &entry->groups.at[longest_group(entry)];
    struct sp_alternatives allowed;

    entry->otherwise = group->verdict;
    *group = (struct sp_minijail_group){ .verdict = SP_VERDICT_ALLOW };
    if (!sp_words_given(plan->arena, store, sp_dd_map(store, call->meaning, is_allow, NULL),
                        possible_args(store, plan->policy->arch), SP_POLICY_CLAUSES, &allowed)
        || allowed.truncated) {
        return false;
    }
    for (size_t i = 0; i < allowed.any.count; i++) {
        if (!add_tests(plan, group, &allowed.any.at[i])) {
            return false;
        }
    }
    return true;
}

/* ---- entries
 * ------------------------------------------------------------------------------- */

static void
give_up(struct sp_minijail_plan *plan, const struct sp_policy_call *call,
        struct sp_minijail_entry *entry)
{
    const char *name = sp_kb_text(call->call->name);

    sp_losses_add(plan->losses, name,
                  "the conditions of these calls are too many for a line of a policy",
                  "these calls get the widest of their answers for all arguments");
    entry->groups.count = 0;
    entry->otherwise = text_verdict(plan, name, sp_policy_widest(call));
}

static void
add_entry(struct sp_minijail_plan *plan, const struct sp_policy_call *call)
{
    struct sp_minijail_entry entry = {
        .call = call->call,
        .otherwise = text_verdict(plan, sp_kb_text(call->call->name), call->otherwise),
    };
    bool is_planned = add_clauses(plan, call, &entry);

    if (is_planned && entry.groups.count > 0 && entry.otherwise == SP_VERDICT_ALLOW
        && !plan->denylist) {
        is_planned = turn_around(plan, call, &entry);
    }
    if (!is_planned) {
        give_up(plan, call, &entry);
    }
    if (entry.groups.count == 0 && entry.otherwise == plan->base) {
        return;
    }
    struct sp_minijail_entry *place = sp_vec_push(plan->arena, &plan->entries);
    if (place != NULL) {
        memcpy(place, &entry, sizeof entry);
    }
}

/* ---- the default
 * --------------------------------------------------------------------------- */

static const char others_killed[] =
    "every call is named; numbers that are none, as those of newer kernels, are killed";

static void
choose_default(struct sp_minijail_plan *plan)
{
    sp_verdict verdict = plan->policy->default_verdict;

    plan->base = verdict;
    switch (verdict & SP_VERDICT_ACTION) {
    case SP_VERDICT_LOG:
        plan->base = lose_default(plan, SP_VERDICT_ALLOW, "no policy of minijail logs what it does not name",
                                  "calls that it does not name run without a log entry");
        plan->denylist = true;
        break;
    case SP_VERDICT_ALLOW:
        plan->denylist = true;
        break;
    case SP_VERDICT_ERRNO:
        plan->base = lose_default(plan, SP_VERDICT_KILL_THREAD,
                                  "no policy of minijail has an error for what it does not name",
                                  others_killed);
        break;
    case SP_VERDICT_TRACE:
        plan->base = lose_default(plan, SP_VERDICT_KILL_THREAD,
                                  "no policy of minijail traces what it does not name", others_killed);
        break;
    default:
        break;
    }
}

static void
name_others(struct sp_minijail_plan *plan)
{
    const struct sp_policy *policy = plan->policy;

    plan->unnamed_verdict = plan->base;
    if (plan->denylist || plan->base == policy->default_verdict) {
        return;
    }
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        const struct sp_kb_syscall *call = &sp_kb_syscalls[i];
        const char *name = sp_kb_text(call->name);
        if (sp_kb_number(policy->arch, call) == SP_KB_NO_NUMBER
            || sp_policy_find(policy, name) != NULL) {
            continue;
        }
        const struct sp_kb_syscall **place = sp_vec_push(plan->arena, &plan->unnamed);
        if (place == NULL) {
            return;
        }
        *place = call;
        plan->unnamed_verdict = text_verdict(plan, name, policy->default_verdict);
    }
}

/* ---- who reads it
 * -------------------------------------------------------------------------- */

static enum sp_minijail_reader
reader_of(const struct sp_minijail_plan *plan, const struct sp_minijail_entry *entry)
{
    sp_verdict action = entry->otherwise & SP_VERDICT_ACTION;

    if (entry->groups.count == 0) {
        return action == SP_VERDICT_ALLOW || action == SP_VERDICT_ERRNO
            ? SP_MINIJAIL_READER_BOTH : SP_MINIJAIL_READER_RICH;
    }
    if (entry->groups.count > 1 || entry->groups.at[0].verdict != SP_VERDICT_ALLOW) {
        return SP_MINIJAIL_READER_RICH;
    }
    if (entry->otherwise == plan->base) {
        return SP_MINIJAIL_READER_BOTH;
    }
    return action == SP_VERDICT_ERRNO ? SP_MINIJAIL_READER_PLAIN : SP_MINIJAIL_READER_RICH;
}

static void
choose_reader(struct sp_minijail_plan *plan)
{
    bool is_traced = (plan->unnamed_verdict & SP_VERDICT_ACTION) == SP_VERDICT_TRACE;

    if (plan->denylist || plan->base != SP_VERDICT_KILL_THREAD || is_traced) {
        plan->reader = SP_MINIJAIL_READER_RICH;
    }
    for (size_t i = 0; i < plan->entries.count; i++) {
        enum sp_minijail_reader reader = reader_of(plan, &plan->entries.at[i]);
        plan->reader = reader > plan->reader ? reader : plan->reader;
    }
}

/* ---- the limits of libminijail
 * ------------------------------------------------------------- */

/* Source: bpf.h (BPF_LABELS_MAX, BPF_ARG_COMP_LEN), syscall_filter.c (compile_policy_line). */
static void
check_size(struct sp_minijail_plan *plan)
{
    enum { INSTRUCTIONS = 4096, LABELS = 256 };
    enum { HEAD = 5, LINE = 2, SECTION = 4, TERM = 2, ATOM = 9 };
    size_t instructions = HEAD + LINE * (plan->entries.count + plan->unnamed.count);
    bool is_compiled = plan->reader == SP_MINIJAIL_READER_RICH;
    size_t labels = 0;

    for (size_t i = 0; i < plan->entries.count; i++) {
        const struct sp_minijail_entry *entry = &plan->entries.at[i];
        for (size_t j = 0; j < entry->groups.count; j++) {
            const struct sp_minijail_terms *terms = &entry->groups.at[j].terms;
            instructions += SECTION + TERM * terms->any.count;
            labels += 2 + terms->any.count;
            for (size_t k = 0; k < terms->any.count; k++) {
                instructions += ATOM * terms->any.at[k].atoms.count;
            }
        }
    }
    if (instructions > INSTRUCTIONS || (labels > LABELS && !is_compiled)) {
        sp_losses_add(plan->losses, NULL, "minijail makes filters of 4096 instructions at most",
                      "it may refuse this policy, which has many conditions");
    }
}

/* ---- other architectures
 * ------------------------------------------------------------------- */

static void
lose_arches(struct sp_minijail_plan *plan, const struct sp_policies *policies)
{
    SP_BUF(became);

    if (policies->all.count < 2) {
        return;
    }
    for (size_t i = 1; i < policies->all.count; i++) {
        sp_buf_text(&became, i > 1 ? ", " : "calls of other architectures are killed: ");
        sp_buf_text(&became, sp_kb_text(policies->all.at[i].arch->name));
    }
    if (became.failed) {
        plan->losses->failed = true;
        return;
    }
    sp_losses_add(plan->losses, NULL, "a policy of minijail is for one architecture",
                  became.data);
}

/* What the 30th bit of a number sets apart on x86_64, a deny list does not name. */
static void
lose_x32(struct sp_minijail_plan *plan)
{
    if (plan->denylist && strcmp(sp_kb_text(plan->policy->arch->name), "x86_64") == 0) {
        sp_losses_add(plan->losses, NULL, "deny lists of minijail do not see calls of x32",
                      "such calls run, on kernels that have them");
    }
}

void
sp_minijail_plan_make(struct sp_emission *emission, struct sp_minijail_plan *ret_plan)
{
    struct sp_minijail_plan *plan = ret_plan;

    *plan = (struct sp_minijail_plan){
        .arena = emission->arena,
        .policy = &emission->policies->all.at[0],
        .losses = emission->losses,
    };
    choose_default(plan);
    lose_arches(plan, emission->policies);
    lose_x32(plan);
    for (size_t i = 0; i < plan->policy->calls.count; i++) {
        add_entry(plan, &plan->policy->calls.at[i]);
    }
    name_others(plan);
    choose_reader(plan);
    check_size(plan);
}
