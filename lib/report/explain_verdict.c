/* One concrete call, for people. */
#include "report/explain_verdict_work.h"

#include "model/target.h"
#include "ops/answer.h"
#include "report/glyph.h"
#include "sem/verdict.h"
#include "sem/words.h"

#include <inttypes.h>

/* ---- the first line ------------------------------------------------------------------ */

static void
write_head(const struct sp_verdict_writer *writer, struct sp_buf *buf)
{
    const struct sp_call_verdict *verdict = writer->verdict;

    if (!verdict->starts) {
        sp_buf_text(buf, "no container starts");
    } else if (verdict->parts.all.count > 1) {
        sp_buf_text(buf, "it depends");
    } else if (!verdict->decided) {
        sp_buf_text(buf, "undecided");
    } else {
        sp_verdict_write(verdict->verdict, buf);
    }
    sp_buf_text(buf, " under ");
    sp_glyph_add(buf, sp_str_of(writer->profile->name));
    sp_buf_format(buf, " on %s", sp_kb_text(verdict->arch->name));
}

static void
write_answer(const struct sp_verdict_writer *writer)
{
    const struct sp_call_verdict *verdict = writer->verdict;
    struct sp_page *page = writer->page;
    SP_BUF(head);
    SP_BUF(answer);

    write_head(writer, &head);
    if (!verdict->starts) {
        sp_verdict_start(writer, &answer);
    } else if (verdict->parts.all.count > 1) {
        sp_buf_text(&answer, verdict->parts.summary);
    } else if (!verdict->decided) {
        sp_buf_text(&answer, "neither the rules nor the filter could tell");
    } else {
        sp_verdict_because(writer, &answer);
    }
    struct sp_str subject = sp_buf_part(&head, &page->out->failed);
    sp_page_answer(page, subject.len == 0 ? "" : subject.ptr,
                   sp_buf_part(&answer, &page->out->failed));
}

/* ---- the paragraphs ------------------------------------------------------------------ */

static void
write_text(const struct sp_verdict_writer *writer, const char *label, const struct sp_buf *text)
{
    sp_page_label(writer->page, label);
    sp_page_text(writer->page, sp_buf_part(text, &writer->page->out->failed));
}

static void
write_call(const struct sp_verdict_writer *writer)
{
    const struct sp_call_verdict *verdict = writer->verdict;
    const struct sp_kb_syscall *call = verdict->text.call;
    SP_BUF(text);

    sp_call_text_write(&verdict->text, verdict->args, &text);
    sp_buf_format(&text, verdict->arch->offset != 0 ? ", number 0x%" PRIx32 : ", number %" PRIu32,
                  verdict->nr);
    if (call != NULL && call->args_known && verdict->text.given < call->args.count) {
        sp_buf_text(&text, "; arguments not given are 0");
    }
    if (call != NULL && call->args_known && verdict->text.given > call->args.count) {
        sp_buf_format(&text, "; the call takes %u arguments, but filters see all six",
                      (unsigned)call->args.count);
    }
    write_text(writer, "call", &text);
}

static void
write_version(struct sp_version version, struct sp_buf *buf)
{
    if (version.major != 0) {
        sp_buf_format(buf, " %u.%u.%u", version.major, version.minor, version.patch);
    }
}

static const char *
engine_name(enum sp_engine engine)
{
    static const char *const names[] = {
        [SP_ENGINE_DOCKER] = "Docker", [SP_ENGINE_PODMAN] = "Podman",
        [SP_ENGINE_CRIO] = "CRI-O", [SP_ENGINE_CONTAINERD] = "containerd",
        [SP_ENGINE_OCI] = "no engine",
    };

    return names[engine];
}

/* Longer lists of capabilities are counted. */
enum { CAPS_NAMED = 4 };

static void
write_some_caps(const char *before, uint64_t caps, struct sp_buf *buf)
{
    unsigned count = (unsigned)__builtin_popcountll(caps);

    if (count > CAPS_NAMED) {
        sp_buf_format(buf, " %s %u others", before, count);
    } else if (count > 0) {
        sp_buf_format(buf, " %s ", before);
        sp_answer_caps(caps, " and ", buf);
    }
}

static void
write_caps(uint64_t caps, struct sp_buf *buf)
{
    uint64_t usual = sp_kb_default_caps(SP_KB_DOCKER);

    if (caps == 0) {
        sp_buf_text(buf, "no capabilities");
        return;
    }
    sp_buf_text(buf, "default capabilities");
    write_some_caps("with", caps & ~usual, buf);
    write_some_caps("without", usual & ~caps, buf);
}

