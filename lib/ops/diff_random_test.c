/* Comparing profiles, asked back: every change and every silence against the meaning of both
 * sides in environments and for arguments by chance; the other way round; and in the
 * interpreter. */
#include "base/testing.h"
#include "ops/diff_testing.h"
#include "sem/bpf_test.h"
#include "sem/random_profiles_testing.h"
#include "sem/verdict.h"

#include <string.h>

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof *(array)))

/* ---- profiles by chance, with guards ----------------------------------------------------- */

static const char *const names[] = { "read", "socket", "kcmp", "file_setattr", "statx", "clone3" };
static const char *const actions[] = { "ALLOW", "ERRNO", "LOG", "KILL_PROCESS" };
static const unsigned caps[] = { 12, 18, 21, 25, 38 };
static const char *const cap_names[] = {
    "CAP_NET_ADMIN", "CAP_SYS_CHROOT", "CAP_SYS_ADMIN", "CAP_SYS_TIME", "CAP_PERFMON",
};
static const char *const kernels[] = { "4.8", "5.1", "6.2" };
static const struct sp_version releases[] = {
    { 3, 17, 0 }, { 4, 7, 0 }, { 4, 8, 0 }, { 5, 0, 0 }, { 5, 1, 0 }, { 6, 1, 0 }, { 6, 2, 0 }, { 7, 0, 0 },
};
static const uint64_t values[] = { 0, 1, 2, 3, 0x100000001, UINT64_MAX };

static uint32_t
below(uint64_t *seed, uint32_t limit)
{
    return bpf_random_below(seed, limit);
}

static void
write_guard(uint64_t *seed, const char *key, struct sp_buf *buf)
{
    uint32_t kind = below(seed, 6);

    if (kind > 2) {
        return;
    }
    sp_buf_format(buf, ",\"%s\":{", key);
    if (kind != 2) {
        sp_buf_format(buf, "\"caps\":[\"%s\"", cap_names[below(seed, COUNT(caps))]);
        if (below(seed, 3) == 0) {
            sp_buf_format(buf, ",\"%s\"", cap_names[below(seed, COUNT(caps))]);
        }
        sp_buf_text(buf, "]");
    }
    if (kind != 1) {
        sp_buf_format(buf, "%s\"minKernel\":\"%s\"", kind == 0 ? "," : "",
                      kernels[below(seed, COUNT(kernels))]);
    }
    sp_buf_text(buf, "}");
}

static void
write_rule(uint64_t *seed, const char *action, struct sp_buf *buf)
{
    sp_buf_format(buf, "{\"names\":[\"%s\"],\"action\":\"SCMP_ACT_%s\"", names[below(seed, COUNT(names))],
                  action);
    if (below(seed, 3) == 0) {
        sp_buf_format(buf, ",\"args\":[{\"index\":%u,\"value\":%u,\"op\":\"SCMP_CMP_%s\"}]",
                      below(seed, 2), below(seed, 4), below(seed, 2) == 0 ? "EQ" : "NE");
    }
    write_guard(seed, "includes", buf);
    write_guard(seed, "excludes", buf);
    sp_buf_text(buf, "}");
}

/* Rules of one action: containers start under them. */
static const char *
make_profile(struct sp_arena *arena, uint64_t *seed)
{
    SP_BUF(buf);
    bool denies = below(seed, 3) == 0;
    uint32_t count = 1 + below(seed, 7);
    const char *action = denies ? actions[1 + below(seed, COUNT(actions) - 1)] : "ALLOW";

    sp_buf_format(&buf, "{\"defaultAction\":\"SCMP_ACT_%s\",", denies ? "ALLOW" : "ERRNO");
    if (!denies && below(seed, 3) == 0) {
        sp_buf_text(&buf, "\"defaultErrnoRet\":38,");
    }
    if (below(seed, 2) == 0) {
        sp_buf_text(&buf, "\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"],");
    }
    sp_buf_text(&buf, "\"syscalls\":[");
    for (uint32_t i = 0; i < count; i++) {
        sp_buf_text(&buf, i == 0 ? "" : ",");
        write_rule(seed, action, &buf);
    }
    sp_buf_text(&buf, "]}");
    ck_assert(!buf.failed);
    return sp_arena_copy(arena, sp_buf_view(&buf));
}

/* ---- asking back ------------------------------------------------------------------------- */

