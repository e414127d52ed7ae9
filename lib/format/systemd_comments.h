/* What a drop-in says to people: lib/format/systemd*.c alone. */
#ifndef SP_FORMAT_SYSTEMD_COMMENTS_H
#define SP_FORMAT_SYSTEMD_COMMENTS_H

#include "format/systemd_plan.h"

/* A comment, folded. */
void
sp_systemd_write_comment(struct sp_buf *out, const char *text);

/* What the drop-in is, whose, and how its groups are to be read. */
void
sp_systemd_write_heading(struct sp_emission *emission, bool is_allow);

/* The conditions that the lines above have not. */
void
sp_systemd_write_lost_conditions(const struct sp_systemd_plan *plan);

#endif
