/* Differences as a comment on a pull request.
 *
 * What comes from outside (names of files, reasons that quote a profile) must neither format the comment
 * nor mention anybody: it stands between backticks, or each byte that means something is escaped. */
#include "report/diff_tell.h"
#include "report/glyph.h"
#include "sem/verdict.h"

#include <string.h>

/* Lists of more names are folded away; of what could not be compared no more are told. */
enum { OPEN_NAMES_MAX = 12, UNDECIDED_NAMES_MAX = 80, UNDECIDED_MAX = 20 };

/* A comment on GitHub has 65,536 characters at most. */
enum { COMMENT_MAX = 60000 };

struct writer {
    const struct sp_diff_page *page;
    struct sp_buf *out;
};

/* ---- text that means nothing ------------------------------------------------------------------- */

static size_t
longest_run(struct sp_str text, char byte)
{
    size_t longest = 0;
    size_t run = 0;

    for (size_t i = 0; i < text.len; i++) {
        run = text.ptr[i] == byte ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

/* `text` between backticks: more of them than it holds in a row, and spaces where it begins or ends with
 * one (CommonMark 6.1). */
static void
add_code(struct writer *writer, struct sp_str text)
{
    SP_BUF(shown);

    sp_glyph_add(&shown, text);
    struct sp_str view = sp_buf_part(&shown, &writer->out->failed);
    size_t fence = longest_run(view, '`') + 1;
    const char *pad = fence > 1 ? " " : "";
    sp_buf_repeat(writer->out, '`', fence);
    sp_buf_text(writer->out, pad);
    sp_buf_add(writer->out, view);
    sp_buf_text(writer->out, pad);
    sp_buf_repeat(writer->out, '`', fence);
}

static bool
is_word_byte(char byte)
{
    return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

/* An underscore within a word formats nothing. */
static bool
is_inside_word(struct sp_str text, size_t at)
{
    return at > 0 && at + 1 < text.len && is_word_byte(text.ptr[at - 1])
        && is_word_byte(text.ptr[at + 1]);
}

static void
add_byte(struct writer *writer, struct sp_str text, size_t at)
{
    char byte = text.ptr[at];

    if (strchr("@#<>&:", byte) != NULL && byte != '\0' && (byte != ':' || at + 1 == text.len
                                                           || text.ptr[at + 1] == '/')) {
        sp_buf_format(writer->out, "&#%d;", byte);
    } else {
        bool is_active = strchr("\\`*[]|~", byte) != NULL
            || (byte == '_' && !is_inside_word(text, at));
        sp_buf_text(writer->out, is_active ? "\\" : "");
        sp_buf_char(writer->out, byte);
    }
}

static void
add_prose(struct writer *writer, struct sp_str text)
{
    SP_BUF(shown);

    sp_glyph_add(&shown, text);
    struct sp_str view = sp_buf_part(&shown, &writer->out->failed);
    for (size_t i = 0; i < view.len; i++) {
        add_byte(writer, view, i);
    }
}

static void
add_buf(struct writer *writer, const struct sp_buf *buf,
        void (*add)(struct writer *writer, struct sp_str text))
{
    struct sp_str text = sp_buf_part(buf, &writer->out->failed);

    if (text.len > 0) {
        add(writer, text);
    }
}

/* ---- one group --------------------------------------------------------------------------------- */

static void
add_names(struct writer *writer, const struct sp_diff_group *group)
{
    for (size_t i = 0; i < group->all.count; i++) {
        const struct sp_diff_change *change = group->all.at[i];
        SP_BUF(name);
        if (sp_diff_tell_is_next_call(group, i)) {
            sp_diff_tell_call(change->call, change->nr, &name);
            sp_buf_text(writer->out, i == 0 ? "" : ", ");
            add_buf(writer, &name, add_code);
        }
    }
}

static bool
is_folded(const struct sp_diff_group *group)
{
    return group->calls > OPEN_NAMES_MAX;
}

/* What it is about: names, a number of them, or something else. */
static void
add_subject(struct writer *writer, const struct sp_diff_group *group)
{
    SP_BUF(subject);

    sp_diff_tell_subject(group, &subject);
    add_buf(writer, &subject, add_prose);
    if (subject.len == 0 && is_folded(group)) {
        sp_buf_format(writer->out, "%zu calls", group->calls);
    } else if (group->calls > 0 && !is_folded(group)) {
        sp_buf_text(writer->out, subject.len > 0 ? " (" : "");
        add_names(writer, group);
        sp_buf_text(writer->out, subject.len > 0 ? ")" : "");
    }
}

static void
add_verdict(struct writer *writer, sp_verdict verdict)
{
    SP_BUF(text);

    sp_verdict_write(verdict, &text);
    add_buf(writer, &text, add_code);
}

static void
add_change(struct writer *writer, const struct sp_diff_group *group)
{
    const char *conditions = sp_diff_tell_conditions(group);
    SP_BUF(where);

    add_subject(writer, group);
    if (conditions != NULL) {
        sp_buf_text(writer->out, " if ");
        add_code(writer, sp_str_of(conditions));
    }
    sp_diff_tell_where(writer->page->diff, group, &where);
    add_buf(writer, &where, add_prose);
    sp_buf_text(writer->out, ": ");
    add_verdict(writer, group->first->from);
    sp_buf_text(writer->out, " \xe2\x86\x92 ");
    add_verdict(writer, group->first->to);
}

static void
add_details(struct writer *writer, const struct sp_diff_group *group)
{
    sp_buf_format(writer->out, "  <details><summary>the %zu calls</summary>\n\n  ", group->calls);
    add_names(writer, group);
    sp_buf_text(writer->out, "\n\n  </details>\n");
}

static void
add_group(struct writer *writer, const struct sp_diff_group *group)
{
    SP_BUF(text);
    SP_BUF(danger);

    sp_buf_text(writer->out, group->danger == NULL ? "- " : "- :warning: ");
    if (sp_diff_tell_is_sentence(group)) {
        sp_diff_tell_sentence(writer->page->diff, group, &text);
        add_buf(writer, &text, add_prose);
    } else {
        add_change(writer, group);
        sp_diff_tell_witness(writer->page->diff, group, &text);
        sp_buf_text(writer->out, text.len > 0 ? ", e.g. " : "");
        add_buf(writer, &text, add_code);
    }
    sp_diff_tell_danger(group, &danger);
    sp_buf_text(writer->out, danger.len > 0 ? "<br>" : "");
    add_buf(writer, &danger, add_prose);
    sp_buf_char(writer->out, '\n');
    if (is_folded(group)) {
        add_details(writer, group);
    }
}

/* ---- the comment ------------------------------------------------------------------------------- */

static void
add_heading(struct writer *writer)
{
    SP_BUF(answer);

    sp_buf_text(writer->out, "### seccomp: ");
    add_code(writer, sp_str_of(writer->page->from.name));
    sp_buf_text(writer->out, " \xe2\x86\x92 ");
    add_code(writer, sp_str_of(writer->page->to.name));
    sp_buf_text(writer->out, ": ");
    sp_diff_tell_answer(writer->page->diff, &answer);
    add_buf(writer, &answer, add_prose);
    sp_buf_char(writer->out, '\n');
}

static void
add_section(struct writer *writer, enum sp_diff_direction direction, const char *title)
{
    bool started = false;

    for (size_t i = 0; i < writer->page->diff->groups.count; i++) {
        const struct sp_diff_group *group = &writer->page->diff->groups.at[i];
        if (group->first->direction != direction) {
            continue;
        }
        if (!started) {
            sp_buf_format(writer->out, "\n**%s**\n\n", title);
        }
        started = true;
        add_group(writer, group);
    }
}

static void
add_counts(struct writer *writer, enum sp_diff_direction direction, const char *title)
{
    struct sp_diff_tally tally;
    SP_BUF(text);

    if (!sp_diff_tell_count(writer->page->diff, direction, &tally)) {
        writer->out->failed = true;
        return;
    }
    sp_diff_tell_tally(&tally, &text);
    if (text.len > 0 || text.failed) {
        sp_buf_format(writer->out, "- **%s** ", title);
        add_buf(writer, &text, add_prose);
        sp_buf_char(writer->out, '\n');
    }
}

static void
add_open(struct writer *writer, const struct sp_diff_open *open)
{
    sp_buf_text(writer->out, "- ");
    for (size_t i = 0; i < open->all.count && i < UNDECIDED_NAMES_MAX; i++) {
        SP_BUF(name);
        sp_diff_tell_open_call(open->all.at[i], &name);
        sp_buf_text(writer->out, i == 0 ? "" : ", ");
        add_buf(writer, &name, add_code);
    }
    if (open->all.count > UNDECIDED_NAMES_MAX) {
        sp_buf_format(writer->out, " and %zu more", open->all.count - UNDECIDED_NAMES_MAX);
    }
    if (open->arch != NULL) {
        sp_buf_format(writer->out, " on %s", sp_kb_text(open->arch->name));
    }
    sp_buf_text(writer->out, ": ");
    add_prose(writer, sp_str_of(open->why));
    sp_buf_char(writer->out, '\n');
}

static void
add_opens(struct writer *writer)
{
    struct sp_diff_opens opens = { .all = { .at = NULL } };
    SP_SCRATCH(scratch);

    if (writer->page->diff->undecided.count == 0) {
        return;
    }
    writer->out->failed |= !sp_diff_tell_open(&scratch, writer->page->diff, &opens);
    sp_buf_text(writer->out, "\n**Undecided**\n\n");
    for (size_t i = 0; i < opens.all.count && i < UNDECIDED_MAX; i++) {
        add_open(writer, &opens.all.at[i]);
    }
    if (opens.all.count > UNDECIDED_MAX) {
        sp_buf_format(writer->out, "- and %zu more\n", opens.all.count - UNDECIDED_MAX);
    }
}

static void
add_readers(struct writer *writer)
{
    SP_BUF(text);

    sp_diff_tell_readers(writer->page, &text);
    if (text.len > 0 || text.failed) {
        sp_buf_text(writer->out, "\nRead: ");
        add_buf(writer, &text, add_prose);
        sp_buf_char(writer->out, '\n');
    }
}

static const char *const titles[] = {
    [SP_DIFF_LOOSER] = "Looser", [SP_DIFF_TIGHTER] = "Tighter", [SP_DIFF_CHANGED] = "Changed",
};

static void
add_sections(struct writer *writer, bool is_summary)
{
    for (int i = SP_DIFF_LOOSER; i <= SP_DIFF_CHANGED; i++) {
        if (is_summary) {
            add_counts(writer, (enum sp_diff_direction)i, titles[i]);
        } else {
            add_section(writer, (enum sp_diff_direction)i, titles[i]);
        }
    }
}

void
sp_diff_markdown(const struct sp_diff_page *page, struct sp_buf *out)
{
    struct writer writer = { .page = page, .out = out };
    bool has_counts = page->diff->groups.count > 0;

    add_heading(&writer);
    size_t start = out->len;
    sp_buf_text(out, page->summary && has_counts ? "\n" : "");
    add_sections(&writer, page->summary);
    if (!page->summary && out->len > start + COMMENT_MAX) {
        sp_buf_cut(out, start);
        sp_buf_char(out, '\n');
        add_sections(&writer, true);
        sp_buf_text(out, "\nThe differences are too long for a comment.\n");
    }
    add_opens(&writer);
    add_readers(&writer);
}
