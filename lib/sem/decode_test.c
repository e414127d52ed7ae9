/* What is left of a text when each decoder has read it: the rules that reach libseccomp. */
#include "base/testing.h"
#include "format/profile_testing.h"
#include "kb/kb.h"
#include "sem/filter_rules.h"

#include <inttypes.h>

/* Columns of the table.  The last two have crun as runtime, and differ in who decodes. */
enum { DOCKER, DOCKER_OLD, PODMAN, CONTAINERD, RUNC, CONTAINERD_CRUN, CRUN, READERS };

static const struct {
    const char *name;
    struct sp_environment environment;
} readers[READERS] = {
    [DOCKER] = { "docker", { .engine = SP_ENGINE_DOCKER } },
    [DOCKER_OLD] = {
        "docker 20.10",
        { .engine = SP_ENGINE_DOCKER, .engine_version = { .major = 20, .minor = 10 } },
    },
    [PODMAN] = { "podman", { .engine = SP_ENGINE_PODMAN } },
    [CONTAINERD] = { "containerd", { .engine = SP_ENGINE_CONTAINERD } },
    [RUNC] = { "runc", { .engine = SP_ENGINE_OCI } },
    [CONTAINERD_CRUN] = {
        "containerd with crun",
        { .engine = SP_ENGINE_CONTAINERD, .runtime = SP_RUNTIME_CRUN },
    },
    [CRUN] = { "crun", { .engine = SP_ENGINE_OCI, .runtime = SP_RUNTIME_CRUN } },
};

/* Short forms of profiles: allowed by default, refused by rules. */
#define OF(members) "{\"defaultAction\":\"SCMP_ACT_ALLOW\"" members "}"
#define RULES(rules) ",\"syscalls\":[" rules "]"
#define RULE(name, members) \
    "{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_ERRNO\"" members "}"
#define ARGS(args) ",\"args\":[" args "]"
#define ARG(members) "{\"op\":\"SCMP_CMP_EQ\"" members "}"
#define VALUE(value) OF(RULES(RULE("kcmp", ARGS(ARG(",\"value\":" value)))))

#define REFUSED "refused"
#define UNCONFINED "unconfined"

