/* Verdicts of concrete calls, against the program that libseccomp builds. */
#include "ops/call_verdict.h"

#include "base/testing.h"
#include "format/profile_testing.h"
#include "ops/load.h"
#include "sem/bpf_run.h"

#include <errno.h>
#include <string.h>

/* ---- one question -------------------------------------------------------------------- */

struct test {
    struct sp_arena arena;
    struct sp_dd_store *store;
    const struct sp_profile *profile;
    struct sp_target target;
    struct sp_call_verdict verdict;
};

static void
end(struct test *test)
{
    sp_dd_store_free(test->store);
    sp_arena_free(&test->arena);
}

#define TEST(name) __attribute__((cleanup(end))) struct test name = { .store = NULL }

/* For x86_64, whatever the machine, and the libseccomp of this process. */
static void
begin(struct test *test)
{
    test->store = sp_dd_store_new(SP_DD_BUDGET);
    ck_assert_ptr_nonnull(test->store);
    test->target.arches[0] = sp_kb_arch_find(SP_STR("x86_64"));
    test->target.arch_count = 1;
    test->target.libseccomp = sp_compile_libseccomp();
}

static void
begin_with(struct test *test, const char *word)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    SP_BUF(why);

    begin(test);
    ck_assert_msg(sp_load_profile(&test->arena, &limits, SP_DIALECT_UNKNOWN, word, &test->profile, &why)
                      == SP_LOAD_OK, "%s: %s", word, why.data);
}

static void
ask_text(struct test *test, const struct sp_call_text *text)
{
    SP_BUF(why);

    ck_assert_int_eq(sp_call_verdict_make(&test->arena, test->store, test->profile, &test->target,
                                          text, &test->verdict, &why), SP_CALL_ASKED_OK);
}

static const struct sp_call_verdict *
ask(struct test *test, const char *call)
{
    struct sp_call_text text;
    SP_BUF(why);

    ck_assert_msg(sp_call_text_read(sp_str_of(call), &text, &why), "%s: %s", call, why.data);
    ask_text(test, &text);
    return &test->verdict;
}

#define DENIED(number) (SP_VERDICT_ERRNO | (number))

/* ---- Docker's default ---------------------------------------------------------------- */

static const struct {
    const char *call;
    sp_verdict verdict;
    enum sp_decider decider;
    const char *rule;       /* pointer; "" = none */
    const char *otherwise;  /* "" = nowhere */
} docker[] = {
    { "read(0, _, 1)", SP_VERDICT_ALLOW, SP_DECIDER_RULE, "/syscalls/0", "" },
    { "socket(AF_INET, SOCK_STREAM, 0)", SP_VERDICT_ALLOW, SP_DECIDER_RULE, "/syscalls/2", "" },
    { "socket(AF_NFC, SOCK_STREAM, 0)", SP_VERDICT_ALLOW, SP_DECIDER_RULE, "/syscalls/3", "" },
    { "socket(AF_XDP, SOCK_STREAM, 0)", SP_VERDICT_ALLOW, SP_DECIDER_RULE, "/syscalls/4", "" },
    { "socket(AF_VSOCK, SOCK_STREAM, 0)", DENIED(EPERM), SP_DECIDER_DEFAULT, "", "" },
    { "bpf(BPF_PROG_LOAD)", DENIED(EPERM), SP_DECIDER_DEFAULT, "",
      "with CAP_BPF or CAP_SYS_ADMIN" },
    { "clone3(_, _)", DENIED(ENOSYS), SP_DECIDER_RULE, "/syscalls/20", "with CAP_SYS_ADMIN" },
    { "clone(CLONE_NEWUSER)", DENIED(EPERM), SP_DECIDER_DEFAULT, "", "with CAP_SYS_ADMIN" },
    { "ptrace(PTRACE_TRACEME)", SP_VERDICT_ALLOW, SP_DECIDER_RULE, "/syscalls/1",
      "before Linux 4.8" },
    { "keyctl(0)", DENIED(EPERM), SP_DECIDER_DEFAULT, "", "" },
    { "x86_64:0x3fffffff()", DENIED(ENOSYS), SP_DECIDER_STUB, "", "" },
    { "uretprobe()", SP_VERDICT_ALLOW, SP_DECIDER_KERNEL, "", "" },
    { "aarch64:openat()", SP_VERDICT_ALLOW, SP_DECIDER_RULE, "/syscalls/0", "" },
};

