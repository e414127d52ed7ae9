/* Source: firejail src/firejail/profile.c (profile_read,
 * profile_check_conditional). */
#include "format/firejail_lines.h"

#include "format/list_names.h"
#include "text/utf8.h"

#include <errno.h>
#include <string.h>

/* Firejail reads lines of at most so many bytes, and takes the rest for another line
 * (MAX_READ). */
enum { LINE_MAX_BYTES = 8190 };

static struct sp_str
slice(const struct sp_firejail_lines *lines, struct sp_span span)
{
    return sp_source_slice(lines->source, span);
}

/* ---- lines about other lines --------------------------------------------------------- */

static struct sp_firejail_line
line_of(const struct sp_firejail_lines *lines, struct sp_span whole)
{
    struct sp_firejail_line line = { .whole = whole, .command = whole, .rest = whole };
    const char *text = lines->source->text.ptr;

    line.command.end = whole.start;
    while (line.command.end < whole.end && text[line.command.end] != ' '
           && text[line.command.end] != '\t') {
        line.command.end++;
    }
    line.rest.start = line.command.end;
    while (line.rest.start < whole.end && (text[line.rest.start] == ' '
                                           || text[line.rest.start] == '\t')) {
        line.rest.start++;
    }
    return line;
}

/* `ignore COMMAND` takes away lines that follow. */
static bool
handle_ignore(struct sp_firejail_lines *lines, const struct sp_firejail_line *line)
{
    struct sp_firejail_line ignored = line_of(lines, line->rest);

    if (sp_firejail_command_find(slice(lines, ignored.command)) == NULL) {
        return true;
    }
    return sp_list_fail(lines->report, lines->source, line->whole,
                        "remove the line and those that it takes away",
                        "what `ignore` makes of a line about system calls is not read");
}

static bool
handle_include(struct sp_firejail_lines *lines, const struct sp_firejail_line *line)
{
    if (!sp_str_has_suffix(slice(lines, line->rest), ".profile")) {
        return true;
    }
    return sp_list_fail(lines->report, lines->source, line->whole,
                        "put the seccomp lines of that profile in its place",
                        "another profile is included, whose lines are not known here");
}

/* "?HAS_X: COMMAND": whether it counts is known where the program is started. */
static bool
handle_conditional(struct sp_firejail_lines *lines, const struct sp_firejail_line *line)
{
    struct sp_str text = slice(lines, line->whole);
    const char *colon = memchr(text.ptr, ':', text.len);
    struct sp_span rest = line->whole;

    rest.start += colon == NULL ? (uint32_t)text.len : (uint32_t)(colon - text.ptr) + 1;
    while (rest.start < rest.end && lines->source->text.ptr[rest.start] == ' ') {
        rest.start++;
    }
    struct sp_firejail_line inner = line_of(lines, rest);
    if (sp_firejail_command_find(slice(lines, inner.command)) == NULL) {
        return true;
    }
    return sp_list_fail(lines->report, lines->source, line->whole,
                        "remove the condition, or the line",
                        "a line about system calls counts only under a condition");
}

/* ---- all lines ----------------------------------------------------------------------- */

/* Letters as commands have them: "dbus-user.talk", "private-etc", "x11". */
static bool
looks_like_command(struct sp_str word)
{
    for (size_t i = 0; i < word.len; i++) {
        char byte = word.ptr[i];
        if ((byte < 'a' || byte > 'z') && (byte < '0' || byte > '9')
            && byte != '-' && byte != '.' && byte != '_') {
            return false;
        }
    }
    return word.len > 0;
}

static bool
read_line(struct sp_firejail_lines *lines, struct sp_span whole)
{
    struct sp_firejail_line line = line_of(lines, whole);
    struct sp_str name = slice(lines, line.command);
    const struct sp_firejail_command *command = sp_firejail_command_find(name);

    if (command != NULL) {
        lines->any = lines->any || !command->is_quiet;
        return command->handle(lines, &line);
    }
    if (sp_str_is(name, "ignore")) {
        return handle_ignore(lines, &line);
    }
    if (sp_str_is(name, "include")) {
        return handle_include(lines, &line);
    }
    if (sp_str_has_prefix(name, "?")) {
        return handle_conditional(lines, &line);
    }
    return (looks_like_command(name) && !sp_str_has_prefix(name, "seccomp"))
        || sp_firejail_command_fail(lines, line.command);
}

static bool
is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

/* From the first to the last mark of a line before its comment. */
static struct sp_span
trimmed(struct sp_str text, struct sp_span span)
{
    for (uint32_t at = span.start; at < span.end; at++) {
        if (text.ptr[at] == '#') {
            span.end = at;
        }
    }
    while (span.start < span.end && is_blank(text.ptr[span.start])) {
        span.start++;
    }
    while (span.start < span.end && is_blank(text.ptr[span.end - 1])) {
        span.end--;
    }
    return span;
}

bool
sp_firejail_lines_read(struct sp_firejail_lines *lines)
{
    struct sp_str text = lines->source->text;
    size_t start = sp_str_has_prefix(text, SP_UTF8_BOM) ? strlen(SP_UTF8_BOM) : 0;

    lines->action = SP_VERDICT_ERRNO | EPERM;
    while (start < text.len) {
        const char *end = memchr(text.ptr + start, '\n', text.len - start);
        size_t stop = end == NULL ? text.len : (size_t)(end - text.ptr);
        struct sp_span span = { .start = (uint32_t)start, .end = (uint32_t)stop };

        if (stop - start > LINE_MAX_BYTES) {
            return sp_list_fail(lines->report, lines->source,
                                (struct sp_span){ .start = span.start + LINE_MAX_BYTES,
                                                  .end = span.end },
                                "shorten the line: groups and $NUMBERs are shorter than names",
                                "the line is longer than the %d bytes that firejail reads",
                                LINE_MAX_BYTES);
        }
        span = trimmed(text, span);
        if (span.start < span.end && !read_line(lines, span)) {
            return false;
        }
        start = stop + 1;
    }
    return true;
}
