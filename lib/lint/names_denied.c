#include "lint/names_denied.h"

#include "lint/names_find.h"

static void
mark(bool *at, const struct sp_rule *rule)
{
    for (size_t i = 0; i < rule->names.count; i++) {
        const struct sp_kb_syscall *call = sp_kb_syscall_find(rule->names.at[i].text);
        if (call != NULL) {
            at[sp_kb_syscall_index(call)] = true;
        }
    }
}

static void
mark_all(struct sp_names_denied *denied)
{
    const struct sp_profile *profile = denied->lint->profile;

    denied->at = sp_arena_new_array(denied->arena, sp_kb_syscalls_count, bool);
    for (size_t i = 0; denied->at != NULL && i < profile->rule_count; i++) {
        if (sp_names_is_hole(denied->lint, &profile->rules[i])) {
            mark(denied->at, &profile->rules[i]);
        }
    }
}

bool
sp_names_is_denied(struct sp_names_denied *denied, const struct sp_kb_syscall *call)
{
    if (denied->at == NULL) {
        mark_all(denied);
    }
    return denied->at == NULL || denied->at[sp_kb_syscall_index(call)];
}
