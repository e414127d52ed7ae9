/* The cases of a profile: some by hand, and random ones against all their environments. */
#include "base/buf.h"
#include "base/testing.h"
#include "format/profile_testing.h"
#include "sem/cases.h"
#include "sem/cases_guards.h"
#include "sem/resolve.h"

#define CAP(number) (UINT64_C(1) << (number))
enum { CHROOT = 18, PTRACE = 19, ADMIN = 21, NICE = 23, LOG = 34, BPF = 39 };

/* Docker's fourteen. */
#define DOCKER_CAPS UINT64_C(0xa80425fb)

static const struct sp_profile *
read_profile(struct sp_arena *arena, const char *text)
{
    return sp_testing_profile(arena, sp_str_of(text));
}

static uint16_t
call_of(const char *name)
{
    const struct sp_kb_syscall *call = sp_kb_syscall_find(sp_str_of(name));

    ck_assert_ptr_nonnull(call);
    return (uint16_t)sp_kb_syscall_index(call);
}

static struct sp_asked
asked_of(enum sp_engine engine)
{
    return (struct sp_asked){
        .base = { .engine = engine, .host = sp_kb_arch_find(SP_STR("x86_64")) },
    };
}

static bool
is_version(struct sp_version version, uint16_t major, uint16_t minor)
{
    return version.major == major && version.minor == minor && version.patch == 0;
}

static bool
holds(const struct sp_when *when, const struct sp_environment *environment)
{
    bool is_open = when->before.major == 0 && when->before.minor == 0;

    return (when->caps & ~environment->caps) == 0
        && (when->without_caps & environment->caps) == 0
        && sp_version_compare(environment->kernel, when->from) >= 0
        && (is_open || sp_version_compare(environment->kernel, when->before) < 0);
}

/* ---- by hand ----------------------------------------------------------------------------- */

#define PROFILE(rules) "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[" rules "]}"
#define RULE(rest) "{\"names\":[\"ptrace\"],\"action\":\"SCMP_ACT_ALLOW\"" rest "}"
#define WITH(caps) RULE(",\"includes\":{\"caps\":[" caps "]}")
#define WITHOUT(caps) RULE(",\"excludes\":{\"caps\":[" caps "]}")
#define FROM(kernel) RULE(",\"includes\":{\"minKernel\":\"" kernel "\"}")
#define BEFORE(kernel) RULE(",\"excludes\":{\"minKernel\":\"" kernel "\"}")
#define ARCH(arch) RULE(",\"includes\":{\"arches\":[\"" arch "\"],\"caps\":[" C_ADMIN "]}")
#define C_PTRACE "\"CAP_SYS_PTRACE\""
#define C_ADMIN "\"CAP_SYS_ADMIN\""
#define C_CHROOT "\"CAP_SYS_CHROOT\""

enum { SHOWN = 4 };

