/* What a policy says is what the filter does, clause by clause. */
#include "base/testing.h"
#include "format/defaults_write.h"
#include "format/profile_testing.h"
#include "kb/defaults.h"
#include "sem/policy.h"
#include "sem/random_profiles_testing.h"

#include <string.h>

struct fixture {
    struct sp_arena arena;
    struct sp_dd_store *store;
    struct sp_meaning *meaning;
    struct sp_policies policies;
};

static enum sp_policy_result
begin(struct fixture *fixture, struct sp_str text, const struct sp_environment *environment)
{
    const struct sp_profile *profile = sp_testing_profile(&fixture->arena, text);

    fixture->store = sp_dd_store_new(SP_DD_BUDGET);
    ck_assert(sp_meaning_make(&fixture->arena, fixture->store, profile, environment,
                              &fixture->meaning));
    return fixture->meaning->start != SP_START_FILTER
        ? SP_POLICY_UNDECIDED
        : sp_policies_make(&fixture->arena, fixture->meaning, &fixture->policies, NULL);
}

static void
end(struct fixture *fixture)
{
    sp_dd_store_free(fixture->store);
    sp_arena_free(&fixture->arena);
}

/* The diagram that the clauses say. */
static sp_dd
said_by(struct fixture *fixture, const struct sp_policy_call *call)
{
    sp_dd said = sp_dd_leaf(fixture->store, call->otherwise);

    for (size_t i = 0; i < call->clause_count; i++) {
        struct sp_alternatives one = { .any = { .at = NULL } };
        struct sp_tests *tests = sp_vec_push(&fixture->arena, &one.any);
        ck_assert_ptr_nonnull(tests);
        memcpy(tests, &call->clauses[i].when, sizeof *tests);
        said = sp_dd_ite(fixture->store, sp_words_diagram(fixture->store, &one),
                         sp_dd_leaf(fixture->store, call->clauses[i].verdict), said);
    }
    return said;
}

/* Of a 32-bit architecture the upper halves mean nothing. */
static sp_dd
possible(struct sp_dd_store *store, const struct sp_kb_arch *arch, sp_dd diagram)
{
    for (unsigned arg = 0; arch->bits == 32 && arg < SP_ARGS; arg++) {
        diagram = sp_dd_narrow(store, diagram, arg, 32);
    }
    return diagram;
}

static void
check_policy(struct fixture *fixture, const struct sp_policy *policy)
{
    const char *last = "";

    for (size_t i = 0; i < policy->calls.count; i++) {
        const struct sp_policy_call *call = &policy->calls.at[i];
        const char *name = sp_kb_text(call->call->name);

        ck_assert_str_lt(last, name);
        last = name;
        ck_assert_int_eq(sp_kb_number(policy->arch, call->call), call->nr);
        ck_assert_ptr_eq(sp_policy_find(policy, name), call);
        ck_assert(call->meaning != sp_dd_leaf(fixture->store, policy->default_verdict));
        ck_assert_msg(possible(fixture->store, policy->arch, said_by(fixture, call))
                          == possible(fixture->store, policy->arch, call->meaning), "%s", name);
    }
}

/* What is not listed has the default. */
static void
check_others(struct fixture *fixture, const struct sp_policy *policy)
{
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        int64_t nr = sp_kb_number(policy->arch, &sp_kb_syscalls[i]);
        const char *name = sp_kb_text(sp_kb_syscalls[i].name);

        if (nr == SP_KB_NO_NUMBER || sp_policy_find(policy, name) != NULL) {
            continue;
        }
        sp_dd verdicts = sp_meaning_of(fixture->meaning, policy->arch, (uint32_t)nr,
                                       SP_READING_UNSTUBBED);
        ck_assert_msg(verdicts == sp_dd_leaf(fixture->store, policy->default_verdict), "%s", name);
    }
}

static void
check_all(struct fixture *fixture)
{
    for (size_t i = 0; i < fixture->policies.all.count; i++) {
        check_policy(fixture, &fixture->policies.all.at[i]);
        check_others(fixture, &fixture->policies.all.at[i]);
    }
}

START_TEST(the_clauses_of_a_default_say_what_it_means)
{
    static const char *const names[] = { "docker", "podman" };
    struct fixture fixture = { .arena = { .block = NULL } };
    struct sp_environment environment = {
        .engine = _i == 0 ? SP_ENGINE_DOCKER : SP_ENGINE_PODMAN,
        .host = sp_kb_arch_find(SP_STR("x86_64")),
        .kernel = { .major = 7, .minor = 0 },
        .caps = sp_kb_default_caps(SP_KB_DOCKER),
    };
    SP_BUF(text);

    sp_defaults_write(sp_kb_default_find(sp_str_of(names[_i])), &text);
    ck_assert_int_eq(begin(&fixture, sp_buf_view(&text), &environment), SP_POLICY_OK);
    ck_assert_uint_eq(fixture.policies.all.count, 3);
    ck_assert_uint_gt(fixture.policies.all.at[0].calls.count, 300);
    check_all(&fixture);

    const struct sp_policy_call *clone = sp_policy_find(&fixture.policies.all.at[0], "personality");
    ck_assert_uint_eq(clone->clause_count, 5);
    ck_assert_uint_eq(sp_policy_widest(clone), SP_VERDICT_ALLOW);
    end(&fixture);
}
END_TEST

START_TEST(the_clauses_of_any_profile_say_what_it_means)
{
    enum { PROFILES = 300 };
    uint64_t seed = 77;
    size_t checked = 0;

    for (int i = 0; i < PROFILES; i++) {
        struct fixture fixture = { .arena = { .block = NULL } };
        struct sp_environment environment;
        SP_BUF(text);

        sp_random_profile(&seed, &text, &environment);
        if (begin(&fixture, sp_buf_view(&text), &environment) == SP_POLICY_OK) {
            check_all(&fixture);
            checked++;
        }
        end(&fixture);
    }
    ck_assert_uint_gt(checked, PROFILES / 2);
}
END_TEST

SP_SUITE(policy)
{
    TCase *tcase = sp_testing_case(suite, "policy");

    tcase_add_loop_test(tcase, the_clauses_of_a_default_say_what_it_means, 0, 2);
    tcase_add_test(tcase, the_clauses_of_any_profile_say_what_it_means);
}
