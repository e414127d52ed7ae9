/* The rules of a filter on one architecture, call by call, as libseccomp keeps them: translated by
 * name, with the companions of multiplexed calls.
 *
 * Source: libseccomp src/db.c and src/arch.c (arch_filter_rule_add, the x86 and s390 rule_add hooks);
 * runc libcontainer/seccomp/patchbpf/enosys_linux.go for the stub. */
#ifndef SP_SEM_ARCH_RULES_H
#define SP_SEM_ARCH_RULES_H

#include "sem/filter_rules.h"

struct sp_arch_call {
    uint32_t nr;    /* as the filter sees it, with x32's bit */
    uint16_t call;  /* row of sp_kb_syscalls */
    const struct sp_filter_rule *rules;  /* in the order in which libseccomp takes them; those of a
                                          * multiplexer (socketcall, ipc) hold the companions of its
                                          * calls, too, with condition 0 replaced */
    size_t count;
};

struct sp_arch_rules {
    const struct sp_kb_arch *arch;
    SP_VEC(struct sp_arch_call) calls;  /* sorted by nr, only those with a number here */
    SP_VEC(struct sp_arch_call) nameless;  /* the same for calls without a number here: they decide
                                            * nothing, but libseccomp refuses contradictions among
                                            * their rules, too; `nr` means nothing */
    bool headless;       /* the load of the number is lost: no rule of this architecture matches, all
                          * numbers answer the default action (a name without a number stands at the
                          * head of a priority list) */
    bool head_unsure;    /* that depends on how many tests libseccomp saves among rules of several
                          * conditions: only the compiled filter can tell; `headless` is false */
    uint32_t stub;       /* runc: numbers above this one answer ENOSYS before the filter; 0 = no stub */
    bool stub_at_zero;   /* s390: so does number 0 */
};

/* `rules` must not be refused. False when there is no memory. */
bool
sp_arch_rules_make(struct sp_arena *arena, const struct sp_filter_rules *rules,
                   const struct sp_environment *environment, const struct sp_kb_arch *arch,
                   struct sp_arch_rules *ret_rules);

/* The call with this number, or NULL. */
const struct sp_arch_call *
sp_arch_rules_find(const struct sp_arch_rules *rules, uint32_t nr);

/* Does libseccomp lay the numbers out as a tree (runc 1.2 and later with more than 32 names)? */
bool
sp_arch_rules_is_tree(const struct sp_filter_rules *rules,
                      const struct sp_environment *environment);

#endif
