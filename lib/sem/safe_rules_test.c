/* Rules that are written for diagrams mean the diagrams, for libseccomp's algorithm and for
 * its filters, and few diagrams have none. */
#include "base/testing.h"
#include "format/defaults_write.h"
#include "format/profile_testing.h"
#include "kb/defaults.h"
#include "sem/bpf_run.h"
#include "sem/compile.h"
#include "sem/dd_test.h"
#include "sem/modelled.h"
#include "sem/policy.h"
#include "sem/safe_rules.h"

#include <inttypes.h>

#define ALLOW SP_VERDICT_ALLOW
#define DENY (SP_VERDICT_ERRNO | 1)
#define DENY_97 (SP_VERDICT_ERRNO | 97)
#define KILL SP_VERDICT_KILL_PROCESS

/* ---- helpers ----------------------------------------------------------------------------- */

/* No argument twice in a rule, in order; several conditions are EQ and MASKED_EQ, but in a
 * rule that stands alone; nothing beside NE then; numbers in their masks. */
static void
check_shape(const struct sp_safe_rules *rules, sp_verdict default_verdict)
{
    ck_assert_uint_le(rules->all.count, SP_SAFE_MAX);
    for (size_t i = 0; i < rules->all.count; i++) {
        const struct sp_safe_rule *rule = &rules->all.at[i];
        ck_assert(rule->verdict != default_verdict);
        for (size_t j = 0; j < rule->conditions.count; j++) {
            const struct sp_filter_condition *condition = &rule->conditions.at[j];
            bool is_masked = condition->op == SP_OPERATOR_MASKED_EQ;
            ck_assert(j == 0 || condition[-1].index < condition->index);
            ck_assert((condition->datum & ~condition->mask) == 0);
            ck_assert(is_masked || condition->mask == UINT64_MAX);
            ck_assert(is_masked || condition->op == SP_OPERATOR_EQ
                      || rule->conditions.count == 1 || rules->all.count == 1);
        }
    }
}

/* Writes the rules for a diagram and has libseccomp's algorithm say what they mean. */
static enum sp_safe_result
write_and_check(struct sp_arena *arena, sp_dd meaning, sp_verdict default_verdict,
                unsigned bits, struct sp_safe_rules *ret_rules, unsigned *ret_hazards)
{
    struct sp_modelled modelled;
    enum sp_safe_result result =
        sp_safe_rules_of(arena, store, meaning, default_verdict, bits, ret_rules);

    ck_assert_int_ne(result, SP_SAFE_NO_MEMORY);
    if (result == SP_SAFE_OK) {
        check_shape(ret_rules, default_verdict);
        ck_assert(sp_modelled_make(store, sp_safe_rules_rows(arena, ret_rules, 0),
                                   ret_rules->all.count, bits, default_verdict,
                                   (struct sp_version){ 0 }, &modelled));
        ck_assert_ptr_null(modelled.refused);
        ck_assert_uint_eq(modelled.meaning, meaning);
        ck_assert_uint_eq(modelled.hazards & ~(unsigned)SP_HAZARD_LENT_BLOCK, 0);
        *ret_hazards = modelled.hazards;
    }
    return result;
}

/* ---- what is written --------------------------------------------------------------------- */

static void
write_condition(const struct sp_filter_condition *condition, struct sp_buf *buf)
{
    sp_buf_format(buf, " %u", condition->index);
    if (condition->op == SP_OPERATOR_MASKED_EQ) {
        sp_buf_format(buf, "&0x%" PRIx64, condition->mask);
    }
    static const char *const texts[] = {
        [SP_OPERATOR_NE] = "!=", [SP_OPERATOR_LT] = "<", [SP_OPERATOR_LE] = "<=",
        [SP_OPERATOR_EQ] = "=", [SP_OPERATOR_GE] = ">=", [SP_OPERATOR_GT] = ">",
        [SP_OPERATOR_MASKED_EQ] = "=",
    };
    sp_buf_format(buf, "%s%" PRIu64, texts[condition->op], condition->datum);
}

static void
write_rules(const struct sp_safe_rules *rules, struct sp_buf *buf)
{
    for (size_t i = 0; i < rules->all.count; i++) {
        const struct sp_safe_rule *rule = &rules->all.at[i];
        const char *denied = rule->verdict == KILL ? "kill" : "deny";
        sp_buf_text(buf, i > 0 ? "; " : "");
        sp_buf_text(buf, rule->verdict == ALLOW ? "allow" : denied);
        for (size_t j = 0; j < rule->conditions.count; j++) {
            write_condition(&rule->conditions.at[j], buf);
        }
    }
    sp_buf_text(buf, "");
}

