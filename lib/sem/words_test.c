#include "sem/words.h"
#include "base/testing.h"

#include <stdlib.h>
#include <string.h>

#define ALL UINT64_MAX

/* ---- conditions from texts ----------------------------------------------------------- */

static struct sp_dd_store *store;

static void
open_store(void)
{
    store = sp_dd_store_new(SP_DD_BUDGET);
    ck_assert_ptr_nonnull(store);
}

static void
close_store(void)
{
    ck_assert(!sp_dd_store_is_spent(store));
    sp_dd_store_free(store);
}

static enum sp_dd_compare
read_operator(const char **at)
{
    static const struct {
        const char *text;
        enum sp_dd_compare op;
    } rows[] = {  /* longer ones first */
        { "!=", SP_DD_NE }, { "<=", SP_DD_LE }, { ">=", SP_DD_GE },
        { "=", SP_DD_EQ }, { "<", SP_DD_LT }, { ">", SP_DD_GT },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strncmp(*at, rows[i].text, strlen(rows[i].text)) == 0) {
            *at += strlen(rows[i].text);
            return rows[i].op;
        }
    }
    ck_abort_msg("no operator at '%s'", *at);
}

static uint64_t
read_number(const char **at)
{
    char *end;
    uint64_t value = strtoull(*at, &end, 0);

    ck_assert_msg(end != *at, "no number at '%s'", *at);
    *at = end;
    return value;
}

/* "0=38" or "0&0xff=3": argument, mask, operator, value. */
static sp_dd
read_comparison(const char **at)
{
    unsigned arg = (unsigned)read_number(at);
    uint64_t mask = ALL;

    if (**at == '&') {
        ++*at;
        mask = read_number(at);
    }
    enum sp_dd_compare op = read_operator(at);
    return sp_dd_compare(store, arg, op, mask, read_number(at));
}

/* Comparisons with a space between them must all hold, of groups with a comma between them one;
 * a `!` at the start denies the whole. */
static sp_dd
read_condition(const char *text)
{
    bool is_denied = *text == '!';
    const char *at = text + is_denied;
    sp_dd any = sp_dd_leaf(store, 0);

    while (*at != '\0') {
        sp_dd all = sp_dd_leaf(store, 1);
        while (*at != '\0' && *at != ',') {
            at += strspn(at, " ");
            all = sp_dd_and(store, all, *at == '*' ? (at++, sp_dd_leaf(store, 1))
                                                   : read_comparison(&at));
        }
        any = sp_dd_or(store, any, all);
        at += *at == ',';
    }
    return is_denied ? sp_dd_not(store, any) : any;
}

/* The words for a condition, which must mean the same. */
static void
find_exact(struct sp_arena *arena, sp_dd condition, struct sp_alternatives *ret_words)
{
    size_t size = sp_dd_store_size(store);

    ck_assert(sp_words_of(arena, store, condition, 1000, ret_words));
    ck_assert_uint_eq(sp_dd_store_size(store), size);
    ck_assert(!ret_words->truncated);
    ck_assert_uint_eq(sp_words_diagram(store, ret_words), condition);
}

/* ---- what is found ------------------------------------------------------------------- */

