#include "sem/words.h"
#include "sem/words_build.h"
#include "sem/words_name.h"

/* From so many values on, "arg in {1, 2, 3}" is told. */
enum { SET_MIN = 3 };

/* Where words are written to, and about which call. */
struct writer {
    const struct sp_kb_syscall *call;
    struct sp_buf *buf;
    struct sp_arena *arena;
};

/* ---- one test ---------------------------------------------------------------------------- */

/* "family", "flags & 0xff". */
static void
write_operand(const struct writer *writer, const struct sp_test *test)
{
    sp_words_arg(writer->call, test->arg, writer->buf);
    if (test->mask != UINT64_MAX) {
        sp_buf_text(writer->buf, " & ");
        sp_words_mask(writer->call, test->arg, test->mask, writer->buf);
    }
}

static void
write_value(const struct writer *writer, const struct sp_test *test)
{
    sp_words_masked_value(writer->call, test->arg, test->mask, test->low, writer->buf);
}

/* A single flag is set or it is not: "flags & CLONE_NEWUSER != 0". */
static void
write_equal(const struct writer *writer, const struct sp_test *test, bool equal)
{
    bool is_flag = test->low == test->mask && (test->mask & (test->mask - 1)) == 0;

    write_operand(writer, test);
    sp_buf_text(writer->buf, equal != is_flag ? " = " : " != ");
    if (is_flag) {
        sp_buf_char(writer->buf, '0');
    } else {
        write_value(writer, test);
    }
}

static void
write_number(const struct writer *writer, const struct sp_test *test, uint64_t value)
{
    sp_words_number(writer->call, test->arg, test->mask, value, writer->buf);
}

static void
write_range(const struct writer *writer, const struct sp_test *test)
{
    struct sp_buf *buf = writer->buf;
    bool has_low = test->low != 0;
    bool has_high = test->high != test->mask;
    bool needs_parens = has_low && has_high && test->mask != UINT64_MAX;

    if (has_low && has_high) {
        write_number(writer, test, test->low);
        sp_buf_text(buf, " <= ");
    }
    sp_buf_text(buf, needs_parens ? "(" : "");
    write_operand(writer, test);
    sp_buf_text(buf, needs_parens ? ")" : "");
    sp_buf_text(buf, has_high ? " <= " : " >= ");
    write_number(writer, test, has_high ? test->high : test->low);
}

static void
write_test(const struct writer *writer, const struct sp_test *test)
{
    switch (test->kind) {
    case SP_TEST_EQ:
    case SP_TEST_MASKED:
        write_equal(writer, test, true);
        break;
    case SP_TEST_NE:
    case SP_TEST_MASKED_NE:
        write_equal(writer, test, false);
        break;
    case SP_TEST_RANGE:
        write_range(writer, test);
        break;
    }
}

/* ---- one alternative --------------------------------------------------------------------- */

/* A list with a word between its items. */
struct joined {
    struct sp_buf *buf;
    const char *word;
    bool started;
};

static void
join(struct joined *joined)
{
    sp_buf_text(joined->buf, joined->started ? joined->word : "");
    joined->started = true;
}

/* Are they about the same bits of the same argument? */
static bool
is_same_subject(const struct sp_test *left, const struct sp_test *right)
{
    return left->arg == right->arg && left->mask == right->mask;
}

/* How many tests from `first` on deny values of the same bits: 0 when it denies none. */
static size_t
count_denials(const struct sp_tests *tests, size_t first)
{
    const struct sp_test *test = &tests->all.at[first];
    size_t count = 0;

    if (test->kind != SP_TEST_NE && test->kind != SP_TEST_MASKED_NE) {
        return 0;
    }
    while (first + count < tests->all.count && test[count].kind == test->kind
           && is_same_subject(test, &test[count])) {
        count++;
    }
    return count;
}

/* "arg not in {1, 2, 3}". */
static void
write_denials(const struct writer *writer, const struct sp_test *tests, size_t count)
{
    struct joined values = { .buf = writer->buf, .word = ", " };

    write_operand(writer, tests);
    sp_buf_text(writer->buf, " not in {");
    for (size_t i = 0; i < count; i++) {
        join(&values);
        write_value(writer, &tests[i]);
    }
    sp_buf_char(writer->buf, '}');
}

