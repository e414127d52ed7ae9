#include "sem/bpf_test.h"

#include "base/testing.h"

#include <linux/audit.h>
#include <seccomp.h>
#include <stdlib.h>
#include <unistd.h>

enum { ARCH = AUDIT_ARCH_X86_64, NR = 7 };

static struct sp_dd_store *store;

static void
make_store(void)
{
    store = sp_dd_store_new(SP_DD_BUDGET);
    ck_assert_ptr_nonnull(store);
}

static void
free_store(void)
{
    sp_dd_store_free(store);
}

static sp_dd
meaning(struct sp_bpf program)
{
    size_t at;

    ck_assert_ptr_null(sp_bpf_refused(program, &at));
    return sp_bpf_meaning(store, program, ARCH, NR);
}

/* ---- programs by hand -------------------------------------------------------------------- */

static sp_dd
where(unsigned arg, enum sp_dd_compare op, uint64_t mask, uint64_t datum)
{
    return sp_dd_ite(store, sp_dd_compare(store, arg, op, mask, datum),
                     sp_dd_leaf(store, SP_VERDICT_ALLOW), sp_dd_leaf(store, SP_VERDICT_LOG));
}

/* One operation on the low half of argument 1, one question; ALLOW where it holds, else LOG. */
struct hand {
    struct sp_bpf_insn operation;
    struct sp_bpf_insn question;
    enum sp_dd_compare op;
    uint64_t mask;
    uint64_t datum;
};

static const struct hand hands[] = {
    { INSN(SP_BPF_AND, 0xff), JUMP(SP_BPF_JEQ, 3, 0, 1), SP_DD_EQ, 0xff, 3 },
    { INSN(SP_BPF_AND, 0xf0), JUMP(SP_BPF_JGT, 0x37, 0, 1), SP_DD_GT, 0xf0, 0x37 },
    { INSN(SP_BPF_AND, 0xff), JUMP(SP_BPF_JSET, 0xf00, 0, 1), SP_DD_LT, 0, 0 },
    { INSN(SP_BPF_OR, 0), JUMP(SP_BPF_JSET, 0x81, 0, 1), SP_DD_NE, 0x81, 0 },
    { INSN(SP_BPF_OR, 0xf), JUMP(SP_BPF_JEQ, 0x1f, 0, 1), SP_DD_EQ, 0xfffffff0, 0x10 },
    { INSN(SP_BPF_OR, 0xf), JUMP(SP_BPF_JEQ, 0x1e, 0, 1), SP_DD_LT, 0, 0 },
    { INSN(SP_BPF_OR, 0xf), JUMP(SP_BPF_JSET, 1, 0, 1), SP_DD_GE, 0, 0 },
    { INSN(SP_BPF_XOR, UINT32_MAX), JUMP(SP_BPF_JEQ, 0, 0, 1), SP_DD_EQ, UINT32_MAX,
      UINT32_MAX },
    { INSN(SP_BPF_XOR, UINT32_MAX), JUMP(SP_BPF_JGE, 5, 0, 1), SP_DD_LE, UINT32_MAX,
      0xfffffffa },
    { INSN(SP_BPF_RSH, 4), JUMP(SP_BPF_JGE, 5, 0, 1), SP_DD_GE, 0xfffffff0, 0x50 },
    { INSN(SP_BPF_RSH, 31), JUMP(SP_BPF_JEQ, 1, 0, 1), SP_DD_GE, UINT32_MAX, 0x80000000 },
    { INSN(SP_BPF_LSH, 8), JUMP(SP_BPF_JEQ, 0x1200, 0, 1), SP_DD_EQ, 0xffffff, 0x12 },
    { INSN(SP_BPF_LSH, 8), JUMP(SP_BPF_JEQ, 0x1201, 0, 1), SP_DD_LT, 0, 0 },
    { INSN(SP_BPF_LSH, 31), JUMP(SP_BPF_JGT, 0, 0, 1), SP_DD_EQ, 1, 1 },
    { INSN(SP_BPF_DIV, 16), JUMP(SP_BPF_JGT, 1, 0, 1), SP_DD_GE, UINT32_MAX, 0x20 },
    { INSN(SP_BPF_MUL, 4), JUMP(SP_BPF_JEQ, 8, 0, 1), SP_DD_EQ, 0x3fffffff, 2 },
    { INSN(SP_BPF_ADD, 0x80000000), JUMP(SP_BPF_JGE, 0x80000000, 0, 1), SP_DD_LT, UINT32_MAX,
      0x80000000 },
    { INSN(SP_BPF_ADD, 0), JUMP(SP_BPF_JGE, UINT32_MAX, 0, 1), SP_DD_EQ, UINT32_MAX,
      UINT32_MAX },
    { INSN(SP_BPF_SUB, 0), JUMP(SP_BPF_JGE, 0, 0, 1), SP_DD_GE, 0, 0 },
    { INSN(SP_BPF_SUB, 0x80000000), JUMP(SP_BPF_JGT, 0x7fffffff, 0, 1), SP_DD_LE, UINT32_MAX,
      0x7fffffff },
};

