/* The tables as they were made from data/: order, ranges and references. */
#include "kb/kb.h"

#include "base/release.h"
#include "base/testing.h"
#include "base/version.h"
#include "kb/defaults.h"

#include <string.h>

/* ---- order --------------------------------------------------------------------------- */

/* Tables whose rows begin with their name, sorted by it. */
static const struct {
    const char *table;
    const void *rows;
    const size_t *count;
    size_t size;
} sorted[] = {
    { "all_series", sp_kb_all_series, &sp_kb_all_series_count, sizeof *sp_kb_all_series },
    { "arches", sp_kb_arches, &sp_kb_arches_count, sizeof *sp_kb_arches },
    { "cves", sp_kb_cves, &sp_kb_cves_count, sizeof *sp_kb_cves },
    { "errnos", sp_kb_errnos, &sp_kb_errnos_count, sizeof *sp_kb_errnos },
    { "families", sp_kb_families, &sp_kb_families_count, sizeof *sp_kb_families },
    { "groups", sp_kb_groups, &sp_kb_groups_count, sizeof *sp_kb_groups },
    { "sets", sp_kb_sets, &sp_kb_sets_count, sizeof *sp_kb_sets },
    { "syscalls", sp_kb_syscalls, &sp_kb_syscalls_count, sizeof *sp_kb_syscalls },
    { "tables", sp_kb_tables, &sp_kb_tables_count, sizeof *sp_kb_tables },
    { "words", sp_kb_words, &sp_kb_words_count, sizeof *sp_kb_words },
};

START_TEST(rows_stand_in_the_order_of_their_names)
{
    const char *rows = sorted[_i].rows;

    ck_assert_uint_gt(*sorted[_i].count, 1);
    for (size_t i = 1; i < *sorted[_i].count; i++) {
        sp_text before;
        sp_text now;
        memcpy(&before, rows + (i - 1) * sorted[_i].size, sizeof before);
        memcpy(&now, rows + i * sorted[_i].size, sizeof now);
        ck_assert_msg(strcmp(sp_kb_text(before), sp_kb_text(now)) < 0, "%s: %s, %s",
                      sorted[_i].table, sp_kb_text(before), sp_kb_text(now));
    }
}
END_TEST

START_TEST(rows_of_a_call_stand_in_the_order_of_calls)
{
    for (size_t i = 1; i < sp_kb_gates_count; i++) {
        ck_assert_uint_le(sp_kb_gates[i - 1].syscall, sp_kb_gates[i].syscall);
    }
    for (size_t i = 1; i < sp_kb_switches_count; i++) {
        ck_assert_uint_le(sp_kb_switches[i - 1].have, sp_kb_switches[i].have);
    }
    for (size_t i = 1; i < sp_kb_blocked_count; i++) {
        ck_assert_uint_lt(sp_kb_blocked[i - 1].syscall, sp_kb_blocked[i].syscall);
    }
    for (size_t i = 1; i < sp_kb_set_uses_count; i++) {
        const struct sp_kb_set_use *before = &sp_kb_set_uses[i - 1];
        const struct sp_kb_set_use *now = &sp_kb_set_uses[i];
        ck_assert_uint_lt(before->syscall << 16 | before->arg << 8 | before->set,
                          now->syscall << 16 | now->arg << 8 | now->set);
    }
    for (size_t i = 1; i < sp_kb_rules_count; i++) {
        ck_assert_uint_lt(sp_kb_rules[i - 1].code, sp_kb_rules[i].code);
    }
}
END_TEST

START_TEST(releases_stand_in_the_order_of_versions)
{
    struct sp_version before = { .major = 0 };

    for (size_t i = 0; i < sp_kb_libseccomps_count; i++) {
        struct sp_version now;
        ck_assert(sp_version_parse(sp_str_of(sp_kb_text(sp_kb_libseccomps[i].version)), &now));
        ck_assert_int_lt(sp_version_compare(before, now), 0);
        before = now;
    }
    ck_assert_uint_eq(sp_kb_libseccomps[0].adds.count, 0);
}
END_TEST

/* ---- references ---------------------------------------------------------------------- */

