/* Firejail's groups of calls, which are not systemd's, though some have the same names. */
#ifndef SP_FORMAT_FIREJAIL_GROUPS_H
#define SP_FORMAT_FIREJAIL_GROUPS_H

#include "base/str.h"

/* The members of a group (with its @), separated by comma: calls of all architectures, and
 * other groups (a few deep, without a loop).  NULL when there is no such group. */
const char *
sp_firejail_group(struct sp_str name);

/* The group that was meant; NULL when none is close. */
const char *
sp_firejail_group_closest(struct sp_str name);

#endif