START_TEST(operations_and_questions_are_exact)
{
    const struct hand *hand = &hands[_i];
    struct sp_bpf_insn program[] = {
        INSN(SP_BPF_LD_ABS, ARG_LOW + 8), hand->operation, hand->question,
        INSN(SP_BPF_RET_K, SP_VERDICT_ALLOW), INSN(SP_BPF_RET_K, SP_VERDICT_LOG),
    };

    ck_assert_uint_eq(meaning(PROGRAM(program)), where(1, hand->op, hand->mask, hand->datum));
}
END_TEST

START_TEST(both_halves_of_an_argument_are_compared)
{
    static const struct sp_bpf_insn program[] = {
        INSN(SP_BPF_LD_ABS, ARG_HIGH), JUMP(SP_BPF_JGT, 5, 3, 0), JUMP(SP_BPF_JEQ, 5, 0, 3),
        INSN(SP_BPF_LD_ABS, ARG_LOW), JUMP(SP_BPF_JGE, 9, 0, 1),
        INSN(SP_BPF_RET_K, SP_VERDICT_ALLOW), INSN(SP_BPF_RET_K, SP_VERDICT_LOG),
    };

    ck_assert_uint_eq(meaning(PROGRAM(program)), where(0, SP_DD_GE, UINT64_MAX, 0x500000009));
}
END_TEST

START_TEST(numbers_and_architectures_are_constants)
{
    static const struct sp_bpf_insn program[] = {
        INSN(SP_BPF_LD_ABS, SP_BPF_DATA_ARCH), JUMP(SP_BPF_JEQ, ARCH, 1, 0),
        INSN(SP_BPF_RET_K, 0), INSN(SP_BPF_LD_ABS, SP_BPF_DATA_NR), INSN(SP_BPF_RET_A, 0),
    };
    struct sp_bpf whole = PROGRAM(program);

    ck_assert_uint_eq(sp_bpf_meaning(store, whole, ARCH, 99), sp_dd_leaf(store, 99));
    ck_assert_uint_eq(sp_bpf_meaning(store, whole, AUDIT_ARCH_I386, 99), sp_dd_leaf(store, 0));
}
END_TEST

START_TEST(registers_and_memory_keep_what_is_open)
{
    static const struct sp_bpf_insn program[] = {
        INSN(SP_BPF_LD_ABS, ARG_LOW + 16), INSN(SP_BPF_ST, 15), INSN(SP_BPF_LDX_MEM, 15),
        INSN(SP_BPF_STX, 3), INSN(SP_BPF_LD_ABS, ARG_LOW), JUMP(SP_BPF_JEQ, 1, 0, 3),
        INSN(SP_BPF_LD_MEM, 3), INSN(SP_BPF_TAX, 0), JUMP(SP_BPF_JEQ | BPF_X, 0, 1, 1),
        INSN(SP_BPF_RET_K, 3), INSN(SP_BPF_TXA, 0), JUMP(SP_BPF_JEQ, 12, 0, 1),
        INSN(SP_BPF_RET_K, 1), INSN(SP_BPF_RET_K, 2),
    };
    sp_dd one = sp_dd_compare(store, 0, SP_DD_EQ, UINT32_MAX, 1);
    sp_dd twelve = sp_dd_compare(store, 2, SP_DD_EQ, UINT32_MAX, 12);
    sp_dd inner = sp_dd_ite(store, twelve, sp_dd_leaf(store, 1), sp_dd_leaf(store, 2));

    ck_assert_uint_eq(meaning(PROGRAM(program)),
                      sp_dd_ite(store, one, inner, sp_dd_leaf(store, 3)));
}
END_TEST

