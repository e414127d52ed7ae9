/* What is written is read back to the same meaning, and policies of both kinds mean what
 * their programs say. */
#include "base/testing.h"
#include "format/list_trip_testing.h"
#include "format/minijail_parse.h"
#include "format/minijail_read.h"
#include "format/minijail_terms.h"
#include "format/minijail_write.h"
#include "sem/random_profiles_testing.h"
#include "text/json_read.h"

#include <errno.h>
#include <string.h>

/* ---- there and back ---------------------------------------------------------------------- */

static bool
is_named_default(sp_verdict verdict)
{
    sp_verdict action = verdict & SP_VERDICT_ACTION;

    return action == SP_VERDICT_ERRNO || action == SP_VERDICT_TRACE;
}

static sp_dd
narrowed(struct sp_trip *trip, sp_dd meaning)
{
    for (unsigned arg = 0; trip->policies.all.at[0].arch->bits == 32 && arg < SP_ARGS; arg++) {
        meaning = sp_dd_narrow(trip->store, meaning, arg, 32);
    }
    return meaning;
}

static sp_dd
wanted_of(struct sp_trip *trip, const struct sp_kb_syscall *row)
{
    const struct sp_policy *policy = &trip->policies.all.at[0];
    const struct sp_policy_call *call = sp_policy_find(policy, sp_kb_text(row->name));

    return narrowed(trip, call != NULL ? call->meaning
                                       : sp_dd_leaf(trip->store, policy->default_verdict));
}

/* The text itself says what the policy does, whatever rules can be made of it. */
static void
check_text(struct sp_trip *trip, bool same_default)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = &trip->arena };
    struct sp_minijail_policy policy = { .calls = { .at = NULL } };
    struct sp_minijail_parser parser = {
        .arena = &trip->arena, .limits = &limits, .report = &report, .store = trip->store,
        .source = sp_source_new(&trip->arena, "text", sp_buf_view(&trip->text)),
    };

    ck_assert_msg(sp_minijail_policy_read(&parser, &policy), "%s", report.diags.at[0]->message);
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        const struct sp_kb_syscall *row = &sp_kb_syscalls[i];
        uint32_t place = policy.places[i];
        sp_dd got = place == 0
            ? sp_dd_leaf(trip->store, policy.default_verdict)
            : sp_minijail_meaning(&parser, &policy, &policy.calls.at[place - 1]);
        if (sp_kb_number(trip->policies.all.at[0].arch, row) == SP_KB_NO_NUMBER
            || sp_losses_has(&trip->losses, sp_kb_text(row->name))
            || (!same_default && place == 0)) {
            continue;
        }
        ck_assert_msg(narrowed(trip, got) == wanted_of(trip, row), "%s", sp_kb_text(row->name));
    }
}

/* A profile's rules cannot say everything that a policy can. */
static bool
can_be_rules(struct sp_trip *trip)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = &trip->arena };
    struct sp_source *source = sp_source_new(&trip->arena, "text", sp_buf_view(&trip->text));
    struct sp_doc doc;

    if (sp_minijail_read(&trip->arena, source, &limits, &report, &doc)) {
        return true;
    }
    ck_assert_uint_eq(report.diags.count, 1);
    ck_assert(sp_str_has_prefix(sp_str_of(report.diags.at[0]->message), "the conditions of "));
    return false;
}

/* A text names no machine, and is read for the one at hand: where arguments have 32 bits, or
 * where rules of socketcall and ipc are made of those of other calls, its rules need not mean
 * the same. */
static bool
is_like_native(const struct sp_kb_arch *arch)
{
    return arch->bits == 64
        && sp_kb_number(arch, sp_kb_syscall_find(SP_STR("ipc"))) == SP_KB_NO_NUMBER;
}

/* Every call is the same; the default is, too, or a loss says so and the text names every
 * call.  False when the text was not made a profile again. */
static bool
check_trip(struct sp_trip *trip)
{
    const struct sp_policy *wanted = &trip->policies.all.at[0];
    sp_verdict verdict = wanted->default_verdict;
    bool is_lost = sp_trip_lost(trip, "no policy of minijail");

    check_text(trip, !is_lost);
    if (!can_be_rules(trip) || !is_like_native(wanted->arch)) {
        return false;
    }
    if (!sp_trip_read(trip, sp_minijail_read)) {
        return false;  /* more instructions than a filter may have */
    }
    ck_assert(is_lost == (is_named_default(verdict) || verdict == SP_VERDICT_LOG));
    ck_assert(sp_trip_lost(trip, "a policy of minijail is for one")
              == (trip->policies.all.count > 1));
    sp_trip_compare(trip, !is_lost);
    for (size_t i = 0; is_named_default(verdict) && i < sp_kb_syscalls_count; i++) {
        const char *name = sp_kb_text(sp_kb_syscalls[i].name);
        ck_assert(sp_kb_number(wanted->arch, &sp_kb_syscalls[i]) == SP_KB_NO_NUMBER
                  || sp_policy_find(wanted, name) != NULL
                  || sp_policy_find(&trip->read.all.at[0], name) != NULL);
    }
    return true;
}

