/* What is written is the same profile, and what a runtime is given means the same. */
#include "base/testing.h"
#include "format/defaults_write.h"
#include "format/profile_read.h"
#include "format/profile_testing.h"
#include "format/profile_write.h"
#include "format/read.h"
#include "format/spo_write.h"
#include "kb/defaults.h"
#include "sem/meaning.h"
#include "sem/random_profiles_testing.h"

#include <string.h>

enum { SLICES = 8, PROFILES = 60, SEED = 20261125 };

/* ---- the same profile ------------------------------------------------------------------ */

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
    same_value(sp_node_member(left->node, "x-secprof"), sp_node_member(right->node, "x-secprof"));
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
        same_words(&left->arch_maps[i].sub_architectures, &right->arch_maps[i].sub_architectures);
    }
    ck_assert_uint_eq(left->rule_count, right->rule_count);
    for (size_t i = 0; i < left->rule_count; i++) {
        same_rule(&left->rules[i], &right->rules[i]);
    }
    same_value(sp_node_member(left->node, "x-secprof"), sp_node_member(right->node, "x-secprof"));
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

START_TEST(a_random_profile_is_read_back_as_it_was)
{
    uint64_t seed = SEED + (uint64_t)_i;

    for (unsigned i = 0; i < PROFILES; i++) {
        SP_SCRATCH(arena);
        SP_BUF(text);
        struct sp_environment environment;

        sp_random_profile(&seed, &text, &environment);
        check_written(&arena, sp_testing_profile(&arena, sp_buf_view(&text)));
    }
}
END_TEST

static const char *const builtin[] = { "docker", "podman" };

static struct sp_str
builtin_text(struct sp_arena *arena, const char *name)
{
    SP_BUF(buf);

    sp_defaults_write(sp_kb_default_find(sp_str_of(name)), &buf);
    return (struct sp_str){ .ptr = sp_arena_copy(arena, sp_buf_view(&buf)), .len = buf.len };
}

START_TEST(a_default_is_read_back_as_it_was)
{
    SP_SCRATCH(arena);

    check_written(&arena, sp_testing_profile(&arena, builtin_text(&arena, builtin[_i])));
}
END_TEST

/* Docker's default is written as Docker writes it. */
START_TEST(a_default_keeps_its_bytes)
{
    SP_SCRATCH(arena);
    SP_BUF(written);
    struct sp_str text = builtin_text(&arena, "docker");

    sp_profile_write(sp_testing_profile(&arena, text), &written);
    ck_assert(sp_str_equal(sp_str_trim(sp_buf_view(&written)), sp_str_trim(text)));
}
END_TEST

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

    ck_assert(sp_read_document(&arena, sp_source_new(&arena, "a.yaml", sp_str_of(text)), &limits,
                               SP_DIALECT_DOCKER, &report, &doc, &detected));
    sp_profile_write(sp_profile_read(&arena, &doc, detected), &written);
    const struct sp_profile *again = sp_testing_profile(&arena, sp_buf_view(&written));
    const struct sp_node *value = sp_node_member(again->node, "x-secprof")->first;
    static const char *const wanted[] = { "16", "15", ".inf", "1", ".5", "1.", "-2.5", "1e3" };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++, value = value->next) {
        ck_assert_msg(sp_str_is(value->text, wanted[i]), "%s", written.data);
    }
}
END_TEST

/* ---- the same meaning ------------------------------------------------------------------ */

struct compared {
    unsigned filters;
    unsigned losses;
};

static struct sp_meaning *
mean(struct sp_arena *arena, struct sp_dd_store *store, const struct sp_profile *profile,
     const struct sp_environment *environment)
{
    struct sp_meaning *meaning;

    ck_assert(sp_meaning_make(arena, store, profile, environment, &meaning));
    return meaning;
}

/* A rule that is left out may take the head of an architecture's rules, or the last call
 * that runc thinks the profile knows, and so change calls that it does not name. */
static bool
reaches_others(const struct sp_meaning *meaning, size_t arch)
{
    return meaning->environment.runtime == SP_RUNTIME_RUNC || meaning->arches[arch].headless;
}

