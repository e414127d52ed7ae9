/* A profile's meaning on one architecture, call by call, in words that other formats can write: what
 * every text but a profile's own is made from.
 *
 * A policy says what the profile's rules mean, without runc's stub (which answers ENOSYS for calls newer
 * than the profile, and which runc adds whatever the text it was given). */
#ifndef SP_SEM_POLICY_H
#define SP_SEM_POLICY_H

#include "sem/meaning.h"
#include "sem/words.h"

/* All tests hold (none = always): this verdict. */
struct sp_policy_clause {
    struct sp_tests when;
    sp_verdict verdict;
};

/* The clauses of a call never overlap in verdict: where several hold they have the same one, so that
 * their order means nothing. */
struct sp_policy_call {
    const struct sp_kb_syscall *call;
    uint32_t nr;           /* as the filter sees it */
    sp_dd meaning;         /* decided everywhere */
    const struct sp_policy_clause *clauses;
    size_t clause_count;   /* 0: the verdict does not look at arguments */
    sp_verdict otherwise;  /* where no clause holds: the default verdict if it is an answer at all */
};

struct sp_policy {
    const struct sp_kb_arch *arch;
    struct sp_dd_store *store;
    sp_verdict default_verdict;  /* of every call that is not listed, and of numbers that are nobody's */
    uint32_t stub;               /* of the meaning it was made from; 0 = none */
    SP_VEC(struct sp_policy_call) calls;  /* that differ from the default, sorted by name; none of another
                                           * architecture */
};

struct sp_policies {
    struct sp_environment environment;
    SP_VEC(struct sp_policy) all;  /* the host's first */
};

enum sp_policy_result {
    SP_POLICY_OK,
    SP_POLICY_NO_MEMORY,
    SP_POLICY_UNDECIDED,  /* what some call means could not be found out; `ret_call` (a name) says which */
    SP_POLICY_LONG,       /* the conditions of a call need more than SP_POLICY_CLAUSES clauses */
};

/* Clauses of one call; more is no text that anyone reads. */
enum { SP_POLICY_CLAUSES = 512 };

/* The policies of all architectures of the filter. `meaning->start` must be SP_START_FILTER.  `ret_call` may
 * be NULL. */
enum sp_policy_result
sp_policies_make(struct sp_arena *arena, struct sp_meaning *meaning, struct sp_policies *ret_policies,
                 const char **ret_call);

/* The call with this name, or NULL: it has the default verdict, or no number here. */
const struct sp_policy_call *
sp_policy_find(const struct sp_policy *policy, const char *name);

/* The one verdict for all arguments that lets through most: what a format that cannot look at arguments
 * writes.  By the kernel's order of actions (seccomp(2)). */
sp_verdict
sp_policy_widest(const struct sp_policy_call *call);

#endif
