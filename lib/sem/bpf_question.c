/* Words of bits as diagrams. */
#include "sem/bpf_word.h"

#include "sem/bpf_code.h"

/* Comparing two open words bit with bit can need a node for each value of one; past so many
 * pairs the question is not decided.  Answers are listed for each value of so many bits. */
enum { PAIRS = 8, ANSWER_BITS = 8 };

/* ---- bit by bit -------------------------------------------------------------------------- */

static sp_dd
input(struct sp_dd_store *store, sp_bpf_cell cell)
{
    unsigned bit = (unsigned)(cell - SP_BPF_CELL_INPUT) / 2;
    sp_dd set = sp_dd_bit(store, bit / 64, bit % 64);

    return (cell & 1) != 0 ? sp_dd_not(store, set) : set;
}

static sp_dd
bit_of(struct sp_dd_store *store, const struct sp_bpf_word *word, unsigned bit)
{
    return (word->open >> bit & 1) != 0 ? input(store, word->cell[bit])
                                        : sp_dd_leaf(store, word->value >> bit & 1);
}

/* From the least significant bit up: a higher bit that differs decides, and else what the
 * lower ones said. `equal` is the answer where all are the same. */
static sp_dd
is_greater(struct sp_dd_store *store, const struct sp_bpf_word *a,
           const struct sp_bpf_word *operand, bool equal)
{
    sp_dd greater = sp_dd_leaf(store, equal);

    for (unsigned bit = 0; bit < SP_BPF_BITS; bit++) {
        sp_dd right = bit_of(store, operand, bit);
        sp_dd if_set = sp_dd_ite(store, right, greater, sp_dd_leaf(store, 1));
        sp_dd if_clear = sp_dd_ite(store, right, sp_dd_leaf(store, 0), greater);
        greater = sp_dd_ite(store, bit_of(store, a, bit), if_set, if_clear);
    }
    return greater;
}

static sp_dd
is_equal(struct sp_dd_store *store, const struct sp_bpf_word *a,
         const struct sp_bpf_word *operand)
{
    sp_dd equal = sp_dd_leaf(store, 1);
    sp_dd never = sp_dd_leaf(store, 0);

    for (unsigned bit = 0; bit < SP_BPF_BITS; bit++) {
        sp_dd right = bit_of(store, operand, bit);
        sp_dd if_set = sp_dd_ite(store, right, equal, never);
        sp_dd if_clear = sp_dd_ite(store, right, never, equal);
        equal = sp_dd_ite(store, bit_of(store, a, bit), if_set, if_clear);
    }
    return equal;
}

static sp_dd
shares_bit(struct sp_dd_store *store, const struct sp_bpf_word *a,
           const struct sp_bpf_word *operand)
{
    sp_dd shares = sp_dd_leaf(store, 0);

    for (unsigned bit = 0; bit < SP_BPF_BITS; bit++) {
        sp_dd both = sp_dd_and(store, bit_of(store, a, bit), bit_of(store, operand, bit));
        shares = sp_dd_or(store, shares, both);
    }
    return shares;
}

static sp_dd
by_bits(struct sp_dd_store *store, uint16_t code, const struct sp_bpf_word *a,
        const struct sp_bpf_word *operand)
{
    switch (BPF_OP(code)) {
    case BPF_JEQ:
        return is_equal(store, a, operand);
    case BPF_JGT:
        return is_greater(store, a, operand, false);
    case BPF_JGE:
        return is_greater(store, a, operand, true);
    default:
        return shares_bit(store, a, operand);
    }
}

/* ---- whole parts of an argument, compared with a constant -------------------------------- */

/* Bits of one argument in their place: open bit n is bit n + shift of it, the others are 0. */
struct part {
    unsigned arg;
    unsigned shift;
    uint64_t mask;
};

static bool
is_part(const struct sp_bpf_word *word, struct part *ret_part)
{
    unsigned low = (unsigned)__builtin_ctz(word->open);
    unsigned first = word->cell[low];

    if (word->value != 0 || first < SP_BPF_CELL_INPUT + 2 * low || (first & 1) != 0) {
        return false;
    }
    first -= 2 * low;
    for (uint32_t rest = word->open; rest != 0; rest &= rest - 1) {
        unsigned bit = (unsigned)__builtin_ctz(rest);
        if (word->cell[bit] != first + 2 * bit) {
            return false;
        }
    }
    unsigned start = (first - SP_BPF_CELL_INPUT) / 2;
    if (start % 64 > SP_BPF_BITS) {
        return false;
    }
    *ret_part = (struct part){ .arg = start / 64, .shift = start % 64,
                               .mask = (uint64_t)word->open << start % 64 };
    return true;
}

static sp_dd
by_part(struct sp_dd_store *store, uint16_t code, const struct part *part, uint32_t k)
{
    uint64_t datum = (uint64_t)k << part->shift;

    switch (BPF_OP(code)) {
    case BPF_JEQ:
        return sp_dd_compare(store, part->arg, SP_DD_EQ, part->mask, datum);
    case BPF_JGT:
        return sp_dd_compare(store, part->arg, SP_DD_GT, part->mask, datum);
    case BPF_JGE:
        return sp_dd_compare(store, part->arg, SP_DD_GE, part->mask, datum);
    default:
        return sp_dd_compare(store, part->arg, SP_DD_NE, part->mask & datum, 0);
    }
}

