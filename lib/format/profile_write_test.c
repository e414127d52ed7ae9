/* What is written is the same profile. */
#include "format/profile_write.h"

#include "base/testing.h"
#include "format/profile_read.h"
#include "format/profile_testing.h"
#include "format/profile_write_testing.h"
#include "format/read.h"
#include "sem/random_profiles_testing.h"

/* ---- the same profile ---------------------------------------------------------------- */

static void
same_words(const struct sp_words *left, const struct sp_words *right)
{
    ck_assert_uint_eq(left->count, right->count);
    for (size_t i = 0; i < left->count; i++) {
        ck_assert(sp_str_equal(left->at[i].text, right->at[i].text));
    }
}

static void
same_word(const struct sp_word *left, const struct sp_word *right)
{
    ck_assert(sp_str_equal(left->text, right->text));
}

static void
same_amount(const struct sp_amount *left, const struct sp_amount *right)
{
    ck_assert(left->given == right->given);
    ck_assert_uint_eq(left->value, right->value);
}

static void
same_guard(const struct sp_guard *left, const struct sp_guard *right)
{
    same_words(&left->caps, &right->caps);
    same_words(&left->arches, &right->arches);
    same_word(&left->min_kernel, &right->min_kernel);
}

static void
same_condition(const struct sp_condition *left, const struct sp_condition *right)
{
    same_amount(&left->index, &right->index);
    same_amount(&left->value, &right->value);
    same_amount(&left->value_two, &right->value_two);
    ck_assert_int_eq((int)left->op, (int)right->op);
}

/* Values of any kind, spans apart. */
static void
same_value(const struct sp_node *left, const struct sp_node *right)
{
    ck_assert((left == NULL) == (right == NULL));
    if (left == NULL) {
        return;
    }
    ck_assert_int_eq((int)left->kind, (int)right->kind);
    ck_assert(sp_str_equal(left->text, right->text));
    ck_assert(sp_str_equal(left->key, right->key));
    ck_assert_uint_eq(left->count, right->count);
    for (const struct sp_node *a = left->first, *b = right->first; a != NULL; a = a->next) {
        same_value(a, b);
        b = b->next;
    }
}

static void
same_rule(const struct sp_rule *left, const struct sp_rule *right)
{
    same_words(&left->names, &right->names);
    ck_assert_int_eq((int)left->action, (int)right->action);
    same_amount(&left->errno_ret, &right->errno_ret);
    same_word(&left->errno_name, &right->errno_name);
    ck_assert_uint_eq(left->condition_count, right->condition_count);
    for (size_t i = 0; i < left->condition_count; i++) {
        same_condition(&left->conditions[i], &right->conditions[i]);
    }
    same_guard(&left->includes, &right->includes);
    same_guard(&left->excludes, &right->excludes);
    same_word(&left->comment, &right->comment);
    same_value(sp_node_member(left->node, "x-secprof"),
               sp_node_member(right->node, "x-secprof"));
}

static void
same_profile(const struct sp_profile *left, const struct sp_profile *right)
{
    ck_assert_int_eq((int)left->default_action, (int)right->default_action);
    same_amount(&left->default_errno_ret, &right->default_errno_ret);
    same_word(&left->default_errno, &right->default_errno);
    same_words(&left->architectures, &right->architectures);
    same_words(&left->flags, &right->flags);
    same_word(&left->listener_path, &right->listener_path);
    same_word(&left->listener_metadata, &right->listener_metadata);
    ck_assert_uint_eq(left->arch_map_count, right->arch_map_count);
    for (size_t i = 0; i < left->arch_map_count; i++) {
        same_word(&left->arch_maps[i].architecture, &right->arch_maps[i].architecture);
        same_words(&left->arch_maps[i].sub_architectures,
                   &right->arch_maps[i].sub_architectures);
    }
    ck_assert_uint_eq(left->rule_count, right->rule_count);
    for (size_t i = 0; i < left->rule_count; i++) {
        same_rule(&left->rules[i], &right->rules[i]);
    }
    same_value(sp_node_member(left->node, "x-secprof"),
               sp_node_member(right->node, "x-secprof"));
}

