/* What the files of `data/` hold, and the tables that they become. */
#include "kb/kbgen.h"

#include <stddef.h>

/* A field by its key and function; the rest in designated initialisers. */
#define FIELD(key_, write_, ...) { .key = (key_), .write = (write_), __VA_ARGS__ }
#define NEEDED(key_, write_, ...) FIELD(key_, write_, .required = true, __VA_ARGS__)
#define WORDS(...) .choices = (const struct kbgen_choice[]){ __VA_ARGS__, { .word = NULL } }
#define END { .write = NULL }

#define CALLS .to = "sp_kb_syscalls"
#define CAPS .to = "sp_kb_caps"
#define ARCHES .to = "sp_kb_arches"
#define ERRNOS .to = "sp_kb_errnos"

/* ---- architectures and calls --------------------------------------------------------- */

static const struct kbgen_field arch_fields[] = {
    NEEDED("name", kbgen_text),
    NEEDED("token", kbgen_text),
    NEEDED("audit", kbgen_number, .max = UINT32_MAX),
    NEEDED("bits", kbgen_number, WORDS({ "32", NULL }, { "64", NULL })),
    NEEDED("endian", kbgen_choice, .member = "big_endian",
           WORDS({ "big", "true" }, { "little", "false" })),
    NEEDED("numbers", kbgen_ref, .member = "table", .to = "sp_kb_tables"),
    NEEDED("offset", kbgen_number, .max = UINT32_MAX),
    FIELD("docker", kbgen_text),
    FIELD("containers", kbgen_text),
    FIELD("uname", kbgen_words),
    FIELD("also", kbgen_words),
    FIELD("compat", kbgen_words, ARCHES),
    END,
};

static const struct kbgen_field arg_fields[] = {
    NEEDED("name", kbgen_text),
    NEEDED("type", kbgen_text),
    NEEDED("bits", kbgen_number, WORDS({ "16", NULL }, { "32", NULL }, { "64", NULL })),
    FIELD("pointer", kbgen_flag),
    END,
};

static const struct kbgen_field syscall_fields[] = {
    NEEDED("name", kbgen_text),
    NEEDED("does", kbgen_text),
    FIELD("note", kbgen_text),
    FIELD("since", kbgen_kernel),
    FIELD("removed", kbgen_kernel),
    FIELD("numbers", kbgen_columns),
    FIELD("args", kbgen_rows, .to = "sp_kb_args", .may_be_empty = true, .max = 6,
          .known = "args_known"),
    FIELD(NULL, kbgen_category, .member = "category"),
    FIELD(NULL, kbgen_link, .member = "gates", .to = "sp_kb_gates", .via = "syscall"),
    FIELD(NULL, kbgen_link, .member = "cves", .to = "sp_kb_cves", .via = "calls",
          .uses = "sp_kb_cve_uses"),
    FIELD(NULL, kbgen_link, .member = "families", .to = "sp_kb_families", .via = "members",
          .uses = "sp_kb_family_uses"),
    FIELD(NULL, kbgen_link, .member = "switches", .to = "sp_kb_switches", .via = "have"),
    FIELD(NULL, kbgen_back, .member = "blocked", .to = "sp_kb_blocked", .via = "syscall"),
    END,
};

static const struct kbgen_field libseccomp_fields[] = {
    NEEDED("version", kbgen_text),
    FIELD("adds", kbgen_refs, CALLS),
    END,
};

static const struct kbgen_field libseccomp_unknown_fields[] = {
    FIELD("", kbgen_name, .member = "name", CALLS),
    END,
};

/* ---- capabilities -------------------------------------------------------------------- */

static const struct kbgen_field cap_fields[] = {
    NEEDED("name", kbgen_text),
    NEEDED("number", kbgen_place),
    FIELD("since", kbgen_kernel),
    NEEDED("permits", kbgen_texts),
    NEEDED("risk", kbgen_text),
    FIELD("defaults", kbgen_engines,
          WORDS({ "docker", "SP_KB_DOCKER" }, { "containerd", "SP_KB_CONTAINERD" },
                { "podman", "SP_KB_PODMAN" }, { "crio", "SP_KB_CRIO" })),
    END,
};

