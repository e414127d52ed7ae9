#include "sem/bpf_word.h"

#include "sem/bpf_code.h"

struct sp_bpf_word
sp_bpf_word_of(uint32_t value)
{
    return (struct sp_bpf_word){ .value = value };
}

struct sp_bpf_word
sp_bpf_word_unknown(void)
{
    struct sp_bpf_word word = { .open = UINT32_MAX };

    for (unsigned bit = 0; bit < SP_BPF_BITS; bit++) {
        word.cell[bit] = SP_BPF_CELL_UNKNOWN;
    }
    return word;
}

struct sp_bpf_word
sp_bpf_word_load(uint32_t offset)
{
    struct sp_bpf_word word = { .open = UINT32_MAX };
    unsigned first = (offset - SP_BPF_DATA_ARGS) * 8;

    for (unsigned bit = 0; bit < SP_BPF_BITS; bit++) {
        word.cell[bit] = (sp_bpf_cell)(SP_BPF_CELL_INPUT + 2 * (first + bit));
    }
    return word;
}

bool
sp_bpf_word_has_unknown(const struct sp_bpf_word *word)
{
    for (unsigned bit = 0; bit < SP_BPF_BITS; bit++) {
        if (word->cell[bit] == SP_BPF_CELL_UNKNOWN) {
            return true;
        }
    }
    return false;
}

/* ---- cells ------------------------------------------------------------------------------- */

static sp_bpf_cell
get(const struct sp_bpf_word *word, unsigned bit)
{
    if ((word->open >> bit & 1) != 0) {
        return word->cell[bit];
    }
    return (sp_bpf_cell)(word->value >> bit & 1);
}

static void
set(struct sp_bpf_word *word, unsigned bit, sp_bpf_cell cell)
{
    if (cell <= SP_BPF_CELL_1) {
        word->value |= (uint32_t)cell << bit;
    } else {
        word->open |= (uint32_t)1 << bit;
        word->cell[bit] = cell;
    }
}

static sp_bpf_cell
inverse(sp_bpf_cell cell)
{
    return cell == SP_BPF_CELL_UNKNOWN ? cell : cell ^ 1;
}

static sp_bpf_cell
both(sp_bpf_cell left, sp_bpf_cell right)
{
    if (left <= SP_BPF_CELL_1 || right <= SP_BPF_CELL_1) {
        sp_bpf_cell constant = left <= SP_BPF_CELL_1 ? left : right;
        sp_bpf_cell other = left <= SP_BPF_CELL_1 ? right : left;
        return constant == SP_BPF_CELL_1 ? other : SP_BPF_CELL_0;
    }
    if (left == SP_BPF_CELL_UNKNOWN || right == SP_BPF_CELL_UNKNOWN) {
        return SP_BPF_CELL_UNKNOWN;
    }
    if (left == right) {
        return left;
    }
    return left == inverse(right) ? SP_BPF_CELL_0 : SP_BPF_CELL_UNKNOWN;
}

static sp_bpf_cell
either(sp_bpf_cell left, sp_bpf_cell right)
{
    return inverse(both(inverse(left), inverse(right)));
}

static sp_bpf_cell
differ(sp_bpf_cell left, sp_bpf_cell right)
{
    if (left == SP_BPF_CELL_UNKNOWN || right == SP_BPF_CELL_UNKNOWN) {
        return SP_BPF_CELL_UNKNOWN;
    }
    if (left <= SP_BPF_CELL_1) {
        return right ^ left;
    }
    if (right <= SP_BPF_CELL_1) {
        return left ^ right;
    }
    if ((left | 1) == (right | 1)) {
        return (left ^ right) & 1;
    }
    return SP_BPF_CELL_UNKNOWN;
}

/* ---- words ------------------------------------------------------------------------------- */

static struct sp_bpf_word
each(sp_bpf_cell (*combine)(sp_bpf_cell, sp_bpf_cell), const struct sp_bpf_word *left,
     const struct sp_bpf_word *right)
{
    struct sp_bpf_word made = { .open = 0 };

    for (unsigned bit = 0; bit < SP_BPF_BITS; bit++) {
        set(&made, bit, combine(get(left, bit), get(right, bit)));
    }
    return made;
}

static struct sp_bpf_word
complement(const struct sp_bpf_word *word)
{
    struct sp_bpf_word ones = sp_bpf_word_of(UINT32_MAX);

    return each(differ, word, &ones);
}

