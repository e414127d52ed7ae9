/* What a meaning remembers, for meaning*.c alone. */
#ifndef SP_SEM_MEANING_WORK_H
#define SP_SEM_MEANING_WORK_H

#include "sem/meaning.h"

/* What was found out about one call of one architecture. */
struct sp_meaning_call {
    bool is_modelled;
    bool is_enforced;
    struct sp_modelled modelled;
    sp_dd enforced;
};

/* One name of one rule of the OCI object. */
struct sp_meaning_use {
    uint16_t call;
    const struct sp_oci_rule *rule;
};

/* What was found out about one call as it is written. */
struct sp_meaning_intent {
    bool is_made;
    sp_dd verdicts;
};

enum { SP_MEANING_WIDTHS = 2 };  /* 32 and 64 bits */

struct sp_meaning_work {
    struct sp_meaning_call **calls;  /* by architecture, then like its calls */
    unsigned hazards;                /* of all calls together */
    bool is_compiled;
    struct sp_compiled compiled;
    bool is_indexed;
    SP_VEC(struct sp_meaning_use) uses;  /* by call, then in listing order */
    struct sp_meaning_intent *intents[SP_MEANING_WIDTHS];  /* by call */
};

/* Where a number is decided. */
struct sp_meaning_place {
    enum sp_decider decider;  /* SP_DECIDER_RULE: by the rules of `call` */
    sp_verdict verdict;       /* unless by rules: for all arguments */
    const struct sp_arch_rules *rules;
    const struct sp_arch_call *call;
};

/* The start must be a filter or unconfined. */
struct sp_meaning_place
sp_meaning_place(const struct sp_meaning *meaning, const struct sp_kb_arch *arch, uint32_t nr);

/* What libseccomp's algorithm makes of one call, found out anew.  False when there is no memory. */
bool
sp_meaning_model(struct sp_meaning *meaning, const struct sp_arch_rules *rules,
                 const struct sp_arch_call *call, struct sp_modelled *ret_modelled);

/* The same, remembered. NULL when there is no memory; `place` must be one of rules. */
const struct sp_modelled *
sp_meaning_modelled(struct sp_meaning *meaning, const struct sp_meaning_place *place);

/* The verdicts of a number as the profile is written. */
sp_dd
sp_meaning_intended(struct sp_meaning *meaning, const struct sp_kb_arch *arch, uint32_t nr);

/* Does the kernel let this call pass, whatever a filter says? */
bool
sp_meaning_passes_kernel(const struct sp_meaning *meaning, const struct sp_kb_arch *arch,
                         uint32_t nr);

/* What the kernel makes of a verdict: data of ERRNO that are too large for it are cut. */
sp_verdict
sp_meaning_cap_errno(sp_verdict verdict);

/* The same for all verdicts of a filter. */
sp_dd
sp_meaning_in_kernel(struct sp_dd_store *store, sp_dd verdicts);

#endif