static const struct {
    const char *text;
    struct sp_asked asked;  /* without the host */
    size_t count;
    struct sp_when whens[SHOWN];
} known[] = {
    { PROFILE(""), .count = 1 },
    { "{}", .count = 1 },
    { PROFILE(RULE("")), .count = 1 },
    { PROFILE(WITH(C_PTRACE)), .count = 2,
      .whens = { { .without_caps = CAP(PTRACE) }, { .caps = CAP(PTRACE) } } },
    { PROFILE(WITHOUT(C_PTRACE)), .count = 2,
      .whens = { { .without_caps = CAP(PTRACE) }, { .caps = CAP(PTRACE) } } },
    { PROFILE(WITH(C_CHROOT)), .count = 2,
      .whens = { { .caps = CAP(CHROOT) }, { .without_caps = CAP(CHROOT) } } },
    { PROFILE(WITH(C_PTRACE "," C_PTRACE)), .count = 2,
      .whens = { { .without_caps = CAP(PTRACE) }, { .caps = CAP(PTRACE) } } },
    { PROFILE(WITH(C_PTRACE) "," WITH(C_PTRACE) "," WITHOUT(C_PTRACE)), .count = 2,
      .whens = { { .without_caps = CAP(PTRACE) }, { .caps = CAP(PTRACE) } } },
    { PROFILE(WITH(C_PTRACE "," C_ADMIN)), .count = 2,
      .whens = { { 0 }, { .caps = CAP(PTRACE) | CAP(ADMIN) } } },
    { PROFILE(WITHOUT(C_PTRACE "," C_ADMIN)), .count = 2,
      .whens = { { .without_caps = CAP(PTRACE) | CAP(ADMIN) }, { 0 } } },
    { PROFILE(WITH(C_PTRACE) "," WITH(C_ADMIN)), .count = 4,
      .whens = { { .without_caps = CAP(PTRACE) | CAP(ADMIN) },
                 { .without_caps = CAP(PTRACE), .caps = CAP(ADMIN) },
                 { .caps = CAP(PTRACE), .without_caps = CAP(ADMIN) },
                 { .caps = CAP(PTRACE) | CAP(ADMIN) } } },
    { PROFILE(FROM("4.8")), .count = 2,
      .whens = { { .from = { 4, 8, 0 } }, { .before = { 4, 8, 0 } } } },
    { PROFILE(FROM("4.8") "," BEFORE("5.3")), .count = 3,
      .whens = { { .from = { 5, 3, 0 } }, { .from = { 4, 8, 0 }, .before = { 5, 3, 0 } },
                 { .before = { 4, 8, 0 } } } },
    { PROFILE(FROM("99.0")), .count = 2,
      .whens = { { .from = { 99, 0, 0 } }, { .before = { 99, 0, 0 } } } },
    { PROFILE(FROM("04.08") "," FROM("4.8")), .count = 2,
      .whens = { { .from = { 4, 8, 0 } }, { .before = { 4, 8, 0 } } } },
    { PROFILE(FROM("")), .count = 1 },
    { PROFILE(BEFORE("")), .count = 1 },
    { PROFILE(FROM("4.8.1")), .count = 1 },
    { PROFILE(WITH("\"SYS_ADMIN\"")), .count = 1 },
    { PROFILE(WITH("\"SYS_ADMIN\"," C_ADMIN)), .count = 1 },
    { PROFILE(WITHOUT("\"sys_admin\"")), .count = 1 },
    { PROFILE(ARCH("amd64")), .count = 2,
      .whens = { { .without_caps = CAP(ADMIN) }, { .caps = CAP(ADMIN) } } },
    { PROFILE(ARCH("arm64")), .count = 1 },
    /* what was asked for */
    { PROFILE(WITH(C_PTRACE)), { .caps_add = CAP(PTRACE) }, .count = 1 },
    { PROFILE(WITH(C_PTRACE)), { .caps_drop = CAP(PTRACE) }, .count = 1 },
    { PROFILE(WITH(C_PTRACE)), { .caps_given = true }, .count = 1 },
    { PROFILE(WITH(C_PTRACE "," C_ADMIN)), { .caps_add = CAP(PTRACE) }, .count = 2,
      .whens = { { .without_caps = CAP(ADMIN) }, { .caps = CAP(ADMIN) } } },
    { PROFILE(FROM("4.8")), { .base = { .kernel = { 4, 8, 3 } }, .kernel_given = true },
      .count = 1 },
    { PROFILE(FROM("4.8") "," WITH(C_PTRACE)),
      { .base = { .kernel = { 4, 7, 0 } }, .kernel_given = true }, .count = 2,
      .whens = { { .without_caps = CAP(PTRACE) }, { .caps = CAP(PTRACE) } } },
    /* engines */
    { PROFILE(FROM("4.8") "," WITH(C_PTRACE)), { .base = { .engine = SP_ENGINE_PODMAN } },
      .count = 2, .whens = { { .without_caps = CAP(PTRACE) }, { .caps = CAP(PTRACE) } } },
    { PROFILE(FROM("4.8") "," WITH(C_PTRACE)), { .base = { .engine = SP_ENGINE_CRIO } },
      .count = 2, .whens = { { .without_caps = CAP(PTRACE) }, { .caps = CAP(PTRACE) } } },
    { PROFILE(FROM("4.8") "," WITH(C_PTRACE)),
      { .base = { .engine = SP_ENGINE_CONTAINERD } }, .count = 1 },
    { PROFILE(FROM("4.8") "," WITH(C_PTRACE)), { .base = { .engine = SP_ENGINE_OCI } },
      .count = 1 },
};

