/* Source: google/minijail, tools/parser.py (_parse_metadata, _parse_syscall_descriptor) and
 * tools/generate_constants_json.py (the names of architectures). */
#include "format/minijail_parse.h"

#include "text/json_read.h"

static const struct {
    const char *word;
    const char *name;
} arches[] = {
    { "arm", "arm" },
    { "arm64", "aarch64" },
    { "loong64", "loongarch64" },
    { "riscv64", "riscv64" },
    { "x86", "x86" },
    { "x86_64", "x86_64" },
};

/* NULL for words that minijail has not: what they stand behind is for no machine. */
static const struct sp_kb_arch *
find_arch(struct sp_str word)
{
    for (size_t i = 0; i < sizeof arches / sizeof *arches; i++) {
        if (sp_str_is(word, arches[i].word)) {
            return sp_kb_arch_find(sp_str_of(arches[i].name));
        }
    }
    return NULL;
}

/* ---- the one architecture ---------------------------------------------------------------- */

static bool
fail_two(struct sp_minijail_parser *parser, struct sp_span first,
         const struct sp_minijail_token *token)
{
    struct sp_diag *diag = sp_report_add(
        parser->report, SP_CODE_SYNTAX,
        sp_at_span(parser->source, token->span.start, token->span.end),
        "lines are for several machines, and a policy means something on one: `%.*s` and "
        "`%.*s`",
        SP_STR_ARG(sp_source_slice(parser->source, first)), SP_STR_ARG(token->text));

    sp_report_related(parser->report, diag, sp_at_span(parser->source, first.start, first.end),
                      "the other machine");
    sp_report_help(parser->report, diag, "keep the lines of one machine");
    return false;
}

static bool
take_arch(struct sp_minijail_parser *parser, const struct sp_minijail_token *token,
          struct sp_span *span)
{
    const struct sp_kb_arch *arch = find_arch(token->text);

    if (arch == NULL || arch == parser->named) {
        return true;
    }
    if (parser->named != NULL) {
        return fail_two(parser, *span, token);
    }
    parser->named = arch;
    *span = token->span;
    return true;
}

static bool
is_list(const struct sp_minijail_line *line, size_t at)
{
    return at + 2 < line->tokens.count && line->tokens.at[at].kind == SP_MINIJAIL_WORD
        && sp_str_is(line->tokens.at[at].text, "arch")
        && line->tokens.at[at + 1].kind == SP_MINIJAIL_EQUAL;
}

static bool
find_in_line(struct sp_minijail_parser *parser, const struct sp_minijail_line *line,
             const struct sp_minijail_token **any, struct sp_span *span)
{
    for (size_t i = 0; i < line->tokens.count; i++) {
        if (!is_list(line, i)) {
            continue;
        }
        for (i += 2; line->tokens.at[i].kind == SP_MINIJAIL_WORD; i += 2) {
            *any = &line->tokens.at[i];
            if (!take_arch(parser, *any, span)) {
                return false;
            }
            if (line->tokens.at[i + 1].kind != SP_MINIJAIL_COMMA) {
                break;
            }
        }
    }
    return true;
}

bool
sp_minijail_find_arch(struct sp_minijail_parser *parser, const struct sp_minijail_text *text,
                      struct sp_span *ret_span)
{
    const struct sp_minijail_token *any = NULL;

    for (size_t i = 0; i < text->lines.count; i++) {
        if (!find_in_line(parser, &text->lines.at[i], &any, ret_span)) {
            return false;
        }
    }
    if (any != NULL && parser->named == NULL) {
        return sp_minijail_fail_expected(
            parser, any, "`arm`, `arm64`, `loong64`, `riscv64`, `x86` or `x86_64`");
    }
    parser->arch = parser->named != NULL ? parser->named : sp_foreign_machine(parser->source);
    parser->bits = parser->arch == NULL ? 64 : parser->arch->bits;
    return true;
}

/* ---- [arch=...] -------------------------------------------------------------------------- */

static bool
expect(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
       enum sp_minijail_token_kind kind, const char *text)
{
    if (!sp_minijail_is(cursor, kind)) {
        return sp_minijail_fail_expected(parser, cursor->token, text);
    }
    sp_minijail_skip(cursor);
    return true;
}

static bool
read_pair(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor, bool *has_arch,
          bool *applies)
{
    const struct sp_minijail_token *key = cursor->token;
    bool is_arch = sp_str_is(key->text, "arch");
    bool is_listed = false;

    if (is_arch && *has_arch) {
        return sp_minijail_fail_token(parser, key, "stands there twice");
    }
    *has_arch = *has_arch || is_arch;
    if (!expect(parser, cursor, SP_MINIJAIL_WORD, "a word such as `arch`")
        || !expect(parser, cursor, SP_MINIJAIL_EQUAL, "`=`")) {
        return false;
    }
    for (;;) {
        is_listed = is_listed || find_arch(cursor->token->text) == parser->named;
        if (!expect(parser, cursor, SP_MINIJAIL_WORD, "a word")) {
            return false;
        }
        if (!sp_minijail_is(cursor, SP_MINIJAIL_COMMA)) {
            break;
        }
        sp_minijail_skip(cursor);
    }
    *applies = *applies && (!is_arch || is_listed);
    return true;
}

bool
sp_minijail_metadata_read(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
                          bool *ret_applies)
{
    bool has_arch = false;

    *ret_applies = true;
    if (!sp_minijail_is(cursor, SP_MINIJAIL_BRACKET_OPEN)) {
        return true;
    }
    sp_minijail_note(&parser->rich, cursor->token->span, "brackets");
    do {
        sp_minijail_skip(cursor);
        if (!read_pair(parser, cursor, &has_arch, ret_applies)) {
            return false;
        }
    } while (sp_minijail_is(cursor, SP_MINIJAIL_SEMICOLON));
    return expect(parser, cursor, SP_MINIJAIL_BRACKET_CLOSE, "`;` or `]`");
}
