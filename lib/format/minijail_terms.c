/* Source: google/minijail, tools/bpf.py (Atom) and bpf.c (bpf_arg_comp): a policy compares
 * whole arguments, or asks for some of a set of bits; a test under a mask is told bit by
 * bit. */
#include "format/minijail_terms.h"

#include <assert.h>
#include <inttypes.h>

struct maker {
    struct sp_arena *arena;
    uint64_t word;  /* all bits of an argument */
    size_t atoms;   /* of all alternatives made so far */
    bool is_long;
};

/* ---- terms ------------------------------------------------------------------------------- */

static void
add_atom(struct maker *maker, struct sp_minijail_term *term, unsigned arg,
         enum sp_minijail_op op, uint64_t value)
{
    struct sp_minijail_atom *atom;

    if (term == NULL || maker->atoms++ >= SP_MINIJAIL_ATOMS) {
        maker->is_long = true;
        return;
    }
    atom = sp_vec_push(maker->arena, &term->atoms);
    if (atom != NULL) {
        *atom = (struct sp_minijail_atom){ .arg = arg, .op = op, .value = value };
    }
}

/* A new alternative. NULL when there are too many, or no memory. */
static struct sp_minijail_term *
add_term(struct maker *maker, struct sp_minijail_terms *terms)
{
    if (terms->any.count >= SP_MINIJAIL_TERMS || maker->is_long) {
        maker->is_long = true;
        return NULL;
    }
    return sp_vec_push(maker->arena, &terms->any);
}

static void
copy_atoms(struct maker *maker, struct sp_minijail_term *to,
           const struct sp_minijail_term *from)
{
    for (size_t i = 0; to != NULL && i < from->atoms.count; i++) {
        const struct sp_minijail_atom *atom = &from->atoms.at[i];
        add_atom(maker, to, atom->arg, atom->op, atom->value);
    }
}

/* Each alternative of the one with each of the other. */
static struct sp_minijail_terms
multiply(struct maker *maker, const struct sp_minijail_terms *left,
         const struct sp_minijail_terms *right)
{
    struct sp_minijail_terms product = { .any = { .at = NULL } };

    for (size_t i = 0; i < left->any.count && !maker->is_long; i++) {
        for (size_t j = 0; j < right->any.count && !maker->is_long; j++) {
            struct sp_minijail_term *term = add_term(maker, &product);
            copy_atoms(maker, term, &left->any.at[i]);
            copy_atoms(maker, term, &right->any.at[j]);
        }
    }
    return product;
}

/* ---- one test ---------------------------------------------------------------------------- */

static void
add_whole(struct maker *maker, struct sp_minijail_terms *terms, unsigned arg,
          enum sp_minijail_op op, uint64_t value)
{
    add_atom(maker, add_term(maker, terms), arg, op, value);
}

static void
add_set_bits(struct maker *maker, struct sp_minijail_term *term, unsigned arg, uint64_t bits)
{
    for (; bits != 0; bits &= bits - 1) {
        add_atom(maker, term, arg, SP_MINIJAIL_ANY_OF, bits & (0 - bits));
    }
}

/* arg & mask = value. */
static void
add_masked(struct maker *maker, struct sp_minijail_terms *terms, unsigned arg, uint64_t mask,
           uint64_t value)
{
    struct sp_minijail_term *term = add_term(maker, terms);

    add_set_bits(maker, term, arg, value);
    if ((mask & ~value) != 0) {
        add_atom(maker, term, arg, SP_MINIJAIL_NONE_OF, mask & ~value);
    }
}

/* arg & mask != value: some bit is another one. */
static void
add_masked_ne(struct maker *maker, struct sp_minijail_terms *terms, unsigned arg, uint64_t mask,
              uint64_t value)
{
    if ((mask & ~value) != 0) {
        add_whole(maker, terms, arg, SP_MINIJAIL_ANY_OF, mask & ~value);
    }
    for (uint64_t bits = value; bits != 0; bits &= bits - 1) {
        add_whole(maker, terms, arg, SP_MINIJAIL_NONE_OF, bits & (0 - bits));
    }
}

/* The bits of `mask` above the bit. */
static uint64_t
above(uint64_t mask, uint64_t bit)
{
    return mask & ~(bit | (bit - 1));
}

/* arg & mask >= low, with a mask of low bits: all bits of `low`, or those above one of its
 * zeros, which is set.  Zeros below the same ones are told together. */
static void
add_masked_ge(struct maker *maker, struct sp_minijail_terms *terms, unsigned arg, uint64_t mask,
              uint64_t low)
{
    uint64_t zeros = mask & ~low;

    add_set_bits(maker, add_term(maker, terms), arg, low);
    while (zeros != 0) {
        uint64_t lowest = zeros & (0 - zeros);
        uint64_t ones = above(low, lowest);
        uint64_t next = ones & (0 - ones);
        uint64_t run = zeros & (next == 0 ? mask : next - 1);
        if (ones != low) {
            struct sp_minijail_term *term = add_term(maker, terms);
            add_set_bits(maker, term, arg, ones);
            add_atom(maker, term, arg, SP_MINIJAIL_ANY_OF, run);
        }
        zeros &= ~run;
    }
}

