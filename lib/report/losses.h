/* What a format cannot carry, for people:
 *
 *     docker: loss: systemd cannot look at arguments
 *       instead    they are allowed with all of them
 *       3 calls    clone, personality, socket
 *
 * One block for each loss, an empty line between two; every call is named. */
#ifndef SP_REPORT_LOSSES_H
#define SP_REPORT_LOSSES_H

#include "base/buf.h"
#include "format/losses.h"
#include "report/render.h"

/* Appends the blocks; nothing where nothing is lost. `name` is the profile's. */
void
sp_losses_render(const struct sp_losses *losses, const char *name, const struct sp_style *style,
                 struct sp_buf *out);

#endif