static bool
same_when(const struct sp_when *left, const struct sp_when *right)
{
    return left->caps == right->caps && left->without_caps == right->without_caps
        && sp_version_compare(left->from, right->from) == 0
        && sp_version_compare(left->before, right->before) == 0;
}

static bool
has_when(const struct sp_cases *cases, const struct sp_when *when)
{
    for (size_t i = 0; i < cases->all.count; i++) {
        if (same_when(&cases->all.at[i].when, when)) {
            return true;
        }
    }
    return false;
}

START_TEST(a_profile_has_these_cases)
{
    SP_SCRATCH(arena);
    const struct sp_profile *profile = read_profile(&arena, known[_i].text);
    struct sp_asked asked = known[_i].asked;
    struct sp_cases cases;

    asked.base.host = sp_kb_arch_find(SP_STR("x86_64"));
    ck_assert(sp_cases_make(&arena, profile, &asked, SP_CASES_ALL, &cases));
    ck_assert(!cases.undecided);
    ck_assert_msg(cases.all.count == known[_i].count, "%zu cases: %s", cases.all.count,
                  known[_i].text);
    ck_assert_msg(same_when(&cases.all.at[0].when, &known[_i].whens[0]), "first: %s",
                  known[_i].text);
    for (size_t i = 0; i < known[_i].count; i++) {
        const struct sp_case *each = &cases.all.at[i];
        ck_assert_msg(holds(&each->when, &each->environment), "%zu: %s", i, known[_i].text);
        ck_assert_msg(has_when(&cases, &known[_i].whens[i]), "%zu: %s", i, known[_i].text);
    }
}
END_TEST

START_TEST(the_first_case_is_the_default_on_the_newest_kernel)
{
    SP_SCRATCH(arena);
    const struct sp_profile *profile = read_profile(
        &arena, PROFILE(FROM("4.8") "," WITH(C_PTRACE) "," WITH(C_CHROOT)));
    struct sp_asked asked = asked_of(SP_ENGINE_DOCKER);
    struct sp_cases cases;

    ck_assert(sp_cases_make(&arena, profile, &asked, SP_CASES_ALL, &cases));
    ck_assert_uint_eq(cases.all.at[0].environment.caps, DOCKER_CAPS);
    ck_assert_uint_ge(cases.all.at[0].environment.kernel.major, 6);
    asked.caps_add = CAP(PTRACE) | CAP(BPF);
    asked.caps_drop = CAP(CHROOT);
    ck_assert(sp_cases_make(&arena, profile, &asked, SP_CASES_ALL, &cases));
    ck_assert_uint_eq(cases.all.at[0].environment.caps,
                      (DOCKER_CAPS | CAP(PTRACE) | CAP(BPF)) & ~CAP(CHROOT));
    ck_assert_uint_eq(cases.all.count, 2);
    asked.caps_given = true;
    asked.base.caps = CAP(NICE);
    ck_assert(sp_cases_make(&arena, profile, &asked, SP_CASES_ALL, &cases));
    ck_assert_uint_eq(cases.all.at[0].environment.caps, CAP(NICE));
    ck_assert(is_version(cases.all.at[1].environment.kernel, 3, 17));
}
END_TEST

/* ---- many -------------------------------------------------------------------------------- */

