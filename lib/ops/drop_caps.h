/* Capabilities that a process gives up before it becomes another program. */
#ifndef SP_OPS_DROP_CAPS_H
#define SP_OPS_DROP_CAPS_H

#include <stdint.h>

/* Takes `caps` (bit n = capability number n) from the bounding, ambient, inheritable, permitted and
 * effective sets of the calling thread, for good.  The bounding set can be changed only with
 * CAP_SETPCAP; a capability that stays there through lack of it was not usable before either, unless
 * a program with file capabilities is started, which no_new_privs forbids: so no failure.
 * 0, or -1 and errno.  Source: capabilities(7), capset(2). */
int
sp_drop_caps(uint64_t caps);

#endif
