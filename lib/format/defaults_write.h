/* A default profile from its facts, byte for byte as its project ships it. */
#ifndef SP_FORMAT_DEFAULTS_WRITE_H
#define SP_FORMAT_DEFAULTS_WRITE_H

#include "base/buf.h"
#include "kb/defaults.h"

/* Appends the JSON text. Failure is sticky in `buf`. */
void
sp_defaults_write(const struct sp_kb_default *profile, struct sp_buf *buf);

#endif
