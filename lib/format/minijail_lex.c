#include "format/minijail_lex.h"

#include "text/fault.h"
#include "text/json_read.h"
#include "text/utf8.h"

#include <string.h>

struct sp_minijail_lexer
sp_minijail_lexer_of(struct sp_arena *arena, const struct sp_source *source,
                     const struct sp_doc_limits *limits, struct sp_report *report)
{
    bool has_mark = sp_str_has_prefix(source->text, SP_UTF8_BOM);

    return (struct sp_minijail_lexer){
        .arena = arena, .source = source, .limits = limits, .report = report,
        .at = has_mark ? (uint32_t)strlen(SP_UTF8_BOM) : 0,
    };
}

/* ---- bytes ----------------------------------------------------------------------------- */

/* NUL at the end of the text; NUL in it is no byte of any token either. */
static char
byte_at(const struct sp_minijail_lexer *lexer, size_t at)
{
    return at < lexer->source->text.len ? lexer->source->text.ptr[at] : '\0';
}

/* The offset of the line's LF, or the end of the text; CRs before it belong to the line end. */
static uint32_t
line_end(const struct sp_minijail_lexer *lexer, uint32_t from)
{
    struct sp_str text = lexer->source->text;
    const char *found = from < text.len ? memchr(text.ptr + from, '\n', text.len - from) : NULL;

    return found == NULL ? (uint32_t)text.len : (uint32_t)(found - text.ptr);
}

static uint32_t
without_returns(const struct sp_minijail_lexer *lexer, uint32_t start, uint32_t end)
{
    while (end > start && lexer->source->text.ptr[end - 1] == '\r') {
        end--;
    }
    return end;
}

/* ---- one token ------------------------------------------------------------------------- */

static bool
fail_byte(struct sp_minijail_lexer *lexer, uint32_t at)
{
    unsigned char byte = (unsigned char)byte_at(lexer, at);
    struct sp_place place = sp_at_span(lexer->source, at, at + 1);

    lexer->failed = true;
    if (byte == '\\') {
        struct sp_diag *diag =
            sp_report_add(lexer->report, SP_CODE_SYNTAX, place,
                          "a backslash continues a line only at its very end");
        sp_report_help(lexer->report, diag, "remove what stands behind it, or the backslash");
    } else if (byte > ' ' && byte < 0x7f) {
        sp_report_add(lexer->report, SP_CODE_SYNTAX, place,
                      "`%c` begins nothing that a policy has", byte);
    } else {
        sp_report_add(lexer->report, SP_CODE_SYNTAX, place,
                      "the byte 0x%02x stands outside of a comment", byte);
    }
    return false;
}

static bool
push(struct sp_minijail_lexer *lexer, struct sp_minijail_line *line,
     enum sp_minijail_token_kind kind, enum sp_minijail_gap gap, uint32_t start, uint32_t end)
{
    struct sp_span span = { .start = start, .end = end };

    if (lexer->count++ >= lexer->limits->nodes) {
        lexer->failed = true;
        return sp_fault_nodes(lexer->source, span, lexer->limits, lexer->report);
    }
    struct sp_minijail_token *token = sp_vec_push(lexer->arena, &line->tokens);
    if (token == NULL) {
        lexer->failed = true;
        lexer->report->failed = true;
        return false;
    }
    *token = (struct sp_minijail_token){
        .kind = kind, .gap = gap, .span = span, .text = sp_source_slice(lexer->source, span),
    };
    return true;
}

/* ---- lines ----------------------------------------------------------------------------- */

/* The gap is one for the whole way to the next token. */
static void
widen(enum sp_minijail_gap *gap, char byte)
{
    if (byte != ' ') {
        *gap = SP_MINIJAIL_GAP_OTHER;
    } else if (*gap == SP_MINIJAIL_GAP_NONE) {
        *gap = SP_MINIJAIL_GAP_SPACES;
    }
}

