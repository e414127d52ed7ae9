/* A profile as it was written: a list of rules.
 *
 * Everything keeps the node it came from, so that a finding can point at it.  Texts are views
 * into the document.  What could not be read (a string where a number belongs) is absent here:
 * the form rules (SP1xx) speak of it.  Immutable once read. */
#ifndef SP_MODEL_PROFILE_H
#define SP_MODEL_PROFILE_H

#include "base/names.h"
#include "base/str.h"
#include "base/version.h"
#include "text/doc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sp_dialect {
    SP_DIALECT_UNKNOWN,
    SP_DIALECT_OCI,     /* the object at linux.seccomp of an OCI runtime configuration */
    SP_DIALECT_CONFIG,  /* a whole config.json that holds one */
    SP_DIALECT_DOCKER,  /* Docker's and containers-common's extended profile */
    /* Other texts, read as OCI objects. */
    SP_DIALECT_SPO,       /* a SeccompProfile of the Security Profiles Operator */
    SP_DIALECT_SYSTEMD,   /* a unit or drop-in */
    SP_DIALECT_MINIJAIL,  /* a policy of minijail0 */
    SP_DIALECT_FIREJAIL,
    SP_DIALECT_KAFEL,
    SP_DIALECT_LIST,      /* names of calls, one a line: they are allowed */
    SP_DIALECT_BPF,       /* a filter program */
};

enum sp_action {
    SP_ACTION_NONE,  /* missing, or not a known word */
    SP_ACTION_KILL_PROCESS,
    SP_ACTION_KILL_THREAD,
    SP_ACTION_TRAP,
    SP_ACTION_ERRNO,
    SP_ACTION_NOTIFY,
    SP_ACTION_TRACE,
    SP_ACTION_LOG,
    SP_ACTION_ALLOW,
};

enum sp_operator {
    SP_OPERATOR_NONE,
    SP_OPERATOR_NE,
    SP_OPERATOR_LT,
    SP_OPERATOR_LE,
    SP_OPERATOR_EQ,
    SP_OPERATOR_GE,
    SP_OPERATOR_GT,
    SP_OPERATOR_MASKED_EQ,
};

/* "SCMP_ACT_ALLOW" and the rest; "SCMP_ACT_KILL" is an alias of KILL_THREAD.
 * Source: runtime-spec config-linux.md. */
extern const struct sp_names sp_action_names;

/* "docker", "spo" and the rest: how a dialect is named on the command line. */
extern const struct sp_names sp_dialect_names;

/* "SCMP_CMP_EQ" and the rest. */
extern const struct sp_names sp_operator_names;

/* "SECCOMP_FILTER_FLAG_LOG" and the rest; the value is the kernel's bit. */
extern const struct sp_names sp_flag_names;

/* A word at a place in the document. */
struct sp_word {
    struct sp_str text;
    const struct sp_node *node;
};

struct sp_words {
    const struct sp_word *at;
    size_t count;
    const struct sp_node *node;  /* the array; NULL when absent */
};

/* A whole number that may be absent. */
struct sp_amount {
    bool given;
    uint64_t value;
    const struct sp_node *node;  /* also set when the value could not be read */
};

struct sp_condition {
    struct sp_amount index;
    struct sp_amount value;
    struct sp_amount value_two;
    enum sp_operator op;
    const struct sp_node *op_node;
    const struct sp_node *node;
};

/* `includes` or `excludes` of a rule. */
struct sp_guard {
    struct sp_words caps;
    struct sp_words arches;
    struct sp_word min_kernel;   /* as written; node NULL when absent */
    const struct sp_node *node;  /* NULL when absent */
};

struct sp_rule {
    struct sp_words names;  /* `names`, or the one of the legacy key `name` */
    const struct sp_node *legacy_name;
    enum sp_action action;
    const struct sp_node *action_node;
    struct sp_amount errno_ret;
    struct sp_word errno_name;  /* containers-common's string */
    const struct sp_condition *conditions;
    size_t condition_count;
    const struct sp_node *args_node;
    struct sp_guard includes;
    struct sp_guard excludes;
    struct sp_word comment;
    const struct sp_node *node;
};

struct sp_arch_map {
    struct sp_word architecture;
    struct sp_words sub_architectures;
    const struct sp_node *node;
};

/* Whose decoder does not read a text as it stands there. */
enum {
    SP_ODD_TO_GO = 1,
    SP_ODD_TO_CRUN = 2,
};

struct sp_profile {
    const struct sp_doc *doc;
    const struct sp_node *node;  /* the object that is the profile; NULL = there is none */
    unsigned odd;                /* SP_ODD_*; format/decode.h tells what is read instead */
    const struct sp_profile *written;  /* of a profile as some decoder reads it; else NULL */
    enum sp_dialect dialect;
    enum sp_action default_action;
    const struct sp_node *default_action_node;
    struct sp_amount default_errno_ret;
    struct sp_word default_errno;
    struct sp_words architectures;
    const struct sp_arch_map *arch_maps;
    size_t arch_map_count;
    const struct sp_node *arch_map_node;
    struct sp_words flags;
    struct sp_word listener_path;
    struct sp_word listener_metadata;
    const struct sp_rule *rules;
    size_t rule_count;
    const struct sp_node *rules_node;
};

/* Does a list have this word, letter by letter? */
bool
sp_profile_has_word(const struct sp_words *words, const char *wanted);

/* `minKernel` as Docker decodes it: two decimal numbers below 256 with one dot between them, not 0.0;
 * the empty text is 0.0.  False for everything else: Docker refuses the file.
 * Source: moby/profiles seccomp/seccomp.go. */
bool
sp_profile_min_kernel(struct sp_str text, struct sp_version *ret_version);

/* "Docker profile", "OCI config.json" ...: for messages. */
const char *
sp_dialect_text(enum sp_dialect dialect);

/* Is the profile's text another than the JSON of a profile? */
bool
sp_dialect_is_foreign(enum sp_dialect dialect);

/* Does its tool always load the filter before the program is executed, which the filter must then allow?
 * Others, as minijail0 does with most programs, load it in the program. */
bool
sp_dialect_loads_before_exec(enum sp_dialect dialect);

#endif