static const struct kbgen_field gate_fields[] = {
    NEEDED("syscall", kbgen_ref, CALLS),
    NEEDED("when", kbgen_text),
    NEEDED("needs", kbgen_needs, .member = "kind"),
    FIELD("scope", kbgen_choice,
          WORDS({ "init", NULL }, { "self", NULL }, { "target", NULL },
                { "target+self", NULL }, { "net", NULL }, { "mnt", NULL }, { "pid", NULL },
                { "uts", NULL }, { "ipc", NULL }, { "sb", NULL }, { "inode", NULL },
                { "ptrace", NULL })),
    NEEDED("file", kbgen_text),
    FIELD("since", kbgen_kernel),
    FIELD("until", kbgen_kernel),
    FIELD("note", kbgen_text),
    END,
};

/* ---- Docker's table of blocked calls ------------------------------------------------- */

static const struct kbgen_field class_fields[] = {
    NEEDED("name", kbgen_text),
    NEEDED("text", kbgen_text),
    END,
};

static const struct kbgen_field blocked_fields[] = {
    NEEDED("syscall", kbgen_ref, CALLS),
    NEEDED("class", kbgen_ref, .member = "reason", .to = "sp_kb_classes"),
    NEEDED("why", kbgen_text),
    FIELD("gate", kbgen_name, CAPS),
    FIELD("wording", kbgen_choice, WORDS({ "also", NULL }, { "already", NULL })),
    FIELD("exception", kbgen_text),
    FIELD("obsolete", kbgen_text),
    NEEDED("verdict", kbgen_choice,
           WORDS({ "right", "SP_VERDICT_RIGHT" }, { "incomplete", "SP_VERDICT_INCOMPLETE" },
                 { "outdated", "SP_VERDICT_OUTDATED" }, { "wrong", "SP_VERDICT_WRONG" })),
    FIELD("correction", kbgen_text),
    END,
};

/* ---- constants ----------------------------------------------------------------------- */

static const struct kbgen_field constant_fields[] = {
    NEEDED("name", kbgen_text),
    NEEDED("value", kbgen_number),
    FIELD("note", kbgen_text),
    FIELD("alias", kbgen_flag),
    END,
};

static const struct kbgen_field set_fields[] = {
    NEEDED("name", kbgen_text),
    NEEDED("kind", kbgen_choice, .member = "flags",
           WORDS({ "enum", "false" }, { "flags", "true" })),
    FIELD("args", kbgen_takers),
    FIELD("mask", kbgen_number, .fallback = "0xffffffffffffffff"),
    NEEDED("values", kbgen_rows, .to = "sp_kb_constants"),
    END,
};

static const struct kbgen_field errno_fields[] = {
    NEEDED("name", kbgen_text),
    NEEDED("number", kbgen_number, .max = 4095),
    NEEDED("text", kbgen_text),
    FIELD("alias", kbgen_flag),
    FIELD("mips", kbgen_number, .max = 4095),
    FIELD("parisc", kbgen_number, .max = 4095),
    FIELD("sparc", kbgen_number, .max = 4095),
    FIELD("alpha", kbgen_number, .max = 4095),
    END,
};

/* ---- calls that belong together ------------------------------------------------------ */

static const struct kbgen_field cve_fields[] = {
    NEEDED("id", kbgen_text),
    NEEDED("title", kbgen_text),
    NEEDED("calls", kbgen_refs, CALLS),
    FIELD("when", kbgen_text),
    NEEDED("blocked", kbgen_text),
    NEEDED("summary", kbgen_text),
    FIELD("source", kbgen_text),
    END,
};

