#include "format/kafel_reader.h"

#include "base/closest.h"
#include "format/kafel_value.h"
#include "format/list_names.h"

#include <stdio.h>

/* What a part of an expression is: only behind its brackets can be told whether they hold a
 * value or a condition. */
struct part {
    bool is_condition;
    sp_dd condition;
    struct sp_kafel_value value;
    unsigned depth;  /* as kafel counts it */
    uint32_t start;  /* of its text */
};

static bool
take_any(struct sp_kafel *kafel, struct part *ret_part);

static struct sp_span
span_of(const struct sp_kafel *kafel, uint32_t start)
{
    uint32_t end = kafel->token.span.start;

    return (struct sp_span){ .start = start, .end = end > start ? end : start };
}

/* The depth of an operator over two parts, or over one (the same one twice). */
static bool
deepen(struct sp_kafel *kafel, struct part *left, const struct part *right)
{
    unsigned depth = left->depth > right->depth ? left->depth : right->depth;

    left->depth = depth + 1;
    return depth < SP_KAFEL_DEPTH
        || sp_list_fail(kafel->report, kafel->source, span_of(kafel, left->start),
                        "split the rule in several with the same action",
                        "the expression is deeper than kafel's limit of %d", SP_KAFEL_DEPTH);
}

static bool
want(struct sp_kafel *kafel, const struct part *part, bool condition)
{
    return part->is_condition == condition
        || sp_list_fail(kafel->report, kafel->source, span_of(kafel, part->start),
                        condition ? "compare it with something, as in `fd == 1`"
                                  : "conditions are joined by && and ||",
                        condition ? "a value is no condition" : "a condition is no value");
}

/* ---- values -------------------------------------------------------------------------- */

static bool
fail_argument(struct sp_kafel *kafel, struct sp_span span)
{
    struct sp_str name = sp_kafel_text(kafel, span);
    struct sp_closest closest = sp_closest_to(name);
    char names[SP_ARGS][SP_CLOSEST_WORD_MAX + 1];
    char help[160];

    for (size_t i = 0; i < kafel->arg_count; i++) {
        (void)snprintf(names[i], sizeof names[i], "%.*s", SP_LIST_SHOWN(kafel->args[i].name));
        sp_closest_offer(&closest, names[i]);
    }
    if (closest.count > 0) {
        (void)snprintf(help, sizeof help, "is it `%s`?", closest.best[0].name);
    } else {
        (void)snprintf(help, sizeof help,
                       "define it, or declare the arguments: %s(first, second)",
                       kafel->call == NULL ? "call" : sp_kb_text(kafel->call->name));
    }
    return sp_list_fail(kafel->report, kafel->source, span, help,
                        "`%.*s` is no constant, and no argument of `%s`", SP_LIST_SHOWN(name),
                        kafel->call == NULL ? "this call" : sp_kb_text(kafel->call->name));
}

/* Constants before arguments, as kafel looks. */
static bool
take_name(struct sp_kafel *kafel, struct part *ret_part)
{
    struct sp_str name = sp_kafel_text(kafel, kafel->token.span);
    const struct sp_kafel_constant *constant = sp_kafel_constant(kafel, name);

    if (constant != NULL) {
        ret_part->value = sp_kafel_value_number(constant->value);
        return sp_kafel_next(kafel);
    }
    for (unsigned i = 0; i < kafel->arg_count; i++) {
        if (sp_str_equal(kafel->args[i].name, name)) {
            ret_part->value = sp_kafel_value_arg(i, kafel->args[i].is_wide);
            return sp_kafel_next(kafel);
        }
    }
    return fail_argument(kafel, kafel->token.span);
}

static bool
take_brackets(struct sp_kafel *kafel, struct part *ret_part)
{
    struct sp_span opening = kafel->token.span;

    if (kafel->nesting == SP_KAFEL_NESTING) {
        return sp_list_fail(kafel->report, kafel->source, opening, "remove brackets",
                            "brackets stand %d deep here", SP_KAFEL_NESTING + 1);
    }
    kafel->nesting++;
    if (!sp_kafel_next(kafel) || !take_any(kafel, ret_part)
        || !sp_kafel_take(kafel, ')', "`)` or an operator")) {
        return false;
    }
    kafel->nesting--;
    ret_part->start = opening.start;
    return true;
}

static bool
take_operand(struct sp_kafel *kafel, struct part *ret_part)
{
    *ret_part = (struct part){ .start = kafel->token.span.start };
    switch (kafel->token.kind) {
    case SP_KAFEL_NUMBER:
        ret_part->value = sp_kafel_value_number(kafel->token.number);
        return sp_kafel_next(kafel);
    case SP_KAFEL_NAME:
        return take_name(kafel, ret_part);
    case '(':
        return take_brackets(kafel, ret_part);
    default:
        return sp_kafel_unexpected(kafel, "an argument, a number or `(`");
    }
}

