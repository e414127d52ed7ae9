/* What rules about arguments share: walking over the rules of a profile where they take part
 * in a filter, and gathering what they find, so that one fault is told once, with all calls
 * that have it. */
#ifndef SP_LINT_ARGS_FIND_H
#define SP_LINT_ARGS_FIND_H

#include "lint/meaning.h"
#include "lint/names_arches.h"

/* ---- where rules with conditions take part ---- */

/* One rule of the profile in one view: libseccomp takes at least one rule that comes from
 * it. */
struct sp_args_use {
    const struct sp_lint_view *view;
    const struct sp_rule *rule;
};

typedef void
sp_args_visit(const struct sp_lint *lint, const struct sp_args_use *use, void *user);

/* Visits every rule with conditions that `wants` accepts (NULL: all), call by call, in every
 * view in which it takes part. */
void
sp_args_each_use(const struct sp_lint *lint, bool (*wants)(const struct sp_rule *rule),
                 sp_args_visit *visit, void *user);

/* Can a runtime read the condition?  SP1xx and SP409 speak of the others. */
bool
sp_args_is_readable(const struct sp_condition *condition);

/* One condition as the view's architecture compares it, and as it is written: in full width,
 * upper halves of 32-bit registers 0. It must be readable. */
sp_dd
sp_args_compared(const struct sp_lint_view *view, const struct sp_condition *condition);

sp_dd
sp_args_written(const struct sp_lint_view *view, const struct sp_condition *condition);

/* All conditions of a rule, as they are written; never where one is not readable. */
sp_dd
sp_args_all_written(const struct sp_lint_view *view, const struct sp_rule *rule);

/* All of a rule's conditions but one, as the view's architecture compares them. */
sp_dd
sp_args_others_compared(const struct sp_lint_view *view, const struct sp_rule *rule,
                        const struct sp_condition *but);

/* ---- finds ---- */

struct sp_args_find {
    const struct sp_rule *rule;
    const struct sp_condition *condition;  /* NULL: the rule as a whole */
    unsigned class;                        /* finds of different ones are told apart */
    SP_VEC(const struct sp_kb_syscall *) calls;
    sp_arch_set arches;
    struct sp_witness *witness;            /* of the first view */
    unsigned args;                         /* for the rule: a set of arguments */
    uint64_t value;                        /* for the rule */
};

/* In the order in which they were found; the list lives in `arena`. */
struct sp_args_finds {
    struct sp_arena *arena;
    SP_VEC(struct sp_args_find *) list;
};

struct sp_args_find *
sp_args_known(const struct sp_args_finds *finds, const struct sp_rule *rule,
              const struct sp_condition *condition, unsigned class);

/* The find, made where it is not known, with the view's call and architecture; NULL when
 * there is no memory. */
struct sp_args_find *
sp_args_note(struct sp_args_finds *finds, const struct sp_lint_view *view,
             const struct sp_rule *rule, const struct sp_condition *condition, unsigned class);

typedef void
sp_args_tell(const struct sp_lint *lint, const struct sp_args_find *find);

/* Tells every find, or says that memory ran out. */
void
sp_args_tell_all(const struct sp_lint *lint, const struct sp_args_finds *finds,
                 sp_args_tell *tell);

/* ---- witnesses ---- */

/* The call with these arguments and what the kernel answers; NULL where that is undecided. */
struct sp_witness *
sp_args_witness(const struct sp_lint *lint, const struct sp_lint_view *view,
                const uint64_t args[SP_ARGS]);

/* Puts a verdict beside the witness's: what is said in `is` ("as written"). */
void
sp_args_instead(struct sp_witness *witness, sp_verdict instead, const char *is);

/* Arguments within `where` for which the filter answers something else than the profile
 * says; false when there are none. */
bool
sp_args_differ(const struct sp_lint *lint, const struct sp_lint_view *view, sp_dd where,
               uint64_t ret_args[SP_ARGS]);

/* A witness for such arguments: what is answered against what is written. */
struct sp_witness *
sp_args_against_written(const struct sp_lint *lint, const struct sp_lint_view *view,
                        const uint64_t args[SP_ARGS]);

/* ---- places and texts ---- */

/* The value of a condition, or the condition. */
struct sp_place
sp_args_place(const struct sp_lint *lint, const struct sp_condition *condition);

/* The index of a condition, or the condition. */
struct sp_place
sp_args_place_index(const struct sp_lint *lint, const struct sp_condition *condition);

/* The list of conditions of a rule. */
struct sp_place
sp_args_place_rule(const struct sp_lint *lint, const struct sp_rule *rule);

/* The name of a call in a rule, or the rule. */
struct sp_place
sp_args_place_name(const struct sp_lint *lint, const struct sp_rule *rule,
                   const struct sp_kb_syscall *call);

/* The index of a condition that sp_args_is_readable. */
static inline unsigned
sp_args_index(const struct sp_condition *condition)
{
    return (unsigned)condition->index.value;
}

/* What is known of an argument, or NULL. */
const struct sp_kb_arg *
sp_args_kb(const struct sp_kb_syscall *call, unsigned arg);

/* "`socket`, `bind` and 3 more" */
const char *
sp_args_calls(const struct sp_lint *lint, const struct sp_args_find *find);

/* "argument 0 (domain)" */
const char *
sp_args_name(const struct sp_lint *lint, const struct sp_kb_syscall *call, unsigned arg);

/* "SCMP_CMP_EQ" */
const char *
sp_args_operator(const struct sp_condition *condition);

/* "x86, arm and 2 more" */
const char *
sp_args_arches(const struct sp_lint *lint, sp_arch_set set);

/* "socket(AF_UNIX, 1, 0)" */
const char *
sp_args_call_text(const struct sp_lint *lint, const struct sp_kb_syscall *call,
                  const uint64_t args[SP_ARGS]);

/* Visits the views of every call with conditions, and tells what was noted; `visit` is given the finds
 * as `user`. */
void
sp_args_check_calls(const struct sp_lint *lint, sp_lint_visit *visit, sp_args_tell *tell);

#endif
