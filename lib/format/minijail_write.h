/* Policies as a text for minijail: a policy of one architecture, that of the host.
 *
 * libminijail (minijail0 -S) and compile_seccomp_policy.py read different texts; see
 * format/minijail_read.h. What both read is written where that says it all.  Conditions with
 * another answer than a kill where none holds are written for libminijail, with a semicolon at
 * the end, which keeps the other program from reading them the other way round; what only that
 * program reads is written for it.  The heading tells.
 *
 * Neither has a default that is an error or a log entry: every call is named then. */
#ifndef SP_FORMAT_MINIJAIL_WRITE_H
#define SP_FORMAT_MINIJAIL_WRITE_H

#include "format/emission.h"

void
sp_minijail_write(struct sp_emission *emission);

#endif
