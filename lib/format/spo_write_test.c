/* What the operator is given means the same, keeps to its schema, and names what is lost. */
#include "format/spo_write.h"

#include "base/testing.h"
#include "format/profile_read.h"
#include "format/profile_testing.h"
#include "format/profile_write_testing.h"
#include "format/read.h"

#include <string.h>

/* ---- the schema ---------------------------------------------------------------------- */

/* The rules of the schema that an object can break. */
static const struct {
    const char *parent;  /* key of the object, or of the list it stands in */
    const char *key;
    enum sp_node_kind kind;
    bool required;
    uint64_t least;    /* of members of a list */
    uint64_t largest;  /* of a number, or of members */
} schema[] = {
    { "", "apiVersion", SP_NODE_STRING, true, 0, 0 },
    { "", "kind", SP_NODE_STRING, true, 0, 0 },
    { "", "metadata", SP_NODE_OBJECT, true, 0, 0 },
    { "", "spec", SP_NODE_OBJECT, true, 0, 0 },
    { "metadata", "name", SP_NODE_STRING, true, 0, 0 },
    { "spec", "defaultAction", SP_NODE_STRING, true, 0, 0 },
    { "spec", "architectures", SP_NODE_ARRAY, false, 0, 20 },
    { "spec", "flags", SP_NODE_ARRAY, false, 0, 4 },
    { "spec", "listenerPath", SP_NODE_STRING, false, 0, 0 },
    { "spec", "listenerMetadata", SP_NODE_STRING, false, 0, 0 },
    { "spec", "syscalls", SP_NODE_ARRAY, false, 0, UINT64_MAX },
    { "syscalls", "names", SP_NODE_ARRAY, true, 1, UINT64_MAX },
    { "syscalls", "action", SP_NODE_STRING, true, 0, 0 },
    { "syscalls", "errnoRet", SP_NODE_NUMBER, false, 0, 4095 },
    { "syscalls", "args", SP_NODE_ARRAY, false, 0, 6 },
    { "args", "index", SP_NODE_NUMBER, true, 0, 5 },
    { "args", "value", SP_NODE_NUMBER, false, 0, INT64_MAX },
    { "args", "valueTwo", SP_NODE_NUMBER, false, 0, INT64_MAX },
    { "args", "op", SP_NODE_STRING, true, 0, 0 },
};

static void
check_schema(const struct sp_node *object, const char *parent)
{
    size_t known = 0;

    for (size_t i = 0; i < sizeof schema / sizeof *schema; i++) {
        if (strcmp(schema[i].parent, parent) != 0) {
            continue;
        }
        const struct sp_node *member = sp_node_member(object, schema[i].key);
        ck_assert_msg(member != NULL || !schema[i].required, "%s.%s", parent, schema[i].key);
        if (member == NULL) {
            continue;
        }
        known++;
        uint64_t value = member->count;
        ck_assert_int_eq((int)member->kind, (int)schema[i].kind);
        if (member->kind == SP_NODE_NUMBER) {
            ck_assert_int_eq((int)sp_node_u64(member, &value), SP_NUMBER_OK);
        }
        if (member->kind == SP_NODE_NUMBER || member->kind == SP_NODE_ARRAY) {
            ck_assert_uint_le(value, schema[i].largest);
            ck_assert_uint_ge(value, schema[i].least);
        }
        if (member->kind == SP_NODE_OBJECT) {
            check_schema(member, schema[i].key);
        }
        for (const struct sp_node *each = member->kind == SP_NODE_ARRAY ? member->first : NULL;
             each != NULL; each = each->next) {
            if (each->kind == SP_NODE_OBJECT) {
                check_schema(each, schema[i].key);
            } else {
                ck_assert_int_eq((int)each->kind, SP_NODE_STRING);
            }
        }
    }
    ck_assert_uint_eq(known, object->count);
}

/* ---- the same meaning ---------------------------------------------------------------- */

/* The profile of what was written, as the operator hands it on. */
static const struct sp_profile *
read_back(struct sp_arena *arena, struct sp_str text)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = arena };
    struct sp_detected detected;
    struct sp_doc *doc = sp_arena_new(arena, struct sp_doc);

    ck_assert_msg(sp_read_document(arena, sp_source_new(arena, "t", text), &limits,
                                   SP_DIALECT_UNKNOWN, &report, doc, &detected),
                  "%.*s", SP_STR_ARG(text));
    ck_assert_int_eq((int)detected.dialect, SP_DIALECT_SPO);
    check_schema(doc->root, "");
    return sp_profile_read(arena, doc, detected);
}

/* Is every loss about some calls? */
static bool
is_whole(const struct sp_losses *losses)
{
    bool whole = true;

    for (size_t i = 0; i < losses->all.count; i++) {
        whole = whole && losses->all.at[i].calls.count > 0;
    }
    return whole;
}

