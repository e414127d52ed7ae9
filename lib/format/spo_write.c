/* Source: kubernetes-sigs/security-profiles-operator,
 * api/seccompprofile/v1beta1/seccompprofile_types.go,
 * api/seccompprofile/v1/seccompprofile_types.go, and the schemas in deploy/base-crds/crds
 * made of them. */
#include "format/spo_write.h"

#include "model/target.h"
#include "text/yaml_write.h"

#include <assert.h>
#include <string.h>

struct writer {
    struct sp_yaml *yaml;
    struct sp_buf *out;
    const struct sp_oci *oci;
    const struct sp_environment *environment;
    struct sp_losses *losses;
};

/* ---- the name -------------------------------------------------------------------------- */

static bool
is_name_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

static char
lowered(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* The last part of a path, without the ending of a profile's file. */
static struct sp_str
stem_of(const char *name)
{
    static const char *const endings[] = { ".json", ".yaml", ".yml", ".policy", ".bpf" };
    const char *slash = strrchr(name, '/');
    struct sp_str stem = sp_str_of(slash == NULL ? name : slash + 1);

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (sp_str_has_suffix(stem, endings[i])) {
            return sp_str_slice(stem, 0, stem.len - strlen(endings[i]));
        }
    }
    return stem;
}

void
sp_spo_write_name(const char *name, struct sp_buf *out)
{
    enum { LONGEST = 63 };
    struct sp_str stem = stem_of(name);
    char text[LONGEST + 1];
    size_t len = 0;

    for (size_t i = 0; i < stem.len && len < LONGEST; i++) {
        char byte = lowered(stem.ptr[i]);
        if (is_name_byte(byte)) {
            text[len++] = byte;
        } else if (len > 0 && is_name_byte(text[len - 1])) {
            text[len++] = byte == '.' ? '.' : '-';
        } else if (len > 0) {
            text[len - 1] = '-';
        }
    }
    while (len > 0 && !is_name_byte(text[len - 1])) {
        len--;
    }
    text[len] = '\0';
    sp_buf_text(out, len > 0 ? text : "profile");
}

/* ---- the heading ----------------------------------------------------------------------- */

/* A name may hold anything, a comment no line end. */
static void
write_plain(struct sp_buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        sp_buf_char(out, (unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text);
    }
}

/* "#   CAP_CHOWN CAP_FSETID", folded. */
static void
write_caps(struct sp_buf *out, uint64_t caps)
{
    enum { WIDTH = 96 };
    size_t start = out->len;

    sp_buf_text(out, "# capabilities:");
    for (size_t i = 0; i < sp_kb_caps_count; i++) {
        const char *name = sp_kb_text(sp_kb_caps[i].name);
        if ((caps >> i & 1) == 0) {
            continue;
        }
        if (out->len - start + 1 + strlen(name) > WIDTH) {
            start = out->len + 1;
            sp_buf_text(out, "\n#  ");
        }
        sp_buf_format(out, " %s", name);
    }
    sp_buf_text(out, caps == 0 ? " none\n" : "\n");
}

static void
write_heading(const struct writer *writer, const char *name)
{
    const struct sp_environment *environment = writer->environment;

    sp_buf_text(writer->out, "# ");
    write_plain(writer->out, name);
    sp_buf_text(writer->out, ", for the Security Profiles Operator, written by secprof\n");
    sp_buf_format(writer->out, "# as read by: %s, then %s, on %s, Linux %u.%u\n",
                  sp_engine_text(environment->engine), sp_runtime_text(environment->runtime),
                  sp_kb_text(environment->host->name), environment->kernel.major,
                  environment->kernel.minor);
    write_caps(writer->out, environment->caps);
}

/* ---- words that the schema knows ------------------------------------------------------- */

/* LOONGARCH64, M68K and SH are not in its list. */
static const struct sp_kb_arch *
find_arch(struct sp_str word)
{
    static const char *const unknown[] = { "loongarch64", "m68k", "sh", "sheb" };
    const struct sp_kb_arch *arch = sp_kb_arch_find(word);

    arch = arch == NULL ? sp_kb_arch_guess(word) : arch;
    for (size_t i = 0; arch != NULL && i < sizeof unknown / sizeof *unknown; i++) {
        if (strcmp(unknown[i], sp_kb_text(arch->name)) == 0) {
            return NULL;
        }
    }
    return arch;
}

static bool
is_host(const struct writer *writer, struct sp_str word)
{
    return sp_kb_arch_guess(word) == writer->environment->host;
}

static void
lose_arch(struct writer *writer, struct sp_str word)
{
    SP_BUF(what);

    sp_buf_format(&what, "the operator knows no architecture %.*s", SP_STR_ARG(word));
    if (what.failed) {
        writer->losses->failed = true;
        return;
    }
    sp_losses_add(writer->losses, NULL, what.data, "its programs are killed");
}

