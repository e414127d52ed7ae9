/* A share of the random profiles of `make proof`, the smallest of those that once were told wrong, and
 * the examples of docs/hazards.md. */
#include "base/testing.h"
#include "format/profile_testing.h"
#include "sem/compile.h"
#include "sem/meaning.h"
#include "sem/proof_testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLICES = 8, PROFILES = 60, SERIES = 1, SHOWN = 2000 };

/* Check has no room for long messages. */
static int
shown(const struct sp_proof *proof)
{
    return proof->report.len < SHOWN ? (int)proof->report.len : SHOWN;
}

START_TEST(what_is_said_of_random_profiles_holds)
{
    struct sp_proof proof = { .profiles = 0 };
    size_t first = (size_t)_i * PROFILES;

    ck_assert(sp_proof_series(&proof, SERIES, first, first + PROFILES));
    ck_assert_msg(proof.differences == 0, "%.*s", shown(&proof), proof.report.data);
    ck_assert_uint_eq(proof.profiles, PROFILES);
    ck_assert_uint_gt(proof.points, PROFILES / 2 * SP_PROOF_POINTS);
    sp_proof_free(&proof);
}
END_TEST

/* Whatever is to be proven happens in the series. */
START_TEST(the_series_has_something_of_everything)
{
    struct sp_proof proof = { .profiles = 0 };

    ck_assert(sp_proof_series(&proof, SERIES, 0, SLICES * PROFILES));
    ck_assert_uint_gt(proof.refused, 0);
    ck_assert_uint_gt(proof.refused_late, 0);
    ck_assert_uint_gt(proof.faithful - proof.plain, SLICES * PROFILES / 2);
    ck_assert_uint_gt(proof.unintended, 0);
    ck_assert_uint_gt(proof.deviating, 0);
    for (unsigned i = 0; i < SP_PROOF_HAZARDS; i++) {
        ck_assert_msg(proof.hazards[i] > 0, "no number has hazard %u", i);
    }
    sp_proof_free(&proof);
}
END_TEST

/* ---- found by the proof ------------------------------------------------------------------ */

#define PROFILE(action, arches, rules) \
    "{\"defaultAction\":\"SCMP_ACT_" action "\",\"architectures\":[" arches "]," \
    "\"syscalls\":[" rules "]}"
#define RULE(names, action, conditions) \
    "{\"names\":[" names "],\"action\":\"SCMP_ACT_" action "\",\"args\":[" conditions "]}"
#define ARG(index, value, op) \
    "{\"index\":" #index ",\"value\":" #value ",\"op\":\"SCMP_CMP_" #op "\"}"

static struct sp_environment
crun_on(const char *host)
{
    return (struct sp_environment){
        .engine = SP_ENGINE_OCI,
        .runtime = SP_RUNTIME_CRUN,
        .libseccomp = sp_compile_libseccomp(),
        .host = sp_kb_arch_find(sp_str_of(host)),
        .kernel = { .major = 6, .minor = 12 },
    };
}

static struct sp_proof
prove(struct sp_str text, const char *host)
{
    struct sp_proof proof = { .profiles = 0 };
    struct sp_environment environment = crun_on(host);

    ck_assert(sp_proof_profile(&proof, text, &environment, 1));
    ck_assert_uint_eq(proof.refused, 0);
    return proof;
}

