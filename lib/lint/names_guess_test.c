#include "lint/names_guess.h"

#include "base/testing.h"
#include "lint/names_arches.h"
#include "lint/names_number.h"

#include <string.h>

/* ---- patterns ------------------------------------------------------------------------ */

static const struct {
    const char *pattern;
    const char *text;
    bool matches;
} patterns[] = {
    { "", "", true },
    { "", "a", false },
    { "*", "", true },
    { "*", "abc", true },
    { "a*", "abc", true },
    { "a*", "ba", false },
    { "*c", "abc", true },
    { "*b", "abc", false },
    { "a*c", "ac", true },
    { "a*c", "abcbc", true },
    { "a**c", "abc", true },
    { "?", "a", true },
    { "?", "", false },
    { "a?c", "abc", true },
    { "a?c", "ac", false },
    { "*?", "a", true },
    { "*ab*ab", "ababab", true },
    { "*ab*abc", "ababab", false },
    { "abc", "abc", true },
    { "abc", "abcd", false },
    { "abcd", "abc", false },
};

START_TEST(a_pattern_matches_whole_texts)
{
    ck_assert_int_eq(sp_guess_matches(sp_str_of(patterns[_i].pattern),
                                      sp_str_of(patterns[_i].text)),
                     patterns[_i].matches);
}
END_TEST

/* ---- guesses ------------------------------------------------------------------------- */

static const struct {
    const char *name;
    enum sp_guess_kind kind;
    const char *first;  /* of the names; NULL when there is none */
    bool sure;
} guesses[] = {
    { "READ", SP_GUESS_SPELLING, "read", true },
    { "\tread", SP_GUESS_SPELLING, "read", true },
    { "\"read\",", SP_GUESS_SPELLING, "read", true },
    { "\xe2\x80\x8bread\xef\xbb\xbf", SP_GUESS_SPELLING, "read", true },
    { "clock-gettime", SP_GUESS_SPELLING, "clock_gettime", true },
    { "clock gettime", SP_GUESS_SPELLING, "clock_gettime", true },
    { "sys_read", SP_GUESS_WORD, "read", true },
    { "sys_lseek", SP_GUESS_SPELLING, "lseek", true },
    { "__NR__llseek", SP_GUESS_SPELLING, "_llseek", true },
    { "__x64_sys_newfstat", SP_GUESS_WORD, "fstat", true },
    { "/usr/include/read", SP_GUESS_SPELLING, "read", true },
    { "fstatat", SP_GUESS_WORD, "newfstatat", false },
    { "isatty", SP_GUESS_WORD, "ioctl", false },
    { "pread", SP_GUESS_WORD, "pread64", true },
    { "sysctl", SP_GUESS_WORD, "_sysctl", false },
    { "SWITCH", SP_GUESS_WORD, NULL, false },
    { "read write", SP_GUESS_LIST, "read", true },
    { "read,,write", SP_GUESS_LIST, "read", true },
    { "read,nosuch", SP_GUESS_NONE, NULL, false },
    { "@aio", SP_GUESS_GROUP, "io_cancel", false },
    { "@", SP_GUESS_NONE, NULL, false },
    { "@nosuch", SP_GUESS_GROUP, NULL, false },
    { "io_uring_*", SP_GUESS_PATTERN, "io_uring_enter", false },
    { "nosuch*", SP_GUESS_PATTERN, NULL, false },
    { "~kcmp", SP_GUESS_NEGATION, "kcmp", false },
    { "-nosuch", SP_GUESS_NEGATION, NULL, false },
    { "-1", SP_GUESS_NONE, NULL, false },
    { "opennat", SP_GUESS_CLOSE, "openat", false },
    { "sys_opennat", SP_GUESS_CLOSE, "openat", false },
    { "pthread_creat", SP_GUESS_WORD, "clone", false },
    { "", SP_GUESS_NONE, NULL, false },
    { " ", SP_GUESS_NONE, NULL, false },
    { "qqqqqqqqqqqqqqqq", SP_GUESS_NONE, NULL, false },
    { "a_name_that_is_longer_than_every_name_that_a_system_call_could_ever_have",
      SP_GUESS_NONE, NULL, false },
};