/* `count` capabilities, each with a rule for a call of its own. */
static const struct sp_profile *
independent(struct sp_arena *arena, size_t count)
{
    SP_BUF(buf);

    sp_buf_text(&buf, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[");
    for (size_t i = 0; i < count; i++) {
        sp_buf_format(&buf, "%s{\"names\":[\"%s\"],\"action\":\"SCMP_ACT_ALLOW\","
                            "\"includes\":{\"caps\":[\"%s\"]}}", i == 0 ? "" : ",",
                      sp_kb_text(sp_kb_syscalls[i].name), sp_kb_text(sp_kb_caps[i].name));
    }
    sp_buf_text(&buf, "]}");
    return read_profile(arena, sp_arena_copy(arena, sp_buf_view(&buf)));
}

START_TEST(what_is_too_much_is_undecided_and_a_single_call_is_not)
{
    SP_SCRATCH(arena);
    struct sp_asked asked = asked_of(SP_ENGINE_PODMAN);
    struct sp_cases cases;

    const struct sp_profile *profile = independent(&arena, 12);
    ck_assert(sp_cases_make(&arena, profile, &asked, SP_CASES_ALL, &cases));
    ck_assert_uint_eq(cases.all.count, SP_CASES_MAX);
    ck_assert(!cases.undecided);
    profile = independent(&arena, 40);
    ck_assert(sp_cases_make(&arena, profile, &asked, SP_CASES_ALL, &cases));
    ck_assert_uint_eq(cases.all.count, SP_CASES_MAX);
    ck_assert(cases.undecided);
    ck_assert_uint_eq(cases.all.at[0].environment.caps, DOCKER_CAPS);
    ck_assert(sp_cases_make(&arena, profile, &asked, 7, &cases));
    ck_assert_uint_eq(cases.all.count, 2);
    ck_assert(!cases.undecided);
    ck_assert_uint_eq(cases.all.at[0].when.caps, CAP(7));
    ck_assert(sp_cases_make(&arena, profile, &asked, call_of("write"), &cases));
    ck_assert_uint_eq(cases.all.count, 1);
}
END_TEST

/* ---- against all environments ------------------------------------------------------------ */

/* Random profiles over five capabilities, four kernels and three calls. */
enum { WORDS = 6, CAPS = 5, PROBES = 10, CALLS = 3, PROFILES = 40, RULES_MAX = 7 };

static const char *const cap_words[WORDS] = {
    "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_ADMIN", "CAP_SYSLOG", "CAP_MKNOD", "CAP_NONE",
};
static const unsigned cap_numbers[CAPS] = { CHROOT, PTRACE, ADMIN, LOG, 27 };
static const char *const kernel_words[] = { "", "4.8", "5.3", "5.10", "6.0" };
static const char *const arch_words[] = { "amd64", "arm64", "x86_64" };
static const char *const call_words[CALLS] = { "ptrace", "bpf", "mount" };

/* On both sides of every version, in order. */
static const struct sp_version probes[PROBES] = {
    { 4, 7, 9 }, { 4, 8, 0 }, { 4, 20, 17 }, { 5, 2, 99 }, { 5, 3, 1 },
    { 5, 9, 0 }, { 5, 10, 0 }, { 5, 19, 3 }, { 6, 0, 0 }, { 6, 18, 44 },
};

static unsigned
below(uint64_t *seed, unsigned end)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)((*seed >> 33) % end);
}

static uint64_t
random_caps(uint64_t *seed)
{
    uint64_t caps = 0;

    for (size_t i = 0; i < CAPS; i++) {
        caps |= below(seed, 4) == 0 ? CAP(cap_numbers[i]) : 0;
    }
    return caps;
}

static void
add_guard(struct sp_buf *buf, const char *key, uint64_t *seed)
{
    const char *comma = "";

    sp_buf_format(buf, ",\"%s\":{", key);
    if (below(seed, 3) > 0) {
        sp_buf_text(buf, "\"caps\":[");
        for (unsigned left = below(seed, 4); left > 0; left--) {
            unsigned word = below(seed, 12);
            sp_buf_format(buf, "%s\"%s\"", comma, cap_words[word < 11 ? word % CAPS : CAPS]);
            comma = ",";
        }
        sp_buf_text(buf, "]");
        comma = ",";
    }
    if (below(seed, 3) == 0) {
        sp_buf_format(buf, "%s\"minKernel\":\"%s\"", comma,
                      kernel_words[below(seed, 20) == 0 ? 0 : 1 + below(seed, 4)]);
        comma = ",";
    }
    if (below(seed, 8) == 0) {
        sp_buf_format(buf, "%s\"arches\":[\"%s\"]", comma, arch_words[below(seed, 3)]);
    }
    sp_buf_text(buf, "}");
}

