/* Verdicts as people write them. */
#ifndef SP_SEM_VERDICT_H
#define SP_SEM_VERDICT_H

#include "base/buf.h"
#include "model/call.h"

/* The action, and its data where they mean something or are not 0: "ALLOW", "KILL_PROCESS",
 * "ERRNO(EPERM)", "ERRNO(4000)", "TRACE(1)"; a number ("0x12340000") when there is no such
 * action. */
void
sp_verdict_write(sp_verdict verdict, struct sp_buf *buf);

#endif
