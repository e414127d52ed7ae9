#include "lint/form_numbers.h"

#include "lint/form_text.h"

#include <inttypes.h>
#include <string.h>

static bool
is_arg(const struct sp_field *field)
{
    return field->object == SP_OBJECT_ARG;
}

static const char *
readers_text(const struct sp_lint *lint, const struct sp_field *field)
{
    return sp_form_readers_text(field->readers & sp_form_readers(lint));
}

static struct sp_diag *
add(const struct sp_lint *lint, const struct sp_field *field, const struct sp_node *node)
{
    return sp_report_add(lint->report, 105, sp_at_node(lint->doc, node),
                         "`%s` must be a whole number, not %s", field->key,
                         sp_form_show_value(lint, node));
}

/* ---- a string ------------------------------------------------------------------------ */

/* "16", "0x10", and where an errno belongs "ENOSYS". */
static bool
read_number(const struct sp_field *field, struct sp_str text, uint64_t *ret_value)
{
    const struct sp_kb_errno *row = is_arg(field) ? NULL : sp_kb_errno_find(text);

    if (row != NULL) {
        *ret_value = row->number;
        return true;
    }
    return sp_str_to_u64(text, ret_value);
}

/* crun counts a string as 0 in `args` (measured with 1.8.1 and 1.26). */
static void
tell_string(const struct sp_lint *lint, const struct sp_field *field,
            const struct sp_node *node)
{
    struct sp_diag *diag = add(lint, field, node);
    const char *crun = is_arg(field) ? ", crun counts it as 0" : "";
    uint64_t value;

    if (read_number(field, sp_str_trim(node->text), &value)) {
        sp_report_help(lint->report, diag, "write %" PRIu64 ": a string is refused by %s%s",
                       value, readers_text(lint, field), crun);
        sp_report_edit(lint->report, diag, node->span, "%" PRIu64, value);
    } else {
        sp_report_help(lint->report, diag,
                       "write a decimal number: a string is refused by %s%s",
                       readers_text(lint, field), crun);
    }
}

/* ---- a number that does not fit ------------------------------------------------------ */

/* -1 in two's complement, as crun reads it (measured). */
static bool
wrap_negative(struct sp_str text, uint64_t *ret_value)
{
    uint64_t value;

    if (!sp_str_to_u64(sp_str_slice(text, 1, text.len), &value)
        || value > (uint64_t)INT64_MAX + 1) {
        return false;
    }
    *ret_value = UINT64_MAX - value + 1;
    return true;
}

static void
tell_negative(const struct sp_lint *lint, const struct sp_field *field,
              const struct sp_node *node)
{
    struct sp_diag *diag = add(lint, field, node);
    uint64_t value;

    if (field->type == SP_FIELD_U64 && wrap_negative(node->text, &value)) {
        sp_report_help(lint->report, diag,
                       "write the bits as the kernel sees them, %" PRIu64 " in 64 bits: a sign "
                       "is refused by %s", value, readers_text(lint, field));
    } else {
        sp_report_help(lint->report, diag, "write it without a sign: no engine takes one here");
    }
}

/* The length of the whole part of 16.0 or 16.000; 0 for all else. */
static size_t
whole_part(struct sp_str text)
{
    size_t end = text.len;

    while (end > 0 && text.ptr[end - 1] == '0') {
        end--;
    }
    return end > 1 && end < text.len && text.ptr[end - 1] == '.' && text.ptr[0] != '-'
        && memchr(text.ptr, 'e', end) == NULL && memchr(text.ptr, 'E', end) == NULL
        ? end - 1 : 0;
}

static void
tell_fraction(const struct sp_lint *lint, const struct sp_field *field,
              const struct sp_node *node)
{
    struct sp_diag *diag = add(lint, field, node);
    size_t whole = whole_part(node->text);

    if (whole > 0) {
        sp_report_help(lint->report, diag,
                       "write it without a fraction: no engine takes one, not even .0");
        sp_report_edit(lint->report, diag, node->span, "%.*s",
                       SP_STR_ARG(sp_str_slice(node->text, 0, whole)));
    } else {
        sp_report_help(lint->report, diag,
                       "write all digits: no engine takes a fraction or an exponent");
    }
}

static void
tell_too_large(const struct sp_lint *lint, const struct sp_field *field,
               const struct sp_node *node, unsigned bits)
{
    struct sp_diag *diag = sp_report_add(lint->report, 105, sp_at_node(lint->doc, node),
                                         "`%s` must fit into %u bits, but is %s", field->key,
                                         bits, sp_form_show(lint, node->text));

    sp_report_help(lint->report, diag, "write at most %s",
                   bits == 32 ? "4294967295" : "18446744073709551615");
}

/* An index past 32 bits is past 5, too: SP409 speaks of it. */
static bool
is_past_32_bits(const struct sp_field *field, uint64_t value)
{
    return field->type == SP_FIELD_U32 && value > UINT32_MAX && !is_arg(field);
}

void
sp_form_check_number(const struct sp_lint *lint, const struct sp_field *field,
                     const struct sp_node *node)
{
    uint64_t value = 0;

    if (node->kind == SP_NODE_STRING) {
        tell_string(lint, field, node);
        return;
    }
    if (node->kind != SP_NODE_NUMBER) {
        struct sp_diag *diag = add(lint, field, node);
        sp_report_help(lint->report, diag, "write a decimal number: this file is refused by %s",
                       readers_text(lint, field));
        return;
    }
    switch (sp_node_u64(node, &value)) {
    case SP_NUMBER_OK:
        if (is_past_32_bits(field, value)) {
            tell_too_large(lint, field, node, 32);
        }
        break;
    case SP_NUMBER_NEGATIVE:
        tell_negative(lint, field, node);
        break;
    case SP_NUMBER_NOT_WHOLE:
        tell_fraction(lint, field, node);
        break;
    case SP_NUMBER_TOO_LARGE:
        tell_too_large(lint, field, node, 64);
        break;
    }
}