static bool
holds(const struct sp_diff_whens *whens, const struct sp_environment *environment)
{
    for (size_t i = 0; i < whens->any.count; i++) {
        const struct sp_when *when = &whens->any.at[i];
        if ((when->caps & ~environment->caps) == 0 && (when->without_caps & environment->caps) == 0
            && sp_version_compare(environment->kernel, when->from) >= 0
            && (when->before.major == 0
                || sp_version_compare(environment->kernel, when->before) < 0)) {
            return true;
        }
    }
    return false;
}

static bool
has_arch(const struct sp_diff_change *change, const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < change->arches.count; i++) {
        if (change->arches.at[i] == arch) {
            return true;
        }
    }
    return false;
}

/* One call in one environment. */
struct point {
    struct sp_environment environment;
    const struct sp_kb_arch *arch;
    const struct sp_kb_syscall *call;
    uint64_t args[SP_ARGS];
};

/* The condition is one of the witness's architecture: of others the verdicts tell. */
static bool
is_about(struct sp_diff_sides *sides, const struct sp_diff_change *change, const struct point *point)
{
    uint32_t in = 1;

    if (change->call != point->call || !has_arch(change, point->arch)
        || !holds(&change->when, &point->environment)) {
        return false;
    }
    return change->witness.call.arch->bits != point->arch->bits
        || (sp_dd_eval(sp_diff_store(sides), change->condition, point->args, &in) && in != 0);
}

static sp_verdict
verdict_at(struct sp_diff_side *side, const struct point *point)
{
    struct sp_meaning *meaning = sp_diff_meaning(side, &point->environment);
    sp_verdict verdict = 1;

    ck_assert_ptr_nonnull(meaning);
    ck_assert_int_eq(meaning->start, SP_START_FILTER);
    sp_dd verdicts = sp_meaning_of(meaning, point->arch,
                                   (uint32_t)sp_kb_number(point->arch, point->call),
                                   SP_READING_ENFORCED);
    ck_assert(sp_dd_eval(meaning->store, verdicts, point->args, &verdict));
    return verdict;
}

static struct point
random_point(uint64_t *seed, const struct sp_diff *diff)
{
    struct point point = {
        .environment = { .host = sp_kb_arch_find(SP_STR("x86_64")) },
        .arch = diff->arches.at[below(seed, (uint32_t)diff->arches.count)],
        .call = sp_kb_syscall_find(sp_str_of(names[below(seed, COUNT(names))])),
    };

    point.environment.kernel = releases[below(seed, COUNT(releases))];
    for (uint32_t i = 0; i < COUNT(caps); i++) {
        point.environment.caps |= (uint64_t)below(seed, 2) << caps[i];
    }
    for (unsigned i = 0; i < 2; i++) {
        point.args[i] = values[below(seed, COUNT(values))];
        point.args[i] &= point.arch->bits == 32 ? UINT32_MAX : UINT64_MAX;
    }
    return point;
}

/* Exactly one change is about a point where the sides differ, and it tells their verdicts; none
 * is about another. Answers whether they do. */
static bool
check_point(struct sp_diff_both *both, const struct sp_diff *diff, const struct point *point)
{
    sp_verdict from = verdict_at(both->at[0], point);
    sp_verdict to = verdict_at(both->at[1], point);
    size_t found = 0;

    for (size_t i = 0; i < diff->changes.count; i++) {
        const struct sp_diff_change *change = diff->changes.at[i];
        if (change->kind == SP_DIFF_ARCH && change->arches.at[0] == point->arch) {
            return false;
        }
        if (!is_about(both->sides, change, point)) {
            continue;
        }
        bool is_same = change->from == from && change->to == to;
        ck_assert_msg(is_same || change->witness.call.arch->bits != point->arch->bits,
                      "%s: a change from %#x to %#x where it is from %#x to %#x",
                      sp_kb_text(point->call->name), change->from, change->to, from, to);
        found += is_same;
    }
    ck_assert_msg(found == (from != to), "%s: %zu changes from %#x to %#x",
                  sp_kb_text(point->call->name), found, from, to);
    return from != to;
}

enum { PAIRS = 150, POINTS = 60 };

