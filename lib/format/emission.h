/* What every writer of a foreign format is given, and what it says.
 *
 * A writer writes the whole text, and says what is lost: a call that the format cannot say exactly is
 * written as the nearest thing, and named in the losses with what became of it.  A text without losses,
 * read as its format's own tool reads it, means exactly the policies. */
#ifndef SP_FORMAT_EMISSION_H
#define SP_FORMAT_EMISSION_H

#include "base/buf.h"
#include "format/losses.h"
#include "sem/policy.h"

struct sp_emission {
    struct sp_arena *arena;
    const struct sp_policies *policies;
    const char *name;           /* of the profile, for the heading: "docker@29.7.2", "web.json" */
    struct sp_losses *losses;
    struct sp_buf *out;
};

#endif
