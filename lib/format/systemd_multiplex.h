/* socketcall and ipc, whose meaning follows from the calls that they serve:
 * lib/format/systemd*.c alone. */
#ifndef SP_FORMAT_SYSTEMD_MULTIPLEX_H
#define SP_FORMAT_SYSTEMD_MULTIPLEX_H

#include "format/systemd_plan.h"

bool
sp_systemd_is_multiplexer(size_t row);

/* What the plan as it stands makes of a call, beside what the profile wants. */
enum sp_systemd_fit {
    SP_SYSTEMD_FIT_EQUAL,
    SP_SYSTEMD_FIT_WIDER,  /* it lets through at least as much, everywhere */
    SP_SYSTEMD_FIT_NOT,    /* or it could not be found out */
};

enum sp_systemd_fit
sp_systemd_fit_of(const struct sp_systemd_plan *plan, size_t row);

/* Decides the calls that have no number anywhere, but a multiplexer that serves them: as that
 * answers for them. */
void
sp_systemd_decide_served(struct sp_systemd_plan *plan);

#endif