/* No line is longer than people like, but for one word in it. */
static void
check_lines(struct sp_str text)
{
    struct sp_str line;

    while (sp_str_next(&text, "\n", &line)) {
        ck_assert_msg(line.len <= 96 || memchr(line.ptr + 8, ' ', line.len - 8) == NULL, "%.*s",
                      SP_STR_ARG(line));
        ck_assert(line.len == 0 || line.ptr[0] != '#' || line.ptr[line.len - 1] != '\\');
    }
}

START_TEST(a_default_is_the_same_again)
{
    SP_BUF(profile);
    struct sp_environment environment = sp_trip_default(_i, &profile);
    struct sp_trip trip;

    ck_assert(sp_trip_write(&trip, sp_buf_view(&profile), &environment, sp_minijail_write));
    ck_assert(check_trip(&trip));
    check_lines(sp_buf_view(&trip.text));
    ck_assert_uint_gt(sp_trip_compare(&trip, false), 300);
    ck_assert_uint_eq(trip.losses.all.count, 2);
    ck_assert_ptr_nonnull(strstr(trip.text.data, "\nread: 1\n"));
    ck_assert_ptr_nonnull(strstr(trip.text.data, "\n# for minijail0 -S: the semicolons"));
    ck_assert_ptr_null(strstr(trip.text.data, ": {"));
    sp_trip_end(&trip);
}
END_TEST

enum { SLICES = 4, PROFILES = 100 };

START_TEST(a_random_profile_is_the_same_again)
{
    uint64_t seed = 20261127 + (uint64_t)_i;
    size_t checked = 0;
    size_t again = 0;

    for (int i = 0; i < PROFILES; i++) {
        SP_BUF(profile);
        struct sp_environment environment;
        struct sp_trip trip;

        sp_random_profile(&seed, &profile, &environment);
        if (sp_trip_write(&trip, sp_buf_view(&profile), &environment, sp_minijail_write)) {
            again += check_trip(&trip);
            checked++;
        }
        sp_trip_end(&trip);
    }
    ck_assert_uint_gt(checked, PROFILES / 2);
    ck_assert_uint_gt(again, checked * 3 / 5);
}
END_TEST

/* ---- comparisons ------------------------------------------------------------------------- */

#define LOW UINT64_C(0xffffffff)

static const struct sp_test tests[] = {
    { .arg = 0, .kind = SP_TEST_EQ, .low = 7, .high = 7, .mask = UINT64_MAX },
    { .arg = 1, .kind = SP_TEST_NE, .low = 1, .high = 1, .mask = UINT64_MAX },
    { .arg = 2, .kind = SP_TEST_RANGE, .low = 3, .high = 300, .mask = UINT64_MAX },
    { .arg = 2, .kind = SP_TEST_RANGE, .low = 3, .high = UINT64_MAX, .mask = UINT64_MAX },
    { .arg = 2, .kind = SP_TEST_RANGE, .low = 0, .high = UINT64_MAX, .mask = UINT64_MAX },
    { .arg = 3, .kind = SP_TEST_RANGE, .low = 0, .high = 41, .mask = LOW },
    { .arg = 3, .kind = SP_TEST_RANGE, .low = 42, .high = LOW, .mask = LOW },
    { .arg = 3, .kind = SP_TEST_RANGE, .low = 40, .high = 1000, .mask = LOW },
    { .arg = 3, .kind = SP_TEST_RANGE, .low = 1, .high = 0xfffffffe, .mask = LOW },
    { .arg = 3, .kind = SP_TEST_RANGE, .low = 0x80000000, .high = LOW, .mask = LOW },
    { .arg = 4, .kind = SP_TEST_MASKED, .low = 0, .high = 0, .mask = 0x7e020000 },
    { .arg = 4, .kind = SP_TEST_MASKED, .low = 5, .high = 5, .mask = LOW },
    { .arg = 5, .kind = SP_TEST_MASKED_NE, .low = 5, .high = 5, .mask = LOW },
    { .arg = 5, .kind = SP_TEST_MASKED_NE, .low = 6, .high = 6, .mask = 6 },
    { .arg = 5, .kind = SP_TEST_MASKED_NE, .low = 0, .high = 0, .mask = 6 },
};