START_TEST(a_guess_says_what_was_meant)
{
    struct sp_guess guess = sp_guess(sp_str_of(guesses[_i].name));

    ck_assert_int_eq(guess.kind, guesses[_i].kind);
    ck_assert_int_eq(guess.sure, guesses[_i].sure);
    ck_assert_uint_ge(guess.total, guess.count);
    if (guesses[_i].first == NULL) {
        ck_assert_uint_eq(guess.count, 0);
    } else {
        ck_assert_uint_gt(guess.count, 0);
        ck_assert_str_eq(guess.names[0], guesses[_i].first);
    }
}
END_TEST

START_TEST(no_name_of_a_call_is_taken_for_grammar_or_a_number)
{
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        struct sp_str name = sp_str_of(sp_kb_text(sp_kb_syscalls[i].name));
        uint64_t number;
        ck_assert_msg(!sp_guess_is_grammar(name), "%s", name.ptr);
        ck_assert_msg(!sp_names_number(name, &number), "%s", name.ptr);
        ck_assert_int_eq(sp_guess_quickly(name).kind, SP_GUESS_SPELLING);
    }
}
END_TEST

START_TEST(what_a_sure_guess_names_is_a_call)
{
    for (size_t i = 0; i < sp_kb_words_count; i++) {
        struct sp_guess guess = sp_guess(sp_str_of(sp_kb_text(sp_kb_words[i].name)));
        ck_assert_int_eq(guess.kind, SP_GUESS_WORD);
        for (size_t j = 0; guess.sure && j < guess.count; j++) {
            ck_assert_ptr_nonnull(sp_kb_syscall_find(sp_str_of(guess.names[j])));
        }
    }
}
END_TEST

/* ---- numbers ------------------------------------------------------------------------- */

static const struct {
    const char *name;
    bool is_number;
    uint64_t number;
} numbers[] = {
    { "0", true, 0 },
    { "59", true, 59 },
    { " 59 ", true, 59 },
    { "0x3b", true, 59 },
    { "syscall_0x1b3", true, 0x1b3 },
    { "SYS_435", true, 435 },
    { "__NR_435", true, 435 },
    { "#12", true, 12 },
    { "18446744073709551615", true, UINT64_MAX },
    { "18446744073709551616", false, 0 },
    { "-1", false, 0 },
    { "1.5", false, 0 },
    { "syscall_", false, 0 },
    { "", false, 0 },
    { "dup2", false, 0 },
    { "sys_dup2", false, 0 },
};

START_TEST(a_number_is_read_bare_or_as_tools_write_it)
{
    uint64_t number = 0;

    ck_assert_int_eq(sp_names_number(sp_str_of(numbers[_i].name), &number),
                     numbers[_i].is_number);
    ck_assert_uint_eq(number, numbers[_i].number);
}
END_TEST

/* ---- architectures ------------------------------------------------------------------- */

START_TEST(every_architecture_has_a_place_in_a_set)
{
    ck_assert_uint_le(sp_kb_arches_count, 64);
}
END_TEST

static const struct {
    const char *call;
    const char *where;
} places[] = {
    { "set_tls", "arm" },
    { "arch_prctl", "x86_64, x86 and x32" },
    { "osf_utimes", "alpha" },
    { "alloc_hugepages", "nothing that Linux still serves" },
};

START_TEST(where_a_call_exists_is_said_in_few_words)
{
    SP_BUF(buf);

    sp_names_add_where(&buf, sp_kb_syscall_find(sp_str_of(places[_i].call)), 2);
    ck_assert_str_eq(buf.data, places[_i].where);
}
END_TEST

SP_SUITE(lint_names_guess)
{
    TCase *tcase = sp_testing_case(suite, "guess");

    tcase_add_loop_test(tcase, a_pattern_matches_whole_texts, 0,
                        sizeof patterns / sizeof *patterns);
    tcase_add_loop_test(tcase, a_guess_says_what_was_meant, 0,
                        sizeof guesses / sizeof *guesses);
    tcase_add_test(tcase, no_name_of_a_call_is_taken_for_grammar_or_a_number);
    tcase_add_test(tcase, what_a_sure_guess_names_is_a_call);
    tcase_add_loop_test(tcase, a_number_is_read_bare_or_as_tools_write_it, 0,
                        sizeof numbers / sizeof *numbers);
    tcase_add_test(tcase, every_architecture_has_a_place_in_a_set);
    tcase_add_loop_test(tcase, where_a_call_exists_is_said_in_few_words, 0,
                        sizeof places / sizeof *places);
}
