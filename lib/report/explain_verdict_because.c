/* Why a call is answered as it is, in one breath. */
#include "report/explain_verdict_work.h"

#include "ops/load.h"
#include "report/glyph.h"
#include "sem/words.h"

#include <inttypes.h>
#include <string.h>

/* ---- rules --------------------------------------------------------------------------- */

/* Rules are counted from 1, as people do. */
size_t
sp_verdict_rule_number(const struct sp_rule *rule)
{
    return (size_t)rule->node->index + 1;
}

void
sp_verdict_rule_place(const struct sp_verdict_writer *writer, const struct sp_rule *rule,
                      struct sp_buf *buf)
{
    SP_BUF(place);

    sp_load_write_place(writer->profile->profile->doc, rule->node, &place);
    sp_glyph_add(buf, sp_buf_part(&place, &buf->failed));
}

/* "rule 3 (docker:84:5, /syscalls/2)". */
void
sp_verdict_rule_write(const struct sp_verdict_writer *writer, const struct sp_rule *rule,
                      struct sp_buf *buf)
{
    sp_buf_format(buf, "rule %zu (", sp_verdict_rule_number(rule));
    sp_verdict_rule_place(writer, rule, buf);
    sp_buf_text(buf, ", ");
    sp_node_pointer(rule->node, buf);
    sp_buf_char(buf, ')');
}

bool
sp_verdict_rule_is_plain(const struct sp_call_rule *rule)
{
    return strcmp(rule->words, "always") == 0;
}

/* The first rule whose conditions hold: of those that runtimes leave out, or of the others. */
const struct sp_call_rule *
sp_verdict_rule_holding(const struct sp_call_verdict *verdict, bool is_default)
{
    for (size_t i = 0; i < verdict->rules.count; i++) {
        const struct sp_call_rule *rule = &verdict->rules.at[i];
        if (rule->holds && rule->is_default == is_default) {
            return rule;
        }
    }
    return NULL;
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

/* ---- because ------------------------------------------------------------------------- */

static const char *
says(sp_verdict verdict)
{
    return sp_verdict_runs(verdict) ? "allows" : "denies";
}

static void
write_by_rule(const struct sp_verdict_writer *writer, struct sp_buf *buf)
{
    const struct sp_call_verdict *verdict = writer->verdict;
    const struct sp_call_rule *rule = find_rule(verdict, verdict->rule);

    if (rule == NULL) {
        sp_buf_text(buf, "a rule says so");
        return;
    }
    sp_verdict_rule_write(writer, rule->rule, buf);
    if (!rule->holds) {
        sp_buf_format(buf, " answers it, although it is for %s", rule->words);
    } else if (sp_verdict_rule_is_plain(rule)) {
        sp_buf_format(buf, " %s it", says(rule->verdict));
    } else {
        sp_buf_format(buf, " %s %s", says(rule->verdict), rule->words);
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
        sp_words_arg(verdict->text.call, arg, buf);
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
write_allowing(const struct sp_verdict_writer *writer, struct sp_buf *buf)
{
    const struct sp_call_verdict *verdict = writer->verdict;
    struct numbers numbers = { .count = 0 };

    for (size_t i = 0; i < verdict->rules.count; i++) {
        const struct sp_call_rule *rule = &verdict->rules.at[i];
        if (sp_verdict_runs(rule->verdict)) {
            add_number(&numbers, sp_verdict_rule_number(rule->rule));
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
write_no_rule(const struct sp_verdict_writer *writer, struct sp_buf *buf)
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
write_by_default(const struct sp_verdict_writer *writer, struct sp_buf *buf)
{
    const struct sp_call_verdict *verdict = writer->verdict;
    const struct sp_call_rule *left_out = sp_verdict_rule_holding(verdict, true);
    const struct sp_call_rule *lost = sp_verdict_rule_holding(verdict, false);

    if (lost != NULL) {
        sp_buf_text(buf, "the default action, although ");
        sp_verdict_rule_write(writer, lost->rule, buf);
        sp_buf_text(buf, " holds");
    } else if (left_out != NULL) {
        sp_verdict_rule_write(writer, left_out->rule, buf);
        sp_buf_text(buf, " says so, and so does the default action");
    } else if (verdict->rules.count == 0) {
        write_no_rule(writer, buf);
    } else {
        sp_buf_text(buf, "no rule holds for ");
        write_arguments(verdict, buf);
        bool is_simple = (verdict->looks_at & (verdict->looks_at - 1)) == 0;
        if (verdict->allowed_words != NULL && is_simple
            && !sp_verdict_runs(verdict->verdict)) {
            write_allowing(writer, buf);
        }
    }
}

void
sp_verdict_because(const struct sp_verdict_writer *writer, struct sp_buf *buf)
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

void
sp_verdict_start(const struct sp_verdict_writer *writer, struct sp_buf *buf)
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
        sp_verdict_rule_write(writer, meaning->against, buf);
    }
}