static void
check_calls(struct sp_kb_range range, const char *row)
{
    for (size_t i = 0; i < range.count; i++) {
        ck_assert_msg(sp_kb_indices[range.first + i] < sp_kb_syscalls_count, "%s", row);
    }
}

START_TEST(a_row_that_names_a_call_is_found_from_it)
{
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        const struct sp_kb_syscall *call = &sp_kb_syscalls[i];
        const char *name = sp_kb_text(call->name);
        for (size_t n = 0; n < call->cves.count; n++) {
            ck_assert_msg(sp_kb_cve_uses[call->cves.first + n] < sp_kb_cves_count, "%s", name);
        }
        for (size_t n = 0; n < call->families.count; n++) {
            uint16_t family = sp_kb_family_uses[call->families.first + n];
            ck_assert_msg(family < sp_kb_families_count, "%s", name);
        }
        ck_assert_msg(call->blocked <= sp_kb_blocked_count, "%s", name);
    }
}
END_TEST

/* How often `call` stands among the calls of its rows, and how often it should. */
START_TEST(calls_and_cves_or_families_agree)
{
    size_t told = 0;
    size_t linked = 0;

    for (size_t i = 0; i < sp_kb_cves_count; i++) {
        check_calls(sp_kb_cves[i].calls, sp_kb_text(sp_kb_cves[i].id));
        told += sp_kb_cves[i].calls.count;
    }
    for (size_t i = 0; i < sp_kb_families_count; i++) {
        check_calls(sp_kb_families[i].members, sp_kb_text(sp_kb_families[i].name));
        told += sp_kb_families[i].members.count;
    }
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        linked += sp_kb_syscalls[i].cves.count + (size_t)sp_kb_syscalls[i].families.count;
    }
    ck_assert_uint_eq(told, linked);
}
END_TEST

START_TEST(every_other_reference_is_in_range)
{
    for (size_t i = 0; i < sp_kb_words_count; i++) {
        check_calls(sp_kb_words[i].calls, sp_kb_text(sp_kb_words[i].name));
        ck_assert_ptr_null(sp_kb_syscall_find(sp_str_of(sp_kb_text(sp_kb_words[i].name))));
    }
    for (size_t i = 0; i < sp_kb_libseccomps_count; i++) {
        check_calls(sp_kb_libseccomps[i].adds, sp_kb_text(sp_kb_libseccomps[i].version));
    }
    for (size_t i = 0; i < sp_kb_switches_count; i++) {
        ck_assert_uint_lt(sp_kb_switches[i].have, sp_kb_syscalls_count);
        ck_assert_uint_lt(sp_kb_switches[i].need, sp_kb_syscalls_count);
        ck_assert_uint_ne(sp_kb_switches[i].have, sp_kb_switches[i].need);
    }
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        ck_assert_uint_lt(sp_kb_arches[i].table, sp_kb_tables_count);
    }
    for (size_t i = 0; i < sp_kb_gates_count; i++) {
        ck_assert_uint_eq(sp_kb_gates[i].caps >> sp_kb_caps_count, 0);
    }
    check_calls(sp_kb_libseccomp_unknown, "unknown");
}
END_TEST

START_TEST(the_members_of_a_group_are_calls_or_groups)
{
    const struct sp_kb_group *group = &sp_kb_groups[_i];

    ck_assert_ptr_eq(sp_kb_group_find(sp_str_of(sp_kb_text(group->name))), group);
    for (size_t i = 0; i < group->members.count; i++) {
        struct sp_str member = sp_str_of(sp_kb_text(sp_kb_texts[group->members.first + i]));
        ck_assert_msg(sp_kb_syscall_find(member) != NULL || sp_kb_group_find(member) != NULL,
                      "%s: %s", sp_kb_text(group->name), member.ptr);
        ck_assert(!sp_str_is(member, sp_kb_text(group->name)));
    }
}
END_TEST