static bool
take_bit_and(struct sp_kafel *kafel, struct part *ret_part)
{
    struct part right;

    if (!take_operand(kafel, ret_part)) {
        return false;
    }
    while (kafel->token.kind == '&') {
        if (!want(kafel, ret_part, false) || !sp_kafel_next(kafel)
            || !take_operand(kafel, &right) || !want(kafel, &right, false) || !deepen(kafel, ret_part, &right)) {
            return false;
        }
        ret_part->value = sp_kafel_value_and(ret_part->value, right.value);
    }
    return true;
}

static bool
take_bit_or(struct sp_kafel *kafel, struct part *ret_part)
{
    struct part right;

    if (!take_bit_and(kafel, ret_part)) {
        return false;
    }
    while (kafel->token.kind == '|') {
        if (!want(kafel, ret_part, false) || !sp_kafel_next(kafel)
            || !take_bit_and(kafel, &right) || !want(kafel, &right, false) || !deepen(kafel, ret_part, &right)) {
            return false;
        }
        ret_part->value = sp_kafel_value_or(ret_part->value, right.value);
    }
    return true;
}

/* ---- conditions ---------------------------------------------------------------------- */

static bool
is_comparison(int kind, enum sp_dd_compare *ret_op)
{
    static const struct {
        int kind;
        enum sp_dd_compare op;
    } rows[] = {
        { SP_KAFEL_EQ, SP_DD_EQ }, { SP_KAFEL_NE, SP_DD_NE }, { '<', SP_DD_LT },
        { SP_KAFEL_LE, SP_DD_LE }, { '>', SP_DD_GT },         { SP_KAFEL_GE, SP_DD_GE },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].kind == kind) {
            *ret_op = rows[i].op;
            return true;
        }
    }
    return false;
}

/* A comparison; or a value, or a condition in brackets, as the case may be. */
static bool
take_comparison(struct sp_kafel *kafel, struct part *ret_part)
{
    enum sp_dd_compare op;
    struct part right;

    if (!take_bit_or(kafel, ret_part)) {
        return false;
    }
    if (!is_comparison(kafel->token.kind, &op)) {
        return true;
    }
    if (!want(kafel, ret_part, false) || !sp_kafel_next(kafel) || !take_bit_or(kafel, &right)
        || !want(kafel, &right, false) || !deepen(kafel, ret_part, &right)) {
        return false;
    }
    ret_part->is_condition = true;
    return sp_kafel_compare(kafel->store, op, ret_part->value, right.value, &ret_part->condition)
        || sp_list_fail(kafel->report, kafel->source, span_of(kafel, ret_part->start),
                        "compare each argument with a number",
                        "two arguments are compared, which no profile can say");
}

static bool
take_primary(struct sp_kafel *kafel, struct part *ret_part)
{
    uint32_t start = kafel->token.span.start;

    if (kafel->token.kind != '!') {
        return take_comparison(kafel, ret_part);
    }
    if (kafel->nesting == SP_KAFEL_NESTING) {
        return sp_list_fail(kafel->report, kafel->source, kafel->token.span, "remove brackets",
                            "brackets stand %d deep here", SP_KAFEL_NESTING + 1);
    }
    kafel->nesting++;
    if (!sp_kafel_next(kafel) || !take_primary(kafel, ret_part) || !want(kafel, ret_part, true)
        || !deepen(kafel, ret_part, ret_part)) {
        return false;
    }
    kafel->nesting--;
    ret_part->condition = sp_dd_not(kafel->store, ret_part->condition);
    ret_part->start = start;
    return true;
}

static bool
take_and(struct sp_kafel *kafel, struct part *ret_part)
{
    struct part right;

    if (!take_primary(kafel, ret_part)) {
        return false;
    }
    while (kafel->token.kind == SP_KAFEL_AND) {
        if (!want(kafel, ret_part, true) || !sp_kafel_next(kafel)
            || !take_primary(kafel, &right) || !want(kafel, &right, true) || !deepen(kafel, ret_part, &right)) {
            return false;
        }
        ret_part->condition = sp_dd_and(kafel->store, ret_part->condition, right.condition);
    }
    return true;
}

/* Alternatives joined by `mark`: || binds closer than the comma. */
static bool
take_or(struct sp_kafel *kafel, int mark, struct part *ret_part)
{
    struct part right;

    if (!(mark == ',' ? take_or(kafel, SP_KAFEL_OR, ret_part) : take_and(kafel, ret_part))) {
        return false;
    }
    while (kafel->token.kind == mark) {
        if (!want(kafel, ret_part, true) || !sp_kafel_next(kafel)
            || !(mark == ',' ? take_or(kafel, SP_KAFEL_OR, &right) : take_and(kafel, &right))
            || !want(kafel, &right, true) || !deepen(kafel, ret_part, &right)) {
            return false;
        }
        ret_part->condition = sp_dd_or(kafel->store, ret_part->condition, right.condition);
    }
    return true;
}

static bool
take_any(struct sp_kafel *kafel, struct part *ret_part)
{
    return take_or(kafel, ',', ret_part);
}

bool
sp_kafel_expression(struct sp_kafel *kafel, sp_dd *ret_condition)
{
    struct part part;

    kafel->nesting = 0;
    if (!take_any(kafel, &part) || !want(kafel, &part, true)) {
        return false;
    }
    *ret_condition = part.condition;
    return true;
}
