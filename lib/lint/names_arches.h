/* On which architectures the names of a profile count. */
#ifndef SP_LINT_NAMES_ARCHES_H
#define SP_LINT_NAMES_ARCHES_H

#include "base/buf.h"
#include "lint/lint.h"

#include <stdbool.h>
#include <stdint.h>

/* Bit n: sp_kb_arches[n]. */
typedef uint64_t sp_arch_set;

struct sp_names_arches {
    sp_arch_set set;
    bool any;    /* nothing is said of architectures: the set has every 64-bit one */
    bool guard;  /* the rule's own: it has `includes.arches` */
};

/* What the profile lists, what archMap adds and what the target says; beside a 32-bit ABI the
 * 64-bit ones whose kernels serve it, since engines always filter the machine's own. */
struct sp_names_arches
sp_names_arches(const struct sp_lint *lint);

/* Those of the profile, or those that a rule's `includes.arches` restricts it to, with the ABIs
 * that their kernels serve. */
struct sp_names_arches
sp_names_rule_arches(struct sp_names_arches profile, const struct sp_rule *rule);

/* Has the call a number on one of them? */
bool
sp_names_exists(sp_arch_set set, const struct sp_kb_syscall *call);

/* Where libseccomp has a number for the call. */
sp_arch_set
sp_names_where(const struct sp_kb_syscall *call);

/* Is one of them a 32-bit ABI? */
bool
sp_names_has_32_bit(sp_arch_set set);

/* Appends names, the most common first, at most `max` of them: "x86, arm and 9 more". */
void
sp_names_add_arches(struct sp_buf *buf, sp_arch_set set, unsigned max);

/* Appends where a call exists: architectures as above, or those of the kernel's that libseccomp
 * does not serve; "nothing that Linux still serves" for a call without any number. */
void
sp_names_add_where(struct sp_buf *buf, const struct sp_kb_syscall *call, unsigned max);

#endif
