/* Source: google/minijail, minijail0.5.md, syscall_filter.c and tools/parser.py. */
#include "format/minijail_write.h"

#include "format/minijail_constant.h"
#include "format/minijail_plan.h"
#include "model/target.h"

#include <string.h>

enum { WIDTH = 96 };

struct writer {
    const struct sp_emission *emission;
    const struct sp_minijail_plan *plan;
    struct sp_buf *out;
    size_t column;  /* of the line in the making */
};

/* ---- lines that are folded
 * ----------------------------------------------------------------- */

/* The next word of a line, which goes on in the next one where it would be too long. */
static void
write_word(struct writer *writer, const char *text)
{
    size_t len = strlen(text);

    if (writer->column > 0 && writer->column + 1 + len + 2 > WIDTH) {
        sp_buf_text(writer->out, " \\\n    ");
        writer->column = 4;
    } else if (writer->column > 0) {
        sp_buf_char(writer->out, ' ');
        writer->column++;
    }
    sp_buf_text(writer->out, text);
    writer->column += len;
}

static void
end_line(struct writer *writer)
{
    sp_buf_char(writer->out, '\n');
    writer->column = 0;
}

/* A comment, folded at spaces; a name in it may hold anything, and no line ends with a
 * backslash. */
static void
write_comment(struct writer *writer, struct sp_str text)
{
    struct sp_str word;
    size_t column = 1;

    sp_buf_char(writer->out, '#');
    while (sp_str_next(&text, " ", &word)) {
        if (column + 1 + word.len > WIDTH && column > 2) {
            sp_buf_text(writer->out, "\n#  ");
            column = 4;
        }
        sp_buf_char(writer->out, ' ');
        for (size_t i = 0; i < word.len; i++) {
            bool is_plain = word.ptr[i] != 0x7f && (unsigned char)word.ptr[i] >= ' ';
            sp_buf_char(writer->out, is_plain && word.ptr[i] != '\\' ? word.ptr[i] : '?');
        }
        column += 1 + word.len;
    }
    sp_buf_char(writer->out, '\n');
}

static void
write_comment_text(struct writer *writer, const char *text)
{
    write_comment(writer, sp_str_of(text));
}

/* ---- answers
 * ------------------------------------------------------------------------------- */

/* "1", "return EPERM", "kill-process". */
static void
answer_text(const struct writer *writer, sp_verdict verdict, struct sp_buf *buf)
{
    static const struct {
        sp_verdict action;
        const char *word;
    } words[] = {
        { SP_VERDICT_KILL_PROCESS, "kill-process" }, { SP_VERDICT_KILL_THREAD, "kill-thread" },
        { SP_VERDICT_TRAP, "trap" }, { SP_VERDICT_TRACE, "trace" }, { SP_VERDICT_LOG, "log" },
        { SP_VERDICT_NOTIFY, "user-notify" }, { SP_VERDICT_ALLOW, "1" },
    };
    sp_verdict number = verdict & SP_VERDICT_DATA;

    if ((verdict & SP_VERDICT_ACTION) == SP_VERDICT_ERRNO) {
        const char *name = sp_minijail_errno_name(writer->plan->policy->arch, number);
        if (name != NULL) {
            sp_buf_format(buf, "return %s", name);
        } else {
            sp_buf_format(buf, "return %u", number);
        }
        return;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (words[i].action == verdict) {
            sp_buf_text(buf, words[i].word);
        }
    }
}

/* ---- expressions
 * --------------------------------------------------------------------------- */

/* `behind` follows the last comparison. */
static void
write_term(struct writer *writer, const struct sp_minijail_term *term, const char *behind)
{
    for (size_t i = 0; i < term->atoms.count; i++) {
        SP_BUF(word);

        sp_minijail_atom_write(&term->atoms.at[i], &word);
        sp_buf_text(&word, i + 1 < term->atoms.count ? " &&" : behind);
        write_word(writer, sp_buf_part(&word, &writer->out->failed).ptr);
    }
}

static void
write_terms(struct writer *writer, const struct sp_minijail_terms *terms, const char *behind)
{
    for (size_t i = 0; i < terms->any.count; i++) {
        write_term(writer, &terms->any.at[i], i + 1 < terms->any.count ? " ||" : behind);
    }
}

/* ---- lines
 * --------------------------------------------------------------------------------- */

static void
begin_line(struct writer *writer, const struct sp_kb_syscall *call)
{
    sp_buf_format(writer->out, "%s:", sp_kb_text(call->name));
    writer->column = strlen(sp_kb_text(call->name)) + 1;
}

static void
write_answer(struct writer *writer, sp_verdict verdict, const char *behind)
{
    SP_BUF(word);

    answer_text(writer, verdict, &word);
    sp_buf_text(&word, behind);
    write_word(writer, sp_buf_part(&word, &writer->out->failed).ptr);
}

static void
write_unconditional(struct writer *writer, const struct sp_kb_syscall *call, sp_verdict verdict)
{
    begin_line(writer, call);
    write_answer(writer, verdict, "");
    end_line(writer);
}

