/* The algorithm of libseccomp, held against the library itself. */
#include "base/testing.h"
#include "sem/bpf_run.h"
#include "sem/bpf_test.h"
#include "sem/modelled.h"

#include <errno.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { KCMP = 312, RULES_MAX = 4, CONDITIONS_MAX = 2, PROGRAM_MAX = 4096 };

struct set {
    struct sp_filter_rule rules[RULES_MAX];
    struct sp_filter_condition conditions[RULES_MAX][SP_ARGS];
    size_t count;
    sp_verdict default_verdict;
};

/* ---- chance ------------------------------------------------------------------------------ */

/* How sets are drawn. */
struct manner {
    bool is_mixed;       /* several actions */
    bool is_wide;        /* data and masks of 2^32 and above, too */
    uint32_t longer;     /* one of so many rules has several conditions */
};

static const struct manner manners[] = {
    { false, false, 2 }, { true, false, 2 }, { true, true, 2 }, { false, true, 2 },
    { true, true, 1000 }, { true, false, 1000 },
};
enum { MANNERS = sizeof manners / sizeof *manners };

static struct sp_filter_condition
random_condition(uint64_t *seed, const struct manner *manner, unsigned index)
{
    uint64_t high = manner->is_wide ? (uint64_t)bpf_random_below(seed, 3) << 32 : 0;
    struct sp_filter_condition condition = {
        .index = index,
        .op = (enum sp_operator)(1 + bpf_random_below(seed, 7)),
        .mask = UINT64_MAX,
        .datum = bpf_random_below(seed, 4) | high,
    };

    if (condition.op == SP_OPERATOR_MASKED_EQ) {
        condition.mask = bpf_random_below(seed, 4)
                       | (manner->is_wide ? (uint64_t)bpf_random_below(seed, 4) << 32 : 0);
        if (bpf_random_below(seed, 8) == 0) {
            condition.mask = UINT64_MAX;
        }
        condition.datum &= condition.mask;
    }
    return condition;
}

static void
random_set(uint64_t *seed, const struct manner *manner, struct set *set)
{
    *set = (struct set){
        .count = 1 + bpf_random_below(seed, RULES_MAX), .default_verdict = SP_VERDICT_ALLOW
    };
    for (size_t i = 0; i < set->count; i++) {
        size_t count = bpf_random_below(seed, manner->longer) == 0 ? CONDITIONS_MAX : 1;
        unsigned first = bpf_random_below(seed, 3);
        if (bpf_random_below(seed, 32) == 0) {
            count = 0;
        }
        for (size_t j = 0; j < count; j++) {
            unsigned index = j == 0 ? first : (first + 1 + bpf_random_below(seed, 2)) % 3;
            set->conditions[i][j] = random_condition(seed, manner, index);
        }
        set->rules[i] = (struct sp_filter_rule){
            .verdict = SP_VERDICT_ERRNO
                     | (1 + bpf_random_below(seed, manner->is_mixed ? 3 : 1)),
            .conditions = set->conditions[i],
            .condition_count = count,
        };
    }
}

/* ---- the library ------------------------------------------------------------------------- */

static enum scmp_compare
library_op(enum sp_operator op)
{
    static const enum scmp_compare ops[] = {
        [SP_OPERATOR_NE] = SCMP_CMP_NE, [SP_OPERATOR_LT] = SCMP_CMP_LT,
        [SP_OPERATOR_LE] = SCMP_CMP_LE, [SP_OPERATOR_EQ] = SCMP_CMP_EQ,
        [SP_OPERATOR_GE] = SCMP_CMP_GE, [SP_OPERATOR_GT] = SCMP_CMP_GT,
        [SP_OPERATOR_MASKED_EQ] = SCMP_CMP_MASKED_EQ,
    };

    return ops[op];
}