/* NULL: as the column before. */
static const struct {
    const char *text;
    const char *wanted[READERS];
} cases[] = {
    /* plain */
    { OF(RULES(RULE("kcmp", ""))), { "A kcmp:E1" } },
    { OF(RULES(RULE("kcmp", ",\"errnoRet\":61" ARGS(ARG(",\"index\":1,\"value\":3"))))),
      { "A kcmp:E61(1=3)" } },
    { OF(",\"other\":[null,-1]" RULES(RULE("kcmp", ",\"more\":\"x\""))), { "A kcmp:E1" } },

    /* letter case */
    { OF(RULES(RULE("kcmp", ",\"errnoret\":61"))),
      { "A kcmp:E61", [CRUN] = "A kcmp:E1" } },
    { "{\"DefaultAction\":\"SCMP_ACT_ALLOW\",\"SYSCALLS\":[{\"Names\":[\"kcmp\"],"
      "\"ACTION\":\"SCMP_ACT_ERRNO\"}]}", { "A kcmp:E1", [CRUN] = REFUSED } },
    { OF(",\"\\u017fyscalls\":[" RULE("kcmp", "") "]"), { "A kcmp:E1", [CRUN] = "A" } },
    { OF(",\"sys_calls\":[" RULE("kcmp", "") "]"), { "A" } },
    { OF(RULES(RULE("kcmp", ",\"errnoRet\":61,\"ERRNORET\":62"))),
      { "A kcmp:E62", [CRUN] = "A kcmp:E61" } },
    { OF(RULES(RULE("kcmp", ",\"ARGS\":[null],\"args\":null"))), { "A kcmp:E1" } },

    /* keys that stand twice */
    { OF(",\"defaultAction\":\"SCMP_ACT_LOG\"" RULES("")), { "L", [CRUN] = "A" } },
    { OF(",\"defaultAction\":null" RULES("")), { "A" } },
    { OF(RULES(RULE("kcmp", ",\"errnoRet\":61,\"errnoRet\":null"))),
      { "A kcmp:E1", [CRUN] = "A kcmp:E61" } },
    { OF(RULES(RULE("kcmp", ARGS(ARG(",\"value\":3,\"value\":null,\"op\":null"))))),
      { "A kcmp:E1(0=3)" } },
    { OF(RULES(RULE("kcmp", ",\"names\":[\"times\"]"))),
      { "A times:E1", [CRUN] = "A kcmp:E1" } },
    { OF(RULES(RULE("kcmp", ",\"names\":[null,\"times\"]"))),
      { "A kcmp:E1 times:E1", [CRUN] = "A kcmp:E1" } },
    { OF(RULES(RULE("kcmp", ",\"errnoRet\":61")) RULES(RULE("times", ""))),
      { "A times:E61", [CRUN] = "A kcmp:E61" } },
    { OF(RULES(RULE("kcmp", ARGS(ARG(",\"value\":3")))) RULES(RULE("times", ""))),
      { "A times:E1(0=3)", [CRUN] = "A kcmp:E1(0=3)" } },
    { OF(RULES(RULE("kcmp", "")) RULES("{\"names\":[\"times\"]}")),
      { "A times:E1", [CRUN] = "A kcmp:E1" } },
    { OF(RULES(RULE("kcmp", "") "," RULE("times", ",\"errnoRet\":61")) RULES(RULE("read", ""))
         RULES("{}," RULE("write", "") "," RULE("open", ""))),
      { "A read:E1 write:E61 open:E1", [CRUN] = "A kcmp:E1 times:E61" } },
    { OF(RULES(RULE("kcmp", ",\"errnoRet\":61")) RULES("") RULES(RULE("times", ""))),
      { "A times:E1", [CRUN] = "A kcmp:E61" } },
    { OF(RULES(RULE("kcmp", ",\"errnoRet\":61")) ",\"syscalls\":null" RULES(RULE("times", ""))),
      { "A times:E1", [CRUN] = "A kcmp:E61" } },
    { OF(RULES(RULE("kcmp", "")) RULES("")), { "A", [CRUN] = "A kcmp:E1" } },
    { OF(RULES(RULE("kcmp", "")) ",\"syscalls\":null"),
      { "A", [CRUN] = "A kcmp:E1" } },
    { OF(RULES(RULE("kcmp", ARGS(ARG(",\"value\":3") "," ARG(",\"index\":1,\"value\":4"))
                    ARGS(ARG(",\"index\":2"))))),
      { "A kcmp:E1(2=3)", [CRUN] = "A kcmp:E1(0=3,1=4)" } },
    { OF(RULES(RULE("kcmp", ",\"includes\":{\"caps\":[\"CAP_SYS_TIME\"]}"))
         RULES(RULE("times", ""))),
      { "A", [CONTAINERD] = "A times:E1", [CRUN] = "A kcmp:E1" } },
    { OF(RULES(RULE("kcmp", ",\"includes\":{\"caps\":[\"CAP_SYS_TIME\"]},\"includes\":{}"))),
      { "A", [CONTAINERD] = "A kcmp:E1" } },
    { OF(RULES(RULE("kcmp", ",\"includes\":{\"caps\":[\"CAP_SYS_TIME\"]},\"includes\":null"))),
      { "A kcmp:E1", "A", "A", "A kcmp:E1" } },
    { OF(RULES(RULE("kcmp", ",\"includes\":{\"minKernel\":\"99.0\",\"minKernel\":\"\"}"))),
      { "A", [PODMAN] = "A kcmp:E1" } },
    { OF(RULES(RULE("kcmp", ",\"includes\":{\"minKernel\":\"x\",\"minKernel\":\"\"}"))),
      { REFUSED, [PODMAN] = "A kcmp:E1" } },

    /* numbers */
    { VALUE("\"0x10\""), { REFUSED, [CRUN] = "A kcmp:E1(0=0)" } },
    { VALUE("-1"), { REFUSED, [CRUN] = "A kcmp:E1(0=18446744073709551615)" } },
    { VALUE("-18446744073709551615"), { REFUSED, [CRUN] = "A kcmp:E1(0=1)" } },
    { VALUE("-18446744073709551616"), { REFUSED } },
    { VALUE("-0"), { REFUSED, [CRUN] = "A kcmp:E1(0=0)" } },
    { VALUE("1.0"), { REFUSED } },
    { VALUE("1e1"), { REFUSED } },
    { VALUE("18446744073709551615"), { "A kcmp:E1(0=18446744073709551615)" } },
    { VALUE("18446744073709551616"), { REFUSED } },
    { VALUE("null"), { "A kcmp:E1(0=0)" } },
    { VALUE("true"), { REFUSED, [CRUN] = "A kcmp:E1(0=0)" } },
    { OF(RULES(RULE("kcmp", ",\"errnoRet\":-1"))), { REFUSED } },
    { OF(RULES(RULE("kcmp", ",\"errnoRet\":\"61\""))), { REFUSED, [CRUN] = "A kcmp:E1" } },
    { OF(RULES(RULE("kcmp", ",\"errnoRet\":4294967357"))),
      { "A kcmp:E61", [CONTAINERD_CRUN] = REFUSED } },
    { OF(RULES(RULE("kcmp", ",\"errnoRet\":null"))), { "A kcmp:E1" } },

    /* other types */
    { OF(",\"flags\":5" RULES(RULE("kcmp", ""))),
      { REFUSED, "A kcmp:E1", REFUSED, [CRUN] = "A kcmp:E1" } },
    { OF(",\"defaultErrnoRet\":\"1\"" RULES(RULE("kcmp", ""))),
      { REFUSED, "A kcmp:E1", REFUSED, [CRUN] = "A kcmp:E1" } },
    { OF(RULES(RULE("kcmp", ",\"includes\":[]"))), { REFUSED, [CONTAINERD] = "A kcmp:E1" } },
    { OF(RULES(RULE("kcmp", ",\"errno\":38"))),
      { "A kcmp:E1", [PODMAN] = REFUSED, "A kcmp:E1" } },
    { OF(",\"syscalls\":{}"), { REFUSED, [CRUN] = "A" } },
    { OF(RULES("5")), { REFUSED } },
    { OF(RULES(RULE("kcmp", ",\"args\":{}"))), { REFUSED, [CRUN] = "A kcmp:E1" } },
    { OF(RULES("{\"names\":\"kcmp\",\"action\":\"SCMP_ACT_ERRNO\"}")), { REFUSED } },

    /* missing and null */
    { OF(RULES(RULE("kcmp", ",\"args\":null"))), { "A kcmp:E1" } },
    { OF(RULES(RULE("kcmp", ",\"args\":[]"))), { "A kcmp:E1" } },
    { OF(RULES(RULE("kcmp", ARGS(ARG(""))))), { "A kcmp:E1(0=0)" } },
    { OF(RULES(RULE("kcmp", ARGS("{\"value\":1}")))), { REFUSED } },
    { OF(RULES(RULE("kcmp", ARGS("null")))), { REFUSED } },
    { OF(RULES(RULE("kcmp", ",\"includes\":{\"caps\":[\"CAP_SYS_TIME\"]}" ARGS("null")))),
      { "A", [CONTAINERD] = REFUSED } },
    { OF(RULES("{\"names\":[\"kcmp\"]}")), { REFUSED } },
    { OF(RULES("{\"action\":\"SCMP_ACT_ERRNO\"}")), { "A", [CONTAINERD_CRUN] = REFUSED } },
    { OF(RULES("{\"names\":null,\"action\":\"SCMP_ACT_ERRNO\"}")),
      { "A", [CONTAINERD_CRUN] = REFUSED } },
    { OF(RULES("{\"names\":[],\"action\":\"SCMP_ACT_ERRNO\"}")), { "A" } },
    { OF(RULES("{\"names\":[null,\"kcmp\"],\"action\":\"SCMP_ACT_ERRNO\"}")),
      { REFUSED, [CONTAINERD_CRUN] = "A kcmp:E1" } },
    { OF(RULES("{\"names\":[\"\",\"kcmp\"],\"action\":\"SCMP_ACT_ERRNO\"}")),
      { REFUSED, [CONTAINERD_CRUN] = "A kcmp:E1" } },
    { OF(RULES("{\"names\":[5,\"kcmp\"],\"action\":\"SCMP_ACT_ERRNO\"}")),
      { REFUSED, [CRUN] = "A kcmp:E1" } },
    { OF(RULES("null")), { REFUSED } },
    { "{" "\"syscalls\":[" RULE("kcmp", "") "]}", { REFUSED } },

    /* nothing in it */
    { "{}", { UNCONFINED, [CONTAINERD_CRUN] = REFUSED } },
    { "null", { UNCONFINED, [CONTAINERD_CRUN] = REFUSED, UNCONFINED } },
    { "[]", { REFUSED, [CRUN] = UNCONFINED } },
    { "{\"linux\":{\"seccomp\":" OF("") "}}", { UNCONFINED, [CONTAINERD_CRUN] = REFUSED } },
    { "{\"defaultAction\":\"\"}", { UNCONFINED, [CONTAINERD_CRUN] = REFUSED } },
    { "{\"defaultAction\":\"\",\"syscalls\":[]}", { UNCONFINED, [CONTAINERD_CRUN] = REFUSED } },
    { "{\"syscalls\":[]}", { UNCONFINED, [CONTAINERD_CRUN] = REFUSED } },
    { "{\"ociVersion\":\"1.0\"}", { UNCONFINED, [CONTAINERD_CRUN] = REFUSED, UNCONFINED } },

    /* the old key for one name */
    { OF(RULES("{\"name\":\"kcmp\",\"action\":\"SCMP_ACT_ERRNO\"}")),
      { "A kcmp:E1", [CONTAINERD] = "A", "A", REFUSED } },
    { OF(RULES(RULE("times", ",\"name\":\"kcmp\""))),
      { REFUSED, [CONTAINERD] = "A times:E1" } },
    { OF(RULES("{\"name\":\"\",\"action\":\"SCMP_ACT_ERRNO\"}")),
      { "A", [CONTAINERD_CRUN] = REFUSED } },

    /* keys that Docker 20.10 does not have */
    { OF(",\"flags\":[\"SECCOMP_FILTER_FLAG_NONE\"]"), { REFUSED, "A", REFUSED } },
    { OF(",\"listenerPath\":\"/run/x\"" RULES("{\"names\":[\"kcmp\"],"
         "\"action\":\"SCMP_ACT_NOTIFY\"}")),
      { "A kcmp:N", REFUSED, "A kcmp:N" } },
};