/* { arg0 == 1; return EPERM, arg0 == 2, kill-process } */
static void
write_braces(struct writer *writer, const struct sp_minijail_entry *entry)
{
    bool has_end = entry->otherwise != writer->plan->base;

    write_word(writer, "{");
    for (size_t i = 0; i < entry->groups.count; i++) {
        const struct sp_minijail_group *group = &entry->groups.at[i];
        const char *behind = has_end || i + 1 < entry->groups.count ? "," : "";
        bool is_allowed = group->verdict == SP_VERDICT_ALLOW;

        write_terms(writer, &group->terms, is_allowed ? behind : ";");
        if (!is_allowed) {
            write_answer(writer, group->verdict, behind);
        }
    }
    if (has_end) {
        write_answer(writer, entry->otherwise, "");
    }
    write_word(writer, "}");
}

/* "# allowed where family = AF_UNIX or ..." */
static void
write_words(struct writer *writer, const struct sp_minijail_entry *entry)
{
    for (size_t i = 0; i < entry->groups.count; i++) {
        SP_BUF(text);

        if (entry->groups.at[i].verdict == SP_VERDICT_ALLOW) {
            sp_buf_text(&text, "allowed");
        } else {
            answer_text(writer, entry->groups.at[i].verdict, &text);
        }
        sp_buf_text(&text, " where ");
        sp_words_write(&entry->groups.at[i].words, entry->call, &text);
        write_comment(writer, sp_buf_part(&text, &writer->out->failed));
    }
}

static void
write_entry(struct writer *writer, const struct sp_minijail_entry *entry)
{
    if (entry->groups.count == 0) {
        write_unconditional(writer, entry->call, entry->otherwise);
        return;
    }
    bool is_simple = entry->groups.count == 1 && entry->groups.at[0].verdict == SP_VERDICT_ALLOW
        && entry->otherwise == writer->plan->base;

    write_words(writer, entry);
    begin_line(writer, entry->call);
    if (is_simple) {
        write_terms(writer, &entry->groups.at[0].terms, "");
    } else if (writer->plan->reader == SP_MINIJAIL_READER_RICH) {
        write_braces(writer, entry);
    } else {
        write_terms(writer, &entry->groups.at[0].terms, ";");
        write_answer(writer, entry->otherwise, ";");
    }
    end_line(writer);
}

static void
write_unnamed(struct writer *writer)
{
    if (writer->plan->unnamed.count == 0) {
        return;
    }
    sp_buf_char(writer->out, '\n');
    write_comment_text(writer, "What nothing speaks of: minijail has no such default.");
    for (size_t i = 0; i < writer->plan->unnamed.count; i++) {
        write_unconditional(writer, writer->plan->unnamed.at[i], writer->plan->unnamed_verdict);
    }
}

/* ---- the heading
 * --------------------------------------------------------------------------- */

static const char *const reader_texts[] = {
    [SP_MINIJAIL_READER_BOTH] =
        "for minijail0 -S and for compile_seccomp_policy.py",
    [SP_MINIJAIL_READER_PLAIN] =
        "for minijail0 -S: the semicolons at line ends keep compile_seccomp_policy.py from "
        "reading it, which takes `CONDITION; return ERROR` the other way round",
    [SP_MINIJAIL_READER_RICH] =
        "for compile_seccomp_policy.py, whose filter minijail0 --seccomp-bpf-binary takes; "
        "minijail0 -S does not read it",
};

static void
write_heading(struct writer *writer)
{
    const struct sp_environment *environment = &writer->emission->policies->environment;
    SP_BUF(text);

    sp_buf_format(&text, "%s on %s, a seccomp policy of minijail, written by secprof",
                  writer->emission->name, sp_kb_text(writer->plan->policy->arch->name));
    write_comment(writer, sp_buf_part(&text, &writer->out->failed));
    sp_buf_cut(&text, 0);
    sp_buf_format(&text, "as read by: %s, then %s, on %s, Linux %u.%u",
                  sp_engine_text(environment->engine), sp_runtime_text(environment->runtime),
                  sp_kb_text(environment->host->name), environment->kernel.major,
                  environment->kernel.minor);
    write_comment(writer, sp_buf_part(&text, &writer->out->failed));
    sp_buf_cut(&text, 0);
    sp_buf_text(&text, "capabilities:");
    for (size_t i = 0; i < sp_kb_caps_count; i++) {
        if ((environment->caps >> i & 1) != 0) {
            sp_buf_format(&text, " %s", sp_kb_text(sp_kb_caps[i].name));
        }
    }
    sp_buf_text(&text, environment->caps == 0 ? " none" : "");
    write_comment(writer, sp_buf_part(&text, &writer->out->failed));
    write_comment_text(writer, reader_texts[writer->plan->reader]);
    write_comment_text(writer,
                       "leave out the lines of calls that your minijail does not know yet");
}

static void
write_default(struct writer *writer)
{
    SP_BUF(word);

    if (writer->plan->denylist) {
        write_comment_text(writer, "to be compiled with --denylist");
        sp_buf_text(writer->out, "\n@denylist\n");
    } else if (writer->plan->base != SP_VERDICT_KILL_THREAD) {
        answer_text(writer, writer->plan->base, &word);
        sp_buf_format(writer->out, "\n@default %s\n",
                      sp_buf_part(&word, &writer->out->failed).ptr);
    }
    sp_buf_char(writer->out, '\n');
}

void
sp_minijail_write(struct sp_emission *emission)
{
    struct sp_minijail_plan plan;
    struct writer writer = { .emission = emission, .plan = &plan, .out = emission->out };

    sp_minijail_plan_make(emission, &plan);
    write_heading(&writer);
    write_default(&writer);
    for (size_t i = 0; i < plan.entries.count; i++) {
        write_entry(&writer, &plan.entries.at[i]);
    }
    write_unnamed(&writer);
}
