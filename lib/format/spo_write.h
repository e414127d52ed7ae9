/* A profile as a SeccompProfile of the Security Profiles Operator: an object that Kubernetes
 * keeps, and that the operator writes to every node as JSON. */
#ifndef SP_FORMAT_SPO_WRITE_H
#define SP_FORMAT_SPO_WRITE_H

#include "base/buf.h"
#include "format/losses.h"
#include "model/environment.h"
#include "sem/resolve.h"

/* What an engine would hand to its runtime, of a profile that starts (SP_RESOLUTION_PROFILE).
 * The text keeps to what v1beta1 and v1 of the operator's interface both take; what they do not
 * hold is in `losses`. The object's name is made of `name` ("docker@29.4.3": "docker-29.4.3").
 *
 * A failure of memory is sticky in `out` and `losses`. */
void
sp_spo_write(const struct sp_oci *oci, const struct sp_environment *environment, const char *name,
             struct sp_losses *losses, struct sp_buf *out);

/* The name of a Kubernetes object (RFC 1123, at most 63 bytes) for a profile's name or path. */
void
sp_spo_write_name(const char *name, struct sp_buf *out);

#endif