START_TEST(answers_of_a_few_open_bits_are_listed)
{
    static const struct sp_bpf_insn program[] = {
        INSN(SP_BPF_LD_ABS, ARG_LOW), INSN(SP_BPF_AND, 0xff), INSN(SP_BPF_OR, SP_VERDICT_ERRNO),
        INSN(SP_BPF_RET_A, 0),
    };
    sp_dd listed = meaning(PROGRAM(program));

    ck_assert_uint_eq(sp_dd_leaves(store, listed, NULL, 0), 256);
    for (uint32_t value = 0; value < 256; value++) {
        uint64_t args[SP_ARGS] = { value | 0x5500 };
        uint32_t found = 0;
        ck_assert(sp_dd_eval(store, listed, args, &found));
        ck_assert_uint_eq(found, SP_VERDICT_ERRNO | value);
    }
}
END_TEST

START_TEST(what_cannot_be_told_is_undecided)
{
    static const struct sp_bpf_insn many[] = {
        INSN(SP_BPF_LD_ABS, ARG_LOW), INSN(SP_BPF_AND, 0x1ff), INSN(SP_BPF_RET_A, 0),
    };
    static const struct sp_bpf_insn pointer[] = {
        INSN(SP_BPF_LD_ABS, SP_BPF_DATA_IP), JUMP(SP_BPF_JEQ, 1, 0, 1), INSN(SP_BPF_RET_K, 1),
        INSN(SP_BPF_RET_K, 2),
    };
    static const struct sp_bpf_insn division[] = {
        INSN(SP_BPF_LD_ABS, ARG_LOW), INSN(SP_BPF_DIV, 10), JUMP(SP_BPF_JEQ, 1, 0, 1),
        INSN(SP_BPF_RET_K, 1), INSN(SP_BPF_RET_K, 2),
    };
    static const struct sp_bpf_insn two[] = {
        INSN(SP_BPF_LD_ABS, ARG_LOW), INSN(SP_BPF_TAX, 0), INSN(SP_BPF_LD_ABS, ARG_LOW + 8),
        JUMP(SP_BPF_JGT | BPF_X, 0, 0, 1), INSN(SP_BPF_RET_K, 1), INSN(SP_BPF_RET_K, 2),
    };

    ck_assert_uint_eq(meaning(PROGRAM(many)), SP_DD_UNDECIDED);
    ck_assert_uint_eq(meaning(PROGRAM(pointer)), SP_DD_UNDECIDED);
    ck_assert_uint_eq(meaning(PROGRAM(division)), SP_DD_UNDECIDED);
    ck_assert_uint_eq(meaning(PROGRAM(two)), SP_DD_UNDECIDED);
    ck_assert(!sp_dd_store_is_spent(store));
}
END_TEST

START_TEST(only_the_part_that_cannot_be_told_is_undecided)
{
    static const struct sp_bpf_insn program[] = {
        INSN(SP_BPF_LD_ABS, ARG_LOW), JUMP(SP_BPF_JEQ, 5, 2, 0),
        INSN(SP_BPF_LD_ABS, SP_BPF_DATA_IP), JUMP(SP_BPF_JEQ, 1, 0, 1), INSN(SP_BPF_RET_K, 1),
        INSN(SP_BPF_RET_K, 2),
    };
    sp_dd made = meaning(PROGRAM(program));
    uint64_t five[SP_ARGS] = { 5 };
    uint64_t six[SP_ARGS] = { 6 };
    uint32_t value = 0;

    ck_assert(sp_dd_has_undecided(store, made));
    ck_assert(sp_dd_eval(store, made, five, &value));
    ck_assert_uint_eq(value, 1);
    ck_assert(!sp_dd_eval(store, made, six, &value));
}
END_TEST