static const struct {
    const char *condition;
    const char *words;
} cases[] = {
    { "*", "always" },
    { "", "never" },
    { "0<5, 0>=5", "always" },
    { "0<5 0>=5", "never" },

    { "0=40", "arg0 = 40" },
    { "0!=40", "arg0 != 40" },
    { "0!=0", "arg0 != 0" },
    { "0>=1", "arg0 != 0" },
    { "0=0", "arg0 = 0" },
    { "0<1", "arg0 = 0" },
    { "0=0xffffffffffffffff", "arg0 = 0xffffffffffffffff" },
    { "0!=0xffffffffffffffff", "arg0 != 0xffffffffffffffff" },
    { "0<38", "arg0 <= 37" },
    { "0>40", "arg0 >= 41" },
    { "0>=2", "arg0 >= 2" },
    { "0>4 0<10", "5 <= arg0 <= 9" },
    { "0>4 0<7", "arg0 = 5 or arg0 = 6" },
    { "0<=1", "arg0 <= 1" },
    { "0=38, 0=40", "arg0 = 38 or arg0 = 40" },
    { "!0=38, 0=40", "arg0 != 38 and arg0 != 40" },
    { "!0=0, 0=5", "arg0 != 0 and arg0 != 5" },
    { "!0=1, 0=2, 0=10, 0=16", "arg0 not in {1, 2, 10, 16}" },
    { "0=1, 0=3, 0=5, 0=7", "arg0 in {1, 3, 5, 7}" },
    { "0=2, 0=5, 0=9, 0>=20", "arg0 in {2, 5, 9} or arg0 >= 20" },
    { "0=5, 0>=7", "arg0 = 5 or arg0 >= 7" },
    { "0<=5, 0>=9", "arg0 <= 5 or arg0 >= 9" },
    { "0>=5 0<20 0!=10", "5 <= arg0 <= 19 and arg0 != 10" },
    { "0>=5 0<20 0!=10, 0>=30", "(5 <= arg0 <= 19 and arg0 != 10) or arg0 >= 30" },

    /* Docker's rules for socket, personality and clone */
    { "0<38, 0=39, 0>40", "arg0 != 38 and arg0 != 40" },
    { "!0<38, 0=39, 0>40", "arg0 = 38 or arg0 = 40" },
    { "0=0, 0=8, 0=0x20000, 0=0x20008, 0=0xffffffff",
      "arg0 in {0, 8, 0x20000, 0x20008, 0xffffffff}" },
    { "!0=0, 0=8, 0=0x20000, 0=0x20008, 0=0xffffffff",
      "arg0 not in {0, 8, 0x20000, 0x20008, 0xffffffff}" },
    { "0&0x7e020000=0", "arg0 & 0x7e020000 = 0" },
    { "0&0x7e020000!=0", "arg0 & 0x7e020000 != 0" },
    { "0&0x7c020000=0 0&0x2000000!=0", "arg0 & 0x7e020000 = 0x2000000" },

    /* masks */
    { "0&0x10000000=0x10000000", "arg0 & 0x10000000 != 0" },
    { "0&0x10000000=0", "arg0 & 0x10000000 = 0" },
    { "0&0x10000000!=0x10000000", "arg0 & 0x10000000 = 0" },
    { "0&0xf000=0x1000, 0&0xf000=0x8000, 0&0xf000=0xc000",
      "arg0 & 0xf000 in {0x1000, 0x8000, 0xc000}" },
    { "!0&0xf000=0x1000, 0&0xf000=0x8000",
      "arg0 & 0xf000 != 0x1000 and arg0 & 0xf000 != 0x8000" },
    { "0&0xff=17, 0&0xf00=0x100", "arg0 & 0xff = 0x11 or arg0 & 0xf00 = 0x100" },
    { "0&0x11=0x11, 0&0x22=0x22", "arg0 & 0x11 = 0x11 or arg0 & 0x22 = 0x22" },
    { "0&0xfffffffffff7f7be=0", "arg0 & ~0x80841 = 0" },
    { "0&0xfffffffffff7f7ff=0", "arg0 in {0, 2048, 0x80000, 0x80800}" },
    { "0&0xf>=3", "arg0 & 0xf >= 3" },
    { "0&0xff00=0x5400 0&0xff<=0x20", "0x5400 <= (arg0 & 0xffff) <= 0x5420" },
    { "0&0xff00=0x5400 0&0xff<=0x20 0<0x10000", "21504 <= arg0 <= 21536" },

    /* the lower half */
    { "0&0xffffffff=40", "arg0 & 0xffffffff = 40" },
    { "0&0xffffffff!=40", "arg0 & 0xffffffff != 40" },
    { "0&0xffffffff<38, 0&0xffffffff=39, 0&0xffffffff>40",
      "arg0 & 0xffffffff != 38 and arg0 & 0xffffffff != 40" },
    { "0&0xffffffff<=7", "arg0 & 0xffffffff <= 7" },
    { "0&0xffffffff>40", "arg0 & 0xffffffff >= 41" },
    { "0&0xffffffff>4 0&0xffffffff<10", "5 <= (arg0 & 0xffffffff) <= 9" },
    { "0&0xffffffff00000000=0", "arg0 <= 0xffffffff" },
    { "0&0xffffffff00000000!=0", "arg0 >= 0x100000000" },
    { "0&0xffffffff00000000!=0x500000000", "arg0 & 0xffffffff00000000 != 0x500000000" },
    { "0&0xffffffff=40 0!=40", "arg0 >= 0x100000000 and arg0 & 0xffffffff = 40" },
    { "0&0xffffffff=38 0!=38, 0&0xffffffff=40 0!=40",
      "arg0 >= 0x100000000 and (arg0 & 0xffffffff = 38 or arg0 & 0xffffffff = 40)" },
    { "!0&0xffffffff=40 0!=40", "arg0 <= 0xffffffff or arg0 & 0xffffffff != 40" },

    /* several arguments */
    { "0=2 1=1", "arg0 = 2 and arg1 = 1" },
    { "0=2, 1=1", "arg0 = 2 or arg1 = 1" },
    { "!0=2 1=1", "arg0 != 2 or arg1 != 1" },
    { "!0=2, 1=1", "arg0 != 2 and arg1 != 1" },
    { "0!=38 2=9", "arg0 != 38 and arg2 = 9" },
    { "0<38 5=1, 0=39 5=1, 0>40 5=1", "arg0 != 38 and arg0 != 40 and arg5 = 1" },
    { "0=1 1=2, 0=3 1=4", "(arg0 = 1 and arg1 = 2) or (arg0 = 3 and arg1 = 4)" },
    { "0<=10 1=2, 0>=5 1=4", "(arg0 <= 10 and arg1 = 2) or (arg0 >= 5 and arg1 = 4)" },
    { "0=1 1=1, 0=1 1=5, 0=3 1=1, 0=3 1=5, 0=9 1=1, 0=9 1=5",
      "arg0 in {1, 3, 9} and (arg1 = 1 or arg1 = 5)" },
    { "0=1 1=2 2=3, 0=1 1=2 2=5, 0=1 1=4 2=3, 0=1 1=4 2=5, 4=7",
      "(arg0 = 1 and (arg1 = 2 or arg1 = 4) and (arg2 = 3 or arg2 = 5)) or arg4 = 7" },
    { "0=1 1>=5 1!=8, 0=1 1=2", "arg0 = 1 and (arg1 = 2 or (arg1 >= 5 and arg1 != 8))" },
    { "!0=1 1=2 2=3", "arg0 != 1 or arg1 != 2 or arg2 != 3" },
    { "0=1 1=2, 0!=1 2=3", "(arg0 = 1 and arg1 = 2) or (arg0 != 1 and arg2 = 3)" },
    { "0=1 1>7, 0!=5 1<=1, 0<7 1=7",
      "(arg0 <= 6 and arg1 = 7) or (arg0 = 1 and arg1 >= 7) or (arg0 != 5 and arg1 <= 1)" },
    { "0=1 1>5, 0<5 1<3, 0>1 1>3",
      "(arg0 <= 4 and arg1 <= 2) or (arg0 = 1 and arg1 >= 6) or (arg0 >= 2 and arg1 >= 4)" },
    { "0<7 1>=3, 0>=1 1=1, 0<5 1>1",
      "(arg0 != 0 and arg1 = 1) or (arg0 <= 4 and arg1 = 2) or (arg0 <= 6 and arg1 >= 3)" },
    { "0&1=0 1&1=0, 0&1=1 1&1=1",
      "(arg0 & 0x1 = 0 and arg1 & 0x1 = 0) or (arg0 & 0x1 != 0 and arg1 & 0x1 != 0)" },
};

