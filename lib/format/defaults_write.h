/* A default profile from its facts, byte for byte as its project ships it. */
#ifndef SP_FORMAT_DEFAULTS_WRITE_H
#define SP_FORMAT_DEFAULTS_WRITE_H

#include "base/buf.h"
#include "kb/defaults.h"

#include <stdbool.h>

/* Appends the JSON text. Failure is sticky in `buf`. */
void
sp_defaults_write(const struct sp_kb_default *profile, struct sp_buf *buf);

/* The same without all calls that are not `wanted` (by row of sp_kb_syscalls), and without rules that
 * are about none of those: for them it means what the whole means, to a runtime without a stub. */
void
sp_defaults_write_calls(const struct sp_kb_default *profile, const bool *wanted,
                        struct sp_buf *buf);

#endif
