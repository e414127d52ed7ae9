/* The rules given to the database of one architecture, in libseccomp's order, for arch_*.c alone. */
#ifndef SP_SEM_ARCH_ENTRIES_H
#define SP_SEM_ARCH_ENTRIES_H

#include "sem/arch_rules.h"

struct sp_arch_entry {
    bool is_pseudo;  /* the call has no number here */
    uint32_t nr;
    uint16_t call;
    size_t order;
    struct sp_filter_rule rule;
};

struct sp_arch_entries {
    struct sp_arena *arena;
    const struct sp_kb_arch *arch;
    bool doubles;  /* rules of multiplexed calls are given to the multiplexer, too */
    SP_VEC(struct sp_arch_entry) list;
};

/* Sorted by number, names without one behind them; the rules of one call as libseccomp takes them.
 * `libseccomp`: version, 0 = the newest.  False when there is no memory. */
bool
sp_arch_entries_make(struct sp_arena *arena, const struct sp_filter_rules *rules,
                     const struct sp_kb_arch *arch, struct sp_version libseccomp,
                     struct sp_arch_entries *ret_entries);

/* Behind the last entry of the call whose entries begin at `first`. */
size_t
sp_arch_entries_end(const struct sp_arch_entries *entries, size_t first);

/* Is the load of the number lost? Fills `headless` and `head_unsure`; false when there is no
 * memory. */
bool
sp_arch_head_find(const struct sp_arch_entries *entries, const struct sp_filter_rules *rules,
                  const struct sp_environment *environment, struct sp_arch_rules *rules_here);

#endif
