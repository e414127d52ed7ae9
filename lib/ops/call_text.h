/* A concrete system call as people write it: "socket(AF_VSOCK, SOCK_STREAM, 0)".
 *
 * The name may be a number, and may have an architecture before it ("x32:0x40000029(2, 1, 0)").  An
 * argument is a number (decimal, 0x hexadecimal, octal with a leading 0, or negative), constants that
 * the argument takes joined by `|`, or `_` or `?` for any value.  What lies in memory (a quoted text,
 * "{...}", "[...]", "&name") is an address that nobody knows: any value, too.  Arguments that are not
 * given are 0.  What strace writes behind the call (" = -1 EPERM ...") is passed over. */
#ifndef SP_OPS_CALL_TEXT_H
#define SP_OPS_CALL_TEXT_H

#include "base/buf.h"
#include "kb/kb.h"
#include "model/call.h"

struct sp_call_text {
    const struct sp_kb_arch *arch;      /* as written before the call; NULL = none was */
    const struct sp_kb_syscall *call;   /* NULL: a number that is nobody's */
    bool by_number;
    uint32_t number;
    uint64_t args[SP_ARGS];  /* as a 64-bit register holds them: -1 is all ones, but for an argument
                              * of an unsigned type of 32 bits 0xffffffff */
    unsigned any;            /* bit n: argument n may have any value */
    unsigned given;          /* how many arguments were written */
};

/* Is it a call with arguments at all, right or wrong? */
bool
sp_call_text_is(struct sp_str text);

/* False with place and reason in `why`: "character 8: AF_VSOK is no constant of family; closest:
 * AF_VSOCK". */
bool
sp_call_text_read(struct sp_str text, struct sp_call_text *ret_text, struct sp_buf *why);

/* The call as it was read, with names: "openat(AT_FDCWD, _, O_RDONLY)".  `args` may be others. */
void
sp_call_text_write(const struct sp_call_text *text, const uint64_t args[SP_ARGS],
                   struct sp_buf *buf);

#endif