enum { TESTS = sizeof tests / sizeof *tests };

static sp_dd
atom_diagram(struct sp_dd_store *store, const struct sp_minijail_atom *atom)
{
    switch (atom->op) {
    case SP_MINIJAIL_EQ:
        return sp_dd_compare(store, atom->arg, SP_DD_EQ, UINT64_MAX, atom->value);
    case SP_MINIJAIL_NE:
        return sp_dd_compare(store, atom->arg, SP_DD_NE, UINT64_MAX, atom->value);
    case SP_MINIJAIL_LE:
        return sp_dd_compare(store, atom->arg, SP_DD_LE, UINT64_MAX, atom->value);
    case SP_MINIJAIL_GE:
        return sp_dd_compare(store, atom->arg, SP_DD_GE, UINT64_MAX, atom->value);
    case SP_MINIJAIL_ANY_OF:
        return sp_dd_compare(store, atom->arg, SP_DD_NE, atom->value, 0);
    case SP_MINIJAIL_NONE_OF:
        break;
    }
    return sp_dd_compare(store, atom->arg, SP_DD_EQ, atom->value, 0);
}

static sp_dd
terms_diagram(struct sp_dd_store *store, const struct sp_minijail_terms *terms)
{
    sp_dd any = sp_dd_leaf(store, 0);

    for (size_t i = 0; i < terms->any.count; i++) {
        sp_dd all = sp_dd_leaf(store, 1);
        for (size_t j = 0; j < terms->any.at[i].atoms.count; j++) {
            all = sp_dd_and(store, all, atom_diagram(store, &terms->any.at[i].atoms.at[j]));
        }
        any = sp_dd_or(store, any, all);
    }
    return any;
}

START_TEST(comparisons_say_what_tests_say)
{
    SP_SCRATCH(arena);
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
    size_t told = 0;

    for (size_t i = 0; i < TESTS; i++) {
        for (size_t j = 0; j < TESTS; j++) {
            struct sp_minijail_terms terms = { .any = { .at = NULL } };
            struct sp_alternatives words = { .any = { .at = NULL } };
            struct sp_tests *both = sp_vec_push(&arena, &words.any);

            *sp_vec_push(&arena, &both->all) = tests[i];
            *sp_vec_push(&arena, &both->all) = tests[j];
            if (!sp_minijail_terms_add(&arena, both, 64, &terms)) {
                continue;
            }
            told++;
            ck_assert_msg(terms_diagram(store, &terms) == sp_words_diagram(store, &words),
                          "%zu and %zu", i, j);
        }
    }
    ck_assert_uint_gt(told, TESTS * TESTS * 9 / 10);
    sp_dd_store_free(store);
}
END_TEST

START_TEST(conditions_that_are_too_long_are_not_told)
{
    SP_SCRATCH(arena);
    struct sp_minijail_terms terms = { .any = { .at = NULL } };
    struct sp_tests long_tests = { .all = { .at = NULL } };

    for (unsigned arg = 0; arg < 3; arg++) {
        *sp_vec_push(&arena, &long_tests.all) = (struct sp_test){
            .arg = arg, .kind = SP_TEST_RANGE, .mask = LOW, .low = 0x55555555,
            .high = 0xaaaaaaab,
        };
    }
    ck_assert(!sp_minijail_terms_add(&arena, &long_tests, 64, &terms));
    ck_assert_uint_eq(terms.any.count, 0);
    ck_assert(!arena.failed);
}
END_TEST

/* ---- texts that are written -------------------------------------------------------------- */

#define PROFILE(default_action, rules) \
    "{\"defaultAction\": \"SCMP_ACT_" default_action "\", \"syscalls\": [" rules "]}"
#define RULE(name, action, more) \
    "{\"names\": [\"" name "\"], \"action\": \"SCMP_ACT_" action "\"" more "}"
#define ARG(index, value, op) \
    ", \"args\": [{\"index\": " #index ", \"value\": " #value ", \"op\": \"SCMP_CMP_" op "\"}]"
#define MASKED(index, mask, value) \
    ", \"args\": [{\"index\": " #index ", \"value\": " #mask ", \"valueTwo\": " #value \
    ", \"op\": \"SCMP_CMP_MASKED_EQ\"}]"

