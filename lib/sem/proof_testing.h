/* What the library says of a profile, held against the filter that libseccomp builds from it.
 *
 * For one profile, of those by chance (random_profiles_testing.h) or of one's own:
 *
 * (a) the diagrams of the filter are what its instructions do, at POINTS calls by chance;
 * (b) the diagrams of its rules are those of the filter, wherever no hazard is told (SP_HAZARD_*), and
 *     the container starts where libseccomp builds a filter, and nowhere else;
 * (c) a call inside the faithful fragment has the meaning that is written; docs/hazards.md defines it. */
#ifndef SP_SEM_PROOF_TESTING_H
#define SP_SEM_PROOF_TESTING_H

#include "base/buf.h"
#include "model/environment.h"
#include "sem/dd.h"

enum { SP_PROOF_HAZARDS = 6, SP_PROOF_POINTS = 64 };

struct sp_proof {
    size_t profiles;
    size_t points;        /* calls that were run */
    size_t numbers;       /* numbers whose diagrams were compared */
    size_t refused;       /* profiles that the runtime refuses, ... */
    size_t refused_late;  /* ... and those that libseccomp refuses */
    size_t endless;
    size_t hazardous;     /* numbers with a hazard, ... */
    size_t deviating;     /* ... and those where the filter is not what libseccomp documents */
    size_t hazards[SP_PROOF_HAZARDS];            /* numbers with each hazard, by bit */
    size_t hazards_deviating[SP_PROOF_HAZARDS];
    size_t faithful;      /* numbers inside the faithful fragment, with a rule, ... */
    size_t plain;         /* ... those of them where no rule has a condition */
    size_t unfaithful;    /* numbers outside it, with a rule, ... */
    size_t unintended;    /* ... and those of them whose meaning is not the written one */
    size_t differences;
    struct sp_dd_store *store;
    struct sp_buf report;  /* of the differences */
};

/* One profile by its text, which must be JSON; `seed` is for the points. False when there is no
 * memory. */
bool
sp_proof_profile(struct sp_proof *proof, struct sp_str text,
                 const struct sp_environment *environment, uint64_t seed);

/* Profiles number `first` to before `end` of a series. False when there is no memory. */
bool
sp_proof_series(struct sp_proof *proof, uint64_t series, size_t first, size_t end);

void
sp_proof_free(struct sp_proof *proof);

#endif
