/* Which reader a text gets, and what a SeccompProfile becomes. */
#include "base/testing.h"
#include "format/read.h"
#include "format/read_looks.h"

#include <string.h>

/* ---- which reader ---------------------------------------------------------------------- */

static const struct {
    const char *name;
    struct sp_str text;
    enum sp_dialect dialect;
    const char *language;
} told[] = {
#define TEXT(literal) { .ptr = literal, .len = sizeof(literal) - 1 }
    { "a.json", TEXT("read: 1"), SP_DIALECT_UNKNOWN, "JSON" },
    { "a.json", TEXT("[Service]"), SP_DIALECT_UNKNOWN, "JSON" },
    { "a.yaml", TEXT("a: b"), SP_DIALECT_UNKNOWN, "YAML" },
    { "a.yml", TEXT("\n {\"a\": 1}"), SP_DIALECT_UNKNOWN, "JSON" },
    { "a.service", TEXT("nothing"), SP_DIALECT_UNKNOWN, "systemd unit" },
    { "a.service", TEXT("[Service]\n"), SP_DIALECT_UNKNOWN, "systemd unit" },
    { "a.service.d/10.conf", TEXT("# x\n[Service]\n"), SP_DIALECT_UNKNOWN, "systemd unit" },
    { "a.policy", TEXT("what?"), SP_DIALECT_UNKNOWN, "minijail policy" },
    { "a.policy", TEXT("read: 1"), SP_DIALECT_UNKNOWN, "minijail policy" },
    { "a.policy", TEXT("/* x */ POLICY a {}"), SP_DIALECT_UNKNOWN, "Kafel policy" },
    { "a.policy", TEXT("# x\n{ read, write }: allow\n"), SP_DIALECT_UNKNOWN, "minijail policy" },
    { "a", TEXT("{read, write}: arg0 == 1"), SP_DIALECT_UNKNOWN, "minijail policy" },
    { "a", TEXT("@denylist\n"), SP_DIALECT_UNKNOWN, "minijail policy" },
    { "a", TEXT("read: {\n  allow\n}"), SP_DIALECT_UNKNOWN, "minijail policy" },
    { "a", TEXT("read[arch=x86_64]: 1"), SP_DIALECT_UNKNOWN, "minijail policy" },
    { "a", TEXT("{ defaultAction: 1 }"), SP_DIALECT_UNKNOWN, "JSON" },
    { "a.kafel", TEXT("read: 1"), SP_DIALECT_UNKNOWN, "Kafel policy" },
    { "a.bpf", TEXT("12345678"), SP_DIALECT_UNKNOWN, "BPF program" },
    { "<stdin>", TEXT("\x06\0\0\0\0\0\xff\x7f"), SP_DIALECT_UNKNOWN, "BPF program" },
    { "<stdin>", TEXT("read: 1\n"), SP_DIALECT_UNKNOWN, "minijail policy" },
    { "<stdin>", TEXT("DEFAULT ALLOW\n"), SP_DIALECT_UNKNOWN, "Kafel policy" },
    { "a.profile", TEXT("include x"), SP_DIALECT_UNKNOWN, "firejail profile" },
    { "a.list", TEXT("foo"), SP_DIALECT_UNKNOWN, "list of system calls" },
    { "a.yaml", TEXT("{{- if .Values.a }}\n---\n"), SP_DIALECT_UNKNOWN, "YAML" },
    { "a.json", TEXT("{{- if .Values.a }}\n"), SP_DIALECT_UNKNOWN, "JSON" },
    { "a.txt", TEXT("{\"defaultAction\": 1}"), SP_DIALECT_UNKNOWN, "JSON" },
    { "a", TEXT("\xef\xbb\xbf{}"), SP_DIALECT_UNKNOWN, "JSON" },
    { "a", TEXT("[\n]"), SP_DIALECT_UNKNOWN, "JSON" },
    { "a", TEXT("[Service"), SP_DIALECT_UNKNOWN, "JSON" },
    { "a", TEXT("// remark\n{}"), SP_DIALECT_UNKNOWN, "JSON" },
    { "a", TEXT(""), SP_DIALECT_UNKNOWN, "JSON" },
    { "a", TEXT("what?"), SP_DIALECT_UNKNOWN, "JSON" },
    { "<stdin>", TEXT("\n; x\n[Service]\nUser=a"), SP_DIALECT_UNKNOWN, "systemd unit" },
    { "<stdin>", TEXT("# x\napiVersion: v1\n"), SP_DIALECT_UNKNOWN, "YAML" },
    { "<stdin>", TEXT("---\na: b\n"), SP_DIALECT_UNKNOWN, "YAML" },
    { "<stdin>", TEXT("# x\ninclude y\nseccomp.drop mount\n"), SP_DIALECT_UNKNOWN,
      "firejail profile" },
    { "<stdin>", TEXT("# x\nread, write # both\nfoo\n"), SP_DIALECT_UNKNOWN,
      "list of system calls" },
    { "<stdin>", TEXT("@basic-io 'read'"), SP_DIALECT_UNKNOWN, "list of system calls" },
    { "a.json", TEXT("{}"), SP_DIALECT_SYSTEMD, "systemd unit" },
    { "a.json", TEXT("{}"), SP_DIALECT_SPO, "JSON" },
    { "a", TEXT("a: b"), SP_DIALECT_SPO, "YAML" },
    { "a", TEXT("a: b"), SP_DIALECT_DOCKER, "JSON" },
    { "a.yaml", TEXT("a: b"), SP_DIALECT_OCI, "YAML" },
    { "a", TEXT("read"), SP_DIALECT_LIST, "list of system calls" },
};