static const struct {
    const char *profile;
    const char *line;   /* stands in the text */
    const char *other;  /* does, too */
    const char *lost;   /* NULL: nothing is */
} written[] = {
    { PROFILE("KILL_THREAD", RULE("read", "ALLOW", "")), "\nread: 1\n",
      "# for minijail0 -S and for compile", NULL },
    { PROFILE("KILL_THREAD", RULE("socket", "ALLOW", ARG(0, 1, "EQ"))),
      "\n# allowed where domain = AF_UNIX\nsocket: arg0 == 1\n", "for minijail0 -S and", NULL },
    { PROFILE("KILL_THREAD", RULE("clone", "ALLOW", MASKED(0, 2114060288, 0))),
      "\nclone: arg0 in ~0x7e020000\n", "# allowed where ", NULL },
    { PROFILE("KILL_THREAD", RULE("ptrace", "ERRNO", ", \"errnoRet\": 38")),
      "\nptrace: return ENOSYS\n", "for minijail0 -S and", NULL },
    { PROFILE("KILL_PROCESS", RULE("read", "ALLOW", "")),
      "\n@default kill-process\n\nread: 1\n",
      "# for compile_seccomp_policy.py", NULL },
    { PROFILE("TRAP", RULE("read", "LOG", "")), "\n@default trap\n\nread: log\n", "", NULL },
    { PROFILE("ALLOW", RULE("bpf", "ERRNO", "")), "\n@denylist\n\nbpf: return EPERM\n",
      "# to be compiled with --denylist\n", "deny lists of minijail do not see" },
    { PROFILE("ALLOW", RULE("bpf", "KILL_PROCESS", "")), "\nbpf: return EPERM\n", "",
      "deny lists of minijail answer" },
    { PROFILE("ALLOW", RULE("socket", "ERRNO", ARG(0, 40, "EQ"))),
      "\nsocket: { arg0 == 0x28; return EPERM }\n", "# return EPERM where domain = AF_VSOCK\n",
      "deny lists of minijail do not see" },
    { PROFILE("LOG", RULE("bpf", "ERRNO", "")), "\n@denylist\n", "",
      "no policy of minijail logs" },
    { PROFILE("ERRNO", RULE("socket", "ALLOW", ARG(0, 1, "EQ"))),
      "\nsocket: arg0 == 1; return EPERM;\n", "\nread: return EPERM\n",
      "no policy of minijail has an error" },
    { PROFILE("TRACE", RULE("read", "ALLOW", "")), "\nwrite: trace\n", "\nread: 1\n",
      "no policy of minijail traces" },
    { PROFILE("KILL_THREAD", RULE("read", "TRACE", ", \"errnoRet\": 7")), "\nread: trace\n", "",
      "`trace` of minijail" },
    { PROFILE("KILL_THREAD", RULE("read", "TRAP", ARG(0, 1, "EQ")) ", "
              RULE("read", "ALLOW", ARG(0, 1, "NE"))),
      "\nread: { arg0 != 1, trap }\n", "", NULL },
};

enum { WRITTEN = sizeof written / sizeof *written };

START_TEST(a_policy_is_written_for_who_can_read_it)
{
    struct sp_environment environment = {
        .engine = SP_ENGINE_OCI, .runtime = SP_RUNTIME_CRUN,
        .host = sp_kb_arch_find(SP_STR("x86_64")), .kernel = { .major = 7 },
    };
    struct sp_trip trip;

    ck_assert(sp_trip_write(&trip, sp_str_of(written[_i].profile), &environment,
                            sp_minijail_write));
    ck_assert_msg(strstr(trip.text.data, written[_i].line) != NULL, "%s", trip.text.data);
    ck_assert_msg(strstr(trip.text.data, written[_i].other) != NULL, "%s", trip.text.data);
    ck_assert_uint_eq(trip.losses.all.count > 0, written[_i].lost != NULL);
    ck_assert(written[_i].lost == NULL || sp_trip_lost(&trip, written[_i].lost));
    ck_assert(check_trip(&trip));
    sp_trip_end(&trip);
}
END_TEST

/* ---- texts that are read ----------------------------------------------------------------- */

#define KILL SP_VERDICT_KILL_THREAD
#define ALLOW SP_VERDICT_ALLOW
#define ERROR(number) (SP_VERDICT_ERRNO | (number))

