/* The engine, and the examples of every rule. */
#include "lint/lint.h"

#include "base/buf.h"
#include "base/testing.h"
#include "format/profile_testing.h"
#include "lint/lint_testing.h"
#include "model/witness.h"
#include "sem/bpf_run.h"
#include "sem/meaning.h"

#include <stdlib.h>
#include <string.h>

/* Static in each test, so that its memory is never lost. */
struct linted {
    struct sp_arena arena;
    struct sp_source *source;
    struct sp_report report;
};

static void
lint_text(struct linted *linted, struct sp_str text, const struct sp_target *target)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_lint_reading reading = { .limits = &limits };

    sp_arena_free(&linted->arena);
    linted->report = (struct sp_report){ .arena = &linted->arena };
    linted->source = sp_source_new(&linted->arena, "test.json", text);
    ck_assert_ptr_nonnull(linted->source);
    ck_assert(sp_source_index(&linted->arena, linted->source));
    ck_assert(sp_lint_source(&linted->arena, linted->source, reading, target, &linted->report));
}

/* ---- the examples of the rules ------------------------------------------------------- */

/* Lints an example as its rule's options want it. */
static void
lint_example(struct linted *linted, const struct sp_kb_rule *rule, sp_text example)
{
    static struct sp_target target;

    sp_linted_options(&linted->arena, sp_str_of(sp_kb_text(rule->options)), &target);
    lint_text(linted, sp_str_of(sp_kb_text(example)), &target);
}

static void
add_place(struct sp_buf *buf, const struct linted *linted, const struct sp_diag *diag)
{
    struct sp_position at = sp_source_position(linted->source, diag->place.span.start);

    sp_buf_format(buf, "%s%u:%u", buf->len > 0 ? " " : "", at.line, at.column);
}

START_TEST(the_bad_example_is_found_where_it_says)
{
    const struct sp_kb_rule *rule = &sp_kb_rules[_i];
    static struct linted linted;
    SP_BUF(got);
    SP_BUF(wanted);

    lint_example(&linted, rule, rule->bad);
    sp_buf_text(&got, "");
    for (size_t i = 0; i < linted.report.diags.count; i++) {
        if (linted.report.diags.at[i]->code == rule->code) {
            add_place(&got, &linted, linted.report.diags.at[i]);
        }
    }
    sp_buf_text(&wanted, "");
    for (size_t i = 0; i < rule->expect.count; i++) {
        sp_buf_format(&wanted, "%s%s", i > 0 ? " " : "",
                      sp_kb_text(sp_kb_texts[rule->expect.first + i]));
    }
    ck_assert_uint_gt(rule->expect.count, 0);
    ck_assert_msg(sp_str_equal(sp_buf_view(&got), sp_buf_view(&wanted)),
                  "SP%u: found at %s, expected at %s", rule->code, got.data, wanted.data);
}
END_TEST

START_TEST(the_good_example_has_no_errors_and_no_warnings)
{
    const struct sp_kb_rule *rule = &sp_kb_rules[_i];
    static struct linted linted;

    lint_example(&linted, rule, rule->good);
    for (size_t i = 0; i < linted.report.diags.count; i++) {
        const struct sp_diag *diag = linted.report.diags.at[i];
        ck_assert_msg(diag->severity < SP_SEVERITY_WARNING && diag->code != rule->code,
                      "good example of SP%u: SP%u %s", rule->code, diag->code, diag->message);
    }
}
END_TEST

/* ---- witnesses ----------------------------------------------------------------------- */

/* What the filter that libseccomp builds answers to the witness's call with these arguments. */
static sp_verdict
filter_answer(struct sp_meaning *meaning, const struct sp_witness *witness,
              const uint64_t args[SP_ARGS])
{
    const struct sp_compiled *compiled = sp_meaning_compiled(meaning);
    struct sp_call call = { .arch = witness->arch->audit, .nr = witness->nr };

    ck_assert_ptr_nonnull(compiled);
    ck_assert_int_eq(compiled->result, SP_COMPILE_PROGRAM);
    memcpy(call.args, args, sizeof call.args);
    return sp_bpf_run(compiled->program, &call, NULL);
}