/* Every call of every architecture that one of them has, but for those in `losses`, which
 * may be NULL. */
static void
same_meaning(struct sp_meaning *left, struct sp_meaning *right, const struct sp_losses *losses,
             const char *text)
{
    ck_assert_uint_eq(left->arch_count, right->arch_count);
    for (size_t i = 0; i < left->arch_count; i++) {
        const struct sp_kb_arch *arch = left->arches[i].arch;
        if (losses != NULL && losses->all.count > 0
            && (reaches_others(left, i) || reaches_others(right, i))) {
            continue;
        }
        for (size_t j = 0; j < sp_kb_syscalls_count; j++) {
            const struct sp_kb_syscall *call = &sp_kb_syscalls[j];
            int64_t nr = sp_kb_number(arch, call);
            if (nr == SP_KB_NO_NUMBER
                || (losses != NULL && sp_losses_has(losses, sp_kb_text(call->name)))) {
                continue;
            }
            ck_assert_msg(sp_meaning_of(left, arch, (uint32_t)nr, SP_READING_ENFORCED)
                              == sp_meaning_of(right, arch, (uint32_t)nr, SP_READING_ENFORCED),
                          "%s on %s\n%.3000s", sp_kb_text(call->name), sp_kb_text(arch->name), text);
        }
        ck_assert(sp_meaning_of(left, arch, 5000000, SP_READING_ENFORCED)
                  == sp_meaning_of(right, arch, 5000000, SP_READING_ENFORCED));
    }
}

static void
check_oci(const struct sp_profile *profile, const struct sp_environment *environment,
          struct compared *compared)
{
    SP_SCRATCH(arena);
    SP_BUF(text);
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
    struct sp_environment plain = *environment;
    struct sp_meaning *engine = mean(&arena, store, profile, environment);

    plain.engine = SP_ENGINE_OCI;
    plain.engine_version = (struct sp_version){ .major = 0 };
    if (engine->oci.resolution == SP_RESOLUTION_PROFILE) {
        sp_profile_write_oci(&engine->oci, environment->engine, &text);
        struct sp_meaning *runtime =
            mean(&arena, store, sp_testing_profile(&arena, sp_buf_view(&text)), &plain);
        ck_assert_msg(engine->start == runtime->start, "%s", text.data);
        if (engine->start == SP_START_FILTER) {
            same_meaning(engine, runtime, NULL, text.data);
            compared->filters++;
        }
    }
    sp_dd_store_free(store);
}

START_TEST(what_a_runtime_is_given_means_the_same)
{
    uint64_t seed = SEED + (uint64_t)_i;
    struct compared compared = { .filters = 0 };

    for (unsigned i = 0; i < PROFILES; i++) {
        SP_SCRATCH(arena);
        SP_BUF(text);
        struct sp_environment environment;

        sp_random_profile(&seed, &text, &environment);
        check_oci(sp_testing_profile(&arena, sp_buf_view(&text)), &environment, &compared);
    }
    ck_assert_uint_gt(compared.filters, PROFILES / 2);
}
END_TEST

static struct sp_environment
environment_of(unsigned variant, const char *name)
{
    static const char *const hosts[] = { "x86_64", "aarch64", "s390x" };

    return (struct sp_environment){
        .engine = strcmp(name, "podman") == 0 ? SP_ENGINE_PODMAN : SP_ENGINE_DOCKER,
        .runtime = variant % 2 == 0 ? SP_RUNTIME_RUNC : SP_RUNTIME_CRUN,
        .libseccomp = sp_compile_libseccomp(),
        .host = sp_kb_arch_find(sp_str_of(hosts[variant / 2 % 3])),
        .kernel = { .major = 6, .minor = 12 },
        .caps = variant / 6 == 0 ? 0 : variant / 6 == 1 ? UINT64_MAX >> 22 : 0xa80425fb,
    };
}

enum { VARIANTS = 18 };

