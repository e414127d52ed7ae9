/* One concrete call, for people. */
#include "report/explain_verdict.h"

#include "ops/answer.h"
#include "ops/load.h"
#include "report/glyph.h"
#include "sem/verdict.h"
#include "sem/words.h"

#include <inttypes.h>
#include <string.h>

/* A page of one call. */
struct writer {
    const struct sp_call_verdict *verdict;
    const struct sp_explain_profile *profile;
    struct sp_page *page;
};

/* ---- rules --------------------------------------------------------------------------- */

/* Rules are counted from 1, as people do. */
static size_t
number_of(const struct sp_rule *rule)
{
    return (size_t)rule->node->index + 1;
}

static void
write_place(const struct writer *writer, const struct sp_rule *rule, struct sp_buf *buf)
{
    SP_BUF(place);

    sp_load_write_place(writer->profile->profile->doc, rule->node, &place);
    sp_glyph_add(buf, sp_buf_part(&place, &buf->failed));
}

/* "rule 3 (docker:84:5, /syscalls/2)". */
static void
write_rule(const struct writer *writer, const struct sp_rule *rule, struct sp_buf *buf)
{
    sp_buf_format(buf, "rule %zu (", number_of(rule));
    write_place(writer, rule, buf);
    sp_buf_text(buf, ", ");
    sp_node_pointer(rule->node, buf);
    sp_buf_char(buf, ')');
}

static const struct sp_call_rule *
find_rule(const struct sp_call_verdict *verdict, const struct sp_rule *rule)
{
    for (size_t i = 0; i < verdict->rules.count; i++) {
        if (verdict->rules.at[i].rule == rule) {
            return &verdict->rules.at[i];
        }
    }
    return NULL;
}

static bool
is_unconditional(const struct sp_call_rule *rule)
{
    return strcmp(rule->words, "always") == 0;
}

/* ---- because ------------------------------------------------------------------------- */

static const char *
says(sp_verdict verdict)
{
    return sp_call_is_allowed(verdict) ? "allows" : "denies";
}

static void
write_by_rule(const struct writer *writer, struct sp_buf *buf)
{
    const struct sp_call_verdict *verdict = writer->verdict;
    const struct sp_call_rule *rule = find_rule(verdict, verdict->rule);

    if (rule == NULL) {
        sp_buf_text(buf, "a rule says so");
        return;
    }
    write_rule(writer, rule->rule, buf);
    if (!rule->holds) {
        sp_buf_format(buf, " answers it, although it is for %s", rule->words);
    } else if (is_unconditional(rule)) {
        sp_buf_format(buf, " %s it", says(rule->verdict));
    } else {
        sp_buf_format(buf, " %s %s", says(rule->verdict), rule->words);
    }
}

/* The first rule whose conditions hold: of those that runtimes leave out, or of the others. */
static const struct sp_call_rule *
holding_rule(const struct sp_call_verdict *verdict, bool is_default)
{
    for (size_t i = 0; i < verdict->rules.count; i++) {
        const struct sp_call_rule *rule = &verdict->rules.at[i];
        if (rule->holds && rule->is_default == is_default) {
            return rule;
        }
    }
    return NULL;
}

static void
write_arg(const struct sp_kb_syscall *call, unsigned arg, struct sp_buf *buf)
{
    if (call != NULL && call->args_known && arg < call->args.count) {
        sp_buf_text(buf, sp_kb_text(sp_kb_args[call->args.first + arg].name));
    } else {
        sp_buf_format(buf, "arg%u", arg);
    }
}

/* "domain = AF_VSOCK and type = 1": the arguments that rules look at. */
static void
write_arguments(const struct sp_call_verdict *verdict, struct sp_buf *buf)
{
    bool started = false;

    for (unsigned arg = 0; arg < SP_ARGS; arg++) {
        if ((verdict->looks_at >> arg & 1) == 0) {
            continue;
        }
        sp_buf_text(buf, started ? " and " : "");
        write_arg(verdict->text.call, arg, buf);
        if ((verdict->text.any >> arg & 1) != 0) {
            sp_buf_text(buf, " of any value");
        } else {
            sp_buf_text(buf, " = ");
            sp_words_value(verdict->text.call, arg, verdict->args[arg], buf);
        }
        started = true;
    }
    sp_buf_text(buf, started ? "" : "it");
}

/* Numbers of rules, in listing order. */
struct numbers {
    size_t first[4];
    size_t last;
    size_t count;
};

enum { NUMBERS_NAMED = sizeof ((struct numbers *)0)->first / sizeof (size_t) };

static void
add_number(struct numbers *numbers, size_t number)
{
    if (numbers->count < NUMBERS_NAMED) {
        numbers->first[numbers->count] = number;
    }
    numbers->last = number;
    numbers->count++;
}