START_TEST(changes_are_exact)
{
    uint64_t seed = 0x5ec0de + (uint64_t)_i;
    size_t differed = 0;

    for (int i = 0; i < PAIRS; i++) {
        struct sp_diff_both both = { .sides = NULL };
        sp_diff_both_begin(&both);
        for (unsigned j = 0; j < SP_DIFF_BOTH; j++) {
            const char *engine = below(&seed, 4) == 0 ? "podman" : "docker";
            struct sp_target target = sp_diff_testing_target(engine, "x86_64,x86");
            target.runtime = below(&seed, 4) == 0 ? SP_RUNTIME_CRUN : SP_RUNTIME_RUNC;
            sp_diff_both_add(&both, j, make_profile(&both.arena, &seed), target);
        }
        struct sp_diff diff = sp_diff_both_diff(&both, 0, 1);
        ck_assert_uint_eq(diff.undecided.count, 0);
        for (int j = 0; j < POINTS; j++) {
            struct point point = random_point(&seed, &diff);
            differed += check_point(&both, &diff, &point);
        }
        sp_diff_both_end(&both);
    }
    ck_assert_uint_gt(differed, PAIRS);
}
END_TEST

/* ---- the other way round ----------------------------------------------------------------- */

static enum sp_diff_direction
opposite(enum sp_diff_direction direction)
{
    static const enum sp_diff_direction opposites[] = {
        [SP_DIFF_LOOSER] = SP_DIFF_TIGHTER,
        [SP_DIFF_TIGHTER] = SP_DIFF_LOOSER,
        [SP_DIFF_CHANGED] = SP_DIFF_CHANGED,
    };

    return opposites[direction];
}

static bool
same_text(const char *left, const char *right)
{
    return left == right || (left != NULL && right != NULL && strcmp(left, right) == 0);
}

static bool
is_mirror(const struct sp_diff_change *change, const struct sp_diff_change *other)
{
    bool is_alike = change->kind == other->kind && change->call == other->call
        && change->from == other->to && change->to == other->from
        && change->direction == opposite(other->direction)
        && change->from_state.start == other->to_state.start
        && change->to_state.start == other->from_state.start
        && change->from_state.has_arch == other->to_state.has_arch
        && same_text(change->conditions, other->conditions)
        && same_text(change->danger, other->danger) && change->risk == other->risk
        && change->everywhere == other->everywhere && change->numbers == other->numbers
        && change->when.any.count == other->when.any.count
        && change->arches.count == other->arches.count && change->hosts.count == other->hosts.count;

    for (size_t i = 0; is_alike && i < change->when.any.count; i++) {
        is_alike = memcmp(&change->when.any.at[i], &other->when.any.at[i],
                          sizeof change->when.any.at[i]) == 0;
    }
    for (size_t i = 0; is_alike && i < change->arches.count; i++) {
        is_alike = change->arches.at[i] == other->arches.at[i];
    }
    return is_alike;
}

static void
check_mirror(struct sp_diff_both *both)
{
    struct sp_diff there = sp_diff_both_diff(both, 0, 1);
    struct sp_diff back = sp_diff_both_diff(both, 1, 0);

    ck_assert_uint_eq(there.changes.count, back.changes.count);
    ck_assert_uint_eq(there.groups.count, back.groups.count);
    ck_assert_uint_eq(there.counts.looser, back.counts.tighter);
    ck_assert_uint_eq(there.counts.allowed, back.counts.denied);
    ck_assert(there.equal == back.equal);
    for (size_t i = 0; i < there.changes.count; i++) {
        bool found = false;
        for (size_t j = 0; j < back.changes.count && !found; j++) {
            found = is_mirror(there.changes.at[i], back.changes.at[j]);
        }
        ck_assert_msg(found, "no mirror of a change of %s from %#x to %#x",
                      there.changes.at[i]->call == NULL
                          ? "no call" : sp_kb_text(there.changes.at[i]->call->name),
                      there.changes.at[i]->from, there.changes.at[i]->to);
    }
}

START_TEST(random_pairs_have_mirrors)
{
    uint64_t seed = 0xd1ff + (uint64_t)_i;

    for (int i = 0; i < PAIRS / 2; i++) {
        struct sp_diff_both both = { .sides = NULL };
        sp_diff_both_begin(&both);
        for (unsigned j = 0; j < SP_DIFF_BOTH; j++) {
            sp_diff_both_add(&both, j, make_profile(&both.arena, &seed),
                             sp_diff_testing_target(j == 0 ? "docker" : "podman", NULL));
        }
        check_mirror(&both);
        sp_diff_both_end(&both);
    }
}
END_TEST

