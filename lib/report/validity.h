/* What validation says of a file beside its findings. */
#ifndef SP_REPORT_VALIDITY_H
#define SP_REPORT_VALIDITY_H

#include "base/buf.h"
#include "lint/validate.h"
#include "text/json_write.h"

/* "valid: a filter of 412 instructions on x86_64 and its 2 other ABIs; it does what the rules say in 12
 * environments". */
void
sp_validity_write(const struct sp_validity *validity, struct sp_buf *buf);

/* The members "valid" and "filter" of a file's object. */
void
sp_validity_json(struct sp_json *json, const struct sp_validity *validity, bool is_valid);

#endif