static const struct {
    const char *text;
    const char *call;
    uint64_t args[SP_ARGS];
    sp_verdict verdict;
} meanings[] = {
    { "read: 1", "read", { 5 }, ALLOW },
    { "read: 1", "write", { 5 }, KILL },
    { "# nothing\n", "read", { 0 }, KILL },
    { "read: return EBADF", "read", { 0 }, ERROR(EBADF) },
    { "read : return 0x26\t", "read", { 0 }, ERROR(ENOSYS) },
    { "read: return", "read", { 0 }, KILL },
    { "read: arg0 == 1 || arg0 == 2 && arg1 != 0", "read", { 1 }, ALLOW },
    { "read: arg0 == 1 || arg0 == 2 && arg1 != 0", "read", { 2, 0 }, KILL },
    { "read: arg0 == 1 || arg0 == 2 && arg1 != 0", "read", { 2, 9 }, ALLOW },
    { "read: arg0 == 1 || \\\n  arg0 == 2", "read", { 2 }, ALLOW },
    { "read: arg0 == -1", "read", { UINT64_MAX }, ALLOW },
    { "read: arg0 == -1", "read", { 0xffffffff }, KILL },
    { "read: arg0 < 0x10", "read", { 0xf }, ALLOW },
    { "read: arg0 < 0x10", "read", { 0x10000000f }, KILL },
    { "read: arg0 >= 020", "read", { UINT64_MAX }, ALLOW },
    { "read: arg0 > 16 && arg0 <= 17", "read", { 17 }, ALLOW },
    { "read: arg0 > 16 && arg0 <= 17", "read", { 16 }, KILL },
    { "mmap: arg2 in ~PROT_EXEC", "mmap", { 0, 0, 3 }, ALLOW },
    { "mmap: arg2 in ~PROT_EXEC", "mmap", { 0, 0, 4 }, KILL },
    { "mmap: arg2 in PROT_READ|PROT_WRITE", "mmap", { 0, 0, 2 }, ALLOW },
    { "mmap: arg2 in PROT_READ|PROT_WRITE", "mmap", { 0, 0, 8 }, KILL },
    { "mmap: arg2 & PROT_READ|PROT_WRITE", "mmap", { 0, 0, 2 }, ALLOW },
    { "mmap: arg2 & PROT_READ|PROT_WRITE", "mmap", { 0, 0, 4 }, KILL },
    { "read: arg0 in ~(1|2)|2", "read", { 2 }, ALLOW },
    { "read: arg0 in ~(1|2)|2", "read", { 1 }, KILL },
    { "read: arg0 == ~0", "read", { UINT64_MAX }, ALLOW },
    /* The manual's reading, and the other one where only the other program reads the text. */
    { "read: arg0 == 0; return EBADF", "read", { 0 }, ALLOW },
    { "read: arg0 == 0; return EBADF", "read", { 1 }, ERROR(EBADF) },
    { "read: arg0 == 0; return EBADF # always\n", "read", { 1 }, ERROR(EBADF) },
    { "read: arg0 == 0; return EBADF;", "read", { 0 }, ALLOW },
    { "read: arg0 == 0;", "read", { 1 }, KILL },
    { "read: arg0 == 0; return EBADF\nwrite: allow", "read", { 0 }, ERROR(EBADF) },
    { "read: arg0 == 0; return EBADF\nwrite: allow", "read", { 1 }, KILL },
    { "read: arg0 == 0; return EBADF\nwrite: 1 # all\n", "read", { 0 }, ERROR(EBADF) },
    { "read: arg0==0; return EBADF", "read", { 0 }, ERROR(EBADF) },
    { "read: arg0 == 0; return EBADF\r\n", "read", { 0 }, ERROR(EBADF) },
    { "read: arg0 == 0;\treturn EBADF", "read", { 0 }, ERROR(EBADF) },
    /* What compile_seccomp_policy.py alone has. */
    { "read: { arg0 == 1, arg0 == 2; return 5, trap }", "read", { 1 }, ALLOW },
    { "read: { arg0 == 1, arg0 == 2; return 5, trap }", "read", { 2 }, ERROR(5) },
    { "read: { arg0 == 1, arg0 == 2; return 5, trap }", "read", { 3 }, SP_VERDICT_TRAP },
    { "read: { arg0 < 5; kill-process, arg0 < 9; log }", "read",
      { 4 }, SP_VERDICT_KILL_PROCESS },
    { "read: { arg0 < 5; kill-process, arg0 < 9; log }", "read", { 8 }, SP_VERDICT_LOG },
    { "{ read, write }: user-notify", "write", { 8 }, SP_VERDICT_NOTIFY },
    { "kill: kill", "kill", { 8 }, KILL },
    { "kill: allow", "kill", { 8 }, ALLOW },
    { "read: arg0 == 1\nread: arg0 == 2; trace\nread: return 9", "read",
      { 2 }, SP_VERDICT_TRACE },
    { "read: arg0 == 1\nread: arg0 == 2; trace\nread: return 9", "read", { 3 }, ERROR(9) },
    { "@default trap\nread: 1", "write", { 0 }, SP_VERDICT_TRAP },
    { "@default kill-process\nread: arg0 == 1", "read", { 0 }, SP_VERDICT_KILL_PROCESS },
    { "@denylist\nread: return EPERM", "read", { 0 }, ERROR(EPERM) },
    { "@denylist\nread: return EPERM", "write", { 0 }, ALLOW },
    { "@denylist\nread: arg0 == 1; return EPERM", "read", { 1 }, ERROR(EPERM) },
    { "@denylist\nread: arg0 == 1; return EPERM", "read", { 2 }, ALLOW },
    { "read[arch=x86_64]: 1\nwrite: 1", "read", { 0 }, ALLOW },
    { "read[arch=x86_64, mips]: 1\nwrite[arch=mips; note=a]: 1", "write", { 0 }, KILL },
    { "@frequency ./read.frequency\nread: 1", "read", { 0 }, ALLOW },
    { "\xef\xbb\xbfread: 1", "read", { 0 }, ALLOW },
};