START_TEST(every_word_errno_and_rule_is_found)
{
    for (size_t i = 0; i < sp_kb_words_count; i++) {
        struct sp_str name = sp_str_of(sp_kb_text(sp_kb_words[i].name));
        ck_assert_ptr_eq(sp_kb_word_find(name), &sp_kb_words[i]);
    }
    for (size_t i = 0; i < sp_kb_errnos_count; i++) {
        const struct sp_kb_errno *row = &sp_kb_errnos[i];
        const struct sp_kb_errno *by_number = sp_kb_errno_by_number(row->number);
        ck_assert_ptr_eq(sp_kb_errno_find(sp_str_of(sp_kb_text(row->name))), row);
        ck_assert_ptr_nonnull(by_number);
        ck_assert_msg(row->alias || by_number == row, "%s and %s have one number",
                      sp_kb_text(row->name), sp_kb_text(by_number->name));
    }
    for (size_t i = 0; i < sp_kb_rules_count; i++) {
        ck_assert_ptr_eq(sp_kb_rule_find(sp_kb_rules[i].code), &sp_kb_rules[i]);
    }
    ck_assert_ptr_null(sp_kb_rule_find(1));
}
END_TEST

/* ---- architectures ------------------------------------------------------------------- */

/* `uname` is left out: a little-endian MIPS machine says "mips", too. */
START_TEST(an_architecture_is_found_and_its_words_mean_no_other)
{
    const struct sp_kb_arch *arch = &sp_kb_arches[_i];
    struct sp_str also = sp_str_of(sp_kb_text(arch->also));
    struct sp_str compat = sp_str_of(sp_kb_text(arch->compat));
    struct sp_str word;

    ck_assert_ptr_eq(sp_kb_arch_find(sp_str_of(sp_kb_text(arch->name))), arch);
    ck_assert_ptr_eq(sp_kb_arch_find(sp_str_of(sp_kb_text(arch->token))), arch);
    while (sp_str_next(&also, " ", &word)) {
        ck_assert_msg(word.len == 0 || sp_kb_arch_guess(word) == arch, "%s: %.*s",
                      sp_kb_text(arch->name), SP_STR_ARG(word));
    }
    while (sp_str_next(&compat, " ", &word)) {
        ck_assert_msg(word.len == 0 || sp_kb_arch_find(word) != NULL, "%s: %.*s",
                      sp_kb_text(arch->name), SP_STR_ARG(word));
    }
}
END_TEST

START_TEST(the_architecture_of_this_machine_is_known)
{
    const struct sp_kb_arch *arch = sp_kb_arch_native();

    ck_assert_ptr_nonnull(arch);
    ck_assert_uint_eq(arch->bits, 8 * sizeof(void *));
}
END_TEST

/* ---- constants ----------------------------------------------------------------------- */

START_TEST(sets_are_taken_by_arguments_that_exist_and_share_no_bit)
{
    for (size_t i = 0; i < sp_kb_set_uses_count; i++) {
        const struct sp_kb_set_use *use = &sp_kb_set_uses[i];
        ck_assert_uint_lt(use->syscall, sp_kb_syscalls_count);
        ck_assert_uint_lt(use->set, sp_kb_sets_count);
        const struct sp_kb_syscall *call = &sp_kb_syscalls[use->syscall];
        ck_assert_uint_le(use->arg, 5);
        ck_assert_msg(!call->args_known || use->arg < call->args.count, "%s.%u",
                      sp_kb_text(call->name), use->arg);
        ck_assert_ptr_nonnull(sp_kb_set_of(call, use->arg));
        const struct sp_kb_set_use *next = use + 1;
        if (i + 1 < sp_kb_set_uses_count && next->syscall == use->syscall
            && next->arg == use->arg) {
            uint64_t both = sp_kb_sets[use->set].mask & sp_kb_sets[next->set].mask;
            ck_assert_msg(both == 0, "%s.%u", sp_kb_text(call->name), use->arg);
        }
    }
}
END_TEST

START_TEST(the_values_of_a_set_lie_within_its_mask)
{
    const struct sp_kb_set *set = &sp_kb_sets[_i];

    ck_assert_uint_gt(set->values.count, 0);
    ck_assert_uint_le((size_t)set->values.first + set->values.count, sp_kb_constants_count);
    for (size_t i = 0; i < set->values.count; i++) {
        const struct sp_kb_constant *value = &sp_kb_constants[set->values.first + i];
        ck_assert_msg((value->value & ~set->mask) == 0, "%s", sp_kb_text(value->name));
        for (size_t n = 0; n < i && !value->alias; n++) {
            const struct sp_kb_constant *other = &sp_kb_constants[set->values.first + n];
            ck_assert_msg(other->alias || other->value != value->value, "%s, %s",
                          sp_kb_text(value->name), sp_kb_text(other->name));
        }
    }
}
END_TEST

