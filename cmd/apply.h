/* Parts of `secprof apply`. */
#ifndef CMD_APPLY_H
#define CMD_APPLY_H

#include <secprof.h>

/* `--self-test`: makes calls under the filter, in processes of their own, and compares what the
 * kernel answers with what the profile means; prints each difference and a summary.  CMD_CLEAN
 * when all agree, CMD_FINDINGS when not, CMD_SETUP when it could not be found out. */
int
cmd_apply_prove(struct secprof_filter *filter);

/* Says why a filter could not be loaded, by errno. Answers CMD_SETUP. */
int
cmd_apply_cannot_load(int error);

#endif