static int
library_add(scmp_filter_ctx context, const struct sp_filter_rule *rule)
{
    struct scmp_arg_cmp conditions[SP_ARGS];

    for (size_t i = 0; i < rule->condition_count; i++) {
        const struct sp_filter_condition *condition = &rule->conditions[i];
        bool is_masked = condition->op == SP_OPERATOR_MASKED_EQ;
        conditions[i] = (struct scmp_arg_cmp){
            .arg = condition->index,
            .op = library_op(condition->op),
            .datum_a = is_masked ? condition->mask : condition->datum,
            .datum_b = is_masked ? condition->datum : 0,
        };
    }
    return seccomp_rule_add_array(context, SCMP_ACT_ERRNO(rule->verdict & SP_VERDICT_DATA),
                                  KCMP, (unsigned)rule->condition_count, conditions);
}

/* The rule that the library refuses, or the count of rules; then `ret_program` is set. */
static size_t
library_build(const struct set *set, uint32_t arch, struct sp_bpf_insn *room,
              struct sp_bpf *ret_program)
{
    scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);
    int fd = memfd_create("filter", MFD_CLOEXEC);
    size_t i = 0;

    ck_assert(context != NULL && fd >= 0);
    if (arch != SCMP_ARCH_X86_64) {
        ck_assert_int_eq(seccomp_arch_add(context, arch), 0);
        ck_assert_int_eq(seccomp_arch_remove(context, SCMP_ARCH_X86_64), 0);
    }
    for (; i < set->count; i++) {
        int error = library_add(context, &set->rules[i]);
        if (error != 0) {
            ck_assert_int_eq(error, -EEXIST);
            break;
        }
    }
    if (i == set->count) {
        ck_assert_int_eq(seccomp_export_bpf(context, fd), 0);
        ssize_t size = pread(fd, room, PROGRAM_MAX * sizeof *room, 0);
        ck_assert_int_gt(size, 0);
        *ret_program = (struct sp_bpf){ .at = room, .count = (size_t)size / sizeof *room };
    }
    close(fd);
    seccomp_release(context);
    return i;
}

/* ---- the comparison ---------------------------------------------------------------------- */

static void
describe(const struct set *set)
{
    static const char *const ops[] = { "?", "!=", "<", "<=", "==", ">=", ">", "&==" };

    for (size_t i = 0; i < set->count; i++) {
        fprintf(stderr, "  errno %u:", set->rules[i].verdict & SP_VERDICT_DATA);
        for (size_t j = 0; j < set->rules[i].condition_count; j++) {
            const struct sp_filter_condition *condition = &set->conditions[i][j];
            fprintf(stderr, " a%u %s %#llx (mask %#llx)", condition->index, ops[condition->op],
                    (unsigned long long)condition->datum, (unsigned long long)condition->mask);
        }
        fprintf(stderr, "\n");
    }
}

struct target {
    uint32_t library;
    uint32_t audit;
    uint32_t nr;
    unsigned bits;
};

static const struct target targets[] = {
    { SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64, KCMP, 64 },
    { SCMP_ARCH_X86, AUDIT_ARCH_I386, 349, 32 },
};

static struct sp_version
library_version(void)
{
    const struct scmp_version *version = seccomp_version();

    return (struct sp_version){
        (uint16_t)version->major, (uint16_t)version->minor, (uint16_t)version->micro
    };
}

/* Is the set inside the safe fragment? Then both must agree. */
static bool
agree(const struct set *set, const struct target *target)
{
    static struct sp_bpf_insn room[PROGRAM_MAX];
    struct sp_dd_store *store = sp_dd_store_new(1 << 16);
    struct sp_modelled modelled;
    struct sp_bpf program;

    ck_assert(store != NULL);
    ck_assert(sp_modelled_make(store, set->rules, set->count, target->bits,
                               set->default_verdict, library_version(), &modelled));
    /* Here the call is alone in its filter. */
    if ((modelled.hazards & ~(unsigned)SP_HAZARD_LENT_BLOCK) != 0) {
        sp_dd_store_free(store);
        return false;
    }
    size_t refused = library_build(set, target->library, room, &program);
    size_t expected = modelled.refused != NULL ? (size_t)(modelled.refused - set->rules)
                                               : set->count;
    bool is_same = refused == expected;
    if (is_same && refused == set->count) {
        is_same = modelled.meaning
               == sp_bpf_meaning(store, program, target->audit, target->nr);
    }
    if (!is_same) {
        describe(set);
        ck_abort_msg("%u bits: the library takes %zu rules, the model %zu of %zu", target->bits,
                     refused, expected, set->count);
    }
    if (modelled.refused != NULL) {
        ck_assert_ptr_nonnull(modelled.against);
        ck_assert(modelled.against < modelled.refused);
        ck_assert_uint_ne(modelled.against->verdict, modelled.refused->verdict);
    }
    sp_dd_store_free(store);
    return true;
}