/* ---- default profiles ---------------------------------------------------------------- */

/* `includes.arches` holds words of an engine, not names of arches.yaml. */
static bool
is_engine_word(const char *word)
{
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        if (strcmp(word, sp_kb_text(sp_kb_arches[i].docker)) == 0
            || strcmp(word, sp_kb_text(sp_kb_arches[i].containers)) == 0) {
            return true;
        }
    }
    return false;
}

static void
check_default_rule(const struct sp_kb_default_rule *rule)
{
    const struct sp_kb_range caps[] = { rule->caps, rule->not_caps };
    const struct sp_kb_range arches[] = { rule->arches, rule->not_arches };

    ck_assert_uint_gt(rule->calls.count, 0);
    check_calls(rule->calls, "a rule");
    for (size_t i = 0; i < rule->args.count; i++) {
        ck_assert_uint_le(sp_kb_default_args[rule->args.first + i].index, 5);
    }
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < caps[k].count; i++) {
            const char *cap = sp_kb_text(sp_kb_texts[caps[k].first + i]);
            ck_assert_msg(sp_kb_cap_find(sp_str_of(cap)) != NULL, "%s", cap);
        }
        for (size_t i = 0; i < arches[k].count; i++) {
            const char *arch = sp_kb_text(sp_kb_texts[arches[k].first + i]);
            ck_assert_msg(is_engine_word(arch), "%s", arch);
        }
    }
}

static void
check_arches(struct sp_kb_range arches)
{
    for (size_t i = 0; i < arches.count; i++) {
        ck_assert_uint_lt(sp_kb_indices[arches.first + i], sp_kb_arches_count);
    }
}

START_TEST(default_profiles_speak_of_what_is_known)
{
    const struct sp_kb_default *profile = &sp_kb_defaults[_i];

    ck_assert(profile->sha256 == 0 || strlen(sp_kb_text(profile->sha256)) == 64);
    ck_assert_uint_eq(strlen(sp_kb_text(profile->date)), strlen("2026-11-25"));
    ck_assert_uint_gt(profile->rules.count, 0);
    for (size_t n = 0; n < profile->rules.count; n++) {
        check_default_rule(&sp_kb_default_rules[profile->rules.first + n]);
    }
    check_arches(profile->arches);
    for (size_t n = 0; n < profile->maps.count; n++) {
        const struct sp_kb_default_map *map = &sp_kb_default_maps[profile->maps.first + n];
        ck_assert_uint_lt(map->arch, sp_kb_arches_count);
        check_arches(map->subs);
    }
    ck_assert_uint_gt(profile->arches.count + profile->maps.count, 0);
}
END_TEST

static bool
same_lines(const struct sp_kb_default *left, const struct sp_kb_default *right)
{
    return left->line == right->line;
}

/* A line's contents stand together in the order of their dates, each under an id of its own;
 * equal texts are one content. */
START_TEST(a_content_is_there_once)
{
    const struct sp_kb_default *profile = &sp_kb_defaults[_i];

    for (size_t i = 0; i < (size_t)_i; i++) {
        const struct sp_kb_default *before = &sp_kb_defaults[i];
        ck_assert(!same_lines(before, profile) || before->id != profile->id);
        ck_assert_msg(profile->sha256 == 0 || before->sha256 != profile->sha256, "%s, %s",
                      sp_kb_text(before->id), sp_kb_text(profile->id));
        ck_assert(!same_lines(before, profile)
                  || strcmp(sp_kb_text(before->date), sp_kb_text(profile->date)) <= 0);
        ck_assert(!same_lines(before, profile) || same_lines(&profile[-1], profile));
    }
}
END_TEST

/* "29.4.3" or, of another product, "podman-0.11.1": a release that the content lists. */
START_TEST(a_content_is_named_by_a_release_that_has_it)
{
    struct sp_str id = sp_str_of(sp_kb_text(sp_kb_defaults[_i].id));
    bool found = false;

    for (size_t i = 0; i < sp_kb_releases_count; i++) {
        found |= sp_kb_releases[i].content == _i
            && sp_str_has_suffix(id, sp_kb_text(sp_kb_releases[i].version));
    }
    ck_assert_msg(found, "%s", id.ptr);
}
END_TEST

