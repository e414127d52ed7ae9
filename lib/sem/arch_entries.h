/* The rules given to the database of one architecture, in libseccomp's order, for arch_*.c alone. */
#ifndef SP_SEM_ARCH_ENTRIES_H
#define SP_SEM_ARCH_ENTRIES_H

#include "sem/arch_rules.h"

struct sp_arch_entries {
    const struct sp_kb_arch *arch;
    bool doubles;  /* rules of multiplexed calls are given to the multiplexer, too */
    struct sp_arch_call *at;  /* sorted by number, behind them by name those without one */
    size_t count;
    size_t numbered;  /* so many have a number */
};

/* The entries live in `arena` and point into `rules`: a rule that is its call's only one is not copied.
 * `libseccomp`: version, 0 = the newest.  False when there is no memory. */
bool
sp_arch_entries_make(struct sp_arena *arena, const struct sp_filter_rules *rules,
                     const struct sp_kb_arch *arch, struct sp_version libseccomp,
                     struct sp_arch_entries *ret_entries);

/* Does libseccomp know the call on this architecture as one behind a multiplexer?  Then its name resolves to a
 * negative number there, although the kernel may have given it one of its own. */
bool
sp_arch_is_multiplexed(const struct sp_kb_arch *arch, struct sp_version libseccomp,
                       const struct sp_kb_syscall *call);

/* Is the load of the number lost? Fills `headless` and `head_unsure`; false when there is no
 * memory. */
bool
sp_arch_head_find(const struct sp_arch_entries *entries, const struct sp_filter_rules *rules,
                  const struct sp_environment *environment, struct sp_arch_rules *rules_here);

#endif