/* "rule 3", "rules 3 to 5", "rules 3, 7 and 9", "40 rules"; there must be one. */
static void
write_numbers(const struct numbers *numbers, struct sp_buf *buf)
{
    size_t count = numbers->count;

    if (count == 1) {
        sp_buf_format(buf, "rule %zu", numbers->last);
    } else if (count > 2 && numbers->last - numbers->first[0] + 1 == count) {
        sp_buf_format(buf, "rules %zu to %zu", numbers->first[0], numbers->last);
    } else if (count > NUMBERS_NAMED) {
        sp_buf_format(buf, "%zu rules", count);
    } else {
        for (size_t i = 0; i < count; i++) {
            sp_buf_format(buf, "%s%zu", i == 0 ? "rules " : i + 1 == count ? " and " : ", ",
                          numbers->first[i]);
        }
    }
}

/* "rules 3 to 5 allow domain <= 37". */
static void
write_allowing(const struct writer *writer, struct sp_buf *buf)
{
    const struct sp_call_verdict *verdict = writer->verdict;
    struct numbers numbers = { .count = 0 };

    for (size_t i = 0; i < verdict->rules.count; i++) {
        const struct sp_call_rule *rule = &verdict->rules.at[i];
        if (sp_call_is_allowed(rule->verdict)) {
            add_number(&numbers, number_of(rule->rule));
        }
    }
    if (numbers.count > 0) {
        sp_buf_text(buf, "; ");
        write_numbers(&numbers, buf);
        sp_buf_format(buf, " %s %s", numbers.count == 1 ? "allows" : "allow",
                      verdict->allowed_words);
    }
}

/* No rule counts in this environment, but some may name the call for others. */
static void
write_no_rule(const struct writer *writer, struct sp_buf *buf)
{
    const struct sp_kb_syscall *call = writer->verdict->text.call;
    const struct sp_profile *profile = writer->profile->profile;
    struct numbers numbers = { .count = 0 };

    for (size_t i = 0; call != NULL && i < profile->rule_count; i++) {
        if (sp_profile_has_word(&profile->rules[i].names, sp_kb_text(call->name))) {
            add_number(&numbers, i + 1);
        }
    }
    if (numbers.count == 0) {
        sp_buf_text(buf, "no rule names it, which leaves the default action");
    } else {
        write_numbers(&numbers, buf);
        sp_buf_format(buf, " %s not for this environment, which leaves the default action",
                      numbers.count == 1 ? "is" : "are");
    }
}

static void
write_by_default(const struct writer *writer, struct sp_buf *buf)
{
    const struct sp_call_verdict *verdict = writer->verdict;
    const struct sp_call_rule *left_out = holding_rule(verdict, true);
    const struct sp_call_rule *lost = holding_rule(verdict, false);

    if (lost != NULL) {
        sp_buf_text(buf, "the default action, although ");
        write_rule(writer, lost->rule, buf);
        sp_buf_text(buf, " holds");
    } else if (left_out != NULL) {
        write_rule(writer, left_out->rule, buf);
        sp_buf_text(buf, " says so, and so does the default action");
    } else if (verdict->rules.count == 0) {
        write_no_rule(writer, buf);
    } else {
        sp_buf_text(buf, "no rule holds for ");
        write_arguments(verdict, buf);
        bool is_simple = (verdict->looks_at & (verdict->looks_at - 1)) == 0;
        if (verdict->allowed_words != NULL && is_simple
            && !sp_call_is_allowed(verdict->verdict)) {
            write_allowing(writer, buf);
        }
    }
}

static void
write_because(const struct writer *writer, struct sp_buf *buf)
{
    const struct sp_call_verdict *verdict = writer->verdict;

    switch (verdict->decider) {
    case SP_DECIDER_RULE:
        write_by_rule(writer, buf);
        break;
    case SP_DECIDER_DEFAULT:
        write_by_default(writer, buf);
        break;
    case SP_DECIDER_STUB:
        sp_buf_format(buf, "runc answers ENOSYS for calls newer than the profile: number %" PRIu32
                           " is above %" PRIu32 ", the highest that it names",
                      verdict->nr, verdict->stub);
        break;
    case SP_DECIDER_BAD_ARCH:
        sp_buf_format(buf, "the filter is not for %s, and kills whoever makes such a call",
                      sp_kb_text(verdict->arch->name));
        break;
    case SP_DECIDER_HEADLESS:
        sp_buf_format(buf, "libseccomp loses the rules of %s, where a name without a number comes"
                           " first: every call meets the default action",
                      sp_kb_text(verdict->arch->name));
        break;
    case SP_DECIDER_KERNEL:
        sp_buf_text(buf, "the kernel lets this call pass whatever a filter says");
        break;
    case SP_DECIDER_UNCONFINED:
        sp_buf_text(buf, "the profile is empty: the container runs without a filter");
        break;
    }
}

