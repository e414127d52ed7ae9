/* A string view: bytes that belong to somebody else, with their length.  May hold NUL. */
#ifndef SP_BASE_STR_H
#define SP_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sp_str {
    const char *ptr;  /* may be NULL when len is 0 */
    size_t len;
};

/* The view of a literal, as a constant. */
#define SP_STR(literal) ((struct sp_str){ .ptr = "" literal, .len = sizeof(literal) - 1 })

/* For printf: "%.*s" with SP_STR_ARG(view).  Views longer than 2^31 are cut. */
#define SP_STR_ARG(str) (int)((str).len > 0x7fffffff ? 0x7fffffff : (str).len), \
    ((str).len > 0 ? (str).ptr : "")

/* The view of a C string; NULL gives the empty view. */
struct sp_str
sp_str_of(const char *text);

/* `str` from `start` up to but not including `end`; both are cut to its length. */
struct sp_str
sp_str_slice(struct sp_str str, size_t start, size_t end);

/* Without white space (space, tab, CR, LF) at both ends. */
struct sp_str
sp_str_trim(struct sp_str str);

/* Byte order, as memcmp; a prefix sorts first. */
int
sp_str_compare(struct sp_str left, struct sp_str right);

bool
sp_str_is(struct sp_str str, const char *text);

bool
sp_str_equal(struct sp_str left, struct sp_str right);

/* Equal when ASCII letters are folded; other bytes must be the same. */
bool
sp_str_equal_folded(struct sp_str left, struct sp_str right);

bool
sp_str_has_prefix(struct sp_str str, const char *prefix);

bool
sp_str_has_suffix(struct sp_str str, const char *suffix);

/* The piece up to the next byte of `separators`; `rest` loses it and the separator.
 * False when nothing is left. Pieces may be empty. */
bool
sp_str_next(struct sp_str *rest, const char *separators, struct sp_str *ret_piece);

/* Decimal digits and nothing else, at most 2^64 - 1. */
bool
sp_str_to_decimal(struct sp_str str, uint64_t *ret_value);

/* A whole number, decimal or 0x hexadecimal, without sign; false when it is none or does not
 * fit 64 bits. */
bool
sp_str_to_u64(struct sp_str str, uint64_t *ret_value);

#endif