START_TEST(words_are_exact_and_short)
{
    SP_SCRATCH(arena);
    SP_BUF(buf);
    struct sp_alternatives words;

    find_exact(&arena, read_condition(cases[_i].condition), &words);
    sp_words_write(&words, NULL, &buf);
    ck_assert_str_eq(buf.data, cases[_i].words);
}
END_TEST

/* What can be read as a condition above, at random. */
static uint64_t
next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state * 0x2545f4914f6cdd1du;
}

static unsigned
below(uint64_t *state, unsigned limit)
{
    return (unsigned)(next_random(state) >> 33) % limit;
}

static sp_dd
random_comparison(uint64_t *state)
{
    static const uint64_t masks[] = {
        0xffffffff, 0x7e020000, 0xf, 0xf0, 0xffffffff00000000, 0x8000000000000001
    };
    static const uint64_t data[] = {
        0, 1, 38, 40, 0x7e020000, 0x20000, 0xffffffff, 0x100000000
    };
    unsigned mask = below(state, 12);
    unsigned pick = below(state, 16);
    uint64_t datum = pick < 8 ? data[pick] : pick < 15 ? below(state, 20) : next_random(state);

    return sp_dd_compare(store, below(state, 3), (enum sp_dd_compare)below(state, 6),
                         mask < 6 ? masks[mask] : ALL, datum);
}

