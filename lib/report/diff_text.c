#include "report/diff_text.h"

#include "report/diff_tell.h"
#include "report/glyph.h"
#include "report/page.h"
#include "report/paint.h"
#include "report/wrap.h"
#include "sem/verdict.h"

#include <string.h>

/* A line is a mark and a space, a subject, and verdicts in a column of their own; what is said of it
 * besides stands below, further in.  Subjects are padded so far at most. */
enum { SUBJECT_COLUMN = 2, BELOW_COLUMN = 6, SUBJECT_MAX = 60, SUBJECT_MIN = 24, GAP = 2 };

/* Names that are listed, where a list has more than this: JSON has all. */
enum { NAMES_MAX = 80, DEFAULT_NAMES_MAX = 12, DANGEROUS_NAMES_MAX = 40, OPEN_MAX = 20 };

struct row {
    const struct sp_diff_group *group;
    struct sp_str subject;
    struct sp_str verdicts;
};

struct writer {
    const struct sp_diff_page *page;
    const struct sp_style *style;
    struct sp_buf *out;
    struct sp_arena *arena;
    struct row *rows;       /* of all groups */
    size_t subject_columns;
    size_t verdict_columns;
    bool is_stacked;        /* verdicts stand below: there is no room for two columns */
};

static enum sp_paint
paint_of(enum sp_diff_direction direction)
{
    static const enum sp_paint paints[] = {
        [SP_DIFF_LOOSER] = SP_PAINT_ERROR, [SP_DIFF_TIGHTER] = SP_PAINT_INFO,
        [SP_DIFF_CHANGED] = SP_PAINT_WARNING,
    };

    return paints[direction];
}

/* ---- the answer ------------------------------------------------------------------------------ */

static void
add_prose(struct writer *writer, size_t indent, struct sp_str text)
{
    static const char spaces[] = "            ";
    struct sp_wrap wrap = {
        .width = writer->style->width, .column = indent, .prefix = { .ptr = spaces, .len = indent },
    };

    sp_wrap_add(writer->out, &wrap, text);
    sp_buf_char(writer->out, '\n');
}

