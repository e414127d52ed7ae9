/* Names that a rule of the linter speaks of, gathered first and told afterwards: few of them
 * get a finding each, many share one that lists them. */
#ifndef SP_LINT_NAMES_FIND_H
#define SP_LINT_NAMES_FIND_H

#include "base/buf.h"
#include "base/vec.h"
#include "lint/lint.h"

#include <stdbool.h>
#include <stddef.h>

/* More findings of one kind in one file than this are one finding. */
enum { SP_NAMES_FEW = 20 };

/* More rules with a find than this do not get a finding each. */
enum { SP_NAMES_FEW_RULES = 4 };

/* The class of finds that are never told together with those of other rules; other classes are
 * smaller. */
enum { SP_NAMES_ALONE = 15 };

/* Edits of one finding; past these, fixing takes another run. */
enum { SP_NAMES_EDITS = 500 };

/* Names that a finding lists before it counts the rest. */
enum { SP_NAMES_LISTED = 8 };

struct sp_names_find {
    const struct sp_rule *rule;
    const struct sp_word *word;
    const struct sp_kb_syscall *call;  /* NULL when the word is none, or where nobody asks */
    unsigned class;                    /* finds of different classes are never told together */
};

/* Finds in the order of the text; the list lives in `arena`. */
struct sp_names_finds {
    struct sp_arena *arena;
    SP_VEC(struct sp_names_find) list;
};

/* A part of them, never empty. */
struct sp_names_slice {
    const struct sp_names_find *at;
    size_t count;
};

typedef void
sp_names_tell_slice(const struct sp_lint *lint, void *user, struct sp_names_slice slice);

void
sp_names_add(struct sp_names_finds *finds, struct sp_names_find find);

/* Tells each find for itself; more than SP_NAMES_FEW of them, each class at once. */
void
sp_names_tell(const struct sp_lint *lint, const struct sp_names_finds *finds,
              sp_names_tell_slice *tell, void *user);

/* Tells the finds of each rule at once; where many rules have some, each class at once, except
 * SP_NAMES_ALONE. */
void
sp_names_tell_rules(const struct sp_lint *lint, const struct sp_names_finds *finds,
                    sp_names_tell_slice *tell, void *user);

/* Tells finds of the same class and text at once, in the order of their first places. */
void
sp_names_tell_texts(const struct sp_lint *lint, const struct sp_names_finds *finds,
                    sp_names_tell_slice *tell, void *user);

/* Tells every name of every rule that `is_wanted` accepts: one find by `one`, many by `many`. */
void
sp_names_tell_words(const struct sp_lint *lint, bool (*is_wanted)(struct sp_str word),
                    void (*one)(const struct sp_lint *lint, const struct sp_names_find *find),
                    void (*many)(const struct sp_lint *lint, struct sp_names_slice slice));

/* False, and the report says so, when work memory ran out and what is in it is not complete. */
bool
sp_names_complete(const struct sp_lint *lint, const struct sp_arena *arena);

/* ---- texts: never NULL ---- */

/* Appends the item of a list; `items` is what the caller gave. */
typedef void
sp_names_item(const struct sp_lint *lint, struct sp_buf *buf, const void *items, size_t index);

/* "a", "a and b", "a, b and c", "a, b and 12 more": at most `max` items, or one more where only
 * that one is left. */
const char *
sp_names_join(const struct sp_lint *lint, const void *items, size_t count, size_t max,
              sp_names_item *item);

/* The names of a slice between backquotes, at most SP_NAMES_LISTED of them. */
const char *
sp_names_list(const struct sp_lint *lint, struct sp_names_slice slice);

/* An item function for arrays of `const char *`: the text between backquotes. */
void
sp_names_quoted(const struct sp_lint *lint, struct sp_buf *buf, const void *texts,
                size_t index);

/* What was written so far, as text that lives as long as the report. */
const char *
sp_names_take(const struct sp_lint *lint, const struct sp_buf *buf);

/* The default action as it is written: "SCMP_ACT_ERRNO"; "" when there is none. */
const char *
sp_names_default(const struct sp_lint *lint);

/* ---- places and questions ---- */

/* Does the name stand in the text?  In the texts of other tools it may come from a group, and in a program
 * there are only numbers: its author did not choose it. */
bool
sp_names_is_written(const struct sp_lint *lint, const struct sp_word *word);

/* The call at a place of a range of sp_kb_indices. */
static inline const struct sp_kb_syscall *
sp_names_member(struct sp_kb_range calls, size_t index)
{
    return &sp_kb_syscalls[sp_kb_indices[calls.first + index]];
}

struct sp_place
sp_names_place(const struct sp_lint *lint, const struct sp_names_find *find);

/* Points at the other places of a slice, the first few of many. */
void
sp_names_relate(const struct sp_lint *lint, struct sp_diag *diag, struct sp_names_slice slice);

/* The same for a slice of several rules; within one rule the list says enough. */
void
sp_names_relate_rules(const struct sp_lint *lint, struct sp_diag *diag,
                      struct sp_names_slice slice);

/* Does the rule name the call? */
bool
sp_names_has(const struct sp_rule *rule, const struct sp_kb_syscall *call);

/* Does the action let the call run? */
bool
sp_names_runs(enum sp_action action);

/* Does the default action let the call run although the rule would not? A name of the rule that
 * is passed over is a hole then. */
bool
sp_names_is_hole(const struct sp_lint *lint, const struct sp_rule *rule);

#endif
