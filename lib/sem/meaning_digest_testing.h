/* The whole meaning of a profile as one number: to see that it is the same as it was. */
#ifndef SP_SEM_MEANING_DIGEST_TESTING_H
#define SP_SEM_MEANING_DIGEST_TESTING_H

#include "model/environment.h"
#include "model/profile.h"

/* Goes over every host that is known, every case of capabilities and kernels that makes a
 * difference for a call, every call, and every architecture of the filter that has it: takes in
 * what is answered for which arguments.  The order of rules and names counts only where it
 * changes an answer; how diagrams are numbered does not.  Fails the test when something is
 * undecided. */
uint64_t
sp_testing_meaning_digest(const struct sp_profile *profile, enum sp_engine engine);

#endif