START_TEST(a_default_means_the_same_to_a_runtime)
{
    SP_SCRATCH(arena);
    struct compared compared = { .filters = 0 };

    for (size_t i = 0; i < sizeof builtin / sizeof *builtin; i++) {
        struct sp_environment environment = environment_of((unsigned)_i, builtin[i]);
        check_oci(sp_testing_profile(&arena, builtin_text(&arena, builtin[i])), &environment,
                  &compared);
    }
    ck_assert_uint_eq(compared.filters, sizeof builtin / sizeof *builtin);
}
END_TEST

/* ---- the operator's ---------------------------------------------------------------------- */

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

static void
check_spo(const struct sp_profile *profile, const struct sp_environment *environment,
          struct compared *compared)
{
    SP_SCRATCH(arena);
    SP_BUF(text);
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
    struct sp_environment plain = *environment;
    struct sp_meaning *engine = mean(&arena, store, profile, environment);
    struct sp_losses losses = { .arena = &arena };
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = &arena };
    struct sp_detected detected;
    struct sp_doc doc;

    plain.engine = SP_ENGINE_OCI;
    plain.engine_version = (struct sp_version){ .major = 0 };
    if (engine->oci.resolution == SP_RESOLUTION_PROFILE) {
        sp_spo_write(&engine->oci, environment, "some/Name@1.json", &losses, &text);
        ck_assert(!text.failed && !losses.failed);
        ck_assert_msg(sp_read_document(&arena, sp_source_new(&arena, "t", sp_buf_view(&text)),
                                       &limits, SP_DIALECT_UNKNOWN, &report, &doc, &detected),
                      "%s", text.data);
        ck_assert_int_eq((int)detected.dialect, SP_DIALECT_SPO);
        check_schema(doc.root, "");
        struct sp_meaning *read =
            mean(&arena, store, sp_profile_read(&arena, &doc, detected), &plain);
        bool is_whole = true;
        for (size_t i = 0; i < losses.all.count; i++) {
            is_whole = is_whole && losses.all.at[i].calls.count > 0;
        }
        compared->losses += losses.all.count > 0;
        if (engine->start == SP_START_FILTER && is_whole) {
            ck_assert_msg(read->start == SP_START_FILTER, "%s\n%s", read->why, text.data);
            same_meaning(engine, read, &losses, text.data);
            compared->filters++;
        }
    }
    sp_dd_store_free(store);
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

START_TEST(what_the_operator_is_given_means_the_same)
{
    uint64_t seed = SEED + (uint64_t)_i;
    struct compared compared = { .filters = 0 };

    for (unsigned i = 0; i < PROFILES; i++) {
        SP_SCRATCH(arena);
        SP_BUF(text);
        SP_BUF(operators);
        struct sp_environment environment;

        sp_random_profile(&seed, &text, &environment);
        make_operators(sp_buf_view(&text), &operators);
        check_spo(sp_testing_profile(&arena, sp_buf_view(&operators)), &environment, &compared);
    }
    ck_assert_uint_gt(compared.filters, PROFILES / 3);
    ck_assert_uint_gt(compared.losses, 0);
}
END_TEST