static size_t
sets_wanted(void)
{
    const char *text = getenv("SECPROF_MODELLED_SETS");

    return text != NULL ? strtoull(text, NULL, 10) : 800;
}

START_TEST(model_and_library_agree)
{
    const struct manner *manner = &manners[_i % MANNERS];
    const struct target *target = &targets[_i / MANNERS];
    uint64_t seed = 0x5ec5ec + (uint64_t)_i;
    struct set set;

    for (size_t done = 0; done < sets_wanted();) {
        random_set(&seed, manner, &set);
        done += agree(&set, target);
    }
}
END_TEST

/* ---- shapes ------------------------------------------------------------------------------ */

#define ALL UINT64_MAX
#define COND(index_, op_, datum_) { (index_), SP_OPERATOR_##op_, ALL, (datum_) }

static const struct {
    const char *name;
    unsigned hazards;
    int refused;       /* place of the rule, -1 = none */
    unsigned decides;  /* bit n: rule n takes part */
    struct {
        unsigned error;
        size_t count;
        struct sp_filter_condition at[2];
    } rules[3];
} shapes[] = {
    { "first unconditional wins", 0, -1, 1, { { 1, 0, { { 0 } } }, { 2, 0, { { 0 } } } } },
    { "unconditional beats conditional", 0, -1, 2,
      { { 1, 1, { COND(0, EQ, 1) } }, { 2, 0, { { 0 } } } } },
    { "mask 0 always holds", 0, -1, 2,
      { { 1, 1, { COND(0, EQ, 1) } }, { 2, 1, { { 0, SP_OPERATOR_MASKED_EQ, 0, 0 } } } } },
    { "one condition, two actions", 0, 1, 3,
      { { 1, 1, { COND(0, EQ, 1) } }, { 2, 1, { COND(0, EQ, 1) } } } },
    { "shorter, then longer", SP_HAZARD_LENT_BLOCK, -1, 1,
      { { 1, 1, { COND(0, EQ, 1) } }, { 2, 2, { COND(0, EQ, 1), COND(1, EQ, 2) } } } },
    { "longer, then shorter", SP_HAZARD_LENT_BLOCK, 1, 3,
      { { 1, 2, { COND(0, EQ, 1), COND(1, EQ, 2) } }, { 2, 1, { COND(0, EQ, 1) } } } },
    { "longer, then shorter, alike", SP_HAZARD_LENT_BLOCK, -1, 2,
      { { 1, 2, { COND(0, EQ, 1), COND(1, EQ, 2) } }, { 1, 1, { COND(0, EQ, 1) } } } },
    { "two branching heads", SP_HAZARD_SHARED_LEVEL | SP_HAZARD_STALE_REGISTER
                             | SP_HAZARD_LOST_RULE | SP_HAZARD_LENT_BLOCK, -1, 7,
      { { 1, 2, { COND(0, NE, 3), COND(1, NE, 2) } },
        { 1, 2, { COND(0, NE, 3), COND(2, NE, 3) } } } },
    { "a branching head", SP_HAZARD_STALE_REGISTER | SP_HAZARD_LENT_BLOCK, -1, 3,
      { { 1, 2, { COND(0, GT, 3), COND(1, EQ, 2) } }, { 1, 1, { COND(0, EQ, 1) } } } },
    { "a branching head alone", 0, -1, 1,
      { { 1, 2, { COND(0, NE, 3), COND(1, LT, 2) } } } },
    { "NE beside a longer one", SP_HAZARD_LOST_RULE | SP_HAZARD_LENT_BLOCK, -1, 3,
      { { 1, 2, { COND(0, EQ, 3), COND(1, EQ, 2) } }, { 1, 1, { COND(1, NE, 2) } } } },
    { "LE beside a wide one", SP_HAZARD_WIDE_RANGE | SP_HAZARD_LENT_BLOCK, -1, 3,
      { { 1, 1, { COND(0, LE, 1) } }, { 1, 1, { COND(0, EQ, 0x100000001) } } } },
    { "LE beside a wide one of another argument", SP_HAZARD_LENT_BLOCK, -1, 3,
      { { 1, 1, { COND(0, LE, 1) } }, { 1, 1, { COND(1, EQ, 0x100000001) } } } },
};

