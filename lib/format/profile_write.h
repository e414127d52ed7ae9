/* A profile as JSON in the layout in which Docker ships its own: tabs, one member a line,
 * members in the order of the structs of moby/profiles (seccomp/seccomp.go) and of runtime-spec
 * (specs-go/config.go), and a newline at the end.  What containers-common knows besides stands
 * next to its kin.
 *
 * A failure of memory is sticky in the buffer. */
#ifndef SP_FORMAT_PROFILE_WRITE_H
#define SP_FORMAT_PROFILE_WRITE_H

#include "base/buf.h"
#include "model/profile.h"
#include "sem/resolve.h"

/* The profile as it was read, with its guards, archMap, comments and `x-secprof`: read again
 * it is the same.  What the reader left out, as unknown keys and values of a wrong type, is
 * not there; nor are empty conditions, lists of conditions and guards, which say nothing. */
void
sp_profile_write(const struct sp_profile *profile, struct sp_buf *out);

/* What an engine hands to its runtime: the object at `linux.seccomp`.  Only of a profile
 * (SP_RESOLUTION_PROFILE). `engine` is the one that it was resolved for: all but
 * SP_ENGINE_OCI leave out an empty list of flags, which runtimes tell from none. */
void
sp_profile_write_oci(const struct sp_oci *oci, enum sp_engine engine, struct sp_buf *out);

#endif