/* arg & mask <= high: no bit but those of `high`, or none but those above one of its ones,
 * which is not set. */
static void
add_masked_le(struct maker *maker, struct sp_minijail_terms *terms, unsigned arg, uint64_t mask,
              uint64_t high)
{
    add_whole(maker, terms, arg, SP_MINIJAIL_NONE_OF, mask & ~high);
    for (uint64_t ones = high; ones != 0; ones &= ones - 1) {
        uint64_t lowest = ones & (0 - ones);
        uint64_t clear = above(mask & ~high, lowest) | lowest;
        if (above(mask & ~high, lowest) != (mask & ~high)) {
            add_whole(maker, terms, arg, SP_MINIJAIL_NONE_OF, clear);
        }
    }
}

static struct sp_minijail_terms
range_terms(struct maker *maker, const struct sp_test *test, uint64_t mask)
{
    struct sp_minijail_terms from = { .any = { .at = NULL } };
    struct sp_minijail_terms to = { .any = { .at = NULL } };
    bool has_low = test->low != 0;
    bool has_high = (test->high & mask) != mask;

    if (mask == maker->word) {
        if (has_low) {
            add_whole(maker, &from, test->arg, SP_MINIJAIL_GE, test->low);
        }
        if (has_high) {
            add_whole(maker, &to, test->arg, SP_MINIJAIL_LE, test->high);
        }
    } else {
        if (has_low) {
            add_masked_ge(maker, &from, test->arg, mask, test->low);
        }
        if (has_high) {
            add_masked_le(maker, &to, test->arg, mask, test->high);
        }
    }
    if (!has_low && !has_high) {
        add_whole(maker, &to, test->arg, SP_MINIJAIL_GE, 0);
    }
    if (!has_low) {
        return to;
    }
    return has_high ? multiply(maker, &from, &to) : from;
}

static struct sp_minijail_terms
test_terms(struct maker *maker, const struct sp_test *test)
{
    struct sp_minijail_terms terms = { .any = { .at = NULL } };
    uint64_t mask = test->mask & maker->word;
    bool is_whole = mask == maker->word;

    switch (test->kind) {
    case SP_TEST_EQ:
    case SP_TEST_MASKED:
        if (is_whole) {
            add_whole(maker, &terms, test->arg, SP_MINIJAIL_EQ, test->low);
        } else {
            add_masked(maker, &terms, test->arg, mask, test->low);
        }
        break;
    case SP_TEST_NE:
    case SP_TEST_MASKED_NE:
        if (is_whole) {
            add_whole(maker, &terms, test->arg, SP_MINIJAIL_NE, test->low);
        } else {
            add_masked_ne(maker, &terms, test->arg, mask, test->low);
        }
        break;
    case SP_TEST_RANGE:
        return range_terms(maker, test, mask);
    }
    return terms;
}

/* ---- all tests --------------------------------------------------------------------------- */

bool
sp_minijail_terms_add(struct sp_arena *arena, const struct sp_tests *tests, unsigned bits,
                      struct sp_minijail_terms *terms)
{
    struct maker maker = { .arena = arena, .word = bits == 64 ? UINT64_MAX : UINT32_MAX };
    struct sp_minijail_terms product = { .any = { .at = NULL } };

    assert(tests->all.count > 0);
    for (size_t i = 0; i < tests->all.count; i++) {
        struct sp_minijail_terms of_test = test_terms(&maker, &tests->all.at[i]);
        product = i == 0 ? of_test : multiply(&maker, &product, &of_test);
    }
    maker.is_long = maker.is_long || terms->any.count + product.any.count > SP_MINIJAIL_TERMS;
    for (size_t i = 0; i < product.any.count && !maker.is_long && !arena->failed; i++) {
        struct sp_minijail_term *term = sp_vec_push(arena, &terms->any);
        if (term != NULL) {
            *term = product.any.at[i];
        }
    }
    return !maker.is_long && !arena->failed;
}

static void
write_number(uint64_t value, struct sp_buf *buf)
{
    sp_buf_format(buf, value < 10 ? "%" PRIu64 : "0x%" PRIx64, value);
}

void
sp_minijail_atom_write(const struct sp_minijail_atom *atom, struct sp_buf *buf)
{
    static const char *const operators[] = {
        [SP_MINIJAIL_EQ] = "==", [SP_MINIJAIL_NE] = "!=", [SP_MINIJAIL_LE] = "<=",
        [SP_MINIJAIL_GE] = ">=", [SP_MINIJAIL_ANY_OF] = "&", [SP_MINIJAIL_NONE_OF] = "in ~",
    };

    sp_buf_format(buf, "arg%u %s%s", atom->arg, operators[atom->op],
                  atom->op == SP_MINIJAIL_NONE_OF ? "" : " ");
    write_number(atom->value, buf);
}