START_TEST(a_default_means_the_same_to_the_operator)
{
    SP_SCRATCH(arena);
    struct compared compared = { .filters = 0 };

    for (size_t i = 0; i < sizeof builtin / sizeof *builtin; i++) {
        struct sp_environment environment = environment_of((unsigned)_i, builtin[i]);
        check_spo(sp_testing_profile(&arena, builtin_text(&arena, builtin[i])), &environment,
                  &compared);
    }
    /* Podman's default answers ENOSYS, which the operator has no key for. */
    ck_assert_uint_eq(compared.filters, 1);
    ck_assert_uint_eq(compared.losses, 1);
}
END_TEST

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
    { OF("\"defaultErrnoRet\":1"), NULL, NULL, NULL, "defaultAction: SCMP_ACT_ERRNO", "rrnoRet" },
    { OF("\"defaultErrnoRet\":38"), "the operator has no number for the default action",
      "calls that no rule names get EPERM", NULL, "kind: SeccompProfile", "rrnoRet" },
    { OF("\"architectures\":[\"SCMP_ARCH_X86\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X86_64\"]"), NULL, NULL,
      NULL, "  - SCMP_ARCH_X86\n  - SCMP_ARCH_X86_64\n", "SCMP_ARCH_X86\n  - SCMP_ARCH_X86\n" },
    { OF("\"architectures\":[\"SCMP_ARCH_LOONGARCH64\"]"),
      "the operator knows no architecture SCMP_ARCH_LOONGARCH64", "its programs are killed", NULL,
      "spec:", "LOONG" },
    { OF("\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"]"), NULL, NULL, NULL, "- SECCOMP_FILTER_FLAG_LOG",
      NULL },
    { OF("\"listenerPath\":\"/run/x.sock\",\"listenerMetadata\":\"m\""), NULL, NULL, NULL, "spec:",
      "listener" },
    { OF("\"listenerPath\":\"/run/x.sock\",\"listenerMetadata\":\"m\",\"syscalls\":[{\"names\":"
         "[\"read\"],\"action\":\"SCMP_ACT_NOTIFY\"}]"),
      "the operator takes listeners in /var/run/security-profiles-operator/ alone",
      "no listener is written", NULL, "spec:", "listener" },
    { OF("\"listenerPath\":\"/var/run/security-profiles-operator/a.sock\",\"listenerMetadata\":\"m\""),
      NULL, NULL, NULL, "listenerMetadata: m", NULL },
    { "{\"defaultAction\":\"SCMP_ACT_NOTIFY\",\"syscalls\":[]}",
      "the operator takes no such default action", "it is SCMP_ACT_ERRNO", NULL, "SCMP_ACT_ERRNO",
      "NOTIFY" },
    { CALL("\"action\":\"SCMP_ACT_ALLOW\""), NULL, NULL, NULL, "    - read\n    action", "read\n    - read" },
    { CALL("\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":0"), "the operator drops an errnoRet of 0",
      "these calls get EPERM", "read", "action: SCMP_ACT_ERRNO", "errnoRet" },
    { CALL("\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38"), NULL, NULL, NULL, "errnoRet: 38", NULL },
    { CALL("\"action\":\"SCMP_ACT_TRACE\",\"errnoRet\":5000"),
      "the operator takes an errnoRet up to 4095", "it is 4095", "read", "errnoRet: 4095", NULL },
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
    struct sp_environment environment = environment_of(0, "docker");
    struct sp_oci oci;

    environment.engine = SP_ENGINE_OCI;
    ck_assert(sp_resolve(&arena, sp_testing_profile(&arena, sp_str_of(lossy[_i].text)), &environment,
                         &oci));
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

SP_SUITE(profile_write)
{
    TCase *tcase = sp_testing_case(suite, "docker");
    tcase_add_test(tcase, everything_that_is_read_is_written);
    tcase_add_test(tcase, numbers_of_other_texts_become_json);
    tcase_add_test(tcase, a_default_keeps_its_bytes);
    tcase_add_loop_test(tcase, a_default_is_read_back_as_it_was, 0,
                        (int)(sizeof builtin / sizeof *builtin));
    tcase_add_loop_test(tcase, a_random_profile_is_read_back_as_it_was, 0, SLICES);

    tcase = sp_testing_case(suite, "oci");
    tcase_add_loop_test(tcase, what_a_runtime_is_given_means_the_same, 0, SLICES);
    tcase_add_loop_test(tcase, a_default_means_the_same_to_a_runtime, 0, VARIANTS);

    tcase = sp_testing_case(suite, "spo");
    tcase_add_loop_test(tcase, what_the_operator_is_given_means_the_same, 0, SLICES);
    tcase_add_loop_test(tcase, a_default_means_the_same_to_the_operator, 0, VARIANTS);
    tcase_add_loop_test(tcase, a_loss_is_named, 0, (int)(sizeof lossy / sizeof *lossy));
    tcase_add_loop_test(tcase, a_profile_has_a_name_that_kubernetes_takes, 0,
                        (int)(sizeof names / sizeof *names));
}
