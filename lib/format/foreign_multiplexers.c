/* On some architectures libseccomp gives the rules of socket() to socketcall(1, ...), too, and so on
 * (sem/arch_entries.c).  Other tools keep the two apart. */
#include "format/foreign_multiplexers.h"

#include "sem/arch_entries.h"
#include "sem/modelled.h"

#include <string.h>

static const char *const multiplexers[] = { "socketcall", "ipc" };

/* The work on one architecture. */
struct finder {
    struct sp_arena *arena;
    struct sp_dd_store *store;
    const struct sp_foreign_rules *rules;
    const struct sp_kb_arch *arch;
};

/* Is the call behind the multiplexer? */
static bool
is_served(const struct sp_kb_syscall *multiplexer, const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < call->families.count; i++) {
        const struct sp_kb_family *family =
            &sp_kb_families[sp_kb_family_uses[call->families.first + i]];
        if (strcmp(sp_kb_text(family->kind), "multiplexer") == 0
            && &sp_kb_syscalls[sp_kb_indices[family->members.first]] == multiplexer) {
            return call != multiplexer;
        }
    }
    return false;
}

bool
sp_foreign_has_doubled(const struct sp_foreign_rules *rules, const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < rules->all.count; i++) {
        const struct sp_kb_syscall *call = &sp_kb_syscalls[rules->all.at[i].rule.call];
        if (sp_arch_is_multiplexed(arch, (struct sp_version){ .major = 0 }, call)) {
            return true;
        }
    }
    return false;
}

/* The rules of all calls, or of one, in their order. */
static bool
copy_rules(const struct finder *finder, const struct sp_kb_syscall *only,
           struct sp_filter_rules *ret_rules)
{
    struct sp_filter_rules rules = { .default_verdict = finder->rules->default_verdict };
    const struct sp_kb_arch **arch = sp_vec_push(finder->arena, &rules.arches);

    if (arch == NULL) {
        return false;
    }
    *arch = finder->arch;
    for (size_t i = 0; i < finder->rules->all.count; i++) {
        const struct sp_filter_rule *rule = &finder->rules->all.at[i].rule;
        struct sp_filter_rule *copy =
            only == NULL || &sp_kb_syscalls[rule->call] == only
            ? sp_vec_push(finder->arena, &rules.rules) : NULL;
        if (copy != NULL) {
            *copy = *rule;
        }
    }
    *ret_rules = rules;
    return !finder->arena->failed;
}

static bool
find_meaning(const struct finder *finder, const struct sp_filter_rule *rules, size_t count,
             sp_dd *ret_meaning)
{
    struct sp_modelled modelled;

    if (!sp_modelled_make(finder->store, rules, count, finder->arch->bits,
                          finder->rules->default_verdict, (struct sp_version){ .major = 0 },
                          &modelled)) {
        return false;
    }
    *ret_meaning = modelled.meaning;
    return true;
}

/* Does the profile mean for the multiplexer what the text does? */
static bool
compare(const struct finder *finder, const struct sp_arch_rules *made,
        const struct sp_kb_syscall *multiplexer, bool *ret_is_same)
{
    uint32_t nr = (uint32_t)sp_kb_number(finder->arch, multiplexer);
    const struct sp_arch_call *call = sp_arch_rules_find(made, nr);
    struct sp_filter_rules own;
    sp_dd said, meant;

    if (!copy_rules(finder, multiplexer, &own)
        || !find_meaning(finder, own.rules.at, own.rules.count, &said)
        || !find_meaning(finder, call == NULL ? NULL : call->rules, call == NULL ? 0 : call->count,
                         &meant)) {
        return false;
    }
    *ret_is_same = said == meant && !sp_dd_has_undecided(finder->store, meant);
    return true;
}

/* The first rule that reaches the multiplexer. */
static const struct sp_foreign_given *
find_given(const struct finder *finder, const struct sp_kb_syscall *multiplexer)
{
    for (size_t i = 0; i < finder->rules->all.count; i++) {
        const struct sp_foreign_given *given = &finder->rules->all.at[i];
        if (is_served(multiplexer, &sp_kb_syscalls[given->rule.call])) {
            return given;
        }
    }
    return NULL;
}

bool
sp_foreign_find_doubled(struct sp_arena *arena, struct sp_dd_store *store,
                        const struct sp_foreign_rules *rules, const struct sp_kb_arch *arch,
                        struct sp_foreign_doubled *ret_doubled)
{
    struct finder finder = { .arena = arena, .store = store, .rules = rules, .arch = arch };
    struct sp_environment environment = {
        .engine = SP_ENGINE_OCI, .runtime = SP_RUNTIME_CRUN, .host = arch,
    };
    struct sp_filter_rules all;
    struct sp_arch_rules made;

    *ret_doubled = (struct sp_foreign_doubled){ .given = NULL };
    if (!sp_foreign_has_doubled(rules, arch)) {
        return true;
    }
    if (!copy_rules(&finder, NULL, &all)
        || !sp_arch_rules_make(arena, &all, &environment, arch, &made)) {
        return false;
    }
    for (size_t i = 0; i < sizeof multiplexers / sizeof *multiplexers; i++) {
        const struct sp_kb_syscall *multiplexer = sp_kb_syscall_find(sp_str_of(multiplexers[i]));
        bool is_same = true;
        if (sp_kb_number(arch, multiplexer) != SP_KB_NO_NUMBER
            && !compare(&finder, &made, multiplexer, &is_same)) {
            return false;
        }
        if (!is_same) {
            ret_doubled->given = find_given(&finder, multiplexer);
            ret_doubled->multiplexer = multiplexer;
            return true;
        }
    }
    return true;
}