/* Each once: the lists of v1 are sets. */
static bool
stood_before(const struct writer *writer, size_t index, const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < index; i++) {
        if (find_arch(writer->oci->arches.at[i]) == arch) {
            return true;
        }
    }
    return false;
}

static void
write_arches(struct writer *writer)
{
    bool is_open = false;

    for (size_t i = 0; i < writer->oci->arches.count; i++) {
        struct sp_str word = writer->oci->arches.at[i];
        const struct sp_kb_arch *arch = find_arch(word);
        /* The machine's own is in every filter, named or not. */
        if (arch == NULL && !is_host(writer, word)) {
            lose_arch(writer, word);
        }
        if (arch == NULL || stood_before(writer, i, arch)) {
            continue;
        }
        if (!is_open) {
            sp_yaml_open(writer->yaml, "architectures", SP_NODE_ARRAY);
            is_open = true;
        }
        sp_yaml_text(writer->yaml, NULL, sp_str_of(sp_kb_text(arch->token)));
    }
    if (is_open) {
        sp_yaml_close(writer->yaml, SP_NODE_ARRAY);
    }
}

static bool
has_word_before(const struct sp_words *words, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (sp_str_equal(words->at[i].text, words->at[index].text)) {
            return true;
        }
    }
    return false;
}

static void
write_set(struct sp_yaml *yaml, const char *key, const struct sp_words *words)
{
    sp_yaml_open(yaml, key, SP_NODE_ARRAY);
    for (size_t i = 0; i < words->count; i++) {
        if (!has_word_before(words, i)) {
            sp_yaml_text(yaml, NULL, words->at[i].text);
        }
    }
    sp_yaml_close(yaml, SP_NODE_ARRAY);
}

static void
write_flags(struct writer *writer)
{
    if (writer->oci->flags.count > 0) {
        write_set(writer->yaml, "flags", &writer->oci->flags);
    } else if (writer->oci->flags.node != NULL && writer->environment->engine == SP_ENGINE_OCI) {
        sp_losses_add(writer->losses, NULL, "the operator drops an empty list of flags",
                      "the runtime sets SECCOMP_FILTER_FLAG_SPEC_ALLOW");
    }
}

/* `^/var/run/security-profiles-operator/[a-zA-Z0-9_\-\.]+$`, at most 107 bytes. */
static bool
is_listener(struct sp_str path)
{
    enum { LONGEST = 107 };
    const char *folder = "/var/run/security-profiles-operator/";

    if (path.len > LONGEST || path.len == strlen(folder) || !sp_str_has_prefix(path, folder)) {
        return false;
    }
    for (size_t i = strlen(folder); i < path.len; i++) {
        char byte = path.ptr[i];
        if (!is_name_byte(lowered(byte)) && byte != '_' && byte != '-' && byte != '.') {
            return false;
        }
    }
    return true;
}

static bool
notifies(const struct sp_oci *oci)
{
    for (size_t i = 0; i < oci->rules.count; i++) {
        if (oci->rules.at[i].rule->action == SP_ACTION_NOTIFY) {
            return true;
        }
    }
    return false;
}

static void
write_listener(struct writer *writer)
{
    struct sp_str path = writer->oci->listener_path.text;
    struct sp_str metadata = writer->oci->profile->listener_metadata.text;

    if (path.len == 0 || (!is_listener(path) && !notifies(writer->oci))) {
        return;
    }
    if (!is_listener(path)) {
        sp_losses_add(writer->losses, NULL,
                      "the operator takes listeners in /var/run/security-profiles-operator/ alone",
                      "no listener is written");
        return;
    }
    sp_yaml_text(writer->yaml, "listenerPath", path);
    if (metadata.len > 0) {
        sp_yaml_text(writer->yaml, "listenerMetadata", metadata);
    }
}

/* ---- the number of an action ----------------------------------------------------------- */

enum { EPERM_NUMBER = 1, LARGEST_ERRNO = 4095 };

static bool
carries_errno(enum sp_action action)
{
    return action == SP_ACTION_ERRNO || action == SP_ACTION_TRACE;
}

/* socketcall or ipc, when the call is one of those that it reaches. */
static const struct sp_kb_syscall *
multiplexer_of(struct sp_str name)
{
    const struct sp_kb_syscall *call = sp_kb_syscall_find(name);

    for (size_t i = 0; call != NULL && i < call->families.count; i++) {
        const struct sp_kb_family *family =
            &sp_kb_families[sp_kb_family_uses[call->families.first + i]];
        if (strcmp(sp_kb_text(family->kind), "multiplexer") == 0) {
            return &sp_kb_syscalls[sp_kb_indices[family->members.first]];
        }
    }
    return NULL;
}

