/* From the OCI object to the list of rules that a runtime gives to libseccomp: what is skipped, split,
 * cut to 16 bits or refused on the way.
 *
 * Source: runc libcontainer/seccomp/seccomp_linux.go and specconv/spec_linux.go; crun
 * src/libcrun/seccomp.c; libseccomp src/api.c and src/db.c. */
#ifndef SP_SEM_FILTER_RULES_H
#define SP_SEM_FILTER_RULES_H

#include "model/call.h"
#include "sem/resolve.h"

/* (argument & mask) OP datum; the mask is all ones for every operator but MASKED_EQ. */
struct sp_filter_condition {
    unsigned index;
    enum sp_operator op;
    uint64_t mask;
    uint64_t datum;
};

/* One call of seccomp_rule_add: all conditions must hold. */
struct sp_filter_rule {
    uint16_t call;               /* row of sp_kb_syscalls */
    sp_verdict verdict;
    const struct sp_rule *rule;  /* where it was written */
    const struct sp_filter_condition *conditions;
    size_t condition_count;
};

struct sp_filter_rules {
    const char *refused;  /* why the container does not start; NULL when it does */
    const struct sp_node *where;
    sp_verdict default_verdict;
    SP_VEC(const struct sp_kb_arch *) arches;  /* the host's first, each once */
    bool host_is_listed;  /* the host's stands in the profile, too */
    SP_VEC(struct sp_filter_rule) rules;
    SP_VEC(uint16_t) named;  /* every call that some entry names, skipped or not: the ENOSYS stub of
                              * runc begins behind the highest of them */
    size_t entries;          /* (entry, name) pairs, which decide how runc lets libseccomp optimise */
};

/* Makes the list for one environment. `oci` must be SP_RESOLUTION_PROFILE. False when there is no
 * memory. */
bool
sp_filter_rules_make(struct sp_arena *arena, const struct sp_profile *profile,
                     const struct sp_oci *oci, const struct sp_environment *environment,
                     struct sp_filter_rules *ret_rules);

/* A condition as it is compared: `value` of MASKED_EQ is the mask, `valueTwo` what is compared, without
 * bits outside the mask.  `written` must have an operator and an index of an argument. */
struct sp_filter_condition
sp_filter_condition_of(const struct sp_condition *written);

/* The 32-bit answer of an action; `error` is used where the action carries data (EPERM when it is not
 * given), cut to 16 bits. `action` must not be SP_ACTION_NONE. */
sp_verdict
sp_filter_verdict(enum sp_action action, struct sp_errno_ret error);

#endif
