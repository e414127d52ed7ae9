/* The tables whose rows a list of fields describes. */
#include "kb/kbgen.h"

#include <inttypes.h>
#include <string.h>

#define TEXT(key_) { .key = key_, .type = KBGEN_TEXT }
#define TEXT_AS(key_, member_) { .key = key_, .member = member_, .type = KBGEN_TEXT }
#define NEEDED(key_) { .key = key_, .type = KBGEN_TEXT, .required = true }
#define NUMBER(key_) { .key = key_, .type = KBGEN_NUMBER }
#define KERNEL(key_) { .key = key_, .type = KBGEN_KERNEL }
#define FLAG(key_) { .key = key_, .type = KBGEN_FLAG }
#define WORDS(key_) { .key = key_, .type = KBGEN_WORDS }
#define TEXTS(key_) { .key = key_, .type = KBGEN_TEXTS, .required = true }
#define CALL(key_) { .key = key_, .type = KBGEN_CALL, .required = true }
#define CALLS(key_, member_) { .key = key_, .member = member_, .type = KBGEN_CALLS }
#define CHOICE(key_, member_, choices_) \
    { .key = key_, .member = member_, .type = KBGEN_CHOICE, .required = true, .choices = choices_ }
#define CUSTOM(key_, write_) \
    { .key = key_, .type = KBGEN_CUSTOM, .required = true, .write = write_ }
#define IGNORED(key_) { .key = key_, .type = KBGEN_CUSTOM }
#define END { .key = NULL }

/* ---- fields that need a word of their own ------------------------------------------------------------ */

static void
write_table_index(const struct kbgen_row *row, const struct kbgen_field *field)
{
    const char *name = kbgen_text(row->gen, row->file, row->node, field->key, true);
    int index = kbgen_find(row->gen->tables.at, row->gen->tables.count, name);

    if (index < 0) {
        kbgen_fail(row->gen, row->file, row->node, "no call has numbers for '%s'", name);
    }
    sp_buf_format(&row->gen->out, ".table = %d, ", index);
}

static const char *
cap_bit(const struct kbgen_row *row, struct sp_str name, uint64_t *caps)
{
    const char *copy = sp_arena_copy(&row->gen->arena, name);
    int number = copy == NULL ? -1 : kbgen_find(row->gen->caps.at, row->gen->caps.count, copy);

    if (number < 0) {
        kbgen_fail(row->gen, row->file, row->node, "no capability is called '%.*s'",
                   SP_STR_ARG(name));
        return NULL;
    }
    *caps |= UINT64_C(1) << number;
    return copy;
}

/* "CAP_A", "CAP_A or CAP_B", "CAP_A and CAP_B", "none". */
static void
write_needs(const struct kbgen_row *row, const struct kbgen_field *field)
{
    const char *text = kbgen_text(row->gen, row->file, row->node, field->key, true);
    struct sp_str rest = sp_str_of(text);
    const char *kind = "SP_GATE_ONE";
    uint64_t caps = 0;
    struct sp_str word;

    if (strcmp(text, "none") == 0) {
        sp_buf_text(&row->gen->out, ".kind = SP_GATE_NONE, ");
        return;
    }
    while (sp_str_next(&rest, " ", &word)) {
        if (sp_str_is(word, "or")) {
            kind = "SP_GATE_ANY";
        } else if (sp_str_is(word, "and")) {
            kind = "SP_GATE_ALL";
        } else {
            cap_bit(row, word, &caps);
        }
    }
    sp_buf_format(&row->gen->out, ".kind = %s, .caps = UINT64_C(%" PRIu64 "), ", kind, caps);
}

static void
write_defaults(const struct kbgen_row *row, const struct kbgen_field *field)
{
    static const char *const engines[] = { "docker", "containerd", "podman", "crio" };
    const struct sp_node *list = sp_node_member(row->node, field->key);
    unsigned bits = 0;

    if (list == NULL) {
        return;
    }
    for sp_node_each(each, list) {
        int index = kbgen_find(engines, 4, each->text.ptr);
        if (index < 0) {
            kbgen_fail(row->gen, row->file, each, "no engine is called '%s'", each->text.ptr);
        } else {
            bits |= 1u << index;
        }
    }
    sp_buf_format(&row->gen->out, ".defaults = %u, ", bits);
}

