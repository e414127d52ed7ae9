#include "base/str.h"

#include <string.h>

struct sp_str
sp_str_of(const char *text)
{
    return (struct sp_str){ .ptr = text, .len = text == NULL ? 0 : strlen(text) };
}

struct sp_str
sp_str_slice(struct sp_str str, size_t start, size_t end)
{
    if (end > str.len) {
        end = str.len;
    }
    if (start > end) {
        start = end;
    }
    return (struct sp_str){ .ptr = str.len == 0 ? str.ptr : str.ptr + start, .len = end - start };
}

static bool
is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

struct sp_str
sp_str_trim(struct sp_str str)
{
    size_t start = 0;
    size_t end = str.len;

    while (start < end && is_space(str.ptr[start])) {
        start++;
    }
    while (end > start && is_space(str.ptr[end - 1])) {
        end--;
    }
    return sp_str_slice(str, start, end);
}

int
sp_str_compare(struct sp_str left, struct sp_str right)
{
    size_t shared = left.len < right.len ? left.len : right.len;
    int order = shared == 0 ? 0 : memcmp(left.ptr, right.ptr, shared);

    if (order != 0) {
        return order;
    }
    return (left.len > right.len) - (left.len < right.len);
}

bool
sp_str_equal(struct sp_str left, struct sp_str right)
{
    return left.len == right.len && sp_str_compare(left, right) == 0;
}

bool
sp_str_is(struct sp_str str, const char *text)
{
    return sp_str_equal(str, sp_str_of(text));
}

static char
fold(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

bool
sp_str_equal_folded(struct sp_str left, struct sp_str right)
{
    if (left.len != right.len) {
        return false;
    }
    for (size_t i = 0; i < left.len; i++) {
        if (fold(left.ptr[i]) != fold(right.ptr[i])) {
            return false;
        }
    }
    return true;
}

bool
sp_str_has_prefix(struct sp_str str, const char *prefix)
{
    size_t len = strlen(prefix);

    return str.len >= len && (len == 0 || memcmp(str.ptr, prefix, len) == 0);
}

bool
sp_str_has_suffix(struct sp_str str, const char *suffix)
{
    size_t len = strlen(suffix);

    return str.len >= len && (len == 0 || memcmp(str.ptr + str.len - len, suffix, len) == 0);
}

bool
sp_str_next(struct sp_str *rest, const char *separators, struct sp_str *ret_piece)
{
    size_t end = 0;

    if (rest->ptr == NULL) {
        return false;
    }
    while (end < rest->len && (rest->ptr[end] == '\0' || !strchr(separators, rest->ptr[end]))) {
        end++;
    }

    *ret_piece = (struct sp_str){ .ptr = rest->ptr, .len = end };
    if (end == rest->len) {
        *rest = (struct sp_str){ .ptr = NULL };
    } else {
        *rest = (struct sp_str){ .ptr = rest->ptr + end + 1, .len = rest->len - end - 1 };
    }
    return true;
}

static unsigned
digit_value(char byte)
{
    if (byte >= '0' && byte <= '9') {
        return (unsigned)(byte - '0');
    }
    byte = fold(byte);
    return byte >= 'a' && byte <= 'f' ? (unsigned)(byte - 'a') + 10 : 16;
}

static bool
read_number(struct sp_str digits, unsigned base, uint64_t *ret_value)
{
    uint64_t value = 0;

    if (digits.len == 0) {
        return false;
    }
    for (size_t i = 0; i < digits.len; i++) {
        unsigned digit = digit_value(digits.ptr[i]);
        if (digit >= base || value > (UINT64_MAX - digit) / base) {
            return false;
        }
        value = value * base + digit;
    }
    *ret_value = value;
    return true;
}

bool
sp_str_to_decimal(struct sp_str str, uint64_t *ret_value)
{
    return read_number(str, 10, ret_value);
}

bool
sp_str_to_u64(struct sp_str str, uint64_t *ret_value)
{
    bool is_hex = sp_str_has_prefix(str, "0x") || sp_str_has_prefix(str, "0X");

    return is_hex ? read_number(sp_str_slice(str, 2, str.len), 16, ret_value)
                  : read_number(str, 10, ret_value);
}