/* ---- summaries ------------------------------------------------------------------------- */

static void
add_verdict(sp_verdict verdict, struct sp_buf *buf)
{
    switch (verdict & SP_VERDICT_ACTION) {
    case SP_VERDICT_ALLOW:
        sp_buf_char(buf, 'A');
        break;
    case SP_VERDICT_LOG:
        sp_buf_char(buf, 'L');
        break;
    case SP_VERDICT_NOTIFY:
        sp_buf_char(buf, 'N');
        break;
    case SP_VERDICT_ERRNO:
        sp_buf_format(buf, "E%u", verdict & SP_VERDICT_DATA);
        break;
    default:
        ck_abort_msg("no letter for %08x", verdict);
    }
}

static void
add_rule(const struct sp_filter_rule *rule, struct sp_buf *buf)
{
    sp_buf_format(buf, " %s:", sp_kb_text(sp_kb_syscalls[rule->call].name));
    add_verdict(rule->verdict, buf);
    for (size_t i = 0; i < rule->condition_count; i++) {
        const struct sp_filter_condition *condition = &rule->conditions[i];
        ck_assert_int_eq(condition->op, SP_OPERATOR_EQ);
        sp_buf_format(buf, "%s%u=%" PRIu64, i == 0 ? "(" : ",", condition->index,
                      condition->datum);
    }
    sp_buf_text(buf, rule->condition_count > 0 ? ")" : "");
}