static sp_dd
random_condition(uint64_t *state)
{
    sp_dd any = sp_dd_leaf(store, 0);

    for (unsigned i = below(state, 5) + 1; i-- > 0;) {
        sp_dd all = sp_dd_leaf(store, 1);
        for (unsigned j = below(state, 3) + 1; j-- > 0;) {
            all = sp_dd_and(store, all, random_comparison(state));
        }
        any = sp_dd_or(store, any, all);
    }
    return any;
}

START_TEST(words_of_random_conditions_are_exact)
{
    uint64_t state = 0x1234567 + (uint64_t)_i;

    for (unsigned round = 0; round < 40; round++) {
        SP_SCRATCH(arena);
        struct sp_alternatives words;
        sp_dd condition = random_condition(&state);
        ck_assert(sp_words_of(&arena, store, condition, 1000, &words));
        sp_dd back = sp_words_diagram(store, &words);
        if (words.truncated) {
            ck_assert_uint_eq(sp_dd_and(store, back, condition), back);
        } else {
            ck_assert_uint_eq(back, condition);
        }
    }
}
END_TEST

/* Functions of four bits, which lie in two arguments and in both halves of one. */
START_TEST(words_of_small_functions_are_exact)
{
    static const struct {
        unsigned arg;
        unsigned bit;
    } inputs[] = { { 0, 33 }, { 0, 5 }, { 0, 4 }, { 2, 0 } };

    for (unsigned table = (unsigned)_i; table < 65536; table += 97 * 8) {
        sp_dd condition = sp_dd_leaf(store, 0);
        for (unsigned row = 0; row < 16; row++) {
            sp_dd all = sp_dd_leaf(store, table >> row & 1);
            for (unsigned i = 0; i < 4; i++) {
                sp_dd bit = sp_dd_bit(store, inputs[i].arg, inputs[i].bit);
                all = sp_dd_and(store, all, row >> i & 1 ? bit : sp_dd_not(store, bit));
            }
            condition = sp_dd_or(store, condition, all);
        }
        SP_SCRATCH(arena);
        struct sp_alternatives words;
        find_exact(&arena, condition, &words);
        ck_assert_uint_le(words.any.count, 8);
    }
}
END_TEST

