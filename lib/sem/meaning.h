/* What a profile means in one environment: for every architecture and number a diagram from the six
 * arguments to a verdict.  The one place that analyses ask.
 *
 *     struct sp_meaning *meaning;
 *     sp_meaning_make(&arena, store, profile, &environment, &meaning);
 *     if (meaning->start == SP_START_FILTER) {
 *         sp_dd verdicts = sp_meaning_of(meaning, arch, nr, SP_READING_ENFORCED);
 *
 * The fast road: inside the safe fragment a call's diagram comes straight from its rules, and
 * libseccomp never runs.  A profile with a call outside of it is compiled when its meaning is made,
 * for whether the container starts at all is known only then. */
#ifndef SP_SEM_MEANING_H
#define SP_SEM_MEANING_H

#include "sem/arch_rules.h"
#include "sem/compile.h"
#include "sem/dd.h"
#include "sem/modelled.h"
#include "sem/resolve.h"

enum sp_start {
    SP_START_FILTER,      /* the container starts under the filter */
    SP_START_UNCONFINED,  /* it starts without one */
    SP_START_REFUSED,     /* it does not start */
    SP_START_ENDLESS,     /* libseccomp never finishes: it does not start either */
};

enum sp_reading {
    SP_READING_INTENDED,  /* a rule holds where all its conditions hold; any rule's action, the first
                           * listed one where several differ; else the default */
    SP_READING_MODELLED,  /* the documented algorithm of runtime and libseccomp, stub and all */
    SP_READING_ENFORCED,  /* the filter (fast road where it is proven equal), before the kernel */
    SP_READING_UNSTUBBED, /* enforced, without the instructions that runc puts before every filter */
    SP_READING_KERNEL,    /* enforced, with the kernel's own layer: calls that cannot be denied, errno
                           * cap */
};

/* Where a verdict comes from. */
enum sp_decider {
    SP_DECIDER_RULE,
    SP_DECIDER_DEFAULT,     /* no rule holds, or the number is nobody's */
    SP_DECIDER_STUB,        /* runc's ENOSYS for calls newer than the profile */
    SP_DECIDER_BAD_ARCH,    /* an architecture that the filter does not have: killed */
    SP_DECIDER_HEADLESS,    /* the architecture's rules are lost */
    SP_DECIDER_KERNEL,      /* the kernel lets this call pass whatever a filter says */
    SP_DECIDER_UNCONFINED,  /* no filter */
};

struct sp_meaning {
    struct sp_arena *arena;
    struct sp_dd_store *store;
    const struct sp_profile *profile;
    struct sp_environment environment;
    struct sp_oci oci;
    struct sp_filter_rules rules;
    enum sp_start start;
    const char *why;              /* of REFUSED and ENDLESS */
    const struct sp_node *where;  /* may be NULL */
    const struct sp_rule *rule;   /* that was refused; may be NULL */
    const struct sp_rule *against;
    struct sp_arch_rules *arches; /* as rules.arches */
    size_t arch_count;
    struct sp_meaning_work *work; /* what was found out so far */
};

/* Never runs libseccomp unless a call is outside the safe fragment (its refusals are known only then),
 * or the program might be too long for the kernel.  False when there is no memory. */
bool
sp_meaning_make(struct sp_arena *arena, struct sp_dd_store *store,
                const struct sp_profile *profile, const struct sp_environment *environment,
                struct sp_meaning **ret_meaning);

/* The verdicts of one number on one architecture (which need not be the filter's).  SP_DD_UNDECIDED
 * where that could not be found out.  All SP_VERDICT_ALLOW when unconfined. `meaning->start` must be
 * FILTER or UNCONFINED (INTENDED: anything but a profile that could not be resolved). */
sp_dd
sp_meaning_of(struct sp_meaning *meaning, const struct sp_kb_arch *arch, uint32_t nr,
              enum sp_reading reading);

/* The shapes that put a call outside the safe fragment (SP_HAZARD_*), 0 inside. */
unsigned
sp_meaning_hazards(struct sp_meaning *meaning, const struct sp_kb_arch *arch, uint32_t nr);

/* The whole filter through libseccomp, compiled once and kept. */
const struct sp_compiled *
sp_meaning_compiled(struct sp_meaning *meaning);

/* The way of one call: its verdict, who decided, and the rules whose conditions hold for it, in listing
 * order (the deciding one first). */
struct sp_outcome {
    bool decided;  /* false: undecided */
    sp_verdict verdict;
    enum sp_decider decider;
    const struct sp_filter_rule *rules[8];
    size_t rule_count;
};

bool
sp_meaning_simulate(struct sp_meaning *meaning, const struct sp_kb_arch *arch,
                    const struct sp_call *call, struct sp_outcome *ret_outcome);

#endif