/* The text of another tool is read by none of ours, unless somebody says so. */
static void
write_readers(const struct sp_meaning *meaning, struct sp_buf *buf)
{
    const struct sp_environment *where = &meaning->environment;
    enum sp_dialect dialect = meaning->profile->dialect;

    if (where->engine == SP_ENGINE_OCI && where->runtime == SP_RUNTIME_CRUN
        && sp_dialect_is_foreign(dialect)) {
        sp_buf_text(buf, sp_dialect_text(dialect));
        return;
    }
    sp_buf_text(buf, engine_name(where->engine));
    write_version(where->engine_version, buf);
    sp_buf_format(buf, ", %s", sp_runtime_text(where->runtime));
    write_version(where->runtime_version, buf);
}

static void
write_where(const struct sp_verdict_writer *writer)
{
    const struct sp_environment *where = &writer->verdict->meaning->environment;
    SP_BUF(text);

    write_readers(writer->verdict->meaning, &text);
    if (where->libseccomp.major != 0) {
        sp_buf_text(&text, ", libseccomp");
        write_version(where->libseccomp, &text);
    }
    sp_buf_format(&text, ", Linux %u.%u, ", where->kernel.major, where->kernel.minor);
    write_caps(where->caps, &text);
    write_text(writer, "where", &text);
}

/* "3 (docker:84:5): ALLOW when domain = AF_NFC". */
static void
write_rule_line(const struct sp_verdict_writer *writer, const struct sp_call_rule *rule,
                bool say_holds)
{
    SP_BUF(text);

    sp_buf_format(&text, "%zu (", sp_verdict_rule_number(rule->rule));
    sp_verdict_rule_place(writer, rule->rule, &text);
    sp_buf_text(&text, "): ");
    sp_verdict_write(rule->verdict, &text);
    if (!sp_verdict_rule_is_plain(rule)) {
        sp_buf_format(&text, " when %s", rule->words);
    }
    sp_buf_text(&text, say_holds && !rule->holds ? ": does not hold" : "");
    sp_page_text(writer->page, sp_buf_part(&text, &writer->page->out->failed));
}

/* Those that hold come first. A single rule that decided has been told above; that none holds has
 * been, too. */
static void
write_rules(const struct sp_verdict_writer *writer)
{
    enum { SHOWN = 6 };
    const struct sp_call_verdict *verdict = writer->verdict;
    size_t count = verdict->rules.count;
    size_t shown = 0;
    bool say_holds = verdict->parts.all.count == 1
        && (sp_verdict_rule_holding(verdict, false) != NULL
            || sp_verdict_rule_holding(verdict, true) != NULL);

    if (count == 0 || (count == 1 && verdict->rules.at[0].rule == verdict->rule)) {
        return;
    }
    sp_page_label(writer->page, "rules");
    for (unsigned round = 0; round < 2; round++) {
        for (size_t i = 0; i < count && shown < SHOWN; i++) {
            if ((verdict->rules.at[i].holds || !say_holds) == (round == 0)) {
                write_rule_line(writer, &verdict->rules.at[i], say_holds);
                shown++;
            }
        }
    }
    if (count > shown) {
        sp_page_format(writer->page, "and %zu more; --format json lists all", count - shown);
    }
}

/* The first two: whoever reads more asks for JSON. */
static void
write_hazards(const struct sp_verdict_writer *writer, struct sp_buf *buf)
{
    enum { SHOWN = 2 };
    const struct sp_explain_hazard *hazard;
    unsigned count = 0;

    for (size_t i = 0; (hazard = sp_explain_hazard(i)) != NULL && count < SHOWN; i++) {
        if ((writer->verdict->hazards & hazard->bit) != 0) {
            sp_buf_format(buf, "%s%s", count > 0 ? ", or " : "", hazard->text);
            count++;
        }
    }
    if (count == 0) {
        sp_buf_text(buf, "where rules of one call overlap, libseccomp's own order of tests decides,"
                         " not that of the list");
    }
}

/* Where rules decide, libseccomp is to blame; the other deciders are told in the first line. */
static void
write_written(const struct sp_verdict_writer *writer)
{
    const struct sp_call_verdict *verdict = writer->verdict;
    bool by_rules = verdict->decider == SP_DECIDER_RULE
        || verdict->decider == SP_DECIDER_DEFAULT;
    SP_BUF(text);

    if (!verdict->has_written) {
        return;
    }
    sp_buf_text(&text, "the rules as written say ");
    sp_verdict_write(verdict->written, &text);
    sp_buf_text(&text, by_rules ? "; libseccomp's filter answers " : "; the answer is ");
    sp_verdict_write(verdict->verdict, &text);
    if (by_rules) {
        sp_buf_text(&text, ": ");
        write_hazards(writer, &text);
    }
    write_text(writer, "as written", &text);
}

