/* The environments that make a difference for a profile, or for one call of it: exactly those,
 * by the capabilities, kernels and architectures that its guards mention. */
#ifndef SP_SEM_CASES_H
#define SP_SEM_CASES_H

#include "base/vec.h"
#include "model/environment.h"
#include "model/profile.h"
#include "model/target.h"

/* What was asked for; what is not given is quantified over. */
struct sp_asked {
    struct sp_environment base;  /* engine, runtime, versions, host; kernel and caps where given */
    bool kernel_given;
    bool caps_given;
    uint64_t caps_add;   /* with caps not given: these are there in every case ... */
    uint64_t caps_drop;  /* ... and these in none */
};

/* What a target asks for on one machine. */
struct sp_asked
sp_asked_of(const struct sp_target *target, const struct sp_kb_arch *host);

struct sp_case {
    struct sp_environment environment;
    struct sp_when when;
};

enum { SP_CASES_MAX = 4096 };

struct sp_cases {
    SP_VEC(struct sp_case) all;  /* at least one; the first has the default capabilities (Docker's, or
                                  * those asked for) and the newest kernel */
    bool undecided;              /* more than SP_CASES_MAX, or too much to search: the rest was not
                                  * made, and a `when` may be narrower than the truth */
};

/* The cases that differ for the rules which name `call` (a row of sp_kb_syscalls), or for all
 * rules when it is SP_CASES_ALL, or for none when it is SP_CASES_NONE: one case then.  Two
 * environments that keep the same rules are one case.  Engines that do not decide a guard do
 * not vary by it.  False when there is no memory. */
enum { SP_CASES_NONE = 0xfffe, SP_CASES_ALL = 0xffff };
bool
sp_cases_make(struct sp_arena *arena, const struct sp_profile *profile,
              const struct sp_asked *asked, uint16_t call, struct sp_cases *ret_cases);

/* The same for guards that were read before (cases_guards.h), be it of one profile or of
 * several that are looked at together: two environments that keep the same guards are one
 * case. */
struct sp_case_guards;
bool
sp_cases_of_guards(struct sp_arena *arena, const struct sp_asked *asked,
                   const struct sp_case_guards *guards, struct sp_cases *ret_cases);

#endif
