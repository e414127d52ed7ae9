#include "ops/probes.h"

#include "base/testing.h"
#include "format/profile_testing.h"
#include "kb/kb.h"
#include "ops/filter.h"
#include "ops/harmless.h"
#include "ops/machine.h"
#include "sem/bpf_run.h"
#include "sem/bpf_test.h"

#include <string.h>

static const char socket_profile[] =
    "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 38,\n"
    " \"syscalls\": [\n"
    "  {\"names\": [\"getppid\", \"reboot\", \"uname\"], \"action\": \"SCMP_ACT_ALLOW\"},\n"
    "  {\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 1,\n"
    "   \"args\": [{\"index\": 0, \"value\": 40, \"op\": \"SCMP_CMP_EQ\"}]}]}\n";

static const char keyctl_profile[] =
    "{\"defaultAction\": \"SCMP_ACT_ALLOW\",\n"
    " \"syscalls\": [{\"names\": [\"keyctl\"], \"action\": \"SCMP_ACT_ERRNO\"}]}\n";

struct made {
    const struct sp_profile *profile;
    struct sp_environment environment;
    struct sp_bpf program;
    struct sp_probes probes;
};

static struct made
made_of(struct sp_arena *arena, const char *text)
{
    struct sp_target target = { .engine = SP_ENGINE_DOCKER };
    struct made made;
    SP_BUF(why);

    made.profile = sp_testing_profile(arena, sp_str_of(text));
    ck_assert(sp_machine_environment(&target, &made.environment, &why));
    ck_assert_int_eq(sp_filter_make(arena, made.profile, &made.environment, &made.program,
                                    &why), SP_FILTER_PROGRAM);
    return made;
}

static void
probe(struct sp_arena *arena, struct made *made, bool is_log_only)
{
    ck_assert(sp_probes_make(arena, made->profile, &made->environment, made->program,
                             is_log_only, &made->probes));
}

/* NULL when there is none. */
static const struct sp_probe *
find(const struct made *made, const char *text)
{
    for (size_t i = 0; i < made->probes.all.count; i++) {
        if (strcmp(made->probes.all.at[i].text, text) == 0) {
            return &made->probes.all.at[i];
        }
    }
    return NULL;
}

static void
expect(const struct made *made, const char *text, sp_verdict verdict)
{
    const struct sp_probe *found = find(made, text);

    ck_assert_msg(found != NULL, "%s", text);
    ck_assert_uint_eq(found->meant, verdict);
    ck_assert_uint_eq(found->verdict, verdict);
    ck_assert(found->is_harmless);
}

START_TEST(every_verdict_has_its_call)
{
    SP_SCRATCH(arena);
    struct made made = made_of(&arena, socket_profile);

    probe(&arena, &made, false);
    expect(&made, "getppid()", SP_VERDICT_ALLOW);
    expect(&made, "uname(-1)", SP_VERDICT_ALLOW);
    expect(&made, "keyctl(-1, -1, -1, -1, -1)", SP_VERDICT_ERRNO | 38);
    expect(&made, "socket(-1, -1, -1)", SP_VERDICT_ERRNO | 38);
    expect(&made, "socket(AF_VSOCK, 0, 0)", SP_VERDICT_ERRNO | 1);
    ck_assert_ptr_null(find(&made, "reboot(-1, -1, -1, -1)"));
    ck_assert_uint_ge(made.probes.left_out, 1);
    ck_assert_uint_eq(made.probes.undecided, 0);
}
END_TEST

START_TEST(what_is_let_through_is_made_only_when_known_to_be_harmless)
{
    SP_SCRATCH(arena);
    struct made made = made_of(&arena, keyctl_profile);

    probe(&arena, &made, false);
    for (size_t i = 0; i < made.probes.all.count; i++) {
        const struct sp_probe *each = &made.probes.all.at[i];
        size_t length = strcspn(each->text, "(");
        const char *colon = memchr(each->text, ':', length);
        const char *start = colon == NULL ? each->text : colon + 1;
        char name[64] = "";
        if (each->verdict != SP_VERDICT_ALLOW) {
            continue;
        }
        memcpy(name, start, (size_t)(each->text + length - start));
        ck_assert_msg(sp_harmless_has(name), "%s", each->text);
        ck_assert_uint_eq(each->call.args[0], UINT64_MAX);
        ck_assert_uint_eq(each->call.args[5], UINT64_MAX);
    }
}
END_TEST

START_TEST(a_program_that_lets_through_what_is_refused_is_told_and_not_tried)
{
    static const struct sp_bpf_insn insns[] = { INSN(SP_BPF_RET_K, SP_VERDICT_ALLOW) };
    SP_SCRATCH(arena);
    struct made made = made_of(&arena, socket_profile);

    made.program = PROGRAM(insns);
    probe(&arena, &made, false);
    const struct sp_probe *found = find(&made, "keyctl(-1, -1, -1, -1, -1)");
    ck_assert_ptr_nonnull(found);
    ck_assert_uint_eq(found->meant, SP_VERDICT_ERRNO | 38);
    ck_assert_uint_eq(found->verdict, SP_VERDICT_ALLOW);
    ck_assert(!found->is_harmless);
}
END_TEST

START_TEST(under_a_filter_that_only_logs_nothing_is_meant_to_be_refused)
{
    static const struct sp_bpf_insn insns[] = { INSN(SP_BPF_RET_K, SP_VERDICT_LOG) };
    SP_SCRATCH(arena);
    struct made made = made_of(&arena, socket_profile);

    made.program = PROGRAM(insns);
    probe(&arena, &made, true);
    expect(&made, "socket(-1, -1, -1)", SP_VERDICT_LOG);
    ck_assert_ptr_null(find(&made, "keyctl(-1, -1, -1, -1, -1)"));
    ck_assert_uint_eq(find(&made, "getppid()")->meant, SP_VERDICT_ALLOW);
}
END_TEST

SP_SUITE(ops_probes)
{
    TCase *tcase = sp_testing_case(suite, "probes");

    tcase_add_test(tcase, every_verdict_has_its_call);
    tcase_add_test(tcase, what_is_let_through_is_made_only_when_known_to_be_harmless);
    tcase_add_test(tcase, a_program_that_lets_through_what_is_refused_is_told_and_not_tried);
    tcase_add_test(tcase, under_a_filter_that_only_logs_nothing_is_meant_to_be_refused);
}