START_TEST(docker_answers)
{
    TEST(test);
    begin_with(&test, "docker");
    const struct sp_call_verdict *verdict = ask(&test, docker[_i].call);
    SP_BUF(pointer);
    SP_BUF(otherwise);

    ck_assert(verdict->starts && verdict->decided);
    ck_assert_uint_eq(verdict->verdict, docker[_i].verdict);
    ck_assert_int_eq(verdict->decider, docker[_i].decider);
    ck_assert_int_eq(sp_call_verdict_is_allowed(verdict),
                     docker[_i].verdict == SP_VERDICT_ALLOW);
    sp_buf_text(&pointer, "");
    if (verdict->rule != NULL) {
        sp_node_pointer(verdict->rule->node, &pointer);
    }
    ck_assert_str_eq(pointer.data, docker[_i].rule);
    sp_buf_text(&otherwise, "");
    for (size_t i = 0; i < verdict->otherwise.count; i++) {
        sp_call_changes_write(&verdict->otherwise.at[i].changes, &otherwise);
    }
    ck_assert_str_eq(otherwise.data, docker[_i].otherwise);
}
END_TEST

START_TEST(a_twin_that_the_kernel_cannot_tell_apart_is_found)
{
    static const struct {
        const char *call;
        unsigned arg;
        uint64_t value;  /* 0 = no twin */
        sp_verdict verdict;
    } rows[] = {
        { "socket(AF_VSOCK, 1, 0)", 0, UINT64_C(0x100000028), SP_VERDICT_ALLOW },
        { "socket(AF_INET, 1, 0)", 0, 0, 0 },
        { "x86:socket(AF_VSOCK, 1, 0)", 0, 0, 0 },
        { "personality(0xffffffff)", 0, UINT64_MAX, DENIED(EPERM) },
        { "personality(0xffffffffffffffff)", 0, UINT32_MAX, SP_VERDICT_ALLOW },
        { "personality(0)", 0, 0, 0 },
        { "clone(CLONE_NEWUSER)", 0, 0, 0 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        TEST(test);
        begin_with(&test, "docker");
        const struct sp_call_verdict *verdict = ask(&test, rows[i].call);
        ck_assert_msg(verdict->has_twin == (rows[i].value != 0), "%s", rows[i].call);
        if (verdict->has_twin) {
            ck_assert_uint_eq(verdict->twin_arg, rows[i].arg);
            ck_assert_uint_eq(verdict->twin[rows[i].arg], rows[i].value);
            ck_assert_uint_eq(verdict->twin_verdict, rows[i].verdict);
        }
    }
}
END_TEST

START_TEST(socketcall_is_told_where_it_answers_differently)
{
    TEST(test);
    begin_with(&test, "docker");
    const struct sp_call_verdict *verdict = ask(&test, "socket(AF_VSOCK, 1, 0)");

    ck_assert_uint_eq(verdict->elsewhere.count, 1);
    ck_assert_str_eq(sp_kb_text(verdict->elsewhere.at[0].arch->name), "x86");
    ck_assert_str_eq(sp_kb_text(verdict->elsewhere.at[0].call->name), "socketcall");
    ck_assert_uint_eq(verdict->elsewhere.at[0].verdict, SP_VERDICT_ALLOW);
    ck_assert_uint_eq(ask(&test, "socket(AF_INET, 1, 0)")->elsewhere.count, 0);
}
END_TEST

START_TEST(an_open_argument_splits_the_verdict)
{
    TEST(test);
    begin_with(&test, "docker");
    const struct sp_call_verdict *verdict = ask(&test, "socket(_, SOCK_STREAM, 0)");

    ck_assert_uint_eq(verdict->parts.all.count, 2);
    ck_assert_uint_eq(verdict->parts.all.at[0].verdict, SP_VERDICT_ALLOW);
    ck_assert_uint_eq(verdict->parts.all.at[0].rules.count, 3);
    ck_assert_str_eq(verdict->parts.summary,
                     "ALLOW when domain != AF_ALG and domain != AF_VSOCK, else ERRNO(EPERM)");
    ck_assert(!sp_call_verdict_is_allowed(verdict));
    ck_assert_uint_eq(ask(&test, "read(_, _, _)")->parts.all.count, 1);
    ck_assert(sp_call_verdict_is_allowed(&test.verdict));
}
END_TEST

START_TEST(what_is_given_is_fixed_and_what_would_help_is_told)
{
    TEST(test);
    begin_with(&test, "docker");
    test.target.caps_given = true;
    test.target.caps = 0;
    test.target.kernel = (struct sp_version){ .major = 4, .minor = 4 };
    const struct sp_call_verdict *verdict = ask(&test, "ptrace(0)");
    SP_BUF(words);

    ck_assert_uint_eq(verdict->verdict, DENIED(EPERM));
    ck_assert_uint_eq(verdict->otherwise.count, 1);
    sp_call_changes_write(&verdict->otherwise.at[0].changes, &words);
    ck_assert_str_eq(words.data, "with CAP_SYS_PTRACE, or from Linux 4.8 on");
}
END_TEST

START_TEST(a_kernel_that_is_not_yet_there_is_not_the_chosen_one)
{
    TEST(test);
    begin(&test);
    test.profile = sp_testing_profile(&test.arena, SP_STR(
        "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"kcmp\"],"
        "\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"minKernel\":\"99.0\"}}]}"));
    const struct sp_call_verdict *verdict = ask(&test, "kcmp(0)");
    SP_BUF(words);

    ck_assert_uint_eq(verdict->verdict, DENIED(EPERM));
    ck_assert_uint_eq(verdict->otherwise.count, 1);
    sp_call_changes_write(&verdict->otherwise.at[0].changes, &words);
    ck_assert_str_eq(words.data, "from Linux 99.0 on");
}
END_TEST

START_TEST(a_call_without_a_number_is_refused_with_the_places_that_have_one)
{
    TEST(test);
    begin_with(&test, "docker");
    struct sp_call_text text;
    SP_BUF(why);

    ck_assert(sp_call_text_read(SP_STR("aarch64:open(_)"), &text, &why));
    ck_assert_int_eq(sp_call_verdict_make(&test.arena, test.store, test.profile, &test.target,
                                          &text, &test.verdict, &why), SP_CALL_ASKED_NOWHERE);
    ck_assert_ptr_nonnull(strstr(why.data, "open has no number on aarch64; it has one on "));
    ck_assert_ptr_nonnull(strstr(why.data, "x86_64"));
}
END_TEST

/* ---- profiles that mean something else than they say ------------------------------------ */

#define PROFILE(action, rules) \
    "{\"defaultAction\":\"SCMP_ACT_" action "\",\"syscalls\":[" \
    "{\"names\":[\"read\",\"futex_waitv\"],\"action\":\"SCMP_ACT_ALLOW\"}," rules "]}"
#define RULE(name, action, error, args) \
    "{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_" action "\",\"errnoRet\":" #error \
    ",\"args\":[" args "]}"
#define ARG(index, op, value) \
    "{\"index\":" #index ",\"op\":\"SCMP_CMP_" #op "\",\"value\":" #value "}"

static const struct {
    const char *profile;
    const char *call;
    sp_verdict verdict;
    bool has_written;
    sp_verdict written;
    bool has_hazards;
} odd[] = {
    /* tails leak between rules */
    { PROFILE("ERRNO", RULE("kcmp", "ALLOW", 0, ARG(0, NE, 40) "," ARG(1, EQ, 1)) ","
                       RULE("kcmp", "ALLOW", 0, ARG(0, NE, 38) "," ARG(1, EQ, 2))),
      "kcmp(40, 1)", SP_VERDICT_ALLOW, true, DENIED(EPERM), true },
    /* the higher argument index is asked first */
    { PROFILE("ALLOW", RULE("kcmp", "ERRNO", 71, ARG(0, EQ, 1)) ","
                       RULE("kcmp", "ERRNO", 72, ARG(1, EQ, 2))),
      "kcmp(1, 2)", DENIED(72), true, DENIED(71), false },
    /* a rule that says what the default says is left out */
    { PROFILE("ERRNO", RULE("kcmp", "ERRNO", 1, ARG(0, EQ, 1))),
      "kcmp(1)", DENIED(EPERM), false, 0, false },
    /* an index given twice: either is enough, to the filter */
    { PROFILE("ERRNO", RULE("kcmp", "ALLOW", 0, ARG(0, NE, 1) "," ARG(0, NE, 2))),
      "kcmp(1)", SP_VERDICT_ALLOW, true, DENIED(EPERM), false },
};

START_TEST(the_rules_as_written_and_the_filter_are_told_apart)
{
    TEST(test);
    begin(&test);
    test.profile = sp_testing_profile(&test.arena, sp_str_of(odd[_i].profile));
    const struct sp_call_verdict *verdict = ask(&test, odd[_i].call);

    ck_assert_uint_eq(verdict->verdict, odd[_i].verdict);
    ck_assert_int_eq(verdict->has_written, odd[_i].has_written);
    if (verdict->has_written) {
        ck_assert_uint_eq(verdict->written, odd[_i].written);
    }
    ck_assert_int_eq(verdict->hazards != 0, odd[_i].has_hazards);
}
END_TEST

START_TEST(a_container_that_does_not_start_answers_nothing)
{
    TEST(test);
    begin(&test);
    test.profile = sp_testing_profile(&test.arena, sp_str_of(
        PROFILE("ERRNO", RULE("kcmp", "ALLOW", 0, ARG(9, EQ, 1)))));
    const struct sp_call_verdict *verdict = ask(&test, "read(0)");

    ck_assert(!verdict->starts);
    ck_assert_ptr_nonnull(verdict->meaning->why);
    ck_assert_uint_eq(verdict->parts.all.count, 0);
    ck_assert(!sp_call_verdict_is_allowed(verdict));
}
END_TEST

/* ---- against the program ----------------------------------------------------------------- */

static const char *const abis[] = { "x86_64", "x86", "x32" };

static sp_verdict
run(const struct sp_call_verdict *verdict, struct sp_bpf program)
{
    struct sp_call call = { .arch = verdict->arch->audit, .nr = verdict->nr };

    memcpy(call.args, verdict->args, sizeof call.args);
    return sp_bpf_run(program, &call, NULL);
}

/* One call on one ABI; every question is answered in the same environment, whose program is built
 * once. */
static void
check_call(struct test *test, const struct sp_kb_arch *arch, const struct sp_call_text *asked,
           struct sp_bpf *program)
{
    struct sp_call_text text = *asked;

    if (sp_kb_number(arch, text.call) == SP_KB_NO_NUMBER) {
        return;
    }
    text.arch = arch;
    ask_text(test, &text);
    if (!test->verdict.starts || test->verdict.decider == SP_DECIDER_KERNEL
        || test->verdict.decider == SP_DECIDER_UNCONFINED) {
        return;
    }
    if (program->count == 0) {
        const struct sp_compiled *compiled = sp_meaning_compiled(test->verdict.meaning);
        ck_assert_int_eq(compiled->result, SP_COMPILE_PROGRAM);
        *program = compiled->program;
    }
    sp_verdict wanted = run(&test->verdict, *program);
    ck_assert_msg(test->verdict.decided && test->verdict.verdict == wanted,
                  "%s on %s: %x, the program says %x", sp_kb_text(text.call->name),
                  sp_kb_text(arch->name), test->verdict.verdict, wanted);
}

/* Values around what the conditions of a rule compare with. */
static void
vary(const struct sp_rule *rule, unsigned round, uint64_t args[SP_ARGS])
{
    static const uint64_t offsets[] = { 0, 1, UINT64_MAX, UINT64_C(1) << 32 };

    for (size_t i = 0; i < rule->condition_count; i++) {
        const struct sp_condition *condition = &rule->conditions[i];
        uint64_t value = condition->op == SP_OPERATOR_MASKED_EQ ? condition->value_two.value
                                                                : condition->value.value;
        if (condition->index.value < SP_ARGS) {
            args[condition->index.value] = value + offsets[(round >> (i % 2)) % 4];
        }
    }
}

static void
check_rule(struct test *test, const struct sp_rule *rule, struct sp_bpf *program)
{
    unsigned rounds = rule->condition_count > 0 ? 4 : 1;
    size_t step = rule->names.count / 3 + 1;

    for (size_t i = 0; i < rule->names.count; i += step) {
        struct sp_call_text text = { .call = sp_kb_syscall_find(rule->names.at[i].text) };
        for (unsigned round = 0; text.call != NULL && round < rounds; round++) {
            vary(rule, round, text.args);
            for (size_t abi = 0; abi < sizeof abis / sizeof *abis; abi++) {
                check_call(test, sp_kb_arch_find(sp_str_of(abis[abi])), &text, program);
            }
        }
    }
}

/* libseccomp never finishes this one: ten seconds for nothing. */
static bool
is_endless(const char *path)
{
    return strstr(path, "T48") != NULL;
}

static char *const *traps;
static int trap_count;

START_TEST(every_verdict_is_what_the_program_answers)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    const char *path = _i < trap_count ? traps[_i] : "docker";
    struct sp_bpf program = { .count = 0 };
    TEST(test);
    SP_BUF(why);

    begin(&test);
    if (is_endless(path)
        || sp_load_profile(&test.arena, &limits, SP_DIALECT_UNKNOWN, path, &test.profile, &why) != SP_LOAD_OK) {
        return;
    }
    for (size_t i = 0; i < test.profile->rule_count; i++) {
        check_rule(&test, &test.profile->rules[i], &program);
    }
}
END_TEST

