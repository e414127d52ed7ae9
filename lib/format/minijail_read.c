#include "format/minijail_read.h"

#include "format/minijail_parse.h"
#include "base/names.h"
#include "text/fault.h"
#include "text/json_read.h"

#include <string.h>

/* ---- lines that name no call
 * ---------------------------------------------------------------- */

static struct sp_place
place_of(const struct sp_minijail_parser *parser, struct sp_span span)
{
    return sp_at_span(parser->source, span.start, span.end);
}

static bool
fail_include(struct sp_minijail_parser *parser, const struct sp_minijail_cursor *cursor)
{
    const struct sp_minijail_token *path = cursor->token + 1;
    struct sp_diag *diag;

    if (path->kind != SP_MINIJAIL_PATH) {
        return sp_minijail_fail_expected(parser, path, "a path that begins with `/` or `./`");
    }
    diag = sp_report_add(parser->report, SP_CODE_SYNTAX, place_of(parser, path->span),
                         "`%.*s` is part of the policy, and only this text is read",
                         SP_STR_ARG(path->text));
    sp_report_help(parser->report, diag, "put its lines in the place of this one");
    return false;
}

static bool
read_default(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
             struct sp_minijail_policy *policy)
{
    struct sp_span span = cursor->token->span;

    sp_minijail_note(&parser->rich, span, "`@default`");
    sp_minijail_skip(cursor);
    if (!sp_minijail_default_read(parser, cursor, &policy->default_verdict)) {
        return false;
    }
    span.end = cursor->token[-1].span.end;
    policy->default_span = span;
    policy->has_default = true;
    if (policy->denylist) {
        sp_report_add(parser->report, SP_CODE_SYNTAX, place_of(parser, span),
                      "a deny list allows what it does not name: `@default` contradicts it");
        return false;
    }
    return true;
}

static const struct sp_name at_words[] = {
    { .name = "@default", .value = 0 },
    { .name = "@denylist", .value = 1 },
    { .name = "@frequency", .value = 2 },
    { .name = "@include", .value = 3 },
};

static bool
fail_at_word(struct sp_minijail_parser *parser, const struct sp_minijail_token *token)
{
    const char *closest = sp_names_closest(SP_NAMES(at_words), token->text);
    struct sp_diag *diag =
        sp_report_add(parser->report, SP_CODE_SYNTAX, place_of(parser, token->span),
                      "unknown statement `%.*s`", SP_STR_ARG(token->text));

    if (closest != NULL) {
        sp_report_help(parser->report, diag, "did you mean `%s`?", closest);
    }
    return false;
}

static bool
read_at_word(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
             struct sp_minijail_policy *policy)
{
    const struct sp_minijail_token *token = cursor->token;

    if (sp_str_is(token->text, "@include")) {
        return fail_include(parser, cursor);
    }
    if (sp_str_is(token->text, "@default")) {
        return read_default(parser, cursor, policy);
    }
    if (!sp_str_is(token->text, "@denylist")) {
        return fail_at_word(parser, token);
    }
    sp_minijail_note(&parser->rich, token->span, "`@denylist`");
    sp_minijail_skip(cursor);
    return sp_minijail_is(cursor, SP_MINIJAIL_END)
        || sp_minijail_fail_expected(parser, cursor->token, "the end of the line");
}

/* ---- lines
 * -------------------------------------------------------------------------------- */

/* libminijail looks for nothing behind the error of a `return`, and takes no remark
 * elsewhere. */
static bool
has_error(const struct sp_minijail_line *line)
{
    for (size_t i = 0; i + 2 < line->tokens.count; i++) {
        if (sp_str_is(line->tokens.at[i].text, "return")) {
            return true;
        }
    }
    return false;
}

static void
note_layout(struct sp_minijail_parser *parser, const struct sp_minijail_line *line)
{
    if (line->remark.end > line->remark.start && !has_error(line)) {
        sp_minijail_note(&parser->rich, line->remark, "a remark behind a line");
    }
    if (line->has_return) {
        sp_minijail_note(&parser->rich, line->tokens.at[line->tokens.count - 1].span,
                         "a line that ends with CR and LF");
    }
}