static bool
has_number(const struct writer *writer, const struct sp_kb_syscall *call)
{
    if (sp_kb_number(writer->environment->host, call) != SP_KB_NO_NUMBER) {
        return true;
    }
    for (size_t i = 0; i < writer->oci->arches.count; i++) {
        const struct sp_kb_arch *arch = sp_kb_arch_guess(writer->oci->arches.at[i]);
        if (arch != NULL && sp_kb_number(arch, call) != SP_KB_NO_NUMBER) {
            return true;
        }
    }
    return false;
}

/* A rule of a multiplexed call is one of its multiplexer, too. */
static void
lose_name(struct writer *writer, const struct sp_word *name, const char *what, const char *became)
{
    const struct sp_kb_syscall *multiplexer = multiplexer_of(name->text);

    sp_losses_add(writer->losses, name->text.ptr, what, became);
    if (multiplexer != NULL && has_number(writer, multiplexer)) {
        sp_losses_add(writer->losses, sp_kb_text(multiplexer->name), what, became);
    }
}

static bool
has_plain_rule(const struct sp_oci *oci, struct sp_str name)
{
    for (size_t i = 0; i < oci->rules.count; i++) {
        const struct sp_oci_rule *rule = &oci->rules.at[i];
        for (size_t j = 0; rule->rule->condition_count == 0 && j < rule->names.count; j++) {
            if (sp_str_equal(rule->names.at[j].text, name)) {
                return true;
            }
        }
    }
    return false;
}

/* Where no condition of a call holds, the default does. */
static void
lose_default_of(struct writer *writer, const struct sp_oci_rule *rule, const char *what)
{
    for (size_t i = 0; i < rule->names.count; i++) {
        if (!has_plain_rule(writer->oci, rule->names.at[i].text)) {
            lose_name(writer, &rule->names.at[i], what,
                      "these calls get EPERM where no condition holds");
        }
    }
}

/* Of the default there is none: runtimes take EPERM. */
static void
check_default_error(struct writer *writer)
{
    static const char what[] = "the operator has no number for the default action";
    const struct sp_oci *oci = writer->oci;
    struct sp_errno_ret error = oci->default_error;

    if (!carries_errno(oci->default_action) || !error.given || error.value == EPERM_NUMBER) {
        return;
    }
    sp_losses_add(writer->losses, NULL, what, "calls that no rule names get EPERM");
    for (size_t i = 0; i < oci->rules.count; i++) {
        if (oci->rules.at[i].rule->condition_count > 0) {
            lose_default_of(writer, &oci->rules.at[i], what);
        }
    }
}

static void
lose_names(struct writer *writer, const struct sp_oci_rule *rule, const char *what, const char *became)
{
    for (size_t i = 0; i < rule->names.count; i++) {
        lose_name(writer, &rule->names.at[i], what, became);
    }
}

static void
write_error(struct writer *writer, const struct sp_oci_rule *rule)
{
    bool counts = carries_errno(rule->rule->action);

    if (!rule->error.given) {
        return;
    }
    if (rule->error.value == 0 && counts) {
        lose_names(writer, rule, "the operator drops an errnoRet of 0", "these calls get EPERM");
    } else if (rule->error.value > LARGEST_ERRNO) {
        lose_names(writer, rule, "the operator takes an errnoRet up to 4095", "it is 4095");
        sp_yaml_u64(writer->yaml, "errnoRet", LARGEST_ERRNO);
    } else if (rule->error.value > 0) {
        sp_yaml_u64(writer->yaml, "errnoRet", rule->error.value);
    }
}

/* ---- rules ----------------------------------------------------------------------------- */

enum { CONDITIONS = 6, ARGUMENTS = 6 };

static bool
is_writable(const struct sp_condition *condition)
{
    return condition->index.value < ARGUMENTS && condition->value.value <= INT64_MAX
        && condition->value_two.value <= INT64_MAX && condition->op != SP_OPERATOR_NONE;
}

/* The conditions that fit, one bit each; all of them say what the rule says. */
static uint64_t
writable_conditions(const struct sp_rule *rule, bool *ret_all)
{
    uint64_t set = 0;
    unsigned count = 0;

    *ret_all = true;
    for (size_t i = 0; i < rule->condition_count; i++) {
        if (i < 64 && count < CONDITIONS && is_writable(&rule->conditions[i])) {
            set |= UINT64_C(1) << i;
            count++;
        } else {
            *ret_all = false;
        }
    }
    return set;
}