static void
check_spo(struct sp_str profile, const struct sp_environment *environment,
          struct sp_written_count *count)
{
    SP_BUF(text);
    struct sp_written written;

    if (sp_written_begin(&written, profile, environment)) {
        struct sp_losses losses = { .arena = &written.arena };
        sp_spo_write(&written.engine->oci, environment, "some/Name@1.json", &losses, &text);
        ck_assert(!text.failed && !losses.failed);
        struct sp_meaning *read =
            sp_written_mean(&written, read_back(&written.arena, sp_buf_view(&text)));
        count->losses += losses.all.count > 0;
        if (written.engine->start == SP_START_FILTER && is_whole(&losses)) {
            ck_assert_msg(read->start == SP_START_FILTER, "%s\n%s", read->why, text.data);
            sp_written_same(&written, read, &losses, text.data);
            count->filters++;
        }
    }
    sp_written_end(&written);
}

/* What the operator has no key for, or refuses: every other profile would be lost. */
static void
make_operators(struct sp_str text, struct sp_buf *out)
{
    static const struct {
        const char *written;
        const char *instead;
    } changes[] = {
        { "defaultErrnoRet", "x" },
        { "/run/agent.sock", "/var/run/security-profiles-operator/agent.sock" },
    };

    for (size_t at = 0; at < text.len; at++) {
        struct sp_str rest = sp_str_slice(text, at, text.len);
        size_t i = 0;
        while (i < 2 && !sp_str_has_prefix(rest, changes[i].written)) {
            i++;
        }
        if (i < 2) {
            sp_buf_text(out, changes[i].instead);
            at += strlen(changes[i].written) - 1;
        } else {
            sp_buf_char(out, text.ptr[at]);
        }
    }
}

static void
check_operators(struct sp_str profile, const struct sp_environment *environment,
                struct sp_written_count *count)
{
    SP_BUF(operators);

    make_operators(profile, &operators);
    check_spo(sp_buf_view(&operators), environment, count);
}

START_TEST(what_the_operator_is_given_means_the_same)
{
    struct sp_written_count count = sp_written_random(_i, check_operators);

    ck_assert_uint_gt(count.filters, SP_WRITTEN_PROFILES / 3);
    ck_assert_uint_gt(count.losses, 0);
}
END_TEST

START_TEST(a_default_means_the_same_to_the_operator)
{
    struct sp_written_count count = sp_written_defaults(_i, check_spo);

    /* Podman's default answers ENOSYS, which the operator has no key for. */
    ck_assert_uint_eq(count.filters, 1);
    ck_assert_uint_eq(count.losses, 1);
}
END_TEST

/* ---- losses -------------------------------------------------------------------------- */