static void
check_as_written(struct sp_dd_store *store, struct sp_meaning *meaning,
                 const struct sp_witness *witness)
{
    uint32_t verdict;
    sp_dd intended = sp_meaning_of(meaning, witness->arch, witness->nr, SP_READING_INTENDED);

    ck_assert(sp_dd_eval(store, intended, witness->args, &verdict));
    ck_assert_uint_eq(verdict, witness->instead);
}

static void
check_witness(const struct sp_profile *profile, const struct sp_witness *witness)
{
    static struct sp_arena arena;
    static struct sp_dd_store *store;
    struct sp_meaning *meaning;

    store = sp_dd_store_new(SP_DD_BUDGET);
    ck_assert(sp_meaning_make(&arena, store, profile, &witness->environment, &meaning));
    ck_assert_int_eq(meaning->start, SP_START_FILTER);
    ck_assert_uint_eq(filter_answer(meaning, witness, witness->args), witness->got);
    if (witness->has_twin) {
        ck_assert_uint_eq(filter_answer(meaning, witness, witness->twin), witness->instead);
    } else if (witness->has_instead && witness->instead_is != NULL
               && strcmp(witness->instead_is, "as written") == 0) {
        check_as_written(store, meaning, witness);
    }
    sp_dd_store_free(store);
}

/* The bad example's findings claim what the compiled filter does. */
START_TEST(the_filter_confirms_every_witness)
{
    const struct sp_kb_rule *rule = &sp_kb_rules[_i];
    static struct linted linted;

    lint_example(&linted, rule, rule->bad);
    for (size_t i = 0; i < linted.report.diags.count; i++) {
        if (linted.report.diags.at[i]->witness != NULL) {
            check_witness(sp_testing_profile(&linted.arena, linted.source->text),
                          linted.report.diags.at[i]->witness);
        }
    }
}
END_TEST

/* ---- the table of rules -------------------------------------------------------------- */

/* Reported while reading, without a function. */
enum { READERS_RULE = 101 };

static const struct sp_lint_rule *
find_function(unsigned code)
{
    for (size_t i = 0; i < sp_lint_rule_count; i++) {
        if (sp_lint_rules[i].code == code) {
            return &sp_lint_rules[i];
        }
    }
    return NULL;
}

START_TEST(rules_are_sorted_and_none_stands_twice)
{
    for (size_t i = 1; i < sp_lint_rule_count; i++) {
        ck_assert_uint_lt(sp_lint_rules[i - 1].code, sp_lint_rules[i].code);
    }
    for (size_t i = 1; i < sp_kb_rules_count; i++) {
        ck_assert_uint_lt(sp_kb_rules[i - 1].code, sp_kb_rules[i].code);
    }
}
END_TEST

START_TEST(every_described_rule_has_a_function_and_every_function_a_description)
{
    for (size_t i = 0; i < sp_kb_rules_count; i++) {
        unsigned code = sp_kb_rules[i].code;
        ck_assert_msg(code == READERS_RULE || find_function(code) != NULL,
                      "nothing reports SP%u", code);
    }
    for (size_t i = 0; i < sp_lint_rule_count; i++) {
        ck_assert_msg(sp_kb_rule_find(sp_lint_rules[i].code) != NULL,
                      "data/rules says nothing of SP%u", sp_lint_rules[i].code);
        ck_assert_ptr_nonnull(sp_lint_rules[i].check);
    }
}
END_TEST

/* ---- the engine ---------------------------------------------------------------------- */

START_TEST(findings_are_in_the_order_of_the_text)
{
    static struct linted linted;

    lint_text(&linted, SP_STR("{\"foo\":1,\"defaultAction\":\"X\",\"bar\":2,"
                              "\"flags\":[\"y\"]}"),
              &(struct sp_target){ .arch_count = 0 });
    ck_assert_uint_eq(linted.report.diags.count, 4);
    for (size_t i = 1; i < linted.report.diags.count; i++) {
        ck_assert_uint_lt(linted.report.diags.at[i - 1]->place.span.start,
                          linted.report.diags.at[i]->place.span.start);
    }
}
END_TEST

START_TEST(a_text_that_cannot_be_read_is_one_finding)
{
    static struct linted linted;

    lint_text(&linted, SP_STR("{\"defaultAction\": }"),
              &(struct sp_target){ .arch_count = 0 });
    ck_assert_uint_eq(linted.report.diags.count, 1);
    ck_assert_uint_eq(linted.report.diags.at[0]->code, 101);
    ck_assert_uint_eq(linted.report.diags.at[0]->severity, SP_SEVERITY_ERROR);
}
END_TEST