/* A piece of a call's meaning: where the condition holds, this verdict. */
struct piece {
    sp_verdict verdict;
    unsigned arg;
    enum sp_dd_compare op;
    uint64_t mask;
    uint64_t datum;
    bool and_next;  /* the next piece is about the same case */
};

enum { PIECES = 6 };

#define PIECE(verdict_, arg_, op_, mask_, datum_, and_next_) { \
    .verdict = (verdict_), .arg = (arg_), .op = (op_), .mask = (mask_), .datum = (datum_), \
    .and_next = (and_next_) \
}
#define ALWAYS(verdict) PIECE(verdict, 0, SP_DD_EQ, 0, 0, false)
#define IF(verdict, arg, op, mask, datum) PIECE(verdict, arg, op, mask, datum, false)
#define WITH(verdict, arg, op, mask, datum) PIECE(verdict, arg, op, mask, datum, true)

static const struct {
    struct piece pieces[PIECES];  /* the later ones win */
    const char *rules;
} cases[] = {
    { { ALWAYS(DENY) }, "" },
    { { ALWAYS(ALLOW) }, "allow" },
    { { IF(ALLOW, 0, SP_DD_EQ, ALL, 5) }, "allow 0=5" },
    { { IF(ALLOW, 0, SP_DD_NE, ALL, 40) }, "allow 0!=40" },
    { { IF(ALLOW, 0, SP_DD_NE, ALL, 0) }, "allow 0!=0" },
    { { IF(ALLOW, 0, SP_DD_NE, ALL, ALL) }, "allow 0!=18446744073709551615" },
    { { IF(ALLOW, 0, SP_DD_LT, ALL, 38) }, "allow 0<=37" },
    { { IF(ALLOW, 0, SP_DD_GT, ALL, 0x100000000) }, "allow 0>=4294967297" },
    { { IF(ALLOW, 0, SP_DD_GE, ALL, 3), IF(DENY, 0, SP_DD_GE, ALL, 6) },
      "allow 0=3; allow 0=4; allow 0=5" },
    { { IF(ALLOW, 0, SP_DD_GE, ALL, 256), IF(DENY, 0, SP_DD_GE, ALL, 512) },
      "allow 0&0xffffffffffffff00=256" },
    /* Docker's socket: all but two families, and one with an answer of its own */
    { { ALWAYS(ALLOW), IF(DENY, 0, SP_DD_EQ, ALL, 38), IF(DENY, 0, SP_DD_EQ, ALL, 40) },
      "allow 0<=37; allow 0=39; allow 0>=41" },
    { { ALWAYS(ALLOW), IF(DENY, 0, SP_DD_EQ, ALL, 38), IF(KILL, 0, SP_DD_EQ, ALL, 40) },
      "allow 0<=37; allow 0=39; allow 0>=41; kill 0=40" },
    /* Docker's clone */
    { { IF(ALLOW, 0, SP_DD_EQ, 0x7e020000, 0) }, "allow 0&0x7e020000=0" },
    { { IF(ALLOW, 0, SP_DD_NE, 0x10000000, 0) }, "allow 0&0x10000000=268435456" },
    { { IF(ALLOW, 0, SP_DD_NE, 0x30000000, 0) },
      "allow 0&0x10000000=268435456; allow 0&0x20000000=536870912" },
    /* the default is no answer of it: one verdict says the rest */
    { { ALWAYS(ALLOW), IF(KILL, 0, SP_DD_EQ, ALL, 38) }, "allow 0!=38; kill 0=38" },
    /* several arguments */
    { { WITH(ALLOW, 0, SP_DD_EQ, ALL, 1), IF(ALLOW, 1, SP_DD_EQ, ALL, 2) },
      "allow 0=1 1=2" },
    { { WITH(ALLOW, 0, SP_DD_NE, ALL, 1), IF(ALLOW, 1, SP_DD_GT, ALL, 2) },
      "allow 0!=1 1>=3" },
    { { IF(ALLOW, 0, SP_DD_EQ, ALL, 1), IF(ALLOW, 1, SP_DD_NE, ALL, 2) },
      "allow 0=1; allow 1!=2" },
    /* where neither holds, another verdict than the default: asked last */
    { { ALWAYS(ALLOW), IF(KILL, 0, SP_DD_EQ, ALL, 1), IF(KILL, 1, SP_DD_EQ, ALL, 0x8000000000000000) },
      "kill 0=1; kill 1=9223372036854775808; allow 0>=0" },
    { { ALWAYS(ALLOW), IF(KILL, 0, SP_DD_GE, ALL, 7), IF(KILL, 2, SP_DD_EQ, 0xff, 2) },
      "kill 0>=7; kill 2&0xff=2; allow 0>=0" },
    { { WITH(ALLOW, 0, SP_DD_EQ, ALL, 1), IF(ALLOW, 1, SP_DD_LE, ALL, 2),
        WITH(ALLOW, 0, SP_DD_EQ, ALL, 2), IF(ALLOW, 1, SP_DD_EQ, ALL, 7) },
      "allow 0=1 1=0; allow 0=1 1=1; allow 0=1 1=2; allow 0=2 1=7" },
};

