#include "format/kafel_write.h"

#include "format/kafel_rule.h"
#include "format/kafel_targets.h"
#include "format/list_text.h"

#include <inttypes.h>
#include <string.h>

enum { VERDICTS_MAX = 256 };

/* Blocks: one for each verdict, those that hold whatever the arguments with the rules that
 * have conditions; and behind them, for the first rule that holds decides, what is left of
 * those calls. */
struct kafel_writer {
    const struct sp_emission *emission;
    const struct sp_policy *policy;
    sp_verdict verdicts[VERDICTS_MAX];  /* of clauses and calls, those that run first */
    size_t count;
    bool has_block;
};

/* ---- verdicts ------------------------------------------------------------------------ */

/* Those that let through more stand first. */
static bool
is_before(sp_verdict left, sp_verdict right)
{
    int32_t action = (int32_t)(left & SP_VERDICT_ACTION);
    int32_t other = (int32_t)(right & SP_VERDICT_ACTION);

    return action != other ? action > other
                           : (left & SP_VERDICT_DATA) < (right & SP_VERDICT_DATA);
}

static void
add_verdict(struct kafel_writer *writer, const char *call, sp_verdict verdict)
{
    size_t at = 0;

    while (at < writer->count && is_before(writer->verdicts[at], verdict)) {
        at++;
    }
    if (at < writer->count && writer->verdicts[at] == verdict) {
        return;
    }
    if (writer->count == VERDICTS_MAX) {
        sp_losses_add(writer->emission->losses, call, "the profile has more than 256 verdicts",
                      "calls with some of them have the default verdict there");
        return;
    }
    memmove(&writer->verdicts[at + 1], &writer->verdicts[at],
            (writer->count - at) * sizeof *writer->verdicts);
    writer->verdicts[at] = verdict;
    writer->count++;
}

static void
add_verdicts(struct kafel_writer *writer)
{
    for (size_t i = 0; i < writer->policy->calls.count; i++) {
        const struct sp_policy_call *call = &writer->policy->calls.at[i];
        add_verdict(writer, sp_kb_text(call->call->name), call->otherwise);
        for (size_t j = 0; j < call->clause_count; j++) {
            add_verdict(writer, sp_kb_text(call->call->name), call->clauses[j].verdict);
        }
    }
}

/* "ALLOW", "ERRNO(38)": kafel has them all. */
static void
write_action(struct sp_buf *out, sp_verdict verdict)
{
    static const struct {
        sp_verdict action;
        const char *word;
        bool has_number;
    } words[] = {
        { SP_VERDICT_KILL_PROCESS, "KILL_PROCESS", false },
        { SP_VERDICT_KILL_THREAD, "KILL", false },
        { SP_VERDICT_TRAP, "TRAP", true },
        { SP_VERDICT_ERRNO, "ERRNO", true },
        { SP_VERDICT_NOTIFY, "USER_NOTIF", false },
        { SP_VERDICT_TRACE, "TRACE", true },
        { SP_VERDICT_LOG, "LOG", false },
        { SP_VERDICT_ALLOW, "ALLOW", false },
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (words[i].action == (verdict & SP_VERDICT_ACTION)) {
            sp_buf_text(out, words[i].word);
            if (words[i].has_number) {
                sp_buf_format(out, "(%" PRIu32 ")", verdict & SP_VERDICT_DATA);
            }
        }
    }
}

/* ---- blocks -------------------------------------------------------------------------- */

static void
begin_block(struct kafel_writer *writer, sp_verdict verdict)
{
    struct sp_buf *out = writer->emission->out;

    sp_buf_text(out, writer->has_block ? ",\n" : "");
    writer->has_block = true;
    sp_buf_text(out, "  ");
    write_action(out, verdict);
    sp_buf_text(out, " {\n");
}

/* The names of calls with this verdict that have clauses, or have none; without a line end. */
static void
write_names(struct kafel_writer *writer, sp_verdict verdict, bool with_clauses, bool *begun)
{
    struct sp_list_fold fold = {
        .out = writer->emission->out, .indent = "    ", .glue = ",",
    };

    for (size_t i = 0; i < writer->policy->calls.count; i++) {
        const struct sp_policy_call *call = &writer->policy->calls.at[i];
        if (call->otherwise != verdict || (call->clause_count > 0) != with_clauses
            || verdict == writer->policy->default_verdict) {
            continue;
        }
        if (!*begun) {
            begin_block(writer, verdict);
            *begun = true;
        }
        sp_list_fold_add(&fold, sp_str_of(sp_kafel_rule_name(call->call)));
    }
}