static void
summarize(struct sp_arena *arena, const struct sp_profile *profile,
          const struct sp_environment *environment, struct sp_buf *buf)
{
    struct sp_oci oci;
    struct sp_filter_rules rules;

    ck_assert(sp_resolve(arena, profile, environment, &oci));
    if (oci.resolution != SP_RESOLUTION_PROFILE) {
        bool is_refused = oci.resolution == SP_RESOLUTION_REFUSED;
        ck_assert(!is_refused || (oci.why != NULL && oci.where != NULL));
        sp_buf_text(buf, is_refused ? REFUSED : UNCONFINED);
        return;
    }
    ck_assert(sp_filter_rules_make(arena, oci.profile, &oci, environment, &rules));
    if (rules.refused != NULL) {
        sp_buf_text(buf, REFUSED);
        return;
    }
    add_verdict(rules.default_verdict, buf);
    for (size_t i = 0; i < rules.rules.count; i++) {
        add_rule(&rules.rules.at[i], buf);
    }
}

static struct sp_environment
environment_of(size_t reader)
{
    struct sp_environment environment = readers[reader].environment;

    environment.host = sp_kb_arch_find(SP_STR("x86_64"));
    environment.kernel = (struct sp_version){ .major = 6, .minor = 18 };
    return environment;
}