/* Wild profiles: refused, endless, outside the safe fragment.  What is told of them holds in
 * the filters. */
START_TEST(wild_pairs_have_mirrors_and_witnesses)
{
    uint64_t seed = 0x3117d + (uint64_t)_i * 7919;
    struct sp_diff_both both = { .sides = NULL };

    sp_diff_both_begin(&both);
    for (unsigned j = 0; j < SP_DIFF_BOTH; j++) {
        struct sp_environment environment;
        SP_BUF(text);
        sp_random_profile(&seed, &text, &environment);
        struct sp_target target = sp_diff_testing_target("oci", "x86_64,x86");
        target.runtime = environment.runtime;
        target.runtime_version = environment.runtime_version;
        sp_diff_both_add(&both, j, sp_arena_copy(&both.arena, sp_buf_view(&text)), target);
    }
    check_mirror(&both);
    struct sp_diff diff = sp_diff_both_diff(&both, 0, 1);
    for (size_t i = 0; i < diff.changes.count; i++) {
        const struct sp_diff_change *change = diff.changes.at[i];
        ck_assert_msg(!change->has_witness
                          || sp_diff_verify(&change->witness) != SP_DIFF_REFUTED,
                      "refuted: %s from %#x to %#x",
                      change->call == NULL ? "no call" : sp_kb_text(change->call->name),
                      change->from, change->to);
    }
    sp_diff_both_end(&both);
}
END_TEST

/* ---- contents ---------------------------------------------------------------------------- */

START_TEST(a_content_is_itself)
{
    struct sp_diff_both both = { .sides = NULL };

    sp_diff_both_begin(&both);
    sp_diff_both_add_content(&both, 0, &sp_kb_defaults[_i], NULL);
    sp_diff_both_add_content(&both, 1, &sp_kb_defaults[_i], NULL);
    struct sp_diff diff = sp_diff_both_diff(&both, 0, 1);
    ck_assert_uint_eq(diff.changes.count, 0);
    ck_assert(diff.equal || diff.undecided.count > 0);
    ck_assert(diff.hosts.count > 0 && diff.arches.count > 0);
    sp_diff_both_end(&both);
}
END_TEST

/* Each with the next, and with one of another time: mirrored, and every witness is true of both
 * filters as libseccomp compiles them. */
START_TEST(witnesses_are_true)
{
    size_t other = (size_t)_i % 3 == 0 ? ((size_t)_i * 7 + 30) % sp_kb_defaults_count : (size_t)_i + 1;
    struct sp_diff_both both = { .sides = NULL };

    sp_diff_both_begin(&both);
    sp_diff_both_add_content(&both, 0, &sp_kb_defaults[_i], "x86_64,x86,x32");
    sp_diff_both_add_content(&both, 1, &sp_kb_defaults[other], "x86_64,x86,x32");
    check_mirror(&both);
    struct sp_diff diff = sp_diff_both_diff(&both, 0, 1);
    ck_assert_uint_eq(diff.undecided.count, 0);
    for (size_t i = 0; i < diff.changes.count; i++) {
        const struct sp_diff_change *change = diff.changes.at[i];
        ck_assert(change->has_witness || change->kind == SP_DIFF_START);
        ck_assert_msg(!change->has_witness
                          || sp_diff_verify(&change->witness) == SP_DIFF_VERIFIED,
                      "not verified: %s from %#x to %#x",
                      change->call == NULL ? "no call" : sp_kb_text(change->call->name),
                      change->from, change->to);
    }
    sp_diff_both_end(&both);
}
END_TEST

SP_SUITE(diff_random)
{
    TCase *tcase = sp_testing_case(suite, "diff_random");
    int contents = (int)sp_kb_defaults_count;

    tcase_add_loop_test(tcase, changes_are_exact, 0, 4);
    tcase_add_loop_test(tcase, random_pairs_have_mirrors, 0, 2);
    tcase_add_loop_test(tcase, wild_pairs_have_mirrors_and_witnesses, 0, 60);
    tcase_add_loop_test(tcase, a_content_is_itself, 0, contents);
    tcase_add_loop_test(tcase, witnesses_are_true, 0, contents - 1);
}