static bool
has_clause(const struct sp_policy_call *call, sp_verdict verdict)
{
    for (size_t i = 0; i < call->clause_count; i++) {
        if (call->clauses[i].verdict == verdict) {
            return true;
        }
    }
    return false;
}

static void
write_rules(struct kafel_writer *writer, sp_verdict verdict, bool *begun)
{
    bool has_rule = *begun;

    for (size_t i = 0; i < writer->policy->calls.count; i++) {
        const struct sp_policy_call *call = &writer->policy->calls.at[i];
        if (!has_clause(call, verdict)) {
            continue;
        }
        if (!*begun) {
            begin_block(writer, verdict);
            *begun = true;
        }
        sp_kafel_rule_write(writer->emission, call, verdict, &has_rule);
    }
}

static void
write_block(struct kafel_writer *writer, sp_verdict verdict, bool is_rest)
{
    bool begun = false;

    write_names(writer, verdict, is_rest, &begun);
    if (!is_rest) {
        write_rules(writer, verdict, &begun);
    }
    if (begun) {
        sp_buf_text(writer->emission->out, "\n  }");
    }
}

/* ---- the text ------------------------------------------------------------------------ */

static void
write_constants(const struct kafel_writer *writer)
{
    struct sp_buf *out = writer->emission->out;
    bool begun = false;

    for (size_t i = 0; i < writer->policy->calls.count; i++) {
        const struct sp_policy_call *call = &writer->policy->calls.at[i];
        if (!sp_kafel_rule_is_defined(writer->policy->arch, call)) {
            continue;
        }
        if (!begun) {
            sp_buf_text(out, "\n// calls that kafel may not know by this name\n");
        }
        begun = true;
        sp_buf_format(out, "#define %s %" PRIu32 "\n", sp_kafel_rule_name(call->call), call->nr);
    }
}

static void
lose_arches(const struct kafel_writer *writer)
{
    const struct sp_policies *policies = writer->emission->policies;

    for (size_t i = 1; i < policies->all.count; i++) {
        const char *arch = sp_kb_text(policies->all.at[i].arch->name);
        bool is_same_audit = policies->all.at[i].arch->audit == writer->policy->arch->audit;
        SP_BUF(became);

        sp_buf_format(&became, is_same_audit ? "calls of %s have the default action"
                                             : "calls of %s kill the thread", arch);
        struct sp_str text = sp_buf_part(&became, &writer->emission->losses->failed);
        sp_losses_add(writer->emission->losses, NULL,
                      "a kafel policy is compiled for one architecture", text.ptr);
    }
}

/* Kafel loads the halves of arguments as they stand on little-endian machines
 * (src/codegen.c). */
static void
lose_target(const struct kafel_writer *writer)
{
    const struct sp_policy *policy = writer->policy;

    if (!sp_kafel_is_target(policy->arch)) {
        sp_losses_add_arch(writer->emission->losses, policy->arch,
                           "kafel compiles no policy for this architecture", "the text is of no use");
    }
    for (size_t i = 0; i < policy->calls.count && policy->arch->big_endian; i++) {
        if (policy->calls.at[i].clause_count > 0) {
            sp_losses_add(writer->emission->losses, sp_kb_text(policy->calls.at[i].call->name),
                          "kafel takes the halves of arguments for each other on big-endian "
                          "machines", "the conditions do not hold where they should");
        }
    }
}

void
sp_kafel_write(struct sp_emission *emission)
{
    struct kafel_writer writer = {
        .emission = emission, .policy = &emission->policies->all.at[0],
    };
    struct sp_buf *out = emission->out;

    add_verdicts(&writer);
    sp_list_heading(emission, "// ", "kafel policy");
    write_constants(&writer);
    sp_buf_text(out, "\nPOLICY profile {\n");
    for (size_t i = 0; i < writer.count; i++) {
        write_block(&writer, writer.verdicts[i], false);
    }
    for (size_t i = 0; i < writer.count; i++) {
        write_block(&writer, writer.verdicts[i], true);
    }
    sp_buf_text(out, writer.has_block ? "\n}\n" : "}\n");
    sp_buf_text(out, "\nUSE profile DEFAULT ");
    write_action(out, writer.policy->default_verdict);
    sp_buf_char(out, '\n');
    lose_arches(&writer);
    lose_target(&writer);
}
