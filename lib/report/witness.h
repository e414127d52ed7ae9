/* Witnesses for people and for programs. */
#ifndef SP_REPORT_WITNESS_H
#define SP_REPORT_WITNESS_H

#include "base/buf.h"
#include "model/witness.h"
#include "text/json_write.h"

/* "x86_64 socket(0x100000028, 0, 0): ALLOW; socket(AF_VSOCK, 0, 0): ERRNO(EPERM)". */
void
sp_witness_write(const struct sp_witness *witness, struct sp_buf *buf);

/* The object `witness` of `parent`; keys: arch, syscall, args, caps, kernel, got, instead. */
void
sp_witness_json(struct sp_json *json, struct cJSON *parent, const struct sp_witness *witness);

/* A verdict as an object `key` of `parent`: action, errno, errnoName. */
void
sp_verdict_json(struct sp_json *json, struct cJSON *parent, const char *key, sp_verdict verdict);

#endif
