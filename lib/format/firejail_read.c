#include "format/firejail_read.h"

#include "format/firejail_groups.h"
#include "format/firejail_lines.h"
#include "format/firejail_list.h"

#include <errno.h>

/* What the lists mean: answers for calls, and a default. */
struct firejail_reader {
    struct sp_firejail_lines lines;
    struct sp_list_answers answers;
    sp_verdict by_default;
};

static struct sp_firejail_list
list_of(struct firejail_reader *reader, struct sp_span span, bool keeps)
{
    return (struct sp_firejail_list){
        .source = reader->lines.source,
        .report = reader->lines.report,
        .answers = &reader->answers,
        .span = span,
        .action = reader->lines.action,
        .keeps = keeps,
    };
}

/* ---- lists --------------------------------------------------------------------------- */

static bool
read_keep(struct firejail_reader *reader)
{
    struct sp_firejail_list list = list_of(reader, reader->lines.keep, true);

    reader->by_default = reader->lines.action;
    if (!sp_firejail_list_first(&list)) {
        return false;
    }
    sp_firejail_list_group(&list, sp_firejail_group(SP_STR("@default-keep")), list.span,
                           SP_VERDICT_ALLOW);
    return sp_firejail_list_rest(&list);
}

static bool
read_drop(struct firejail_reader *reader)
{
    struct sp_firejail_list list = list_of(reader, reader->lines.drop, false);

    return sp_firejail_list_first(&list) && sp_firejail_list_rest(&list);
}

/* The default list, and one beside it. */
static bool
read_default(struct firejail_reader *reader)
{
    struct sp_firejail_list list = list_of(reader, reader->lines.list, false);
    const char *group = sp_firejail_group(
        reader->lines.allows_debuggers ? SP_STR("@default") : SP_STR("@default-nodebuggers"));

    if (!sp_firejail_list_first(&list)) {
        return false;
    }
    sp_firejail_list_group(&list, group, reader->lines.seccomp, list.action);
    return sp_firejail_list_rest(&list);
}

static bool
read_lists(struct firejail_reader *reader)
{
    const struct sp_firejail_lines *lines = &reader->lines;

    reader->by_default = SP_VERDICT_ALLOW;
    if (lines->keep.start < lines->keep.end) {
        return read_keep(reader);
    }
    if (lines->drop.start < lines->drop.end) {
        return read_drop(reader);
    }
    return !lines->enabled || read_default(reader);
}

/* ---- seccomp.block-secondary --------------------------------------------------------- */

/* Takes the answer of a call, which is told otherwise. */
static sp_verdict
take_answer(struct firejail_reader *reader, const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < reader->answers.all.count; i++) {
        struct sp_list_answer *answer = &reader->answers.all.at[i];
        if (answer->call == call) {
            sp_verdict verdict = answer->verdict;
            answer->verdict = reader->by_default;
            return verdict;
        }
    }
    return reader->by_default;
}

/* The block is a filter of its own, the last that is installed: it denies every persona but
 * 0 and 0xffffffff, unless the lists answer something stronger (`fseccomp secondary block`).
 * False when rules cannot say it, which is for want of memory alone. */
static bool
tell_personality(struct firejail_reader *reader, struct sp_foreign *foreign)
{
    const struct sp_kb_syscall *call = sp_kb_syscall_find(SP_STR("personality"));
    struct sp_dd_store *store = sp_foreign_store(foreign);
    bool has_list = reader->lines.keep.start < reader->lines.keep.end
        || reader->lines.drop.start < reader->lines.drop.end;
    sp_verdict blocked = has_list ? SP_VERDICT_ERRNO | EPERM : reader->lines.action;
    sp_verdict listed = take_answer(reader, call);

    if (store == NULL) {
        return true;
    }
    if ((int32_t)(listed & SP_VERDICT_ACTION) < (int32_t)(blocked & SP_VERDICT_ACTION)) {
        blocked = listed;
    }
    sp_dd passes = sp_dd_or(store, sp_dd_compare(store, 0, SP_DD_EQ, UINT64_MAX, 0),
                            sp_dd_compare(store, 0, SP_DD_EQ, UINT64_MAX, UINT32_MAX));
    sp_dd verdicts = sp_dd_ite(store, passes, sp_dd_leaf(store, listed),
                               sp_dd_leaf(store, blocked));
    return sp_foreign_meaning(foreign, "personality", reader->lines.secondary, verdicts, 64);
}

/* ---- the profile --------------------------------------------------------------------- */

static bool
tell(struct firejail_reader *reader, struct sp_arena *arena, struct sp_doc *ret_doc)
{
    const struct sp_firejail_lines *lines = &reader->lines;
    struct sp_foreign *foreign =
        reader->answers.failed ? NULL : sp_foreign_new(arena, lines->source);

    if (foreign == NULL) {
        return false;
    }
    sp_foreign_default(foreign, reader->by_default,
                       lines->keep.start < lines->keep.end ? lines->keep
                                                           : (struct sp_span){ .start = 0 });
    bool is_told = !lines->blocks_secondary || tell_personality(reader, foreign);
    sp_list_answers_tell(&reader->answers, foreign, reader->by_default);
    is_told = is_told && sp_foreign_check_multiplexers(foreign, lines->report);
    return sp_foreign_finish(foreign, ret_doc) && is_told;
}

bool
sp_firejail_read(struct sp_arena *arena, const struct sp_source *source,
                 const struct sp_doc_limits *limits, struct sp_report *report,
                 struct sp_doc *ret_doc)
{
    struct firejail_reader reader = { .lines = { .source = source, .report = report } };

    if (!sp_list_check_text(report, source, limits, "firejail profile",
                            "write a line as seccomp.keep read,write")
        || !sp_firejail_lines_read(&reader.lines)) {
        return false;
    }
    if (!reader.lines.any) {
        return sp_list_fail(report, source, (struct sp_span){ .start = 0 },
                            "write a line as seccomp.keep read,write: without one firejail "
                            "installs no filter",
                            "no line of the profile is about system calls");
    }
    reader.answers = sp_list_answers_new(arena);
    if (!reader.answers.failed && !read_lists(&reader)) {
        return false;
    }
    if (!tell(&reader, arena, ret_doc)) {
        report->failed = report->failed || report->diags.count == 0;
        return false;
    }
    return true;
}