START_TEST(a_name_and_a_text_tell_the_reader)
{
    SP_SCRATCH(arena);
    const struct sp_source *source = sp_source_new(&arena, told[_i].name, told[_i].text);

    ck_assert_str_eq(sp_read_language(source, told[_i].dialect), told[_i].language);
    ck_assert(sp_read_is_json(source, told[_i].dialect)
              == (strcmp(told[_i].language, "JSON") == 0));
}
END_TEST

static const struct {
    const char *text;
    bool kafel;
    bool minijail;
    bool firejail;
} looks[] = {
    { "POLICY a { ALLOW { read } } USE a DEFAULT KILL", true, false, false },
    { "/* x */ // y\n#define A 1\n", true, false, false },
    { "ALLOW { read }", true, false, false },
    { "ERRNO(1) { read }\nDEFAULT ALLOW", true, false, false },
    { "DEFAULT KILL", true, false, false },
    { "DEFAULT", false, false, false },
    { "/* x", false, false, false },
    { "read: 1", false, true, false },
    { "# x\n\nioctl: arg1 == 0x5401\n", false, true, false },
    { "@include ./a.policy\n", false, true, false },
    { "open: return ENOENT\n", false, true, false },
    { "a: b\n", false, false, false },
    { "read:\n  - 1\n", false, false, false },
    { "seccomp\n", false, false, true },
    { "caps.drop all\nseccomp.keep read,write\n", false, false, true },
    { "seccompx\n", false, false, false },
};

START_TEST(a_text_looks_like_one_language)
{
    struct sp_str text = sp_str_of(looks[_i].text);

    ck_assert(sp_read_looks_kafel(text) == looks[_i].kafel);
    ck_assert(sp_read_looks_minijail(text) == looks[_i].minijail);
    ck_assert(sp_read_looks_firejail(text) == looks[_i].firejail);
}
END_TEST

START_TEST(a_path_ends_like_a_profile)
{
    ck_assert(sp_read_has_ending("a.json"));
    ck_assert(sp_read_has_ending("web.service"));
    ck_assert(sp_read_has_ending("web.service.d/10-seccomp.conf"));
    ck_assert(!sp_read_has_ending("docker@24.0.9"));
    ck_assert(!sp_read_has_ending("service"));
    ck_assert(!sp_read_has_ending(""));
}
END_TEST

/* ---- the operator's profiles ------------------------------------------------------------- */

struct told {
    struct sp_report report;
    struct sp_detected detected;
    struct sp_doc doc;
    bool is_read;
};