static void
write_one_otherwise(const struct sp_call_otherwise *row, struct sp_buf *buf)
{
    SP_BUF(changes);

    sp_call_changes_write(&row->changes, &changes);
    if (!row->starts) {
        sp_buf_text(buf, "would not start ");
    } else if (sp_verdict_runs(row->verdict)) {
        sp_buf_text(buf, "would be allowed ");
    } else {
        sp_buf_text(buf, "would be denied ");
    }
    sp_buf_add(buf, sp_buf_part(&changes, &buf->failed));
    if (row->starts && row->verdict != SP_VERDICT_ALLOW) {
        sp_buf_text(buf, ": ");
        sp_verdict_write(row->verdict, buf);
    }
}

static void
write_otherwise(const struct sp_verdict_writer *writer)
{
    const struct sp_call_verdict *verdict = writer->verdict;

    sp_page_label(writer->page, "otherwise");
    for (size_t i = 0; i < verdict->otherwise.count; i++) {
        SP_BUF(text);
        write_one_otherwise(&verdict->otherwise.at[i], &text);
        sp_page_text(writer->page, sp_buf_part(&text, &writer->page->out->failed));
    }
    if (verdict->undecided) {
        sp_page_text(writer->page, SP_STR("there are more environments than could be looked at"));
    } else if (verdict->parts.all.count == 1 && verdict->otherwise.count == 0
               && !sp_call_verdict_is_allowed(verdict)) {
        sp_page_text(writer->page, SP_STR("would be allowed nowhere: no capability and no kernel"
                                          " changes it"));
    }
}

static void
write_twin(const struct sp_verdict_writer *writer)
{
    const struct sp_call_verdict *verdict = writer->verdict;
    SP_BUF(text);

    if (!verdict->has_twin) {
        return;
    }
    unsigned bits = sp_kb_args[verdict->text.call->args.first + verdict->twin_arg].bits;
    sp_call_text_write(&verdict->text, verdict->twin, &text);
    sp_buf_text(&text, " is the same call to the kernel, which reads ");
    sp_buf_format(&text, "%u bits of ", bits);
    sp_words_arg(verdict->text.call, verdict->twin_arg, &text);
    sp_buf_text(&text, ", but the filter compares 64 and answers ");
    sp_verdict_write(verdict->twin_verdict, &text);
    sp_buf_text(&text, ": SP401");
    write_text(writer, "caution", &text);
}

static void
write_elsewhere(const struct sp_verdict_writer *writer)
{
    const struct sp_call_verdict *verdict = writer->verdict;

    sp_page_label(writer->page, "elsewhere");
    for (size_t i = 0; i < verdict->elsewhere.count; i++) {
        const struct sp_call_elsewhere *row = &verdict->elsewhere.at[i];
        SP_BUF(text);
        sp_buf_format(&text, "%s: ", sp_kb_text(row->arch->name));
        if (row->decided) {
            sp_verdict_write(row->verdict, &text);
        } else {
            sp_buf_text(&text, "undecided");
        }
        if (row->call != verdict->text.call) {
            sp_buf_format(&text, " by %s, which reaches the same with arguments in memory, where no"
                          " filter sees them", sp_kb_text(row->call->name));
        }
        sp_page_text(writer->page, sp_buf_part(&text, &writer->page->out->failed));
    }
}

static void
write_releases(const struct sp_histories *histories, const struct sp_verdict_writer *writer)
{
    SP_BUF(text);

    sp_history_write_allowed(histories, &text);
    write_text(writer, "releases", &text);
}

void
sp_explain_verdict_text(const struct sp_call_verdict *verdict,
                        const struct sp_explain_profile *profile,
                        const struct sp_histories *histories, struct sp_page *page)
{
    struct sp_verdict_writer writer = { .verdict = verdict, .profile = profile, .page = page };

    write_answer(&writer);
    write_call(&writer);
    write_where(&writer);
    write_rules(&writer);
    write_written(&writer);
    write_otherwise(&writer);
    write_releases(histories, &writer);
    write_twin(&writer);
    write_elsewhere(&writer);
}
