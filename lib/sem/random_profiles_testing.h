/* Profiles by chance, each with an environment to put it to use: for tests of what profiles mean.
 *
 * A profile is made of few calls, arguments and values, so that its rules overlap; how mixed its
 * actions are, how wide its numbers, how long and of which operators its rules, is drawn for the
 * profile as a whole.  Some profiles are refused, and a few make libseccomp loop for ever. */
#ifndef SP_SEM_RANDOM_PROFILES_TESTING_H
#define SP_SEM_RANDOM_PROFILES_TESTING_H

#include "base/buf.h"
#include "model/environment.h"

/* Appends the text of a profile and gives its environment, with the libseccomp of this process or
 * one that differs from it in its names alone.  `*seed` must not be 0; it goes on. */
void
sp_random_profile(uint64_t *seed, struct sp_buf *buf, struct sp_environment *ret_environment);

#endif
