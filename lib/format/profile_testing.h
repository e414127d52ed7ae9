/* Profiles for tests, from the text that they are. */
#ifndef SP_FORMAT_PROFILE_TESTING_H
#define SP_FORMAT_PROFILE_TESTING_H

#include "base/arena.h"
#include "model/profile.h"

/* The profile of a JSON text, which must be one; fails the test else.  Lives in `arena`, and
 * `text` must live as long. */
const struct sp_profile *
sp_testing_profile(struct sp_arena *arena, struct sp_str text);

#endif
