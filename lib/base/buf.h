/* A text buffer that grows.
 *
 * Failure is sticky: once memory was refused, every call does nothing and `failed` says so, so
 * that a writer checks once, when it takes the text. */
#ifndef SP_BASE_BUF_H
#define SP_BASE_BUF_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct sp_buf {
    char *data;  /* ends in NUL when not NULL */
    size_t len;
    size_t capacity;
    bool failed;
};

/* A buffer that is freed where its block ends. */
#define SP_BUF(name) __attribute__((cleanup(sp_buf_free))) struct sp_buf name = { .data = NULL }

void
sp_buf_add(struct sp_buf *buf, struct sp_str str);

void
sp_buf_text(struct sp_buf *buf, const char *text);

void
sp_buf_char(struct sp_buf *buf, char byte);

void
sp_buf_repeat(struct sp_buf *buf, char byte, size_t count);

void
sp_buf_format(struct sp_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Sets the length back to `len`, which must not be greater than the present one. */
void
sp_buf_cut(struct sp_buf *buf, size_t len);

struct sp_str
sp_buf_view(const struct sp_buf *buf);

/* The text of a part, for a whole that is nothing without it: when the part failed, the text is
 * empty and `*whole_failed` is set. Ends in NUL. */
struct sp_str
sp_buf_part(const struct sp_buf *part, bool *whole_failed);

/* The text as memory from malloc, which the caller frees; the buffer is empty afterwards.
 * NULL when the buffer failed. */
char *
sp_buf_take(struct sp_buf *buf, size_t *ret_len);

void
sp_buf_free(struct sp_buf *buf);

#endif