START_TEST(each_decoder_is_left_with_what_it_reads)
{
    SP_SCRATCH(arena);
    const struct sp_profile *profile = sp_testing_profile(&arena, sp_str_of(cases[_i].text));
    const char *wanted = NULL;

    for (size_t i = 0; i < READERS; i++) {
        SP_BUF(buf);
        struct sp_environment environment = environment_of(i);
        wanted = cases[_i].wanted[i] == NULL ? wanted : cases[_i].wanted[i];
        summarize(&arena, profile, &environment, &buf);
        ck_assert_msg(sp_str_is(sp_buf_view(&buf), wanted), "%s: %s\n%s: wanted %s",
                      cases[_i].text, readers[i].name, sp_buf_view(&buf).ptr, wanted);
    }
}
END_TEST

/* What one decoder made of a text, another makes anew from the text. */
START_TEST(decoding_twice_is_decoding_once)
{
    SP_SCRATCH(arena);
    const struct sp_profile *profile = sp_testing_profile(&arena, sp_str_of(cases[_i].text));
    struct sp_environment runc = environment_of(RUNC);
    struct sp_environment crun = environment_of(CRUN);
    const struct sp_environment *ways[][2] = {
        { &runc, &runc }, { &crun, &crun }, { &runc, &crun }, { &crun, &runc },
    };

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        SP_BUF(once);
        SP_BUF(twice);
        struct sp_oci oci;
        ck_assert(sp_resolve(&arena, profile, ways[i][0], &oci));
        summarize(&arena, profile, ways[i][1], &once);
        summarize(&arena, oci.profile, ways[i][1], &twice);
        ck_assert_str_eq(sp_buf_view(&twice).ptr, sp_buf_view(&once).ptr);
    }
}
END_TEST

/* ---- plain texts ----------------------------------------------------------------------- */

static const char *const plain[] = {
    OF(RULES(RULE("kcmp", "") ","
             RULE("times", ",\"comment\":\"\",\"includes\":{},\"args\":null"))),
    OF(",\"architectures\":[\"SCMP_ARCH_X86\"]" RULES(RULE("kcmp", ARGS(ARG(",\"value\":1"))))),
    OF(",\"other\":1,\"other\":2" RULES(RULE("kcmp", ",\"errnoRet\":null"))),
};

