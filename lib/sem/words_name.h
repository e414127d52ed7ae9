/* Arguments and their values by name, for words*.c alone. */
#ifndef SP_SEM_WORDS_NAME_H
#define SP_SEM_WORDS_NAME_H

#include "base/buf.h"
#include "kb/kb.h"

#include <stdbool.h>
#include <stdint.h>

/* A number without names, of which the bits of `mask` count: in hexadecimal where bits matter,
 * or when it is large. */
void
sp_words_number(const struct sp_kb_syscall *call, unsigned arg, uint64_t mask, uint64_t value,
                struct sp_buf *buf);

/* The bits of a mask: "CLONE_NEWUSER", "(O_CREAT|O_EXCL)", "0x7e020000", "~0x80800". */
void
sp_words_mask(const struct sp_kb_syscall *call, unsigned arg, uint64_t mask,
              struct sp_buf *buf);

/* Does one name tell this value, of which the bits of `mask` count? */
bool
sp_words_has_name(const struct sp_kb_syscall *call, unsigned arg, uint64_t mask,
                  uint64_t value);

/* The value of an argument, of which the bits of `mask` count. */
void
sp_words_masked_value(const struct sp_kb_syscall *call, unsigned arg, uint64_t mask,
                      uint64_t value, struct sp_buf *buf);

#endif
