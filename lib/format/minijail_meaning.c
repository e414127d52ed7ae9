#include "format/minijail_parse.h"

#include "text/json_read.h"

static struct sp_place
place_of(const struct sp_minijail_parser *parser, struct sp_span span)
{
    return sp_at_span(parser->source, span.start, span.end);
}

static sp_verdict
answer_of(const struct sp_minijail_policy *policy, const struct sp_minijail_filter *filter)
{
    if (filter->answers_default) {
        return policy->default_verdict;
    }
    return filter->has_answer ? filter->answer : SP_VERDICT_ALLOW;
}

/* compile_seccomp_policy.py takes a call that ends with `allow` for allowed, whatever stands
 * before.
 * Source: tools/compiler.py (compile_filter_statement). */
static bool
check_end(struct sp_minijail_parser *parser, const struct sp_minijail_policy *policy,
          const struct sp_minijail_call *call)
{
    size_t count = call->filters.all.count;
    const struct sp_minijail_filter *last = &call->filters.all.at[count - 1];

    if (policy->denylist || !last->always || answer_of(policy, last) != SP_VERDICT_ALLOW) {
        return true;
    }
    for (size_t i = 0; i + 1 < count; i++) {
        const struct sp_minijail_filter *filter = &call->filters.all.at[i];
        if (answer_of(policy, filter) == SP_VERDICT_ALLOW) {
            continue;
        }
        struct sp_diag *diag = sp_report_add(
            parser->report, SP_CODE_SYNTAX, place_of(parser, filter->span),
            "compile_seccomp_policy.py drops this condition of %s, because the last word is to "
            "allow",
            sp_kb_text(call->call->name));
        sp_report_related(parser->report, diag, place_of(parser, last->span), "the last word");
        sp_report_help(parser->report, diag,
                       "make a condition of what is allowed, and end with what is denied");
        return false;
    }
    return true;
}

sp_dd
sp_minijail_meaning(const struct sp_minijail_parser *parser,
                    const struct sp_minijail_policy *policy,
                    const struct sp_minijail_call *call)
{
    struct sp_dd_store *store = parser->store;
    sp_dd meaning = sp_dd_leaf(store, policy->default_verdict);

    for (size_t i = call->filters.all.count; i-- > 0;) {
        const struct sp_minijail_filter *filter = &call->filters.all.at[i];
        sp_dd answer = sp_dd_leaf(store, answer_of(policy, filter));
        if (filter->always) {
            meaning = answer;
        } else if (filter->is_bare && filter->has_answer && parser->rich.what == NULL) {
            meaning = sp_dd_ite(store, filter->condition, sp_dd_leaf(store, SP_VERDICT_ALLOW),
                                answer);
        } else {
            meaning = sp_dd_ite(store, filter->condition, answer, meaning);
        }
    }
    return meaning;
}

static bool
fail_meaning(struct sp_minijail_parser *parser, const struct sp_minijail_call *call)
{
    struct sp_diag *diag;

    if (parser->arena->failed || sp_dd_store_failed(parser->store)) {
        parser->report->failed = true;
        return false;
    }
    diag = sp_report_add(
        parser->report, SP_CODE_SYNTAX, place_of(parser, call->span),
        "the conditions of %s are more than the rules of a profile can say",
        sp_kb_text(call->call->name));

    sp_report_help(parser->report, diag, "say it with fewer or simpler comparisons");
    return false;
}

static bool
tell_call(struct sp_minijail_parser *parser, struct sp_foreign *foreign,
          const struct sp_minijail_policy *policy, const struct sp_minijail_call *call)
{
    const char *name = sp_kb_text(call->call->name);
    sp_dd meaning = sp_minijail_meaning(parser, policy, call);

    if (!check_end(parser, policy, call)) {
        return false;
    }
    if (sp_dd_has_undecided(parser->store, meaning)) {
        return fail_meaning(parser, call);
    }
    if (!sp_dd_is_leaf(parser->store, meaning)) {
        return sp_foreign_meaning(foreign, name, call->span, meaning, parser->bits)
            || fail_meaning(parser, call);
    }
    if (sp_dd_value(parser->store, meaning) != policy->default_verdict) {
        sp_foreign_call(foreign, name, call->span, sp_dd_value(parser->store, meaning));
    }
    return true;
}

bool
sp_minijail_tell(struct sp_minijail_parser *parser, struct sp_foreign *foreign,
                 const struct sp_minijail_policy *policy)
{
    sp_foreign_default(foreign, policy->default_verdict, policy->default_span);
    if (parser->named != NULL) {
        sp_foreign_arch(foreign, parser->named, policy->arch_span);
    }
    for (size_t i = 0; i < policy->calls.count; i++) {
        if (!tell_call(parser, foreign, policy, &policy->calls.at[i])) {
            return false;
        }
    }
    return true;
}
