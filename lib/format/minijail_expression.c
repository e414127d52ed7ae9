/* Source: google/minijail, tools/parser.py (parse_argument_expression), tools/bpf.py (Atom)
 * and bpf.c (bpf_arg_comp): comparisons are unsigned, `&` is "any of these bits", `in` is
 * "no other bits". */
#include "format/minijail_parse.h"

/* ---- atoms ----------------------------------------------------------------------------- */

static bool
read_argument(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
              unsigned *ret_index)
{
    const struct sp_minijail_token *token = cursor->token;
    uint64_t index;

    if (token->kind != SP_MINIJAIL_WORD || !sp_str_has_prefix(token->text, "arg")
        || !sp_str_to_decimal(sp_str_slice(token->text, 3, token->text.len), &index)) {
        return sp_minijail_fail_expected(parser, token, "an argument, `arg0` to `arg5`");
    }
    if (index >= SP_ARGS) {
        return sp_minijail_fail_token(parser, token,
                                      "is none: filters see the arguments 0 to 5");
    }
    sp_minijail_skip(cursor);
    *ret_index = (unsigned)index;
    return true;
}

enum operator { EQ, NE, LT, LE, GT, GE, ANY_OF, ONLY };

static const struct {
    const char *text;
    enum operator op;
} operators[] = {
    { "==", EQ }, { "!=", NE }, { "<", LT }, { "<=", LE }, { ">", GT }, { ">=", GE },
    { "&", ANY_OF }, { "in", ONLY },
};

static bool
read_operator(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
              enum operator *ret_op)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (sp_str_is(cursor->token->text, operators[i].text)) {
            *ret_op = operators[i].op;
            sp_minijail_skip(cursor);
            return true;
        }
    }
    return sp_minijail_fail_expected(parser, cursor->token,
                                     "one of `==` `!=` `<` `<=` `>` `>=` `&` `in`");
}

static sp_dd
atom_diagram(const struct sp_minijail_parser *parser, unsigned arg, enum operator op,
             uint64_t value)
{
    static const enum sp_dd_compare compare[] = {
        [EQ] = SP_DD_EQ, [NE] = SP_DD_NE, [LT] = SP_DD_LT,
        [LE] = SP_DD_LE, [GT] = SP_DD_GT, [GE] = SP_DD_GE,
    };
    uint64_t mask = sp_minijail_word(parser);

    if (op == ANY_OF) {
        return sp_dd_compare(parser->store, arg, SP_DD_NE, value, 0);
    }
    if (op == ONLY) {
        return sp_dd_compare(parser->store, arg, SP_DD_EQ, ~value & mask, 0);
    }
    return sp_dd_compare(parser->store, arg, compare[op], mask, value);
}

/* libminijail parts the three words of an atom at spaces. */
static void
check_parted(struct sp_minijail_parser *parser, const struct sp_minijail_cursor *cursor)
{
    if (cursor->token->gap != SP_MINIJAIL_GAP_SPACES) {
        sp_minijail_note(&parser->rich, cursor->token->span, "a comparison without spaces");
    }
}

static bool
read_atom(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
          sp_dd *ret_condition)
{
    unsigned arg = 0;
    enum operator op = EQ;
    uint64_t value;

    if (!read_argument(parser, cursor, &arg)) {
        return false;
    }
    check_parted(parser, cursor);
    if (!read_operator(parser, cursor, &op)) {
        return false;
    }
    check_parted(parser, cursor);
    if (!sp_minijail_value(parser, cursor, &value)) {
        return false;
    }
    *ret_condition = atom_diagram(parser, arg, op, value);
    return true;
}

/* ---- expressions ----------------------------------------------------------------------- */

void
sp_minijail_check_tabs(struct sp_minijail_parser *parser,
                       const struct sp_minijail_token *token)
{
    if (token->gap == SP_MINIJAIL_GAP_OTHER && token->kind != SP_MINIJAIL_END) {
        sp_minijail_note(&parser->rich, token->span, "a tab within a line");
    }
}

static bool
read_clause(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
            sp_dd *ret_condition)
{
    sp_dd all = sp_dd_leaf(parser->store, 1);
    sp_dd atom;

    for (;;) {
        if (!read_atom(parser, cursor, &atom)) {
            return false;
        }
        all = sp_dd_and(parser->store, all, atom);
        sp_minijail_check_tabs(parser, cursor->token);
        if (!sp_minijail_is(cursor, SP_MINIJAIL_AND)) {
            *ret_condition = all;
            return true;
        }
        sp_minijail_skip(cursor);
        sp_minijail_check_tabs(parser, cursor->token);
    }
}

bool
sp_minijail_expression(struct sp_minijail_parser *parser, struct sp_minijail_cursor *cursor,
                       sp_dd *ret_condition)
{
    sp_dd any = sp_dd_leaf(parser->store, 0);
    sp_dd clause;

    for (;;) {
        if (!read_clause(parser, cursor, &clause)) {
            return false;
        }
        any = sp_dd_or(parser->store, any, clause);
        if (!sp_minijail_is(cursor, SP_MINIJAIL_OR)) {
            *ret_condition = any;
            return true;
        }
        sp_minijail_skip(cursor);
        sp_minijail_check_tabs(parser, cursor->token);
    }
}
