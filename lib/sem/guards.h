/* What an engine reads of a rule's guards (includes, excludes): for resolve.c and cases*.c
 * alone.
 *
 * Each function tells one part of a guard; how the parts decide about the rule is the
 * caller's. */
#ifndef SP_SEM_GUARDS_H
#define SP_SEM_GUARDS_H

#include "model/environment.h"
#include "model/profile.h"

/* The parts that engines differ in. */
struct sp_guards_read {
    bool guards;       /* includes, excludes, archMap, name, comment */
    bool min_kernel;
    bool errno_names;  /* errno, defaultErrno */
};

struct sp_guards_read
sp_guards_read_by(enum sp_engine engine);

/* A list of capabilities as a set. */
struct sp_guards_caps {
    uint64_t set;
    bool has_unknown;  /* some word is no capability: nobody ever has it */
};

struct sp_guards_caps
sp_guards_caps(const struct sp_words *words);

/* Does a list of architectures name the host, as the engine spells it? */
bool
sp_guards_names_host(const struct sp_environment *environment, const struct sp_words *arches);

/* The kernel that a guard asks for.  False when the engine does not read minKernel, when there
 * is none, and when it is no version (sp_profile_min_kernel). */
bool
sp_guards_min_kernel(enum sp_engine engine, const struct sp_guard *guard,
                     struct sp_version *ret_version);

#endif