static sp_dd
meaning_of(const struct piece *pieces)
{
    sp_dd meaning = sp_dd_leaf(store, DENY);
    sp_dd condition = sp_dd_leaf(store, 1);

    for (size_t i = 0; i < PIECES && (pieces[i].verdict != 0 || i == 0); i++) {
        const struct piece *piece = &pieces[i];
        condition = sp_dd_and(store, condition,
                              sp_dd_compare(store, piece->arg, piece->op, piece->mask,
                                            piece->datum));
        if (!piece->and_next) {
            meaning = sp_dd_ite(store, condition, sp_dd_leaf(store, piece->verdict), meaning);
            condition = sp_dd_leaf(store, 1);
        }
    }
    return meaning;
}

START_TEST(rules_are_written_as_people_write_them)
{
    SP_SCRATCH(arena);
    SP_BUF(text);
    struct sp_safe_rules rules;
    unsigned hazards;

    ck_assert_int_eq(write_and_check(&arena, meaning_of(cases[_i].pieces), DENY, 64, &rules,
                                     &hazards), SP_SAFE_OK);
    write_rules(&rules, &text);
    ck_assert_str_eq(text.data == NULL ? "" : text.data, cases[_i].rules);
}
END_TEST

/* "The lower bits of two arguments are equal" has no short rules. */
START_TEST(what_needs_too_many_rules_is_not_written)
{
    for (unsigned bits = 6; bits <= 12; bits += 6) {
        SP_SCRATCH(arena);
        struct sp_safe_rules rules;
        sp_dd equal = sp_dd_leaf(store, 1);
        for (unsigned bit = 0; bit < bits; bit++) {
            sp_dd other = sp_dd_bit(store, 1, bit);
            equal = sp_dd_and(store, equal, sp_dd_ite(store, sp_dd_bit(store, 0, bit), other,
                                                      sp_dd_not(store, other)));
        }
        sp_dd meaning = sp_dd_ite(store, equal, sp_dd_leaf(store, ALLOW),
                                  sp_dd_leaf(store, DENY));
        ck_assert_int_eq(sp_safe_rules_of(&arena, store, meaning, DENY, 64, &rules),
                         bits == 6 ? SP_SAFE_OK : SP_SAFE_UNWRITABLE);
    }
}
END_TEST

START_TEST(what_is_undecided_is_not_written)
{
    SP_SCRATCH(arena);
    struct sp_safe_rules rules;
    sp_dd part = sp_dd_ite(store, sp_dd_bit(store, 0, 0), SP_DD_UNDECIDED,
                           sp_dd_leaf(store, ALLOW));

    ck_assert_int_eq(sp_safe_rules_of(&arena, store, part, DENY, 64, &rules),
                     SP_SAFE_UNWRITABLE);
}
END_TEST

/* ---- the profiles of engines ------------------------------------------------------------- */

START_TEST(every_call_of_a_default_has_rules)
{
    static const char *const names[] = { "docker", "podman" };
    SP_SCRATCH(arena);
    SP_BUF(text);
    struct sp_meaning *meaning;
    struct sp_policies policies;
    size_t conditional = 0;
    struct sp_environment environment = {
        .engine = _i % 2 == 0 ? SP_ENGINE_DOCKER : SP_ENGINE_PODMAN,
        .host = sp_kb_arch_find(_i < 4 ? SP_STR("x86_64") : SP_STR("s390x")),
        .kernel = { .major = 7, .minor = 0 },
        .caps = _i & 2 ? 0 : sp_kb_default_caps(SP_KB_DOCKER),
    };

    sp_defaults_write(sp_kb_default_find(sp_str_of(names[_i % 2])), &text);
    ck_assert(sp_meaning_make(&arena, store, sp_testing_profile(&arena, sp_buf_view(&text)),
                              &environment, &meaning));
    ck_assert_int_eq(sp_policies_make(&arena, meaning, &policies, NULL), SP_POLICY_OK);
    for (size_t i = 0; i < policies.all.count; i++) {
        const struct sp_policy *policy = &policies.all.at[i];
        for (size_t j = 0; j < policy->calls.count; j++) {
            const struct sp_policy_call *call = &policy->calls.at[j];
            struct sp_safe_rules rules;
            unsigned hazards;
            ck_assert_int_eq(write_and_check(&arena, call->meaning, policy->default_verdict,
                                             policy->arch->bits, &rules, &hazards), SP_SAFE_OK);
            /* Podman's, where two arguments and two verdicts meet, is long. */
            bool is_socket = strcmp(sp_kb_text(call->call->name), "socket") == 0;
            ck_assert(hazards == 0 || is_socket);
            ck_assert_uint_le(rules.all.count, is_socket ? 100 : 5);
            conditional += rules.all.at[0].conditions.count > 0;
        }
    }
    ck_assert_uint_ge(conditional, 2);
}
END_TEST