static void
add_answer(struct writer *writer)
{
    const struct sp_diff_page *page = writer->page;
    struct sp_wrap wrap = { .width = writer->style->width, .prefix = SP_STR("  ") };
    SP_BUF(text);

    sp_buf_format(&text, "%s -> %s: ", page->from.name, page->to.name);
    sp_diff_tell_answer(page->diff, &text);
    sp_wrap_add(writer->out, &wrap, sp_buf_part(&text, &writer->out->failed));
    sp_buf_char(writer->out, '\n');
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Of what is left to the default, the dangerous ones and some more. */
static size_t
names_max(const struct sp_diff_group *group)
{
    size_t dangerous = sp_diff_tell_dangerous(group);

    if (group->first->kind != SP_DIFF_DEFAULT) {
        return NAMES_MAX;
    }
    return dangerous > DANGEROUS_NAMES_MAX ? DANGEROUS_NAMES_MAX
         : dangerous > DEFAULT_NAMES_MAX   ? dangerous
                                           : DEFAULT_NAMES_MAX;
}

/* "bpf, clone, mount and 12 more". */
static void
write_names(const struct sp_diff_group *group, struct sp_buf *buf)
{
    size_t most = names_max(group);
    size_t max = group->calls > most + 1 ? most : group->calls;
    size_t told = 0;

    for (size_t i = 0; i < group->all.count && told < max; i++) {
        if (sp_diff_tell_is_next_call(group, i)) {
            sp_buf_text(buf, told == 0 ? "" : ", ");
            sp_diff_tell_call(group->all.at[i]->call, group->all.at[i]->nr, buf);
            told++;
        }
    }
    if (told < group->calls) {
        sp_buf_format(buf, " and %zu more", group->calls - told);
    }
}

static void
write_subject(const struct sp_diff *diff, const struct sp_diff_group *group, struct sp_buf *buf)
{
    const char *conditions = sp_diff_tell_conditions(group);
    bool has_names = group->first->kind == SP_DIFF_CALL || group->first->kind == SP_DIFF_DEFAULT;

    sp_diff_tell_subject(group, buf);
    if (has_names) {
        sp_buf_text(buf, buf->len > 0 ? ": " : "");
        write_names(group, buf);
    }
    if (conditions != NULL) {
        sp_buf_format(buf, " if %s", conditions);
    }
    sp_diff_tell_where(diff, group, buf);
}

static void
write_verdicts(const struct sp_diff_change *change, struct sp_buf *buf)
{
    sp_verdict_write(change->from, buf);
    sp_buf_text(buf, " -> ");
    sp_verdict_write(change->to, buf);
}

static struct sp_str
keep(struct writer *writer, const struct sp_buf *text)
{
    const char *copy = sp_arena_copy(writer->arena, sp_buf_part(text, &writer->out->failed));

    writer->out->failed |= copy == NULL;
    return sp_str_of(copy);
}

static void
make_row(struct writer *writer, const struct sp_diff_group *group, struct row *row)
{
    SP_BUF(subject);
    SP_BUF(verdicts);

    row->group = group;
    if (sp_diff_tell_is_sentence(group)) {
        sp_diff_tell_sentence(writer->page->diff, group, &subject);
    } else {
        write_subject(writer->page->diff, group, &subject);
        write_verdicts(group->first, &verdicts);
    }
    row->subject = keep(writer, &subject);
    row->verdicts = keep(writer, &verdicts);
}

/* The column of verdicts: behind the longest subject that has room before it. */
static void
choose_columns(struct writer *writer, size_t count)
{
    size_t width = writer->style->width;
    size_t room = SUBJECT_MAX;

    for (size_t i = 0; i < count; i++) {
        size_t columns = sp_glyph_columns(writer->rows[i].verdicts);
        writer->verdict_columns = columns > writer->verdict_columns ? columns
                                                                    : writer->verdict_columns;
    }
    if (width > 0) {
        size_t taken = SUBJECT_COLUMN + GAP + writer->verdict_columns;
        writer->is_stacked = width < taken + SUBJECT_MIN;
        room = writer->is_stacked ? width - SUBJECT_COLUMN : width - taken;
    }
    for (size_t i = 0; i < count; i++) {
        size_t columns = sp_glyph_columns(writer->rows[i].subject);
        if (writer->rows[i].verdicts.len > 0 && columns > writer->subject_columns) {
            writer->subject_columns = columns < room ? columns : room;
        }
    }
}

static bool
make_rows(struct writer *writer)
{
    const struct sp_diff *diff = writer->page->diff;

    writer->rows = sp_arena_new_array(writer->arena, diff->groups.count + 1, struct row);
    if (writer->rows == NULL) {
        writer->out->failed = true;
        return false;
    }
    for (size_t i = 0; i < diff->groups.count; i++) {
        make_row(writer, &diff->groups.at[i], &writer->rows[i]);
    }
    choose_columns(writer, diff->groups.count);
    return !writer->out->failed;
}

/* A subject, folded as far as its column goes, with the verdicts behind its first line. */
static void
add_columns(struct writer *writer, const struct row *row)
{
    bool folds = writer->style->width > 0;
    const struct sp_wrap wrap = {
        .width = folds ? writer->subject_columns + SUBJECT_COLUMN : 0,
        .column = SUBJECT_COLUMN,
        .prefix = SP_STR("    "),
    };
    struct sp_str first;
    SP_BUF(text);

    sp_wrap_add(&text, &wrap, row->subject);
    struct sp_str rest = sp_buf_part(&text, &writer->out->failed);
    if (!sp_str_next(&rest, "\n", &first)) {
        return;
    }
    size_t columns = sp_glyph_columns(first);
    sp_buf_add(writer->out, first);
    sp_buf_repeat(writer->out, ' ', GAP + (columns < writer->subject_columns
                                               ? writer->subject_columns - columns : 0));
    sp_buf_add(writer->out, row->verdicts);
    sp_buf_char(writer->out, '\n');
    if (rest.len > 0) {
        sp_buf_add(writer->out, rest);
        sp_buf_char(writer->out, '\n');
    }
}

static void
add_stacked(struct writer *writer, const struct row *row)
{
    const struct sp_wrap wrap = {
        .width = writer->style->width, .column = SUBJECT_COLUMN, .prefix = SP_STR("    "),
    };

    sp_wrap_add(writer->out, &wrap, row->subject);
    sp_buf_char(writer->out, '\n');
    if (row->verdicts.len > 0) {
        sp_buf_repeat(writer->out, ' ', BELOW_COLUMN);
        sp_buf_add(writer->out, row->verdicts);
        sp_buf_char(writer->out, '\n');
    }
}

static void
add_danger(struct writer *writer, const struct sp_diff_group *group)
{
    SP_BUF(text);

    sp_diff_tell_danger(group, &text);
    if (text.len > 0 || text.failed) {
        sp_buf_repeat(writer->out, ' ', BELOW_COLUMN);
        add_prose(writer, BELOW_COLUMN, sp_buf_part(&text, &writer->out->failed));
    }
}

/* A call stays in one line, so that it can be copied. */
static void
add_witness(struct writer *writer, const struct sp_diff_group *group)
{
    SP_BUF(text);

    sp_diff_tell_witness(writer->page->diff, group, &text);
    if (text.len > 0 || text.failed) {
        sp_buf_repeat(writer->out, ' ', BELOW_COLUMN);
        sp_buf_text(writer->out, "e.g. ");
        sp_glyph_add(writer->out, sp_buf_part(&text, &writer->out->failed));
        sp_buf_char(writer->out, '\n');
    }
}

static void
add_row(struct writer *writer, const struct row *row)
{
    const struct sp_diff_group *group = row->group;
    bool is_risky = group->danger != NULL;

    sp_paint_text(writer->out, writer->style,
                  is_risky ? paint_of(group->first->direction) : SP_PAINT_PLAIN, is_risky ? "!" : " ");
    sp_buf_char(writer->out, ' ');
    if (writer->is_stacked || row->verdicts.len == 0) {
        add_stacked(writer, row);
    } else {
        add_columns(writer, row);
    }
    add_danger(writer, group);
    add_witness(writer, group);
}

static void
add_section(struct writer *writer, enum sp_diff_direction direction)
{
    bool started = false;

    for (size_t i = 0; i < writer->page->diff->groups.count; i++) {
        const struct row *row = &writer->rows[i];
        if (row->group->first->direction != direction) {
            continue;
        }
        if (!started) {
            sp_buf_char(writer->out, '\n');
            sp_paint_text(writer->out, writer->style, paint_of(direction),
                          sp_diff_tell_direction(direction));
            sp_buf_char(writer->out, '\n');
        }
        started = true;
        add_row(writer, row);
    }
}

/* ---- what is open, and who reads --------------------------------------------------------------- */

static void
write_open(const struct sp_diff_open *open, struct sp_buf *buf)
{
    size_t max = open->all.count > NAMES_MAX + 1 ? NAMES_MAX : open->all.count;

    for (size_t i = 0; i < max; i++) {
        sp_buf_text(buf, i == 0 ? "" : ", ");
        sp_diff_tell_open_call(open->all.at[i], buf);
    }
    if (max < open->all.count) {
        sp_buf_format(buf, " and %zu more", open->all.count - max);
    }
    if (open->arch != NULL) {
        sp_buf_format(buf, " on %s", sp_kb_text(open->arch->name));
    }
    sp_buf_format(buf, ": %s", open->why);
}

static void
add_opens(struct writer *writer)
{
    struct sp_diff_opens opens = { .all = { .at = NULL } };

    if (writer->page->diff->undecided.count == 0) {
        return;
    }
    writer->out->failed |= !sp_diff_tell_open(writer->arena, writer->page->diff, &opens);
    sp_buf_text(writer->out, "\nundecided\n");
    for (size_t i = 0; i < opens.all.count && i < OPEN_MAX; i++) {
        SP_BUF(text);
        write_open(&opens.all.at[i], &text);
        sp_buf_text(writer->out, "? ");
        add_prose(writer, SUBJECT_COLUMN, sp_buf_part(&text, &writer->out->failed));
    }
    if (opens.all.count > OPEN_MAX) {
        sp_buf_format(writer->out, "  and %zu more: --format json has all\n",
                      opens.all.count - OPEN_MAX);
    }
}

static void
add_readers(struct writer *writer)
{
    SP_BUF(text);

    sp_diff_tell_readers(writer->page, &text);
    if (text.len > 0 || text.failed) {
        sp_buf_text(writer->out, "\nread: ");
        add_prose(writer, SUBJECT_COLUMN, sp_buf_part(&text, &writer->out->failed));
    }
}

/* ---- pages ----------------------------------------------------------------------------------- */

static void
add_counts(struct writer *writer)
{
    const struct sp_diff *diff = writer->page->diff;
    struct sp_page page = { .out = writer->out, .style = { .width = writer->style->width } };
    struct sp_diff_tally tally;

    for (int i = SP_DIFF_LOOSER; i <= SP_DIFF_CHANGED; i++) {
        SP_BUF(text);
        if (!sp_diff_tell_count(diff, (enum sp_diff_direction)i, &tally)) {
            writer->out->failed = true;
            return;
        }
        sp_diff_tell_tally(&tally, &text);
        sp_page_label(&page, sp_diff_tell_direction((enum sp_diff_direction)i));
        sp_page_text(&page, sp_buf_part(&text, &writer->out->failed));
    }
    if (diff->undecided.count > 0) {
        sp_page_label(&page, "undecided");
        sp_page_format(&page, "%zu", diff->undecided.count);
    }
}

void
sp_diff_text(const struct sp_diff_page *page, const struct sp_style *style, struct sp_buf *out)
{
    SP_SCRATCH(scratch);
    struct writer writer = { .page = page, .style = style, .out = out, .arena = &scratch };

    add_answer(&writer);
    if (page->summary) {
        add_counts(&writer);
        return;
    }
    if (!make_rows(&writer)) {
        return;
    }
    for (int i = SP_DIFF_LOOSER; i <= SP_DIFF_CHANGED; i++) {
        add_section(&writer, (enum sp_diff_direction)i);
    }
    add_opens(&writer);
    add_readers(&writer);
}