/* Writing once more changes nothing. */
static void
check_written(struct sp_arena *arena, const struct sp_profile *profile)
{
    SP_BUF(once);
    SP_BUF(twice);

    sp_profile_write(profile, &once);
    ck_assert(!once.failed);
    const struct sp_profile *again = sp_testing_profile(arena, sp_buf_view(&once));
    same_profile(profile, again);
    sp_profile_write(again, &twice);
    ck_assert_str_eq(once.data, twice.data);
}

/* ---- random profiles and defaults ---------------------------------------------------- */

START_TEST(a_random_profile_is_read_back_as_it_was)
{
    uint64_t seed = SP_WRITTEN_SEED + (uint64_t)_i;

    for (unsigned i = 0; i < SP_WRITTEN_PROFILES; i++) {
        SP_SCRATCH(arena);
        SP_BUF(text);
        struct sp_environment environment;

        sp_random_profile(&seed, &text, &environment);
        check_written(&arena, sp_testing_profile(&arena, sp_buf_view(&text)));
    }
}
END_TEST

START_TEST(a_default_is_read_back_as_it_was)
{
    SP_SCRATCH(arena);
    struct sp_str text = sp_written_builtin(&arena, sp_written_builtins[_i]);

    check_written(&arena, sp_testing_profile(&arena, text));
}
END_TEST

/* Docker's default is written as Docker writes it. */
START_TEST(a_default_keeps_its_bytes)
{
    SP_SCRATCH(arena);
    SP_BUF(written);
    struct sp_str text = sp_written_builtin(&arena, "docker");

    sp_profile_write(sp_testing_profile(&arena, text), &written);
    ck_assert(sp_str_equal(sp_str_trim(sp_buf_view(&written)), sp_str_trim(text)));
}
END_TEST

/* ---- everything there is ------------------------------------------------------------- */

static const char everything[] =
    "{\n"
    "\t\"defaultAction\": \"SCMP_ACT_ERRNO\",\n"
    "\t\"defaultErrnoRet\": 38,\n"
    "\t\"defaultErrno\": \"ENOSYS\",\n"
    "\t\"architectures\": [\n"
    "\t\t\"SCMP_ARCH_X86\"\n"
    "\t],\n"
    "\t\"flags\": [],\n"
    "\t\"listenerPath\": \"/run/a \\\"b\\\".sock\",\n"
    "\t\"listenerMetadata\": \"\\\\ \\n \\u0001 \xc3\xbc\",\n"
    "\t\"archMap\": [\n"
    "\t\t{\n"
    "\t\t\t\"architecture\": \"SCMP_ARCH_ARM\",\n"
    "\t\t\t\"subArchitectures\": null\n"
    "\t\t},\n"
    "\t\t{\n"
    "\t\t\t\"architecture\": \"SCMP_ARCH_S390X\",\n"
    "\t\t\t\"subArchitectures\": []\n"
    "\t\t}\n"
    "\t],\n"
    "\t\"syscalls\": [\n"
    "\t\t{\n"
    "\t\t\t\"names\": [\n"
    "\t\t\t\t\"read\"\n"
    "\t\t\t],\n"
    "\t\t\t\"action\": \"SCMP_ACT_WRONG\",\n"
    "\t\t\t\"errnoRet\": 5,\n"
    "\t\t\t\"errno\": \"EIO\",\n"
    "\t\t\t\"args\": [\n"
    "\t\t\t\t{\n"
    "\t\t\t\t\t\"index\": 0,\n"
    "\t\t\t\t\t\"value\": 18446744073709551615,\n"
    "\t\t\t\t\t\"valueTwo\": 9223372036854775809,\n"
    "\t\t\t\t\t\"op\": \"SCMP_CMP_MASKED_EQ\"\n"
    "\t\t\t\t},\n"
    "\t\t\t\t{\n"
    "\t\t\t\t\t\"op\": \"SCMP_CMP_NE\"\n"
    "\t\t\t\t}\n"
    "\t\t\t],\n"
    "\t\t\t\"comment\": \"a <b> & c\",\n"
    "\t\t\t\"includes\": {\n"
    "\t\t\t\t\"caps\": [\n"
    "\t\t\t\t\t\"CAP_BPF\"\n"
    "\t\t\t\t],\n"
    "\t\t\t\t\"arches\": [\n"
    "\t\t\t\t\t\"amd64\"\n"
    "\t\t\t\t],\n"
    "\t\t\t\t\"minKernel\": \"4.8\"\n"
    "\t\t\t},\n"
    "\t\t\t\"excludes\": {\n"
    "\t\t\t\t\"minKernel\": \"\"\n"
    "\t\t\t},\n"
    "\t\t\t\"x-secprof\": {\n"
    "\t\t\t\t\"a \\\" key\": [\n"
    "\t\t\t\t\tnull,\n"
    "\t\t\t\t\ttrue,\n"
    "\t\t\t\t\t-1.5e3,\n"
    "\t\t\t\t\t{},\n"
    "\t\t\t\t\t[]\n"
    "\t\t\t\t],\n"
    "\t\t\t\t\"\": \"\"\n"
    "\t\t\t}\n"
    "\t\t},\n"
    "\t\t{\n"
    "\t\t\t\"action\": \"SCMP_ACT_ALLOW\",\n"
    "\t\t\t\"name\": \"write\"\n"
    "\t\t}\n"
    "\t],\n"
    "\t\"x-secprof\": 7\n"
    "}\n";