static void
write_tests(const struct writer *writer, const struct sp_tests *tests, bool parens)
{
    struct joined items = { .buf = writer->buf, .word = " and " };
    bool is_one = tests->all.count == 1 || (count_denials(tests, 0) == tests->all.count
                                            && tests->all.count >= SET_MIN);

    sp_buf_text(writer->buf, parens && !is_one ? "(" : "");
    for (size_t i = 0; i < tests->all.count;) {
        size_t denials = count_denials(tests, i);
        join(&items);
        if (denials >= SET_MIN) {
            write_denials(writer, &tests->all.at[i], denials);
            i += denials;
        } else {
            write_test(writer, &tests->all.at[i++]);
        }
    }
    sp_buf_text(writer->buf, parens && !is_one ? ")" : "");
}

/* ---- alternatives about the same bits ---------------------------------------------------- */

/* Some alternatives that stand side by side. */
struct slice {
    const struct sp_tests *at;
    size_t count;
};

/* The test of an alternative that is nothing but a value. */
static const struct sp_test *
single_value(const struct sp_tests *tests)
{
    const struct sp_test *test = tests->all.at;
    bool is_value = tests->all.count == 1
                    && (test->kind == SP_TEST_EQ || test->kind == SP_TEST_MASKED);

    return is_value ? test : NULL;
}

static size_t
count_values(struct slice slice)
{
    size_t count = 0;

    for (size_t i = 0; i < slice.count; i++) {
        count += single_value(&slice.at[i]) != NULL;
    }
    return count;
}

/* The values told as one set; the others as they are. */
static size_t
count_items(struct slice slice)
{
    size_t values = count_values(slice);

    return values < SET_MIN ? slice.count : slice.count - values + 1;
}

/* "arg in {1, 2, 3}". */
static void
write_set(const struct writer *writer, struct slice slice)
{
    struct joined values = { .buf = writer->buf, .word = ", " };

    for (size_t i = 0; i < slice.count; i++) {
        const struct sp_test *test = single_value(&slice.at[i]);
        if (test == NULL) {
            continue;
        }
        if (!values.started) {
            write_operand(writer, test);
            sp_buf_text(writer->buf, " in {");
        }
        join(&values);
        write_value(writer, test);
    }
    sp_buf_char(writer->buf, '}');
}

static void
write_items(const struct writer *writer, struct slice slice, bool parens, struct joined *items)
{
    bool has_set = count_values(slice) >= SET_MIN;

    if (has_set) {
        join(items);
        write_set(writer, slice);
    }
    for (size_t i = 0; i < slice.count; i++) {
        if (!has_set || single_value(&slice.at[i]) == NULL) {
            join(items);
            write_tests(writer, &slice.at[i], parens);
        }
    }
}

/* ---- products ---------------------------------------------------------------------------- */

/* Alternatives that are all pairs of a part (tests about the subject alone) and a rest (tests
 * about anything else): "(part or part) and (rest or rest)". */
struct product {
    const struct sp_test *subject;
    size_t parts;
    size_t rests;
};

static bool
is_same_test(const struct sp_test *left, const struct sp_test *right)
{
    return is_same_subject(left, right) && left->kind == right->kind && left->low == right->low
           && left->high == right->high;
}

