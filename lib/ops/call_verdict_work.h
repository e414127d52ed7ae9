/* What one question needs on its way, for call_verdict*.c alone. */
#ifndef SP_OPS_CALL_VERDICT_WORK_H
#define SP_OPS_CALL_VERDICT_WORK_H

#include "ops/call_verdict.h"

struct sp_call_asking {
    struct sp_arena *arena;
    struct sp_dd_store *store;
    const struct sp_profile *profile;
    const struct sp_target *target;
    struct sp_call_verdict *into;
    sp_dd verdicts;  /* of the number, as the kernel answers it */
};

/* Arguments as the registers of an architecture hold them. */
void
sp_call_asking_fit(const struct sp_kb_arch *arch, const uint64_t args[SP_ARGS],
                   uint64_t ret_args[SP_ARGS]);

/* The diagram where the bits of `mask` in one argument are as given. */
sp_dd
sp_call_asking_fix(struct sp_dd_store *store, sp_dd diagram, unsigned arg, uint64_t mask,
                   uint64_t value);

/* One call in the chosen environment. False when there is no memory. */
bool
sp_call_asking_simulate(struct sp_call_asking *asking, const struct sp_kb_arch *arch, uint32_t nr,
                        const uint64_t args[SP_ARGS], struct sp_outcome *ret_outcome);

/* Each fills its part of the verdict.  False when there is no memory. */

/* `rules`, `looks_at`, `allowed_words`. */
bool
sp_call_asking_rules(struct sp_call_asking *asking);

/* `otherwise`: of all scenes of the call there are. */
bool
sp_call_asking_otherwise(struct sp_call_asking *asking, const struct sp_scene_list *list);

/* `twin`. */
void
sp_call_asking_twin(struct sp_call_asking *asking);

/* `elsewhere`. */
bool
sp_call_asking_elsewhere(struct sp_call_asking *asking);

#endif
