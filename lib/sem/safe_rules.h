/* Diagrams back to rules: conditions as OCI profiles have them, which runtime and libseccomp
 * turn into exactly this diagram.
 *
 * Only shapes of the safe fragment are written: rules of one condition, or rules of several
 * EQ and MASKED_EQ conditions on different arguments without NE beside them, and no
 * condition of one argument twice in a rule (runc and crun make two rules of those).  A
 * range in the middle of an argument's values becomes aligned blocks (MASKED_EQ).  Rules
 * that overlap, so that libseccomp's order decides, are written only where others are many or
 * none: then the last one may be "argument 0 is at least 0".  Several rules of several
 * conditions, or with numbers of 2^32 and above, may be lent (SP_HAZARD_LENT_BLOCK): other
 * rules are preferred.  Whatever is answered was run through the model of libseccomp
 * (sem/modelled.h) and gives the very diagram that was asked for. */
#ifndef SP_SEM_SAFE_RULES_H
#define SP_SEM_SAFE_RULES_H

#include "sem/filter_rules.h"
#include "sem/dd.h"

struct sp_safe_rule {
    sp_verdict verdict;
    SP_VEC(struct sp_filter_condition) conditions;  /* none = always; sorted by argument */
};

struct sp_safe_rules {
    SP_VEC(struct sp_safe_rule) all;  /* none: the default verdict says it all */
};

enum sp_safe_result {
    SP_SAFE_OK,
    SP_SAFE_NO_MEMORY,
    SP_SAFE_UNWRITABLE,  /* no rules of these shapes mean it, or it takes more than SP_SAFE_MAX */
};

/* With more, libseccomp takes minutes for a filter, or makes one that the kernel does not take. */
enum { SP_SAFE_MAX = 256 };

/* Rules for a call whose verdicts are `meaning` (decided everywhere) beside a default.
 * `bits`: of the architecture's arguments; of 32-bit ones `meaning` looks at no upper half. */
enum sp_safe_result
sp_safe_rules_of(struct sp_arena *arena, struct sp_dd_store *store, sp_dd meaning,
                 sp_verdict default_verdict, unsigned bits, struct sp_safe_rules *ret_rules);

/* The rules as rows of a filter, as many, for a call (a row of sp_kb_syscalls); their
 * conditions are those of `rules`. NULL when there is no memory. */
struct sp_filter_rule *
sp_safe_rules_rows(struct sp_arena *arena, const struct sp_safe_rules *rules, uint16_t call);

#endif