/* ---- random diagrams --------------------------------------------------------------------- */

/* How the diagrams of a round are made. */
struct kind {
    const char *name;
    unsigned args;      /* at most */
    unsigned verdicts;  /* other than the default */
    unsigned bits;
    unsigned writable;  /* of 1000, at least */
};

static const struct kind kinds[] = {
    { "one argument, one verdict", 1, 1, 64, 980 },
    { "one argument, one verdict, 32 bits", 1, 1, 32, 1000 },
    { "one argument, three verdicts", 1, 3, 64, 980 },
    { "one argument, three verdicts, 32 bits", 1, 3, 32, 1000 },
    { "three arguments, one verdict", 3, 1, 64, 880 },
    { "three arguments, one verdict, 32 bits", 3, 1, 32, 920 },
    { "three arguments, three verdicts", 3, 3, 64, 780 },
    { "three arguments, three verdicts, 32 bits", 3, 3, 32, 850 },
};

static sp_dd
random_test(uint64_t *seed, const struct kind *kind)
{
    static const uint64_t masks[] = { 0x7e020000, 0xf, 0xf0, 0xffff, 0x80000001, 0xffffffff };
    static const uint64_t data[] = { 0, 1, 38, 40, 0x20000, 0xffffffff, 0x100000000, ALL };
    uint64_t width = kind->bits == 32 ? UINT32_MAX : UINT64_MAX;
    unsigned mask = below(seed, 14);
    unsigned pick = below(seed, 30);
    uint64_t datum = pick < 8 ? data[pick] : pick < 28 ? below(seed, 50) : next_random(seed);
    uint64_t bits = (mask < 6 ? masks[mask] : UINT64_MAX) & width;

    return sp_dd_compare(store, below(seed, kind->args), (enum sp_dd_compare)below(seed, 6),
                         bits, datum & bits);
}

static sp_dd
random_meaning(uint64_t *seed, const struct kind *kind)
{
    static const sp_verdict verdicts[] = { ALLOW, KILL, DENY_97, DENY };
    sp_dd meaning = sp_dd_leaf(store, below(seed, 4) == 0 ? ALLOW : DENY);

    for (unsigned i = below(seed, 4) + 1; i-- > 0;) {
        unsigned pick = below(seed, kind->verdicts + 1);
        sp_dd all = sp_dd_leaf(store, 1);
        for (unsigned j = below(seed, 3) + 1; j-- > 0;) {
            all = sp_dd_and(store, all, random_test(seed, kind));
        }
        meaning = sp_dd_ite(store, all,
                            sp_dd_leaf(store, verdicts[pick == kind->verdicts ? 3 : pick]),
                            meaning);
    }
    return meaning;
}

START_TEST(most_random_diagrams_have_rules)
{
    enum { DIAGRAMS = 300 };
    const struct kind *kind = &kinds[_i];
    uint64_t seed = 4242 + (uint64_t)_i;
    size_t written = 0;

    for (int i = 0; i < DIAGRAMS; i++) {
        SP_SCRATCH(arena);
        struct sp_safe_rules rules;
        unsigned hazards = 0;
        open_store();
        sp_dd meaning = random_meaning(&seed, kind);
        written += write_and_check(&arena, meaning, DENY, kind->bits, &rules, &hazards)
            == SP_SAFE_OK;
        close_store();
    }
    ck_assert_msg(written * 1000 >= (size_t)kind->writable * DIAGRAMS,
                  "%s: only %zu of %d written", kind->name, written, DIAGRAMS);
}
END_TEST