/* ---- all verdicts ------------------------------------------------------------------------ */

/* Together the parts are about all arguments, and no two about the same. */
static void
check_parts(struct sp_dd_store *store, const struct sp_call_parts *parts)
{
    sp_dd all = sp_dd_leaf(store, 0);

    for (size_t i = 0; i < parts->all.count; i++) {
        const struct sp_call_part *part = &parts->all.at[i];
        ck_assert(part->decided);
        ck_assert_ptr_nonnull(part->words);
        ck_assert(sp_dd_and(store, all, part->condition) == sp_dd_leaf(store, 0));
        all = sp_dd_or(store, all, part->condition);
    }
    ck_assert(all == sp_dd_leaf(store, 1));
}

START_TEST(the_verdicts_of_a_call_are_about_all_arguments)
{
    static const char *const calls[] = { "bpf", "clone", "clone3", "personality", "read", "socket" };
    TEST(test);
    begin_with(&test, "docker");
    test.target.arch_count = 0;
    struct sp_scenes *scenes = sp_scenes_new(&test.arena, test.store, test.profile,
                                             &test.target);

    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        struct sp_call_verdicts verdicts;
        ck_assert(sp_call_verdicts_make(&test.arena, scenes,
                                        sp_kb_syscall_find(sp_str_of(calls[i])), &verdicts));
        ck_assert_uint_gt(verdicts.all.count, 10);
        for (size_t j = 0; j < verdicts.all.count; j++) {
            ck_assert(verdicts.all.at[j].starts);
            check_parts(test.store, &verdicts.all.at[j].parts);
        }
    }
}
END_TEST

