/* Inside the faithful fragment a call's meaning is the written one; docs/hazards.md defines it. */
#ifndef SP_SEM_PROOF_FAITHFUL_TESTING_H
#define SP_SEM_PROOF_FAITHFUL_TESTING_H

#include "sem/dd.h"
#include "sem/resolve.h"

/* Entries that name a call, as they are written. */
struct sp_proof_entries {
    struct sp_dd_store *store;
    const struct sp_oci *oci;
    const struct sp_kb_arch *arch;
    SP_VEC(const struct sp_oci_rule *) all;
};

/* Fills `all`, in `arena`. False when there is no memory. */
bool
sp_proof_entries_find(struct sp_arena *arena, struct sp_proof_entries *entries,
                      const struct sp_kb_syscall *call);

/* Is the meaning of the call the written one, as far as its entries go? */
bool
sp_proof_entries_are_faithful(const struct sp_proof_entries *entries);

bool
sp_proof_entries_have_conditions(const struct sp_proof_entries *entries);

#endif
