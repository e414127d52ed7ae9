/* Names of calls, gathered into systemd's groups where that says the same:
 * lib/format/systemd*.c alone.
 *
 * A group is used when all of its members that have a number are to be said alike, by the
 * groups of the knowledge base and by those of systemd 252.  What joined a group after 252
 * is named beside it, so that versions between the two mean the same by it. */
#ifndef SP_FORMAT_SYSTEMD_GROUPS_H
#define SP_FORMAT_SYSTEMD_GROUPS_H

#include "base/arena.h"
#include "kb/kb.h"

enum sp_systemd_need {
    SP_SYSTEMD_NEED_NOT,   /* not to be said */
    SP_SYSTEMD_NEED_FREE,  /* may be said */
    SP_SYSTEMD_NEED_SAID,
};

/* Words for the calls that must be said: groups, then names, both sorted; `needs` by row of
 * sp_kb_syscalls, and the words, NULL behind them, live in `arena`.  NULL when there is no
 * memory. */
const char **
sp_systemd_groups(struct sp_arena *arena, const enum sp_systemd_need *needs);

/* Is a call allowed by every list of allowed calls, named or not, from 252 on? In some
 * versions? */
bool
sp_systemd_is_implied(const struct sp_kb_syscall *call);

bool
sp_systemd_may_be_implied(const struct sp_kb_syscall *call);

/* Has some group got the call after 252? */
bool
sp_systemd_is_newcomer(const struct sp_kb_syscall *call);

#endif