START_TEST(a_question_without_consequence_may_stay_open)
{
    static const struct sp_bpf_insn program[] = {
        INSN(SP_BPF_LD_ABS, SP_BPF_DATA_IP), JUMP(SP_BPF_JEQ, 1, 0, 1), INSN(SP_BPF_RET_K, 1),
        INSN(SP_BPF_RET_K, 1),
    };

    ck_assert_uint_eq(meaning(PROGRAM(program)), sp_dd_leaf(store, 1));
}
END_TEST

START_TEST(division_by_zero_ends_the_program)
{
    static const struct sp_bpf_insn program[] = {
        INSN(SP_BPF_LD_ABS, ARG_LOW), INSN(SP_BPF_TAX, 0), INSN(SP_BPF_LD_IMM, 9),
        INSN(SP_BPF_DIV | BPF_X, 0), INSN(SP_BPF_RET_K, SP_VERDICT_ALLOW),
    };
    sp_dd zero = sp_dd_compare(store, 0, SP_DD_EQ, UINT32_MAX, 0);

    ck_assert_uint_eq(meaning(PROGRAM(program)),
                      sp_dd_ite(store, zero, sp_dd_leaf(store, SP_VERDICT_KILL_THREAD),
                                sp_dd_leaf(store, SP_VERDICT_ALLOW)));
}
END_TEST

/* Each of many questions adds another power of two: every way through it is a state of its
 * own. */
START_TEST(programs_made_to_be_hard_end_undecided)
{
    enum { QUESTIONS = 30 };
    struct sp_bpf_insn program[4 + 5 * QUESTIONS] = {
        INSN(SP_BPF_LD_IMM, 0), INSN(SP_BPF_ST, 0),
    };
    struct sp_bpf_insn *at = program + 2;

    for (unsigned i = 0; i < QUESTIONS; i++) {
        *at++ = (struct sp_bpf_insn)INSN(SP_BPF_LD_ABS, ARG_LOW + 8 * (i % SP_ARGS));
        *at++ = (struct sp_bpf_insn)JUMP(SP_BPF_JSET, 1u << i, 0, 3);
        *at++ = (struct sp_bpf_insn)INSN(SP_BPF_LD_MEM, 0);
        *at++ = (struct sp_bpf_insn)INSN(SP_BPF_OR, 1u << i);
        *at++ = (struct sp_bpf_insn)INSN(SP_BPF_ST, 0);
    }
    *at++ = (struct sp_bpf_insn)INSN(SP_BPF_LD_MEM, 0);
    *at++ = (struct sp_bpf_insn)INSN(SP_BPF_RET_A, 0);
    ck_assert_uint_eq(meaning(PROGRAM(program)), SP_DD_UNDECIDED);
    ck_assert(!sp_dd_store_is_spent(store));
}
END_TEST

/* ---- programs by chance ------------------------------------------------------------------ */

enum { PROGRAMS = 24000, POINTS = 64, LONGEST = 24, BATCHES = 8 };

/* How many points were decided. */
static size_t
compare_at_points(struct sp_bpf program, sp_dd made, uint64_t *seed)
{
    size_t decided = 0;

    for (unsigned point = 0; point < POINTS; point++) {
        struct sp_call call = bpf_random_call(seed, ARCH, NR);
        uint32_t value = 0;
        if (sp_dd_eval(store, made, call.args, &value)) {
            decided++;
            ck_assert_uint_eq(value, sp_bpf_run(program, &call, NULL));
        }
    }
    return decided;
}

START_TEST(meanings_of_random_programs_are_what_they_do)
{
    uint64_t seed = 0x5ec0de + (uint64_t)_i;
    size_t decided = 0;

    for (unsigned done = 0; done < PROGRAMS / BATCHES;) {
        struct sp_bpf_insn room[LONGEST];
        size_t count = 2 + bpf_random_below(&seed, LONGEST - 2);
        struct sp_bpf program = bpf_random_program(&seed, room, count);
        size_t at;
        if (sp_bpf_refused(program, &at) == NULL) {
            sp_dd made = sp_bpf_meaning(store, program, ARCH, NR);
            decided += compare_at_points(program, made, &seed);
            done++;
        }
    }
    ck_assert(!sp_dd_store_is_spent(store));
    ck_assert_uint_gt(decided, (size_t)POINTS * PROGRAMS / BATCHES * 3 / 4);
}
END_TEST

