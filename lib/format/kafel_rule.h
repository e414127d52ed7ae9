/* One rule in kafel's language: lib/format/kafel_*.c alone. */
#ifndef SP_FORMAT_KAFEL_RULE_H
#define SP_FORMAT_KAFEL_RULE_H

#include "format/emission.h"

/* The name that a rule has for a call: kafel's names begin with no underscore. */
const char *
sp_kafel_rule_name(const struct sp_kb_syscall *call);

/* Must the name be defined as a constant?  Kafel's tables are known here for x86_64 alone:
 * they have every call up to pwritev2, some by other names. */
bool
sp_kafel_rule_is_defined(const struct sp_kb_arch *arch, const struct sp_policy_call *call);

/* The rules for the clauses of a call that have this verdict, each but the last of them in
 * its block with a comma: "    clone(flags) {\n ... }".  `*begun` says that something stands
 * before them. */
void
sp_kafel_rule_write(const struct sp_emission *emission, const struct sp_policy_call *call,
                    sp_verdict verdict, bool *begun);

#endif