/* The tokens from `at` to `end`, where the line (or its backslash) ends. */
static bool
read_tokens(struct sp_minijail_lexer *lexer, struct sp_minijail_line *line, uint32_t at,
            uint32_t end, enum sp_minijail_gap *gap)
{
    while (at < end) {
        char byte = byte_at(lexer, at);
        enum sp_minijail_token_kind kind = SP_MINIJAIL_END;

        if (sp_minijail_is_blank(byte)) {
            widen(gap, byte);
            at++;
            continue;
        }
        if (byte == '#') {
            if (line->tokens.count > 0) {
                line->remark = (struct sp_span){ .start = at, .end = end };
            }
            return true;
        }
        size_t len = sp_minijail_token_len(sp_str_slice(lexer->source->text, at, end), &kind);
        if (len == 0) {
            return fail_byte(lexer, at);
        }
        if (!push(lexer, line, kind, *gap, at, at + (uint32_t)len)) {
            return false;
        }
        *gap = SP_MINIJAIL_GAP_NONE;
        at += (uint32_t)len;
    }
    return true;
}

/* libminijail joins lines before it looks for comments, the other program looks line by
 * line. */
static bool
fail_comment(struct sp_minijail_lexer *lexer, uint32_t end)
{
    struct sp_diag *diag =
        sp_report_add(lexer->report, SP_CODE_SYNTAX, sp_at_span(lexer->source, end - 1, end),
                      "a comment ends with a backslash: for minijail0 the next line belongs to "
                      "it, for compile_seccomp_policy.py it does not");

    sp_report_help(lexer->report, diag, "end the comment with another character");
    lexer->failed = true;
    return false;
}

static bool
fail_end(struct sp_minijail_lexer *lexer, uint32_t end)
{
    struct sp_diag *diag =
        sp_report_add(lexer->report, SP_CODE_SYNTAX, sp_at_span(lexer->source, end - 1, end),
                      "the last line says that it goes on, and is ignored by minijail");

    sp_report_help(lexer->report, diag, "remove the backslash");
    lexer->failed = true;
    return false;
}

static uint32_t
skip_blanks(const struct sp_minijail_lexer *lexer, uint32_t at, uint32_t end)
{
    while (at < end && sp_minijail_is_blank(byte_at(lexer, at))) {
        at++;
    }
    return at;
}

static bool
is_frequency(const struct sp_minijail_lexer *lexer, uint32_t at, uint32_t end)
{
    struct sp_str rest = sp_str_slice(lexer->source->text, at, end);

    return sp_str_has_prefix(rest, "@frequency")
        && (rest.len == strlen("@frequency")
            || !sp_minijail_is_word_byte(rest.ptr[strlen("@frequency")]));
}

/* One line of the text; `*ret_more` tells that the next one goes on with it. */
static bool
read_piece(struct sp_minijail_lexer *lexer, struct sp_minijail_line *line,
           enum sp_minijail_gap *gap, bool *ignored, bool *ret_more)
{
    uint32_t start = lexer->at;
    uint32_t behind = line_end(lexer, start);
    uint32_t end = without_returns(lexer, start, behind);
    uint32_t first = skip_blanks(lexer, start, end);
    bool is_last = behind >= lexer->source->text.len;

    *ret_more = end > start && byte_at(lexer, end - 1) == '\\';
    lexer->at = is_last ? behind : behind + 1;
    if (*ret_more && lexer->at >= lexer->source->text.len) {
        return fail_end(lexer, end);
    }
    if (*ret_more && line->tokens.count == 0 && first < end && byte_at(lexer, first) == '#') {
        return fail_comment(lexer, end);
    }
    *ignored = *ignored || (line->tokens.count == 0 && is_frequency(lexer, first, end));
    if (!*ignored && !read_tokens(lexer, line, start, *ret_more ? end - 1 : end, gap)) {
        return false;
    }
    line->has_return = line->has_return || end != behind;
    if (*ret_more) {
        widen(gap, ' ');
    }
    return true;
}

bool
sp_minijail_line_next(struct sp_minijail_lexer *lexer, struct sp_minijail_line *ret_line)
{
    struct sp_minijail_line line = { .tokens = { .at = NULL } };
    enum sp_minijail_gap gap = SP_MINIJAIL_GAP_NONE;
    bool ignored = false;
    bool more = true;

    if (lexer->failed || lexer->at >= lexer->source->text.len) {
        return false;
    }
    while (more) {
        if (!read_piece(lexer, &line, &gap, &ignored, &more)) {
            return false;
        }
    }
    if (line.tokens.count > 0) {
        uint32_t end = line.tokens.at[line.tokens.count - 1].span.end;
        if (!push(lexer, &line, SP_MINIJAIL_END, gap, end, end)) {
            return false;
        }
    }
    memcpy(ret_line, &line, sizeof line);
    return true;
}
