#include "format/systemd_read.h"

#include "format/systemd_tree.h"
#include "text/fault.h"
#include "text/json_read.h"
#include "text/utf8.h"

#include <string.h>

/* Whose commands systemd confines (src/core/load-fragment-gperf.gperf.in). */
static const struct section {
    const char *name;
    const char *ending;   /* of a unit's file */
    const char *drop_in;  /* in the path of a drop-in */
} sections[] = {
    { .name = "Service", .ending = ".service", .drop_in = ".service.d/" },
    { .name = "Socket", .ending = ".socket", .drop_in = ".socket.d/" },
    { .name = "Mount", .ending = ".mount", .drop_in = ".mount.d/" },
    { .name = "Swap", .ending = ".swap", .drop_in = ".swap.d/" },
};

enum { SECTIONS = sizeof sections / sizeof *sections };

struct reader {
    struct sp_arena *arena;
    const struct sp_source *source;
    const struct sp_doc_limits *limits;
    struct sp_report *report;
    struct sp_systemd_filter filter;
    const struct section *wanted;  /* NULL: the first that there is */
    struct sp_span header;         /* of its first header; empty until there is one */
    bool is_inside;
};

/* ---- faults -------------------------------------------------------------------------- */

static bool
fail(struct reader *reader, struct sp_span span, const char *message, const char *help)
{
    struct sp_diag *diag =
        sp_report_add(reader->report, SP_CODE_SYNTAX,
                      sp_at_span(reader->source, span.start, span.end), "%s", message);

    sp_report_help(reader->report, diag, "%s", help);
    return false;
}

/* Of what stands in the text, only so much is shown. */
enum { SHOWN = 60 };

static bool
fail_header(struct reader *reader, struct sp_span span, struct sp_str text)
{
    struct sp_str shown = sp_str_slice(text, 0, SHOWN);
    size_t broken = sp_utf8_check(shown);
    struct sp_diag *diag;

    shown = sp_str_slice(shown, 0, broken);
    diag = sp_report_add(reader->report, SP_CODE_SYNTAX,
                         sp_at_span(reader->source, span.start, span.end),
                         "\"%.*s%s\" is no section: systemd reads no further",
                         SP_STR_ARG(shown), shown.len < text.len ? "..." : "");
    sp_report_help(reader->report, diag,
                   "a section is a name in brackets, as [Service]; comments need lines of "
                   "their own");
    return false;
}

static bool
check_text(struct reader *reader)
{
    const struct sp_source *source = reader->source;
    struct sp_str text = source->text;
    size_t start = sp_str_has_prefix(text, SP_UTF8_BOM) ? strlen(SP_UTF8_BOM) : 0;

    if (text.len <= reader->limits->bytes
        && sp_str_trim(sp_str_slice(text, start, text.len)).len == 0) {
        return fail(reader, (struct sp_span){ .start = 0 }, "the text is empty",
                    "a unit begins with a section, as [Service]");
    }
    if (!sp_fault_check_text(source, reader->limits, "systemd unit", reader->report)) {
        return false;
    }
    size_t broken = sp_utf8_check(text);
    return broken == text.len || sp_fault_utf8(source, (uint32_t)broken, reader->report);
}

/* ---- lines --------------------------------------------------------------------------- */

/* Without control characters, quotes and backslashes (src/basic/string-util.c,
 * string_is_safe). */
static bool
is_safe(struct sp_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if ((unsigned char)name.ptr[i] < ' ' || strchr("\"'\\\x7f", name.ptr[i]) != NULL) {
            return false;
        }
    }
    return true;
}

static const struct section *
find_section(struct sp_str name)
{
    for (size_t i = 0; i < SECTIONS; i++) {
        if (sp_str_is(name, sections[i].name)) {
            return &sections[i];
        }
    }
    return NULL;
}