/* ---- filters of libseccomp --------------------------------------------------------------- */

struct made_rule {
    uint32_t action;
    int first;
    int last;
    unsigned count;
    struct scmp_arg_cmp args[3];
};

/* Of one action beside the default, so that a rule means what it says. */
static const struct made_rule rules[] = {
    { SCMP_ACT_ALLOW, 10, 10, 1, { { 0, SCMP_CMP_EQ, 5, 0 } } },
    { SCMP_ACT_ALLOW, 11, 11, 1, { { 1, SCMP_CMP_NE, 0x100000002, 0 } } },
    { SCMP_ACT_ALLOW, 12, 12, 1, { { 2, SCMP_CMP_LT, 0x100000000, 0 } } },
    { SCMP_ACT_ALLOW, 13, 13, 1, { { 3, SCMP_CMP_LE, 0xffffffff, 0 } } },
    { SCMP_ACT_ALLOW, 14, 14, 1, { { 4, SCMP_CMP_GT, 0x8000000000000000, 0 } } },
    { SCMP_ACT_ALLOW, 16, 16, 1, { { 5, SCMP_CMP_GE, 7, 0 } } },
    { SCMP_ACT_ALLOW, 17, 17, 1, { { 0, SCMP_CMP_MASKED_EQ, 0x7e020000, 0 } } },
    { SCMP_ACT_ALLOW, 18, 18, 1, { { 0, SCMP_CMP_MASKED_EQ, 0xff000000ff, 0x1200000034 } } },
    { SCMP_ACT_ALLOW, 19, 19, 3, { { 0, SCMP_CMP_EQ, 1, 0 }, { 1, SCMP_CMP_GT, 2, 0 },
                                   { 2, SCMP_CMP_MASKED_EQ, 3, 3 } } },
    { SCMP_ACT_ALLOW, 20, 20, 2, { { 2, SCMP_CMP_LT, 40, 0 }, { 5, SCMP_CMP_NE, 3, 0 } } },
    { SCMP_ACT_ALLOW, 21, 60, 0, { { 0 } } },
    { SCMP_ACT_ALLOW, 100, 330, 0, { { 0 } } },
};
enum { RULES = sizeof rules / sizeof *rules };

static sp_dd
rule_condition(const struct made_rule *rule)
{
    sp_dd all = sp_dd_leaf(store, 1);
    static const enum sp_dd_compare ops[] = {
        [SCMP_CMP_NE] = SP_DD_NE, [SCMP_CMP_LT] = SP_DD_LT, [SCMP_CMP_LE] = SP_DD_LE,
        [SCMP_CMP_EQ] = SP_DD_EQ, [SCMP_CMP_GE] = SP_DD_GE, [SCMP_CMP_GT] = SP_DD_GT,
        [SCMP_CMP_MASKED_EQ] = SP_DD_EQ,
    };

    for (unsigned i = 0; i < rule->count; i++) {
        const struct scmp_arg_cmp *arg = &rule->args[i];
        bool masked = arg->op == SCMP_CMP_MASKED_EQ;
        uint64_t mask = masked ? arg->datum_a : UINT64_MAX;
        uint64_t datum = masked ? arg->datum_b : arg->datum_a;
        sp_dd one = sp_dd_compare(store, arg->arg, ops[arg->op], mask, datum);
        all = sp_dd_and(store, all, one);
    }
    return all;
}

/* What the first `count` rules say. */
static sp_dd
expected(uint32_t nr, int count)
{
    sp_dd answer = sp_dd_leaf(store, SCMP_ACT_ERRNO(1));

    for (int i = 0; i < count; i++) {
        if (nr >= (uint32_t)rules[i].first && nr <= (uint32_t)rules[i].last) {
            answer = sp_dd_ite(store, rule_condition(&rules[i]),
                               sp_dd_leaf(store, SCMP_ACT_ALLOW), answer);
        }
    }
    return answer;
}