static const struct sp_profile *
random_profile(struct sp_arena *arena, uint64_t *seed)
{
    SP_BUF(buf);

    sp_buf_text(&buf, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[");
    for (unsigned left = 1 + below(seed, RULES_MAX); left > 0; left--) {
        sp_buf_format(&buf, "{\"names\":[\"%s\"],\"action\":\"SCMP_ACT_ALLOW\"",
                      call_words[below(seed, CALLS)]);
        if (below(seed, 4) > 0) {
            add_guard(&buf, "includes", seed);
        }
        if (below(seed, 2) > 0) {
            add_guard(&buf, "excludes", seed);
        }
        sp_buf_text(&buf, left > 1 ? "}," : "}]}");
    }
    return read_profile(arena, sp_arena_copy(arena, sp_buf_view(&buf)));
}

static struct sp_asked
random_asked(uint64_t *seed)
{
    static const enum sp_engine engines[] = {
        SP_ENGINE_DOCKER, SP_ENGINE_DOCKER, SP_ENGINE_DOCKER, SP_ENGINE_PODMAN, SP_ENGINE_CRIO,
        SP_ENGINE_CONTAINERD, SP_ENGINE_OCI,
    };
    struct sp_asked asked = asked_of(engines[below(seed, sizeof engines / sizeof *engines)]);

    asked.kernel_given = below(seed, 5) == 0;
    asked.base.kernel = probes[below(seed, PROBES)];
    asked.caps_given = below(seed, 8) == 0;
    asked.base.caps = random_caps(seed);
    if (below(seed, 2) == 0) {
        asked.caps_add = random_caps(seed);
        asked.caps_drop = random_caps(seed);
    }
    return asked;
}

/* The rules for a call that an engine keeps: a bit for each. */
static uint64_t
kept_rules(const struct sp_profile *profile, const struct sp_environment *environment,
           uint16_t call)
{
    SP_SCRATCH(scratch);
    struct sp_oci oci;
    uint64_t kept = 0;

    ck_assert(sp_resolve(&scratch, profile, environment, &oci));
    ck_assert_int_eq(oci.resolution, SP_RESOLUTION_PROFILE);
    for (size_t i = 0; i < oci.rules.count; i++) {
        const struct sp_rule *rule = oci.rules.at[i].rule;
        if (call == SP_CASES_ALL
            || sp_str_is(rule->names.at[0].text, sp_kb_text(sp_kb_syscalls[call].name))) {
            kept |= UINT64_C(1) << (rule - profile->rules);
        }
    }
    return kept;
}

/* What all environments of a case have in common, found out one by one. */
struct seen {
    bool any;
    uint64_t held;
    uint64_t lacked;
    size_t first_probe;
    size_t last_probe;
};

struct trial {
    const struct sp_profile *profile;
    struct sp_asked asked;
    uint16_t call;
    struct sp_cases cases;
    uint64_t kept[1 << RULES_MAX];  /* by case */
    struct seen seen[1 << RULES_MAX];
    uint64_t free_caps;             /* of the five, those that are open */
};

static void
check_cases(struct trial *trial)
{
    ck_assert(!trial->cases.undecided);
    ck_assert_uint_ge(trial->cases.all.count, 1);
    ck_assert_uint_le(trial->cases.all.count, 1 << RULES_MAX);
    for (size_t i = 0; i < trial->cases.all.count; i++) {
        const struct sp_case *each = &trial->cases.all.at[i];
        ck_assert(holds(&each->when, &each->environment));
        trial->kept[i] = kept_rules(trial->profile, &each->environment, trial->call);
        for (size_t j = 0; j < i; j++) {
            ck_assert_uint_ne(trial->kept[i], trial->kept[j]);
        }
    }
}

static void
try_environment(struct trial *trial, const struct sp_environment *environment, size_t probe)
{
    uint64_t kept = kept_rules(trial->profile, environment, trial->call);
    size_t i = 0;

    while (i < trial->cases.all.count && trial->kept[i] != kept) {
        i++;
    }
    ck_assert_msg(i < trial->cases.all.count, "no case keeps these rules");
    ck_assert(holds(&trial->cases.all.at[i].when, environment));
    struct seen *seen = &trial->seen[i];
    if (!seen->any) {
        *seen = (struct seen){ .any = true, .held = ~UINT64_C(0), .lacked = ~UINT64_C(0),
                               .first_probe = probe };
    }
    seen->held &= environment->caps;
    seen->lacked &= ~environment->caps;
    seen->last_probe = probe;
}

/* The capabilities of a try: `choice` numbers the subsets of the five. */
static uint64_t
caps_of(const struct trial *trial, unsigned choice, uint64_t *seed)
{
    uint64_t five = 0;
    uint64_t caps = 0;

    if (trial->asked.caps_given) {
        return trial->asked.base.caps;
    }
    for (size_t i = 0; i < CAPS; i++) {
        five |= CAP(cap_numbers[i]);
        caps |= (choice >> i & 1) != 0 ? CAP(cap_numbers[i]) : 0;
    }
    for (size_t i = 0; i < sp_kb_caps_count; i++) {
        caps |= (five & CAP(i)) == 0 && below(seed, 2) == 0 ? CAP(i) : 0;
    }
    return (caps | trial->asked.caps_add) & ~trial->asked.caps_drop;
}

static void
try_all(struct trial *trial, uint64_t *seed)
{
    struct sp_environment environment = trial->asked.base;

    for (size_t probe = 0; probe < PROBES; probe++) {
        environment.kernel = trial->asked.kernel_given ? trial->asked.base.kernel
                                                       : probes[probe];
        for (unsigned choice = 0; choice < 1 << CAPS; choice++) {
            environment.caps = caps_of(trial, choice, seed);
            try_environment(trial, &environment, probe);
        }
    }
}

/* `when` says no less than what all environments of the case share. */
static void
check_whens(const struct trial *trial)
{
    for (size_t i = 0; i < trial->cases.all.count; i++) {
        const struct seen *seen = &trial->seen[i];
        struct sp_when when = trial->cases.all.at[i].when;
        ck_assert_msg(seen->any, "a case that never comes");
        ck_assert_uint_eq(when.caps, seen->held & trial->free_caps);
        ck_assert_uint_eq(when.without_caps, seen->lacked & trial->free_caps);
        if (seen->first_probe == 0) {
            ck_assert(is_version(when.from, 0, 0));
        } else {
            ck_assert_int_gt(sp_version_compare(when.from, probes[seen->first_probe - 1]), 0);
        }
        if (seen->last_probe == PROBES - 1) {
            ck_assert(is_version(when.before, 0, 0));
        } else {
            ck_assert_int_le(sp_version_compare(when.before, probes[seen->last_probe + 1]), 0);
        }
    }
}

static void
check_trial(struct sp_arena *arena, struct trial *trial, uint64_t *seed)
{
    if (!trial->asked.caps_given) {
        for (size_t i = 0; i < CAPS; i++) {
            trial->free_caps |= CAP(cap_numbers[i]);
        }
        trial->free_caps &= ~(trial->asked.caps_add | trial->asked.caps_drop);
    }
    ck_assert(sp_cases_make(arena, trial->profile, &trial->asked, trial->call, &trial->cases));
    check_cases(trial);
    try_all(trial, seed);
    check_whens(trial);
}

START_TEST(every_environment_is_in_exactly_one_case)
{
    uint64_t seed = (uint64_t)_i + 1;

    for (unsigned i = 0; i < PROFILES; i++) {
        SP_SCRATCH(arena);
        const struct sp_profile *profile = random_profile(&arena, &seed);
        struct sp_asked asked = random_asked(&seed);
        for (unsigned j = 0; j < 2; j++) {
            struct trial trial = {
                .profile = profile, .asked = asked,
                .call = j == 0 ? SP_CASES_ALL : call_of(call_words[below(&seed, CALLS)]),
            };
            check_trial(&arena, &trial, &seed);
        }
    }
}
END_TEST

/* ---- two profiles ------------------------------------------------------------------------ */

static struct sp_case_guards
guards_of(struct sp_arena *arena, const char *text, const struct sp_asked *asked, const bool *also)
{
    uint16_t call = also == NULL ? call_of("ptrace") : (uint16_t)SP_CASES_NONE;
    struct sp_case_guards guards;

    ck_assert(sp_case_guards_make_also(arena, read_profile(arena, text), asked, call, also,
                                       &guards));
    return guards;
}

static const struct {
    const char *left;
    const char *right;
    enum sp_engine right_engine;
    size_t count;
} joint[] = {
    { PROFILE(""), PROFILE(""), SP_ENGINE_DOCKER, 1 },
    { PROFILE(WITH(C_PTRACE)), PROFILE(""), SP_ENGINE_DOCKER, 2 },
    { PROFILE(WITH(C_PTRACE)), PROFILE(WITH(C_PTRACE)), SP_ENGINE_DOCKER, 2 },
    { PROFILE(WITH(C_PTRACE)), PROFILE(WITHOUT(C_PTRACE)), SP_ENGINE_DOCKER, 2 },
    { PROFILE(WITH(C_PTRACE)), PROFILE(WITH(C_ADMIN)), SP_ENGINE_DOCKER, 4 },
    { PROFILE(FROM("4.8")), PROFILE(FROM("5.3")), SP_ENGINE_DOCKER, 3 },
    { PROFILE(FROM("4.8")), PROFILE(FROM("5.3")), SP_ENGINE_PODMAN, 2 },
    { PROFILE(FROM("4.8")), PROFILE(WITH(C_ADMIN)), SP_ENGINE_PODMAN, 4 },
    { PROFILE(WITH(C_PTRACE)), PROFILE(WITH(C_ADMIN)), SP_ENGINE_CONTAINERD, 2 },
};

/* The cases of both together are the same whichever comes first, and each keeps a set of guards of its
 * own. */
START_TEST(two_profiles_have_cases_together)
{
    const struct sp_asked left = asked_of(SP_ENGINE_DOCKER);
    const struct sp_asked right = asked_of(joint[_i].right_engine);
    SP_SCRATCH(arena);
    struct sp_case_guards both[2];
    struct sp_case_guards guards;
    struct sp_cases cases;
    bool also = true;

    both[0] = guards_of(&arena, joint[_i].left, &left, NULL);
    both[1] = guards_of(&arena, joint[_i].right, &right, NULL);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert(sp_case_guards_join(&arena, &both[i], &both[1 - i], &guards));
        ck_assert(sp_cases_of_guards(&arena, &left, &guards, &cases));
        ck_assert_uint_eq(cases.all.count, joint[_i].count);
    }
    for (size_t i = 0; i < guards.all.count; i++) {
        size_t kept = 0;
        for (size_t j = 0; j < cases.all.count; j++) {
            kept += sp_case_guard_holds(&guards.all.at[i], &cases.all.at[j].environment);
        }
        bool is_always = guards.all.at[i].caps == 0 && guards.all.at[i].without_caps == 0
            && is_version(guards.all.at[i].from, 0, 0) && is_version(guards.all.at[i].before, 0, 0);
        ck_assert(kept > 0 && (kept == cases.all.count) == is_always);
    }
    if (both[0].all.count > 0) {
        guards = guards_of(&arena, joint[_i].left, &left, &also);
        ck_assert_uint_eq(guards.all.count, both[0].all.count);
    }
}
END_TEST

SP_SUITE(cases)
{
    TCase *tcase = sp_testing_case(suite, "cases");

    tcase_add_loop_test(tcase, a_profile_has_these_cases, 0, sizeof known / sizeof *known);
    tcase_add_test(tcase, the_first_case_is_the_default_on_the_newest_kernel);
    tcase_add_test(tcase, what_is_too_much_is_undecided_and_a_single_call_is_not);
    tcase_add_loop_test(tcase, every_environment_is_in_exactly_one_case, 0, 8);
    tcase_add_loop_test(tcase, two_profiles_have_cases_together, 0,
                        sizeof joint / sizeof *joint);
}