/* Single conditions on different arguments, with or without another verdict elsewhere. */
START_TEST(single_conditions_have_a_rule_each)
{
    enum { SETS = 300 };
    static const uint64_t data[] = { 0, 1, 5, 40, 0xffffffff, 0x100000000, 0x8000000000000000, ALL };
    uint64_t seed = 11 + (uint64_t)_i;

    for (int i = 0; i < SETS; i++) {
        SP_SCRATCH(arena);
        struct sp_safe_rules rules;
        unsigned hazards;
        open_store();
        sp_dd any = sp_dd_leaf(store, 0);
        unsigned args = 2 + below(&seed, 2);
        for (unsigned arg = 0; arg < args; arg++) {
            any = sp_dd_or(store, any, sp_dd_compare(store, arg, SP_DD_EQ, ALL, data[below(&seed, 8)]));
        }
        sp_dd meaning = sp_dd_ite(store, any, sp_dd_leaf(store, DENY_97),
                                  sp_dd_leaf(store, _i == 0 ? DENY : ALLOW));
        ck_assert_int_eq(write_and_check(&arena, meaning, DENY, 64, &rules, &hazards), SP_SAFE_OK);
        ck_assert_uint_eq(rules.all.count, args + (_i == 0 ? 0 : 1));
        close_store();
    }
}
END_TEST

/* ---- the filter -------------------------------------------------------------------------- */

/* Several calls in one filter, as they may borrow code of each other. */
START_TEST(the_compiled_filter_means_the_same)
{
    enum { CALLS = 6 };
    static const char *const names[CALLS] = {
        "socket", "clone", "personality", "ioctl", "mmap", "prctl"
    };
    const struct kind *kind = &kinds[2 + _i % 3 * 2];
    const struct sp_kb_arch *arch = sp_kb_arch_find(SP_STR("x86_64"));
    uint64_t seed = 99 + (uint64_t)_i;
    SP_SCRATCH(arena);
    struct sp_environment environment = { .runtime = SP_RUNTIME_CRUN, .host = arch };
    struct sp_filter_rules filter = { .default_verdict = DENY };
    struct sp_compiled compiled;
    sp_dd meanings[CALLS];

    *sp_vec_push(&arena, &filter.arches) = arch;
    for (int i = 0; i < CALLS; i++) {
        const struct sp_kb_syscall *call = sp_kb_syscall_find(sp_str_of(names[i]));
        uint16_t row = (uint16_t)(call - sp_kb_syscalls);
        struct sp_safe_rules rules;
        enum sp_safe_result result;
        do {
            meanings[i] = random_meaning(&seed, kind);
            result = sp_safe_rules_of(&arena, store, meanings[i], DENY, 64, &rules);
        } while (result != SP_SAFE_OK || rules.all.count > 64);
        const struct sp_filter_rule *rows = sp_safe_rules_rows(&arena, &rules, row);
        for (size_t j = 0; j < rules.all.count; j++) {
            *sp_vec_push(&arena, &filter.rules) = rows[j];
        }
        *sp_vec_push(&arena, &filter.named) = row;
    }
    ck_assert(sp_compile(&arena, &filter, &environment, NULL, &compiled));
    ck_assert_int_eq(compiled.result, SP_COMPILE_PROGRAM);
    for (int i = 0; i < CALLS; i++) {
        const struct sp_kb_syscall *call = sp_kb_syscall_find(sp_str_of(names[i]));
        uint32_t nr = (uint32_t)sp_kb_number(arch, call);
        sp_dd compiled_to = sp_bpf_meaning(store, compiled.program, arch->audit, nr);
        ck_assert_msg(compiled_to == meanings[i], "%s", names[i]);
    }
}
END_TEST

SP_SUITE(safe_rules)
{
    TCase *written = sp_testing_case(suite, "written");
    tcase_add_checked_fixture(written, open_store, close_store);
    tcase_add_loop_test(written, rules_are_written_as_people_write_them, 0,
                        sizeof cases / sizeof *cases);
    tcase_add_test(written, what_needs_too_many_rules_is_not_written);
    tcase_add_test(written, what_is_undecided_is_not_written);

    TCase *proven = sp_testing_case(suite, "proven");
    tcase_add_checked_fixture(proven, open_store, close_store);
    tcase_add_loop_test(proven, every_call_of_a_default_has_rules, 0, 6);
    tcase_add_loop_test(proven, the_compiled_filter_means_the_same, 0, 36);

    TCase *random = sp_testing_case(suite, "random");
    tcase_add_loop_test(random, single_conditions_have_a_rule_each, 0, 2);
    tcase_add_loop_test(random, most_random_diagrams_have_rules, 0,
                        sizeof kinds / sizeof *kinds);
}
