/* A unit or drop-in of systemd (systemd.exec(5), "System Call Filtering"), into the tree of
 * the OCI profile that lets through the same calls.
 *
 * Read are SystemCallFilter=, SystemCallErrorNumber=, SystemCallLog= and
 * SystemCallArchitectures= of one section: [Service], [Socket], [Mount] or [Swap], as the
 * file's name says (web.service, web.service.d/10.conf), else the first of them in the
 * text.  What else filters calls (RestrictNamespaces=, SystemCallFilter= of the manager's
 * own configuration ...) is not.
 *
 * systemd ignores words that it does not know, with a warning in its log. Those of
 * SystemCallFilter= are in the tree as names of no call, which runtimes ignore, too, so that
 * linting points at them; others are left out.  What systemd would refuse to load is an
 * error, and so is a unit without any of the options.
 *
 * Architectures: with SystemCallArchitectures= those that it names, and the machine's own,
 * which systemd never blocks: `native` alone names none in the tree.  Without it the filter
 * is for all that the machine runs; the tree then has those of x86_64: x86_64, x86 and x32.
 *
 * Numbers that no call has get the default here.  systemd 256 and newer answer ENOSYS for
 * those, when the list is one of allowed calls; 252 to 255 answer as here. */
#ifndef SP_FORMAT_SYSTEMD_READ_H
#define SP_FORMAT_SYSTEMD_READ_H

#include "text/doc.h"
#include "text/report.h"

/* As sp_json_read. */
bool
sp_systemd_read(struct sp_arena *arena, const struct sp_source *source,
                const struct sp_doc_limits *limits, struct sp_report *report,
                struct sp_doc *ret_doc);

#endif
