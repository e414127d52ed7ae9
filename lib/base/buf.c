#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

/* Room for `more` bytes and the NUL behind them. */
static bool
reserve(struct sp_buf *buf, size_t more)
{
    if (buf->failed || more > SIZE_MAX / 4 - buf->len) {
        buf->failed = true;
        return false;
    }
    if (buf->len + more + 1 <= buf->capacity) {
        return true;
    }

    size_t capacity = buf->capacity == 0 ? FIRST_CAPACITY : buf->capacity * 2;
    if (capacity < buf->len + more + 1) {
        capacity = buf->len + more + 1;
    }
    char *data = realloc(buf->data, capacity);
    if (data == NULL) {
        buf->failed = true;
        return false;
    }
    buf->data = data;
    buf->capacity = capacity;
    return true;
}

void
sp_buf_add(struct sp_buf *buf, struct sp_str str)
{
    if (!reserve(buf, str.len)) {
        return;
    }
    if (str.len > 0) {
        memcpy(buf->data + buf->len, str.ptr, str.len);
    }
    buf->len += str.len;
    buf->data[buf->len] = '\0';
}

void
sp_buf_text(struct sp_buf *buf, const char *text)
{
    sp_buf_add(buf, sp_str_of(text));
}

void
sp_buf_char(struct sp_buf *buf, char byte)
{
    sp_buf_add(buf, (struct sp_str){ .ptr = &byte, .len = 1 });
}

void
sp_buf_repeat(struct sp_buf *buf, char byte, size_t count)
{
    if (!reserve(buf, count)) {
        return;
    }
    memset(buf->data + buf->len, byte, count);
    buf->len += count;
    buf->data[buf->len] = '\0';
}

void
sp_buf_format(struct sp_buf *buf, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    int length = vsnprintf(NULL, 0, format, list);
    va_end(list);
    if (length < 0) {
        buf->failed = true;
    }
    if (length < 0 || !reserve(buf, (size_t)length)) {
        return;
    }

    va_start(list, format);
    (void)vsnprintf(buf->data + buf->len, (size_t)length + 1, format, list);
    va_end(list);
    buf->len += (size_t)length;
}

void
sp_buf_cut(struct sp_buf *buf, size_t len)
{
    assert(len <= buf->len);
    buf->len = len;
    if (buf->data != NULL) {
        buf->data[len] = '\0';
    }
}

struct sp_str
sp_buf_view(const struct sp_buf *buf)
{
    return (struct sp_str){ .ptr = buf->data, .len = buf->len };
}

struct sp_str
sp_buf_part(const struct sp_buf *part, bool *whole_failed)
{
    if (part->failed || part->data == NULL) {
        *whole_failed |= part->failed;
        return SP_STR("");
    }
    return sp_buf_view(part);
}

char *
sp_buf_take(struct sp_buf *buf, size_t *ret_len)
{
    sp_buf_add(buf, SP_STR(""));  /* an empty text is memory, too */
    if (buf->failed) {
        return NULL;
    }

    char *data = buf->data;
    *ret_len = buf->len;
    *buf = (struct sp_buf){ .data = NULL };
    return data;
}

void
sp_buf_free(struct sp_buf *buf)
{
    free(buf->data);
    *buf = (struct sp_buf){ .data = NULL };
}
