#include "sem/arch_rules.h"

#include "sem/arch_entries.h"

#include <string.h>

/* ---- runc's stub ------------------------------------------------------------------------- */

/* runc before 1.1.13 makes a stub for the listed architectures only, and the host's, which
 * libseccomp adds by itself, need not be listed. */
static bool
is_left_out(const struct sp_filter_rules *rules, const struct sp_environment *environment,
            const struct sp_kb_arch *arch)
{
    return arch == environment->host && !rules->host_is_listed
        && sp_environment_is_older(environment->runtime_version, (struct sp_version){ 1, 1, 13 });
}

static bool
has_stub(const struct sp_filter_rules *rules, const struct sp_environment *environment,
         const struct sp_kb_arch *arch)
{
    return environment->runtime == SP_RUNTIME_RUNC && !is_left_out(rules, environment, arch)
        && !sp_verdict_runs(rules->default_verdict)
        && (rules->default_verdict & SP_VERDICT_ACTION) != SP_VERDICT_TRACE;
}

/* As libseccomp resolves names: multiplexed calls have no number. */
static uint32_t
highest_named(const struct sp_filter_rules *rules, const struct sp_environment *environment,
              const struct sp_kb_arch *arch)
{
    uint32_t highest = 0;

    for (size_t i = 0; i < rules->named.count; i++) {
        const struct sp_kb_syscall *call = &sp_kb_syscalls[rules->named.at[i]];
        int64_t number = sp_kb_number(arch, call);
        if (number != SP_KB_NO_NUMBER && (uint32_t)number > highest
            && !sp_arch_is_multiplexed(arch, environment->libseccomp, call)) {
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
    struct sp_arch_rules out = { .arch = arch };
    struct sp_arch_entries entries;

    if (!sp_arch_entries_make(arena, rules, arch, environment->libseccomp, &entries)
        || !sp_arch_head_find(&entries, rules, environment, &out)) {
        return false;
    }
    out.calls.at = entries.at;
    out.calls.count = entries.numbered;
    out.nameless.at = entries.at + entries.numbered;
    out.nameless.count = entries.count - entries.numbered;
    if (has_stub(rules, environment, arch)) {
        out.stub = highest_named(rules, environment, arch);
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
