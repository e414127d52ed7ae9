/* Source: google/minijail, tools/parser.py (parse_filter, parse_action,
 * _parse_default_action) and syscall_filter.c (compile_policy_line, compile_errno). */
#include "format/minijail_parse.h"

#include "text/json_read.h"

/* ---- answers --------------------------------------------------------------------------- */

/* `kill` is that of a thread, unless the programs are told otherwise when they start. */
static const struct {
    const char *word;
    sp_verdict verdict;
    bool by_default;  /* may stand behind @default */
} actions[] = {
    { "allow", SP_VERDICT_ALLOW, false },
    { "kill", SP_VERDICT_KILL_THREAD, true },
    { "kill-process", SP_VERDICT_KILL_PROCESS, true },
    { "kill-thread", SP_VERDICT_KILL_THREAD, true },
    { "trap", SP_VERDICT_TRAP, true },
    { "trace", SP_VERDICT_TRACE, false },
    { "log", SP_VERDICT_LOG, false },
    { "user-notify", SP_VERDICT_NOTIFY, true },
};

enum { ACTIONS = sizeof actions / sizeof *actions };

static const char answers_text[] =
    "`1`, `return` and an error, an action, or an expression that begins with an argument";

static bool
find_action(struct sp_str word, size_t *ret_index)
{
    for (size_t i = 0; i < ACTIONS; i++) {
        if (sp_str_is(word, actions[i].word)) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

bool
sp_minijail_default_read(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
                         sp_verdict *ret_verdict)
{
    const struct sp_minijail_token *token = cursor->token;
    size_t index;

    if (token->kind != SP_MINIJAIL_WORD || !find_action(token->text, &index)
        || !actions[index].by_default) {
        return sp_minijail_fail_expected(
            parser, token, "`kill`, `kill-process`, `kill-thread`, `trap` or `user-notify`");
    }
    *ret_verdict = actions[index].verdict;
    sp_minijail_skip(cursor);
    if (!sp_minijail_is(cursor, SP_MINIJAIL_END)) {
        return sp_minijail_fail_expected(parser, cursor->token, "the end of the line");
    }
    return true;
}

static bool
ends_filter(const struct sp_minijail_cursor *cursor)
{
    return sp_minijail_is(cursor, SP_MINIJAIL_END)
        || sp_minijail_is(cursor, SP_MINIJAIL_SEMICOLON);
}

/* libminijail does not see what a tab parts from `return`, and kills. */
static bool
read_error(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
           struct sp_minijail_filter *filter)
{
    const struct sp_minijail_token *token = cursor->token;
    uint64_t number;

    if (filter->is_bare && ends_filter(cursor)) {
        sp_minijail_note(&parser->plain, filter->span, "a `return` without an error");
        filter->answers_default = true;
        return true;
    }
    if (filter->is_bare && token->gap == SP_MINIJAIL_GAP_OTHER) {
        return sp_minijail_fail_token(parser, token, "must be parted from `return` by a space");
    }
    if (!sp_minijail_constant(parser, cursor, &number)) {
        return false;
    }
    if (number > SP_VERDICT_DATA) {
        return sp_minijail_fail_token(parser, token, "is no error");
    }
    filter->answer = SP_VERDICT_ERRNO | (sp_verdict)number;
    return true;
}

static bool
read_allow(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
           struct sp_minijail_filter *filter)
{
    const struct sp_minijail_token *token = cursor->token;
    uint64_t number;

    if (!sp_minijail_constant(parser, cursor, &number)) {
        return false;
    }
    if (number != 1) {
        struct sp_diag *diag = sp_report_add(
            parser->report, SP_CODE_SYNTAX,
            sp_at_span(parser->source, token->span.start, token->span.end),
            "`%.*s` is no answer: `1` allows a call", SP_STR_ARG(token->text));
        sp_report_help(parser->report, diag,
                       "a call is denied by `return EPERM`, or by leaving it out");
        return false;
    }
    if (!sp_str_is(token->text, "1")) {
        sp_minijail_note(&parser->rich, token->span, "another `1`");
    }
    filter->answer = SP_VERDICT_ALLOW;
    return true;
}

static bool
read_answer(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor, bool denylist,
            struct sp_minijail_filter *filter)
{
    const struct sp_minijail_token *token = cursor->token;
    size_t index;

    filter->has_answer = true;
    if (token->kind == SP_MINIJAIL_WORD && sp_str_is(token->text, "return")) {
        sp_minijail_check_tabs(parser, token);
        sp_minijail_skip(cursor);
        return read_error(parser, cursor, filter);
    }
    if (denylist) {
        return sp_minijail_fail_expected(
            parser, token, "`return` and an error: deny lists have no other answers");
    }
    if (token->kind == SP_MINIJAIL_NUMBER) {
        return read_allow(parser, cursor, filter);
    }
    if (token->kind != SP_MINIJAIL_WORD || !find_action(token->text, &index)) {
        return sp_minijail_fail_expected(parser, token, answers_text);
    }
    sp_minijail_note(&parser->rich, token->span, "an action by name");
    filter->answer = actions[index].verdict;
    sp_minijail_skip(cursor);
    return true;
}

/* ---- filters --------------------------------------------------------------------------- */

static bool
is_argument(const struct sp_minijail_token *token)
{
    return token->kind == SP_MINIJAIL_WORD && token->text.len > 3
        && sp_str_has_prefix(token->text, "arg") && token->text.ptr[3] >= '0'
        && token->text.ptr[3] <= '9';
}

/* Behind an expression: `; return EPERM`, or nothing; libminijail takes one more semicolon. */
static bool
read_behind(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor, bool denylist,
            struct sp_minijail_filter *filter)
{
    if (!sp_minijail_is(cursor, SP_MINIJAIL_SEMICOLON)) {
        return true;
    }
    sp_minijail_skip(cursor);
    if (!(filter->is_bare && sp_minijail_is(cursor, SP_MINIJAIL_END))) {
        if (!read_answer(parser, cursor, denylist, filter)) {
            return false;
        }
        if (!filter->is_bare || !sp_minijail_is(cursor, SP_MINIJAIL_SEMICOLON)) {
            return true;
        }
        sp_minijail_skip(cursor);
    }
    sp_minijail_note(&parser->plain, cursor->token[-1].span,
                     "a semicolon at the end of a line");
    return true;
}

static bool
read_filter(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor, bool denylist,
            bool is_bare, struct sp_minijail_filters *filters)
{
    const struct sp_minijail_token *first = cursor->token;
    struct sp_minijail_filter filter = {
        .always = !is_argument(first), .is_bare = is_bare, .span = first->span,
    };

    bool is_read = filter.always
        ? read_answer(parser, cursor, denylist, &filter)
        : sp_minijail_expression(parser, cursor, &filter.condition)
            && read_behind(parser, cursor, denylist, &filter);
    if (!is_read) {
        return false;
    }
    struct sp_minijail_filter *place = sp_vec_push(parser->arena, &filters->all);
    if (place == NULL) {
        parser->report->failed = true;
        return false;
    }
    filter.span.end = cursor->token[-1].span.end;
    *place = filter;
    return true;
}

static bool
read_braces(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor, bool denylist,
            struct sp_minijail_filters *filters)
{
    sp_minijail_note(&parser->rich, cursor->token->span, "braces");
    do {
        sp_minijail_skip(cursor);
        if (!read_filter(parser, cursor, denylist, false, filters)) {
            return false;
        }
    } while (sp_minijail_is(cursor, SP_MINIJAIL_COMMA));
    if (!sp_minijail_is(cursor, SP_MINIJAIL_BRACE_CLOSE)) {
        return sp_minijail_fail_expected(parser, cursor->token, "`,` or `}`");
    }
    sp_minijail_skip(cursor);
    return true;
}

bool
sp_minijail_filters_read(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
                         bool denylist, struct sp_minijail_filters *filters)
{
    bool is_read = sp_minijail_is(cursor, SP_MINIJAIL_BRACE_OPEN)
        ? read_braces(parser, cursor, denylist, filters)
        : read_filter(parser, cursor, denylist, true, filters);

    if (is_read && !sp_minijail_is(cursor, SP_MINIJAIL_END)) {
        return sp_minijail_fail_expected(parser, cursor->token, "the end of the line");
    }
    return is_read;
}