static const struct {
    const char *text;
    const char *other;  /* NULL: it is linted */
} members[] = {
    { "{\"defaultAction\": \"SCMP_ACT_ERRNO\"}", NULL },
    { "{\"a\": {\"defaultAction\": \"SCMP_ACT_ERRNO\"}}", NULL },
    { "[{\"names\": [], \"action\": \"SCMP_ACT_ALLOW\"}]", NULL },
    { "{\"defaultAction\": \"SCMP_ACT_ERRNO\",}", NULL },
    { "{'defaultAction': 'SCMP_ACT_ERRNO'}", NULL },
    { "// 3.1\n{\"defaultAction\": \"SCMP_ACT_ERRNO\"}", NULL },
    { "{}", "an empty object" },
    { "null", "null" },
    { "{\"name\": \"web\"}", "an object without any key of a profile" },
    { "{\"services\": {}}", "a Compose file" },
    { "{\"ociVersion\": \"1.2.0\"}", "a runtime configuration without `linux.seccomp`" },
    { "apiVersion: v1\nkind: Pod\n", "a Kubernetes object of kind `Pod`" },
    { "defaultAction: SCMP_ACT_ERRNO\n", "no JSON" },
    { "{\"name\": }", "no JSON" },
    { "data:\n  web.json: '{\"defaultAction\": \"SCMP_ACT_ERRNO\"}'\n", "no JSON" },
    { "\xef\xbb\xbf{\"defaultAction\": \"SCMP_ACT_ERRNO\"}", NULL },
    { "", "no JSON" },
};

START_TEST(a_file_of_a_folder_is_linted_when_it_wants_to_be_a_profile)
{
    static struct linted linted;
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_lint_reading reading = { .limits = &limits };
    struct sp_target target = { .arch_count = 0 };
    const char *other = "";

    linted.report.arena = &linted.arena;
    linted.source = sp_source_new(&linted.arena, "test", sp_str_of(members[_i].text));
    ck_assert_ptr_nonnull(linted.source);
    ck_assert(sp_lint_member(&linted.arena, linted.source, reading, &target, &linted.report,
                             &other));
    ck_assert_pstr_eq(other, members[_i].other);
    ck_assert(other == NULL || linted.report.diags.count == 0);
}
END_TEST

START_TEST(a_text_of_the_greatest_width_takes_no_time)
{
    static struct linted linted;
    SP_BUF(buf);

    sp_buf_text(&buf, "{\"defaultAction\":\"SCMP_ACT_ERRNO\"");
    for (unsigned i = 0; i < 200000; i++) {
        sp_buf_format(&buf, ",\"k%u\":1,\"ACTION\":1", i);
    }
    sp_buf_text(&buf, "}");
    lint_text(&linted, sp_buf_view(&buf), &(struct sp_target){ .arch_count = 0 });
    ck_assert_uint_eq(linted.report.diags.count, SP_REPORT_MAX);
    ck_assert_uint_gt(linted.report.dropped, 0);
}
END_TEST

SP_SUITE(lint)
{
    TCase *tcase = sp_testing_case(suite, "lint");

    tcase_add_loop_test(tcase, the_bad_example_is_found_where_it_says, 0,
                        (int)sp_kb_rules_count);
    tcase_add_loop_test(tcase, the_good_example_has_no_errors_and_no_warnings, 0,
                        (int)sp_kb_rules_count);
    tcase_add_loop_test(tcase, the_filter_confirms_every_witness, 0, (int)sp_kb_rules_count);
    tcase_add_test(tcase, rules_are_sorted_and_none_stands_twice);
    tcase_add_test(tcase, every_described_rule_has_a_function_and_every_function_a_description);
    tcase_add_test(tcase, findings_are_in_the_order_of_the_text);
    tcase_add_test(tcase, a_text_that_cannot_be_read_is_one_finding);
    tcase_add_loop_test(tcase, a_file_of_a_folder_is_linted_when_it_wants_to_be_a_profile, 0,
                        sizeof members / sizeof *members);
    tcase_add_test(tcase, a_text_of_the_greatest_width_takes_no_time);
}