static bool
read_line(struct sp_minijail_parser *parser, const struct sp_minijail_line *line,
          struct sp_minijail_policy *policy)
{
    struct sp_minijail_cursor cursor = { .token = line->tokens.at };

    note_layout(parser, line);
    return sp_minijail_is(&cursor, SP_MINIJAIL_AT)
        ? read_at_word(parser, &cursor, policy)
        : sp_minijail_statement_read(parser, &cursor, policy);
}

static bool
collect_lines(struct sp_minijail_parser *parser, struct sp_minijail_text *text)
{
    struct sp_minijail_lexer lexer =
        sp_minijail_lexer_of(parser->arena, parser->source, parser->limits, parser->report);
    struct sp_minijail_line line;

    while (sp_minijail_line_next(&lexer, &line)) {
        if (line.tokens.count == 0) {
            continue;
        }
        struct sp_minijail_line *place = sp_vec_push(parser->arena, &text->lines);
        if (place == NULL) {
            parser->report->failed = true;
            return false;
        }
        memcpy(place, &line, sizeof line);
    }
    return !lexer.failed;
}

static bool
is_denylist(const struct sp_minijail_text *text)
{
    for (size_t i = 0; i < text->lines.count; i++) {
        if (sp_str_is(text->lines.at[i].tokens.at[0].text, "@denylist")) {
            return true;
        }
    }
    return false;
}

static bool
check_taste(struct sp_minijail_parser *parser)
{
    if (parser->rich.what == NULL || parser->plain.what == NULL) {
        return true;
    }
    struct sp_diag *diag =
        sp_report_add(parser->report, SP_CODE_SYNTAX, place_of(parser, parser->plain.span),
                      "no program reads this text: minijail0 takes %s, and not %s",
                      parser->plain.what, parser->rich.what);
    sp_report_related(parser->report, diag, place_of(parser, parser->rich.span),
                      "this is for compile_seccomp_policy.py");
    return false;
}

bool
sp_minijail_policy_read(struct sp_minijail_parser *parser, struct sp_minijail_policy *policy)
{
    struct sp_minijail_text text = { .lines = { .at = NULL } };

    policy->places = sp_arena_new_array(parser->arena, sp_kb_syscalls_count, uint32_t);
    if (policy->places == NULL) {
        parser->report->failed = true;
        return false;
    }
    if (!collect_lines(parser, &text)
        || !sp_minijail_find_arch(parser, &text, &policy->arch_span)) {
        return false;
    }
    policy->denylist = is_denylist(&text);
    policy->default_verdict = policy->denylist ? SP_VERDICT_ALLOW : SP_VERDICT_KILL_THREAD;
    for (size_t i = 0; i < text.lines.count; i++) {
        if (!read_line(parser, &text.lines.at[i], policy)) {
            return false;
        }
    }
    return check_taste(parser);
}

/* ---- the whole
 * ---------------------------------------------------------------------------- */

bool
sp_minijail_read(struct sp_arena *arena, const struct sp_source *source,
                 const struct sp_doc_limits *limits, struct sp_report *report,
                 struct sp_doc *ret_doc)
{
    struct sp_minijail_policy policy = { .calls = { .at = NULL } };
    struct sp_minijail_parser parser = {
        .arena = arena, .source = source, .limits = limits, .report = report,
    };
    struct sp_foreign *foreign;

    if (!sp_fault_check_text(source, limits, "a minijail policy", report)) {
        return false;
    }
    foreign = sp_foreign_new(arena, source);
    parser.store = foreign == NULL ? NULL : sp_foreign_store(foreign);
    bool is_told = parser.store != NULL && sp_minijail_policy_read(&parser, &policy)
        && sp_minijail_tell(&parser, foreign, &policy)
        && sp_foreign_check_multiplexers(foreign, report);
    bool is_finished = foreign != NULL && sp_foreign_finish(foreign, ret_doc);
    report->failed = report->failed || parser.store == NULL
        || ((is_told || report->diags.count == 0) && !is_finished);
    return is_told && is_finished;
}