SP_SUITE(call_verdict)
{
    TCase *tcase = sp_testing_case(suite, "call_verdict");

    traps = sp_testing_files("testdata/engines/traps", ".json", &trap_count);
    tcase_add_loop_test(tcase, docker_answers, 0, sizeof docker / sizeof *docker);
    tcase_add_test(tcase, a_twin_that_the_kernel_cannot_tell_apart_is_found);
    tcase_add_test(tcase, socketcall_is_told_where_it_answers_differently);
    tcase_add_test(tcase, an_open_argument_splits_the_verdict);
    tcase_add_test(tcase, what_is_given_is_fixed_and_what_would_help_is_told);
    tcase_add_test(tcase, a_kernel_that_is_not_yet_there_is_not_the_chosen_one);
    tcase_add_test(tcase, a_call_without_a_number_is_refused_with_the_places_that_have_one);
    tcase_add_loop_test(tcase, the_rules_as_written_and_the_filter_are_told_apart, 0,
                        sizeof odd / sizeof *odd);
    tcase_add_test(tcase, a_container_that_does_not_start_answers_nothing);
    tcase_add_loop_test(tcase, every_verdict_is_what_the_program_answers, 0, trap_count + 1);
    tcase_add_test(tcase, the_verdicts_of_a_call_are_about_all_arguments);
}