static struct sp_str
version_at(size_t release)
{
    return sp_str_of(sp_kb_text(sp_kb_releases[release].version));
}

/* Series take up all releases, one behind the other. */
START_TEST(series_have_their_releases_in_order)
{
    size_t next = 0;

    for (size_t i = 0; i < sp_kb_all_series_count; i++) {
        const struct sp_kb_series *series = &sp_kb_all_series[i];
        ck_assert_uint_eq(series->releases.first, next);
        ck_assert_uint_gt(series->releases.count, 0);
        next += series->releases.count;
        for (size_t n = series->releases.first; n < next; n++) {
            ck_assert_uint_lt(sp_kb_releases[n].content, sp_kb_defaults_count);
            ck_assert_msg(n == series->releases.first
                              || sp_release_compare(version_at(n - 1), version_at(n)) < 0,
                          "%s", version_at(n).ptr);
        }
    }
    ck_assert_uint_eq(next, sp_kb_releases_count);
}
END_TEST

/* Each name is one series', and the series behind a name has none behind it in turn. */
START_TEST(a_series_is_found_by_each_of_its_names)
{
    const struct sp_kb_series *series = &sp_kb_all_series[_i];
    struct sp_str also = sp_str_of(sp_kb_text(series->also));
    struct sp_str name;

    ck_assert_ptr_eq(sp_kb_series_find(sp_str_of(sp_kb_text(series->name))), series);
    while (series->also != 0 && sp_str_next(&also, " ", &name)) {
        ck_assert_ptr_eq(sp_kb_series_find(name), series);
    }
    if (series->next != 0) {
        struct sp_str word = sp_str_of(sp_kb_text(series->next));
        const struct sp_kb_series *next = sp_kb_series_find(word);
        ck_assert_ptr_nonnull(next);
        ck_assert_uint_eq(next->next, 0);
    }
}
END_TEST

SP_SUITE(tables)
{
    TCase *tcase = sp_testing_case(suite, "order");

    tcase_add_loop_test(tcase, rows_stand_in_the_order_of_their_names, 0,
                        sizeof sorted / sizeof *sorted);
    tcase_add_test(tcase, rows_of_a_call_stand_in_the_order_of_calls);
    tcase_add_test(tcase, releases_stand_in_the_order_of_versions);

    tcase = sp_testing_case(suite, "references");
    tcase_add_test(tcase, a_row_that_names_a_call_is_found_from_it);
    tcase_add_test(tcase, calls_and_cves_or_families_agree);
    tcase_add_test(tcase, every_other_reference_is_in_range);
    tcase_add_loop_test(tcase, the_members_of_a_group_are_calls_or_groups, 0,
                        (int)sp_kb_groups_count);
    tcase_add_test(tcase, every_word_errno_and_rule_is_found);

    tcase = sp_testing_case(suite, "values");
    tcase_add_loop_test(tcase, an_architecture_is_found_and_its_words_mean_no_other, 0,
                        (int)sp_kb_arches_count);
    tcase_add_test(tcase, the_architecture_of_this_machine_is_known);
    tcase_add_test(tcase, sets_are_taken_by_arguments_that_exist_and_share_no_bit);
    tcase_add_loop_test(tcase, the_values_of_a_set_lie_within_its_mask, 0,
                        (int)sp_kb_sets_count);

    tcase = sp_testing_case(suite, "defaults");
    tcase_add_loop_test(tcase, default_profiles_speak_of_what_is_known, 0,
                        (int)sp_kb_defaults_count);
    tcase_add_loop_test(tcase, a_content_is_there_once, 0, (int)sp_kb_defaults_count);
    tcase_add_loop_test(tcase, a_content_is_named_by_a_release_that_has_it, 0,
                        (int)sp_kb_defaults_count);
    tcase_add_test(tcase, series_have_their_releases_in_order);
    tcase_add_loop_test(tcase, a_series_is_found_by_each_of_its_names, 0,
                        (int)sp_kb_all_series_count);
}