static const struct {
    const char *name;
    const char *host;
    const char *text;
} found[] = {
    { "upper halves on a big-endian host", "s390x",
      PROFILE("ALLOW", "", RULE("\"prctl\"", "KILL", ARG(0, 1, EQ))) },
    { "ppc64le has companions in socketcall", "ppc64le",
      PROFILE("ERRNO", "", RULE("\"connect\"", "ALLOW", ARG(1, 7, EQ))) },
    { "mipsel has them, too", "mipsel64",
      PROFILE("ERRNO", "\"SCMP_ARCH_MIPSEL\"", RULE("\"shmat\"", "TRAP", ARG(1, 4, GT)) ","
              RULE("\"shmat\"", "ALLOW", "")) },
    { "a name without a number heads no list there", "ppc64le",
      PROFILE("ALLOW", "", RULE("\"set_tls\"", "ERRNO", "") ","
              RULE("\"waitpid\"", "ERRNO", ARG(0, 1, EQ))) },
    { "code lent by a call with a wide range", "x86_64",
      PROFILE("ALLOW", "", RULE("\"clone\"", "KILL", ARG(0, 1, NE)) ","
              RULE("\"clone\",\"ptrace\"", "KILL", ARG(0, 4294967295, GT)) ","
              RULE("\"ptrace\"", "KILL", ARG(0, 4294967296, LT))) },
    { "a dropped rule contradicts nothing", "x86",
      PROFILE("ALLOW", "", RULE("\"kcmp\"", "TRAP", ARG(0, 2, EQ) "," ARG(3, 1, EQ)) ","
              RULE("\"kcmp\"", "TRAP", ARG(3, 1, EQ)) ","
              RULE("\"kcmp\"", "LOG", ARG(0, 2, EQ)) ","
              RULE("\"kcmp\"", "ERRNO", "")) },
};

START_TEST(what_was_found_is_told_right)
{
    struct sp_proof proof = prove(sp_str_of(found[_i].text), found[_i].host);

    ck_assert_msg(proof.differences == 0, "%s: %.*s", found[_i].name, shown(&proof),
                  proof.report.data);
    sp_proof_free(&proof);
}
END_TEST

/* ---- docs/hazards.md ---------------------------------------------------------------------- */

#define FAILS(number) (SP_VERDICT_ERRNO | (number))

/* Its sections, each with an example that is hit and one that is not, and the call that the text tells
 * of the first. */
static const struct {
    const char *name;
    int hazard;  /* its bit; -1: the meaning is another one, and known to be */
    const char *arch;
    const char *call;
    uint64_t args[SP_ARGS];
    sp_verdict verdict;
} sections[] = {
    { "overlapping-actions", -1, "x86_64", "kcmp", { 1, 2 }, FAILS(72) },
    { "unconditional-wins", -1, "x86_64", "kcmp", { 1 }, SP_VERDICT_LOG },
    { "equal-to-default", -1, "x86_64", "kcmp", { 1 }, SP_VERDICT_ALLOW },
    { "repeated-index", -1, "x86_64", "kcmp", { 1 }, SP_VERDICT_ALLOW },
    { "narrow-architecture", -1, "x86", "kcmp", { 1 }, SP_VERDICT_ALLOW },
    { "multiplexer", -1, "x86", "socketcall", { 1, 0xdead }, SP_VERDICT_ALLOW },
    { "lost-numbers", -1, "x86_64", "kcmp", { 8 }, SP_VERDICT_ALLOW },
    { "shared-level", 0, "x86_64", "kcmp", { 40, 1 }, SP_VERDICT_ALLOW },
    { "stale-register", 1, "x86_64", "kcmp", { 0, 0, 1 }, SP_VERDICT_ALLOW },
    { "lost-rule", 2, "x86_64", "kcmp", { 0, 2 }, FAILS(1) },
    { "wide-range", 3, "x86_64", "kcmp", { 2 }, SP_VERDICT_ALLOW },
    { "lent-block", 4, "x86_64", "clone", { 1 }, SP_VERDICT_KILL_PROCESS },
    { "unsure-head", 5, "x86_64", "kcmp", { 0, 8, 9 }, SP_VERDICT_ALLOW },
};
enum { SECTIONS = sizeof sections / sizeof *sections };

/* The next example, and what stands behind it. */
static struct sp_str
next_example(struct sp_str *page)
{
    static const char begin[] = "```json\n";
    const char *from = memmem(page->ptr, page->len, begin, sizeof begin - 1);

    ck_assert_ptr_nonnull(from);
    from += sizeof begin - 1;
    size_t left = page->len - (size_t)(from - page->ptr);
    const char *end = memmem(from, left, "```", 3);
    ck_assert_ptr_nonnull(end);
    *page = (struct sp_str){ .ptr = end + 3, .len = left - (size_t)(end + 3 - from) };
    return (struct sp_str){ .ptr = from, .len = (size_t)(end - from) };
}

