#include "text/fault.h"

#include "text/json_read.h"
#include "text/utf8.h"

#include <stdio.h>
#include <string.h>

static bool
check_size(const struct sp_source *source, const struct sp_doc_limits *limits,
           struct sp_report *report)
{
    if (source->text.len <= limits->bytes && source->text.len < SP_SOURCE_MAX) {
        return true;
    }

    struct sp_diag *diag =
        sp_report_add(report, SP_CODE_TOO_LARGE, sp_at_span(source, 0, 0),
                      "the text has %zu bytes, more than the limit of %zu", source->text.len,
                      limits->bytes);
    sp_report_help(report, diag, "profiles have some ten thousand; is this the right file?");
    return false;
}

/* Encodings whose text begins like this, by byte order mark or by where the NUL bytes of ASCII
 * characters are.  Longer beginnings stand first. */
static const struct encoding {
    const char *name;
    unsigned char begin[4];
    unsigned char zeros;  /* bit n: byte n must be NUL */
    unsigned char length;
} encodings[] = {
    { .name = "UTF-32", .begin = { 0xff, 0xfe, 0, 0 }, .zeros = 0xc, .length = 4 },
    { .name = "UTF-32", .begin = { 0, 0, 0xfe, 0xff }, .zeros = 0x3, .length = 4 },
    { .name = "UTF-16", .begin = { 0xff, 0xfe }, .length = 2 },
    { .name = "UTF-16", .begin = { 0xfe, 0xff }, .length = 2 },
    { .name = "UTF-32", .zeros = 0xe, .length = 4 },
    { .name = "UTF-32", .zeros = 0x7, .length = 4 },
    { .name = "UTF-16", .zeros = 0xa, .length = 4 },
    { .name = "UTF-16", .zeros = 0x5, .length = 4 },
};

static bool
has_encoding(const struct encoding *encoding, struct sp_str text)
{
    if (text.len < encoding->length) {
        return false;
    }
    for (size_t i = 0; i < encoding->length; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        bool zero = (encoding->zeros >> i & 1) != 0;
        bool marked = encoding->begin[0] != 0 || encoding->begin[2] != 0;
        if (zero != (byte == 0) || (marked && byte != encoding->begin[i])) {
            return false;
        }
    }
    return true;
}

static bool
check_encoding(const struct sp_source *source, struct sp_report *report)
{
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
        if (has_encoding(&encodings[i], source->text)) {
            struct sp_diag *diag = sp_report_add(
                report, SP_CODE_SYNTAX, sp_at_span(source, 0, encodings[i].length),
                "the text is %s, not UTF-8", encodings[i].name);
            sp_report_help(report, diag, "save it as UTF-8: iconv -f %s -t UTF-8",
                           encodings[i].name);
            return false;
        }
    }
    return true;
}

static bool
check_content(const struct sp_source *source, const char *language, struct sp_report *report)
{
    struct sp_str text = source->text;
    size_t start = sp_str_has_prefix(text, SP_UTF8_BOM) ? strlen(SP_UTF8_BOM) : 0;

    if (sp_str_trim(sp_str_slice(text, start, text.len)).len > 0) {
        return true;
    }

    struct sp_diag *diag =
        sp_report_add(report, SP_CODE_SYNTAX, sp_at_span(source, 0, 0), "%s",
                      text.len == 0 ? "the text is empty"
                      : text.len == start ? "the text is empty but for a byte order mark"
                                          : "the text holds nothing but white space");
    sp_report_help(report, diag, "a %s text holds one value; the smallest profile is "
                                 "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}", language);
    return false;
}

bool
sp_fault_check_text(const struct sp_source *source, const struct sp_doc_limits *limits,
                    const char *language, struct sp_report *report)
{
    return check_size(source, limits, report) && check_encoding(source, report)
        && check_content(source, language, report);
}

bool
sp_fault_depth(const struct sp_source *source, struct sp_span span, uint32_t depth,
               const struct sp_doc_limits *limits, struct sp_report *report)
{
    struct sp_diag *diag =
        sp_report_add(report, SP_CODE_TOO_LARGE, sp_at_span(source, span.start, span.end),
                      "arrays and objects stand %u deep here, deeper than the limit of %u",
                      (unsigned)depth, (unsigned)limits->depth);
    sp_report_help(report, diag, "no profile needs so much; look for an unclosed bracket");
    return false;
}

bool
sp_fault_nodes(const struct sp_source *source, struct sp_span span,
               const struct sp_doc_limits *limits, struct sp_report *report)
{
    struct sp_diag *diag =
        sp_report_add(report, SP_CODE_TOO_LARGE, sp_at_span(source, span.start, span.end),
                      "the text holds at least %ju values, more than the limit of %u",
                      (uintmax_t)limits->nodes + 1, (unsigned)limits->nodes);
    sp_report_help(report, diag, "profiles hold some thousand; is this the right file?");
    return false;
}

bool
sp_fault_utf8(const struct sp_source *source, uint32_t offset, struct sp_report *report)
{
    struct sp_diag *diag = sp_report_add(
        report, SP_CODE_SYNTAX, sp_at_span(source, offset, offset + 1),
        "byte 0x%02x is not UTF-8 here", (unsigned char)source->text.ptr[offset]);
    sp_report_help(report, diag, "save the text as UTF-8; if it is Latin-1: "
                                 "iconv -f ISO-8859-1 -t UTF-8");
    return false;
}
