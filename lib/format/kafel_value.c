#include "format/kafel_value.h"

struct sp_kafel_value
sp_kafel_value_number(uint64_t number)
{
    return (struct sp_kafel_value){ .is_wide = number > UINT32_MAX, .bits = number };
}

struct sp_kafel_value
sp_kafel_value_arg(unsigned arg, bool is_wide)
{
    return (struct sp_kafel_value){
        .has_arg = true, .arg = arg, .is_wide = is_wide, .mask = UINT64_MAX,
    };
}

static struct sp_kafel_value
two_args(void)
{
    return (struct sp_kafel_value){ .has_arg = true, .has_two = true, .is_wide = true };
}

static void
number_right(struct sp_kafel_value *left, struct sp_kafel_value *right)
{
    struct sp_kafel_value swapped = *left;

    if (!left->has_arg) {
        *left = *right;
        *right = swapped;
    }
}

/* A number that decides the result alone, or changes nothing, is folded before widths are
 * looked at (src/expression.c, expr_simplify). */
struct sp_kafel_value
sp_kafel_value_and(struct sp_kafel_value left, struct sp_kafel_value right)
{
    number_right(&left, &right);
    if (!left.has_arg) {
        return sp_kafel_value_number(left.bits & right.bits);
    }
    if (right.has_arg) {
        return two_args();
    }
    if (right.bits == 0) {
        return sp_kafel_value_number(0);
    }
    left.is_wide = left.is_wide || (right.bits != UINT64_MAX && right.is_wide);
    left.mask &= right.bits;
    left.bits &= right.bits;
    return left;
}

struct sp_kafel_value
sp_kafel_value_or(struct sp_kafel_value left, struct sp_kafel_value right)
{
    number_right(&left, &right);
    if (!left.has_arg) {
        return sp_kafel_value_number(left.bits | right.bits);
    }
    if (right.has_arg) {
        return two_args();
    }
    if (right.bits == UINT64_MAX) {
        return sp_kafel_value_number(UINT64_MAX);
    }
    left.is_wide = left.is_wide || right.is_wide;
    left.mask &= ~right.bits;
    left.bits |= right.bits;
    return left;
}

/* ---- comparisons --------------------------------------------------------------------- */

static enum sp_dd_compare
swapped_op(enum sp_dd_compare op)
{
    switch (op) {
    case SP_DD_LT:
        return SP_DD_GT;
    case SP_DD_LE:
        return SP_DD_GE;
    case SP_DD_GT:
        return SP_DD_LT;
    case SP_DD_GE:
        return SP_DD_LE;
    case SP_DD_EQ:
    case SP_DD_NE:
        break;
    }
    return op;
}

static bool
holds(enum sp_dd_compare op, uint64_t left, uint64_t right)
{
    switch (op) {
    case SP_DD_EQ:
        return left == right;
    case SP_DD_NE:
        return left != right;
    case SP_DD_LT:
        return left < right;
    case SP_DD_LE:
        return left <= right;
    case SP_DD_GT:
        return left > right;
    case SP_DD_GE:
        return left >= right;
    }
    return false;
}

/* (argument & mask) | bits against a number: as no bit is in both, the bits can be taken
 * from both sides; a number below them is below every value. */
static sp_dd
compare_arg(struct sp_dd_store *store, enum sp_dd_compare op, struct sp_kafel_value left,
            uint64_t number)
{
    if (number < left.bits) {
        return sp_dd_leaf(store, holds(op, 1, 0) ? 1 : 0);
    }
    return sp_dd_compare(store, left.arg, op, left.mask, number - left.bits);
}

bool
sp_kafel_compare(struct sp_dd_store *store, enum sp_dd_compare op, struct sp_kafel_value left,
                 struct sp_kafel_value right, sp_dd *ret_condition)
{
    bool is_wide = left.is_wide || right.is_wide;

    if (left.has_two || right.has_two || (left.has_arg && right.has_arg)) {
        return false;
    }
    if (!left.has_arg && !right.has_arg) {
        *ret_condition = sp_dd_leaf(store, holds(op, left.bits, right.bits) ? 1 : 0);
        return true;
    }
    if (!left.has_arg) {
        number_right(&left, &right);
        op = swapped_op(op);
    }
    if (!is_wide) {
        left.mask &= UINT32_MAX;
        left.bits &= UINT32_MAX;
    }
    *ret_condition = compare_arg(store, op, left, right.bits);
    return true;
}
