/* The answer in one breath: the first line of an explanation. */
#ifndef SP_OPS_ANSWER_H
#define SP_OPS_ANSWER_H

#include "base/buf.h"
#include "kb/kb.h"
#include "model/environment.h"

/* "needs CAP_BPF or CAP_SYS_ADMIN; Docker's default answers EPERM without one of them". */
void
sp_answer_call(const struct sp_kb_syscall *call, struct sp_buf *buf);

/* The kernel's half of it: "needs CAP_BPF or CAP_SYS_ADMIN". */
void
sp_answer_kernel(const struct sp_kb_syscall *call, struct sp_buf *buf);

/* Capabilities of a bit set: "CAP_A", "CAP_A or CAP_B". `between` is " or " or " and ". */
void
sp_answer_caps(uint64_t caps, const char *between, struct sp_buf *buf);

/* "with CAP_A and CAP_B, without CAP_C or CAP_D, from Linux 4.8, before Linux 5.1", with
 * `before` in front; nothing where nothing matters. */
void
sp_answer_when(const struct sp_when *when, const char *before, struct sp_buf *buf);

/* The capabilities of one gate: "CAP_A or CAP_B", "no capability". */
void
sp_answer_gate(const struct sp_kb_gate *gate, struct sp_buf *buf);

/* Where a capability must be held: "host" for the initial user namespace ... */
const char *
sp_answer_scope(sp_text scope);

/* The members of the call's families, each once, without itself; calls `each` with the call. */
void
sp_answer_siblings(const struct sp_kb_syscall *call,
                   void (*each)(void *user, const struct sp_kb_syscall *sibling), void *user);

#endif