/* ---- questions --------------------------------------------------------------------------- */

/* What the operand hides from JSET does not matter, also where it is unknown. */
static struct sp_bpf_word
masked(const struct sp_bpf_word *word, const struct sp_bpf_word *by)
{
    struct sp_bpf_word made = { .open = word->open & (by->open | by->value),
                                .value = word->value & (by->open | by->value) };

    for (unsigned bit = 0; bit < SP_BPF_BITS; bit++) {
        made.cell[bit] = (made.open >> bit & 1) != 0 ? word->cell[bit] : 0;
    }
    return made;
}

static bool
is_too_wide(const struct sp_bpf_word *a, const struct sp_bpf_word *operand)
{
    unsigned pairs = 0;

    for (unsigned bit = 0; bit < SP_BPF_BITS; bit++) {
        bool both = (a->open & operand->open) >> bit & 1;
        pairs += both && (a->cell[bit] | 1) != (operand->cell[bit] | 1);
    }
    return pairs > PAIRS;
}

/* Do the constant bits of both differ? */
static bool
differs(const struct sp_bpf_word *a, const struct sp_bpf_word *operand)
{
    return ((a->value ^ operand->value) & ~a->open & ~operand->open) != 0;
}

static sp_dd
ask(struct sp_dd_store *store, uint16_t code, const struct sp_bpf_word *a,
    const struct sp_bpf_word *operand)
{
    struct part part;

    if (sp_bpf_word_is_constant(operand) && !sp_bpf_word_is_constant(a) && is_part(a, &part)) {
        return by_part(store, code, &part, operand->value);
    }
    if (BPF_OP(code) == BPF_JEQ && differs(a, operand)) {
        return sp_dd_leaf(store, 0);
    }
    if (sp_bpf_word_has_unknown(a) || sp_bpf_word_has_unknown(operand)
        || is_too_wide(a, operand)) {
        return SP_DD_UNDECIDED;
    }
    return by_bits(store, code, a, operand);
}

sp_dd
sp_bpf_word_question(struct sp_dd_store *store, uint16_t code, const struct sp_bpf_word *a,
                     const struct sp_bpf_word *operand)
{
    if (BPF_OP(code) != BPF_JSET) {
        return ask(store, code, a, operand);
    }
    struct sp_bpf_word left = masked(a, operand);
    struct sp_bpf_word right = masked(operand, a);
    if ((left.value & right.value) != 0) {
        return sp_dd_leaf(store, 1);
    }
    return ask(store, code, &left, &right);
}

/* ---- answers ----------------------------------------------------------------------------- */

/* The different bits of the input in a word, without their inverses; their number, or
 * ANSWER_BITS + 1 when there are more. */
static unsigned
inputs_of(const struct sp_bpf_word *word, sp_bpf_cell ret_inputs[ANSWER_BITS])
{
    unsigned count = 0;

    for (uint32_t rest = word->open; rest != 0; rest &= rest - 1) {
        sp_bpf_cell cell = word->cell[__builtin_ctz(rest)] & (sp_bpf_cell)~1u;
        unsigned known = 0;
        while (known < count && ret_inputs[known] != cell) {
            known++;
        }
        if (known == count && count == ANSWER_BITS) {
            return ANSWER_BITS + 1;
        }
        ret_inputs[known] = cell;
        count += known == count;
    }
    return count;
}

/* The word where one bit of the input has this value. */
static struct sp_bpf_word
fixed(const struct sp_bpf_word *word, sp_bpf_cell input, bool value)
{
    struct sp_bpf_word made = *word;

    for (uint32_t rest = word->open; rest != 0; rest &= rest - 1) {
        unsigned bit = (unsigned)__builtin_ctz(rest);
        if ((word->cell[bit] & ~1) == input) {
            made.open &= ~((uint32_t)1 << bit);
            made.value |= (uint32_t)(value ^ (word->cell[bit] & 1)) << bit;
            made.cell[bit] = 0;
        }
    }
    return made;
}

static uint32_t
value_for(const struct sp_bpf_word *word, const sp_bpf_cell *inputs, unsigned count,
          unsigned row)
{
    struct sp_bpf_word made = *word;

    for (unsigned i = 0; i < count; i++) {
        made = fixed(&made, inputs[i], (row >> i & 1) != 0);
    }
    return made.value;
}

sp_dd
sp_bpf_word_answer(struct sp_dd_store *store, const struct sp_bpf_word *word)
{
    sp_bpf_cell inputs[ANSWER_BITS] = { 0 };
    sp_dd rows[1 << ANSWER_BITS];
    unsigned count = inputs_of(word, inputs);

    if (sp_bpf_word_has_unknown(word) || count > ANSWER_BITS) {
        return SP_DD_UNDECIDED;
    }
    for (unsigned row = 0; row < 1u << count; row++) {
        rows[row] = sp_dd_leaf(store, value_for(word, inputs, count, row));
    }
    for (unsigned left = count; left > 0; left--) {
        unsigned half = 1u << (left - 1);
        sp_dd condition = input(store, inputs[left - 1]);
        for (unsigned row = 0; row < half; row++) {
            rows[row] = sp_dd_ite(store, condition, rows[row + half], rows[row]);
        }
    }
    return rows[0];
}
