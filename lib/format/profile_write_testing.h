/* A profile's meaning before and after it is written, for the tests of writers of profiles. */
#ifndef SP_FORMAT_PROFILE_WRITE_TESTING_H
#define SP_FORMAT_PROFILE_WRITE_TESTING_H

#include "format/losses.h"
#include "sem/meaning.h"

struct sp_written {
    struct sp_arena arena;
    struct sp_dd_store *store;
    struct sp_environment plain;  /* of a runtime that takes what is written as it is */
    struct sp_meaning *engine;    /* what the profile means in its environment */
};

/* False when its engine hands no profile to the runtime; to be ended all the same. */
bool
sp_written_begin(struct sp_written *written, struct sp_str profile,
                 const struct sp_environment *environment);

/* What a profile means to the runtime. */
struct sp_meaning *
sp_written_mean(struct sp_written *written, const struct sp_profile *profile);

/* Every call of every architecture means to the runtime what it means to the engine, but for
 * those in `losses`, which may be NULL.  The text is for messages. */
void
sp_written_same(const struct sp_written *written, struct sp_meaning *right,
                const struct sp_losses *losses, const char *text);

void
sp_written_end(struct sp_written *written);

/* ---- what is compared ------------------------------------------------------------------ */

enum { SP_WRITTEN_SLICES = 8, SP_WRITTEN_PROFILES = 60, SP_WRITTEN_SEED = 20261125 };

/* The default profiles of this version. */
enum { SP_WRITTEN_BUILTINS = 2 };
extern const char *const sp_written_builtins[SP_WRITTEN_BUILTINS];

struct sp_str
sp_written_builtin(struct sp_arena *arena, const char *name);

/* Runtimes, machines and capabilities; `name` is that of a default profile. */
enum { SP_WRITTEN_VARIANTS = 18 };

struct sp_environment
sp_written_environment(unsigned variant, const char *name);

struct sp_written_count {
    unsigned filters;  /* were compared */
    unsigned losses;   /* profiles with some */
};

typedef void
sp_written_check(struct sp_str profile, const struct sp_environment *environment,
                 struct sp_written_count *count);

/* A slice of random profiles. */
struct sp_written_count
sp_written_random(int slice, sp_written_check *check);

/* The default profiles in one variant. */
struct sp_written_count
sp_written_defaults(int variant, sp_written_check *check);

#endif
