/* The architectures that kafel compiles policies for: lib/format/kafel_*.c alone. */
#ifndef SP_FORMAT_KAFEL_TARGETS_H
#define SP_FORMAT_KAFEL_TARGETS_H

#include "kb/kb.h"

bool
sp_kafel_is_target(const struct sp_kb_arch *arch);

#endif