static const struct kbgen_field family_fields[] = {
    NEEDED("name", kbgen_text),
    NEEDED("kind", kbgen_choice,
           WORDS({ "generalisation", NULL }, { "at-variant", NULL }, { "arch-variant", NULL },
                 { "time64", NULL }, { "uid32", NULL }, { "large-file", NULL },
                 { "multiplexer", NULL }, { "feature-set", NULL }, { "runtime-needed", NULL })),
    NEEDED("why", kbgen_text),
    NEEDED("members", kbgen_refs, CALLS),
    END,
};

static const struct kbgen_field switch_fields[] = {
    NEEDED("have", kbgen_ref, CALLS),
    NEEDED("need", kbgen_ref, CALLS),
    FIELD("scope", kbgen_text),
    FIELD("since", kbgen_text),
    FIELD("fallback", kbgen_any_errno, ERRNOS),
    NEEDED("why", kbgen_text),
    END,
};

static const struct kbgen_field group_fields[] = {
    NEEDED("name", kbgen_text),
    NEEDED("help", kbgen_text),
    NEEDED("members", kbgen_member_names),
    END,
};

static const struct kbgen_field word_fields[] = {
    NEEDED("name", kbgen_no_call),
    NEEDED("kind", kbgen_choice,
           WORDS({ "libc", "SP_WORD_LIBC" }, { "kernel", "SP_WORD_KERNEL" },
                 { "feature", "SP_WORD_FEATURE" }, { "pseudo", "SP_WORD_PSEUDO" })),
    FIELD("calls", kbgen_refs, CALLS),
    FIELD("why", kbgen_text),
    END,
};

/* ---- lint rules ---------------------------------------------------------------------- */

static const struct kbgen_field rule_fields[] = {
    NEEDED("code", kbgen_code),
    NEEDED("slug", kbgen_text),
    NEEDED("severity", kbgen_choice,
           WORDS({ "error", "SP_SEVERITY_ERROR" }, { "warning", "SP_SEVERITY_WARNING" },
                 { "info", "SP_SEVERITY_INFO" }, { "style", "SP_SEVERITY_STYLE" })),
    NEEDED("since", kbgen_text),
    NEEDED("summary", kbgen_text),
    NEEDED("why", kbgen_text),
    NEEDED("fix", kbgen_text),
    FIELD("references", kbgen_texts),
    NEEDED("bad", kbgen_text),
    NEEDED("expect", kbgen_positions),
    NEEDED("good", kbgen_text),
    FIELD("options", kbgen_options),
    END,
};

/* ---- default profiles ---------------------------------------------------------------- */

#define ACTIONS \
    WORDS({ "ALLOW", NULL }, { "ERRNO", NULL }, { "KILL", NULL }, { "KILL_PROCESS", NULL }, \
          { "KILL_THREAD", NULL }, { "LOG", NULL }, { "NOTIFY", NULL }, { "TRACE", NULL }, \
          { "TRAP", NULL })

static const struct kbgen_field default_action_fields[] = {
    NEEDED("action", kbgen_choice, ACTIONS),
    FIELD("errno", kbgen_number, .member = "error", .max = 4095),
    END,
};

static const struct kbgen_field default_arg_fields[] = {
    NEEDED("index", kbgen_number, .max = 5),
    NEEDED("op", kbgen_choice,
           WORDS({ "EQ", NULL }, { "GE", NULL }, { "GT", NULL }, { "LE", NULL }, { "LT", NULL },
                 { "MASKED_EQ", NULL }, { "NE", NULL })),
    NEEDED("value", kbgen_number),
    FIELD("value-two", kbgen_number),
    END,
};

#define CONTENT_FIELDS \
    NEEDED("id", kbgen_text), \
    NEEDED("date", kbgen_date), \
    FIELD("sha256", kbgen_text)

#define SHAPE_FIELDS \
    FIELD("style", kbgen_choice, \
          WORDS({ "moby-1.11", "SP_DEFAULT_STYLE_MOBY_1_11" }, \
                { "moby-1.13", "SP_DEFAULT_STYLE_MOBY_1_13" }, \
                { "moby-20.10", "SP_DEFAULT_STYLE_MOBY_20_10" }, \
                { "moby-23.0", "SP_DEFAULT_STYLE_MOBY_23_0" }, \
                { "containers-0.47", "SP_DEFAULT_STYLE_CONTAINERS_0_47" })), \
    FIELD("newline", kbgen_choice, WORDS({ "yes", "true" }, { "no", "false" })), \
    FIELD("default", kbgen_inner, .fields = default_action_fields), \
    FIELD("archmap", kbgen_archmap, .member = "maps", .to = "sp_kb_default_maps"), \
    FIELD("arches", kbgen_refs, ARCHES)

