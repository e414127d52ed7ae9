#include "text/json_read.h"
#include "text/json_reader.h"

static const char *
skip_digits(const char *at, const char *end)
{
    while (at < end && sp_json_is_digit(*at)) {
        at++;
    }
    return at;
}

/* The end of [+-]? [0-9]+ behind an 'e'; `at` itself when there is none. */
static const char *
skip_exponent(const char *at, const char *end)
{
    const char *digits = at < end && (*at == '+' || *at == '-') ? at + 1 : at;
    const char *stop = skip_digits(digits, end);

    return stop == digits ? at : stop;
}

/* Any of these behind a number shows that it is no number. */
static bool
runs_on(const char *at, const char *end)
{
    return at < end && (sp_json_is_word(*at) || *at == '.' || *at == '+' || *at == '-');
}

bool
sp_json_read_number(struct sp_json_reader *reader, struct sp_str *ret_text)
{
    const char *start = reader->at;
    const char *end = reader->end;
    const char *digits = *start == '-' ? start + 1 : start;
    const char *at = digits < end && *digits == '0' ? digits + 1 : skip_digits(digits, end);
    bool whole = at > digits;

    if (whole && at < end && *at == '.') {
        const char *fraction = skip_digits(at + 1, end);
        at = fraction > at + 1 ? fraction : at;
    }
    if (whole && at < end && (*at == 'e' || *at == 'E')) {
        const char *exponent = skip_exponent(at + 1, end);
        at = exponent > at + 1 ? exponent : at;
    }
    if (!whole || runs_on(at, end)) {
        return sp_json_fail_number(reader, start);
    }
    *ret_text = (struct sp_str){ .ptr = start, .len = (size_t)(at - start) };
    reader->at = at;
    return true;
}
