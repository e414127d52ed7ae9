/* What rules of SP_PHASE_MEANING ask: the profile's calls, and what it answers to them in every
 * environment that makes a difference.
 *
 *     static bool
 *     look(const struct sp_lint *lint, const struct sp_lint_view *view, void *user)
 *     {
 *         sp_dd verdicts = sp_lint_verdicts(view, SP_READING_KERNEL);
 *         ...
 *     }
 *     sp_lint_each_view(lint, call, look, user);
 *
 * A rule tells a fault once, with the first view in which it shows: views come with the most common
 * machine and capabilities first. */
#ifndef SP_LINT_MEANING_H
#define SP_LINT_MEANING_H

#include "lint/lint.h"
#include "model/witness.h"
#include "sem/scenes.h"

/* A call that the profile names. */
struct sp_lint_call {
    const struct sp_kb_syscall *call;
    uint16_t row;          /* of sp_kb_syscalls */
    const struct sp_rule **rules;  /* that name it, in listing order, each once */
    size_t rule_count;
    bool has_conditions;   /* some of them look at arguments */
};

struct sp_lint_meaning {
    struct sp_dd_store *store;
    struct sp_target target;   /* the asked one, with the engine that the file is for */
    struct sp_scenes *scenes;
    SP_VEC(struct sp_lint_call) calls;  /* in the order in which they are named first */
};

/* One call on one architecture in one environment. */
struct sp_lint_view {
    const struct sp_lint_call *call;
    struct sp_meaning *meaning;         /* its start is SP_START_FILTER */
    const struct sp_when *when;
    const struct sp_kb_arch *arch;
    const struct sp_arch_call *rules;   /* as libseccomp takes them; NULL when none is left */
    uint32_t nr;
};

/* False when there is no memory. Free the store with sp_lint_meaning_free. */
bool
sp_lint_meaning_make(struct sp_lint *lint);

void
sp_lint_meaning_free(struct sp_lint *lint);

/* Visits the views of a call, until `visit` answers false.  Environments in which the container does
 * not start under a filter are passed over. */
typedef bool
sp_lint_visit(const struct sp_lint *lint, const struct sp_lint_view *view, void *user);

void
sp_lint_each_view(const struct sp_lint *lint, const struct sp_lint_call *call,
                  sp_lint_visit *visit, void *user);

/* The verdicts of the view's call. */
sp_dd
sp_lint_verdicts(const struct sp_lint_view *view, enum sp_reading reading);

/* The condition (leaves 0 and 1) under which a verdict lets the call run: ALLOW and LOG. */
sp_dd
sp_lint_runs(const struct sp_lint *lint, sp_dd verdicts);

/* A witness for a finding: this call with these arguments gets `got`.  Lives as long as the report;
 * NULL when there is no memory. */
struct sp_witness *
sp_lint_witness(const struct sp_lint *lint, const struct sp_lint_view *view,
                const uint64_t args[SP_ARGS], sp_verdict got);

/* The rule that decides about these arguments, or NULL when none does. */
const struct sp_rule *
sp_lint_decider(const struct sp_lint_view *view, const uint64_t args[SP_ARGS]);

/* The condition of a rule that looks at an argument, or NULL. */
const struct sp_condition *
sp_lint_condition_on(const struct sp_rule *rule, unsigned arg);

/* After all rules: tells, under SP414, of calls to which the filter answers otherwise than the rules
 * say, where no finding has shown such a call. */
void
sp_lint_tell_rest(const struct sp_lint *lint);

#endif