START_TEST(only_what_is_given_matters)
{
    static const struct {
        const char *condition;
        const char *given;
        const char *words;
    } rows[] = {
        { "0&0xffffffff=40", "0<0x100000000", "arg0 = 40" },
        { "0&0xffffffff<38, 0&0xffffffff=39, 0&0xffffffff>40", "0<0x100000000",
          "arg0 != 38 and arg0 != 40" },
        { "0=1 1=2", "0=1", "arg1 = 2" },
        { "0=1, 1=2", "0=1", "always" },
        { "0=1 1=2", "0=3", "never" },
        { "0<38, 0=39, 0>40", "0<40", "arg0 != 38" },
        { "0=40", "*", "arg0 = 40" },
        { "0=40", "", "never" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        SP_SCRATCH(arena);
        SP_BUF(buf);
        struct sp_alternatives words;
        sp_dd condition = read_condition(rows[i].condition);
        sp_dd given = read_condition(rows[i].given);
        ck_assert(sp_words_given(&arena, store, condition, given, 20, &words));
        sp_dd back = sp_words_diagram(store, &words);
        ck_assert_uint_eq(sp_dd_and(store, back, given), sp_dd_and(store, condition, given));
        sp_words_write(&words, NULL, &buf);
        ck_assert_str_eq(buf.data, rows[i].words);
    }
}
END_TEST

START_TEST(random_conditions_agree_where_they_are_given)
{
    uint64_t state = 987654321;

    for (unsigned round = 0; round < 60; round++) {
        SP_SCRATCH(arena);
        struct sp_alternatives words;
        sp_dd condition = random_condition(&state);
        sp_dd given = random_condition(&state);
        ck_assert(sp_words_given(&arena, store, condition, given, 1000, &words));
        if (!words.truncated) {
            sp_dd back = sp_words_diagram(store, &words);
            sp_dd expected = sp_dd_and(store, condition, given);
            ck_assert_uint_eq(sp_dd_and(store, back, given), expected);
        }
    }
}
END_TEST

/* ---- limits -------------------------------------------------------------------------- */

START_TEST(more_than_asked_for_is_not_told)
{
    static const struct {
        size_t max;
        const char *words;
    } rows[] = {
        { 0, "more" },
        { 1, "arg0 = 1 or more" },
        { 3, "arg0 in {1, 3, 5} or more" },
        { 4, "arg0 in {1, 3, 5} or (arg0 = 9 and arg1 = 1)" },
    };
    sp_dd condition = read_condition("0=1, 0=3, 0=5, 0=9 1=1");

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        SP_SCRATCH(arena);
        SP_BUF(buf);
        struct sp_alternatives words;
        ck_assert(sp_words_of(&arena, store, condition, rows[i].max, &words));
        ck_assert_int_eq(words.truncated, rows[i].max < 4);
        ck_assert_uint_eq(words.any.count, rows[i].max);
        sp_words_write(&words, NULL, &buf);
        ck_assert_str_eq(buf.data, rows[i].words);
    }
}
END_TEST

/* "The lower bits of two arguments are equal" has as many paths as values. */
START_TEST(hard_conditions_end_truncated)
{
    SP_SCRATCH(arena);
    struct sp_alternatives words;
    sp_dd equal = sp_dd_leaf(store, 1);

    for (unsigned bit = 0; bit < 10; bit++) {
        sp_dd other = sp_dd_bit(store, 1, bit);
        equal = sp_dd_and(store, equal, sp_dd_ite(store, sp_dd_bit(store, 0, bit), other,
                                                  sp_dd_not(store, other)));
    }
    ck_assert(sp_words_of(&arena, store, equal, 20, &words));
    ck_assert(words.truncated);
    ck_assert_uint_eq(words.any.count, 20);
    sp_dd told = sp_words_diagram(store, &words);
    ck_assert_uint_eq(sp_dd_and(store, told, equal), told);

    ck_assert(sp_words_of(&arena, store, equal, 1024, &words));
    ck_assert(!words.truncated);
    ck_assert_uint_eq(sp_words_diagram(store, &words), equal);
}
END_TEST

START_TEST(what_is_partly_undecided_has_no_words)
{
    SP_SCRATCH(arena);
    struct sp_alternatives words;
    sp_dd bit = sp_dd_bit(store, 0, 0);
    sp_dd part = sp_dd_ite(store, bit, SP_DD_UNDECIDED, sp_dd_leaf(store, 1));

    ck_assert(!sp_words_of(&arena, store, SP_DD_UNDECIDED, 9, &words));
    ck_assert(!sp_words_of(&arena, store, part, 9, &words));
    ck_assert(!sp_words_given(&arena, store, sp_dd_leaf(store, 1), part, 9, &words));
}
END_TEST

