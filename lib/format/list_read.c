#include "format/list_read.h"

#include "base/closest.h"
#include "format/list_names.h"
#include "text/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct list_reader {
    const struct sp_source *source;
    struct sp_report *report;
    struct sp_list_answers answers;
    uint32_t at;
};

static bool
is_separator(char byte)
{
    return byte == ',' || byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

/* The next word, or false at the end. */
static bool
next_word(struct list_reader *reader, struct sp_span *ret_word)
{
    struct sp_str text = reader->source->text;
    bool in_comment = false;

    while (reader->at < text.len) {
        char byte = text.ptr[reader->at];
        in_comment = in_comment ? byte != '\n' : byte == '#';
        if (!in_comment && !is_separator(byte)) {
            break;
        }
        reader->at++;
    }
    ret_word->start = reader->at;
    while (reader->at < text.len && text.ptr[reader->at] != '#'
           && !is_separator(text.ptr[reader->at])) {
        reader->at++;
    }
    ret_word->end = reader->at;
    return ret_word->end > ret_word->start;
}

/* Without quotes of one kind at both ends. */
static struct sp_span
unquoted(const struct list_reader *reader, struct sp_span word)
{
    const char *text = reader->source->text.ptr;
    char quote = text[word.start];

    if (word.end - word.start < 2 || (quote != '"' && quote != '\'')
        || text[word.end - 1] != quote) {
        return word;
    }
    return (struct sp_span){ .start = word.start + 1, .end = word.end - 1 };
}

/* ---- groups -------------------------------------------------------------------------- */

static bool
fail_group(const struct list_reader *reader, struct sp_span span)
{
    struct sp_str word = sp_source_slice(reader->source, span);
    struct sp_closest closest = sp_closest_to(word);
    char help[96];

    for (size_t i = 0; i < sp_kb_groups_count; i++) {
        sp_closest_offer(&closest, sp_kb_text(sp_kb_groups[i].name));
    }
    (void)snprintf(help, sizeof help, "is it `%s`?",
                   closest.count > 0 ? closest.best[0].name : "");
    return sp_list_fail(reader->report, reader->source, span,
                        closest.count > 0 ? help : "write the names of its calls",
                        "there is no group `%.*s`", SP_LIST_SHOWN(word));
}

/* Groups stand in groups, a few deep (data/groups.yaml, whose loader sees that they end). */
static void
add_group(struct list_reader *reader, const struct sp_kb_group *group, struct sp_span span)
{
    for (size_t i = 0; i < group->members.count; i++) {
        struct sp_str name = sp_str_of(sp_kb_text(sp_kb_texts[group->members.first + i]));
        const struct sp_kb_syscall *call = sp_kb_syscall_find(name);
        const struct sp_kb_group *inner = call == NULL ? sp_kb_group_find(name) : NULL;

        if (call != NULL) {
            sp_list_answer(&reader->answers, call, span, SP_VERDICT_ALLOW);
        } else if (inner != NULL) {
            add_group(reader, inner, span);
        }
    }
}

/* ---- words --------------------------------------------------------------------------- */

static bool
read_word(struct list_reader *reader, struct sp_span span)
{
    struct sp_str word = sp_source_slice(reader->source, span);
    const struct sp_kb_group *group = sp_kb_group_find(word);
    const struct sp_kb_syscall *call;

    if (sp_str_has_prefix(word, "!") || sp_str_has_prefix(word, "~")) {
        return sp_list_fail(reader->report, reader->source, span,
                            "remove it: calls that are not in the list are denied",
                            "a list of allowed calls has no exceptions, as `%.*s` seems to be",
                            SP_LIST_SHOWN(word));
    }
    if (sp_str_has_prefix(word, "@") && group == NULL) {
        return fail_group(reader, span);
    }
    if (group != NULL) {
        add_group(reader, group, span);
        return true;
    }
    call = sp_list_call(reader->report, reader->source, span);
    if (call != NULL) {
        sp_list_answer(&reader->answers, call, span, SP_VERDICT_ALLOW);
    }
    return call != NULL;
}

bool
sp_list_read(struct sp_arena *arena, const struct sp_source *source,
             const struct sp_doc_limits *limits, struct sp_report *report,
             struct sp_doc *ret_doc)
{
    struct list_reader reader = { .source = source, .report = report };
    struct sp_foreign *foreign;
    struct sp_span word;

    if (!sp_list_check_text(report, source, limits, "list",
                            "write the names of the calls to allow")) {
        return false;
    }
    reader.answers = sp_list_answers_new(arena);
    if (sp_str_has_prefix(source->text, SP_UTF8_BOM)) {
        reader.at = (uint32_t)strlen(SP_UTF8_BOM);
    }
    while (next_word(&reader, &word)) {
        if (!read_word(&reader, unquoted(&reader, word))) {
            return false;
        }
    }
    foreign = reader.answers.failed ? NULL : sp_foreign_new(arena, source);
    if (foreign == NULL) {
        report->failed = true;
        return false;
    }
    sp_foreign_default(foreign, SP_VERDICT_ERRNO | EPERM, (struct sp_span){ .start = 0 });
    sp_list_answers_tell(&reader.answers, foreign, SP_VERDICT_ERRNO | EPERM);
    if (!sp_foreign_finish(foreign, ret_doc)) {
        report->failed = true;
        return false;
    }
    return true;
}