/* The row's place in the list must be the capability's number. */
static void
check_number(const struct kbgen_row *row, const struct kbgen_field *field)
{
    uint64_t number = kbgen_number(row->gen, row->file, row->node, field->key, true, 0);

    if (number != row->node->index) {
        kbgen_fail(row->gen, row->file, row->node, "capability %" PRIu64 " stands at place %u",
                   number, row->node->index);
    }
}

static void
write_class(const struct kbgen_row *row, const struct kbgen_field *field)
{
    const char *name = kbgen_text(row->gen, row->file, row->node, field->key, true);

    for sp_node_each(each, kbgen_list(row->gen, row->file, "classes")) {
        if (sp_node_is_string(sp_node_member(each, "name"), name)) {
            sp_buf_format(&row->gen->out, ".reason = %u, ", each->index);
            return;
        }
    }
    kbgen_fail(row->gen, row->file, row->node, "no class is called '%s'", name);
}

/* "SP101" as 101. */
static void
write_code(const struct kbgen_row *row, const struct kbgen_field *field)
{
    const char *text = kbgen_text(row->gen, row->file, row->node, field->key, true);
    uint64_t code = 0;

    if (strncmp(text, "SP", 2) != 0 || !sp_str_to_u64(sp_str_of(text + 2), &code) || code > 999) {
        kbgen_fail(row->gen, row->file, row->node, "'%s' is no rule code", text);
    }
    sp_buf_format(&row->gen->out, ".code = %" PRIu64 ", ", code);
}

/* `options` of a rule's examples as a command line: "--arch x86_64". */
static void
write_options(const struct kbgen_row *row, const struct kbgen_field *field)
{
    const struct sp_node *options = sp_node_member(row->node, field->key);
    SP_BUF(text);

    if (options == NULL || options->kind != SP_NODE_OBJECT) {
        return;
    }
    for sp_node_each(each, options) {
        sp_buf_format(&text, "%s--%.*s %.*s", text.len > 0 ? " " : "", SP_STR_ARG(each->key),
                      SP_STR_ARG(each->text));
    }
    sp_buf_format(&row->gen->out, ".options = %" PRIu32 ", ", kbgen_intern(row->gen, text.data));
}

/* ---- words ------------------------------------------------------------------------------------------- */

static const struct kbgen_choice endians[] = {
    { .word = "big", .c = "true" }, { .word = "little", .c = "false" }, { .word = NULL },
};

static const struct kbgen_choice verdicts[] = {
    { .word = "right", .c = "SP_VERDICT_RIGHT" },
    { .word = "incomplete", .c = "SP_VERDICT_INCOMPLETE" },
    { .word = "outdated", .c = "SP_VERDICT_OUTDATED" },
    { .word = "wrong", .c = "SP_VERDICT_WRONG" },
    { .word = NULL },
};

static const struct kbgen_choice word_kinds[] = {
    { .word = "libc", .c = "SP_WORD_LIBC" },
    { .word = "kernel", .c = "SP_WORD_KERNEL" },
    { .word = "feature", .c = "SP_WORD_FEATURE" },
    { .word = "pseudo", .c = "SP_WORD_PSEUDO" },
    { .word = NULL },
};

static const struct kbgen_choice severities[] = {
    { .word = "error", .c = "SP_SEVERITY_ERROR" },
    { .word = "warning", .c = "SP_SEVERITY_WARNING" },
    { .word = "info", .c = "SP_SEVERITY_INFO" },
    { .word = "style", .c = "SP_SEVERITY_STYLE" },
    { .word = NULL },
};

/* ---- rows -------------------------------------------------------------------------------------------- */

static const struct kbgen_field arch_fields[] = {
    NEEDED("name"), NEEDED("token"), NUMBER("audit"), NUMBER("bits"),
    CHOICE("endian", "big_endian", endians), CUSTOM("numbers", write_table_index), NUMBER("offset"),
    TEXT("docker"), TEXT("containers"), WORDS("uname"), WORDS("also"), WORDS("compat"), END,
};

static const struct kbgen_field gate_fields[] = {
    CALL("syscall"), NEEDED("when"), CUSTOM("needs", write_needs), TEXT("scope"), NEEDED("file"),
    KERNEL("since"), KERNEL("until"), TEXT("note"), END,
};

static const struct kbgen_field cap_fields[] = {
    CUSTOM("number", check_number), NEEDED("name"), KERNEL("since"), TEXTS("permits"),
    NEEDED("risk"), { .key = "defaults", .type = KBGEN_CUSTOM, .write = write_defaults }, END,
};

