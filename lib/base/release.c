#include "base/release.h"

static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Takes the number at the begin, and the dot behind it when a number follows; the digits are
 * given without leading zeros. False when there is no number. */
static bool
take_number(struct sp_str *rest, struct sp_str *ret_digits)
{
    size_t end = 0;
    size_t start = 0;

    while (end < rest->len && is_digit(rest->ptr[end])) {
        end++;
    }
    if (end == 0) {
        return false;
    }
    while (start + 1 < end && rest->ptr[start] == '0') {
        start++;
    }
    *ret_digits = sp_str_slice(*rest, start, end);
    bool goes_on = end + 1 < rest->len && rest->ptr[end] == '.' && is_digit(rest->ptr[end + 1]);
    *rest = sp_str_slice(*rest, goes_on ? end + 1 : end, rest->len);
    return true;
}

/* Of any size: the longer one is the larger. */
static int
compare_digits(struct sp_str left, struct sp_str right)
{
    if (left.len != right.len) {
        return left.len < right.len ? -1 : 1;
    }
    return sp_str_compare(left, right);
}

int
sp_release_compare(struct sp_str left, struct sp_str right)
{
    struct sp_str l;
    struct sp_str r;
    bool is_first = true;

    for (;; is_first = false) {
        bool has_left = take_number(&left, &l);
        bool has_right = take_number(&right, &r);
        if (!has_left && !has_right) {
            return sp_str_compare(left, right);
        }
        if (has_left != has_right) {
            return has_left == is_first ? -1 : 1;
        }
        int order = compare_digits(l, r);
        if (order != 0) {
            return order;
        }
    }
}

bool
sp_release_is_number(struct sp_str release)
{
    struct sp_str digits;
    bool is_number = false;

    while (take_number(&release, &digits)) {
        is_number = true;
    }
    return is_number && release.len == 0;
}

bool
sp_release_begins_with(struct sp_str release, struct sp_str parts)
{
    struct sp_str part;
    struct sp_str digits;

    if (!sp_release_is_number(parts)) {
        return false;
    }
    while (take_number(&parts, &part)) {
        if (!take_number(&release, &digits) || !sp_str_equal(part, digits)) {
            return false;
        }
    }
    return true;
}
