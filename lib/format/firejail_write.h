/* A profile's policies as the seccomp lines of a firejail profile.
 *
 * Firejail has lists of calls and no conditions: a call that looks at its arguments has the
 * verdict that lets through most.  A profile that denies by default becomes `seccomp.keep`,
 * one that allows by default `seccomp.drop`; all other calls have the error action.  A
 * call's own errno stands behind it, in both kinds of lists ("clone3:ENOSYS"). */
#ifndef SP_FORMAT_FIREJAIL_WRITE_H
#define SP_FORMAT_FIREJAIL_WRITE_H

#include "format/emission.h"

void
sp_firejail_write(struct sp_emission *emission);

#endif