/* Lists that no search makes can be told, too. */
START_TEST(any_list_can_be_told)
{
    static struct sp_test all[] = {
        { .arg = 0, .kind = SP_TEST_EQ, .low = 1, .high = 1, .mask = ALL },
        { .arg = 1, .kind = SP_TEST_EQ, .low = 2, .high = 2, .mask = ALL },
        { .arg = 1, .kind = SP_TEST_RANGE, .low = 0, .high = 9, .mask = ALL },
    };
    struct sp_tests any[] = {
        { .all = { .at = all, .count = 2 } },
        { .all = { .at = all + 1, .count = 1 } },
        { .all = { .at = all + 1, .count = 2 } },
        { .all = { .at = all, .count = 0 } },
    };
    static const char *const expected[] = {
        "never",
        "arg0 = 1 and arg1 = 2",
        "(arg0 = 1 and arg1 = 2) or arg1 = 2",
        "(arg0 = 1 and arg1 = 2) or arg1 = 2 or (arg1 = 2 and arg1 <= 9)",
        "always",
    };

    for (size_t count = 0; count <= 4; count++) {
        struct sp_alternatives list = { .any = { .at = any, .count = count } };
        SP_BUF(buf);
        sp_words_write(&list, NULL, &buf);
        ck_assert_str_eq(buf.data, expected[count]);
    }
}
END_TEST

/* ---- names --------------------------------------------------------------------------- */

static const struct sp_kb_syscall *
call_named(const char *name)
{
    const struct sp_kb_syscall *call = sp_kb_syscall_find(sp_str_of(name));

    ck_assert_msg(call != NULL, "no call %s", name);
    return call;
}

/* A `$` with a digit stands for the name of that argument. */
static void
put_names(const char *text, const struct sp_kb_syscall *call, struct sp_buf *buf)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (*at != '$') {
            sp_buf_char(buf, *at);
            continue;
        }
        unsigned arg = (unsigned)(*++at - '0');
        ck_assert(call->args_known && arg < call->args.count);
        sp_buf_text(buf, sp_kb_text(sp_kb_args[call->args.first + arg].name));
    }
}

