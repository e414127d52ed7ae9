#include "sem/arch_entries.h"

#include "sem/modelled_level.h"

#include <string.h>

/* runc lets libseccomp lay out a tree for more entries than this. */
enum { TREE_ABOVE = 32 };

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
tests_of_call(const struct sp_arch_call *call, unsigned bits)
{
    SP_SCRATCH(scratch);
    struct sp_level level = { .first = NULL };
    struct sp_level_merge merge = { .against = NULL };
    struct span span = { .least = SIZE_MAX };
    bool is_exact = true;

    for (size_t i = 0; i < call->count; i++) {
        struct sp_level_conditions conditions = sp_level_conditions(&call->rules[i], bits);
        if (conditions.count == 0) {
            return (struct span){ 0, 0 };
        }
        size_t tests = tests_of_conditions(&conditions, bits);
        span.most += tests;
        span.least = tests < span.least ? tests : span.least;
        is_exact &= conditions.count == 1;
    }
    for (size_t i = 0; i < call->count && is_exact; i++) {
        struct sp_level *added = sp_level_of_rule(&scratch, &call->rules[i], bits);
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
find_head(const struct sp_arch_entries *entries, bool favours_pseudo, struct head *head)
{
    for (size_t i = 0; i < entries->count && head->tests > 0; i++) {
        bool is_pseudo = i >= entries->numbered;
        struct span span = tests_of_call(&entries->at[i], entries->arch->bits);
        size_t tests = is_pseudo == favours_pseudo ? span.least : span.most;
        if (tests < head->tests) {
            *head = (struct head){ .tests = tests, .is_pseudo = is_pseudo };
        }
    }
}

static bool
is_headless(const struct sp_arch_entries *first, const struct sp_arch_entries *second,
            bool favours_pseudo)
{
    struct head head = { .tests = SIZE_MAX };

    find_head(first, favours_pseudo, &head);
    find_head(second, favours_pseudo, &head);
    return head.is_pseudo;
}

/* ---- how libseccomp lays the numbers out --------------------------------------------------- */

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
        && !sp_environment_is_older(environment->runtime_version, (struct sp_version){ 1, 2, 0 });
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

/* A rule without conditions for a number of the first list stands at the head. */
static bool
has_sure_head(const struct sp_filter_rules *rules, const struct sp_kb_arch *first)
{
    for (size_t i = 0; i < rules->rules.count; i++) {
        const struct sp_filter_rule *rule = &rules->rules.at[i];
        if (rule->condition_count == 0
            && sp_kb_number(first, &sp_kb_syscalls[rule->call]) != SP_KB_NO_NUMBER) {
            return true;
        }
    }
    return false;
}

/* A name without a number at the head of the list is passed over, and with it the load of the
 * number that all comparisons behind it rely on. */
bool
sp_arch_head_find(const struct sp_arch_entries *entries, const struct sp_filter_rules *rules,
                  const struct sp_environment *environment, struct sp_arch_rules *rules_here)
{
    const struct sp_kb_arch *twin = twin_of(rules, entries->arch);
    bool is_behind = twin != NULL && entries->arch->offset > twin->offset;
    SP_SCRATCH(scratch);
    struct sp_arch_entries other = { .arch = twin };

    if (has_own_load(rules, entries->arch) || sp_arch_rules_is_tree(rules, environment)
        || has_sure_head(rules, is_behind ? twin : entries->arch)) {
        return true;
    }
    if (twin != NULL
        && !sp_arch_entries_make(&scratch, rules, twin, environment->libseccomp, &other)) {
        return false;
    }
    const struct sp_arch_entries *first = is_behind ? &other : entries;
    const struct sp_arch_entries *second = is_behind ? entries : &other;
    rules_here->headless = is_headless(first, second, false);
    rules_here->head_unsure = !rules_here->headless && is_headless(first, second, true);
    return true;
}