START_TEST(a_plain_text_keeps_its_rules)
{
    SP_SCRATCH(arena);
    const struct sp_profile *profile = sp_testing_profile(&arena, sp_str_of(plain[_i]));

    ck_assert_uint_eq(profile->odd, 0);
    for (size_t i = 0; i < READERS; i++) {
        struct sp_environment environment = environment_of(i);
        struct sp_oci oci;
        ck_assert(sp_resolve(&arena, profile, &environment, &oci));
        ck_assert_ptr_eq(oci.profile, profile);
        for (size_t j = 0; j < oci.rules.count; j++) {
            ck_assert_ptr_eq(oci.rules.at[j].rule, &profile->rules[j]);
        }
    }
}
END_TEST

/* ---- messages -------------------------------------------------------------------------- */

static const struct {
    const char *text;
    size_t reader;
    const char *why;
    const char *where;
} messages[] = {
    { VALUE("\"0x10\""), DOCKER, "docker reads a whole number here and refuses \"0x10\"",
      "/syscalls/0/args/0/value" },
    { VALUE("1.0"), CRUN, "crun reads a whole number here and refuses 1.0",
      "/syscalls/0/args/0/value" },
    { OF(",\"syscalls\":{}"), PODMAN, "podman reads a list of objects here and refuses an object",
      "/syscalls" },
    { OF(RULES("{\"names\":[5]}")), CONTAINERD, "containerd reads a string here and refuses 5",
      "/syscalls/0/names/0" },
    { OF(RULES("{\"name\":\"kcmp\",\"action\":\"SCMP_ACT_ERRNO\"}")), CRUN,
      "crun does not do without names", "/syscalls/0" },
    { "{}", CRUN, "crun does not do without defaultAction", "" },
    { "[]", RUNC, "runc reads an object here and refuses an array", "" },
};

START_TEST(a_refusal_says_what_and_where)
{
    SP_SCRATCH(arena);
    SP_BUF(where);
    const struct sp_profile *profile = sp_testing_profile(&arena, sp_str_of(messages[_i].text));
    struct sp_environment environment = environment_of(messages[_i].reader);
    struct sp_oci oci;

    ck_assert(sp_resolve(&arena, profile, &environment, &oci));
    ck_assert_int_eq(oci.resolution, SP_RESOLUTION_REFUSED);
    ck_assert_str_eq(oci.why, messages[_i].why);
    sp_node_pointer(oci.where, &where);
    ck_assert(sp_str_is(sp_buf_view(&where), messages[_i].where));
}
END_TEST

/* Nodes of a decoded profile stand where the document's do. */
START_TEST(decoded_rules_point_into_the_document)
{
    static const char text[] =
        OF(RULES(RULE("kcmp", ",\"errnoRet\":61")) RULES(RULE("times", "")));
    SP_SCRATCH(arena);
    SP_BUF(pointer);
    const struct sp_profile *profile = sp_testing_profile(&arena, sp_str_of(text));
    struct sp_environment environment = environment_of(DOCKER);
    struct sp_oci oci;

    ck_assert(sp_resolve(&arena, profile, &environment, &oci));
    const struct sp_rule *rule = oci.rules.at[0].rule;
    ck_assert_ptr_ne(rule, &profile->rules[0]);
    ck_assert_ptr_eq(oci.profile->written, profile);
    ck_assert_uint_eq(rule->node->span.start, profile->rules[0].node->span.start);
    ck_assert_uint_lt(rule->errno_ret.node->span.start, rule->node->span.start);
    sp_node_pointer(rule->names.at[0].node, &pointer);
    ck_assert_str_eq(sp_buf_view(&pointer).ptr, "/syscalls/0/names/0");
}
END_TEST

SP_SUITE(decode)
{
    TCase *tcase = sp_testing_case(suite, "decode");

    tcase_add_loop_test(tcase, each_decoder_is_left_with_what_it_reads, 0,
                        sizeof cases / sizeof *cases);
    tcase_add_loop_test(tcase, decoding_twice_is_decoding_once, 0,
                        sizeof cases / sizeof *cases);
    tcase_add_loop_test(tcase, a_plain_text_keeps_its_rules, 0, sizeof plain / sizeof *plain);
    tcase_add_loop_test(tcase, a_refusal_says_what_and_where, 0,
                        sizeof messages / sizeof *messages);
    tcase_add_test(tcase, decoded_rules_point_into_the_document);
}
