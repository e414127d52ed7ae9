/* A drop-in for a service of systemd that lets through what a profile does (systemd.exec(5),
 * "System Call Filtering"): /etc/systemd/system/web.service.d/10-seccomp.conf.
 *
 * It begins with empty assignments, so that it means the same beside any unit.  Exact are,
 * per call: allowed, allowed and logged, the process killed, an errno.  Names are gathered
 * into groups only where systemd 252 and the newest version mean the same by them
 * (format/systemd_groups.h).
 *
 * systemd applies the filter before it executes the service: what denies execve, or memory (brk,
 * mmap, munmap), may keep the service from starting, as it says. */
#ifndef SP_FORMAT_SYSTEMD_WRITE_H
#define SP_FORMAT_SYSTEMD_WRITE_H

#include "format/emission.h"

void
sp_systemd_write(struct sp_emission *emission);

#endif
