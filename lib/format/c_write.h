/* A filter as a C program for libseccomp: the calls that a runtime makes for the profile, in
 * its order.
 *
 * The program either runs a command under the filter, or writes the filter's program.  With
 * the libseccomp of this machine that is, byte for byte, what sem/compile.h makes for the
 * same rules, but for two things: runc's instructions in front are not part of it, and names
 * that the machine's libseccomp lacks are left out, as a runtime leaves them out. */
#ifndef SP_FORMAT_C_WRITE_H
#define SP_FORMAT_C_WRITE_H

#include "base/buf.h"
#include "sem/filter_rules.h"

/* `rules` must not be refused; `name` is the profile's, for the heading. False when there is
 * no memory. */
bool
sp_c_write(struct sp_arena *arena, const struct sp_filter_rules *rules,
           const struct sp_environment *environment, const char *name, struct sp_buf *out);

#endif