static struct told
read_text(struct sp_arena *arena, const char *name, const char *text, enum sp_dialect dialect)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct told read = { .report = { .arena = arena } };
    struct sp_source *source = sp_source_new(arena, name, sp_str_of(text));

    ck_assert(sp_source_index(arena, source));
    read.is_read = sp_read_document(arena, source, &limits, dialect, &read.report, &read.doc,
                                    &read.detected);
    ck_assert(!read.report.failed);
    ck_assert(read.is_read || read.report.diags.count > 0);
    return read;
}

#define SPO(version) \
    "apiVersion: security-profiles-operator.x-k8s.io/" version "\nkind: SeccompProfile\n" \
    "metadata:\n  name: a\nspec:\n"
#define RULE \
    "  defaultAction: SCMP_ACT_ERRNO\n  syscalls:\n  - names: [read]\n" \
    "    action: SCMP_ACT_TRACE\n"

START_TEST(a_profile_of_the_operator_is_its_spec)
{
    static const char *const versions[] = { SPO("v1") RULE "    errnoRet: 5\n",
                                            SPO("v1beta1") RULE "    errnoRet: 5\n",
                                            SPO("v1beta1") RULE "    errnoRet: \"5\"\n",
                                            SPO("v1alpha1") RULE "    errnoRet: \"5\"\n" };
    SP_SCRATCH(arena);

    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        struct told read = read_text(&arena, "<stdin>", versions[i], SP_DIALECT_UNKNOWN);
        ck_assert(read.is_read);
        ck_assert_int_eq((int)read.detected.dialect, SP_DIALECT_SPO);
        ck_assert_int_eq((int)read.detected.looks, SP_LOOKS_PROFILE);
        const struct sp_profile *profile = sp_profile_read(&arena, &read.doc, read.detected);
        ck_assert_int_eq((int)profile->default_action, SP_ACTION_ERRNO);
        ck_assert_uint_eq(profile->rule_count, 1);
        ck_assert(profile->rules[0].errno_ret.given);
        ck_assert_uint_eq(profile->rules[0].errno_ret.value, 5);
    }
}
END_TEST

START_TEST(a_number_in_quotes_is_no_number_for_version_one)
{
    SP_SCRATCH(arena);
    struct told read = read_text(&arena, "a.yaml", SPO("v1") RULE "    errnoRet: \"5\"\n",
                                 SP_DIALECT_UNKNOWN);
    const struct sp_profile *profile = sp_profile_read(&arena, &read.doc, read.detected);

    ck_assert(!profile->rules[0].errno_ret.given);
}
END_TEST

START_TEST(what_is_the_operators_own_is_taken_out)
{
    SP_SCRATCH(arena);
    struct told read = read_text(
        &arena, "a.yaml",
        SPO("v1") "  state: Enabled\n  disabled: false\n  baseProfileName: \"\"\n" RULE,
        SP_DIALECT_UNKNOWN);
    const struct sp_node *spec = read.detected.profile;

    ck_assert(read.is_read);
    ck_assert_uint_eq(spec->count, 2);
    ck_assert(sp_str_is(spec->first->key, "defaultAction"));
    ck_assert_uint_eq(spec->first->index, 0);
    ck_assert(sp_str_is(spec->first->next->key, "syscalls"));
    ck_assert_uint_eq(spec->first->next->index, 1);
    ck_assert_ptr_null(spec->first->next->next);
}
END_TEST

START_TEST(the_profile_among_many_objects_is_found_where_it_stands)
{
    static const char text[] =
        "# \xc3\xbc\n---\nkind: Pod\nanchor: &a 1\n---\n" SPO("v1") RULE "---\nx: *a\n";
    SP_SCRATCH(arena);
    struct told read = read_text(&arena, "a.yaml", text, SP_DIALECT_UNKNOWN);

    ck_assert(read.is_read);
    ck_assert_int_eq((int)read.detected.dialect, SP_DIALECT_SPO);
    const struct sp_node *action = sp_node_member(read.detected.profile, "defaultAction");
    struct sp_position at = sp_source_position(read.doc.source, action->span.start);
    ck_assert_uint_eq(at.line, 11);
    ck_assert_uint_eq(at.column, 18);
    ck_assert(sp_str_is(sp_source_slice(read.doc.source, action->span), "SCMP_ACT_ERRNO"));
}
END_TEST

