#include "sem/words.h"
#include "sem/words_build.h"
#include "sem/words_name.h"
#include "sem/words_product.h"

/* From so many values on, "arg in {1, 2, 3}" is told. */
enum { SET_MIN = 3 };

/* Where words are written to, and about which call. */
struct writer {
    const struct sp_kb_syscall *call;
    struct sp_buf *buf;
    struct sp_arena *arena;
};

/* ---- one test ------------------------------------------------------------------------ */

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

/* ---- one alternative ----------------------------------------------------------------- */

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
           && sp_words_is_same_subject(test, &test[count])) {
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

/* ---- alternatives about the same bits ------------------------------------------------ */

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
count_values(struct sp_words_slice slice)
{
    size_t count = 0;

    for (size_t i = 0; i < slice.count; i++) {
        count += single_value(&slice.at[i]) != NULL;
    }
    return count;
}

/* The values told as one set; the others as they are. */
static size_t
count_items(struct sp_words_slice slice)
{
    size_t values = count_values(slice);

    return values < SET_MIN ? slice.count : slice.count - values + 1;
}

/* "arg in {1, 2, 3}". */
static void
write_set(const struct writer *writer, struct sp_words_slice slice)
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
write_items(const struct writer *writer, struct sp_words_slice slice, bool parens,
            struct joined *items)
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

/* ---- all alternatives ---------------------------------------------------------------- */

static struct sp_words_slice
slice_of(const struct sp_alternatives *list, size_t from)
{
    return (struct sp_words_slice){
        .at = &list->any.at[from], .count = list->any.count - from
    };
}

static size_t
count_all_items(const struct sp_alternatives *list)
{
    size_t count = list->truncated;

    for (size_t i = 0; i < list->any.count;) {
        struct sp_words_slice slice = slice_of(list, i);
        struct sp_words_product product = sp_words_find_product(slice);
        slice.count = product.parts * product.rests;
        count += sp_words_is_list(slice, &product) ? count_items(slice) : 1;
        i += slice.count;
    }
    return count;
}

static void
write_list(const struct writer *writer, const struct sp_alternatives *list, bool parens);

/* Both sides in the order of the first alternative's tests. */
static void
write_product(const struct writer *writer, struct sp_words_slice slice,
              const struct sp_words_product *product)
{
    struct sp_alternatives parts = sp_words_take_parts(writer->arena, slice, product);
    struct sp_alternatives rests = sp_words_take_rests(writer->arena, slice, product);
    bool parts_first = sp_words_is_same_subject(product->subject, &slice.at->all.at[0]);

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
        struct sp_words_slice slice = slice_of(list, i);
        struct sp_words_product product = sp_words_find_product(slice);
        slice.count = product.parts * product.rests;
        if (sp_words_is_list(slice, &product)) {
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
