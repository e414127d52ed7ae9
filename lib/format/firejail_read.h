/* The seccomp lines of a firejail profile: what they mean for programs of the machine's own
 * architecture.
 *
 *     seccomp                       the default list is denied
 *     seccomp LIST                  the default list and these, but for !exceptions
 *     seccomp.drop LIST             these are denied
 *     seccomp.keep LIST             all others are denied
 *     seccomp-error-action WORD     kill, log or an errno instead of EPERM
 *     seccomp.block-secondary       also denies most values of personality
 *     allow-debuggers               a shorter default list
 *
 * A list has calls, $NUMBERs (of the architecture that this library was built for),
 * firejail's @groups and !exceptions, each call with an errno or "kill" of its own
 * ("clone3:ENOSYS").  Of several lines of a kind the last counts, and a keep list before a
 * drop list before the others.
 *
 * Passed over: everything that is no business of seccomp; lists of 32-bit calls, for what
 * firejail does with other architectures (it lets them pass unless they are blocked) no
 * profile can say; and included *.inc and *.local files, which have no lists where firejail
 * ships them.  Refused, because they would change what the lists mean: included profiles,
 * `protocol` and the other filters, `ignore` and conditions before lines of seccomp. */
#ifndef SP_FORMAT_FIREJAIL_READ_H
#define SP_FORMAT_FIREJAIL_READ_H

#include "text/doc.h"
#include "text/report.h"

/* As sp_json_read. */
bool
sp_firejail_read(struct sp_arena *arena, const struct sp_source *source,
                 const struct sp_doc_limits *limits, struct sp_report *report,
                 struct sp_doc *ret_doc);

#endif