static struct set
set_of(int shape)
{
    struct set set = { .default_verdict = SP_VERDICT_ALLOW };

    for (size_t i = 0; i < 3 && shapes[shape].rules[i].error != 0; i++) {
        set.rules[set.count++] = (struct sp_filter_rule){
            .verdict = SP_VERDICT_ERRNO | shapes[shape].rules[i].error,
            .conditions = shapes[shape].rules[i].at,
            .condition_count = shapes[shape].rules[i].count,
        };
    }
    return set;
}

START_TEST(a_shape_is_judged)
{
    struct sp_dd_store *store = sp_dd_store_new(1 << 16);
    struct set set = set_of(_i);
    struct sp_modelled modelled;

    ck_assert(sp_modelled_make(store, set.rules, set.count, 64, set.default_verdict,
                               (struct sp_version){ 0 }, &modelled));
    ck_assert_msg(modelled.hazards == shapes[_i].hazards, "%s: hazards %#x", shapes[_i].name,
                  modelled.hazards);
    int refused = modelled.refused == NULL ? -1 : (int)(modelled.refused - set.rules);
    ck_assert_msg(refused == shapes[_i].refused, "%s: refused %d", shapes[_i].name, refused);
    for (size_t i = 0; i < set.count; i++) {
        bool decides = sp_modelled_decides(store, set.rules, set.count, i, 64,
                                           set.default_verdict, (struct sp_version){ 0 });
        ck_assert_msg(decides == (shapes[_i].decides >> i & 1), "%s: rule %zu %s",
                      shapes[_i].name, i, decides ? "decides" : "does not decide");
    }
    sp_dd_store_free(store);
}
END_TEST

START_TEST(thirty_two_bits_look_at_no_upper_half)
{
    static const struct sp_filter_condition condition = COND(0, EQ, 0x100000001);
    struct sp_filter_rule rule = { .conditions = &condition, .condition_count = 1 };
    struct sp_dd_store *store = sp_dd_store_new(1 << 16);
    uint64_t args[SP_ARGS] = { 0xdead00000001 };
    uint32_t value;

    sp_dd narrow = sp_modelled_condition(store, &rule, 32);
    ck_assert_uint_eq(sp_dd_bits(store, narrow, 0), UINT32_MAX);
    ck_assert(sp_dd_eval(store, narrow, args, &value) && value == 1);
    sp_dd whole = sp_modelled_condition(store, &rule, 64);
    ck_assert(sp_dd_eval(store, whole, args, &value) && value == 0);
    sp_dd_store_free(store);
}
END_TEST

SP_SUITE(modelled)
{
    TCase *library = sp_testing_case(suite, "library");
    TCase *judged = sp_testing_case(suite, "shapes");

    tcase_add_loop_test(library, model_and_library_agree, 0,
                        MANNERS * (int)(sizeof targets / sizeof *targets));
    tcase_add_loop_test(judged, a_shape_is_judged, 0,
                        (int)(sizeof shapes / sizeof *shapes));
    tcase_add_test(judged, thirty_two_bits_look_at_no_upper_half);
}
