#include "text/json_fault.h"

#include <string.h>

static struct sp_str
without_sign(struct sp_str number)
{
    bool sign = sp_str_has_prefix(number, "-") || sp_str_has_prefix(number, "+");

    return sp_str_slice(number, sign, number.len);
}

static bool
holds_only(struct sp_str str, const char *bytes)
{
    for (size_t i = 0; i < str.len; i++) {
        if (str.ptr[i] == '\0' || strchr(bytes, str.ptr[i]) == NULL) {
            return false;
        }
    }
    return str.len > 0;
}

static size_t
count_byte(struct sp_str str, char byte)
{
    size_t count = 0;

    for (size_t i = 0; i < str.len; i++) {
        count += str.ptr[i] == byte;
    }
    return count;
}

static const char *
hexadecimal(const char *sign, struct sp_str number, struct sp_arena *arena)
{
    uint64_t value;

    if (!sp_str_has_prefix(number, "0x") && !sp_str_has_prefix(number, "0X")) {
        return NULL;
    }
    return sp_str_to_u64(number, &value)
        ? sp_arena_format(arena, "JSON has no hexadecimal numbers: write %s%ju", sign,
                          (uintmax_t)value)
        : "JSON has no hexadecimal numbers: write it as a decimal one";
}

/* Of a number such as 0755, which C takes for octal and people for decimal. */
static const char *
leading_zero(const char *sign, struct sp_str number, struct sp_arena *arena)
{
    struct sp_str digits = number;
    uintmax_t octal = 0;

    while (digits.len > 1 && digits.ptr[0] == '0') {
        digits = sp_str_slice(digits, 1, digits.len);
    }
    if (digits.len == number.len || !holds_only(number, "0123456789") || digits.len > 18) {
        return NULL;
    }
    for (size_t i = 0; i < digits.len; i++) {
        octal = octal * 8 + (uintmax_t)(digits.ptr[i] - '0');
    }
    return holds_only(digits, "01234567") && octal > 7
        ? sp_arena_format(arena, "JSON numbers have no leading zero: write %s%.*s, or %s%ju if "
                                 "octal is meant", sign, SP_STR_ARG(digits), sign, octal)
        : sp_arena_format(arena, "JSON numbers have no leading zero: write %s%.*s", sign,
                          SP_STR_ARG(digits));
}

static const char *
loose_point(const char *sign, struct sp_str number, struct sp_arena *arena)
{
    if (!holds_only(number, "0123456789.") || count_byte(number, '.') != 1) {
        return NULL;
    }
    if (sp_str_has_prefix(number, ".")) {
        return sp_arena_format(arena, "a digit must stand before the point: write %s0%.*s",
                               sign, SP_STR_ARG(number));
    }
    if (sp_str_has_suffix(number, ".")) {
        return sp_arena_format(arena, "a digit must follow the point: write %s%.*s0",
                               sign, SP_STR_ARG(number));
    }
    return NULL;
}

static const char *
separators(const char *sign, struct sp_str number, struct sp_arena *arena)
{
    (void)sign;
    (void)arena;
    return holds_only(number, "0123456789_") && count_byte(number, '_') > 0
        ? "JSON numbers have no '_' between digits: remove it" : NULL;
}

static const char *
exponent(const char *sign, struct sp_str number, struct sp_arena *arena)
{
    (void)sign;
    (void)arena;
    return holds_only(number, "0123456789.eE+-") && !holds_only(number, "0123456789.-")
        ? "digits must follow the exponent's 'e'" : NULL;
}

/* 10u, 1UL, 5s */
static const char *
suffix(const char *sign, struct sp_str number, struct sp_arena *arena)
{
    size_t digits = 0;

    (void)sign;
    while (digits < number.len && sp_json_is_digit(number.ptr[digits])) {
        digits++;
    }
    struct sp_str letters = sp_str_slice(number, digits, number.len);
    return digits > 0 && holds_only(letters, "uUlLnfFdD")
        ? sp_arena_format(arena, "JSON numbers have no suffix: remove \"%.*s\"",
                          SP_STR_ARG(letters)) : NULL;
}

static const char *
nothing(const char *sign, struct sp_str number, struct sp_arena *arena)
{
    (void)sign;
    (void)arena;
    return number.len == 0 ? "a digit must follow the sign" : NULL;
}

static const char *
not_finite(const char *sign, struct sp_str number, struct sp_arena *arena)
{
    (void)sign;
    (void)arena;
    return sp_str_is(number, "Infinity") || sp_str_is(number, "NaN") || sp_str_is(number, "Inf")
        ? "JSON numbers are finite: leave the member out" : NULL;
}

/* For a number without its sign, in this order; NULL where one has nothing to say. */
static const char *(*const helps[])(const char *sign, struct sp_str number,
                                  struct sp_arena *arena) = {
    nothing, hexadecimal, leading_zero, loose_point, separators, exponent, suffix, not_finite,
};

const char *
sp_json_number_help(struct sp_str number, struct sp_arena *arena)
{
    struct sp_str digits = without_sign(number);
    const char *sign = sp_str_has_prefix(number, "-") ? "-" : "";

    for (size_t i = 0; i < sizeof helps / sizeof *helps; i++) {
        const char *help = helps[i](sign, digits, arena);
        if (help != NULL) {
            return help;
        }
    }
    return sp_str_has_prefix(number, "+") && holds_only(digits, "0123456789.")
        ? "JSON numbers have no plus sign: remove it"
        : "if this is text, such as a version or a date, put it in double quotes";
}