START_TEST(everything_that_is_read_is_written)
{
    SP_SCRATCH(arena);
    SP_BUF(written);

    sp_profile_write(sp_testing_profile(&arena, sp_str_of(everything)), &written);
    ck_assert_str_eq(written.data, everything);
    check_written(&arena, sp_testing_profile(&arena, sp_str_of(everything)));
}
END_TEST

/* YAML has numbers that JSON has not. */
START_TEST(numbers_of_other_texts_become_json)
{
    static const char text[] =
        "defaultAction: SCMP_ACT_ALLOW\nx-secprof: [0x10, 0o17, .inf, +1, .5, 1., -2.5, 1e3]\n";
    SP_SCRATCH(arena);
    SP_BUF(written);
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = &arena };
    struct sp_detected detected;
    struct sp_doc doc;

    ck_assert(sp_read_document(&arena, sp_source_new(&arena, "a.yaml", sp_str_of(text)),
                               &limits, SP_DIALECT_DOCKER, &report, &doc, &detected));
    sp_profile_write(sp_profile_read(&arena, &doc, detected), &written);
    const struct sp_profile *again = sp_testing_profile(&arena, sp_buf_view(&written));
    const struct sp_node *value = sp_node_member(again->node, "x-secprof")->first;
    static const char *const wanted[] = { "16", "15", ".inf", "1", ".5", "1.", "-2.5", "1e3" };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++, value = value->next) {
        ck_assert_msg(sp_str_is(value->text, wanted[i]), "%s", written.data);
    }
}
END_TEST

SP_SUITE(profile_write)
{
    TCase *tcase = sp_testing_case(suite, "docker");

    tcase_add_test(tcase, everything_that_is_read_is_written);
    tcase_add_test(tcase, numbers_of_other_texts_become_json);
    tcase_add_test(tcase, a_default_keeps_its_bytes);
    tcase_add_loop_test(tcase, a_default_is_read_back_as_it_was, 0, SP_WRITTEN_BUILTINS);
    tcase_add_loop_test(tcase, a_random_profile_is_read_back_as_it_was, 0, SP_WRITTEN_SLICES);
}