/* What cannot be read, or does not say what it means. */
static const struct {
    const char *name;
    const char *text;
    enum sp_dialect dialect;
    unsigned line;
    unsigned column;
    const char *message;
} faults[] = {
    { "a.yaml", SPO("v1") "  baseProfileName: oci://x\n" RULE, SP_DIALECT_UNKNOWN, 6, 20,
      "the operator adds the rules of another profile, `oci://x`: this text alone does not say "
      "what it means" },
    { "a.yaml", "# x\ndefaultAction: SCMP_ACT_ALLOW\n", SP_DIALECT_UNKNOWN, 2, 1,
      "this profile is written in YAML, and engines read JSON" },
    { "a.yaml", "kind: Pod\n", SP_DIALECT_SPO, 1, 1,
      "this is no SeccompProfile of the Security Profiles Operator" },
    { "a.json", "{\"kind\": \"Pod\"}", SP_DIALECT_SPO, 1, 1,
      "this is no SeccompProfile of the Security Profiles Operator" },
    { "a.yaml", "---\na: 1\n---\n" SPO("v1") "  x: {{\n", SP_DIALECT_UNKNOWN, 9, 7, NULL },
    { "a.yaml", SPO("v1") RULE "---\n" SPO("v1") RULE, SP_DIALECT_UNKNOWN, 10, 1,
      "a second document begins here" },
};

START_TEST(a_fault_is_told_where_it_stands)
{
    SP_SCRATCH(arena);
    struct told read = read_text(&arena, faults[_i].name, faults[_i].text, faults[_i].dialect);

    ck_assert(!read.is_read);
    const struct sp_diag *diag = read.report.diags.at[0];
    struct sp_position at = sp_source_position(diag->place.source, diag->place.span.start);
    ck_assert_uint_eq(diag->code, 101);
    ck_assert_uint_eq(at.line, faults[_i].line);
    ck_assert_uint_eq(at.column, faults[_i].column);
    if (faults[_i].message != NULL) {
        ck_assert_str_eq(diag->message, faults[_i].message);
    }
}
END_TEST

static const struct {
    const char *text;
    unsigned code;
} findings[] = {
    { SPO("v1") "  defaultErrnoRet: 38\n" RULE, 103 },
    { SPO("v1") "  architectures: [SCMP_ARCH_LOONGARCH64]\n" RULE, 111 },
};

START_TEST(what_the_schema_lacks_is_told)
{
    SP_SCRATCH(arena);
    struct told read = read_text(&arena, "a.yaml", findings[_i].text, SP_DIALECT_UNKNOWN);

    ck_assert(read.is_read);
    ck_assert_uint_eq(read.report.diags.count, 1);
    ck_assert_uint_eq(read.report.diags.at[0]->code, findings[_i].code);
    ck_assert_ptr_null(sp_node_member(read.detected.profile, "defaultErrnoRet"));
}
END_TEST

/* ---- what somebody says it is ------------------------------------------------------------ */

static const struct {
    const char *text;
    enum sp_dialect dialect;
    enum sp_looks looks;
    enum sp_dialect read;
    bool has_profile;
} forced[] = {
    { "{\"defaultAction\": \"SCMP_ACT_LOG\"}", SP_DIALECT_UNKNOWN, SP_LOOKS_PROFILE, SP_DIALECT_OCI,
      true },
    { "{\"defaultAction\": \"SCMP_ACT_LOG\"}", SP_DIALECT_DOCKER, SP_LOOKS_PROFILE,
      SP_DIALECT_DOCKER, true },
    { "{\"archMap\": []}", SP_DIALECT_OCI, SP_LOOKS_PROFILE, SP_DIALECT_OCI, true },
    { "{\"a\": 1}", SP_DIALECT_OCI, SP_LOOKS_PROFILE, SP_DIALECT_OCI, true },
    { "{}", SP_DIALECT_DOCKER, SP_LOOKS_EMPTY, SP_DIALECT_DOCKER, true },
    { "{\"defaultAction\": \"SCMP_ACT_LOG\"}", SP_DIALECT_CONFIG, SP_LOOKS_CONFIG_BARE,
      SP_DIALECT_CONFIG, false },
    { "{\"ociVersion\": \"1\", \"linux\": {\"seccomp\": {}}}", SP_DIALECT_CONFIG, SP_LOOKS_CONFIG,
      SP_DIALECT_CONFIG, true },
    { "[]", SP_DIALECT_DOCKER, SP_LOOKS_OTHER, SP_DIALECT_UNKNOWN, false },
};