static const struct kbgen_field class_fields[] = { NEEDED("name"), NEEDED("text"), END };

static const struct kbgen_field blocked_fields[] = {
    CALL("syscall"), CUSTOM("class", write_class), NEEDED("why"), TEXT("gate"), TEXT("wording"),
    TEXT("exception"), TEXT("obsolete"), CHOICE("verdict", NULL, verdicts), TEXT("correction"), END,
};

static const struct kbgen_field cve_fields[] = {
    NEEDED("id"), NEEDED("title"), TEXT("when"), NEEDED("blocked"), NEEDED("summary"),
    TEXT("source"), CALLS("calls", NULL), END,
};

static const struct kbgen_field family_fields[] = {
    NEEDED("name"), NEEDED("kind"), NEEDED("why"), CALLS("members", NULL), END,
};

static const struct kbgen_field switch_fields[] = {
    CALL("have"), CALL("need"), TEXT("scope"), TEXT("since"), TEXT("fallback"), NEEDED("why"), END,
};

static const struct kbgen_field group_fields[] = {
    NEEDED("name"), NEEDED("help"), TEXTS("members"), END,
};

static const struct kbgen_field word_fields[] = {
    NEEDED("name"), CHOICE("kind", NULL, word_kinds), TEXT("why"), CALLS("calls", NULL), END,
};

static const struct kbgen_field errno_fields[] = {
    NEEDED("name"), NUMBER("number"), NEEDED("text"), FLAG("alias"), NUMBER("mips"),
    NUMBER("parisc"), NUMBER("sparc"), NUMBER("alpha"), END,
};

static const struct kbgen_field libseccomp_fields[] = {
    NEEDED("version"), CALLS("adds", NULL), END,
};

static const struct kbgen_field rule_fields[] = {
    CUSTOM("code", write_code), NEEDED("slug"), CHOICE("severity", NULL, severities),
    NEEDED("since"), NEEDED("summary"), NEEDED("why"), NEEDED("fix"),
    { .key = "references", .type = KBGEN_TEXTS }, NEEDED("bad"), NEEDED("good"),
    { .key = "options", .type = KBGEN_CUSTOM, .write = write_options }, TEXTS("expect"), END,
};

const struct kbgen_table kbgen_tables[] = {
    { .files = "arches.yaml", .list = "arches", .type = "sp_kb_arch", .name = "sp_kb_arches",
      .key = "name", .fields = arch_fields },
    { .files = "gates.yaml", .list = "gates", .type = "sp_kb_gate", .name = "sp_kb_gates",
      .fields = gate_fields },
    { .files = "capabilities.yaml", .list = "capabilities", .type = "sp_kb_cap",
      .name = "sp_kb_caps", .fields = cap_fields },
    { .files = "docker-blocked.yaml", .list = "classes", .type = "sp_kb_class",
      .name = "sp_kb_classes", .fields = class_fields },
    { .files = "docker-blocked.yaml", .list = "blocked", .type = "sp_kb_blocked",
      .name = "sp_kb_blocked", .key = "syscall", .fields = blocked_fields },
    { .files = "cves.yaml", .list = "cves", .type = "sp_kb_cve", .name = "sp_kb_cves",
      .fields = cve_fields },
    { .files = "families.yaml", .list = "families", .type = "sp_kb_family",
      .name = "sp_kb_families", .fields = family_fields },
    { .files = "switches.yaml", .list = "switches", .type = "sp_kb_switch",
      .name = "sp_kb_switches", .fields = switch_fields },
    { .files = "groups.yaml", .list = "groups", .type = "sp_kb_group", .name = "sp_kb_groups",
      .key = "name", .fields = group_fields },
    { .files = "names.yaml", .list = "names", .type = "sp_kb_word", .name = "sp_kb_words",
      .key = "name", .fields = word_fields },
    { .files = "errnos.yaml", .list = "errnos", .type = "sp_kb_errno", .name = "sp_kb_errnos",
      .key = "name", .fields = errno_fields },
    { .files = "libseccomp.yaml", .list = "versions", .type = "sp_kb_libseccomp",
      .name = "sp_kb_libseccomps", .fields = libseccomp_fields },
    { .files = "rules/", .type = "sp_kb_rule", .name = "sp_kb_rules", .key = "code",
      .fields = rule_fields },
};

const size_t kbgen_table_count = sizeof kbgen_tables / sizeof *kbgen_tables;