enum { MEANINGS = sizeof meanings / sizeof *meanings };

static sp_verdict
verdict_of(struct sp_trip *trip, const char *name, const uint64_t args[SP_ARGS])
{
    const struct sp_policy *policy = &trip->read.all.at[0];
    const struct sp_policy_call *call = sp_policy_find(policy, name);
    sp_verdict verdict = policy->default_verdict;

    ck_assert(call == NULL || sp_dd_eval(trip->store, call->meaning, args, &verdict));
    return verdict;
}

START_TEST(a_policy_means_what_its_program_says)
{
    struct sp_trip trip;

    sp_trip_of_text(&trip, sp_str_of(meanings[_i].text), sp_minijail_read);
    sp_verdict verdict = verdict_of(&trip, meanings[_i].call, meanings[_i].args);
    ck_assert_msg(verdict == meanings[_i].verdict, "%s: 0x%08x", meanings[_i].text, verdict);
    sp_trip_end(&trip);
}
END_TEST

static const char expected_answer[] =
    "expected `1`, `return` and an error, an action, or an expression that begins with an "
    "argument, ";

static const struct sp_trip_refusal refusals[] = {
    { "read", "expected `:`, found the end of the line", 1, 5 },
    { "read 1", "expected `:`, found `1`", 1, 6 },
    { "raed: 1", "unknown system call `raed`", 1, 1 },
    { "1: 1", "expected the name of a system call, found `1`", 1, 1 },
    { "read: 0", "`0` is no answer: `1` allows a call", 1, 7 },
    { "read: arg6 == 1", "`arg6` is none: filters see the arguments 0 to 5", 1, 7 },
    { "read: arg0 = 1",
      "expected one of `==` `!=` `<` `<=` `>` `>=` `&` `in`, found `=`",
      1, 12 },
    { "read: arg0 ==",
      "expected a number or the name of a constant, found the end of the line",
      1, 14 },
    { "read: arg0 == 08", "`08` is no number", 1, 15 },
    { "read: arg0 == 1x", "`1x` is no number", 1, 15 },
    { "read: arg0 == 0x", "`0x` is no number", 1, 15 },
    { "read: arg0 == 0x10000000000000000",
      "`0x10000000000000000` does not fit an argument",
      1, 15 },
    { "read: arg0 == -9223372036854775809",
      "`-9223372036854775809` does not fit an argument",
      1, 15 },
    { "read: arg0 == PROT_REED", "unknown constant `PROT_REED`", 1, 15 },
    { "open: arg1 & O_LARGEFILE",
      "the value of `O_LARGEFILE` depends on the machine and the headers that minijail was "
      "built with",
      1, 14 },
    { "read: arg0 == ~~1", "expected a number or the name of a constant, found `~`", 1, 16 },
    { "read: arg0 == (1", "expected `)`, found the end of the line", 1, 17 },
    { "read: arg0 == 1 &&",
      "expected an argument, `arg0` to `arg5`, found the end of the line",
      1, 19 },
    { "read: arg0 == 1 2", "expected the end of the line, found `2`", 1, 17 },
    { "read: return 65536", "`65536` is no error", 1, 14 },
    { "read: return\tEPERM", "`EPERM` must be parted from `return` by a space", 1, 14 },
    { "read: { arg0 == 1; return }",
      "expected a number or the name of a constant, found `}`",
      1, 27 },
    { "read: { 1", "expected `,` or `}`, found the end of the line", 1, 10 },
    { "read: 1\nread: 1", "read has its answer for all arguments already", 2, 7 },
    { "read: { arg0 == 1; return 5, allow }",
      "compile_seccomp_policy.py drops this condition of read, because the last word is to "
      "allow",
      1, 9 },
    { "read: arg0 == 1;\nwrite: allow",
      "no program reads this text: minijail0 takes a semicolon at the end of a line, and "
      "not an action by name",
      1, 16 },
    { "@include ./more.policy\n",
      "`./more.policy` is part of the policy, and only this text is read", 1, 10 },
    { "@include more", "expected a path that begins with `/` or `./`, found `more`", 1, 10 },
    { "@defualt trap", "unknown statement `@defualt`", 1, 1 },
    { "@default allow",
      "expected `kill`, `kill-process`, `kill-thread`, `trap` or `user-notify`, found "
      "`allow`",
      1, 10 },
    { "@denylist\nread: 1",
      "expected `return` and an error: deny lists have no other answers, found `1`", 2, 7 },
    { "@denylist\n@default trap",
      "a deny list allows what it does not name: `@default` contradicts it", 2, 1 },
    { "io@default: 1",
      "`io@default` is a group of calls that a file of constants defines, and this text "
      "does not",
      1, 1 },
    { "read[arch=x86]: 1\nopen[arch=arm64]: 1",
      "lines are for several machines, and a policy means something on one: `x86` and "
      "`arm64`",
      2, 11 },
    { "read[arch=vax]: 1",
      "expected `arm`, `arm64`, `loong64`, `riscv64`, `x86` or `x86_64`, found `vax`", 1, 11 },
    { "open[arch=arm64]: 1", "`open` is no system call of aarch64", 1, 1 },
    { "read: 1 \\\n", "the last line says that it goes on, and is ignored by minijail", 1, 9 },
    { "# a \\\nread: 1",
      "a comment ends with a backslash: for minijail0 the next line belongs to it, for "
      "compile_seccomp_policy.py it does not", 1, 5 },
    { "read: \\ 1", "a backslash continues a line only at its very end", 1, 7 },
    { "ioctl[arch=x86]: arg1 == FS_IOC_FSGETXATTR",
      "the value of `FS_IOC_FSGETXATTR` depends on the machine and the headers that minijail "
      "was built with",
      1, 26 },
    { "read[arch=x86]: arg0 == 0x100000000", "`0x100000000` does not fit an argument", 1, 25 },
    { "<policy>", "expected the name of a system call, found `<`", 1, 1 },
    { "read: \"1\"", "`\"` begins nothing that a policy has", 1, 7 },
    { "read: \x01", "the byte 0x01 stands outside of a comment", 1, 7 },
};

