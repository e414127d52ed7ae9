/* What rules about several rules (3xx) find: a rule that names a call, and another one that
 * stands against it.  Gathered first and told afterwards: one finding for each rule, which
 * lists the calls; where many rules have the same fault, one for all of them. */
#ifndef SP_LINT_RULES_FIND_H
#define SP_LINT_RULES_FIND_H

#include "lint/lint.h"
#include "lint/meaning.h"

struct sp_rules_find {
    const struct sp_rule *rule;
    const struct sp_rule *other;       /* may be NULL */
    const struct sp_kb_syscall *call;
    const struct sp_word *word;        /* the call's name in `rule` */
    unsigned kind;                     /* finds of different kinds are never told together */
    sp_verdict verdict;                /* of `rule` */
    sp_verdict against;                /* of `other` */
    struct sp_witness *witness;        /* may be NULL */
};

struct sp_rules_finds {
    struct sp_arena *arena;
    SP_VEC(struct sp_rules_find) list;
};

/* A part of them, never empty: of one kind, in the order of the text. */
struct sp_rules_slice {
    const struct sp_rules_find *at;
    size_t count;
    bool is_one_rule;  /* all have the same `rule` */
};

typedef void
sp_rules_tell_slice(const struct sp_lint *lint, struct sp_rules_slice slice);

/* Finds `word` by itself. Finds come call by call; a rule that stands there with the same call
 * and kind is not added again: answers NULL then, or when there is no memory. */
struct sp_rules_find *
sp_rules_add(struct sp_rules_finds *finds, struct sp_rules_find find);

bool
sp_rules_has(const struct sp_rules_finds *finds, const struct sp_rule *rule,
             const struct sp_kb_syscall *call);

void
sp_rules_tell(const struct sp_lint *lint, struct sp_rules_finds *finds,
              sp_rules_tell_slice *tell);

/* The names of a slice between backquotes, each once, at most SP_NAMES_LISTED of them. */
const char *
sp_rules_names(const struct sp_lint *lint, struct sp_rules_slice slice);

/* Where a slice is shown: its first name. */
struct sp_place
sp_rules_place(const struct sp_lint *lint, struct sp_rules_slice slice);

/* Points at the other rules of a slice, the first few of many, each once. */
void
sp_rules_relate(const struct sp_lint *lint, struct sp_diag *diag, struct sp_rules_slice slice,
                const char *text);

/* "ERRNO(EPERM)", for as long as the report lives. */
const char *
sp_rules_verdict(const struct sp_lint *lint, sp_verdict verdict);

/* The call's name in the rule; NULL when it does not stand there. */
const struct sp_word *
sp_rules_word(const struct sp_rule *rule, const struct sp_kb_syscall *call);

/* ---- guards, as the target's engine reads them ---- */

bool
sp_rules_is_guarded(const struct sp_lint *lint, const struct sp_rule *rule);

/* Are they written alike? */
bool
sp_rules_same_guards(const struct sp_rule *left, const struct sp_rule *right);

/* "with CAP_BPF and without CAP_PERFMON, before Linux 4.8"; "" when nothing matters. */
const char *
sp_rules_when(const struct sp_lint *lint, const struct sp_when *when);

#endif