#define RULE_FIELDS \
    FIELD("action", kbgen_choice, .fallback = "ALLOW", ACTIONS), \
    FIELD("errno", kbgen_number, .member = "error", .max = 4095), \
    FIELD("args", kbgen_shared, .to = "sp_kb_default_args"), \
    FIELD("null-args", kbgen_flag), \
    FIELD("comment", kbgen_text), \
    FIELD("caps", kbgen_names, CAPS), \
    FIELD("arches", kbgen_texts), \
    FIELD("min-kernel", kbgen_text), \
    FIELD("not-caps", kbgen_names, CAPS), \
    FIELD("not-arches", kbgen_texts)

const struct kbgen_field kbgen_content_fields[] = { CONTENT_FIELDS, END };
const struct kbgen_field kbgen_shape_fields[] = { SHAPE_FIELDS, END };
const struct kbgen_field kbgen_rule_fields[] = { RULE_FIELDS, END };

static const struct kbgen_field default_rule_fields[] = {
    NEEDED("id", kbgen_text),
    NEEDED("calls", kbgen_calls),
    RULE_FIELDS,
    END,
};

static const struct kbgen_field default_set_fields[] = {
    FIELD("calls", kbgen_calls),
    RULE_FIELDS,
    END,
};

static const struct kbgen_field default_change_fields[] = {
    FIELD("rule", kbgen_told),
    FIELD("new", kbgen_text),
    FIELD("gone", kbgen_told),
    FIELD("add", kbgen_calls),
    FIELD("drop", kbgen_calls),
    FIELD("move", kbgen_calls),
    FIELD("after", kbgen_told),
    FIELD("before", kbgen_told),
    FIELD("set", kbgen_inner, .fields = default_set_fields),
    FIELD("unset", kbgen_told),
    FIELD("calls", kbgen_calls),
    RULE_FIELDS,
    END,
};

static const struct kbgen_field default_fields[] = {
    CONTENT_FIELDS,
    FIELD("from", kbgen_told),
    FIELD("why", kbgen_told),
    FIELD("see", kbgen_told),
    NEEDED("releases", kbgen_releases),
    SHAPE_FIELDS,
    FIELD("rules", kbgen_rows, .to = "default rules"),
    FIELD("changes", kbgen_rows, .to = "default changes"),
    END,
};

static const struct kbgen_field series_fields[] = {
    NEEDED("name", kbgen_text),
    NEEDED("about", kbgen_text),
    FIELD("also", kbgen_words),
    FIELD("next", kbgen_name, .to = "sp_kb_all_series"),
    FIELD(NULL, kbgen_released, .member = "releases"),
    END,
};

/* ---- tables -------------------------------------------------------------------------- */

