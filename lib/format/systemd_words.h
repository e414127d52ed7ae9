/* Errnos and architectures as they stand in a unit: lib/format/systemd*.c alone. */
#ifndef SP_FORMAT_SYSTEMD_WORDS_H
#define SP_FORMAT_SYSTEMD_WORDS_H

#include "kb/kb.h"

enum {
    SP_SYSTEMD_NO_ERROR = -1,
    SP_SYSTEMD_KILL = 4096,  /* where an errno may stand; above all of them */
};

/* An errno as systemd reads it: a name, or a number from 0 to 4095, decimal or behind 0x,
 * 0o, 0b or 0; "kill" gives SP_SYSTEMD_KILL. */
bool
sp_systemd_error(struct sp_str word, int *ret_error);

/* systemd's name of an architecture, NULL when it has none; and the way back. */
const char *
sp_systemd_arch_name(const struct sp_kb_arch *arch);

const struct sp_kb_arch *
sp_systemd_arch_find(struct sp_str name);

#endif
