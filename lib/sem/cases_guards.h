/* What the guards of a profile leave open once a question is asked: for cases.c, and for who
 * compares profiles and looks at the guards of both together.
 *
 * For one host a rule's guards say: these capabilities, none of those, and a range of kernels.
 * Many rules say the same, so that the distinct ones among them, here called guards, are
 * few. */
#ifndef SP_SEM_CASES_GUARDS_H
#define SP_SEM_CASES_GUARDS_H

#include "sem/cases.h"

/* What was asked for is taken out: a guard that holds in every case is all 0, and one that
 * holds in none is not there. */
struct sp_case_guard {
    uint64_t caps;
    uint64_t without_caps;
    struct sp_version from;
    struct sp_version before;  /* 0 = no end */
};

struct sp_case_guards {
    SP_VEC(struct sp_case_guard) all;
    SP_VEC(struct sp_version) steps;  /* where kernels begin to differ, from 0.0 up */
};

/* Of the rules that name `call`, or of all (SP_CASES_ALL).  False when there is no memory. */
bool
sp_case_guards_make(struct sp_arena *arena, const struct sp_profile *profile,
                    const struct sp_asked *asked, uint16_t call,
                    struct sp_case_guards *ret_guards);

/* Of the rules that name `call`, and of those that `also` (by rule; may be NULL) has, whatever
 * they name. */
bool
sp_case_guards_make_also(struct sp_arena *arena, const struct sp_profile *profile,
                         const struct sp_asked *asked, uint16_t call, const bool *also,
                         struct sp_case_guards *ret_guards);

/* The guards of both, for two questions that were alike but for the engine.  False when there
 * is no memory. */
bool
sp_case_guards_join(struct sp_arena *arena, const struct sp_case_guards *left,
                    const struct sp_case_guards *right, struct sp_case_guards *ret_guards);

/* Does the guard hold in an environment that is one of the question's? */
bool
sp_case_guard_holds(const struct sp_case_guard *guard, const struct sp_environment *environment);

/* Do the kernels of a step satisfy the guard? */
bool
sp_case_guard_has_kernel(const struct sp_case_guard *guard, struct sp_version step);

/* A kernel that stands for a step: the one that was asked for, the newest for the last step,
 * else an old one. */
struct sp_version
sp_case_guards_kernel(const struct sp_case_guards *guards, const struct sp_asked *asked,
                      size_t step);

#endif
