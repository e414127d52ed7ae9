#include "base/testing.h"
#include "text/report.h"

#include <string.h>

static struct sp_place
place_at(const struct sp_source *source, uint32_t start)
{
    return sp_at_span(source, start, start + 1);
}

START_TEST(a_diagnostic_keeps_what_was_said)
{
    SP_SCRATCH(arena);
    struct sp_source source = { .name = "a", .text = SP_STR("abc") };
    struct sp_report report = { .arena = &arena };
    struct sp_diag *diag =
        sp_report_add(&report, 113, place_at(&source, 1), "%s has no %s", "rule", "names");

    sp_report_help(&report, diag, "name %u", 1u);
    sp_report_label(&report, diag, "here");
    sp_report_related(&report, diag, place_at(&source, 2), "there %d", -2);
    sp_report_edit(&report, diag, (struct sp_span){ 0, 1 }, "%s", "x");

    ck_assert_uint_eq(report.diags.count, 1);
    ck_assert_ptr_eq(report.diags.at[0], diag);
    ck_assert_uint_eq(diag->code, 113);
    ck_assert_int_eq(diag->severity, SP_SEVERITY_NONE);
    ck_assert_str_eq(diag->message, "rule has no names");
    ck_assert_str_eq(diag->help, "name 1");
    ck_assert_str_eq(diag->label, "here");
    ck_assert_uint_eq(diag->related.count, 1);
    ck_assert_str_eq(diag->related.at[0].text, "there -2");
    ck_assert_uint_eq(diag->related.at[0].place.span.start, 2);
    ck_assert_str_eq(diag->edits.at[0].text, "x");
    ck_assert(!report.failed);
}
END_TEST

START_TEST(too_many_diagnostics_are_counted_not_kept)
{
    SP_SCRATCH(arena);
    struct sp_source source = { .name = "a", .text = SP_STR("abc") };
    struct sp_report report = { .arena = &arena };

    for (size_t i = 0; i < SP_REPORT_MAX; i++) {
        sp_report_add(&report, 101, place_at(&source, 0), "x");
    }
    size_t used = arena.used;
    for (size_t i = 0; i < 3; i++) {
        struct sp_diag *diag = sp_report_add(&report, 102, place_at(&source, 0), "lost");
        ck_assert_ptr_eq(diag, &report.sink);
        ck_assert_ptr_null(diag->help);
        diag->help = "left by the caller before";
        sp_report_help(&report, diag, "lost");
        sp_report_label(&report, diag, "lost");
        sp_report_related(&report, diag, place_at(&source, 0), "lost");
        sp_report_edit(&report, diag, (struct sp_span){ 0, 1 }, "lost");
        ck_assert_uint_eq(diag->related.count + diag->edits.count, 0);
    }
    ck_assert_uint_eq(report.diags.count, SP_REPORT_MAX);
    ck_assert_uint_eq(report.dropped, 3);
    ck_assert_uint_eq(arena.used, used);
    ck_assert(!report.failed);
}
END_TEST

/* A place far past the end of the text, in a pattern that sorts neither up nor down. */
static uint32_t
scattered(uint32_t i)
{
    return i * 2654435761u >> 27;
}

START_TEST(sorting_is_by_place_then_code_and_stable)
{
    SP_SCRATCH(arena);
    struct sp_source source = { .name = "a", .text = SP_STR("abc") };
    struct sp_report report = { .arena = &arena };

    for (uint32_t i = 0; i < (uint32_t)_i; i++) {
        sp_report_add(&report, 100 + i % 3, place_at(&source, scattered(i)), "%05u", i);
    }
    sp_report_sort(&report);
    ck_assert_uint_eq(report.diags.count, (size_t)_i);
    for (size_t i = 1; i < report.diags.count; i++) {
        const struct sp_diag *left = report.diags.at[i - 1];
        const struct sp_diag *right = report.diags.at[i];
        uint32_t start = left->place.span.start;
        ck_assert_uint_le(start, right->place.span.start);
        if (start == right->place.span.start) {
            ck_assert_uint_le(left->code, right->code);
            ck_assert(left->code < right->code || strcmp(left->message, right->message) < 0);
        }
    }
}
END_TEST

START_TEST(places_are_those_of_value_and_key)
{
    struct sp_source source = { .name = "a", .text = SP_STR("{\"k\": 1}") };
    struct sp_node node = { .span = { 6, 7 }, .key_span = { 1, 4 } };
    struct sp_doc doc = { .source = &source, .root = &node };

    ck_assert_uint_eq(sp_at_node(&doc, &node).span.start, 6);
    ck_assert_uint_eq(sp_at_key(&doc, &node).span.end, 4);
    ck_assert_ptr_eq(sp_at_key(&doc, &node).node, &node);
    ck_assert_ptr_null(sp_at_span(&source, 1, 2).node);
}
END_TEST

SP_SUITE(report)
{
    TCase *tcase = sp_testing_case(suite, "report");

    tcase_add_test(tcase, a_diagnostic_keeps_what_was_said);
    tcase_add_test(tcase, too_many_diagnostics_are_counted_not_kept);
    tcase_add_loop_test(tcase, sorting_is_by_place_then_code_and_stable, 0, 70);
    tcase_add_test(tcase, places_are_those_of_value_and_key);
}