START_TEST(what_somebody_says_it_is_it_is)
{
    SP_SCRATCH(arena);
    struct told read = read_text(&arena, "a.json", forced[_i].text, forced[_i].dialect);

    ck_assert(read.is_read);
    ck_assert_int_eq((int)read.detected.looks, (int)forced[_i].looks);
    ck_assert_int_eq((int)read.detected.dialect, (int)forced[_i].read);
    ck_assert((read.detected.profile != NULL) == forced[_i].has_profile);
}
END_TEST

START_TEST(dialects_are_sorted_and_have_texts)
{
    for (size_t i = 0; i < sp_dialect_names.count; i++) {
        const struct sp_name *row = &sp_dialect_names.rows[i];
        ck_assert(i == 0 || strcmp(row[-1].name, row->name) < 0);
        ck_assert_str_ne(sp_dialect_text((enum sp_dialect)row->value), "no profile");
    }
    ck_assert_str_eq(sp_dialect_text(SP_DIALECT_UNKNOWN), "no profile");
}
END_TEST

START_TEST(a_foreign_text_is_read_by_no_engine)
{
    struct sp_target target = { .engine = SP_ENGINE_DOCKER };
    struct sp_target given = { .engine = SP_ENGINE_DOCKER, .engine_given = true };

    sp_read_choose_engine(SP_DIALECT_DOCKER, &target);
    ck_assert_int_eq((int)target.engine, SP_ENGINE_DOCKER);
    sp_read_choose_engine(SP_DIALECT_SPO, &target);
    ck_assert_int_eq((int)target.engine, SP_ENGINE_OCI);
    ck_assert_int_eq((int)target.runtime, SP_RUNTIME_RUNC);
    sp_read_choose_engine(SP_DIALECT_SYSTEMD, &target);
    ck_assert_int_eq((int)target.runtime, SP_RUNTIME_CRUN);
    sp_read_choose_engine(SP_DIALECT_SYSTEMD, &given);
    ck_assert_int_eq((int)given.engine, SP_ENGINE_DOCKER);
    ck_assert_int_eq((int)given.runtime, SP_RUNTIME_RUNC);
}
END_TEST

#define ROWS(table) (int)(sizeof table / sizeof *table)

SP_SUITE(read)
{
    TCase *tcase = sp_testing_case(suite, "reader");
    tcase_add_loop_test(tcase, a_name_and_a_text_tell_the_reader, 0, ROWS(told));
    tcase_add_loop_test(tcase, a_text_looks_like_one_language, 0, ROWS(looks));
    tcase_add_test(tcase, a_path_ends_like_a_profile);

    tcase = sp_testing_case(suite, "spo");
    tcase_add_test(tcase, a_profile_of_the_operator_is_its_spec);
    tcase_add_test(tcase, a_number_in_quotes_is_no_number_for_version_one);
    tcase_add_test(tcase, what_is_the_operators_own_is_taken_out);
    tcase_add_test(tcase, the_profile_among_many_objects_is_found_where_it_stands);
    tcase_add_loop_test(tcase, a_fault_is_told_where_it_stands, 0, ROWS(faults));
    tcase_add_loop_test(tcase, what_the_schema_lacks_is_told, 0, ROWS(findings));

    tcase = sp_testing_case(suite, "dialects");
    tcase_add_loop_test(tcase, what_somebody_says_it_is_it_is, 0, ROWS(forced));
    tcase_add_test(tcase, dialects_are_sorted_and_have_texts);
    tcase_add_test(tcase, a_foreign_text_is_read_by_no_engine);
}