enum { REFUSALS = sizeof refusals / sizeof *refusals };

START_TEST(what_no_program_reads_is_refused)
{
    sp_trip_refuses(&refusals[_i], sp_minijail_read);
}
END_TEST

START_TEST(what_answers_are_is_told)
{
    SP_BUF(message);

    sp_buf_format(&message, "%sfound `argument`", expected_answer);
    struct sp_trip_refusal refusal = { "read: argument", message.data, 1, 7 };
    sp_trip_refuses(&refusal, sp_minijail_read);
}
END_TEST

/* Words have the bits, and constants the values, of the machine that a text names. */
static const struct {
    const char *text;
    uint64_t arg;  /* the first one */
    bool allowed;
} machines[] = {
    { "openat[arch=x86_64]: arg0 & O_DIRECTORY", 0x10000, true },
    { "openat[arch=arm64]: arg0 & O_DIRECTORY", 0x10000, false },
    { "openat[arch=arm64]: arg0 & O_DIRECTORY", 0x4000, true },
    { "read[arch=x86]: arg0 == -1", 0xffffffff, true },
    { "read[arch=x86]: arg0 == 0xffffffff", UINT64_MAX, true },
    { "read[arch=x86]: arg0 in ~1", UINT64_MAX - 1, true },
    { "read[arch=riscv64]: arg0 in 1", UINT64_MAX << 32, false },
    { "read[arch=arm]: arg0 in 1", UINT64_MAX << 32, true },
};