static bool
take_header(struct reader *reader, const struct sp_systemd_line *line, struct sp_str text)
{
    struct sp_span span = sp_systemd_span(line, text);
    struct sp_str name = sp_str_slice(text, 1, text.len - 1);

    if (text.len < 2 || text.ptr[text.len - 1] != ']' || !is_safe(name)) {
        return fail_header(reader, span, text);
    }
    const struct section *section = find_section(name);
    reader->is_inside =
        section != NULL && (reader->wanted == NULL || section == reader->wanted);
    if (reader->is_inside && reader->header.end == 0) {
        reader->wanted = section;
        reader->header = span;
    }
    return true;
}

/* Lines without = are ignored, as all that is no option for us. */
static bool
take_assignment(struct reader *reader, const struct sp_systemd_line *line, struct sp_str text)
{
    const char *sign = memchr(text.ptr, '=', text.len);
    size_t at = sign == NULL ? text.len : (size_t)(sign - text.ptr);

    if (!reader->is_inside || sign == NULL) {
        return true;
    }
    struct sp_str value = sp_str_trim(sp_str_slice(text, at + 1, text.len));
    sp_systemd_filter_assign(&reader->filter, line, sp_str_trim(sp_str_slice(text, 0, at)),
                             value);
    return reader->filter.words <= reader->limits->nodes
        || sp_fault_nodes(reader->source, sp_systemd_span(line, value), reader->limits,
                          reader->report);
}

static bool
take_lines(struct reader *reader)
{
    struct sp_systemd_lines lines =
        sp_systemd_lines_of(reader->arena, reader->source, reader->report);
    struct sp_systemd_line line;

    while (sp_systemd_lines_next(&lines, &line)) {
        struct sp_str text = sp_str_trim(line.text);
        bool is_header = sp_str_has_prefix(text, "[");
        if (text.len > 0
            && !(is_header ? take_header(reader, &line, text)
                           : take_assignment(reader, &line, text))) {
            return false;
        }
    }
    return !lines.failed;
}

/* ---- the whole ----------------------------------------------------------------------- */

static const struct section *
section_by_name(const char *path)
{
    for (size_t i = 0; path != NULL && i < SECTIONS; i++) {
        if (sp_str_has_suffix(sp_str_of(path), sections[i].ending)
            || strstr(path, sections[i].drop_in) != NULL) {
            return &sections[i];
        }
    }
    return NULL;
}

/* A unit without a filter is rather the wrong file than a profile that allows all. */
static bool
check_found(struct reader *reader)
{
    if (reader->header.end == 0 && reader->wanted != NULL) {
        struct sp_diag *diag =
            sp_report_add(reader->report, SP_CODE_SYNTAX, sp_at_span(reader->source, 0, 0),
                          "the unit has no section [%s]", reader->wanted->name);
        sp_report_help(reader->report, diag, "SystemCallFilter= belongs there");
        return false;
    }
    if (reader->header.end == 0) {
        return fail(reader, (struct sp_span){ .start = 0 },
                    "the unit has no section [Service], [Socket], [Mount] or [Swap]",
                    "SystemCallFilter= belongs there");
    }
    if (reader->filter.assignments == 0) {
        return fail(reader, reader->header, "the unit has no filter of system calls",
                    "SystemCallFilter= makes one, as SystemCallFilter=@system-service");
    }
    return true;
}

bool
sp_systemd_read(struct sp_arena *arena, const struct sp_source *source,
                const struct sp_doc_limits *limits, struct sp_report *report,
                struct sp_doc *ret_doc)
{
    struct reader reader = {
        .arena = arena, .source = source, .limits = limits, .report = report,
        .wanted = section_by_name(source->name),
    };
    bool is_read = sp_systemd_filter_init(&reader.filter, arena) && check_text(&reader)
        && take_lines(&reader);

    if (reader.filter.failed || arena->failed) {
        report->failed = true;
        return false;
    }
    if (!is_read || !check_found(&reader)) {
        return false;
    }
    if (!sp_systemd_tree(&reader.filter, source, reader.header, ret_doc)) {
        report->failed = true;
        return false;
    }
    return true;
}