/* A fault in each place, and what is said of it. */
static const struct {
    const char *text;
    const char *what;    /* of the loss; NULL: there is none */
    const char *became;
    const char *call;
    const char *has;     /* stands in the text ... */
    const char *hasnt;   /* ... and does not; NULL: nothing to look for */
} lossy[] = {
#define OF(rest) "{\"defaultAction\":\"SCMP_ACT_ERRNO\"," rest "}"
#define CALL(rest) OF("\"syscalls\":[{\"names\":[\"read\",\"read\"]," rest "}]")
#define IF(value) "\"args\":[{\"index\":1,\"value\":" value ",\"op\":\"SCMP_CMP_EQ\"}]"
    { OF("\"defaultErrnoRet\":1"), NULL, NULL, NULL, "defaultAction: SCMP_ACT_ERRNO",
      "rrnoRet" },
    { OF("\"defaultErrnoRet\":38"), "the operator has no number for the default action",
      "calls that no rule names get EPERM", NULL, "kind: SeccompProfile", "rrnoRet" },
    { OF("\"architectures\":[\"SCMP_ARCH_X86\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X86_64\"]"), NULL,
      NULL, NULL, "  - SCMP_ARCH_X86\n  - SCMP_ARCH_X86_64\n",
      "SCMP_ARCH_X86\n  - SCMP_ARCH_X86\n" },
    { OF("\"architectures\":[\"SCMP_ARCH_LOONGARCH64\"]"),
      "the operator knows no architecture SCMP_ARCH_LOONGARCH64", "its programs are killed",
      NULL, "spec:", "LOONG" },
    { OF("\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"]"), NULL, NULL, NULL,
      "- SECCOMP_FILTER_FLAG_LOG", NULL },
    { OF("\"listenerPath\":\"/run/x.sock\",\"listenerMetadata\":\"m\""), NULL, NULL, NULL,
      "spec:", "listener" },
    { OF("\"listenerPath\":\"/run/x.sock\",\"listenerMetadata\":\"m\",\"syscalls\":[{\"names\":"
         "[\"read\"],\"action\":\"SCMP_ACT_NOTIFY\"}]"),
      "the operator takes listeners in /var/run/security-profiles-operator/ alone",
      "no listener is written", NULL, "spec:", "listener" },
    { OF("\"listenerPath\":\"/var/run/security-profiles-operator/a.sock\","
         "\"listenerMetadata\":\"m\""),
      NULL, NULL, NULL, "listenerMetadata: m", NULL },
    { "{\"defaultAction\":\"SCMP_ACT_NOTIFY\",\"syscalls\":[]}",
      "the operator takes no such default action", "it is SCMP_ACT_ERRNO", NULL,
      "SCMP_ACT_ERRNO", "NOTIFY" },
    { CALL("\"action\":\"SCMP_ACT_ALLOW\""), NULL, NULL, NULL, "    - read\n    action",
      "read\n    - read" },
    { CALL("\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":0"),
      "the operator drops an errnoRet of 0", "these calls get EPERM", "read",
      "action: SCMP_ACT_ERRNO", "errnoRet" },
    { CALL("\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38"), NULL, NULL, NULL, "errnoRet: 38",
      NULL },
    { CALL("\"action\":\"SCMP_ACT_TRACE\",\"errnoRet\":5000"),
      "the operator takes an errnoRet up to 4095", "it is 4095", "read", "errnoRet: 4095",
      NULL },
    { CALL("\"action\":\"SCMP_ACT_ALLOW\"," IF("9223372036854775807")), NULL, NULL, NULL,
      "value: 9223372036854775807", NULL },
    { CALL("\"action\":\"SCMP_ACT_ALLOW\"," IF("9223372036854775808")),
      "the operator takes six conditions, of the arguments 0 to 5, with values below 2^63",
      "the rule is written without those that do not fit", "read", "- read", "args" },
    { CALL("\"action\":\"SCMP_ACT_KILL\"," IF("9223372036854775808")),
      "the operator takes six conditions, of the arguments 0 to 5, with values below 2^63",
      "the rule is left out", "read", "syscalls: []", "args" },
};

START_TEST(a_loss_is_named)
{
    SP_SCRATCH(arena);
    SP_BUF(text);
    struct sp_losses losses = { .arena = &arena };
    struct sp_environment environment = sp_written_environment(0, "docker");
    struct sp_oci oci;

    environment.engine = SP_ENGINE_OCI;
    ck_assert(sp_resolve(&arena, sp_testing_profile(&arena, sp_str_of(lossy[_i].text)),
                         &environment, &oci));
    sp_spo_write(&oci, &environment, "a\nb", &losses, &text);
    ck_assert_uint_eq(losses.all.count, lossy[_i].what != NULL);
    if (lossy[_i].what != NULL) {
        ck_assert_str_eq(losses.all.at[0].what, lossy[_i].what);
        ck_assert_str_eq(losses.all.at[0].became, lossy[_i].became);
        ck_assert_uint_eq(losses.all.at[0].calls.count, lossy[_i].call != NULL);
    }
    if (lossy[_i].call != NULL) {
        ck_assert(sp_losses_has(&losses, lossy[_i].call));
    }
    ck_assert_msg(strstr(text.data, lossy[_i].has) != NULL, "%s", text.data);
    ck_assert_msg(lossy[_i].hasnt == NULL || strstr(text.data, lossy[_i].hasnt) == NULL, "%s",
                  text.data);
    ck_assert_ptr_nonnull(strstr(text.data, "# a?b, for"));
}
END_TEST

/* ---- names --------------------------------------------------------------------------- */

static const struct {
    const char *name;
    const char *object;
} names[] = {
    { "docker", "docker" },
    { "docker@29.4.3", "docker-29.4.3" },
    { "a/b/Web_Server.json", "web-server" },
    { "<stdin>", "stdin" },
    { "a..b.-c", "a-b-c" },
    { "...", "profile" },
    { "", "profile" },
    { "\xc3\xbc" "ber.yaml", "ber" },
    { "0123456789012345678901234567890123456789012345678901234567890123456789",
      "012345678901234567890123456789012345678901234567890123456789012" },
};

START_TEST(a_profile_has_a_name_that_kubernetes_takes)
{
    SP_BUF(buf);

    sp_spo_write_name(names[_i].name, &buf);
    ck_assert_str_eq(buf.data, names[_i].object);
}
END_TEST

SP_SUITE(spo_write)
{
    TCase *tcase = sp_testing_case(suite, "spo");

    tcase_add_loop_test(tcase, what_the_operator_is_given_means_the_same, 0, SP_WRITTEN_SLICES);
    tcase_add_loop_test(tcase, a_default_means_the_same_to_the_operator, 0,
                        SP_WRITTEN_VARIANTS);
    tcase_add_loop_test(tcase, a_loss_is_named, 0, (int)(sizeof lossy / sizeof *lossy));
    tcase_add_loop_test(tcase, a_profile_has_a_name_that_kubernetes_takes, 0,
                        (int)(sizeof names / sizeof *names));
}
