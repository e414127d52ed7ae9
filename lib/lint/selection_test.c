#include "base/testing.h"
#include "lint/lint.h"

static const struct {
    const char *word;
    const char *on;   /* a rule that it names; NULL where it names none */
    const char *off;  /* one that it does not name */
} words[] = {
    { "SP101", "json-syntax", "duplicate-key" },
    { "SP10", "key-case", "unknown-flag" },
    { "SP1", "null-entry", "unknown-syscall" },
    { "json-syntax", "json-syntax", "duplicate-key" },
    { "all", "null-entry", NULL },
    { "SP", NULL, "json-syntax" },
    { "SP1010", NULL, "json-syntax" },
    { "SP999", NULL, "json-syntax" },
    { "SP1x", NULL, "json-syntax" },
    { "101", NULL, "json-syntax" },
    { "json", NULL, "json-syntax" },
    { "", NULL, "json-syntax" },
};

static bool
is_on(const struct sp_selection *selection, const char *slug)
{
    for (size_t i = 0; i < sp_kb_rules_count; i++) {
        if (sp_str_is(sp_str_of(slug), sp_kb_text(sp_kb_rules[i].slug))) {
            return selection->on[i];
        }
    }
    return false;
}

START_TEST(a_word_names_the_rules_that_it_should)
{
    static struct sp_arena arena;
    struct sp_selection selection = {
        .on = sp_arena_new_array(&arena, sp_kb_rules_count, bool),
    };
    struct sp_str word = sp_str_of(words[_i].word);

    ck_assert_ptr_nonnull(selection.on);
    ck_assert_int_eq(sp_selection_set(&selection, word, true), words[_i].on != NULL);
    ck_assert(words[_i].on == NULL || is_on(&selection, words[_i].on));
    ck_assert(words[_i].off == NULL || !is_on(&selection, words[_i].off));

    ck_assert_int_eq(sp_selection_set(&selection, word, false), words[_i].on != NULL);
    ck_assert(words[_i].on == NULL || !is_on(&selection, words[_i].on));
}
END_TEST

SP_SUITE(selection)
{
    TCase *tcase = sp_testing_case(suite, "selection");

    tcase_add_loop_test(tcase, a_word_names_the_rules_that_it_should, 0,
                        sizeof words / sizeof *words);
}