/* The next test from `*i` on that is about the subject, or that is not; NULL at the end. */
static const struct sp_test *
next_test(const struct sp_tests *tests, const struct sp_test *subject, bool about, size_t *i)
{
    while (*i < tests->all.count) {
        const struct sp_test *test = &tests->all.at[(*i)++];
        if (is_same_subject(test, subject) == about) {
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
        if (!is_same_test(first, second)) {
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
count_rests(struct slice slice, const struct sp_test *subject)
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
repeats(struct slice slice, const struct sp_test *subject, size_t from, size_t rests)
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

static struct product
product_about(struct slice slice, const struct sp_test *subject)
{
    size_t rests = count_rests(slice, subject);
    size_t parts = 1;

    while (repeats(slice, subject, parts * rests, rests)) {
        parts++;
    }
    return (struct product){ .subject = subject, .parts = parts, .rests = rests };
}

/* The product that takes most alternatives from the first on. */
static struct product
find_product(struct slice slice)
{
    const struct sp_tests *first = slice.at;
    struct product longest = product_about(slice, &first->all.at[0]);

    for (size_t i = 1; i < first->all.count; i++) {
        struct product product = product_about(slice, &first->all.at[i]);
        if (product.parts * product.rests > longest.parts * longest.rests) {
            longest = product;
        }
    }
    return longest;
}

/* The parts, or the rests, of one alternative of a product. */
static void
add_side(const struct writer *writer, const struct sp_tests *tests, const struct sp_test *subject,
         bool about, struct sp_alternatives *side)
{
    struct sp_tests *added = sp_vec_push(writer->arena, &side->any);
    const struct sp_test *test;
    size_t i = 0;

    while (added != NULL && (test = next_test(tests, subject, about, &i)) != NULL) {
        struct sp_test *copy = sp_vec_push(writer->arena, &added->all);
        if (copy == NULL) {
            return;
        }
        *copy = *test;
    }
}

static struct sp_alternatives
take_parts(const struct writer *writer, struct slice slice, const struct product *product)
{
    struct sp_alternatives parts = { .truncated = false };

    for (size_t i = 0; i < product->parts; i++) {
        add_side(writer, &slice.at[i * product->rests], product->subject, true, &parts);
    }
    return parts;
}

static struct sp_alternatives
take_rests(const struct writer *writer, struct slice slice, const struct product *product)
{
    struct sp_alternatives rests = { .truncated = false };

    for (size_t i = 0; i < product->rests; i++) {
        add_side(writer, &slice.at[i], product->subject, false, &rests);
    }
    return rests;
}

/* ---- all alternatives -------------------------------------------------------------------- */

static struct slice
slice_of(const struct sp_alternatives *list, size_t from)
{
    return (struct slice){ .at = &list->any.at[from], .count = list->any.count - from };
}

/* A product without rests is just a list of parts. */
static bool
is_list(struct slice slice, const struct product *product)
{
    return !has_side(slice.at, product->subject, false);
}

static size_t
count_all_items(const struct sp_alternatives *list)
{
    size_t count = list->truncated;

    for (size_t i = 0; i < list->any.count;) {
        struct slice slice = slice_of(list, i);
        struct product product = find_product(slice);
        slice.count = product.parts * product.rests;
        count += is_list(slice, &product) ? count_items(slice) : 1;
        i += slice.count;
    }
    return count;
}

static void
write_list(const struct writer *writer, const struct sp_alternatives *list, bool parens);

/* Both sides in the order of the first alternative's tests. */
static void
write_product(const struct writer *writer, struct slice slice, const struct product *product)
{
    struct sp_alternatives parts = take_parts(writer, slice, product);
    struct sp_alternatives rests = take_rests(writer, slice, product);
    bool parts_first = is_same_subject(product->subject, &slice.at->all.at[0]);

    if (writer->arena->failed) {
        return;
    }
    write_list(writer, parts_first ? &parts : &rests, true);
    sp_buf_text(writer->buf, " and ");
    write_list(writer, parts_first ? &rests : &parts, true);
}

/* `parens`: around the whole, when it has more than one item. */
static void
write_list(const struct writer *writer, const struct sp_alternatives *list, bool parens)
{
    struct joined items = { .buf = writer->buf, .word = " or " };
    bool several = count_all_items(list) > 1;

    sp_buf_text(writer->buf, several && parens ? "(" : "");
    for (size_t i = 0; i < list->any.count;) {
        struct slice slice = slice_of(list, i);
        struct product product = find_product(slice);
        slice.count = product.parts * product.rests;
        if (is_list(slice, &product)) {
            write_items(writer, slice, several, &items);
        } else {
            join(&items);
            sp_buf_text(writer->buf, several ? "(" : "");
            write_product(writer, slice, &product);
            sp_buf_text(writer->buf, several ? ")" : "");
        }
        i += slice.count;
    }
    if (list->truncated) {
        join(&items);
        sp_buf_text(writer->buf, "more");
    }
    sp_buf_text(writer->buf, several && parens ? ")" : "");
}

static bool
is_always(const struct sp_alternatives *alternatives)
{
    for (size_t i = 0; i < alternatives->any.count; i++) {
        if (alternatives->any.at[i].all.count == 0) {
            return true;
        }
    }
    return false;
}

void
sp_words_write(const struct sp_alternatives *alternatives, const struct sp_kb_syscall *call,
               struct sp_buf *buf)
{
    SP_SCRATCH(scratch);
    struct writer writer = { .call = call, .buf = buf, .arena = &scratch };
    struct sp_words_job job = { .arena = &scratch };
    struct sp_alternatives list = { .truncated = false };

    sp_words_expand(&job, call, alternatives, &list);
    if (scratch.failed) {
        buf->failed = true;
    } else if (is_always(alternatives)) {
        sp_buf_text(buf, "always");
    } else if (list.any.count == 0 && !list.truncated) {
        sp_buf_text(buf, "never");
    } else {
        write_list(&writer, &list, false);
        buf->failed = buf->failed || scratch.failed;
    }
}