const struct kbgen_table kbgen_tables[] = {
    { .name = "sp_kb_tables", .type = "struct sp_kb_table", .noun = "number column" },
    { .name = "sp_kb_arches", .type = "struct sp_kb_arch", .noun = "architecture",
      .file = "arches.yaml", .list = "arches", .keys = { "name" }, .fields = arch_fields },
    { .name = "sp_kb_syscalls", .type = "struct sp_kb_syscall", .noun = "system call",
      .file = "syscalls/", .list = "syscalls", .keys = { "name" }, .fields = syscall_fields },
    { .name = "sp_kb_args", .type = "struct sp_kb_arg", .keys = { "name" },
      .fields = arg_fields },
    { .name = "sp_kb_cve_uses", .type = "uint16_t", .uncounted = true },
    { .name = "sp_kb_family_uses", .type = "uint16_t", .uncounted = true },
    { .name = "sp_kb_libseccomps", .type = "struct sp_kb_libseccomp", .file = "libseccomp.yaml",
      .list = "versions", .as_written = true, .keys = { "version" },
      .fields = libseccomp_fields },
    { .name = "libseccomp-unknown", .file = "libseccomp.yaml", .list = "unknown",
      .keys = { "" }, .fields = libseccomp_unknown_fields },
    { .name = "sp_kb_caps", .type = "struct sp_kb_cap", .noun = "capability",
      .file = "capabilities.yaml", .list = "capabilities", .as_written = true,
      .keys = { "name" }, .fields = cap_fields },
    { .name = "sp_kb_gates", .type = "struct sp_kb_gate", .file = "gates.yaml", .list = "gates",
      .keys = { "syscall", "when", "needs" }, .fields = gate_fields },
    { .name = "sp_kb_classes", .type = "struct sp_kb_class", .noun = "class",
      .file = "docker-blocked.yaml", .list = "classes", .as_written = true, .keys = { "name" },
      .fields = class_fields },
    { .name = "sp_kb_blocked", .type = "struct sp_kb_blocked", .file = "docker-blocked.yaml",
      .list = "blocked", .keys = { "syscall" }, .fields = blocked_fields },
    { .name = "sp_kb_sets", .type = "struct sp_kb_set", .file = "constants.yaml",
      .list = "sets", .keys = { "name" }, .fields = set_fields },
    { .name = "sp_kb_constants", .type = "struct sp_kb_constant", .keys = { "name" },
      .fields = constant_fields },
    { .name = "sp_kb_set_uses", .type = "struct sp_kb_set_use" },
    { .name = "sp_kb_cves", .type = "struct sp_kb_cve", .file = "cves.yaml", .list = "cves",
      .keys = { "id" }, .fields = cve_fields },
    { .name = "sp_kb_families", .type = "struct sp_kb_family", .file = "families.yaml",
      .list = "families", .keys = { "name" }, .fields = family_fields },
    { .name = "sp_kb_switches", .type = "struct sp_kb_switch", .file = "switches.yaml",
      .list = "switches", .keys = { "have", "need", "scope" }, .fields = switch_fields },
    { .name = "sp_kb_groups", .type = "struct sp_kb_group", .noun = "group",
      .file = "groups.yaml", .list = "groups", .keys = { "name" }, .fields = group_fields },
    { .name = "sp_kb_words", .type = "struct sp_kb_word", .file = "names.yaml", .list = "names",
      .keys = { "name" }, .fields = word_fields },
    { .name = "sp_kb_errnos", .type = "struct sp_kb_errno", .noun = "errno",
      .file = "errnos.yaml", .list = "errnos", .keys = { "name" }, .fields = errno_fields },
    { .name = "sp_kb_rules", .type = "struct sp_kb_rule", .file = "rules/", .bare = true,
      .keys = { "code" }, .fields = rule_fields },
    { .name = "default contents", .noun = "content", .file = "defaults/", .list = "contents",
      .as_written = true, .fields = default_fields },
    { .name = "default rules", .keys = { "id" }, .fields = default_rule_fields },
    { .name = "default changes", .fields = default_change_fields },
    { .name = "sp_kb_defaults", .type = "struct sp_kb_default" },
    { .name = "sp_kb_default_rules", .type = "struct sp_kb_default_rule", .uncounted = true },
    { .name = "sp_kb_default_args", .type = "struct sp_kb_default_arg", .uncounted = true,
      .fields = default_arg_fields },
    { .name = "sp_kb_default_maps", .type = "struct sp_kb_default_map", .uncounted = true },
    { .name = "sp_kb_all_series", .type = "struct sp_kb_series", .noun = "series",
      .file = "series.yaml", .list = "series", .keys = { "name" }, .fields = series_fields },
    { .name = "sp_kb_releases", .type = "struct sp_kb_release" },
};

const size_t kbgen_table_count = sizeof kbgen_tables / sizeof *kbgen_tables;
