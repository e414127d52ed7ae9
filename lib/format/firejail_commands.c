/* Source: firejail src/firejail/profile.c (profile_check_line); firejail-profile(5). */
#include "format/firejail_lines.h"

#include "base/closest.h"
#include "format/firejail_verdict.h"
#include "format/list_names.h"

#include <stdio.h>
#include <string.h>

static struct sp_str
slice(const struct sp_firejail_lines *lines, struct sp_span span)
{
    return sp_source_slice(lines->source, span);
}

/* Characters of a list (src/firejail/seccomp.c, seccomp_check_list). */
static bool
check_list(const struct sp_firejail_lines *lines, struct sp_span list)
{
    for (uint32_t at = list.start; at < list.end; at++) {
        char byte = lines->source->text.ptr[at];
        bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        bool is_digit = byte >= '0' && byte <= '9';
        if (!is_letter && !is_digit && (byte == '\0' || strchr("_,:@-$!", byte) == NULL)) {
            return sp_list_fail(lines->report, lines->source,
                                (struct sp_span){ .start = at, .end = at + 1 },
                                "separate calls by commas alone",
                                "firejail refuses this character in a list");
        }
    }
    return true;
}

static bool
has_entry(struct sp_str list)
{
    struct sp_str entry = { .len = 0 };

    while (entry.len == 0 && sp_str_next(&list, ",", &entry)) {
        continue;
    }
    return entry.len > 0;
}

static bool
take_list(struct sp_firejail_lines *lines, const struct sp_firejail_line *line,
          struct sp_span *list)
{
    if (!has_entry(slice(lines, line->rest))) {
        return sp_list_fail(lines->report, lines->source, line->whole,
                            "write the calls behind it", "`%.*s` needs a list",
                            SP_LIST_SHOWN(slice(lines, line->command)));
    }
    *list = line->rest;
    return check_list(lines, line->rest);
}

static bool
handle_seccomp(struct sp_firejail_lines *lines, const struct sp_firejail_line *line)
{
    lines->enabled = true;
    lines->seccomp = line->whole;
    return line->rest.start == line->rest.end || take_list(lines, line, &lines->list);
}

static bool
handle_keep(struct sp_firejail_lines *lines, const struct sp_firejail_line *line)
{
    return take_list(lines, line, &lines->keep);
}

static bool
handle_drop(struct sp_firejail_lines *lines, const struct sp_firejail_line *line)
{
    return take_list(lines, line, &lines->drop);
}

static bool
handle_secondary(struct sp_firejail_lines *lines, const struct sp_firejail_line *line)
{
    lines->blocks_secondary = true;
    lines->secondary = line->whole;
    return true;
}

static bool
handle_debuggers(struct sp_firejail_lines *lines, const struct sp_firejail_line *line)
{
    (void)line;
    lines->allows_debuggers = true;
    return true;
}

static bool
handle_action(struct sp_firejail_lines *lines, const struct sp_firejail_line *line)
{
    return sp_firejail_read_word(slice(lines, line->rest), false, &lines->action)
        || sp_list_fail(lines->report, lines->source,
                        line->rest.start < line->rest.end ? line->rest : line->whole,
                        "write kill, log, or an errno as ENOSYS",
                        "`%.*s` is no error action", SP_LIST_SHOWN(slice(lines, line->rest)));
}

static bool
pass_over(struct sp_firejail_lines *lines, const struct sp_firejail_line *line)
{
    (void)lines;
    (void)line;
    return true;
}

/* Tried with 0.9.72: `fseccomp keep` is run for it, not `keep32` (src/firejail/seccomp.c,
 * seccomp_filter_keep). */
static bool
refuse_keep32(struct sp_firejail_lines *lines, const struct sp_firejail_line *line)
{
    return sp_list_fail(lines->report, lines->source, line->whole,
                        "remove the line; seccomp.block-secondary denies 32-bit calls",
                        "firejail makes this list a filter of native programs, by mistake");
}

static bool
refuse_filter(struct sp_firejail_lines *lines, const struct sp_firejail_line *line)
{
    return sp_list_fail(lines->report, lines->source, line->whole,
                        "remove the line to read what the lists say",
                        "`%.*s` is a filter of its own, which is not read",
                        SP_LIST_SHOWN(slice(lines, line->command)));
}

static const struct sp_firejail_command commands[] = {
    { .name = "allow-debuggers", .handle = handle_debuggers, .is_quiet = true },
    { .name = "memory-deny-write-execute", .handle = refuse_filter },
    { .name = "protocol", .handle = refuse_filter },
    { .name = "restrict-namespaces", .handle = refuse_filter },
    { .name = "seccomp", .handle = handle_seccomp },
    { .name = "seccomp-error-action", .handle = handle_action },
    { .name = "seccomp.32", .handle = pass_over },
    { .name = "seccomp.32.drop", .handle = pass_over },
    { .name = "seccomp.32.keep", .handle = refuse_keep32 },
    { .name = "seccomp.block-secondary", .handle = handle_secondary },
    { .name = "seccomp.drop", .handle = handle_drop },
    { .name = "seccomp.keep", .handle = handle_keep },
};

const struct sp_firejail_command *
sp_firejail_command_find(struct sp_str name)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (sp_str_is(name, commands[i].name)) {
            return &commands[i];
        }
    }
    return NULL;
}

bool
sp_firejail_command_fail(const struct sp_firejail_lines *lines, struct sp_span span)
{
    struct sp_str word = slice(lines, span);
    struct sp_closest closest = sp_closest_to(word);
    char help[96];

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        sp_closest_offer(&closest, commands[i].name);
    }
    (void)snprintf(help, sizeof help, "is it `%s`?",
                   closest.count > 0 ? closest.best[0].name : "");
    return sp_list_fail(lines->report, lines->source, span,
                        closest.count > 0 ? help : "see firejail-profile(5)",
                        "`%.*s` is no command of a firejail profile", SP_LIST_SHOWN(word));
}