START_TEST(constants_are_told_by_name)
{
    static const struct {
        const char *call;
        const char *condition;
        const char *words;
    } rows[] = {
        { "socket", "0<38, 0=39, 0>40", "$0 != AF_ALG and $0 != AF_VSOCK" },
        { "socket", "0=40, 0>=42", "$0 = AF_VSOCK or $0 >= 42" },
        { "socket", "0=1, 0=2, 0=10, 0=16", "$0 in {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK}" },
        { "socket", "0>=1 0<=40", "1 <= $0 <= 40" },
        { "socket", "0<=1", "$0 = AF_UNSPEC or $0 = AF_UNIX" },
        { "socket", "0&0xffffffff=40", "$0 & 0xffffffff = AF_VSOCK" },
        { "socket", "0=2 1&0xf=1, 0=2 1&0xf=2, 0=2 1&0xf=3",
          "$0 = AF_INET and $1 & 0xf in {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW}" },
        { "unshare", "0&0x7e020080=0", "$0 & 0x7e020080 = 0" },
        { "unshare", "0&0x10000000=0", "$0 & CLONE_NEWUSER = 0" },
        { "unshare", "0&0x10020000=0", "$0 & (CLONE_NEWUSER|CLONE_NEWNS) = 0" },
        { "unshare", "0&0x10020000=0x10000000",
          "$0 & (CLONE_NEWUSER|CLONE_NEWNS) = CLONE_NEWUSER" },
        { "unshare", "0=0x10020000", "$0 = CLONE_NEWUSER|CLONE_NEWNS" },
        { "clone", "0&0x7e020000=0", "$0 & 0x7e020000 = 0" },
        { "clone", "0&0xff=17", "$0 & 0xff = SIGCHLD" },
        { "openat", "2&3=0", "$2 & 0x3 = O_RDONLY" },
        { "personality", "0=0, 0=8, 0=0x20000, 0=0x20008, 0=0xffffffff",
          "$0 in {PER_LINUX, PER_LINUX32, PER_LINUX|UNAME26, PER_LINUX32|UNAME26, "
          "0xffffffff}" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        SP_SCRATCH(arena);
        SP_BUF(expected);
        SP_BUF(buf);
        struct sp_alternatives words;
        put_names(rows[i].words, call_named(rows[i].call), &expected);
        find_exact(&arena, read_condition(rows[i].condition), &words);
        sp_words_write(&words, call_named(rows[i].call), &buf);
        ck_assert_str_eq(buf.data, expected.data);
    }
}
END_TEST

START_TEST(values_are_told_by_name)
{
    static const struct {
        const char *call;
        unsigned arg;
        uint64_t value;
        const char *text;
    } rows[] = {
        { "socket", 0, 40, "AF_VSOCK" },
        { "socket", 0, 1, "AF_UNIX" },  /* not its alias */
        { "socket", 0, 0, "AF_UNSPEC" },
        { "socket", 0, 99, "99" },
        { "socket", 0, 0x100000028, "0x100000028" },
        { "socket", 1, 1, "SOCK_STREAM" },
        { "socket", 1, 02000001, "SOCK_STREAM|SOCK_CLOEXEC" },
        { "unshare", 0, 0x10020000, "CLONE_NEWUSER|CLONE_NEWNS" },
        { "unshare", 0, 0x10000001, "CLONE_NEWUSER|0x1" },
        { "unshare", 0, 0x2a, "0x2a" },
        { "unshare", 0, 7, "7" },
        { "unshare", 0, 0, "0" },
        { "unshare", 0, 0x1000002a, "0x1000002a" },  /* more unknown than known */
        { "clone", 0, 0x10000011, "SIGCHLD|CLONE_NEWUSER" },
        { "mprotect", 2, 0, "0" },
        { "mprotect", 2, 5, "PROT_EXEC|PROT_READ" },
        { "openat", 2, 02000000, "O_RDONLY|O_CLOEXEC" },
        { "personality", 0, 0xffffffff, "0xffffffff" },
        { "read", 2, 4096, "4096" },
        { "read", 2, 65536, "0x10000" },
        { "read", 1, 4096, "0x1000" },  /* a pointer */
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        SP_BUF(buf);
        sp_words_value(call_named(rows[i].call), rows[i].arg, rows[i].value, &buf);
        ck_assert_str_eq(buf.data, rows[i].text);
    }
}
END_TEST

START_TEST(calls_are_told_with_their_arguments)
{
    static const struct {
        const char *call;
        uint64_t args[SP_ARGS];
        const char *text;
    } rows[] = {
        { "socket", { 40, 1, 0 }, "socket(AF_VSOCK, SOCK_STREAM, 0)" },
        { "socket", { 0x100000028, 1, 0 }, "socket(0x100000028, SOCK_STREAM, 0)" },
        { "socket", { 38, 5, 0, 0, 7 }, "socket(AF_ALG, SOCK_SEQPACKET, 0, 0, 7)" },
        { "unshare", { 0x10000000 }, "unshare(CLONE_NEWUSER)" },
        { "getpid", { 0 }, "getpid()" },
        { NULL, { 0 }, "call()" },
        { NULL, { 0, 70000 }, "call(0, 0x11170)" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        SP_BUF(buf);
        const char *name = rows[i].call;
        sp_words_call(name == NULL ? NULL : call_named(name), rows[i].args, &buf);
        ck_assert_str_eq(buf.data, rows[i].text);
    }
}
END_TEST

SP_SUITE(words)
{
    TCase *found = sp_testing_case(suite, "found");
    tcase_add_checked_fixture(found, open_store, close_store);
    tcase_add_loop_test(found, words_are_exact_and_short, 0, sizeof cases / sizeof *cases);
    tcase_add_loop_test(found, words_of_random_conditions_are_exact, 0, 10);
    tcase_add_loop_test(found, words_of_small_functions_are_exact, 0, 8);
    tcase_add_test(found, only_what_is_given_matters);
    tcase_add_test(found, random_conditions_agree_where_they_are_given);
    tcase_add_test(found, more_than_asked_for_is_not_told);
    tcase_add_test(found, hard_conditions_end_truncated);
    tcase_add_test(found, what_is_partly_undecided_has_no_words);

    tcase_add_test(found, any_list_can_be_told);

    TCase *names = sp_testing_case(suite, "names");
    tcase_add_checked_fixture(names, open_store, close_store);
    tcase_add_test(names, constants_are_told_by_name);
    tcase_add_test(names, values_are_told_by_name);
    tcase_add_test(names, calls_are_told_with_their_arguments);
}