static struct sp_str
section_of(struct sp_arena *arena, const char *name)
{
    struct sp_str page = sp_testing_read("docs/hazards.md");
    char heading[40];
    int len = snprintf(heading, sizeof heading, "\n### %s\n", name);
    const char *from = memmem(page.ptr, page.len, heading, (size_t)len);

    ck_assert_msg(from != NULL, "no section %s", name);
    struct sp_str section = sp_str_slice(page, (size_t)(from - page.ptr), page.len);
    section.ptr = sp_arena_copy(arena, section);
    ck_assert_ptr_nonnull(section.ptr);
    free((void *)page.ptr);
    return section;
}

START_TEST(the_call_of_the_text_ends_as_it_says)
{
    SP_SCRATCH(arena);
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
    const struct sp_environment environment = crun_on("x86_64");
    struct sp_str rest = section_of(&arena, sections[_i].name);
    const struct sp_profile *profile = sp_testing_profile(&arena, next_example(&rest));
    const struct sp_kb_arch *arch = sp_kb_arch_find(sp_str_of(sections[_i].arch));
    const struct sp_kb_syscall *call = sp_kb_syscall_find(sp_str_of(sections[_i].call));
    struct sp_meaning *meaning;
    uint32_t verdict;

    ck_assert(store != NULL && arch != NULL && call != NULL);
    ck_assert(sp_meaning_make(&arena, store, profile, &environment, &meaning));
    sp_dd enforced = sp_meaning_of(meaning, arch, (uint32_t)sp_kb_number(arch, call),
                                   SP_READING_ENFORCED);
    ck_assert(sp_dd_eval(store, enforced, sections[_i].args, &verdict));
    ck_assert_msg(verdict == sections[_i].verdict, "%s: %#x", sections[_i].name, verdict);
    sp_dd_store_free(store);
}
END_TEST

START_TEST(the_first_example_is_hit_and_the_second_is_not)
{
    SP_SCRATCH(arena);
    struct sp_str rest = section_of(&arena, sections[_i].name);
    struct sp_proof hit = prove(next_example(&rest), "x86_64");
    struct sp_proof safe = prove(next_example(&rest), "x86_64");

    ck_assert_msg(hit.differences == 0, "%.*s", shown(&hit), hit.report.data);
    if (sections[_i].hazard < 0) {
        ck_assert_msg(hit.unintended > 0 && hit.hazardous == 0, "%s is not hit",
                      sections[_i].name);
    } else {
        ck_assert_msg(hit.hazards_deviating[sections[_i].hazard] > 0, "%s is not hit",
                      sections[_i].name);
    }
    ck_assert_msg(safe.differences == 0, "%.*s", shown(&safe), safe.report.data);
    ck_assert_msg(safe.hazardous == 0 && safe.unfaithful == 0 && safe.faithful > 0,
                  "%s: the way out is none", sections[_i].name);
    sp_proof_free(&hit);
    sp_proof_free(&safe);
}
END_TEST

SP_SUITE(meaning_random)
{
    TCase *tcase = sp_testing_case(suite, "meaning_random");

    tcase_add_loop_test(tcase, what_is_said_of_random_profiles_holds, 0, SLICES);
    tcase_add_test(tcase, the_series_has_something_of_everything);
    tcase_add_loop_test(tcase, what_was_found_is_told_right, 0,
                        (int)(sizeof found / sizeof *found));
    tcase_add_loop_test(tcase, the_call_of_the_text_ends_as_it_says, 0, SECTIONS);
    tcase_add_loop_test(tcase, the_first_example_is_hit_and_the_second_is_not, 0, SECTIONS);
}