static void
write_condition(struct sp_yaml *yaml, const struct sp_condition *condition)
{
    sp_yaml_open(yaml, NULL, SP_NODE_OBJECT);
    sp_yaml_u64(yaml, "index", condition->index.value);
    sp_yaml_u64(yaml, "value", condition->value.value);
    if (condition->value_two.value != 0) {
        sp_yaml_u64(yaml, "valueTwo", condition->value_two.value);
    }
    sp_yaml_text(yaml, "op", condition->op_node->text);
    sp_yaml_close(yaml, SP_NODE_OBJECT);
}

static void
write_conditions(struct writer *writer, const struct sp_rule *rule, uint64_t set)
{
    if (set == 0) {
        return;
    }
    sp_yaml_open(writer->yaml, "args", SP_NODE_ARRAY);
    for (size_t i = 0; i < rule->condition_count && i < 64; i++) {
        if ((set >> i & 1) != 0) {
            write_condition(writer->yaml, &rule->conditions[i]);
        }
    }
    sp_yaml_close(writer->yaml, SP_NODE_ARRAY);
}

/* The order of sp_action is that of the kernel: the more an action lets through, the later
 * it stands. */
static bool
lets_more_through(const struct writer *writer, const struct sp_oci_rule *rule)
{
    return rule->rule->action > writer->oci->default_action;
}

static void
write_rule(struct writer *writer, const struct sp_oci_rule *rule)
{
    static const char what[] =
        "the operator takes six conditions, of the arguments 0 to 5, with values below 2^63";
    bool all;
    uint64_t set = writable_conditions(rule->rule, &all);

    if (rule->names.count == 0) {
        return;
    }
    if (rule->rule->action == SP_ACTION_NONE) {
        lose_names(writer, rule, "the operator knows no such action", "the rule is left out");
        return;
    }
    if (!all && !lets_more_through(writer, rule)) {
        lose_names(writer, rule, what, "the rule is left out");
        return;
    }
    if (!all) {
        lose_names(writer, rule, what, "the rule is written without those that do not fit");
    }
    sp_yaml_open(writer->yaml, NULL, SP_NODE_OBJECT);
    write_set(writer->yaml, "names", &rule->names);
    sp_yaml_text(writer->yaml, "action", rule->rule->action_node->text);
    write_error(writer, rule);
    write_conditions(writer, rule->rule, set);
    sp_yaml_close(writer->yaml, SP_NODE_OBJECT);
}

/* ---- the whole ------------------------------------------------------------------------- */

static void
write_default(struct writer *writer)
{
    const struct sp_oci *oci = writer->oci;

    if (oci->default_action == SP_ACTION_NONE || oci->default_action == SP_ACTION_NOTIFY) {
        sp_losses_add(writer->losses, NULL, "the operator takes no such default action",
                      "it is SCMP_ACT_ERRNO");
        sp_yaml_text(writer->yaml, "defaultAction", SP_STR("SCMP_ACT_ERRNO"));
        return;
    }
    sp_yaml_text(writer->yaml, "defaultAction", oci->profile->default_action_node->text);
    check_default_error(writer);
}

static void
write_spec(struct writer *writer)
{
    sp_yaml_open(writer->yaml, "spec", SP_NODE_OBJECT);
    write_default(writer);
    write_arches(writer);
    write_flags(writer);
    write_listener(writer);
    if (writer->oci->rules.count > 0) {
        sp_yaml_open(writer->yaml, "syscalls", SP_NODE_ARRAY);
        for (size_t i = 0; i < writer->oci->rules.count; i++) {
            write_rule(writer, &writer->oci->rules.at[i]);
        }
        sp_yaml_close(writer->yaml, SP_NODE_ARRAY);
    }
    sp_yaml_close(writer->yaml, SP_NODE_OBJECT);
}

static void
write_metadata(struct sp_yaml *yaml, const char *name, struct sp_buf *out)
{
    SP_BUF(text);

    sp_spo_write_name(name, &text);
    sp_yaml_open(yaml, "metadata", SP_NODE_OBJECT);
    sp_yaml_text(yaml, "name", sp_buf_part(&text, &out->failed));
    sp_yaml_close(yaml, SP_NODE_OBJECT);
}

void
sp_spo_write(const struct sp_oci *oci, const struct sp_environment *environment, const char *name,
             struct sp_losses *losses, struct sp_buf *out)
{
    struct writer writer = {
        .out = out, .oci = oci, .environment = environment, .losses = losses,
    };

    assert(oci->resolution == SP_RESOLUTION_PROFILE);
    write_heading(&writer, name);
    writer.yaml = sp_yaml_new(out);
    sp_yaml_text(writer.yaml, "apiVersion", SP_STR("security-profiles-operator.x-k8s.io/v1beta1"));
    sp_yaml_text(writer.yaml, "kind", SP_STR("SeccompProfile"));
    write_metadata(writer.yaml, name, out);
    write_spec(&writer);
    sp_yaml_end(writer.yaml);
}
