/* Calls behind socketcall and ipc, for foreign.c alone. */
#ifndef SP_FORMAT_FOREIGN_MULTIPLEXERS_H
#define SP_FORMAT_FOREIGN_MULTIPLEXERS_H

#include "sem/dd.h"
#include "sem/filter_rules.h"
#include "text/source.h"

/* A rule as the text says it: the call alone, nothing else is meant. */
struct sp_foreign_given {
    struct sp_filter_rule rule;
    struct sp_span span;
};

struct sp_foreign_rules {
    SP_VEC(struct sp_foreign_given) all;
    sp_verdict default_verdict;
};

/* A call whose rules an OCI profile gives to a multiplexer, too, so that this means something else. */
struct sp_foreign_doubled {
    const struct sp_foreign_given *given;  /* NULL: there is none */
    const struct sp_kb_syscall *multiplexer;
};

/* Does libseccomp give rules to a multiplexer of the architecture? */
bool
sp_foreign_has_doubled(const struct sp_foreign_rules *rules, const struct sp_kb_arch *arch);

/* False when there is no memory. */
bool
sp_foreign_find_doubled(struct sp_arena *arena, struct sp_dd_store *store,
                        const struct sp_foreign_rules *rules, const struct sp_kb_arch *arch,
                        struct sp_foreign_doubled *ret_doubled);

#endif
