/* Verdicts in firejail's words. */
#ifndef SP_FORMAT_FIREJAIL_VERDICT_H
#define SP_FORMAT_FIREJAIL_VERDICT_H

#include "kb/kb.h"
#include "model/call.h"

/* The verdict that firejail has and that is nearest to one: ALLOW, LOG, KILL_THREAD, or
 * ERRNO with a number that has a name.  `what` and `became` say what is lost, NULL when
 * nothing is. */
struct sp_firejail_nearest {
    sp_verdict verdict;
    const char *what;
    const char *became;
};

struct sp_firejail_nearest
sp_firejail_nearest(sp_verdict verdict, const struct sp_kb_arch *arch);

/* The error action: "EPERM", "kill", "log".  The verdict must be one of the above, and not
 * ALLOW. */
const char *
sp_firejail_word(sp_verdict verdict);

/* The same behind a call: NULL for LOG, which 0.9.72 does not take there, whatever its
 * manual says. */
const char *
sp_firejail_suffix(sp_verdict verdict);

/* The verdict of a word; false when it is none. `is_suffix`: behind a call. */
bool
sp_firejail_read_word(struct sp_str word, bool is_suffix, sp_verdict *ret_verdict);

#endif