enum { MACHINES = sizeof machines / sizeof *machines };

START_TEST(a_policy_is_for_its_machine)
{
    SP_SCRATCH(arena);
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = &arena };
    struct sp_minijail_policy policy = { .calls = { .at = NULL } };
    struct sp_minijail_parser parser = {
        .arena = &arena, .limits = &limits, .report = &report,
        .store = sp_dd_store_new(SP_DD_BUDGET),
        .source = sp_source_new(&arena, "text", sp_str_of(machines[_i].text)),
    };
    uint64_t args[SP_ARGS] = { machines[_i].arg };
    sp_verdict verdict;

    ck_assert(sp_minijail_policy_read(&parser, &policy));
    sp_dd meaning = sp_minijail_meaning(&parser, &policy, &policy.calls.at[0]);
    ck_assert(sp_dd_eval(parser.store, meaning, args, &verdict));
    ck_assert_msg(verdict == (machines[_i].allowed ? ALLOW : KILL), "%s", machines[_i].text);
    sp_dd_store_free(parser.store);
}
END_TEST

/* ---- the whole of a text ----------------------------------------------------------------- */

static char *const *paths;

/* Each policy, and what it says as it is written again. */
START_TEST(a_policy_from_a_file_is_the_same_again)
{
    static struct sp_str text;
    struct sp_trip trip;

    text = sp_testing_read(paths[_i]);
    sp_trip_of_text(&trip, text, sp_minijail_read);
    struct sp_emission emission = {
        .arena = &trip.arena, .policies = &trip.read, .name = "again", .losses = &trip.losses,
        .out = &trip.text,
    };
    trip.losses.arena = &trip.arena;
    memcpy(&trip.policies, &trip.read, sizeof trip.policies);
    sp_minijail_write(&emission);
    check_lines(sp_buf_view(&trip.text));
    ck_assert(sp_trip_read(&trip, sp_minijail_read));
    ck_assert_uint_gt(sp_trip_compare(&trip, true), 100);
    sp_trip_end(&trip);
}
END_TEST

START_TEST(a_text_with_too_many_tokens_is_refused)
{
    SP_SCRATCH(arena);
    struct sp_doc_limits limits = { .bytes = 100, .depth = 2, .nodes = 6 };
    struct sp_report report = { .arena = &arena };
    struct sp_doc doc;

    struct sp_source *source = sp_source_new(&arena, "a", SP_STR("read: 1"));
    ck_assert(sp_minijail_read(&arena, source, &limits, &report, &doc));
    source = sp_source_new(&arena, "a", SP_STR("read: arg0 == 1 || 2"));
    ck_assert(!sp_minijail_read(&arena, source, &limits, &report, &doc));
    ck_assert_uint_eq(report.diags.at[0]->code, SP_CODE_TOO_LARGE);
    limits.nodes = 100;
    source = sp_source_new(&arena, "a", SP_STR("read: arg0 == (((1)))"));
    ck_assert(!sp_minijail_read(&arena, source, &limits, &report, &doc));
    ck_assert_uint_eq(report.diags.at[1]->code, SP_CODE_TOO_LARGE);
}
END_TEST

SP_SUITE(minijail)
{
    TCase *tcase = sp_testing_case(suite, "minijail");
    int count;

    paths = sp_testing_files("testdata/formats/minijail", ".policy", &count);
    tcase_add_loop_test(tcase, a_default_is_the_same_again, 0, SP_TRIP_DEFAULTS);
    tcase_add_loop_test(tcase, a_random_profile_is_the_same_again, 0, SLICES);
    tcase_add_test(tcase, comparisons_say_what_tests_say);
    tcase_add_test(tcase, conditions_that_are_too_long_are_not_told);
    tcase_add_loop_test(tcase, a_policy_is_written_for_who_can_read_it, 0, WRITTEN);
    tcase_add_loop_test(tcase, a_policy_means_what_its_program_says, 0, MEANINGS);
    tcase_add_loop_test(tcase, a_policy_is_for_its_machine, 0, MACHINES);
    tcase_add_loop_test(tcase, what_no_program_reads_is_refused, 0, REFUSALS);
    tcase_add_test(tcase, what_answers_are_is_told);
    tcase_add_loop_test(tcase, a_policy_from_a_file_is_the_same_again, 0, count);
    tcase_add_test(tcase, a_text_with_too_many_tokens_is_refused);
}
