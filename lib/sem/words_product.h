/* Alternatives as products, for words*.c alone. */
#ifndef SP_SEM_WORDS_PRODUCT_H
#define SP_SEM_WORDS_PRODUCT_H

#include "sem/words.h"

/* Some alternatives that stand side by side. */
struct sp_words_slice {
    const struct sp_tests *at;
    size_t count;
};

/* Alternatives that are all pairs of a part (tests about the subject alone) and a rest (tests
 * about anything else): "(part or part) and (rest or rest)". */
struct sp_words_product {
    const struct sp_test *subject;
    size_t parts;
    size_t rests;
};

/* The product that takes most alternatives from the first on, which must have a test. */
struct sp_words_product
sp_words_find_product(struct sp_words_slice slice);

/* A product without rests is just a list of parts. */
bool
sp_words_is_list(struct sp_words_slice slice, const struct sp_words_product *product);

/* The parts of a product, each once; the memory lives in `arena`. */
struct sp_alternatives
sp_words_take_parts(struct sp_arena *arena, struct sp_words_slice slice,
                    const struct sp_words_product *product);

/* Its rests, each once. */
struct sp_alternatives
sp_words_take_rests(struct sp_arena *arena, struct sp_words_slice slice,
                    const struct sp_words_product *product);

#endif
