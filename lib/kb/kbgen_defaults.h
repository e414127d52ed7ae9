/* kbgen: contents of default profiles in the making. */
#ifndef SP_KB_KBGEN_DEFAULTS_H
#define SP_KB_KBGEN_DEFAULTS_H

#include "kb/kbgen.h"

enum { KBGEN_VALUES = 12 };  /* more than there are fields */

/* The value of a field, and the file that it stands in; none: the node is NULL. */
struct kbgen_setting {
    const struct kbgen_file *file;
    const struct sp_node *node;
};

struct kbgen_rule {
    struct sp_str id;
    struct kbgen_list calls;                     /* rows of sp_kb_syscalls */
    struct kbgen_setting values[KBGEN_VALUES];   /* by kbgen_rule_fields */
};

enum kbgen_progress {
    KBGEN_NOT_BEGUN,
    KBGEN_UNDERWAY,
    KBGEN_DONE,
};

struct kbgen_content {
    const struct kbgen_file *file;
    const struct sp_node *node;
    struct sp_str line;                          /* "moby" */
    struct sp_str id;
    enum kbgen_progress progress;
    struct kbgen_setting shape[KBGEN_VALUES];    /* by kbgen_shape_fields */
    SP_VEC(struct kbgen_rule) rules;
};

/* ---- kbgen_defaults.c ---------------------------------------------------------------- */

/* Where the field with this key stands in a list of fields; -1 when there is none. */
long
kbgen_field_index(const struct kbgen_field *fields, struct sp_str key);

/* A rule at place `at` from what a mapping says of it; false when there is no memory. */
bool
kbgen_insert_rule(struct kbgen *gen, struct kbgen_content *content, size_t at,
                  struct sp_str id, const struct sp_node *node);

/* What is being changed, and by what. */
struct kbgen_change {
    struct kbgen *gen;
    struct kbgen_content *content;
    const struct sp_node *node;
    size_t last_new;  /* 1 + the rule that the change before brought; 0 = it brought none */
};

/* ---- kbgen_change_calls.c ------------------------------------------------------------ */

/* The row of a call that is known. */
uint32_t
kbgen_call_row(const struct kbgen_change *change, const struct sp_node *name);

/* False when one is not there, which has been said. */
bool
kbgen_drop_calls(const struct kbgen_change *change, struct kbgen_list *calls,
                 const struct sp_node *names);

/* At the place that the change tells, or at theirs in the order of the list. */
void
kbgen_add_calls(const struct kbgen_change *change, struct kbgen_list *calls,
                const struct sp_node *names);

/* ---- kbgen_changes.c ----------------------------------------------------------------- */

/* Makes the changes that a content lists to the rules that it took over. */
void
kbgen_make_changes(struct kbgen *gen, struct kbgen_content *content);

#endif
