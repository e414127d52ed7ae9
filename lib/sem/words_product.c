#include "sem/words_product.h"

#include "sem/words_build.h"

/* The next test from `*i` on that is about the subject, or that is not; NULL at the end. */
static const struct sp_test *
next_test(const struct sp_tests *tests, const struct sp_test *subject, bool about, size_t *i)
{
    while (*i < tests->all.count) {
        const struct sp_test *test = &tests->all.at[(*i)++];
        if (sp_words_is_same_subject(test, subject) == about) {
            return test;
        }
    }
    return NULL;
}

/* Do two alternatives agree in their parts (about) or in their rests? */
static bool
agree(const struct sp_tests *left, const struct sp_tests *right, const struct sp_test *subject,
      bool about)
{
    size_t i = 0;
    size_t j = 0;

    for (;;) {
        const struct sp_test *first = next_test(left, subject, about, &i);
        const struct sp_test *second = next_test(right, subject, about, &j);
        if (first == NULL || second == NULL) {
            return first == second;
        }
        if (!sp_words_is_same_test(first, second)) {
            return false;
        }
    }
}

/* Is there a part (about), or a rest? */
static bool
has_side(const struct sp_tests *tests, const struct sp_test *subject, bool about)
{
    size_t i = 0;

    return next_test(tests, subject, about, &i) != NULL;
}

/* How many alternatives have the part of the first, and rests. */
static size_t
count_rests(struct sp_words_slice slice, const struct sp_test *subject)
{
    size_t count = 0;

    while (count < slice.count && has_side(&slice.at[count], subject, false)
           && agree(slice.at, &slice.at[count], subject, true)) {
        count++;
    }
    return count == 0 ? 1 : count;
}

/* Do as many alternatives have one part, and the rests of the first ones? */
static bool
repeats(struct sp_words_slice slice, const struct sp_test *subject, size_t from, size_t rests)
{
    if (slice.count - from < rests || !has_side(&slice.at[from], subject, true)) {
        return false;
    }
    for (size_t i = 0; i < rests; i++) {
        const struct sp_tests *tests = &slice.at[from + i];
        if (!agree(&slice.at[from], tests, subject, true)
            || !agree(&slice.at[i], tests, subject, false)) {
            return false;
        }
    }
    return true;
}

static struct sp_words_product
product_about(struct sp_words_slice slice, const struct sp_test *subject)
{
    size_t rests = count_rests(slice, subject);
    size_t parts = 1;

    while (repeats(slice, subject, parts * rests, rests)) {
        parts++;
    }
    return (struct sp_words_product){ .subject = subject, .parts = parts, .rests = rests };
}

struct sp_words_product
sp_words_find_product(struct sp_words_slice slice)
{
    const struct sp_tests *first = slice.at;
    struct sp_words_product longest = product_about(slice, &first->all.at[0]);

    for (size_t i = 1; i < first->all.count; i++) {
        struct sp_words_product product = product_about(slice, &first->all.at[i]);
        if (product.parts * product.rests > longest.parts * longest.rests) {
            longest = product;
        }
    }
    return longest;
}

/* The parts, or the rests, of one alternative of a product. */
static void
add_side(struct sp_arena *arena, const struct sp_tests *tests, const struct sp_test *subject,
         bool about, struct sp_alternatives *side)
{
    struct sp_tests *added = sp_vec_push(arena, &side->any);
    const struct sp_test *test;
    size_t i = 0;

    while (added != NULL && (test = next_test(tests, subject, about, &i)) != NULL) {
        struct sp_test *copy = sp_vec_push(arena, &added->all);
        if (copy == NULL) {
            return;
        }
        *copy = *test;
    }
}

struct sp_alternatives
sp_words_take_parts(struct sp_arena *arena, struct sp_words_slice slice,
                    const struct sp_words_product *product)
{
    struct sp_alternatives parts = { .truncated = false };

    for (size_t i = 0; i < product->parts; i++) {
        add_side(arena, &slice.at[i * product->rests], product->subject, true, &parts);
    }
    return parts;
}

struct sp_alternatives
sp_words_take_rests(struct sp_arena *arena, struct sp_words_slice slice,
                    const struct sp_words_product *product)
{
    struct sp_alternatives rests = { .truncated = false };

    for (size_t i = 0; i < product->rests; i++) {
        add_side(arena, &slice.at[i], product->subject, false, &rests);
    }
    return rests;
}

bool
sp_words_is_list(struct sp_words_slice slice, const struct sp_words_product *product)
{
    return !has_side(slice.at, product->subject, false);
}