static void
write_start(const struct writer *writer, struct sp_buf *buf)
{
    const struct sp_meaning *meaning = writer->verdict->meaning;

    if (meaning->where != NULL) {
        SP_BUF(place);
        sp_load_write_place(writer->profile->profile->doc, meaning->where, &place);
        sp_glyph_add(buf, sp_buf_part(&place, &buf->failed));
        sp_buf_text(buf, ": ");
    }
    sp_buf_text(buf, meaning->why == NULL ? "it is refused" : meaning->why);
    if (meaning->against != NULL) {
        sp_buf_text(buf, ": ");
        write_rule(writer, meaning->against, buf);
    }
}

/* ---- the first line ------------------------------------------------------------------ */

static void
write_head(const struct writer *writer, struct sp_buf *buf)
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
write_answer(const struct writer *writer)
{
    const struct sp_call_verdict *verdict = writer->verdict;
    struct sp_page *page = writer->page;
    SP_BUF(head);
    SP_BUF(answer);

    write_head(writer, &head);
    if (!verdict->starts) {
        write_start(writer, &answer);
    } else if (verdict->parts.all.count > 1) {
        sp_buf_text(&answer, verdict->parts.summary);
    } else if (!verdict->decided) {
        sp_buf_text(&answer, "neither the rules nor the filter could tell");
    } else {
        write_because(writer, &answer);
    }
    struct sp_str subject = sp_buf_part(&head, &page->out->failed);
    sp_page_answer(page, subject.len == 0 ? "" : subject.ptr,
                   sp_buf_part(&answer, &page->out->failed));
}

/* ---- the paragraphs ------------------------------------------------------------------ */

static void
write_text(const struct writer *writer, const char *label, const struct sp_buf *text)
{
    sp_page_label(writer->page, label);
    sp_page_text(writer->page, sp_buf_part(text, &writer->page->out->failed));
}

static void
write_call(const struct writer *writer)
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

static void
write_where(const struct writer *writer)
{
    const struct sp_environment *where = &writer->verdict->meaning->environment;
    SP_BUF(text);

    sp_buf_text(&text, engine_name(where->engine));
    write_version(where->engine_version, &text);
    sp_buf_text(&text, where->runtime == SP_RUNTIME_RUNC ? ", runc" : ", crun");
    write_version(where->runtime_version, &text);
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
write_rule_line(const struct writer *writer, const struct sp_call_rule *rule, bool say_holds)
{
    SP_BUF(text);

    sp_buf_format(&text, "%zu (", number_of(rule->rule));
    write_place(writer, rule->rule, &text);
    sp_buf_text(&text, "): ");
    sp_verdict_write(rule->verdict, &text);
    if (!is_unconditional(rule)) {
        sp_buf_format(&text, " when %s", rule->words);
    }
    sp_buf_text(&text, say_holds && !rule->holds ? ": does not hold" : "");
    sp_page_text(writer->page, sp_buf_part(&text, &writer->page->out->failed));
}

/* Those that hold come first. A single rule that decided has been told above; that none holds has
 * been, too. */
static void
write_rules(const struct writer *writer)
{
    enum { SHOWN = 6 };
    const struct sp_call_verdict *verdict = writer->verdict;
    size_t count = verdict->rules.count;
    size_t shown = 0;
    bool say_holds = verdict->parts.all.count == 1
        && (holding_rule(verdict, false) != NULL || holding_rule(verdict, true) != NULL);

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
write_hazards(const struct writer *writer, struct sp_buf *buf)
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
write_written(const struct writer *writer)
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
    } else if (sp_call_is_allowed(row->verdict)) {
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
write_otherwise(const struct writer *writer)
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
write_twin(const struct writer *writer)
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
    write_arg(verdict->text.call, verdict->twin_arg, &text);
    sp_buf_text(&text, ", but the filter compares 64 and answers ");
    sp_verdict_write(verdict->twin_verdict, &text);
    if (sp_kb_rule_find(401) != NULL) {
        sp_buf_text(&text, ": SP401");
    }
    write_text(writer, "caution", &text);
}

static void
write_elsewhere(const struct writer *writer)
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

void
sp_explain_verdict_text(const struct sp_call_verdict *verdict,
                        const struct sp_explain_profile *profile, struct sp_page *page)
{
    struct writer writer = { .verdict = verdict, .profile = profile, .page = page };

    write_answer(&writer);
    write_call(&writer);
    write_where(&writer);
    write_rules(&writer);
    write_written(&writer);
    write_otherwise(&writer);
    write_twin(&writer);
    write_elsewhere(&writer);
}