/* The filter of those rules, for three architectures. */
static struct sp_bpf
build(int count, uint32_t optimize, struct sp_bpf_insn room[SP_BPF_MAX])
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(1));
    char path[] = "/tmp/secprof-filter-XXXXXX";
    int file = mkstemp(path);

    ck_assert_int_ge(file, 0);
    unlink(path);
    (void)seccomp_arch_add(filter, SCMP_ARCH_X86);
    (void)seccomp_arch_add(filter, SCMP_ARCH_X32);
    (void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, optimize);
    for (int i = 0; i < count; i++) {
        for (int nr = rules[i].first; nr <= rules[i].last; nr++) {
            ck_assert_int_eq(seccomp_rule_add_array(filter, rules[i].action, nr, rules[i].count,
                                                    rules[i].args), 0);
        }
    }
    ck_assert_int_eq(seccomp_export_bpf(filter, file), 0);
    ssize_t size = pread(file, room, SP_BPF_MAX * sizeof *room, 0);
    ck_assert_int_gt(size, 0);
    close(file);
    seccomp_release(filter);
    return (struct sp_bpf){ .at = room, .count = (size_t)size / sizeof *room };
}

/* Filter n has the first n + 1 rules; odd ones are a tree. */
START_TEST(filters_of_libseccomp_mean_their_rules)
{
    struct sp_bpf_insn room[SP_BPF_MAX];
    uint32_t arches[] = { AUDIT_ARCH_X86_64, AUDIT_ARCH_I386, AUDIT_ARCH_AARCH64 };
    size_t at;

    if (seccomp_arch_native() != SCMP_ARCH_X86_64) {
        return;  /* the rules name numbers of x86_64 */
    }
    struct sp_bpf program = build(_i + 1, _i % 2 == 0 ? 1 : 2, room);
    ck_assert_ptr_null(sp_bpf_refused(program, &at));
    for (uint32_t nr = 0; nr < 460; nr++) {
        sp_dd made = sp_bpf_meaning(store, program, AUDIT_ARCH_X86_64, nr);
        ck_assert_uint_eq(made, expected(nr, _i + 1));
        for (size_t i = 0; i < 3; i++) {
            made = sp_bpf_meaning(store, program, arches[i], nr);
            ck_assert(!sp_dd_has_undecided(store, made));
            uint64_t seed = nr + 1;
            for (unsigned point = 0; point < 8; point++) {
                struct sp_call call = bpf_random_call(&seed, arches[i], nr);
                uint32_t value = 0;
                ck_assert(sp_dd_eval(store, made, call.args, &value));
                ck_assert_uint_eq(value, sp_bpf_run(program, &call, NULL));
            }
        }
    }
}
END_TEST

SP_SUITE(bpf_meaning)
{
    TCase *tcase = sp_testing_case(suite, "by hand");
    tcase_add_checked_fixture(tcase, make_store, free_store);
    tcase_add_loop_test(tcase, operations_and_questions_are_exact, 0,
                        sizeof hands / sizeof *hands);
    tcase_add_test(tcase, both_halves_of_an_argument_are_compared);
    tcase_add_test(tcase, numbers_and_architectures_are_constants);
    tcase_add_test(tcase, registers_and_memory_keep_what_is_open);
    tcase_add_test(tcase, answers_of_a_few_open_bits_are_listed);
    tcase_add_test(tcase, what_cannot_be_told_is_undecided);
    tcase_add_test(tcase, only_the_part_that_cannot_be_told_is_undecided);
    tcase_add_test(tcase, a_question_without_consequence_may_stay_open);
    tcase_add_test(tcase, division_by_zero_ends_the_program);
    tcase_add_test(tcase, programs_made_to_be_hard_end_undecided);

    tcase = sp_testing_case(suite, "by chance");
    tcase_add_checked_fixture(tcase, make_store, free_store);
    tcase_add_loop_test(tcase, meanings_of_random_programs_are_what_they_do, 0, BATCHES);

    tcase = sp_testing_case(suite, "libseccomp");
    tcase_add_checked_fixture(tcase, make_store, free_store);
    tcase_add_loop_test(tcase, filters_of_libseccomp_mean_their_rules, 0, RULES);
}
