/* Source: google/minijail, tools/parser.py (parse_filter_statement, parse_file) and
 * syscall_filter.c (compile_file). */
#include "format/minijail_parse.h"

#include "base/closest.h"
#include "text/json_read.h"

/* ---- the calls of a statement
 * -------------------------------------------------------------- */

struct calls {
    SP_VEC(const struct sp_kb_syscall *) all;
};

static struct sp_place
place_of(const struct sp_minijail_parser *parser, const struct sp_minijail_token *token)
{
    return sp_at_span(parser->source, token->span.start, token->span.end);
}

static bool
fail_name(struct sp_minijail_parser *parser, const struct sp_minijail_token *token)
{
    struct sp_closest closest = sp_closest_to(token->text);
    struct sp_diag *diag =
        sp_report_add(parser->report, SP_CODE_SYNTAX, place_of(parser, token),
                      "unknown system call `%.*s`", SP_STR_ARG(token->text));

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        sp_closest_offer(&closest, sp_kb_text(sp_kb_syscalls[i].name));
    }
    if (closest.count > 0) {
        sp_report_help(parser->report, diag, "did you mean `%s`?", closest.best[0].name);
    }
    return false;
}

static bool
fail_group(struct sp_minijail_parser *parser, const struct sp_minijail_token *token)
{
    struct sp_diag *diag = sp_report_add(
        parser->report, SP_CODE_SYNTAX, place_of(parser, token),
        "`%.*s` is a group of calls that a file of constants defines, and this text does not",
        SP_STR_ARG(token->text));

    sp_report_help(parser->report, diag, "write its calls");
    return false;
}

static bool
find_call(struct sp_minijail_parser *parser, const struct sp_minijail_token *token,
          const struct sp_kb_syscall **ret_call)
{
    const struct sp_kb_syscall *call = sp_kb_syscall_find(token->text);

    for (size_t i = 0; call == NULL && i < token->text.len; i++) {
        if (token->text.ptr[i] == '@') {
            return fail_group(parser, token);
        }
    }
    if (call == NULL) {
        return fail_name(parser, token);
    }
    if (parser->named != NULL && sp_kb_number(parser->named, call) == SP_KB_NO_NUMBER) {
        sp_report_add(parser->report, SP_CODE_SYNTAX, place_of(parser, token),
                      "`%.*s` is no system call of %s", SP_STR_ARG(token->text),
                      sp_kb_text(parser->named->name));
        return false;
    }
    *ret_call = call;
    return true;
}

static bool
read_descriptor(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
                struct calls *calls)
{
    const struct sp_minijail_token *token = cursor->token;
    const struct sp_kb_syscall *call;
    bool applies;

    if (token->kind != SP_MINIJAIL_WORD) {
        return sp_minijail_fail_expected(parser, token, "the name of a system call");
    }
    sp_minijail_skip(cursor);
    if (!sp_minijail_metadata_read(parser, cursor, &applies)) {
        return false;
    }
    if (!applies) {
        return true;
    }
    if (!find_call(parser, token, &call)) {
        return false;
    }
    const struct sp_kb_syscall **place = sp_vec_push(parser->arena, &calls->all);
    if (place == NULL) {
        parser->report->failed = true;
        return false;
    }
    *place = call;
    return true;
}

static bool
read_descriptors(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
                 struct calls *calls)
{
    if (!sp_minijail_is(cursor, SP_MINIJAIL_BRACE_OPEN)) {
        return read_descriptor(parser, cursor, calls);
    }
    sp_minijail_note(&parser->rich, cursor->token->span, "braces");
    do {
        sp_minijail_skip(cursor);
        if (!read_descriptor(parser, cursor, calls)) {
            return false;
        }
    } while (sp_minijail_is(cursor, SP_MINIJAIL_COMMA));
    if (!sp_minijail_is(cursor, SP_MINIJAIL_BRACE_CLOSE)) {
        return sp_minijail_fail_expected(parser, cursor->token, "`,` or `}`");
    }
    sp_minijail_skip(cursor);
    return true;
}

/* ---- what they answer
 * ---------------------------------------------------------------------- */

static struct sp_minijail_call *
open_call(struct sp_minijail_parser *parser, struct sp_minijail_policy *policy,
          const struct sp_kb_syscall *row, struct sp_span span)
{
    size_t index = sp_kb_syscall_index(row);

    if (policy->places[index] != 0) {
        sp_minijail_note(&parser->rich, span, "a second line for a call");
        return &policy->calls.at[policy->places[index] - 1];
    }
    struct sp_minijail_call *call = sp_vec_push(parser->arena, &policy->calls);
    if (call == NULL) {
        parser->report->failed = true;
        return NULL;
    }
    call->call = row;
    call->span = span;
    policy->places[index] = (uint32_t)policy->calls.count;
    return call;
}

static bool
fail_settled(struct sp_minijail_parser *parser, const struct sp_minijail_call *call,
             const struct sp_minijail_filter *before, const struct sp_minijail_filter *filter)
{
    struct sp_diag *diag = sp_report_add(
        parser->report, SP_CODE_SYNTAX,
        sp_at_span(parser->source, filter->span.start, filter->span.end),
        "%s has its answer for all arguments already", sp_kb_text(call->call->name));

    sp_report_related(parser->report, diag,
                      sp_at_span(parser->source, before->span.start, before->span.end),
                      "it is answered here");
    return false;
}

static bool
add_filters(struct sp_minijail_parser *parser, struct sp_minijail_call *call,
            const struct sp_minijail_filters *filters)
{
    for (size_t i = 0; i < filters->all.count; i++) {
        size_t count = call->filters.all.count;
        if (count > 0 && call->filters.all.at[count - 1].always) {
            return fail_settled(parser, call, &call->filters.all.at[count - 1],
                                &filters->all.at[i]);
        }
        struct sp_minijail_filter *place = sp_vec_push(parser->arena, &call->filters.all);
        if (place == NULL) {
            parser->report->failed = true;
            return false;
        }
        *place = filters->all.at[i];
    }
    return true;
}

bool
sp_minijail_statement_read(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
                           struct sp_minijail_policy *policy)
{
    struct sp_span span = cursor->token->span;
    struct calls calls = { .all = { .at = NULL } };
    struct sp_minijail_filters filters = { .all = { .at = NULL } };

    if (!read_descriptors(parser, cursor, &calls)) {
        return false;
    }
    if (!sp_minijail_is(cursor, SP_MINIJAIL_COLON)) {
        return sp_minijail_fail_expected(parser, cursor->token, "`:`");
    }
    sp_minijail_skip(cursor);
    if (!sp_minijail_filters_read(parser, cursor, policy->denylist, &filters)) {
        return false;
    }
    span.end = cursor->token[-1].span.end;
    for (size_t i = 0; i < calls.all.count; i++) {
        struct sp_minijail_call *call = open_call(parser, policy, calls.all.at[i], span);
        if (call == NULL || !add_filters(parser, call, &filters)) {
            return false;
        }
    }
    return true;
}
