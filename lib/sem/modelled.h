/* What libseccomp makes of several rules for one call on one architecture, by its documented algorithm
 * (src/db.c), without building the filter: an unconditional action, or a structure of tests whose
 * order does not follow the list.
 *
 * Where all rules of a call stay inside the safe fragment, the filter is proven to mean this; outside
 * of it libseccomp deviates from its own algorithm (shared levels, stale registers, lost rules), may
 * loop for ever, and only the compiled filter can tell. */
#ifndef SP_SEM_MODELLED_H
#define SP_SEM_MODELLED_H

#include "sem/dd.h"
#include "sem/filter_rules.h"

/* Shapes outside the safe fragment, as a bit set. */
enum {
    SP_HAZARD_SHARED_LEVEL = 1 << 0,   /* a branching test (NE, LT, LE, GT, GE) before the last one, in
                                        * two rules: tails leak, or the compilation never ends */
    SP_HAZARD_STALE_REGISTER = 1 << 1, /* a branching rule of several tests beside another rule: a load
                                        * may be left out */
    SP_HAZARD_LOST_RULE = 1 << 2,      /* NE in one rule, a longer rule beside it */
    SP_HAZARD_WIDE_RANGE = 1 << 3,     /* LT or LE beside data of 2^32 and above */
    SP_HAZARD_LENT_BLOCK = 1 << 4,     /* several rules, one of several tests or with data of 2^32 and
                                        * above: right by itself, but where another call or
                                        * architecture asks the same, its code may be shared, which
                                        * relies on another value in the register.  Told by
                                        * sp_meaning_hazards also of several rules that are neither,
                                        * beside another call with a hazard */
    SP_HAZARD_UNSURE_HEAD = 1 << 5,    /* sp_arch_rules.head_unsure: told by sp_meaning_hazards alone */
};

struct sp_modelled {
    sp_dd meaning;     /* what the algorithm says; undecided where it could not be followed */
    unsigned hazards;  /* 0 = inside the safe fragment: `meaning` is what the filter does */
    const struct sp_filter_rule *refused;  /* libseccomp refuses this rule (EEXIST) ... */
    const struct sp_filter_rule *against;  /* ... because of this earlier one; both may be NULL */
};

/* `rules` in the order in which libseccomp takes them, conditions as given (this function cuts them to
 * 32 bits where the architecture has 32, and then the meaning looks at no upper half: the kernel
 * zero-extends such arguments).  `libseccomp`: version, 0 = the newest (2.6.1 mended the false side).
 * False when there is no memory. */
bool
sp_modelled_make(struct sp_dd_store *store, const struct sp_filter_rule *rules, size_t count,
                 unsigned bits, sp_verdict default_verdict, struct sp_version libseccomp,
                 struct sp_modelled *ret_modelled);

/* The condition of one rule as it is written: all of its tests, in full width or cut to `bits`. */
sp_dd
sp_modelled_condition(struct sp_dd_store *store, const struct sp_filter_rule *rule, unsigned bits);

/* Does the rule take part in the verdict anywhere: would the meaning differ without it?  By running
 * the algorithm again.  For rules of one call and architecture. */
bool
sp_modelled_decides(struct sp_dd_store *store, const struct sp_filter_rule *rules, size_t count,
                    size_t which, unsigned bits, sp_verdict default_verdict,
                    struct sp_version libseccomp);

#endif