/* Of three bits, what at least two are. */
static sp_bpf_cell
majority(sp_bpf_cell one, sp_bpf_cell two, sp_bpf_cell carry)
{
    if (one == two && one != SP_BPF_CELL_UNKNOWN) {
        return one;
    }
    if (differ(one, two) == SP_BPF_CELL_1) {
        return carry;
    }
    return either(both(one, two), both(carry, either(one, two)));
}

/* As on paper: bit by bit, with a carry. */
static struct sp_bpf_word
add(const struct sp_bpf_word *left, const struct sp_bpf_word *right, sp_bpf_cell carry)
{
    struct sp_bpf_word made = { .open = 0 };

    for (unsigned bit = 0; bit < SP_BPF_BITS; bit++) {
        sp_bpf_cell one = get(left, bit);
        sp_bpf_cell two = get(right, bit);
        set(&made, bit, differ(differ(one, two), carry));
        carry = majority(one, two, carry);
    }
    return made;
}

static struct sp_bpf_word
subtract(const struct sp_bpf_word *left, const struct sp_bpf_word *right)
{
    struct sp_bpf_word rest = complement(right);

    return add(left, &rest, SP_BPF_CELL_1);
}

struct sp_bpf_word
sp_bpf_word_negate(const struct sp_bpf_word *a)
{
    struct sp_bpf_word zero = sp_bpf_word_of(0);

    return subtract(&zero, a);
}

static struct sp_bpf_word
shift_left(const struct sp_bpf_word *word, unsigned by)
{
    struct sp_bpf_word made = { .open = 0 };

    for (unsigned bit = by; bit < SP_BPF_BITS; bit++) {
        set(&made, bit, get(word, bit - by));
    }
    return made;
}

static struct sp_bpf_word
shift_right(const struct sp_bpf_word *word, unsigned by)
{
    struct sp_bpf_word made = { .open = 0 };

    for (unsigned bit = by; bit < SP_BPF_BITS; bit++) {
        set(&made, bit - by, get(word, bit));
    }
    return made;
}

static struct sp_bpf_word
multiply(const struct sp_bpf_word *word, uint32_t factor)
{
    struct sp_bpf_word made = sp_bpf_word_of(0);

    for (unsigned bit = 0; bit < SP_BPF_BITS; bit++) {
        if ((factor >> bit & 1) != 0) {
            struct sp_bpf_word shifted = shift_left(word, bit);
            made = add(&made, &shifted, SP_BPF_CELL_0);
        }
    }
    return made;
}

static bool
is_power_of_two(uint32_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

static bool
is_zero(const struct sp_bpf_word *word)
{
    return sp_bpf_word_is_constant(word) && word->value == 0;
}

/* MUL, DIV and shifts, of which only those by a constant are followed. */
static struct sp_bpf_word
scale(uint16_t code, const struct sp_bpf_word *a, const struct sp_bpf_word *operand)
{
    if (is_zero(a)) {
        return *a;
    }
    if (!sp_bpf_word_is_constant(operand)) {
        return BPF_OP(code) == BPF_MUL && sp_bpf_word_is_constant(a)
                   ? multiply(operand, a->value) : sp_bpf_word_unknown();
    }
    switch (BPF_OP(code)) {
    case BPF_MUL:
        return multiply(a, operand->value);
    case BPF_LSH:
        return shift_left(a, operand->value & 31);
    case BPF_RSH:
        return shift_right(a, operand->value & 31);
    default:
        return is_power_of_two(operand->value)
                   ? shift_right(a, (unsigned)__builtin_ctz(operand->value))
                   : sp_bpf_word_unknown();
    }
}

struct sp_bpf_word
sp_bpf_word_operate(uint16_t code, const struct sp_bpf_word *a,
                    const struct sp_bpf_word *operand)
{
    if (sp_bpf_word_is_constant(a) && sp_bpf_word_is_constant(operand)) {
        return sp_bpf_word_of(sp_bpf_operate(code, a->value, operand->value));
    }
    switch (BPF_OP(code)) {
    case BPF_ADD:
        return add(a, operand, SP_BPF_CELL_0);
    case BPF_SUB:
        return subtract(a, operand);
    case BPF_AND:
        return each(both, a, operand);
    case BPF_OR:
        return each(either, a, operand);
    case BPF_XOR:
        return each(differ, a, operand);
    default:
        return scale(code, a, operand);
    }
}
