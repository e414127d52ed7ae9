/* A profile as the program that a runtime loads for it: bytes, or a listing. */
#ifndef SP_OPS_EMIT_PROGRAM_H
#define SP_OPS_EMIT_PROGRAM_H

#include "base/buf.h"
#include "ops/emit.h"
#include "sem/meaning.h"

/* Compiles the profile of a meaning that starts.  Every call of every architecture is asked of the program
 * and must answer what the profile means. */
enum sp_emit_result
sp_emit_program(struct sp_meaning *meaning, struct sp_bpf *ret_program, struct sp_buf *why);

/* The program as the kernel takes it: 8 bytes an instruction, in this machine's byte order. */
void
sp_emit_program_bytes(struct sp_bpf program, struct sp_buf *out);

#endif
